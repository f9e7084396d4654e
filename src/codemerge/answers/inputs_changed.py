"""What a run is a function of, compared between two runs: which input differs, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["source", "decisions", "rules", "project", "identifiers", "codemerge"]
How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One input that differs: its kind, its name as people know it, and how."""

    kind: Kind
    name: str
    how: How


def inputs_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Compare what two summaries say they were made from.

    Args:
        before: what one ``summary.json`` holds.
        after: what the other holds.

    Returns:
        Every input that differs: source files and decision files by name, rules and ledger as a
        whole, settings of the project by key; in that order.
    """
    out = _compared("source", _sources(before), _sources(after))
    out += _compared("decisions", before.get("decisions") or {}, after.get("decisions") or {})
    out += _compared("rules", _alone("rules", before), _alone("rules", after))
    out += _compared("identifiers", _alone("identifiers", before), _alone("identifiers", after))
    out += _compared("project", _settings(before), _settings(after))
    out += _compared("codemerge", _alone("codemerge", before), _alone("codemerge", after))
    return tuple(out)


def _sources(summary: Mapping[str, Any]) -> dict[str, Any]:
    inputs = sorted(summary.get("inputs", []), key=lambda i: str(i.get("path")))
    return {
        " ".join(str(i[k]) for k in ("path", "sheet", "query") if i.get(k)): (
            i.get("sha256"),
            i.get("columns"),
        )
        for i in inputs
    }


def _alone(key: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    value = summary.get(key)
    return {} if value is None else {"": value}


def _settings(summary: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_flat(summary.get("project", {}), ""))


def _flat(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _flat(value[key], f"{at}.{key}" if at else str(key))
    else:
        yield at, value


def _compared(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    out = []
    for name in sorted({*before, *after}):
        if name not in before:
            out.append(Change(kind, name, "added"))
        elif name not in after:
            out.append(Change(kind, name, "removed"))
        elif before[name] != after[name]:
            out.append(Change(kind, name, "changed"))
    return out
