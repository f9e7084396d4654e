"""Where a key stands in a TOML text, so that a problem can name the line, and what was likely meant."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from difflib import SequenceMatcher

Path = tuple[str | int, ...]

_SPACE = " \t\r\n"
_BARE_END = ",]}#\r\n"


def line_of(text: str, path: Path) -> int | None:
    """Return the 1-based line where a key path, or else its nearest ancestor, is written.

    Args:
        text: a TOML document that parses.
        path: keys and indices from the root, as in a pydantic error's ``loc``.

    Returns:
        The line of the deepest part of the path that the text holds; None when it holds none.
    """
    lines = positions(text)
    for depth in range(len(path), 0, -1):
        if path[:depth] in lines:
            return lines[path[:depth]]
    return None


def positions(text: str) -> dict[Path, int]:
    """Return the line of every table, key and array element of a TOML document.

    A document that doesn't parse gives what could be read up to the fault.
    """
    scanner = _Scanner(text)
    with contextlib.suppress(IndexError):  # an unfinished document: what was seen so far has its line
        scanner.document()
    return scanner.lines


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was most likely meant, or None when none is near.

    Case, spaces, dots, hyphens and underscores don't count; ties go to the first in order.
    """
    wanted = _plain(word)
    best, score = None, 0.6
    for candidate in sorted(set(known)):
        ratio = SequenceMatcher(None, wanted, _plain(candidate)).ratio()
        if ratio > score:
            best, score = candidate, ratio
    return best


def _plain(word: str) -> str:
    return "".join(c for c in word.casefold() if c not in " .-_")


class _Scanner:
    """Walks a valid TOML document once and remembers where each path begins (TOML 1.0)."""

    def __init__(self, text: str) -> None:
        self.text = text + "\n"
        self.at = 0
        self.line = 1
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._skip():
            if self.text.startswith("[[", self.at):
                table = self._header(2)
            elif self.text[self.at] == "[":
                table = self._header(1)
            else:
                self._pair(table)

    def _step(self, count: int = 1) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def _skip(self, also: str = "") -> bool:
        """Pass over space, line breaks and comments; False at the end of the text."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self._step(self.text.index("\n", self.at) - self.at)
            elif self.text[self.at] in _SPACE + also:
                self._step()
            else:
                return True
        return False

    def _header(self, brackets: int) -> Path:
        line = self.line
        self._step(brackets)
        keys = self._keys("]")
        self._step(brackets)
        path: Path = ()
        for depth, key in enumerate(keys, 1):
            path = (*path, key)
            self.lines.setdefault(path, line)
            if brackets == 2 and depth == len(keys):
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
                self.lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self.line
        path = table
        for key in self._keys("="):
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._step()
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip(".")
            if self.text[self.at] == end:
                return keys
            if self.text[self.at] in "\"'":
                keys.append(self._string())
                continue
            start = self.at
            while self.text[self.at] not in f". \t\r\n{end}":
                self._step()
            if self.at == start:  # not TOML: stop rather than stand still
                raise IndexError(start)
            keys.append(self.text[start : self.at])

    def _string(self) -> str:
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        start = self.at + len(mark)
        end = start
        while not self.text.startswith(mark, end):
            if end >= len(self.text):
                raise IndexError(start)
            end += 2 if quote == '"' and self.text[end] == "\\" else 1
        while len(mark) == 3 and self.text[end + 3] == quote:  # """a"""" ends in a quote of its own
            end += 1
        self._step(end + len(mark) - self.at)
        return self.text[start:end]

    def _value(self, path: Path) -> None:
        self._skip()
        char = self.text[self.at]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._items(path)
        elif char == "{":
            self._step()
            while self._skip(",") and self.text[self.at] != "}":
                self._pair(path)
            self._step()
        else:
            start = self.at
            while self.text[self.at] not in _BARE_END:
                self._step()
            if self.at == start:
                raise IndexError(start)

    def _items(self, path: Path) -> None:
        self._step()
        index = 0
        while self._skip(",") and self.text[self.at] != "]":
            self.lines.setdefault((*path, index), self.line)
            self._value((*path, index))
            index += 1
        self._step()
