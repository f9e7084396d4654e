"""The column contract of every table, in one place.

A frame that leaves a stage or a file door passes through `conform`, which selects, casts and
sorts by the contract: same content, same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

TEXT, WHOLE, FLOAT, FLAG, TEXTS = pl.String, pl.Int64, pl.Float64, pl.Boolean, pl.List(pl.String)

# The waterfalls are the largest thing a run holds: in memory their few distinct words are numbers.
_STEP = pl.Categorical(pl.Categories("step", namespace="codemerge", physical=pl.UInt16))
_SAID = pl.Categorical(pl.Categories("said", namespace="codemerge", physical=pl.UInt32))
EVIDENCE = pl.List(
    pl.Struct({"field": _STEP, "level": _STEP, "weight": pl.Float32, "left": _SAID, "right": _SAID})
)
_TOLD = pl.List(pl.Struct({"field": TEXT, "level": TEXT, "weight": FLOAT, "left": TEXT, "right": TEXT}))
SPANS = pl.List(pl.Struct({"start": pl.Int32, "end": pl.Int32, "word": TEXT, "facet": TEXT, "concept": TEXT}))


@dataclass(frozen=True, slots=True)
class Contract:
    """Columns of a table in order, with types, and the columns that sort it."""

    columns: dict[str, pl.DataType | type[pl.DataType]]
    sort: tuple[str, ...]

    def empty(self) -> pl.DataFrame:
        """Return a frame with the columns and no row."""
        return pl.DataFrame(schema=self.columns)


def conform(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Bring a frame to its contract: missing columns become null, the rest are cast and ordered.

    Args:
        frame: any frame holding a subset or superset of the contract's columns.
        contract: the columns wanted; others are dropped.

    Returns:
        The contract's columns in its order, floats rounded to 6 decimals, sorted by its keys and
        then by every other scalar column, so that row order never depends on how rows arrived.
    """
    exprs = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in contract.columns.items()
    ]
    out = frame.select(exprs).with_columns(pl.col(pl.Float64).round(6))
    if in_order(out, contract.sort):
        return out
    rest = [
        name
        for name, kind in contract.columns.items()
        if name not in contract.sort and not isinstance(kind, pl.List)
    ]
    return out.sort([*contract.sort, *rest], nulls_last=False, maintain_order=True)


def aligned(frame: pl.DataFrame) -> pl.DataFrame:
    """Let every column lie in the same pieces, those of the column in most of them.

    Frames that were put together hold columns in pieces of their own (one value repeated is one
    piece). Of such a frame polars copies every column, however few are asked for.
    """
    lengths = max((column.chunk_lengths() for column in frame.get_columns()), key=len)
    ends = list(accumulate(lengths, initial=0))

    def parted(column: pl.Series) -> pl.Series:
        whole = column.rechunk()
        return pl.concat([whole.slice(at, n) for at, n in zip(ends, lengths, strict=False)], rechunk=False)

    return pl.DataFrame(c if c.chunk_lengths() == lengths else parted(c) for c in frame.get_columns())


def together(frames: Mapping[str, pl.DataFrame], contract: Contract) -> pl.DataFrame:
    """Put the tables of all entities together: by name they are in order, and aren't copied to be sorted.

    Args:
        frames: per entity, what holds the contract's columns.
        contract: a table whose order begins with the entity.
    """
    held = [conform(frames[name], contract) for name in sorted(frames) if not frames[name].is_empty()]
    if not held:
        return contract.empty()
    whole = aligned(pl.concat(held, rechunk=False))
    return whole if in_order(whole, contract.sort) else conform(whole, contract)


def spelled_out() -> pl.Expr:
    """Return the column ``evidence`` as it stands in a file: text and 6 decimals."""
    rounded = pl.element().struct.with_fields(pl.field("weight").round(6))
    return pl.col("evidence").cast(_TOLD).list.eval(rounded)


_LOOKED_AT = 100_000  # rows


def in_order(frame: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Say whether every row comes after the one before it and equals none: then sorting changes nothing."""
    if not keys:
        return False
    for start in range(0, frame.height, _LOOKED_AT):  # some rows at a time: each key is looked at twice over
        part = frame.slice(max(start - 1, 0), _LOOKED_AT + 1)
        after, same = pl.lit(value=False), pl.lit(value=True)
        for name in keys:
            before, own = pl.col(name).shift(1), pl.col(name)
            larger = own.is_not_null() & (before.is_null() | (own > before))
            after = after | (same & larger.fill_null(value=False))
            same = same & own.eq_missing(before)
        if not part.select(after.slice(1).all()).item():
            return False
    return True


# A record before and after reading. Every field declared by the entity's page follows these, as
# text, then one `facet_<id>` column (List of concepts, sorted, null when none) per facet it has.
RECORD_HEAD: dict[str, pl.DataType | type[pl.DataType]] = {
    "record_id": TEXT,  # entity/region/code, or …/code#n
    "entity": TEXT,
    "region": TEXT,
    "code": TEXT,
}
RECORD_TAIL: dict[str, pl.DataType | type[pl.DataType]] = {
    "volume": WHOLE,  # annual volume, 0 when not known
    "active": FLAG,
    "usable": FLAG,  # False: empty or duplicated code; such a record is withheld
    "text_norm": TEXT,  # the label made comparable
    "words": TEXTS,  # content words that no facet took, sorted
    "unknown": TEXTS,  # content words the vocabulary doesn't know, sorted
    "ambiguous": TEXTS,  # tokens with several readings that context didn't settle, sorted
    "evidence_hash": TEXT,  # hash of the non-sensitive fields, as a reviewer would see them
}

ORIGINS = Contract(
    {"record_id": TEXT, "file": TEXT, "sheet": TEXT, "line": WHOLE}, ("record_id", "file", "line")
)

MAPPINGS = Contract(
    {
        "mapping_id": TEXT,  # hash of the entity and the two records, in either order
        "entity": TEXT,
        "region_l": TEXT,  # the left region, the one that comes first in the project's regions
        "code_l": TEXT,
        "region_r": TEXT,
        "code_r": TEXT,  # empty in a decision that there is no counterpart
        "rank": WHOLE,  # per left record and right region, by weight, before assignment
        "relationship": TEXT,  # read left to right, words of FHIR R5
        "status": TEXT,  # auto, review, accepted, rejected or candidate
        "confidence": FLOAT,  # 0–1; not comparable between entities
        "match_weight": FLOAT,  # bits
        "margin": FLOAT,  # lead in bits over the next best candidate
        "justification": TEXT,  # why it stands as it does, in codes (rules/words/matching.toml)
        "evidence": EVIDENCE,  # what each comparison found, and how many bits it gave
        "decision_id": TEXT,  # the decision it follows, if any
    },
    ("entity", "region_l", "code_l", "region_r", "rank", "code_r"),
)

CROSSWALK = Contract(
    {
        "record_id": TEXT,
        "entity": TEXT,
        "region": TEXT,
        "code": TEXT,
        "combined_code": TEXT,  # empty while withheld
        "cluster_id": TEXT,  # the records held to be one thing share it
        "relationship": TEXT,  # of the record to the combined record
        "status": TEXT,  # auto, accepted, kept, review, retired or withheld
        "group": TEXT,  # rows of one record that becomes several
        "combine": TEXT,  # all of a group, or one by its condition
        "condition": TEXT,  # for example laterality=R
        "valid_from": TEXT,
        "valid_to": TEXT,
    },
    ("entity", "region", "code", "record_id", "combined_code"),
)

CONFLICTS = Contract(
    {
        "conflict_id": TEXT,  # hash of check, entity, field and cause, never of rows
        "check": TEXT,  # for example EXM-001; docs/checks.md explains each
        "name": TEXT,
        "severity": TEXT,  # blocking, warning or info
        "entity": TEXT,
        "record_ids": TEXTS,  # its witnesses
        "field": TEXT,
        "values": TEXTS,  # what they hold; masked where it is personal
        "cause": TEXT,  # what makes it one conflict
        "owner": TEXT,  # profession that decides
        "annual_volume": WHOLE,  # of its records together
        "message": TEXT,
        "resolution": TEXT,
        "waivable": FLAG,  # a named person may accept it, with reason and end date
        "status": TEXT,  # open or waived
    },
    ("severity", "check", "entity", "conflict_id"),
)

DECISIONS = Contract(
    {
        "decision_id": TEXT,  # hash of the row's content
        "mapping_id": TEXT,  # the pair judged, or empty
        "conflict_id": TEXT,  # the conflict judged, or empty
        "entity": TEXT,
        "region_l": TEXT,
        "code_l": TEXT,  # empty in a right record's own row
        "region_r": TEXT,
        "code_r": TEXT,  # empty: no counterpart
        "verdict": TEXT,  # accept, unsure, keep_both, retire, resolve, waive or withdraw
        "relationship": TEXT,
        "reviewer": TEXT,
        "decided_on": TEXT,  # ISO date
        "role": TEXT,  # whom it is handed over to
        "note": TEXT,  # the comment
        "evidence": TEXT,  # hash of both records as the reviewer saw them
        "issued": TEXT,  # workbook it came from
        "row_id": TEXT,  # its row there
        "common_name": TEXT,
        "group": TEXT,  # rows of one split
        "combine": TEXT,
        "condition": TEXT,
        "resolution": TEXT,
        "owner": TEXT,  # who sees to it
        "due": TEXT,
        "valid_until": TEXT,  # last day of a waiver
    },
    ("decided_on", "decision_id"),
)

IDENTIFIERS = Contract(
    {"entity": TEXT, "combined_code": TEXT, "region": TEXT, "code": TEXT}, ()
)  # append-only: the order of rows is the ledger and is never sorted

# Between stages: one row per candidate pair, records named by their row in the entity's frame.
PAIRS = Contract({"l": pl.UInt32, "r": pl.UInt32}, ("l", "r"))
