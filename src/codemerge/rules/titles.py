"""What fields, facets and causes are called by people; nobody should meet a column's inner name."""

from __future__ import annotations

import re
from collections.abc import Collection

from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.words import listed, say

_LIMIT = re.compile(r"^(\w+): (\w+) ?(.*)$", re.DOTALL)
_VALUE = re.compile(r"^(\w+)=(.*)$", re.DOTALL)
_LEADS_TO = re.compile(r"^(\w+) → (\w+)/(.*)$", re.DOTALL)
_RANGE = re.compile(r"(\w)-(\w)")
_WORDED = {"status", "relationship", "severity"}  # columns whose values are words of ours
_FEW = "/~"  # ends the cause of the few broken values that must not hide among the odd ones


def field_title(name: str, page: Entity | None, rules: Rules, language: str) -> str:
    """Return what a field or facet is called; several are joined by ``+``.

    Args:
        name: of a field, a facet, or one of the few other things that conflicts are about.
        page: of the entity; None for none.
        rules: for the facets' titles.
        language: ``sv`` or ``en``.
    """
    return " + ".join(_one(part, page, rules, language) for part in name.split("+"))


def _one(name: str, page: Entity | None, rules: Rules, language: str) -> str:
    field = page.field_named(name) if page else None
    facet = rules.facets.get(name.removeprefix("facet_"))
    if field and not name.startswith("facet_"):
        return field.title.say(language)
    if facet:
        return facet.title.say(language)
    return say(f"checks.field.{name}", language) if name in listed("checks.field") else name


def plural_title(entity: str, rules: Rules, language: str) -> str:
    """Return what an entity's records are called; its id where the rules don't know it."""
    page = rules.entities.get(entity)
    return page.plural.say(language) if page else entity


def value_in_words(value: str, field: str, rules: Rules, language: str) -> str:
    """Say a facet's concepts, a status or a relationship in words; any other value is left as it is.

    Args:
        value: as a table holds it; several concepts are parted by commas.
        field: the column it stands in; facets begin with ``facet_``.
        rules: for the names of concepts.
        language: ``sv`` or ``en``.
    """
    facet = field.removeprefix("facet_")
    if field != facet and value:
        return ", ".join(rules.vocabulary.title(facet, concept, language) for concept in value.split(", "))
    return word_for(value, language) if field in _WORDED else value


def word_for(key: str, language: str) -> str:
    """Return what a status or relationship is called."""
    return say(f"deliver.word.{key}", language) if key in listed("deliver.word") else key


def cause_in_words(
    cause: str, field: str, page: Entity, rules: Rules, regions: Collection[str], language: str
) -> str:
    """Return a conflict's cause as people say it; a cause made of names and codes stands as it is.

    Args:
        cause: as checks write it: ``RKL/site``, ``code: length 16``, ``RÖ/section/*``.
        field: what the conflict is about.
        page: the entity it is about.
        rules: for titles.
        regions: of the project.
        language: ``sv`` or ``en``.
    """

    def title(name: str) -> str:
        return field_title(name, page, rules, language)

    if (found := _LIMIT.match(cause)) and page.field_named(found[1]) and found[2] in listed("checks.limit"):
        return f"{title(found[1])}: {say(f'checks.limit.{found[2]}', language, limit=_plain(found[3]))}"
    if (found := _VALUE.match(cause)) and page.field_named(found[1]):
        return f"{title(found[1])}: {found[2]}"
    if (found := _LEADS_TO.match(cause)) and found[2] in rules.entities:
        return f"{title(found[1])}: {rules.entities[found[2]].name.say(language)} {found[3]}"
    region, _, rest = cause.partition("/")
    if region in regions and rest:
        told = _in_region(region, rest, field, page, rules, language)
        return told or cause
    return _habits(cause, regions, language)


def _in_region(region: str, rest: str, field: str, page: Entity, rules: Rules, language: str) -> str | None:
    if rest.removesuffix(_FEW) == field and page.field_named(field):
        return f"{region}, {field_title(field, page, rules, language)}"
    entity, _, code = rest.partition("/")
    if code and entity in rules.entities:
        if code == "*":
            plural = rules.entities[entity].plural.say(language)
            return say("checks.no_list", language, region=region, entity=plural)
        return f"{region}/{code} ({rules.entities[entity].name.say(language)})"
    doubt = doubt_in_words(rest, rules, language)
    return None if doubt == rest or field != page.names else f"{region}, {doubt}"


def _habits(cause: str, regions: Collection[str], language: str) -> str:
    """Say where each region puts something: ``RÖ: name; RKL: field``."""
    known, told = listed("checks.habit"), []
    for part in cause.split("; "):
        region, _, how = part.partition(": ")
        if region not in regions or how not in known:
            return cause
        told.append(f"{region}: {say(f'checks.habit.{how}', language)}")
    return "; ".join(told)


def doubt_in_words(word: str, rules: Rules, language: str) -> str:
    """Say what couldn't be read for certain: a word of several meanings, or a name against its column.

    Args:
        word: of a record's ``ambiguous``: ``m/u contrast``, ``modality:CT≠US`` (column ≠ name).
        rules: for the names of facets and concepts.
        language: ``sv`` or ``en``.
    """
    facet, colon, sides = word.partition(":")
    if colon and facet in rules.facets and "≠" in sides:
        column, _, name = sides.partition("≠")
        return say(
            "checks.contradicts",
            language,
            facet=rules.facets[facet].title.say(language),
            column=_concepts(facet, column, rules, language),
            name=_concepts(facet, name, rules, language),
        )
    text, _, last = word.rpartition(" ")
    if text and last in rules.facets:
        return f"{text} ({rules.facets[last].title.say(language).lower()})"
    return word


def _concepts(facet: str, said: str, rules: Rules, language: str) -> str:
    return ", ".join(rules.vocabulary.title(facet, concept, language) for concept in said.split("|"))


def _plain(limit: str) -> str:
    """Write allowed characters as people do: ``[A-Za-z0-9._]`` is ``A–Z a–z 0–9 . _``."""
    if not (limit.startswith("[") and limit.endswith("]")):
        return limit
    inner = limit[1:-1].replace("\\", "")
    spans = [f"{a}–{b}" for a, b in _RANGE.findall(inner)]
    return " ".join([*spans, *_RANGE.sub("", inner)])
