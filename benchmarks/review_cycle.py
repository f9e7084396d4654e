"""Times the review cycle: rows found and worded, workbook written, read back, classified, decided.

    python benchmarks/review_cycle.py [--rows 5000 30000]

Every row of the workbook is answered. Budgets: 5 000 rows written in 4 s; 30 000 rows read back,
classified and reported in 5 s. Seconds are of the processor: other work on the machine doesn't count.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.review_world import FACETS, mapping, records, run_of, shelf
from tests.workbook_desk import at

from codemerge.answers.review_rows import review_rows
from codemerge.answers.run_tables import RunTables
from codemerge.files.review_import import import_review
from codemerge.files.workbook_write import write_workbooks

BUDGETS = {"write": (5_000, 4.0), "import": (30_000, 5.0)}


def large_run(rows: int) -> RunTables:
    """Two synthetic catalogs of one size; every left record has a proposal and four rivals."""
    page, draw = shelf(), random.Random(1)
    facets = {"_modality": ("CT", "MR"), "_laterality": ("R", "L"), "_contrast": ("with", "without")}
    listed = [
        {"region": region, "code": f"{region}{n:05d}", "label": f"DT buk, förlängd undersökning nummer {n}"}
        | {"volume": draw.randint(0, 5000)}
        | {name: [draw.choice(values)] for name, values in facets.items()}
        for n in range(rows)
        for region in "AB"
    ]
    seen = [{"field": f, "level": "same", "weight": 2.0, "left": "x", "right": "x"} for f in FACETS]
    said: list[dict[str, Any]] = []
    for n in range(rows):
        left = f"A:A{n:05d}"
        said.append(mapping("shelf", left, f"B:B{n:05d}", status="review", confidence=0.7, evidence=seen))
        said += [
            mapping("shelf", left, f"B:B{(n + k) % rows:05d}", rank=k + 1, confidence=0.3, evidence=seen)
            for k in range(1, 5)
        ]
    return run_of((page,), {page.id: records(page, *listed)}, said)


def answered(book: Path) -> Path:
    """Answer every row of a workbook, as a person would with fill-down."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    source = CalamineWorkbook.from_path(str(book))
    out = book.with_name("answered.xlsx")
    with xlsxwriter.Workbook(str(out)) as made:
        for name in source.sheet_names[1:-2]:
            sheet, cells = made.add_worksheet(name), source.get_sheet_by_name(name).to_python()
            decision, reviewer = cells[0].index("Beslut"), cells[0].index("Bedömare")
            for row, values in enumerate(cells):
                if row:
                    values[decision], values[reviewer] = "Godkänn förslag 1", "Anna"
                for column, value in enumerate(values):
                    if isinstance(value, str) and value:
                        sheet.write_string(row, column, value)
                    elif value != "":
                        sheet.write_number(row, column, value)
    return out


def timed(rows: int) -> dict[str, float]:
    """Return the seconds of each step for a review of this many rows."""
    with tempfile.TemporaryDirectory() as folder:
        root, seconds = Path(folder), {}
        run = at(large_run(rows), root)
        started = time.process_time()
        review_rows(run, "sv")
        seconds["rows"] = time.process_time() - started
        started = time.process_time()
        book = write_workbooks(run, root, "sv")[0]
        seconds["write"] = time.process_time() - started
        filled = answered(book)
        for name in ("import", "import again"):
            run = at(run, root)
            started = time.process_time()
            import_review([filled], run, "2026-01-01", allow_bulk=True).text("sv")
            seconds[name] = time.process_time() - started
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[5_000, 30_000])
    over = []
    for rows in parser.parse_args().rows:
        seconds = timed(rows)
        print(f"{rows:>7} rows  " + "  ".join(f"{name} {s:.2f} s" for name, s in seconds.items()))
        over += [n for n, (size, budget) in BUDGETS.items() if size == rows and seconds[n] > budget]
    if over:
        sys.exit(f"over budget: {', '.join(over)}")


if __name__ == "__main__":
    main()
