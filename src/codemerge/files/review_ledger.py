"""What a new statement means beside those already made: unchanged, added, or in place of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.errors import Problem
from codemerge.files.review_judge import Said, same_statement, subject_from_decision, subject_of
from codemerge.files.review_parse import Wrong
from codemerge.library.verdicts import classify_change, pair_evidence, standing
from codemerge.model import Relationship, Verdict, record_id
from codemerge.tables import DECISIONS

_EQUIVALENT = Relationship.EQUIVALENT.value


@dataclass(frozen=True)
class Answer:
    """Decisions to write for one row (none: nothing new was said), and what to remark."""

    decisions: Sequence[Said]
    notes: Sequence[Problem] = ()


class Ledger:
    """The decisions there are, looked up by who said what about which record."""

    def __init__(
        self, decisions: pl.DataFrame, meant: Mapping[str, Mapping[str, str]], run: RunTables
    ) -> None:
        """Take the chain, what issued rows meant, and the run (for what records look like now)."""
        self.run, self.meant = run, meant
        self._all: list[Said] = decisions.fill_null("").rows(named=True)
        self._place = {d["decision_id"]: n for n, d in enumerate(self._all)}
        self._by_row: dict[tuple[str, str], list[Said]] = {}
        self._names: dict[str, str] = {}
        for said in self._all:
            self._by_row.setdefault((said["row_id"], said["reviewer"]), []).append(said)
            self._names.setdefault(said["reviewer"].casefold(), said["reviewer"])
        self._past: dict[tuple[tuple[str, ...], str], list[Said]] = {}
        for said in self._all:
            self._past.setdefault((self._subject(said), said["reviewer"]), []).append(said)
        self._standing: dict[tuple[str, ...], list[Said]] = {}
        self._used: dict[tuple[str, ...], Said] = {}
        for said in standing(decisions).drop("at").fill_null("").rows(named=True):
            self._stand(said)

    @staticmethod
    def wanted_rows(decisions: pl.DataFrame) -> set[str]:
        """Return the row ids that decisions were made on."""
        return set(decisions["row_id"].drop_nulls().to_list())

    def spelling(self, reviewer: str) -> str:
        """Return how a reviewer's name was written the first time; case doesn't make two people."""
        return self._names.get(reviewer.casefold(), "")

    def _subject(self, said: Mapping[str, str]) -> tuple[str, ...]:
        issued = self.meant.get(said["row_id"])
        return subject_of(issued) if issued else subject_from_decision(said)

    def _stand(self, said: Said) -> None:
        self._standing.setdefault(self._subject(said), []).append(said)
        for key in self._binding(said):
            self._used[key] = said

    def _binding(self, said: Mapping[str, str]) -> list[tuple[str, ...]]:
        """Return what an equivalence uses up for its reviewer, where the entity is one to one."""
        entity = self.run.rules.entities.get(said["entity"])
        one = entity is not None and entity.matching.cardinality == "one-to-one"
        if not one or said["verdict"] != Verdict.ACCEPT.value or said["relationship"] != _EQUIVALENT:
            return []
        if not (said["code_l"] and said["code_r"]):
            return []
        head = (said["entity"], said["reviewer"], said["region_l"], said["region_r"])
        return [(*head, "l", said["code_l"]), (*head, "r", said["code_r"])]

    def stands(self, said: Sequence[Said], issued: Mapping[str, str], reviewer: str) -> bool:
        """Tell whether a person's statement is what she has said already, so that it adds nothing."""
        name = self.spelling(reviewer) or reviewer
        own = [d for d in self._standing.get(subject_of(issued), []) if d["reviewer"] == name]
        return all(any(same_statement(d, {**n, "reviewer": name}) for d in own) for n in said)

    def settle(self, said: list[Said], issued: Mapping[str, str], who: Mapping[str, str]) -> Answer | Wrong:
        """Say what a row's statement changes.

        Args:
            said: what the row states; empty to withdraw.
            issued: what the row id meant.
            who: reviewer, date and row of a withdrawal.
        """
        reviewer = who["reviewer"]
        subject = subject_of(issued)
        self._names.setdefault(reviewer.casefold(), reviewer)
        said = [{**d, "reviewer": reviewer} for d in said]
        before = self._standing.get(subject, [])
        own = [d for d in before if d["reviewer"] == reviewer]
        if not said:
            return self._overtaken(own, issued) or self._withdraw(subject, own, before, who)
        if all(any(same_statement(d, n) for d in own) for n in said):
            return Answer(())
        wrong = self._overtaken(own, issued) or self._replayed(said) or self._taken_twice(said, own)
        if wrong:
            return wrong
        replaced = [d for d in own if d["mapping_id"] not in {n["mapping_id"] for n in said}]
        withdrawn = [_withdrawal(d, who) for d in replaced]
        changed = [d for d in own if not any(same_statement(d, n) for n in said)]
        notes = [
            Problem("review.withdraws", values={"reviewer": d["reviewer"], "date": d["decided_on"]})
            for d in changed[:1]
        ]
        if any(self._stale(d) for d in said):
            notes.append(Problem("review.stale_already"))
        self._forget(subject, own)
        for d in said:
            self._stand(d)
        return Answer([*withdrawn, *said], notes)

    def _replayed(self, said: Sequence[Said]) -> Wrong | None:
        """Refuse what was said on this very row before and has been replaced or withdrawn since.

        An old file read once more must change nothing; a change of mind belongs in a new workbook.
        """
        history = self._by_row.get((said[0]["row_id"], said[0]["reviewer"]), [])
        if all(any(same_statement(d, n, but=("evidence",)) for d in history) for n in said):
            last = history[-1]
            return Wrong(
                "review.overtaken", "decision", {"reviewer": last["reviewer"], "date": last["decided_on"]}
            )
        return None

    def _overtaken(self, own: Sequence[Said], issued: Mapping[str, str]) -> Wrong | None:
        """Refuse an old workbook's answer where the same person has answered in a newer one since."""
        seen = self._place.get(issued["after"], -1)
        for d in own:
            place = self._place.get(d.get("decision_id", ""), -1)
            if d["row_id"] != issued["row_id"] and place > seen:
                values = {"reviewer": d["reviewer"], "date": d["decided_on"]}
                return Wrong("review.overtaken", "decision", values)
        return None

    def _taken_twice(self, said: Sequence[Said], own: Sequence[Said]) -> Wrong | None:
        """Refuse a second equivalence to one code by the same person, where one to one is the rule."""
        for d in said:
            for key in self._binding(d):
                other = self._used.get(key)
                if other is None or other["mapping_id"] == d["mapping_id"] or other in own:
                    continue
                side = "r" if key[-2] == "l" else "l"
                values = {"found": key[-1], "expected": other[f"code_{side}"], "reviewer": other["reviewer"]}
                return Wrong("review.already_used", "decision", values)
        return None

    def _withdraw(
        self, subject: tuple[str, ...], own: Sequence[Said], before: Sequence[Said], who: Mapping[str, str]
    ) -> Answer | Wrong:
        """Take back a person's own decision; who has said nothing here (an arbiter) takes back all."""
        past = self._past.get((subject, who["reviewer"]), [])
        spoken = any(d["verdict"] != Verdict.WITHDRAW.value for d in past)
        again = any(d["row_id"] == who["row_id"] for d in past if d["verdict"] == Verdict.WITHDRAW.value)
        gone = own or ([] if spoken or again else before)
        if not gone:
            return Answer(()) if past else Wrong("review.nothing_to_withdraw", "decision")
        notes = [
            Problem("review.withdraws", values={"reviewer": d["reviewer"], "date": d["decided_on"]})
            for d in gone[:1]
        ]
        withdrawn = {d["mapping_id"] or d["conflict_id"]: _withdrawal(d, who) for d in gone}
        self._forget(subject, list(gone))
        return Answer(list(withdrawn.values()), notes)

    def _forget(self, subject: tuple[str, ...], gone: Sequence[Said]) -> None:
        self._standing[subject] = [d for d in self._standing.get(subject, []) if d not in gone]
        for d in gone:
            for key in self._binding(d):
                if self._used.get(key) is d:
                    del self._used[key]

    def _stale(self, said: Mapping[str, str]) -> bool:
        """Tell whether a record's meaning changed between the workbook and now."""
        if not said["mapping_id"]:
            return False
        entity = said["entity"]
        now = [
            ""
            if not said[f"code_{s}"]
            else self._evidence.get(record_id(entity, said[f"region_{s}"], said[f"code_{s}"]))
            for s in ("l", "r")
        ]
        if now[0] is None or now[1] is None:
            return True
        return classify_change(said["evidence"], pair_evidence(now[0], now[1])) == "meaning"

    @cached_property
    def _evidence(self) -> Mapping[str, str]:
        return {
            name: seen or ""
            for frame in self.run.records.values()
            for name, seen in frame.select("record_id", "evidence_hash").rows()
        }


def _withdrawal(said: Mapping[str, str], who: Mapping[str, str]) -> Said:
    keep = ("mapping_id", "conflict_id", "entity", "region_l", "code_l", "region_r", "code_r")
    return (
        dict.fromkeys(DECISIONS.columns, "")
        | {c: said[c] for c in keep}
        | {**who, "verdict": Verdict.WITHDRAW.value}
    )
