# ruff: noqa: S311 - the numbers drawn are seeded, and only damage files
"""Export, damage, import, change sources, withdraw, crash, replay: against a plain dict.

The model holds, per record and reviewer, what was said last. No decision may be lost, invented or
contradicted in silence, whatever happens to the files in between.
"""

from __future__ import annotations

import csv
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from codemerge.answers.run_tables import RunTables
from codemerge.errors import BadInputError, Problem
from codemerge.files import decisions as decisions_door
from codemerge.files.decisions import read_decisions
from codemerge.files.review_import import import_review
from codemerge.library.verdicts import current_decisions, standing
from tests.review_world import small_run
from tests.workbook_desk import at, export, table

PEOPLE = ("Anna", "Bo")
# Row's own code → what each choice says of it: (code_r, verdict).
SAYS = {
    "007": {
        "Godkänn förslag 1": ("00123", "accept"),
        "Olika – behåll båda": ("00123", "keep_both"),
        "Osäker": ("00123", "unsure"),
    },
    "1-2": {
        "Godkänn förslag 1": ("-12", "accept"),
        "Välj förslag 2": ("TRUE", "accept"),
        "Utgår": ("", "retire"),
    },
    "=1+1": {
        "Ingen motsvarighet – behåll koden": ("", "accept"),
        "Utgår": ("", "retire"),
        "Osäker": ("", "unsure"),
    },
    "810E0": {"Godkänn förslag 1": ("1E5", "accept"), "Olika – behåll båda": ("1E5", "keep_both")},
}
DAMAGE = (
    "sort_differently",
    "delete_a_row",
    "copy_a_row",
    "insert_a_row_of_ones_own",
    "strip_zeros_of_locked_codes",
    "forge_an_id",
    "swap_two_ids",
    "mistype_a_decision",
)
SHEETS = {"Hyllor", "Hyllor – stickprov", "Hyllor – klara"}


@dataclass
class Book:
    """One exported workbook as it lies on somebody's desk."""

    rows: list[dict[str, Any]]
    made: int  # how many imports there had been
    answered: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # row id → (code, choice) that are whole


class Cycle(RuleBasedStateMachine):
    """The whole review cycle, step by step."""

    books = Bundle("books")

    @initialize(target=books)
    def start(self):
        self.root = Path(tempfile.mkdtemp(prefix="cycle"))
        self.random = random.Random(7)
        self.said: dict[tuple[str, str], tuple[str, str]] = {}
        self.last: dict[tuple[str, str], int] = {}  # when a person last said something of a record
        self.version: dict[str, int] = {}
        self.signed: dict[tuple[str, str], dict[str, int]] = {}
        self.spoken: set[tuple[str, str]] = set()  # who has ever judged what
        self.imports = 0
        self.kept: dict[str, bytes] = {}
        return self.write()

    def teardown(self):
        if hasattr(self, "root"):
            shutil.rmtree(self.root, ignore_errors=True)

    def run_now(self) -> RunTables:
        run = at(small_run(), self.root)
        changed = pl.col("record_id").replace_strict(self.version, default=0, return_dtype=pl.Int64)
        frame = run.records["shelf"].with_columns(
            evidence_hash=pl.when(changed > 0)
            .then(pl.format("v{}-v{}", changed, changed) + pl.col("record_id"))
            .otherwise("evidence_hash")
        )
        run.records["shelf"] = frame
        return run

    def write(self) -> Book:
        path = export(self.run_now(), self.root / "out")
        rows = [r for r in table(path) if r["_sheet"] in SHEETS]
        return Book(
            [{k: "" if v is None else v for k, v in r.items() if k != "_sheet"} for r in rows], self.imports
        )

    @rule(target=books)
    def export_again(self):
        return self.write()

    @rule(
        book=books,
        answers=st.lists(
            st.tuples(st.sampled_from(sorted(SAYS)), st.sampled_from(PEOPLE), st.integers(0, 3)),
            min_size=1,
            max_size=4,
        ),
        damage=st.lists(st.tuples(st.sampled_from(DAMAGE), st.integers(0, 4), st.integers(0, 4)), max_size=2),
        as_csv=st.booleans(),
    )
    def judge_and_send(self, book, answers, damage, as_csv):
        for row in book.rows:
            row |= {"Beslut": "", "Kommentar": ""}
        for code, who, pick in answers:
            choices = [*sorted(SAYS[code]), "Ångra"]
            self._write_answer(book, code, who, choices[pick % len(choices)])
        kept = [dict(row) for row in book.rows]
        for name, n, m in damage:
            getattr(self, name)(book, n, m)
        self.send_in(book, as_csv)
        book.rows = kept

    def _write_answer(self, book, code, who, choice):
        for row in book.rows:
            if row["A kod"] == code:
                row |= {"Beslut": choice, "Bedömare": who, "Kommentar": "därför", "Samband": "Samma"}

    def sort_differently(self, book, _n, _m):
        self.random.shuffle(book.rows)

    def delete_a_row(self, book, n, _m):
        if len(book.rows) > 1:
            del book.rows[n % len(book.rows)]

    def copy_a_row(self, book, n, _m):
        book.rows.append(dict(book.rows[n % len(book.rows)]))

    def insert_a_row_of_ones_own(self, book, n, _m):
        book.rows.insert(
            0, dict.fromkeys(book.rows[0], "") | {"Beslut": "Utgår", "Bedömare": PEOPLE[n % 2], "A kod": "ny"}
        )

    def strip_zeros_of_locked_codes(self, book, n, _m):
        row = book.rows[n % len(book.rows)]
        for column in ("A kod", "B kod"):
            row[column] = str(row[column]).lstrip("0") if str(row[column]).isdigit() else row[column]

    def forge_an_id(self, book, n, _m):
        book.rows[n % len(book.rows)]["Rad-id"] = "000001-abcdef0123"

    def swap_two_ids(self, book, n, m):
        one, other = book.rows[n % len(book.rows)], book.rows[m % len(book.rows)]
        one["Rad-id"], other["Rad-id"] = other["Rad-id"], one["Rad-id"]

    def mistype_a_decision(self, book, n, _m):
        row = book.rows[n % len(book.rows)]
        row["Beslut"] = row["Beslut"] and row["Beslut"] + "x"

    @rule(code=st.sampled_from(["A/007", "A/1-2", "B/1E5"]))
    def change_a_source(self, code):
        name = f"shelf/{code}"
        self.version[name] = self.version.get(name, 0) + 1

    @rule(book=books, as_csv=st.booleans())
    def send_again(self, book, as_csv):
        self.send_in(book, as_csv)

    def send_in(self, book, as_csv):
        path = self._save(book, as_csv)
        try:
            result = import_review([path], self.run_now(), "2026-11-22")
        except BadInputError as error:
            assert {p.kind for p in error.problems} <= {"review.foreign_workbook", "review.no_row_ids"}
            return
        self.imports += 1
        for outcome in result.outcomes:
            row = self._row(book, outcome.line)
            self._follow(book, row, outcome)

    def _follow(self, book, row, outcome):
        """Change the model as the row says, or check that the refusal was right."""
        code, who, choice = row["A kod"], row["Bedömare"], row["Beslut"]
        if outcome.result == "refused":
            kind = outcome.problem.kind
            if kind == "review.overtaken":
                assert self.last.get((self._own(row), who), -1) >= book.made, (
                    "an older answer than the person's last"
                )
            else:
                assert kind in {
                    "review.unknown_row_id",
                    "review.inserted_row",
                    "review.row_changed",
                    "review.unknown_decision",
                    "review.two_answers",
                    "review.nothing_to_withdraw",
                }, kind
            return
        own = self._own(row)
        if choice == "Ångra":
            mine = (own, who) in self.said or (own, who) in self.spoken
            cleared = outcome.result == "taken" and not mine
            gone = [k for k in self.said if k[0] == own and (k[1] == who or cleared)]
            for key in gone:
                del self.said[key], self.signed[key]
                self.last[key] = self.imports
            self.last[own, who] = self.imports
            return
        before = self.said.get((own, who))
        self.said[own, who] = SAYS[own][choice]
        self.spoken.add((own, who))
        if outcome.result == "taken":
            self.last[own, who] = self.imports
            self.signed[own, who] = dict(self.version)
        else:
            assert before == self.said[own, who]
        assert code

    def _own(self, row):
        return {"7": "007"}.get(str(row["A kod"]), row["A kod"])

    def _row(self, book, line):
        return book.rows[line - 2]

    def _save(self, book, as_csv):
        head = list(book.rows[0])
        if as_csv:
            path = self.root / "svar.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                out = csv.writer(file, delimiter=";")
                out.writerow(head)
                out.writerows([[row[h] for h in head] for row in book.rows])
            return path
        path = self.root / "svar.xlsx"
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.append(head)
        for n, row in enumerate(book.rows, 2):
            for m, h in enumerate(head, 1):
                cell = sheet.cell(n, m, row[h] if row[h] != "" else None)
                if isinstance(row[h], str) and row[h]:
                    cell.data_type = "s"
        made.save(path)
        return path

    @rule(book=books)
    def crash_while_writing(self, book):
        before = read_decisions(self.root / "decisions").decisions

        def broken(*_args, **_more):
            raise BadInputError([Problem("project.disk_full")])

        whole, decisions_door.write_bytes = decisions_door.write_bytes, broken
        try:
            import_review([self._save(book, as_csv=True)], self.run_now(), "2026-11-22")
        except BadInputError:
            pass
        finally:
            decisions_door.write_bytes = whole
        assert read_decisions(self.root / "decisions").decisions.equals(before)

    @invariant()
    def what_stands_is_what_was_said_last(self):
        if not hasattr(self, "root"):
            return
        chain = read_decisions(self.root / "decisions")
        assert chain.problems == ()
        stands = {
            (d["code_l"], d["reviewer"]): (d["code_r"], d["verdict"])
            for d in standing(chain.decisions).rows(named=True)
        }
        assert stands == self.said

    @invariant()
    def nothing_written_is_ever_rewritten(self):
        if not hasattr(self, "root"):
            return
        now = {p.name: p.read_bytes() for p in (self.root / "decisions").glob("*.csv")}
        assert all(now.get(name) == data for name, data in self.kept.items())
        self.kept = now

    @invariant()
    def only_what_still_holds_is_obeyed(self):
        if not hasattr(self, "root"):
            return
        decisions = read_decisions(self.root / "decisions").decisions
        frame = self.run_now().records["shelf"].select("record_id", "evidence_hash")
        for row in current_decisions(decisions, frame).iter_rows(named=True):
            names = [f"shelf/A/{row['code_l']}", f"shelf/B/{row['code_r']}"]
            people = {w for (c, w), (r, _) in self.said.items() if (c, r) == (row["code_l"], row["code_r"])}
            moved = [
                any(self.version.get(n, 0) != self.signed[row["code_l"], who].get(n, 0) for n in names)
                for who in people
            ]
            if all(moved):
                assert row["status"] == "review"
            answers = {
                self.said[k] for k in self.said if k[0] == row["code_l"] and self.said[k][1] != "unsure"
            }
            if len(answers) > 1 and row["verdict"] != "unsure":
                assert row["disagreement"], "two people contradict each other in silence"


Cycle.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, suppress_health_check=list(HealthCheck)
)
TestCycle = Cycle.TestCase
