"""Pieces of the reference pages: models, verbs and tables as Markdown."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from codemerge import tables

_NAMED: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true`, `false`",
    Any: "any",
}
_INSIDE = {"root"}  # of a model, yet no key of a file


def model_table(title: str, model: type[BaseModel]) -> str:
    """Write a model's keys under a title: what each holds, its default, what its docstring says."""
    said = arguments(model.__doc__ or "")
    rows = [
        (f"`{name}`", _says(field.annotation), _default(field), said.get(name, ""))
        for name, field in model.model_fields.items()
        if name not in _INSIDE
    ]
    return f"## {title}\n\n{markdown_table(('key', 'holds', 'default', 'is'), rows)}"


def arguments(docstring: str) -> dict[str, str]:
    """Return what a docstring says of each name under ``Args:``; names before one colon share a text."""
    _, _, listed = inspect.cleandoc(docstring).partition("Args:\n")
    block = re.split(r"\n\n(?=\S)", listed)[0]
    out = {}
    for found in re.finditer(r"^    ([a-z_, ]+): (.*(?:\n {8}.*)*)", block, re.MULTILINE):
        text = " ".join(found[2].split()).replace("``", "`")
        out.update(dict.fromkeys((name.strip() for name in found[1].split(",")), text))
    return out


def _says(kind: Any) -> str:
    """Write a type as people would."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _says(inner[0])
    if origin is typing.Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return ", ".join(f"`{value}`" for value in (inner or [member.value for member in kind]))
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(_says(part) for part in inner if part is not type(None))
    if origin is tuple:
        return f"list of {_says(inner[0])}"
    if origin in {dict, Mapping} and inner:
        return f"table: {_says(inner[0])} → {_says(inner[1])}"
    return _NAMED.get(kind, "table")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if field.is_required():
        return "required"
    if value is None or isinstance(value, BaseModel) or value in ((), {}, ""):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def verb_table(verbs: Mapping[str, Callable[..., object]]) -> str:
    """Write verbs by name with the first paragraph of their docstrings."""
    rows = [(f"`{name}`", _first(verbs[name])) for name in sorted(verbs)]
    return markdown_table(("verb", "does"), rows)


def _first(function: Callable[..., object]) -> str:
    """Return the first paragraph of a docstring."""
    return " ".join(inspect.cleandoc(function.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")


def column_notes(source: str) -> dict[tuple[str, str], str]:
    """Return the comment beside each column, by the contract that holds it."""
    out, holder = {}, ""
    for line in source.splitlines():
        if opened := re.match(r"([A-Z_]+)\b.*[=:]", line):
            holder = opened[1]
        if found := re.match(r'        "(\w+)": .*?#\s(.*)|    "(\w+)": .*?#\s(.*)', line):
            out[holder, found[1] or found[3]] = found[2] or found[4]
    return out


def contract_name(contract: tables.Contract) -> str:
    """Return the name a contract has in `tables`."""
    return next(name for name, value in vars(tables).items() if value is contract)


def column_type(kind: object) -> str:
    """Write a column's type as people would."""
    plain: dict[object, str] = {
        tables.TEXT: "text",
        tables.WHOLE: "whole number",
        tables.FLOAT: "number",
        tables.FLAG: "true or false",
    }
    if kind in plain:
        return plain[kind]
    return "list of text" if kind == tables.TEXTS else "list of field, level, weight, left, right"


def markdown_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Write a table in Markdown."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    """Keep a text inside its cell, and its angle brackets as they are."""
    plain = " ".join(text.split()).replace("|", "\\|")
    return plain if "`" in plain else plain.replace("<", "&lt;")
