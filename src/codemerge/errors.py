"""What can go wrong in use: problems are values, collected; one exception carries them all.

Bad data in a good table is a *conflict* (a row of the conflicts table), never an exception.
A file that can't be trusted, a project that can't be read, a call that can't be carried out is
an exception, and names every problem found, not only the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what the user gave.

    Args:
        kind: key of the wording in ``rules/words/problems.toml``, e.g. ``csv.short_row``.
        file: the file as the user wrote it (relative to the project), never an absolute path.
        line: 1-based line of the file (row of a sheet); None where the whole file is meant.
        column: header of the column, or the field path in a project or rules file.
        values: what the wording's placeholders stand for: ``found``, ``expected``, … Values of
            sensitive fields must be masked before they are put here.
    """

    kind: str
    file: str = ""
    line: int | None = None
    column: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


class CodemergeError(Exception):
    """Root of every exception that codemerge raises on purpose."""

    exit_code = 2
    language: str | None = None  # set where a project says which language its people speak


class BadInputError(CodemergeError):
    """The files, project or rules given can't be used; carries every problem at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in a stable order: by file, line, column, kind."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.column or "", p.kind)))
        super().__init__(f"{len(self.problems)} problems")


class RefusedError(CodemergeError):
    """A command understood its input and refuses to go on (blocked, stale): exit 1."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the reasons, in the order given."""
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} reasons")


def interrupted(error: BaseException | None) -> bool:
    """Say whether a person stopped us, whatever was made of it on its way: an import makes another error."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False
