"""CSV, TSV and their kin: from bytes to a table of text with line numbers, or every reason why not."""

from __future__ import annotations

import numpy as np
import polars as pl

from codemerge.files.csv_dialect import Layout, find_layout, visible
from codemerge.files.csv_rows import Rows, read_rows
from codemerge.files.footer import without_footer
from codemerge.files.raw_table import Findings, RawTable, Wanted, too_wide
from codemerge.library.encoding import Decoded, UndecodableError, decode, looks_seven_bit


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
    if too_wide(width, wanted, findings):
        return None
    rows = read_rows(text[layout.offset :], layout.delimiter, width, layout.body_line, findings)
    rows = without_footer(_without_empty(rows, findings), width, findings)
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
    if not text or text.isspace():
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
    named = next((n for n, h in enumerate(header) if h.strip()), None)
    if named is not None and not (rows.cells[str(named)].str.strip_chars() == header[named].strip()).any():
        return rows
    same = [pl.col(str(n)).fill_null("").str.strip_chars() == h.strip() for n, h in enumerate(header)]
    again = rows.cells.select(pl.all_horizontal(same).alias("again"))["again"].to_numpy()
    if not again.any():
        return rows
    for line in rows.lines[again]:
        findings.note("csv.header_again", int(line))
    return Rows(rows.cells.filter(~pl.Series(again)), rows.lines[~again], rows.odd, rows.sound)
