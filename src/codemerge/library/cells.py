"""What a single cell may hold: dates, numbers, HSA-IDs, AE titles and KVÅ codes, read or judged."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

SERIOUS, MILD = "serious", "mild"
Judge = Callable[[pl.Expr], pl.Expr]  # a filled cell → "serious", "mild" or null (fine)


def fails(wrong: pl.Expr) -> pl.Expr:
    """Judge serious what is wrong; null where nothing is."""
    return pl.when(wrong).then(pl.lit(SERIOUS))


def hsa_id(cell: pl.Expr) -> pl.Expr:
    """SE, an organisation number (with Luhn digit), a hyphen, letters and digits; at most 31 (Inera, HSA).

    ``SE16`` before the number and a letter after it are in use too. What breaks the limits any
    directory sets is serious; another shape, or a wrong check digit, is mild.
    """
    cell = cell.str.strip_chars()
    broken = (
        (cell.str.len_chars() > 31) | cell.str.contains(r"[^A-Za-z0-9\-]") | ~cell.str.contains(r"^(?i)SE\d")
    )
    number = cell.str.extract(r"^(?i)SE(?:16)?(\d{10})", 1)
    odd = ~cell.str.contains(r"^(?i)SE(?:16)?\d{10}[A-Z]?-[A-Z0-9]+$") | ~luhn(number).fill_null(value=False)
    return pl.when(broken).then(pl.lit(SERIOUS)).when(odd).then(pl.lit(MILD))


def luhn(digits: pl.Expr) -> pl.Expr:
    """Say whether ten digits end in their Luhn check digit (ISO/IEC 7812-1); each number once."""
    return digits.map_batches(_luhn_of_each, return_dtype=pl.Boolean)


def _luhn_of_each(numbers: pl.Series) -> pl.Series:
    distinct = numbers.drop_nulls().unique()
    good = [n for n in distinct.to_list() if _luhn_holds(n)]
    return numbers.is_in(good)


def _luhn_holds(number: str) -> bool:
    doubled = (int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(number))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def ae_title(cell: pl.Expr) -> pl.Expr:
    r"""At most 16 bytes of ASCII, no backslash or control character, not all spaces (DICOM PS3.5, AE)."""
    bare = cell.str.strip_chars(" ")
    return fails((bare.str.len_bytes() > 16) | (bare == "") | ~bare.str.contains(r"^[\x20-\x5b\x5d-\x7e]+$"))


def kva(cell: pl.Expr) -> pl.Expr:
    """One or several KVÅ codes: three letters and two digits, or two and three (Socialstyrelsen)."""
    return fails(
        ~cell.str.strip_chars().str.contains(r"^(?:(?:[A-Z]{3}\d{2}|[A-Z]{2}\d{3})(?:\s*[,;+ ]\s*|$))+$")
    )


def date(cell: pl.Expr) -> pl.Expr:
    """A day of the calendar, ``YYYY-MM-DD`` or ``YYYYMMDD``, a time after it allowed."""
    return fails(as_date(cell).is_null())


def as_date(cell: pl.Expr) -> pl.Expr:
    """Read a date as Swedish systems write it; null where it is none."""
    day = (
        cell.str.strip_chars().str.extract(r"^(\d{4}-?\d{2}-?\d{2})(?:[ T].*)?$", 1).str.replace_all("-", "")
    )
    return day.str.to_date("%Y%m%d", strict=False)


def whole(cell: pl.Expr) -> pl.Expr:
    """A whole number; spaces between thousands and a decimal part of zeros allowed."""
    return fails(as_whole(cell).is_null())


def as_whole(cell: pl.Expr) -> pl.Expr:
    """Read a whole number; null where it is none."""
    bare = cell.str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(r"[.,]0{1,2}$", "")
    bare = (
        pl.when(bare.str.contains(r"^\d{1,3}(?:\.\d{3})+$"))
        .then(bare.str.replace_all(".", "", literal=True))
        .otherwise(bare)
    )
    return pl.when(bare.str.contains(r"^[+-]?\d{1,18}$")).then(bare).cast(pl.Int64, strict=False)


def decimal(cell: pl.Expr) -> pl.Expr:
    """A number with decimal comma or point."""
    return fails(as_decimal(cell).is_null())


def as_decimal(cell: pl.Expr) -> pl.Expr:
    """Read a number with decimal comma or point; null where it is none."""
    bare = cell.str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(",", ".", literal=True)
    return pl.when(bare.str.contains(r"^[+-]?\d+(?:\.\d+)?$")).then(bare).cast(pl.Float64, strict=False)


JUDGES: dict[str, Judge] = {
    "hsa_id": hsa_id,
    "ae_title": ae_title,
    "kva": kva,
    "date": date,
    "whole": whole,
    "decimal": decimal,
}
