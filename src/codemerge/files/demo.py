"""The bundled example: three regions' synthetic catalogs, copied where the user wants them."""

from __future__ import annotations

import shutil
from pathlib import Path

from codemerge.errors import BadInputError, Problem
from codemerge.rules.loader import PROJECT_FILE
from codemerge.rules.shipped import shipped

# What a dry run of a checkout's own example left beside it is no part of the example.
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.py", "run", "decisions", "identifiers.csv", "*.lock")


def write_demo(folder: Path) -> None:
    """Copy the example to a new or empty folder, or over an earlier example.

    Raises:
        BadInputError: the folder holds something else; nothing was written.
    """
    example = shipped("fixtures")
    if folder.exists() and not folder.is_dir():
        raise BadInputError([Problem("project.not_a_demo", str(folder))])
    project = folder / PROJECT_FILE
    # The example's own first line tells one of any version from a project somebody has made.
    earlier = project.is_file() and _first_line(project) == _first_line(example / PROJECT_FILE)
    if folder.is_dir() and any(folder.iterdir()) and not earlier:
        raise BadInputError([Problem("project.not_a_demo", str(folder))])
    shutil.copytree(example, folder, dirs_exist_ok=True, ignore=_NOT_COPIED)


def _first_line(path: Path) -> bytes:
    return path.read_bytes().split(b"\n", 1)[0].strip()
