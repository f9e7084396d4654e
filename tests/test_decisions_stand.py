"""Which decisions hold, once everybody has said theirs."""

from __future__ import annotations

import polars as pl

from codemerge.library.evidence import evidence_hashes
from codemerge.library.verdicts import (
    conflict_evidence,
    current_conflict_decisions,
    current_decisions,
    pair_evidence,
)
from codemerge.tables import DECISIONS

EVIDENCE = pl.DataFrame(
    {
        "record_id": ["shelf/A/1", "shelf/A/2", "shelf/B/1", "shelf/B/2"],
        "evidence_hash": ["a1-m1", "a2-m2", "b1-n1", "b2-n2"],
    }
)
HASH = dict(EVIDENCE.iter_rows())


def said(
    code_l: str, code_r: str, verdict: str = "accept", reviewer: str = "Anna", **more: str
) -> dict[str, str]:
    """One decision, on the records as they are."""
    seen = pair_evidence(
        HASH.get(f"shelf/A/{code_l}", "") if code_l else "",
        HASH.get(f"shelf/B/{code_r}", "") if code_r else "",
    )
    row = dict.fromkeys(DECISIONS.columns, "")
    row |= {
        "mapping_id": f"{code_l}~{code_r}",
        "entity": "shelf",
        "region_l": "A",
        "code_l": code_l,
        "region_r": "B",
        "code_r": code_r,
        "verdict": verdict,
        "reviewer": reviewer,
        "relationship": "equivalent" if verdict == "accept" else "",
        "evidence": seen,
    }
    return row | more


def now(*rows: dict[str, str], signoff: int = 1) -> dict[str, dict[str, object]]:
    """What holds after these decisions, by mapping."""
    frame = pl.DataFrame(
        [row | {"decision_id": f"d{n}"} for n, row in enumerate(rows)], schema=DECISIONS.columns
    )
    return {r["mapping_id"]: r for r in current_decisions(frame, EVIDENCE, signoff).iter_rows(named=True)}


def test_the_last_verdict_of_a_reviewer_rules():
    rows = now(said("1", "1"), said("1", "1", "keep_both"))
    assert rows["1~1"]["status"] == "rejected"
    assert rows["1~1"]["reviewers"] == ["Anna"]
    assert rows["1~1"]["decision_id"] == "d1"


def test_a_withdrawn_decision_leaves_nothing_and_can_be_made_again():
    assert now(said("1", "1"), said("1", "1", "withdraw")) == {}
    assert now(said("1", "1"), said("1", "1", "withdraw"), said("1", "1"))["1~1"]["status"] == "accepted"


def test_an_arbiter_who_has_said_nothing_clears_everybody_by_withdrawing():
    assert now(said("1", "1"), said("1", "1", "keep_both", "Bo"), said("1", "1", "withdraw", "Cecilia")) == {}


def test_withdrawing_ones_own_leaves_the_others_standing():
    rows = now(said("1", "1"), said("1", "1", "keep_both", "Bo"), said("1", "1", "withdraw", "Bo"))
    assert rows["1~1"]["status"] == "accepted"
    assert not rows["1~1"]["disagreement"]


def test_two_verdicts_on_one_pair_are_a_disagreement_naming_both():
    row = now(said("1", "1"), said("1", "1", "keep_both", "Bo"))["1~1"]
    assert (row["status"], row["disagreement"]) == ("review", True)
    assert (row["reviewers"], row["others"]) == (["Bo"], ["Anna"])


def test_two_people_choosing_different_partners_disagree_from_either_side():
    rows = now(said("1", "1"), said("1", "2", reviewer="Bo"))
    assert [r["others"] for r in rows.values()] == [["Bo"], ["Anna"]]
    rows = now(said("1", "1"), said("2", "1", reviewer="Bo"))
    assert all(r["disagreement"] for r in rows.values())


def test_no_counterpart_against_a_partner_is_a_disagreement_but_narrower_ones_are_not():
    assert all(r["disagreement"] for r in now(said("1", ""), said("1", "2", reviewer="Bo")).values())
    narrower = {"relationship": "source-is-narrower-than-target"}
    rows = now(said("1", "1", **narrower), said("1", "2", reviewer="Bo", **narrower))
    assert [r["status"] for r in rows.values()] == ["accepted", "accepted"]


def test_unsure_is_kept_and_goes_back_to_a_person_without_contradicting_anybody():
    row = now(said("1", "1"), said("1", "1", "unsure", "Bo"))["1~1"]
    assert (row["status"], row["disagreement"]) == ("review", False)


def test_two_signatures_are_two_people():
    assert now(said("1", "1"), said("1", "1"), signoff=2)["1~1"]["half_signed"]
    row = now(said("1", "1"), said("1", "1", reviewer="Bo"), signoff=2)["1~1"]
    assert (row["status"], row["half_signed"]) == ("accepted", False)


def test_a_changed_record_makes_the_decision_stale_only_when_the_meaning_changed():
    cosmetic = said("1", "1", evidence=pair_evidence("a0-m1", "b1-n1"))
    meaning = said("1", "1", evidence=pair_evidence("a0-m0", "b1-n1"))
    gone = said("9", "1", evidence=pair_evidence("a0-m0", "b1-n1"))
    assert (now(cosmetic)["1~1"]["change"], now(cosmetic)["1~1"]["status"]) == ("cosmetic", "accepted")
    assert (now(meaning)["1~1"]["change"], now(meaning)["1~1"]["status"]) == ("meaning", "review")
    assert (now(gone)["9~1"]["change"], now(gone)["9~1"]["status"]) == ("gone", "review")


def test_keep_both_settles_the_record_whose_row_it_was():
    left, right = (
        now(said("1", "1", "keep_both"))["1~1"],
        now(said("1", "1", "keep_both", group="shelf/B/1"))["1~1"],
    )
    assert (left["decides_l"], left["decides_r"]) == (True, False)
    assert (right["decides_l"], right["decides_r"]) == (False, True)


def test_a_waiver_covers_the_rows_it_was_given_for_and_no_new_ones():
    row = dict.fromkeys(DECISIONS.columns, "") | {
        "conflict_id": "c",
        "verdict": "waive",
        "reviewer": "Anna",
        "evidence": conflict_evidence(["x/A/1", "x/A/2"]),
    }
    frame = pl.DataFrame([row], schema=DECISIONS.columns)
    assert current_conflict_decisions(frame, {"c": ["x/A/2"]})["open_record_ids"].to_list() == [[]]
    assert current_conflict_decisions(frame, {"c": ["x/A/2", "x/A/3"]})["open_record_ids"].to_list() == [
        ["x/A/3"]
    ]


def test_case_and_spaces_change_the_letter_hash_only():
    records = pl.DataFrame(
        {
            "label": ["DT buk", "dt  BUK ", "DT thorax"],
            "volume": ["1", "2", "1"],
            "facet_side": [["left"], ["left"], None],
        }
    )
    hashes = [h.split("-") for h in evidence_hashes(records, ["label", "volume"], ["label", "facet_side"])]
    assert len({h[0] for h in hashes}) == 3
    assert hashes[0][1] == hashes[1][1] != hashes[2][1]
