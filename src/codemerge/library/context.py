"""Settles ambiguous words by what stands around them; what context can't settle stays open.

Conditions of a reading (``vocabulary/ambiguous.csv``, all of them must hold):

- ``first``, ``last``, ``alone``: the word's place among the words that say something
- ``said:F``, ``unsaid:F``: another word, or a column of its own, gives facet F, or none does
- ``is:F=C``, ``not:F=C``: facet F holds concept C, or doesn't
- ``before:X``, ``after:X``, ``beside:X``: the next word, the last word or either is X: a facet, a
  concept ``F=C``, a trait (``paired``) or ``word=…``
- ``apart:X``: neither neighbour is X
- ``sibling:sin``: the region has the same name with ``sin`` in this word's place
- ``language:en``: more words are English than Swedish, Danish or Norwegian; ``language:sv``: the reverse
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from codemerge.library.phrases import Hit
from codemerge.library.vocabulary import Vocabulary

_NORDIC = frozenset({"sv", "da", "no"})


class Context:
    """The hits of one text and what its record's own columns declare."""

    def __init__(
        self,
        hits: list[Hit],
        declared: Mapping[str, frozenset[str]],
        vocabulary: Vocabulary,
        has_sibling: Callable[[Hit, str], bool],
    ) -> None:
        """Look for the words in doubt."""
        self._has_sibling = has_sibling
        self._vocabulary = vocabulary
        self._declared = declared
        self._hits = [hit for hit in hits if not hit.is_noise]
        self._pending = [index for index, hit in enumerate(self._hits) if hit.options and not hit.says]

    @cached_property
    def _said(self) -> dict[str, set[str]]:
        """What is said without doubt, by facet; many a condition asks for neighbours only."""
        said = {facet: set(values) for facet, values in self._declared.items()}
        for hit in self._hits:
            self._note(hit, said)
        return said

    def settle(self) -> None:
        """Give each ambiguous hit the first reading that holds; twice, as one may settle another."""
        for _ in range(2):
            for index in self._pending:
                hit = self._hits[index]
                if hit.says:
                    continue
                for option in hit.options:
                    if all(self._holds(condition, index) for condition in option.when):
                        hit.says = option.says
                        if "_said" in self.__dict__:  # else it isn't gathered yet
                            self._note(hit, self._said)
                        break

    def _note(self, hit: Hit, said: dict[str, set[str]]) -> None:
        for pair in hit.says:
            for facet, concept in (pair, *self._vocabulary.implied.get(pair, ())):
                said.setdefault(facet, set()).add(concept)

    def _holds(self, condition: str, index: int) -> bool:
        name, _, wanted = condition.partition(":")
        facet, _, concept = wanted.partition("=")
        match name:
            case "sibling":
                holds = self._has_sibling(self._hits[index], wanted)
            case "first":
                holds = index == 0
            case "last":
                holds = index == len(self._hits) - 1
            case "alone":
                holds = len(self._hits) == 1
            case "said" | "unsaid":
                holds = (wanted in self._said) == (name == "said")
            case "is" | "not":
                holds = (concept in self._said.get(facet, ())) == (name == "is")
            case "before":
                holds = self._is_at(index + 1, wanted)
            case "after":
                holds = self._is_at(index - 1, wanted)
            case "beside" | "apart":
                near = self._is_at(index - 1, wanted) or self._is_at(index + 1, wanted)
                holds = near == (name == "beside")
            case "language":
                holds = self._language == wanted
            case _:
                raise KeyError(name)
        return holds

    def _is_at(self, index: int, wanted: str) -> bool:
        if not 0 <= index < len(self._hits):
            return False
        hit = self._hits[index]
        name, _, value = wanted.partition("=")
        if name == "word":
            return hit.key == value
        if value:
            return (name, value) in hit.says
        traits = self._vocabulary.traits
        return any(name == facet or name in traits.get((facet, concept), ()) for facet, concept in hit.says)

    @cached_property
    def _language(self) -> str:
        nordic = english = 0
        for hit in self._hits:
            if hit.languages == {"en"}:
                english += 1
            elif hit.languages and hit.languages <= _NORDIC:
                nordic += 1
        return "en" if english > nordic else "sv" if nordic > english else ""
