"""The story told in docs/sv/bedomning.md is run as it stands: exports, commands, and what people fill in."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from codemerge.cli import main
from tests.workbook_desk import fill

PAGE = Path(__file__).parent.parent / "docs" / "sv" / "bedomning.md"


def steps(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield what the page does, in order: (file | run | fill, argument, body)."""
    story = text[text.index("## En hel omgång") :]
    for found in re.finditer(
        r"```(csv|sh) ?(\S*)\n(.*?)```|<!-- fyll i (\S+) -->\n\n((?:\|[^\n]*\n)+)", story, re.DOTALL
    ):
        kind, name, body, book, rows = found.groups()
        if kind == "csv":
            yield "file", name, body
        elif kind == "sh":
            yield "run", "", body
        else:
            yield "fill", book, rows


def answers(rows: str) -> list[dict[str, str]]:
    """Return a table's rows by header."""
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in rows.strip().splitlines()]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def test_the_story_runs_as_it_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    said = []
    for kind, name, body in steps(PAGE.read_text(encoding="utf-8")):
        if kind == "file":
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(body, encoding="utf-8")
        elif kind == "fill":
            for row in answers(body):
                where = {h: row.pop(h) or None for h in ("RÖ kod", "RKL kod") if h in row}
                fill(tmp_path / name, where, {h: v or None for h, v in row.items()})
        else:
            for line in body.strip().splitlines():
                command, _, code = line.partition("#")
                with pytest.raises(SystemExit) as ended:
                    main(shlex.split(command)[1:])
                output = "".join(capsys.readouterr())
                assert ended.value.code == int(code.partition(":")[0] or 0), f"{command}\n{output}"
                said.append(output)
    assert any("Anna" in text and "Bo" in text for text in said)
    assert "300000\tequivalent\t30000\t" in said[-2]
