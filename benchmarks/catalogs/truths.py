"""Who is whose counterpart, as a radiographer would say: from what each record means, never from its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

Row = dict[str, str]
NARROWER, BROADER, RELATED = "source-is-narrower-than-target", "source-is-broader-than-target", "related-to"
EQUIVALENT = "equivalent"

# part → wholes: a thumb is a finger; a combined examination has its parts.
WHOLES = {
    "thumb": {"finger"},
    "chest": {"chest+abdomen", "neck+chest+abdomen"},
    "abdomen": {"chest+abdomen", "neck+chest+abdomen"},
    "chest+abdomen": {"neck+chest+abdomen"},
    "neck": {"neck+chest+abdomen"},
    "upper abdomen": {"abdomen"},
    "pelvis": {"pelvis+hip"},
    "hip": {"pelvis+hip"},
}
UNSAID = {"", "?"}


def relationship(left: str, right: str) -> str | None:
    """Return how two meanings relate, read left to right; None when they are two different things.

    Args:
        left: ``method/part/side/contrast/rest``, see exams.psv.
        right: the same of the other region.
    """
    if left == right:
        return EQUIVALENT
    (method, part, side, contrast, rest), (method_r, part_r, side_r, contrast_r, rest_r) = (
        left.split("/"), right.split("/")
    )  # fmt: skip
    if (method, rest) != (method_r, rest_r):
        return None
    turns = {_part(part, part_r), _said(side, side_r, UNSAID), _said(contrast, contrast_r, {"", "?", "~"})}
    if None in turns:
        return None
    said = turns - {EQUIVALENT}
    return EQUIVALENT if not said else said.pop() if len(said) == 1 else RELATED


def _part(left: str, right: str) -> str | None:
    if left == right:
        return EQUIVALENT
    if right in WHOLES.get(left, set()):
        return NARROWER
    return BROADER if left in WHOLES.get(right, set()) else None


def _said(left: str, right: str, unsaid: set[str]) -> str | None:
    if left == right or (left in unsaid and right in unsaid):
        return EQUIVALENT
    if right in unsaid:
        return NARROWER
    return BROADER if left in unsaid else None


def _known(rows: Sequence[Row], mark: str) -> list[Row]:
    """Return the rows that can have a counterpart: in use, one row per code, with a meaning."""
    times = Counter(row["code"] for row in {(r["code"], r["label"]): r for r in rows}.values())
    once = {row["code"]: row for row in rows}
    return [row for code, row in sorted(once.items()) if times[code] == 1 and row["label"] and mark in row]


def related(found: Mapping[str, Sequence[Row]], regions: Sequence[str]) -> list[list[str]]:
    """Return the exams' truth: the equals of each left record, or what is narrower and broader, or nothing.

    Returns:
        Rows of left_region, left, right_region, right, relationship.
    """
    out = []
    for left, right in combinations(regions, 2):
        rights = _known(found[right], "key")
        lefts = _known(found[left], "key")
        taken = {r["key"] for r in rights} & {row["key"] for row in lefts}
        for row in lefts:
            pairs = [(r, relationship(row["key"], r["key"])) for r in rights]
            equal = [(r, how) for r, how in pairs if how == EQUIVALENT]
            loose = [(r, how) for r, how in pairs if how and (row["key"] not in taken)]
            rows = [[left, row["code"], right, r["code"], str(how)] for r, how in equal or loose]
            out += rows or [[left, row["code"], right, "", ""]]
    return out


def truth_rows(found: Mapping[str, Sequence[Row]], regions: Sequence[str]) -> list[list[str]]:
    """Return another entity's truth, from the group each row was given by hand.

    Returns:
        Rows of left_region, left, right_region, right, relationship.
    """
    out = []
    for left, right in combinations(regions, 2):
        rights = _known(found[right], "code")
        for row in _known(found[left], "code"):
            same = [r["code"] for r in rights if row.get("same") and r["same"] == row["same"]]
            pairs = [(code, EQUIVALENT) for code in same] or [("", "")]
            out += [[left, row["code"], right, code, how] for code, how in pairs]
    return out
