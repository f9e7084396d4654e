"""Takes returned workbooks: every row is taken, unchanged or refused; then one file is written.

Rows are found by their id through what was issued. Locked cells are never data; they are only
compared, to see that a row is the one its id says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError, Problem
from codemerge.files.decisions import read_decisions, write_decisions
from codemerge.files.issued import find_issued
from codemerge.files.review_bulk import Judged, filled_down
from codemerge.files.review_judge import Known, judge
from codemerge.files.review_ledger import Ledger
from codemerge.files.review_notes import awaiting, missing, not_cleared
from codemerge.files.review_parse import Wrong, nearest_id
from codemerge.files.workbook_layout import LANGUAGES, SUGGESTIONS, region_titles, titles_of
from codemerge.files.workbook_read import Cell, ReturnedFile, ReturnedRow, plain, read_returned
from codemerge.library.privacy import find_personnummer
from codemerge.rules.words import describe, say
from codemerge.tables import DECISIONS

TAKEN, UNCHANGED, REFUSED = "taken", "unchanged", "refused"
# What a spreadsheet makes of a code when it takes it for a number, a date or a truth value.
_RESHAPED = re.compile(
    r"^\s*[-+]?[\d\s.,:/\u00a0-]*([eE][+-]?\d+)?\s*$|^\d{1,2}[-. ]\w{3,4}\.?$|^(true|false|sant|falskt)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Outcome:
    """What became of one row that says something: taken, unchanged, or refused and why."""

    file: str
    sheet: str
    line: int
    row_id: str
    result: str
    problem: Problem | None = None


@dataclass(frozen=True)
class Imported:
    """What became of an import.

    Args:
        outcomes: every row that says something, in the order of files and lines.
        blank: rows without a decision.
        notes: what was noticed and didn't stop anything.
        written: the new file under ``decisions/``, or None where nothing new was said.
        decisions: its rows.
    """

    outcomes: tuple[Outcome, ...]
    blank: int
    notes: tuple[Problem, ...]
    written: Path | None
    decisions: pl.DataFrame

    def count(self, result: str) -> int:
        """Return how many rows ended so."""
        return sum(o.result == result for o in self.outcomes)

    @property
    def exit_code(self) -> int:
        """Return 1 where a row was refused, else 0."""
        return 1 if self.count(REFUSED) else 0

    def text(self, language: str) -> str:
        """Tell what became of the rows: counts, then every refused row with what to do, then notes."""
        lines = [
            say("review.import.counts", language, taken=self.count(TAKEN), unchanged=self.count(UNCHANGED),
                refused=self.count(REFUSED), blank=self.blank)
        ]  # fmt: skip
        if self.written:
            lines.append(
                say("review.import.written", language, file=f"{self.written.parent.name}/{self.written.name}")
            )
        for outcome in self.outcomes:
            if outcome.problem:
                where = say("review.import.row", language, row=outcome.row_id or "–")
                lines.append(f"{describe(outcome.problem, language)} ({where})")
        lines += [say("review.import.note", language, text=describe(note, language)) for note in self.notes]
        return "\n".join(lines)


def import_review(
    files: Sequence[Path],
    run: RunTables,
    on: str,
    reviewer: str = "",
    language: str | None = None,
    *,
    role: str = "",
    allow_bulk: bool = False,
) -> Imported:
    """Read returned workbooks and add what they decide to the project's decisions, in one new file.

    Args:
        files: XLSX, or CSV saved from one.
        run: the project's run: its records are what codes are checked against.
        on: ISO date of the import; it comes from the caller, so that this reads no clock.
        reviewer: who decided, for rows that don't say.
        language: of the texts about what was probably meant; the project's if not given.
        role: the profession of who decided, for rows that don't say.
        allow_bulk: take more acceptances of weak suggestions than the project's limit.

    Returns:
        What became of every row. Good rows are taken even when others are refused.

    Raises:
        BadInputError: a file can't be trusted, or the chain of decisions is damaged; nothing is written.
    """
    folder = run.project.root / run.project.policy.decisions
    chain = read_decisions(folder)
    returned, problems = _read_all(files)
    problems += chain.problems
    if problems:
        raise BadInputError(problems)
    rows = [row for file in returned for row in file.rows]
    standing = Ledger.wanted_rows(chain.decisions)
    issued = find_issued(folder, {row.row_id for row in rows} | standing)
    meant = {r["row_id"]: r for r in issued.iter_rows(named=True)}
    _refuse_foreign(returned, meant)
    ledger = Ledger(chain.decisions, meant, run)
    known = Known(run, language or run.project.language, " ".join(reviewer.split()), on, role.strip())
    taker = _Taker(known, ledger, meant, None if allow_bulk else run.project.policy.bulk_limit)
    for row in rows:
        taker.sort_out(row)
    outcomes = taker.decide()
    notes = [
        *taker.notes,
        *awaiting(taker.said, run, known.language),
        *not_cleared(taker.said, run),
        *missing(returned, folder),
        *(n for f in returned for n in f.findings.notes),
    ]
    said = pl.DataFrame(taker.said, schema=DECISIONS.columns)
    written = write_decisions(folder, said)
    if len(chain.heads) > 1:
        notes.append(Problem("review.fork", folder.name))
    return Imported(tuple(outcomes), taker.blank, tuple(notes), written, said)


def _read_all(files: Sequence[Path]) -> tuple[list[ReturnedFile], list[Problem]]:
    returned: list[ReturnedFile] = []
    problems: list[Problem] = []
    for path in files:
        try:
            returned.append(read_returned(path))
        except BadInputError as error:
            problems += error.problems
    return returned, problems


def _refuse_foreign(returned: Iterable[ReturnedFile], meant: Mapping[str, object]) -> None:
    problems = [
        Problem("review.foreign_workbook", file.file, values={"count": len(ids)})
        for file in returned
        if (ids := {r.row_id for r in file.rows if r.row_id}) and not any(i in meant for i in ids)
    ]
    if problems:
        raise BadInputError(problems)


@dataclass
class _Taker:
    """Sorts rows out: what says nothing, what can't be, what is said twice; then judges the rest."""

    known: Known
    ledger: Ledger
    meant: Mapping[str, Mapping[str, str]]
    bulk_limit: int | None
    said: list[dict[str, str]] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    blank: int = 0
    _rows: dict[tuple[str, str], list[ReturnedRow]] = field(default_factory=dict)
    _refused: list[Outcome] = field(default_factory=list)
    _ignored: dict[str, int] = field(default_factory=dict)

    def sort_out(self, row: ReturnedRow) -> None:
        """Put a row among those to judge, refuse it, or count it as blank."""
        issued = self.meant.get(row.row_id)
        if "decision" not in row.filled:
            self._without_decision(row, issued)
        elif not row.row_id:
            self._refuse(row, "review.inserted_row")
        elif issued is None:
            near = nearest_id(row.row_id, self.meant)
            self._refuse(row, "review.unknown_row_id", found=row.row_id[:40], nearest=near)
        elif wrong := self._another_row(row, issued):
            self._refuse(row, "review.row_changed", **wrong)
        else:
            self._rows.setdefault((row.row_id, self.known.reviewer_of(row).casefold()), []).append(row)

    def _without_decision(self, row: ReturnedRow, issued: Mapping[str, str] | None) -> None:
        typed = next(
            (k for k in ("chosen", "comment", "reason", "common_name", "due") if k in row.filled), None
        )
        if typed and issued:
            title = titles_of(typed)[LANGUAGES.index(self.known.language)]
            self._refuse(row, "review.no_decision", found=title)
        elif row.row_id:
            self.blank += 1

    def _refuse(self, row: ReturnedRow, kind: str, column: str | None = None, **values: object) -> None:
        title = titles_of(column)[LANGUAGES.index(self.known.language)] if column else None
        name = f"{row.file} [{row.sheet}]" if row.sheet else row.file
        problem = Problem(kind, name, row.line, title, values)
        self._refused.append(Outcome(row.file, row.sheet, row.line, row.row_id, REFUSED, problem))

    def _another_row(self, row: ReturnedRow, issued: Mapping[str, str]) -> dict[str, str] | None:
        """See whether the locked cells are those of another row; what only lost its shape is counted."""
        for title, expected in _expected(issued):
            cell = row.shown(title)
            if cell is None or _same(cell.text, expected):
                continue
            if cell.kind != "text" or _RESHAPED.match(cell.text) or not cell.text.strip():
                self._ignored[row.file] = self._ignored.get(row.file, 0) + 1
                continue
            hidden = self.known.run.rules.entities[issued["entity"]].sensitive
            return {
                "found": "•••" if hidden else cell.text[:60],
                "expected": "•••" if hidden else expected[:60],
            }
        return None

    def decide(self) -> list[Outcome]:
        """Judge what is left, and return every row's outcome in the order of files and lines."""
        judged: list[Judged] = []
        for (_, reviewer), rows in self._rows.items():
            if len({_answer(row) for row in rows}) > 1:
                lines = [str(r.line) for r in rows]
                for row in rows:
                    others = ", ".join(n for n in lines if n != str(row.line)) or str(row.line)
                    self._refuse(row, "review.two_answers", others=others)
                continue
            if len(rows) > 1:
                self._note_once("review.same_row_twice", rows[0].file)
            judged.append(Judged(rows[0], reviewer, judge(rows[0], self.meant[rows[0].row_id], self.known)))
        bulk = filled_down(judged, self.known.run, self.ledger, self.meant, self.bulk_limit)
        outcomes = [self._one(Judged(j.row, j.reviewer, bulk.get(j.row.row_id, j.said))) for j in judged]
        self.notes += [
            Problem("review.cells_ignored", f, values={"count": n}) for f, n in sorted(self._ignored.items())
        ]
        found = [*(o for o in outcomes if o.result != REFUSED), *self._refused]
        return sorted(found, key=lambda o: (o.file, o.sheet, o.line))

    def _note_once(self, kind: str, file: str) -> None:
        before = next((n for n in self.notes if n.kind == kind and n.file == file), None)
        if before:
            self.notes.remove(before)
        count = int(str(before.values["count"])) + 1 if before else 1
        self.notes.append(Problem(kind, file, values={"count": count}))

    def _one(self, judged: Judged) -> Outcome:
        row, said, issued = judged.row, judged.said, self.meant[judged.row.row_id]
        who = self._named(row, judged.reviewer)
        answer = said if isinstance(said, Wrong) else self.ledger.settle(said, issued, who)
        if isinstance(answer, Wrong):
            self._refuse(row, answer.kind, answer.column, **answer.values)
            return Outcome(row.file, row.sheet, row.line, row.row_id, REFUSED)
        self._remark(row, answer.notes)
        self.said += answer.decisions
        return Outcome(row.file, row.sheet, row.line, row.row_id, TAKEN if answer.decisions else UNCHANGED)

    def _named(self, row: ReturnedRow, reviewer: str) -> dict[str, str]:
        """Return what a withdrawal on this row would hold beside the decision it takes back."""
        issued = self.meant[row.row_id]
        name = self.ledger.spelling(reviewer) or self.known.reviewer_of(row)
        return {
            "reviewer": name,
            "decided_on": self.known.on,
            "issued": issued["issued"],
            "row_id": row.row_id,
        }

    def _remark(self, row: ReturnedRow, notes: Iterable[Problem]) -> None:
        place = f"{row.file} [{row.sheet}]" if row.sheet else row.file
        told = [cell.text for key in ("comment", "reason") if (cell := row.filled.get(key))]
        if told and find_personnummer(pl.Series(told)).any():
            self.notes.append(Problem("review.person_masked", place, row.line))
        self.notes += [Problem(n.kind, place, row.line, values=n.values) for n in notes]


@cache
def _headers(region_l: str, region_r: str) -> tuple[tuple[str, str, int], ...]:
    """Locked cells that tell which row it is: header, side (or a number), and which of its texts."""
    found = []
    for language in LANGUAGES:
        for pair in ((region_l, region_r), None):
            for side, region in zip(("l", "r"), region_titles(pair, language), strict=True):
                for n, key in enumerate(("code", "label")):
                    found.append((say(f"workbook.column.{key}", language, region=region), side, n))
        for number in SUGGESTIONS:
            found.append((say("workbook.column.suggestion", language, n=number), str(number), 0))
    return tuple(dict.fromkeys(found))


def _expected(issued: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return header → text of the locked cells that tell which row it is, in every language."""
    if issued["conflict_id"]:
        return [(title, issued["message"]) for title in titles_of("message")]
    own, other = ("l", "r") if issued["side"] == "l" else ("r", "l")
    texts = {own: (issued["own"], issued["own_label"]), other: (issued["of_1"], issued["label_1"])}
    for n in SUGGESTIONS:
        texts[str(n)] = (" | ".join(t for t in (issued[f"of_{n}"], issued[f"label_{n}"]) if t), "")
    return [(title, texts[side][n]) for title, side, n in _headers(issued["region_l"], issued["region_r"])]


def _same(shown: str, expected: str) -> bool:
    if shown == expected:
        return True
    one, other = (" ".join(unicodedata.normalize("NFC", t).split()) for t in (shown, expected))
    return one == other


def _answer(row: ReturnedRow) -> tuple[tuple[str, str], ...]:
    filled: Iterable[tuple[str, Cell]] = row.filled.items()
    return tuple(sorted((key, plain(cell.text)) for key, cell in filled))
