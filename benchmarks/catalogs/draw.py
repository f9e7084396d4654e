"""What the full-size catalogs draw from: regions, volumes, identifiers. Seeded: same seed, same catalogs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

Frames = dict[str, dict[str, pl.DataFrame]]  # entity → region → rows
STYLES = ("RÖ", "RKL", "RJL")  # the three house styles; further regions take them in turn
DIGITS = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


@dataclass(frozen=True)
class Region:
    """A synthetic region.

    Args:
        id: as written in the project file.
        short: three characters without Swedish letters, for codes and AE titles.
        org: organisation number, ten digits.
        style: number of its house style.
        default: whether no word about contrast means without.
        sizes: entity → records.
    """

    id: str
    short: str
    org: str
    style: int
    default: bool
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def dashed(self) -> str:
        """The organisation number as written in registers."""
        return f"{self.org[:6]}-{self.org[6:]}"


def luhn_digits(digits: np.ndarray) -> np.ndarray:
    """Return the check digit of each row of nine digits (weights 2, 1, 2 …)."""
    doubled = digits * np.where(np.arange(digits.shape[1]) % 2 == 0, 2, 1)
    return (-(doubled // 10 + doubled % 10).sum(axis=1)) % 10


def regions(count: int, sizes: list[dict[str, int]]) -> list[Region]:
    """Return so many regions; the first three carry the names of the study, the rest are numbered."""
    named = {0: ("RÖ", "ROG", "232100004"), 1: ("RKL", "RKL", "232100007"), 2: ("RJL", "RJL", "232100005")}
    found = []
    for n in range(count):
        name, short, stem = named.get(n, (f"R{n + 1:02}", f"R{n + 1:02}", f"2321001{n:02}"))
        check = luhn_digits(np.array([[int(d) for d in stem]]))[0]
        style = n % len(STYLES)
        found.append(Region(name, short, f"{stem}{check}", style, default=style == 0, sizes=sizes[n]))
    return found


def volumes(rng: np.random.Generator, weight: np.ndarray, total: int) -> np.ndarray:
    """Return annual volumes by a Pareto law: the top 20 codes hold half, 200 hold nine tenths.

    Args:
        rng: the region's own generator.
        weight: how common each code is thought to be; only its order, shaken a little, matters.
        total: performed a year in all.
    """
    rank = np.argsort(np.argsort(-weight * rng.lognormal(0, 0.7, len(weight))))
    share = 1.0 / (rank + 20.0) ** 2
    rare = rng.lognormal(2.4, 1.1, len(weight))  # the many codes used a handful of times
    counts = np.floor(total * share / share.sum() + rare)
    return np.where(rng.random(len(weight)) < 0.15 * (counts < 30), 0, counts).astype(np.int64)


def base36(numbers: np.ndarray, width: int) -> pl.Series:
    """Return numbers as so many characters 0–9 A–Z."""
    places = [DIGITS[(numbers // 36**power) % 36] for power in range(width - 1, -1, -1)]
    return (
        pl.DataFrame({f"p{n}": place for n, place in enumerate(places)})
        .select(pl.concat_str(pl.all()))
        .to_series()
    )


def days(rng: np.random.Generator, first: str, last: str, count: int) -> pl.Series:
    """Return ISO dates drawn evenly between two days, both included."""
    low, high = (np.datetime64(day).astype("datetime64[D]").astype(int) for day in (first, last))
    return pl.Series(rng.integers(low, high + 1, count).astype("datetime64[D]")).dt.to_string("%Y-%m-%d")


def text(number: np.ndarray | pl.Series) -> pl.Series:
    """Return whole numbers as text."""
    return pl.Series(number).cast(pl.String)
