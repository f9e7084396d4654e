"""The verbs a check may name. A new verb is a function in one of these modules and its name there."""

from __future__ import annotations

from codemerge.library.checks import (
    chains,
    collisions,
    downstream,
    formats,
    mappings,
    pairs,
    persons,
    policy,
    references,
    series,
    shape,
    source,
    target,
)
from codemerge.library.checks.world import Verb

_MODULES = (
    source,
    formats,
    references,
    collisions,
    pairs,
    shape,
    chains,
    policy,
    series,
    downstream,
    persons,
    mappings,
    target,
)

CHECKS: dict[str, Verb] = {name: verb for module in _MODULES for name, verb in module.CHECKS.items()}
