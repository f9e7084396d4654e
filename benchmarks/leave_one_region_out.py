"""What happens with words nobody has declared: the words that only one fixture region uses, taken away.

    python benchmarks/leave_one_region_out.py

For each region of the (synthetic) example, every vocabulary row whose word only that region's names
use is removed; the example is matched again, and ``rules suggest`` is asked for 50 words. Printed:
rows removed, automatic precision and coverage against the truth, and how many of the suggestions
give a removed word its own concept back.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import polars as pl

from codemerge.answers.run_tables import RunTables
from codemerge.answers.suggest import suggestions
from codemerge.evaluate import evaluate, read_truth
from codemerge.files.sources import read_catalogs
from codemerge.inputs import Inputs
from codemerge.library.parser import read_names
from codemerge.pipeline import run
from codemerge.rules.loader import Rules, load_project, load_rules
from codemerge.rules.project import Project
from codemerge.rules.shipped import shipped
from codemerge.tables import DECISIONS, IDENTIFIERS


def main() -> None:
    folder = shipped("fixtures")
    project, rules = load_project(folder), load_rules()
    whole = matched(project, rules)
    entity = max((e for e in rules.entities.values() if e.names), key=lambda e: len(e.facets))
    truth = folder / "truth" / f"{entity.id}.csv"
    used = words_used(whole, entity.id, str(entity.names))
    show("nothing", 0, whole, entity.id, truth, set())
    for region in project.regions:
        others = {word for other, words in used.items() if other != region for word in words}
        only = used[region] - others
        with tempfile.TemporaryDirectory() as place:
            removed = take_away(only, Path(place))
            show(region, len(removed), matched(project, load_rules([Path(place)])), entity.id, truth, removed)


def matched(project: Project, rules: Rules) -> RunTables:
    read = read_catalogs(project, rules)
    return run(
        Inputs(
            read.rows, tuple(read.notes), DECISIONS.empty(), IDENTIFIERS.empty(), project, rules, "2026-01-01"
        )
    )


def words_used(found: RunTables, entity: str, label: str) -> dict[str, set[tuple[str, str]]]:
    """Return region → (facet, word) that its names were read by."""
    records = found.records[entity].select("region", label)
    read = read_names(records, found.rules.vocabulary, list(found.rules.facets), text=label)
    spans = (
        read.select("region", "spans").explode("spans", empty_as_null=True).unnest("spans").drop_nulls("word")
    )
    return {
        region: {(f, w) for f, w in rows.select("facet", "word").iter_rows()}
        for (region,), rows in spans.group_by("region", maintain_order=True)
    }


def take_away(words: set[tuple[str, str]], pack: Path) -> set[tuple[str, str, str]]:
    """Write a rule pack that removes these words; return (word, facet, concept) of each row removed."""
    removed = set()
    (pack / "vocabulary").mkdir()
    for path in sorted((shipped("rules") / "vocabulary").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        if rows[0][:2] != ["word", "concept"]:
            continue
        gone = [row for row in rows[1:] if row and row[1] and (path.stem, row[0]) in words]
        removed |= {(row[0], path.stem, row[1]) for row in gone}
        if gone:
            with (pack / "vocabulary" / path.name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([rows[0], *([row[0], "", row[2], ""] for row in gone)])
    return removed


def show(
    region: str, count: int, found: RunTables, entity: str, truth: Path, removed: set[tuple[str, str, str]]
) -> None:
    page = found.rules.entities[entity]
    measured = evaluate(found, page, read_truth(truth, found, page))
    proposed = suggestions(found, 50)
    right = sum((w, f, c) in removed for w, f, c in proposed.select("word", "facet", "concept").iter_rows())
    words = {word for word, _, _ in removed}
    about = proposed.filter(pl.col("word").is_in(list(words))).height
    print(
        f"without {region:8} {count:4} rows removed; automatic right {measured.automatic.right} of {measured.automatic.of}; coverage {measured.coverage.share:.3f}; "
        f"{proposed.height} suggested, {about} about a removed word, {right} with its concept"
    )


if __name__ == "__main__":
    main()
