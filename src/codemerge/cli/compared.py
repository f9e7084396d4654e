"""diff and compare: two finished runs, or several ways to choose."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codemerge.cli.project_options import (
    Progress,
    json_option,
    lang_option,
    open_project,
    open_run,
    project_argument,
    speaking,
)

if TYPE_CHECKING:  # annotations only; see project_options
    from codemerge.answers.diff import Difference
    from codemerge.rules.loader import Rules
    from codemerge.rules.project import Project

_SHOWN = 10  # rows of one kind of change printed without --all


@click.command(epilog="Example:\n\n  codemerge diff demo/run demo/run")
@click.argument("run_a", metavar="RUN_A", type=click.Path(path_type=Path))
@click.argument("run_b", metavar="RUN_B", type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="Every row, not the first ones of each kind.")
@json_option
@lang_option
def diff(run_a: Path, run_b: Path, every: bool, as_json: bool, lang: str | None) -> None:
    """Say what changed between two runs, and because of which input.

    Exit code 0: the tables are the same. 1: they differ.
    """
    from codemerge.answers.diff import diff as compared

    first, second = open_run(run_a), open_run(run_b)
    language = lang or second.project.language
    with speaking(language):
        found = compared(first, second)
    if as_json:
        inputs = [{"kind": c.kind, "name": c.name, "how": c.how} for c in found.inputs]
        out = {"same": found.same, "inputs": inputs, "differences": found.rows.to_dicts()}
        click.echo(json.dumps(out, ensure_ascii=False))
    else:
        for line in _lines(found, second.rules, language, every=every):
            click.echo(line)
    sys.exit(0 if found.same else 1)


def _lines(found: Difference, rules: Rules, language: str, *, every: bool) -> list[str]:
    from codemerge.rules.titles import plural_title
    from codemerge.rules.words import printable, say

    out = []
    if found.inputs:
        out.append(say("deliver.difference.inputs", language))
    for change in found.inputs:
        kind, how = (say(f"deliver.difference.{word}", language) for word in (change.kind, change.how))
        out.append(say("deliver.difference.input", language, kind=kind, name=change.name, how=how))
    if found.same:
        return [*out, say("deliver.difference.same", language)]
    if found.rows.is_empty():
        return [*out, say("deliver.difference.small", language)]
    for (table, entity, change), rows in found.rows.group_by(
        "table", "entity", "change", maintain_order=True
    ):
        word = say(f"deliver.difference.{change}", language)
        out.append(
            say(
                "deliver.difference.rows",
                language,
                table=say(f"deliver.difference.table.{table}", language),
                entity=plural_title(str(entity), rules, language),
                count=rows.height,
                change=word,
            )
        )
        shown = rows if every else rows.head(_SHOWN)
        for row in shown.iter_rows(named=True):
            values = _in_words(row, rules, language)
            text = "deliver.difference.row" if row["field"] else "deliver.difference.whole"
            out.append(printable(say(text, language, **values).replace("\n", " ")))
        if shown.height < rows.height:
            out.append(say("deliver.difference.more", language, count=rows.height - shown.height))
    return out


def _in_words(row: dict[str, Any], rules: Rules, language: str) -> dict[str, object]:
    """Return a difference's cells as people read them: titles for fields, words for facets and statuses."""
    from codemerge.rules.titles import field_title, value_in_words

    field = row["field"] or ""
    told: dict[str, object] = {k: "" if v is None else v for k, v in row.items()}
    for side in ("before", "after"):
        told[side] = value_in_words(str(told[side]), field, rules, language)
    page = rules.entities.get(row["entity"] or "")
    return told | {"what": told.pop("key"), "field": field_title(field, page, rules, language)}


@click.command(epilog="Example:\n\n  codemerge compare demo --scenario survivor=RKL")
@project_argument
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="KEY=VALUE",
    help="A key of [policy] set otherwise; several parted by commas. Default: each way to choose survivors.",
)
@json_option
@lang_option
@click.pass_context
def compare(
    ctx: click.Context, project: Path, scenarios: tuple[str, ...], as_json: bool, lang: str | None
) -> None:
    """Dry-run each way to choose, in memory, and show them side by side; writes nothing."""
    from dataclasses import replace
    from datetime import date

    from codemerge.answers.basis import Basis, basis_of
    from codemerge.answers.scenarios import compare_facts
    from codemerge.dry_run import gather
    from codemerge.library.numerals import number
    from codemerge.pipeline import run
    from codemerge.rules.loader import rules_of
    from codemerge.rules.words import say

    opened = open_project(project)
    language = lang or opened.language
    progress = Progress(bool(ctx.obj and ctx.obj["quiet"]), language)
    runs: dict[str, Basis] = {}
    with speaking(language):
        ways = _ways(opened, scenarios)
        inputs, _ = gather(opened, rules_of(opened), date.today().isoformat())  # noqa: DTZ011 - as in dry-run
        for name, chosen in ways.items():
            finished = run(replace(inputs, project=chosen), progress)
            runs[name or say("deliver.scenario.now", language)] = basis_of(finished, language)
    progress.done()
    facts = compare_facts(runs)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for key, counts in [
        *(("line", scenario) for scenario in facts["scenarios"]),
        ("recommended", facts["recommendation"]),
    ]:
        written = {k: number(v, language) if isinstance(v, int) else v for k, v in counts.items()}
        click.echo(say(f"deliver.scenario.{key}", language, **written))


def _ways(project: Project, scenarios: tuple[str, ...]) -> dict[str, Project]:
    """Return the project as it is, and once per scenario with its policy changed."""
    from pydantic import ValidationError

    from codemerge.errors import BadInputError, Problem
    from codemerge.rules.project import Policy

    asked = scenarios or tuple(f"survivor={who}" for who in (*project.regions, "volume", "neither"))
    out, problems = {"": project}, []
    for text in asked:
        changes = {key: value for key, _, value in (part.partition("=") for part in text.split(","))}
        try:
            policy = Policy.model_validate({**project.policy.model_dump(), **changes})
        except ValidationError:
            problems.append(Problem("deliver.scenario", values={"found": text}))
            continue
        if {*changes} & {"rules", "target", "decisions", "identifiers"} or not _survives(policy, project):
            problems.append(Problem("deliver.scenario", values={"found": text}))
            continue
        out[text] = project.model_copy(update={"policy": policy})
    if problems:
        raise BadInputError(problems)
    return out


def _survives(policy: Any, project: Project) -> bool:
    """Say whether the survivor is one that a project may name."""
    return not isinstance(policy.survivor, str) or policy.survivor in {*project.regions, "volume", "neither"}
