"""Records get names, places and codes; values keep whence they came; nothing disappears."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from codemerge.library.verdicts import CURRENT
from codemerge.model import Ending
from codemerge.rules.check import Target
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.stages.assign import assign
from codemerge.stages.crosswalk import blocked, crosswalk, set_aside, withhold
from codemerge.stages.identify import identify
from codemerge.stages.merge import merge, rewrite
from codemerge.tables import CONFLICTS, IDENTIFIERS, MAPPINGS
from tests.conftest import page, rows_of

TARGET = Target.model_validate({"name": {"sv": "t", "en": "t"}})
NO_CLUSTERS = pl.DataFrame(schema={"record_id": pl.String, "cluster_id": pl.String})
NO_NAMES = pl.DataFrame(schema={"record_id": pl.String, "common_name": pl.String})
ASIDE = pl.DataFrame(schema={"record_id": pl.String, "fate": pl.String})


def records_of(entity: Entity, *frames: pl.DataFrame) -> pl.DataFrame:
    records, _ = identify(pl.concat(frames), entity)
    return records.with_columns(volume=pl.lit(0, pl.Int64), active=pl.lit(value=True))


def place(records: pl.DataFrame, entity: Entity, project: Project, clusters=NO_CLUSTERS, ledger=None) -> dict:
    ledger = (
        IDENTIFIERS.empty()
        if ledger is None
        else pl.DataFrame(ledger, schema=IDENTIFIERS.columns, orient="row")
    )
    placed = assign(records, clusters, ledger, ASIDE, entity, project, TARGET)
    return dict(placed.select("record_id", "combined_code").iter_rows())


def test_equal_rows_are_one_record_with_two_origins():
    """Two rows alike in every field fold; both lines are kept."""
    records, origins = identify(rows_of("A", {"code": "1"}, {"code": "1"}), page())

    assert records["record_id"].to_list() == ["gadget/A/1"]
    assert origins["line"].to_list() == [2, 3]


def test_one_code_with_two_contents_is_numbered_by_content():
    """The numbers follow the content, not the order of rows, and neither record is usable."""
    one, two = {"code": "1", "label": "x"}, {"code": "1", "label": "y"}

    there, _ = identify(rows_of("A", one, two), page())
    back, _ = identify(rows_of("A", two, one), page())

    assert there.equals(back)
    assert there["record_id"].to_list() == ["gadget/A/1#1", "gadget/A/1#2"]
    assert not there["usable"].any()


def test_a_row_without_code_is_a_record_of_its_own():
    """It has a name, so that it can be pointed at."""
    records, _ = identify(rows_of("A", {"label": "x"}), page())

    assert records["record_id"].to_list() == ["gadget/A/#1"]


def test_protected_identity_leaves_only_an_opaque_name():
    """Neither the code nor a sensitive field survives."""
    fields = [f.model_dump() for f in page().field]
    fields[1]["sensitive"] = True
    fields[4]["protects"] = True
    entity = page(field=fields)

    records, _ = identify(rows_of("A", {"code": "anna", "label": "Anna", "colours": "Ja"}), entity)

    assert "anna" not in str(records.to_dicts()).lower()
    assert not records["usable"].any()


def test_the_first_region_keeps_a_contested_code(project):
    """The other one gets its region's prefix."""
    records = records_of(page(), rows_of("A", {"code": "1"}), rows_of("B", {"code": "1"}))

    assert place(records, page(), project) == {"gadget/A/1": "1", "gadget/B/1": "b1"}


def test_a_new_code_was_never_used_by_anybody(project):
    """``b1`` is taken, so the next free one is proposed."""
    records = records_of(page(), rows_of("A", {"code": "1"}, {"code": "b1"}), rows_of("B", {"code": "1"}))

    assert place(records, page(), project)["gadget/B/1"] == "b1-2"


def test_volume_decides_where_the_policy_says_so():
    """The code most used survives, whichever region has it."""
    project = Project(regions=("A", "B"), policy={"survivor": "volume"})
    records = records_of(page(), rows_of("A", {"code": "1"}), rows_of("B", {"code": "2"})).with_columns(
        volume=pl.Series([5, 50])
    )
    clusters = pl.DataFrame({"record_id": ["gadget/A/1", "gadget/B/2"], "cluster_id": ["c", "c"]})

    assert set(place(records, page(), project, clusters).values()) == {"2"}


def test_linked_members_keep_their_own_codes(project):
    """A person with two accounts keeps both."""
    entity = page(matching={"candidates": "none", "ending": Ending.LINKED})
    records = records_of(entity, rows_of("A", {"code": "1"}), rows_of("B", {"code": "2"}))
    clusters = pl.DataFrame({"record_id": ["gadget/A/1", "gadget/B/2"], "cluster_id": ["c", "c"]})

    assert place(records, entity, project, clusters) == {"gadget/A/1": "1", "gadget/B/2": "2"}


def test_the_ledger_outranks_everything(project):
    """A combined code once given does not change when a record of higher precedence appears."""
    records = records_of(page(), rows_of("A", {"code": "1"}), rows_of("B", {"code": "1"}))

    assert place(records, page(), project, ledger=[("gadget", "1", "B", "1")]) == {
        "gadget/A/1": "A1",
        "gadget/B/1": "1",
    }


def test_joined_clusters_keep_the_first_listed_code_and_a_split_one_leaves_it_to_the_first(project):
    """The ledger's order settles both."""
    records = records_of(page(), rows_of("A", {"code": "1"}), rows_of("B", {"code": "2"}))
    joined = pl.DataFrame({"record_id": ["gadget/A/1", "gadget/B/2"], "cluster_id": ["c", "c"]})

    assert set(
        place(
            records, page(), project, joined, [("gadget", "9", "B", "2"), ("gadget", "1", "A", "1")]
        ).values()
    ) == {"9"}
    assert place(records, page(), project, ledger=[("gadget", "9", "B", "2"), ("gadget", "9", "A", "1")]) == {
        "gadget/A/1": "1",
        "gadget/B/2": "9",
    }


def test_a_run_with_its_own_ledger_rows_is_the_same_run(project):
    """Appending what was proposed changes no code."""
    records = records_of(
        page(), rows_of("A", {"code": "1"}, {"code": "b1"}), rows_of("B", {"code": "1"}, {"code": "7"})
    )
    first = place(records, page(), project)

    ledger = [("gadget", new, *name.split("/")[1:]) for name, new in sorted(first.items())]

    assert place(records, page(), project, ledger=ledger) == first


def test_a_field_called_place_keeps_what_it_says(project):
    """The town of a unit stands in the combined catalog, not the place that the record was given."""
    fields = [f.model_dump() for f in page().field]
    entity = page(field=[{**f, "name": "place"} if f["name"] == "colours" else f for f in fields])
    records = records_of(
        entity, rows_of("A", {"code": "1", "colours": "Kalmar"}).rename({"colours": "place"})
    )
    placed = assign(records, NO_CLUSTERS, IDENTIFIERS.empty(), ASIDE, entity, project, TARGET)

    out = merge(records, placed, NO_NAMES, entity)

    assert out.select("place", "place_from").rows() == [("Kalmar", "A")]


def test_references_follow_their_records_and_values_say_whence(project):
    """A reference is rewritten within its own region; the highest price wins; colours are united."""
    entity = page()
    records = records_of(
        entity,
        rows_of("A", {"code": "1", "label": "box", "price": "9,5", "colours": "red"}),
        rows_of(
            "B",
            {"code": "1", "label": "lid"},
            {"code": "2", "label": "Box", "price": "10", "colours": "red, blue", "part_of": "1"},
        ),
    )
    clusters = pl.DataFrame({"record_id": ["gadget/A/1", "gadget/B/2"], "cluster_id": ["c", "c"]})
    placed = assign(records, clusters, IDENTIFIERS.empty(), ASIDE, entity, project, TARGET)

    out = merge(rewrite(records, entity, {"gadget": placed}), placed, NO_NAMES, entity)
    box = out.row(by_predicate=pl.col("combined_code") == "1", named=True)

    assert (box["price"], box["price_from"]) == ("10", "B")
    assert (box["colours"], box["colours_from"]) == ("red,blue", "A+B")
    assert (box["label"], box["members"]) == ("box", ["gadget/A/1", "gadget/B/2"])
    assert out.filter(pl.col("combined_code") == "b1")["label"].to_list() == ["lid"]


def test_what_a_blocking_conflict_touches_is_withheld_but_never_a_code_once_given(project):
    """The row stays; only the ledger's code stays in it."""
    entity = page()
    records = records_of(entity, rows_of("A", {"code": "1"}, {"code": "2"}))
    ledger = pl.DataFrame([("gadget", "2", "A", "2")], schema=IDENTIFIERS.columns, orient="row")
    placed = assign(records, NO_CLUSTERS, ledger, ASIDE, entity, project, TARGET)
    rows = crosswalk(records, placed, ASIDE, MAPPINGS.empty(), CURRENT.empty(), entity)
    conflicts = (
        CONFLICTS.empty()
        .clear(1)
        .with_columns(
            severity=pl.lit("blocking"),
            status=pl.lit("open"),
            record_ids=pl.lit(["gadget/A/1", "gadget/A/2"]),
        )
    )

    held, combined = withhold(rows, merge(records, placed, NO_NAMES, entity), placed, blocked(conflicts))

    assert held.select("code", "status", "combined_code").rows() == [
        ("1", "withheld", None),
        ("2", "withheld", "2"),
    ]
    assert combined.is_empty()


CODES = st.sampled_from(["1", "2", "b1", "007", "1E5", "=1+1", " 1", "Å", "å", ""])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("AB"), CODES, st.sampled_from(["x", "y"])), max_size=12), st.randoms()
)
def test_every_record_has_a_crosswalk_row_and_no_two_units_share_a_code(rows, random):
    """Whatever the catalogs hold, and in whatever order."""
    entity = page()
    project = Project(regions=("A", "B"))
    frames = [rows_of(region, {"code": code, "label": label}) for region, code, label in rows]
    if not frames:
        return
    records = records_of(entity, *frames)
    random.shuffle(frames)
    assert records_of(entity, *frames).equals(records)

    placed = assign(records, NO_CLUSTERS, IDENTIFIERS.empty(), ASIDE, entity, project, TARGET)
    aside = set_aside(MAPPINGS.empty(), CURRENT.empty(), records)
    out = crosswalk(records, placed, aside, MAPPINGS.empty(), CURRENT.empty(), entity)

    assert sorted(set(out["record_id"])) == sorted(records["record_id"])
    given_codes = out["combined_code"].drop_nulls()
    assert given_codes.n_unique() == given_codes.len() == records["usable"].sum()
