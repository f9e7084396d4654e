"""What the reading tests share: one made-up entity, read from files of one region."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from codemerge.errors import Problem
from codemerge.files.sources import Catalogs, read_catalogs
from codemerge.rules.page import Entity
from codemerge.rules.project import Limits, Project, Source
from tests.conftest import page


def rules_with(*entities: Entity) -> Any:
    """Return rules that hold nothing but pages."""
    return SimpleNamespace(entities={e.id: e for e in entities}, vocabulary=SimpleNamespace(phrases={}))


def read_gadgets(
    folder: Path, *paths: str, entity: Entity | None = None, limits: Limits | None = None, **source: Any
) -> Catalogs:
    """Read files as catalogs of the made-up entity in region A."""
    given = {name: value for name, value in source.items() if value is not None}
    project = Project(
        regions=("A",),
        source=tuple(Source(region="A", entity="gadget", path=p, **given) for p in paths),
        limits=limits or Limits(),
        root=folder,
    )
    return read_catalogs(project, rules_with(entity or page()))


def only(problems: Iterable[Problem], kind: str) -> Problem:
    """Return the one problem of a kind."""
    (found,) = [p for p in problems if p.kind == kind]
    return found
