"""The doors of a dry-run: read what stands on disk, run the pipeline, write the run folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from codemerge import __version__
from codemerge.answers.root_causes import root_causes
from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import check_place, whole_files
from codemerge.files.decisions import read_decisions
from codemerge.files.identifiers import read_identifiers
from codemerge.files.lock import LOCK_WAIT, project_lock
from codemerge.files.run_folder import (
    private_tables,
    read_summary,
    sha256_of,
    table_frames,
    write_csv,
    write_run,
)
from codemerge.files.sources import InputFile, read_catalogs
from codemerge.inputs import Inputs, Step, silent
from codemerge.library.by_entity import by_entity
from codemerge.library.freed import give_back
from codemerge.model import Severity
from codemerge.pipeline import run
from codemerge.rules.loader import Rules, rules_of
from codemerge.rules.project import Project
from codemerge.stages.check import misdeclared

_T = TypeVar("_T")


@dataclass(frozen=True)
class Options:
    """What a caller may ask of a dry-run.

    Args:
        language: of workbook, report and terminal; the tables keep the project's.
        tables_only: no workbook, no report.
        csv: the tables as CSV too.
        today: ISO date that waivers' end dates are compared with.
    """

    language: str
    today: str
    tables_only: bool = False
    csv: bool = False


@dataclass(frozen=True)
class Read:
    """What a run was made from, as its summary names it.

    Args:
        inputs, notes: of the catalogs.
        decisions: SHA-256 of each decision file that was read, by name.
        identifiers: SHA-256 of the ledger that was read; None where there is none.
    """

    inputs: Sequence[InputFile]
    notes: Sequence[Problem]
    decisions: Mapping[str, str]
    identifiers: str | None


def gather(project: Project, rules: Rules, today: str) -> tuple[Inputs, Read]:
    """Read catalogs, decisions and the ledger.

    Raises:
        BadInputError: every problem of every file, at once.
    """
    problems: list[Problem] = misdeclared(rules.checks)
    catalogs = _tried(lambda: read_catalogs(project, rules), problems)
    stood = _standing(project)
    while True:  # an import may end in the midst: what is read must be what the summary names
        chain = _tried(lambda: read_decisions(project.root / project.policy.decisions), problems)
        ledger = _tried(lambda: read_identifiers(project.root / project.policy.identifiers), problems)
        if problems or stood == (stands := _standing(project)):
            break
        stood = stands
    problems += chain.problems if chain else ()
    if problems or catalogs is None or chain is None or ledger is None:
        raise BadInputError(problems)
    inputs = Inputs(
        rows=catalogs.rows,
        notes=tuple(catalogs.notes),
        decisions=chain.decisions,
        identifiers=ledger,
        project=project,
        rules=rules,
        today=today,
    )
    return inputs, Read(catalogs.inputs, catalogs.notes, *stood)


def _standing(project: Project) -> tuple[dict[str, str], str | None]:
    """Return the hashes of the decision files and of the ledger, as they stand now."""
    decisions = project.root / project.policy.decisions
    ledger = project.root / project.policy.identifiers
    files = whole_files(decisions, "*.csv") if decisions.is_dir() else []
    return {p.name: sha256_of(p) for p in files}, sha256_of(ledger) if ledger.is_file() else None


def _tried(read: Callable[[], _T], problems: list[Problem]) -> _T | None:
    """Read, or note every problem and go on, so that all files' problems are told at once."""
    try:
        return read()
    except BadInputError as error:
        problems += error.problems
        return None


def dry_run(project: Project, folder: Path, options: Options, step: Step = silent) -> RunTables:
    """Read, match, propose, find conflicts, and write the run folder.

    Args:
        project: the project.
        folder: where the run folder is to stand; an older run there is replaced whole.
        options: what to write, in which language.
        step: told of each stage as it starts.

    Returns:
        The run, with its summary.

    Raises:
        BadInputError: rules, project or a source can't be used, or another command is writing to
            the project and doesn't end soon; nothing was written.
    """
    started = time.perf_counter()
    check_place(folder)
    step = _tidied(step)
    rules = rules_of(project)
    step("read", "")
    inputs, files = gather(project, rules, options.today)
    read_at = time.perf_counter()
    held = [inputs]
    del inputs
    finished = run(held.pop(), step)  # it alone holds the rows, and lets go of them
    run_at = time.perf_counter()
    previous = _previous(folder)
    timings = {"read": read_at - started, "run": run_at - read_at}
    finished = replace(finished, summary=summarise(finished, files, folder, timings), previous=previous)
    step("write", "")
    with project_lock(project.root, wait=LOCK_WAIT):
        write_run(finished, folder, lambda staged: for_people(finished, staged, options))
    return finished


def _tidied(step: Step) -> Step:
    """Return what tells of stages and gives back, as one begins for all entities, what the last one freed."""

    def begin(stage: str, entity: str) -> None:
        if not entity:
            give_back()
        step(stage, entity)

    return begin


def _previous(folder: Path) -> dict[str, Any] | None:
    try:
        return read_summary(folder)
    except (BadInputError, OSError, ValueError):
        return None  # nothing there, or nothing that can be compared with: then nothing is


def summarise(finished: RunTables, read: Read, folder: Path, timings: dict[str, float]) -> dict[str, Any]:
    """Return what summary.json says; all but ``timings`` follows from the inputs alone."""
    project = finished.project
    conflicts = finished.conflicts
    blocking = conflicts.filter((pl.col("severity") == Severity.BLOCKING) & (pl.col("status") == "open"))
    return {
        "format": 1,
        "codemerge": __version__,
        "name": project.name,
        "verdict": "blocked" if blocking.height else "ready",
        "language": project.language,
        "regions": list(project.regions),
        "project": project.model_dump(mode="json", exclude={"root"}),
        "project_root": Path(os.path.relpath(project.root, folder.resolve())).as_posix(),
        "inputs": [asdict(i) for i in read.inputs],
        "rules": finished.rules.hash,
        "decisions": dict(read.decisions),
        "identifiers": read.identifiers,
        "counts": _counts(finished),
        "coverage": _coverage(finished),
        "conflicts": {
            "blocking": blocking.height,
            **{
                f"{severity.value}_all": conflicts.filter(pl.col("severity") == severity).height
                for severity in Severity
            },
            "by_check": dict(sorted(conflicts.group_by("check").len().iter_rows())),
        },
        "decisions_needed": root_causes(finished),
        "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
    }


def _counts(finished: RunTables) -> dict[str, Any]:
    told = finished.mappings.select("entity", "status")  # grouped, a frame is copied: all its columns
    said = told.group_by("entity", "status").len().sort("status").rows()
    return {
        entity: {
            "records": dict(sorted(records.group_by("region").len().iter_rows())),
            "combined": finished.combined[entity].height,
            "mappings": {status: count for of, status, count in said if of == entity},
        }
        for entity, records in finished.records.items()
    }


def _coverage(finished: RunTables) -> dict[str, Any]:
    """Return, per entity and region, how rows and annual volume are carried, by crosswalk status."""
    out: dict[str, Any] = {}
    rows = finished.crosswalk.select("record_id", "entity", "region", "status")
    another = pl.col("record_id").ne_missing(pl.col("record_id").shift(1))  # they are in order
    first, none = by_entity(rows.filter(another)), rows.clear()
    for entity, records in finished.records.items():
        counted = (
            _beside(first.get(entity, none), records.select("record_id", "volume"))
            .group_by("region", "status")
            .agg(pl.len().alias("rows"), pl.col("volume").sum())
            .sort("region", "status")
        )
        for region, status, rows, volume in counted.iter_rows():
            out.setdefault(entity, {}).setdefault(region, {})[status] = {"rows": rows, "volume": volume}
    return out


def _beside(rows: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Join what is said of records to one row each; nearly always they stand in the same order."""
    if rows["record_id"].equals(records["record_id"]):
        return rows.hstack(records.drop("record_id"))
    return rows.join(records, on="record_id")


def for_people(finished: RunTables, folder: Path, options: Options) -> list[Callable[[], None]]:
    """Return what writes workbooks, report and, if asked, the tables as CSV into a folder."""

    def tables() -> None:
        for name, frame in table_frames(finished).items():
            write_csv(frame, folder / "tables" / f"{name}.csv", private=name in private_tables(finished))

    def workbooks() -> None:
        # Workbook and report take half the imports; a run of tables only never pays for them.
        from codemerge.files.workbook_write import write_workbooks

        write_workbooks(finished, folder, options.language)

    def report() -> None:
        from codemerge.answers.report_facts import report_facts
        from codemerge.files.plan_sheet import write_plan
        from codemerge.files.report import write_report

        facts = report_facts(finished, options.language)
        write_report(facts, folder / "report.html")
        write_plan(facts, folder / "plan.xlsx")

    return [*([] if options.tables_only else [workbooks, report]), *([tables] if options.csv else [])]
