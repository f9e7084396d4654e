"""The tutorial is run from its first block to its last; what it says is answered, is answered.

``python -m tests.test_tutorial`` writes the answers into the page again: look at the difference.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from pathlib import Path

from tests.doc_blocks import ROOT, Block, blocks, run, settled

PAGE = ROOT / "docs" / "tutorial.md"


def told(folder: Path, story: list[Block]) -> list[tuple[Block, str]]:
    """Run the story in a folder; return each answer the page shows, and what was answered."""
    answers, answered = [], ""
    space: dict[str, object] = {}
    for block in story:
        if block.kind == "text":
            answers.append((block, settled(answered)))
        elif block.kind == "python":
            answered = played(block, folder, space)
        else:
            code, answered = run(block.text, folder)
            assert code in {0, 1}, f"{block.place}: exit code {code}\n{answered}"
    return answers


def played(block: Block, folder: Path, space: dict[str, object]) -> str:
    """Run a block of Python in the folder; return what it printed."""
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(block.text, block.place, "exec"), space)  # noqa: S102 - our own page
    return printed.getvalue()


def without_weights(text: str) -> str:
    """Leave out which comparisons gave how many bits."""
    lines = [line for line in text.splitlines() if not re.match(r" +[+-]\d+\.\d  ", line)]
    return re.sub(r"\d+\.\d+", "<number>", "\n".join(lines))


def test_the_tutorial_says_what_happens(tmp_path):
    """Every block in order; hashes and dates aside, every shown answer is the answer.

    Which comparisons there are and how many bits they give follows from the rules; other tests judge that.
    """
    folder = tmp_path / "tutorial"
    folder.mkdir()
    answers = told(folder, blocks(PAGE))

    assert len(answers) >= 10
    for block, answered in answers:
        assert without_weights(settled(block.text)) == without_weights(answered), (
            f"{block.place}: run python -m tests.test_tutorial and look"
        )


def rewrite() -> None:
    """Write what is answered now into the page."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "tutorial"
        folder.mkdir()
        answers = told(folder, blocks(PAGE))
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for block, answered in reversed(answers):
        end = block.line + block.text.count("\n")
        lines[block.line : end] = answered.splitlines()
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
    sys.stdout.write(f"{PAGE}\n")
