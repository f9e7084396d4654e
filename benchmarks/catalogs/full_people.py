"""People with names as they are spread in Sweden, identity numbers of the tax agency's kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from draw import Region, base36, days, luhn_digits, text

HERE = Path(__file__).parent
TITLES = ["Röntgensjuksköterska", "Specialistläkare", "Överläkare", "ST-läkare", "Underläkare",
          "Medicinsk sekreterare", "Biomedicinsk analytiker", "Distriktsläkare"]  # fmt: skip
SHARES = [0.16, 0.2, 0.16, 0.1, 0.12, 0.08, 0.03, 0.15]
ROLES = ["RSSK", "REM", "RAD", "ST", "REM", "SEKR", "RSSK", "REM"]  # of each title
FIRST_DAY, LAST_DAY = np.datetime64("1930-01-01"), np.datetime64("2004-12-31")
TEST_NUMBERS = 100  # birth numbers 900–999; the tax agency's own test numbers are 980–999


def names(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return names of a kind and how likely each is."""
    table = pl.read_csv(HERE / "names.psv", separator="|", comment_prefix="#").filter(pl.col("kind") == kind)
    weight = table["weight"].to_numpy().astype(float)
    return table["name"].to_numpy().astype(object), weight / max(weight.sum(), 1.0)


def family_names() -> tuple[np.ndarray, np.ndarray]:
    """Return common names with their weights and, as four tenths of all bearers, rarer compound ones."""
    common, weight = names("family")
    (first, _), (last, _) = names("first"), names("last")
    rare = np.array([f"{a}{b}" for a in first for b in last if f"{a}{b}" not in set(common)], dtype=object)
    tail = 1.0 / (np.arange(len(rare)) + 30.0)
    order = np.random.default_rng(11).permutation(len(rare))
    return np.concatenate([common, rare[order]]), np.concatenate([weight * 0.6, 0.4 * tail / tail.sum()])


def identity_numbers(persons: np.ndarray) -> pl.DataFrame:
    """Return a birth date and a valid identity number for each person, no two alike.

    A person's number picks day and birth number by a walk that visits every combination once; people
    beyond them all get coordination numbers (the day plus 60).
    """
    length = int((LAST_DAY - FIRST_DAY).astype(int)) + 1
    space = length * TEST_NUMBERS
    step = 1_000_003  # a prime that doesn't divide the space: the walk visits every place
    place = (persons.astype(np.int64) * step) % space
    born = FIRST_DAY.astype("datetime64[D]") + place // TEST_NUMBERS
    number = 999 - place % TEST_NUMBERS
    date = pl.Series(born)
    year, month, day = (
        part.to_numpy().astype(np.int64) for part in (date.dt.year(), date.dt.month(), date.dt.day())
    )
    written = day + 60 * (persons >= space)
    nine = np.stack([year // 10 % 10, year % 10, month // 10, month % 10, written // 10, written % 10,
                     number // 100, number // 10 % 10, number % 10], axis=1)  # fmt: skip
    tail = text(number * 10 + luhn_digits(nine))
    head = text(year * 10_000 + month * 100 + written)
    return pl.DataFrame({"birth_date": date.dt.to_string("%Y-%m-%d"), "personnummer": head + "-" + tail})


def people(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Return people: person, family_name, given_name, birth_date, personnummer, title (its number)."""
    (family, often), (given, share) = family_names(), names("given")
    return identity_numbers(np.arange(count)).with_columns(
        person=pl.int_range(count),
        family_name=pl.Series(family[rng.choice(len(family), count, p=often)].astype(str)),
        given_name=pl.Series(given[rng.choice(len(given), count, p=share)].astype(str)),
        title=pl.Series(rng.choice(len(TITLES), count, p=np.array(SHARES) / sum(SHARES))),
    )


def changed(rng: np.random.Generator, frame: pl.DataFrame, rate: float) -> pl.DataFrame:
    """Return the people as another register has them: some married names, some slips of the keyboard."""
    count = frame.height
    married = pl.Series(rng.random(count) < rate)
    slip = pl.Series(rng.random(count) < rate / 2)
    other = frame["family_name"].sample(
        count, shuffle=True, seed=int(rng.integers(1 << 30)), with_replacement=True
    )
    first = pl.col("given_name").str.slice(0, 2)
    return frame.with_columns(
        family_name=pl.when(pl.lit(married))
        .then(pl.col("family_name") + " " + pl.lit(other))
        .otherwise("family_name"),
        given_name=pl.when(pl.lit(slip))
        .then(first + pl.col("given_name").str.slice(1))
        .otherwise("given_name"),
    )


def ascii_letters(name: str, count: int) -> pl.Expr:
    """Return the first letters of a name, small and without dots and rings."""
    plain = (
        pl.col(name).str.to_lowercase().str.replace_many(["å", "ä", "ö", "é", " "], ["a", "a", "o", "e", ""])
    )
    return plain.str.slice(0, count)


def region_users(
    pool: pl.DataFrame, region: Region, rng: np.random.Generator, units: pl.Series
) -> pl.DataFrame:
    """Return a region's accounts of people of the pool.

    Returns:
        The fields of the user page, and ``person``, which only the truth uses.
    """
    size = pool.height
    serial = np.arange(size)
    here = changed(rng, pool, 0.03)
    closed = rng.random(size) < 0.12
    nothing = pl.lit("")
    missing = pl.lit(pl.Series(rng.random(size) < 0.08))
    protected = pl.Series(rng.random(size) < 0.0005)
    title = pl.col("title").replace_strict(dict(enumerate(TITLES)), return_dtype=pl.String)
    role = pl.col("title").replace_strict(dict(enumerate(ROLES)), return_dtype=pl.String)
    login = ascii_letters("given_name", 2) + ascii_letters("family_name", 2) + pl.lit(region.short.lower())
    return here.select(
        code=pl.lit(f"{region.short}-") + pl.lit(text(serial + 100_000)),
        label=pl.format("{}, {}", "family_name", "given_name"),
        login=login + pl.lit(text(serial)),
        signature=pl.lit(region.short[-2:] + base36(serial, 4)),
        family_name="family_name",
        given_name="given_name",
        personnummer=pl.when(missing).then(nothing).otherwise("personnummer"),
        hsa_id=pl.lit(f"SE{region.org}-" + base36(serial + 46_656, 5)),
        birth_date="birth_date",
        title=title,
        licence=pl.when(title.str.contains("läkare")).then(pl.lit("LK")).otherwise(nothing),
        role=pl.lit(f"{region.short}-") + role,
        unit=pl.lit(units[rng.integers(0, len(units), size)]),
        provider=pl.lit(region.dashed),
        signs=pl.when(role == "RAD").then(pl.lit("yes")).otherwise(pl.lit("no")),
        shared=pl.lit("no"),
        protected=pl.when(pl.lit(protected)).then(pl.lit("yes")).otherwise(pl.lit("no")),
        status=pl.lit(pl.Series(np.where(closed, "retired", "active"))),
        last_used=pl.lit(days(rng, "2025-10-01", "2026-09-30", size)),
        open_reports=pl.lit("0"),
        person="person",
    )
