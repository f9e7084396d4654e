"""Which column of a file is which field: headers compared with aliases, or mapped by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_LIGHT = re.compile(r"[\s.\-_()\[\]\u00ad\u200b\ufeff:*]+")
_YEAR = re.compile(r"(?:19|20)\d\d$")  # the export's year: ``Antal 2023``
_PLAIN_LETTERS = str.maketrans("åäöéüæø", "aaoeuao")


def fold(header: str) -> str:
    """Make a header comparable: no case, spaces, dots, hyphens, underscores or parentheses."""
    return _LIGHT.sub("", unicodedata.normalize("NFC", header).casefold())


@dataclass(frozen=True, slots=True)
class Recognised:
    """What became of the columns of one header.

    Args:
        columns: field → position in the header.
        unrecognised: positions that are no field.
        missing: field → header that was mapped by hand and isn't there.
        rivals: field → positions that would have been it too, had a better alias not been found.
    """

    columns: dict[str, int]
    unrecognised: list[int]
    missing: dict[str, str] = field(default_factory=dict)
    rivals: dict[str, list[int]] = field(default_factory=dict)


class AliasBook:
    """The headers that mean each field of one entity."""

    def __init__(self, aliases: Mapping[str, Sequence[str]]) -> None:
        """Index the aliases.

        Args:
            aliases: field → its headers, the most certain first.
        """
        self.fields = tuple(aliases)
        self._ranks: dict[str, list[tuple[int, int]]] = {}
        self._plain: dict[str, list[tuple[int, int]]] = {}
        for order, names in enumerate(aliases.values()):
            for rank, name in enumerate(dict.fromkeys(fold(n) for n in names)):
                self._ranks.setdefault(name, []).append((rank, order))
                self._plain.setdefault(name.translate(_PLAIN_LETTERS), []).append((rank, order))

    @classmethod
    def joined(cls, books: Sequence[AliasBook]) -> AliasBook:
        """Return one book of all headers, for files of which the entity isn't known yet."""
        headers = sorted({name for book in books for name in book.known()})
        return cls({name: (name,) for name in headers})

    def known(self) -> frozenset[str]:
        """Return every header that means something, folded."""
        return frozenset(self._ranks)

    def count(self, cells: Sequence[str | None]) -> int:
        """Return how many different fields a row would name, were it the header."""
        names = {fold(c) for c in cells if c and len(c) <= 80}
        found: set[int] = set()
        for name in sorted(names):
            for _, order in self._meanings(name):
                if order not in found:
                    found.add(order)
                    break
        return len(found)

    def recognise(
        self, header: Sequence[str | None], declared: Mapping[str, str] | None = None
    ) -> Recognised:
        """Say which column is which field.

        Args:
            header: cells of the header row.
            declared: field → header, from the project file; an empty header leaves the field out.

        Returns:
            Each field at most once: mapped by hand first, then by the most certain alias; letters
            without rings and dots (``Benamning``) count only where nothing else fits.
        """
        columns: dict[str, int] = {}
        missing: dict[str, str] = {}
        left_out = set()
        for name, wanted in (declared or {}).items():
            if not wanted:
                left_out.add(name)
            elif (at := _position(header, wanted)) is None:
                missing[name] = wanted
            else:
                columns[name] = at
        taken = set(columns) | left_out | set(missing)
        rivals: dict[str, list[int]] = {}
        for book in (self._ranks, self._plain):
            self._assign(header, book, columns, taken, rivals)
        self._assign(self._latest(header, columns), self._ranks, columns, taken, rivals)
        used = set(columns.values())
        return Recognised(
            columns,
            [n for n in range(len(header)) if n not in used],
            missing,
            {name: [n for n in places if n not in used] for name, places in rivals.items()},
        )

    @staticmethod
    def _latest(header: Sequence[str | None], columns: Mapping[str, int]) -> list[str | None]:
        """Return the headers left that end in a year, without it: of each name the latest year's only."""
        dated = {at: fold(cell) for at, cell in enumerate(header) if cell and at not in columns.values()}
        latest: dict[str, int] = {}
        for at, name in dated.items():
            bare = _YEAR.sub("", name)
            if bare not in {name, ""} and (bare not in latest or name > dated[latest[bare]]):
                latest[bare] = at
        names = {at: bare for bare, at in latest.items()}
        return [names.get(at) for at in range(len(header))]

    def _meanings(self, folded: str) -> list[tuple[int, int]]:
        return self._ranks.get(folded) or self._plain.get(folded.translate(_PLAIN_LETTERS)) or []

    def _assign(
        self,
        header: Sequence[str | None],
        book: Mapping[str, list[tuple[int, int]]],
        columns: dict[str, int],
        taken: set[str],
        rivals: dict[str, list[int]],
    ) -> None:
        """Give each field its best header, then move headers on where that lets another field in."""
        exact = book is self._ranks
        used = set(columns.values())
        offers = sorted(
            (rank, order, at)
            for at, cell in enumerate(header)
            if cell and at not in used
            for rank, order in book.get(fold(cell) if exact else fold(cell).translate(_PLAIN_LETTERS), ())
        )
        choices: dict[str, list[int]] = {}
        fixed = set(taken)
        for _, order, at in offers:
            name = self.fields[order]
            choices.setdefault(name, []).append(at)
            if name not in taken and at not in columns.values():
                columns[name] = at
                taken.add(name)
        for name in self.fields:
            if name not in taken and _move_in(name, choices, columns, fixed, set()):
                taken.add(name)
        for name, places in choices.items():
            others = [at for at in places if at not in columns.values()]
            if others and name in columns:
                rivals.setdefault(name, []).extend(at for at in others if at not in rivals.get(name, []))


def _move_in(
    name: str, choices: Mapping[str, list[int]], columns: dict[str, int], fixed: set[str], seen: set[int]
) -> bool:
    """Find a header for a field, moving the field that has it to another of its own headers."""
    for at in choices.get(name, ()):
        if at in seen:
            continue
        seen.add(at)
        holder = next((f for f, place in columns.items() if place == at), None)
        if holder is None or (
            holder not in fixed and holder in choices and _move_in(holder, choices, columns, fixed, seen)
        ):
            columns[name] = at
            return True
    return False


def _position(header: Sequence[str | None], wanted: str) -> int | None:
    """Find a header written by hand: exactly, else by its folded form if only one has it."""
    exact = [n for n, cell in enumerate(header) if cell is not None and cell.strip() == wanted.strip()]
    if exact:
        return exact[0]
    near = [n for n, cell in enumerate(header) if cell and fold(cell) == fold(wanted)]
    return near[0] if len(near) == 1 else None
