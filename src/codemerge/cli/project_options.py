"""What several commands share: opening a project, its rules, its run, in its language."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codemerge.errors import CodemergeError

if TYPE_CHECKING:  # annotations only: importing these takes half a second that --help doesn't have
    from codemerge.answers.run_tables import RunTables
    from codemerge.rules.loader import Rules
    from codemerge.rules.project import Project

_Command = Callable[..., Any]

project_argument = click.argument("project", type=click.Path(path_type=Path), default=Path(), required=False)
run_option = click.option(
    "--run", "-r", "run", type=click.Path(path_type=Path), default=None,
    help="Run folder; default run/ beside the project file.",
)  # fmt: skip
lang_option = click.option(
    "--lang", type=click.Choice(["sv", "en"]), default=None, help="Language; default the project's."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let an error raised inside be told in this language."""
    try:
        yield
    except CodemergeError as error:
        error.language = error.language or language
        raise


def project_file(path: Path) -> Path:
    """Return the project file of a folder, or the file itself."""
    from codemerge.rules.loader import PROJECT_FILE

    return path / PROJECT_FILE if path.is_dir() else path


def run_folder(project: Path, run: Path | None) -> Path:
    """Return the run folder asked for, or the default one of a project."""
    return run if run is not None else project_file(project).parent / "run"


def open_project(path: Path, lang: str | None = None) -> Project:
    """Read a project file; ``lang`` replaces its language for messages only."""
    from codemerge.rules.loader import load_project

    project = load_project(path)
    return project if lang is None else project.model_copy(update={"language": lang})


def open_run(folder: Path) -> RunTables:
    """Read a run folder with the rules of its project."""
    from codemerge.files.run_folder import read_run

    return read_run(folder, _rules_near)


def _rules_near(project: Project) -> Rules:
    """Return the project's rules; the built-in ones, said aloud, for a run moved away from its project."""
    from codemerge.errors import BadInputError
    from codemerge.rules.loader import PROJECT_FILE, load_rules, rules_of
    from codemerge.rules.words import say

    try:
        return rules_of(project)
    except BadInputError:
        if (project.root / PROJECT_FILE).is_file():
            raise
        click.echo(say("terminal.rules_elsewhere", project.language), err=True)
        return load_rules()


class Progress:
    """One line per stage on stderr, rewritten in place on a terminal, silent when asked."""

    def __init__(self, quiet: bool, language: str) -> None:
        self._shown = sys.stderr.isatty() and not quiet
        self._language = language

    def __call__(self, stage: str, entity: str) -> None:
        """Tell which stage begins."""
        if self._shown:
            from codemerge.rules.words import say

            click.echo(
                f"\r\x1b[K{say(f'terminal.stage.{stage}', self._language)} {entity}", nl=False, err=True
            )

    def done(self) -> None:
        """Clear the line."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def today() -> str:
    """Return today's date where the user is, in ISO form; only doors ask the clock."""
    from datetime import date

    return date.today().isoformat()  # noqa: DTZ011 - a waiver ends at midnight where the user is
