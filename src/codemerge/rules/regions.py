"""Regions known by name, so that a first project file can be guessed: ``rules/regions.toml``."""

from __future__ import annotations

import tomllib

from codemerge.rules.page import Declared
from codemerge.rules.project import RegionId
from codemerge.rules.shipped import shipped


class KnownRegion(Declared):
    """What tells whose catalog a file is.

    Args:
        id: short name, as used in project files and tables.
        title: full name.
        org: organisation number; HSA-IDs begin with ``SE`` and its digits.
        prefix: put before a colliding code that must be renumbered.
        hints: pieces of folder and file names, folded and without å ä ö.
    """

    id: RegionId
    title: str
    org: str
    prefix: str | None = None
    hints: tuple[str, ...] = ()


class _Regions(Declared):
    region: tuple[KnownRegion, ...] = ()


def known_regions() -> tuple[KnownRegion, ...]:
    """Return the regions of the shipped pack, in its order."""
    text = (shipped("rules") / "regions.toml").read_text(encoding="utf-8")
    return _Regions.model_validate(tomllib.loads(text)).region
