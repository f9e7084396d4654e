"""One door to every exchange format: a run narrowed, a format named, files written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.answers.selection import Selection, performed, select
from codemerge.errors import Problem
from codemerge.files.atomic import write_bytes
from codemerge.files.identifiers import read_identifiers

Format = Literal["crosswalk", "conceptmap", "codesystem", "sssom", "stcm", "dicom", "sql", "recode-sql"]
FORMATS: tuple[Format, ...] = (
    "crosswalk", "conceptmap", "codesystem", "sssom", "stcm", "dicom", "sql", "recode-sql",
)  # fmt: skip


@dataclass(frozen=True)
class How:
    """How a format is written; each setting matters to the formats it names only.

    Args:
        fhir: version, of conceptmap and codesystem.
        excel_safe: CSV for people, formulas made inert, reversibly.
        dialect: of sql and recode-sql.
        archive_table: of recode-sql, its name as it stands in the database.
        region_column: of that table.
        code_column: of that table.
        tool_version: of codemerge, for files that name their maker.
    """

    fhir: Literal["R4", "R5"] = "R5"
    excel_safe: bool = False
    dialect: Literal["duckdb", "postgres", "tsql", "oracle", "spark"] = "duckdb"
    archive_table: str = "performed_examinations"
    region_column: str = "region"
    code_column: str = "code"
    tool_version: str = ""


@dataclass(frozen=True)
class Exported:
    """What was written.

    Args:
        files: every file, the one asked for first.
        version: of the crosswalk.
        notes: codes and texts that the format can't hold.
        skipped: entities with personal data, left out because nobody named them.
    """

    files: tuple[Path, ...]
    version: str
    notes: tuple[Problem, ...]
    skipped: tuple[str, ...]


@dataclass
class _Made:
    data: bytes
    notes: list[Problem] = field(default_factory=list)
    beside: dict[str, bytes] = field(default_factory=dict)  # what is added to the file's stem → content


def export(
    run: RunTables, form: Format, out: Path, how: How, entity: str | None = None, region: str | None = None
) -> Exported:
    """Write a run in one of `FORMATS`.

    Args:
        run: the run.
        form: which.
        out: file to write, whole or not at all.
        how: settings of the formats.
        entity: one entity; None for all that hold no personal data.
        region: one region; None for all.

    Raises:
        BadInputError: unknown entity or region, a wrong ``[export]`` table, a missing extra, or the
            file can't be written.
    """
    chosen = select(run, entity or (performed(run) if form == "recode-sql" else None), region)
    made = _WRITERS[form](chosen, how)
    private = any(e.sensitive for e in chosen.entities)
    write_bytes(out, made.data, private=private)
    others = []
    for ending, data in made.beside.items():
        others.append(out.with_name(f"{out.stem}{ending}{out.suffix}"))
        write_bytes(others[-1], data, private=private)
    return Exported((out, *others), chosen.version, tuple(made.notes), chosen.skipped)


def _crosswalk(chosen: Selection, how: How) -> _Made:
    from codemerge.files.exchange_tables import crosswalk_rows

    return _Made(_csv(crosswalk_rows(chosen), how))


def _concept_map(chosen: Selection, how: How) -> _Made:
    from codemerge.files.exchange_fhir import bundle, concept_maps

    made, notes = concept_maps(chosen.with_codes(), how.fhir)
    return _Made(_json(bundle(made, chosen)), notes)


def _code_system(chosen: Selection, how: How) -> _Made:  # noqa: ARG001 - R4 and R5 agree
    from codemerge.files.exchange_codesystem import code_systems
    from codemerge.files.exchange_fhir import bundle

    made, notes = code_systems(chosen.with_codes())
    return _Made(_json(bundle(made, chosen)), notes)


def _sssom(chosen: Selection, how: How) -> _Made:
    from codemerge.files.exchange_sssom import sssom

    return _Made(sssom(chosen.with_codes(), how.tool_version).encode("utf-8"))


def _stcm(chosen: Selection, how: How) -> _Made:
    from codemerge.files.exchange_tables import source_to_concept_map

    project = chosen.run.project
    rows, concepts, notes = source_to_concept_map(
        chosen.with_codes(), read_identifiers(project.root / project.policy.identifiers)
    )
    return _Made(_csv(rows, how), notes, {"-concept": _csv(concepts, how)})


def _dicom(chosen: Selection, how: How) -> _Made:
    from codemerge.files.exchange_tables import dicom_triplets

    rows, notes = dicom_triplets(chosen.with_codes())
    return _Made(_csv(rows, how), notes)


def _sql(chosen: Selection, how: How) -> _Made:
    from codemerge.answers.verify import lay_out
    from codemerge.files.exchange_sql import combined_sql
    from codemerge.library.checks.target_schema import script

    if how.dialect in _CONSTRAINED:
        combined = {e.id: chosen.run.combined[e.id] for e in chosen.entities}
        return _Made(script(lay_out(combined, chosen.run.rules, _CONSTRAINED[how.dialect])).encode("utf-8"))
    return _Made(combined_sql(chosen, how.dialect).encode("utf-8"))


def _recode_sql(chosen: Selection, how: How) -> _Made:
    from codemerge.files.exchange_sql import recode_sql

    text = recode_sql(chosen, how.dialect, how.archive_table, how.region_column, how.code_column)
    return _Made(text.encode("utf-8"))


# The engines `verify` loads into get its schema, constraints and all; the others plain tables.
_CONSTRAINED = {"duckdb": "duckdb", "postgres": "postgresql"}

_WRITERS: dict[Format, Callable[[Selection, How], _Made]] = {
    "crosswalk": _crosswalk,
    "conceptmap": _concept_map,
    "codesystem": _code_system,
    "sssom": _sssom,
    "stcm": _stcm,
    "dicom": _dicom,
    "sql": _sql,
    "recode-sql": _recode_sql,
}


def _csv(frame: pl.DataFrame, how: How) -> bytes:
    from codemerge.files.exchange_tables import csv_bytes

    return csv_bytes(frame, excel_safe=how.excel_safe)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
