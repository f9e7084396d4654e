"""Rules that contradict each other, or can never fire; each told with both places.

Nothing here stops a run: the rules were read, one of two winning. Whoever wrote them should know.
Words that no name of the catalogs holds are told too, by `words_never_met`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codemerge.errors import Problem
from codemerge.library.spelling import fold
from codemerge.rules.rival_words import rival_words
from codemerge.rules.shipped import files_in
from codemerge.rules.toml_lines import line_of
from codemerge.rules.word_rows import WORDS, rows_of
from codemerge.tables import RECORD_HEAD, RECORD_TAIL

if TYPE_CHECKING:
    from codemerge.rules.loader import Rules
    from codemerge.rules.page import Entity

_MADE = {*RECORD_HEAD, *RECORD_TAIL, "text_sorted", "reading", "retired_in_text"}  # what `normalise` adds
_MIRROR = {"narrower": "broader", "broader": "narrower"}
_SHOWN = 60


def rival_rules(rules: Rules, packs: Sequence[Path]) -> list[Problem]:
    """Return what contradicts or can never fire in some packs, by file and line.

    Args:
        rules: as they were loaded, without a problem.
        packs: folders among those they were loaded from. Two rules of one pack are rivals; a rule
            of a later pack replaces one of an earlier pack, as it should.
    """
    found: list[Problem] = []
    for folder in packs:
        found += rival_words(folder / "vocabulary", rules.facets)
        checks = list(_paragraphs(files_in(folder / "checks", "*.toml"), "check"))
        found += _same_id(checks)
        found += _same_finding(checks)
        for path, text, page in _pages(folder):
            at = _Place(path.name, text)
            entity = rules.entities.get(page.get("id", ""))
            if entity is not None:
                found += [*_levels(page, at), *_examples(page, at), *_unknown_in_matching(entity, page, at)]
        found += _checks_that_never_fire(checks, rules)
    return sorted(found, key=lambda p: (p.file, p.line or 0, p.kind))


def words_never_met(packs: Sequence[Path], facets: Iterable[str], texts: Iterable[str]) -> list[Problem]:
    """Return the words of the project's own packs that stand in no name as they are written there.

    Args:
        packs: the project's own.
        facets: whose files of words are looked at.
        texts: every name in the catalogs; none is repeated in what is returned.
    """
    names = "\n".join(sorted({fold(text) for text in texts}))
    return [
        Problem("rules.never_met", f"{facet}.csv", line, values={"found": row["word"]})
        for pack in packs
        for facet in facets
        for line, row in rows_of(pack / "vocabulary" / f"{facet}.csv", WORDS, [])
        if row["concept"] and fold(row["word"]) not in names
    ]


class _Place:
    """A TOML file and the line of anything in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self._text = file, text

    def line(self, *path: str | int) -> int | None:
        return line_of(self._text, path)


Paragraph = tuple[str, int | None, dict[str, Any]]


def _paragraphs(paths: Iterable[Path], key: str) -> Iterator[Paragraph]:
    for path in paths:
        text = path.read_text(encoding="utf-8-sig")
        for n, row in enumerate(tomllib.loads(text).get(key, [])):
            yield f"{path.parent.name}/{path.name}", line_of(text, (key, n)), row


def _pages(folder: Path) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    for path in files_in(folder, "*.toml"):
        text = path.read_text(encoding="utf-8-sig")
        yield path, text, tomllib.loads(text)


def _two_ways(at: tuple[str, int | None], word: str, found: object, expected: object, first: str) -> Problem:
    values = {"word": word, "found": str(found)[:_SHOWN], "expected": str(expected)[:_SHOWN], "first": first}
    return Problem("rules.two_ways", *at, values=values)


def _same_id(checks: Iterable[Paragraph]) -> Iterator[Problem]:
    """Tell of a check declared twice in one pack: the last one silently counts."""
    seen: dict[str, Paragraph] = {}
    for file, line, row in checks:
        first = seen.setdefault(row["id"], (file, line, row))
        if first[2] is not row:
            place = f"{first[0]}:{first[1]}"
            yield _two_ways((file, line), row["id"], row["name"], first[2]["name"], place)


def _same_finding(checks: Iterable[Paragraph]) -> Iterator[Problem]:
    """Tell of two checks that find the same and weigh it differently."""
    seen: dict[str, Paragraph] = {}
    for file, line, row in checks:
        finds = json.dumps([row.get(k) for k in ("entity", "verb", "given", "sql")], sort_keys=True)
        first = seen.setdefault(finds, (file, line, row))
        if first[2]["id"] != row["id"]:
            found, expected = (f"{r['id']} {r['severity']}" for r in (row, first[2]))
            yield _two_ways((file, line), row["name"], found, expected, f"{first[0]}:{first[1]}")


def _levels(page: Mapping[str, Any], at: _Place) -> Iterator[Problem]:
    """Tell of a level that asks what an earlier one of its comparison has asked."""
    for n, comparison in enumerate(page.get("comparison", [])):
        seen: dict[str, int] = {}
        for k, level in enumerate(comparison.get("levels", [])):
            asks = json.dumps([level.get(key) for key in ("when", "at", "clean")])
            first = seen.setdefault(asks, k)
            if first != k:
                line, before = (at.line("comparison", n, "levels", i) for i in (k, first))
                values = {"word": comparison["of"], "found": level["when"], "first": f"{at.file}:{before}"}
                yield Problem("rules.never_after", at.file, line, values=values)


def _examples(page: Mapping[str, Any], at: _Place) -> Iterator[Problem]:
    """Tell of one pair of names of which two things are expected."""
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for n, example in enumerate(page.get("example", [])):
        left, right, expect = example["left"], example["right"], example["expect"]
        ways = {(left, right): expect, (right, left): _MIRROR.get(expect, expect)}
        first, before = seen.get((left, right), (n, expect))
        if before != expect:
            place = f"{at.file}:{at.line('example', first)}"
            yield _two_ways((at.file, at.line("example", n)), f"{left} – {right}", expect, before, place)
        for pair, says in ways.items():
            seen.setdefault(pair, (n, says))


def _unknown_in_matching(entity: Entity, page: Mapping[str, Any], at: _Place) -> Iterator[Problem]:
    """Tell of comparisons and conditions on something that no record of the entity has."""
    known, compared = _columns(entity), {c["of"] for c in page.get("comparison", [])}
    for n, comparison in enumerate(page.get("comparison", [])):
        for key, among in (("of", known), ("unless", compared), ("learned_from", compared)):
            named = comparison.get(key)
            if named is not None and named not in among:
                yield _unknown(named, entity.id, at.file, at.line("comparison", n, key))
    matching = page.get("matching", {})
    for key in ("agree", "strong", "only_where"):
        for named in matching.get(key, ()):
            if named not in known:
                yield _unknown(named, entity.id, at.file, at.line("matching", key))


def _unknown(found: str, entity: str, file: str, line: int | None) -> Problem:
    return Problem("rules.no_field", file, line, values={"found": found, "word": entity})


def _columns(entity: Entity) -> set[str]:
    fields = {f.name for f in entity.field}
    secret = {f"{f.name}{end}" for f in entity.field if f.secret for end in ("_ok", "_coordination")}
    return fields | secret | set(entity.facets) | {f"facet_{f}" for f in entity.facets} | _MADE


def _checks_that_never_fire(checks: Iterable[Paragraph], rules: Rules) -> Iterator[Problem]:
    """Tell of checks that look at fields which no entity they are for has, or settle checks there aren't."""
    ids = {check.id for check in rules.checks}
    for file, line, row in checks:
        pages = (
            [rules.entities[row["entity"]]] if row["entity"] in rules.entities else rules.entities.values()
        )
        known = set().union(*(_columns(page) for page in pages))
        fields = row.get("given", {}).get("fields", ())
        if fields and isinstance(fields, list) and known.isdisjoint(map(str, fields)):
            yield _unknown(", ".join(map(str, fields)), row["entity"], file, line)
        for other in row.get("resolves", ()):
            if other not in ids:
                yield _unknown(other, row["id"], file, line)
