"""The verbs of matching: what cleaners, comparators, weights and assignment do with single values."""

from __future__ import annotations

from itertools import permutations
from unittest import mock

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemerge.library import topk
from codemerge.library.assignment import assign_pairs, components
from codemerge.library.cleaners import CLEANERS, cleaned_text
from codemerge.library.comparators import judge
from codemerge.library.compare import compared
from codemerge.library.comparison import Alike
from codemerge.library.distinct import SEPARATOR, encode, shared
from codemerge.library.filled import maybe_blank
from codemerge.library.persons import joining_keys
from codemerge.library.topk import best_of_all, best_of_pairs
from codemerge.library.values import Values
from codemerge.library.vocabulary import Vocabulary
from codemerge.library.weights import exact, prior_bits, rarity_bits, silence_bits
from codemerge.rules.page import Comparison

TITLE = {"sv": "t", "en": "t"}
PARTS = Vocabulary(
    facets=("place",),
    kinds={"place": "hierarchy"},
    phrases={},
    ancestors={("place", "thumb"): frozenset({"finger", "hand"}), ("place", "finger"): frozenset({"hand"})},
    near={"place": {"hand": frozenset({"foot"}), "foot": frozenset({"hand"})}},
    combine={"place": {frozenset({"left", "right"}): "both"}},
)


def comparison(*levels: dict, **more: object) -> Comparison:
    return Comparison.model_validate({"of": "x", "title": TITLE, "levels": levels, **more})


def level_of(left: str, right: str, *whens: str, **more: object) -> str:
    made = comparison(*({"when": w, "m": 0.5} for w in whens), {"when": "differs", "m": 0.5}, **more)
    values = Values(pl.Series([left]), pl.Series([right]), None, "place", PARTS, made.open)
    return made.levels[int(judge(made.levels, values)[0, 0])].when


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("thumb", "thumb", "same"),
        ("thumb", "hand", "part_of"),
        ("hand", "thumb", "has_part"),
        ("hand", "foot", "family"),
        ("left", "both", "part_of"),
        (SEPARATOR.join(["chest", "hand"]), "hand", "has_part"),
        (SEPARATOR.join(["chest", "thumb"]), "hand", "overlap"),
        ("chest", "neck", "differs"),
    ],
)
def test_sets_of_concepts_stand_as_their_hierarchy_says(left, right, level):
    """Part and whole, kin and strangers."""
    assert level_of(left, right, "same", "part_of", "has_part", "family", "overlap") == level


def test_a_concept_may_leave_others_open():
    """A side chosen when ordered is either side, and says so."""
    opened = {"choose": ("left", "right")}
    assert level_of("left", "choose", "same", "one_of", "leaves_open", open=opened) == "one_of"
    assert level_of("choose", "right", "same", "one_of", "leaves_open", open=opened) == "leaves_open"
    assert level_of("left", "right", "same", "one_of", "leaves_open", open=opened) == "differs"


def test_aligned_and_crossed_judging_agree():
    """A pair is judged the same, alone or among all pairs."""
    made = comparison(
        {"when": "same", "m": 0.5},
        {"when": "part_of", "m": 0.2},
        {"when": "overlap", "m": 0.2},
        {"when": "differs", "m": 0.1},
    )
    values = pl.Series(["thumb", "hand", "foot", SEPARATOR.join(["foot", "thumb"])])
    crossed = judge(made.levels, Values(values, values, None, "place", PARTS))
    pairs = [(a, b) for a in range(4) for b in range(4)]
    listed = tuple(np.array(side) for side in zip(*pairs, strict=True))
    aligned = judge(made.levels, Values(values, values, listed, "place", PARTS))
    assert crossed.ravel().tolist() == aligned.tolist()


@pytest.mark.parametrize(
    ("cleaner", "text", "expected"),
    [
        ("fold", "Åhlén", "ahlen"),
        ("plain", "Åhlén", "åhlen"),
        ("family_name", "af Klint-Sjö, Anna Karin", "klint sjö"),
        ("given_name", "Klint, Anna Karin", "anna karin"),
        ("family_name", "Anna Klint", "klint"),
        ("bare_family", "von der Burg", "burg"),
        ("first_word", "Berg-Lund", "berg"),
        ("number", "Storgatan 012 B", "12"),
        ("sorted_words", "knä höger, rtg", "höger knä rtg"),
        ("joined", "AB-12 c", "ab12c"),
        ("initial", "Östen", "ö"),
    ],
)
def test_cleaners_make_values_comparable(cleaner, text, expected):
    """Each cleaner on the text it is for; å ä ö stay letters but in fold."""
    assert cleaned_text(text, [cleaner]) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [("Carlsson", "Karlson"), ("Öberg", "Oberg"), ("Thorén", "Toren"), ("Wikström", "Vikstrom")],
)
def test_spellings_of_a_surname_sound_alike(left, right):
    """The sound key joins what is spelled in several ways."""
    assert cleaned_text(left, ["sound"]) == cleaned_text(right, ["sound"])


@given(st.text(max_size=30), st.sampled_from(sorted(CLEANERS)))
@settings(max_examples=60)
def test_cleaners_never_fail(text, cleaner):
    """Any text can be cleaned."""
    cleaned_text(text, [cleaner])


def test_identity_numbers_join_whatever_way_they_are_written():
    """Ten and twelve digits join; a wrong check digit and an impossible date are dropped; pseudonyms join as they are."""
    token = "p" + "0123456789abcdef" * 2
    numbers = ["19811218-9876", "8112189876", "811218-9876", "811218-9875", "811378-9876", "", None, token]
    keys = joining_keys(pl.Series(numbers))
    assert keys["key"][0] == keys["key"][1] == keys["key"][2]
    assert keys["ok"].to_list() == [True, True, True, False, False, None, None, True]
    assert keys["key"][3] is None
    assert "8112189876" not in str(keys["key"].to_list())


@pytest.mark.parametrize(
    ("number", "ok"),
    [
        ("811218 9876", True),
        ("\u00a019811218-9876 ", True),
        ("811218+9876", True),
        ("198112189876", True),
        ("17811218-9876", False),
        ("1981-12-18-9876", False),
        ("811218--9876", False),
        ("11218-9876", False),
        ("\0\0811218-9876", False),
        ("81121８-9876", False),
        ("811218-98:6", False),
        ("81121/-9876", False),
        ("000000-0000", False),
        ("p811218-9876", False),
    ],
)
def test_an_identity_number_is_ten_or_twelve_digits_and_one_sign(number, ok):
    """Any other shape, other scripts' digits and neighbours of digits among the signs are no number."""
    assert joining_keys(pl.Series([number]))["ok"].to_list() == [ok]


def test_a_coordination_number_is_an_identity_number():
    """The day of a samordningsnummer is sixty more."""
    assert joining_keys(pl.Series(["811278-9873"]))["ok"].to_list() == [True]


def test_a_centenarian_is_not_a_namesake_of_a_newborn():
    """A plus sign tells the century."""
    keys = joining_keys(pl.Series(["811218-9876", "811218+9876"]))["key"]
    assert keys[0] != keys[1]


def test_agreement_on_a_rare_value_is_worth_more():
    """Few records hold it by chance."""
    rare, common = rarity_bits(0.9, np.array([1.0, 50.0]), np.array([1.0, 50.0]), 100.0, 100.0)
    assert rare > common > -1


def test_a_habit_of_one_catalog_is_no_evidence():
    """Where one region never says it, silence says nothing; where both do, it does."""
    habit = silence_bits(0.5, 0.001, 0.1)
    both = silence_bits(0.5, 0.5, 0.1)
    assert abs(habit.left_only) < 0.2
    assert both.left_only < -2 < 0 < both.both


def test_more_records_make_chance_likelier():
    """The prior falls with the size of the catalogs."""
    assert prior_bits(100, 100, 0.5, None) > prior_bits(10_000, 10_000, 0.5, None)


@given(st.lists(st.floats(-40, 40), min_size=2, max_size=30))
@settings(max_examples=50)
def test_sums_of_bits_are_exact_in_any_order(values):
    """Bits are multiples of 1/1024: no order of adding, and no number of threads, changes a sum."""
    bits = exact(np.array(values))
    assert (
        bits.sum(dtype=np.float32)
        == bits[::-1].sum(dtype=np.float32)
        == np.float32(bits.astype(np.float64).sum())
    )


@given(st.integers(1, 5), st.integers(1, 5), st.data())
@settings(max_examples=80)
def test_the_assignment_is_the_best_there_is(left, right, data):
    """No other one-to-one choice adds up to more than what is chosen (worth counted above the floor)."""
    bits = np.array(
        data.draw(st.lists(st.integers(-20, 30), min_size=left * right, max_size=left * right)),
        dtype=np.float64,
    )
    a, b = (x.ravel() for x in np.meshgrid(np.arange(left), np.arange(right), indexing="ij"))
    chosen = assign_pairs(a.astype(np.uint32), b.astype(np.uint32), bits)
    assert len(set(a[chosen])) == len(set(b[chosen])) == chosen.sum()
    worth = np.maximum(bits + 6.0, 0.0).reshape(left, right)
    small, large = (worth, right) if left <= right else (worth.T, left)
    best = max(sum(small[n, p[n]] for n in range(len(small))) for p in permutations(range(large), len(small)))
    assert worth.ravel()[chosen].sum() == pytest.approx(best)


@given(st.integers(2, 30), st.integers(2, 30), st.floats(0.05, 0.6), st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_a_sparse_assignment_adds_up_to_what_every_pair_filled_in_would(left, right, share, seed):
    """Where few pairs are candidates, the sum is that of an assignment over the whole table of worths."""
    rng = np.random.default_rng(seed)
    bits = np.where(rng.random((left, right)) < share, rng.integers(-8, 40, (left, right)), -7).astype(float)
    a, b = np.nonzero(bits > -7)
    chosen = assign_pairs(a.astype(np.uint32), b.astype(np.uint32), bits[a, b])
    assert len(set(a[chosen])) == len(set(b[chosen])) == chosen.sum()
    worth = np.maximum(bits + 6.0, 0.0)
    assert worth[a, b][chosen].sum() == pytest.approx(largest_sum(worth))


def largest_sum(worth: np.ndarray) -> float:
    """Sum the best assignment of a table by adding one row after the other (textbook Hungarian method)."""
    worth = worth if worth.shape[0] <= worth.shape[1] else worth.T
    cost = worth.max() - worth
    rows, columns = cost.shape
    u, v, owner = np.zeros(rows + 1), np.zeros(columns + 1), np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        owner[0], at = row, 0
        least, way = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=int)
        used = np.zeros(columns + 1, dtype=bool)
        while owner[at]:
            used[at] = True
            now = cost[owner[at] - 1] - u[owner[at]] - v[1:]
            better = ~used[1:] & (now < least[1:])
            least[1:][better], way[1:][better] = now[better], at
            nearest = 1 + int(np.argmin(np.where(used[1:], np.inf, least[1:])))
            step = least[nearest]
            u[owner[used]] += step
            v[used] -= step
            least[1:][~used[1:]] -= step
            at = nearest
        while at:
            owner[at], at = owner[way[at]], way[at]
    return float(sum(worth[owner[n] - 1, n - 1] for n in range(1, columns + 1) if owner[n]))


def test_a_pair_far_behind_both_its_records_best_still_counts():
    """Two lefts want one right: the one that must give way takes what nobody else needs, however little."""
    chosen = assign_pairs(
        np.array([0, 0, 1, 2, 2, 2], np.uint32),
        np.array([0, 1, 2, 2, 0, 1], np.uint32),
        np.array([20.0, 20.0, 20.0, 20.0, 0.0, 0.0]),
    )
    assert chosen.sum() == 3


def test_an_assignment_beats_each_rows_best():
    """Two lefts that want the same right share out so that both are served."""
    chosen = assign_pairs(
        np.array([0, 0, 1], np.uint32), np.array([0, 1, 0], np.uint32), np.array([10.0, 9.0, 9.0])
    )
    assert chosen.tolist() == [False, True, True]


def test_components_are_named_by_their_smallest_member():
    """A chain is one component."""
    assert components(np.array([1, 2]), np.array([2, 3]), 5).tolist() == [0, 1, 1, 1, 4]


@given(st.integers(1, 40), st.integers(1, 30), st.integers(0, 2**16))
@settings(max_examples=40)
def test_every_records_best_candidates_are_found(left, right, seed):
    """The best of each row and of each column are among those kept, however the work is tiled."""
    bits = np.random.default_rng(seed).integers(-20, 20, (left, right)).astype(np.float32)
    rows, columns = best_of_all(lambda rows, columns: bits[rows][:, columns], left, right, 3)
    kept = set(zip(rows.tolist(), columns.tolist(), strict=True))
    for row in range(left):
        assert bits[row].max() in [bits[row, c] for r, c in kept if r == row]
    for column in range(right):
        assert bits[:, column].max() in [bits[r, column] for r, c in kept if c == column]


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 2**32 - 1), st.integers(1, 9))
@settings(max_examples=60)
def test_neither_tiles_nor_threads_change_which_candidates_are_kept(left, right, seed, rows):
    """Of many equal weights the same ones are kept whether a tile has few rows or all of them."""
    bits = np.random.default_rng(seed).integers(0, 3, (left, right)).astype(np.float32)
    whole = best_of_all(lambda rows, columns: bits[rows][:, columns], left, right, 2)
    with mock.patch.object(topk, "_TILE", rows), mock.patch.object(topk, "threads", lambda: 3):
        parted = best_of_all(lambda rows, columns: bits[rows][:, columns], left, right, 2)
    assert [side.tolist() for side in whole] == [side.tolist() for side in parted]


@given(st.integers(1, 60), st.integers(1, 40), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1, 1.0]))
@settings(max_examples=120)
def test_leaving_out_what_cannot_matter_changes_nothing(left, right, seed, few):
    """Whatever groups are weighed first, and whatever texts are silent, the best are those of all pairs."""
    rng = np.random.default_rng(seed)
    early = rng.integers(-12, 12, (left, right)).astype(np.float32)
    similarity = rng.integers(0, 104, (left, right)).astype(np.float32) / np.float32(100)
    worth = np.concatenate((np.sort(rng.integers(-3, 13, 101)), rng.integers(-4, 3, 3))).astype(np.float32)
    groups_l, groups_r = rng.integers(0, 4, left), rng.integers(0, 4, right)
    likely = [
        tuple(np.nonzero(side == n)[0].astype(np.uint32) for side in (groups_l, groups_r)) for n in range(3)
    ]
    late = Alike(lambda rows, columns: similarity[rows][:, columns], worth)
    with mock.patch.object(topk, "_FEW", few), mock.patch.object(topk, "_TILE", 7):
        found = best_of_all(
            lambda rows, columns: early[rows][:, columns], left, right, 3, late,
            [group for group in likely if len(group[0]) and len(group[1])],
        )  # fmt: skip
    whole = early + worth[np.round(similarity * 100).astype(int)]
    a, b = (x.ravel() for x in np.meshgrid(np.arange(left), np.arange(right), indexing="ij"))
    best = best_of_pairs(a, b, whole.ravel(), 3)
    assert [side.tolist() for side in found] == [a[best].tolist(), b[best].tolist()]


def test_the_best_of_a_list_of_pairs_are_kept_for_either_side():
    """A pair stays if it is among the best of its left or of its right record."""
    kept = best_of_pairs(
        np.array([0, 0, 1], np.uint32), np.array([0, 1, 1], np.uint32), np.array([5, 3, 4], np.float32), 1
    )
    assert kept.tolist() == [True, False, True]


def test_exact_u_is_counted_from_the_catalogs():
    """Half of all pairs share a value that half of each side holds: agreement is worth one bit at m = 1."""
    column = pl.Series(["a", "a", "b", "b"])
    made = comparison({"when": "same", "m": 0.999}, {"when": "differs", "m": 0.001})
    _, bits = compared(made, encode(column), encode(column), "", None).pairs(
        np.array([0], np.uint32), np.array([0], np.uint32)
    )
    assert bits[0] == pytest.approx(1.0, abs=0.1)


def test_a_missing_value_is_no_evidence():
    """Nothing said on a side weighs nothing where the page doesn't say how often it is left out."""
    made = comparison({"when": "same", "m": 0.9}, {"when": "differs", "m": 0.1})
    side = encode(pl.Series(["a", None, "b"]))
    _, bits = compared(made, side, side, "", None).pairs(
        np.array([0, 1, 1], np.uint32), np.array([1, 0, 1], np.uint32)
    )
    assert bits.tolist() == [0.0, 0.0, 0.0]


def test_a_column_passed_by_at_a_glance_has_no_blank_cell():
    """Whatever counts as a space, a column that isn't named holds something in every cell."""
    spaces = [chr(n) for n in range(0x3001) if pl.Series([chr(n)]).str.strip_chars().item() == ""]
    assert len(spaces) > 20
    frame = pl.DataFrame({f"{ord(s):x}": ["a", None, s * 2] for s in [*spaces, "-"]})
    assert maybe_blank(frame, frame.columns) == frame.columns[:-1]
    assert maybe_blank(frame, []) == []


@given(st.lists(st.none() | st.sampled_from(["", "one", "a text that is too long to stand in line"])))
def test_texts_held_once_are_the_same_texts(texts):
    """Sharing what repeats changes no cell, missing ones and empty ones included."""
    column = pl.Series("why", texts, dtype=pl.String)
    assert shared(column).equals(column, check_names=True, null_equal=True)
