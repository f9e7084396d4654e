"""Whose yes a row needs, said before anybody has answered it; nobody's answer is given away."""

from __future__ import annotations

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.rules.signoff import asked_of, profession, profession_title
from codemerge.rules.words import say


def with_signing(rows: pl.DataFrame, run: RunTables, language: str) -> pl.DataFrame:
    """Tell of each row which professions it waits for.

    Args:
        rows: worded rows of an entity, ``awaits`` (half signed) and ``missing`` (by whom) among them.
        run: its project says whose yes is needed.
        language: ``sv`` or ``en``.

    Returns:
        The rows with ``lacks``: professions that a row waits for (those asked for, until somebody
        has answered); and ``why`` with what is asked for in words, where a rule of the project asks.
    """
    awaits = pl.col("awaits").fill_null(value=False)
    if not run.project.policy.signoff_rule or rows.is_empty():
        return _handed(rows.with_columns(lacks=pl.when(awaits).then("missing").otherwise(pl.lit([]))))
    at = rows.with_row_index("at").with_columns(mapping_id=pl.col("at").cast(pl.String))
    asked = asked_of(at, run.records, run.project, run.rules)
    known = at.select("mapping_id").join(asked, on="mapping_id", how="left", maintain_order="left")
    told = [
        None if people is None else _words(people, roles, risks, run, language)
        for people, roles, risks in known.select("people", "roles", "risks").rows()
    ]
    quiet = awaits | (pl.col("state") != "open")
    asking = rows.with_columns(asked=known["roles"], told=pl.Series(told, dtype=pl.String)).with_columns(
        lacks=pl.when(awaits).then("missing").otherwise(pl.col("asked").fill_null([])),
        why=pl.concat_str(
            pl.when(~quiet).then("told"), pl.col("why").replace("", None), separator="; ", ignore_nulls=True
        ).fill_null(""),
    )
    return _handed(asking)


def _handed(rows: pl.DataFrame) -> pl.DataFrame:
    """Let a row that was handed over wait for whom it was handed to, and nobody else."""
    if "handed" not in rows.columns:
        return rows
    to = [profession(role) if role else None for role in rows["handed"].to_list()]
    return rows.with_columns(pl.Series("to", to, dtype=pl.String)).with_columns(
        lacks=pl.when(pl.col("to").is_not_null()).then(pl.concat_list("to")).otherwise("lacks")
    )


def roles_in_words(roles: list[str], language: str) -> str:
    """List professions as people call them, inside a sentence."""
    return ", ".join(profession_title(role, language).lower() for role in roles)


def _words(people: int, roles: list[str], risks: list[str], run: RunTables, language: str) -> str:
    titles = {r.id: r.title.say(language) for r in run.rules.risks}
    key = "asks_roles" if roles else "asks_people"
    told = say(f"workbook.text.{key}", language, people=people, roles=roles_in_words(roles, language))
    return f"{told} ({', '.join(titles[r] for r in risks)})" if risks else told
