"""Does the combined installation take the combined catalogs? Every violation, row by row, at once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codemerge.library.checks.target_limits import VIOLATIONS, violations
from codemerge.library.checks.target_schema import Table, tables
from codemerge.rules.loader import Rules

# VIOLATIONS without members, and what the database said, where it was the one to say it.
REPORT: dict[str, pl.DataType | type[pl.DataType]] = {
    **{name: kind for name, kind in VIOLATIONS.items() if name != "members"},
    "message": pl.String,
}
_BY_DATABASE = "refused"


def lay_out(combined: Mapping[str, pl.DataFrame], rules: Rules, dialect: str = "duckdb") -> list[Table]:
    """Lay out the target schema with the combined catalogs in it."""
    return tables(combined, rules.target, rules.entities, dialect)


def verify(combined: Mapping[str, pl.DataFrame], rules: Rules, refused: pl.DataFrame) -> pl.DataFrame:
    """Put together what the limits say and what the database itself refused.

    Args:
        combined: the combined catalogs that were loaded.
        rules: target and pages.
        refused: what the database did not take (`files.schema.REFUSED`).

    Returns:
        Columns of `REPORT`: every violation of a limit, then every row that the database refused
        although no limit was known to be broken there (constraint ``refused``). Empty: it loads.
    """
    known = violations(combined, rules.target, rules.entities).filter(pl.col("constraint") != "shortened")
    sensitive = {e.id: {f.name for f in e.field if f.sensitive} for e in rules.entities.values()}
    named = known.join(
        refused.select("entity", "combined_code", "message").unique(
            ["entity", "combined_code"], keep="first"
        ),
        on=["entity", "combined_code"],
        how="left",
        maintain_order="left",
    )
    rest = refused.join(known, on=["entity", "combined_code"], how="anti").with_columns(
        constraint=pl.lit(_BY_DATABASE), value=pl.lit(""), limit=pl.col("table")
    )
    out = pl.concat([frame.select(pl.col(c).cast(k) for c, k in REPORT.items()) for frame in (named, rest)])
    hidden = pl.any_horizontal(
        (pl.col("entity") == entity) & pl.col("field").is_in(sorted(fields))
        for entity, fields in sensitive.items()
    )
    return out.with_columns(
        pl.when(hidden).then(pl.lit("•••")).otherwise("value").alias("value"),
        # A database quotes the row in its message: what is personal must not come back that way.
        pl.when(pl.col("entity").is_in([e for e, f in sensitive.items() if f]))
        .then(pl.lit(""))
        .otherwise("message")
        .alias("message"),
    ).sort("entity", "combined_code", "field", "constraint")
