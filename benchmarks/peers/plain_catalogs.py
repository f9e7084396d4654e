"""What the plain peers know of a project's files: which region and entity each is, where its header stands."""

from __future__ import annotations

import tomllib
from pathlib import Path


def sources(project: Path) -> list[tuple[str, str, Path]]:
    """Return region, entity and file of each source."""
    declared = tomllib.loads((project / "codemerge.toml").read_text(encoding="utf-8"))
    return [(s["region"], s["entity"], project / s["path"]) for s in declared["source"]]


def encoding(path: Path) -> str:
    """Return UTF-8 where the file is that, else what older systems write."""
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def header_line(path: Path) -> tuple[int, str]:
    """Return the number of lines before the header, and the delimiter."""
    lines = path.read_bytes().splitlines()[:10]
    at = max(range(len(lines)), key=lambda n: (max(lines[n].count(b";"), lines[n].count(b"\t")), -n))
    return at, ";" if lines[at].count(b";") >= lines[at].count(b"\t") else "\t"
