"""Writes full-size catalogs in each region's house style, with project file, truth and seeded conflicts."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path
from typing import Literal

import polars as pl
from draw import STYLES, Frames, Region
from styles import DATES, DECIMALS, Sheet, Style, read_styles

HERE = Path(__file__).parent
HOUSE = read_styles(HERE / "styles.toml")
WORDED = {"status", "signs", "shared", "protected", "mobile", "bookable", "asks_side", "administers", "kind"}
MANY = 4
TRUTH = ["left_region", "left", "right_region", "right", "relationship"]
SAME = {
    "exam": "concept",
    "user": "person",
    "unit": "kin",
    "section": "kind",
    "role": "kind",
    "priority": "kind",
}


def writes(region: Region, entity: str, name: str) -> bool:
    """Return whether a region's exports have a field."""
    return any(name == field for _, field in HOUSE[STYLES[region.style]].sheets[entity].columns)


def as_written(frame: pl.DataFrame, style: Style, sheet: Sheet) -> pl.DataFrame:
    """Return the rows under the region's headers and in its words, dates and decimals."""
    columns = []
    for header, name in sheet.columns:
        if name.startswith("!"):
            column = pl.lit(name[1:])
        elif name not in frame.columns:
            column = pl.lit("")
        else:
            column = pl.col(name).cast(pl.String)
        if name in WORDED:
            column = column.replace(style.words)
        elif name in DATES and style.compact_dates:
            column = column.str.replace_all("-", "", literal=True)
        elif name in DECIMALS:
            column = column.str.replace(".", style.decimal, literal=True)
        columns.append(column.alias(header))
    return frame.select(columns).with_columns(pl.when(pl.all() != "").then(pl.all()))


def save_csv(path: Path, frame: pl.DataFrame, style: Style, sheet: Sheet) -> None:
    """Write a text export in the region's encoding, with the lines around the table."""
    out = io.BytesIO()
    out.write("".join(f"{line}\r\n" for line in sheet.above).encode())
    frame.write_csv(out, separator=sheet.delimiter or style.delimiter, line_terminator="\r\n")
    if below := sheet.below or style.below:
        out.write((below.format(rows=frame.height) + "\r\n").encode())
    if style.encoding == "utf-16":
        path.write_bytes(b"\xff\xfe" + out.getvalue().decode().encode("utf-16-le"))
    else:
        path.write_bytes(out.getvalue().decode().encode(style.encoding))


def truth(frames: Frames, regions: list[Region], entity: str, untrue: set[str]) -> pl.DataFrame:
    """Return every pair of records that are the same, and on either side those without counterpart.

    The latter are left out where there are many regions: they would be millions of rows.

    Args:
        frames: sound catalogs, before conflicts were seeded.
        regions: in the project's order.
        entity: which.
        untrue: records (``REGION:CODE``) that a seeded conflict has spoiled.
    """
    same, found = SAME[entity], []
    alone: Literal["left", "inner"] = "left" if len(regions) <= MANY else "inner"
    for left, right in combinations(regions, 2):
        one, two = (frames[entity][region.id].select("code", same) for region in (left, right))
        turns = [(left, one, right, two, alone)]
        if alone == "left":
            turns.append((right, two.join(one, on=same, how="anti"), left, one, alone))
        for region, rows, other, others, how in turns:
            pairs = rows.rename({"code": "left"}).join(others.rename({"code": "right"}), on=same, how=how)
            found.append(pairs.with_columns(left_region=pl.lit(region.id), right_region=pl.lit(other.id)))
    table = pl.concat(found).with_columns(
        pl.col("right").fill_null(""),
        relationship=pl.when(pl.col("right").is_null()).then(pl.lit("")).otherwise(pl.lit("equivalent")),
    )
    spoiled = [pl.format("{}:{}", f"{side}_region", side).is_in(sorted(untrue)) for side in ("left", "right")]
    return table.filter(~pl.any_horizontal(spoiled)).select(TRUTH).sort(TRUTH[:4])


def project(regions: list[Region], sources: list[tuple[Region, str, str]]) -> str:
    """Return a project file for the catalogs."""
    listed = ", ".join(f'"{region.id}"' for region in regions)
    out = ['name     = "Synthetic full-size catalogs"', 'language = "sv"', f"regions  = [{listed}]", ""]
    for region in regions:
        out += [f'[region."{region.id}"]', f'title  = "Synthetic {region.id}"', f'org    = "{region.dashed}"']
        out.append(f'prefix = "{region.short}"')
        out += ['defaults = { contrast = "without" }'] if region.default else []
        out.append("")
    for region, entity, path in sources:
        out += ["[[source]]", f'region = "{region.id}"', f'entity = "{entity}"', f'path   = "{path}"', ""]
    return "\n".join(out)


def write(folder: Path, frames: Frames, regions: list[Region], kind: str) -> None:
    """Write the catalogs as ``csv`` or ``parquet``, and the project file."""
    sources = []
    for region in regions:
        style = HOUSE[STYLES[region.style]]
        for entity in style.sheets:
            if entity not in frames or region.id not in frames[entity]:
                continue
            sheet, path = style.sheets[entity], f"{region.short.lower()}/{entity}.{kind}"
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            rows = as_written(frames[entity][region.id], style, sheet)
            if kind == "parquet":
                rows.write_parquet(folder / path)
            else:
                save_csv(folder / path, rows, style, sheet)
            sources.append((region, entity, path))
    (folder / "codemerge.toml").write_text(project(regions, sources), encoding="utf-8")
