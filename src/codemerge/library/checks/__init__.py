"""The verbs a check may name. A new verb is a function in one of these modules and its name there."""

from __future__ import annotations

from codemerge.library.checks import collisions, mappings, references, source
from codemerge.library.checks.world import Verb

CHECKS: dict[str, Verb] = {
    **source.CHECKS,
    **references.CHECKS,
    **collisions.CHECKS,
    **mappings.CHECKS,
}
