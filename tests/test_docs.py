"""What the documentation says is so: its blocks run, its links lead somewhere, its written pages are current.

Pages that tell a story with an ending of their own have a test of their own (`STORIES`). Blocks
marked ``text`` show what is seen; blocks marked ``console`` set up a machine (``.ci/run`` does that).
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from codemerge.reference import reference
from codemerge.rules.check import Check
from codemerge.rules.loader import load_rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.rules.shipped import shipped
from tests.doc_blocks import ROOT, Block, blocks, ours, pages, run

DOCS = ROOT / "docs"
STORIES = {
    "docs/tutorial.md": "test_tutorial",
    "docs/python-api.md": "test_api",
    "docs/sv/bedomning.md": "test_review_story",
}
SHOWN = {"text", "console", "mermaid"}
RUN = {"sh", "python"}


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def all_blocks(*kinds: str) -> list[Block]:
    return [b for page in pages() if name_of(page) not in STORIES for b in blocks(page) if b.kind in kinds]


def places(found: list[Block]) -> list[object]:
    return [pytest.param(block, id=block.place) for block in found]


# ---- blocks that are read --------------------------------------------------------------------------


def test_every_block_says_what_it_is():
    """A block that is nothing known is a block that nobody tries."""
    known = SHOWN | RUN | {"toml", "csv", "json"}
    assert [b.place for page in pages() for b in blocks(page) if b.kind not in known] == []


def test_setting_up_a_machine_is_told_once():
    """A block that isn't run needs a reason; there are few."""
    assert {name_of(b.page) for b in all_blocks("console")} <= {
        "README.md",
        "docs/install.md",
        "CONTRIBUTING.md",
    }


def test_stories_have_tests_of_their_own():
    for page, test in STORIES.items():
        assert page.rsplit("/", 1)[-1] in (ROOT / "tests" / f"{test}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", places(all_blocks("toml")))
def test_toml_is_what_a_project_or_rules_file_may_say(block: Block):
    said = tomllib.loads(block.text)
    if set(said) <= set(Project.model_fields):
        regions = said.get("regions") or list(
            dict.fromkeys([*said.get("region", {}), *(s["region"] for s in said.get("source", []))])
        )
        assert Project.model_validate({**said, "regions": regions})
    elif all(re.fullmatch(r"[A-Z]{3}-\d{3}", key) for key in said):
        assert all(case["says"] for cases in said.values() for case in cases)  # test_checks runs them
    elif "check" in said:
        assert [Check.model_validate(check) for check in said["check"]]
    else:
        assert Entity.model_validate(said)


@pytest.mark.parametrize("block", places(all_blocks("csv")))
def test_csv_is_a_table_and_its_concepts_are_declared(block: Block):
    header, *rows = csv.reader(
        io.StringIO(block.text), delimiter=";" if ";" in block.text.splitlines()[0] else ","
    )
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    if "concept" in header:
        declared = (ROOT / "rules" / "vocabulary" / "concepts.csv").read_text(encoding="utf-8")
        for row in rows:
            assert row[header.index("concept")] in declared


# ---- blocks that are run ---------------------------------------------------------------------------


FIRST = "codemerge demo demo --lang en"
SEEN = {FIRST}  # what was answered on one copy of the desk isn't asked again on another


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a page may lean on: ``demo/`` after ``codemerge demo demo``, raw exports in ``project/``."""
    folder = tmp_path_factory.mktemp("desk")
    code, said = run(FIRST, folder)
    assert code == 0, said
    for region in ("ro", "rkl"):
        shutil.copytree(folder / "demo" / region, folder / "project" / "exports" / region)
    return folder


RUNNABLE = sorted({b.page for b in all_blocks(*RUN)})


@pytest.mark.parametrize("page", RUNNABLE, ids=name_of)
def test_every_block_runs(page: Path, desk: Path, tmp_path: Path):
    """In order, in a folder of its own: an answer of no (exit code 1) is an answer, an error isn't."""
    shutil.copytree(desk, tmp_path, dirs_exist_ok=True)
    for block in blocks(page):
        if block.kind not in RUN:
            continue
        lines = ours(block.text) if block.kind == "sh" else None
        for line in [block.text] if lines is None else [line for line in lines if line not in SEEN]:
            code, said = run(line, tmp_path, block.kind)
            assert code in {0, 1}, f"{block.place}: {line}\n{said}"
            SEEN.update([] if line.startswith("codemerge init") else [line])


def test_every_help_ends_in_an_example():
    """The page of commands holds them, and its blocks run; none is missing or empty."""
    page = DOCS / "reference" / "cli.md"
    commands = re.findall(r"^## (codemerge .*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    examples = [b.text for b in blocks(page) if b.kind == "sh"]

    assert len(commands) > 20
    for command, example in zip(commands, examples, strict=True):
        assert example.startswith(command), command


# ---- links and written pages -----------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_leads_somewhere(page: Path):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        there = (page.parent / place).resolve() if place else page
        assert there.exists(), f"{name_of(page)}: {link}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{name_of(page)}: {link}"


def test_written_pages_are_what_the_code_says():
    """Run ``make docs`` when this fails."""
    out_of_reach = (shipped("rules") / "checks" / "out_of_reach.toml").read_text(encoding="utf-8")
    for name, text in reference(load_rules(), out_of_reach).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"docs/{name}: run make docs"


def test_the_page_of_the_project_file_has_every_key():
    text = (DOCS / "project-file.md").read_text(encoding="utf-8")
    for key in set(Project.model_fields) - {"root"}:
        assert f"`{key}`" in text


def test_every_page_is_in_the_menu():
    """A page nobody can find isn't there; of the decisions, the first ones lead to the folder."""
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        assert page.parent.name == "decisions" or page.relative_to(DOCS).as_posix() in menu
