"""What a review asks: the rows of an entity, the open conflicts, and the columns they have."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from codemerge.answers.review_aspects import Aspect
from codemerge.rules.page import Entity
from codemerge.tables import FLAG, FLOAT, TEXT, TEXTS, WHOLE, Contract

# row_id: number and short hash of what the row asks and shows; the only key a workbook is read by.
# record_l, record_r: the pair shown (suggestion 1); one of them empty where nothing is suggested.
# split: codes the record is proposed to be divided into, one per line, ``code ; condition``.
# after: the last decision there was on the record towards that region (withdrawals too), so that a
#   row asked again is a new row.
# lacks: professions whose yes the row waits for.
# state: open (to judge) or done (accepted automatically, or decided).
# suggestions, suggestion_labels, suggestion_evidence: of the other side, first to third.
REVIEW = Contract(
    {
        "row_id": TEXT,
        "number": WHOLE,
        "entity": TEXT,
        "side": TEXT,
        "state": TEXT,
        "region_l": TEXT,
        "code_l": TEXT,
        "label_l": TEXT,
        "volume_l": WHOLE,
        "record_l": TEXT,
        "region_r": TEXT,
        "code_r": TEXT,
        "label_r": TEXT,
        "volume_r": WHOLE,
        "record_r": TEXT,
        "mapping_id": TEXT,
        "relationship": TEXT,
        "status": TEXT,
        "confidence": FLOAT,
        "blocking": FLAG,
        "suggestions": TEXTS,
        "suggestion_labels": TEXTS,
        "suggestion_evidence": TEXTS,
        "own_evidence": TEXT,
        "after": TEXT,
        "split": TEXT,
        "difference": TEXT,
        "strength": TEXT,
        "why": TEXT,
        "auto": TEXT,
        "lacks": TEXTS,
    },
    ("number",),
)

ASKED_CONFLICTS = Contract(
    {
        "row_id": TEXT,
        "number": WHOLE,
        "conflict_id": TEXT,
        "entity": TEXT,
        "check": TEXT,
        "name": TEXT,
        "severity": TEXT,
        "message": TEXT,
        "record_ids": TEXTS,
        "field": TEXT,
        "values": TEXTS,
        "annual_volume": WHOLE,
        "resolution": TEXT,
        "owner": TEXT,
        "waivable": FLAG,
        "field_title": TEXT,
        "cleared_by": TEXT,
        "earlier": TEXT,
        "evidence": TEXT,
        "after": TEXT,
    },
    ("number",),
)


@dataclass(frozen=True)
class Asked:
    """What one entity's people are asked.

    Args:
        rows: columns `REVIEW` and one ``aspect_<name>`` text per aspect, in the order of doing.
        aspects: facets and fields laid side by side.
        rest: records with nothing to judge towards a region; they are only counted.
        sample: mapping_id of the automatic ones that somebody should check (`sampling.draw_sample`).
    """

    entity: Entity
    rows: pl.DataFrame
    aspects: tuple[Aspect, ...]
    rest: int
    sample: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Review:
    """Everything a run asks of people: rows per entity in the rules' order, and open conflicts."""

    asked: tuple[Asked, ...]
    conflicts: pl.DataFrame
