"""Dry-run one project in many surroundings and compare every table, byte for byte.

Threads 1 and 2, five hash seeds, three locales, three time zones, rows shuffled, and other versions
of Python. A locale counts only where the system has it; the program sets it, as a host might.

    python benchmarks/same_bytes.py PROJECT --python python3.11 --python python3.13
"""

from __future__ import annotations

import argparse
import hashlib
import locale
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_LOCALES = ("C.UTF-8", "sv_SE.UTF-8", "tr_TR.UTF-8")
_ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns")
_SEEDS = (0, 1, 99, 12345, 4294967295)
_CODE = (
    "import locale, sys\n"
    "try:\n    locale.setlocale(locale.LC_ALL, '')\nexcept locale.Error:\n    pass\n"
    "from codemerge.cli import main\nmain(sys.argv[1:])"
)


def there(name: str) -> bool:
    """Say whether the system has a locale."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return True


def shuffled(path: Path, draw: random.Random) -> bool:
    """Shuffle the rows of a text file; one with titles, footers or quoted lines is left as it is."""
    data = path.read_bytes()
    encoding = (
        "utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "cp1252"
    )
    if encoding == "cp1252":
        try:
            data.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            pass
    text = data.decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    head, *rows = text.removesuffix(end).split(end)
    mark = max(";\t|,", key=head.count)
    if '"' in text or any(row.count(mark) != head.count(mark) for row in rows):
        return False
    draw.shuffle(rows)
    path.write_bytes((end.join([head, *rows]) + end).encode(encoding))
    return True


def digests(run: Path) -> dict[str, str]:
    """Return the hash of every table that must be the same."""
    tables = sorted((run / "tables").glob("*.parquet"))
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in tables if p.stem != "origins"}


def tables_of(project: Path, python: str, seed: int | None, **env: str) -> dict[str, str]:
    """Dry-run a copy of a project; with ``seed`` its rows are shuffled."""
    with tempfile.TemporaryDirectory(prefix="same bytes å ") as folder:
        root = Path(folder) / "p"
        shutil.copytree(project, root, ignore=shutil.ignore_patterns("run", "out", "decisions", ".*"))
        if seed is not None:
            draw = random.Random(seed)
            kinds = [
                shuffled(p, draw) for p in sorted(root.rglob("*")) if p.suffix in {".csv", ".txt", ".tsv"}
            ]
            assert any(kinds), "no file could be shuffled"
        done = subprocess.run(
            [python, "-c", _CODE, "dry-run", str(root), "--tables-only"],
            env={**os.environ, **env}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        return digests(root / "run")


def main() -> None:
    """Read the options and compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("project", type=Path)
    options.add_argument("--python", action="append", default=[], help="one where codemerge is installed")
    asked = options.parse_args()
    pythons = asked.python or [sys.executable]
    wanted = tables_of(asked.project, pythons[0], None)
    missing = [name for name in _LOCALES if not there(name)]
    print(f"{len(wanted)} tables; locales the system lacks: {', '.join(missing) or 'none'}")
    bad = tried = 0
    for python in pythons:
        version = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.strip()
        for n, seed in enumerate(_SEEDS):
            for threads in ("1", "2"):
                env = {
                    "PYTHONHASHSEED": str(seed),
                    "POLARS_MAX_THREADS": threads,
                    "LC_ALL": _LOCALES[(n + int(threads)) % 3],
                    "TZ": _ZONES[n % 3],
                }
                found = tables_of(asked.project, python, seed if n else None, **env)
                different = sorted(k for k in wanted.keys() | found.keys() if wanted.get(k) != found.get(k))
                tried, bad = tried + 1, bad + bool(different)
                if different:
                    print(f"{version}, {env}: {different}")
        print(f"{version}: done")
    print(f"different: {bad} of {tried}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
