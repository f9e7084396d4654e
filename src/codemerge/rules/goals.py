"""What the report measures: which entity carries the volume, which fields the goals hang on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import Field

from codemerge.rules.page import Declared, Words
from codemerge.rules.shipped import shipped


class Performed(Declared):
    """The link that says where the subject can be done.

    Args:
        link: entity with a composite key.
        subject, place: its fields that name the subject and the place.
    """

    link: str
    subject: str
    place: str


class Senders(Declared):
    """Who orders, and whether an answer finds its way back.

    Args:
        entity: the ordering units.
        identity: field with the national id; ``identity_format`` is what a valid one looks like.
        reply: fields of which one must be filled for an answer to have a route.
        provider: field with the care provider's organisation number: a unit whose provider is none
            of the regions' own is counted as private.
    """

    entity: str
    identity: str
    identity_format: str
    reply: tuple[str, ...]
    provider: str | None = None


class Readers(Declared):
    """Who reads images, and in which section.

    Args:
        entity: the accounts.
        section: field of an account that names its section, where the lists hold one.
        roles: field that names the profession; ``reading`` holds the beginnings of the words for
            those who read images (compared in lower case).
    """

    entity: str
    roles: str
    section: str | None = None
    reading: tuple[str, ...] = ()


class Dependent(Declared):
    """Something that names the subject's codes and must follow when they change.

    Args:
        entity: e.g. order sets, text rules.
        field: its field that holds the codes.
    """

    entity: str
    field: str


class Goals(Declared):
    """Everything the report needs to know of the entities, declared.

    Args:
        subject: entity whose annual volume is counted.
        modality: column of the subject's records to group by.
        sections: field of the subject that names the reading section.
        orderable: field that says whether a referrer may choose it.
        urgency: entity whose codes a referral carries beside the subject.
        performed, senders, readers: see their classes.
        dependents: what names the subject's codes.
        continuity: fields of the subject that statistics rest on.
        collisions: checks of the riskiest collisions, worst first.
        renamings: checks whose conflicts end in another name for a room, a device, a login.
        ways: check → ``decision``, ``work`` or ``none``, by the longest beginning of its id that
            stands here; a blocking conflict without a resolution is always ``none``.
    """

    subject: str
    modality: str
    sections: str
    orderable: str
    urgency: str | None = None
    performed: Performed | None = None
    senders: Senders | None = None
    readers: Readers | None = None
    dependents: tuple[Dependent, ...] = ()
    continuity: tuple[str, ...] = ()
    collisions: tuple[str, ...] = ()
    renamings: tuple[str, ...] = ()
    ways: Mapping[str, str] = Field(default_factory=dict)


class Activity(Declared):
    """One line of the action plan: the open conflicts of some checks.

    Args:
        id: name of the activity.
        title: what is done.
        checks: beginnings of check ids that belong here; an empty one takes the rest.
        rows: the rows to review belong here too.
        needs: activities that must be ready first.
    """

    id: str
    title: Words
    checks: tuple[str, ...] = ()
    rows: bool = False
    needs: tuple[str, ...] = ()


class DecisionPoint(Declared):
    """A meeting where somebody decides, and what it needs.

    Args:
        needs: activities that must be ready.
    """

    id: str
    title: Words
    who: Words
    needs: tuple[str, ...] = ()


class Plan(Declared):
    """How work is reckoned. Every number can be replaced in a project's ``[effort]``.

    Args:
        pace: rows an hour, ``default`` and per entity or owner.
        conflict_minutes: to settle one conflict that isn't a row to review.
        discussed: share of the rows that end in a meeting.
        meeting_minutes: for each of them.
        meeting_people: how many sit there.
        week_hours: hours a week that one owner can give.
        freeze_weeks: how long codes stay untouched before start.
    """

    pace: dict[str, float]
    conflict_minutes: float
    discussed: float
    meeting_minutes: float
    meeting_people: float
    week_hours: float
    freeze_weeks: float
    activity: tuple[Activity, ...]
    decision_point: tuple[DecisionPoint, ...]


@cache
def load_goals() -> Goals:
    """Read the shipped ``rules/goals/goals.toml``."""
    return Goals.model_validate(_read("goals"))


@cache
def load_plan() -> Plan:
    """Read the shipped ``rules/goals/plan.toml``."""
    return Plan.model_validate(_read("plan"))


def _read(name: str) -> dict[str, Any]:
    with (shipped("rules") / "goals" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
