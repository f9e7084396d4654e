"""The decisions folder: one immutable file per import, chained by hash; nothing is ever rewritten.

A file is ``NNNNNN-<hash>.csv``: number in the chain, and the hash of its own bytes. Its first line
is ``# parents: <hash>[, <hash>]``, the files it was written after. So an edited, truncated or
missing file is seen, and so is a fork (two imports on one parent); the next import names every
head, and the chain is one again. Idea: Git's commits, without Git.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import whole_files, write_bytes
from codemerge.library.identity import short_hash
from codemerge.tables import DECISIONS

_NAME = re.compile(r"^(\d{6})-([0-9a-f]{16})\.csv$")
_PARENTS = "# parents:"
_FORMAT = "# format:"  # written by formats after this one; the first has no such line


class Chain(NamedTuple):
    """What the folder holds.

    Args:
        decisions: ``tables.DECISIONS`` of every file that is as it was written, in chain order
            (not sorted by the contract: the order is part of what was said).
        heads: hashes of the files nothing was written after; two or more are a fork.
        problems: files edited, cut, missing or newer than this version; nothing may be written.
    """

    decisions: pl.DataFrame
    heads: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Segment:
    """One file of the chain, as it was found; ``problem`` says why its rows can't be trusted."""

    path: Path
    number: int
    hash: str
    parents: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    problem: Problem | None = None


def read_decisions(folder: Path) -> Chain:
    """Read and verify the whole chain.

    Args:
        folder: the project's ``decisions/``; a folder that doesn't exist holds no decision.
    """
    segments = read_segments(folder)
    present = {s.hash for s in segments}
    problems = [s.problem for s in segments if s.problem]
    problems += [
        Problem("decisions.missing_parent", f"{folder.name}/{s.path.name}", values={"found": parent})
        for s in segments
        for parent in s.parents
        if parent not in present
    ]
    rows = [row for s in segments for row in s.rows]
    columns = list(DECISIONS.columns)
    frame = pl.DataFrame(rows, schema=DECISIONS.columns, orient="row") if rows else DECISIONS.empty()
    named = {parent for s in segments for parent in s.parents}
    heads = tuple(s.hash for s in segments if s.hash not in named)
    return Chain(frame.select(columns), heads, tuple(problems))


def read_segments(folder: Path) -> list[Segment]:
    """Return every file of the chain in order of number and hash; parents come before children."""
    if not folder.is_dir():
        return []
    names = ((p, _NAME.match(p.name)) for p in whole_files(folder, "*.csv"))
    return [
        _read_segment(path, int(match[1]), match[2])
        if match
        else Segment(
            path, 0, path.name, problem=Problem("decisions.foreign_file", f"{folder.name}/{path.name}")
        )
        for path, match in names
    ]


def write_decisions(folder: Path, rows: pl.DataFrame) -> Path | None:
    """Add one file holding these decisions after every head there is.

    Args:
        folder: the project's ``decisions/``, made if it doesn't exist.
        rows: columns of ``tables.DECISIONS``; ``decision_id`` is given here: the hash of the
            decision's content and of the files it came after.

    Returns:
        The file written, or None where there was nothing to write.

    Raises:
        BadInputError: the chain is damaged; nothing is written.
    """
    chain = read_decisions(folder)
    if chain.problems:
        raise BadInputError(chain.problems)
    if rows.is_empty():
        return None
    segments = read_segments(folder)
    number = max((s.number for s in segments), default=0) + 1
    data = _as_bytes(rows, chain.heads)
    path = folder / f"{number:06d}-{_hash(data)}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(path, data)
    return path


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _as_bytes(rows: pl.DataFrame, heads: tuple[str, ...]) -> bytes:
    others = [name for name in DECISIONS.columns if name != "decision_id"]
    parents = ", ".join(heads)
    text = io.StringIO(newline="")
    text.write(f"{_PARENTS} {parents}".rstrip() + "\n")
    out = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.writerow(["decision_id", *others])
    for row in rows.select(pl.col(others).fill_null("")).rows():
        out.writerow([short_hash(parents, *row), *row])
    return text.getvalue().encode("utf-8")


def _read_segment(path: Path, number: int, named: str) -> Segment:
    shown = f"{path.parent.name}/{path.name}"
    data = path.read_bytes()
    if _hash(data) != named:
        return Segment(path, number, named, problem=Problem("decisions.edited", shown))
    try:
        first, _, rest = data.decode("utf-8").partition("\n")
        header, *rows = csv.reader(io.StringIO(rest, newline=""), strict=True)
    except (ValueError, csv.Error):  # bytes or quotes that nothing of ours writes, under a right name
        return Segment(path, number, named, problem=Problem("decisions.foreign_file", shown))
    parents = tuple(p.strip() for p in first.removeprefix(_PARENTS).split(",") if p.strip())
    if rest.startswith(_FORMAT) or header != list(DECISIONS.columns):
        return Segment(path, number, named, parents, problem=Problem("decisions.newer_format", shown))
    if not first.startswith(_PARENTS) or any(len(row) != len(header) for row in rows):
        return Segment(path, number, named, parents, problem=Problem("decisions.foreign_file", shown))
    return Segment(path, number, named, parents, tuple(tuple(row) for row in rows))
