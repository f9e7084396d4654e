"""What a check sees: every table of a run, and the views that several checks share.

A check verb takes ``(world, check, entity)`` and returns findings: which records, which field,
which values, and the *cause* that one decision would remove. It yields rows and never raises for
bad data; an entity that lacks what the verb needs yields none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from codemerge.errors import Problem
from codemerge.library.by_entity import by_entity
from codemerge.library.filled import fill
from codemerge.model import Relationship, Status
from codemerge.tables import CROSSWALK, DECISIONS, FLAG, MAPPINGS, ORIGINS, TEXT, TEXTS

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.loader import Rules
    from codemerge.rules.page import Entity
    from codemerge.rules.project import Project

# One row per thing found; rows of one field and cause become one conflict.
# detail: what to say beside the values; proposal: a way out; lesser: of the check's lesser severity.
FINDINGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "record_ids": TEXTS,
    "field": TEXT,
    "values": TEXTS,
    "cause": TEXT,
    "detail": TEXT,
    "proposal": TEXT,
    "lesser": FLAG,
}
_CHOSEN = [Status.AUTO.value, Status.ACCEPTED.value]
_NOTHING = pl.DataFrame(schema=FINDINGS)
_PAIR = (
    "entity", "region_l", "code_l", "region_r", "code_r", "relationship", "status", "confidence",
)  # fmt: skip
_HEAD = ["l", "r", "region_l", "code_l", "region_r", "code_r", "relationship", "status"]
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class World:
    """Every table of a run, handed to each check.

    Args:
        records: per entity, normalised records.
        combined: per entity, the combined catalog as it would be loaded.
        notes: what the readers noticed and didn't stop for.
        today: ISO date that waivers' ends are compared with; empty: no waiver has ended. It comes
            from outside, so that no stage reads the clock.
        said: conflicts found by the checks that ran before (for checks of what nobody else said).
        memo: views that several checks share, made once.
    """

    project: Project
    rules: Rules
    records: Mapping[str, pl.DataFrame]
    mappings: pl.DataFrame = field(default_factory=MAPPINGS.empty)
    crosswalk: pl.DataFrame = field(default_factory=CROSSWALK.empty)
    combined: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    decisions: pl.DataFrame = field(default_factory=DECISIONS.empty)
    origins: pl.DataFrame = field(default_factory=ORIGINS.empty)
    notes: tuple[Problem, ...] = ()
    today: str = ""
    said: pl.DataFrame | None = None
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def of(self, entity: str) -> pl.DataFrame | None:
        """Return an entity's records, or None where there are none."""
        frame = self.records.get(entity)
        return frame if frame is not None and not frame.is_empty() else None

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Return a view under its name, made the first time it is asked for."""
        if name not in self.memo:
            self.memo[name] = make()
        made: _Made = self.memo[name]
        return made

    def crosswalk_of(self, entity: str) -> pl.DataFrame:
        """Return an entity's rows of the crosswalk."""
        return self.once("crosswalk/", lambda: by_entity(self.crosswalk)).get(entity, CROSSWALK.empty())

    def mappings_of(self, entity: str) -> pl.DataFrame:
        """Return an entity's mappings."""
        return self.once("mappings/", lambda: by_entity(self.mappings)).get(entity, MAPPINGS.empty())

    def decisions_of(self, entity: str) -> pl.DataFrame:
        """Return an entity's decisions."""
        return self.once("decisions/", lambda: by_entity(self.decisions)).get(entity, DECISIONS.empty())

    def codes_of(self, entity: str) -> pl.DataFrame:
        """``record_id, combined_code`` of an entity's records that have one: each record's first."""
        return self.once(f"codes/{entity}", lambda: self._codes(entity))

    def _codes(self, entity: str) -> pl.DataFrame:
        rows = self.crosswalk_of(entity).select("record_id", "combined_code")
        rows = rows.filter(pl.col("combined_code").is_not_null())
        return rows.unique("record_id", keep="first", maintain_order=True)

    @property
    def volumes(self) -> pl.DataFrame:
        """``record_id, volume`` of the records of every entity that have any."""
        return self.once("volumes", self._volumes)

    def _volumes(self) -> pl.DataFrame:
        none = pl.DataFrame(schema={"record_id": TEXT, "volume": pl.Int64})
        told = [
            f.select("record_id", "volume").filter(pl.col("volume") != 0)
            for f in self.records.values()
            if f["volume"].max() or f["volume"].min()
        ]
        return pl.concat([none, *told])

    @property
    def clusters(self) -> pl.DataFrame:
        """``record_id, cluster_id``: the one cluster of each record; records without one have no row."""
        return self.once("clusters", self._clusters)

    def _clusters(self) -> pl.DataFrame:
        return (
            self.crosswalk.filter(pl.col("cluster_id").fill_null("") != "")
            .group_by("record_id")
            .agg(pl.col("cluster_id").min())
            .sort("record_id")
        )

    def pairs_in(self, entity: str) -> pl.DataFrame:
        """Return chosen mappings (``auto``, ``accepted``) of two records, with ``l`` and ``r``: their ids."""
        return self.once(f"pairs/{entity}", lambda: self._pairs(entity))

    def _pairs(self, entity: str) -> pl.DataFrame:
        chosen = (
            self.mappings_of(entity)
            .select(_PAIR)
            .filter(
                pl.col("status").is_in(_CHOSEN)
                & (pl.col("code_l").fill_null("") != "")
                & (pl.col("code_r").fill_null("") != "")
                & (pl.col("relationship") != Relationship.NOT_RELATED.value)
            )
        )
        return with_record_ids(chosen).unique(subset=["l", "r"], keep="first", maintain_order=True)

    def pairs_of(
        self,
        entity: Entity,
        columns: Sequence[str],
        relationships: Iterable[str] = (Relationship.EQUIVALENT.value,),
    ) -> pl.DataFrame:
        """Return chosen pairs of an entity with columns of both records.

        Args:
            entity: the page.
            columns: columns of the records frame wanted on both sides.
            relationships: which statements count; empty for all.

        Returns:
            ``l, r, region_l, code_l, region_r, code_r, relationship, status`` and, per column,
            ``<column>_l`` and ``<column>_r``; empty where the entity lacks a column.
        """
        frame, columns = self.of(entity.id), list(dict.fromkeys(columns))
        if frame is None or any(c not in frame.columns for c in columns):
            return pl.DataFrame(schema=dict.fromkeys(_HEAD, TEXT))
        wanted = sorted(relationships)
        name = f"ends/{entity.id}/{'+'.join(wanted)}"
        chosen, *ends = self.once(name, lambda: self._ends(entity.id, frame, wanted))
        if chosen.is_empty():
            return pl.DataFrame(schema=dict.fromkeys(_HEAD, TEXT))
        cells = frame.select(columns)
        sides = zip(("l", "r"), ends, strict=True)
        return chosen.hstack(
            [cell.alias(f"{cell.name}_{side}") for side, at in sides for cell in cells[at].get_columns()]
        )

    def _ends(
        self, entity: str, frame: pl.DataFrame, relationships: Sequence[str]
    ) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
        """Return an entity's pairs of those kinds, and where in its records either end stands."""
        chosen = self.pairs_in(entity).select(_HEAD)
        if relationships:
            chosen = chosen.filter(pl.col("relationship").is_in(relationships))
        places = frame.select("record_id", pl.int_range(pl.len(), dtype=pl.UInt32).alias("_at"))
        for side in ("l", "r"):
            told = places.rename({"record_id": side, "_at": f"_at_{side}"})
            chosen = chosen.join(told, on=side, how="inner", maintain_order="left")
        return chosen.select(_HEAD), chosen["_at_l"], chosen["_at_r"]


Verb = Callable[[World, "Check", "Entity"], pl.DataFrame]


def with_record_ids(mappings: pl.DataFrame) -> pl.DataFrame:
    """Add ``l`` and ``r``: the ids of a mapping's records (null where a code is empty)."""
    return mappings.with_columns(
        pl.when(pl.col(f"code_{side}").fill_null("") != "")
        .then(fill("{}/{}/{}", "entity", f"region_{side}", f"code_{side}"))
        .alias(side)
        for side in ("l", "r")
    )


def nothing() -> pl.DataFrame:
    """Return findings without a row."""
    return _NOTHING


_ABSENT = {
    "values": pl.lit([], dtype=TEXTS),
    "detail": pl.lit(""),
    "proposal": pl.lit(""),
    "field": pl.lit(""),
    "lesser": pl.lit(value=False),
}


def as_findings(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring a frame to `FINDINGS`; columns left out are empty."""
    if frame.is_empty():
        return _NOTHING
    if frame.columns == list(FINDINGS) and frame.dtypes == list(FINDINGS.values()):
        return frame
    return frame.select(
        (pl.col(name) if name in frame.columns else _ABSENT[name]).cast(kind).alias(name)
        for name, kind in FINDINGS.items()
    )


def findings(rows: pl.DataFrame, **cells: pl.Expr) -> pl.DataFrame:
    """Turn rows to `FINDINGS`: ``record_ids`` and ``cause`` are said, what else is left out is empty."""
    if rows.is_empty():
        return _NOTHING
    return rows.select(
        (cells[name] if name in cells else _ABSENT[name]).cast(kind).alias(name)
        for name, kind in FINDINGS.items()
    )


def all_of(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put findings together."""
    held = [f for f in found if not f.is_empty()]
    return pl.concat(held) if held else _NOTHING


def holds(frame: pl.DataFrame, name: str) -> bool:
    """Say whether any record has something in a column: a quick look before a long one."""
    return name in frame.columns and frame.get_column(name).null_count() < frame.height


def known_fields(frame: pl.DataFrame, names: Iterable[str]) -> list[str]:
    """Return those of the names that are columns of the frame, in the order given."""
    return [n for n in names if n in frame.columns]


def in_use(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the records that are active; unknown counts as active."""
    return frame.filter(pl.col("active").fill_null(value=True))


def named(side: str = "") -> pl.Expr:
    """Return ``REGION/CODE`` of a record or of one side of a pair, for causes and values."""
    tail = f"_{side}" if side else ""
    return fill("{}/{}", f"region{tail}", pl.col(f"code{tail}").fill_null(""))


def pair_cause() -> pl.Expr:
    """Return the cause of what is wrong with one pair: both its records by name."""
    return fill("{} = {}", named("l"), named("r"))


def meant(entity: Entity, name: str) -> pl.Expr:
    """Return what a cell stands for by the page's ``values``, in lower case where the page is silent."""
    rule = entity.field_named(name)
    words = {k.lower(): v for k, v in (rule.values.items() if rule else ())}
    text = pl.col(name).str.strip_chars().str.to_lowercase()
    return text.replace(words) if words else text
