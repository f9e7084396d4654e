"""What was exported comes back: direction, no match, negatives, one to many, many to one."""

from __future__ import annotations

import json

import pytest

from codemerge.answers.prior_decisions import prior_decisions
from codemerge.answers.selection import select
from codemerge.errors import BadInputError
from codemerge.files.exchange_fhir import bundle, concept_maps
from codemerge.files.exchange_sssom import sssom
from codemerge.files.prior_mappings import read_prior_mappings
from tests.small_runs import BROADER, EQUIVALENT, NARROWER, said, small_project, small_run

STATED = {
    ("K7", "007", EQUIVALENT, None),
    ("K8", "810E0", EQUIVALENT, None),
    ("K0", "007", BROADER, "side=L"),
    ("K0", "810E0", BROADER, "side=R"),
    ("K3a", "3", NARROWER, None),
    ("K5", "", "not-related-to", None),
    ("4", "4", "not-related-to", None),
}


def read(path, text: str, **project):
    path.write_text(text, encoding="utf-8")
    return read_prior_mappings(path, small_project(**project), ["gadget"])


@pytest.mark.parametrize("fhir", ["R4", "R5"])
def test_a_concept_map_comes_back_as_it_was_stated(fhir, tmp_path):
    """Both versions, both directions of narrower, splits with their condition."""
    chosen = select(small_run())
    frame, notes = read(tmp_path / "m.json", json.dumps(bundle(concept_maps(chosen, fhir)[0], chosen)))
    pairs = frame.filter((frame["region_l"] == "B") & (frame["region_r"] == "A"))

    assert set(pairs.select("code_l", "code_r", "relationship", "condition").rows()) == STATED
    assert notes == []


def test_sssom_comes_back_as_it_was_stated(tmp_path):
    """Conditions aren't SSSOM's to say; all the rest is."""
    frame, notes = read(tmp_path / "m.sssom.tsv", sssom(select(small_run()), "0"))

    assert set(frame.select("code_l", "code_r", "relationship").rows()) == {row[:3] for row in STATED}
    assert notes == []


def test_codes_that_addresses_cannot_hold_come_back_exactly(tmp_path):
    """Percent signs, colons, slashes and Swedish letters."""
    code = "=1+1:a/b%20 å"

    run = small_run(
        a=[{"code": code, "label": "x"}],
        b=[{"code": "b", "label": "x"}],
        mappings=[said("b", code)],
        clusters={"b": code},
    )
    frame, _ = read(tmp_path / "m.tsv", sssom(select(run), "0"))

    assert frame["code_r"].to_list() == [code]


def test_a_foreign_system_is_named_and_not_guessed(tmp_path):
    """Somebody else's code system needs its address in the project."""
    group = {"source": "urn:theirs", "target": "urn:ours"}
    group["element"] = [{"code": "x", "target": [{"code": "y", "relationship": "equivalent"}]}]
    text = json.dumps({"resourceType": "ConceptMap", "group": [group]})
    frame, notes = read(tmp_path / "m.json", text)

    assert frame.is_empty()
    assert {n.values["found"] for n in notes} == {"urn:theirs", "urn:ours"}
    mine = {"export": {"system": {"gadget": {"A": "urn:ours", "B": "urn:theirs"}}}}
    assert read(tmp_path / "m.json", text, **mine)[0].height == 1


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "{", '{"resourceType": "Patient"}'])
def test_another_file_is_refused_in_words(text, tmp_path):
    """Neither a ConceptMap nor SSSOM."""
    with pytest.raises(BadInputError) as told:
        read(tmp_path / "x.json", text)

    assert told.value.problems[0].kind == "deliver.no_mappings"


def test_prior_mappings_become_decisions_of_a_named_reviewer(tmp_path):
    """Direction turned to the project's order, negatives kept both, the file in every note."""
    stated = select(small_run())
    frame, _ = read(tmp_path / "m.json", json.dumps(bundle(concept_maps(stated, "R5")[0], stated)))
    undecided = small_run(mappings=[said("K9", "3", status="candidate")], clusters={})
    found = prior_decisions(frame, undecided, "Eva Ek", "2026-11-22", "m.json")
    taken = {(r["code_l"], r["code_r"]): r for r in found.said.iter_rows(named=True)}

    assert taken["K3a", "3"]["relationship"] == NARROWER
    assert (taken["4", "4"]["verdict"], taken["K5", ""]["verdict"]) == ("keep_both", "accept")
    assert (taken["K0", "007"]["group"], taken["K0", "007"]["condition"]) == ("K0", "side=L")
    assert taken["K7", "007"]["note"] == "m.json"
    assert set(found.said["reviewer"]) == {"Eva Ek"}
    outside = found.outcomes.filter(found.outcomes["outcome"] == "outside")
    assert set(outside["region_r"]) == {"combined"}


def test_what_people_have_judged_is_not_overruled(tmp_path):
    """A second time nothing is taken; a record that is gone is named."""
    run = small_run()
    frame, _ = read(tmp_path / "m.tsv", sssom(select(run), "0"))
    again = prior_decisions(frame, run, "Eva Ek", "2026-11-22", "m.tsv")
    gone = prior_decisions(frame, small_run(b=[], mappings=[], clusters={}), "Eva Ek", "2026-11-22", "m.tsv")

    assert set(again.said["code_l"]) == {"K8"}  # the only one no person had judged
    assert set(gone.outcomes["outcome"]) == {"unknown_record"}
