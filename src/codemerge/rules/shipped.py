"""Where the shipped rules and fixtures lie: in the checkout, or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """Return the folder ``rules`` or ``fixtures``: the checkout's first, then the wheel's copy."""
    checkout = _PACKAGE.parent.parent / name
    if (_PACKAGE.parent.name, checkout.is_dir()) == ("src", True):
        return checkout
    return _PACKAGE / "_shipped" / name
