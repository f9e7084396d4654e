"""What an unknown export most likely is: which region's, which entity's, from names and content.

Evidence is added up and shown; where the runner-up is near, the guess is marked unsure with its
alternatives, and a person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import polars as pl

from codemerge.library.headers import AliasBook, Recognised, fold
from codemerge.library.spelling import tokens_of
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.regions import KnownRegion

_PLAIN = str.maketrans("åäöéü", "aaoeu")
_SURE_LEAD = 0.35  # how far ahead of the runner-up a guess must be
_LEAST = 0.9  # below this the columns say too little
_SAMPLE = 500
_ORG = re.compile(r"(?:SE(?:16)?)?(\d{6})-?(\d{4})(?:-|$)")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A table found in some file, before anybody said what it is.

    Args:
        path: relative to the project's folder, with forward slashes.
        sheet: of a workbook; ``query``: of a database file; None otherwise.
        encoding, delimiter: as found; None where the file has none.
        header: cells of the header row; ``header_line`` where it stands.
        cells: the rows, String columns ``0``, ``1``, ….
    """

    path: str
    sheet: str | None
    query: str | None
    encoding: str | None
    delimiter: str | None
    header: tuple[str, ...]
    header_line: int
    cells: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Guess:
    """What a table is taken for.

    Args:
        glimpse: the table.
        entity: id of the entity; None when no page fits.
        alternatives: other entities that fit nearly as well, the nearest first.
        region: id of the region.
        region_known: it was recognised by name or organisation number, not made up from a folder.
        columns: field → header.
        unrecognised: headers that are no field.
    """

    glimpse: Glimpse
    entity: str | None
    alternatives: tuple[str, ...]
    region: str
    region_known: bool
    columns: Mapping[str, str]
    unrecognised: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Tell whether a person need not look."""
        return self.entity is not None and not self.alternatives and self.region_known


def guess_all(
    glimpses: Sequence[Glimpse],
    rules: Rules,
    books: Mapping[str, AliasBook],
    regions: Sequence[KnownRegion],
) -> list[Guess]:
    """Guess entity and region of every table.

    Args:
        glimpses: tables found.
        rules: the entities' pages.
        books: entity → its headers.
        regions: regions known by name.

    Returns:
        One guess per table, in the order given.
    """
    weights = _header_weights(books)
    owners = _regions(glimpses, regions)
    return [
        _guess(glimpse, rules, books, weights, owner) for glimpse, owner in zip(glimpses, owners, strict=True)
    ]


def _guess(
    glimpse: Glimpse,
    rules: Rules,
    books: Mapping[str, AliasBook],
    weights: Mapping[str, float],
    owner: tuple[str, bool],
) -> Guess:
    scored: list[tuple[float, int, str, Recognised]] = []
    for order, entity in enumerate(rules.entities.values()):
        found = books[entity.id].recognise(glimpse.header)
        score = _fit(glimpse, entity, found, weights, rules)
        if score >= _LEAST:
            scored.append((-score, order, entity.id, found))
    scored.sort(key=lambda entry: entry[:2])
    if not scored:
        return Guess(glimpse, None, (), *owner, columns={}, unrecognised=glimpse.header)
    best, _, name, found = scored[0]
    near = tuple(other for score, _, other, _ in scored[1:4] if score - best < _SURE_LEAD)
    page = rules.entities[name]
    columns = {f.name: glimpse.header[found.columns[f.name]] for f in page.field if f.name in found.columns}
    left = tuple(glimpse.header[n] for n in found.unrecognised if glimpse.header[n])
    return Guess(glimpse, name, near, *owner, columns=columns, unrecognised=left)


def _header_weights(books: Mapping[str, AliasBook]) -> dict[str, float]:
    """Weigh a header by how few entities know it: ``Status`` says little, ``AE-titel`` much."""
    counts = Counter(name for book in books.values() for name in book.known())
    return {name: 1.0 / count for name, count in counts.items()}


def _fit(
    glimpse: Glimpse, entity: Entity, found: Recognised, weights: Mapping[str, float], rules: Rules
) -> float:
    """Add up what speaks for an entity: 0 when its key has no column."""
    key = entity.key or (("code",) if "code" in found.columns else entity.code_from[:1])
    if not key or any(name not in found.columns for name in key):
        return 0.0
    weighed = [(weights.get(fold(h), 0.5), n) for n, h in enumerate(glimpse.header) if h]
    used = set(found.columns.values())
    covered = sum(w for w, n in weighed if n in used) / max(1e-9, sum(w for w, _ in weighed))
    required = [f.name for f in entity.field if f.required] or list(key)
    complete = sum(name in found.columns for name in required) / len(required)
    whole = len(found.columns) / len(entity.field)  # a long page is a poor guess for a narrow table
    ends = 0.3 * (len(entity.key) - 1) if entity.key else 0.0  # both ends of a link are hard to hit by chance
    return (
        2.0 * covered
        + complete
        + 0.5 * whole
        + ends
        + _named(glimpse, entity)
        + 0.5 * _unique(glimpse, [found.columns[name] for name in key])
        + 0.8 * _understood(glimpse, entity, found, rules)
    )


def _named(glimpse: Glimpse, entity: Entity) -> float:
    """Say how much of a file's or sheet's name an entity's own words make up, 0 to 1."""
    title = (entity.id, entity.name.sv, entity.name.en, entity.plural.sv, entity.plural.en, *entity.files)
    pieces = {_plain(word) for word in title}
    best = 0.0
    for name in (glimpse.sheet, glimpse.query, PurePosixPath(glimpse.path).stem):
        text = _plain((name or "").removeprefix("SELECT * FROM "))
        shares = [len(p) / len(text) for p in pieces if p and p in text]
        best = max([best, *shares])
    return best


def _unique(glimpse: Glimpse, key: Sequence[int]) -> float:
    """Say how close to a key the columns are: the share of distinct rows among them."""
    columns = [str(n) for n in key]
    cells = glimpse.cells.select(columns)
    return cells.n_unique() / cells.height if cells.height else 1.0


def _understood(glimpse: Glimpse, entity: Entity, found: Recognised, rules: Rules) -> float:
    """Say how many words of the names mean something in a facet that the entity has."""
    at = found.columns.get(entity.names or "")
    if at is None or not entity.facets:
        return 0.0
    texts = glimpse.cells[str(at)].head(_SAMPLE).drop_nulls().to_list()
    words = [token.word for text in texts for token in tokens_of(text) if _WORD.fullmatch(token.word)]
    phrases, own = rules.vocabulary.phrases, set(entity.facets)
    told = sum(word in phrases and any(facet in own for facet, _ in phrases[word].says) for word in words)
    return told / len(words) if words else 0.0


def _regions(glimpses: Sequence[Glimpse], regions: Sequence[KnownRegion]) -> list[tuple[str, bool]]:
    """Find whose each table is: by names of folders and files, by organisation numbers, by neighbours."""
    votes = [_votes(glimpse, regions) for glimpse in glimpses]
    folders: dict[str, Counter[str]] = {}
    for glimpse, vote in zip(glimpses, votes, strict=True):
        folder = str(PurePosixPath(glimpse.path).parent)
        folders.setdefault(folder, Counter()).update(vote)
    headers = Counter((str(PurePosixPath(g.path).parent), g.header) for g in glimpses)
    owners = []
    for glimpse, vote in zip(glimpses, votes, strict=True):
        folder = str(PurePosixPath(glimpse.path).parent)
        shared = folders[folder] if folder != "." else Counter()
        own = _winner(vote) or _winner(shared)
        twins = headers[(folder, glimpse.header)] > 1  # alike in one folder: most likely a region each
        owners.append((own, True) if own else (_made_up(glimpse, by_file=twins), False))
    return owners


def _votes(glimpse: Glimpse, regions: Sequence[KnownRegion]) -> Counter[str]:
    votes: Counter[str] = Counter()
    path = PurePosixPath(glimpse.path)
    for part, weight in [(p, 6) for p in path.parts[:-1]] + [(path.stem, 4), (glimpse.sheet or "", 2)]:
        whole = _plain(part)
        tokens = {_plain(t) for t in re.split(r"[\s._\-]+", part)} | {whole}
        for region in regions:
            names = {_plain(region.id), *region.hints}
            long = any(len(n) >= 6 and n in whole for n in names)
            if tokens & names or long:
                votes[region.id] += weight
    votes.update(_organisations(glimpse, regions))
    return votes


def _organisations(glimpse: Glimpse, regions: Sequence[KnownRegion]) -> Counter[str]:
    """Count organisation numbers, also inside HSA-IDs, in the cells; worth at most 3 votes a region."""
    by_number = {r.org.replace("-", ""): r.id for r in regions}
    found: Counter[str] = Counter()
    for column in glimpse.cells.head(_SAMPLE).iter_columns():
        for text in column.drop_nulls().to_list():
            match = _ORG.match(text)
            if match and match[1] + match[2] in by_number:
                found[by_number[match[1] + match[2]]] += 1
    total = sum(found.values())
    return Counter({region: round(3 * n / total) for region, n in found.items() if n > total / 2})


def _winner(votes: Mapping[str, int]) -> str | None:
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] <= 0 or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]


def _made_up(glimpse: Glimpse, *, by_file: bool) -> str:
    """Name a region after the folder, or the file, when nothing else is known."""
    path = PurePosixPath(glimpse.path)
    named = len(path.parts) > 1 and path.parts[-2] != ".." and not by_file
    name = path.parts[-2] if named else path.stem
    return re.sub(r"[/:\x00-\x1f\x7f]", "", name).strip()[:24] or "A"


def _plain(text: str) -> str:
    return fold(text).translate(_PLAIN)
