"""Exchange formats that are plain tables: the crosswalk, OMOP source_to_concept_map, DICOM code triplets."""

from __future__ import annotations

import polars as pl

from codemerge.answers.selection import Selection
from codemerge.errors import Problem
from codemerge.files.identifiers import new_identifiers
from codemerge.library.excel_safe import escape
from codemerge.model import Carried
from codemerge.rules.export import COMBINED
from codemerge.rules.page import Entity

# OHDSI's range for concepts of one's own (OMOP CDM conventions: local concepts start at two billion).
LOCAL_CONCEPTS = 2_000_000_000
_VOCABULARY, _CODE, _TEXT = 20, 50, 255  # widths in the OMOP CDM
_SHORT, _LONG = 16, 64  # DICOM SH and LO


def csv_bytes(frame: pl.DataFrame, *, excel_safe: bool = False) -> bytes:
    """Return a table as UTF-8 CSV, every field quoted, byte-exact.

    Args:
        frame: lists are joined with ``+``.
        excel_safe: put an apostrophe before what a spreadsheet would run (reversible; see
            `library.excel_safe`).
    """
    lists = [c for c, kind in frame.schema.items() if isinstance(kind, pl.List)]
    flat = frame.with_columns(pl.col(lists).list.join("+")).with_columns(pl.all().cast(pl.String))
    if excel_safe:
        flat = flat.with_columns(escape(pl.col(c)).alias(c) for c in flat.columns)
    return flat.write_csv(quote_style="always").encode("utf-8")


def crosswalk_rows(selection: Selection) -> pl.DataFrame:
    """Return the crosswalk's rows of the entities and regions selected."""
    asked = pl.col("entity").is_in([e.id for e in selection.entities]) & pl.col("region").is_in(
        selection.regions
    )
    return selection.run.crosswalk.filter(asked)


def local_concepts(selection: Selection, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Number the combined codes for OMOP, the same in every export.

    The number is two billion plus the code's place in the ledger as a merge would leave it; the
    ledger only grows, so no number ever changes.

    Args:
        selection: the run.
        identifiers: the ledger so far.

    Returns:
        ``entity, combined_code, concept_id``.
    """
    grown = pl.concat([identifiers, new_identifiers(selection.run.crosswalk, identifiers)])
    first = grown.unique(["entity", "combined_code"], keep="first", maintain_order=True)
    return first.select("entity", "combined_code").with_row_index("concept_id", offset=LOCAL_CONCEPTS + 1)


def source_to_concept_map(
    selection: Selection, identifiers: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:
    """Make OMOP's ``source_to_concept_map`` and the ``concept`` rows its targets need.

    Returns:
        The map, the concepts, and a note for everything wider than OMOP's columns.
    """
    numbers = local_concepts(selection, identifiers)
    parts, concepts = [], []
    for entity in selection.entities:
        rows = crosswalk_rows(selection).filter(pl.col("entity") == entity.id)
        target = _vocabulary(selection, entity, COMBINED)
        named = rows.join(numbers, on=["entity", "combined_code"], how="left").join(
            _texts(selection, entity), on=["region", "code"], how="left"
        )
        vocabularies = {r: _vocabulary(selection, entity, r) for r in selection.run.project.regions}
        retired = pl.col("status") == Carried.RETIRED
        parts.append(
            named.select(
                source_code="code",
                source_concept_id=pl.lit(0),
                source_vocabulary_id=pl.col("region").replace_strict(vocabularies),
                source_code_description=pl.col("text").fill_null(""),
                target_concept_id=pl.col("concept_id").fill_null(0),
                target_vocabulary_id=pl.when(pl.col("concept_id").is_null())
                .then(pl.lit("None"))
                .otherwise(pl.lit(target)),
                valid_start_date=_day("valid_from", "1970-01-01"),
                valid_end_date=_day("valid_to", "2099-12-31"),
                invalid_reason=pl.when(retired).then(pl.lit("D")).otherwise(pl.lit("")),
            ).unique(maintain_order=True)
        )
        concepts.append(_concepts(selection, entity, numbers, target))
    out = pl.concat(parts) if parts else pl.DataFrame()
    notes = _too_wide(
        out,
        {
            "source_vocabulary_id": _VOCABULARY,
            "target_vocabulary_id": _VOCABULARY,
            "source_code": _CODE,
            "source_code_description": _TEXT,
        },
        "source_to_concept_map",
    )
    return out, pl.concat(concepts) if concepts else pl.DataFrame(), notes


def _concepts(selection: Selection, entity: Entity, numbers: pl.DataFrame, vocabulary: str) -> pl.DataFrame:
    labels = selection.labels(entity, COMBINED)
    return numbers.filter(pl.col("entity") == entity.id).select(
        "concept_id",
        concept_name=pl.col("combined_code").replace_strict(
            labels, default=pl.col("combined_code"), return_dtype=pl.String
        ),
        domain_id=pl.lit("Metadata"),
        vocabulary_id=pl.lit(vocabulary),
        concept_class_id=pl.lit(entity.name.en[:_VOCABULARY]),
        standard_concept=pl.lit(""),
        concept_code="combined_code",
        valid_start_date=pl.lit("1970-01-01"),
        valid_end_date=pl.lit("2099-12-31"),
        invalid_reason=pl.lit(""),
    )


def _looked_up(column: str, texts: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(texts, default=None, return_dtype=pl.String)


def _vocabulary(selection: Selection, entity: Entity, region: str) -> str:
    return selection.names.name(entity.id, region)


def _texts(selection: Selection, entity: Entity) -> pl.DataFrame:
    rows = [
        (region, code, text)
        for region in selection.regions
        for code, text in selection.labels(entity, region).items()
    ]
    return pl.DataFrame(
        rows, schema={"region": pl.String, "code": pl.String, "text": pl.String}, orient="row"
    )


def _day(name: str, otherwise: str) -> pl.Expr:
    """Return an ISO date, or the convention where the region wrote none or something else."""
    return (
        pl.when(pl.col(name).str.contains(r"^\d{4}-\d{2}-\d{2}$"))
        .then(pl.col(name))
        .otherwise(pl.lit(otherwise))
        .alias(name)
    )


def _too_wide(frame: pl.DataFrame, widths: dict[str, int], where: str) -> list[Problem]:
    return [
        Problem("deliver.too_wide", where, column=name, values={"found": value, "expected": width})
        for name, width in widths.items()
        if name in frame.columns
        for value in frame[name].filter(frame[name].str.len_chars() > width).unique().sort().to_list()
    ]


def dicom_triplets(selection: Selection) -> tuple[pl.DataFrame, list[Problem]]:
    """Make DICOM code triplets (value, scheme designator, meaning) of old and combined codes.

    A value above 16 characters belongs in Long Code Value (0008,0119); nothing is cut, and every
    value or meaning above its limit (SH 16, LO 64) has a note.

    Returns:
        ``entity, region, code_value, coding_scheme_designator, code_meaning`` and the same of the
        combined code with ``combined_`` before, ``relationship, condition``; and the notes.
    """
    parts = []
    for entity in selection.entities:
        labels = selection.labels(entity, COMBINED)
        rows = crosswalk_rows(selection).filter(pl.col("entity") == entity.id)
        named = rows.join(_texts(selection, entity), on=["region", "code"], how="left")
        designators = {r: selection.names.designator(r) for r in selection.run.project.regions}
        leads = pl.col("combined_code").is_not_null()
        parts.append(
            named.select(
                "entity", "region",
                code_value="code",
                coding_scheme_designator=pl.col("region").replace_strict(designators),
                code_meaning="text",
                combined_code_value="combined_code",
                combined_coding_scheme_designator=pl.when(leads).then(pl.lit(selection.names.designator(COMBINED))),
                combined_code_meaning=_looked_up("combined_code", labels),
                relationship=pl.when(leads).then(pl.col("relationship")),
                condition="condition",
            ).unique(maintain_order=True)
        )  # fmt: skip
    out = pl.concat(parts) if parts else pl.DataFrame()
    return out, _too_wide(
        out,
        {
            "code_value": _SHORT,
            "combined_code_value": _SHORT,
            "code_meaning": _LONG,
            "combined_code_meaning": _LONG,
        },
        "DICOM",
    )
