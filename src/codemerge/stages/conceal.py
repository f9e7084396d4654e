"""Identity numbers in texts where they don't belong: masked before anything else sees them."""

from __future__ import annotations

import polars as pl

from codemerge.library.privacy import redact_column
from codemerge.rules.page import Entity, FieldRule

_TEXTS = frozenset({"text", "list"})


def conceal(rows: pl.DataFrame, entity: Entity) -> pl.DataFrame:
    """Mask every possible personnummer in a field that isn't secret.

    Args:
        rows: as the readers give them.
        entity: their page.

    Returns:
        The rows; a masked cell holds `privacy.PERSON` in the number's place, which the check on
        personal data finds again. Ten digits without a hyphen are taken for one in free text and
        in the codes of people only: codes and telephone numbers look alike.
    """
    fields = [f for f in entity.field if not f.secret and f.name in rows.columns]
    return rows.with_columns(
        redact_column(rows[f.name].cast(pl.String), bare=_bare(f, entity)) for f in fields
    )


def _bare(field: FieldRule, entity: Entity) -> bool:
    return not field.sensitive and (entity.sensitive or field.type in _TEXTS)
