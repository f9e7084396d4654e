"""The doors of a merge: the run is made again, compared, and delivered exactly as it said, or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from codemerge.answers.diff import same_tables
from codemerge.answers.inputs_changed import inputs_changed
from codemerge.answers.run_tables import RunTables
from codemerge.dry_run import gather, summarise
from codemerge.errors import Problem, RefusedError
from codemerge.files.atomic import check_place
from codemerge.files.combined_out import write_out
from codemerge.files.identifiers import append_identifiers, new_identifiers, read_identifiers
from codemerge.files.lock import LOCK_WAIT, project_lock
from codemerge.files.run_folder import read_run
from codemerge.inputs import Step
from codemerge.model import Severity
from codemerge.pipeline import run
from codemerge.rules.loader import rules_of
from codemerge.rules.project import Project
from codemerge.rules.words import owner_title

_NOTHING: Step = lambda _stage, _entity: None  # noqa: E731 - the silent step


def merge(project: Project, folder: Path, out: Path, today: str, step: Step = _NOTHING) -> RunTables:
    """Deliver a run: combined catalogs, crosswalk, alias and change lists.

    The ledger of combined codes grows first, then OUT is published whole: whatever stops this
    halfway, the next merge of the same run ends in the same place. Doing it twice changes nothing.

    Args:
        project: the project.
        folder: the run folder that people looked at.
        out: where OUT is to stand; an older OUT is replaced.
        today: ISO date that waivers' ends are compared with.
        step: told of each stage as it starts.

    Returns:
        The run that was delivered.

    Raises:
        RefusedError: a blocking conflict is open, or the run is stale; each reason by name.
        BadInputError: no run there, or inputs that can't be used; nothing was written.
    """
    check_place(out)
    rules = rules_of(project)
    told = read_run(folder, lambda _: rules)
    with project_lock(project.root, wait=LOCK_WAIT):
        step("read", "")
        inputs, files = gather(project, rules, today)
        made = run(inputs, step)
        made = replace(made, summary=summarise(made, files, folder, {}))
        reasons = stale(told, made) or blocked(made)
        if reasons:
            raise RefusedError(reasons)
        step("write", "")
        ledger = project.root / project.policy.identifiers
        if not read_identifiers(ledger).equals(inputs.identifiers):  # the lock is only a courtesy
            raise RefusedError([Problem("deliver.stale_identifiers", values={"found": ""})])
        append_identifiers(ledger, new_identifiers(made.crosswalk, inputs.identifiers))
        write_out(made, out)
    return made


def stale(told: RunTables, made: RunTables) -> list[Problem]:
    """Return why a run no longer says what its inputs say; nothing when every table is equal."""
    without_secrets = replace(made, records=_written(made))
    if same_tables(told, without_secrets):
        return []
    changes = [c for c in inputs_changed(told.summary, made.summary) if c.kind != "identifiers"]
    changes = changes or list(inputs_changed(told.summary, made.summary))
    named = [Problem(f"deliver.stale_{c.kind}", values={"found": c.name, "how": c.how}) for c in changes]
    return named or [Problem("deliver.stale_day")]


def _written(made: RunTables) -> dict[str, pl.DataFrame]:
    """Return the records as a run folder holds them: without secret fields."""
    hidden = {
        e.id: [c for f in e.field if f.secret for c in (f.name, f"{f.name}_ok", f"{f.name}_coordination")]
        for e in made.rules.entities.values()
    }
    return {entity: frame.drop(hidden[entity], strict=False) for entity, frame in made.records.items()}


def blocked(made: RunTables) -> list[Problem]:
    """Return one reason per open blocking conflict, the gravest (by annual volume) first."""
    rows = made.conflicts.filter((pl.col("severity") == Severity.BLOCKING) & (pl.col("status") == "open"))
    columns = ["check", "conflict_id", "entity", "message", "owner"]
    language = made.project.language
    return [
        Problem("deliver.blocked", values=row | {"owner": owner_title(language, row["owner"])})
        for row in rows.sort(
            "annual_volume", "check", "conflict_id", descending=[True, False, False], nulls_last=True
        )
        .select(columns)
        .iter_rows(named=True)
    ]
