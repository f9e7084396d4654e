"""ConceptMaps and CodeSystems: both versions say the same thing as the crosswalk, in their own words."""

from __future__ import annotations

import json

import polars as pl
import pytest

from codemerge.answers.selection import select
from codemerge.answers.translate import translate
from codemerge.errors import BadInputError
from codemerge.files.exchange_codesystem import code_systems
from codemerge.files.exchange_fhir import bundle, concept_maps
from codemerge.rules.export import COMBINED
from tests.conftest import page
from tests.small_runs import BROADER, EQUIVALENT, NARROWER, small_project, small_run

R4_TO_R5 = {
    "equivalent": EQUIVALENT,
    "wider": NARROWER,
    "narrower": BROADER,
    "relatedto": "related-to",
    "disjoint": "not-related-to",
}  # fmt: skip  - written here once more, by hand: the golden pairs


@pytest.fixture(scope="module")
def run():
    return small_run()


def maps_of(run, fhir, **asked):
    return {m["id"]: m for m in concept_maps(select(run, **asked), fhir)[0]}


def answered(concept_map, code):
    """Read a ConceptMap as a stranger would: code → (relationship, target, conditions)."""
    out = []
    for group in concept_map["group"]:
        for element in group["element"]:
            if element["code"] != code:
                continue
            for target in element.get("target", []):
                if "code" not in target:
                    continue
                relationship = target.get("relationship") or R4_TO_R5[target["equivalence"]]
                if relationship == "not-related-to":
                    continue
                on = [
                    (
                        d.get("attribute") or d["property"].rsplit("/", 1)[1],
                        d.get("valueString") or d["value"],
                    )
                    for d in target.get("dependsOn", [])
                ]
                out.append((relationship, target["code"], on))
    return sorted(out, key=str)


@pytest.mark.parametrize("fhir", ["R4", "R5"])
@pytest.mark.parametrize(
    ("source", "target", "name"),
    [
        ("B", COMBINED, "gadget-b-to-combined"),
        ("A", COMBINED, "gadget-a-to-combined"),
        ("B", "A", "gadget-b-to-a"),
    ],
)
def test_a_stranger_reading_the_map_gets_the_crosswalks_answers(run, fhir, source, target, name):
    """Every code of the region, both versions; a code with a leading blank is left out and noted."""
    concept_map = maps_of(run, fhir)[name]
    codes = run.records["gadget"].filter(pl.col("region") == source)["code"]
    expected = translate(run.crosswalk, "gadget", source, target, codes)

    for code in codes:
        if code != code.strip():
            continue
        rows = expected.filter((pl.col("code") == code) & pl.col("target").is_not_null())
        wanted = [
            (
                row["relationship"],
                row["target"],
                [tuple(row["condition"].split("="))] if row["condition"] else [],
            )
            for row in rows.iter_rows(named=True)
        ]
        assert answered(concept_map, code) == sorted(wanted, key=str), code


def test_narrower_turns_round_between_versions(run):
    """R5 says the source is narrower; R4 says the target is wider."""
    five, four = (maps_of(run, v)["gadget-b-to-a"]["group"][0]["element"] for v in ("R5", "R4"))
    of = lambda elements: next(e["target"][0] for e in elements if e["code"] == "K3a")  # noqa: E731

    assert of(five)["relationship"] == NARROWER
    assert of(four)["equivalence"] == "wider"


def test_no_counterpart_is_noMap_and_unmatched(run):  # noqa: N802 - FHIR's word
    """Decided to have none: R5 noMap without target, R4 an unmatched target without code."""
    five, four = (maps_of(run, v)["gadget-b-to-a"]["group"][0]["element"] for v in ("R5", "R4"))

    assert next(e for e in five if e["code"] == "K5") == {
        "code": "K5",
        "display": "No counterpart",
        "noMap": True,
    }
    target = next(e for e in four if e["code"] == "K5")["target"]
    assert [t["equivalence"] for t in target] == ["unmatched"]
    assert "code" not in target[0]


def test_what_is_undecided_has_no_element(run):
    """K9 is only a candidate: the map is silent, it does not say there is none."""
    assert all(e["code"] != "K9" for e in maps_of(run, "R5")["gadget-b-to-a"]["group"][0]["element"])


def test_a_rejected_pair_is_not_related_with_a_comment(run):
    """Negatives are kept, and cmd-1 wants words."""
    targets = next(e for e in maps_of(run, "R5")["gadget-b-to-a"]["group"][0]["element"] if e["code"] == "4")[
        "target"
    ]

    assert [(t["relationship"], t["code"], t["comment"]) for t in targets] == [
        ("not-related-to", "4", "as agreed")
    ]


def test_broader_has_a_comment_in_both_versions(run):
    """R5 cmd-1 (broader) and R4 cmd-1 (narrower) are the same rule seen from two sides."""
    for version in ("R4", "R5"):
        element = next(
            e for e in maps_of(run, version)["gadget-b-to-a"]["group"][0]["element"] if e["code"] == "K0"
        )
        assert all(t["comment"] for t in element["target"]), version


def test_a_code_fhir_cannot_hold_is_named_and_left_out(run):
    """Trimming it would make it another code."""
    maps, notes = concept_maps(select(run, region="A"), "R5")

    assert {n.values["found"] for n in notes} == {"' 9'"}
    assert all(e["code"] != "9" for m in maps for g in m["group"] for e in g["element"])


def test_a_code_system_marks_what_is_retired_and_what_old_codes_were(run):
    """It is inactive in the region's; aliases and old texts in the combined one."""
    systems = {s["id"]: s for s in code_systems(select(run))[0]}

    gone = next(c for c in systems["gadget-a"]["concept"] if c["code"] == "5")
    assert {"code": "inactive", "valueBoolean": True} in gone["property"]
    knee = next(c for c in systems["gadget-combined"]["concept"] if c["code"] == "007")
    assert knee["designation"] == [{"value": "Left knee"}]
    assert [p["valueCoding"]["code"] for p in knee["property"] if p["code"] == "alias"] == ["007", "K7"]
    assert systems["gadget-combined"]["count"] == len(systems["gadget-combined"]["concept"])


def test_addresses_and_object_identifiers_are_the_projects(run):
    """Canonical addresses and OIDs come from [export]; a mistake there is told with its place."""
    mine = small_project(
        export={
            "base": "https://codes.example.org/x",
            "oid": {"gadget": {"A": "1.2.752.1"}},
            "system": {"gadget": {"B": "urn:b"}},
        }
    )
    own = small_run(project=mine)
    systems = {s["id"]: s for s in code_systems(select(own))[0]}

    assert systems["gadget-a"]["url"] == "https://codes.example.org/x/CodeSystem/gadget-a"
    assert systems["gadget-a"]["identifier"][0]["value"] == "urn:oid:1.2.752.1"
    assert systems["gadget-b"]["url"] == "urn:b"
    assert maps_of(own, "R5")["gadget-b-to-a"]["group"][0]["source"] == "urn:b"
    with pytest.raises(BadInputError) as wrong:
        select(small_run(project=small_project(export={"bass": "x", "oid": {"gadget": {"A": "one"}}})))
    assert [p.column for p in wrong.value.problems] == ["export.bass", "export.oid.gadget.A"]


def test_personal_entities_leave_only_when_named_and_without_texts():
    """Accounts are exported on request, codes only."""
    fields = page().model_dump()["field"]
    fields[1]["sensitive"] = True
    run = small_run(page(sensitive=True, field=fields))

    assert select(run).entities == ()
    assert select(run).skipped == ("gadget",)
    text = json.dumps(
        bundle(
            concept_maps(select(run, entity="gadget"), "R5")[0]
            + code_systems(select(run, entity="gadget"))[0],
            select(run),
        )
    )
    assert "K7" in text
    assert "knee" not in text.lower()
