"""The crosswalk as an archive needs it: one answer per region and code, or why there is none.

A performed code is a medical record. Recoding never replaces it and never guesses: a code that
became several is answered only where the archive carries the condition that chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from codemerge.library.conditions import parse_condition
from codemerge.model import Carried, Relationship


class Recoded(StrEnum):
    """What became of one row of the archive."""

    RECODED = "recoded"
    SPLIT = "split"  # became several codes; the archive doesn't carry what chooses
    WITHHELD = "withheld"
    RETIRED = "retired"
    UNKNOWN = "unknown"  # the region's catalog has no such code


ONE = "one"
# Added beside what the archive holds.
ADDED = ("combined_code", "combined_relationship", "recode_status", "crosswalk_version")


@dataclass(frozen=True)
class RecodeMap:
    """What to join an archive with.

    Args:
        whole: ``region, code, combined_code, combined_relationship, recode_status``; region and
            code are a key.
        parts: attributes of a condition → ``region, code``, one column per attribute,
            ``combined_code, combined_relationship``; region, code and attributes are a key.
    """

    whole: pl.DataFrame
    parts: dict[tuple[str, ...], pl.DataFrame]


def recode_map(crosswalk: pl.DataFrame, entity: str) -> RecodeMap:
    """Make the joins of an archive from a crosswalk.

    Args:
        crosswalk: CROSSWALK.
        entity: whose codes the archive holds.
    """
    rows = crosswalk.filter((pl.col("entity") == entity) & (pl.col("code") != ""))
    part = pl.col("group").fill_null("") != ""
    own = rows.filter(~part & (pl.col("relationship") == Relationship.EQUIVALENT))
    split = rows.filter(part & pl.col("combined_code").is_not_null())
    one = pl.col("combined_code").n_unique() == 1
    answered = (
        own.group_by("region", "code")
        .agg(
            pl.when(one).then(pl.col("combined_code").first()).alias("combined_code"),
            pl.col("status").sort().first(),
        )
        .with_columns(recode_status=_status())
    )
    several = split.select("region", "code").unique().with_columns(recode_status=pl.lit(Recoded.SPLIT.value))
    lost = (
        rows.filter(part)
        .select("region", "code")
        .unique()
        .with_columns(recode_status=pl.lit(Recoded.WITHHELD.value))
    )
    whole = (
        pl.concat([several, answered, lost], how="diagonal")
        .unique(["region", "code"], keep="first", maintain_order=True)
        .with_columns(
            combined_relationship=pl.when(pl.col("combined_code").is_not_null()).then(
                pl.lit(Relationship.EQUIVALENT.value)
            )
        )
    )
    columns = ["region", "code", "combined_code", "combined_relationship", "recode_status"]
    return RecodeMap(whole.select(columns).sort("region", "code"), _parts(split))


def _status() -> pl.Expr:
    return (
        pl.when(pl.col("combined_code").is_not_null())
        .then(pl.lit(Recoded.RECODED.value))
        .when(pl.col("status") == Carried.RETIRED)
        .then(pl.lit(Recoded.RETIRED.value))
        .otherwise(pl.lit(Recoded.WITHHELD.value))
    )


def _parts(split: pl.DataFrame) -> dict[tuple[str, ...], pl.DataFrame]:
    """Group the parts of which one applies by the attributes that choose; a doubtful choice is left out."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in split.filter(pl.col("combine") == ONE).iter_rows(named=True):
        said = dict(parse_condition(row["condition"]))
        if said:
            values = {name: said[name] for name in sorted(said)}
            answer = {k: row[k] for k in ("region", "code", "combined_code")}
            found.setdefault(tuple(values), []).append(
                {**answer, "combined_relationship": row["relationship"], **values}
            )
    out = {}
    for attributes, rows in sorted(found.items()):
        key = ["region", "code", *attributes]
        frame = pl.DataFrame(rows).unique(maintain_order=True)
        out[attributes] = frame.unique(key, keep="none").sort(key)
    return out
