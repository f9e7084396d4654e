"""What makes millions of records linkable: numbers in place of texts, rare pieces in place of all pairs."""

from __future__ import annotations

import tomllib
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from codemerge import linkage, tables
from codemerge.errors import BadInputError
from codemerge.library import compare, listed, sparse
from codemerge.library.blocks import distinct, sharing, unpack
from codemerge.library.distinct import encode, numbered, numbered_by_hash, unordered
from codemerge.library.number_order import sorted_places, squeezed
from codemerge.library.pairs import Candidates
from codemerge.library.tallies import Tallies
from codemerge.library.text_order import in_text_order
from codemerge.rules.loader import load_project
from codemerge.rules.page import Comparison, Entity, Level, Words
from codemerge.tables import Contract, conform, in_order
from tests.test_matching_stages import rows, run, thing

PERSONS = Path(__file__).resolve().parent.parent / "benchmarks" / "pages" / "persons.toml"
WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", min_size=5, max_size=9)
TEXTS = st.lists(st.one_of(st.none(), st.text(alphabet="abå-/\0", max_size=12)), max_size=30)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=30), st.integers(1, 20))
def test_sharing_pairs_what_has_a_key_in_common_and_is_of_two_groups(drawn, most):
    rows = sorted(drawn, key=lambda row: row[1])
    keys = np.array([key for key, _ in rows], dtype=np.uint64)
    groups = np.array([group for _, group in rows], dtype=np.int64)
    numbers = np.arange(len(rows)) * 3 + 7
    found = list(
        zip(
            *(side.tolist() for side in unpack(distinct([sharing(keys, numbers, groups, most)]))), strict=True
        )
    )
    wanted = [
        (int(numbers[a]), int(numbers[b]), int(keys[a]))
        for a, b in product(range(len(rows)), repeat=2)
        if keys[a] == keys[b] and groups[a] < groups[b]
    ]
    few = {key for key in keys.tolist() if sum(k == key for _, _, k in wanted) <= most}
    assert found == sorted((a, b) for a, b, key in wanted if key in few)


@settings(max_examples=60)
@given(TEXTS)
def test_numbers_stand_for_the_values_they_were_given(texts):
    column = pl.Series(texts, dtype=pl.String)
    values, codes = numbered(column)
    assert [None if c == 0 else values[int(c) - 1] for c in codes] == texts
    assert sorted(values) == sorted({t for t in texts if t is not None})
    assert encode(column).values.to_list() == sorted({t for t in texts if t})
    assert encode(column).counts.sum() == unordered(column).counts.sum() == sum(bool(t) for t in texts)


@pytest.mark.parametrize("alphabet", ["0123456789", "abåÅz\0", "aé日"])
@pytest.mark.parametrize("longest", [6, 30, 70])
def test_text_order_is_the_order_of_sorted_texts(monkeypatch, alphabet, longest):
    monkeypatch.setattr("codemerge.library.text_order._MANY", 1)
    rng = np.random.default_rng(longest)
    letters = np.array(list(alphabet))
    texts = ["exam/RÖ/" + "".join(rng.choice(letters, rng.integers(0, longest))) for _ in range(500)]
    frame = pl.DataFrame({"t": texts, "n": range(500)})
    assert in_text_order(frame, "t").equals(frame.sort("t", maintain_order=True))


def test_a_table_that_is_in_order_is_left_alone_and_any_other_is_sorted():
    contract = Contract({"a": pl.String, "b": pl.Int64}, ("a", "b"))
    rows = pl.DataFrame(
        {"a": [None, "x", "x", "y"], "b": [3, None, 1, 0]}, schema={"a": pl.String, "b": pl.Int64}
    )
    assert in_order(rows, ("a", "b"))
    assert not in_order(rows[[0, 2, 1, 3]], ("a", "b"))
    assert not in_order(pl.concat([rows, rows[3:]]), ("a", "b")), "equal rows may need their other columns"
    assert conform(rows[[3, 1, 0, 2]], contract).equals(conform(rows, contract))


def test_order_is_seen_across_the_rows_that_are_looked_at_together(monkeypatch):
    monkeypatch.setattr(tables, "_LOOKED_AT", 2)
    rows = pl.DataFrame({"a": ["p", "q", "r", "s", "t"]})
    assert in_order(rows, ("a",))
    for swapped in range(4):
        places = list(range(5))
        places[swapped : swapped + 2] = reversed(places[swapped : swapped + 2])
        assert not in_order(rows[places], ("a",))


LEVELS = [
    [Level(when="same", m=0.9), Level(when="differs", m=0.1)],
    [Level(when="same", m=0.9, rarity=True), Level(when="differs", m=0.1)],
    [Level(when="same", m=0.8, rarity=True), Level(when="near", at=0.8, m=0.1), Level(when="differs", m=0.1)],
    [
        Level(when="same", m=0.8, rarity=True),
        Level(when="same", clean=("fold",), m=0.1, rarity=True),
        Level(when="begins", m=0.05),
        Level(when="typo", at=1, m=0.01, u=0.2),
        Level(when="differs", m=0.04),
    ],
]


@pytest.mark.parametrize("levels", LEVELS, ids=lambda levels: "-".join(level.when for level in levels))
@pytest.mark.parametrize("cap", [None, 1.5])
@pytest.mark.parametrize("limit", [0, 60, 4_000_000])  # as if there were millions of values, or few
def test_listed_pairs_get_the_levels_and_bits_that_every_other_way_gives_them(
    monkeypatch, levels, cap, limit
):
    for module in (compare, listed):
        monkeypatch.setattr(module, "TABLE_LIMIT", limit)
    rng = np.random.default_rng(5)
    names = ["anna", "anne", "anders", "ann", "åsa", "asa", "berit", "birgit", None, "", "o", "olof"]
    column = pl.Series([names[n] for n in rng.integers(0, len(names), 80)], dtype=pl.String)
    rows = [np.arange(*ends, dtype=np.uint32) for ends in ((0, 25), (25, 60), (60, 80))]
    declared = Comparison(
        of="x", title=Words(sv="", en=""), levels=tuple(levels), cap=cap, omitted=0.2, clean=()
    )
    side = encode(column)
    both = [(0, 1), (0, 2), (1, 2)]
    every = [[one.ravel() for one in np.meshgrid(rows[a], rows[b], indexing="ij")] for a, b in both]
    left, right = (np.concatenate(one) for one in zip(*every, strict=True))
    towards = np.repeat(np.arange(3), [len(one[0]) for one in every])
    regions = [Candidates(str(a), str(b), rows[a], rows[b], None) for a, b in both]
    way = listed.listed(listed.Valued(declared, side, Tallies(side)), regions)
    found, bits = way.settled(left, right, towards)
    most = bits.copy()
    way.judged(found, bits, left, right, towards)
    assert (most >= bits).all(), "what is promised is never less than what is found"
    for n, (a, b) in enumerate(both):
        mine = towards == n
        whole = compare.compared(declared, side.of(rows[a]), side.of(rows[b]), "", None)
        told, worth = whole.pairs(*(side[mine] - side[mine].min() for side in (left, right)))
        assert found[mine].tolist() == told.tolist()
        assert bits[mine] == pytest.approx(worth, abs=2e-3)


@settings(max_examples=30)
@given(st.lists(st.lists(WORDS, min_size=3, max_size=5, unique=True), min_size=2, max_size=12), st.data())
def test_a_text_of_three_words_is_found_whatever_befalls_one_of_them(names, data):
    left = pl.Series([" ".join(sorted(words)) for words in names])
    changed = []
    for words in names:
        at = data.draw(st.integers(0, len(words) - 1))
        changed.append(" ".join(sorted([*words[:at], data.draw(WORDS), *words[at + 1 :]])))
    found = sparse.most_alike(left, pl.Series(changed), top=len(names), least=1, near=1000)
    pairs = set(found.select("l", "r").rows())
    assert {(n, n) for n in range(len(names))} <= pairs


@settings(max_examples=30)
@given(
    st.lists(st.text(alphabet="abc ", max_size=12), max_size=12),
    st.lists(st.text(alphabet="abc ", max_size=12), max_size=12),
)
def test_every_pair_means_every_pair_alike_enough(left, right):
    found = sparse.all_alike(
        pl.Series(left, dtype=pl.String), pl.Series(right, dtype=pl.String), top=99, least=70
    )
    exact = {
        (a, b) for a, b in product(range(len(left)), range(len(right))) if fuzz.ratio(left[a], right[b]) >= 70
    }
    assert set(found.select("l", "r").rows()) == exact


@settings(max_examples=30)
@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=12), max_size=12, unique=True))
def test_equal_texts_are_always_found(texts):
    column = pl.Series(texts, dtype=pl.String)
    found = sparse.most_alike(column, column.reverse(), top=1)
    assert set(found.filter(pl.col("similarity") == 100).select("l", "r").rows()) == {
        (n, len(texts) - 1 - n) for n in range(len(texts))
    }


def test_a_value_held_by_several_records_pairs_them_all():
    left, right = encode(pl.Series(["x", "y", "x", None])), encode(pl.Series(["y", "x", "x"]))
    found = pl.DataFrame({"l": [0, 1], "r": [0, 0], "similarity": [100, 60]}, schema=sparse.FOUND)
    places = sparse.of_records(found, left, right, most=10)
    assert sorted(zip(*(side.tolist() for side in places), strict=True)) == [
        (0, 1),
        (0, 2),
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]
    few = sparse.of_records(found, left, right, most=3)
    assert sorted(zip(*(side.tolist() for side in few), strict=True)) == [(1, 1), (1, 2)]


def registers(folder: Path) -> Path:
    columns = ["code", "given_name", "family_name", "birth_date", "personnummer", "email", "title"]
    left = [
        ("A1", "Anna", "Synthsson", "1970-02-03", "197002039290", "anna@a.example", "ST"),
        ("A2", "Berit", "Testgren", "1981-04-05", None, None, None),
        ("A3", "Cecilia", "Provlund", "1960-01-01", None, "c@a.example", "ST"),
    ]
    right = [
        ("B1", "Anne", "Synthsson", "1970-02-03", "700203-9290", "anna@b.example", "ST"),
        ("B2", "Berit", "Testgren", "1981-04-05", None, None, None),
        ("B4", "Doris", "Fejkberg", "1955-05-05", None, "d@b.example", "ST"),
    ]
    for name, people in (("a", left), ("b", right)):
        pl.DataFrame(people, schema=dict.fromkeys(columns, pl.String), orient="row").write_parquet(
            folder / f"{name}.parquet"
        )
    sources = "".join(
        f'[[source]]\nregion = "{n.upper()}"\nentity = "user"\npath = "{n}.parquet"\n' for n in "ab"
    )
    (folder / "codemerge.toml").write_text(f'name = "x"\nregions = ["A", "B"]\n{sources}', encoding="utf-8")
    return folder


def page() -> Entity:
    return Entity.model_validate(tomllib.loads(PERSONS.read_text(encoding="utf-8"))).model_copy(
        update={"id": "user"}
    )


def test_registers_are_linked_without_a_run_folder(tmp_path):
    project = load_project(registers(tmp_path))
    found = linkage.link(project, page())
    assert found.rows() == [
        ("user/A/A1", "user/A/A1"), ("user/A/A2", "user/A/A2"), ("user/B/B1", "user/A/A1"), ("user/B/B2", "user/A/A2"),
    ]  # fmt: skip
    assert {p.name for p in tmp_path.iterdir()} == {"a.parquet", "b.parquet", "codemerge.toml"}


def test_a_damaged_register_is_told_as_anywhere(tmp_path):
    project = load_project(registers(tmp_path))
    (tmp_path / "b.parquet").write_bytes(b"PAR1nonsense")
    with pytest.raises(BadInputError):
        linkage.link(project, page())


@pytest.mark.parametrize(
    "asked",
    [{"candidates": "sparse"}, {"candidates": "all", "all_pairs_limit": 1}],
    ids=["sparse", "too many for all"],
)
def test_the_most_alike_texts_are_matched_where_all_pairs_are_too_many(asked):
    catalogs = pl.concat([
        rows("A", ("1", "Röntgen av vänster hand", ""), ("2", "Datortomografi av buken", ""), ("3", "Ultraljud hals", "x")),
        rows("B", ("7", "Hand vänster, röntgen av", ""), ("8", "Datortomografi av bukem", ""), ("9", "Magnetkamera", "x")),
    ])  # fmt: skip
    mappings, _, _ = run(catalogs, thing(alike="label:sorted_words", **asked))
    assert set(mappings.select("code_l", "code_r").rows()) == {("1", "7"), ("2", "8")}
    keyed, _, _ = run(catalogs, thing(alike="label:sorted_words", blocks=[["kind"]], **asked))
    assert ("3", "9") in set(keyed.select("code_l", "code_r").rows()), "what shares a key is paired too"


@pytest.mark.parametrize("bits", [3, 30, 64])
def test_sorted_places_are_those_of_a_stable_sort(bits):
    rng = np.random.default_rng(bits)
    numbers = rng.integers(0, 2**bits, 3_000, dtype=np.uint64, endpoint=False)
    numbers = np.concatenate([numbers, numbers[:500], numbers[:700] ^ np.uint64(1)])  # twins in the last bit
    assert sorted_places(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()
    assert sorted_places(numbers[:0]).tolist() == []


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.sampled_from([0, 1, 6, 2**63, 2**40 + 5, 2**64 - 1]), min_size=3, max_size=3), min_size=1
    )
)
def test_squeezed_numbers_sort_as_the_rows_they_were_made_of(drawn):
    rows_of = np.array(drawn, dtype=np.uint64)
    few = squeezed([rows_of[:, n] for n in range(3)])
    assert len(few) <= 3
    assert np.lexsort(few[::-1]).tolist() == np.lexsort(rows_of.T[::-1]).tolist()


def test_texts_that_share_a_hash_are_not_numbered_by_it(monkeypatch):
    texts = pl.Series([f"name {n}" for n in range(500)] + [None, "name 7"])
    hashes = texts.hash().to_numpy().copy()
    values, codes = numbered_by_hash(texts, hashes)
    assert [None if c == 0 else values[int(c) - 1] for c in codes] == texts.to_list()
    assert codes[7] == codes[501]
    hashes[3] = hashes[4]
    assert numbered_by_hash(texts, hashes) is None
    monkeypatch.setattr("codemerge.library.distinct._MANY", 1)
    assert sorted(numbered(texts)[0]) == sorted(set(texts.to_list()) - {None})
