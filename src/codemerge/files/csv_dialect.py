"""How a text file is laid out: its delimiter, and where its header stands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from codemerge.files.raw_table import Findings, Wanted

DELIMITERS = (";", "\t", ",", "|")
_HEAD_LINES = 200  # enough to see the layout; a header further down must be declared
_HEADER_WITHIN = 30
_SEP = re.compile(r'^"?sep=(.)"?\r?$', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table begins.

    Args:
        delimiter: one character.
        header: cells of the header row, as written.
        line: 1-based line where the header begins.
        body_line: line where the first row after the header begins.
        skipped: lines with text before the header.
        offset: characters before ``body_line``.
    """

    delimiter: str
    header: tuple[str, ...]
    line: int
    body_line: int
    skipped: tuple[int, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    line: int
    next_line: int


# How well a delimiter explains the lines, the delimiter, its rows, and which of them is the header.
_Judged = tuple[tuple[int, int, float, int], str, list[_Row], int | None]


def find_layout(text: str, wanted: Wanted, findings: Findings) -> Layout | None:
    """Find delimiter and header.

    Args:
        text: the whole file, line ends untouched.
        wanted: what is declared, and which headers mean something.
        findings: gets ``csv.no_header`` and its like, and notes on what was skipped.

    Returns:
        The layout; None when no header can be trusted.
    """
    lines = _head(text)
    first, said = _sep_line(lines, findings)
    tries = [wanted.delimiter] if wanted.delimiter else [said] if said else list(DELIMITERS)
    best = _best(lines, first, [d for d in tries if d], wanted)
    (score, *_), delimiter, rows, at = best
    if wanted.delimiter and not _right_delimiter(lines, first, wanted, best, findings):
        return None
    if at is None:
        findings.problem("csv.empty")
        return None
    row = rows[at]
    if wanted.header_row and row.line != wanted.header_row:
        findings.problem("csv.header_row", wanted.header_row, found=row.line)
        return None
    if score == 0 and not wanted.header_row and _is_data(row.cells):
        findings.problem("csv.no_header", row.line, count=len(row.cells))  # cells may be personal data
        return None
    skipped = tuple(r.line for r in rows[:at] if any(c.strip() for c in r.cells))
    if skipped:
        findings.note("csv.preamble", row.line, count=len(skipped))
    offset = sum(len(line) for line in lines[: row.next_line - 1])
    return Layout(delimiter, row.cells, row.line, row.next_line, skipped, offset)


def _best(lines: list[str], first: int, tries: list[str], wanted: Wanted) -> _Judged:
    """Return the delimiter that explains the lines best; of equals, the first."""
    found: list[_Judged] = []
    for n, delimiter in enumerate(tries):
        # One that stands nowhere makes rows of one cell, and no such row names two columns.
        if any(score > 1 for (score, *_), *_ in found) and not any(delimiter in line for line in lines):
            continue
        found.append(_judge(lines, first, delimiter, wanted, -n))
    return max(found, key=lambda judged: judged[0])


def _head(text: str) -> list[str]:
    """Return the first lines, each with its end."""
    size = 1 << 16
    while True:
        lines = list(islice(io.StringIO(text[:size], newline=""), _HEAD_LINES + 1))
        if len(lines) > _HEAD_LINES or size >= len(text):  # the last line of a piece may be cut short
            return lines[:_HEAD_LINES]
        size *= 4


def _sep_line(lines: list[str], findings: Findings) -> tuple[int, str | None]:
    """Take ``sep=;`` on the first line as said; spreadsheets write it."""
    match = _SEP.match(lines[0].rstrip("\n")) if lines else None
    if match is None:
        return 0, None
    findings.note("csv.sep_line", 1, found=match[1])
    return 1, match[1]


def _judge(lines: list[str], first: int, delimiter: str, wanted: Wanted, order: int) -> _Judged:
    """Weigh a delimiter: recognised headers first, then how even the rows are, then their width."""
    rows = _rows(lines, first, delimiter)
    at, score = _header(rows, wanted)
    widths = Counter(len(r.cells) for r in rows[(at or 0) :])
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    even = count / max(1, sum(widths.values())) if width > 1 else 0.0
    return (score, int(width > 1), round(even, 3), order), delimiter, rows, at


def _rows(lines: list[str], first: int, delimiter: str) -> list[_Row]:
    reader = csv.reader(lines[first:], delimiter=delimiter)
    rows: list[_Row] = []
    while True:
        start = reader.line_num + 1 + first
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error:  # the exact reader says what is wrong; here only the layout is looked at
            continue
        if any(c.strip() for c in cells):
            rows.append(_Row(tuple(cells), start, reader.line_num + 1 + first))


def _header(rows: list[_Row], wanted: Wanted) -> tuple[int | None, int]:
    if wanted.header_row:
        at = next((n for n, r in enumerate(rows) if r.line >= wanted.header_row), None)
        return at, wanted.score(list(rows[at].cells)) if at is not None else 0
    if not rows:
        return None, 0
    at = best = 0
    for n, row in enumerate(rows[:_HEADER_WITHIN]):
        if len(set(row.cells)) > best and (score := wanted.score(list(row.cells))) > best:
            at, best = n, score
    if best:
        return at, best
    widths = Counter(len(r.cells) for r in rows)
    usual = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    return next(n for n, r in enumerate(rows) if len(r.cells) == usual), 0


def _right_delimiter(
    lines: list[str],
    first: int,
    wanted: Wanted,
    found: _Judged,
    findings: Findings,
) -> bool:
    """Check a declared delimiter: one column, where another gives several, is a mistake."""
    (score, several, *_), delimiter, _, at = found
    if several or at is None:
        return True
    others = [_judge(lines, first, d, wanted, -n) for n, d in enumerate(DELIMITERS) if d != delimiter]
    better = max(others, key=lambda other: other[0])
    if better[0][1] and better[0][0] >= score and better[3] is not None:
        width = len(better[2][better[3]].cells)
        findings.problem(
            "csv.delimiter",
            found[2][at].line,
            expected=visible(delimiter),
            found=visible(better[1]),
            count=width,
        )
        return False
    return True


def _is_data(cells: tuple[str, ...]) -> bool:
    """Tell whether a row can't be a header: it holds numbers, or nothing but empty names."""
    return any(re.fullmatch(r"[\d\s.,:-]+", c) for c in cells if c.strip())


def visible(delimiter: str) -> str:
    """Return a delimiter as people read it."""
    return "TAB" if delimiter == "\t" else delimiter
