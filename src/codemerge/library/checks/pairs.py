"""Checks of chosen pairs: what differs between two records that are held to be one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cells import as_decimal
from codemerge.library.checks.difference import facet_difference
from codemerge.library.checks.world import World, all_of, findings, holds, nothing, pair_cause
from codemerge.library.cleaners import cleaned
from codemerge.library.filled import fill, filled
from codemerge.model import Relationship

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity, FieldRule

_SAME = (Relationship.EQUIVALENT.value,)
_SIDEWAYS = (Relationship.NARROWER.value, Relationship.BROADER.value)


def pair_facet(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A pair's facets contradict each other (``given.facets``).

    Lesser: said on one side only, near, or part of the other; ``given.one_sided = "full"`` makes
    silence on one side as grave. ``given.sideways``: contradictions of narrower and broader pairs
    count too, where neither side is a combination (both sides, with and without).
    """
    given = check.given
    facets = [f for f in given["facets"] if f in entity.facets]
    columns = [f"facet_{f}" for f in facets]
    pairs = world.pairs_of(entity, columns, (*_SAME, *_SIDEWAYS) if given.get("sideways") else _SAME)
    if pairs.is_empty() or not facets:
        return nothing()
    whole = pl.any_horizontal([_combined(world, f) for f in facets])
    pairs = facet_difference(world, pairs, facets).with_columns(_whole=whole)
    same = pl.col("relationship").is_in(list(_SAME))
    full = pl.col("_differs") & (same | ~pl.col("_whole"))
    if given.get("one_sided") == "full":
        silent = pl.any_horizontal(
            pl.col(f"facet_{f}_l").is_null() != pl.col(f"facet_{f}_r").is_null() for f in facets
        )
        full = full | (silent & same)
    return _of_pairs(pairs, "+".join(facets), full, pl.col("_perhaps") & same & ~full, pl.col("_detail"))


def _combined(world: World, facet: str) -> pl.Expr:
    """Say whether either side's concept means several others together (both sides, both phases)."""
    wholes = sorted(set(world.rules.vocabulary.combine.get(facet, {}).values()))
    sides = [
        pl.col(f"facet_{facet}_{s}").list.set_intersection(pl.lit(wholes, dtype=pl.List(pl.String)))
        for s in ("l", "r")
    ]
    return ((sides[0].list.len() > 0) | (sides[1].list.len() > 0)).fill_null(value=False)


def _of_pairs(
    pairs: pl.DataFrame,
    field: str,
    full: pl.Expr,
    mild: pl.Expr,
    detail: pl.Expr,
    cause: pl.Expr | None = None,
) -> pl.DataFrame:
    hits = pairs.with_columns(_full=full.fill_null(value=False), _mild=mild.fill_null(value=False)).filter(
        pl.col("_full") | pl.col("_mild")
    )
    return findings(
        hits,
        record_ids=pl.concat_list("l", "r"),
        field=pl.lit(field),
        cause=pair_cause() if cause is None else cause,
        detail=detail,
        lesser=~pl.col("_full"),
    )


def part_and_whole(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """One side is a combination of several concepts of ``given.facet``, the other holds fewer of them."""
    facet = check.given["facet"]
    pairs = world.pairs_of(entity, [f"facet_{facet}"], (*_SAME, *_SIDEWAYS))
    if pairs.is_empty():
        return nothing()
    left, right = pl.col(f"facet_{facet}_l"), pl.col(f"facet_{facet}_r")
    some = (left.list.set_intersection(right).list.len() > 0) & (left.list.len() != right.list.len())
    several = pl.max_horizontal(left.list.len(), right.list.len()) > 1
    pairs = facet_difference(world, pairs, [facet])
    return _of_pairs(pairs, facet, some & several, pl.lit(value=False), pl.col("_detail"))


def pair_field(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A field, filled on both sides of a pair, differs (``given.fields``; the kind follows the page).

    Numbers: by more than ``given.ratio`` (of the larger) and ``given.least``. Lists: as sets.
    References: once translated to combined codes. Text: letters and digits only.
    ``given.same``: only pairs whose other fields agree. ``given.words``: full where such a word
    stands on one side only, otherwise lesser. ``given.one_sided``: empty on one side counts, as
    lesser. ``given.by_region``: one conflict per pair of regions instead of per pair of records.
    """
    given, found = check.given, []
    for name in given["fields"]:
        rule, frame = entity.field_named(name), world.of(entity.id)
        if rule is None or frame is None or not holds(frame, name):
            continue
        pairs = world.pairs_of(entity, [name, *given.get("same", [])])
        if pairs.is_empty():
            continue
        for other in given.get("same", []):
            pairs = pairs.filter(filled(f"{other}_l") & (pl.col(f"{other}_l") == pl.col(f"{other}_r")))
        if not rule.references:  # what is written alike is the same; a code names another thing elsewhere
            pairs = pairs.filter(pl.col(f"{name}_l").ne_missing(pl.col(f"{name}_r")))
        if pairs.is_empty():
            continue
        full = _differs(world, rule, given, name, pairs)
        both = filled(f"{name}_l") & filled(f"{name}_r")
        mild = filled(f"{name}_l") != filled(f"{name}_r") if given.get("one_sided") else pl.lit(value=False)
        full = full & both
        if given.get("words"):
            full, mild = _word_on_one_side(name, given["words"]), mild | full
        cause = fill("{}–{}", "region_l", "region_r") if given.get("by_region") else None
        sides = fill("{} ≠ {}", *(pl.col(f"{name}_{s}").fill_null("–") for s in ("l", "r")))
        detail = pl.lit("") if rule.sensitive or given.get("by_region") else sides
        found.append(_of_pairs(pairs, name, full, mild & ~full, detail, cause))
    return all_of(found)


def _differs(
    world: World, rule: FieldRule, given: dict[str, object], name: str, pairs: pl.DataFrame
) -> pl.Expr:
    left, right = pl.col(f"{name}_l"), pl.col(f"{name}_r")
    if rule.type in ("whole", "decimal"):
        one, other = as_decimal(left), as_decimal(right)
        apart = (one - other).abs()
        largest = pl.max_horizontal(one.abs(), other.abs())
        ratio, least = float(str(given.get("ratio", 0.0))), float(str(given.get("least", 0.0)))
        return ((apart > ratio * largest) & (apart > least)).fill_null(value=False)
    if rule.references:
        one, other = (_translated(world, rule, pairs, side) for side in ("l", "r"))
        return (one != other).fill_null(value=False)
    if rule.separator:
        sets = [
            c.str.to_uppercase()
            .str.split(rule.separator)
            .list.eval(pl.element().str.strip_chars())
            .list.unique()
            .list.sort()
            for c in (left, right)
        ]
        return (sets[0] != sets[1]).fill_null(value=False)
    return (cleaned(left, ["joined"]) != cleaned(right, ["joined"])).fill_null(value=False)


def _translated(world: World, rule: FieldRule, pairs: pl.DataFrame, side: str) -> pl.Expr:
    """Return combined codes in place of the region's own; a code without one is no evidence."""
    rows = world.crosswalk_of(str(rule.references)).filter(pl.col("combined_code").is_not_null())
    known = rows.unique(["region", "code"], keep="first", maintain_order=True)
    joined = pairs.select(region=f"region_{side}", code=pl.col(f"{rule.name}_{side}").str.strip_chars()).join(
        known.select("region", "code", "combined_code"),
        on=["region", "code"],
        how="left",
        maintain_order="left",
    )
    return pl.lit(joined["combined_code"])


def _word_on_one_side(name: str, words: list[str]) -> pl.Expr:
    """Say whether any one of the words stands on one side only."""
    sides = [pl.col(f"{name}_{s}").fill_null("") for s in ("l", "r")]
    return pl.any_horizontal(
        sides[0].str.contains(f"(?i){word}") != sides[1].str.contains(f"(?i){word}") for word in words
    )


def pair_lifecycle(world: World, _check: Check, entity: Entity) -> pl.DataFrame:
    """One record of a pair is in use, the other retired; one conflict per direction."""
    pairs = world.pairs_of(entity, ["active"])
    if pairs.is_empty():
        return nothing()
    alive = [pl.col(f"active_{s}").fill_null(value=True) for s in ("l", "r")]
    sides = [fill("{} → {}", f"region_{a}", f"region_{b}") for a, b in (("l", "r"), ("r", "l"))]
    cause = pl.when(alive[0]).then(sides[0]).otherwise(sides[1])
    return _of_pairs(pairs, "status", alive[0] != alive[1], pl.lit(value=False), pl.lit(""), cause)


def same_text_other_facets(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """The same name in two regions stands for records whose columns say different things.

    Lesser where only ``given.normal`` facets differ: where the modality is a column of its own,
    the same text under two modalities is normal.
    """
    frame = world.of(entity.id)
    facets = [f for f in entity.facets if frame is not None and f"facet_{f}" in frame.columns]
    if frame is None or not facets:
        return nothing()
    shown = ["record_id", "region", "code", "text_norm", *(f"facet_{f}" for f in facets)]
    rows = (
        frame.select(*shown, "active", "usable")
        .filter(
            pl.col("active").fill_null(value=True)
            & filled("text_norm")
            & pl.col("usable")
            & pl.col("text_norm").is_duplicated()
        )
        .select(shown)
    )
    # Of most texts the columns say the same everywhere: nothing of theirs need be paired.
    said = pl.struct(f"facet_{f}" for f in facets)
    several = [seen.n_unique().over("text_norm") > 1 for seen in (pl.col("region"), said)]
    rows = rows.filter(pl.all_horizontal(several))
    order = {region: n for n, region in enumerate(world.project.regions)}
    rows = rows.with_columns(_order=pl.col("region").replace_strict(order, default=99, return_dtype=pl.Int64))
    renamed = [rows.rename({c: f"{c}_{s}" for c in rows.columns if c != "text_norm"}) for s in ("l", "r")]
    pairs = (
        renamed[0]
        .join(renamed[1], on="text_norm")
        .filter(
            # Whoever said it is a different thing has decided; equal codes are told by the check on codes.
            (pl.col("_order_l") < pl.col("_order_r")) & (pl.col("code_l") != pl.col("code_r"))
        )
    )
    if pairs.is_empty():
        return nothing()
    normal = [f for f in facets if f in check.given.get("normal", [])]
    pairs = facet_difference(world, pairs, [f for f in facets if f not in normal]).rename(
        {"_differs": "_grave"}
    )
    pairs = facet_difference(world, pairs.drop("_perhaps", "_agree", "_detail"), facets)
    pairs = pairs.rename({"record_id_l": "l", "record_id_r": "r"})
    mild = pl.col("_differs") & ~pl.col("_grave")
    return _of_pairs(pairs, "label", pl.col("_grave"), mild, pl.col("_detail"), pl.col("text_norm"))


CHECKS = {
    "pair_facet": pair_facet,
    "part_and_whole": part_and_whole,
    "pair_field": pair_field,
    "pair_lifecycle": pair_lifecycle,
    "same_text_other_facets": same_text_other_facets,
}
