"""What changes for people: new codes, renamed rooms, linked persons, what must follow."""

from __future__ import annotations

from typing import Any

import polars as pl

from codemerge.answers.basis import Basis
from codemerge.answers.survivors import changed
from codemerge.answers.verdict import check_title, names_persons
from codemerge.model import Ending


def rename_facts(basis: Basis) -> list[dict[str, Any]]:
    """Count the codes that change, per entity and region, once every proposal is taken.

    Links are left out: they are rewritten with their two ends.

    Returns:
        ``entity, title, region, records, changed, changed_volume, carrying`` (the fewest changed
        codes that carry nine tenths of the changed volume), ``settled`` (already with another
        combined code), ``retired`` and ``waiting`` (no combined code yet).
    """
    everything = changed(basis).sort(["volume", "code"], descending=[True, False])
    combined, retired = pl.col("combined_code").fill_null(""), pl.col("carried") == "retired"
    standing = {
        (row["entity"], row["region"]): row
        for row in basis.standing.group_by("entity", "region")
        .agg(
            pl.len().alias("records"),
            ((combined != "") & (combined != pl.col("code"))).sum().alias("settled"),
            retired.sum().alias("retired"),
            ((combined == "") & ~retired).sum().alias("waiting"),
        )
        .iter_rows(named=True)
    }
    out = []
    for entity, page in basis.run.rules.entities.items():
        for region in basis.run.project.regions:
            mine = standing.get((entity, region))
            if page.key or not mine:
                continue
            new = everything.filter((pl.col("entity") == entity) & (pl.col("region") == region))
            out.append(
                {
                    "entity": entity,
                    "title": basis.title(entity),
                    "region": region,
                    "name": f"{basis.title(entity)} {region}",
                    "records": mine["records"],
                    "changed": new.height,
                    "changed_volume": int(new["volume"].sum() or 0),
                    "carrying": _carrying(new["volume"]),
                    "settled": mine["settled"],
                    "retired": mine["retired"],
                    "waiting": mine["waiting"],
                }
            )
    return out


def _carrying(volumes: pl.Series, share: float = 0.9) -> int:
    total = int(volumes.sum() or 0)
    return int((volumes.cum_sum() < share * total).sum()) + 1 if total else 0


def place_facts(basis: Basis, most: int = 40) -> dict[str, Any]:
    """List rooms, devices and the like that need another name, as the conflicts propose.

    Returns:
        ``found`` (open conflicts of the declared checks) and the first ``most`` as ``title,
        message, resolution, owner``; nothing that names persons.
    """
    named = basis.open.filter(pl.col("check").is_in(list(basis.goals.renamings)))
    shown = [
        row
        for row in named.sort("check", "conflict_id").to_dicts()
        if not names_persons(basis, row["entity"])
    ]
    rows = [
        {
            "title": check_title(basis, row["check"], row["name"]),
            "message": row["message"] or "",
            "resolution": row["resolution"] or "",
            "owner": row["owner"],
        }
        for row in shown[:most]
    ]
    return {"found": len(shown), "rows": rows}


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
        waiting = basis.chosen_of(entity).filter(pl.col("status") == "review")
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
    hit = touched(basis, changed(basis).filter(pl.col("entity") == basis.goals.subject))
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


def touched(basis: Basis, codes: pl.DataFrame) -> pl.DataFrame:
    """Find what names codes that change.

    Args:
        basis: the run.
        codes: ``region, code`` of the subject's records that get another code.

    Returns:
        ``record_id`` of every dependent record naming at least one of them, once.
    """
    new = codes.select("region", pl.col("code").alias("named")).unique()
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
        found.append(trimmed.join(new, on=["region", "named"], how="semi").select("record_id"))
    return (
        pl.concat(found).unique().sort("record_id")
        if found
        else pl.DataFrame(schema={"record_id": pl.String})
    )
