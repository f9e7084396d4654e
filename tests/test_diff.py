"""What changed between two runs is told row by row, with the input that caused it."""

from __future__ import annotations

from dataclasses import replace

from codemerge.answers.change_lists import aliases, change_list
from codemerge.answers.diff import diff
from codemerge.answers.inputs_changed import Change, inputs_changed
from tests.conftest import page
from tests.small_runs import A_ROWS, SAID, said, small_run


def summed(run, **changed):
    return replace(run, summary={**run.summary, **changed})


def rows(difference, table: str) -> list[tuple]:
    out = difference.rows.filter(difference.rows["table"] == table)
    return out.select("key", "change", "field", "before", "after", "because").rows()


def test_a_run_is_the_same_as_itself():
    """No row, no input, exit 0."""
    found = diff(small_run(), small_run())

    assert (found.same, found.inputs, found.rows.height) == (True, (), 0)


def test_a_changed_source_is_named_with_every_row_it_moved():
    """A's catalog says another name: the record, its combined record, because of A.csv."""
    before = small_run()
    after = small_run(a=[{**A_ROWS[0], "label": "Knee left, standing"}, *A_ROWS[1:]])
    after = summed(after, inputs=[{"path": "A.csv", "sha256": "new"}, {"path": "B.csv", "sha256": "B"}])
    found = diff(before, after)

    assert found.inputs == (Change("source", "A.csv", "changed"),)
    assert ("gadget/A/007", "changed", "label", "Knee left", "Knee left, standing", "source A.csv") in rows(
        found, "records"
    )
    assert ("007", "changed", "label", "Knee left", "Knee left, standing", "source A.csv") in rows(
        found, "combined"
    )


def test_a_new_decision_is_the_cause_of_what_it_moved():
    """K9 was a candidate; somebody accepted it as narrower."""
    before = small_run()
    after = small_run(
        mappings=[
            *(m for m in SAID if m["code_l"] != "K9"),
            said("K9", "3", "source-is-narrower-than-target"),
        ]
    )
    after = summed(after, decisions={"000001-x.csv": "x"})
    found = diff(before, after)

    assert found.inputs == (Change("decisions", "000001-x.csv", "added"),)
    moved = rows(found, "mappings")
    assert ("gadget/B/K9 – gadget/A/3", "changed", "status", "candidate", "accepted", "decisions") in moved
    assert {r[-1] for r in moved} == {"decisions"}
    assert {r[-1] for r in rows(found, "crosswalk")} == {"decisions"}


def test_what_nothing_else_explains_is_because_of_the_rules():
    """Same catalogs, same decisions, other rules: the mapping that vanished is theirs."""
    after = summed(small_run(mappings=SAID[:-3]), rules="other")
    found = diff(small_run(), after)

    assert ("gadget/B/K9 – gadget/A/3", "removed", "", None, None, "rules") in rows(found, "mappings")


def test_sensitive_values_stay_hidden():
    """A changed name of a person is not shown, neither before nor after."""
    fields = page().model_dump()["field"]
    fields[1]["sensitive"] = True
    own = page(field=fields)
    after = small_run(own, a=[{**A_ROWS[0], "label": "Another and much longer name"}, *A_ROWS[1:]])
    found = diff(small_run(own), after)

    assert "Another" not in found.rows.write_csv()


def test_settings_are_named_by_key():
    """Not 'the project changed' but which key."""
    before = {"project": {"policy": {"survivor": "A", "signoff": 1}}, "rules": "x"}
    after = {"project": {"policy": {"survivor": "B", "signoff": 1}}, "rules": "x"}

    assert inputs_changed(before, after) == (Change("project", "policy.survivor", "changed"),)


def test_a_region_is_told_what_to_add_change_and_close():
    """B: two codes change, one is renumbered, a split has two rows; A's are added."""
    listed = change_list(small_run(), "B", "2027-03-01")
    by = {what: set(rows.select("code", "new_code").rows()) for (what,), rows in listed.group_by("change")}

    assert by["change"] == {("K7", "007"), ("K8", "810E0"), ("K0", "007"), ("K0", "810E0"), ("4", "b4")}
    assert (None, "3") in by["add"]
    assert set(listed["from"]) == {"2027-03-01"}
    assert ("close", "5") in change_list(small_run(), "A", None).select("change", "code").rows()


def test_every_old_name_of_a_combined_code_is_listed():
    """007 was A's Knee left, B's Left knee, and a part of B's K0."""
    listed = aliases(small_run(), page())
    old = listed.filter(listed["combined_code"] == "007").select("region", "code", "text", "condition").rows()

    assert old == [
        ("A", "007", "Knee left", None),
        ("B", "K0", "Knee, side asked", "side=L"),
        ("B", "K7", "Left knee", None),
    ]
