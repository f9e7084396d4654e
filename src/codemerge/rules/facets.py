"""What the rules say of facets: ``facets.toml``, one declaration per facet."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from codemerge.errors import BadInputError, Problem
from codemerge.library.vocabulary import Vocabulary
from codemerge.rules.lexicon import read_lexicon
from codemerge.rules.page import Declared, Words


class Facet(Declared):
    """One thing a name can say.

    Args:
        id: name of the facet; its words stand in ``vocabulary/<id>.csv`` and its values in the
            column ``facet_<id>``.
        kind: ``one`` concept, a ``set``, or a ``hierarchy`` (a set whose concepts may be part of
            each other).
        safety: a difference vetoes automatic acceptance.
        near: groups of concepts that go to review when they differ.
        combine: concept → the concepts that together mean it.
        inside: words that count inside longer phrases of other facets too (``mr angio`` is MR).
        presumes: facet → concept that is meant where this facet is said and that one isn't (a number of
            views: a plain film); weaker than whatever a word implies.
        default_unless: facets that, where they are said, keep a region's default out (contrast: of an
            intervention nothing is known from silence).
        default_where: facet → concepts; a region's default fills this facet in only there.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Words
    kind: Literal["one", "set", "hierarchy"]
    safety: bool
    inside: tuple[str, ...] = ()
    near: tuple[tuple[str, ...], ...] = ()
    combine: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    presumes: Mapping[str, str] = Field(default_factory=dict)
    default_unless: tuple[str, ...] = ()
    default_where: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _groups_hold_two(self) -> Facet:
        if any(len(group) < 2 for group in (*self.near, *self.combine.values())):
            raise ValueError("a group of near or combined concepts holds at least two")
        return self


def load_vocabulary(folders: Sequence[Path]) -> tuple[dict[str, Facet], Vocabulary]:
    """Read the facets and every word of one or more rule packs.

    Args:
        folders: rule packs, the shipped one first; a later pack's facets, concepts and words
            replace earlier ones of the same name, and a word with an empty concept is taken away.

    Returns:
        The facets by id, in the order they are declared, and the vocabulary compiled from the rows.

    Raises:
        BadInputError: every problem of every file: unknown concept, a word with two meanings in one
            facet, a part-of circle, a file that can't be read.
    """
    problems: list[Problem] = []
    facets: dict[str, Facet] = {}
    for folder in folders:
        page = folder / "facets.toml"
        if page.is_file():
            facets.update(_read_facets(page, problems))
    if problems:
        raise BadInputError(problems)
    return facets, read_lexicon([folder / "vocabulary" for folder in folders], facets)


def _read_facets(page: Path, problems: list[Problem]) -> dict[str, Facet]:
    found: dict[str, Facet] = {}
    try:
        declared = tomllib.loads(page.read_text(encoding="utf-8")).get("facet", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem("rules.unreadable", page.name, values={"found": str(error)}))
        return found
    for number, entry in enumerate(declared, start=1):
        try:
            facet = Facet.model_validate(entry)
        except ValidationError as error:
            problems.extend(
                Problem(
                    "rules.invalid",
                    page.name,
                    column=".".join(["facet", str(number), *(str(part) for part in e["loc"])]),
                    values={"found": e.get("input"), "expected": e["msg"]},
                )
                for e in error.errors()
            )
        else:
            found[facet.id] = facet
    return found
