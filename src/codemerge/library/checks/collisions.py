"""Checks of what two regions use for different things: codes, names, titles, endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from codemerge.library.checks.difference import facet_difference, text_similarity
from codemerge.library.checks.world import (
    World,
    findings,
    holds,
    known_fields,
    meant,
    named,
    nothing,
    with_record_ids,
)
from codemerge.library.cleaners import cleaned, cleaned_column
from codemerge.library.filled import fill, filled
from codemerge.library.identity import short_hashes
from codemerge.library.proposals import Shape, default_prefix, propose_names
from codemerge.model import Status

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity


def same_code(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """One code means different things in two regions.

    Pairs that the mappings hold to be one thing are left to the checks on pairs. What shows a
    difference: ``given.facets`` (``all``: the page's), ``given.differs`` (fields that must agree),
    ``given.text`` (least similarity of the names, 0–100, where nothing else tells), or
    ``given.always``. ``given.same_if``: fields whose agreement shows it is one thing. A person who
    has kept the two apart has said that they differ; two retired records differ at most lesser.
    """
    frame = world.of(entity.id)
    if frame is None or entity.key:
        return nothing()
    pairs = _equal_codes(world, entity, _compared(check, entity, frame))
    found = [hits for some in pairs if not (hits := _hits(world, check, entity, some)).is_empty()]
    if not found:
        return nothing()
    hits = pl.concat(found)
    codes = world.codes_of(entity.id)
    for side in ("l", "r"):
        hits = hits.join(
            codes.rename({"record_id": side, "combined_code": f"_new_{side}"}),
            on=side,
            how="left",
            maintain_order="left",
        )
    fresh = [
        pl.when(pl.col(f"_new_{s}") != pl.col("code_l")).then(fill("{} → {}", named(s), f"_new_{s}"))
        for s in ("l", "r")
    ]
    labels = [fill("{}: {}", f"region_{s}", _label(entity, s, hits)) for s in ("l", "r")]
    return findings(
        hits,
        record_ids=pl.concat_list("l", "r"),
        field=pl.lit("code"),
        values=pl.concat_list(labels),
        cause=pl.col("code_l"),
        detail=pl.col("_detail"),
        proposal=pl.concat_str(fresh, separator=", ", ignore_nulls=True),
        lesser=~pl.col("_full"),
    )


def _hits(world: World, check: Check, entity: Entity, pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs of equal codes that mean, or may mean (``_mild``), different things."""
    pairs, full, mild = _differences(world, check, entity, pairs)
    rejected = world.mappings_of(entity.id).filter(pl.col("status") == Status.REJECTED.value)
    kept_apart = with_record_ids(rejected)
    pairs = pairs.join(
        kept_apart.select("l", "r", _apart=pl.lit(value=True)).unique(), on=["l", "r"], how="left"
    )
    full = full | pl.col("_apart").fill_null(value=False)
    buried = ~(pl.col("active_l").fill_null(value=True) | pl.col("active_r").fill_null(value=True))
    mild, full = mild | (full & buried), full & ~buried
    return pairs.with_columns(_full=full, _mild=mild).filter(pl.col("_full") | pl.col("_mild"))


def _compared(check: Check, entity: Entity, frame: pl.DataFrame) -> pl.DataFrame:
    """Return usable records whose code another record has too, with what is compared of them."""
    given = check.given
    facets = entity.facets if given.get("facets") == "all" else given.get("facets", [])
    fields = [*given.get("differs", []), *given.get("same_if", []), *(f"facet_{f}" for f in facets)]
    head = ["record_id", "region", "code", "active", "label", "text_norm"]
    wanted = known_fields(frame, dict.fromkeys([*head, *fields]))
    rows = frame.select(*wanted, "usable").filter(pl.col("usable") & pl.col("code").is_duplicated())
    return rows.select(wanted)


def _label(entity: Entity, side: str, frame: pl.DataFrame) -> pl.Expr:
    rule = entity.field_named("label")
    column = f"label_{side}"
    if rule is None or rule.sensitive or column not in frame.columns:
        return pl.col(f"code_{side}")
    return pl.col(column).fill_null("")


def _equal_codes(world: World, entity: Entity, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pair records of different regions that share a code and aren't held to be one thing.

    Yields:
        The pairs of one left region: those of many regions, side by side with all that is compared
        of them, would take more memory than anything else.
    """
    clusters = world.clusters.rename({"cluster_id": "_cluster"})
    rows = frame.filter(pl.col("region").n_unique().over("code") > 1)
    rows = rows.join(clusters, on="record_id", how="left", maintain_order="left")
    joined = (pl.col("_cluster_l") == pl.col("_cluster_r")).fill_null(value=False)
    chosen = world.pairs_in(entity.id).select("l", "r")
    regions = world.project.regions
    for n, left in enumerate(regions):
        one, *others = (
            rows.filter(pl.col("region") == r).rename({c: f"{c}_{s}" for c in rows.columns})
            for r, s in ((left, "l"), *((right, "r") for right in regions[n + 1 :]))
        )
        found = [
            one.join(other, left_on="code_l", right_on="code_r", coalesce=False, maintain_order="left")
            for other in others
        ]
        if any(not pairs.is_empty() for pairs in found):
            pairs = pl.concat(found).rename({"record_id_l": "l", "record_id_r": "r"})
            pairs = pairs.filter(~joined).join(chosen, on=["l", "r"], how="anti")
            if not pairs.is_empty():
                yield pairs


def _differences(
    world: World, check: Check, entity: Entity, pairs: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Expr, pl.Expr]:
    """Return the pairs with ``_detail``, and what makes a difference full or lesser."""
    given, none = check.given, pl.lit(value=False)
    if given.get("always"):
        return pairs.with_columns(_detail=pl.lit("")), pl.lit(value=True), none
    facets = given.get("facets", [])
    pairs = facet_difference(world, pairs, entity.facets if facets == "all" else facets)
    differs, perhaps = pl.col("_differs"), pl.col("_perhaps")
    for name in known_fields(pairs, [f"{n}_l" for n in given.get("differs", [])]):
        differs = differs | _unlike(name)
    same = none
    for name in known_fields(pairs, [f"{n}_l" for n in given.get("same_if", [])]):
        same = same | (~_unlike(name) & filled(name) & filled(f"{name[:-2]}_r"))
    if "text" in given:
        # Two facets that agree and none in doubt outweigh a text that is written otherwise.
        pairs = pairs.with_columns(_like=text_similarity(pairs["text_norm_l"], pairs["text_norm_r"]))
        told = (pl.col("_agree") >= 2) & ~pl.col("_perhaps")
        differs = differs | ((pl.col("_like") < given["text"]) & ~told)
    return pairs, differs & ~same, perhaps & ~differs & ~same


def _unlike(left: str) -> pl.Expr:
    """Say whether two fields, both filled, hold different letters or digits."""
    values = [cleaned(pl.col(c), ["joined"]) for c in (left, f"{left[:-2]}_r")]
    return (values[0] != values[1]).fill_null(value=False)


def same_value(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Records that are different things hold the same value.

    ``given.fields``: the value (several fields: all of them together, all filled);
    ``given.clean``: cleaners run first; ``given.scope``: ``regions`` (only across regions) or
    ``any``; ``given.with_entities``: other entities holding such a field too; ``given.differs``:
    only where this field, filled on both, differs too; ``given.part_of``: the field that names what
    a record is part of (a machine's room), whose own value is the same thing; ``given.variants``:
    only where the values as written differ (in case, say); ``given.where``: field → meaning;
    ``given.keep_retired``: also among retired records; ``given.together``: records of one
    cluster count as well. ``given.by_region``: one conflict per set of regions instead of per
    value, where one decision (a naming rule, say) settles all. ``given.propose``: the `Shape` of a new value.
    """
    given = check.given
    rows = _gathered(world, check, entity)
    if rows is None or rows.is_empty():
        return nothing()
    if given.get("scope", "regions") == "regions":
        rows = rows.filter(_unlike_in_group("_order"))
    if not given.get("together"):
        rows = rows.join(world.clusters, on="record_id", how="left", maintain_order="left").with_columns(
            _thing=pl.coalesce("cluster_id", "record_id")
        )
        rows = rows.filter(_unlike_in_group("_thing"))
    for name in given.get("differs", []):
        rows = rows.with_columns(_told(name)).filter(_unlike_in_group(f"_differs_{name}"))
    raw = pl.concat_str([pl.col(f).str.strip_chars() for f in given["fields"]], separator=" ")
    rows = rows.with_columns(raw.alias("_raw"))
    if given.get("variants"):
        rows = rows.filter(_unlike_in_group("_raw"))
    if rows.is_empty():
        return nothing()
    regions = pl.col("region").sort_by("_order").unique(maintain_order=True).str.join("–").over("_value")
    if not given.get("by_region"):
        rows = rows.with_columns(_opaque(entity, given["fields"], rows["_value"]).alias("_cause"))
    return findings(
        _with_proposals(world, rows, check),
        record_ids=pl.concat_list("record_id"),
        field=pl.lit("+".join(given["fields"])),
        values=pl.concat_list("_raw"),
        cause=regions if given.get("by_region") else pl.col("_cause"),
        proposal=pl.col("proposal"),
    )


def _unlike_in_group(column: str) -> pl.Expr:
    """Say whether the records that share a value differ in something."""
    return (pl.col(column).min() != pl.col(column).max()).over("_value").fill_null(value=False)


def _opaque(entity: Entity, fields: list[str], values: pl.Series) -> pl.Series:
    """Return the shared values as causes; personal data only as hashes that can be found again."""
    rules = [entity.field_named(f) for f in fields]
    if any(rule is not None and rule.sensitive for rule in rules):
        different = values.unique()
        return values.replace_strict(different, short_hashes(different), return_dtype=pl.String)
    return values


def _gathered(world: World, check: Check, entity: Entity) -> pl.DataFrame | None:
    """Return the records of all entities asked for that share a value with another.

    ``record_id, region, code, _order``, the fields and what must differ as written, and ``_value``.
    """
    given = check.given
    order = {region: n for n, region in enumerate(world.project.regions)}
    asked = dict.fromkeys([*given["fields"], *given.get("differs", [])])
    shown = [name for name in asked if name not in {"record_id", "region", "code"}]
    held: list[tuple[pl.DataFrame, pl.Series]] = []
    for name in [entity.id, *given.get("with_entities", [])]:
        frame, page = world.of(name), world.rules.entities.get(name)
        if frame is None or page is None or not all(holds(frame, f) for f in given["fields"]):
            continue
        held.append((frame, _values(frame, page, given)))
    if not held:
        return None
    # Values first: all else is fetched for the few records that share one.
    every = pl.concat([values for _, values in held])
    shared = every.is_duplicated() & every.is_not_null()
    if not shared.any():
        return None
    found, start = [], 0
    for frame, values in held:
        at = shared.slice(start, frame.height).arg_true()
        start += frame.height
        wanted = dict.fromkeys(["record_id", "region", "code", *shown, given.get("part_of")])
        rows = frame.select(c for c in wanted if c in frame.columns)[at]
        found.append(
            rows.select(
                "record_id",
                "region",
                "code",
                *(_or_null(frame, c).cast(pl.String).alias(c) for c in shown),
                values.gather(at).alias("_value"),
                _or_null(frame, given.get("part_of")).str.strip_chars().alias("_part_of"),
            )
        )
    rows = pl.concat(found)
    if holds(rows, "_part_of"):
        rows = _without_parts(rows)
        rows = rows.filter(pl.col("_value").is_duplicated())
    place = pl.col("region").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    return rows.with_columns(place.alias("_order"))


def _values(frame: pl.DataFrame, page: Entity, given: Mapping[str, Any]) -> pl.Series:
    """Return what each record holds, cleaned; null where it holds nothing, or isn't looked at."""
    kept = [] if given.get("keep_retired") else [pl.col("active").fill_null(value=True)]
    for where, value in given.get("where", {}).items():
        kept.append(meant(page, where) == value if where in frame.columns else pl.lit(value=False))
    clean = given.get("clean", ["same_case"])
    each = [_cleaned_each(frame[f], clean).alias(str(n)) for n, f in enumerate(given["fields"])]
    values = each[0] if len(each) == 1 else pl.select(pl.concat_str(each, separator=" ")).to_series()
    if kept:
        values = frame.select(pl.when(pl.all_horizontal(kept)).then(values)).to_series()
    return values.alias("_value")


def _without_parts(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop what a part of it says too: a machine and the room it stands in carry one value as one thing."""
    whole = rows.filter(pl.col("_part_of").is_not_null()).select(
        "region", "_value", code="_part_of", _covered=pl.lit(value=True)
    )
    return (
        rows.join(whole.unique(), on=["region", "_value", "code"], how="left", maintain_order="left")
        .filter(~(pl.col("_covered").fill_null(value=False) & pl.col("_part_of").is_null()))
        .drop("_covered", "_part_of")
    )


def _cleaned_each(cells: pl.Series, clean: Sequence[str]) -> pl.Series:
    """Clean a column; where the same is said again and again, as names are, each value once."""
    distinct = cells.unique()
    if distinct.len() * 2 > cells.len():
        return cleaned_column(cells.str.strip_chars(), clean)
    own = cleaned_column(distinct.str.strip_chars(), clean)
    told = pl.DataFrame({"v": distinct, "_clean": own})
    return cells.to_frame("v").join(told, on="v", how="left", maintain_order="left")["_clean"]


def _or_null(frame: pl.DataFrame, name: str | None) -> pl.Expr:
    return pl.col(name) if name is not None and name in frame.columns else pl.lit(None, pl.String)


def _told(name: str) -> pl.Expr:
    return pl.when(filled(name)).then(cleaned(pl.col(name), ["same_case"])).alias(f"_differs_{name}")


def _with_proposals(world: World, rows: pl.DataFrame, check: Check) -> pl.DataFrame:
    """Propose a value of its own to every record but the first of each value."""
    shape: dict[str, Any] | None = check.given.get("propose")
    if shape is None or rows.is_empty():
        return rows.with_columns(proposal=pl.lit(""))
    rows = rows.sort("_value", "_order", "record_id")
    later = rows.filter(pl.int_range(pl.len()).over("_value") > 0)
    prefixes = {r: world.project.about(r).prefix or default_prefix(r) for r in world.project.regions}
    wanted = later.select(
        "record_id", name="_raw", prefix=pl.col("region").replace_strict(prefixes, default="X")
    )
    proposed = propose_names(_ever_used(world, check), wanted, Shape(**shape))
    text = proposed.with_columns(
        proposal=fill("{} → {}", pl.col("record_id").str.splitn("/", 2).struct.field("field_1"), "proposal")
    )
    return rows.join(text.select("record_id", "proposal"), on="record_id", how="left").with_columns(
        pl.col("proposal").fill_null("")
    )


def _ever_used(world: World, check: Check) -> list[str]:
    """Return every value of the fields in any region, retired records included."""
    values: list[str] = []
    for frame in world.records.values():
        for name in known_fields(frame, check.given["fields"]):
            values += frame[name].drop_nulls().str.strip_chars().unique().to_list()
    return values


CHECKS = {"same_code": same_code, "same_value": same_value}
