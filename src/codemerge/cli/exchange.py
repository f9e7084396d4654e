"""export: a run in other people's formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from codemerge import __version__
from codemerge.cli.project_options import lang_option, open_run, project_file, speaking

if TYPE_CHECKING:  # annotations only; see project_options
    from codemerge.answers.selection import Selection
    from codemerge.errors import Problem

_Written = tuple[bytes, "list[Problem]"]
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
    dialect: str,
    archive_table: str,
    region_column: str,
    code_column: str,
    lang: str | None,
) -> None:
    """Write a run as FORMAT: crosswalk, conceptmap, codesystem, sssom, stcm, dicom, sql or recode-sql.

    FHIR files are Bundles; stcm is OMOP's source_to_concept_map, with the concepts it needs in a
    second file. Entities with personal data are exported only when named, without their texts.
    """
    from codemerge.answers.selection import performed, select
    from codemerge.files.atomic import write_bytes
    from codemerge.rules.words import describe, say

    opened = open_run(run)
    language = lang or opened.project.language
    writers: dict[str, Callable[[Selection], _Written]] = {
        "crosswalk": lambda s: _crosswalk(s, excel_safe=excel_safe),
        "conceptmap": lambda s: _concept_map(s, fhir),
        "codesystem": _code_system,
        "sssom": _sssom,
        "stcm": lambda s: _stcm(s, out, excel_safe=excel_safe),
        "dicom": lambda s: _dicom(s, excel_safe=excel_safe),
        "sql": lambda s: _sql(s, dialect),
        "recode-sql": lambda s: _recode_sql(s, dialect, archive_table, region_column, code_column),
    }
    with speaking(language):
        chosen = select(opened, entity or (performed(opened) if form == "recode-sql" else None), region)
        data, notes = writers[form](chosen)
        write_bytes(out, data)
    for note in notes:
        click.echo(describe(note, language), err=True)
    if chosen.skipped:
        click.echo(say("deliver.skipped", language, entities=", ".join(chosen.skipped)), err=True)
    click.echo(say("deliver.exported", language, file=out, version=chosen.version), err=True)


def _crosswalk(chosen: Selection, *, excel_safe: bool) -> _Written:
    from codemerge.files.exchange_tables import crosswalk_rows, csv_bytes

    return csv_bytes(crosswalk_rows(chosen), excel_safe=excel_safe), []


def _concept_map(chosen: Selection, fhir: Literal["R4", "R5"]) -> _Written:
    from codemerge.files.exchange_fhir import bundle, concept_maps

    made, notes = concept_maps(chosen, fhir)
    return _json(bundle(made, chosen)), notes


def _code_system(chosen: Selection) -> _Written:
    from codemerge.files.exchange_codesystem import code_systems
    from codemerge.files.exchange_fhir import bundle

    made, notes = code_systems(chosen)
    return _json(bundle(made, chosen)), notes


def _sssom(chosen: Selection) -> _Written:
    from codemerge.files.exchange_sssom import sssom

    return sssom(chosen, __version__).encode("utf-8"), []


def _stcm(chosen: Selection, out: Path, *, excel_safe: bool) -> _Written:
    from codemerge.files.atomic import write_bytes
    from codemerge.files.exchange_tables import csv_bytes, source_to_concept_map
    from codemerge.files.identifiers import read_identifiers

    project = chosen.run.project
    ledger = read_identifiers(project_file(project.root).parent / project.policy.identifiers)
    rows, concepts, notes = source_to_concept_map(chosen, ledger)
    write_bytes(out.with_name(f"{out.stem}-concept{out.suffix}"), csv_bytes(concepts, excel_safe=excel_safe))
    return csv_bytes(rows, excel_safe=excel_safe), notes


def _dicom(chosen: Selection, *, excel_safe: bool) -> _Written:
    from codemerge.files.exchange_tables import csv_bytes, dicom_triplets

    rows, notes = dicom_triplets(chosen)
    return csv_bytes(rows, excel_safe=excel_safe), notes


def _sql(chosen: Selection, dialect: str) -> _Written:
    from codemerge.files.exchange_sql import DIALECTS, combined_sql

    return combined_sql(chosen, next(d for d in DIALECTS if d == dialect)).encode("utf-8"), []


def _recode_sql(chosen: Selection, dialect: str, archive: str, region: str, code: str) -> _Written:
    from codemerge.files.exchange_sql import DIALECTS, recode_sql

    wanted = next(d for d in DIALECTS if d == dialect)
    return recode_sql(chosen, wanted, archive, region, code).encode("utf-8"), []


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
