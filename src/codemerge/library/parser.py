"""Reads names like a radiographer: text and declared columns in, facets out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import polars as pl

from codemerge.library.context import Context
from codemerge.library.lasting import everything_stays
from codemerge.library.meaning import Meant, Reading, Told, facets_of
from codemerge.library.phrases import Finder, Hit, Phrases
from codemerge.library.vocabulary import Pair, Vocabulary
from codemerge.tables import SPANS, TEXT, TEXTS

_BETWEEN = "\x1f"  # unit separator: no word holds it
_PLACE = itemgetter(0, 1, 3, 4)  # of `Told`: start and end, facet and concept
_LISTS = ("words", "unknown", "ambiguous", "corrected")


def read_names(
    frame: pl.DataFrame,
    vocabulary: Vocabulary,
    facets: Sequence[str],
    *,
    text: str,
    declared: Mapping[str, str] | None = None,
    defaults: Mapping[str, Mapping[str, str]] | None = None,
) -> pl.DataFrame:
    """Parse the names of a table; every distinct combination of text and columns once.

    Args:
        frame: any table that holds the columns named below; null and empty mean nothing said.
        vocabulary: the rules' words.
        facets: facet ids wanted as columns, normally the entity's.
        text: column with the name.
            A ``region`` column tells whose names are siblings, as in ``Axel dx`` beside ``Axel sin``.
        declared: column → facet: its cells are read as that facet only. Agreement with the name is
            fine; a contradiction is reported in ``ambiguous`` as ``facet:declared≠text``.
        defaults: region → facet → concept, filled in where nothing else was said; needs ``region``.

    Returns:
        The frame's rows in order with ``facet_<id>`` (sorted concepts, null when nothing is said),
        ``text_norm``, ``words``, ``unknown``, ``ambiguous``, ``corrected`` (typos and abbreviations
        read as known words, ``skafoidum→skafoideum``) and ``spans`` (`tables.SPANS`).
    """
    declared = {column: facet for column, facet in (declared or {}).items() if column in frame.columns}
    defaults = defaults or {}
    region = pl.col("region").cast(TEXT).fill_null("") if "region" in frame.columns else pl.lit("")
    keys = [pl.col(key).cast(TEXT).fill_null("") for key in (text, *declared)]
    rows = frame.select(key.alias(f"k{i}") for i, key in enumerate([*keys, region])).rows()
    distinct = list(dict.fromkeys(rows))
    reader = _Reader(vocabulary, list(declared.values()), defaults, distinct)
    with everything_stays():
        parsed = _table([reader.read(row) for row in distinct], facets)
    if len(distinct) < len(rows):
        number = {row: n for n, row in enumerate(distinct)}
        parsed = parsed[[number[row] for row in rows]]
    return pl.concat([frame.drop(parsed.columns, strict=False), parsed], how="horizontal")


def read_name(name: str, vocabulary: Vocabulary, **declared: str) -> Reading:
    """Parse one name, with what its columns declare by facet; for tests, `explain` and `suggest`."""
    row = (name, *declared.values(), "")
    return _Reader(vocabulary, list(declared), {}, [row]).read(row)


class _Columns(NamedTuple):
    """What a record's own columns and its region's habits say.

    Attributes:
        declared: facet → concepts of the columns.
        default: facet → concept meant where nothing is said.
        unknown: words of the columns that aren't understood.
        number: the same for all that say the same.
    """

    declared: dict[str, frozenset[str]]
    default: dict[str, str]
    unknown: tuple[str, ...]
    number: int


class _Reader:
    """Reads rows of (text, declared cells…, region) by one vocabulary, remembering all it has read."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        declared: list[str],
        defaults: Mapping[str, Mapping[str, str]],
        catalog: Sequence[tuple[str, ...]],
    ) -> None:
        self._catalog = catalog  # every row
        self._names: dict[str, frozenset[str]] = {}
        self._vocabulary = vocabulary
        self._finder = Finder(vocabulary)
        self._declared = declared
        self._defaults = defaults
        self._cells: dict[tuple[str, str], tuple[frozenset[str], tuple[str, ...]]] = {}
        self._columns: dict[tuple[str, ...], _Columns] = {}
        self._kinds: dict[object, int] = {}
        self._meant: dict[tuple[int, tuple[tuple[tuple[Pair, ...], bool, bool], ...]], Meant] = {}

    def read(self, row: tuple[str, ...]) -> Reading:
        phrases = self._finder.find(row[0])
        columns = self._columns.get(row[1:])
        if columns is None:
            columns = self._columns[row[1:]] = self._columns_of(row)
        if not phrases.is_settled:
            self._settle(phrases, columns, row)
        meant = self._combined(phrases.hits, columns)
        words, unknown, ambiguous = _residual(phrases, self._vocabulary)
        return Reading(
            meant.facets,
            _told(meant, phrases.hits),
            phrases.norm,
            sorted(words | meant.words),
            sorted({*unknown, *columns.unknown}),
            sorted({*meant.ambiguous, *ambiguous}),
            sorted(set(phrases.corrected)),
        )

    def _columns_of(self, row: tuple[str, ...]) -> _Columns:
        declared: dict[str, frozenset[str]] = {}
        unknown: list[str] = []
        for facet, cell in zip(self._declared, row[1:-1], strict=True):
            if cell:
                concepts, strange = self._cell(facet, cell)
                unknown += strange
                if concepts:
                    declared[facet] = declared.get(facet, frozenset()) | concepts
        default = self._default(row)
        kind = (tuple(declared.items()), tuple(default.items()))
        return _Columns(declared, default, tuple(unknown), self._kinds.setdefault(kind, len(self._kinds)))

    def _settle(self, phrases: Phrases, columns: _Columns, row: tuple[str, ...]) -> None:
        """Settle ambiguous words, as far as their context can."""
        text, region = row[0], row[-1]

        def has_sibling(hit: Hit, word: str) -> bool:
            return _plain(text[: hit.start] + word + text[hit.end :]) in self._names_of(region)

        if columns.default:  # what the name says itself comes before what silence means in its region
            Context(phrases.hits, columns.declared, self._vocabulary, has_sibling).settle()
            if phrases.is_settled:
                return
        known = {facet: frozenset({concept}) for facet, concept in columns.default.items()} | columns.declared
        Context(phrases.hits, known, self._vocabulary, has_sibling).settle()

    def _combined(self, hits: list[Hit], columns: _Columns) -> Meant:
        """Combine what hits and columns say; names that say the same are put together once."""
        key = (columns.number, tuple([(hit.says, hit.plural, hit.joint == "+") for hit in hits]))
        found = self._meant.get(key)
        if found is None:
            found = self._meant[key] = facets_of(hits, columns.declared, columns.default, self._vocabulary)
        return found

    def _default(self, row: tuple[str, ...]) -> dict[str, str]:
        """Return what silence means in the row's region; a filled column isn't silent, understood or not."""
        habits = self._defaults.get(row[-1], {}) if self._defaults else {}
        filled = {f for f, cell in zip(self._declared, row[1:], strict=False) if cell.strip()}
        return {facet: concept for facet, concept in habits.items() if facet not in filled}

    def _names_of(self, region: str) -> frozenset[str]:
        """Return all names of a region, case and spaces apart; made when first asked for."""
        found = self._names.get(region)
        if found is None:
            found = frozenset(_plain(row[0]) for row in self._catalog if row[-1] == region)
            self._names[region] = found
        return found

    def _cell(self, facet: str, cell: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """Read a declared cell as one facet: its concepts and the words not understood."""
        found = self._cells.get((facet, cell))
        if found is None:
            phrases = self._finder.find(cell)
            concepts: set[str] = set(self._vocabulary.columns.get((facet, phrases.norm), ()))
            strange: list[str] = []
            if not concepts:
                for hit in phrases.hits:
                    meant = self._as_facet(facet, hit)
                    concepts |= meant
                    if not meant and not hit.known:
                        strange.append(hit.key)
            found = self._cells[(facet, cell)] = (frozenset(concepts), tuple(strange))
        return found

    def _as_facet(self, facet: str, hit: Hit) -> set[str]:
        meant = self._vocabulary.columns.get((facet, hit.key))
        if meant:
            return set(meant)
        says = {concept for name, concept in hit.says if name == facet}
        if not says and hit.options:
            readings = [{c for name, c in option.says if name == facet} for option in hit.options]
            says = next(filter(None, readings), set())
        return says


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _told(meant: Meant, hits: list[Hit]) -> list[Told]:
    """Return what is said, each with its place in the text."""
    told = []
    for number, facet, concept in meant.told:
        hit = hits[number]
        told.append(Told(hit.start, hit.end, hit.key, facet, concept))
    told.sort(key=_PLACE)
    return told


def _residual(phrases: Phrases, vocabulary: Vocabulary) -> tuple[set[str], set[str], set[str]]:
    """Return the words no facet took, those of them the vocabulary doesn't know, and those still open."""
    blank = [hit for hit in phrases.hits if not hit.says]
    unknown = {hit.key for hit in blank if not hit.known}
    return {hit.key for hit in blank}, unknown, {hit.key for hit in blank if hit.key in vocabulary.options}


def _table(readings: list[Reading], facets: Sequence[str]) -> pl.DataFrame:
    said: dict[str, tuple[list[int], list[list[str]]]] = {facet: ([], []) for facet in facets}
    for row, reading in enumerate(readings):
        for facet, concepts in reading.facets.items():
            if facet in said:
                rows, values = said[facet]
                rows.append(row)
                values.append(concepts)
    columns = [_lists(f"facet_{f}", None, rows, values, len(readings)) for f, (rows, values) in said.items()]
    for name in _LISTS:
        filled = [(row, values) for row, r in enumerate(readings) if (values := getattr(r, name))]
        columns.append(_lists(name, [], [row for row, _ in filled], [v for _, v in filled], len(readings)))
    norm = pl.Series("text_norm", [reading.text_norm for reading in readings], dtype=TEXT)
    return pl.DataFrame([*columns[: len(facets)], norm, *columns[len(facets) :], _spans(readings)])


def _lists(
    name: str, blank: list[str] | None, rows: list[int], values: list[list[str]], height: int
) -> pl.Series:
    """Build a list column that is blank but in some rows; every distinct list is made once."""
    number: dict[tuple[str, ...], int] = {}
    places = np.zeros(height, dtype=np.uint32)
    places[rows] = [number.setdefault(tuple(v), len(number)) + 1 for v in values]
    # Joined and split again: polars is slow at nested Python lists.
    joined = pl.Series(name, [_BETWEEN.join(v) for v in number], dtype=TEXT)
    first = pl.Series(name, [blank], dtype=TEXTS)
    return first.append(joined.str.split(_BETWEEN)).rechunk().gather(pl.Series(places))


def _spans(readings: list[Reading]) -> pl.Series:
    schema = dict(zip(Told._fields, (pl.Int32, pl.Int32, TEXT, TEXT, TEXT), strict=True))
    flat = [told for reading in readings for told in reading.told]
    # Column by column: row-wise construction of tuples is what takes the time.
    parts = list(zip(*flat, strict=True)) if flat else [()] * len(schema)
    table = pl.DataFrame([pl.Series(n, part, dtype=schema[n]) for n, part in zip(schema, parts, strict=True)])
    counts = np.array([len(reading.told) for reading in readings], dtype=np.int64)
    row = pl.Series("row", np.repeat(np.arange(len(readings), dtype=np.uint32), counts))
    grouped = table.select(row, pl.struct(pl.all()).alias("spans")).group_by("row", maintain_order=True)
    found = pl.concat([pl.Series("spans", [[]], dtype=SPANS), grouped.agg("spans")["spans"]])
    return found.gather(pl.Series(np.where(counts > 0, np.cumsum(counts > 0), 0)))
