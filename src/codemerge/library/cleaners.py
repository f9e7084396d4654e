"""Cleaners a rules page may name: they make values comparable and never touch the value kept.

Every cleaner turns one text expression into another; an empty result is null, so that what
holds nothing to compare is missing, never equal. A new cleaner is a function here and its name
in `CLEANERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

NOT_ONE_SPACE = r"[^\S ]\s*| \s+"  # blanks, but for the single space that nearly all of them are

Cleaner = Callable[[pl.Expr], pl.Expr]

# å ä ö are letters of their own in Swedish; every other accent is decoration.
_PLAIN = str.maketrans("àáâãçèéêëìíîïñòóôõùúûüýÿøæœßšžčćđłńņţşğ", "aaaaceeeeiiiinoooouuuuyyöäosszccdlnntsg")
_FOLDED = str.maketrans("åäöéèüáà", "aaoeeuaa")
_STREET = (
    r"\b(n|s|e|w|north|south|east|west|st|street|ave|av|avenue|rd|road|blvd|dr|drive|pl|place"
    r"|gatan?|gata|vägen?|väg)\b"
)
_PARTICLES = r"\b(af|av|von|van|de|der|den|del|la|le|da|dos|di|el|al|bin|zu)\b"


def same_case(text: pl.Expr) -> pl.Expr:
    """Casefold, NFC, outer and double spaces away; å ä ö kept."""
    return text.str.normalize("NFC").str.to_lowercase().str.replace_all(NOT_ONE_SPACE, " ").str.strip_chars()


def plain(text: pl.Expr) -> pl.Expr:
    """Casefold and drop accents that Swedish doesn't tell apart; å ä ö kept."""
    return _translate(same_case(text), _PLAIN)


def fold(text: pl.Expr) -> pl.Expr:
    """Write å ä ö as a a o too, for comparing only."""
    return _translate(plain(text), _FOLDED)


def letters(text: pl.Expr) -> pl.Expr:
    """Keep letters and single spaces."""
    return plain(text).str.replace_all(r"[^\p{L}]+", " ").str.strip_chars()


def words_only(text: pl.Expr) -> pl.Expr:
    """Keep letters, digits and single spaces."""
    return plain(text).str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def sorted_words(text: pl.Expr) -> pl.Expr:
    """Words in alphabetical order, so that word order doesn't matter."""
    return words_only(text).str.split(" ").list.sort().list.join(" ")


def joined(text: pl.Expr) -> pl.Expr:
    """Keep letters and digits, nothing between."""
    return plain(text).str.replace_all(r"[^\p{L}\p{N}]+", "")


def digits(text: pl.Expr) -> pl.Expr:
    """Keep digits."""
    return text.str.replace_all(r"\D+", "")


def number(text: pl.Expr) -> pl.Expr:
    """The first number in the text (of a street, a room), leading zeros away."""
    return text.str.extract(r"0*(\d+)", 1)


def street(text: pl.Expr) -> pl.Expr:
    """A street's name alone: no numbers, no points of the compass, no words for street."""
    bare = words_only(text).str.replace(r"^\p{N}+\S*(?:\s\p{N}+)?\s", "")
    return bare.str.replace_all(_STREET, "").str.replace_all(r"\s+", " ").str.strip_chars()


def upper(text: pl.Expr) -> pl.Expr:
    """Capitals, no outer space: for ids written in either case."""
    return text.str.strip_chars().str.to_uppercase()


def family_name(text: pl.Expr) -> pl.Expr:
    """``Efternamn, Förnamn`` or ``Förnamn Efternamn``: the family name, particles away."""
    before = pl.when(text.str.contains(",", literal=True)).then(text.str.extract(r"^([^,]*),", 1))
    return (
        letters(before.otherwise(text.str.extract(r"(\S+)\s*$", 1)))
        .str.replace_all(_PARTICLES, "")
        .str.strip_chars()
    )


def given_name(text: pl.Expr) -> pl.Expr:
    """``Efternamn, Förnamn`` or ``Förnamn Efternamn``: the given names."""
    after = pl.when(text.str.contains(",", literal=True)).then(text.str.extract(r",\s*(.*)$", 1))
    return letters(after.otherwise(text.str.extract(r"^(.*)\s\S+\s*$", 1)))


def bare_family(text: pl.Expr) -> pl.Expr:
    """Particles (von, af, de …) away: for a field that holds the family name alone."""
    return letters(text).str.replace_all(_PARTICLES, "").str.replace_all(r"\s+", " ").str.strip_chars()


def first_word(text: pl.Expr) -> pl.Expr:
    """The first word: the given name in use, or the first half of a double surname."""
    return words_only(text).str.extract(r"^(\S+)", 1)


def last_word(text: pl.Expr) -> pl.Expr:
    """The last word: the second half of a double surname."""
    return words_only(text).str.extract(r"(\S+)$", 1)


def initial(text: pl.Expr) -> pl.Expr:
    """The first letter."""
    return letters(text).str.slice(0, 1)


def start(text: pl.Expr) -> pl.Expr:
    """The first four letters or digits."""
    return joined(text).str.slice(0, 4)


def start5(text: pl.Expr) -> pl.Expr:
    """The first five letters or digits: what six-character codes share with the older five."""
    return joined(text).str.slice(0, 5)


def start3(text: pl.Expr) -> pl.Expr:
    """The first three letters or digits: the region of the body in a code family."""
    return joined(text).str.slice(0, 3)


def sound(text: pl.Expr) -> pl.Expr:
    """A Swedish sound key: spellings of one surname (Carlsson/Karlson, Öberg/Oeberg) share it."""
    out = fold(text).str.replace_all(r"[^a-z]", "")
    for pattern, replacement in _SOUNDS:
        out = out.str.replace_all(pattern, replacement)
    # Vowels after the first letter carry little; doubled consonants collapse last.
    out = out.str.slice(0, 1) + out.str.slice(1).str.replace_all("[aeiouyh]", "")
    for letter in "bdfgklmnprstv":
        out = out.str.replace_all(letter + letter + "+", letter)
    return out


_SOUNDS = (
    ("oe", "o"), ("ae", "a"), ("ph", "f"), ("th", "t"), ("ck|ch|q|c", "k"), ("x", "ks"), ("w", "v"),
    ("z", "s"),
    ("^(hj|lj|dj|gj|g([eiy]))", "j$2"), ("sch|skj|stj|sj|tj|kj", "s"), ("dt", "t"), ("sson|sen$", "son"),
)  # fmt: skip


def short(text: pl.Expr) -> pl.Expr:
    """The first 64 characters: what one machine word compares at full speed."""
    return text.str.slice(0, 64).str.strip_chars()


def year(text: pl.Expr) -> pl.Expr:
    """The four digits of a year that open a date."""
    return text.str.extract(r"^\s*(\d{4})", 1)


def _translate(text: pl.Expr, table: dict[int, int]) -> pl.Expr:
    return text.str.replace_many([chr(k) for k in table], [chr(v) for v in table.values()])


CLEANERS: dict[str, Cleaner] = {
    function.__name__: function
    for function in (
        same_case, plain, fold, letters, words_only, sorted_words, joined, digits, number, street, upper,
        family_name,
        given_name, bare_family, first_word, last_word, initial, start, start5, start3, sound, short, year,
    )
}  # fmt: skip


def cleaned(text: pl.Expr, names: Iterable[str]) -> pl.Expr:
    """Run named cleaners in order; what ends empty is null.

    Raises:
        KeyError: a name is not a cleaner.
    """
    text = _run(text, names)
    return pl.when(text.str.strip_chars() == "").then(None).otherwise(text)


def _run(text: pl.Expr, names: Iterable[str]) -> pl.Expr:
    for name in names:
        text = CLEANERS[name](text)
    return text


def cleaned_text(text: str, names: Iterable[str]) -> str:
    """Run named cleaners on one text."""
    return str(pl.select(cleaned(pl.lit(text), names)).item() or "")


def clean_values(values: pl.Series, names: Iterable[str]) -> pl.Series:
    """Clean a series of distinct values."""
    if not names or values.is_empty():
        return values
    return cleaned_column(values, names)


def cleaned_column(values: pl.Series, names: Iterable[str]) -> pl.Series:
    """Run named cleaners on a column; in two steps, for what stands in an expression twice is done twice."""
    run = values.to_frame("v").select(_run(pl.col("v"), names).alias("v"))
    return run.select(cleaned(pl.col("v"), ())).to_series()
