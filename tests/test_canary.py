"""Every command is run over lists with planted people; then every byte written anywhere is searched.

A personnummer and a person with protected identity stand nowhere; other personal data only in the
tables and the workbook of that entity. Values are ASCII, so that no encoding hides them.
"""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import openpyxl
import polars as pl
import pytest

from codemerge import cli
from codemerge.rules import loader
from codemerge.rules.loader import Rules
from tests.canary import Aviary, csv, places, sightings
from tests.trust_project import begin, ended

# Where the personal data of people without protection may stand: their own tables and workbook.
OWN = re.compile(
    r"(tables/(records|combined)_user\.(parquet|csv)|review-user[^/]*\.xlsx|user-[^/]*\.xlsx"
    r"|ex/user-sql\.out|out/(combined|aliases|changes)_user\.(csv|parquet)|decisions/issued/[0-9a-f]+\.csv)(!.*)?$"
)

Say = Callable[..., int]
_READ = functools.cache(loader.load_rules)


def read_once(packs: Sequence[Path] = (), target: Path | None = None) -> Rules:
    """The rules, read once for all commands."""
    return _READ(tuple(packs), target)


@pytest.fixture
def say(tmp_path, monkeypatch, capfd) -> Iterator[Say]:
    """Run a command in this process; what it prints is kept below ``printed/``."""
    monkeypatch.setattr(loader, "load_rules", read_once)
    temporary, printed = tmp_path / "tmp", tmp_path / "printed"
    temporary.mkdir()
    printed.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*args: object) -> int:
        run.said.add(_command([str(a) for a in args]))  # type: ignore[attr-defined] # kept beside the function
        with pytest.raises(SystemExit) as ended:
            cli.main([str(a) for a in args])
        out, err = capfd.readouterr()
        name = f"{len(list(printed.iterdir())):03}-{args[0]}.txt"
        (printed / name).write_text(f"{out}\n---\n{err}", encoding="utf-8")
        assert "Traceback" not in err
        return int(ended.value.code or 0)

    run.said = set()  # type: ignore[attr-defined] # as above
    yield run


def _command(args: Sequence[str]) -> str:
    """Return the command of a call: its name, and the one below it in a group."""
    top = cli.cli.get_command(None, args[0])  # type: ignore[arg-type] # needs no context
    return f"{args[0]} {args[1]}" if isinstance(top, click.Group) else args[0]


def every_command() -> set[str]:
    """Return every command there is, as `_command` names it."""
    found = set()
    for name in cli.cli.list_commands(None):  # type: ignore[arg-type] # needs no context
        top = cli.cli.get_command(None, name)  # type: ignore[arg-type] # as above
        below = [f"{name} {inner}" for inner in top.commands] if isinstance(top, click.Group) else [name]
        found |= set(below)
    return found


def searched(tmp_path: Path, birds: Aviary) -> None:
    """Search everything below the test's folder but the catalogs themselves."""
    found = list(places(tmp_path, birds.root / "in"))
    assert len(found) > 20
    assert sightings(iter(found), birds.numbers()) == []
    assert sightings(iter(found), birds.protected()) == []
    assert sightings(iter(found), birds.sensitive())  # the search finds what is there
    elsewhere = ((place, data) for place, data in found if not OWN.search(place))
    assert sightings(elsewhere, birds.sensitive()) == []


def test_people_in_texts_are_reported_by_place_and_written_nowhere(tmp_path, say):
    """Lists with personnummer in names, comments and codes: blocked, told by place, masked."""
    birds = Aviary(tmp_path / "p", in_texts=True)
    root, run = birds.root, birds.root / "run"

    assert say("check", root) == 0
    assert say("check", root, "--json") == 0
    assert say("dry-run", root, "--csv") == 1
    assert say("dry-run", root, "--json", "--lang", "en", "-o", root / "run2") == 1
    conflicts = pl.read_parquet(run / "tables" / "conflicts.parquet").filter(check="GOV-001")
    told = set(conflicts.select("entity", "field").iter_rows())
    assert {("exam", "label"), ("exam", "note"), ("role", "label"), ("user", "code")} <= told
    assert set(conflicts["severity"]) == {"blocking"}
    assert say("merge", root, "-o", root / "out") == 1
    for entity, record in (("exam", "A:84080"), ("user", f"A:{birds.only_a.account['Användar-id']}")):
        assert say("explain", entity, record, "-r", run) == 0
    assert say("explain", "user", f"A:{birds.later}", "-r", run) == 2
    assert say("rules", "suggest", "-r", run) == 0
    assert say("diff", run, root / "run2") == 0
    assert say("review", "status", "-p", root) == 1
    searched(tmp_path, birds)


def test_every_command_keeps_people_to_their_own_tables(tmp_path, say):
    """A whole cycle: run, review, import, merge, and every way out."""
    birds = Aviary(tmp_path / "p", in_texts=False)
    root, run, out = birds.root, birds.root / "run", birds.root / "out"

    assert say("init", tmp_path / "guessed", root / "in") == 0
    assert say("dry-run", root) in (0, 1)
    judged = [
        _judge(run / "review-user.xlsx", root / "in", f"ring {birds.later}"),
        _judge(run / "review.xlsx", root / "in", f"patient {birds.later.replace('-', '')}"),
    ]
    assert say("review", "import", *judged, "-p", root, "--reviewer", f"Eva Ek {birds.later}") in (0, 1)
    assert say("review", "status", "-p", root, "--json") in (0, 1)
    assert say("review", "verify", "-p", root) == 0
    assert say("review", "export", "-r", run, "--split", "role", "-o", root / "split") == 0
    assert say("dry-run", root, "--csv") in (0, 1)
    assert say("merge", root, "-o", out) == 0
    assert say("verify", run) == 0
    codes = [p.account["Användar-id"] for p in [*birds.people, *birds.hidden]]
    assert say("explain", "user", f"A:{codes[0]}", "B:K501", "-r", run) == 0
    assert say("translate", "user", "--from", "B", "--to", "combined", "-r", run, "K501") == 0
    (root / "ex").mkdir()
    forms = ("crosswalk", "conceptmap", "codesystem", "sssom", "stcm", "sql", "recode-sql", "dicom")
    for form in forms:
        assert say("export", form, run, "-o", root / "ex" / f"{form}.out") == 0
    made = [say("export", f, run, "-o", root / "ex" / f"user-{f}.out", "-e", "user") for f in forms]
    assert made.count(0) >= 5
    told = (root / "ex" / "sssom.out").read_text(encoding="utf-8")
    prior = root / "in" / "prior.sssom.tsv"
    prior.write_text(told.replace("\tA ", f"\t{birds.later} A "), encoding="utf-8")
    assert say("review", "prior", prior, "-p", root, "--reviewer", f"Eva {birds.later}") in (0, 1)
    assert say("compare", root, "--scenario", "survivor=B", "--json") == 0
    (root / "truth.csv").write_text(
        "left_region,left,right_region,right\nA,84080,B,840800\n", encoding="utf-8"
    )
    assert say("evaluate", run, "--truth", root / "truth.csv", "--entity", "exam") == 0
    csv(root / "archive.csv", [{"region": "A", "code": "84080"}])
    assert say("recode", root / "archive.csv", "-r", run, "-o", root / "recoded") in (0, 1, 2)
    assert say("rules", "test", root) == 0
    (root / "key").write_bytes(b"0123456789abcdef0123")
    assert (
        say(
            "pseudonymise",
            root / "in" / "a_user.csv",
            "--key-file",
            root / "key",
            "-o",
            root / "in" / "ps.csv",
        )
        == 0
    )
    assert birds.shared.number not in (root / "in" / "ps.csv").read_text(encoding="utf-8")
    assert say("check", root) == 0
    assert say("rules", "suggest", "-r", run) == 0
    assert [say("rules", "schema", page) for page in ("project", "entity", "check", "target")] == [0] * 4
    assert say("diff", run, run) == 0
    (tmp_path / "shown").mkdir()
    assert say("demo", tmp_path / "shown" / "demo") == 0
    assert every_command() - say.said == set()  # type: ignore[attr-defined] # kept beside the function
    searched(tmp_path, birds)


def _judge(path: Path, to: Path, comment: str) -> Path:
    """Answer every row of a workbook as unsure, with a comment; save it among the inputs."""
    book = openpyxl.load_workbook(path)
    for page in book.worksheets:
        head = {c.value: c.column for c in page[1]}
        if "Beslut" in head and "Kommentar" in head:
            for row in range(2, page.max_row + 1):
                page.cell(row, head["Beslut"]).value = "Osäker"
                page.cell(row, head["Kommentar"]).value = comment
    book.save(to / path.name)
    return to / path.name


BROKEN = (
    "short row",
    "long row",
    "no header",
    "open quote",
    "undecodable",
    "NUL",
    "long field",
    "one column",
)


def broken(birds: Aviary) -> dict[str, Callable[[Path], None]]:
    """Ways in which a list of people can be unreadable, each with people in the broken place."""
    row = ";".join(birds.only_a.row("RAD").values())
    head = ";".join(birds.only_a.row("RAD"))
    hidden = ";".join(birds.hidden[0].row("RAD").values())
    return {
        "short row": lambda p: p.write_text(f"{head}\n{row.rsplit(';', 3)[0]}\n", encoding="utf-8"),
        "long row": lambda p: p.write_text(f"{head}\n{hidden};x;y\n", encoding="utf-8"),
        "no header": lambda p: p.write_text(f"{row}\n{hidden}\n", encoding="utf-8"),
        "open quote": lambda p: p.write_text(f'{head}\n"{row}\n{hidden}\n', encoding="utf-8"),
        "undecodable": lambda p: p.write_bytes(f"{head}\n{row}".encode() + b"\x81\xff\n"),
        "NUL": lambda p: p.write_text(f"{head}\n{row}\0\n", encoding="utf-8"),
        "long field": lambda p: p.write_text(f"{head}\n{row}{birds.later * 4000}\n", encoding="utf-8"),
        "one column": lambda p: p.write_text(f"{birds.later}\n{row.replace(';', ' ')}\n", encoding="utf-8"),
    }


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_list_of_people_quotes_nobody(tmp_path, say, how):
    """Refused with the place; the row itself is never shown."""
    birds = Aviary(tmp_path / "p", in_texts=False)
    broken(birds)[how](birds.root / "in" / "a_user.csv")
    assert say("dry-run", birds.root) == 2
    assert say("check", birds.root, "--lang", "en") == 2
    assert say("init", tmp_path / "guessed", birds.root / "in") in (0, 2)
    found = list(places(tmp_path, birds.root / "in"))
    for wanted in (birds.numbers(), birds.protected(), birds.sensitive()):
        assert sightings(iter(found), wanted) == []


def test_numbers_for_texts_in_a_sheet_of_people_are_told_without_them(tmp_path, say):
    """Personnummer stored as numbers; a file and a project named by a person are refused or hidden."""
    birds = Aviary(tmp_path / "p", in_texts=False)
    import xlsxwriter

    with xlsxwriter.Workbook(str(birds.root / "in" / "b_user.xlsx")) as book:
        page = book.add_worksheet()
        for n, person in enumerate([None, birds.only_b, birds.hidden[1]]):
            row = (
                person.row("R10")
                if person
                else dict(zip(birds.third.row(""), birds.third.row(""), strict=True))
            )
            for column, (name, text) in enumerate(row.items()):
                if person and name == "Personnummer":
                    page.write_number(n, column, int(text.replace("-", "")))
                else:
                    page.write_string(n, column, text)
    assert say("dry-run", birds.root) in (0, 1)
    searched(tmp_path, birds)


def test_a_source_named_by_a_person_is_refused_without_the_name(tmp_path, say):
    """The path would stand in every table of origins."""
    birds = Aviary(tmp_path / "p", in_texts=False)
    (birds.root / "in" / "a_exam.csv").rename(birds.root / "in" / f"{birds.later}.csv")
    text = (
        (birds.root / "codemerge.toml")
        .read_text(encoding="utf-8")
        .replace("in/a_exam.csv", f"in/{birds.later}.csv")
    )
    (birds.root / "codemerge.toml").unlink()
    project = birds.root / "in" / "codemerge.toml"
    project.write_text(text.replace('"in/', '"'), encoding="utf-8")
    assert say("dry-run", project, "-o", tmp_path / "run") == 2
    assert sightings(places(tmp_path, birds.root / "in"), birds.numbers()) == []


def test_a_fault_of_ours_tells_nothing_of_the_data(tmp_path, say, monkeypatch):
    """Exit 70: one line, and a report without message and values."""
    import codemerge.dry_run as work

    birds = Aviary(tmp_path / "p", in_texts=True)

    def fails(*_: object) -> None:
        raise ValueError(f"{birds.only_a.number} {birds.only_a.personal['E-post']} {birds.hidden[0].account}")

    monkeypatch.setattr(work, "run", fails)
    assert say("dry-run", birds.root) == 70
    assert list((tmp_path / "tmp").glob("codemerge-bug-*"))
    found = list(places(tmp_path, birds.root / "in"))
    for wanted in (birds.numbers(), birds.protected(), birds.sensitive()):
        assert sightings(iter(found), wanted) == []


LOUD = """
import logging, threading, warnings
import codemerge.dry_run as work
real = work.run
def loud(*given):
    logging.getLogger("somebody.else").warning("kept %s and %s", "{number}", "{mail}")
    logging.getLogger("codemerge").error("failed", exc_info=ValueError("{number}"))
    warnings.warn("about {number}")
    died = threading.Thread(target=lambda: int("{number}"))
    died.start()
    died.join()
    return real(*given)
work.run = loud
"""


def test_what_libraries_log_warn_of_and_die_of_shows_nobody(tmp_path):
    """In a process of its own, as it is started; what was logged is there, masked."""
    birds = Aviary(tmp_path / "p", in_texts=False)
    person = birds.only_a
    told = {"number": person.number, "mail": person.personal["E-post"]}
    code, out, said = ended(begin("dry-run", birds.root, "--tables-only", before=LOUD.format(**told)))
    assert code in (0, 1)
    assert "kept" in said
    assert "a thread ended: ValueError" in said
    for wanted in (birds.numbers(), birds.protected(), birds.sensitive()):
        assert sightings(iter([("printed", (out + said).encode())]), wanted) == []


@pytest.mark.parametrize(
    "mark", ["J", "Ja", "x", "Sekretess", "2026-01-01", "S", "Skyddad folkbokföring", "?"]
)
def test_whatever_marks_a_person_as_protected_protects(tmp_path, say, mark):
    """Only a no, or nothing, leaves somebody unprotected: who is shown can't be hidden again."""
    birds = Aviary(tmp_path / "p", in_texts=False)
    path = birds.root / "in" / "a_user.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(";J;A", f";{mark};A"), encoding="utf-8")
    assert say("dry-run", birds.root, "--tables-only") in (0, 1)
    found = list(places(tmp_path, birds.root / "in"))
    hidden = {v: v.encode() for v in (*birds.hidden[0].personal.values(), *birds.hidden[0].account.values())}
    assert sightings(iter(found), hidden) == []
    assert sightings(iter(found), birds.sensitive())
