"""Lines after the data that are no records: a count of the rows, a closing line, a ruled line."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from codemerge.files.csv_rows import Rows
from codemerge.files.raw_table import Findings
from codemerge.rules.words import text_of

_MOST = 5  # a footer has at most so many lines
_WIDE = 3  # in a narrower table a lone text is a record as likely as not
_NUMBER = re.compile(r"\d[\d \u00a0\u202f]*")
_AFTER_COLON = re.compile(r":\s*\d[\d \u00a0\u202f]*\D*$")


def without_footer(rows: Rows, width: int, findings: Findings) -> Rows:
    """Take footer lines off the end of a table, and check the number of rows they tell.

    Args:
        rows: the records; those of another width are in ``odd``.
        width: number of cells in the header.
        findings: gets a note per footer line, and ``csv.footer_count`` where the count is wrong.

    Returns:
        The rows without footers. A last record that holds a code and nothing else stays.
    """
    for _ in range(_MOST):
        last = int(rows.lines[-1]) if rows.lines.size else 0
        if rows.odd and rows.lines.size and rows.odd[-1][0] > last:
            line, cells = rows.odd[-1]
            shorter = replace(rows, odd=rows.odd[:-1])
            footer = width > 1 and rows.sound and _closes(cells, line - last, shorter, line, findings)
        elif rows.lines.size and width >= _WIDE:
            padded = [cell or "" for cell in rows.cells.row(-1)]
            shorter = replace(rows, cells=rows.cells.head(-1), lines=rows.lines[:-1])
            footer = _closes_padded(padded, shorter, last, findings)
        else:
            break
        if not footer:
            break
        rows = shorter
    return rows


def _closes(cells: list[str], distance: int, rows: Rows, line: int, findings: Findings) -> bool:
    """Judge a line that is narrower than the table: nothing but a footer or a broken row."""
    text = _only_text(cells)
    if text is None or len(text) < 2:
        return False
    count = _count_in(text)
    if count is not None:
        _compare(count, rows, line, findings)
        return True
    ruled = not any(c.isalnum() for c in text)
    if distance > 1 or ruled or _known(text):  # a blank line parts it from the data, or its words do
        findings.note("csv.closing_line", line)
        return True
    return False


def _closes_padded(cells: list[str], rows: Rows, line: int, findings: Findings) -> bool:
    """Judge a row as wide as the table with one text in it: ``Lab 7`` may well be a record."""
    text = _only_text(cells)
    if text is None:
        return False
    count = _count_in(text)
    agrees = count == rows.lines.size and text[0].isdigit()
    if count is not None and (agrees or _AFTER_COLON.search(text)):
        _compare(count, rows, line, findings)
        return True
    if _known(text) and " " in text:
        findings.note("csv.closing_line", line)
        return True
    return False


def _known(text: str) -> bool:
    first = re.match(r"\W*(\w+)", text)
    return first is not None and first[1].casefold() in _footer_words()


@cache
def _footer_words() -> frozenset[str]:
    both = f"{text_of('reading.footer', 'sv')}, {text_of('reading.footer', 'en')}"
    return frozenset(word.strip().casefold() for word in both.split(","))


def _only_text(cells: list[str]) -> str | None:
    """Return the text of a row that holds one text, or a text and then a number; else None."""
    filled = [c.strip() for c in cells if c.strip()]
    if len(filled) == 1 or (len(filled) == 2 and filled[1].isdigit() and not filled[0].isdigit()):
        return " ".join(filled)
    return None


def _count_in(text: str) -> int | None:
    """Return the only number of a text that also holds words (``Antal rader: 4711``)."""
    numbers = _NUMBER.findall(text)
    words = re.findall(r"[^\W\d_]{3,}", text)
    if len(numbers) != 1 or not words or len(text) > 80:
        return None
    return int(re.sub(r"\D", "", numbers[0]))


def _compare(count: int, rows: Rows, line: int, findings: Findings) -> None:
    actual = int(rows.lines.size)
    if count == actual:
        findings.note("csv.footer", line, found=count)
    else:
        findings.problem("csv.footer_count", line, found=count, expected=actual)
