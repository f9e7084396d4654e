"""``codemerge init``: from a folder of unknown exports to a commented project file that runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from codemerge.answers.guess import Guess, guess_all
from codemerge.errors import BadInputError, Problem
from codemerge.files.atomic import write_text
from codemerge.files.glimpse import Look, look_at
from codemerge.files.sources import alias_book
from codemerge.rules.loader import PROJECT_FILE, Rules
from codemerge.rules.project import Policy
from codemerge.rules.regions import KnownRegion, known_regions
from codemerge.rules.words import describe, printable, say

_SHOWN_HEADERS = 60


@dataclass(frozen=True, slots=True)
class Written:
    """What ``init`` did.

    Args:
        path: the project file.
        sources: number of sources in it.
        unsure: of them, those a person should check.
    """

    path: Path
    sources: int
    unsure: int


def init_project(folder: Path, files: Sequence[Path], rules: Rules, language: str) -> Written:
    """Look at files and write a project file.

    Args:
        folder: where the project file is to stand; made if it isn't there.
        files: files or folders to look at; empty: the folder itself.
        rules: the entities' pages.
        language: ``sv`` or ``en``, of the comments and the project.

    Returns:
        What was written.

    Raises:
        BadInputError: there is a project file already, a named file is missing, or no catalog was
            found.
    """
    path = folder / PROJECT_FILE
    problems = [Problem("source.missing", str(f), values={"nearest": "-"}) for f in files if not f.exists()]
    if path.exists():
        problems.append(Problem("project.exists", str(path), values={"expected": PROJECT_FILE}))
    if not files and not folder.is_dir():
        problems.append(Problem("project.nothing_found", str(folder)))
    if problems:
        raise BadInputError(problems)
    books = {e.id: alias_book(e) for e in rules.entities.values()}
    look = look_at(folder, files, list(books.values()))
    guesses = guess_all(look.tables, rules, books, known_regions())
    known = [g for g in guesses if g.entity is not None]
    if not known:
        unread = [problem for listed in look.unread.values() for problem in listed]
        raise BadInputError([Problem("project.nothing_found", str(folder)), *unread])
    twice = _twice(known)
    text = project_text(guesses, look, rules, known_regions(), language, name=folder.resolve().name)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return Written(path, len(known), sum(not g.sure or (g.region, g.entity) in twice for g in known))


def project_text(
    guesses: Sequence[Guess],
    look: Look,
    rules: Rules,
    regions: Sequence[KnownRegion],
    language: str,
    *,
    name: str,
) -> str:
    """Return the text of a project file for what was guessed."""
    tell = partial(_tell, language)
    known = [g for g in guesses if g.entity is not None]
    ids = _region_order(known, regions)
    lines = [*_comment(tell("head").strip("\n")), ""]
    lines += [f"name     = {_quoted(name)}", f"language = {_quoted(language)}"]
    listed = ", ".join(_quoted(r) for r in ids)
    lines += [f"regions  = [{listed}]  # {tell('regions')}"]
    if len(ids) == 1:
        lines += _comment(tell("one_region"))
    lines += _region_blocks(ids, known, regions, tell)
    twice = _twice(known)
    order = {entity: n for n, entity in enumerate(rules.entities)}
    for region in ids:
        lines += ["", f"# ---- {printable(region)} " + "-" * max(4, 90 - len(region))]
        own = sorted((g for g in known if g.region == region), key=lambda g: order[str(g.entity)])
        for guess in own:
            lines += ["", *_source(guess, tell, doubled=(guess.region, guess.entity) in twice)]
    lines += ["", *_policy(ids, tell), *_left_out(guesses, look, language, tell)]
    return "\n".join(lines) + "\n"


def _tell(language: str, key: str, **values: object) -> str:
    return say(f"init.file.{key}", language, **values)


def _region_order(known: Sequence[Guess], regions: Sequence[KnownRegion]) -> list[str]:
    places = {r.id: n for n, r in enumerate(regions)}
    return sorted({g.region for g in known}, key=lambda r: (places.get(r, len(places)), r))


def _region_blocks(
    ids: Sequence[str], known: Sequence[Guess], regions: Sequence[KnownRegion], tell: partial[str]
) -> list[str]:
    named = {r.id: r for r in regions}
    sure = {g.region for g in known if g.region_known}
    lines: list[str] = []
    for region in ids:
        lines += ["", f"[region.{_quoted(region)}]"]
        if region not in sure:
            lines += _comment(tell("made_up"))
        about = named.get(region)
        if about is not None:
            lines += [f"title  = {_quoted(about.title)}", f"org    = {_quoted(about.org)}"]
            lines += [f"prefix = {_quoted(about.prefix)}"] if about.prefix else []
        lines += [f'# defaults = {{ contrast = "without" }}  # {tell("defaults")}']
    return lines


def _source(guess: Guess, tell: partial[str], *, doubled: bool) -> list[str]:
    glimpse = guess.glimpse
    values = {"line": glimpse.header_line, "rows": glimpse.cells.height}
    if glimpse.encoding:
        note = tell("layout", encoding=glimpse.encoding, delimiter=glimpse.delimiter, **values)
    else:
        note = tell("table", **values)
    lines = ["[[source]]"]
    if guess.alternatives:
        lines += _comment(tell("unsure", found=", ".join(guess.alternatives)))
    if not guess.region_known:
        lines += _comment(tell("unsure_region"))
    if doubled:
        lines += _comment(tell("again"))
    lines += [
        f"region = {_quoted(guess.region)}",
        f"entity = {_quoted(str(guess.entity))}",
        f"path   = {_quoted(glimpse.path)}",
    ]
    lines += [f"sheet  = {_quoted(glimpse.sheet)}"] if glimpse.sheet else []
    lines += [f"query  = {_quoted(glimpse.query)}"] if glimpse.query else []
    pairs = ", ".join(f"{field} = {_shown(header)}" for field, header in guess.columns.items())
    lines += [*_comment(note), *_comment(tell("columns", found=pairs))]
    if guess.unrecognised:
        headers = [_shown(h) for h in guess.unrecognised[:_SHOWN_HEADERS]]
        lines += _comment(tell("unused", found=", ".join(headers)))
    return lines


def _policy(ids: Sequence[str], tell: partial[str]) -> list[str]:
    usual = Policy()
    return [
        "# " + "-" * 95,
        *_comment(tell("policy")),
        "# [policy]",
        f"# survivor      = {_quoted(ids[0])}",
        f"# decisions     = {_quoted(usual.decisions)}",
        f"# identifiers   = {_quoted(usual.identifiers)}",
        f"# signoff       = {usual.signoff}",
        f"# volume_limit  = {usual.volume_limit}",
        f"# confirm_share = {usual.confirm_share}",
    ]


def _left_out(guesses: Sequence[Guess], look: Look, language: str, tell: partial[str]) -> list[str]:
    lines: list[str] = []
    if look.unread:
        lines += ["", *_comment(tell("unread"))]
        for path, problems in sorted(look.unread.items()):
            lines += _comment(f"  {path}")
            lines += [line for p in problems[:3] for line in _comment(f"    {describe(p, language)}")]
    unknown = [_place(g) for g in guesses if g.entity is None] + look.other
    if unknown:
        lines += ["", *_comment(tell("unknown"))]
        lines += [line for path in sorted(unknown) for line in _comment(f"  {path}")]
    return lines


def _place(guess: Guess) -> str:
    glimpse = guess.glimpse
    return f"{glimpse.path} [{glimpse.sheet}]" if glimpse.sheet else glimpse.path


def _twice(known: Sequence[Guess]) -> set[tuple[str, str | None]]:
    counts: Mapping[tuple[str, str | None], int] = Counter((g.region, g.entity) for g in known)
    return {key for key, count in counts.items() if count > 1}


def _comment(text: str) -> list[str]:
    """Write a text as TOML comments; nothing in it can end the comment."""
    return [f"# {printable(line)}".rstrip() for line in text.split("\n")]


def _shown(header: str) -> str:
    return " ".join(header.split())[:60]


def _quoted(text: str) -> str:
    """Write a TOML basic string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
