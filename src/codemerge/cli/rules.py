"""rules suggest, test and schema: what the rules lack, whether they hold, how editors check them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codemerge.cli.project_options import (
    json_option,
    lang_option,
    open_project,
    open_run,
    project_argument,
    run_folder,
    run_option,
)

if TYPE_CHECKING:
    from codemerge.errors import Problem
    from codemerge.rules.loader import Rules
    from codemerge.rules.project import Project


@click.group(epilog="Example:\n\n  codemerge rules test demo")
def rules() -> None:
    """What the rules lack, whether they hold, and their schema."""


@rules.command(epilog="Example:\n\n  codemerge rules suggest -r demo/run")
@run_option
@click.option("--limit", type=click.IntRange(1), default=50, help="Most suggestions.")
@lang_option
@json_option
def suggest(run: Path | None, limit: int, lang: str | None, as_json: bool) -> None:
    """List words and rules that the data or the decisions argue for, best gain first, ready to paste."""
    from codemerge.answers.suggest import said, suggestions
    from codemerge.rules.words import printable

    opened = open_run(run_folder(Path(), run))
    found = suggestions(opened, limit)
    if as_json:
        click.echo(json.dumps(found.to_dicts(), ensure_ascii=False))
    else:
        for line in said(found, lang or opened.project.language):
            click.echo(printable(line))


@rules.command(epilog="Example:\n\n  codemerge rules test demo")
@project_argument
@lang_option
def test(project: Path, lang: str | None) -> None:
    """Run the examples embedded in the rules; exit 1 if one doesn't hold.

    Warns of rules that contradict each other or can never fire, and of a project's own words that
    stand in no name of its catalogs.
    """
    from codemerge.cli.failure import language_of
    from codemerge.examples import try_examples
    from codemerge.rules.loader import load_rules, packs_of, rules_of
    from codemerge.rules.rival_rules import rival_rules
    from codemerge.rules.shipped import shipped
    from codemerge.rules.words import describe, say

    opened = (
        open_project(project, lang) if (project / "codemerge.toml").is_file() or project.is_file() else None
    )
    language = opened.language if opened else lang or language_of()
    known = rules_of(opened) if opened else load_rules()
    own = packs_of(opened) if opened else []
    for problem in rival_rules(known, [shipped("rules"), *own]) + (_never_met(opened, known) if own else []):
        click.echo(describe(problem, language), err=True)
    tried = try_examples(known)
    for example in tried:
        if example.found != example.expected:
            click.echo(say("terminal.example_failed", language, **vars(example)))
    failed = sum(e.found != e.expected for e in tried)
    click.echo(say("terminal.examples", language, count=len(tried), failed=failed))
    sys.exit(1 if failed else 0)


def _never_met(project: Project | None, rules: Rules) -> list[Problem]:
    """Return the project's own words that stand in none of its catalogs' names."""
    from codemerge.files.sources import read_catalogs
    from codemerge.rules.loader import packs_of
    from codemerge.rules.rival_rules import words_never_met

    if project is None or not project.source:
        return []
    rows = read_catalogs(project, rules).rows
    named = [
        (page.names, rows[page.id]) for page in rules.entities.values() if page.names and page.id in rows
    ]
    texts = [text for names, frame in named for text in frame[names].drop_nulls().unique().to_list()]
    return words_never_met(packs_of(project), rules.facets, texts)


@rules.command(epilog="Example:\n\n  codemerge rules schema project")
@click.argument("page", type=click.Choice(["project", "entity", "check", "target"]), default="project")
def schema(page: str) -> None:
    """Print the JSON schema of a rules page or of the project file, for editors."""
    from pydantic import BaseModel

    from codemerge.rules.check import Check, Target
    from codemerge.rules.page import Entity
    from codemerge.rules.project import Project

    pages: dict[str, type[BaseModel]] = {
        "project": Project,
        "entity": Entity,
        "check": Check,
        "target": Target,
    }
    click.echo(json.dumps(pages[page].model_json_schema(), ensure_ascii=False, indent=2))
