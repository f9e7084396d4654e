"""How many threads our own array work may use: as many as the engines were given."""

from __future__ import annotations

import os


def threads() -> int:
    """Return what ``--threads`` said (`codemerge.resources.claim`), else the number of cores.

    Results never depend on it: work is parted the same way whoever does it.
    """
    said = os.environ.get("POLARS_MAX_THREADS", "")
    return int(said) if said.isdigit() and int(said) else os.cpu_count() or 1
