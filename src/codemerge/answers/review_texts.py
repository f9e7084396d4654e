"""How a review row is worded: what differs, how strong the proposal is and why, side by side.

Words are made once per distinct value and joined back; no loop walks the rows.
"""

from __future__ import annotations

import polars as pl

from codemerge.answers.review_aspects import Aspect, aspects_of, said_by, with_aspects
from codemerge.answers.review_signing import roles_in_words
from codemerge.library.filled import fill
from codemerge.model import Relationship, Status, Verdict
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.titles import doubt_in_words
from codemerge.rules.words import listed, say
from codemerge.tables import TEXT, TEXTS

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
    aspects = aspects_of(entity, records, rules, language)
    plain = rows.drop("evidence", strict=False)
    paired = with_aspects(_with_sides(plain, entity, records, aspects, rules, language), aspects)
    told = paired.with_columns(
        difference=_difference(paired, entity, aspects, rules, language),
        state=_state(paired),
        split=_split(paired),
    ).with_columns(strength=_strength(entity, language), auto=_auto(language))
    evidence = _by_evidence(rows, entity, language)
    told = told.with_columns(why=_why(told, evidence, rules, language))
    kept = [a for a in aspects if (told[f"aspect_{a.name}"] != "").any()]
    return told, tuple(kept)


def label_field(entity: Entity) -> str | None:
    """Return the field people know a record by."""
    return entity.names or next((f.name for f in entity.field if f.name == "label"), None)


def _with_sides(
    rows: pl.DataFrame,
    entity: Entity,
    records: pl.DataFrame,
    aspects: tuple[Aspect, ...],
    rules: Rules,
    language: str,
) -> pl.DataFrame:
    label = label_field(entity)
    named = pl.concat([rows["own"], rows["partners"].explode(empty_as_null=False)])
    shown = records.filter(pl.col("record_id").is_in(named.implode()))  # often a few of very many
    said = said_by(shown, aspects, entity, rules, language)
    known = shown.select(
        "record_id",
        code=pl.col("record_id").str.splitn("/", 3).struct.field("field_2"),
        label=(pl.col(label) if label else pl.lit("")).fill_null(""),
        volume=pl.col("volume").fill_null(0),
        evidence="evidence_hash",
        unknown="unknown",
        ambiguous="ambiguous",
        **said,
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
        pl.col(f"{name}_{side}" for name in ("code", "label", *said) for side in ("l", "r")).fill_null(""),
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
    two = (pl.col("code_l") != "") & (pl.col("code_r") != "")
    alike = pl.col("label_l").str.to_lowercase() == pl.col("label_r").str.to_lowercase()
    if facets := [f for f in entity.facets if f"v_{f}_l" in paired.columns]:
        apart = paired.with_row_index("at").filter(two)
        told = pl.lit(_facet_differences(apart, facets, rules, language, paired.height))
    else:
        told = pl.concat_str(
            pl.lit(None, dtype=TEXT), *(_field_difference(a) for a in aspects if not a.local),
            separator="; ", ignore_nulls=True,
        )  # fmt: skip
    quiet = pl.when(alike).then(pl.lit("")).otherwise(pl.lit(say("workbook.text.wording", language)))
    return paired.select(
        pl.when(~two).then(pl.lit("")).when(told.fill_null("") == "").then(quiet).otherwise(told)
    ).to_series()


def _field_difference(aspect: Aspect) -> pl.Expr:
    """Word a field's difference from its column side by side; null where there is none."""
    text = pl.col(f"aspect_{aspect.name}")
    return pl.when(text.str.contains(" ≠ ", literal=True)).then(fill(f"{aspect.title}: {{}}", text))


def _facet_differences(
    paired: pl.DataFrame, facets: list[str], rules: Rules, language: str, height: int
) -> pl.Series:
    """Word all facets that differ, those of a row joined; null where none does."""
    parts = [_facet_difference(paired, f, rules, language).with_columns(nth=n) for n, f in enumerate(facets)]
    by_row = (
        pl.concat(parts)
        .sort("at", "nth")
        .group_by("at", maintain_order=True)
        .agg(pl.col("told").str.join("; "))
    )
    return _spread(by_row, height)


def _facet_difference(paired: pl.DataFrame, facet: str, rules: Rules, language: str) -> pl.DataFrame:
    """Word one facet's differences: ``at`` (the row), ``told``."""
    title = rules.facets[facet].title.say(language) if facet in rules.facets else facet
    left, right = f"v_{facet}_l", f"v_{facet}_r"
    apart = paired.filter(pl.col(left) != pl.col(right)).select("at", left, right, "region_l", "region_r")
    kinds = apart.drop("at").unique()
    told = [
        say("workbook.text.one_sided", language, title=title, said=ours or theirs, region=rl if ours else rr)
        if "" in (ours, theirs)
        else say("workbook.text.differs", language, title=title, left=ours, right=theirs)
        for ours, theirs, rl, rr in kinds.rows()
    ]
    words = kinds.with_columns(told=pl.Series(told, dtype=TEXT))
    return apart.join(words, on=kinds.columns, how="left").select("at", "told")


def _spread(by_row: pl.DataFrame, height: int) -> pl.Series:
    """Return ``told`` in its rows ``at`` out of so many, null in all others."""
    rows = pl.DataFrame({"at": pl.int_range(height, dtype=pl.UInt32, eager=True)})
    return rows.join(by_row, on="at", how="left", maintain_order="left")["told"].cast(TEXT)


def _by_evidence(paired: pl.DataFrame, entity: Entity, language: str) -> tuple[pl.Series, pl.Series]:
    """Word the evidence of the pair shown: what is the same (titles), what speaks against it (and values).

    Returns:
        One text per row of each; null where there is nothing of the kind.
    """
    if "evidence" not in paired.columns:
        empty = pl.Series([None] * paired.height, dtype=TEXT)
        return empty, empty
    beside = [*entity.facets, *listed("workbook.quiet_against")]
    quiet = {*listed("workbook.quiet"), *(f.name for f in entity.field if f.secret)}
    titles = {c.of: c.title.say(language) for c in entity.comparison if c.of not in quiet}
    weight = pl.col("weight").cast(pl.Float64).round(6)
    steps = (
        paired.select("evidence")
        .with_row_index("at")
        .explode("evidence")
        .drop_nulls("evidence")
        .unnest("evidence")
        .with_columns(pl.col("field", "level").cast(TEXT), weight)
        .filter(pl.col("weight") != 0, pl.col("field").is_in(list(titles)))
        .with_columns(title=pl.col("field").replace(titles))
    )
    agree = (pl.col("weight") > 0) & (pl.col("level") == "same") & pl.col("left").is_not_null()
    same = steps.filter(agree).sort(["at", "weight", "field"], descending=[False, True, False])
    against = steps.filter(pl.col("weight") < 0, ~pl.col("field").is_in(beside)).sort("at", "weight", "field")
    values = [pl.col(side).cast(TEXT).fill_null(_MISSING) for side in ("left", "right")]
    told = {
        "same": (same, pl.col("title").head(4).str.join(", ")),
        "against": (
            against.with_columns(told=fill("{}: {} ≠ {}", "title", *values)),
            pl.col("told").head(2).str.join("; "),
        ),
    }
    one, other = (
        _spread(rows.group_by("at", maintain_order=True).agg(words.alias("told")), paired.height)
        for rows, words in told.values()
    )
    return one, other


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


def _why(told: pl.DataFrame, evidence: tuple[pl.Series, pl.Series], rules: Rules, language: str) -> pl.Series:
    """Say what speaks for and against, what the words leave in doubt, and what has been decided."""
    same, against = evidence
    parts = {
        "own": _right_row(told, language),
        "changed": told["changed"],
        "decided": _decided(told, language),
        "split": _split_words(told, language),
        "same": _worded(same, "same", language),
        "against": _worded(against, "against", language),
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
    pairs = told.select("region_l", "region_r")
    known = pairs.unique()
    words = [say("workbook.text.right_row", language, own=right, other=left) for left, right in known.rows()]
    own = pairs.join(
        known.with_columns(told=pl.Series(words, dtype=TEXT)),
        on=pairs.columns,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )["told"]
    shown = (pl.col("side") == "r") & (pl.col("partners").list.len() > 0)
    return told.select(pl.when(shown).then(pl.lit(own))).to_series()


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
    both = [pl.col(f"{column}_{side}").fill_null([]) for side in ("l", "r")]
    lists = told.with_row_index("at").filter((both[0].list.len() > 0) | (both[1].list.len() > 0)).select(
        "at", found=pl.concat_list(both).list.unique().list.sort().list.join(_BETWEEN)
    )  # fmt: skip
    words = {
        found: say(
            f"workbook.text.{column}",
            language,
            words=", ".join(doubt_in_words(word, rules, language) for word in found.split(_BETWEEN)),
        )
        for found in lists["found"].unique().to_list()
    }
    doubts = lists.select("at", told=pl.col("found").replace_strict(words, default=None, return_dtype=TEXT))
    return _spread(doubts, told.height)


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
