"""Checks of whole habits: where a region puts the side, what its suffixes mean, words of several readings."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.checks.world import World, as_findings, in_use, known_fields, meant, named, nothing
from codemerge.library.filled import fill, filled

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity

_ENOUGH = 3  # fewer rows than this are exceptions, not a policy


def facet_policy(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Regions say one facet in different places: in the name, in a field, asked for, or not at all.

    ``given.facet``; ``given.field``: its column; ``given.asked``: the flag that says it is asked
    for at the order; ``given.within``: the facet whose concepts make it matter (a side matters for
    the body parts that some region gives a side).
    """
    frame, given = world.of(entity.id), check.given
    facet, within = f"facet_{given['facet']}", f"facet_{given['within']}"
    if frame is None or facet not in frame.columns or within not in frame.columns:
        return nothing()
    shown = ["record_id", "region", "active", "usable", facet, within, given["field"], given["asked"]]
    rows = in_use(frame.select(known_fields(frame, dict.fromkeys(shown)))).filter("usable")
    own = filled(given["field"]) if given["field"] in rows.columns else pl.lit(value=False)
    asked = (
        (meant(entity, given["asked"]) == "yes") if given["asked"] in rows.columns else pl.lit(value=False)
    )
    rows = rows.with_columns(
        _how=pl.when(asked.fill_null(value=False))
        .then(pl.lit("asked"))
        .when(own & pl.col(facet).is_not_null())
        .then(pl.lit("field"))
        .when(pl.col(facet).is_not_null())
        .then(pl.lit("name"))
        .otherwise(pl.lit("unsaid"))
    )
    sided = rows.filter(pl.col("_how") != "unsaid")
    parts = sided.select(pl.col(within).explode()).to_series().drop_nulls().unique()
    matters = rows.filter(
        (
            pl.col(within).list.set_intersection(pl.lit(parts.to_list(), dtype=pl.List(pl.String))).list.len()
            > 0
        ).fill_null(value=False)
    )
    habits = matters.group_by("region", "_how").agg(pl.len().alias("n")).filter(pl.col("n") >= _ENOUGH)
    # What a region does at all outweighs what it leaves unsaid in other rows.
    ruling = (
        habits.with_columns(_rank=(pl.col("_how") == "unsaid").cast(pl.Int8))
        .sort("region", "_rank", "n", "_how", descending=[False, False, True, False])
        .unique("region", keep="first", maintain_order=True)
    )
    if ruling["_how"].n_unique() < 2:
        return nothing()
    how = dict(ruling.select("region", "_how").rows())
    cause = "; ".join(f"{r}: {how[r]}" for r in world.project.regions if r in how)
    concerned = matters.join(ruling.select("region", "_how"), on=["region", "_how"], how="semi")
    return as_findings(
        concerned.select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit(str(given["facet"])).alias("field"),
            pl.lit(cause).alias("cause"),
        )
    )


def ambiguous_words(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """A name holds a token with several readings that its context doesn't settle."""
    frame = world.of(entity.id)
    if frame is None or "ambiguous" not in frame.columns:
        return nothing()
    return as_findings(
        in_use(frame.select("record_id", "region", "label", "active", "ambiguous"))
        .filter(pl.col("ambiguous").list.len() > 0)
        .explode("ambiguous")
        .select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit("label").alias("field"),
            pl.concat_list(pl.col("label").fill_null("")).alias("values"),
            fill("{}/{}", "region", "ambiguous").alias("cause"),
        )
    )


def suffix_meaning(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """The end of the code (``given.length`` characters) means different things in two regions.

    Per region, suffix and facet of ``given.facets``: what at least ``given.purity`` of at least
    ``given.least`` codes of several families say. Only suffixes whose meaning is clear in both count.
    """
    frame, given = world.of(entity.id), check.given
    if frame is None or entity.key:
        return nothing()
    size = int(given.get("length", 2))
    facets = [f for f in given["facets"] if f"facet_{f}" in frame.columns]
    rows = frame.select("record_id", "region", "code", "usable", *(f"facet_{f}" for f in facets)).filter(
        pl.col("usable")
        & pl.col("code").str.contains(r"^[0-9A-ZÅÄÖ]+$")
        & (pl.col("code").str.len_chars() >= size + 2)
    )
    rows = rows.with_columns(_suffix=pl.col("code").str.tail(size), _stem=pl.col("code").str.head(-size))
    found = []
    for facet in facets:
        says = pl.col(f"facet_{facet}").list.join("+").fill_null("")
        said = rows.select("record_id", "region", "_suffix", "_stem", says.alias("_says"))
        counts = said.group_by("region", "_suffix", "_says").agg(
            pl.len().alias("n"), pl.col("_stem").n_unique().alias("stems")
        )
        clear = counts.filter(
            (pl.col("n") >= float(given.get("purity", 0.8)) * pl.col("n").sum().over("region", "_suffix"))
            & (pl.col("stems") >= int(given.get("least", 3)))
            & (pl.col("_says") != "")
        )
        for one, other in combinations(world.project.regions, 2):
            both = clear.filter(region=one).join(clear.filter(region=other), on="_suffix", suffix="_2")
            clash = both.filter(pl.col("_says") != pl.col("_says_2"))
            members = said.filter(pl.col("region").is_in([one, other])).join(clash, on="_suffix", suffix="_c")
            found.append(
                members.select(
                    pl.concat_list("record_id").alias("record_ids"),
                    pl.lit(str(facet)).alias("field"),
                    fill("…{}", "_suffix").alias("cause"),
                    fill("{}: {}, {}: {}", pl.lit(one), "_says_c", pl.lit(other), "_says_2").alias("detail"),
                )
            )
    return as_findings(pl.concat(found)) if found else nothing()


def several_values(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A field that should hold one thing holds several (``given.fields``, parted by ``given.separator``)."""
    frame = world.of(entity.id)
    found = []
    for name in check.given["fields"]:
        if frame is None or name not in frame.columns:
            continue
        parted = pl.col(name).str.contains(check.given.get("separator", r"[,;/+]")).fill_null(value=False)
        found.append(
            frame.filter(parted).select(
                pl.concat_list("record_id").alias("record_ids"),
                pl.lit(name).alias("field"),
                pl.concat_list(name).alias("values"),
                named().alias("cause"),
            )
        )
    return as_findings(pl.concat(found)) if found else nothing()


CHECKS = {
    "facet_policy": facet_policy,
    "ambiguous_words": ambiguous_words,
    "suffix_meaning": suffix_meaning,
    "several_values": several_values,
}
