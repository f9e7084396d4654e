"""rules suggest, test and schema: what the rules lack, whether they hold, how editors check them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

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

    opened = open_run(run_folder(Path(), run))
    found = suggestions(opened, limit)
    if as_json:
        click.echo(json.dumps(found.to_dicts(), ensure_ascii=False))
    else:
        for line in said(found, lang or opened.project.language):
            click.echo(line)


@rules.command(epilog="Example:\n\n  codemerge rules test demo")
@project_argument
@lang_option
def test(project: Path, lang: str | None) -> None:
    """Run the examples embedded in the rules; exit 1 if one doesn't hold."""
    from codemerge.cli.failure import language_of
    from codemerge.examples import try_examples
    from codemerge.rules.loader import load_rules, rules_of
    from codemerge.rules.words import say

    opened = (
        open_project(project, lang) if (project / "codemerge.toml").is_file() or project.is_file() else None
    )
    language = opened.language if opened else lang or language_of()
    tried = try_examples(rules_of(opened) if opened else load_rules())
    for example in tried:
        if example.found != example.expected:
            click.echo(say("terminal.example_failed", language, **vars(example)))
    failed = sum(e.found != e.expected for e in tried)
    click.echo(say("terminal.examples", language, count=len(tried), failed=failed))
    sys.exit(1 if failed else 0)


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
