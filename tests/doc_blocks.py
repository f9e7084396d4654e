"""The fenced blocks of a page: found, run by a shell, and their output made comparable."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from codemerge.cli import main

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_CHANGES = ((r"\b[0-9a-f]{10,64}\b", "<hash>"), (r"\b20\d\d-\d\d-\d\d\b", "<date>"))
# A command may say no (1: blocked, stale, refused rows); what it may not do is fail.
_WATCH = 'set -o pipefail; trap \'s=$?; if [ "$s" -gt 1 ]; then exit "$s"; fi\' ERR\n'


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, its line, what it is said to be, its text."""

    page: Path
    line: int
    kind: str
    text: str

    @property
    def place(self) -> str:
        """Say where it stands."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """Return every fenced block of a page, in order."""
    whole = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            whole[: found.start()].count("\n") + 1,
            found[2].strip().partition(" ")[0],
            re.sub(rf"(?m)^{found[1]}", "", found[3]),
        )
        for found in _FENCE.finditer(whole)
    ]


def pages() -> list[Path]:
    """Return README, CONTRIBUTING, CHANGELOG and every page of the documentation."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "fixtures").glob("*.md"))]


def ours(text: str) -> list[str] | None:
    """Return the lines of a block of nothing but commands of ours; None where it needs a shell."""
    lines = [
        line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")
    ]
    plain = all(re.match(r"codemerge (?!.*(--threads|--memory))[^|<>;&$]*$", line) for line in lines)
    return lines if plain else None


def run(text: str, folder: Path, kind: str = "sh") -> tuple[int, str]:
    """Run a block in a folder; return exit code and output.

    Commands of ours are typed in this process: the shell would answer the same, half a second later.
    """
    lines = ours(text) if kind == "sh" else None
    if lines is None:
        return _in_another_process(text, folder, kind)
    said = io.StringIO()
    codes = [_typed(line, folder, said) for line in lines]
    return max(codes), said.getvalue()


def _typed(line: str, folder: Path, said: io.StringIO) -> int:
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(shlex.split(line, comments=True)[1:])
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0


def _in_another_process(text: str, folder: Path, kind: str) -> tuple[int, str]:
    """Run a block by bash or Python, with ``codemerge`` and ``python`` on the path."""
    bin_folder = Path(sys.executable).parent
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("LC_", "PYTEST"))},
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }
    command = ["bash", "-c", _WATCH + text] if kind == "sh" else [sys.executable, "-c", text]
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, encoding="utf-8", check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def settled(text: str) -> str:
    """Put placeholders for hashes and dates, and drop what no reader sees: ends of lines, empty ends."""
    for pattern, name in _CHANGES:
        text = re.sub(pattern, name, text)
    return "\n".join(line.rstrip() for line in text.replace("\u00a0", " ").strip("\n").splitlines())
