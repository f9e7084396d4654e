"""A run measured against a known mapping: how often right, how often silent, how honest about it.

Every share comes with its Wilson 95 % interval (E. B. Wilson, JASA 22, 1927).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError, Problem
from codemerge.model import Relationship, Status
from codemerge.rules.columns import FACET
from codemerge.rules.page import Entity
from codemerge.rules.words import say

_COLUMNS = ("left_region", "left", "right_region", "right")
_BINS = (0.0, 0.02, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
_KEY = ["region_l", "code_l", "region_r", "code_r"]
_PICKED = (Status.ACCEPTED.value, Status.AUTO.value, Status.REVIEW.value)


class Share(NamedTuple):
    """``right`` of ``of``, as a share with its 95 % interval; nothing measured is all zero."""

    right: int
    of: int
    share: float
    low: float
    high: float


class Bin(NamedTuple):
    """One row of the reliability table: mappings said with this confidence, and how many were right."""

    low: float
    high: float
    mappings: int
    said: float
    right: float


@dataclass(frozen=True)
class Evaluation:
    """What a run got right.

    Args:
        entity: measured entity.
        top1, top5: records whose true counterpart is the one picked (or ranked first), or among
            the first five; of records that have a counterpart.
        precision, recall: picked mappings that are true; true pairs that are picked.
        automatic: automatic mappings that are true.
        coverage: records with a counterpart that got it automatically.
        relationship: true pairs whose relationship was told right.
        none_right: records without counterpart that were left without an automatic one.
        wrong_automatic, wrong_picked: per facet, wrong mappings whose record differs there from
            the true one (side, method, contrast …).
        reliability: confidence said of picked pairs against the share of them that belong together
            (in whatever relationship the truth says).
        unknown_codes: records the truth names that the run doesn't hold.
    """

    entity: str
    top1: Share
    top5: Share
    precision: Share
    recall: Share
    automatic: Share
    coverage: Share
    relationship: Share
    none_right: Share
    wrong_automatic: dict[str, int]
    wrong_picked: dict[str, int]
    reliability: tuple[Bin, ...]
    unknown_codes: int


def share(right: int, of: int) -> Share:
    """Return a share with its Wilson interval at 95 %."""
    if not of:
        return Share(0, 0, 0.0, 0.0, 0.0)
    z, p = 1.959964, right / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5 / (1 + z * z / of)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Share(right, of, round(p, 6), round(low, 6), round(high, 6))


def read_truth(path: Path, run: RunTables, entity: Entity) -> pl.DataFrame:
    """Read a truth file.

    Args:
        path: CSV ``left_region,left,right_region,right[,relationship]``; an empty ``right`` is a
            record without counterpart.
        run: the run to measure; its regions are the ones that may be named.
        entity: the page measured.

    Returns:
        ``region_l, code_l, region_r, code_r, relationship, known`` in the project's order of
        regions; ``known``: the run holds the records.

    Raises:
        BadInputError: the file can't be read, a column is missing, or a row is wrong; all of them.
    """
    problems: list[Problem] = []
    rows: list[tuple[str, ...]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count))
            missing = [c for c in _COLUMNS if c not in (reader.fieldnames or [])]
            problems += [
                Problem("truth.no_column", path.name, 1, c, {"found": head.strip()[:80]}) for c in missing
            ]
            for line, row in enumerate(reader if not missing else [], start=2):
                problems += _wrong(row, path.name, line, run)
                rows.append(tuple((row.get(c) or "") for c in (*_COLUMNS, "relationship")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem("truth.unreadable", path.name, values={"found": type(error).__name__}))
    if problems:
        raise BadInputError(problems)
    return _oriented(rows, run, entity)


def _wrong(row: dict[str, str | None], file: str, line: int, run: RunTables) -> Iterable[Problem]:
    known = run.project.regions
    for column in ("left_region", "right_region"):
        if row[column] not in known:
            yield Problem(
                "truth.unknown_region",
                file,
                line,
                column,
                {"found": row[column], "expected": ", ".join(known)},
            )
    if row["left_region"] == row["right_region"]:
        yield Problem("truth.same_region", file, line, "right_region", {"found": row["right_region"]})
    if not row["left"]:
        yield Problem("truth.no_left", file, line, "left")
    said = row.get("relationship") or Relationship.EQUIVALENT.value
    if said not in {r.value for r in Relationship}:
        expected = ", ".join(r.value for r in Relationship)
        yield Problem(
            "truth.unknown_relationship", file, line, "relationship", {"found": said, "expected": expected}
        )


def _oriented(rows: list[tuple[str, ...]], run: RunTables, entity: Entity) -> pl.DataFrame:
    order = {region: n for n, region in enumerate(run.project.regions)}
    inverse = {r.value: r.inverse().value for r in Relationship}
    turned = []
    for left_region, left, right_region, right, said in rows:
        relationship = said or Relationship.EQUIVALENT.value
        if order[left_region] <= order[right_region]:
            turned.append((left_region, left, right_region, right, relationship))
        else:
            turned.append((right_region, right, left_region, left, inverse[relationship]))
    names = [*_KEY, "relationship"]
    frame = pl.DataFrame(turned, schema=dict.fromkeys(names, pl.String), orient="row").unique(
        maintain_order=True
    )
    held = run.records[entity.id].select("region", "code").unique().with_columns(k=True)
    for side in ("l", "r"):
        frame = frame.join(
            held.rename({"region": f"region_{side}", "code": f"code_{side}", "k": f"k_{side}"}),
            on=[f"region_{side}", f"code_{side}"], how="left", maintain_order="left",
        )  # fmt: skip
    known = [pl.col(f"k_{side}").fill_null(value=False) | (pl.col(f"code_{side}") == "") for side in "lr"]
    return frame.with_columns(known=known[0] & known[1]).select(*names, "known")


def evaluate(run: RunTables, entity: Entity, truth: pl.DataFrame) -> Evaluation:
    """Measure one entity of a run.

    Args:
        run: the finished run.
        entity: its page.
        truth: what `read_truth` returned.
    """
    known = truth.filter("known")
    same = known.filter(
        (pl.col("relationship") == Relationship.EQUIVALENT.value)
        & (pl.col("code_l") != "")
        & (pl.col("code_r") != "")
    )
    pairs = known.filter((pl.col("code_l") != "") & (pl.col("code_r") != ""))
    own = run.mappings.filter(
        (pl.col("entity") == entity.id) & (pl.col("code_l") != "") & (pl.col("code_r") != "")
    )
    belong = pairs.filter(pl.col("relationship") != Relationship.NOT_RELATED.value)
    marked = (
        own.join(same.select(_KEY, true=True), on=_KEY, how="left")
        .join(belong.select(_KEY, belongs=True).unique(), on=_KEY, how="left")
        .with_columns(pl.col("true", "belongs").fill_null(value=False))
    )
    marked = marked.with_columns(pl.col("status").is_in(_PICKED).alias("picked"))
    asked = same.select("region_l", "code_l", "region_r").unique()
    judged = pl.concat([known.select("region_l", "code_l", "region_r")]).unique()
    mine = marked.join(judged, on=["region_l", "code_l", "region_r"], how="semi")
    equal = pl.col("relationship") == Relationship.EQUIVALENT.value
    picked, automatic = (
        mine.filter(pl.col("picked") & equal),
        mine.filter(pl.col("status") == Status.AUTO.value),
    )
    first = (
        mine.join(asked, on=["region_l", "code_l", "region_r"], how="semi")
        .sort(~pl.col("picked"), pl.col("rank"), "code_r")
        .group_by("region_l", "code_l", "region_r", maintain_order=True)
    )
    top1 = int(first.agg(pl.col("true").first())["true"].sum())
    top5 = int(first.agg((pl.col("true") & (pl.col("picked") | (pl.col("rank") <= 5))).any())["true"].sum())
    told = pairs.join(own.select(*_KEY, told="relationship"), on=_KEY, how="left")
    alone = known.filter((pl.col("code_l") == "") | (pl.col("code_r") == ""))
    return Evaluation(
        entity=entity.id,
        top1=share(top1, asked.height),
        top5=share(top5, asked.height),
        precision=share(int(picked["true"].sum()), picked.height),
        recall=share(int(picked["true"].sum()), same.height),
        automatic=share(int(automatic["true"].sum()), automatic.height),
        coverage=share(
            automatic.filter("true").select("region_l", "code_l", "region_r").unique().height, asked.height
        ),
        relationship=share(told.filter(pl.col("told") == pl.col("relationship")).height, pairs.height),
        none_right=share(alone.height - _taken(alone, own), alone.height),
        wrong_automatic=_differing(automatic.filter(~pl.col("true")), same, run, entity),
        wrong_picked=_differing(picked.filter(~pl.col("true")), same, run, entity),
        reliability=_reliability(mine.filter("picked")),
        unknown_codes=truth.height - known.height,
    )


def _taken(alone: pl.DataFrame, own: pl.DataFrame) -> int:
    """Count records without counterpart that were given one automatically."""
    automatic = own.filter(pl.col("status") == Status.AUTO.value)
    left = alone.filter(pl.col("code_r") == "").join(
        automatic, on=["region_l", "code_l", "region_r"], how="semi"
    )
    right = alone.filter(pl.col("code_l") == "").join(
        automatic, on=["region_r", "code_r", "region_l"], how="semi"
    )
    return left.height + right.height


def _differing(wrong: pl.DataFrame, same: pl.DataFrame, run: RunTables, entity: Entity) -> dict[str, int]:
    """Count, per facet, wrong picks that differ there from the true counterpart (or from the left record)."""
    records = run.records[entity.id]
    facets = [c for c in records.columns if c.startswith(FACET)]
    if wrong.is_empty() or not facets:
        return {}
    said = records.select("region", "code", *(pl.col(c).list.join("+").fill_null("") for c in facets)).unique(
        ["region", "code"]
    )
    true = same.select("region_l", "code_l", "region_r", truth="code_r").unique(
        ["region_l", "code_l", "region_r"]
    )
    both = wrong.select(_KEY).join(true, on=["region_l", "code_l", "region_r"], how="inner")
    both = both.join(said, left_on=["region_r", "code_r"], right_on=["region", "code"]).join(
        said, left_on=["region_r", "truth"], right_on=["region", "code"], suffix="_true"
    )
    counts = {c.removeprefix(FACET): int((both[c] != both[f"{c}_true"]).sum()) for c in facets}
    return {facet: n for facet, n in counts.items() if n}


def _reliability(picked: pl.DataFrame) -> tuple[Bin, ...]:
    rows = []
    for low, high in pairwise(_BINS):
        last = high == _BINS[-1]
        inside = picked.filter(
            (pl.col("confidence") >= low)
            & ((pl.col("confidence") < high) | (pl.lit(last) & (pl.col("confidence") <= high)))
        )
        if inside.height:
            said, right = inside.select(pl.col("confidence").mean(), pl.col("belongs").mean()).row(0)
            rows.append(Bin(low, high, inside.height, round(said, 6), round(right, 6)))
    return tuple(rows)


def said(measured: Evaluation, language: str) -> str:
    """Write the figures for people, in their language."""
    names = ("top1", "top5", "precision", "recall", "automatic", "coverage", "relationship", "none_right")
    lines = [say("evaluate.title", language, entity=measured.entity)]
    for name in names:
        found: Share = getattr(measured, name)
        if found.of:
            figures = {
                key: _percent(value, language)
                for key, value in found._asdict().items()
                if key in {"share", "low", "high"}
            }
            label = say(f"evaluate.{name}", language)
            lines.append(
                say(
                    "evaluate.share",
                    language,
                    label=f"{label:<42}",
                    right=found.right,
                    of=found.of,
                    **figures,
                )
            )
    for name in ("wrong_automatic", "wrong_picked"):
        counts: dict[str, int] = getattr(measured, name)
        listed = ", ".join(f"{facet} {n}" for facet, n in counts.items()) or say("evaluate.none", language)
        lines.append(say(f"evaluate.{name}", language, facets=listed))
    if measured.unknown_codes:
        lines.append(say("evaluate.unknown", language, count=measured.unknown_codes))
    lines.append(say("evaluate.reliability", language))
    for b in measured.reliability:
        row = {k: _percent(getattr(b, k), language) for k in ("low", "high", "said", "right")}
        lines.append(say("evaluate.bin", language, mappings=b.mappings, **row))
    return "\n".join(lines)


def _percent(value: float, language: str) -> str:
    text = f"{100 * value:5.1f}"
    return f"{text}%" if language == "en" else f"{text.replace('.', ',')} %"
