"""The rehearsal: a third region comes to a project of two that has been decided in full.

The example's truth stands in for the reviewers: every pair and every record without counterpart of
the first two regions is decided, the ledger grows as a merge would let it, the third region is
added, and what changed is counted: decisions reopened, combined codes changed, questions asked,
answered automatically. Prints a Markdown table; ``--run`` keeps the decided run for other checks.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from codemerge import Run, run_project
from codemerge.files.decisions import write_decisions
from codemerge.files.identifiers import append_identifiers, new_identifiers, read_identifiers
from codemerge.library.identity import mapping_id
from codemerge.library.verdicts import pair_evidence
from codemerge.rules.shipped import shipped
from codemerge.tables import DECISIONS, conform

TODAY = "2026-11-22"
BROADER = "source-is-broader-than-target"


def decide(run: Run, truth: Path, regions: set[str]) -> pl.DataFrame:
    """Return decisions that say what the truth says of pairs of these regions."""
    evidence = {
        name: text
        for entity in run.entities
        for name, text in run.records(entity).select("record_id", "evidence_hash").iter_rows()
    }
    rows: list[dict[str, Any]] = []
    for path in sorted(truth.glob("*.csv")):
        if path.stem in run.entities:
            said = list(csv.DictReader(path.open(encoding="utf-8")))
            rows += _decisions(
                path.stem, [r for r in said if {r["left_region"], r["right_region"]} <= regions], evidence
            )
    return conform(pl.DataFrame(rows, infer_schema_length=None), DECISIONS)


def _decisions(entity: str, said: list[dict[str, str]], evidence: dict[str, str]) -> list[dict[str, Any]]:
    out = []
    several = [(r["left"], r["right_region"]) for r in said if r["relationship"] == BROADER]
    for row in said:
        left = f"{entity}/{row['left_region']}/{row['left']}"
        right = f"{entity}/{row['right_region']}/{row['right']}" if row["right"] else ""
        if left not in evidence or (right and right not in evidence):
            continue  # a seeded defect took the record away
        split = row["relationship"] == BROADER and several.count((row["left"], row["right_region"])) > 1
        out.append(
            {
                "entity": entity,
                "mapping_id": mapping_id(entity, left, right),
                "region_l": row["left_region"],
                "code_l": row["left"],
                "region_r": row["right_region"],
                "code_r": row["right"],
                "verdict": "accept",
                "relationship": row["relationship"] if right else "not-related-to",
                "reviewer": "the truth",
                "decided_on": TODAY,
                "note": "as the truth says",
                "evidence": pair_evidence(evidence[left], evidence.get(right, "")),
                "group": row["left"] if split else None,
                "combine": "one" if split else None,
                "condition": f"part={row['right']}" if split else None,
            }
        )
    return out


def combined_codes(run: Run, regions: set[str]) -> pl.DataFrame:
    """Return the codes of these regions' records that lead somewhere."""
    rows = run.crosswalk.filter(pl.col("region").is_in(list(regions)) & pl.col("combined_code").is_not_null())
    return rows.select("record_id", "combined_code", "condition")


def standing(run: Run, regions: set[str]) -> pl.DataFrame:
    """Return the decided pairs of these regions and how they stand."""
    inside = pl.col("region_l").is_in(list(regions)) & pl.col("region_r").is_in(list(regions))
    return run.mappings.filter(inside & pl.col("decision_id").is_not_null()).select(
        "mapping_id", "status", "relationship"
    )


def rehearse(work: Path) -> dict[str, Any]:
    """Do it all in a copy of the example; return what was counted."""
    shutil.copytree(shipped("fixtures"), work, dirs_exist_ok=True)
    two, three = work / "two-regions.toml", work / "codemerge.toml"
    first = run_project(two, work / "run-undecided", tables_only=True, today=TODAY)
    regions = set(first.project.regions)
    write_decisions(work / "decisions", decide(first, work / "truth", regions))
    before = run_project(two, work / "run-two", tables_only=True, today=TODAY)
    ledger = work / "identifiers.csv"
    append_identifiers(ledger, new_identifiers(before.crosswalk, read_identifiers(ledger)))
    after = run_project(three, work / "run-three", tables_only=True, today=TODAY)
    stood, stands = standing(before, regions), standing(after, regions)
    kept = combined_codes(before, regions).join(
        combined_codes(after, regions),
        on=["record_id", "combined_code", "condition"],
        nulls_equal=True,
        how="anti",
    )
    new = after.mappings.filter(
        ~(pl.col("region_l").is_in(list(regions)) & pl.col("region_r").is_in(list(regions)))
    )
    third = next(r for r in after.project.regions if r not in regions)
    paired = new.filter(pl.col("status").is_in(["auto", "review"]) & (pl.col("region_r") == third))
    records = sum(after.records(e).filter(pl.col("region") == third).height for e in after.entities)
    automatic = paired.filter(pl.col("status") == "auto")
    return {
        "decisions made before": before.tables.decisions.height,
        "decided pairs before": stood.height,
        "decisions reopened": stood.join(
            stands, on=["mapping_id", "status", "relationship"], how="anti"
        ).height,
        "combined codes before": combined_codes(before, regions).height,
        "combined codes changed": kept.height,
        f"records of {third}": records,
        "answered automatically (records)": automatic["code_r"].n_unique(),
        "questions asked (pairs to review)": paired.filter(pl.col("status") == "review").height,
        "culprit sets over three regions": after.conflicts.filter(
            pl.col("check").is_in(["EXM-033", "MAP-003"])
        ).height,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, help="folder to keep; default one that is removed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        counted = rehearse(asked.work or Path(scratch))
    print("| what | count |\n|---|---|")
    for what, count in counted.items():
        print(f"| {what} | {count} |")


if __name__ == "__main__":
    main()
