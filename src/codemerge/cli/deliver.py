"""merge, verify, translate, recode and pseudonymise: what leaves the project."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from codemerge.cli.project_options import (
    Progress,
    json_option,
    lang_option,
    open_project,
    open_run,
    project_argument,
    project_file,
    run_folder,
    run_option,
    speaking,
    today,
)

if TYPE_CHECKING:  # annotations only; see project_options
    import polars as pl

    from codemerge.answers.run_tables import RunTables
    from codemerge.rules.page import Entity


@click.command(epilog="Example:\n\n  codemerge merge demo -o demo/out")
@project_argument
@run_option
@click.option(
    "--output",
    "-o",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write; an older one of ours is replaced.",
)
@lang_option
@click.pass_context
def merge(ctx: click.Context, project: Path, run: Path | None, out: Path, lang: str | None) -> None:
    """Write combined catalogs, crosswalk, alias and change lists, exactly as the run says.

    Refuses while a blocking conflict is open, and refuses a run whose inputs have changed since,
    naming what changed. Exit code 1: refused, nothing written.
    """
    from codemerge.files.run_folder import read_summary
    from codemerge.publish import merge as deliver
    from codemerge.rules.words import say

    opened = open_project(project)
    language = lang or opened.language
    folder = run_folder(project_file(project), run)
    progress = Progress(bool(ctx.obj and ctx.obj["quiet"]), language)
    with speaking(language):
        read_summary(folder)  # said before any work: no run there
        made = deliver(opened, folder, out, today(), progress)
    progress.done()
    counts = {entity: frame.height for entity, frame in made.combined.items()}
    click.echo(say("deliver.merged", language, out=out, records=sum(counts.values()), entities=len(counts)))


@click.command(epilog="Example:\n\n  codemerge translate exam --from RKL --to combined -r demo/run 160000")
@click.argument("entity")
@click.option(
    "--from", "source", required=True, metavar="REGION", help="Region the codes are from (or 'combined')."
)
@click.option(
    "--to", "target", required=True, metavar="REGION", help="Region they are wanted for, or 'combined'."
)
@run_option
@json_option
@lang_option
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
def translate(
    entity: str,
    source: str,
    target: str,
    run: Path | None,
    as_json: bool,
    lang: str | None,
    codes: tuple[str, ...],
) -> None:
    """Translate codes through the crosswalk; '-' reads them from stdin, one a line.

    Prints code, relationship, target, its text and condition, parted by tabs, equivalent first; with
    --json one object a code, like the answer of FHIR's $translate. Put '--' before codes that
    begin with a hyphen. Exit code 1: some code leads nowhere.
    """
    from codemerge.answers.selection import select
    from codemerge.answers.translate import translate as answer
    from codemerge.rules.titles import word_for
    from codemerge.rules.words import printable, say

    opened = open_run(run_folder(Path(), run))
    language = lang or opened.project.language
    with speaking(language):
        page = _known(opened, entity, source, target)
        chosen = select(opened, page.id)
    found = answer(opened.crosswalk, page.id, source, target, _asked(codes))
    labels = chosen.labels(page, target)
    if as_json:
        from codemerge.answers.translation_json import as_translate

        for line in as_translate(found, labels, chosen.names.system(page.id, target)):
            click.echo(json.dumps(line, ensure_ascii=False))
    else:
        _print_answers(found, labels)
    lost = found.filter(found["target"].is_null())
    if lost.height:
        why = (
            lost.select("code", lost["status"].fill_null("unknown"))
            .unique(maintain_order=True)
            .head(10)
            .rows()
        )
        named = printable(", ".join(f"{code} ({word_for(status, language)})" for code, status in why))
        click.echo(say("deliver.unmapped", language, count=lost["code"].n_unique(), codes=named), err=True)
        sys.exit(1)


def _print_answers(found: pl.DataFrame, labels: dict[str, str]) -> None:
    from codemerge.rules.words import printable

    for row in found.iter_rows(named=True):
        cells = (row["code"], row["relationship"], row["target"], labels.get(row["target"]), row["condition"])
        click.echo("\t".join(printable(str(c or "")).replace("\n", " ") for c in cells))


def _asked(codes: tuple[str, ...]) -> pl.Series:
    """Return the codes of the command line, ``-`` replaced by the lines of stdin, as they stand."""
    import polars as pl

    lines: list[str] = []
    for code in codes:
        if code == "-":
            text = sys.stdin.buffer.read().decode("utf-8", "replace")
            lines += [line for line in text.replace("\r\n", "\n").split("\n") if line]
        else:
            lines.append(code)
    return pl.Series(lines, dtype=pl.String)


def _known(run: RunTables, entity: str, *regions: str) -> Entity:
    """Return the entity's page; every name that isn't known is told at once."""
    from codemerge.answers.selection import unknown
    from codemerge.errors import BadInputError
    from codemerge.rules.export import COMBINED

    known = [*run.project.regions, COMBINED]
    problems = [unknown("deliver.unknown_region", r, known) for r in regions if r not in known]
    if entity not in run.records:
        problems.append(unknown("project.unknown_entity", entity, sorted(run.records)))
    if problems:
        raise BadInputError(problems)
    return run.rules.entities[entity]


@click.command(epilog="Example:\n\n  codemerge recode demo/archive/performed.csv -r demo/run -o demo/recoded")
@click.argument("archives", metavar="ARCHIVE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@run_option
@click.option(
    "--output", "-o", "out", type=click.Path(path_type=Path), required=True, help="Folder to write."
)
@click.option(
    "--entity", "-e", default=None, help="Whose codes; default the entity that has an annual volume."
)
@click.option("--region", default=None, help="Every row is of this region.")
@click.option("--region-column", default=None, help="Column that says the region; default 'region'.")
@click.option("--code-column", default=None, help="Column that holds the code; default by its header.")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="ATTRIBUTE=COLUMN[:H=R,V=L]",
    help="Column that carries what a split depends on, and what its values mean.",
)
@click.option("--partition-by", default=None, help="Partition the output by this column.")
@click.option("--threads", type=click.IntRange(1, 256), default=None, help="Most threads to use.")
@click.option("--memory-limit", default=None, help="Most memory to use, for example 2GB.")
@json_option
@lang_option
def recode(
    archives: tuple[Path, ...],
    run: Path | None,
    out: Path,
    entity: str | None,
    region: str | None,
    region_column: str | None,
    code_column: str | None,
    conditions: tuple[str, ...],
    partition_by: str | None,
    threads: int | None,
    memory_limit: str | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Recode an archive of performed examinations, out of core.

    Reads Parquet or CSV, writes Parquet with the combined code, its relationship, a status and the
    crosswalk's version beside every row; nothing of the archive is rewritten. Exit code 1: some
    codes couldn't be answered (see unmapped.csv and flagged.csv).
    """
    from codemerge.answers.crosswalk_version import crosswalk_version
    from codemerge.answers.recode_map import recode_map
    from codemerge.answers.selection import performed
    from codemerge.files.recode import Archive, Machine
    from codemerge.files.recode import recode as work

    opened = open_run(run_folder(Path(), run))
    language = lang or opened.project.language
    carried = [_carried(text) for text in conditions]
    archive = Archive(
        files=archives,
        region=region,
        region_column=region_column,
        code_column=code_column,
        attributes=tuple((c.attribute, c.column) for c in carried),
        values=tuple((c.attribute, w, m) for c in carried for w, m in c.values),
        partition_by=partition_by,
    )
    with speaking(language):
        page = _known(opened, entity or performed(opened), *([region] if region else []))
        joins = recode_map(opened.crosswalk, page.id)
        version = crosswalk_version(opened.crosswalk)
        summary = work(archive, joins, page, version, out, Machine(threads, memory_limit))
    _tell_recoded(summary, out, language, as_json=as_json)
    sys.exit(0 if set(summary["by_status"]) <= {"recoded"} else 1)


class _Carried(NamedTuple):
    attribute: str
    column: str
    values: tuple[tuple[str, str], ...]


def _carried(text: str) -> _Carried:
    """Read ``laterality=Sida`` or ``laterality=Sida:H=R,V=L``."""
    place, _, listed = text.partition(":")
    attribute, _, column = place.partition("=")
    values = [
        tuple(v.strip() for v in part.partition("=")[::2]) for part in listed.split(",") if part.strip()
    ]
    if not attribute or not column or not all(w and m for w, m in values):
        raise click.BadParameter(
            "write ATTRIBUTE=COLUMN or ATTRIBUTE=COLUMN:H=R,V=L", param_hint="--condition"
        )
    return _Carried(attribute.strip(), column.strip(), tuple((w, m) for w, m in values))


def _tell_recoded(summary: dict[str, object], out: Path, language: str, *, as_json: bool) -> None:
    from codemerge.rules.words import say

    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, sort_keys=True))
        return
    click.echo(
        say(
            "deliver.recoded",
            language,
            rows=summary["rows_out"],
            version=summary["crosswalk_version"],
            out=out,
        )
    )
    by = summary["by_status"]
    assert isinstance(by, dict)  # noqa: S101 - as files.recode makes it
    for status, counts in by.items():
        click.echo(say(f"deliver.status.{status}", language, **counts))


@click.command(epilog="Example:\n\n  codemerge verify demo/run")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--database",
    default=None,
    metavar="URL",
    help="PostgreSQL; everything is rolled back. Default DuckDB in memory.",
)
@click.option(
    "--script",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write the target schema and its rows as one SQL script for PostgreSQL.",
)
@json_option
@lang_option
def verify(run: Path, database: str | None, script: Path | None, as_json: bool, lang: str | None) -> None:
    """Load the combined catalogs into the target schema and report every violation.

    Exit code 1: something would not load.
    """
    from codemerge.answers.verify import lay_out
    from codemerge.answers.verify import verify as report
    from codemerge.files.schema import load, write_script
    from codemerge.rules.words import printable, say

    opened = open_run(run)
    language = lang or opened.project.language
    with speaking(language):
        refused, loaded = load(lambda dialect: lay_out(opened.combined, opened.rules, dialect), database)
        found = report(opened.combined, opened.rules, refused)
        if script is not None:
            write_script(lambda dialect: lay_out(opened.combined, opened.rules, dialect), script)
    if as_json:
        click.echo(json.dumps({"loaded": loaded, "violations": found.to_dicts()}, ensure_ascii=False))
    else:
        for row in found.iter_rows(named=True):
            click.echo(
                printable(
                    say("deliver.violation", language, **{k: "" if v is None else v for k, v in row.items()})
                )
            )
        if opened.summary["verdict"] != "ready":
            click.echo(say("deliver.verify_blocked", language), err=True)
        click.echo(
            say(
                "deliver.verified",
                language,
                rows=sum(loaded.values()),
                tables=len(loaded),
                count=found.height,
            )
        )
    sys.exit(1 if found.height else 0)


@click.command(
    epilog="Example:\n\n  codemerge pseudonymise demo/rkl/personal.txt --key-file key -o staff.csv"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key-file",
    required=True,
    type=click.Path(path_type=Path),
    help="File with the key, at least 16 bytes, the same on both sides; made if not there.",
)
@click.option("--output", "-o", "out", type=click.Path(path_type=Path), required=True, help="CSV to write.")
@lang_option
def pseudonymise(file: Path, key_file: Path, out: Path, lang: str | None) -> None:
    """Replace personnummer by a keyed hash before a file leaves its region.

    With the same key on both sides the same person has the same hash. Blanks and line ends around
    the key don't count.
    """
    from codemerge.cli.failure import language_of
    from codemerge.files.pseudonymise import pseudonymise as work
    from codemerge.files.pseudonymise import read_or_make_key
    from codemerge.rules.loader import load_rules
    from codemerge.rules.words import describe, say

    language = lang or language_of()
    with speaking(language):
        key, made = read_or_make_key(key_file)
        if made:
            click.echo(say("deliver.key_made", language, file=key_file), err=True)
        done = work(file, key, out, load_rules().entities.values())
    for note in done.notes:
        click.echo(describe(note, language), err=True)
    click.echo(
        say(
            "deliver.pseudonymised",
            language,
            replaced=done.replaced,
            columns=", ".join(done.columns),
            out=out,
        )
    )
