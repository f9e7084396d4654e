"""What every row of an issued workbook meant: ``decisions/issued/<hash>.csv``, immutable.

A workbook that comes back after newer exports is understood by this, and a decision whose records
have changed can be shown as a difference. One file per workbook, named by its content: the same
rows are written once. A file of a sensitive entity may be erased; the chain of decisions stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

import polars as pl

from codemerge.answers.review_asked import Asked
from codemerge.files.atomic import whole_files, write_bytes
from codemerge.tables import TEXT, Contract

FOLDER = "issued"

# own: the record asked about; of_1..3, label_1..3, evidence_1..3: the suggestions.
# label_l, label_r of the pair shown are own_label and label_1; conflicts keep their records in `records`.
_COLUMNS = (
    "row_id", "mapping_id", "conflict_id", "entity", "side", "after", "region_l", "region_r",
    "own", "own_label", "own_evidence", "of_1", "of_2", "of_3", "label_1", "label_2", "label_3",
    "evidence_1", "evidence_2", "evidence_3", "relationship", "difference", "records", "message",
    "resolution", "evidence", "waivable", "split",
)  # fmt: skip
ISSUED = Contract(dict.fromkeys(_COLUMNS, TEXT), ("row_id",))


def issued_rows(asked: Iterable[Asked], conflicts: pl.DataFrame) -> pl.DataFrame:
    """Return what a workbook's rows mean, columns `ISSUED`, in the order of row ids."""
    frames = [_of_mappings(a.rows) for a in asked if a.rows.height]
    if conflicts.height:
        frames.append(_of_conflicts(conflicts))
    if not frames:
        return ISSUED.empty()
    rows = pl.concat(frames, how="diagonal")
    columns = [pl.col(c) if c in rows.columns else pl.lit("").alias(c) for c in ISSUED.columns]
    told = rows.select(columns).fill_null("")
    return told if told["row_id"].is_sorted() else told.sort("row_id")  # they are numbered as they stand


def _of_mappings(rows: pl.DataFrame) -> pl.DataFrame:
    left = pl.col("side") == "l"
    lists = {"of": "suggestions", "label": "suggestion_labels", "evidence": "suggestion_evidence"}
    return rows.select(
        "row_id", "mapping_id", "entity", "side", "after", "region_l", "region_r", "own_evidence",
        "relationship", "difference", "split",
        own=pl.when(left).then("code_l").otherwise("code_r"),
        own_label=pl.when(left).then("label_l").otherwise("label_r"),
        **{
            f"{name}_{n}": pl.col(column).list.get(n - 1, null_on_oob=True)
            for name, column in lists.items()
            for n in (1, 2, 3)
        },
    )  # fmt: skip


def _of_conflicts(conflicts: pl.DataFrame) -> pl.DataFrame:
    return conflicts.select(
        "row_id",
        "conflict_id",
        "entity",
        "message",
        "resolution",
        "evidence",
        "after",
        records=pl.col("record_ids").list.join("\n"),
        waivable=pl.when("waivable").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )


def write_issued(folder: Path, rows: pl.DataFrame, *, private: bool = False) -> str:
    """Keep what a workbook's rows mean; return the name it is found by.

    Args:
        folder: the project's ``decisions/``.
        rows: from `issued_rows`.
        private: personal data: readable by the owner only.

    Returns:
        The hash that names the file. A file that is there already is left alone.
    """
    data = rows.select(list(ISSUED.columns)).write_csv(quote_style="always").encode("utf-8")
    name = hashlib.blake2b(data, digest_size=8).hexdigest()
    path = folder / FOLDER / f"{name}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data, private=private)
    return name


def find_issued(folder: Path, row_ids: Collection[str]) -> pl.DataFrame:
    """Find what these row ids meant, in every file kept.

    Args:
        folder: the project's ``decisions/``.
        row_ids: as they came back.

    Returns:
        Columns `ISSUED` and ``issued`` (the file's hash), one row per id found: an id names what
        its row said, so that the same id in several files means the same.
    """
    wanted = list(row_ids)
    frames = []
    for path in whole_files(folder / FOLDER, "*.csv") if wanted else ():
        rows = _read(path).filter(pl.col("row_id").is_in(wanted))
        if rows.height:
            frames.append(rows.with_columns(issued=pl.lit(path.stem)))
    if not frames:
        return ISSUED.empty().with_columns(issued=pl.lit("", dtype=TEXT))
    return pl.concat(frames).unique("row_id", keep="first", maintain_order=True)


def _read(path: Path) -> pl.DataFrame:
    """Read one file; a column that its version of codemerge didn't write yet is empty."""
    rows = pl.read_csv(path, infer_schema=False, empty_string_is_null=False)
    return rows.select(pl.col(c) if c in rows.columns else pl.lit("").alias(c) for c in ISSUED.columns)


def issued_with(folder: Path, came: Collection[str]) -> list[str]:
    """Return the row ids of the workbook that these came back in.

    One row may have been sent in several workbooks (the general one, one by section or profession):
    it is the one that holds most of them, of those the smallest, so that nothing else is missed.

    Args:
        folder: the project's ``decisions/``.
        came: row ids as they came back.

    Returns:
        Its row ids; none where no file holds any of them (erased).
    """
    best: tuple[tuple[int, int], list[str]] = ((0, 0), [])
    for path in whole_files(folder / FOLDER, "*.csv"):
        rows = pl.read_csv(path, columns=["row_id"], infer_schema=False)["row_id"]
        held = int(rows.is_in(list(came)).sum())
        if held and (held, -rows.len()) > best[0]:
            best = ((held, -rows.len()), rows.to_list())
    return best[1]
