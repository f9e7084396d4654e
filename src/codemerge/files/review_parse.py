"""What a person's words in a returned workbook mean: choices, relations, codes, dates.

Every reader returns the meaning or a `Wrong`: what to tell her. Nothing is guessed: a typo is
answered with what was probably meant, a code with lost zeros with the codes it may have been.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from codemerge.files.workbook_layout import (
    CONFLICT_CHOICES,
    LANGUAGES,
    MAPPING_CHOICES,
    relation_text,
)
from codemerge.files.workbook_read import Cell, plain, synonyms
from codemerge.model import Relationship
from codemerge.rules.words import listed, say

_INVISIBLE = {"Cf", "Cc", "Co", "Cn"}
_ISO = re.compile(r"^(\d{4})-?(\d{2})-?(\d{2})$")


@dataclass(frozen=True)
class Wrong:
    """Why a cell can't be taken: kind of problem, column and what its words need."""

    kind: str
    column: str
    values: Mapping[str, object] = field(default_factory=dict)


@cache
def _choice_words(conflict: bool) -> Mapping[str, str]:
    """Every spelling of every choice, in both languages, by its plain form."""
    keys = CONFLICT_CHOICES if conflict else MAPPING_CHOICES
    group = "conflict" if conflict else "decision"
    words = {plain(say(f"workbook.{group}.{key}", lang)): key for key in keys for lang in LANGUAGES}
    if not conflict:
        words |= {
            plain(say(f"workbook.person.{k}", lang)): k
            for k in listed("workbook.person")
            for lang in LANGUAGES
        }
        words |= {
            plain(text): key
            for key, texts in synonyms().items()
            for text in texts
            if plain(text) not in words
        }
    return words


def read_choice(cell: Cell, conflict: bool, language: str) -> str | Wrong:
    """Return the key of a decision."""
    words = _choice_words(conflict)
    found = words.get(plain(cell.text))
    if found and cell.kind in {"text", "number"}:
        return found
    near = get_close_matches(plain(cell.text), list(words), n=1, cutoff=0.6)
    group = "conflict" if conflict else "decision"
    known = CONFLICT_CHOICES if conflict else MAPPING_CHOICES
    meant = (
        say(f"workbook.{group}.{words[near[0]]}", language)
        if near
        else ", ".join(say(f"workbook.{group}.{key}", language) for key in known)
    )
    return Wrong("review.unknown_decision", "decision", {"found": cell.text[:60], "nearest": meant})


_WAYS = {
    "equivalent": Relationship.EQUIVALENT,
    "narrower": Relationship.NARROWER,
    "broader": Relationship.BROADER,
    "related": Relationship.RELATED,
}


@cache
def _relation_words(region_l: str, region_r: str) -> Mapping[str, str]:
    """Every spelling of every relation between two regions' codes, by its plain form."""
    words: dict[str, str] = {}
    for language in LANGUAGES:
        for key, way in _WAYS.items():
            words[plain(relation_text(key, region_r, language))] = way.inverse().value
            words[plain(relation_text(key, region_l, language))] = way.value
        words[plain(say("workbook.relation.split", language))] = "split"
    return words


def read_relation(cell: Cell, region_l: str, region_r: str) -> str | Wrong:
    """Return a relationship read left to right, ``split``, or an empty text where nothing stands.

    ``RKL:s kod vidare`` said of the right region is the left one's code narrower.
    """
    if not cell:
        return ""
    words = _relation_words(region_l, region_r)
    found = words.get(plain(cell.text))
    if found:
        return found
    near = get_close_matches(plain(cell.text), list(words), n=1, cutoff=0.6)
    meant = near[0] if near else ", ".join(sorted(words))
    return Wrong("review.unknown_relation", "relation", {"found": cell.text[:60], "nearest": meant})


class Codes:
    """The codes of one entity in one region, for reading what a person typed."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        """Take code → name of every record there."""
        self.labels = labels

    def read(self, cell: Cell) -> str | Wrong:
        """Return the code meant by ``code`` or ``code | name``, both of which must agree."""
        if cell.kind != "text":
            return self._not_text(cell)
        text = cell.text
        for candidate in (text, text.strip()):
            if candidate in self.labels:
                return candidate
        for bar in (n for n, letter in enumerate(text) if letter == "|"):
            code, name = text[:bar], text[bar + 1 :]
            for candidate in (code, code.removesuffix(" "), code.strip()):
                if candidate in self.labels:
                    return self._agreeing(candidate, name)
        return self._unknown(text.split("|")[0].strip() or text)

    def _agreeing(self, code: str, name: str) -> str | Wrong:
        known = self.labels[code]
        if not name.strip() or plain(name) == plain(known):
            return code
        return Wrong(
            "review.code_name_disagree",
            "chosen",
            {"found": name.strip()[:80], "code": code, "expected": known},
        )

    def _not_text(self, cell: Cell) -> Wrong:
        digits = cell.text.lstrip("0")
        padded = sorted(c for c in self.labels if c.lstrip("0") == digits and c != cell.text)
        return Wrong(
            "review.code_not_text",
            "chosen",
            {"found": cell.text, "nearest": ", ".join(padded[:3]) or "–"},
        )

    def _unknown(self, text: str) -> Wrong:
        hidden = [c for c in text if unicodedata.category(c) in _INVISIBLE or c == "\u00a0"]
        if hidden:
            shown = "".join(c.encode("unicode_escape").decode() if c in hidden else c for c in text)
            return Wrong("review.code_invisible", "chosen", {"found": shown[:80]})
        folded = _look(text)
        alike = sorted(c for c in self.labels if _look(c) == folded)
        near = alike or get_close_matches(text, list(self.labels), n=3, cutoff=0.6)
        kind = "review.unknown_code" if near else "review.unlike_any_code"
        return Wrong(kind, "chosen", {"found": text[:80], "nearest": ", ".join(near[:3])})


def _look(code: str) -> str:
    """Return a code as it looks at a glance: without case, composed letters and leading zeros."""
    return unicodedata.normalize("NFKC", code).casefold().lstrip("0").replace("o", "0")


@dataclass(frozen=True)
class Piece:
    """One line of a split: a code, and the condition under which it applies (may be empty)."""

    code: str
    condition: str


def read_pieces(cell: Cell, codes: Codes, conditions: Mapping[str, str]) -> tuple[Piece, ...] | Wrong:
    """Return the codes a record becomes, one per line, each with ``; condition`` where there is one.

    Args:
        cell: what stands in the column of chosen codes.
        codes: of the region that the record is divided into.
        conditions: what a condition's words are written as, ``höger`` → ``laterality=R``.
    """
    if cell.kind != "text":
        return Wrong("review.split_needs_codes", "chosen")
    pieces = []
    for line in (text for text in cell.text.splitlines() if text.strip()):
        whole = codes.read(Cell(line))
        code, _, condition = line.rpartition(";")
        if isinstance(whole, str) or not code:
            found, condition = whole, ""
        else:
            found = codes.read(Cell(code.rstrip()))
        if isinstance(found, Wrong):
            return found
        told = condition.strip()
        pieces.append(Piece(found, conditions.get(plain(told), told)))
    if len({p.code for p in pieces}) < max(2, len(pieces)):
        return Wrong("review.split_needs_codes", "chosen")
    return tuple(pieces)


def conditions_of(titles: Mapping[tuple[str, str], tuple[str, str]]) -> Mapping[str, str]:
    """Return what facet values are called by people, both languages → ``facet=concept``."""
    found: dict[str, str] = {}
    for (facet, concept), names in sorted(titles.items()):
        for name in (*names, concept):
            found.setdefault(plain(name), f"{facet}={concept}")
    return found


def read_date(cell: Cell, column: str) -> str | Wrong:
    """Return an ISO date, empty where nothing stands; other ways to write a date are not guessed."""
    if not cell:
        return ""
    match = _ISO.match(cell.text.strip())
    if match and cell.kind in {"text", "date"} and "01" <= match[2] <= "12" and "01" <= match[3] <= "31":
        return f"{match[1]}-{match[2]}-{match[3]}"
    return Wrong("review.bad_date", column, {"found": cell.text[:40]})


def all_of_them(text: str) -> bool:
    """Say whether a comment on a split means that every piece applies, not one by a condition."""
    return plain(text).split(" ")[0].strip(".,;:") in {plain(w) for w in listed("workbook.read.all")}


def nearest_id(row_id: str, known: Iterable[str]) -> str:
    """Return the row id that was probably meant."""
    found = get_close_matches(row_id, list(known), n=1, cutoff=0.8)
    return found[0] if found else "–"
