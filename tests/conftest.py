"""What every test may lean on: made-up pages and small frames, nothing of a real region."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, settings

from codemerge.rules.page import Entity
from codemerge.rules.project import Project

# A busy machine is no fault: nothing is timed in the tests.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def words(text: str) -> dict[str, str]:
    """Return one text for both languages."""
    return {"sv": text, "en": text}


def page(name: str = "gadget", **more: Any) -> Entity:
    """Return a made-up entity: code, label, maker (a reference to itself), price, colours."""
    plain = {
        "id": name,
        "order": 1,
        "name": words(name),
        "plural": words(name + "s"),
        "owner": "nobody",
        "names": "label",
        "field": [
            {"name": "code", "title": words("Code"), "type": "code", "aliases": ["Kod"], "required": True},
            {"name": "label", "title": words("Label"), "aliases": ["Namn"]},
            {"name": "part_of", "title": words("Part of"), "type": "reference", "references": name},
            {"name": "price", "title": words("Price"), "type": "decimal", "survive": "max"},
            {"name": "colours", "title": words("Colours"), "separator": ",", "survive": "union"},
        ],
        "matching": {"candidates": "none", "ending": "folded"},
    }
    return Entity.model_validate({**plain, **more})


@pytest.fixture
def project() -> Project:
    """Two regions, A before B; B's prefix is b."""
    return Project(regions=("A", "B"), region={"B": {"prefix": "b"}})  # type: ignore[dict-item] # pydantic reads it


def rows_of(region: str, *rows: dict[str, str | None]) -> pl.DataFrame:
    """Return rows as the readers give them, of the made-up entity."""
    columns = ["code", "label", "part_of", "price", "colours"]
    return pl.DataFrame(
        [
            {
                "region": region,
                **{c: row.get(c) for c in columns},
                "file": f"{region}.csv",
                "sheet": None,
                "line": n,
            }
            for n, row in enumerate(rows, 2)
        ],
        schema={
            "region": pl.String,
            **dict.fromkeys(columns, pl.String),
            "file": pl.String,
            "sheet": pl.String,
            "line": pl.Int64,
        },
    )
