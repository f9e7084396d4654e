"""``init`` turns a folder of unknown exports into a project file that runs as it stands."""

from __future__ import annotations

import shutil
import sqlite3
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from codemerge.errors import BadInputError
from codemerge.files.project_writer import init_project
from codemerge.files.sources import read_catalogs
from codemerge.rules.loader import load_project
from codemerge.rules.page import Entity
from codemerge.rules.regions import known_regions
from codemerge.rules.shipped import shipped
from tests.conftest import page
from tests.reading_desk import rules_with

_NOT_PAGES = {"facets", "target", "regions"}


@pytest.fixture(scope="module")
def pages() -> SimpleNamespace:
    """The shipped pages, without vocabulary: init must do without too."""
    read = [
        Entity.model_validate(tomllib.loads(p.read_text(encoding="utf-8")))
        for p in shipped("rules").glob("*.toml")
        if p.stem not in _NOT_PAGES
    ]
    return rules_with(*sorted(read, key=lambda e: (e.order, e.id)))


@pytest.fixture(scope="module")
def by_hand() -> dict:
    """The fixtures' project file, written by hand."""
    return tomllib.loads((shipped("fixtures") / "codemerge.toml").read_text(encoding="utf-8"))


def exports(to: Path, name) -> dict[str, str]:
    """Copy the raw exports under other names; return new path → old path."""
    renamed = {}
    for region in ("ro", "rkl", "rjl"):
        for n, path in enumerate(sorted((shipped("fixtures") / region).iterdir())):
            new = to / name(region, n, path)
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, new)
            renamed[new.relative_to(to).as_posix()] = f"{region}/{path.name}"
    return renamed


@pytest.mark.parametrize(
    "name",
    [
        lambda region, _n, path: f"{region}/{path.name}",
        lambda region, _n, path: f"{region}_{path.name}",
        lambda region, n, path: f"{region}/export{n}{path.suffix}",
        lambda region, _n, path: f"system-{'zyx'[len(region) - 2]}{region[1]}/{path.name}",
    ],
    ids=["as they came", "one flat folder", "names that say nothing", "folders that say nothing"],
)
def test_raw_exports_give_the_sources_of_the_hand_written_project(tmp_path, pages, by_hand, name):
    """Region and entity of all 42 tables, whatever the files are called."""
    renamed = exports(tmp_path, name)
    written = init_project(tmp_path, [], pages, "sv")
    guessed = tomllib.loads(written.path.read_text(encoding="utf-8"))

    def keys(sources, names):
        return {(s["region"], s["entity"], names.get(s["path"], s["path"]), s.get("sheet")) for s in sources}

    assert keys(guessed["source"], renamed) == keys(by_hand["source"], {})
    assert set(guessed["regions"]) == set(by_hand["regions"])
    assert written.sources == len(by_hand["source"])
    for region, about in guessed["region"].items():
        assert about["org"] == by_hand["region"][region]["org"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_written_project_runs_as_it_stands(tmp_path, pages, language):
    exports(tmp_path, lambda region, _n, path: f"{region}/{path.name}")
    written = init_project(tmp_path, [], pages, language)
    project = load_project(written.path)
    assert project.language == language
    assert sum(i.rows for i in read_catalogs(project, pages).inputs) > 1_000


def test_a_project_file_is_never_overwritten(tmp_path, pages):
    (tmp_path / "codemerge.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        init_project(tmp_path, [], pages, "sv")
    assert [p.kind for p in refused.value.problems] == ["project.exists"]
    assert (tmp_path / "codemerge.toml").read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_read_or_recognised_is_listed_as_comments(tmp_path, pages):
    exports(tmp_path, lambda region, _n, path: f"{region}/{path.name}")
    (tmp_path / "rkl" / "skadad.csv").write_text("Kod;Namn\n1;x\n2\n", encoding="utf-8")
    (tmp_path / "rkl" / "annat.csv").write_text("Färg;Form\nröd;rund\n", encoding="utf-8")
    (tmp_path / "rkl" / "~$bok.xlsx").write_bytes(b"x")
    (tmp_path / "rkl" / "brev.docx").write_bytes(b"x")
    text = init_project(tmp_path, [], pages, "sv").path.read_text(encoding="utf-8")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert any("skadad.csv" in line for line in comments)
    assert any("rkl/annat.csv" in line for line in comments)
    assert any("rkl/brev.docx" in line for line in comments)
    assert "~$" not in text


def test_unsure_guesses_say_what_else_it_could_be(tmp_path):
    one = page("gadget", files=["pryl"])
    other = page("gizmo", files=["manick"])
    for name in ("left.csv", "right.csv"):
        (tmp_path / name).write_text("Kod;Namn\n1;x\n2;y\n", encoding="utf-8")
    written = init_project(tmp_path, [], rules_with(one, other), "en")
    text = written.path.read_text(encoding="utf-8")
    assert "could also be gizmo" in text
    assert written.unsure == 2
    assert load_project(tmp_path).regions == ("left", "right")


def test_files_elsewhere_may_be_named_and_a_missing_one_is_told(tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "rkl.csv").write_text("Kod;Namn\n1;x\n", encoding="utf-8")
    rules = rules_with(page())
    with pytest.raises(BadInputError) as refused:
        init_project(tmp_path / "new", [tmp_path / "nowhere.csv"], rules, "sv")
    assert [p.kind for p in refused.value.problems] == ["source.missing"]
    written = init_project(tmp_path / "new", [tmp_path / "exports"], rules, "sv")
    assert load_project(written.path).source[0].path == "../exports/rkl.csv"
    assert read_catalogs(load_project(written.path), rules).inputs[0].rows == 1


def test_a_folder_without_catalogs_is_told(tmp_path):
    (tmp_path / "a.csv").write_text("", encoding="utf-8")
    with pytest.raises(BadInputError) as refused:
        init_project(tmp_path, [], rules_with(page()), "sv")
    assert {p.kind for p in refused.value.problems} == {"project.nothing_found", "csv.empty"}


def test_each_table_of_a_database_file_becomes_a_source_with_its_query(tmp_path):
    base = sqlite3.connect(tmp_path / "rkl.sqlite")
    base.execute('CREATE TABLE "gad""get" (Kod TEXT, Namn TEXT)')
    base.execute("""INSERT INTO "gad""get" VALUES ('1', 'x')""")
    base.commit()
    base.close()
    rules = rules_with(page())
    project = load_project(init_project(tmp_path, [], rules, "sv").path)
    assert project.source[0].query == 'SELECT * FROM "gad""get"'
    assert read_catalogs(project, rules).rows["gadget"]["code"].to_list() == ["1"]


def test_names_in_files_cannot_break_out_of_comments_or_strings(tmp_path):
    evil = 'x"\n[policy]\nsignoff = 9\n#\u2028\x1b['
    quoted = evil.replace('"', '""')
    (tmp_path / "rkl.csv").write_text(f'Kod;Namn;"{quoted}"\n1;x;y\n', encoding="utf-8")
    written = init_project(tmp_path, [], rules_with(page()), "sv")
    assert tomllib.loads(written.path.read_text(encoding="utf-8")).get("policy") is None


def test_known_regions_have_valid_organisation_numbers_and_unique_names():
    regions = known_regions()
    assert len({r.id for r in regions}) == len(regions) == 21
    hints = [h for r in regions for h in r.hints]
    assert len(set(hints)) == len(hints)
    for region in regions:
        digits = [int(c) * (1 + (n % 2 == 0)) for n, c in enumerate(region.org.replace("-", ""))]
        assert sum(d // 10 + d % 10 for d in digits) % 10 == 0
