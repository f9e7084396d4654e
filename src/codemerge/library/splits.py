"""One record against several: proposals that it be split, with what combines the parts.

``höft`` against ``höft höger`` and ``höft vänster`` is *one* of them, by a question at order time;
``thorax-buk`` against ``thorax`` and ``buk`` is *all* of them. The proposal is a code in the
mapping's justification: ``split:one:laterality=R`` or ``split:all:body_part=thorax``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from codemerge.library.pairs import Places
from codemerge.model import Relationship

_NEAR = 6.0  # bits behind the record's best candidate that a part may be
_Side = tuple[str, str, str, tuple[str, str], str]
_SIDES: tuple[_Side, ...] = (
    # the whole, its parts, the relationship that shows it, the level that says one of, and that says all of
    ("l", "r", Relationship.BROADER.value, ("right_only", "leaves_open"), "has_part"),
    ("r", "l", Relationship.NARROWER.value, ("left_only", "one_of"), "part_of"),
)
_VALUE = {"l": "left", "r": "right"}


def splits(
    pairs: pl.DataFrame,
    together: Mapping[str, Mapping[str, tuple[str, ...]]],
    evidence: Callable[[Places], pl.Series],
) -> pl.Series:
    """Find records whose candidates are its parts.

    Args:
        pairs: ``l, r, match_weight, relationship, vetoes, place`` of one pair of regions.
        together: comparison → concept → concepts that, all of them, are it.
        evidence: the waterfalls of pairs, by their ``place``.

    Returns:
        Text column ``split``, null where nothing is proposed.
    """
    wholes = {(of, whole): sorted(parts) for of, named in together.items() for whole, parts in named.items()}
    near = [(side, _alone(pairs, side)) for side in _SIDES]
    found = [_parts(alone, side, wholes, evidence) for side, alone in near if not alone.is_empty()]
    proposed = pl.Series("split", [None], dtype=pl.String).new_from_index(0, pairs.height)
    for part in reversed(found):  # of two proposals the first side's holds
        proposed = proposed.scatter(part["n"], part["split"])
    return proposed


def _alone(pairs: pl.DataFrame, side: _Side) -> pl.DataFrame:
    """Return the pairs near a whole's best that nothing but their relationship keeps from being certain."""
    whole, _, relationship, _, _ = side
    wholes, weight = pairs[whole].to_numpy(), pairs["match_weight"].to_numpy()
    best = np.full(int(wholes.max(initial=0)) + 1, -np.inf)
    np.maximum.at(best, wholes, weight)
    one = (pairs["relationship"] == relationship) & (pairs["vetoes"].list.len() == 1)
    at = np.nonzero(one.to_numpy() & (weight >= best[wholes] - _NEAR))[0]
    of = pl.col("vetoes").list.first().str.split(":").list.first().alias("of")
    return pairs[at].select(pl.Series("n", at), "l", "r", of, "match_weight", "place")


def _parts(
    alone: pl.DataFrame,
    side: _Side,
    wholes: Mapping[tuple[str, str], list[str]],
    evidence: Callable[[Places], pl.Series],
) -> pl.DataFrame:
    whole, part, _, one, every = side
    told = evidence(alone["place"].to_numpy()).alias("evidence")
    entry = alone.with_columns(told).explode("evidence", empty_as_null=True).unnest("evidence")
    entry = entry.with_columns(pl.col("field", "level", "left", "right").cast(pl.String))
    entry = entry.filter((pl.col("field") == pl.col("of")) & pl.col("level").is_in([*one, every]))
    entry = entry.with_columns(pl.col(_VALUE[part]).alias("part"), pl.col(_VALUE[whole]).alias("whole"))
    keys = [whole, "of", "level"]
    # One candidate per value: the heaviest; a doubled part is for a person to sort out.
    entry = entry.sort("match_weight", "n", descending=[True, False]).unique(
        [*keys, "part"], keep="first", maintain_order=True
    )
    groups = entry.group_by(keys).agg(
        pl.len().alias("size"),
        pl.col("part").str.split(" + ").explode().unique().sort().alias("said"),
        pl.col("whole").first(),
    )
    said_of = groups.select("of", "whole").rows()
    wanted = [wholes.get(key, sorted((key[1] or "").split(" + "))) for key in said_of]
    groups = groups.with_columns(pl.Series("wanted", wanted, dtype=pl.List(pl.String)))
    complete = pl.col("level").is_in(one) | (pl.col("said") == pl.col("wanted"))
    held = entry.join(groups.filter((pl.col("size") > 1) & complete), on=keys)
    how = pl.when(pl.col("level").is_in(one)).then(pl.lit("one")).otherwise(pl.lit("all"))
    text = pl.concat_str(
        pl.lit("split:"), how, pl.lit(":"), "of", pl.lit("="), pl.col("part").str.replace_all(" ", "")
    )
    return held.select("n", text.alias("split"))
