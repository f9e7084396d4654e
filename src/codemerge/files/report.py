"""The door to report.html: facts in, one self-contained page out; no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from codemerge.files import report_flow, report_pictures
from codemerge.files.atomic import write_bytes
from codemerge.library.numerals import hours, number, percent
from codemerge.rules.words import owner_title, printable, say

_WORDS = "report"


def write_report(facts: Mapping[str, Any], path: Path) -> None:
    """Write ``report.html``.

    Args:
        facts: what `report_facts` counted of a run, in the page's language.
        path: the file to write.
    """
    write_bytes(path, render(facts).encode("utf-8"))


def render(facts: Mapping[str, Any]) -> str:
    """Turn what `report_facts` counted into the page."""
    from codemerge.files.report_templates import templates

    language = facts["language"]
    page = templates().get_template("report.html.j2")
    return page.render(**facts, **_tools(language))


def _tools(language: str) -> dict[str, Any]:
    """Return what the templates may call: words, numbers, pictures."""
    return {
        "t": partial(_text, language),
        "num": lambda value, decimals=0: "–" if value is None else number(value, language, decimals),
        "pct": lambda value: "–" if value is None else percent(value, language),
        "hrs": lambda value: "–" if value is None else hours(value, language),
        "span": partial(_span, language),
        "enumerated": partial(_enumerated, language),
        "owner": partial(owner_title, language),
        "part": lambda some, whole: some / whole if whole else 0.0,
        "bar": report_pictures.bar,
        "share_bar": report_pictures.share_bar,
        "curve_of": lambda series, *words: report_pictures.curve(series, report_pictures.Axes(*words)),
        "flow_of": lambda flows, *words: report_flow.flow(flows, report_flow.Names(*words)),
        "clean": lambda text: printable(str(text)),
    }


def _text(language: str, key: str, **values: object) -> str:
    return say(f"{_WORDS}.{key}", language, **values)


def _span(language: str, low: float, high: float) -> str:
    """Write a range of hours; one number when both ends are written alike."""
    ends = [hours(low, language), hours(high, language)]
    return "–".join(dict.fromkeys(ends))


def _enumerated(language: str, names: Sequence[str]) -> str:
    """Join names as a sentence does: commas, and the last by a word."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_text(language, 'and')} {names[-1]}"
