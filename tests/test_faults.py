"""The faults to survive (tests/cases/faults.toml), one by one, as a user meets them; and their table in docs.

python -m tests.test_faults      writes docs/reliability.md anew
"""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from codemerge import cli
from tests.trust_project import leftovers, make_project

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "reliability.md"
FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "cases" / "faults.toml").read_text(encoding="utf-8"))[
    "fault"
]
RUN = [f for f in FAULTS if "run" in f]


@pytest.mark.parametrize("fault", RUN, ids=lambda f: f"{f['n']} {f['case'][:50]}")
def test_a_fault_gets_its_answer(fault, tmp_path, monkeypatch, capfd):
    """Exit code, words, findings; never a traceback; after a refusal nothing new stands anywhere."""
    case, root = fault["run"], make_project(tmp_path / "p")
    monkeypatch.chdir(root)
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    _arrange(root, case)
    if "first" in case:
        _call([*case["first"][:1], str(root), *case["first"][1:]])
        capfd.readouterr()
        for name, text in case.get("after", {}).items():
            (root / name).write_text(text, encoding="utf-8")
    before = _everything(root)
    command, *more = case.get("args", ["dry-run"])
    code = _call([command, str(root), *more])
    out, err = capfd.readouterr()

    assert "Traceback" not in err
    assert code == case.get("exit", code), err
    assert code in (0, 1, 2)
    for piece in case.get("says", []):
        assert piece in err
    if code == 2:
        assert _everything(root) == before
    assert leftovers(root) == []
    _found(root, case)
    if case.get("inert"):
        _inert(root / "run", out + err)


def _arrange(root: Path, case: dict[str, Any]) -> None:
    for name, text in case.get("files", {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding=case.get("encoding", "utf-8"))
    for name, (old, new) in case.get("replace", {}).items():
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")
    for name, text in case.get("append", {}).items():
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(text)


def _call(args: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(args)
    return int(ended.value.code or 0)


def _everything(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def _found(root: Path, case: dict[str, Any]) -> None:
    if "finds" in case:
        conflicts = pl.read_parquet(root / "run" / "tables" / "conflicts.parquet")
        assert set(case["finds"]) <= set(conflicts["check"])
    if "auto" in case:
        mappings = pl.read_parquet(root / "run" / "tables" / "mappings.parquet").filter(entity="exam")
        assert mappings.filter(status="auto").height == case["auto"]


def _inert(run: Path, printed: str) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|<a [^>]*href=.http", page)
    assert "\x1b" not in printed
    for path in run.glob("*.xlsx"):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
            for part in book.namelist():
                text = book.read(part).decode("utf-8", "replace")
                assert "<f>" not in text or "worksheets" not in part
                assert "<hyperlink " not in text or "location=" in text


def test_every_fault_is_answered_once_and_every_test_named_exists():
    """All numbers from 1 to 106, then what we found; each with a case of its own, a test, or an open word."""
    numbers = {f["n"] for f in FAULTS}
    assert numbers == set(range(1, max(106, *numbers) + 1))
    for fault in FAULTS:
        assert set(fault) & {"run", "test", "open"}, fault["n"]
        for name in fault.get("test", []):
            file, _, function = name.partition("::")
            text = (HERE / file).read_text(encoding="utf-8")
            assert not function or re.search(rf"^(def|class) {function}\b|^{function} = ", text, re.M), name


def page() -> str:
    """Return docs/reliability.md."""
    rows = []
    for fault in FAULTS:
        shown = list(fault.get("test", []))
        shown += ["test_faults.py, this case"] if "run" in fault else []
        tests = "<br>".join(f"`{t}`" for t in shown) or f"not built: {fault['open']}"
        cells = (fault["case"], fault["answer"], tests)
        rows.append(f"| {fault['n']} | " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    head = (
        "# What codemerge survives\n\n"
        "Written from `tests/cases/faults.toml` by `python -m tests.test_faults`; a test compares the two.\n"
        "Refused means: exit code 2, every problem of every file at once, nothing written. A name such as\n"
        "CAT-001 is a check: the run goes on, and the conflict is listed with file and line.\n\n"
        "| no. | what comes | what happens | shown by |\n| --- | --- | --- | --- |\n"
    )
    return head + "\n".join(rows) + "\n" + fuzzed()


def fuzzed() -> str:
    """Return what fuzzing has tried, from the rounds that `benchmarks/fuzz.py --record` wrote."""
    told = json.loads((HERE.parent / "benchmarks" / "results" / "fuzz.json").read_text(encoding="utf-8"))
    rows = [
        f"| {name} | {t['cpu_seconds'] / 60:.0f} | {t['inputs']:,} | {t['corpus']:,} | {t['finds']} |"
        for name, t in sorted(told.items())
    ]
    minutes, inputs = (sum(t[key] for t in told.values()) for key in ("cpu_seconds", "inputs"))
    return (
        "\n## Fuzzing\n\n"
        f"`benchmarks/fuzz.py`, guided by coverage: {minutes / 60:.0f} minutes of processor, {inputs:,} inputs. "
        "A find is anything but rows or\nworded problems, or more than ten seconds. "
        "What reached most is kept in `tests/corpus` and read again by\n`test_corpus.py`; "
        "what was found is mended and stands above.\n\n"
        "| target | CPU minutes | inputs | corpus | finds |\n| --- | ---: | ---: | ---: | ---: |\n"
        + "\n".join(rows)
        + "\n"
    )


def test_the_page_on_reliability_is_the_cases():
    """Generated, never edited."""
    assert PAGE.read_text(encoding="utf-8") == page()


HOSTILE = ["", "{}", "[]", "null", "\xff", '{"format": "1"}', '{"format": 1}', '{"format": 1, "files": 5}',
           '{"format": 1, "files": [5]}', '{"format": 1, "files": []}',
           '{"format": 1, "files": [{"name": "../codemerge.toml", "sha256": "x"}]}']  # fmt: skip
ASKED = [["explain", "exam", "A:84080", "-r"], ["diff", "{run}"], ["verify"], ["translate", "exam", "--from", "A", "--to", "B", "84080", "-r"]]  # fmt: skip


@pytest.mark.parametrize("name", ["manifest.json", "summary.json"])
def test_a_run_whose_papers_are_damaged_is_refused_and_replaced(name, tmp_path, capfd):
    """By every command that reads it, in a line; the next dry-run puts a whole one in its place, or says why not."""
    root = make_project(tmp_path / "p")
    assert _call(["dry-run", str(root), "--tables-only"]) == 0
    whole = (root / "run" / name).read_bytes()
    for text in HOSTILE:
        (root / "run" / name).write_text(text, encoding="latin-1")
        for n, (command, *more) in enumerate(ASKED):
            if n and text not in HOSTILE[:2]:
                continue  # they all read it by one door
            given = [m.format(run=root / "run") for m in more]
            assert _call([command, *given, str(root / "run")]) == 2, (command, text)
            err = capfd.readouterr().err
            assert "Traceback" not in err
            assert name in err or "tables/" in err
    assert _call(["dry-run", str(root), "--tables-only"]) in (0, 2)
    capfd.readouterr()
    (root / "run" / name).write_bytes(whole)
    assert _call(["dry-run", str(root), "--tables-only"]) == 0


def test_a_table_that_the_manifest_doesnt_name_is_no_table_of_the_run(tmp_path, capfd):
    root = make_project(tmp_path / "p")
    assert _call(["dry-run", str(root), "--tables-only"]) == 0
    tables = root / "run" / "tables"
    (tables / "records_room.parquet").write_bytes((tables / "records_exam.parquet").read_bytes())
    assert _call(["merge", str(root), "-o", str(root / "out")]) == 2
    assert "records_room" in capfd.readouterr().err
    (tables / "records_room.parquet").unlink()
    (tables / "mappings.parquet").unlink()
    assert _call(["merge", str(root), "-o", str(root / "out")]) == 2
    assert not (root / "out").exists()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
