"""The ten public names: light to import, typed, and a run that a notebook shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import codemerge
from codemerge import Run
from codemerge.rules.shipped import shipped
from tests.small_runs import A_ROWS, small_run


def a_run(tmp_path, **more) -> Run:
    return Run(small_run(**more), tmp_path / "run")


def test_there_are_at_most_ten_names_and_each_is_there():
    """Small enough to remember."""
    assert len(codemerge.__all__) <= 10
    for name in codemerge.__all__:
        assert getattr(codemerge, name).__doc__, name


def test_importing_codemerge_imports_no_engine():
    """Import codemerge is instant; the engines come with the first use."""
    code = "import codemerge, sys; print(sorted({'polars', 'duckdb', 'pydantic'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error():
    """As of any module."""
    try:
        codemerge.nothing  # noqa: B018 - the access is the test
    except AttributeError as error:
        assert "nothing" in str(error)
    else:
        raise AssertionError


def test_a_run_translates_and_exports(tmp_path):
    """Frames in, frames out; a file whole."""
    run = a_run(tmp_path)

    assert run.translate("gadget", ["K7", "none"], "B", "A")["target"].to_list() == ["007", None]
    done = run.export("conceptmap", tmp_path / "map.json")
    assert json.loads(done.files[0].read_text())["resourceType"] == "Bundle"
    both = run.export("stcm", tmp_path / "stcm.csv").files
    assert [p.name for p in both] == ["stcm.csv", "stcm-concept.csv"]


def test_two_runs_are_compared(tmp_path):
    """The same verb as on the command line."""
    assert a_run(tmp_path).diff(a_run(tmp_path)).same
    assert not a_run(tmp_path).diff(a_run(tmp_path, a=A_ROWS[1:])).same


def test_a_notebook_shows_a_run_and_nothing_in_it_is_markup(tmp_path):
    """The verdict and a row per entity; data is text."""
    shown = a_run(tmp_path, a=[{"code": "<script>", "label": "x"}])._repr_html_()

    assert "<table>" in shown
    assert "<td>gadgets</td>" in shown
    assert "<script>" not in shown


def test_every_example_of_the_documentation_runs(tmp_path, monkeypatch, capsys):
    """The blocks of docs/python-api.md, in order, beside a copy of the example."""
    page = (Path(__file__).resolve().parent.parent / "docs" / "python-api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shutil.copytree(shipped("fixtures"), tmp_path / "demo")
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python-api.md", "exec"), space)  # noqa: S102 - our own page

    assert len(blocks) >= 7
    assert "blocked" in capsys.readouterr().out
    assert (tmp_path / "demo" / "conceptmap.json").is_file()
