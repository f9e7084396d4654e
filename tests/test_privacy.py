"""Personal data doesn't leave by the back door. Every number here is made up."""

from __future__ import annotations

import logging

import polars as pl
import pytest

from codemerge.library.privacy import (
    RedactingFilter,
    find_personnummer,
    is_personnummer,
    mask,
    mask_column,
    pseudonyms,
    redact,
    redact_column,
)

# Skatteverket's published test numbers and numbers made from impossible serials.
GOOD = ["19121212-1212", "191212121212", "121212-1212", "1212121212", "121212+1212", "19701063-2391"]
# The same as word processors, forms and people write them.
GOOD += [
    "121212–1212",
    "121212 \u2011 1212",
    "121212\u22121212",
    "121212 1212",
    "19121212\u00a01212",
    "1912-12-12-1212",
]
GOOD += ["１９１２１２１２１２１２"]
BAD = ["19121212-1213", "19121312-1212", "0000000000", "1912121", "5560360793", "12-1212121212", ""]


@pytest.mark.parametrize("text", GOOD)
def test_a_number_with_a_date_and_a_right_check_digit_is_one(text):
    assert is_personnummer(text)


@pytest.mark.parametrize("text", BAD)
def test_codes_organisation_numbers_and_mistypes_are_none(text):
    assert not is_personnummer(text)


def test_a_number_in_the_midst_of_text_is_masked_and_the_rest_kept():
    assert redact("Pat 19121212-1212 ringde om 81000") == "Pat ••••• ringde om 81000"
    assert redact("kod 81000 volym 1234567890123") == "kod 81000 volym 1234567890123"


@pytest.mark.parametrize("text", GOOD)
def test_a_number_is_found_in_text_however_it_is_written(text):
    assert redact(f"ring {text}, tack") == "ring •••••, tack"
    assert redact_column(pl.Series([f"ring {text}, tack", "x"])).to_list() == ["ring •••••, tack", "x"]
    assert find_personnummer(pl.Series([f"({text})", "x"])).to_list() == [True, False]


def test_telephone_and_organisation_numbers_in_fields_of_their_own_are_left():
    """Ten digits, a blank among them or not, are a number of a person only where text is free."""
    for text in ("070-123 45 67", "121212 1212", "1212121212", "232100-0040", "SE2321000040-7A"):
        assert redact(text, bare=False) == text


def test_columns_are_searched_without_touching_what_is_clean():
    values = pl.Series(["DT buk", None, "se 121212-1212", "5560360793"])
    assert find_personnummer(values).to_list() == [False, False, True, False]
    assert redact_column(values).to_list() == ["DT buk", None, "se •••••", "5560360793"]


def test_a_mask_tells_nothing_but_short_or_long():
    values = ["", "ab", "anna.li", "anna.lindqvist@x.se"]
    assert [mask(v) for v in values] == ["", "••", "•••", "••••"]
    assert pl.DataFrame({"v": [*values, None]}).select(mask_column(pl.col("v")))["v"].to_list() == [
        "",
        "••",
        "•••",
        "••••",
        None,
    ]


def test_logs_never_show_a_person(caplog):
    logger = logging.getLogger("codemerge.test")
    logger.addFilter(RedactingFilter())
    with caplog.at_level(logging.INFO, logger="codemerge.test"):
        logger.info("%s, %s, %s", "19121212-1213", "anna@example.se", "SE2321000131-ANNA1")
        try:
            raise ValueError("121212-1212")
        except ValueError:
            logger.exception("read failed on row 7")
    assert "1212" not in caplog.text
    assert "anna" not in caplog.text.lower()
    assert "row 7 (ValueError)" in caplog.text


def test_the_same_key_gives_the_same_pseudonym_however_the_number_is_written():
    key = b"sixteen bytes or more"
    made = pseudonyms(["19121212-1212", "1212121212", "", None], key)
    assert made[0] == made[1] != pseudonyms(["1212121212"], b"another key of 16 bytes")[0]
    assert made[2:] == ["", None]
    with pytest.raises(ValueError, match="16 bytes"):
        pseudonyms(["1212121212"], b"short")
