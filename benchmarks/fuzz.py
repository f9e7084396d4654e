"""Fuzz what reads files and names: whatever the bytes, rows or worded problems, in little time.

With atheris (``pip install atheris``) guided by coverage; without it by mutation of the corpus
alone. A find is any exception but `BadInputError`, or an input that takes more than ten seconds of processor;
the input is kept in the folder named, and what reached new code in the folder of the corpus, so
that the next round goes on from there.

    python benchmarks/fuzz.py csv --seconds 600 --finds finds/ --corpus corpus/ --record rounds.jsonl
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import resource
import struct
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

try:
    import atheris
except ImportError:
    atheris = None

from benchmarks.fuzz_targets import TARGETS, Target, place, seeds, store, stored  # noqa: E402 - found by the line above

_SLOW = 10.0
_BITES = [b'"', b";", b"\n", b"\r", b"\0", b"=", b"\xff\xfe", "ö".encode(), b"<", b"&"]


class Counts:
    """Inputs tried and kinds of finds, counted in memory that a forked child shares."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    def add(self, inputs: int, finds: int) -> None:
        """Count more."""
        was = self.read()
        self._memory[:16] = struct.pack("qq", was[0] + inputs, was[1] + finds)

    def read(self) -> tuple[int, int]:
        """Return inputs and finds."""
        inputs, finds = struct.unpack("qq", self._memory[:16])
        return inputs, finds


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
            out[at:at] = draw.choice(_BITES)
        elif kind == 3:
            other = draw.choice(others)
            begin = draw.randrange(len(other) + 1)
            out[at:at] = other[begin : begin + draw.randint(1, 40)]
        else:
            out[at:at] = out[at : at + size] * draw.randint(2, 50)
    return bytes(out)


def _guarded(one: Target, finds: Path, name: str, counts: Counts) -> Target:
    """Keep every find once by its kind and place, and go on."""

    def run(data: bytes) -> None:
        begun = time.process_time()  # of the processor: others may keep this process waiting
        try:
            one(data)
            kind = ""
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            import traceback

            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"
        if not kind and time.process_time() - begun > _SLOW:
            kind = "slow"
        new = bool(kind) and not (finds / f"{name}-{kind}").exists()
        counts.add(1, int(new))
        if new:
            (finds / f"{name}-{kind}").write_bytes(data)
            print(f"find: {name}-{kind}", flush=True)

    return run


def fuzz(name: str, seconds: float, finds: Path, corpus: Path, seed: int = 1) -> dict[str, object]:
    """Fuzz one target, in a child of this process.

    Returns:
        Its name, inputs tried, kinds of finds, inputs in the corpus, and CPU seconds.
    """
    counts, begun = Counts(), _cpu()
    for folder in (finds, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    child = os.fork()  # libFuzzer ends its process; and engines' threads, once started, can't be forked
    if child == 0:
        with atheris.instrument_imports(include=["codemerge"]) if atheris else nullcontext():
            one = _guarded(TARGETS[name](), finds, name, counts)
            for data in (b"", *seeds(name)):  # what is imported where it is used is instrumented too
                one(data)
        _guided(one, name, seconds, finds, corpus, seed) if atheris else _blind(one, name, seconds, seed)
        os._exit(0)
    os.waitpid(child, 0)
    inputs, found = counts.read()
    kept = len(list(corpus.iterdir()))
    cpu = round(_cpu() - begun, 1)
    return {"target": name, "inputs": inputs, "finds": found, "corpus": kept, "cpu_seconds": cpu}


def _blind(one: Target, name: str, seconds: float, seed: int) -> None:
    draw, until, first = random.Random(seed), time.monotonic() + seconds, seeds(name)
    while time.monotonic() < until:
        one(_mutated(draw.choice(first), first, draw))


def _guided(one: Target, name: str, seconds: float, finds: Path, corpus: Path, seed: int) -> None:
    first = place()
    for n, data in enumerate(seeds(name)):
        (first / f"seed{n}").write_bytes(data)
    options = [f"-max_total_time={int(seconds)}", "-max_len=16384", "-rss_limit_mb=6000", f"-seed={seed}"]
    options += [f"-artifact_prefix={finds}/", "-print_final_stats=1", "-verbosity=0", "-timeout=60"]
    atheris.Setup([sys.argv[0], *options, str(corpus), str(first)], one)
    atheris.Fuzz()


def keep(name: str, corpus: Path, size: int) -> int:
    """Store the inputs of a corpus that reach a line no smaller one reaches, up to so many bytes in all."""
    one = _guarded(TARGETS[name](), place(), name, Counts())
    one(b"")  # what is imported where it is used
    seen: set[tuple[str, int]] = set()
    chosen = stored(name)
    for data in chosen:
        _lines(one, data, seen)
    for data in sorted((p.read_bytes() for p in corpus.iterdir()), key=lambda d: (len(d), d)):
        before = len(seen)
        _lines(one, data, seen)
        if len(seen) > before and len(data) <= size:
            size -= len(data)
            chosen.append(data)
    return store(name, chosen)


def _lines(one: Target, data: bytes, seen: set[tuple[str, int]]) -> None:
    """Add the lines of codemerge that an input reaches."""

    def step(frame: FrameType, event: str, _arg: object) -> Callable[..., object] | None:
        if "codemerge" not in frame.f_code.co_filename:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return step

    sys.settrace(step)
    try:
        one(data)
    finally:
        sys.settrace(None)


def _cpu() -> float:
    """Return the seconds of processor that this process and its dead children have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main() -> None:
    """Read the options and fuzz."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("target", choices=[*TARGETS, "all"])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--finds", type=Path, default=Path("finds"))
    options.add_argument("--corpus", type=Path, default=None, help="what reached new code is kept here")
    options.add_argument("--record", type=Path, default=None, help="one line of JSON a round is added here")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--keep", type=int, default=0, help="fuzz nothing; store so many bytes of the corpus, for the tests"
    )
    asked = options.parse_args()
    asked.finds.mkdir(parents=True, exist_ok=True)
    for name in TARGETS if asked.target == "all" else [asked.target]:
        if asked.keep:
            print(name, "kept:", keep(name, asked.corpus / name, asked.keep), flush=True)
            continue
        corpus = (asked.corpus or place()) / name
        found = fuzz(name, asked.seconds, asked.finds, corpus, asked.seed)
        print(json.dumps(found), flush=True)
        if asked.record:
            with asked.record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
