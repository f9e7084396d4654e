"""The closed sets every table and every stage speaks in, and how a record is named."""

from __future__ import annotations

from enum import StrEnum


class Relationship(StrEnum):
    """How a left record relates to a right one, read left to right (FHIR R5 ConceptMap)."""

    EQUIVALENT = "equivalent"
    NARROWER = "source-is-narrower-than-target"
    BROADER = "source-is-broader-than-target"
    RELATED = "related-to"
    NOT_RELATED = "not-related-to"

    def inverse(self) -> Relationship:
        """Return the same statement read right to left."""
        turned = {Relationship.NARROWER: Relationship.BROADER, Relationship.BROADER: Relationship.NARROWER}
        return turned.get(self, self)


class Status(StrEnum):
    """What follows from a mapping."""

    AUTO = "auto"
    REVIEW = "review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANDIDATE = "candidate"


class Carried(StrEnum):
    """What becomes of a record: the status of its crosswalk row."""

    AUTO = "auto"
    ACCEPTED = "accepted"
    KEPT = "kept"
    REVIEW = "review"
    RETIRED = "retired"
    WITHHELD = "withheld"


class Verdict(StrEnum):
    """What a person said of a pair, a record or a conflict."""

    ACCEPT = "accept"
    UNSURE = "unsure"
    KEEP_BOTH = "keep_both"
    RETIRE = "retire"
    RESOLVE = "resolve"
    WAIVE = "waive"
    WITHDRAW = "withdraw"


class Severity(StrEnum):
    """How much a conflict stops: only open blocking ones keep a run from being ready."""

    BLOCKING = "blocking"
    WARNING = "warning"
    INFO = "info"


class Ending(StrEnum):
    """How an entity's clusters end."""

    FOLDED = "folded"  # one combined record, one code
    LINKED = "linked"  # every member keeps its record and code; cluster_id joins them
    NEVER = "never"  # only collisions matter


def record_id(entity: str, region: str, code: str) -> str:
    """Name a record: ``entity/region/code``; the code is everything after the second slash."""
    return f"{entity}/{region}/{code}"


def split_record_id(name: str) -> tuple[str, str, str]:
    """Take a record's name apart again.

    Raises:
        ValueError: the name holds fewer than two slashes.
    """
    entity, region, code = name.split("/", 2)
    return entity, region, code
