"""What a check may say, and what the combined installation accepts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from codemerge.model import Severity
from codemerge.rules.page import Declared, Pattern, Words


class Check(Declared):
    """One kind of conflict, declared.

    Args:
        id: stable id, e.g. ``EXM-001``.
        name: snake_case name, e.g. ``same_code_different_meaning``.
        entity: entity it looks at; ``*`` runs it once per entity that has what it needs.
        owner: profession that decides.
        waivable: a person may accept it with reason, name and end date.
        fixed: severity can't be overridden (wrong side, modality, identity, personal data).
        verb: a named check (`codemerge.library.checks`) with its parameters in ``given``.
        lesser: severity of the findings that the verb calls lesser (the explanation says which).
        settled_by_resolution: accepting the proposed resolution clears the conflict, because the
            merge itself carries it out; False: only cured data or another mapping decision clears it.
        settled_in_words: a resolution in people's own words clears it too: a principle is asked for,
            not a change of codes. Elsewhere such words are kept as a plan, and the conflict stays.
        resolves: checks whose conflicts on the same records a decision on this one clears too.
        sql: a query over the run's tables instead of a verb; yields record_ids, field, values, cause.
        each: False folds all findings of one cause into one conflict (the default).
        title, message, explanation, resolution: texts; message and resolution may hold
            ``{cause}``, ``{field}``, ``{values}``, ``{count}``, ``{volume}``, ``{records}``,
            ``{detail}``, ``{proposal}``.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{3}$")]
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Words
    severity: Severity
    entity: str
    owner: str
    waivable: bool = True
    fixed: bool = False
    lesser: Severity | None = None
    settled_by_resolution: bool = False
    settled_in_words: bool = False
    resolves: tuple[str, ...] = ()
    verb: str | None = None
    given: dict[str, Any] = {}
    sql: str | None = None
    message: Words
    explanation: Words
    resolution: Words

    @model_validator(mode="after")
    def _one_way(self) -> Check:
        if (self.verb is None) == (self.sql is None):
            raise ValueError("a check says either verb or sql")
        return self


class TargetField(Declared):
    """What the combined installation accepts in one field.

    Args:
        entity, field: which; ``code`` is the combined code.
        length: longest text in characters (``bytes`` counts UTF-8 bytes instead).
        characters: a linear-time regular expression for one allowed character.
        overflow: what the installation does with a longer text: ``refuse`` it (a conflict that
            blocks) or ``shorten`` it (a warning; shortened texts must still be told apart where unique).
        case_sensitive: False: ``dt1`` and ``DT1`` are the same key.
        unique: one record only may hold the value (``record``), or the records of one cluster may
            share it (``cluster``: a person's accounts share a signature); empty: any may.
        unique_within: uniqueness holds per value of these fields, not in the whole installation.
        required, values: as a database would say NOT NULL and CHECK (… IN …).
        references: entity whose combined codes are the only ones allowed.
        type: column type in the target schema.
    """

    entity: str
    field: str
    length: int | None = None
    bytes: int | None = None
    overflow: Literal["refuse", "shorten"] = "refuse"
    characters: Pattern | None = None
    case_sensitive: bool = True
    unique: Literal["", "record", "cluster"] = ""
    unique_within: tuple[str, ...] = ()
    required: bool = False
    values: tuple[str, ...] = ()
    references: str | None = None
    type: Literal["text", "whole", "decimal", "date"] = "text"


class Target(Declared):
    """The combined installation's limits: an assumption until the supplier's own are put in."""

    name: Words
    accepts: tuple[TargetField, ...] = ()

    def of(self, entity: str, field: str) -> TargetField | None:
        """Return what is said of a field, or None."""
        return next((t for t in self.accepts if t.entity == entity and t.field == field), None)
