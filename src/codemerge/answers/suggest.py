"""Words the vocabulary lacks, with the concept they most likely mean: support, counter-examples, gain.

A word nobody declared stands in names whose best candidates in other regions say something that
these names don't. What they say more often than chance would is what the word most likely means.
A pair that a person accepted counts three times a machine's. Nothing is learnt in silence: a
suggestion becomes a rule only when a person pastes its row into a vocabulary file.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.library.filled import fill
from codemerge.model import Status
from codemerge.rules.page import Entity
from codemerge.rules.words import say
from codemerge.tables import FLOAT, TEXT, WHOLE, Contract, conform

SUGGESTIONS = Contract(
    {
        "word": TEXT,
        "facet": TEXT,
        "concept": TEXT,
        "support": WHOLE,  # records with the word whose counterpart has the concept, people's thrice
        "against": WHOLE,  # records with the word whose counterpart hasn't
        "volume": WHOLE,  # annual volume of the records with the word
        "gain": FLOAT,  # bits the concept gains from the word, times support: the order
        "example": TEXT,
        "counterpart": TEXT,
        "row": TEXT,  # ready to paste into rules/vocabulary/<facet>.csv
    },
    (),
)
_TRUST = {Status.ACCEPTED.value: 3, Status.AUTO.value: 1, Status.REVIEW.value: 1, Status.CANDIDATE.value: 1}
_FAINT = 0.02  # confidence below which a candidate tells nothing about a word


def suggestions(run: RunTables, limit: int = 50) -> pl.DataFrame:
    """Propose vocabulary rows, best gain first.

    Args:
        run: a finished run.
        limit: most rows.

    Returns:
        SUGGESTIONS; at most two concepts per word.
    """
    found = [_of_entity(run, e) for e in run.rules.entities.values() if e.names and e.id in run.records]
    found = [f for f in found if not f.is_empty()]
    if not found:
        return SUGGESTIONS.empty()
    ordered = pl.concat(found).sort(
        ["gain", "volume", "word", "facet", "concept"], descending=[True, True, False, False, False]
    )
    best = ordered.with_columns(_n=pl.int_range(pl.len()).over("word")).filter(pl.col("_n") < 2).head(limit)
    return conform(best, SUGGESTIONS).sort(
        ["gain", "volume", "word", "facet", "concept"], descending=[True, True, False, False, False]
    )


def _of_entity(run: RunTables, entity: Entity) -> pl.DataFrame:
    records = run.records[entity.id]
    facets = [c for c in records.columns if c.startswith("facet_")]
    partners = _partners(run, entity)
    if partners.is_empty() or not facets:
        return SUGGESTIONS.empty()
    own = records.select(
        "record_id", "unknown", "volume", pl.col(str(entity.names)).alias("example"), *facets
    )
    other = records.select(
        pl.col("record_id").alias("partner"),
        pl.col(str(entity.names)).alias("counterpart"),
        *(pl.col(f).alias(f"p_{f}") for f in facets),
    )
    pairs = partners.join(own, on="record_id").join(other, on="partner")
    said = pl.concat([_unsaid(pairs, facet) for facet in facets])
    chance = said.group_by("facet", "concept").agg(pl.col("trust").sum().alias("_often"))
    everybody = max(pairs["trust"].sum(), 1)
    worded = pairs.select("record_id", "trust", "unknown", "volume", "example", "counterpart").explode(
        "unknown", empty_as_null=True
    )
    worded = worded.filter(pl.col("unknown").is_not_null()).rename({"unknown": "word"})
    totals = worded.group_by("word").agg(
        pl.col("trust").sum().alias("_all"),
        pl.col("volume").sum(),
        pl.col("record_id").n_unique().alias("_records"),
    )
    votes = (
        worded.join(said.select("record_id", "facet", "concept"), on="record_id")
        .sort("word", "facet", "concept", "record_id")
        .group_by("word", "facet", "concept", maintain_order=True)
        .agg(pl.col("trust").sum().alias("support"), pl.first("example"), pl.first("counterpart"))
        .join(totals, on="word")
        .join(chance, on=["facet", "concept"])
    )
    share = (pl.col("support") / pl.col("_all")).clip(1e-9)
    lift = (share / (pl.col("_often") / everybody).clip(1e-9)).log(2)
    return (
        votes.with_columns(
            against=pl.col("_all") - pl.col("support"),
            gain=pl.col("support") * share * lift,
            row=fill("{},{},sv,", "word", "concept"),
        )
        .filter((share >= 0.5) & (lift > 0))
        .pipe(conform, SUGGESTIONS)
    )


def _partners(run: RunTables, entity: Entity) -> pl.DataFrame:
    """Return ``record_id, partner, trust``: each record's best counterpart in every other region."""
    own = run.mappings.filter(
        (pl.col("entity") == entity.id)
        & pl.col("status").is_in(list(_TRUST))
        & (pl.col("code_l").fill_null("") != "")
        & (pl.col("code_r").fill_null("") != "")
        & ((pl.col("confidence") >= _FAINT) | (pl.col("status") == Status.ACCEPTED))
    ).with_columns(trust=pl.col("status").replace_strict(_TRUST, return_dtype=pl.Int64))
    name = {side: fill("{}/{}/{}", "entity", f"region_{side}", f"code_{side}") for side in ("l", "r")}
    ways = [
        own.select(
            name[a].alias("record_id"), name[b].alias("partner"), pl.col(f"region_{b}").alias("other"),
            "trust", "match_weight",
        )
        for a, b in (("l", "r"), ("r", "l"))
    ]  # fmt: skip
    order = ["record_id", "other", "trust", "match_weight", "partner"]
    return (
        pl.concat(ways)
        .sort(order, descending=[False, False, True, True, False])
        .unique(["record_id", "other"], keep="first", maintain_order=True)
        .select("record_id", "partner", "trust")
    )


def _unsaid(pairs: pl.DataFrame, facet: str) -> pl.DataFrame:
    """Return ``record_id, trust, facet, concept`` for what a counterpart says and the record doesn't."""
    own = pl.col(facet).fill_null(pl.lit([], dtype=pl.List(pl.String)))
    return (
        pairs.select(
            "record_id", "trust", pl.lit(facet.removeprefix("facet_")).alias("facet"),
            pl.col(f"p_{facet}").list.set_difference(own).alias("concept"),
        )
        .explode("concept", empty_as_null=True)
        .filter(pl.col("concept").is_not_null())
        .unique(maintain_order=True)
    )  # fmt: skip


def said(found: pl.DataFrame, language: str) -> Iterator[str]:
    """Yield a line per suggestion, with its row to paste."""
    for row in found.iter_rows(named=True):
        yield say("terminal.suggestion", language, **row)
    if found.is_empty():
        yield say("terminal.no_suggestions", language)
