"""explain and evaluate: looking at finished runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codemerge.cli.project_options import json_option, lang_option, open_run, run_folder, run_option, speaking

if TYPE_CHECKING:  # annotations only; see project_options
    from codemerge.answers.run_tables import RunTables
    from codemerge.rules.page import Entity


@click.command(epilog="Example:\n\n  codemerge explain exam RÖ:84080 RKL:840800 -r demo/run")
@click.argument("entity")
@click.argument("record", metavar="REGION:CODE")
@click.argument("other", metavar="[REGION:CODE]", required=False)
@run_option
@lang_option
def explain(entity: str, record: str, other: str | None, run: Path | None, lang: str | None) -> None:
    """Say why these two records (or this one and its best candidates) stand as they do."""
    from codemerge.answers.explain import explain_pair, explain_record
    from codemerge.rules.words import printable

    opened = open_run(run_folder(Path(), run))
    language = lang or opened.project.language
    with speaking(language):
        page = named_entity(opened, entity)
        first = _found(opened, page, record)
        second = _found(opened, page, other) if other else None
    if second is None:
        lines = explain_record(opened, page, first, language)
    else:
        lines = explain_pair(opened, page, first, second, _scored(opened, page, first, second), language)
    for line in lines:
        click.echo(printable(line))


def _scored(run: RunTables, page: Entity, first: str, second: str) -> dict[str, Any] | None:
    from codemerge.rescore import score_pair

    return score_pair(run, page, first, second)


def named_entity(run: RunTables, name: str) -> Entity:
    """Return the page of an entity the run has.

    Raises:
        BadInputError: it has none of that name; those it has are named.
    """
    from codemerge.errors import BadInputError, Problem
    from codemerge.rules.toml_lines import nearest

    if name in run.records:
        return run.rules.entities[name]
    known = sorted(run.records)
    values = {"found": name, "expected": ", ".join(known), "nearest": nearest(name, known) or known[0]}
    raise BadInputError([Problem("project.unknown_entity", values=values)])


def _found(run: RunTables, page: Entity, text: str) -> str:
    """Return the record's name; the code may hold colons, the region never does."""
    from codemerge.errors import BadInputError, Problem
    from codemerge.model import record_id
    from codemerge.rules.toml_lines import nearest

    region, _, code = text.partition(":")
    records = run.records[page.id]
    name = record_id(page.id, region, code)
    if name in set(records["record_id"]):
        return name
    known = [f"{r}:{c}" for r, c in records.select("region", "code").iter_rows()]
    values = {"found": text, "expected": known[0] if known else "-", "nearest": nearest(text, known) or "-"}
    raise BadInputError([Problem("project.not_compared", values=values)])


@click.command(epilog="Example:\n\n  codemerge evaluate demo/run --truth demo/truth/exam.csv --entity exam")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--truth",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV: left_region,left,right_region,right[,relationship].",
)
@click.option("--entity", "-e", default=None, help="Entity; default the truth file's name, else the first.")
@lang_option
@json_option
def evaluate(run: Path, truth: Path, entity: str | None, lang: str | None, as_json: bool) -> None:
    """Measure a run against known mappings: precision, recall, top-1, top-5, coverage."""
    import json

    from codemerge.evaluate import evaluate as measure
    from codemerge.evaluate import read_truth, said

    opened = open_run(run)
    language = lang or opened.project.language
    with speaking(language):
        page = named_entity(
            opened, entity or (truth.stem if truth.stem in opened.records else next(iter(opened.records)))
        )
        measured = measure(opened, page, read_truth(truth, opened, page))
    if as_json:
        from dataclasses import asdict

        click.echo(json.dumps(asdict(measured), ensure_ascii=False))
    else:
        from codemerge.rules.words import printable

        click.echo(printable(said(measured, language)))
