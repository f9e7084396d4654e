"""demo, init, check and dry-run: from raw exports to a verdict."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codemerge.cli.project_options import (
    Progress,
    json_option,
    lang_option,
    open_project,
    project_argument,
    project_file,
    run_folder,
    speaking,
    today,
)

if TYPE_CHECKING:  # annotations only; see project_options
    from codemerge.answers.run_tables import RunTables


@click.command(epilog="Example:\n\n  codemerge demo demo")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("demo"))
@lang_option
@click.pass_context
def demo(ctx: click.Context, folder: Path, lang: str | None) -> None:
    """Write the bundled three-region example to DIR and dry-run it.

    The catalogs are synthetic. DIR must be new, empty, or an earlier demo.
    """
    from codemerge.files.demo import write_demo

    write_demo(folder)
    _dry_run(ctx, folder, None, lang, tables_only=False, csv=False, as_json=False)


@click.command(epilog="Example:\n\n  codemerge init demo-project demo/rkl demo/ro")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@lang_option
def init(folder: Path, files: tuple[Path, ...], lang: str | None) -> None:
    """Look at exported files and write a commented codemerge.toml into DIR.

    Guesses region, entity, encoding and columns of every file found in DIR, or of the FILEs
    named. Never overwrites a project file.
    """
    from codemerge.cli.failure import language_of
    from codemerge.files.project_writer import init_project
    from codemerge.rules.loader import load_rules
    from codemerge.rules.words import say

    language = lang or language_of()
    with speaking(language):
        written = init_project(folder, files, load_rules(), language)
    click.echo(str(written.path))
    click.echo(
        say("terminal.init_done", language, sources=written.sources, unsure=written.unsure, folder=folder),
        err=True,
    )


@click.command(epilog="Example:\n\n  codemerge check demo")
@project_argument
@lang_option
@json_option
def check(project: Path, lang: str | None, as_json: bool) -> None:
    """Validate rules, project and sources; write nothing; tell every error at once."""
    from codemerge.dry_run import gather
    from codemerge.rules.loader import packs_of, rules_of
    from codemerge.rules.rival_rules import rival_rules
    from codemerge.rules.words import describe, printable, say

    opened = open_project(project, lang)
    with speaking(opened.language):
        rules = rules_of(opened)
        _, catalogs = gather(opened, rules, today())
    notes = [describe(n, opened.language) for n in (*rival_rules(rules, packs_of(opened)), *catalogs.notes)]
    if as_json:
        from dataclasses import asdict

        click.echo(
            json.dumps({"inputs": [asdict(i) for i in catalogs.inputs], "notes": notes}, ensure_ascii=False)
        )
        return
    for source in catalogs.inputs:
        click.echo(printable(say("terminal.source_line", opened.language, **_source_values(source))))
    for note in notes:
        click.echo(note, err=True)
    click.echo(say("terminal.check_done", opened.language, count=len(catalogs.inputs), project=project))


def _source_values(source: object) -> dict[str, object]:
    values = (
        dict(vars(source))
        if hasattr(source, "__dict__")
        else {
            name: getattr(source, name)
            for name in source.__dataclass_fields__  # type: ignore[attr-defined] # a dataclass
        }
    )
    unrecognised = values.get("unrecognised") or []
    assert isinstance(unrecognised, list | tuple)  # noqa: S101 - InputFile's type
    return {
        **values,
        "encoding": values.get("encoding") or "–",
        "unrecognised": ", ".join(unrecognised) or "–",
    }


@click.command("dry-run", epilog="Example:\n\n  codemerge dry-run demo --lang en")
@project_argument
@click.option(
    "--output", "-o", "output", type=click.Path(path_type=Path), default=None, help="Run folder to write."
)
@lang_option
@json_option
@click.option("--csv", "csv", is_flag=True, help="Write the tables as CSV too.")
@click.option("--tables-only", is_flag=True, help="No workbook, no report.")
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Most threads to use.")
@click.option("--memory-limit", default=None, help="Most memory to use, for example 2GB.")
@click.pass_context
def dry_run(
    ctx: click.Context,
    project: Path,
    output: Path | None,
    lang: str | None,
    as_json: bool,
    csv: bool,
    tables_only: bool,
    threads: int | None,
    memory_limit: str | None,
) -> None:
    """Read, match, propose, find conflicts and write the run folder: the main job.

    Exit code 0: ready. 1: blocked. 2: bad input, nothing written.
    """
    from codemerge.resources import claim

    def ended(process: int, starved: bool) -> int:
        from codemerge.cli.failure import language_of, show_problems
        from codemerge.errors import Problem
        from codemerge.files.atomic import remove_staged

        remove_staged(run_folder(project_file(project), output), process)
        kind = "project.memory" if starved else "project.stopped"
        show_problems([Problem(kind, values={"found": memory_limit})], lang or language_of())
        return 2 if starved else 130

    claim(threads, memory_limit, ended)
    finished = _dry_run(ctx, project, output, lang, tables_only=tables_only, csv=csv, as_json=as_json)
    sys.exit(0 if finished.summary["verdict"] == "ready" else 1)


def _dry_run(
    ctx: click.Context,
    path: Path,
    output: Path | None,
    lang: str | None,
    *,
    tables_only: bool,
    csv: bool,
    as_json: bool,
) -> RunTables:
    from codemerge.dry_run import Options
    from codemerge.dry_run import dry_run as work
    from codemerge.rules.loader import packs_of
    from codemerge.rules.rival_rules import rival_rules
    from codemerge.rules.words import describe, printable
    from codemerge.terminal import summary_lines

    project = open_project(path)
    language = lang or project.language
    quiet = bool(ctx.obj and ctx.obj["quiet"])
    progress = Progress(quiet, language)
    folder = run_folder(project_file(path), output)
    with speaking(language):
        finished = work(project, folder, Options(language, today(), tables_only, csv), progress)
    progress.done()
    for problem in rival_rules(finished.rules, packs_of(project)):
        click.echo(describe(problem, language), err=True)
    if as_json:
        from codemerge.answers.report_facts import report_facts

        shown = {} if tables_only else {"report": report_facts(finished, language)}
        click.echo(json.dumps({**finished.summary, **shown}, ensure_ascii=False, sort_keys=True))
    elif not quiet:
        for line in summary_lines(finished, path, folder, language):
            click.echo(printable(line))
    return finished
