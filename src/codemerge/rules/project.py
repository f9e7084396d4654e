"""What a project file (``codemerge.toml``) may say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from codemerge.model import Severity
from codemerge.rules.page import Declared


def _region_id(text: str) -> str:
    if not text.strip() or re.search(r"[/:\x00-\x1f\x7f]", text):
        raise ValueError("a region id is not empty and holds no '/', ':' or control character")
    return text


RegionId = Annotated[str, AfterValidator(_region_id)]


class Region(Declared):
    """What is known of a region; every key optional.

    Args:
        title: full name, for people.
        org: organisation number; the HSA-ID prefix and the legal care provider.
        prefix: put before a colliding code that must be renumbered.
        defaults: facet → concept that no word means, e.g. ``{ contrast = "without" }``; only what
            is declared is filled in.
    """

    title: str | None = None
    org: str | None = None
    prefix: str | None = None
    defaults: dict[str, str] = {}


class Source(Declared):
    """One catalog: a file or database query of one entity in one region.

    Args:
        region: whose it is; one of ``regions``.
        entity: what it lists; an entity of the rules.
        path: a file (CSV, TSV, XLSX, Parquet, DuckDB, SQLite) relative to the project file, or a
            database's address without user and password.
        query: what to ask a database.
        encoding: of a text file; detected when left out.
        delimiter: of a text file; detected when left out.
        sheet: of a workbook; the one that fits when left out.
        header_row: line or row of the headers, from 1; found when left out.
        columns: field → header, where the guess is wrong; an empty header leaves the field out.
    """

    region: RegionId
    entity: str
    path: str
    query: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    columns: dict[str, str] = {}


class SignoffRule(Declared):
    """Whose yes some pairs need, beyond what ``signoff`` says of all. What several rules ask adds up.

    Args:
        entity: which entity's pairs; all when left out.
        risk: class of risk, as declared in the rules (``high``, ``identity``, ``frequent`` …); any
            when left out.
        people: how many different people must say the same; as many as there are roles when left out.
        roles: professions that must be among them, each by a person of its own: what they write in
            *Role*. Ids (``radiologist``) or a project's own words.
    """

    entity: str | None = None
    risk: str | None = None
    people: Annotated[int, Field(ge=1, le=9)] | None = None
    roles: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _asks_something(self) -> SignoffRule:
        if self.people is None and not self.roles:
            raise ValueError("a sign-off rule asks for people, roles, or both")
        return self


class Policy(Declared):
    """How the project decides.

    Args:
        survivor: whose code a combined record keeps: a region, ``volume`` (the code most used) or
            ``neither``; or per entity, ``{ default = "RÖ", exam = "volume" }``. The first region
            when left out.
        rules: packs of rules layered over the built-in one, the later wins.
        target: file that says what the combined installation accepts; an example when left out.
        decisions: folder of what reviewers decided.
        identifiers: ledger of combined codes.
        signoff: 2: two different people must say the same.
        signoff_rule: ``[[policy.signoff_rule]]``, more people or certain professions where the risk is
            greater.
        bulk_limit: so many weak or unclear suggestions one person may accept in one file; more of
            them (a yes filled down) are refused until ``review import --allow-bulk`` says they are meant.
        volume_limit: a record above this annual volume must be decided before ready.
        confirm_share: the codes carrying this share of the volume need a person's yes before
            ready, even when certain.
    """

    survivor: str | dict[str, str] | None = None
    rules: tuple[str, ...] = ()
    target: str | None = None
    decisions: str = "decisions/"
    identifiers: str = "identifiers.csv"
    signoff: Literal[1, 2] = 1
    signoff_rule: tuple[SignoffRule, ...] = ()
    bulk_limit: Annotated[int, Field(ge=0)] = 50
    volume_limit: int = 0
    confirm_share: Annotated[float, Field(ge=0, le=1)] = 0.8

    def survivor_of(self, entity: str) -> str | None:
        """Return the policy for an entity: a region, ``volume``, ``neither``, or None (default)."""
        if isinstance(self.survivor, dict):
            return self.survivor.get(entity, self.survivor.get("default"))
        return self.survivor


class Limits(Declared):
    """Sizes above which a file is refused before memory grows.

    Args:
        file_mb: size of one file, in megabytes.
        rows: rows of one file.
        cells: cells of one file.
        columns: columns of one file (a sheet can't hold more).
        field_characters: characters of one cell.
    """

    file_mb: int = 500
    rows: int = 5_000_000
    cells: int = 50_000_000
    columns: int = 16_384
    field_characters: int = 32_767


class Project(Declared):
    """A project file, read and checked.

    Args:
        name: title of report and workbook.
        language: ``sv`` or ``en``: tables, workbook, report, messages.
        regions: ids in order of precedence; a new region is appended.
        region: ``[region.ID]``, what is known of each.
        source: ``[[source]]``, one per catalog.
        policy: ``[policy]``, how the project decides.
        severity: ``[severity]``, check → ``blocking``, ``warning`` or ``info``; never for wrong
            side, wrong modality, identity or personal data.
        limits: ``[limits]``, sizes above which a file is refused.
        effort: ``[effort]``, what work is reckoned to cost.
        export: ``[export]``, how exported files name things.
        root: the folder that relative paths start from; not a key of the file.
    """

    name: str = "codemerge"
    language: Literal["sv", "en"] = "sv"
    regions: tuple[RegionId, ...]
    region: dict[RegionId, Region] = {}
    source: tuple[Source, ...] = ()
    policy: Policy = Policy()
    severity: dict[str, Severity] = {}
    limits: Limits = Limits()
    effort: dict[str, Any] = {}
    export: dict[str, Any] = {}
    root: Path = Path()

    @model_validator(mode="after")
    def _consistent(self) -> Project:
        wrong = []
        if len(set(self.regions)) != len(self.regions):
            wrong.append(f"a region stands twice in regions: {', '.join(self.regions)}")
        known = ", ".join(self.regions)
        wrong += [f"[region.{r}] is not in regions ({known})" for r in self.region if r not in self.regions]
        wrong += [
            f"source {n} names region {s.region!r}, which is not in regions ({known})"
            for n, s in enumerate(self.source, 1)
            if s.region not in self.regions
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def about(self, region: str) -> Region:
        """Return what is declared of a region (nothing, if nothing is)."""
        return self.region.get(region, Region())

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return every pair of regions, left before right in the project's order."""
        return tuple((left, right) for n, left in enumerate(self.regions) for right in self.regions[n + 1 :])
