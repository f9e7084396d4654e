"""The verbs a check may name. A new verb is a function in one of these modules and its name there."""

from __future__ import annotations

import re

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

# What any check may be given, whatever its verb.
_ANY = {"not_entities", "unless_said"}

CHECKS: dict[str, Verb] = {name: verb for module in _MODULES for name, verb in module.CHECKS.items()}


def known_keys(verb: str) -> frozenset[str]:
    """Return what a verb may be given: the ``given.<key>`` that its docstring tells of."""
    return frozenset(re.findall(r"given\.(\w+)", CHECKS[verb].__doc__ or "")) | _ANY
