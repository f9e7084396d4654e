"""The parser as a whole: tables in, facets out; and what holds for any text at all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemerge.library.parser import read_name, read_names
from codemerge.library.spelling import fold, skeleton, tokens_of
from codemerge.rules.facets import load_vocabulary

FACETS, WORDS = load_vocabulary([Path(__file__).parents[1] / "rules"])
NAMES = ["DT thorax-buk med iv kontrast", "Rtg knä dx", "MR hjärna m/u kontrast", "", None, "zzqx 12/3"]
PIECES = st.lists(
    st.sampled_from([*sorted(WORDS.phrases)[::37], "hö/vä", "±", "W/O", "2-3VW", "<", "ø", "knä", "(", "%"]),
    max_size=6,
).map(" ".join)


def _parse(names: list[str | None]) -> pl.DataFrame:
    frame = pl.DataFrame({"label": names}, schema={"label": pl.String})
    return read_names(frame, WORDS, list(FACETS), text="label")


def test_every_row_comes_back_in_its_place_with_every_column() -> None:
    """Equal names give equal rows; empty ones say nothing and are never unknown."""
    out = _parse([*NAMES, *NAMES])
    assert out["label"].to_list() == [*NAMES, *NAMES]
    wanted = {"text_norm", "words", "unknown", "ambiguous", "corrected", "spans"}
    assert wanted | {f"facet_{name}" for name in FACETS} <= set(out.columns)
    half = len(NAMES)
    assert out[:half].equals(out[half:])
    assert out["unknown"].list.len()[3] == out["unknown"].list.len()[4] == 0


def test_an_unknown_word_is_named_and_kept_among_the_words() -> None:
    """Ignorance is evidence: it is reported, never dropped."""
    row = _parse(["DT zzqxv buk"]).row(0, named=True)
    assert row["unknown"] == ["zzqxv"]
    assert "zzqxv" in row["words"]
    assert row["facet_body_part"] == ["abdomen"]


def test_a_default_fills_only_what_nobody_said_and_only_where_it_applies() -> None:
    """A region's word for silence reaches CT and MR, not plain film, and no other region."""
    frame = pl.DataFrame(
        {
            "region": ["A", "A", "A", "B"],
            "label": ["DT buk", "DT buk med kontrast", "Rtg knä", "DT buk"],
        }
    )
    out = read_names(frame, WORDS, ["contrast"], text="label", defaults={"A": {"contrast": "without"}})
    assert out["facet_contrast"].to_list() == [["without"], ["with"], None, None]


def test_columns_are_read_as_their_facet_only() -> None:
    """``US`` in a method column is ultrasound, whatever it may be elsewhere."""
    frame = pl.DataFrame({"label": ["Buk", "Knä"], "metod": ["US", "Rtg"], "sida": [None, "Hö"]})
    out = read_names(
        frame,
        WORDS,
        ["modality", "laterality"],
        text="label",
        declared={"metod": "modality", "sida": "laterality", "saknas": "contrast"},
    )
    assert out["facet_modality"].to_list() == [["US"], ["DX"]]
    assert out["facet_laterality"].to_list() == [None, ["R"]]


def test_every_facet_knows_the_characters_it_came_from() -> None:
    """The spans point into the name as the region wrote it."""
    name = "MR-angio  HALSKÄRL hö"
    spans = read_name(name, WORDS).spans
    found = {span["facet"]: name[span["start"] : span["end"]] for span in spans}
    assert found["laterality"] == "hö"
    assert found["body_part"] == "HALSKÄRL"
    assert found["technique"] == "angio"


def test_parts_know_their_wholes_and_families_their_members() -> None:
    """A thumb is part of a finger, a hand and an arm; fluoroscopy is near plain film."""
    assert WORDS.part_of("body_part", "thumb", "finger")
    assert WORDS.part_of("body_part", "thumb", "upper_extremity")
    assert not WORDS.part_of("body_part", "finger", "thumb")
    assert WORDS.is_near("modality", "RF", "DX")
    assert not WORDS.is_near("modality", "CT", "MR")
    assert WORDS.title("body_part", "thumb", "sv") == "Tumme"


@pytest.mark.parametrize(
    ("one", "other"),
    [("karotis", "carotis"), ("torax", "thorax"), ("oesofagus", "esofagus"), ("hoger", "höger")],
)
def test_spellings_of_one_word_have_one_skeleton(one: str, other: str) -> None:
    """Latin and Swedish spelling, and letters lost on the way."""
    assert skeleton(fold(one)) == skeleton(fold(other))


@pytest.mark.parametrize(
    ("one", "other"), [("axel", "axill"), ("axel", "axial"), ("ileum", "ilium"), ("ureter", "uretra")]
)
def test_look_alikes_keep_apart(one: str, other: str) -> None:
    """Words one letter apart that are different anatomy."""
    assert skeleton(one) != skeleton(other)
    assert read_name(one, WORDS).facets != read_name(other, WORDS).facets


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=60), PIECES))
def test_any_text_parses_and_its_spans_lie_inside_it(text: str) -> None:
    """No text crashes the parser, and every span is a piece of the text."""
    reading = read_name(text, WORDS)
    assert reading.facets == read_name(text, WORDS).facets
    for span in reading.spans:
        assert 0 <= span["start"] < span["end"] <= len(text)
    for token in tokens_of(text):
        assert 0 <= token.start < token.end <= len(text)
    assert set(reading.unknown) <= set(reading.words)
    assert all(values == sorted(set(values)) for values in reading.facets.values())


@settings(max_examples=25)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(names: list[str], random: object) -> None:
    """Shuffled rows give the same readings, row for row."""
    shuffled = sorted(names, key=lambda name: (len(name), name[::-1]))
    columns = ["label", "text_norm", "words", "unknown", "facet_body_part", "facet_laterality"]
    left = _parse(list(names)).select(columns).unique().sort("label")
    right = _parse(list(shuffled)).select(columns).unique().sort("label")
    assert left.equals(right)
