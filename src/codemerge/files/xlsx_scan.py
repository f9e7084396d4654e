"""A look at a workbook's sheets before they are read: how large, what formats, errors, formulas.

The reader that follows shows an error cell as blank, a formula without a value as 0, and a number
formatted ``00000`` without its zeros. All three are seen here, in one streaming pass per sheet.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pyexpat import ExpatError
from xml.parsers.expat import ParserCreate

from codemerge.files.raw_table import Findings

_MAIN = "xl/workbook.xml"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of any sheet: XFD1048576
_LISTED = 200  # error cells kept by place; more are counted
_ZEROS = re.compile(r"^0{2,}$")
Attributes = dict[str, str]


@dataclass(slots=True)
class SheetFacts:
    """What was seen of one sheet.

    Args:
        name: as on its tab.
        part: its part in the container.
        hidden: it isn't shown.
        rows, columns: the area that holds values.
        values: cells that hold a value.
        formulas: cells with a formula; ``uncalculated``: of them, those without a stored value.
        errors: (row, column) of error cells, 1-based, the first of them; ``error_count``: all.
        hidden_rows: rows not shown.
        padded: (row, column) → number of digits a format of zeros shows.
        odd: (row, column) → ``formula``, ``formula_text`` (its stored value is a text) or ``error``;
            only where places were asked for.
    """

    name: str
    part: str
    hidden: bool
    rows: int = 0
    columns: int = 0
    values: int = 0
    formulas: int = 0
    uncalculated: int = 0
    error_count: int = 0
    hidden_rows: int = 0
    errors: list[tuple[int, int]] = field(default_factory=list)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)
    odd: dict[tuple[int, int], str] = field(default_factory=dict)


def scan_workbook(
    archive: zipfile.ZipFile, findings: Findings, *, places: bool = False
) -> list[SheetFacts] | None:
    """Look at every sheet once, streaming.

    Args:
        archive: a container that `check_container` found sound.
        findings: gets ``xlsx.damaged`` when a part isn't the XML it should be.
        places: keep where every formula and error stands.

    Returns:
        The sheets in the order of their tabs; None when the workbook can't be understood.
    """
    part = _MAIN
    try:
        sheets = _sheets(archive)
        padding = _padding(archive)
        for sheet in sheets:
            part = sheet.part
            _SheetScan(sheet, padding, places=places).run(archive)
    except (LookupError, ExpatError, zipfile.BadZipFile, ValueError) as error:
        findings.problem("xlsx.damaged", found=part, reason=type(error).__name__)
        return None
    return sheets


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, Attributes], None]) -> None:
    parser = ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _sheets(archive: zipfile.ZipFile) -> list[SheetFacts]:
    targets: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes["Id"]] = _part_of(attributes["Target"])

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    found: list[SheetFacts] = []

    def sheet(name: str, attributes: Attributes) -> None:
        if name != "sheet":
            return
        identity = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id" and ":" in k), "")
        part = targets.get(identity, "")
        if "worksheets/" in part:
            hidden = attributes.get("state", "visible") != "visible"
            found.append(SheetFacts(attributes.get("name", ""), part, hidden))

    _parse(archive, _MAIN, sheet)
    return found


def _part_of(target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return posixpath.normpath(path)


def _padding(archive: zipfile.ZipFile) -> dict[str, int]:
    """Return cell style → digits, for styles whose number format is nothing but zeros."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    formats: dict[str, int] = {}
    styles: dict[str, int] = {}
    state = {"inside": False, "count": 0}

    def start(name: str, attributes: Attributes) -> None:
        code = attributes.get("formatCode", "")
        if name == "numFmt" and _ZEROS.match(code):
            formats[attributes.get("numFmtId", "")] = len(code)
        elif name in {"cellXfs", "cellStyles", "dxfs"}:
            state["inside"] = name == "cellXfs"
        elif name == "xf" and state["inside"]:
            if attributes.get("numFmtId") in formats:
                styles[str(state["count"])] = formats[attributes["numFmtId"]]
            state["count"] += 1

    _parse(archive, "xl/styles.xml", start)
    return styles


class _SheetScan:
    """Counts the cells of one sheet as its XML streams by."""

    def __init__(self, facts: SheetFacts, padding: Mapping[str, int], *, places: bool) -> None:
        self.facts, self.places = facts, places
        self.padding = padding
        self.row = self.column = 0
        self.style = ""
        self.kind = "n"
        self.open_formula = False
        self.letters: dict[str, int] = {}

    def run(self, archive: zipfile.ZipFile) -> None:
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        with archive.open(self.facts.part) as stream:
            parser.ParseFile(stream)
        self._close_formula()

    def _start(self, name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "is"}:
            self.open_formula = False
            self._value()
        elif name == "f":
            self.facts.formulas += 1
            if self.places and self.kind != "e":
                self.facts.odd[(self.row, self.column)] = "formula_text" if self.kind == "str" else "formula"
            self.open_formula = True
            self._reach()
        elif name == "row":
            self._close_formula()
            row = int(attributes.get("r", self.row + 1))
            if row <= self.row:
                raise ValueError(f"row {row}")  # twice: the reader would let the second one cover the first
            self.row, self.column = row, 0
            self.facts.hidden_rows += attributes.get("hidden") in {"1", "true"}

    def _cell(self, attributes: Attributes) -> None:
        self._close_formula()
        reference = attributes.get("r")
        column, row = (
            (self._column(reference), self._row(reference)) if reference else (self.column + 1, self.row)
        )
        # out of its row, twice, or where no sheet has a cell: it would cover another, or claim all memory
        if row != self.row or not self.column < column <= _LAST_COLUMN or not 0 < row <= _LAST_ROW:
            raise ValueError(str(reference)[:20])
        self.column = column
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        if self.kind == "e":
            self.facts.error_count += 1
            if self.places:
                self.facts.odd[(self.row, self.column)] = "error"
            if len(self.facts.errors) < _LISTED:
                self.facts.errors.append((self.row, self.column))

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self.letters:
            number = 0
            for letter in letters.replace("$", "").upper():
                number = number * 26 + ord(letter) - 64
            self.letters[letters] = number
        return self.letters[letters]

    @staticmethod
    def _row(reference: str) -> int:
        return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$").replace("$", ""))

    def _value(self) -> None:
        self.facts.values += 1
        self._reach()
        if self.kind == "n" and self.style in self.padding:
            self.facts.padded[(self.row, self.column)] = self.padding[self.style]

    def _reach(self) -> None:
        self.facts.rows = max(self.facts.rows, self.row)
        self.facts.columns = max(self.facts.columns, self.column)

    def _close_formula(self) -> None:
        self.facts.uncalculated += self.open_formula
        self.open_formula = False
