"""Checks of what hangs on the catalogs: order forms, rules that match on text, deadlines, rights, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from codemerge.library.cells import as_decimal
from codemerge.library.checks.references import references_of
from codemerge.library.checks.world import World, as_findings, in_use, meant, named, nothing
from codemerge.library.filled import fill, filled

if TYPE_CHECKING:
    from codemerge.rules.check import Check
    from codemerge.rules.page import Entity


def _fates(world: World, entity: str) -> pl.DataFrame:
    """Return per record of an entity ``to_id, region, to, _label, _active, _new, _new_label``.

    ``_new`` is the combined code, null where there is none; ``_new_label`` the combined name.
    """
    frame, combined = world.of(entity), world.combined.get(entity)
    if frame is None:
        texts = dict.fromkeys(("to_id", "region", "to", "_label", "_new", "_new_label"), pl.String)
        return pl.DataFrame(schema={**texts, "_active": pl.Boolean, "usable": pl.Boolean})
    out = frame.select(
        pl.col("record_id").alias("to_id"),
        "region",
        pl.col("code").alias("to"),
        pl.col("label").alias("_label"),
        pl.col("active").fill_null(value=True).alias("_active"),
        "usable",
    ).join(
        world.codes_of(entity).rename({"record_id": "to_id", "combined_code": "_new"}),
        on="to_id",
        how="left",
        maintain_order="left",
    )
    if combined is None or "label" not in combined.columns:
        return out.with_columns(_new_label=pl.lit(None, pl.String))
    names = combined.select(_new="combined_code", _new_label="label")
    return out.join(names, on="_new", how="left", maintain_order="left")


def order_out_of_step(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """What can be ordered leads to a code that is retired or will not be carried; lesser: gets a new code.

    ``given.field``: the reference to what is ordered.
    """
    frame, field = world.of(entity.id), entity.field_named(check.given["field"])
    if frame is None or field is None or not field.references:
        return nothing()
    refs = references_of(in_use(frame), field).join(
        _fates(world, field.references), on=["region", "to"], suffix="_to"
    )
    gone = ~pl.col("_active") | (pl.col("_new").is_null() & pl.col("usable"))
    renamed = (pl.col("_new") != pl.col("to")).fill_null(value=False)
    return as_findings(
        refs.filter(gone | renamed).select(
            pl.concat_list("record_id", "to_id").alias("record_ids"),
            pl.lit(field.name).alias("field"),
            pl.concat_list(fill("{} → {}", "to", pl.col("_new").fill_null("–"))).alias("values"),
            pl.when(gone)
            .then(fill("{}/{}", "region", "to"))
            .otherwise(fill("{}/→", "region"))
            .alias("cause"),
            (~gone).alias("lesser"),
        )
    )


def rule_stops_matching(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A rule matches on codes or names that the merge changes (``*`` and ``%`` in a pattern: anything).

    ``given.exams``: the reference to what the rule names itself; ``given.pattern`` and
    ``given.matches_on``: the fields that hold its pattern, and whether it looks at code or text.
    """
    frame, field = world.of(entity.id), entity.field_named(check.given["exams"])
    if frame is None or field is None or not field.references:
        return nothing()
    fates = _fates(world, field.references).filter(pl.col("_new").is_not_null())
    if fates.is_empty():
        return nothing()
    rules = in_use(frame).with_columns(_on=meant(entity, check.given["matches_on"]).fill_null("code"))
    new_code, new_name = (
        pl.col("_new") != pl.col("to"),
        (pl.col("_new_label") != pl.col("_label")).fill_null(value=False),
    )
    named_ones = (
        references_of(rules, field)
        .join(fates, on=["region", "to"], suffix="_to")
        .join(rules.select("record_id", "_on"), on="record_id")
    )
    hits = [
        named_ones.filter(pl.when(pl.col("_on") == "text").then(new_name).otherwise(new_code)).select(
            "record_id", "to_id"
        )
    ]
    pattern = check.given["pattern"]
    patterns = rules.filter(filled(pattern)).select("record_id", "region", "_on", _like=_as_regex(pattern))
    # One pass over the names per rule: rules are few, and each carries its own pattern.
    for rule_id, region, on, like in patterns.rows():
        texts = fates.filter((pl.col("region") == region) & (new_name if on == "text" else new_code))
        cell = pl.col("_label" if on == "text" else "to").fill_null("")
        whole = f"(?i){like}" if on == "text" else f"(?i)^(?:{like})$"
        hits.append(
            texts.filter(cell.str.contains(whole)).select(pl.lit(rule_id).alias("record_id"), "to_id")
        )
    found = pl.concat(hits).unique().join(frame.select("record_id", "region", "code"), on="record_id")
    return as_findings(
        found.sort("record_id", "to_id").select(
            pl.concat_list("record_id", "to_id").alias("record_ids"),
            pl.lit(pattern).alias("field"),
            pl.concat_list(pl.col("to_id").str.splitn("/", 2).struct.field("field_1")).alias("values"),
            named().alias("cause"),
        )
    )


def _as_regex(column: str) -> pl.Expr:
    """Turn a pattern with wildcards to a linear-time expression; everything else is taken literally."""
    escaped = pl.col(column).str.strip_chars().str.replace_all(r"([\\.^$|?+(){}\[\]\-])", r"\$1")
    return escaped.str.replace_all(r"[*%]+", ".*")


def deadlines(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """Priorities that become one differ in how soon (``given.field``, in hours).

    A record whose deadline becomes longer is in danger; lesser where it becomes shorter, or is
    unknown on one side. Equal codes of two regions that are kept apart count as well: whoever
    types the code from habit gets the other deadline.
    """
    frame, name = world.of(entity.id), check.given["field"]
    if frame is None or name not in frame.columns:
        return nothing()
    hours = as_decimal(pl.col(name).str.extract(r"(-?[\d.,]+)", 1))
    rows = frame.filter("usable").select("record_id", "region", "code", _hours=hours)
    pairs = world.pairs_in(entity.id).filter(pl.col("relationship") == "equivalent")
    joined = pairs.select("l", "r", _habit=pl.lit(value=False))
    twins = rows.join(rows, on="code", suffix="_2").filter(pl.col("record_id") < pl.col("record_id_2"))
    twins = twins.select(l="record_id", r="record_id_2", _habit=pl.lit(value=True)).join(
        joined, on=["l", "r"], how="anti"
    )
    twins = twins.join(joined.select(l="r", r="l"), on=["l", "r"], how="anti")
    both = pl.concat([joined, twins])
    for side in ("l", "r"):
        both = both.join(
            rows.rename({c: f"{c}_{side}" for c in ("region", "code", "_hours")}),
            left_on=side,
            right_on="record_id",
        )
    codes = world.crosswalk_of(entity.id).filter(pl.col("combined_code").is_not_null())
    combined = world.combined.get(entity.id)
    if combined is None or name not in combined.columns:
        both = both.with_columns(_new=pl.lit(None, pl.Float64))
    else:
        kept = codes.join(combined.select("combined_code", _new=hours), on="combined_code").unique(
            "record_id", keep="first", maintain_order=True
        )
        both = both.join(kept.select(l="record_id", _new="_new"), on="l", how="left")
    differs = pl.col("_hours_l") != pl.col("_hours_r")
    shorter = pl.min_horizontal("_hours_l", "_hours_r")
    # A pair that ends at the shorter of its deadlines puts nobody at risk.
    safe = ~pl.col("_habit") & (pl.col("_new") <= shorter).fill_null(value=False)
    unknown = (pl.col("_hours_l").is_null() != pl.col("_hours_r").is_null()) & ~pl.col("_habit")
    hits = both.with_columns(_lesser=unknown | safe).filter(differs.fill_null(value=False) | unknown)
    return as_findings(
        hits.select(
            pl.concat_list("l", "r").alias("record_ids"),
            pl.lit(name).alias("field"),
            pl.concat_list(
                fill(
                    "{}/{}: {}",
                    f"region_{s}",
                    f"code_{s}",
                    pl.col(f"_hours_{s}").cast(pl.String).fill_null("?"),
                )
                for s in ("l", "r")
            ).alias("values"),
            fill("{}/{} – {}/{}", "region_l", "code_l", "region_r", "code_r").alias("cause"),
            pl.col("_lesser").alias("lesser"),
        )
    )


def rights_grow(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """A record's members gain rights when it is folded into the combined one (``given.fields``).

    Lists are compared as sets, flags by their yes. Whoever had the role before would have more after.
    """
    frame, combined = world.of(entity.id), world.combined.get(entity.id)
    names = [n for n in check.given["fields"] if entity.field_named(n)]
    if frame is None or combined is None or combined.is_empty() or not names:
        return nothing()
    placed = world.crosswalk_of(entity.id).filter(pl.col("combined_code").is_not_null())
    folded = (
        placed.filter(pl.col("record_id").n_unique().over("combined_code") > 1)
        .select("record_id", "combined_code")
        .unique()
    )
    if folded.is_empty():
        return nothing()
    rows = folded.join(frame.select("record_id", "region", "code", *names), on="record_id").join(
        combined.select("combined_code", *(pl.col(n).alias(f"{n}_new") for n in names)), on="combined_code"
    )
    found = []
    for name in names:
        rule = entity.field_named(name)
        if rule is not None and rule.type == "flag":
            gains = (_yes(entity, name, f"{name}_new") & ~_yes(entity, name, name)).fill_null(value=False)
            extra = pl.concat_list(pl.lit(rule.title.say(world.project.language)))
        else:
            separator = (rule.separator if rule else None) or ","
            extra = _items(f"{name}_new", separator).list.set_difference(_items(name, separator))
            gains = extra.list.len() > 0
        found.append(
            rows.filter(gains).select(
                pl.concat_list("record_id").alias("record_ids"),
                pl.lit(name).alias("field"),
                extra.list.sort().alias("values"),
                pl.col("combined_code").alias("cause"),
            )
        )
    return as_findings(pl.concat(found))


def _items(column: str, separator: str) -> pl.Expr:
    parts = pl.col(column).fill_null("").str.to_lowercase().str.split(separator)
    return (
        parts.list.eval(pl.element().str.strip_chars())
        .list.unique()
        .list.set_difference(pl.lit([""], dtype=pl.List(pl.String)))
    )


def _yes(entity: Entity, name: str, column: str) -> pl.Expr:
    rule = entity.field_named(name)
    words = [k.lower() for k, v in (rule.values.items() if rule else ()) if v == "yes"] + ["yes"]
    return pl.col(column).fill_null("").str.strip_chars().str.to_lowercase().is_in(words)


def link_disagrees(world: World, check: Check, entity: Entity) -> pl.DataFrame:
    """The two ends of a link say different things of one facet (``given.ends``, ``given.facet``)."""
    frame, facet = world.of(entity.id), f"facet_{check.given['facet']}"
    fields = [entity.field_named(n) for n in check.given["ends"]]
    if frame is None or any(f is None or not f.references for f in fields):
        return nothing()
    rows = in_use(frame.select("record_id", "region", "code", "active", *(str(f.name) for f in fields if f)))
    for n, field in enumerate(fields):
        target = world.of(str(field.references)) if field else None
        if field is None or target is None or facet not in target.columns:
            return nothing()
        cells = target.select(
            "region", pl.col("code").alias(f"_to_{n}"), pl.col(facet).alias(f"facet_{n}")
        ).unique(["region", f"_to_{n}"], keep="first", maintain_order=True)
        rows = rows.with_columns(pl.col(field.name).str.strip_chars().alias(f"_to_{n}")).join(
            cells, on=["region", f"_to_{n}"], how="left", maintain_order="left"
        )
    apart = rows.filter(
        (pl.col("facet_0").list.set_intersection("facet_1").list.len() == 0).fill_null(value=False)
    ).with_columns(_a=pl.col("facet_0").list.join("+"), _b=pl.col("facet_1").list.join("+"))
    near = world.rules.vocabulary
    kinds = [
        (a, b)
        for a, b in apart.select("_a", "_b").unique().rows()
        if not any(near.is_near(check.given["facet"], x, y) for x in a.split("+") for y in b.split("+"))
    ]
    clash = pl.DataFrame(kinds, schema={"_a": pl.String, "_b": pl.String}, orient="row")
    return as_findings(
        apart.join(clash, on=["_a", "_b"], how="semi").select(
            pl.concat_list("record_id").alias("record_ids"),
            pl.lit("code").alias("field"),
            pl.concat_list(fill("{} ({} ≠ {})", "code", "_a", "_b")).alias("values"),
            fill("{}/{} ≠ {}", "region", "_a", "_b").alias("cause"),
        )
    )


CHECKS = {
    "order_out_of_step": order_out_of_step,
    "rule_stops_matching": rule_stops_matching,
    "deadlines": deadlines,
    "rights_grow": rights_grow,
    "link_disagrees": link_disagrees,
}
