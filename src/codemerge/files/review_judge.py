"""From what a person wrote on one row to decisions, or to why they can't be taken.

A row's statement is about its own record towards the other region. It replaces what the same
person said of that before: the earlier decisions are withdrawn, never erased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from codemerge.answers.review_texts import label_field
from codemerge.answers.run_tables import RunTables
from codemerge.files.review_parse import (
    Codes,
    Piece,
    Wrong,
    all_of_them,
    conditions_of,
    read_choice,
    read_date,
    read_pieces,
    read_relation,
)
from codemerge.files.sheet_xml import LONGEST
from codemerge.files.workbook_layout import SUGGESTIONS
from codemerge.files.workbook_read import EMPTY, Cell, ReturnedRow
from codemerge.library.identity import mapping_id, short_hash
from codemerge.library.privacy import redact
from codemerge.library.verdicts import pair_evidence
from codemerge.model import Relationship, Verdict, record_id
from codemerge.tables import DECISIONS

Said = dict[str, str]  # one row of tables.DECISIONS, without decision_id
_SUGGESTED = {"accept_1": 1, "choose_2": 2, "choose_3": 3}
_NEED_COMMENT = {Relationship.BROADER.value, Relationship.RELATED.value}


@dataclass(frozen=True)
class Known:
    """What a run knows, for judging returned rows.

    Args:
        run: the run that the rows are read against.
        language: of messages' lists.
        reviewer: for rows that name none.
        on: ISO date of the import.
        role: profession, for rows that name none.
    """

    run: RunTables
    language: str
    reviewer: str
    on: str
    role: str = ""

    @cached_property
    def records(self) -> Mapping[tuple[str, str], Mapping[str, tuple[str, str]]]:
        """(entity, region) → code → (name, evidence hash)."""
        found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
        for entity, frame in self.run.records.items():
            label = label_field(self.run.rules.entities[entity])
            names = frame[label].fill_null("").to_list() if label else [""] * frame.height
            for row_id, region, name, seen in zip(
                frame["record_id"], frame["region"], names, frame["evidence_hash"], strict=True
            ):
                found.setdefault((entity, region), {})[row_id.split("/", 2)[2]] = (name, seen or "")
        return found

    @cached_property
    def conditions(self) -> Mapping[str, str]:
        """What conditions of a split are called → ``facet=concept``."""
        return conditions_of(self.run.rules.vocabulary.titles)

    @cached_property
    def _codes(self) -> Mapping[tuple[str, str], Codes]:
        return {
            place: Codes({code: told[0] for code, told in known.items()})
            for place, known in self.records.items()
        }

    def codes(self, entity: str, region: str) -> Codes:
        """Return the codes of one catalog, to read typed ones against."""
        return self._codes.get((entity, region)) or Codes({})

    def reviewer_of(self, row: ReturnedRow) -> str:
        """Return who decided: the row's own name, else the one given for the whole import."""
        return redact(" ".join(row.filled.get("reviewer", EMPTY).text.split()) or self.reviewer)


def judge(row: ReturnedRow, issued: Mapping[str, str], known: Known) -> list[Said] | Wrong:
    """Read one row.

    Args:
        row: as it came back, with a decision.
        issued: what its row id meant.
        known: the run, and who says so when.

    Returns:
        The decisions it states (several for a split, none only for ``withdraw``, which the caller
        resolves), or why it can't be taken.
    """
    odd = next((key for key, cell in row.filled.items() if cell.kind in {"formula", "error"}), None)
    if odd:
        return Wrong("review.formula", odd)
    long = next((key for key, cell in row.filled.items() if len(cell.text) > LONGEST), None)
    if long:
        return Wrong("review.text_too_long", long, {"count": len(row.filled[long].text), "expected": LONGEST})
    conflict = bool(issued["conflict_id"])
    choice = read_choice(row.filled["decision"], conflict, known.language)
    if isinstance(choice, Wrong):
        return choice
    reviewer = known.reviewer_of(row)
    if not reviewer:
        return Wrong("review.no_reviewer", "reviewer")
    judged = _Row(row, issued, known, reviewer)
    return judged.conflict(choice) if conflict else judged.mapping(choice)


class _Row:
    """One row being read: what it says, what it was about."""

    def __init__(self, row: ReturnedRow, issued: Mapping[str, str], known: Known, reviewer: str) -> None:
        self.row, self.issued, self.known = row, issued, known
        self.left = issued["side"] == "l"
        self.towards = issued["region_r" if self.left else "region_l"]
        note = redact(self.text("comment") or self.text("reason"))
        self.head = dict.fromkeys(DECISIONS.columns, "") | {
            "entity": issued["entity"], "reviewer": reviewer, "decided_on": known.on,
            "issued": issued["issued"], "row_id": issued["row_id"], "note": note,
            "role": self.text("role") or known.role,
        }  # fmt: skip

    def text(self, column: str) -> str:
        return redact(self.row.filled.get(column, EMPTY).text.strip(), bare=False)

    def mapping(self, choice: str) -> list[Said] | Wrong:
        """Read a decision on a pair or a record."""
        relation = read_relation(
            self.row.filled.get("relation", EMPTY), self.issued["region_l"], self.issued["region_r"]
        )
        wrong = relation if isinstance(relation, Wrong) else self._name_fits()
        if wrong:
            return wrong
        ways: Mapping[str, Callable[[], list[Said] | Wrong]] = {
            "withdraw": list,
            "alone": self._alone,
            "retire": lambda: [self._pair("", Verdict.RETIRE)],
            "unsure": lambda: [self._pair(self.issued["of_1"], Verdict.UNSURE)],
            "hand_over": self._hand_over,
            "split": self._split,
            "keep_both": self._keep_both,
        }
        way = ways.get(choice)
        return way() if way else self._accept(choice, str(relation))

    def _alone(self) -> list[Said] | Wrong:
        if not self.head["note"]:
            return Wrong("review.no_comment", "comment")
        return [self._pair("", Verdict.ACCEPT, common_name=self.text("common_name"))]

    def _hand_over(self) -> list[Said] | Wrong:
        role = self.text("role")
        if not role:
            return Wrong("review.no_role", "role")
        return [self._pair(self.issued["of_1"], Verdict.UNSURE, owner=role)]

    def _keep_both(self) -> list[Said] | Wrong:
        partner = self._partner("keep_both")
        if isinstance(partner, Wrong):
            return partner
        right = record_id(self.issued["entity"], self.issued["region_r"], self.issued["own"])
        return [self._pair(partner, Verdict.KEEP_BOTH, group="" if self.left else right)]

    def _accept(self, choice: str, relation: str) -> list[Said] | Wrong:
        if relation == "split":
            return Wrong("review.split_mixed", "relation")
        partner = self._partner(choice)
        if isinstance(partner, Wrong):
            return partner
        way = relation or self.issued["relationship"]
        if not way:
            return Wrong("review.no_relation", "relation")
        if way in _NEED_COMMENT and not self.head["note"]:
            return Wrong("review.no_comment", "comment")
        name = self.text("common_name")
        return [self._pair(partner, Verdict.ACCEPT, relationship=way, common_name=name)]

    def _name_fits(self) -> Wrong | None:
        entity = self.known.run.rules.entities.get(self.issued["entity"])
        limit = self.known.run.rules.target.of(entity.id, label_field(entity) or "") if entity else None
        name = self.text("common_name")
        if limit and limit.length and len(name) > limit.length:
            return Wrong(
                "review.name_too_long", "common_name", {"count": len(name), "expected": limit.length}
            )
        return None

    def _partner(self, choice: str) -> str | Wrong:
        """Return the code of the other region that the decision is about."""
        typed = self.row.filled.get("chosen", EMPTY)
        codes = self.known.codes(self.issued["entity"], self.towards)
        chosen = self._read(codes, typed) if typed else ""
        if isinstance(chosen, Wrong):
            return chosen
        if choice == "other_code":
            return chosen or Wrong("review.no_code", "chosen")
        number = _SUGGESTED.get(choice, 1)
        suggested = self.issued[f"of_{number}"]
        if not suggested:
            return Wrong("review.no_suggestion", "decision", {"n": number})
        if chosen not in {"", suggested}:
            return Wrong("review.chosen_contradicts", "chosen", {"found": chosen, "expected": suggested})
        return suggested

    def _read(self, codes: Codes, cell: Cell) -> str | Wrong:
        found = codes.read(cell)
        if isinstance(found, Wrong):
            return Wrong(found.kind, found.column, {**found.values, "region": self.towards})
        return found

    def _split(self) -> list[Said] | Wrong:
        cell = self.row.filled.get("chosen") or Cell(self.issued["split"])
        pieces = read_pieces(
            cell, self.known.codes(self.issued["entity"], self.towards), self.known.conditions
        )
        if isinstance(pieces, Wrong):
            return Wrong(pieces.kind, pieces.column, {**pieces.values, "region": self.towards})
        note = self.head["note"]
        proposed = "chosen" not in self.row.filled  # as it stands: every piece applies, unless it says when
        if all(p.condition for p in pieces):
            combine = "one"
        elif proposed or note:
            combine = "all" if proposed or all_of_them(note) else "one"
            pieces = tuple(Piece(p.code, p.condition or ("" if combine == "all" else note)) for p in pieces)
        else:
            return Wrong("review.split_needs_condition", "chosen")
        # The record that is divided says more than each of its parts.
        way = Relationship.BROADER if self.left else Relationship.NARROWER
        group = short_hash(self.issued["entity"], self.issued["side"], self.issued["own"], self.towards)
        return [
            self._pair(
                p.code,
                Verdict.ACCEPT,
                relationship=way.value,
                group=group,
                combine=combine,
                condition=p.condition,
            )
            for p in pieces
        ]

    def _pair(self, partner: str, verdict: Verdict, **more: str) -> Said:
        """Return a decision on the row's own record and a code of the other region (empty: none)."""
        own = self.issued["own"]
        left, right = (own, partner) if self.left else (partner, own)
        entity, region_l, region_r = (self.issued[k] for k in ("entity", "region_l", "region_r"))
        shown = {self.issued[f"of_{n}"]: self.issued[f"evidence_{n}"] for n in SUGGESTIONS}
        now = self.known.records.get((entity, self.towards), {}).get(partner, ("", ""))[1]
        other_seen = shown.get(partner, now) if partner else ""
        own_seen = self.issued["own_evidence"]
        names = (record_id(entity, region_l, left), record_id(entity, region_r, right))
        return self.head | {
            "mapping_id": mapping_id(entity, *names),
            "region_l": region_l, "code_l": left, "region_r": region_r, "code_r": right,
            "verdict": verdict.value,
            "evidence": pair_evidence(*((own_seen, other_seen) if self.left else (other_seen, own_seen))),
        } | more  # fmt: skip

    def conflict(self, choice: str) -> list[Said] | Wrong:
        """Read a decision on a conflict."""
        due, until = (read_date(self.row.filled.get(c, EMPTY), c) for c in ("due", "valid_until"))
        wrong = self._unfounded(choice) or next((d for d in (due, until) if isinstance(d, Wrong)), None)
        if wrong:
            return wrong
        if choice == "withdraw":
            return []
        verdict, resolution = {
            "fix_source": (Verdict.UNSURE, ""),
            "resolve": (Verdict.RESOLVE, self.issued["resolution"]),
            "other": (Verdict.RESOLVE, self.head["note"]),
            "waive": (Verdict.WAIVE, ""),
        }[choice]
        return [
            self.head | {
                "conflict_id": self.issued["conflict_id"], "evidence": self.issued["evidence"],
                "owner": self.text("responsible"), "due": str(due), "valid_until": str(until),
                "verdict": verdict.value, "resolution": resolution,
            }
        ]  # fmt: skip

    def _unfounded(self, choice: str) -> Wrong | None:
        """Say what a decision on a conflict lacks: who and when, why, or leave to be waived."""
        if choice == "waive" and self.issued["waivable"] != "yes":
            return Wrong("review.not_waivable", "decision")
        if choice == "fix_source" and not (self.text("responsible") and self.text("due")):
            return Wrong("review.no_owner", "responsible")
        if choice in {"other", "waive"} and not self.head["note"]:
            return Wrong("review.no_reason", "reason")
        return None


def subject_of(issued: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a row's statement is about: a conflict, or a record towards a region."""
    if issued["conflict_id"]:
        return ("conflict", issued["conflict_id"])
    towards = issued["region_r" if issued["side"] == "l" else "region_l"]
    return (
        issued["entity"],
        issued["side"],
        issued["region_l" if issued["side"] == "l" else "region_r"],
        issued["own"],
        towards,
    )


def subject_from_decision(said: Mapping[str, str]) -> tuple[str, ...]:
    """Return the same of a decision whose issued row is no longer kept: its left record, if it has one."""
    if said["conflict_id"]:
        return ("conflict", said["conflict_id"])
    right = not said["code_l"] or (said["verdict"] == Verdict.KEEP_BOTH.value and said["group"])
    if right:
        return (said["entity"], "r", said["region_r"], said["code_r"], said["region_l"])
    return (said["entity"], "l", said["region_l"], said["code_l"], said["region_r"])


def same_statement(one: Mapping[str, str], other: Mapping[str, str], but: Sequence[str] = ()) -> bool:
    """Say whether two decisions state the same of the same records as they were shown."""
    return all(one[c] == other[c] for c in _STATED if c not in but)


_STATED: Sequence[str] = (
    "mapping_id", "conflict_id", "verdict", "relationship", "reviewer", "role", "note", "evidence",
    "common_name",
    "group", "combine", "condition", "resolution", "owner", "due", "valid_until",
)  # fmt: skip
