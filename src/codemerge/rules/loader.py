"""Reads and checks every rules page and the project file; all mistakes are told at once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from codemerge.errors import BadInputError, Problem
from codemerge.library.vocabulary import Vocabulary
from codemerge.rules.check import Check, Target
from codemerge.rules.export import export_settings
from codemerge.rules.facets import Facet, load_vocabulary
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.rules.risk import Risk
from codemerge.rules.shipped import files_in, shipped
from codemerge.rules.toml_lines import line_of, nearest

_M = TypeVar("_M", bound=BaseModel)

PROJECT_FILE = "codemerge.toml"
_NOT_PAGES = {"facets", "target", "regions"}


@dataclass(frozen=True)
class Rules:
    """Everything declared, validated once, handed to every stage."""

    entities: Mapping[str, Entity]
    facets: Mapping[str, Facet]
    vocabulary: Vocabulary
    checks: tuple[Check, ...]
    target: Target
    hash: str
    risks: tuple[Risk, ...] = ()


def load_rules(packs: Sequence[Path] = (), target: Path | None = None) -> Rules:
    """Read the built-in rule pack with others layered over it.

    Args:
        packs: folders like ``rules/``; a later page of the same entity or check replaces an
            earlier one, vocabulary rows are added.
        target: a ``target.toml`` in place of the example profile.

    Raises:
        BadInputError: every mistake in every file.
    """
    folders = [shipped("rules"), *packs]
    problems: list[Problem] = [
        Problem("project.no_rules_folder", str(folder)) for folder in packs if not folder.is_dir()
    ]
    entities: dict[str, Entity] = {}
    checks: dict[str, Check] = {}
    risks: dict[str, list[Risk]] = {}
    for folder in folders:
        for path in files_in(folder, "*.toml"):
            if path.stem not in _NOT_PAGES and (page := _read(path, Entity, problems)):
                entities[page.id] = page
        for path in files_in(folder / "checks", "*.toml"):
            for check in _paragraphs(path, "check", Check, problems):
                checks[check.id] = check
        own: dict[str, list[Risk]] = {}
        for path in files_in(folder / "risks", "*.toml"):
            for risk in _paragraphs(path, "risk", Risk, problems):
                own.setdefault(risk.id, []).append(risk)
        risks |= own
    target_page = _read(target or _last(folders, "target.toml"), Target, problems)
    declared = [(f"checks/{c.id}", c.entity) for c in checks.values() if c.entity != "*"]
    declared += [(f"risks/{r.id}", r.entity) for some in risks.values() for r in some if r.entity]
    problems += _dangling(entities.values(), declared)
    if problems:
        raise BadInputError(problems)
    facets, vocabulary = load_vocabulary(folders)
    if problems := _unknown_facets(risks, facets):
        raise BadInputError(problems)
    assert target_page is not None  # noqa: S101 - _read said a problem otherwise
    return Rules(
        entities={e.id: e for e in sorted(entities.values(), key=lambda e: (e.order, e.id))},
        facets=facets,
        vocabulary=vocabulary,
        checks=tuple(checks[name] for name in sorted(checks)),
        target=target_page,
        hash=_hash_of(folders, target),
        risks=tuple(risk for name in sorted(risks) for risk in risks[name]),
    )


def load_project(path: str | Path) -> Project:
    """Read a project file, or the one in a folder.

    Raises:
        BadInputError: it is missing or wrong; every mistake with its line.
    """
    path = Path(path)
    file = path / PROJECT_FILE if path.is_dir() else path
    problems: list[Problem] = []
    if not file.is_file():
        raise BadInputError([Problem("project.missing", str(path), values={"file": PROJECT_FILE})])
    project = _read(file, Project, problems, root=file.resolve().parent)
    if project is None:
        raise BadInputError(problems)
    export_settings(project)  # a wrong address is told when the project is read, not by the last command
    return project


def packs_of(project: Project) -> list[Path]:
    """Return the folders that a project layers over the built-in rules."""
    return [project.root / folder for folder in project.policy.rules]


def rules_of(project: Project) -> Rules:
    """Load the rules a project asks for."""
    packs = packs_of(project)
    target = project.root / project.policy.target if project.policy.target else None
    rules = load_rules(packs, target)
    known = ", ".join(rules.entities)
    unknown = [
        Problem(
            "project.unknown_entity",
            PROJECT_FILE,
            values={
                "found": s.entity,
                "expected": known,
                "nearest": nearest(s.entity, rules.entities) or known,
            },
        )
        for s in project.source
        if s.entity not in rules.entities
    ]
    ids = {c.id: c for c in rules.checks}
    unknown += [
        Problem(
            "project.unknown_check" if name not in ids else "project.fixed_severity",
            PROJECT_FILE,
            column=f"severity.{name}",
            values={"found": name, "nearest": nearest(name, ids) or "-"},
        )
        for name in project.severity
        if name not in ids or ids[name].fixed
    ]
    unknown += _unknown_signoff(project, rules)
    if unknown:
        raise BadInputError(unknown)
    return rules


def _unknown_signoff(project: Project, rules: Rules) -> list[Problem]:
    """Return a problem for each rule of sign-off that names a risk or an entity nobody has declared."""
    known = {"risk": {r.id for r in rules.risks}, "entity": set(rules.entities)}
    return [
        Problem(
            f"project.unknown_{key}",
            PROJECT_FILE,
            column=f"policy.signoff_rule.{n}.{key}",
            values={
                "found": found,
                "expected": ", ".join(sorted(names)),
                "nearest": nearest(found, names) or ", ".join(sorted(names)),
            },
        )
        for n, rule in enumerate(project.policy.signoff_rule, 1)
        for key, names in known.items()
        if (found := getattr(rule, key)) and found not in names
    ]


def _read(path: Path, model: type[_M], problems: list[Problem], **more: object) -> _M | None:
    data = _toml(path, problems)
    return None if data is None else _valid(model, {**data, **more}, path, (), problems)


def _toml(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problems.append(Problem("project.missing", path.name, values={"file": path.name}))
    except UnicodeDecodeError:
        problems.append(Problem("project.not_utf8", path.name))
    except tomllib.TOMLDecodeError as error:
        # what never ends is told at the last line
        last = path.read_text(encoding="utf-8-sig").rstrip().count("\n") + 1
        line = getattr(error, "lineno", None) or _line_in(str(error)) or last
        problems.append(Problem("project.not_toml", path.name, line, values={"found": error}))
    return None


def _line_in(message: str) -> int | None:
    words = message.replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else None


def _valid(
    model: type[_M], data: dict[str, Any], path: Path, at: tuple[str | int, ...], problems: list[Problem]
) -> _M | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        text = path.read_text(encoding="utf-8-sig")
        problems += [_problem(dict(e), model, path, at, text) for e in error.errors()]
        return None


def _problem(
    error: dict[str, Any], model: type[BaseModel], path: Path, at: tuple[str | int, ...], text: str
) -> Problem:
    place = (*at, *error["loc"])
    column = ".".join(str(p + 1 if isinstance(p, int) else p) for p in place)
    values = {"found": str(error.get("input"))[:80], "expected": error["msg"], "nearest": "-"}
    kind = "project.invalid"
    if error["type"] == "extra_forbidden":
        kind = "project.unknown_key"
        near = nearest(str(error["loc"][-1]), _keys(model, error["loc"][:-1]))
        values |= {
            "found": str(error["loc"][-1]),
            "nearest": near or ", ".join(_keys(model, error["loc"][:-1])),
        }
    elif error["type"] == "missing":
        kind = "project.missing_key"
        values |= {"found": str(error["loc"][-1])}
    return Problem(kind, path.name, line_of(text, place), column, values)


def _keys(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Return the keys known at a place of a model, as far as the place can be followed."""
    current: Any = model
    for step in loc:
        if isinstance(step, int) or not hasattr(current, "model_fields"):
            continue
        info = current.model_fields.get(step)
        if info is None:
            return []
        current = next((a for a in _types(info.annotation) if hasattr(a, "model_fields")), None)
        if current is None:
            return []
    return list(current.model_fields)


def _types(annotation: Any) -> Iterable[Any]:
    yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _types(inner)


def _paragraphs(path: Path, key: str, model: type[_M], problems: list[Problem]) -> list[_M]:
    """Read the ``[[key]]`` paragraphs of a page; a wrong one is left out and told."""
    data = _toml(path, problems) or {}
    read = [_valid(model, row, path, (key, n), problems) for n, row in enumerate(data.get(key, []))]
    return [one for one in read if one is not None]


def _dangling(entities: Iterable[Entity], declared: Iterable[tuple[str, str]]) -> list[Problem]:
    """Return a problem for each entity that is named and isn't declared: by a field, or by ``declared``."""
    known = {e.id for e in entities}
    found = [
        Problem(
            "project.unknown_entity",
            f"{e.id}.toml",
            column=f"field.{f.name}.references",
            values={
                "found": f.references,
                "expected": ", ".join(sorted(known)),
                "nearest": nearest(str(f.references), known) or "-",
            },
        )
        for e in entities
        for f in e.references
        if f.references not in known
    ]
    return found + [
        Problem(
            "project.unknown_entity",
            place,
            column="entity",
            values={
                "found": entity,
                "expected": ", ".join(sorted(known)),
                "nearest": nearest(entity, known) or "-",
            },
        )
        for place, entity in declared
        if entity not in known
    ]


def _unknown_facets(risks: Mapping[str, list[Risk]], facets: Mapping[str, Facet]) -> list[Problem]:
    """Return a problem for each facet that a class of risk looks at and names can't say."""
    return [
        Problem(
            "project.unknown_facet",
            f"risks/{risk.id}",
            values={"found": facet, "expected": ", ".join(sorted(facets))},
        )
        for some in risks.values()
        for risk in some
        for facet in (*risk.says, *risk.differs)
        if facet not in facets
    ]


def _last(folders: Sequence[Path], name: str) -> Path:
    return next(f / name for f in reversed(folders) if (f / name).is_file() or f is folders[0])


def _hash_of(folders: Sequence[Path], target: Path | None) -> str:
    """Hash what the rules say: names and contents of every file, in order, wherever they lie."""
    digest = hashlib.sha256()
    files = [p for f in folders for p in sorted(f.rglob("*")) if p.suffix in {".toml", ".csv", ".sql"}]
    for path in [*files, *([target] if target else [])]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
