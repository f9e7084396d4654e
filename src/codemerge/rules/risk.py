"""Risk classes: what would be graver to get wrong, declared in ``rules/risks.toml``."""

from __future__ import annotations

from typing import Annotated

import polars as pl
from pydantic import Field, model_validator

from codemerge.rules.columns import FACET
from codemerge.rules.page import Declared, Words

_SIDES = ("l", "r")


class Risk(Declared):
    """One way into a class of risk. Several may have one id; a pair is of the class if any fits.

    Everything said in one paragraph holds together. A record without counterpart is judged by itself.

    Args:
        id: name of the class; a project's ``[[policy.signoff_rule]]`` asks for it.
        title: the class, to people.
        entity: which entity's pairs; all when left out.
        says: facet → concepts. One of the two records says one of them; an empty list: says anything.
        differs: facets. The two records don't say the same in one of them, silence included.
        volume_above: one of the two records is used more than this a year.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Words
    entity: str | None = None
    says: dict[str, tuple[str, ...]] = {}
    differs: tuple[str, ...] = ()
    volume_above: int | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Risk:
        if not (self.entity or self.says or self.differs or self.volume_above is not None):
            raise ValueError("a risk says which pairs: entity, says, differs or volume_above")
        return self

    def fits(self, columns: list[str]) -> pl.Expr:
        """Return the condition on pairs that have both records' columns, named ``…_l`` and ``…_r``.

        Args:
            columns: what the pairs have; a facet that isn't there is said by nobody.
        """
        said = [
            _says(f"{FACET}{facet}_{side}", concepts, columns)
            for facet, concepts in self.says.items()
            for side in _SIDES
        ]
        apart = [_differs(f"{FACET}{facet}", columns) for facet in self.differs]
        wanted = [pl.any_horizontal(group) for group in (said, apart) if group]
        if self.volume_above is not None:
            heavy = [pl.col(f"volume_{side}").fill_null(0) > self.volume_above for side in _SIDES]
            wanted.append(pl.any_horizontal(heavy))
        return pl.all_horizontal(wanted) if wanted else pl.lit(value=True)


def _says(column: str, concepts: tuple[str, ...], columns: list[str]) -> pl.Expr:
    if column not in columns:
        return pl.lit(value=False)
    said = pl.col(column).fill_null([])
    if not concepts:
        return said.list.len() > 0
    return pl.any_horizontal([said.list.contains(concept) for concept in concepts])


def _differs(column: str, columns: list[str]) -> pl.Expr:
    if f"{column}_l" not in columns:
        return pl.lit(value=False)
    left, right = (pl.col(f"{column}_{side}").fill_null([]).list.sort().list.join("|") for side in _SIDES)
    two = (pl.col("code_l").fill_null("") != "") & (pl.col("code_r").fill_null("") != "")
    return two & (left != right)
