"""How a review row is worded: what differs, how strong the proposal is and why, side by side.

Words are made once per distinct value and joined back; no loop walks the rows.
"""

from __future__ import annotations

import polars as pl

from codemerge.answers.review_aspects import Aspect, aspects_of, facet_words, facets_in, with_aspects
from codemerge.answers.review_signing import roles_in_words
from codemerge.library.filled import fill
from codemerge.model import Relationship, Status, Verdict
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.titles import doubt_in_words
from codemerge.rules.words import listed, say
from codemerge.tables import TEXT, TEXTS, spelled_out

LIKELY = 0.75  # confidence from which a suggestion is likely; below, it is weak or unclear
_MISSING = "–"
_BETWEEN = "\x1f"
_DECIDED = [Status.ACCEPTED.value, Status.REJECTED.value]


def with_texts(
    rows: pl.DataFrame, entity: Entity, records: pl.DataFrame, rules: Rules, language: str
) -> tuple[pl.DataFrame, tuple[Aspect, ...]]:
    """Add both sides' values and the words about them.

    Args:
        rows: one row per question, as `review_rows` folds them: ``own``, ``partners``, ….
        entity: the page.
        records: the entity's records.
        rules: for the names of facets and concepts.
        language: ``sv`` or ``en``.

    Returns:
        The rows with every column of ``REVIEW`` but the number, and ``aspect_<name>`` columns.
    """
    paired = _with_sides(rows, entity, records)
    aspects = aspects_of(entity, records, rules, language)
    paired = with_aspects(paired, aspects, entity, records, rules, language)
    told = paired.with_columns(
        difference=_difference(paired, entity, aspects, rules, language),
        state=_state(paired),
        split=_split(paired),
    ).with_columns(strength=_strength(entity, language), auto=_auto(language))
    told = told.with_columns(why=_why(told, entity, rules, language))
    kept = [a for a in aspects if (told[f"aspect_{a.name}"] != "").any()]
    return told, tuple(kept)


def label_field(entity: Entity) -> str | None:
    """Return the field people know a record by."""
    return entity.names or next((f.name for f in entity.field if f.name == "label"), None)


def _with_sides(rows: pl.DataFrame, entity: Entity, records: pl.DataFrame) -> pl.DataFrame:
    label = label_field(entity)
    name = pl.col("record_id").str.splitn("/", 3).struct.field("field_2")
    known = records.select(
        "record_id",
        code=name,
        label=(pl.col(label) if label else pl.lit("")).fill_null(""),
        volume=pl.col("volume").fill_null(0),
        evidence="evidence_hash",
        unknown="unknown",
        ambiguous="ambiguous",
        **{f"f_{f}": f"facet_{f}" for f in facets_in(entity, records)},
    )
    first = pl.col("partners").list.first().fill_null("")
    left = pl.col("side") == "l"
    paired = rows.with_columns(
        record_l=pl.when(left).then("own").otherwise(first),
        record_r=pl.when(left).then(first).otherwise("own"),
        confidence=pl.col("top").fill_null(0.0) if "top" in rows.columns else pl.lit(0.0),
        blocking=pl.col("flag_blocks").fill_null(value=False),
    )
    for side in ("l", "r"):
        sided = known.rename({c: f"{c}_{side}" for c in known.columns})
        paired = paired.drop(f"code_{side}", strict=False).join(
            sided, left_on=f"record_{side}", right_on=f"record_id_{side}", how="left", maintain_order="left"
        )
    return paired.with_columns(
        pl.col("code_l", "code_r", "label_l", "label_r").fill_null(""),
        pl.col("volume_l", "volume_r").fill_null(0),
        own_evidence=pl.when(left).then("evidence_l").otherwise("evidence_r").fill_null(""),
        suggestions=_each("partners", known, "code"),
        suggestion_labels=_each("partners", known, "label"),
        suggestion_evidence=_each("partners", known, "evidence"),
    )


def _each(column: str, known: pl.DataFrame, told: str) -> pl.Expr:
    said = pl.element().replace_strict(known["record_id"], known[told], default="", return_dtype=TEXT)
    return pl.col(column).cast(TEXTS).list.eval(said)


def _difference(
    paired: pl.DataFrame, entity: Entity, aspects: tuple[Aspect, ...], rules: Rules, language: str
) -> pl.Series:
    """Say which facets differ; where an entity has none, which of the fields side by side."""
    two = (paired["code_l"] != "") & (paired["code_r"] != "")
    facets = [f for f in entity.facets if f"f_{f}_l" in paired.columns]
    parts = [_facet_difference(paired, f, rules, language).rename(f) for f in facets]
    if not facets:
        parts = [_field_difference(paired, a) for a in aspects if not a.local]
    told = (
        pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)).to_series()
        if parts
        else pl.Series([""] * paired.height, dtype=TEXT)
    )
    alike = paired["label_l"].str.to_lowercase() == paired["label_r"].str.to_lowercase()
    frame = pl.DataFrame({"told": told, "two": two, "alike": alike})
    quiet = pl.when("alike").then(pl.lit("")).otherwise(pl.lit(say("workbook.text.wording", language)))
    return frame.select(
        pl.when(~pl.col("two"))
        .then(pl.lit(""))
        .when(pl.col("told").fill_null("") == "")
        .then(quiet)
        .otherwise("told")
    ).to_series()


def _field_difference(paired: pl.DataFrame, aspect: Aspect) -> pl.Series:
    """Word a field's difference from its column side by side."""
    texts = paired[f"aspect_{aspect.name}"]
    words = {t: f"{aspect.title}: {t}" if " ≠ " in t else None for t in texts.unique().to_list()}
    return texts.replace_strict(words, default=None, return_dtype=TEXT)


def _facet_difference(paired: pl.DataFrame, facet: str, rules: Rules, language: str) -> pl.Series:
    title = rules.facets[facet].title.say(language) if facet in rules.facets else facet
    sides = {s: facet_words(paired[f"f_{facet}_{s}"], facet, rules, language) for s in ("l", "r")}
    frame = pl.DataFrame({**sides, "rl": paired["region_l"], "rr": paired["region_r"]})
    apart = frame.filter(pl.col("l") != pl.col("r")).unique()
    told = [
        say("workbook.text.one_sided", language, title=title, said=left or right, region=rl if left else rr)
        if "" in (left, right)
        else say("workbook.text.differs", language, title=title, left=left, right=right)
        for left, right, rl, rr in apart.rows()
    ]
    words = apart.with_columns(told=pl.Series(told, dtype=TEXT))
    return frame.join(words, on=frame.columns, how="left", maintain_order="left")["told"]


def _by_evidence(paired: pl.DataFrame, entity: Entity, language: str, kind: str) -> pl.Series:
    """Word the evidence of the pair shown: ``same`` lists titles, ``against`` titles and values.

    Returns:
        One text per row; null where there is nothing of the kind.
    """
    empty = pl.Series([None] * paired.height, dtype=TEXT)
    if "evidence" not in paired.columns:
        return empty
    beside = (*entity.facets, *listed("workbook.quiet_against")) if kind == "against" else ()
    quiet = {*listed("workbook.quiet"), *beside}
    titles = {c.of: c.title.say(language) for c in entity.comparison if c.of not in quiet}
    secret = [f.name for f in entity.field if f.secret]
    steps = (
        paired.with_row_index("at")
        .select("at", spelled_out(), "region_l", "region_r")
        .explode("evidence")
        .drop_nulls("evidence")
        .unnest("evidence")
        .filter(pl.col("field").is_in(list(titles)) & ~pl.col("field").is_in(secret))
        .with_columns(title=pl.col("field").replace(titles))
    )
    if kind == "same":
        agree = (pl.col("weight") > 0) & (pl.col("level") == "same") & pl.col("left").is_not_null()
        steps = steps.filter(agree).sort(["at", "weight", "field"], descending=[False, True, False])
        told = pl.col("title").head(4).str.join(", ")
    else:
        steps = steps.filter(pl.col("weight") < 0).sort(["at", "weight", "field"])
        value = fill(
            "{}: {} ≠ {}", "title", pl.col("left").fill_null(_MISSING), pl.col("right").fill_null(_MISSING)
        )
        told = value.head(2).str.join("; ")
    by_row = steps.group_by("at", maintain_order=True).agg(told.alias("told"))
    if by_row.is_empty():
        return empty
    return (
        pl.DataFrame({"at": pl.Series(range(paired.height), dtype=pl.UInt32)})
        .join(by_row, on="at", how="left", maintain_order="left")
        .get_column("told")
    )


def _state(paired: pl.DataFrame) -> pl.Series:
    if "status" not in paired.columns:
        return pl.Series(["open"] * paired.height, dtype=TEXT)
    settled = pl.col("status").is_in([Status.AUTO.value, *_DECIDED]).fill_null(value=False)
    return paired.select(
        pl.when(settled & pl.col("flag_blocks").is_null()).then(pl.lit("done")).otherwise(pl.lit("open"))
    ).to_series()


def _strength(entity: Entity, language: str) -> pl.Expr:
    words = {
        k: pl.lit(say(f"workbook.strength.{k}", language)) for k in ("strong", "likely", "weak", "unclear")
    }
    sure = (
        (pl.col("confidence") >= entity.matching.accept)
        & (pl.col("relationship") == Relationship.EQUIVALENT.value)
        & ~pl.col("difference").str.contains("≠", literal=True)
    ).fill_null(value=False)
    return (
        pl.when((pl.col("code_l") == "") | (pl.col("code_r") == ""))
        .then(words["unclear"])
        .when((pl.col("status") == Status.AUTO.value) | sure)
        .then(words["strong"])
        .when(pl.col("confidence") >= LIKELY)
        .then(words["likely"])
        .when(pl.col("confidence") >= entity.matching.review)
        .then(words["weak"])
        .otherwise(words["unclear"])
    )


def _auto(language: str) -> pl.Expr:
    words = {k: pl.lit(say(f"workbook.text.{k}", language)) for k in ("auto_yes", "auto_sign", "auto_no")}
    auto = (pl.col("status") == Status.AUTO.value).fill_null(value=False)
    return (
        pl.when(auto & (pl.col("state") == "done"))
        .then(words["auto_yes"])
        .when(auto)
        .then(words["auto_sign"])
        .otherwise(words["auto_no"])
    )


def _why(told: pl.DataFrame, entity: Entity, rules: Rules, language: str) -> pl.Series:
    """Say what speaks for and against, what the words leave in doubt, and what has been decided."""
    parts = {
        "own": _right_row(told, language),
        "changed": told["changed"],
        "decided": _decided(told, language),
        "split": _split_words(told, language),
        "same": _worded(_by_evidence(told, entity, language, "same"), "same", language),
        "against": _worded(_by_evidence(told, entity, language, "against"), "against", language),
        "unknown": _doubtful(told, "unknown", rules, language),
        "ambiguous": _doubtful(told, "ambiguous", rules, language),
        "nothing": told.select(
            pl.when(pl.col("partners").list.len() == 0).then(pl.lit(say("workbook.text.nothing", language)))
        ).to_series(),
    }
    frame = pl.DataFrame({k: v.cast(TEXT) for k, v in parts.items()})
    return frame.select(pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)).to_series().fill_null("")


def _right_row(told: pl.DataFrame, language: str) -> pl.Series:
    """Say whose the suggestions are where a right record is asked about: there they are the left one's."""
    rows = told.select("side", "region_l", "region_r", pl.col("partners").list.len()).rows()
    words = {
        row: say("workbook.text.right_row", language, own=row[2], other=row[1])
        if row[0] == "r" and row[3]
        else None
        for row in set(rows)
    }
    return pl.Series([words[row] for row in rows], dtype=TEXT)


def _split(told: pl.DataFrame) -> pl.Series:
    """Write the proposed pieces of each record as a person would: ``code ; condition``, one per line."""
    if "pieces" not in told.columns:
        return pl.Series([""] * told.height, dtype=TEXT)
    lines = [""] * told.height
    several = told.select("pieces").with_row_index("at").filter(pl.col("pieces").list.len() > 1)
    for at, pieces in several.rows():
        named = sorted((p["partner"].split("/", 2)[2], p["how"], p["condition"]) for p in pieces)
        lines[at] = "\n".join(
            f"{code} ; {condition}" if how == "one" else code for code, how, condition in named
        )
    return pl.Series(lines, dtype=TEXT)


def _split_words(told: pl.DataFrame, language: str) -> pl.Series:
    known = {
        text: say("workbook.text.split", language, pieces=text.replace("\n", ", ")) if text else None
        for text in told["split"].unique().to_list()
    }
    return told["split"].replace_strict(known, default=None, return_dtype=TEXT)


def _worded(texts: pl.Series, key: str, language: str) -> pl.Series:
    words = {
        t: say(f"workbook.text.{key}", language, titles=t) for t in texts.drop_nulls().unique().to_list()
    }
    return texts.replace_strict(words, default=None, return_dtype=TEXT)


def _doubtful(told: pl.DataFrame, column: str, rules: Rules, language: str) -> pl.Series:
    lists = told.select(
        pl.concat_list(pl.col(f"{column}_l").fill_null([]), pl.col(f"{column}_r").fill_null([]))
        .list.unique()
        .list.sort()
        .list.join(_BETWEEN)
    ).to_series()
    words = {
        found: say(
            f"workbook.text.{column}",
            language,
            words=", ".join(doubt_in_words(word, rules, language) for word in found.split(_BETWEEN)),
        )
        if found
        else None
        for found in lists.unique().to_list()
    }
    return lists.replace_strict(words, default=None, return_dtype=TEXT)


def _decided(told: pl.DataFrame, language: str) -> pl.Series:
    """Say who has decided what of the pair; where two must agree, the first one isn't named."""
    if "said" not in told.columns:
        return pl.Series([None] * told.height, dtype=TEXT)
    wanted = ("said", "awaits", "missing", "disagreement", "reviewers", "others", "decided_on")
    told = told.select(*wanted, "note", "handed")
    judged = told.with_row_index("at").filter(pl.col("said").is_not_null() | pl.col("awaits"))
    out: list[str | None] = [None] * told.height
    for at, said, half, missing, apart, reviewers, others, date, note, handed in judged.rows():
        if half and not apart and missing:
            out[at] = say("workbook.text.half_roles", language, roles=roles_in_words(missing, language))
        elif half and not apart:
            out[at] = say("workbook.text.half", language)
        elif said is None:
            continue
        elif apart:
            people = ", ".join(sorted({*reviewers, *others}))
            out[at] = say("workbook.text.disagree", language, reviewers=people)
        else:
            key = "handed" if handed else "unsure" if said == Verdict.UNSURE.value else "decided"
            words = {"reviewers": ", ".join(reviewers), "date": date or "", "role": handed or ""}
            text = say(f"workbook.text.{key}", language, **words)
            out[at] = f"{text}: {note}" if note and key != "decided" else text
    return pl.Series(out, dtype=TEXT)
