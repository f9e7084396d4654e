"""What changes for people: new codes, renamed rooms, linked persons, what must follow."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.model import Ending


def _changed() -> pl.Expr:
    return (
        pl.col("combined_code").is_not_null()
        & (pl.col("combined_code") != "")
        & (pl.col("combined_code") != pl.col("code"))
    )


def rename_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count the codes that change, per entity and region.

    Returns:
        ``entity, title, region, records, changed, changed_volume, carrying`` (the fewest changed
        codes that carry nine tenths of the changed volume), ``retired`` and ``waiting`` (no
        combined code yet).
    """
    out = []
    for entity in basis.run.rules.entities:
        for region in basis.run.project.regions:
            mine = basis.of(entity).filter(pl.col("region") == region)
            if not mine.height:
                continue
            new = mine.filter(_changed()).sort(["volume", "code"], descending=[True, False])
            out.append(
                {
                    "entity": entity,
                    "title": basis.title(entity),
                    "region": region,
                    "name": f"{basis.title(entity)} {region}",
                    "records": mine.height,
                    "changed": new.height,
                    "changed_volume": int(new["volume"].sum() or 0),
                    "carrying": _carrying(new["volume"]),
                    "retired": mine.filter(pl.col("carried") == "retired").height,
                    "waiting": mine.filter(
                        pl.col("combined_code").fill_null("") == "", pl.col("carried") != "retired"
                    ).height,
                }
            )
    return out


def _carrying(volumes: pl.Series, share: float = 0.9) -> int:
    total = int(volumes.sum() or 0)
    return int((volumes.cum_sum() < share * total).sum()) + 1 if total else 0


def place_facts(basis: Basis, most: int = 40) -> list[dict[str, Any]]:
    """List the places and devices that get another code, for entities whose records never join.

    Returns:
        Per entity: ``changed``, and the first ``most`` as ``region, code, combined_code``.
    """
    out = []
    for entity, page in basis.run.rules.entities.items():
        if page.matching.ending != Ending.NEVER or page.sensitive:
            continue
        new = (
            basis.of(entity)
            .filter(_changed())
            .sort(["volume", "region", "code"], descending=[True, False, False])
        )
        if new.height:
            rows = new.head(most).select("region", "code", "combined_code").to_dicts()
            out.append({"entity": entity, "title": basis.title(entity), "changed": new.height, "rows": rows})
    return out


def person_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count persons with accounts in several regions, for entities whose members are linked.

    Returns:
        ``entity, title, accounts, persons, several`` (in more than one region), ``certain`` (by
        proposal or decision), ``to_review`` (accounts that may be the same person). Never a name.
    """
    out = []
    for entity, page in basis.run.rules.entities.items():
        if page.matching.ending != Ending.LINKED:
            continue
        mine = basis.of(entity)
        if not mine.height:
            continue
        persons = mine.group_by("cluster").agg(pl.col("region").n_unique().alias("regions"))
        waiting = basis.chosen.filter(pl.col("entity") == entity, pl.col("status") == "review")
        out.append(
            {
                "entity": entity,
                "title": basis.title(entity),
                "accounts": {r: mine.filter(pl.col("region") == r).height for r in basis.run.project.regions},
                "persons": persons.height,
                "several": persons.filter(pl.col("regions") > 1).height,
                "to_review": waiting.height,
            }
        )
    return out


def dependent_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count what names the subject's codes and must be rewritten when these change.

    Returns:
        Per entity and region: ``records``, and ``touched``: naming at least one changed code.
    """
    hit = touched(basis, basis.of(basis.goals.subject).filter(_changed()))
    out = []
    for entity in dict.fromkeys(d.entity for d in basis.goals.dependents):
        for region in basis.run.project.regions:
            mine = basis.of(entity).filter(pl.col("region") == region)
            if mine.height:
                named = mine.join(hit, on="record_id", how="semi").height
                out.append(
                    {
                        "entity": entity,
                        "title": basis.title(entity),
                        "region": region,
                        "records": mine.height,
                        "touched": named,
                    }
                )
    return out


def touched(basis: Basis, changed: pl.DataFrame) -> pl.DataFrame:
    """Find what names codes that change.

    Args:
        basis: the run.
        changed: ``region, code`` of the subject's records that get another code.

    Returns:
        ``record_id`` of every dependent record naming at least one of them, once.
    """
    codes = changed.select("region", pl.col("code").alias("named")).unique()
    found = []
    for dependent in basis.goals.dependents:
        records, page = basis.records(dependent.entity), basis.run.rules.entities.get(dependent.entity)
        field = page.field_named(dependent.field) if page else None
        if field is None or field.name not in records.columns:
            continue
        cell = pl.col(field.name).fill_null("")
        parts = cell.str.split(field.separator) if field.separator else pl.concat_list(cell)
        named = records.select("record_id", "region", parts.alias("named")).explode(
            "named", empty_as_null=False
        )
        trimmed = named.with_columns(pl.col("named").str.strip_chars())
        found.append(trimmed.join(codes, on=["region", "named"], how="semi").select("record_id"))
    return (
        pl.concat(found).unique().sort("record_id")
        if found
        else pl.DataFrame(schema={"record_id": pl.String})
    )
