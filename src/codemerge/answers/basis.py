"""What every number of the report is counted from: where each record stands, which pairs are chosen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.by_entity import by_entity
from codemerge.model import Carried, Severity, Status
from codemerge.rules.goals import Goals, Plan, load_goals, load_plan
from codemerge.rules.page import Entity

KEY = ["entity", "region", "code"]
NO_PROPOSAL = "none"

# A record may have several crosswalk rows or mappings: it stands where the first of these holds.
_CARRIED = [
    c.value
    for c in (Carried.WITHHELD, Carried.REVIEW, Carried.ACCEPTED, Carried.AUTO, Carried.KEPT, Carried.RETIRED)
]
PROPOSALS = ["accepted", "auto", "review", "alone", "rejected", "candidate", NO_PROPOSAL]
_CHOSEN = [Status.ACCEPTED.value, Status.AUTO.value, Status.REVIEW.value]
_P = ParamSpec("_P")
_T = TypeVar("_T")
_HEAD = ["record_id", "entity", "region", "code", "volume", "active", "usable"]


def once(answer: Callable[Concatenate[Basis, _P], _T]) -> Callable[Concatenate[Basis, _P], _T]:
    """Reckon an answer once per basis, however many parts of the report rest on it; nobody changes it."""

    @wraps(answer)
    def told(basis: Basis, /, *args: _P.args, **named: _P.kwargs) -> _T:
        key = (answer, *args, *sorted(named.items()))
        if key not in basis.told:
            basis.told[key] = answer(basis, *args, **named)
        found: _T = basis.told[key]
        return found

    return told


@dataclass(frozen=True)
class Basis:
    """A run, read once.

    Args:
        run: the tables.
        language: of titles.
        goals, plan: what the report measures, how it reckons work.
        standing: one row per record: `_HEAD`, ``carried`` (crosswalk status), ``combined_code``,
            ``cluster`` (its cluster, or itself), ``proposal`` (one of `PROPOSALS`: the best that is
            said of it; ``alone``: decided to have no counterpart), ``decided``.
        chosen: mappings accepted, automatic or to review with a record on both sides, and
            ``record_l, record_r, volume_l, volume_r, cluster_l, cluster_r``.
        open: open conflicts.
        told: answers reckoned before (`once`).
    """

    run: RunTables
    language: str
    goals: Goals
    plan: Plan
    standing: pl.DataFrame
    chosen: pl.DataFrame
    open: pl.DataFrame
    told: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def blocking(self) -> pl.DataFrame:
        """Open blocking conflicts."""
        return self.open.filter(pl.col("severity") == Severity.BLOCKING.value)

    @property
    def weighed(self) -> bool:
        """Say whether the registers state any volume of the subject; else every code counts as one."""
        return bool((self.of(self.goals.subject)["volume"] > 0).any())

    @property
    def subject(self) -> Entity | None:
        """The page of the entity whose volume is counted, if it is declared."""
        return self.run.rules.entities.get(self.goals.subject)

    def of(self, entity: str) -> pl.DataFrame:
        """Return the standing of one entity's records."""
        return self._standing_of.get(entity, self.standing.clear())

    @cached_property
    def _standing_of(self) -> Mapping[str, pl.DataFrame]:
        return by_entity(self.standing)

    def chosen_of(self, entity: str) -> pl.DataFrame:
        """Return the chosen mappings of one entity."""
        return self._chosen_of.get(entity, self.chosen.clear())

    @cached_property
    def _chosen_of(self) -> Mapping[str, pl.DataFrame]:
        return by_entity(self.chosen)

    def records(self, entity: str) -> pl.DataFrame:
        """Return an entity's records; a frame with the head columns and no row if it has none."""
        return self.run.records.get(entity, self.standing.clear())

    def title(self, entity: str, many: bool = True) -> str:
        """Return what people call an entity."""
        page = self.run.rules.entities.get(entity)
        if page is None:
            return entity
        return (page.plural if many else page.name).say(self.language)

    def concept_title(self, column: str, concepts: str) -> str:
        """Return what people call the concepts (joined by ``+``) of a facet's column."""
        titles = self.run.rules.vocabulary.titles
        facet, both = column.removeprefix("facet_"), 1 if self.language == "en" else 0
        return " + ".join(
            titles[(facet, c)][both] if (facet, c) in titles else c for c in concepts.split("+") if c
        )


def basis_of(run: RunTables, language: str, goals: Goals | None = None, plan: Plan | None = None) -> Basis:
    """Read a run once, for every answer."""
    heads = [
        frame.select(pl.col(name).cast(kind) for name, kind in zip(_HEAD, _KINDS, strict=True))
        for _, frame in sorted(run.records.items())
        if frame.height
    ]
    records = pl.concat(heads) if heads else pl.DataFrame(schema=dict(zip(_HEAD, _KINDS, strict=True)))
    records = records.with_columns(pl.col("volume").fill_null(0), pl.col("active", "usable").fill_null(True))
    standing = _with_proposal(_with_carried(records, run.crosswalk), run.mappings)
    standing = standing.sort("entity", "region", "code", "record_id")
    return Basis(
        run=run,
        language=language,
        goals=goals or load_goals(),
        plan=plan or load_plan(),
        standing=standing,
        chosen=_chosen(run.mappings, standing),
        open=run.conflicts.filter(pl.col("status") == "open"),
    )


_KINDS = [pl.String, pl.String, pl.String, pl.String, pl.Int64, pl.Boolean, pl.Boolean]


def _rank(column: str, order: list[str]) -> pl.Expr:
    """Return where a value stands in an order."""
    return pl.col(column).replace_strict(order, range(len(order)), default=len(order), return_dtype=pl.Int64)


def _named(column: str, order: list[str]) -> pl.Expr:
    """Return the value that stands at a rank."""
    return pl.col(column).replace_strict(range(len(order)), order, default=None, return_dtype=pl.String)


def _with_carried(records: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    if crosswalk["record_id"].equals(records["record_id"]):  # one row each, in the same order: nearly always
        carried = records.with_columns(
            carried=crosswalk["status"],
            combined_code=crosswalk["combined_code"],
            cluster=crosswalk["cluster_id"],
        )
    else:
        folded = crosswalk.group_by("record_id").agg(
            _rank("status", _CARRIED).min().alias("carried"),
            pl.col("combined_code").min(),
            pl.col("cluster_id").min().alias("cluster"),
        )
        carried = records.join(folded, on="record_id", how="left").with_columns(_named("carried", _CARRIED))
    return carried.with_columns(
        pl.coalesce(pl.when(pl.col("cluster") != "").then("cluster"), "record_id").alias("cluster")
    )


def _said_of() -> pl.Expr:
    one_side = (pl.col("code_l").fill_null("") == "") | (pl.col("code_r").fill_null("") == "")
    alone = (pl.col("status") == Status.ACCEPTED.value) & one_side
    return pl.when(alone).then(pl.lit("alone")).otherwise(pl.col("status")).alias("proposal")


def _with_proposal(standing: pl.DataFrame, mappings: pl.DataFrame) -> pl.DataFrame:
    decided = (pl.col("decision_id").fill_null("") != "").alias("decided")
    sides = [
        mappings.select(
            "entity",
            pl.col(f"region_{s}").alias("region"),
            pl.col(f"code_{s}").alias("code"),
            _said_of(),
            decided,
        )
        for s in ("l", "r")
    ]
    said = (
        pl.concat(sides)
        .filter(pl.col("code").fill_null("") != "")
        .group_by(KEY)
        .agg(_rank("proposal", PROPOSALS).min(), pl.col("decided").any())
        .with_columns(_named("proposal", PROPOSALS))
    )
    return standing.join(said, on=KEY, how="left").with_columns(
        pl.col("proposal").fill_null(NO_PROPOSAL), pl.col("decided").fill_null(False)
    )


def _chosen(mappings: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    usable = standing.filter("usable")  # in order: records of one name stand together
    another = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in KEY)
    known = usable.filter(another)
    out = mappings.filter(
        pl.col("status").is_in(_CHOSEN),
        pl.col("code_l").fill_null("") != "",
        pl.col("code_r").fill_null("") != "",
    )
    for side in ("l", "r"):
        names = known.select(
            "entity",
            pl.col("region").alias(f"region_{side}"),
            pl.col("code").alias(f"code_{side}"),
            pl.col("record_id").alias(f"record_{side}"),
            pl.col("volume").alias(f"volume_{side}"),
            pl.col("cluster").alias(f"cluster_{side}"),
        )
        out = out.join(names, on=["entity", f"region_{side}", f"code_{side}"], how="inner")
    return out.sort("entity", "region_l", "code_l", "region_r", "rank", "code_r")
