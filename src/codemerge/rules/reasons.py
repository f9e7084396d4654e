"""A mapping's justification, in words: why it was chosen, and what keeps it from being certain."""

from __future__ import annotations

from codemerge.rules.page import Entity
from codemerge.rules.words import say


def reasons(justification: str | None, entity: Entity, language: str) -> list[str]:
    """Say each code of a justification.

    Args:
        justification: codes separated by spaces, as `codemerge.stages.resolve` writes them:
            ``chosen``, ``tie``, ``decided:accept``, ``veto:laterality:differs``,
            ``split:one:laterality=R`` …
        entity: the page whose comparisons are named.
        language: ``sv`` or ``en``.
    """
    return [_said(code, entity, language) for code in (justification or "").split()]


def _said(code: str, entity: Entity, language: str) -> str:
    kind, *rest = code.split(":")
    if not rest:
        return say(f"matching.{kind}", language)
    if kind == "split":
        facet, _, value = rest[1].partition("=")
        return say(f"matching.split.{rest[0]}", language, facet=_title(facet, entity, language), value=value)
    if kind != "veto":
        return say(f"matching.{kind}.{rest[0]}", language)
    if len(rest) == 1:
        return say(f"matching.veto.{rest[0]}", language)
    facet = _title(rest[0], entity, language)
    if rest[1] == "not_agreed":
        return say("matching.veto.not_agreed", language, facet=facet)
    return say("matching.veto.plain", language, facet=facet, level=say(f"matching.level.{rest[1]}", language))


def _title(of: str, entity: Entity, language: str) -> str:
    titles = {c.of: c.title for c in entity.comparison} | {f.name: f.title for f in entity.field}
    named = titles.get(of)
    return of if named is None else named.say(language)
