"""What is read piece by piece, or many cells at once, is what reading it whole and one by one gives."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codemerge.library.evidence import evidence_hashes
from codemerge.library.identity import BETWEEN, short_hash
from codemerge.library.spelling import strict_key, tokens_of
from codemerge.library.vocabulary import Vocabulary
from codemerge.library.written import Cutter

NO_WORDS = Vocabulary(facets=(), kinds={}, phrases={})
SIGNS = st.text(alphabet="aB1å #+/-&±'\u00a0\t._", max_size=24)
CELLS = st.text(alphabet=["a", "B", " ", "\t", "\u00a0", "e", "\u0301", "É", "Σ", "•", "ß"], max_size=6)


@settings(max_examples=400)
@given(SIGNS)
@example("a / b+c - / d &e")
@example("+ / - a 3 +")
def test_a_text_cut_between_its_spaces_has_the_words_of_the_whole(text: str) -> None:
    """Words, their places, and the slash or plus that joins them over a space."""
    whole = tokens_of(text)
    cut = Cutter(NO_WORDS).cut(text)
    placed = [
        (t.word, at + t.start, at + t.end, t.joint) for t, at in zip(cut.tokens, cut.offsets, strict=True)
    ]
    assert placed == [(t.word, t.start, t.end, t.joint) for t in whole]
    assert cut.norm == (strict_key(whole, 0, len(whole)) if whole else "")


@settings(max_examples=200)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_evidence_is_cleaned_as_each_cell_would_be(rows: list[tuple[str, str, str]]) -> None:
    """Case, composed letters, outer and repeated spaces: of every cell, though cleaned as one text."""
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row")
    cells = frame.select(
        pl.all().str.normalize("NFC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    )
    wanted = [
        f"{short_hash(BETWEEN.join(row))}-{short_hash(BETWEEN.join(plain))}"
        for row, plain in zip(rows, cells.rows(), strict=True)
    ]
    assert evidence_hashes(frame, frame.columns, frame.columns).to_list() == wanted
