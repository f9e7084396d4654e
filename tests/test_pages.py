"""The shipped pages: each loads, speaks both languages and names nothing twice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from codemerge.library.headers import fold
from codemerge.rules.page import Entity

RULES = Path(__file__).parent.parent / "rules"
EVERYWHERE = {"words", "text_norm", "text_sorted", "reading", "active"}  # columns every record has
NOT_PAGES = {"facets", "target", "regions"}
PAGES = sorted(page for page in RULES.glob("*.toml") if page.stem not in NOT_PAGES)


def read(page: Path) -> Entity:
    """Return a page as the loader would."""
    return Entity.model_validate(tomllib.loads(page.read_text(encoding="utf-8")))


ENTITIES = {page.stem: read(page) for page in PAGES}


def test_every_entity_of_the_house_has_a_page() -> None:
    wanted = {
        "exam", "room", "user", "unit", "section", "role", "priority", "site", "device", "order_item",
        "match_rule", "number_series", "exam_room", "user_role",
    }  # fmt: skip
    assert wanted <= set(ENTITIES)


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_a_page_is_named_as_its_entity_and_has_code_and_label(entity: Entity) -> None:
    assert ENTITIES[entity.id] is entity
    assert {"code", "label"} <= {field.name for field in entity.field}


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_a_header_that_could_be_two_fields_is_the_best_name_of_one_at_most(entity: Entity) -> None:
    claims: dict[str, set[tuple[int, str]]] = {}
    for field in entity.field:
        for rank, alias in enumerate(field.aliases):
            claims.setdefault(fold(alias), set()).add((rank, field.name))
    for header, fields in claims.items():
        best = min(rank for rank, _ in fields)
        assert len({name for rank, name in fields if rank == best}) == 1, header


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_references_lead_to_pages_read_before_or_to_itself(entity: Entity) -> None:
    for field in entity.references:
        target = ENTITIES[str(field.references)]
        assert target.order < entity.order or target.id == entity.id, field.name


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_matching_speaks_of_declared_fields_and_facets_only(entity: Entity) -> None:
    fields = {field.name for field in entity.field}
    matching = entity.matching
    for block in matching.blocks:
        assert all(fields.intersection(part.split(":")) for part in block), block
    assert {*matching.agree, *matching.strong, *matching.only_where} <= fields
    for comparison in entity.comparison:
        assert comparison.of in fields | set(entity.facets) | EVERYWHERE, comparison.of


def test_entities_are_read_in_one_order_without_ties() -> None:
    orders = [entity.order for entity in ENTITIES.values()]
    assert len(set(orders)) == len(orders)


def test_personal_data_is_sensitive_and_the_identity_number_secret() -> None:
    user = ENTITIES["user"]
    assert user.sensitive
    assert [field.name for field in user.field if field.secret] == ["personnummer"]
    for name in ("label", "family_name", "given_name", "hsa_id", "email"):
        field = user.field_named(name)
        assert field is not None and field.sensitive, name
    code = user.field_named("code")
    assert code is not None and not code.sensitive
