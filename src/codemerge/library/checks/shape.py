"""Checks of how pairs hang together: one to several, several to one, tangles, contradictions, leftovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.world import World, as_findings, findings, holds, in_use, named, nothing
from codemerge.library.filled import fill, filled
from codemerge.model import Relationship, Status

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity

EQUAL, _NARROW, _BROAD = (
    r.value for r in (Relationship.EQUIVALENT, Relationship.NARROWER, Relationship.BROADER)
)


def both_ways(world: World, entity: Entity) -> pl.DataFrame:
    """Return chosen pairs read from each side: ``one, region, code, other, towards, relationship``.

    ``relationship`` reads from ``one``: broader means that the other is a part of it.
    """
    return world.once(f"both ways/{entity.id}", lambda: _read_twice(world.pairs_in(entity.id)))


def _read_twice(pairs: pl.DataFrame) -> pl.DataFrame:
    turned = {_NARROW: _BROAD, _BROAD: _NARROW}
    left = pairs.select(
        pl.col("l").alias("one"),
        pl.col("region_l").alias("region"),
        pl.col("code_l").alias("code"),
        pl.col("r").alias("other"),
        pl.col("region_r").alias("towards"),
        pl.col("code_r").alias("other_code"),
        "relationship",
    )
    right = pairs.select(
        pl.col("r").alias("one"),
        pl.col("region_r").alias("region"),
        pl.col("code_r").alias("code"),
        pl.col("l").alias("other"),
        pl.col("region_l").alias("towards"),
        pl.col("code_l").alias("other_code"),
        pl.col("relationship").replace(turned),
    )
    return pl.concat([left, right])


def one_to_several(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """One record equals or holds several of another region, and nothing says which one, when.

    A split that says whether all or one applies, and on what condition, is settled.
    """
    if entity.matching.cardinality == "many-to-many":
        return nothing()
    pairs = both_ways(world, entity).filter(pl.col("relationship").is_in([EQUAL, _BROAD]))
    several = _of_several(pairs, "other", ["one", "towards"])
    if several.is_empty():
        return nothing()
    told = world.crosswalk_of(entity.id).filter(
        (pl.col("group").fill_null("") != "")
        & ((pl.col("combine") == "all") | (pl.col("condition").fill_null("") != ""))
    )["record_id"]
    open_ones = several.filter(~pl.col("one").is_in(told.implode()))
    return as_findings(
        _with_condition(world, entity, open_ones).select(
            pl.concat_list("one", "other").alias("record_ids"),
            pl.lit("mapping").alias("field"),
            pl.concat_list(fill("{}/{}", "towards", "other_code")).alias("values"),
            named().alias("cause"),
            "proposal",
        )
    )


def _of_several(pairs: pl.DataFrame, what: str, per: list[str]) -> pl.DataFrame:
    """Keep the pairs of which there are several of one thing; nearly all there is once."""
    often = pairs.filter(pl.struct(per).is_duplicated()) if not pairs.is_empty() else pairs
    return often if often.is_empty() else often.filter(pl.col(what).n_unique().over(per) > 1)


def _with_condition(world: World, entity: Entity, several: pl.DataFrame) -> pl.DataFrame:
    """Propose how to tell the parts apart: the facets that the whole leaves open or holds together.

    ``B/1 (Sida: höger)``: one of them, on that condition; parts that the whole names all of
    (chest and abdomen) are told without one, for then all apply.
    """
    frame = world.of(entity.id)
    facets = [f for f in entity.facets if frame is not None and f"facet_{f}" in frame.columns]
    if frame is None or several.is_empty() or not facets:
        return several.with_columns(proposal=pl.lit(""))
    cells = frame.select("record_id", *(f"facet_{f}" for f in facets))
    rows = several.join(cells, left_on="other", right_on="record_id", how="left", maintain_order="left")
    rows = rows.join(
        cells, left_on="one", right_on="record_id", how="left", suffix="_whole", maintain_order="left"
    )
    told = []
    for name in facets:
        said, whole = pl.col(f"facet_{name}"), pl.col(f"facet_{name}_whole")
        varies = said.list.join("+").n_unique().over("one", "towards") > 1
        part = (said.list.set_difference(whole).list.len() == 0).fill_null(value=False)
        title = pl.lit(world.rules.facets[name].title.say(world.project.language))
        told.append(
            pl.when(varies & said.is_not_null() & ~part).then(fill("{}: {}", title, said.list.join("+")))
        )
    condition = pl.concat_str(told, separator=", ", ignore_nulls=True)
    where = pl.when(condition != "").then(fill(" ({})", condition)).otherwise(pl.lit(""))
    return rows.with_columns(proposal=fill("{}/{}{}", "towards", "other_code", where))


def several_to_one(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Several records of one region fold into one of another: the difference between them is lost."""
    if entity.matching.cardinality == "many-to-many":
        return nothing()
    pairs = both_ways(world, entity).filter(pl.col("relationship").is_in([EQUAL, _NARROW]))
    return findings(
        _of_several(pairs, "one", ["other", "region"]),
        record_ids=pl.concat_list("other", "one"),
        field=pl.lit("mapping"),
        values=pl.concat_list(named()),
        cause=fill("{}/{}", "towards", "other_code"),
    )


def tangled(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """Records hang together with more than one on both sides, and no one-to-one among them."""
    pairs = both_ways(world, entity)
    if pairs.is_empty() or entity.matching.cardinality == "many-to-many":
        return nothing()
    if _of_several(pairs, "other", ["one", "towards"]).is_empty():
        return nothing()
    knots = _components(pairs.select("one", "other"))
    sizes = (
        pairs.join(knots, left_on="one", right_on="record_id")
        .with_columns(_degree=pl.col("other").n_unique().over("one", "towards"))
        .group_by("component", "region")
        .agg(pl.col("one").n_unique().alias("n"), pl.col("_degree").max().alias("degree"))
    )
    wide = (
        sizes.filter(pl.col("n") > 1)
        .group_by("component")
        .agg(pl.len().alias("regions"), pl.col("degree").max())
        .filter((pl.col("regions") > 1) & (pl.col("degree") > 1))
    )
    members = knots.join(wide, on="component", how="semi")
    return as_findings(
        members.select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit("mapping").alias("field"),
            pl.col("component").str.splitn("/", 2).struct.field("field_1").alias("cause"),
        )
    )


def _components(edges: pl.DataFrame) -> pl.DataFrame:
    """Return ``record_id, component`` (the least record id reached), by spreading the least label."""
    labels = (
        edges.select(record_id=pl.concat_list("one", "other").explode())
        .unique()
        .with_columns(component="record_id")
    )
    while True:
        spread = (
            edges.join(labels, left_on="other", right_on="record_id")
            .group_by("one")
            .agg(pl.col("component").min().alias("_least"))
        )
        grown = labels.join(spread, left_on="record_id", right_on="one", how="left").select(
            "record_id", component=pl.min_horizontal("component", "_least")
        )
        if grown.sort("record_id").equals(labels.sort("record_id")):
            return labels.sort("record_id")
        labels = grown


def no_counterpart(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """A record in use has no counterpart in any other region, and none is proposed; lesser at volume 0."""
    frame = world.of(entity.id)
    if frame is None or entity.matching.candidates == "none" or frame["region"].n_unique() < 2:
        return nothing()
    chosen = [Status.AUTO.value, Status.ACCEPTED.value, Status.REVIEW.value, Status.REJECTED.value]
    mine = world.mappings_of(entity.id).select("region_l", "code_l", "region_r", "code_r", "status")
    mine = mine.filter(pl.col("status").is_in(chosen))
    touched = pl.concat([mine.select(region=f"region_{s}", code=f"code_{s}") for s in ("l", "r")])
    used = frame.select("record_id", "region", "code", "volume", "active", "usable")
    alone = in_use(used).filter("usable").join(touched, on=["region", "code"], how="anti")
    return findings(
        alone,
        record_ids=pl.concat_list("record_id"),
        field=pl.lit("mapping"),
        cause=pl.when(pl.col("volume") > 0).then("region").otherwise(fill("{}/0", "region")),
        lesser=pl.col("volume") <= 0,
    )


def codes_of_pairs(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Pairs held to be one thing, by whether their codes are the same (``given.codes``: same, other)."""
    same = pl.col("code_l") == pl.col("code_r")
    wanted = same if check.given["codes"] == "same" else ~same
    return findings(
        world.pairs_in(entity.id).filter((pl.col("relationship") == EQUAL) & wanted),
        record_ids=pl.concat_list("l", "r"),
        field=pl.lit("code"),
        cause=fill("{}–{}", "region_l", "region_r"),
    )


def near_duplicates(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Records in use of one region say the same in every facet and word.

    ``given.facets``: facets that must be said at all; where an entity has none, equal names count.
    """
    frame = world.of(entity.id)
    if frame is None or entity.names is None:
        return nothing()
    needed = [f"facet_{f}" for f in check.given.get("facets", []) if f"facet_{f}" in frame.columns]
    columns = [c for c in frame.columns if c.startswith("facet_") and (c in needed or holds(frame, c))]
    counts = [pl.col("active").fill_null(value=True), pl.col("usable"), filled("text_norm")]
    counts += [pl.col(c).is_not_null() for c in needed]
    # Whose words differ says something else, whatever the facets: nearly all.
    seen = frame.select(
        "region", pl.col("words").list.join(" "), pl.all_horizontal(counts).alias("_counts")
    ).with_row_index("_at")
    seen = seen.filter("_counts").filter(pl.struct("region", "words").is_duplicated())
    if seen.is_empty():
        return nothing()
    rows = frame.select("record_id", "region", "label", "words", *columns)[seen["_at"]]
    said = [pl.col(c).list.join("+") for c in columns] + [pl.col("words").list.join(" ")]
    rows = rows.with_columns(_meaning=pl.concat_str(said, separator=" ", ignore_nulls=True).str.strip_chars())
    rows = rows.with_columns(_exact=pl.concat_str([e.fill_null("–") for e in said], separator="\x1f"))
    twice = rows.filter(pl.len().over("region", "_exact") > 1)
    return findings(
        twice,
        record_ids=pl.concat_list("record_id"),
        field=pl.lit("label"),
        values=pl.concat_list(pl.col("label").fill_null("")),
        cause=fill("{}/{}", "region", "_meaning"),
    )


CHECKS = {
    "one_to_several": one_to_several,
    "several_to_one": several_to_one,
    "tangled": tangled,
    "no_counterpart": no_counterpart,
    "codes_of_pairs": codes_of_pairs,
    "near_duplicates": near_duplicates,
}
