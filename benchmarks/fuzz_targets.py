"""What is fuzzed: each target reads bytes as a user's file, and only `BadInputError` is an answer.

A workbook and a rule pack are several files in one: their input is text with a line ``%% name``
before each part, put together (with right check sums) before it is read. Bytes that begin as a ZIP
does are read as they stand.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests" / "corpus"
Target = Callable[[bytes], None]
_PART = re.compile(rb"^%% ([\w./\[\]-]+)\n", re.MULTILINE)


def place() -> Path:
    """Return a folder of our own, in memory where there is such a place; it goes with this process."""
    memory = Path("/dev/shm")  # noqa: S108 - where it exists, a file costs no disk
    made = Path(tempfile.mkdtemp(prefix="codemerge-fuzz-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def parts_of(data: bytes) -> dict[str, bytes]:
    """Split an input at its ``%% name`` lines; what stands before the first is left out."""
    pieces = _PART.split(data)[1:]
    return {name.decode(): text for name, text in zip(pieces[::2], pieces[1::2], strict=True)}


def joined(parts: dict[str, bytes]) -> bytes:
    """Return the input that `parts_of` splits."""
    whole = ((name.encode(), text if text.endswith(b"\n") else text + b"\n") for name, text in parts.items())
    return b"".join(b"%% " + name + b"\n" + text for name, text in whole)


def zipped(data: bytes) -> bytes:
    """Put a workbook together from its parts; what has none is taken as it stands."""
    parts = {} if data[:2] == b"PK" else parts_of(data)
    if not parts:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return out.getvalue()


def _said(problems: object) -> None:
    from codemerge.rules.words import describe

    assert problems
    for problem in problems:  # type: ignore[attr-defined] # a sequence of problems
        describe(problem, "sv")
        describe(problem, "en")


def _reader(suffix: str) -> Target:
    from tests.reading_desk import read_gadgets

    from codemerge.errors import BadInputError

    folder = place()

    def one(data: bytes) -> None:
        (folder / f"in{suffix}").write_bytes(zipped(data) if suffix == ".xlsx" else data)
        try:
            read_gadgets(folder, f"in{suffix}")
        except BadInputError as error:
            _said(error.problems)

    return one


def _parser() -> Target:
    from codemerge.library.parser import read_name
    from codemerge.rules.loader import load_rules

    words = load_rules().vocabulary

    def one(data: bytes) -> None:
        read_name(data.decode("utf-8", "replace"), words)

    return one


def _project() -> Target:
    from codemerge.errors import BadInputError
    from codemerge.rules.loader import load_project

    path = place() / "codemerge.toml"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        try:
            load_project(path)
        except BadInputError as error:
            _said(error.problems)

    return one


def _rules() -> Target:
    from codemerge.errors import BadInputError
    from codemerge.examples import try_examples
    from codemerge.rules import loader

    base, pack = place(), place() / "pack"
    for name in ("facets.toml", "target.toml", "regions.toml"):
        shutil.copy(ROOT / "rules" / name, base / name)
    shutil.copytree(ROOT / "rules" / "words", base / "words")
    (base / "vocabulary").mkdir()
    for name, text in small_vocabulary().items():
        (base / "vocabulary" / name).write_bytes(text)

    def one(data: bytes) -> None:
        # with the whole vocabulary four inputs a second are read; the way it is read is the same
        with mock.patch.object(loader, "shipped", lambda _name: base):
            read(data)

    def read(data: bytes) -> None:
        shutil.rmtree(pack, ignore_errors=True)
        for name, text in (parts_of(data) or {"page.toml": data}).items():
            path = pack / name.replace("..", "")
            if not path.resolve().is_relative_to(pack) or path.exists() or path.suffix == "":
                continue
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            except OSError:  # a file where a folder should be: no pack that can be
                return
        try:
            try_examples(loader.load_rules([pack]))
        except BadInputError as error:
            _said(error.problems)

    return one


def small_vocabulary() -> dict[str, bytes]:
    """Return each file of the vocabulary with its head and first rows."""
    files = sorted((ROOT / "rules" / "vocabulary").glob("*.csv"))
    return {p.name: b"\n".join(p.read_bytes().splitlines()[:12]) + b"\n" for p in files}


def _decisions() -> Target:
    from codemerge.errors import BadInputError
    from codemerge.files.decisions import read_decisions
    from codemerge.files.identifiers import read_identifiers

    folder = place()

    def one(data: bytes) -> None:
        for old in folder.iterdir():
            old.unlink()
        name = hashlib.blake2b(data, digest_size=8).hexdigest()  # its own, so that it is read to the end
        (folder / f"000001-{name}.csv").write_bytes(data)
        if problems := read_decisions(folder).problems:
            _said(problems)
        try:
            read_identifiers(folder / f"000001-{name}.csv")
        except BadInputError as error:
            _said(error.problems)

    return one


def _workbook() -> Target:
    from codemerge.errors import BadInputError
    from codemerge.files.workbook_read import read_returned

    folder = place()

    def one(data: bytes) -> None:
        whole = zipped(data)
        path = folder / ("in.xlsx" if whole[:2] == b"PK" else "in.csv")
        path.write_bytes(whole)
        try:
            read_returned(path)
        except BadInputError as error:
            _said(error.problems)

    return one


def _run() -> Target:
    from codemerge.answers.report_facts import report_facts
    from codemerge.dry_run import gather, summarise
    from codemerge.errors import BadInputError
    from codemerge.pipeline import run
    from codemerge.rules.loader import load_project, load_rules

    folder, rules = place(), load_rules()

    def one(data: bytes) -> None:
        from dataclasses import replace

        parts = {n: t for n, t in parts_of(data).items() if "/" not in n and n.endswith(".csv")}
        for old in folder.iterdir():
            old.unlink()
        text = 'name = "x"\nregions = ["A", "B"]\n'
        for name, rows in parts.items():
            region, _, entity = name[: -len(".csv")].partition("_")
            if region in {"A", "B"} and entity in rules.entities:
                (folder / name).write_bytes(rows)
                text += f'[[source]]\nregion = "{region}"\nentity = "{entity}"\npath = "{name}"\n'
        (folder / "codemerge.toml").write_text(text, encoding="utf-8")
        try:
            inputs, read = gather(load_project(folder), rules, "2026-01-01")
        except BadInputError as error:
            _said(error.problems)
            return
        finished = run(inputs)
        summary = summarise(finished, read, folder / "run", {"read": 0.0, "run": 0.0})
        report_facts(replace(finished, summary=summary), "sv")

    return one


TARGETS: dict[str, Callable[[], Target]] = {
    "csv": lambda: _reader(".csv"),
    "xlsx": lambda: _reader(".xlsx"),
    "parser": _parser,
    "project": _project,
    "rules": _rules,
    "decisions": _decisions,
    "workbook": _workbook,
    "run": _run,
}


def _sheet(rows: list[list[object]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Blad")
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(n, column, cell)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as made:
        wanted = [n for n in made.namelist() if not n.startswith(("docProps", "xl/theme"))]
        return joined({n: made.read(n) for n in wanted})


def seeds(target: str) -> list[bytes]:
    """Return small inputs to begin with: the stored corpus, and what the tests' own cases hold."""
    return stored(target) + _first(target)


def stored(target: str) -> list[bytes]:
    """Return the inputs that earlier fuzzing has kept."""
    path = CORPUS / f"{target}.zip"
    if not path.is_file():
        return []
    with zipfile.ZipFile(path) as kept:
        return [kept.read(name) for name in sorted(kept.namelist())]


def store(target: str, inputs: Iterable[bytes]) -> int:
    """Keep inputs for the tests and for the next fuzzing, the same bytes each time; returns their number."""
    CORPUS.mkdir(exist_ok=True)
    named = {hashlib.sha256(data).hexdigest()[:12]: data for data in inputs}
    with zipfile.ZipFile(CORPUS / f"{target}.zip", "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(named):
            kept.writestr(zipfile.ZipInfo(name), named[name], zipfile.ZIP_DEFLATED)
    return len(named)


def _first(target: str) -> list[bytes]:
    row = ["000001-abcdef12", "Osäker", "x", "Eva"]
    names = ("DT buk m kontr hö", "Ultraljud lever/gallv", "MR hjärna u/m iv kontr")
    made: dict[str, Callable[[], list[bytes]]] = {
        "csv": _csv_cases,
        "xlsx": lambda: [_sheet([["Kod", "Namn"], ["001", "DT"], ["2", "=1+1"], [3.5, True]])],
        "workbook": lambda: [
            _sheet([["Rad-id", "Beslut", "Kommentar", "Bedömare"], row]),
            "Rad-id;Beslut;Bedömare\n000001-abcdef12;Osäker;Eva\n".encode(),
        ],
        "project": lambda: [(ROOT / "fixtures" / "two-regions.toml").read_bytes()[:3000]],
        "rules": lambda: [joined({n: t}) for n, t in _pack().items()] + [joined(_pack())],
        "decisions": _decision_files,
        "run": _catalogs,
        "parser": lambda: [name.encode() for name in names],
    }
    return made[target]()


def _csv_cases() -> list[bytes]:
    cases = tomllib.loads((ROOT / "tests/cases/csv_faults.toml").read_text(encoding="utf-8"))["case"]
    return [c["text"].encode(c.get("encoding", "utf-8")) for c in cases if "text" in c]


def _catalogs() -> list[bytes]:
    from tests.trust_project import CATALOGS

    return [joined({f"{r}_{e}.csv": text.encode() for (r, e), text in CATALOGS.items()})]


def _pack() -> dict[str, bytes]:
    pages = {f"{n}.toml": (ROOT / "rules" / f"{n}.toml").read_bytes() for n in ("role", "section", "exam")}
    checks = (ROOT / "rules" / "checks" / "room.toml").read_bytes()
    words = (ROOT / "rules" / "vocabulary" / "laterality.csv").read_bytes()
    return {**pages, "checks/room.toml": checks, "vocabulary/laterality.csv": words[:800]}


def _decision_files() -> list[bytes]:
    from codemerge.tables import DECISIONS, IDENTIFIERS

    columns = DECISIONS.columns
    row = ",".join('"x"' for _ in columns)
    head = ",".join(f'"{c}"' for c in columns)
    ledger = ",".join(IDENTIFIERS.columns)
    return [f"# parents:\n{head}\n{row}\n".encode(), f"{ledger}\nexam,1,A,1\n".encode()]
