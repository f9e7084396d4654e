"""Checks against what the combined installation accepts: lengths, characters, uniqueness, references."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.by_entity import by_entity
from codemerge.library.checks.target_limits import compared, violations
from codemerge.library.checks.world import World, as_findings, nothing
from codemerge.library.filled import fill
from codemerge.library.proposals import propose_codes

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity


def over_limit(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A combined record breaks a limit of the target.

    ``given.constraints``: which (see `target_limits`); ``given.fields``: only these fields;
    ``given.unless_said``: only what no blocking conflict has said of the same records and field;
    this is what makes *ready* mean loadable. Broken values of one field are one cause each where
    they clash (``unique``), else one together.
    """
    frame = world.combined.get(entity.id)
    if frame is None or frame.is_empty():
        return nothing()
    limits = world.rules.target
    every = world.once(
        "violations", lambda: by_entity(violations(world.combined, limits, world.rules.entities))
    )
    if entity.id not in every:
        return nothing()
    wanted = pl.col("constraint").is_in(check.given["constraints"])
    if check.given.get("fields"):
        wanted &= pl.col("field").is_in(check.given["fields"])
    broken = every[entity.id].filter(wanted)
    if broken.is_empty():
        return nothing()
    broken = _with_proposal(world, entity, broken)
    if check.given.get("unless_said") and world.said is not None:
        broken = _unsaid(world, broken)
    field = pl.col("field")
    return as_findings(
        broken.select(
            pl.col("members").alias("record_ids"),
            "field",
            pl.concat_list(pl.col("value").fill_null("")).alias("values"),
            pl.when(pl.col("constraint") == "unique")
            .then(fill("{}={}", field, "_key"))
            .when(pl.col("constraint") == "references")
            .then(fill("{} → {}/{}", field, "limit", "value"))
            .otherwise(fill("{}: {} {}", field, "constraint", "limit"))
            .alias("cause"),
            "proposal",
        )
    )


def _with_proposal(world: World, entity: Entity, broken: pl.DataFrame) -> pl.DataFrame:
    """Add ``_key`` (what uniqueness is judged by) and a new code where the code itself is refused."""
    keys = [
        world.combined[entity.id].select(
            "combined_code", pl.lit(a.field).alias("field"), compared(a).alias("_key")
        )
        for a in world.rules.target.accepts
        if a.entity == entity.id and a.unique and a.field in broken["field"].to_list()
    ]
    known = (
        pl.concat(keys)
        if keys
        else pl.DataFrame(schema={"combined_code": pl.String, "field": pl.String, "_key": pl.String})
    )
    known = known.unique(["combined_code", "field"], keep="first", maintain_order=True)
    broken = broken.join(known, on=["combined_code", "field"], how="left").with_columns(
        pl.col("_key").fill_null(pl.col("value"))
    )
    limits = world.rules.target.of(entity.id, "code")
    codes = broken.filter((pl.col("field") == "code") & pl.col("constraint").is_in(["length", "characters"]))
    frame = world.of(entity.id)
    if codes.is_empty() or limits is None or frame is None:
        return broken.with_columns(proposal=pl.lit(""))
    taken = frozenset(frame["code"].drop_nulls().to_list()) | frozenset(
        world.combined[entity.id]["combined_code"].to_list()
    )
    wanted = codes.select("combined_code", name="combined_code", prefix=pl.lit("")).unique(
        maintain_order=True
    )
    new = propose_codes(taken, wanted, limits.length, limits.characters, case_sensitive=limits.case_sensitive)
    text = new.select("combined_code", proposal=fill("{} → {}", "name", "proposal"))
    return broken.join(text, on="combined_code", how="left").with_columns(pl.col("proposal").fill_null(""))


def _unsaid(world: World, broken: pl.DataFrame) -> pl.DataFrame:
    """Drop what an open blocking conflict already says of the same record and field."""
    said = world.said
    if said is None or said.is_empty():
        return broken
    told = (
        said.filter((pl.col("severity") == "blocking") & (pl.col("status") == "open"))
        .select(pl.col("field").str.split("+"), record_id="record_ids")
        .explode("field")
        .explode("record_id")
        .unique()
    )
    rows = (
        broken.with_row_index("_n")
        .explode("members")
        .join(told, left_on=["members", "field"], right_on=["record_id", "field"], how="semi")
    )
    return broken.with_row_index("_n").join(rows.select("_n").unique(), on="_n", how="anti").drop("_n")


def cut_to_same(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Names of two combined records become the same when the target cuts them to its length."""
    frame, found = world.combined.get(entity.id), []
    for limit in world.rules.target.accepts:
        if limit.entity != entity.id or limit.overflow != "shorten" or not limit.length:
            continue
        if frame is None or frame.is_empty() or limit.field not in frame.columns:
            continue
        cut = frame.with_columns(
            _cut=pl.col(limit.field).str.head(limit.length).str.strip_chars().str.to_lowercase()
        )
        group = pl.col(limit.field).str.to_lowercase().n_unique().over("_cut")
        long = (pl.col(limit.field).str.len_chars() > limit.length).any().over("_cut")
        found.append(
            cut.filter(pl.col("_cut").is_not_null() & (group > 1) & long).select(
                pl.col("members").alias("record_ids"),
                pl.lit(limit.field).alias("field"),
                pl.concat_list(limit.field).alias("values"),
                pl.col("_cut").alias("cause"),
            )
        )
    return as_findings(pl.concat(found)) if found else nothing()


CHECKS = {"over_limit": over_limit, "cut_to_same": cut_to_same}
