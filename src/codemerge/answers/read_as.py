"""How a record was read, part by part: which letters, column or habit each facet came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codemerge.answers.run_tables import RunTables
from codemerge.library.vocabulary import Pair
from codemerge.rules.columns import FACET
from codemerge.rules.page import Entity
from codemerge.rules.words import say


def read_as(run: RunTables, entity: Entity, row: Mapping[str, Any], language: str) -> Iterator[str]:
    """Yield one text per concept that a record says.

    First what its name says, word by word, as it was read among its region's other names; then what
    its other columns add, what its region's declared habit fills in, and what follows from the rest.

    Args:
        run: a finished run.
        entity: the page.
        row: a normalised record with its ``spans``.
        language: ``sv`` or ``en``.
    """
    told: set[Pair] = set()
    for span in row["spans"] or []:
        pair = (span["facet"], span["concept"])
        word = str(row[str(entity.names)])[span["start"] : span["end"]]
        told.add(pair)
        yield say("explain.part", language, word=word, **_in_words(run, pair, language))
    habits = run.project.about(row["region"]).defaults
    for facet in entity.facets:
        for concept in row[FACET + facet] or []:
            pair = (facet, concept)
            if pair in told:
                continue
            field = next((f for f in entity.field if f.facet == facet and row[f.name]), None)
            words = _in_words(run, pair, language)
            if field is not None:
                title = field.title.say(language)
                yield say("explain.part_column", language, column=title, word=str(row[field.name]), **words)
            elif habits.get(facet) == concept:
                yield say("explain.part_habit", language, region=row["region"], **words)
            else:
                yield say("explain.part_follows", language, **words)


def _in_words(run: RunTables, pair: Pair, language: str) -> dict[str, str]:
    declared = run.rules.facets.get(pair[0])
    return {
        "facet": declared.title.say(language).lower() if declared else pair[0],
        "concept": run.rules.vocabulary.title(*pair, language),
    }
