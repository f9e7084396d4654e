"""What a check sees: every table of a run, and the views that several checks share.

A check verb takes ``(world, check, entity)`` and returns findings: which records, which field,
which values, and the *cause* that one decision would remove. It yields rows and never raises for
bad data; an entity that lacks what the verb needs yields none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from codemerge.errors import Problem
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
    memo: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    def of(self, entity: str) -> pl.DataFrame | None:
        """Return an entity's records, or None where there are none."""
        frame = self.records.get(entity)
        return frame if frame is not None and not frame.is_empty() else None

    def once(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return a view under its name, made the first time it is asked for."""
        if name not in self.memo:
            self.memo[name] = make()
        return self.memo[name]

    @property
    def volumes(self) -> pl.DataFrame:
        """``record_id, volume`` of every record of every entity."""
        return self.once("volumes", self._volumes)

    def _volumes(self) -> pl.DataFrame:
        frames = [f.select("record_id", pl.col("volume").fill_null(0)) for f in self.records.values()]
        return pl.concat(frames) if frames else pl.DataFrame(schema={"record_id": TEXT, "volume": pl.Int64})

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

    @property
    def placed(self) -> pl.DataFrame:
        """``record_id, entity, region, code, combined_code`` of every record that has a combined code."""
        return self.once("placed", self._placed)

    def _placed(self) -> pl.DataFrame:
        rows = self.crosswalk.filter(pl.col("combined_code").fill_null("") != "")
        rows = rows.select("record_id", "entity", "region", "code", "combined_code")
        return rows.unique("record_id", keep="first", maintain_order=True)

    @property
    def pairs(self) -> pl.DataFrame:
        """Chosen mappings (``auto`` and ``accepted``) of two records, with ``l`` and ``r``: their ids."""
        return self.once("pairs", self._pairs)

    def _pairs(self) -> pl.DataFrame:
        chosen = self.mappings.filter(
            pl.col("status").is_in(_CHOSEN)
            & (pl.col("code_l").fill_null("") != "")
            & (pl.col("code_r").fill_null("") != "")
            & (pl.col("relationship") != Relationship.NOT_RELATED.value)
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
        head = ["l", "r", "region_l", "code_l", "region_r", "code_r", "relationship", "status"]
        wanted = list(relationships)
        chosen = self.pairs.filter(pl.col("entity") == entity.id).select(head)
        if wanted:
            chosen = chosen.filter(pl.col("relationship").is_in(wanted))
        frame = self.of(entity.id)
        columns = list(dict.fromkeys(columns))
        if frame is None or any(c not in frame.columns for c in columns):
            return pl.DataFrame(schema=dict.fromkeys(head, TEXT))
        for side in ("l", "r"):
            values = frame.select(
                pl.col("record_id").alias(side), *(pl.col(c).alias(f"{c}_{side}") for c in columns)
            )
            chosen = chosen.join(values, on=side, how="inner", maintain_order="left")
        return chosen


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
    return pl.DataFrame(schema=FINDINGS)


def as_findings(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring a frame to `FINDINGS`; columns left out are empty."""
    absent = {
        "values": pl.lit([], dtype=TEXTS),
        "detail": pl.lit(""),
        "proposal": pl.lit(""),
        "field": pl.lit(""),
        "lesser": pl.lit(value=False),
    }
    return frame.select(
        (pl.col(name) if name in frame.columns else absent[name]).cast(kind).alias(name)
        for name, kind in FINDINGS.items()
    )


def known_fields(frame: pl.DataFrame, names: Iterable[str]) -> list[str]:
    """Return those of the names that are columns of the frame, in the order given."""
    return [n for n in names if n in frame.columns]


def filled(column: str) -> pl.Expr:
    """Say whether a text cell holds anything but spaces."""
    return pl.col(column).fill_null("").str.strip_chars() != ""


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
