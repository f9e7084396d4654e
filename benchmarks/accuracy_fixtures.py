"""The bundled example against its truth, every entity: what `codemerge evaluate` prints.

python benchmarks/accuracy_fixtures.py [PROJECT]
"""

from __future__ import annotations

import sys
from pathlib import Path

from codemerge.evaluate import evaluate, read_truth, said
from codemerge.files.sources import read_catalogs
from codemerge.inputs import Inputs
from codemerge.pipeline import run
from codemerge.rules.loader import load_project, rules_of
from codemerge.rules.shipped import shipped
from codemerge.tables import DECISIONS, IDENTIFIERS


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped("fixtures")
    project = load_project(folder)
    rules = rules_of(project)
    read = read_catalogs(project, rules)
    found = run(
        Inputs(
            rows=read.rows,
            notes=tuple(read.notes),
            decisions=DECISIONS.empty(),
            identifiers=IDENTIFIERS.empty(),
            project=project,
            rules=rules,
            today="2026-01-01",
        )
    )
    for file in sorted((folder / "truth").glob("*.csv")):
        entity = rules.entities[file.stem]
        print(said(evaluate(found, entity, read_truth(file, found, entity)), "en"), end="\n\n")


if __name__ == "__main__":
    main()
