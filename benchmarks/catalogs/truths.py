"""Who is whose counterpart, as a radiographer would say: from what each record means, never from its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
    return [
        row
        for code, row in sorted(once.items())
        if times[code] == 1 and row["label"] and mark in row and row.get("protected") != "yes"
    ]


def related(found: Mapping[str, Sequence[Row]], regions: Sequence[str]) -> list[list[str]]:
    """Return the exams' truth: the equals of each record, or what is narrower and broader, or nothing.

    Returns:
        Rows of left_region, left, right_region, right, relationship; a right record that is nobody's equal
        stands in a row of its own, read from its side.
    """
    return _truth(found, regions, "key", lambda row, other: relationship(row["key"], other["key"]))


def truth_rows(found: Mapping[str, Sequence[Row]], regions: Sequence[str]) -> list[list[str]]:
    """Return another entity's truth, from the group each row was given by hand.

    Returns:
        Rows of left_region, left, right_region, right, relationship.
    """

    def same(row: Row, other: Row) -> str | None:
        return EQUIVALENT if row.get("same") and row["same"] == other.get("same") else None

    return _truth(found, regions, "code", same)


def _truth(
    found: Mapping[str, Sequence[Row]],
    regions: Sequence[str],
    mark: str,
    judge: Callable[[Row, Row], str | None],
) -> list[list[str]]:
    out = []
    for left, right in combinations(regions, 2):
        lefts, rights = _known(found[left], mark), _known(found[right], mark)
        said: set[frozenset[tuple[str, str]]] = set()
        for region, rows, other, others in ((left, lefts, right, rights), (right, rights, left, lefts)):
            for row in rows:
                pairs = [(there["code"], how) for there in others if (how := judge(row, there))]
                equal = [(code, how) for code, how in pairs if how == EQUIVALENT]
                for code, how in equal or pairs or [("", "")]:
                    pair = frozenset({(region, row["code"]), (other, code)})
                    if pair not in said:
                        out.append([region, row["code"], other, code, how])
                    said.add(pair)
    return out
