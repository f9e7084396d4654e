"""The vocabulary as files: what they may say, and how every mistake in them is told."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from codemerge.errors import BadInputError
from codemerge.library.parser import read_name
from codemerge.rules.facets import load_vocabulary

RULES = Path(__file__).parents[1] / "rules"


def _pack(folder: Path, **files: str) -> Path:
    (folder / "vocabulary").mkdir(parents=True)
    for name, text in files.items():
        (folder / "vocabulary" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_vocabulary_is_broad() -> None:
    """Hundreds of concepts, each with a Swedish and an English name, and thousands of words."""
    facets, words = load_vocabulary([RULES])
    assert len(facets) >= 20
    assert len(words.titles) > 700
    assert len(words.phrases) > 5000
    assert all(sv and en for sv, en in words.titles.values())


def test_every_concept_that_is_named_has_a_word_or_combines_others() -> None:
    """No concept is left that no name could ever say."""
    words = load_vocabulary([RULES])[1]
    said = {pair for meaning in words.phrases.values() for pair in meaning.says}
    said |= {pair for options in words.options.values() for option in options for pair in option.says}
    said |= {(facet, concept) for (facet, _), concepts in words.columns.items() for concept in concepts}
    said |= {pair for pairs in words.implied.values() for pair in pairs}
    said |= {(facet, whole) for facet, table in words.combine.items() for whole in table.values()}
    wholes = {(facet, whole) for (facet, _), above in words.ancestors.items() for whole in above}
    assert set(words.titles) - said - wholes == set()


def test_a_pack_adds_replaces_and_takes_away_words(tmp_path: Path) -> None:
    """Later rows win; an empty concept takes a word away; a plain row settles an ambiguous word."""
    pack = _pack(
        tmp_path,
        body_part="word,concept,language,note\nfladdermus,knee,sv,\nskrotum,,sv,\n",
        laterality="word,concept,language,note\ndx,R,sv,always right here\n",
    )
    words = load_vocabulary([RULES, pack])[1]
    assert read_name("fladdermus dx", words).facets == {"body_part": ["knee"], "laterality": ["R"]}
    assert "body_part" not in read_name("skrotum", words).facets or "skrotum" not in words.phrases


def test_a_word_with_two_meanings_in_one_facet_names_both_lines(tmp_path: Path) -> None:
    """Nothing is guessed: the file, the line and both concepts are told."""
    pack = _pack(tmp_path, body_part="word,concept,language,note\nxyzzy,knee,sv,\nxyzzy,hip,sv,\n")
    with pytest.raises(BadInputError) as caught:
        load_vocabulary([RULES, pack])
    (problem,) = caught.value.problems
    assert (problem.kind, problem.file, problem.line) == ("vocabulary.two_meanings", "body_part.csv", 3)
    assert problem.values["first"] == 2


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    """Unknown concepts, headers, widths, files and conditions, each with its line."""
    pack = _pack(
        tmp_path,
        body_part="word,concept,language,note\nxyzzy,nowhere,sv,\nshort,row\n",
        laterality="word,means\n",
        unheard_of="word,concept,language,note\n",
        ambiguous="word,reading,when,language,note\nxyzzy,body_part=knee,sometimes,sv,\n",
        concepts="facet,concept,sv,en,broader,implies,traits,note\n"
        "body_part,aa,A,A,bb,,,\nbody_part,bb,B,B,aa,,,\nnofacet,cc,C,C,,,,\n",
    )
    with pytest.raises(BadInputError) as caught:
        load_vocabulary([RULES, pack])
    kinds = {problem.kind for problem in caught.value.problems}
    assert {
        "vocabulary.unknown_concept",
        "vocabulary.width",
        "vocabulary.header",
        "vocabulary.unknown_file",
        "vocabulary.condition",
        "vocabulary.circle",
        "vocabulary.unknown_facet",
        "vocabulary.two_places",
    } <= kinds


def test_a_facet_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    """Declarations are frozen and refuse what they don't know."""
    (tmp_path / "facets.toml").write_text(
        '[[facet]]\nid = "x"\ntitle = {sv = "X", en = "X"}\nkind = "one"\nsafety = true\nodd = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInputError) as caught:
        load_vocabulary([RULES, tmp_path])
    assert caught.value.problems[0].column == "facet.1.odd"


def test_rows_are_sorted_out_so_that_a_radiographer_can_correct_them(tmp_path: Path) -> None:
    """Every file opens as a plain table: one header, no empty word, UTF-8."""
    for path in sorted((RULES / "vocabulary").glob("*.csv")):
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        assert all(len(row) == len(rows[0]) for row in rows), path.name
        assert all(row[0] for row in rows), path.name


def test_the_vocabulary_folder_alone_may_be_copied(tmp_path: Path) -> None:
    """A pack is a folder: a copy of the shipped one compiles to the same words."""
    shutil.copytree(RULES / "vocabulary", tmp_path / "vocabulary")
    shutil.copy(RULES / "facets.toml", tmp_path)
    assert load_vocabulary([tmp_path])[1] == load_vocabulary([RULES])[1]
