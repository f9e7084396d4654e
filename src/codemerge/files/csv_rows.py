"""The rows of a text file, exactly as the standard library's strict ``csv`` reads them.

Two ways give the same rows: the exact reader, one record at a time, which can say what is wrong
and where; and a fast one for files where a vectorised count of every quote and delimiter proves
that each line is one well-formed record of the same width. Anything else goes to the exact reader.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from codemerge.files.raw_table import Findings

_TAIL = 10  # last lines, always read exactly: footers and cut-off lines stand there
_QUOTE, _NEWLINE = 34, 10
_ALL = bytes(range(256))

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Records of the body.

    Args:
        cells: String columns ``0`` … of the records that have ``width`` cells; null where empty.
        lines: where each of them begins.
        odd: records of another width, with the line where each begins.
        sound: False when a quote couldn't be made sense of, and rows are missing therefore.
    """

    cells: pl.DataFrame
    lines: Positions
    odd: list[tuple[int, list[str]]]
    sound: bool = True

    @property
    def width(self) -> int:
        """Return how many cells the regular records have."""
        return self.cells.width


def read_rows(body: str, delimiter: str, width: int, first_line: int, findings: Findings) -> Rows:
    """Read every record after the header.

    Args:
        body: text after the header, line ends as in the file.
        delimiter: one character.
        width: number of cells in the header.
        first_line: line of the file where the body begins.
        findings: gets quotes that can't be made sense of.

    Returns:
        The records; blank lines are no records.
    """
    return fast_rows(body, delimiter, width, first_line) or exact_rows(
        body, delimiter, width, first_line, findings
    )


def exact_rows(body: str, delimiter: str, width: int, first_line: int, findings: Findings) -> Rows:
    """Read records one by one; see `read_rows`."""
    rows, lines, sound = _records(body, delimiter, width, first_line, findings)
    widths = Counter(map(len, rows))
    usual = next(iter(widths)) if len(widths) == 1 else width
    regular = [row for row in rows if len(row) == usual]
    odd = [(line, row) for line, row in zip(lines, rows, strict=True) if len(row) != usual]
    kept = np.array([n for n, row in zip(lines, rows, strict=True) if len(row) == usual], dtype=np.int64)
    return Rows(_frame(regular, usual), kept, odd, sound)


def fast_rows(body: str, delimiter: str, width: int, first_line: int) -> Rows | None:
    """Read records all at once, or return None when the exact reader must look; see `read_rows`."""
    cut = _tail_start(body)
    text = body[:cut]
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\r" in text or not text or width < 2 or delimiter == '"':
        return None
    data = text.encode("utf-8")
    count = _regular_lines(data, delimiter, width)
    if count is None:
        return None
    tail_findings = Findings("")
    tail = exact_rows(body[cut:], delimiter, width, first_line + count, tail_findings)
    if tail_findings.problems or (tail.cells.height and tail.width != width):
        return None
    quoted = b'"' in data
    frame = pl.read_csv(
        data,
        separator=delimiter,
        has_header=False,
        new_columns=[str(n) for n in range(width)],
        infer_schema=False,
        quote_char='"' if quoted else None,
    )
    if frame.height != count or frame.width != width:
        return None
    if quoted:  # an empty cell is null but for one in quotes
        frame = frame.with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())
    cells = pl.concat([frame, tail.cells], rechunk=False) if tail.cells.height else frame
    lines = np.arange(first_line, first_line + count, dtype=np.int64)
    return Rows(cells, np.concatenate([lines, tail.lines]), tail.odd)


def _tail_start(text: str) -> int:
    """Return where the last lines begin, or 0 when there are too few lines to part them."""
    at = len(text)
    for _ in range(_TAIL + 1):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return 0
    return at + 1


def _regular_lines(data: bytes, delimiter: str, width: int) -> int | None:
    """Count the lines if every one of them is a well-formed record of the given width."""
    if not delimiter.isascii():
        return None
    if b'"' not in data:  # then every line holds the same signs
        signs = delimiter.encode() + b"\n"
        count = data.count(b"\n")
        line = delimiter.encode() * (width - 1) + b"\n"
        return count if data.translate(None, _ALL.translate(None, signs)) == line * count else None
    array = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(array == _NEWLINE)
    quotes = np.flatnonzero(array == _QUOTE)
    if not _quotes_sound(array, quotes, newlines, ord(delimiter)):
        return None
    delimiters = np.flatnonzero(array == ord(delimiter))
    delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
    per_line = np.diff(np.searchsorted(delimiters, newlines), prepend=0)
    return int(newlines.size) if (per_line == width - 1).all() else None


def _quotes_sound(array: npt.NDArray[np.uint8], quotes: Positions, newlines: Positions, delim: int) -> bool:
    """Check that quotes open after a delimiter and close before one, on one line, as RFC 4180 says.

    Counted from the start, every even quote opens and every odd one closes; a doubled quote inside
    a field is a closing one followed at once by an opening one.
    """
    if quotes.size % 2 or (np.searchsorted(quotes, newlines) % 2).any():
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = array[opening - 1]
    opens = (opening == 0) | (before == delim) | (before == _NEWLINE)
    after = array[np.minimum(closing + 1, array.size - 1)]
    closes = (after == delim) | (after == _NEWLINE)
    doubled = np.zeros(opening.size, dtype=bool)
    doubled[1:] = opening[1:] == closing[:-1] + 1
    follows = np.append(doubled[1:], False)
    return bool((opens | doubled).all() and (closes | follows).all())


def _records(
    body: str, delimiter: str, width: int, first_line: int, findings: Findings
) -> tuple[list[list[str]], list[int], bool]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    sound = True
    while True:
        start = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return rows, lines, sound
        except csv.Error as error:
            sound = False
            span = itertools.islice(io.StringIO(body, newline=""), start, reader.line_num)
            opened = _opened("".join(span), delimiter)
            _say_quote(str(error), first_line + start + opened, first_line + reader.line_num - 1, findings)
            continue
        if len(row) > 1 or (row and (row[0].strip() or (width == 1 and row[0]))):
            if reader.line_num - start > 1:
                sound &= _not_swallowed(row, delimiter, width, first_line + start, findings)
            rows.append(row)
            lines.append(first_line + start)


def _say_quote(error: str, opened: int, ended: int, findings: Findings) -> None:
    if "expected after" in error:
        findings.problem("csv.bad_quote", opened, found=ended)
    elif "field larger" in error and ended == opened:
        findings.problem("csv.huge_field", opened)
    else:
        findings.problem("csv.unterminated_quote", opened, found=ended - opened)


def _opened(span: str, delimiter: str) -> int:
    """Return how many lines into a broken record its last quoted field was opened."""
    line = opened = 0
    quoted = fresh = False
    previous = delimiter
    for char in span:
        if char == '"' and not quoted and previous in (delimiter, "\n", "\r"):
            quoted, opened = True, line
        elif char == '"' and quoted:
            quoted, fresh = False, True
        elif char == '"' and fresh:  # a doubled quote: still inside
            quoted = True
        if char != '"':
            fresh = False
        line += char == "\n"
        previous = char
    return opened


def _not_swallowed(row: list[str], delimiter: str, width: int, line: int, findings: Findings) -> bool:
    """Refuse a quoted field whose inner lines look like whole rows: a stray quote opened it."""
    inner = [part for cell in row for part in cell.splitlines()[1:-1]]
    swallowed = sum(part.count(delimiter) == width - 1 for part in inner) if width > 2 else 0
    if swallowed:
        findings.problem("csv.swallowed_rows", line, count=swallowed)
    return not swallowed


def _frame(rows: list[list[str]], width: int) -> pl.DataFrame:
    names = [str(n) for n in range(width)]
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    columns = zip(*rows, strict=True)
    return pl.DataFrame(
        [
            pl.Series(name, [cell or None for cell in column], dtype=pl.String)
            for name, column in zip(names, columns, strict=True)
        ]
    )
