"""Whatever stands around a run: no network, odd terminals and locales, Ctrl-C, full disks, panics."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from codemerge import cli
from tests.trust_project import begin, ended, leftovers, make_project, tables

BLOCKED = """
import socket
def refuse(*a, **k): raise AssertionError('a socket was asked for')
socket.socket.connect = socket.socket.bind = socket.create_connection = socket.getaddrinfo = refuse
import sys
def seen(event, args):
    if event.startswith('socket.') and event not in ('socket.gethostname', 'socket.__new__'):
        raise AssertionError('socket: ' + event)
sys.addaudithook(seen)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A project with names that try to steer a terminal, and a finished run."""
    root = make_project(tmp_path_factory.mktemp("around") / "p")
    with (root / "a_exam.csv").open("a", encoding="utf-8") as file:
        file.write("9\x1b[2J;\x1b]0,x\x07DT [red]hjärna[/red] → „knä“ \u202e;1\n")
    assert ended(begin("dry-run", root))[0] in (0, 1)
    return root


def test_the_main_job_opens_no_socket(tmp_path):
    """Sockets are blocked, in Python and by audit; the run ends as ever."""
    root = make_project(tmp_path / "p")
    assert ended(begin("dry-run", root, before=BLOCKED))[0] == 0
    assert ended(begin("merge", root, "-o", root / "out", before=BLOCKED))[0] == 0


@pytest.mark.parametrize(
    ("charset", "more"),
    [("cp1252", {}), ("cp850", {"NO_COLOR": "1"}), ("utf-8", {"COLUMNS": "40"})],
)
def test_any_terminal_gets_text_it_can_show(made, charset, more):
    """No escape sequence from data, no traceback, missing characters written out."""
    env = {**os.environ, "PYTHONIOENCODING": charset, "PYTHONUTF8": "0", **more}
    code = "from codemerge.cli import main; import sys; main(sys.argv[1:])"
    for args in (["explain", "exam", "A:9\x1b[2J", "-r", made / "run"], ["check", made]):
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, args)], capture_output=True, env=env, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stdout + done.stderr
        (done.stdout + done.stderr).decode(charset)


def test_a_reader_that_leaves_early_is_no_fault(made):
    """``| head -1`` gets its line; nothing is said of it."""
    command = f"{sys.executable} -m codemerge rules schema entity | head -1; {sys.executable} -m codemerge check {made} --json | head -c 5"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert done.stdout.startswith("{")


def test_the_exit_code_is_the_verdict_also_when_the_reader_left(tmp_path):
    """``codemerge dry-run | head -1`` of a ready project isn't blocked."""
    root = make_project(tmp_path / "p")
    for args in (["dry-run", root, "--tables-only"], ["check", root, "--json"]):
        process = begin(*args)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=120) == 0
        assert process.stderr is not None
        assert process.stderr.read().strip() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_a_name_that_is_no_text_is_refused_in_words(tmp_path):
    """Other bytes than UTF-8 can't stand in a manifest or a table."""
    odd = os.fsencode(tmp_path) + b"/p\xff"
    done = subprocess.run(
        [sys.executable, "-m", "codemerge", "check", odd], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "UTF-8" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("where", ["decisions", "pack"])
def test_a_folder_that_cant_be_read_isnt_taken_for_empty(where, tmp_path, monkeypatch, capfd):
    """Else people's decisions, or a project's own rules, would be left out in silence."""
    root = make_project(tmp_path / "p")
    text = (root / "codemerge.toml").read_text(encoding="utf-8")
    (root / "codemerge.toml").write_text(
        text.replace("[policy]", '[policy]\nrules = ["pack"]'), encoding="utf-8"
    )
    (root / "pack").mkdir()
    (root / "decisions").mkdir()
    real = Path.iterdir

    def closed(folder: Path):
        if folder.name == where:
            raise PermissionError(13, os.strerror(13), str(folder))
        return real(folder)

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["dry-run", str(root), "--tables-only"])
    assert stopped.value.code == 2
    assert where in capfd.readouterr().err
    assert not (root / "run").exists()


SLOW = """
import {module} as work, time
real = work.{where}
def slow(*a, **k):
    print('here', flush=True)
    time.sleep(20)
    return real(*a, **k)
work.{where} = slow
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("module", "where"),
    [
        ("codemerge.dry_run", "read_catalogs"),
        ("codemerge.dry_run", "run"),
        ("codemerge.dry_run", "for_people"),
        ("codemerge.files.workbook_write", "write_workbooks"),
        ("codemerge.files.sources", "read_source"),
        ("codemerge.pipeline", "candidates"),
    ],
)
def test_ctrl_c_in_any_phase_ends_in_a_line_and_leaves_nothing(made, module, where):
    """Exit 130, whatever else runs beside; the old run folder stands, nothing begun is left."""
    before = tables(made / "run")
    slow = SLOW.format(module=module, where=where)
    process = begin("dry-run", made, before=slow, env={"POLARS_MAX_THREADS": "2"})
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGINT)
    code, _, said = ended(process)
    assert code == 130
    assert len(said.strip().splitlines()) == 1
    assert tables(made / "run") == before
    assert leftovers(made) == []


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import codemerge.dry_run as work
real = work.write_run
def small(*a):
    resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
    return real(*a)
work.write_run = small
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the size of files is limited as POSIX does")
@pytest.mark.parametrize("size", [0, 9_000])
def test_a_full_disk_is_said_whatever_library_was_writing(made, size):
    """Parquet, workbook or page: exit 2, the old run folder stands, nothing begun is left."""
    before = tables(made / "run")
    code, _, said = ended(begin("dry-run", made, before=FULL.format(size=size)))
    assert code == 2, said
    assert tables(made / "run") == before
    assert [n for n in leftovers(made) if "lock" not in n] == []


def test_a_panic_of_an_engine_is_one_line(made, monkeypatch, capfd, tmp_path):
    """Rust's panics aren't exceptions like others; they end as our bugs do."""
    import tempfile

    import codemerge.dry_run as work

    class PanicException(BaseException):
        """Stands for pyo3_runtime.PanicException."""

    def panics(*_: object) -> None:
        raise PanicException("19121212-1212")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(work, "run", panics)
    before = tables(made / "run")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["dry-run", str(made)])
    said = capfd.readouterr().err
    assert stopped.value.code == 70
    assert len(said.strip().splitlines()) == 1
    assert "1212" not in said
    assert tables(made / "run") == before


def test_tables_are_the_same_bytes_in_any_surroundings(made, tmp_path):
    """Locale, hash seed, threads, time zone, order of rows and name of the folder don't matter."""
    wanted = tables(made / "run")
    ways = [
        {"PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "POLARS_MAX_THREADS": "1"},
        {"PYTHONHASHSEED": "99", "LC_ALL": "C", "LANG": "C", "POLARS_MAX_THREADS": "2", "TZ": "Asia/Tokyo"},
        {"PYTHONHASHSEED": "12345", "LC_ALL": "sv_SE.UTF-8", "POLARS_MAX_THREADS": "8"},
        {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "2"},
        {"PYTHONHASHSEED": "4294967295", "LC_ALL": "sv_SE.UTF-8", "POLARS_MAX_THREADS": "1"},
    ]
    begun = [
        begin("dry-run", _elsewhere(made, tmp_path / f"å{n}", n), "--tables-only", env=way, before=SET_LOCALE)
        for n, way in enumerate(ways)
    ]
    for n, process in enumerate(begun):
        assert ended(process)[0] in (0, 1)
        assert tables(tmp_path / f"å{n}" / "run") == wanted, ways[n]


SET_LOCALE = """
import locale
try:
    locale.setlocale(locale.LC_ALL, '')
except locale.Error:
    pass
"""


def _elsewhere(made: Path, root: Path, seed: int) -> Path:
    """Copy a project with its rows in another order."""
    root.mkdir()
    for path in made.glob("*.*"):
        if path.suffix not in {".csv", ".toml"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            head, *rows = text.splitlines(keepends=True)
            text = head + "".join(rows[seed:][::-1] + rows[:seed])
        (root / path.name).write_text(text, encoding="utf-8")
    return root


def test_blocking_sockets_blocks():
    """The block itself works: else the test above would prove nothing."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED + "import urllib.request\nurllib.request.urlopen('http://localhost:9')"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "a socket was asked for" in done.stderr
