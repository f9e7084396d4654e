"""review export, import, status and verify: the workbook cycle."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from codemerge.cli.prior import prior
from codemerge.cli.project_options import (
    json_option,
    lang_option,
    open_project,
    open_run,
    project_file,
    run_folder,
    run_option,
    speaking,
    today,
)

project_option = click.option(
    "--project",
    "-p",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Project folder or file; default here.",
)


@click.group(epilog="Example:\n\n  codemerge review status --project demo")
def review() -> None:
    """Send proposals out for review and take the answers back."""


@review.command(epilog="Example:\n\n  codemerge review export -r demo/run --split section -o demo/review")
@run_option
@click.option(
    "--split", metavar="FIELD", default=None, help="One workbook per value: section, modality, role, …"
)
@click.option(
    "--output", "-o", "output", type=click.Path(path_type=Path), required=True, help="Workbook, or folder."
)
@lang_option
def export(run: Path | None, split: str | None, output: Path, lang: str | None) -> None:
    """Write the workbooks of a run again, or split by section, modality or role."""
    from codemerge.files.workbook_write import write_workbooks

    opened = open_run(run_folder(Path(), run))
    with speaking(lang or opened.project.language):
        if output.suffix != ".xlsx":
            output.mkdir(parents=True, exist_ok=True)
        for path in write_workbooks(opened, output, lang or opened.project.language, split):
            click.echo(str(path))


@review.command(
    "import",
    epilog="Example:\n\n  codemerge review import demo/run/review.xlsx --project demo --reviewer 'Eva Ek'",
)
@click.argument("workbooks", metavar="WORKBOOK...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--reviewer", default="", help="Who decided, for rows that don't say.")
@click.option("--role", default="", help="Their profession, where the project asks for it; rows may say it.")
@click.option(
    "--allow-bulk", is_flag=True, help="Take more acceptances of weak suggestions than bulk_limit, as meant."
)
@project_option
@run_option
@lang_option
@json_option
def import_(
    workbooks: tuple[Path, ...],
    reviewer: str,
    role: str,
    allow_bulk: bool,
    project: Path,
    run: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Read reviewed workbooks and add one new file under decisions/.

    Tells of every row: taken, unchanged, or refused and why. Good rows are taken even when
    others are refused; exit code 1 then.
    """
    from codemerge.files.lock import LOCK_WAIT, project_lock
    from codemerge.files.review_import import import_review
    from codemerge.rules.words import describe, printable, say

    folder = run_folder(project_file(project), run)
    opened = open_run(folder)
    language = lang or opened.project.language
    with speaking(language), project_lock(opened.project.root, wait=LOCK_WAIT):
        done = import_review(workbooks, opened, today(), reviewer, language, role=role, allow_bulk=allow_bulk)
    if as_json:
        rows = [
            {"file": o.file, "sheet": o.sheet, "line": o.line, "row_id": o.row_id, "result": o.result,
             "reason": describe(o.problem, language) if o.problem else None}
            for o in done.outcomes
        ]  # fmt: skip
        written = done.written.name if done.written else None
        notes = [describe(note, language) for note in done.notes]
        told = {"blank": done.blank, "written": written, "rows": rows, "notes": notes}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(printable(done.text(language)))
        click.echo(say("terminal.review_next", language, project=project))
    sys.exit(done.exit_code)


@review.command(epilog="Example:\n\n  codemerge review status --project demo")
@project_option
@run_option
@lang_option
@json_option
def status(project: Path, run: Path | None, lang: str | None, as_json: bool) -> None:
    """Decided, to do and stale per entity and reviewer, and the minutes left; exit code 1 if any."""
    from codemerge.answers.status import review_status, said
    from codemerge.files.decisions import read_decisions

    opened = open_run(run_folder(project_file(project), run))
    chain = read_decisions(opened.project.root / opened.project.policy.decisions)
    found = review_status(opened, chain.decisions)
    if as_json:
        click.echo(json.dumps(found.facts(), ensure_ascii=False))
    else:
        from codemerge.rules.words import printable

        click.echo(printable(said(found, lang or opened.project.language)))
    sys.exit(1 if found.left else 0)


@review.command(epilog="Example:\n\n  codemerge review verify --project demo")
@project_option
@lang_option
def verify(project: Path, lang: str | None) -> None:
    """Walk the hash chain of decisions/; exit code 1 if a file was edited, cut, lost or forked."""
    from codemerge.cli.failure import show_problems
    from codemerge.files.decisions import read_decisions
    from codemerge.rules.words import say

    opened = open_project(project, lang)
    chain = read_decisions(opened.root / opened.policy.decisions)
    show_problems(chain.problems, opened.language)
    forked = len(chain.heads) > 1
    key = "terminal.chain_forked" if forked else "terminal.chain_whole"
    click.echo(
        say(key, opened.language, decisions=chain.decisions.height, heads=", ".join(chain.heads) or "–")
    )
    sys.exit(1 if chain.problems or forked else 0)


review.add_command(prior)
