"""Checks of mappings and decisions: what a person must still confirm, decide, or look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.world import (
    World,
    all_of,
    findings,
    named,
    nothing,
    pair_cause,
    with_record_ids,
)
from codemerge.library.filled import fill
from codemerge.library.verdicts import CURRENT, standing
from codemerge.model import Carried, Status, Verdict
from codemerge.rules.columns import takes_part
from codemerge.rules.signoff import decided_now

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity

_NO_DECISION = CURRENT.empty()
_DECIDED = [Status.ACCEPTED.value, Status.REJECTED.value]
_NAMES = ["entity", "region_l", "code_l", "region_r", "code_r", "status"]


def unconfirmed_volume(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Mappings accepted automatically whose codes carry the share of volume that people confirm.

    Per region, records are taken by falling volume until ``[policy] confirm_share`` of the
    region's volume is reached; an ``auto`` mapping with such a record on either side waits.
    """
    frame = world.of(entity.id)
    share = world.project.policy.confirm_share
    if frame is None or world.pairs_in(entity.id).is_empty() or share <= 0 or not frame["volume"].max():
        return nothing()
    auto = world.pairs_in(entity.id).filter(pl.col("status") == Status.AUTO.value)
    heavy = (
        frame.select("record_id", "region", "volume")
        .filter(pl.col("volume") > 0)
        .sort("region", "volume", "record_id", descending=[False, True, False])
        .with_columns(_before=pl.col("volume").cum_sum().over("region") - pl.col("volume"))
        .filter(pl.col("_before") < share * pl.col("volume").sum().over("region"))
    )["record_id"]
    hits = auto.filter(pl.col("l").is_in(heavy.implode()) | pl.col("r").is_in(heavy.implode()))
    return findings(
        hits,
        record_ids=pl.concat_list("l", "r"),
        field=pl.lit("mapping"),
        cause=fill("{}–{}", "region_l", "region_r"),
    )


def undecided_volume(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Records in use above the volume limit that nobody has decided.

    A record whose status is ``review``, or that is neither mapped nor decided towards any other
    region. Entities that are never paired have nothing to decide, nor have records that the page
    keeps out of pairing (``only_where``: a room that isn't mobile is its region's own).
    """
    frame = world.of(entity.id)
    if frame is None or entity.matching.candidates == "none":
        return nothing()
    limit = world.project.policy.volume_limit
    if (frame["volume"].max() or 0) <= limit:  # type: ignore[operator]
        return nothing()
    heavy = frame.filter(
        takes_part(entity)
        & (pl.col("volume") > limit)
        & pl.col("active").fill_null(value=True)
        & pl.col("usable")
    ).select("record_id", "region")
    if heavy.is_empty():
        return nothing()
    known = [Status.AUTO.value, *_DECIDED]
    settled = with_record_ids(
        world.mappings_of(entity.id).select(_NAMES).filter(pl.col("status").is_in(known))
    )
    rows = world.crosswalk_of(entity.id)
    review = rows.filter(pl.col("status") == Carried.REVIEW.value)["record_id"]
    done = pl.concat(
        [settled["l"], settled["r"], rows.filter(pl.col("status") == Carried.RETIRED.value)["record_id"]]
    )
    waiting = heavy.filter(
        pl.col("record_id").is_in(review.implode()) | ~pl.col("record_id").is_in(done.drop_nulls().implode())
    )
    # A list that only one region has delivered can't be mapped to anything.
    if frame["region"].n_unique() < 2:
        return nothing()
    return findings(
        waiting,
        record_ids=pl.concat_list("record_id"),
        field=pl.lit("mapping"),
        cause=pl.col("region"),
    )


def disputed(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Two reviewers have said different things of one pair or record."""
    said = pl.col("reviewers").list.set_union("others").list.sort().list.join(", ")
    return _of_decisions(_standing(world, entity), pl.col("disagreement"), said)


def stale(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A decision's records have changed since (``given.change``: ``meaning``), or are ``gone``."""
    changed = pl.col("change") == check.given.get("change", "meaning")
    return _of_decisions(_standing(world, entity), changed, pl.col("decided_on").fill_null(""))


def _standing(world: World, entity: Entity) -> pl.DataFrame:
    decisions, frame = world.decisions_of(entity.id), world.of(entity.id)
    if decisions.is_empty() or frame is None:
        return _NO_DECISION
    project, rules = world.project, world.rules
    return world.once(
        f"standing/{entity.id}", lambda: decided_now(decisions, {entity.id: frame}, project, rules)
    )


def _of_decisions(rows: pl.DataFrame, which: pl.Expr, detail: pl.Expr) -> pl.DataFrame:
    if rows.is_empty():
        return nothing()
    return findings(
        with_record_ids(rows.filter(which)),
        record_ids=pl.concat_list("l", "r").list.drop_nulls(),
        field=pl.lit("mapping"),
        values=pl.concat_list("verdict"),
        cause=pair_cause(),
        detail=detail,
    )


def leads_to_retired(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """An accepted mapping joins a record in use to one that is retired or will not be carried."""
    frame = world.of(entity.id)
    if frame is None or world.pairs_in(entity.id).is_empty():
        return nothing()
    chosen = world.pairs_in(entity.id).filter(pl.col("status") == Status.ACCEPTED.value)
    if chosen.is_empty():
        return nothing()
    kept = world.crosswalk_of(entity.id).filter(pl.col("combined_code").fill_null("") != "")["record_id"]
    life = frame.select(
        "record_id",
        _gone=~pl.col("active").fill_null(value=True) | ~pl.col("record_id").is_in(kept.implode()),
    )
    for side in ("l", "r"):
        chosen = chosen.join(life.rename({"record_id": side, "_gone": f"_gone_{side}"}), on=side, how="left")
    gone = [pl.col(f"_gone_{s}").fill_null(value=True) for s in ("l", "r")]
    # Both retired is history and fine; one lives on and would lead to the other's grave.
    return findings(
        chosen.filter(gone[0] != gone[1]),
        record_ids=pl.concat_list("l", "r"),
        field=pl.lit("status"),
        cause=pl.when(gone[0]).then(named("l")).otherwise(named("r")),
    )


def asymmetric(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Equivalent to one record seen from the left, and to another seen from the right."""
    decisions = world.decisions_of(entity.id)
    if decisions.is_empty() or entity.matching.cardinality == "many-to-many":
        return nothing()
    said = standing(decisions).filter(
        (pl.col("verdict") == Verdict.ACCEPT.value)
        & (pl.col("relationship") == "equivalent")
        & (pl.col("code_l").fill_null("") != "")
        & (pl.col("code_r").fill_null("") != "")
    )
    if said.is_empty():
        return nothing()
    found = []
    for side, other in (("l", "r"), ("r", "l")):
        key = [f"region_{side}", f"code_{side}", f"region_{other}"]
        if entity.matching.cardinality == "many-to-one" and side == "r":
            continue
        several = said.filter(pl.col(f"code_{other}").n_unique().over(key) > 1)
        found.append(
            findings(
                with_record_ids(several),
                record_ids=pl.concat_list("l", "r"),
                field=pl.lit("mapping"),
                values=pl.concat_list(f"code_{other}"),
                cause=fill("{} → {}", named(side), f"region_{other}"),
            )
        )
    return all_of(found)


def doubtful(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Proposals that are not certain: confidence under the page's limit, or too small a lead."""
    rows = (
        world.mappings_of(entity.id)
        .select(*_NAMES, "decision_id")
        .filter(
            (pl.col("status") == Status.REVIEW.value)
            & pl.col("decision_id").fill_null("").eq("")
            & (pl.col("code_l").fill_null("") != "")
            & (pl.col("code_r").fill_null("") != "")
        )
    )
    return findings(
        with_record_ids(rows),
        record_ids=pl.concat_list("l", "r"),
        field=pl.lit("mapping"),
        cause=fill("{}–{}", "region_l", "region_r"),
    )


CHECKS = {
    "unconfirmed_volume": unconfirmed_volume,
    "undecided_volume": undecided_volume,
    "disputed": disputed,
    "stale": stale,
    "leads_to_retired": leads_to_retired,
    "asymmetric": asymmetric,
    "doubtful": doubtful,
}
