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


def files_in(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder of rules that match, sorted; none where there is no such folder.

    Raises:
        OSError: it can't be read. A glob would take it for empty, and leave its rules out in silence.
    """
    return sorted(p for p in folder.iterdir() if p.match(pattern)) if folder.is_dir() else []
