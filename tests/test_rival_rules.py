"""Rules that contradict each other or never fire are told with both places; the shipped ones have none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from codemerge import cli
from codemerge.rules.loader import load_rules
from codemerge.rules.rival_rules import rival_rules, words_never_met
from codemerge.rules.shipped import shipped
from codemerge.rules.words import describe
from tests.trust_project import GADGET, make_project

HERE = Path(__file__).resolve().parent
CASES: list[dict[str, Any]] = tomllib.loads(
    (HERE / "cases" / "rival_rules.toml").read_text(encoding="utf-8")
)["case"]
CHECK = """[[check]]
id       = "{id}"
name     = "own_check"
title    = {{ sv = "Egen", en = "Own" }}
severity = "{severity}"
entity   = "exam"
owner    = "IT"
verb     = "same_value"
given    = {given}
message     = {{ sv = "x", en = "x" }}
explanation = {{ sv = "x", en = "x" }}
resolution  = {{ sv = "x", en = "x" }}
"""


def pack_of(case: dict[str, Any], pack: Path) -> Path:
    """Write a case's files as a rule pack."""
    checks = "".join(CHECK.format(**{"severity": "warning", **c}) for c in case.get("check", []))
    text = (GADGET + "\n" if case.get("page") else "") + case.get("text", "").lstrip("\n") + checks
    for name, rows in {case["file"]: text, **case.get("more", {})}.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(rows, encoding="utf-8")
    return pack


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_rivals_are_told_with_both_lines(case, tmp_path):
    """One problem of one kind at one line, or none; worded in both languages."""
    pack = pack_of(case, tmp_path / "pack")
    found = rival_rules(load_rules([pack]), [pack])
    wanted = [(case["kind"], case["file"].rpartition("vocabulary/")[2], case["line"])] if case["kind"] else []
    assert [(p.kind, p.file, p.line) for p in found] == wanted
    for problem in found:
        assert problem.values.get("first") == case.get("first")
        for language in ("sv", "en"):
            assert "{" not in describe(problem, language)


def test_the_shipped_rules_hold_no_rivals():
    """Each of their rows can be reached, and none denies another."""
    assert [describe(p, "en") for p in rival_rules(load_rules(), [shipped("rules")])] == []


def test_own_words_that_no_name_holds_are_told(tmp_path):
    """By the word of the rules; names of the catalogs are never repeated."""
    pack = tmp_path / "pack"
    (pack / "vocabulary").mkdir(parents=True)
    rows = "word,concept,language,note\nhjärta,heart,sv,\nhjrata,heart,sv,\n"
    (pack / "vocabulary" / "body_part.csv").write_text(rows, encoding="utf-8")
    found = words_never_met([pack], ["body_part"], ["DT Hjärta utan kontrast", "Lungor"])
    assert [(p.file, p.line, p.values["found"]) for p in found] == [("body_part.csv", 3, "hjrata")]


@pytest.mark.parametrize("command", [["check"], ["dry-run", "--tables-only"], ["rules", "test"]])
def test_rivals_in_a_projects_own_rules_are_said_and_stop_nothing(command, tmp_path, capfd):
    """A warning on stderr with file and line; the command ends as it would."""
    root = make_project(tmp_path / "p")
    text = (root / "codemerge.toml").read_text(encoding="utf-8")
    (root / "codemerge.toml").write_text(
        text.replace("[policy]", '[policy]\nrules = ["pack"]'), encoding="utf-8"
    )
    pack_of(CASES[0], root / "pack")
    with pytest.raises(SystemExit) as ended:
        cli.main(
            [*command[:1], *command[1:2], str(root), *command[2:]]
            if command[0] == "rules"
            else [command[0], str(root), *command[1:]]
        )
    assert ended.value.code in (0, None)
    said = capfd.readouterr().err
    assert "spellings.csv:3" in said
    assert "spellings.csv:2" in said
