"""The condition on which one part of a split applies, taken apart: ``laterality=R; contrast=with``."""

from __future__ import annotations

import re

_PART = re.compile(r"\s*([^\W\d][\w.-]*)\s*=\s*(\S(?:.*\S)?)\s*")


def parse_condition(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return the ``(attribute, value)`` pairs that must all hold.

    Args:
        text: pairs between semicolons.

    Returns:
        The pairs in the order written; empty where any part isn't ``attribute=value``: then only
        a person can judge it.
    """
    found = [_PART.fullmatch(part) for part in (text or "").split(";") if part.strip()]
    return tuple((m[1], m[2]) for m in found if m) if all(found) else ()
