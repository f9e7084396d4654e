"""Memory that our array work has freed, given back to the system between two stages."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Let the C library return what it keeps for later; where it has no way to, nothing happens.

    It keeps whatever lies below the last piece in use: after the pairs of a country, hundreds of
    megabytes that no later stage asks for in such pieces.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; Windows
        return
    trim(0)
