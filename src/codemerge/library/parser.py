"""Reads names like a radiographer: text and declared columns in, facets out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from codemerge.library.compounds import Speller
from codemerge.library.context import Context
from codemerge.library.meaning import Reading, facets_of
from codemerge.library.phrases import Hit, Phrases, find_phrases
from codemerge.library.vocabulary import KNOWN, Vocabulary
from codemerge.tables import SPANS, TEXT, TEXTS

_BETWEEN = "\x1f"  # unit separator: no word holds it
_EMPTY = pl.lit([], dtype=TEXTS)
_LAST = ("words", "unknown", "ambiguous", "corrected", "spans")


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
    keyed = frame.select(key.alias(f"k{i}") for i, key in enumerate([*keys, region]))
    distinct = keyed.unique(maintain_order=True)
    reader = _Reader(vocabulary, list(declared.values()), defaults, distinct.select("k0", keyed.columns[-1]))
    readings = [reader.read(row) for row in distinct.iter_rows()]
    answers = pl.concat([distinct, _table(readings, facets)], how="horizontal")
    parsed = keyed.join(answers, on=keyed.columns, how="left", maintain_order="left").drop(keyed.columns)
    return pl.concat([frame.drop(parsed.columns, strict=False), parsed], how="horizontal")


def read_name(name: str, vocabulary: Vocabulary, **declared: str) -> Reading:
    """Parse one name, with what its columns declare by facet; for tests, `explain` and `suggest`."""
    reader = _Reader(vocabulary, list(declared), {}, pl.DataFrame({"name": [name], "region": [""]}))
    return reader.read((name, *declared.values(), ""))


class _Reader:
    """Reads rows of (text, declared cells…, region) by one vocabulary, remembering texts and cells."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        declared: list[str],
        defaults: Mapping[str, Mapping[str, str]],
        catalog: pl.DataFrame,
    ) -> None:
        self._catalog = catalog  # name and region of every row
        self._names: dict[str, frozenset[str]] = {}
        self._vocabulary = vocabulary
        self._speller = Speller(vocabulary)
        self._declared = declared
        self._defaults = defaults
        self._cells: dict[tuple[str, str], tuple[frozenset[str], tuple[str, ...]]] = {}

    def read(self, row: tuple[str, ...]) -> Reading:
        phrases = find_phrases(row[0], self._vocabulary, self._speller)
        declared: dict[str, frozenset[str]] = {}
        unknown: list[str] = []
        for facet, cell in zip(self._declared, row[1 : 1 + len(self._declared)], strict=True):
            if cell:
                concepts, strange = self._cell(facet, cell)
                unknown += strange
                if concepts:
                    declared[facet] = declared.get(facet, frozenset()) | concepts
        text, region = row[0], row[-1]

        def has_sibling(hit: Hit, word: str) -> bool:
            return _plain(text[: hit.start] + word + text[hit.end :]) in self._names_of(region)

        default = self._default(row)
        known = {facet: frozenset({concept}) for facet, concept in default.items()} | declared
        if default:  # what the name says itself comes before what silence means in its region
            Context(phrases.hits, declared, self._vocabulary, has_sibling).settle()
        Context(phrases.hits, known, self._vocabulary, has_sibling).settle()
        reading = facets_of(phrases.hits, declared, default, self._vocabulary)
        reading.text_norm = phrases.norm
        reading.corrected = sorted(set(phrases.corrected))
        reading.words, reading.unknown = _residual(phrases.hits)
        reading.unknown = sorted({*reading.unknown, *unknown})
        reading.ambiguous = sorted({*reading.ambiguous, *_open(phrases, self._vocabulary)})
        return reading

    def _default(self, row: tuple[str, ...]) -> dict[str, str]:
        """Return what silence means in the row's region; a filled column isn't silent, understood or not."""
        habits = self._defaults.get(row[-1], {}) if self._defaults else {}
        filled = {f for f, cell in zip(self._declared, row[1:], strict=False) if cell.strip()}
        return {facet: concept for facet, concept in habits.items() if facet not in filled}

    def _names_of(self, region: str) -> frozenset[str]:
        """Return all names of a region, case and spaces apart; made when first asked for."""
        found = self._names.get(region)
        if found is None:
            rows = self._catalog.iter_rows()
            found = self._names[region] = frozenset(_plain(name) for name, of in rows if of == region)
        return found

    def _cell(self, facet: str, cell: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """Read a declared cell as one facet: its concepts and the words not understood."""
        found = self._cells.get((facet, cell))
        if found is None:
            phrases = find_phrases(cell, self._vocabulary, self._speller)
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


def _residual(hits: Iterable[Hit]) -> tuple[list[str], list[str]]:
    """Return the content words no facet took, and those of them the vocabulary doesn't know."""
    words: set[str] = set()
    unknown: set[str] = set()
    for hit in hits:
        if not hit.says:
            words.add(hit.key)
            if not hit.known:
                unknown.add(hit.key)
        words.update(concept for facet, concept in hit.says if facet == KNOWN)
    return sorted(words), sorted(unknown)


def _open(phrases: Phrases, vocabulary: Vocabulary) -> list[str]:
    return [hit.key for hit in phrases.hits if not hit.says and hit.key in vocabulary.options]


def _table(readings: list[Reading], facets: Sequence[str]) -> pl.DataFrame:
    columns = {f"facet_{facet}": [reading.facets.get(facet) for reading in readings] for facet in facets}
    table = pl.DataFrame({"text_norm": pl.Series([reading.text_norm for reading in readings], dtype=TEXT)})
    lists = {name: _lists(name, values) for name, values in columns.items()}
    for name in ("words", "unknown", "ambiguous", "corrected"):
        lists[name] = _lists(name, [getattr(reading, name) for reading in readings])
    return table.with_columns(**lists, spans=_spans(readings)).select(*columns, *table.columns, *_LAST)


def _lists(name: str, values: Sequence[list[str] | None]) -> pl.Series:
    """Build a list column; joined and split again, as polars is slow at nested Python lists."""
    joined = pl.Series(name, [None if v is None else _BETWEEN.join(v) for v in values], dtype=TEXT)
    empty = pl.Series([v is not None and not v for v in values], dtype=pl.Boolean)
    split = joined.str.split(_BETWEEN)
    return split.to_frame().select(pl.when(~empty).then(pl.col(name)).otherwise(_EMPTY))[name]


def _spans(readings: list[Reading]) -> pl.Series:
    flat = [(row, *span.values()) for row, reading in enumerate(readings) for span in reading.spans]
    names = ["row", "start", "end", "word", "facet", "concept"]
    schema = dict(zip(names, (pl.UInt32, pl.Int32, pl.Int32, TEXT, TEXT, TEXT), strict=True))
    # column by column: row-wise construction of tuples is what takes the time
    parts = list(zip(*flat, strict=True)) if flat else [()] * len(names)
    table = pl.DataFrame({n: pl.Series(part, dtype=schema[n]) for n, part in zip(names, parts, strict=True)})
    grouped = table.group_by("row", maintain_order=True).agg(spans=pl.struct(names[1:]))
    rows = pl.DataFrame({"row": pl.Series(range(len(readings)), dtype=pl.UInt32)})
    joined = rows.join(grouped, on="row", how="left", maintain_order="left")
    return joined.select(pl.col("spans").fill_null(pl.lit([], dtype=SPANS)))["spans"]
