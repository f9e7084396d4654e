"""Every catalog of a project, read: columns named, rows with their origins, problems all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from codemerge.errors import BadInputError, Problem
from codemerge.files.cell_checks import note_cells
from codemerge.files.opened import is_url, open_source
from codemerge.files.raw_table import Findings, RawTable, Wanted, column_name, too_wide
from codemerge.files.table_sources import without_user
from codemerge.library.headers import AliasBook, Recognised
from codemerge.library.privacy import redact
from codemerge.library.workers import side_by_side
from codemerge.rules.loader import Rules
from codemerge.rules.page import Entity
from codemerge.rules.project import Limits, Project, Source
from codemerge.rules.toml_lines import nearest

_PROJECT = "codemerge.toml"
_HEADERS_SHOWN = 40  # names of columns in a message; the rest as a number


@dataclass(frozen=True)
class InputFile:
    """What was read from one source, for the summary.

    Args:
        path: as the project says it; a database URL without user.
        sha256: of the file's bytes.
        rows: data rows.
        encoding, delimiter, sheet: as found; None where the kind of file has none.
        entity, region: as declared.
        columns: field → header that it was read from.
        unrecognised: headers that are no field.
    """

    path: str
    sha256: str
    rows: int
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    entity: str
    region: str
    columns: Mapping[str, str]
    unrecognised: Sequence[str]


@dataclass(frozen=True)
class Catalogs:
    """All catalogs.

    Args:
        rows: per entity, ``region``, one String column per declared field (null where empty),
            ``file``, ``sheet``, ``line``; only entities that have a source.
        inputs: one entry per source, in the project's order.
        notes: what was seen and isn't fatal.
    """

    rows: dict[str, pl.DataFrame]
    inputs: list[InputFile] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def read_catalogs(project: Project, rules: Rules) -> Catalogs:
    """Read every source of a project.

    Args:
        project: its sources, limits and root folder.
        rules: the entities' pages.

    Returns:
        The rows of every entity, cells untouched (nothing is stripped), and what was noted.

    Raises:
        BadInputError: every problem of every file.
    """
    problems = _doubled(project.source)
    if not project.source:
        problems.append(Problem("source.none", _PROJECT))
    frames: dict[str, list[pl.DataFrame]] = {}
    inputs: list[InputFile] = []
    notes: list[Problem] = []
    known = [source for source in project.source if source.entity in rules.entities]
    problems += [_unknown_entity(source, rules) for source in project.source if source not in known]

    def opened(source: Source) -> tuple[Findings, pl.DataFrame | None, InputFile | None]:
        place = shown_path(source) + (f" [{source.sheet}]" if source.sheet else "")
        findings = Findings(place, region=source.region, entity=source.entity)
        return findings, *read_source(source, rules.entities[source.entity], project, findings)

    for findings, frame, read in side_by_side([partial(opened, source) for source in known]):
        problems += findings.all_problems()
        notes += findings.notes
        if frame is not None and read is not None:
            frames.setdefault(read.entity, []).append(frame)
            inputs.append(read)
    if problems:
        raise BadInputError(problems)
    ordered = [e for e in rules.entities if e in frames]
    return Catalogs({e: pl.concat(frames[e], rechunk=True) for e in ordered}, inputs, notes)


def read_source(
    source: Source, entity: Entity, project: Project, findings: Findings
) -> tuple[pl.DataFrame | None, InputFile | None]:
    """Read one source to the columns of its entity; nothing when a problem was found."""
    unknown = [name for name in source.columns if entity.field_named(name) is None]
    for name in unknown:
        known = [f.name for f in entity.field]
        findings.problem(
            "source.unknown_field",
            None,
            f"columns.{name}",
            found=name,
            nearest=nearest(name, known) or ", ".join(known),
        )
    wanted = wanted_of(source, entity, project.limits)
    opened = open_source(project.root, source.path, wanted, findings)
    table = opened.table
    if table is None or findings.problems or too_wide(len(table.header), wanted, findings):
        return None, None
    if not _header_sound(table, findings):
        return None, None
    # names stand in tables, report and manifest: a person's number may not be one
    if any(redact(name, bare=False) != name for name in (source.path, table.sheet or "", *table.header)):
        findings.problem("source.named_by_person")
        return None, None
    found = wanted.book.recognise(table.header, source.columns)
    _columns_sound(found, table, entity, findings)
    _one_line_header(table, wanted, findings)
    if findings.problems:
        return None, None
    frame = _frame(table, found, entity, source)
    note_cells(frame, table, found, entity=entity, limits=project.limits, findings=findings)
    if findings.problems:
        return None, None
    unrecognised = [table.header[n] or column_name(n) for n in found.unrecognised]
    if unrecognised:
        findings.note("source.unrecognised", table.header_line or None, found=", ".join(unrecognised))
    read = InputFile(
        path=shown_path(source),
        sha256=opened.sha256,
        rows=frame.height,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        entity=entity.id,
        region=source.region,
        columns={
            f.name: table.header[found.columns[f.name]] for f in entity.field if f.name in found.columns
        },
        unrecognised=unrecognised,
    )
    return frame, read


def alias_book(entity: Entity) -> AliasBook:
    """Return the headers that mean each field of an entity, the most certain first."""
    return AliasBook({f.name: (*f.aliases, f.title.sv, f.title.en, f.name) for f in entity.field})


def wanted_of(source: Source, entity: Entity, limits: Limits) -> Wanted:
    """Return what is known of a source before it is read."""
    return Wanted(
        book=alias_book(entity),
        columns=source.columns,
        encoding=source.encoding,
        delimiter={"TAB": "\t", "\\t": "\t"}.get(source.delimiter or "", source.delimiter),
        sheet=source.sheet,
        header_row=source.header_row,
        query=source.query,
        codes=code_fields(entity),
        limits=limits,
    )


def code_fields(entity: Entity) -> frozenset[str]:
    """Return the fields whose cells are codes: the code itself, key parts and references."""
    codes = {f.name for f in entity.field if f.type in {"code", "reference"}}
    return frozenset(codes | set(entity.key) | set(entity.code_from) | {"code"})


def shown_path(source: Source) -> str:
    """Return a source's path as it may be shown."""
    return without_user(source.path) if is_url(source.path) else source.path


def _header_sound(table: RawTable, findings: Findings) -> bool:
    """Refuse two columns of one name: nobody can tell which is meant."""
    seen: dict[str, int] = {}
    for n, name in enumerate(table.header):
        plain = " ".join(name.replace("\ufeff", "").casefold().split())
        if plain and plain in seen:
            findings.problem(
                "source.duplicate_header",
                table.header_line or None,
                name,
                found=f"{column_name(seen[plain])}, {column_name(n)}",
            )
        seen.setdefault(plain, n)
    return not findings.problems


def _one_line_header(table: RawTable, wanted: Wanted, findings: Findings) -> None:
    """Refuse a header on two lines, as merged cells make one: its second half would be a record."""
    if not table.cells.height:
        return
    cells = table.cells.row(0)
    filled = [text for text in cells if text]
    if 0 < len(filled) < len(cells) and wanted.book.count(filled) == len(filled) and _no_data(table, filled):
        lines = f"{table.header_line}–{int(table.lines[0])}"
        findings.problem("source.two_line_header", int(table.lines[0]), found=lines)


def _no_data(table: RawTable, filled: list[str]) -> bool:
    """Say whether no other row holds these texts, as it would if they were values too."""
    rest = table.cells.slice(1)
    return not any(
        rest.select(pl.any_horizontal(pl.all() == text).any()).item() for text in filled if rest.height
    )


def _columns_sound(found: Recognised, table: RawTable, entity: Entity, findings: Findings) -> None:
    """Say which columns can't be found, and which had a rival."""
    line = table.header_line or None
    # where not a single header is known, the first row may be data, and data may be personal
    hide = entity.sensitive and not found.columns
    named = [h for h in table.header if h]
    more = f" … (+{len(named) - _HEADERS_SHOWN})" if len(named) > _HEADERS_SHOWN else ""
    headers = "•••" if hide else ", ".join(named[:_HEADERS_SHOWN]) + more
    for name, wanted in found.missing.items():
        near = nearest(wanted, [h for h in table.header if h]) if not hide else None
        findings.problem(
            "source.missing_column", line, wanted, field=name, nearest=near or "-", found=headers
        )
    needed = list(entity.key) or ["code"]
    surrogates = [] if entity.key else [f for f in entity.code_from if f in found.columns]
    for name in needed:
        rule = entity.field_named(name)
        if name in found.columns or name in found.missing or surrogates or rule is None:
            continue
        aliases = ", ".join(dict.fromkeys((*rule.aliases[:6], rule.title.sv)))
        findings.problem("source.no_column", line, name, expected=aliases, found=headers)
    for name, places in sorted(found.rivals.items()):
        others = ", ".join(table.header[n] for n in places)
        if others:
            findings.note(
                "source.rival_columns", line, table.header[found.columns[name]], field=name, found=others
            )
    if surrogates and "code" not in found.columns:
        header = table.header[found.columns[surrogates[0]]]
        findings.note("source.code_from", line, header, field=surrogates[0])


def _frame(table: RawTable, found: Recognised, entity: Entity, source: Source) -> pl.DataFrame:
    fields = [
        pl.col(str(found.columns[f.name])).alias(f.name)
        if f.name in found.columns
        else pl.lit(None, dtype=pl.String).alias(f.name)
        for f in entity.field
    ]
    places = [
        pl.lit(shown_path(source)).alias("file"),
        pl.lit(table.sheet, dtype=pl.String).alias("sheet"),
    ]
    lines = pl.Series("line", table.lines, dtype=pl.Int64)
    return table.cells.select(pl.lit(source.region).alias("region"), *fields, *places).with_columns(lines)


def _doubled(sources: Sequence[Source]) -> list[Problem]:
    """Refuse a source that is named twice: its rows would count double."""
    seen: set[tuple[str, ...]] = set()
    problems = []
    for source in sources:
        key = (source.path, source.sheet or "", source.query or "", source.entity, source.region)
        if key in seen:
            problems.append(Problem("source.twice", shown_path(source), values={"found": source.entity}))
        seen.add(key)
    return problems


def _unknown_entity(source: Source, rules: Rules) -> Problem:
    near = nearest(source.entity, rules.entities) or "-"
    known = ", ".join(rules.entities)
    values = {"found": source.entity, "nearest": near, "expected": known}
    return Problem("source.unknown_entity", _PROJECT, values=values)
