"""From records to clusters, with a made-up entity: decisions first, then the best assignment, and nothing hidden."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from codemerge.library.identity import mapping_id
from codemerge.library.verdicts import current_decisions, pair_evidence
from codemerge.library.vocabulary import Vocabulary
from codemerge.model import record_id
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.stages.candidates import candidates
from codemerge.stages.cluster import cluster
from codemerge.stages.identify import identify
from codemerge.stages.normalise import normalise
from codemerge.stages.resolve import resolve
from codemerge.stages.score import score
from codemerge.tables import DECISIONS
from tests.conftest import words


class Rules:
    """As much of the rules as matching reads."""

    vocabulary = Vocabulary(facets=(), kinds={}, phrases={})


def thing(**matching: Any) -> Entity:
    """Return an entity matched by its name and kind; a kind that differs vetoes."""
    levels = [
        {"when": "same", "m": 0.8, "u": 0.0001},
        {"when": "similar", "at": 0.6, "m": 0.15, "u": 0.01},
        {"when": "differs", "m": 0.05, "u": 0.9},
    ]
    kinds = [
        {"when": "same", "m": 0.95, "u": 0.3},
        {"when": "differs", "m": 0.05, "u": 0.7, "veto": True, "relationship": "related"},
    ]
    return Entity.model_validate(
        {
            "id": "widget",
            "order": 1,
            "name": words("w"),
            "plural": words("w"),
            "owner": "nobody",
            "field": [
                {"name": "code", "title": words("c"), "type": "code"},
                {"name": "label", "title": words("l")},
                {"name": "kind", "title": words("k")},
                {"name": "secret_number", "title": words("s"), "sensitive": True, "secret": True},
            ],
            "matching": {"candidates": "all", "ending": "folded", "accept": 0.9, "margin": 1.0, **matching},
            "comparison": [
                {"of": "label", "title": words("l"), "levels": levels},
                {"of": "kind", "title": words("k"), "safety": True, "levels": kinds},
            ],
        }
    )


def rows(region: str, *items: tuple[str, str, str]) -> pl.DataFrame:
    made = [
        {
            "region": region,
            "code": c,
            "label": n,
            "kind": k or None,
            "secret_number": None,
            "file": "",
            "sheet": "",
            "line": i,
        }
        for i, (c, n, k) in enumerate(items)
    ]
    text = dict.fromkeys(["code", "label", "kind", "secret_number"], pl.String)
    return pl.DataFrame(made, schema_overrides=text)


def decision(left: str, right: str, verdict: str = "accept", **more: str) -> dict[str, str]:
    (rl, cl), (rr, cr) = left.split(":"), right.split(":")
    return {
        "decision_id": f"d-{left}-{right}", "entity": "widget", "region_l": rl, "code_l": cl, "region_r": rr, "code_r": cr,
        "mapping_id": mapping_id("widget", record_id("widget", rl, cl), record_id("widget", rr, cr)),
        "verdict": verdict, "relationship": "equivalent", "reviewer": "anna", "decided_on": "2026-01-01", "evidence": "", **more,
    }  # fmt: skip


def run(
    table: pl.DataFrame,
    entity: Entity | None = None,
    decisions: list[dict] | None = None,
    regions=("A", "B"),
    signoff: int = 1,
):
    """Run the matching stages; return mappings, clusters and refused edges."""
    entity, project = entity or thing(), Project(regions=regions)
    records, _ = identify(table, entity)
    records = normalise(records, entity, Rules(), project)
    made = pl.DataFrame(decisions or [], schema=DECISIONS.columns) if decisions else DECISIONS.empty()
    said = current_decisions(made, records.select("record_id", "evidence_hash"), signoff)
    scored = score(candidates(records, entity, project, {}), records, entity, Rules())
    resolved = resolve(scored, records, entity, project, said)
    clusters, mappings, refused = cluster(resolved, records, entity, project)
    return mappings, clusters, refused


def status(mappings: pl.DataFrame, left: str, right: str) -> tuple[str, str, str]:
    (rl, cl), (rr, cr) = left.split(":"), right.split(":")
    found = mappings.filter(region_l=rl, code_l=cl, region_r=rr, code_r=cr)
    return found.select("status", "relationship", "justification").row(0)


SMALL = pl.concat(
    [
        rows("A", ("1", "red ball", "x"), ("2", "blue cube", "x")),
        rows("B", ("9", "red ball", "x"), ("8", "blue cube", "y")),
    ]
)


def test_equal_records_are_automatic_and_cluster():
    """The same name and kind is certain; the cluster joins both."""
    mappings, clusters, _ = run(SMALL)
    assert status(mappings, "A:1", "B:9")[:2] == ("auto", "equivalent")
    assert clusters["record_id"].to_list() == ["widget/A/1", "widget/B/9"]


def test_a_safety_difference_is_never_automatic():
    """The same name with another kind goes to a person, with the reason."""
    found = status(run(SMALL)[0], "A:2", "B:8")
    assert found[0] == "review"
    assert "veto:kind:differs" in found[2]


def test_safety_said_on_one_side_only_is_narrower_and_for_a_person():
    """Saying more is narrower; it is never accepted automatically."""
    table = pl.concat(
        [
            rows("A", ("1", "red ball", "x"), ("2", "green", "x")),
            rows("B", ("9", "red ball", ""), ("8", "green", "x")),
        ]
    )
    found = status(run(table)[0], "A:1", "B:9")
    assert found[:2] == ("review", "source-is-narrower-than-target")
    assert "veto:kind:left_only" in found[2]


def test_ties_are_never_automatic():
    """Two equally good candidates: a person decides, and is told."""
    table = pl.concat(
        [rows("A", ("1", "red ball", "x")), rows("B", ("8", "red ball", "x"), ("9", "red ball", "x"))]
    )
    mappings = run(table)[0]
    assert "auto" not in mappings["status"].to_list()
    assert any("tie" in j for j in mappings["justification"])


def test_an_unusable_record_is_never_automatic():
    """Two meanings of one code in one catalog keep both out of certainty."""
    table = pl.concat(
        [rows("A", ("1", "red ball", "x"), ("1", "tin box", "x")), rows("B", ("9", "red ball", "x"))]
    )
    mappings = run(table)[0]
    assert "auto" not in mappings["status"].to_list()


def test_a_decision_is_obeyed_against_the_evidence():
    """What a person accepted stands, and its records are proposed nowhere else."""
    mappings, clusters, _ = run(SMALL, decisions=[decision("A:1", "B:8")])
    assert status(mappings, "A:1", "B:8")[0] == "accepted"
    assert status(mappings, "A:1", "B:9")[0] == "candidate"
    assert tuple(clusters["record_id"]) == ("widget/A/1", "widget/B/8")


def test_keep_both_rejects_and_settles():
    """What a person keeps apart is rejected, and nothing else is proposed for the record."""
    mappings, clusters, _ = run(
        SMALL, decisions=[decision("A:1", "B:9", "keep_both", relationship="not-related-to")]
    )
    assert status(mappings, "A:1", "B:9")[0] == "rejected"
    assert mappings.filter((pl.col("code_l") == "1") & pl.col("status").is_in(["auto", "review"])).is_empty()
    assert clusters.is_empty()


def test_no_counterpart_is_a_row_with_an_empty_code():
    """A record that a person kept without counterpart has its row and no proposal."""
    mappings, _, _ = run(SMALL, decisions=[decision("A:1", "B:", relationship="not-related-to")])
    assert status(mappings, "A:1", "B:")[0] == "accepted"
    assert mappings.filter((pl.col("code_l") == "1") & pl.col("status").is_in(["auto", "review"])).is_empty()


def test_a_stale_decision_goes_back_to_review():
    """A decision about another text is reported, not obeyed, not dropped."""
    old = pair_evidence("0000-1111", "2222-3333")
    found = status(run(SMALL, decisions=[decision("A:1", "B:9", evidence=old)])[0], "A:1", "B:9")
    assert found[0] == "review"
    assert "stale" in found[2]


def test_half_signed_decisions_wait():
    """Where two must agree, one is not enough."""
    found = status(run(SMALL, decisions=[decision("A:1", "B:9")], signoff=2)[0], "A:1", "B:9")
    assert (found[0], "half_signed" in found[2]) == ("review", True)


def test_decisions_hold_when_regions_change_places():
    """A decision made left to right is read right to left."""
    turned = decision("A:1", "B:8", relationship="source-is-narrower-than-target")
    found = status(run(SMALL, decisions=[turned], regions=("B", "A"))[0], "B:8", "A:1")
    assert found[:2] == ("accepted", "source-is-broader-than-target")


def test_a_decision_on_records_that_are_gone_still_shows():
    """No decision is dropped because a catalog changed."""
    found = status(run(SMALL, decisions=[decision("A:77", "B:9")])[0], "A:77", "B:9")
    assert found[0] == "review"


def three_regions() -> pl.DataFrame:
    return pl.concat(
        [
            rows("A", ("1", "red ball", "x"), ("2", "red balls", "x")),
            rows("B", ("9", "red ball", "x")),
            rows("C", ("5", "red balls", "x")),
        ]
    )


def test_a_cluster_never_holds_two_records_of_a_region():
    """Where edges would join two codes of one region, the weakest automatic one goes to a person."""
    accepted = [decision("A:1", "B:9"), decision("A:2", "C:5")]
    wrong = decision("B:9", "C:5")
    mappings, clusters, refused = run(three_regions(), decisions=[*accepted, wrong], regions=("A", "B", "C"))
    assert refused["reason"].to_list() == ["two_of_region"]
    assert refused["status"].to_list() == ["accepted"]
    assert mappings.filter(pl.col("status") == "accepted").height == 3
    assert clusters.height == 4


def test_automatic_edges_give_way_to_people():
    """An automatic edge that contradicts what people accepted is turned back, and says why."""
    table = pl.concat(
        [
            rows("A", ("1", "red ball", "x")),
            rows("B", ("9", "red ball", "x")),
            rows("C", ("5", "tin", "x"), ("6", "red ball", "x")),
        ]
    )
    mappings, clusters, refused = run(
        table, decisions=[decision("A:1", "C:5"), decision("B:9", "C:6")], regions=("A", "B", "C")
    )
    assert refused.select("status", "reason").rows() == [("auto", "two_of_region")]
    found = status(mappings, "A:1", "B:9")
    assert (found[0], "refused:two_of_region" in found[2]) == ("review", True)
    assert clusters["cluster_id"].n_unique() == 2


def test_a_rejected_pair_never_meets_through_a_third_region():
    """A = C and B = C don't make A = B where a person kept A and B apart."""
    table = pl.concat([rows(r, (n, "red ball", "x")) for r, n in (("A", "1"), ("B", "9"), ("C", "5"))])
    _, clusters, refused = run(
        table, decisions=[decision("A:1", "B:9", "keep_both")], regions=("A", "B", "C")
    )
    assert refused["reason"].to_list() == ["kept_apart"]
    assert clusters.height == 2


def test_two_identities_never_share_a_cluster():
    """A record without a key joins one person or the other, never two."""
    entity = Entity.model_validate(
        thing().model_dump()
        | {
            "matching": thing().matching.model_dump()
            | {"strong": ["secret_number"], "cardinality": "many-to-many", "ending": "linked"},
            "comparison": [
                *(c.model_dump() for c in thing().comparison),
                {
                    "of": "secret_number",
                    "title": words("s"),
                    "levels": [
                        {"when": "same", "m": 0.9, "u": 0.01},
                        {"when": "differs", "m": 0.1, "u": 0.9, "veto": True},
                    ],
                },
            ],
        }
    )
    table = pl.concat([rows(r, (n, "red ball", "x")) for r, n in (("A", "1"), ("B", "9"), ("C", "5"))])
    numbers = pl.Series("secret_number", ["811218-9876", None, "640823-3234"])
    joined = [decision("A:1", "B:9"), decision("B:9", "C:5", reviewer="bo")]
    _, _, refused = run(table.with_columns(numbers), entity, joined[:1], regions=("A", "B", "C"))
    assert refused.is_empty()
    _, clusters, refused = run(table.with_columns(numbers), entity, joined, regions=("A", "B", "C"))
    assert refused["reason"].to_list() == ["two_keys"]
    assert clusters.height == 3


def test_the_order_of_rows_changes_nothing():
    """Shuffled catalogs give the same mappings, to the byte."""
    straight, _, _ = run(three_regions(), regions=("A", "B", "C"))
    shuffled, _, _ = run(three_regions().sample(fraction=1, shuffle=True, seed=3), regions=("A", "B", "C"))
    assert straight.equals(shuffled, null_equal=True)


def test_no_decision_and_no_counterpart_leaves_candidates_only():
    """Something wholly different is neither chosen nor hidden."""
    table = pl.concat([rows("A", ("1", "red ball", "x")), rows("B", ("9", "zebra crossing", "y"))])
    mappings, clusters, _ = run(table)
    assert status(mappings, "A:1", "B:9")[0] == "candidate"
    assert clusters.is_empty()


def test_empty_catalogs_are_nothing_to_match():
    """One region without records gives no mapping and no failure."""
    mappings, clusters, refused = run(rows("A", ("1", "red ball", "x")))
    assert (mappings.height, clusters.height, refused.height) == (0, 0, 0)


@pytest.mark.parametrize("how", ["none", "blocks"])
def test_other_ways_to_find_candidates(how):
    """Pages may pair nothing, or only what shares a key."""
    entity = thing(candidates=how, blocks=[["label"]])
    mappings = run(SMALL, entity)[0]
    assert sorted(zip(mappings["code_l"], mappings["code_r"], strict=True)) == (
        [] if how == "none" else [("1", "9"), ("2", "8")]
    )


def test_secret_fields_are_keys_in_memory_only():
    """A personnummer leaves normalise as a hash, and says whether it could be trusted."""
    entity = thing()
    table = rows("A", ("1", "red ball", "x")).with_columns(pl.lit("811218-9876").alias("secret_number"))
    records, _ = identify(table, entity)
    out = normalise(records, entity, Rules(), Project(regions=("A",)))
    assert out["secret_number_ok"].to_list() == [True]
    assert "811218" not in str(out.rows())
