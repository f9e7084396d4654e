"""The column contract of every table, in one place.

A frame that leaves a stage or a file door passes through `conform`, which selects, casts and
sorts by the contract: same content, same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

TEXT, WHOLE, FLOAT, FLAG, TEXTS = pl.String, pl.Int64, pl.Float64, pl.Boolean, pl.List(pl.String)

EVIDENCE = pl.List(pl.Struct({"field": TEXT, "level": TEXT, "weight": FLOAT, "left": TEXT, "right": TEXT}))
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
    rest = [
        name
        for name, kind in contract.columns.items()
        if name not in contract.sort and not isinstance(kind, pl.List)
    ]
    return out.sort([*contract.sort, *rest], nulls_last=False, maintain_order=True)


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
        "mapping_id": TEXT,
        "entity": TEXT,
        "region_l": TEXT,
        "code_l": TEXT,
        "region_r": TEXT,
        "code_r": TEXT,
        "rank": WHOLE,
        "relationship": TEXT,
        "status": TEXT,
        "confidence": FLOAT,
        "match_weight": FLOAT,
        "margin": FLOAT,
        "justification": TEXT,
        "evidence": EVIDENCE,
        "decision_id": TEXT,
    },
    ("entity", "region_l", "code_l", "region_r", "rank", "code_r"),
)

CROSSWALK = Contract(
    {
        "record_id": TEXT,
        "entity": TEXT,
        "region": TEXT,
        "code": TEXT,
        "combined_code": TEXT,
        "cluster_id": TEXT,
        "relationship": TEXT,
        "status": TEXT,
        "group": TEXT,
        "combine": TEXT,
        "condition": TEXT,
        "valid_from": TEXT,
        "valid_to": TEXT,
    },
    ("entity", "region", "code", "record_id", "combined_code"),
)

CONFLICTS = Contract(
    {
        "conflict_id": TEXT,
        "check": TEXT,
        "name": TEXT,
        "severity": TEXT,
        "entity": TEXT,
        "record_ids": TEXTS,
        "field": TEXT,
        "values": TEXTS,
        "cause": TEXT,
        "owner": TEXT,
        "annual_volume": WHOLE,
        "message": TEXT,
        "resolution": TEXT,
        "waivable": FLAG,
        "status": TEXT,
    },
    ("severity", "check", "entity", "conflict_id"),
)

DECISIONS = Contract(
    {
        name: TEXT
        for name in (
            "decision_id", "mapping_id", "conflict_id", "entity", "region_l", "code_l", "region_r",
            "code_r", "verdict", "relationship", "reviewer", "decided_on", "role", "note",
            "evidence", "issued", "row_id", "common_name", "group", "combine", "condition",
            "resolution", "owner", "due", "valid_until",
        )
    },
    ("decided_on", "decision_id"),
)  # fmt: skip

IDENTIFIERS = Contract(
    {"entity": TEXT, "combined_code": TEXT, "region": TEXT, "code": TEXT}, ()
)  # append-only: the order of rows is the ledger and is never sorted

# Between stages: one row per candidate pair, records named by their row in the entity's frame.
PAIRS = Contract({"l": pl.UInt32, "r": pl.UInt32}, ("l", "r"))
