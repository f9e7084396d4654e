"""Which columns a review sheet has, in order, and what its drop-downs offer, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codemerge.answers.review_asked import Asked
from codemerge.model import Ending
from codemerge.rules.page import Entity
from codemerge.rules.signoff import profession_title
from codemerge.rules.words import listed, say

SCHEMA = "1"  # of the workbook: its format, in the hidden sheet META beside the name of what it issued
META = "_meta"
LANGUAGES = ("sv", "en")
MAPPING_CHOICES = tuple(listed("workbook.decision"))
CONFLICT_CHOICES = tuple(listed("workbook.conflict"))
RELATIONS = ("equivalent", "narrower", "broader", "split", "related")
SUGGESTIONS = (1, 2, 3)
_USUAL, _WIDEST = 11.5, 24.0  # characters a column of a facet or field is wide


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Args:
        key: what it holds; ``review_asked.REVIEW`` name, aspect, or name of a column to fill in.
        title: header, the only thing a column is found by when the sheet comes back.
        width: in characters.
        fill_in: a person writes here; the rest is locked.
        number: written as a number, so that it can be filtered as one.
        detail: may be folded away.
        compared: both sides stand in it, and a difference between them means something.
    """

    key: str
    title: str
    width: float
    fill_in: bool = False
    number: bool = False
    detail: bool = False
    compared: bool = False


def region_titles(regions: tuple[str, str] | None, language: str) -> tuple[str, str]:
    """Return what the two sides are called: the regions, or 1 and 2 where a sheet has several pairs."""
    return regions or (say("workbook.column.region_l", language), say("workbook.column.region_r", language))


def one_pair(asked: Asked) -> tuple[str, str] | None:
    """Return the two regions of a sheet that has only one pair of them."""
    pairs = asked.rows.select("region_l", "region_r").unique().rows()
    return (pairs[0][0], pairs[0][1]) if len(pairs) == 1 else None


def mapping_columns(asked: Asked, language: str) -> tuple[Column, ...]:
    """Return the columns of an entity's sheet: both sides, what differs and why, then what to fill in."""
    pair = one_pair(asked)
    sides = region_titles(pair, language)

    def title(key: str, **values: object) -> str:
        return say(f"workbook.column.{key}", language, **values)

    regions = () if pair else (Column("region_l", sides[0], 7), Column("region_r", sides[1], 7))
    names = [
        column
        for side, region in zip(("l", "r"), sides, strict=True)
        for column in (
            Column(f"code_{side}", title("code", region=region), 11),
            Column(f"label_{side}", title("label", region=region), 27),
        )
    ]
    shown = {key for key in ("label_l", "label_r") if (asked.rows[key] != "").any()}
    names = [c for c in names if shown or not c.key.startswith("label_")]
    volumes = [
        Column(f"volume_{side}", title("volume", region=region), 10, number=True)
        for side, region in zip(("l", "r"), sides, strict=True)
    ]
    aspects = [
        Column(
            f"aspect_{a.name}",
            a.title,
            _width(asked.rows[f"aspect_{a.name}"].unique().to_list()),
            detail=True,
            compared=not a.local,
        )
        for a in asked.aspects
    ]
    most = max([1, *asked.rows["suggestions"].list.len().fill_null(0).to_list()])
    return (
        Column("row_id", title("row_id"), 7.5),
        *regions,
        *names,
        Column("severity", title("severity"), 8),
        *aspects,
        *(volumes if any(asked.rows[c.key].sum() for c in volumes) else ()),
        Column("difference", title("difference"), 27),
        Column("strength", title("strength"), 7.5),
        Column("why", title("why"), 27),
        *(Column(f"suggestion_{n}", title("suggestion", n=n), 22) for n in SUGGESTIONS if n <= most),
        Column("auto", title("auto"), 9.5),
        Column("decision", title("decision"), 21, fill_in=True),
        Column("relation", title("relation"), 17, fill_in=True),
        Column("chosen", title("chosen"), 16, fill_in=True),
        Column("common_name", title("common_name"), 22, fill_in=True),
        Column("comment", title("comment"), 24, fill_in=True),
        Column("reviewer", title("reviewer"), 14, fill_in=True),
        Column("role", title("role"), 13, fill_in=True),
    )


def _width(texts: Iterable[str]) -> float:
    """Return a width in which no word of these texts is broken: an HSA-id is read as one."""
    longest = max(map(len, "\n".join(text or "" for text in texts).split()), default=0)
    return min(_WIDEST, max(_USUAL, longest * 1.1 + 1))


def conflict_columns(language: str, *, said_before: bool) -> tuple[Column, ...]:
    """Return the columns of the conflicts sheet; ``said_before``: some of them were decided earlier."""

    def title(key: str) -> str:
        return say(f"workbook.column.{key}", language)

    return (
        Column("row_id", title("row_id"), 7.5),
        Column("check", title("check"), 9),
        Column("severity", title("severity"), 9),
        Column("message", title("message"), 46),
        Column("records", title("records"), 24),
        Column("field", title("field"), 15),
        Column("values", title("values"), 22),
        Column("annual_volume", title("volume_sum"), 9, number=True),
        Column("resolution", title("resolution"), 34),
        Column("cleared_by", title("cleared_by"), 22),
        Column("waivable", title("waivable"), 9),
        Column("owner", title("owner"), 19),
        *((Column("earlier", title("earlier"), 24),) if said_before else ()),
        Column("decision", title("decision"), 18, fill_in=True),
        Column("reason", title("reason"), 28, fill_in=True),
        Column("responsible", title("responsible"), 15, fill_in=True),
        Column("due", title("due"), 12, fill_in=True),
        Column("valid_until", title("valid_until"), 12, fill_in=True),
        Column("reviewer", title("reviewer"), 14, fill_in=True),
    )


def choice_text(key: str, entity: Entity | None, language: str) -> str:
    """Return a decision's wording; records that are persons have two of their own."""
    if entity and entity.matching.ending is Ending.LINKED and key in listed("workbook.person"):
        return say(f"workbook.person.{key}", language)
    return say(f"workbook.decision.{key}", language)


def choices(entity: Entity, language: str) -> list[str]:
    """Return the drop-down of an entity's sheet."""
    return [choice_text(key, entity, language) for key in MAPPING_CHOICES]


def conflict_choices(language: str) -> list[str]:
    """Return the drop-down of the conflicts sheet."""
    return [say(f"workbook.conflict.{key}", language) for key in CONFLICT_CHOICES]


def relation_text(key: str, region: str, language: str) -> str:
    """Return how a relation is written; ``region`` is the left one, whose code is narrower or broader."""
    return say(f"workbook.relation.{key}", language, region=region)


def relations(regions_l: Iterable[str], language: str) -> list[str]:
    """Return the drop-down of relations for the left regions that occur."""
    lefts: Sequence[str] = list(regions_l)
    texts = [relation_text(key, region, language) for key in RELATIONS for region in lefts]
    return list(dict.fromkeys(texts))


def professions(language: str) -> list[str]:
    """Return what *Role* offers; anything else may be written too."""
    return sorted(profession_title(key, language) for key in listed("review.profession"))


def titles_of(key: str, **values: object) -> list[str]:
    """Return a column's header in every language, for finding it when the sheet comes back."""
    return [say(f"workbook.column.{key}", language, **values) for language in LANGUAGES]
