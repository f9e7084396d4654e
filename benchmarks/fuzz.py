"""Fuzz what reads files and names: whatever the bytes, rows or worded problems, in little time.

With atheris (``pip install atheris``) guided by coverage; without it by mutation of the corpus
alone. A find is any exception but `BadInputError`, or an input that takes more than ten seconds;
the input is kept in the folder named.

    python benchmarks/fuzz.py csv --seconds 600 --finds finds/
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

try:
    import atheris
except ImportError:
    atheris = None

Target = Callable[[bytes], None]
_SLOW = 10.0


@contextmanager
def _watched():
    """Let coverage guide: the code read under this is instrumented."""
    with atheris.instrument_imports(include=["codemerge"]) if atheris else nullcontext():
        yield


def _place() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - where it exists, a file costs no disk
    return Path(tempfile.mkdtemp(prefix="codemerge-fuzz-", dir=memory if memory.is_dir() else None))


def _reader(suffix: str) -> Target:
    with _watched():
        from tests.reading_desk import read_gadgets

        from codemerge.errors import BadInputError
        from codemerge.rules.words import describe
    folder = _place()

    def one(data: bytes) -> None:
        (folder / f"in{suffix}").write_bytes(data)
        try:
            read_gadgets(folder, f"in{suffix}")
        except BadInputError as error:
            assert error.problems
            for problem in error.problems:
                describe(problem, "sv")
                describe(problem, "en")

    return one


def _parser() -> Target:
    with _watched():
        from codemerge.library.parser import read_name
        from codemerge.rules.loader import load_rules
    words = load_rules().vocabulary

    def one(data: bytes) -> None:
        read_name(data.decode("utf-8", "replace"), words)

    return one


def _project() -> Target:
    with _watched():
        from codemerge.errors import BadInputError
        from codemerge.rules.loader import load_project
        from codemerge.rules.words import describe
    path = _place() / "codemerge.toml"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        try:
            load_project(path)
        except BadInputError as error:
            for problem in error.problems:
                describe(problem, "sv")

    return one


def _decisions() -> Target:
    with _watched():
        from codemerge.errors import BadInputError
        from codemerge.files.decisions import read_decisions
        from codemerge.files.identifiers import read_identifiers
        from codemerge.rules.words import describe
    folder = _place()

    def one(data: bytes) -> None:
        for old in folder.iterdir():
            old.unlink()
        name = hashlib.blake2b(data, digest_size=8).hexdigest()  # its own, so that it is read to the end
        (folder / f"000001-{name}.csv").write_bytes(data)
        for problem in read_decisions(folder).problems:
            describe(problem, "sv")
        try:
            read_identifiers(folder / f"000001-{name}.csv")
        except BadInputError as error:
            assert error.problems

    return one


def _workbook() -> Target:
    with _watched():
        from codemerge.errors import BadInputError
        from codemerge.files.workbook_read import read_returned
    folder = _place()

    def one(data: bytes) -> None:
        path = folder / ("in.xlsx" if data[:2] == b"PK" else "in.csv")
        path.write_bytes(data)
        try:
            read_returned(path)
        except BadInputError as error:
            assert error.problems

    return one


def _zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return out.getvalue()


def _sheet(rows: list[list[str]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Blad")
        for n, row in enumerate(rows):
            for column, text in enumerate(row):
                page.write(n, column, text)
    stored = io.BytesIO()  # stored, not deflated: a changed byte is a changed character
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return stored.getvalue()


def _seeds(target: str) -> list[bytes]:
    """Return small inputs to begin with."""
    kept = ROOT / "tests" / "cases" / "fuzz" / target
    found = [p.read_bytes() for p in sorted(kept.glob("*"))] if kept.is_dir() else []
    if target == "csv":
        import tomllib

        cases = tomllib.loads((ROOT / "tests/cases/csv_faults.toml").read_text(encoding="utf-8"))["case"]
        found += [c["text"].encode(c.get("encoding", "utf-8")) for c in cases if "text" in c]
    elif target == "xlsx":
        found += [_sheet([["Kod", "Namn"], ["001", "DT"], ["2", "=1+1"]]), _zipped(a="<x/>")]
    elif target == "workbook":
        found += [
            _sheet([["Rad-id", "Beslut", "Kommentar"], ["000001-abcdef12", "Osäker", "x"]]),
            "Rad-id;Beslut;Bedömare\n000001-abcdef12;Osäker;Eva\n".encode(),
        ]
    elif target == "project":
        found += [(ROOT / "fixtures" / "two-regions.toml").read_bytes()[:3000]]
    elif target == "decisions":
        from codemerge.tables import DECISIONS, IDENTIFIERS

        columns = DECISIONS.columns
        quoted = ",".join(f'"{c}"' for c in columns)
        row = ",".join('"x"' for _ in columns)
        found += [f"# parents:\n{quoted}\n{row}\n".encode(), (",".join(IDENTIFIERS.columns) + "\n").encode()]
    elif target == "parser":
        found += [
            p.encode() for p in ("DT buk m kontr hö", "Ultraljud lever/gallv", "MR hjärna u/m iv kontr")
        ]
    return found


TARGETS: dict[str, Callable[[], Target]] = {
    "csv": lambda: _reader(".csv"),
    "xlsx": lambda: _reader(".xlsx"),
    "parser": _parser,
    "project": _project,
    "decisions": _decisions,
    "workbook": _workbook,
}


def _mutated(data: bytes, others: list[bytes], draw: random.Random) -> bytes:
    """Change a few bytes, cut, double or splice."""
    out = bytearray(data)
    for _ in range(draw.randint(1, 6)):
        at, size = draw.randrange(len(out) + 1), draw.randint(1, 8)
        kind = draw.randrange(5)
        if kind == 0:
            out[at : at + size] = draw.randbytes(size)
        elif kind == 1:
            del out[at : at + size]
        elif kind == 2:
            out[at:at] = draw.choice(
                [b'"', b";", b"\n", b"\r", b"\0", b"=", b"\xff\xfe", "ö".encode(), b"<", b"&"]
            )
        elif kind == 3:
            other = draw.choice(others)
            begin = draw.randrange(len(other) + 1)
            out[at:at] = other[begin : begin + draw.randint(1, 40)]
        else:
            out[at:at] = out[at : at + size] * draw.randint(2, 50)
    return bytes(out)


def _guarded(one: Target, finds: Path, name: str, counts: dict[str, int]) -> Target:
    """Keep every find once by its kind and place, and go on."""

    def run(data: bytes) -> None:
        counts["inputs"] += 1
        begun = time.perf_counter()
        try:
            one(data)
            kind = ""
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            import traceback

            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"
        if not kind and time.perf_counter() - begun > _SLOW:
            kind = "slow"
        if kind and not (finds / f"{name}-{kind}").exists():
            finds.mkdir(parents=True, exist_ok=True)
            (finds / f"{name}-{kind}").write_bytes(data)
            counts["finds"] += 1
            print(f"find: {name}-{kind}", flush=True)

    return run


def fuzz(name: str, seconds: float, finds: Path, seed: int = 1) -> dict[str, int]:
    """Fuzz one target; returns how many inputs were tried and how many kinds of finds there were."""
    counts = {"inputs": 0, "finds": 0}
    one = _guarded(TARGETS[name](), finds, name, counts)
    seeds = _seeds(name)
    if atheris is None:
        draw, until = random.Random(seed), time.monotonic() + seconds
        for data in seeds:
            one(data)
        while time.monotonic() < until:
            one(_mutated(draw.choice(seeds), seeds, draw))
        return counts
    finds.mkdir(parents=True, exist_ok=True)
    corpus = _place()
    for n, data in enumerate(seeds):
        (corpus / f"seed{n}").write_bytes(data)
    child = os.fork()  # libFuzzer ends its process
    if child == 0:
        options = [f"-max_total_time={int(seconds)}", "-max_len=4096", "-rss_limit_mb=4096", f"-seed={seed}"]
        options += [f"-artifact_prefix={finds}/", "-print_final_stats=1", "-verbosity=0", str(corpus)]
        atheris.Setup([sys.argv[0], *options], one)
        atheris.Fuzz()
    os.waitpid(child, 0)
    counts["corpus"] = len(list(corpus.iterdir()))
    shutil.rmtree(corpus, ignore_errors=True)
    return counts


def main() -> None:
    """Read the options and fuzz."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("target", choices=[*TARGETS, "all"])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--finds", type=Path, default=Path("finds"))
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with ExitStack():
        for name in TARGETS if asked.target == "all" else [asked.target]:
            print(name, fuzz(name, asked.seconds, asked.finds, asked.seed), flush=True)
    used = os.times()
    print(f"CPU seconds: {used.user + used.system + used.children_user + used.children_system:.0f}")


if __name__ == "__main__":
    main()
