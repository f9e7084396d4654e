"""Whose yes a pair needs: how many people, which professions; and what holds when that is asked.

``[policy] signoff`` says it of all pairs, ``[[policy.signoff_rule]]`` of some: an entity's, a class
of risk's (``rules/risks``). What several rules ask adds up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import polars as pl

from codemerge.library.verdicts import ASKS, CURRENT, current_decisions
from codemerge.rules.loader import Rules
from codemerge.rules.project import Project, SignoffRule
from codemerge.rules.words import listed, owner_title
from codemerge.tables import TEXTS

_PAIR = ("mapping_id", "entity", "region_l", "code_l", "region_r", "code_r")
_SIDES = ("l", "r")


def decided_now(
    decisions: pl.DataFrame, records: Mapping[str, pl.DataFrame], project: Project, rules: Rules
) -> pl.DataFrame:
    """Say of every decided mapping what holds now, asked for as many people as the project says.

    Args:
        decisions: ``tables.DECISIONS`` in the order of the chain.
        records: per entity, normalised records.
        project: its policy says whose yes is needed.
        rules: what a class of risk is.

    Returns:
        ``library.verdicts.CURRENT``.
    """
    if not records:
        return CURRENT.empty()
    evidence = pl.concat([r.select("record_id", "evidence_hash") for r in records.values()])
    if not project.policy.signoff_rule:
        return current_decisions(decisions, evidence, project.policy.signoff)
    pairs = decisions.filter(pl.col("mapping_id").fill_null("") != "").select(_PAIR).unique("mapping_id")
    said = decisions.with_columns(_profession(decisions["role"]))
    asked = asked_of(pairs, records, project, rules)
    return current_decisions(said, evidence, project.policy.signoff, asked)


def asked_of(
    pairs: pl.DataFrame, records: Mapping[str, pl.DataFrame], project: Project, rules: Rules
) -> pl.DataFrame:
    """Say of each pair how many people, and which professions, must say yes.

    Args:
        pairs: ``mapping_id, entity, region_l, code_l, region_r, code_r``, one row per mapping; a code
            may be empty (no counterpart).
        records: per entity, normalised records.
        project: its policy.
        rules: what a class of risk is.

    Returns:
        `ASKS`, one row per mapping that a rule of the project fits.
    """
    parts = []
    for entity, rows in pairs.sort("mapping_id").group_by("entity", maintain_order=True):
        name = str(entity[0])
        asking = [r for r in project.policy.signoff_rule if r.entity in {None, name}]
        if name in records and asking:
            parts.append(_asks(_with_sides(rows, name, records[name], rules), name, asking, rules))
    if not parts:
        return ASKS.empty()
    return (
        pl.concat(parts)
        .group_by("mapping_id")
        .agg(
            pl.col("people").max(),
            *(
                pl.col(c).list.explode(keep_nulls=False, empty_as_null=False).unique().sort()
                for c in ("roles", "risks")
            ),
        )
        .with_columns(people=pl.max_horizontal("people", pl.col("roles").list.len().cast(pl.Int64)))
        .select(list(ASKS.columns))
        .sort(ASKS.sort)
    )


def _asks(pairs: pl.DataFrame, entity: str, asking: Iterable[SignoffRule], rules: Rules) -> pl.DataFrame:
    """Return what each rule asks of the pairs it fits, a row per pair and rule."""
    found = []
    for rule in asking:
        ways = [r for r in rules.risks if r.id == rule.risk and r.entity in {None, entity}]
        if rule.risk is None:
            fits = pl.lit(value=True)
        elif ways:
            fits = pl.any_horizontal([way.fits(pairs.columns) for way in ways])
        else:
            continue
        roles = sorted({profession(role) for role in rule.roles})
        found.append(
            pairs.filter(fits).select(
                "mapping_id",
                people=pl.lit(rule.people or len(roles), dtype=pl.Int64),
                roles=pl.lit(roles, dtype=TEXTS),
                risks=pl.lit([rule.risk] if rule.risk else [], dtype=TEXTS),
            )
        )
    return pl.concat(found) if found else ASKS.empty()


def _with_sides(pairs: pl.DataFrame, entity: str, records: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add what the classes of risk look at, of both records."""
    wanted = {f"facet_{f}" for r in rules.risks for f in (*r.says, *r.differs)} & set(records.columns)
    known = records.select("record_id", "volume", *sorted(wanted))
    for side in _SIDES:
        name = pl.concat_str(pl.lit(entity), f"region_{side}", f"code_{side}", separator="/")
        told = known.rename({c: f"{c}_{side}" for c in known.columns})
        pairs = pairs.with_columns(name.alias("_name")).join(
            told, left_on="_name", right_on=f"record_id_{side}", how="left", maintain_order="left"
        )
    return pairs


def _profession(roles: pl.Series) -> pl.Series:
    """Return the professions that people's words in *Role* mean."""
    known = {text: profession(text) for text in roles.drop_nulls().unique().to_list()}
    return roles.fill_null("").replace_strict(known, default="", return_dtype=pl.String).alias("role")


def profession(text: str) -> str:
    """Return the id of the profession a word means; the word itself, plain, where none is known."""
    plain = _plain(text)
    return _professions().get(plain, plain)


def profession_title(role: str, language: str) -> str:
    """Name a profession in the language asked for; one that isn't known stands as it was written."""
    return owner_title(language, role)


@cache
def _professions() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, words in listed("review.profession").items():
        for word in (key, *words):
            found.setdefault(_plain(word), key)
    return found


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
