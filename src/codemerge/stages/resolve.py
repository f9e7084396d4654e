"""Mappings: what people have decided first, then the best assignment of what is left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np
import polars as pl

from codemerge.library.assignment import assign_pairs
from codemerge.library.blocks import pack
from codemerge.library.distinct import shared
from codemerge.library.identity import BETWEEN, short_hashes
from codemerge.library.number_order import opening, place_in_run
from codemerge.library.pairs import Scored
from codemerge.library.rivals import not_alone
from codemerge.library.splits import splits
from codemerge.library.weights import calibrate
from codemerge.model import Relationship, Status, record_id
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.tables import EVIDENCE, MAPPINGS, conform

SHOWN = 5  # candidates kept per record and other region
_FAINT = 0.02  # confidence below which an assigned pair is not worth a person's minute
_KEY = ["region_l", "code_l", "region_r", "code_r"]
_OUT = [
    *(pl.col(name) for name in _KEY),
    *(pl.col(name) for name in ("rank", "status", "confidence", "match_weight", "margin", "justification")),
    pl.coalesce("relationship_said", "relationship").alias("relationship"),
    *(pl.col(name) for name in ("evidence", "decision_id", "id_said")),
]


def resolve(
    scored: Iterable[Scored],
    records: pl.DataFrame,
    entity: Entity,
    project: Project,
    decided: pl.DataFrame,
    *,
    explained: bool = True,
) -> pl.DataFrame:
    """Say of every scored and every decided pair what follows from it.

    Args:
        scored: what `score` yields.
        records: normalised records of the entity, in the order `scored` numbers them.
        entity: their page.
        project: regions and their order.
        decided: the entity's rows of `codemerge.library.verdicts.current_decisions`.
        explained: people will read it: write ``mapping_id``, ``justification`` and ``evidence``; else
            they are null.

    Returns:
        MAPPINGS. ``justification`` is codes separated by spaces (``rules/words/matching.toml`` has
        their wording): what chose the pair, then what keeps it from being automatic.
    """
    said = _oriented(decided, project)
    names = _Names.of(records, entity)
    rest = said
    found: dict[str, list[pl.DataFrame]] = {}  # per left region
    for one in scored:
        named = _named(one.pairs, names, entity)
        if not rest.is_empty():
            rest = rest.join(named.select(_KEY), on=_KEY, how="anti", maintain_order="left")
        part = _resolved(named, one, said, entity)
        part = _explained(part, one, entity) if explained else part
        for left, held in found.items():  # one left region after the other: those before are complete
            if len(held) > 1 and left not in part["region_l"]:
                found[left] = [_in_order(held)]
        for mine in _by_left(part):
            found.setdefault(mine["region_l"][0], []).append(mine)
    for part in _by_left(_with_ids(_only_decided(rest), entity)):
        found.setdefault(part["region_l"][0], []).append(part)
    # Region by region: never more than one region's pairs are held twice.
    ordered = [_in_order(found.pop(left)) for left in sorted(found)]
    return pl.concat(ordered, rechunk=False) if ordered else MAPPINGS.empty()


def _in_order(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return conform(pl.concat(parts, how="diagonal_relaxed"), MAPPINGS)


def _by_left(pairs: pl.DataFrame) -> list[pl.DataFrame]:
    """Part pairs by their left region."""
    if pairs["region_l"].n_unique() == 1:
        return [pairs]
    return pairs.partition_by("region_l", maintain_order=True)


def _resolved(named: pl.DataFrame, scored: Scored, said: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Resolve pairs; keep what is chosen, decided or shown."""
    pairs = named.with_columns(_rank(named))
    pairs = _with_decisions(pairs, said)
    pairs = pairs.with_columns(_chosen(pairs, entity))
    pairs = pairs.with_columns(_calibrated(pairs, entity), _split(pairs, scored, entity))
    pairs = pairs.with_columns(_status(entity))
    return pairs.filter((pl.col("rank") <= SHOWN) | (pl.col("status") != Status.CANDIDATE.value))


def _explained(kept: pl.DataFrame, scored: Scored, entity: Entity) -> pl.DataFrame:
    """Add what people are told of each pair, and the name they decide it by."""
    shown = scored.evidence(kept["place"].to_numpy()).alias("evidence")
    why = shared(kept.select(_justification(entity)).to_series())
    return _with_ids(kept.with_columns(why, shown).select(_OUT), entity)


class _Names(NamedTuple):
    """What follows the second slash of each record's name, and whether records stand in its order."""

    codes: pl.Series
    ordered: bool

    @classmethod
    def of(cls, records: pl.DataFrame, entity: Entity) -> Self:
        """Take the names of an entity's records apart."""
        before = pl.concat_str(pl.lit(record_id(entity.id, "", "")[:-1]), "region", pl.lit("/"))
        codes = records.select(pl.col("record_id").str.strip_prefix(before)).to_series()
        # In the order of all names records are, within a region, in that of their codes.
        return cls(codes, records["record_id"].is_sorted())


def _named(scored: pl.DataFrame, names: _Names, entity: Entity) -> pl.DataFrame:
    """Give both records of every pair their codes; sort, region by region, by them."""
    named = scored.with_columns(
        pl.lit(entity.id).alias("entity"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("place"),
        *(names.codes.gather(scored[side]).alias(f"code_{side}") for side in "lr"),
    )
    if names.ordered and _ascending(named):
        return named
    return named.sort("region_l", "region_r", "code_l", "code_r", maintain_order=True)


def _ascending(pairs: pl.DataFrame) -> bool:
    """Say whether the pairs of each two regions stand together, in the order of their rows."""
    packed = pack(pairs["l"].to_numpy(), pairs["r"].to_numpy())
    begun = [opening(pairs[name].rle_id().to_numpy())[1:] for name in ("region_l", "region_r")]
    return bool((begun[0] | begun[1] | (packed[1:] > packed[:-1])).all())


def _rank(pairs: pl.DataFrame) -> pl.Series:
    """Number the candidates of each record towards each region by weight; of equals, by code."""
    group, weight = pairs["facing_l"].to_numpy(), pairs["match_weight"].to_numpy()
    rank = np.ones(len(group), dtype=np.int64)
    several = not_alone(group)
    if len(several):
        order = several[np.lexsort((-weight[several], group[several]))]
        rank[order] = place_in_run(group[order]) + 1
    return pl.Series("rank", rank)


def _with_decisions(pairs: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Add what people decided of each pair, and whether the assignment may use it."""
    if said.is_empty():
        nothing = [pl.lit(None, dtype=kind).alias(name) for name, kind in said.drop(_KEY).schema.items()]
        return pairs.with_columns(*nothing, free=pl.lit(value=True))
    pairs = pairs.join(said, on=_KEY, how="left", maintain_order="left")
    return pairs.with_columns(_free(pairs, said))


def _split(pairs: pl.DataFrame, scored: Scored, entity: Entity) -> pl.Series | pl.Expr:
    one_sided = [Relationship.BROADER.value, Relationship.NARROWER.value]
    if not pairs["relationship"].is_in(one_sided).any():
        return _nothing("split")
    return splits(pairs, {c.of: c.together for c in entity.comparison}, scored.evidence)


def _nothing(name: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.String).alias(name)


def _oriented(decided: pl.DataFrame, project: Project) -> pl.DataFrame:
    """Read decisions in the project's order of regions, whatever it was when they were made."""
    order = {region: n for n, region in enumerate(project.regions)}
    place = [
        pl.col(f"region_{s}").replace_strict(order, default=len(order), return_dtype=pl.Int64) for s in "lr"
    ]
    inverse = {r.value: r.inverse().value for r in Relationship}
    rows = decided.filter(pl.col("region_l").is_in(list(order)) & pl.col("region_r").is_in(list(order)))
    rows = rows.with_columns(turned=place[0] > place[1])
    swapped = [
        pl.when("turned").then(f"{name}_{b}").otherwise(f"{name}_{a}").fill_null(empty).alias(f"{name}_{a}")
        for name, empty in (("region", ""), ("code", ""), ("decides", False))
        for a, b in (("l", "r"), ("r", "l"))
    ]
    relationship = pl.when("turned").then(pl.col("relationship").replace(inverse)).otherwise("relationship")
    doubt = pl.concat_str(
        [
            pl.when("stale").then(pl.lit("stale")),
            pl.when("half_signed").then(pl.lit("half_signed")),
            pl.when("disagreement").then(pl.lit("disagreement")),
        ],
        separator=" ",
        ignore_nulls=True,
    )
    return rows.with_columns(*swapped, relationship.alias("relationship")).select(
        *_KEY, "decides_l", "decides_r", "decision_id", "verdict", pl.col("mapping_id").alias("id_said"),
        pl.col("status").alias("status_said"), pl.col("relationship").alias("relationship_said"),
        doubt.alias("doubt"),
    )  # fmt: skip


def _free(pairs: pl.DataFrame, said: pl.DataFrame) -> pl.Series:
    """Say which pairs the assignment may use: undecided, of records nobody has settled there."""
    settled_l = said.filter("decides_l").select("region_l", "code_l", "region_r", at_l=True).unique()
    settled_r = said.filter("decides_r").select("region_r", "code_r", "region_l", at_r=True).unique()
    joined = (
        pairs.select(_KEY)
        .join(settled_l, on=["region_l", "code_l", "region_r"], how="left", maintain_order="left")
        .join(settled_r, on=["region_r", "code_r", "region_l"], how="left", maintain_order="left")
        .join(said.select(*_KEY, here=True), on=_KEY, how="left", maintain_order="left")
    )
    return joined.select(
        pl.all_horizontal(pl.col("at_l", "at_r", "here").is_null()).alias("free")
    ).to_series()


def _chosen(pairs: pl.DataFrame, entity: Entity) -> pl.Series:
    """Choose among the free pairs, as the page's cardinality says."""
    able = pairs["free"] & (pairs["relationship"] != Relationship.NOT_RELATED.value)
    chosen = np.zeros(pairs.height, dtype=np.bool_)
    cardinality = entity.matching.cardinality
    if cardinality == "many-to-many":
        chosen = (able & (pairs["confidence"] >= entity.matching.review)).to_numpy()
    elif cardinality == "many-to-one":
        best = pairs.with_columns(able.alias("able")).select(
            pl.col("able") & (pl.col("rank") == pl.col("rank").filter("able").min().over("facing_l"))
        )
        chosen = best.to_series().to_numpy()
    else:
        at = np.nonzero(able.to_numpy())[0]
        picked = assign_pairs(
            *(pairs[name].to_numpy()[at] for name in ("facing_l", "facing_r", "match_weight"))
        )
        chosen[at[picked]] = True
    return pl.Series("chosen", chosen)


def _calibrated(pairs: pl.DataFrame, entity: Entity) -> pl.Series:
    """Make the confidence of chosen pairs what such choices turned out to be; a tie stays a tie."""
    raw = pairs["confidence"].to_numpy()
    clear = (pairs["chosen"] & (pairs["margin"] > 0)).to_numpy()
    return pl.Series("confidence", np.where(clear, calibrate(raw, entity.matching.calibration), raw))


def _status(entity: Entity) -> pl.Expr:
    """What follows: people first, then certainty, then whether it is worth asking."""
    matching = entity.matching
    certain = (
        pl.col("chosen")
        & (pl.col("relationship") == Relationship.EQUIVALENT.value)
        & (pl.col("vetoes").list.len() == 0)
        & (pl.col("confidence") >= matching.accept)
        & (pl.col("margin") >= matching.margin)
    )
    asked = (pl.col("chosen") & (pl.col("confidence") >= _FAINT)) | (
        pl.col("split").is_not_null() & pl.col("free")
    )
    return (
        pl.when(pl.col("status_said").is_not_null())
        .then("status_said")
        .when(certain)
        .then(pl.lit(Status.AUTO.value))
        .when(asked)
        .then(pl.lit(Status.REVIEW.value))
        .otherwise(pl.lit(Status.CANDIDATE.value))
        .alias("status")
    )


def _justification(entity: Entity) -> pl.Expr:
    """Write, as codes, what a person must know: the decision, the choice, then every doubt."""
    matching = entity.matching
    open_pair = pl.col("status_said").is_null()
    doubts = [
        pl.when(~open_pair).then(pl.concat_str(pl.lit("decided:"), "verdict")),
        pl.col("doubt"),
        pl.when(open_pair & pl.col("chosen")).then(pl.lit("chosen")),
        pl.when(open_pair).then(pl.col("split")),
        pl.when(open_pair & pl.col("chosen") & (pl.col("margin") == 0)).then(pl.lit("tie")),
        pl.when(open_pair & (pl.col("margin") != 0) & (pl.col("margin") < matching.margin)).then(
            pl.lit("close_rival")
        ),
        pl.when(open_pair & (pl.col("confidence") < matching.accept)).then(pl.lit("not_certain")),
        pl.when(pl.col("vetoes").list.len() > 0).then(pl.lit("veto:") + pl.col("vetoes").list.join(" veto:")),
        pl.when(open_pair & ~pl.col("free")).then(pl.lit("settled_elsewhere")),
    ]
    return pl.concat_str([d.replace("", None) for d in doubts], separator=" ", ignore_nulls=True).alias(
        "justification"
    )


def _only_decided(rest: pl.DataFrame) -> pl.DataFrame:
    """Return what people decided of pairs that are no longer candidates, and of single records."""
    text = pl.concat_str(
        pl.concat_str(pl.lit("decided:"), "verdict"),
        pl.col("doubt").replace("", None),
        separator=" ",
        ignore_nulls=True,
    )
    return rest.select(
        *_KEY, "decision_id", "id_said", pl.col("status_said").alias("status"),
        pl.coalesce("relationship_said", pl.lit(Relationship.NOT_RELATED.value)).alias("relationship"),
        text.alias("justification"), pl.lit([], dtype=EVIDENCE).alias("evidence"),
    )  # fmt: skip


def _with_ids(rows: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Name every mapping; one that people decided keeps the name they decided it by."""
    sides = [
        pl.concat_str(
            pl.lit(record_id(entity.id, "", "")[:-1]),
            f"region_{s}",
            pl.lit("/"),
            pl.col(f"code_{s}").fill_null("None"),
        )
        for s in "lr"
    ]
    ends = rows.select(a=pl.min_horizontal(sides), b=pl.max_horizontal(sides))  # in either order: one name
    ids = short_hashes(ends.select(pl.concat_str(pl.lit(entity.id), "a", "b", separator=BETWEEN)).to_series())
    named = pl.when(pl.col("id_said").fill_null("") != "").then("id_said").otherwise(ids)
    return rows.with_columns(pl.lit(entity.id).alias("entity"), named.alias("mapping_id"))
