"""What a program or a notebook may call: open a project, run it, look at the run, deliver it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import polars as pl

from codemerge import __version__
from codemerge.answers.diff import Difference
from codemerge.answers.run_tables import RunTables
from codemerge.files.exchange import Exported, Format, How
from codemerge.model import Severity
from codemerge.rules.loader import load_project, rules_of
from codemerge.rules.project import Project
from codemerge.rules.words import say

DEFAULT_RUN = "run"


@dataclass(frozen=True)
class Run:
    """A finished run. Every table is a polars frame; nothing done to a frame changes the run.

    Args:
        tables: the run's tables, as every part of codemerge reads them.
        folder: the run folder.
    """

    tables: RunTables
    folder: Path

    @property
    def verdict(self) -> str:
        """``ready`` or ``blocked``."""
        return str(self.tables.summary["verdict"])

    @property
    def project(self) -> Project:
        """The project it was made from."""
        return self.tables.project

    @property
    def summary(self) -> Mapping[str, Any]:
        """What ``summary.json`` holds: inputs, counts, coverage, timings."""
        return self.tables.summary

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities it has records of, in the order of the rules' pages."""
        return tuple(e for e in self.tables.rules.entities if e in self.tables.records)

    @property
    def mappings(self) -> pl.DataFrame:
        """Every proposed and decided pair."""
        return self.tables.mappings

    @property
    def crosswalk(self) -> pl.DataFrame:
        """Where every record goes."""
        return self.tables.crosswalk

    @property
    def conflicts(self) -> pl.DataFrame:
        """Everything that stands in the way, or needs a decision."""
        return self.tables.conflicts

    def records(self, entity: str) -> pl.DataFrame:
        """Return an entity's records with what was read out of their names."""
        return self.tables.records[entity]

    def combined(self, entity: str) -> pl.DataFrame:
        """Return an entity's combined catalog."""
        return self.tables.combined[entity]

    def translate(
        self, entity: str, codes: Iterable[str], source: str, target: str = "combined"
    ) -> pl.DataFrame:
        """Translate codes of one region.

        Args:
            entity: which codes.
            codes: the codes, exactly as the region writes them.
            source: the region they are from.
            target: the region they are wanted for, or ``combined``.

        Returns:
            ``code, relationship, target, status, group, combine, condition``: equivalent first; a
            code that leads nowhere has one row with a null target.
        """
        from codemerge.answers.translate import translate

        return translate(self.crosswalk, entity, source, target, pl.Series(list(codes), dtype=pl.String))

    def diff(self, other: Run) -> Difference:
        """Compare this run with a later one: ``same``, the ``inputs`` that differ, and ``rows``."""
        from codemerge.answers.diff import diff

        return diff(self.tables, other.tables)

    def export(
        self,
        form: Format,
        out: str | Path,
        how: How | None = None,
        entity: str | None = None,
        region: str | None = None,
    ) -> Exported:
        """Write the run in an exchange format, such as ``conceptmap``, ``sssom`` or ``crosswalk``.

        Raises:
            BadInputError: unknown entity or region, or the file can't be written.
        """
        from codemerge.files.exchange import export

        return export(self.tables, form, Path(out), how or How(tool_version=__version__), entity, region)

    def _repr_html_(self) -> str:
        """Show the verdict, what there is of each entity, and what stands in the way most."""
        language = self.project.language
        open_ = self.conflicts.filter(
            (pl.col("status") == "open") & (pl.col("severity") == Severity.BLOCKING)
        )
        ready = "ready" if self.verdict == "ready" else "blocked"
        said = say(f"terminal.run.{ready}", language, count=open_.height)
        parts = [f"<p><b>{escape(self.project.name)}</b>: {escape(said)}</p>"]
        rows = [self._counts(entity) for entity in self.entities]
        head = [
            say(f"deliver.table.{key}", language)
            for key in ("entity", "records", "certain", "review", "combined")
        ]
        parts.append(_table(head, rows))
        if open_.height:
            worst = open_.sort(
                "annual_volume", "conflict_id", descending=[True, False], nulls_last=True
            ).head(5)
            parts.append(_table([say("deliver.table.in_the_way", language)], worst.select("message").rows()))
        return "".join(parts)

    def _counts(self, entity: str) -> tuple[object, ...]:
        page = self.tables.rules.entities[entity]
        standing = self.mappings.filter(pl.col("entity") == entity)["status"]
        return (
            page.plural.say(self.project.language),
            self.records(entity).height,
            int(standing.is_in(["auto", "accepted"]).sum()),
            int((standing == "review").sum()),
            self.combined(entity).height,
        )


def _line(cells: Iterable[object], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(c))}</{tag}>" for c in cells) + "</tr>"


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    return f"<table>{_line(head, 'th')}{''.join(_line(row, 'td') for row in rows)}</table>"


def run_project(
    project: Project | str | Path,
    folder: str | Path | None = None,
    *,
    language: str | None = None,
    tables_only: bool = False,
    today: str | None = None,
) -> Run:
    """Do the main job: read, match, propose, find conflicts, write the run folder.

    Args:
        project: a project, its folder, or its ``codemerge.toml``.
        folder: the run folder; default ``run/`` beside the project file.
        language: ``sv`` or ``en``, of workbook and report; default the project's.
        tables_only: no workbook, no report.
        today: ISO date that waivers' ends are compared with; default this day.

    Raises:
        BadInputError: the project, its rules or a source can't be used; nothing was written.
    """
    from codemerge.dry_run import Options, dry_run

    opened = project if isinstance(project, Project) else load_project(Path(project))
    place = Path(folder) if folder is not None else opened.root / DEFAULT_RUN
    options = Options(language or opened.language, today or _today(), tables_only)
    return Run(dry_run(opened, place, options), place)


def open_run(folder: str | Path) -> Run:
    """Open a run folder that was written earlier.

    Raises:
        BadInputError: no finished run there, or one whose tables aren't as they were written.
    """
    from codemerge.files.run_folder import read_run

    place = Path(folder)
    return Run(read_run(place, rules_of), place)


def merge(run: Run, out: str | Path, *, today: str | None = None) -> Run:
    """Deliver a run: combined catalogs, crosswalk, alias and change lists in the folder ``out``.

    Args:
        run: the run, as people looked at it.
        out: folder to write; an older delivery there is replaced.
        today: ISO date that waivers' ends are compared with; default this day.

    Returns:
        The run that was delivered, made again and found equal.

    Raises:
        RefusedError: a blocking conflict is open, or the run is stale; every reason by name.
        BadInputError: inputs that can't be used.
    """
    from codemerge.publish import merge as deliver

    project = load_project(run.project.root)
    return Run(deliver(project, run.folder, Path(out), today or _today()), run.folder)


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - a waiver ends at midnight where the user is
