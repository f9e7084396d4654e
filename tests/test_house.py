"""The house keeps its own rules: one way in, entities as data, words for everything said."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src" / "codemerge"
RULES = SRC.parent.parent / "rules"
FILES = sorted(SRC.rglob("*.py"))

# From the ground up; a file may import its own floor and those below.
FLOORS = [
    {"errors", "model"},
    {"tables"},
    {"library"},
    {"rules"},
    {"answers", "library.checks"},  # check verbs lie beside the other verbs, but read declarations
    {"stages", "files"},
    {
        "pipeline",
        "evaluate",
        "dry_run",
        "publish",
        "terminal",
        "resources",
        "examples",
        "rescore",
        "linkage",
        "inputs",
        "api",
        "__init__",
    },
    {"cli", "__main__", "reference", "reference_parts"},
]
STATELESS = {"stages", "library", "answers"}
DOORS = {
    "open",
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "now",
    "today",
    "time",
    "random",
    "urandom",
}

# A column of a table that a contract names may bear an entity's name: it isn't the entity.
NAMED_BY_CONTRACT = {"role"}


def floor_of(part: str) -> int:
    return next(n for n, rooms in enumerate(FLOORS) if part in rooms)


def part_of(path: Path) -> str:
    inside = path.relative_to(SRC)
    return room_of([*inside.parts[:-1], inside.stem])


def room_of(parts: list[str]) -> str:
    return "library.checks" if parts[:2] == ["library", "checks"] else parts[0]


def imports_of(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("codemerge"):
            found.append(node.module or "")
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.startswith("codemerge")]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_imports_point_one_way(path):
    """A room imports its own floor or one below; stages and answers never import each other's files."""
    here = part_of(path)
    for name in imports_of(path):
        there = room_of(name.split(".")[1:] or ["__init__"])
        assert floor_of(there) <= floor_of(here), f"{path.relative_to(SRC)} imports {name}"
        if here == "stages":
            assert there != "files", f"{path.name} opens a door: {name}"


def test_no_stage_imports_another():
    """Every stage is understood alone."""
    for path in (SRC / "stages").glob("*.py"):
        others = [n for n in imports_of(path) if n.startswith("codemerge.stages")]
        assert others == [], path.name


@pytest.mark.parametrize(
    "path", [p for p in FILES if part_of(p).split(".")[0] in STATELESS], ids=lambda p: str(p.relative_to(SRC))
)
def test_pure_rooms_open_no_file_and_read_no_clock(path):
    """Stages, library and answers are functions of what they are given."""
    calls = [
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    ]
    assert not DOORS & set(calls), sorted(DOORS & set(calls))


def test_entities_are_data():
    """No text in the code equals an entity's id."""
    ids = {tomllib.loads(p.read_text(encoding="utf-8")).get("id") for p in RULES.glob("*.toml")} - {None}
    ids -= NAMED_BY_CONTRACT
    found = [
        f"{path.relative_to(SRC)}:{node.lineno} {node.value!r}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_files_stay_readable(path):
    """No file above 400 lines, no drawer for odds and ends."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.stem not in {"util", "utils", "misc", "helpers", "common", "manager", "base", "core"}


def texts(table: dict, at: str = "") -> list[tuple[str, object]]:
    if set(table) & {"sv", "en"}:
        return [(at, table)]
    return [
        pair
        for key, value in table.items()
        if isinstance(value, dict)
        for pair in texts(value, f"{at}.{key}")
    ]


@pytest.mark.parametrize("path", sorted((RULES / "words").glob("*.toml")), ids=lambda p: p.name)
def test_every_text_is_in_both_languages_with_the_same_placeholders(path):
    """What is said in Swedish is said in English."""
    for at, text in texts(tomllib.loads(path.read_text(encoding="utf-8"))):
        assert set(text) == {"sv", "en"}, f"{path.name}{at}"
        holes = [set(re.findall(r"{(\w+)", text[lang])) for lang in ("sv", "en")]
        assert holes[0] == holes[1], f"{path.name}{at}"


def test_every_problem_that_code_raises_has_words():
    """A Problem without words would be a KeyError in front of a user."""
    words = tomllib.loads((RULES / "words" / "problems.toml").read_text(encoding="utf-8"))
    known = {f"{group}.{kind}" for group, kinds in words.items() for kind in kinds}
    raised = {
        node.args[0].value
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert raised - known == set()
