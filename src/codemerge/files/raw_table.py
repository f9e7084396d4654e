"""What every reader is asked for and gives back: one table, all text, and what was found on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.errors import Problem
from codemerge.library.headers import AliasBook
from codemerge.rules.project import Limits

_SHOWN = 20  # problems of one kind told one by one; the rest as a number


class Findings:
    """Collects what is wrong (fatal) and what is worth knowing (notes) about one file."""

    def __init__(self, file: str, **about: str) -> None:
        """Start with nothing found.

        Args:
            file: as the user wrote it.
            about: values that every note carries, such as ``region`` and ``entity``.
        """
        self.file = file
        self.about = about
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self._seen: Counter[str] = Counter()

    def problem(
        self, kind: str, line: int | None = None, column: str | None = None, **values: object
    ) -> None:
        """Add something that stops the file from being used."""
        self._seen[kind] += 1
        if self._seen[kind] <= _SHOWN:
            self.problems.append(Problem(kind, self.file, line, column, values))

    def note(self, kind: str, line: int | None = None, column: str | None = None, **values: object) -> None:
        """Add something the reader of the run should know."""
        self.notes.append(Problem(kind, self.file, line, column, {**self.about, **values}))

    def all_problems(self) -> list[Problem]:
        """Return the problems; kinds that were cut short end in how many more there are."""
        more = [
            Problem("source.more", self.file, values={"count": n - _SHOWN, "kind": kind})
            for kind, n in sorted(self._seen.items())
            if n > _SHOWN
        ]
        return self.problems + more


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a table before it is read.

    Args:
        book: headers that mean the entity's fields.
        columns: field → header, mapped by hand.
        encoding, delimiter, sheet, header_row, query: as declared; None to find them.
        codes: fields whose values are codes: numbers there are suspicious.
        limits: sizes above which the file is refused.
    """

    book: AliasBook
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    query: str | None = None
    codes: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)

    def score(self, cells: list[str]) -> int:
        """Return how many columns a row would name, were it the header."""
        if len(cells) > self.limits.columns:
            return 0  # refused later; until then nothing looks at each of a million cells
        mapped = {header.strip() for header in self.columns.values() if header.strip()}
        by_hand = len(mapped & {c.strip() for c in cells})
        return max(self.book.count(cells), by_hand)


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it stood in a file.

    Args:
        header: names of the columns; an empty one where the file has none.
        cells: String columns ``0``, ``1``, … in the header's order; null where a cell is empty.
        lines: line of the file (row of the sheet) where each row begins.
        recovered: column position → lines whose leading zeros came from the cell's format.
        coerced: column position → what a spreadsheet did to cells: (line, kind, text) with kind
            ``number``, ``date``, ``scientific`` or ``logical``.
    """

    header: tuple[str, ...]
    cells: pl.DataFrame
    lines: npt.NDArray[np.int64]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_line: int = 1
    recovered: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    coerced: Mapping[int, tuple[tuple[int, str, str], ...]] = field(default_factory=dict)


def too_wide(columns: int, wanted: Wanted, findings: Findings) -> bool:
    """Refuse a table of more columns than a sheet can hold, before anything looks at each of them."""
    if columns <= wanted.limits.columns:
        return False
    expected = wanted.limits.columns
    findings.problem("source.too_many_columns", found=columns, expected=expected, setting="limits.columns")
    return True


def column_name(position: int) -> str:
    """Return a spreadsheet's letters for a column, A for 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
