"""What a project's ``[export]`` table may say: addresses, object identifiers, designators, dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from codemerge.errors import BadInputError, Problem
from codemerge.library.identity import short_hash
from codemerge.rules.page import Declared
from codemerge.rules.project import Project

Oid = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9]\d*))+$")]
Designator = Annotated[str, Field(max_length=16, pattern=r"^[ -\[\]-~]+$")]

COMBINED = "combined"  # the combined installation, where a region may be named


class Export(Declared):
    """How exported files name things; every key optional. ``combined`` stands beside the regions.

    Args:
        base: canonical addresses start with it; one that the project controls.
        system: entity → region → canonical address of that code system, where it has one already.
        oid: entity → region → object identifier of that code system.
        designator: region → DICOM coding scheme designator (default ``99`` and the region).
        publisher: who answers for the files.
        status: FHIR publication status.
        licence: address of the licence of the mapping set (SSSOM demands one).
        effective: ISO date from which the combined codes hold; nothing is dated without it.
    """

    base: Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*[^\s/]$")] = "https://example.org/codemerge"
    system: Mapping[str, Mapping[str, str]] = {}
    oid: Mapping[str, Mapping[str, Oid]] = {}
    designator: Mapping[str, Designator] = {}
    publisher: str | None = None
    status: Literal["draft", "active", "retired", "unknown"] = "draft"
    licence: str = "https://w3id.org/sssom/license/unspecified"
    effective: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


def export_settings(project: Project) -> Export:
    """Read a project's ``[export]`` table.

    Raises:
        BadInputError: every mistake in it.
    """
    try:
        return Export.model_validate(project.export)
    except ValidationError as error:
        raise BadInputError(
            Problem(
                "project.invalid",
                "codemerge.toml",
                column=".".join(["export", *(str(p) for p in e["loc"])]),
                values={"found": str(e.get("input"))[:80], "expected": e["msg"]},
            )
            for e in error.errors()
        ) from error


def slug(text: str) -> str:
    """Return a text as lower-case ASCII letters, digits and hyphens, for addresses and file names."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or short_hash(text, size=4)


def slugs(project: Project) -> dict[str, str]:
    """Return region → slug for every region and ``combined``; two that look alike are told apart."""
    plain = {region: slug(region) for region in [*project.regions, COMBINED]}
    alike = {s for s in plain.values() if list(plain.values()).count(s) > 1}
    return {
        region: f"{s}-{short_hash(region, size=3)}" if s in alike and region != COMBINED else s
        for region, s in plain.items()
    }


class Names:
    """The addresses of one project's code systems, in every export the same."""

    def __init__(self, project: Project) -> None:
        """Read the settings once."""
        self.settings = export_settings(project)
        self._slugs = slugs(project)

    def name(self, entity: str, region: str) -> str:
        """Return ``<entity>-<region>`` in address form."""
        return f"{slug(entity)}-{self._slugs[region]}"

    def region(self, region: str) -> str:
        """Return a region in address form."""
        return self._slugs[region]

    def system(self, entity: str, region: str) -> str:
        """Return the canonical address of a region's code system of an entity."""
        declared = self.settings.system.get(entity, {}).get(region)
        return declared or f"{self.settings.base}/CodeSystem/{self.name(entity, region)}"

    def values(self, entity: str, region: str) -> str:
        """Return the canonical address of the value set of all its codes."""
        return f"{self.settings.base}/ValueSet/{self.name(entity, region)}"

    def oid(self, entity: str, region: str) -> str | None:
        """Return the object identifier declared, if one is."""
        return self.settings.oid.get(entity, {}).get(region)

    def designator(self, region: str) -> str:
        """Return the DICOM coding scheme designator: declared, or ``99`` and the region's slug."""
        declared = self.settings.designator.get(region)
        return declared or f"99{self._slugs[region].replace('-', '').upper()}"[:16]
