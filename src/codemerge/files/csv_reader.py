"""CSV, TSV and their kin: from bytes to a table of text with line numbers, or every reason why not."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import polars as pl

from codemerge.files.csv_dialect import Layout, find_layout, visible
from codemerge.files.csv_rows import Rows, read_rows
from codemerge.files.raw_table import Findings, RawTable, Wanted
from codemerge.library.encoding import Decoded, UndecodableError, decode, looks_seven_bit
from codemerge.rules.words import text_of

_FOOTER_ROWS = 5  # a footer has at most so many lines
_WHOLE_NUMBER = re.compile(r"\d[\d \u00a0\u202f]*")
_AFTER_COLON = re.compile(r":\s*\d[\d \u00a0\u202f]*\D*$")


def read_csv(data: bytes, wanted: Wanted, findings: Findings) -> RawTable | None:
    """Read a delimited text file.

    Args:
        data: the whole file.
        wanted: what is declared of it, and which headers mean something.
        findings: gets every problem and note.

    Returns:
        The table; None when there is none to trust (the problems say why).
    """
    decoded = _text(data, wanted, findings)
    if decoded is None or not _readable(text := _without_end_mark(decoded.text, findings), wanted, findings):
        return None
    layout = find_layout(text, wanted, findings)
    if layout is None:
        return None
    width = len(layout.header)
    rows = read_rows(text[layout.offset :], layout.delimiter, width, layout.body_line, findings)
    rows = _without_footer(_without_empty(rows, findings), width, findings)
    _judge_odd(rows, width, text, findings)
    trimmed = _trimmed(rows, layout, findings)
    if trimmed is None:
        return None
    header = layout.header[: trimmed.width] + ("",) * (trimmed.width - width)
    rows = _without_repeats(trimmed, header, findings)
    if not rows.lines.size and not findings.problems:
        findings.note("source.no_rows")
    return RawTable(
        header=tuple(h.strip() for h in header),
        cells=rows.cells,
        lines=rows.lines,
        encoding=decoded.encoding,
        delimiter=visible(layout.delimiter),
        header_line=layout.line,
    )


def _text(data: bytes, wanted: Wanted, findings: Findings) -> Decoded | None:
    try:
        decoded = decode(data, wanted.encoding)
    except UndecodableError as error:
        findings.problem(
            f"csv.{error.kind}",
            error.line if error.kind not in {"unknown_encoding", "utf16_no_bom"} else None,
            found=error.encoding,
            offset=error.offset,
            nearest=error.hint or "-",
        )
        return None
    if decoded.looks_like:
        findings.note(
            "csv.looks_like", found=decoded.encoding, nearest=decoded.looks_like, share=decoded.share
        )
    elif looks_seven_bit(decoded.text):
        findings.note("csv.seven_bit")
    return decoded


def _readable(text: str, wanted: Wanted, findings: Findings) -> bool:
    nul = text.find("\0")
    if not text.strip():
        findings.problem("csv.empty")
    elif nul >= 0:
        findings.problem("csv.nul", text.count("\n", 0, nul) + 1)
    elif text.count("\n") > wanted.limits.rows:
        findings.problem("source.too_many_rows", expected=wanted.limits.rows, setting="limits.rows")
    else:
        return True
    return False


def _without_end_mark(text: str, findings: Findings) -> str:
    """Drop a Ctrl-Z at the very end, as DOS programs wrote it."""
    bare = text.rstrip("\r\n")
    if bare.endswith("\x1a"):
        findings.note("csv.ctrl_z", bare.count("\n") + 1)
        return bare.rstrip("\x1a")
    return text


def _without_empty(rows: Rows, findings: Findings) -> Rows:
    """Leave out rows whose every cell is empty: spreadsheets write them after the data."""
    odd = [(line, row) for line, row in rows.odd if any(c.strip() for c in row)]
    blank = (
        rows.cells.select(pl.all_horizontal(pl.all().is_null()).alias("blank"))["blank"].to_numpy()
        if rows.width
        else np.zeros(rows.lines.size, dtype=bool)
    )
    count = int(blank.sum()) + len(rows.odd) - len(odd)
    if not count:
        return rows
    findings.note("csv.empty_rows", count=count)
    return Rows(rows.cells.filter(~pl.Series(blank)), rows.lines[~blank], odd, rows.sound)


def _without_footer(rows: Rows, width: int, findings: Findings) -> Rows:
    """Take lines after the data that count it or close it, and check the count."""
    while rows.odd and rows.lines.size and rows.odd[-1][0] > rows.lines[-1]:
        line, row = rows.odd[-1]
        text = _only_text(row)
        tail = sum(1 for at, _ in rows.odd if at > rows.lines[-1])
        if text is None or tail > _FOOTER_ROWS or not rows.sound:
            break
        if not _is_footer(text, line, rows, width, findings):
            break
        rows = Rows(rows.cells, rows.lines, rows.odd[:-1], rows.sound)
    if rows.lines.size and width >= 3 and not rows.odd:
        last = [c or "" for c in rows.cells.row(-1)]
        text = _only_text(last)
        count = _count_in(text) if text else None
        # "Lab 7" alone in its row may be a record; "Antal: 7" and "7 rader" are not
        agrees = count == rows.lines.size - 1 and text is not None and text[0].isdigit()
        if text and count is not None and (agrees or _AFTER_COLON.search(text)):
            line = int(rows.lines[-1])
            rows = Rows(rows.cells.head(-1), rows.lines[:-1], rows.odd, rows.sound)
            _compare_count(count, rows, line, findings)
    return rows


def _is_footer(text: str, line: int, rows: Rows, width: int, findings: Findings) -> bool:
    count = _count_in(text)
    if width < 2:
        return False
    if count is not None:
        _compare_count(count, rows, line, findings)
        return True
    apart = line > int(rows.lines[-1]) + 1  # a blank line parts it from the data
    ruled = not any(c.isalnum() for c in text)
    first = re.match(r"\W*(\w+)", text)
    known = first is not None and first[1].casefold() in _footer_words()
    if (apart or ruled or known) and len(text) > 1:
        findings.note("csv.closing_line", line)
        return True
    return False


@cache
def _footer_words() -> frozenset[str]:
    both = f"{text_of('reading.footer', 'sv')}, {text_of('reading.footer', 'en')}"
    return frozenset(word.strip().casefold() for word in both.split(","))


def _only_text(row: list[str]) -> str | None:
    """Return the text of a row that holds one text, or a text and then a number; else None."""
    filled = [c.strip() for c in row if c.strip()]
    if len(filled) == 1 or (len(filled) == 2 and filled[1].isdigit() and not filled[0].isdigit()):
        return " ".join(filled)
    return None


def _count_in(text: str) -> int | None:
    """Return the only number of a text that also holds words (``Antal rader: 4711``)."""
    numbers = _WHOLE_NUMBER.findall(text)
    words = re.findall(r"[^\W\d_]{3,}", text)
    if len(numbers) != 1 or not words or len(text) > 80:
        return None
    return int(re.sub(r"\D", "", numbers[0]))


def _compare_count(count: int, rows: Rows, line: int, findings: Findings) -> None:
    actual = int(rows.lines.size)
    if count == actual:
        findings.note("csv.footer", line, found=f"{count}")
    else:
        findings.problem("csv.footer_count", line, found=count, expected=actual)


def _judge_odd(rows: Rows, width: int, text: str, findings: Findings) -> None:
    """Say every row that is too short or too long; the last one may have been cut off."""
    cut_off = not text.endswith(("\n", "\r"))
    for n, (line, row) in enumerate(rows.odd):
        last = n == len(rows.odd) - 1 and (not rows.lines.size or line > rows.lines[-1])
        if last and cut_off and len(row) < width:
            findings.problem("csv.truncated", line, found=len(row), expected=width)
        elif len(row) < width:
            findings.problem("csv.short_row", line, found=len(row), expected=width)
        else:
            findings.problem("csv.long_row", line, found=len(row), expected=width)


def _trimmed(rows: Rows, layout: Layout, findings: Findings) -> Rows | None:
    """Settle columns after the last header: empty ones (a delimiter ends each line) are left out."""
    named = len(layout.header)
    while named and not layout.header[named - 1].strip():
        named -= 1
    if not rows.lines.size:
        names = [str(n) for n in range(named)]
        return Rows(pl.DataFrame(schema=dict.fromkeys(names, pl.String)), rows.lines, [], rows.sound)
    if rows.width < named:
        first = int(rows.lines[0])
        findings.problem("csv.short_row", first, found=rows.width, expected=len(layout.header))
        return None
    extra = [str(n) for n in range(named, rows.width)]
    filled = [name for name in extra if rows.cells[name].null_count() < rows.cells.height]
    if filled and rows.width > len(layout.header):
        findings.problem("csv.long_row", int(rows.lines[0]), found=rows.width, expected=len(layout.header))
        return None
    if extra and not filled:
        findings.note("csv.trailing_delimiter", layout.line)
    keep = [str(n) for n in range(max([named, *(int(f) + 1 for f in filled)]))]
    cells = rows.cells if rows.width == len(keep) else rows.cells.select(keep)
    return Rows(cells, rows.lines, rows.odd, rows.sound)


def _without_repeats(rows: Rows, header: tuple[str, ...], findings: Findings) -> Rows:
    """Leave out the header where it stands again: two exports were put after each other."""
    if not rows.lines.size or not any(header):
        return rows
    same = [pl.col(str(n)).fill_null("").str.strip_chars() == h.strip() for n, h in enumerate(header)]
    again = rows.cells.select(pl.all_horizontal(same).alias("again"))["again"].to_numpy()
    if not again.any():
        return rows
    for line in rows.lines[again]:
        findings.note("csv.header_again", int(line))
    return Rows(rows.cells.filter(~pl.Series(again)), rows.lines[~again], rows.odd, rows.sound)
