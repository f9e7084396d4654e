"""Builds the small world of a check's case: records, mappings, and what a merge would make of them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import polars as pl

from codemerge.errors import Problem
from codemerge.library.checks.world import World
from codemerge.library.identity import mapping_id
from codemerge.library.verdicts import pair_evidence
from codemerge.rules.loader import Rules, load_rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Project
from codemerge.tables import CROSSWALK, DECISIONS, MAPPINGS, conform


@cache
def rules() -> Rules:
    return load_rules()


def records(entity: Entity, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return records as normalisation leaves them; ``id`` is REGION/CODE, ``f`` the facets."""
    fields = {f.name: pl.String for f in entity.field}
    marks = {k: v for row in rows for k, v in row.items() if k not in fields and isinstance(v, bool)}
    facets = {f"facet_{f}": pl.List(pl.String) for f in rules().facets} if entity.names else {}
    lists = dict.fromkeys(("words", "unknown", "ambiguous"), pl.List(pl.String))
    kinds = {
        "record_id": pl.String,
        "entity": pl.String,
        "region": pl.String,
        "code": pl.String,
        **fields,
        **facets,
        **lists,
        "volume": pl.Int64,
        "active": pl.Boolean,
        "usable": pl.Boolean,
        "text_norm": pl.String,
        "evidence_hash": pl.String,
        **dict.fromkeys(marks, pl.Boolean),
    }
    return pl.DataFrame([_record(entity, row) for row in rows], schema=kinds)


def _record(entity: Entity, row: dict[str, Any]) -> dict[str, Any]:
    region, _, rest = row["id"].partition("/")
    code, _, number = rest.partition("#")
    label = row.get("label") or ""
    facets = {f"facet_{k}": sorted(v.split("+")) for k, v in row.get("f", {}).items()}
    own = {k: v for k, v in row.items() if k not in ("id", "f")}
    return {
        "record_id": f"{entity.id}/{row['id']}",
        "entity": entity.id,
        "region": region,
        "code": code,
        "text_norm": label.lower(),
        "words": [],
        "unknown": [],
        "ambiguous": [],
        "volume": 0,
        "active": True,
        "usable": not number and bool(code),
        "evidence_hash": f"{label}-{label}",
        **facets,
        **own,
    }


def world(case: dict[str, Any], pack: Rules | None = None) -> World:
    """Return the world of one case; what it leaves out is worked out as a merge would."""
    pages = rules().entities
    frames = {e: records(pages[e], case[e]) for e in pages if e in case}
    regions = tuple(case.get("regions", sorted({r for f in frames.values() for r in f["region"].to_list()})))
    if len(regions) < 2:
        regions = (*regions, *(x for x in "AB" if x not in regions))
    project = Project.model_validate(
        {
            k: case.get(k, v)
            for k, v in {"region": {}, "policy": {}, "source": case.get("sources", [])}.items()
        }
        | {"regions": regions}
    )
    mappings = _mappings(case.get("pairs", []))
    crosswalk, combined = _merged(frames, mappings, regions, case.get("codes", {}), case.get("retire", []))
    crosswalk = _with(crosswalk, case.get("parts", []))
    return World(
        project=project,
        rules=pack or rules(),
        records=frames,
        mappings=mappings,
        crosswalk=crosswalk,
        combined={e: _changed(f, case.get("combined", {}).get(e, {})) for e, f in combined.items()},
        decisions=_decisions(case.get("decisions", []), frames),
        notes=tuple(Problem(n["kind"], n.get("file", ""), values=n) for n in case.get("notes", [])),
        today=case.get("today", ""),
    )


def _sides(text: str) -> tuple[str, str, str, str, str]:
    """Take ``exam A/1 = B/2`` apart."""
    entity, _, rest = text.partition(" ")
    left, _, right = rest.partition(" = ")
    (region_l, _, code_l), (region_r, _, code_r) = left.partition("/"), right.partition("/")
    return entity, region_l, code_l, region_r, code_r


def _mappings(pairs: list[dict[str, Any]]) -> pl.DataFrame:
    rows = []
    for pair in pairs:
        entity, region_l, code_l, region_r, code_r = _sides(pair["of"])
        name = mapping_id(entity, f"{entity}/{region_l}/{code_l}", f"{entity}/{region_r}/{code_r}")
        rows.append(
            {
                "mapping_id": name,
                "entity": entity,
                "region_l": region_l,
                "code_l": code_l,
                "region_r": region_r,
                "code_r": code_r,
                "rank": 1,
                "relationship": "equivalent",
                "status": "auto",
                "confidence": 0.99,
                **{k: v for k, v in pair.items() if k != "of"},
            }
        )
    return conform(pl.DataFrame(rows, infer_schema_length=None), MAPPINGS) if rows else MAPPINGS.empty()


def _merged(
    frames: dict[str, pl.DataFrame],
    mappings: pl.DataFrame,
    regions: tuple[str, ...],
    codes: dict[str, str],
    retired: list[str],
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Fold equivalent pairs: the first region's code survives; one that is taken gets its region."""
    rows, combined = [], {}
    for entity, frame in frames.items():
        home = _clusters(entity, mappings)
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        order = sorted(
            frame.filter("usable").to_dicts(), key=lambda r: (regions.index(r["region"]), r["code"])
        )
        for record in order:
            if record["record_id"] not in retired:
                groups[home.get(record["record_id"], record["record_id"])].append(record)
        linked = rules().entities[entity].matching.ending.value == "linked"
        taken: set[str] = set()
        kept = []
        for name, members in groups.items():
            for unit in [[m] for m in members] if linked else [members]:
                first = unit[0]
                code = codes.get(first["record_id"], first["code"])
                code = code if code not in taken else first["region"] + code
                taken.add(code)
                kept.append(
                    {
                        **first,
                        "combined_code": code,
                        "cluster_id": name,
                        "members": [m["record_id"] for m in unit],
                    }
                )
                rows += [_row(m, code, name, len(members)) for m in unit]
        rows += [
            _row(r, None, None, 1) for r in frame.to_dicts() if not r["usable"] or r["record_id"] in retired
        ]
        page = rules().entities[entity]
        names = [
            "combined_code",
            "cluster_id",
            *(f.name for f in page.field if not f.secret and f.name != "code"),
            "members",
        ]
        kinds = {n: pl.List(pl.String) if n == "members" else pl.String for n in names}
        combined[entity] = pl.DataFrame([{n: k.get(n) for n in names} for k in kept], schema=kinds)
    return (
        conform(pl.DataFrame(rows, infer_schema_length=None), CROSSWALK) if rows else CROSSWALK.empty()
    ), combined


def _clusters(entity: str, mappings: pl.DataFrame) -> dict[str, str]:
    home: dict[str, str] = {}
    chosen = mappings.filter(
        (pl.col("entity") == entity)
        & pl.col("status").is_in(["auto", "accepted"])
        & (pl.col("relationship") == "equivalent")
        & (pl.col("code_r") != "")
    )
    for row in chosen.iter_rows(named=True):
        left, right = (f"{entity}/{row[f'region_{s}']}/{row[f'code_{s}']}" for s in ("l", "r"))
        name = home.get(left) or home.get(right) or left
        home |= {k: name for k, v in home.items() if v in (home.get(left), home.get(right))}
        home |= {left: name, right: name}
    return home


def _row(record: dict[str, Any], code: str | None, cluster: str | None, size: int) -> dict[str, Any]:
    status = "withheld" if code is None else "auto" if size > 1 else "kept"
    return {
        "record_id": record["record_id"],
        "entity": record["entity"],
        "region": record["region"],
        "code": record["code"],
        "combined_code": code,
        "cluster_id": cluster,
        "relationship": "equivalent",
        "status": status,
    }


def _with(crosswalk: pl.DataFrame, parts: list[dict[str, str]]) -> pl.DataFrame:
    """Add a split record's rows: ``{ of = "exam A/1", group = "1", combine = "one", condition = "R" }``."""
    extra = []
    for part in parts:
        entity, _, name = part["of"].partition(" ")
        region, _, code = name.partition("/")
        more = {k: v for k, v in part.items() if k != "of"}
        extra.append(
            {"record_id": f"{entity}/{name}", "entity": entity, "region": region, "code": code, **more}
        )
    return (
        conform(pl.concat([crosswalk, pl.DataFrame(extra)], how="diagonal"), CROSSWALK)
        if extra
        else crosswalk
    )


def _changed(frame: pl.DataFrame, changes: dict[str, dict[str, str]]) -> pl.DataFrame:
    for code, cells in changes.items():
        for name, value in cells.items():
            new = pl.when(pl.col("combined_code") == code).then(pl.lit(value)).otherwise(name).alias(name)
            frame = frame.with_columns(new)
    return frame


def _decisions(listed: list[dict[str, Any]], frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    rows = []
    for n, decision in enumerate(listed):
        entity, region_l, code_l, region_r, code_r = _sides(decision["of"])
        left, right = f"{entity}/{region_l}/{code_l}", f"{entity}/{region_r}/{code_r}"
        seen = dict(frames[entity].select("record_id", "evidence_hash").rows())
        row = {
            "decision_id": f"d{n}",
            "mapping_id": mapping_id(entity, left, right),
            "conflict_id": "",
            "entity": entity,
            "region_l": region_l,
            "code_l": code_l,
            "region_r": region_r,
            "code_r": code_r,
            "verdict": "accept",
            "relationship": "equivalent",
            "reviewer": "Ada",
            "decided_on": f"2026-01-{n + 1:02}",
            "evidence": pair_evidence(seen.get(left, "-"), seen.get(right, "-")),
        }
        rows.append({**row, **{k: v for k, v in decision.items() if k != "of"}})
    return conform(pl.DataFrame(rows, infer_schema_length=None), DECISIONS) if rows else DECISIONS.empty()
