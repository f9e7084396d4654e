"""Full-size exam catalogs: every examination the grid can say, and each region's choice and wording."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from draw import Region, days, text, volumes

HERE = Path(__file__).parent
COMMON = {"without": 1.0, "with": 0.9, "both": 0.15, "": 1.0}
SECTIONS = 10
WORDINGS = 3
KVA_LETTERS = {"CT": "AF", "MR": "AG", "DX": "AH", "US": "AK", "GUIDED_US": "AP", "GUIDED_CT": "AP"}
GUIDES = {"GUIDED_US": "ultraljudsledd", "GUIDED_CT": "DT-ledd"}


def grid() -> dict[str, Any]:
    """Return methods, contrasts, sides and extras with their words."""
    return tomllib.loads((HERE / "grid.toml").read_text(encoding="utf-8"))


def parts() -> pl.DataFrame:
    """Return the body parts with the words of three kinds of regions."""
    return pl.read_csv(HERE / "grid_parts.psv", separator="|", comment_prefix="#")


def universe(rng: np.random.Generator, wanted: int) -> pl.DataFrame:
    """Return every examination that can be told apart, one row each.

    Args:
        rng: the catalogs' generator.
        wanted: at least so many; local protocols are numbered on until there are enough.

    Returns:
        concept, method, part, side, contrast, extra, protocol, weight, and number and base (the
        same for both sides) within the method.
    """
    said = grid()
    frames = []
    for method, about in said["method"].items():
        places = parts().filter(pl.col("in").str.contains(about["parts"]))
        sides = pl.DataFrame({"paired": ["n", "y", "y"], "side": ["", "R", "L"]})
        rows = places.select("part", "paired").join(sides, on="paired", maintain_order="left").drop("paired")
        for name, values in (("contrast", about["contrast"]), ("extra", about["extra"])):
            rows = rows.join(pl.DataFrame({name: values}), how="cross", maintain_order="left")
        frames.append(rows.with_columns(method=pl.lit(method), use=pl.lit(about["use"])))
    rows = pl.concat(frames)
    copies = -(-wanted // rows.height)
    rows = rows.join(pl.DataFrame({"protocol": range(copies)}), how="cross", maintain_order="left")
    same = ["method", "part", "contrast", "extra", "protocol"]
    number = pl.int_range(pl.len()).over("method")
    weight = (
        pl.col("use")
        * pl.col("contrast").replace_strict(COMMON, return_dtype=pl.Float64)
        * pl.when(pl.col("extra") == "").then(1.0).otherwise(0.06)
        * pl.when(pl.col("protocol") == 0).then(1.0).otherwise(0.02)
    )
    return rows.with_columns(
        weight=weight * pl.Series(rng.lognormal(0, 1.5, rows.height)),
        number=number,
        base=pl.struct(same).rank("dense").over("method") - 1,
    ).with_row_index("concept")


def _words(name: str, table: dict[str, list[str]], style: int) -> pl.Expr:
    """Return the region's word for each value of a column; null where nothing is said."""
    words = {value: said[style] or None for value, said in table.items()}
    return pl.col(name).replace_strict(words, default=None, return_dtype=pl.String)


def codes(style: int) -> pl.Expr:
    """Return the code of a concept in one of three families; within a family a code means one thing only."""
    said = grid()["method"]
    digit = pl.col("method").replace_strict({m: a["digit"] for m, a in said.items()}, return_dtype=pl.String)
    letter = pl.col("method").replace_strict(
        {m: a["letter"] for m, a in said.items()}, return_dtype=pl.String
    )
    number = pl.col("number").cast(pl.String).str.zfill(4)
    base = pl.col("base").cast(pl.String).str.zfill(4)
    side = pl.col("side").replace({"R": "D", "L": "S"})
    return [digit + number, digit + base + pl.lit("0") + side, letter + number][style]


def labels(region: Region) -> dict[str, pl.Expr]:
    """Return the region's name of each concept, and the columns that say what the name leaves out."""
    said, style = grid(), region.style
    about = parts()
    column = ("swedish", "latin", "other")[style]
    part = pl.col("part").replace_strict(
        dict(zip(about["part"], about[column], strict=True)), return_dtype=pl.String
    )
    method = _words("method", {m: a["words"] for m, a in said["method"].items()}, style)
    side, extra = _words("side", said["side"], style), _words("extra", said["extra"], style)
    contrast = _words("contrast", said["contrast"], style)
    if region.default:
        contrast = pl.when(pl.col("contrast") == "without").then(None).otherwise(contrast)
    protocol = pl.when(pl.col("protocol") > 0).then(pl.format("protokoll {}", pl.col("protocol")))
    guided = pl.col("method").str.starts_with("GUIDED")
    if style == 0:
        order = [
            method,
            pl.when(guided).then(extra),
            part,
            side,
            pl.when(~guided).then(extra),
            contrast,
            protocol,
        ]
    elif style == 1:
        order = [method, part, extra, contrast, side, protocol.str.to_uppercase()]
    else:
        guide = pl.col("method").replace_strict(GUIDES, default=None, return_dtype=pl.String)
        order = [part + pl.lit(","), guide, extra, contrast, protocol]
    label = pl.concat_str(order, separator=" ", ignore_nulls=True).str.strip_chars(" ,")
    if style == 1:
        label = label.str.slice(0, 40).str.strip_chars()
    return {"label": label, "modality": method, "side": side.fill_null("")}


def region_exams(world: pl.DataFrame, region: Region, rng: np.random.Generator) -> pl.DataFrame:
    """Return a region's exam rows: its choice of the world's concepts, in its own codes and words.

    Returns:
        The fields of the exam page, and ``concept``, which only the truth uses.
    """
    size = region.sizes["exam"]
    liking = np.log(world["weight"].to_numpy()) * 0.6 + rng.normal(0, 1.0, world.height)
    chosen = world[np.sort(np.argsort(-liking)[:size])]
    retired = rng.random(size) < 0.15 * (chosen["weight"].to_numpy() < np.median(chosen["weight"].to_numpy()))
    volume = np.where(retired, 0, volumes(rng, chosen["weight"].to_numpy(), 150 * size))
    said = labels(region)
    minutes = (chosen["concept"].to_numpy() * 7919) % 9 * 5 + 10
    spaced = pl.Series(rng.random(size) < 0.01)
    label = pl.when(pl.lit(spaced)).then(said["label"].str.replace(" ", "  ")).otherwise(said["label"])
    letters = pl.col("method").replace_strict(KVA_LETTERS, return_dtype=pl.String)
    used = (
        pl.when(pl.lit(pl.Series(volume > 0)))
        .then(pl.lit(days(rng, "2026-01-01", "2026-09-30", size)))
        .otherwise(pl.lit(""))
    )
    number = pl.col("part").rank("dense").cast(pl.Int64) * 37
    return chosen.select(
        code=codes(region.style),
        label=label,
        modality=said["modality"],
        side=said["side"],
        section=pl.format("{}S{}", pl.lit(region.short), number % SECTIONS),
        kva=letters + (number % 1000).cast(pl.String).str.zfill(3),
        dosreg=pl.format("DT{}", (number % 13 + 1).cast(pl.String).str.zfill(2)),
        duration=pl.lit(text(minutes)),
        weight=pl.lit(pl.Series(minutes / 20.0).round(2).cast(pl.String)),
        status=pl.lit(pl.Series(np.where(retired, "retired", "active"))),
        valid_from=pl.lit(days(rng, "1998-01-01", "2020-12-31", size)),
        valid_to=pl.when(pl.lit(pl.Series(retired))).then(pl.lit("2023-12-31")).otherwise(pl.lit("")),
        annual_volume=pl.lit(text(volume)),
        last_used=used,
        open_orders=pl.lit(text(volume // 150)),
        bookings=pl.lit(text(volume // 60)),
        method="method",
        concept="concept",
    )
