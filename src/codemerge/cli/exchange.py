"""export: a run in other people's formats."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from codemerge import __version__
from codemerge.cli.project_options import lang_option, open_run, speaking

_FORMATS = ["crosswalk", "conceptmap", "codesystem", "sssom", "stcm", "dicom", "sql", "recode-sql"]
_DIALECTS = ["duckdb", "postgres", "tsql", "oracle", "spark"]


@click.command(epilog="Example:\n\n  codemerge export conceptmap demo/run -o demo/conceptmap.json --fhir R5")
@click.argument("form", metavar="FORMAT", type=click.Choice(_FORMATS))
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--output", "-o", "out", type=click.Path(path_type=Path), required=True, help="File to write.")
@click.option("--entity", "-e", default=None, help="One entity; default all that hold no personal data.")
@click.option("--region", default=None, help="One region; default all.")
@click.option(
    "--fhir",
    type=click.Choice(["R4", "R5"]),
    default="R5",
    show_default=True,
    help="Version, of conceptmap and codesystem.",
)
@click.option("--excel-safe", is_flag=True, help="CSV for people: formulas made inert, reversibly.")
@click.option(
    "--dialect",
    type=click.Choice(_DIALECTS),
    default="duckdb",
    show_default=True,
    help="Of sql and recode-sql.",
)
@click.option(
    "--archive-table",
    default="performed_examinations",
    show_default=True,
    help="Of recode-sql: the table there, its name as it stands.",
)
@click.option(
    "--region-column", default="region", show_default=True, help="Of recode-sql: its column with the region."
)
@click.option(
    "--code-column", default="code", show_default=True, help="Of recode-sql: its column with the code."
)
@lang_option
def export(
    form: str,
    run: Path,
    out: Path,
    entity: str | None,
    region: str | None,
    fhir: Literal["R4", "R5"],
    excel_safe: bool,
    dialect: Literal["duckdb", "postgres", "tsql", "oracle", "spark"],
    archive_table: str,
    region_column: str,
    code_column: str,
    lang: str | None,
) -> None:
    """Write a run as FORMAT: crosswalk, conceptmap, codesystem, sssom, stcm, dicom, sql or recode-sql.

    FHIR files are Bundles; stcm is OMOP's source_to_concept_map, with the concepts it needs in a
    second file. Entities with personal data are exported only when named, and
    without their texts but in sql, which is their own table.
    """
    from codemerge.files.exchange import FORMATS, How
    from codemerge.files.exchange import export as write
    from codemerge.rules.words import describe, say

    opened = open_run(run)
    language = lang or opened.project.language
    how = How(fhir, excel_safe, dialect, archive_table, region_column, code_column, __version__)
    with speaking(language):
        done = write(opened, next(f for f in FORMATS if f == form), out, how, entity, region)
    for note in done.notes:
        click.echo(describe(note, language), err=True)
    if done.skipped:
        click.echo(say("deliver.skipped", language, entities=", ".join(done.skipped)), err=True)
    names = ", ".join(str(file) for file in done.files)
    click.echo(say("deliver.exported", language, file=names, version=done.version), err=True)
