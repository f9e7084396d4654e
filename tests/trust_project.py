"""A small project on disk for tests of crashes and of several people at once, and commands run on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import openpyxl

GADGET = """id = "gadget"
order = 95
name = { sv = "Sak", en = "Gadget" }
plural = { sv = "Saker", en = "Gadgets" }
owner = "nobody"
[[field]]
name = "code"
title = { sv = "Kod", en = "Code" }
type = "code"
required = true
[[field]]
name = "label"
title = { sv = "Benämning", en = "Name" }
[matching]
candidates = "none"
ending = "folded"
"""  # the page of a made-up entity
PROJECT = """
name = "Prov"
regions = ["A", "B"]
[policy]
confirm_share = 0.0
volume_limit = 100000000
[region.B]
prefix = "K"
"""
CATALOGS = {
    (
        "A",
        "exam",
    ): "Kod;Benämning;Antal\n84080;DT buk med kontrast;900\n81000;DT hjärna utan kontrast;100\n30000;Lungor;50\n",
    (
        "B",
        "exam",
    ): "Kod;Benämning;Antal\n840800;CT buk m kontr;700\n810000;CT hjärna;300\n300000;Thorax frontal;40\n",
    ("A", "section"): "Kod;Benämning\n007;Thorax\n810E0;Neuro\n=1+1;Mammografi\n",
    ("B", "section"): "Kod;Benämning\nT7;Thorax\n00123;Barn\nN1;Neuro\n",
}


def make_project(root: Path) -> Path:
    """Write the project into a folder."""
    root.mkdir(parents=True, exist_ok=True)
    text = PROJECT
    for (region, entity), rows in CATALOGS.items():
        name = f"{region}_{entity}.csv".lower()
        (root / name).write_text(rows, encoding="utf-8")
        text += f'[[source]]\nregion = "{region}"\nentity = "{entity}"\npath = "{name}"\n'
    (root / "codemerge.toml").write_text(text, encoding="utf-8")
    return root


def judged(root: Path, name: str, decision: str = "Osäker") -> Path:
    """Answer every row of the run's workbook the same way, as one reviewer; return the copy."""
    book = openpyxl.load_workbook(root / "run" / "review.xlsx")
    for page in book.worksheets:
        head = {c.value: c.column for c in page[1]}
        if {"Beslut", "Kommentar", "Bedömare"} <= set(head):
            for row in range(2, page.max_row + 1):
                page.cell(row, head["Beslut"]).value = decision
                page.cell(row, head["Bedömare"]).value = name
                page.cell(row, head["Kommentar"]).value = f"sett av {name}"
    path = root / f"{name}.xlsx"
    book.save(path)
    return path


def begin(*args: object, before: str = "", **more: object) -> subprocess.Popen[str]:
    """Start a command; ``before`` is code run first in its process."""
    code = f"import sys\n{before}\nfrom codemerge.cli import main\nmain(sys.argv[1:])"
    env = {**os.environ, "LANG": "sv_SE.UTF-8", "POLARS_MAX_THREADS": "1", **more.pop("env", {})}  # type: ignore[dict-item] # a test's own
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env, **more,  # type: ignore[call-overload] # as above
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command: exit code, stdout, stderr."""
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def tables(run: Path) -> dict[str, bytes]:
    """Return every table that must be the same bytes for the same inputs."""
    return {p.name: p.read_bytes() for p in sorted((run / "tables").glob("*.parquet")) if p.stem != "origins"}


def leftovers(root: Path) -> list[str]:
    """Return what a command left that isn't its result."""
    return [p.name for p in root.rglob(".*codemerge*")]
