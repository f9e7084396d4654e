"""What changed between two runs, row by row, and because of which input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from codemerge.answers.inputs_changed import Change, inputs_changed
from codemerge.answers.run_tables import RunTables
from codemerge.library.privacy import mask_column
from codemerge.rules.page import Entity
from codemerge.tables import spelled_out

DIFFERENCES: dict[str, pl.DataType | type[pl.DataType]] = {
    "table": pl.String,  # records | mappings | crosswalk | combined | conflicts | decisions
    "entity": pl.String,
    "key": pl.String,  # record id, combined code, pair of records, or conflict id
    "change": pl.String,  # added | removed | changed
    "field": pl.String,  # empty unless changed
    "before": pl.String,  # of a list: what is gone
    "after": pl.String,  # of a list: what has come
    "because": pl.String,  # the input: source <file>, decisions, rules, project, identifiers, codemerge
}
_ORDER = ["table", "entity", "key", "field", "change", "before", "after"]
_DERIVED = ("facet_", "text_norm", "words", "unknown", "ambiguous", "evidence_hash", "spans")
_NOTED = 0.01  # a confidence that moved less is not told row by row


@dataclass(frozen=True)
class Difference:
    """Two runs compared.

    Args:
        same: every table is equal (`origins` aside: places of rows, not content).
        inputs: the inputs that differ.
        rows: `DIFFERENCES`.
    """

    same: bool
    inputs: tuple[Change, ...]
    rows: pl.DataFrame


def diff(before: RunTables, after: RunTables) -> Difference:
    """Compare two runs.

    A row's cause is what concerns it directly: a decision about it, a source that its record
    changed in; else whatever else differs between the runs (rules, project, ledger, version).

    Args:
        before: a finished run.
        after: another, normally of the same project, later.
    """
    inputs = inputs_changed(before.summary, after.summary)
    found = [
        *_records(before, after),
        _mappings(before, after),
        _crosswalk(before, after),
        *_combined(before, after),
        _conflicts(before, after),
        _decisions(before, after),
    ]
    rows = pl.concat([f.select(*_HELD) for f in found])
    rows = _with_causes(rows, before, after, inputs).select(*DIFFERENCES).sort(_ORDER)
    return Difference(same_tables(before, after), inputs, rows)


def same_tables(before: RunTables, after: RunTables) -> bool:
    """Say whether every table of two runs is equal, `origins` aside."""
    if before.records.keys() != after.records.keys():
        return False
    pairs = [(before.records[e], after.records[e]) for e in after.records]
    pairs += [(before.combined[e], after.combined[e]) for e in after.records]
    pairs += [(getattr(before, n), getattr(after, n)) for n in ("crosswalk", "conflicts", "decisions")]
    # In a run just made the waterfalls are numbers, in one read back they are text.
    pairs.append((before.mappings.with_columns(spelled_out()), after.mappings.with_columns(spelled_out())))
    return all(a.equals(b, null_equal=True) for a, b in pairs)


# `_ids` are the records a difference is about: causes are found through them.
_HELD = ["table", "entity", "key", "change", "field", "before", "after", "_ids", "_decided"]


def _compare(
    before: pl.DataFrame,
    after: pl.DataFrame,
    key: str,
    fields: Sequence[str],
    ids: pl.Expr,
    table: str,
    entity: pl.Expr,
) -> pl.DataFrame:
    """Return rows added, removed and changed (one per field) between two frames with a unique key."""
    parts = []
    mark = pl.lit(value=True)
    joined = (
        before.with_columns(_was=mark)
        .join(after.with_columns(_is=mark), on=key, how="full", suffix="__after", coalesce=True)
        .with_columns(pl.col("_was", "_is").fill_null(value=False))
    )
    for word, there in (("added", ~pl.col("_was")), ("removed", ~pl.col("_is"))):
        parts.append(
            joined.filter(there).with_columns(
                change=pl.lit(word), field=pl.lit(""), before=_NONE, after=_NONE
            )
        )
    both = joined.filter(pl.col("_was") & pl.col("_is"))
    for name in fields:
        a, b = pl.col(name), pl.col(f"{name}__after")
        parts.append(
            both.filter(a.ne_missing(b)).with_columns(
                change=pl.lit("changed"),
                field=pl.lit(name),
                before=_text(a, b, before.schema[name]),
                after=_text(b, a, before.schema[name]),
            )
        )
    return pl.concat(
        [
            p.select(
                table=pl.lit(table), entity=entity, key=pl.col(key), change="change", field="field",
                before="before", after="after", _ids=ids, _decided=_decided(p),
            )
            for p in parts
        ]
    )  # fmt: skip


_NONE = pl.lit(None, pl.String)


def _text(value: pl.Expr, other: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Return a value as text; of a list only what the other one lacks."""
    if not isinstance(kind, pl.List):
        return value.cast(pl.String)
    own = value.fill_null([]).list.set_difference(other.fill_null([]))
    return own.list.sort().list.join(", ", ignore_nulls=True)


def _decided(frame: pl.DataFrame) -> pl.Expr:
    """Return whether a difference comes with a new decision."""
    if "decision_id" not in frame.columns:
        return pl.lit(value=False)
    changed = pl.col("decision_id").ne_missing(pl.col("decision_id__after"))
    return changed & pl.coalesce("decision_id__after", "decision_id").is_not_null()


def _either(name: str) -> pl.Expr:
    return pl.coalesce(name, f"{name}__after")


def _records(before: RunTables, after: RunTables) -> Iterable[pl.DataFrame]:
    for entity in sorted({*before.records, *after.records}):
        page = after.rules.entities.get(entity) or before.rules.entities.get(entity)
        old, new = _both(before.records, after.records, entity)
        shared = [c for c in old.columns if c in new.columns and c not in ("record_id", "entity", "region")]
        fields = [
            c for c in shared if c != "evidence_hash" and not isinstance(old.schema[c], pl.List | pl.Struct)
        ]
        fields += [c for c in shared if c.startswith("facet_")]
        old, new = (_masked(f.select("record_id", *fields), page) for f in (old, new))
        ids = pl.concat_list("record_id")
        yield _compare(old, new, "record_id", fields, ids, "records", pl.lit(entity))


def _combined(before: RunTables, after: RunTables) -> Iterable[pl.DataFrame]:
    for entity in sorted({*before.combined, *after.combined}):
        page = after.rules.entities.get(entity) or before.rules.entities.get(entity)
        old, new = _both(before.combined, after.combined, entity)
        fields = [c for c in old.columns if c in new.columns and c not in ("combined_code", "cluster_id")]
        old, new = (_masked(f.select("combined_code", *fields), page) for f in (old, new))
        ids = pl.coalesce("members__after", "members")
        yield _compare(old, new, "combined_code", fields, ids, "combined", pl.lit(entity))


def _both(
    old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame], entity: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a table of both runs; where one run lacks it, without rows."""
    if entity not in old:
        return new[entity].clear(), new[entity]
    return old[entity], new.get(entity, old[entity].clear())


def _masked(frame: pl.DataFrame, page: Entity | None) -> pl.DataFrame:
    """Hide sensitive values; two that differ behind the mask no longer show, as they must not."""
    hidden = [f.name for f in page.field if f.sensitive and f.name in frame.columns] if page else []
    return frame.with_columns(mask_column(pl.col(name)).alias(name) for name in hidden)


def _mappings(before: RunTables, after: RunTables) -> pl.DataFrame:
    fields = ["relationship", "status", "decision_id"]
    names = ["entity", "region_l", "code_l", "region_r", "code_r"]
    old, new = (
        r.mappings.select("mapping_id", *names, *fields, "confidence").unique(
            "mapping_id", keep="first", maintain_order=True
        )
        for r in (before, after)
    )
    ids = pl.concat_list(
        pl.concat_str(
            [_either("entity"), _either(f"region_{s}"), _either(f"code_{s}").fill_null("")], separator="/"
        )
        for s in ("l", "r")
    )
    out = _compare(old, new, "mapping_id", [*fields, "confidence"], ids, "mappings", _either("entity"))
    moved = (
        pl.col("before").cast(pl.Float64, strict=False) - pl.col("after").cast(pl.Float64, strict=False)
    ).abs()
    out = out.filter((pl.col("field") != "confidence") | (moved >= _NOTED).fill_null(value=True))
    return out.with_columns(key=pl.col("_ids").list.join(" – "))


def _crosswalk(before: RunTables, after: RunTables) -> pl.DataFrame:
    fields = ["combined_code", "relationship", "status", "condition"]
    texts = [pl.col(f).drop_nulls().unique().sort().str.join(", ").alias(f) for f in fields]
    old, new = (
        r.crosswalk.group_by("record_id", maintain_order=True).agg(pl.first("entity"), *texts)
        for r in (before, after)
    )
    return _compare(
        old, new, "record_id", fields, pl.concat_list("record_id"), "crosswalk", _either("entity")
    )


def _conflicts(before: RunTables, after: RunTables) -> pl.DataFrame:
    key = pl.concat_str(["check", "conflict_id", "status"], separator=" ").alias("key")
    fields = ["severity", "annual_volume", "record_ids"]
    old, new = (
        r.conflicts.select(key, "entity", *fields).unique("key", keep="first", maintain_order=True)
        for r in (before, after)
    )
    ids = pl.coalesce("record_ids__after", "record_ids")
    return _compare(old, new, "key", fields, ids, "conflicts", _either("entity"))


def _decisions(before: RunTables, after: RunTables) -> pl.DataFrame:
    old, new = (
        r.decisions.select("entity", key="decision_id").unique("key", keep="first", maintain_order=True)
        for r in (before, after)
    )
    nobody = pl.lit([], pl.List(pl.String))
    out = _compare(old, new, "key", [], nobody, "decisions", _either("entity"))
    return out.with_columns(_decided=pl.lit(value=True))


def _with_causes(
    rows: pl.DataFrame, before: RunTables, after: RunTables, inputs: tuple[Change, ...]
) -> pl.DataFrame:
    every = list(dict.fromkeys(c.kind for c in inputs))
    kinds = [k for k in every if k != "identifiers"] or every
    rows = rows.with_row_index("_n")
    about = (
        rows.select("_n", "_ids")
        .explode("_ids", empty_as_null=True)
        .rename({"_ids": "record_id"})
        .drop_nulls()
    )
    said = _newly_decided(before, after)
    told = (
        about.join(said, on="record_id", how="semi")
        .select("_n")
        .unique()
        .with_columns(_told=pl.lit(value=True))
    )
    places = (
        about.join(_newly_written(rows, before, after), on="record_id")
        .group_by("_n")
        .agg(pl.col("file").unique().sort().str.join(", ").alias("_files"))
    )
    source = pl.lit("source ") + pl.col("_files")
    return (
        rows.join(told, on="_n", how="left")
        .join(places, on="_n", how="left")
        .with_columns(
            because=pl.when("_decided")
            .then(pl.lit("decisions"))
            .when(pl.col("_files").is_not_null())
            .then(source)
            .when(pl.col("_told") & (pl.col("table") != "records"))
            .then(pl.lit("decisions"))
            .otherwise(pl.lit(" + ".join(kinds)))
        )
    )


def _newly_decided(before: RunTables, after: RunTables) -> pl.DataFrame:
    """Return the records that decisions only one of the runs has are about."""
    apart = pl.concat(
        [
            a.decisions.join(b.decisions.select("decision_id"), on="decision_id", how="anti")
            for a, b in ((before, after), (after, before))
        ]
    )
    sides = [
        apart.select(
            record_id=pl.concat_str(
                [pl.col(c).fill_null("") for c in ("entity", f"region_{s}", f"code_{s}")], separator="/"
            )
        )
        for s in ("l", "r")
    ]
    return pl.concat(sides).unique()


def _newly_written(rows: pl.DataFrame, before: RunTables, after: RunTables) -> pl.DataFrame:
    """Return ``record_id, file`` of records whose own fields differ, from the run that holds them."""
    raw = rows.filter(
        (pl.col("table") == "records")
        & ~pl.any_horizontal(pl.col("field").str.starts_with(p) for p in _DERIVED)
    )
    places = pl.concat([after.origins, before.origins]).select("record_id", "file").unique()
    return raw.select(record_id="key").unique().join(places, on="record_id").unique()
