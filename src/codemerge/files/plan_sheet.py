"""The action plan as a workbook, for a project leader to work on: plan.xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codemerge.files.atomic import write_atomically
from codemerge.rules.words import owner_title, say

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock: the same run gives the same bytes
Row = Sequence[str | float | None]


def write_plan(facts: Mapping[str, Any], path: Path) -> None:
    """Write the plan of a run: activities, decision points, hours, each on a sheet.

    Args:
        facts: what `report_facts` counted; the sheets hold the numbers that report.html shows.
        path: the file to write.
    """
    write_atomically(path, partial(_fill, plan_sheets(facts)))


def plan_sheets(facts: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return title → rows of each sheet, the headers first.

    Args:
        facts: what `report_facts` counted.
    """
    t = partial(_text, facts["language"])
    owner = partial(owner_title, facts["language"])
    return {
        t("plan.activities"): _activities(facts["plan"]["activities"], t, owner),
        t("plan.points"): [
            [t("plan.point"), t("plan.who"), t("plan.needs"), t("plan.week")],
            *(
                [p["title"], p["who"], "\n".join(n["title"] for n in p["needs"] if not n["done"]), p["week"]]
                for p in facts["plan"]["points"]
            ),
        ],
        t("plan.sheet_hours"): [
            [t("col.owner"), t("plan.rows"), t("plan.blocking"), t("plan.low"), t("plan.high")],
            *(
                [owner(o["owner"]), o["rows"], o["conflicts"], round(o["low"], 1), round(o["high"], 1)]
                for o in facts["effort"]["owners"]
            ),
        ],
    }


def _activities(activities: Sequence[Mapping[str, Any]], t: Any, owner: Any) -> list[Row]:
    head: Row = [
        t("plan.activity"), t("col.owner"), t("plan.blocking"), t("severity.warning"), t("plan.rows"),
        t("plan.low"), t("plan.high"), t("plan.frees"), t("plan.first_week"), t("plan.last_week"),
        t("plan.status"),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            a["title"], ", ".join(owner(o) for o in a["owners"]), a["blocking"], a["warnings"], a["rows"],
            round(a["low"], 1), round(a["high"], 1), a["free_records"], a["begin"], a["end"],
            t("plan.done") if a["done"] else t("plan.open"),
        ]
        for a in activities
    ]  # fmt: skip
    return [head, *rows]


def _text(language: str, key: str) -> str:
    return say(f"report.{key}", language)


def _fill(sheets: Mapping[str, Sequence[Row]], path: Path) -> None:
    from xlsxwriter import Workbook

    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        for title, rows in sheets.items():
            _fill_sheet(book, title, rows, head, text)


def _fill_sheet(book: Workbook, title: str, rows: Sequence[Row], head: Any, text: Any) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, len(rows[0]), 18)
    for n, row in enumerate(rows):
        for column, value in enumerate(row):
            style = text if n else head
            if isinstance(value, str):
                sheet.write_string(n, column, value, style)
            elif value is not None:
                sheet.write_number(n, column, value, style)
