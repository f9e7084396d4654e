"""What a reader notices in the cells of one catalog, whatever the kind of file.

Limits and characters that break every table are problems. The rest are notes, by place; values of
sensitive fields are never quoted.
"""

from __future__ import annotations

import polars as pl

from codemerge.files.raw_table import Findings, RawTable
from codemerge.library.headers import Recognised
from codemerge.rules.page import Entity
from codemerge.rules.project import Limits

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_DOUBLE_ENCODED = "Ã[¥¤¶…„–©]|\ufffd"
_SEPARATOR = "\x1f"  # parts record names and hashes; in a code it would run two together
_SHOWN = 3


def note_cells(
    frame: pl.DataFrame,
    table: RawTable,
    found: Recognised,
    *,
    entity: Entity,
    limits: Limits,
    findings: Findings,
) -> None:
    """Look at every field's cells.

    Args:
        frame: the catalog, one column per field, with ``line``.
        table: what the reader knows beside the texts.
        found: which column became which field.
        entity: whose catalog it is.
        limits: longest field allowed.
        findings: gets problems and notes.
    """
    if frame.height * max(1, len(table.header)) > limits.cells:
        findings.problem("source.too_many_cells", expected=limits.cells, setting="limits.cells")
        return
    codes = {f.name for f in entity.field if f.type in {"code", "reference"}} | set(entity.key)
    odd = _odd_columns(frame, list(found.columns), limits)
    spaced = _spaced_columns(frame, [name for name in found.columns if name in codes])
    for name, at in found.columns.items():
        header = table.header[at]
        rule = entity.field_named(name)
        private = entity.sensitive or (rule is not None and rule.sensitive)
        if name in odd:
            _too_long(frame, name, header, limits, findings)
            _unusual(frame, name, header, findings)
        if name in codes:
            if name in spaced:
                _spaces(frame, name, header, private, findings)
            shown = None if rule is not None and rule.sensitive else not private
            _coerced(table, at, header, name, shown=shown, findings=findings)


def _odd_columns(frame: pl.DataFrame, names: list[str], limits: Limits) -> set[str]:
    """Return the columns that hold anything worth a closer look, all of them asked at once."""
    if not names:
        return set()
    pattern = f"{_CONTROL}|{_DOUBLE_ENCODED}"
    # Each column's cells in one text, for one search; no cell is longer than its bytes.
    columns = pl.col(names)
    return _true(
        frame.select(
            columns.str.join("").str.contains(pattern)
            | (columns.str.len_bytes().max() > limits.field_characters)
        )
    )


def _spaced_columns(frame: pl.DataFrame, names: list[str]) -> set[str]:
    """Return the columns with a cell that begins or ends in a blank."""
    if not names:
        return set()
    return _true(frame.select((pl.col(names) != pl.col(names).str.strip_chars()).any()))


def _true(asked: pl.DataFrame) -> set[str]:
    return {name for name, found in zip(asked.columns, asked.row(0), strict=True) if found}


def _too_long(frame: pl.DataFrame, name: str, header: str, limits: Limits, findings: Findings) -> None:
    long = frame.filter(pl.col(name).str.len_chars() > limits.field_characters)
    for line, length in long.select("line", pl.col(name).str.len_chars()).iter_rows():
        findings.problem("source.too_long", line, header, found=length, expected=limits.field_characters)


def _unusual(frame: pl.DataFrame, name: str, header: str, findings: Findings) -> None:
    """Note control characters and letters that were encoded twice; refuse the separator of names."""
    for kind, pattern in (("source.control", _CONTROL), ("source.double_encoded", _DOUBLE_ENCODED)):
        hit = frame.filter(pl.col(name).str.contains(pattern))
        if hit.height:
            lines = hit["line"].head(_SHOWN).to_list()
            findings.note(kind, lines[0], header, count=hit.height, lines=_listed(lines))
    parted = frame.filter(pl.col(name).str.contains(_SEPARATOR, literal=True))
    for line in parted["line"].to_list():
        findings.problem("source.separator", line, header)


def _spaces(frame: pl.DataFrame, name: str, header: str, private: bool, findings: Findings) -> None:
    spaced = frame.filter(pl.col(name) != pl.col(name).str.strip_chars())
    if spaced.height:
        first = "•••" if private else repr(spaced[name][0])
        lines = spaced["line"].head(_SHOWN).to_list()
        findings.note(
            "source.outer_space", lines[0], header, count=spaced.height, lines=_listed(lines), found=first
        )


def _coerced(
    table: RawTable, at: int, header: str, name: str, *, shown: bool | None, findings: Findings
) -> None:
    """Note codes that a spreadsheet holds as numbers, dates or logical values: zeros may be gone.

    Each note carries ``field`` and ``cells`` (line, text) beside region and entity, for the check
    that turns them into conflicts. ``shown`` False: no value in the wording; None: none at all.
    """
    cells = table.coerced.get(at, ())
    for kind in ("number", "scientific", "date", "logical"):
        own = [(line, text) for line, found, text in cells if found == kind]
        if own:
            first = ", ".join(text for _, text in own[:_SHOWN]) if shown else "•••"
            lines = _listed([line for line, _ in own[:_SHOWN]])
            findings.note(
                f"xlsx.{kind}_in_code",
                own[0][0],
                header,
                count=len(own),
                found=first,
                lines=lines,
                cells=tuple(own) if shown is not None else (),
                field=name,
            )
    zeros = table.recovered.get(at, ())
    if zeros:
        findings.note(
            "xlsx.zeros_recovered",
            zeros[0],
            header,
            count=len(zeros),
            lines=_listed(list(zeros[:_SHOWN])),
            field=name,
        )


def _listed(lines: list[int]) -> str:
    return ", ".join(map(str, lines))
