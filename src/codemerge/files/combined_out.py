"""OUT: what a merge delivers: combined catalogs, crosswalk, alias and change lists, published whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from codemerge.answers.change_lists import aliases, change_list
from codemerge.answers.crosswalk_version import crosswalk_version
from codemerge.answers.run_tables import RunTables
from codemerge.files.atomic import publish_folder, staged_folder
from codemerge.files.change_books import write_change_books
from codemerge.files.run_folder import private_tables, sha256_of, write_parquet
from codemerge.rules.export import export_settings, slugs

FORMAT = 1


def out_tables(run: RunTables) -> dict[str, pl.DataFrame]:
    """Return every table a merge delivers, by file name without suffix.

    ``combined_<entity>`` (secret fields are never in it), ``crosswalk``, ``aliases_<entity>``,
    ``changes_<region>``. Lists are JSON arrays, so that CSV and Parquet hold the same text.
    """
    settings, names = export_settings(run.project), slugs(run.project)
    out = {"crosswalk": run.crosswalk}
    for entity in run.rules.entities.values():
        if entity.id in run.combined:
            out[f"combined_{entity.id}"] = run.combined[entity.id]
            out[f"aliases_{entity.id}"] = aliases(run, entity)
    for region in run.project.regions:
        out[f"changes_{names[region]}"] = change_list(run, region, settings.effective)
    return {name: _flat(frame) for name, frame in sorted(out.items())}


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(
        pl.Series(
            name,
            [None if v is None else json.dumps(v, ensure_ascii=False) for v in frame[name].to_list()],
            pl.String,
        )
        for name in lists
    )


def write_out(run: RunTables, folder: Path) -> None:
    """Write OUT beside its place and publish it whole; an older one is replaced.

    Args:
        run: the run to deliver.
        folder: OUT.

    Raises:
        BadInputError: the place holds something else, or can't be written.
    """
    private = private_tables(run)
    with staged_folder(folder) as staged:
        for name, frame in out_tables(run).items():
            hidden = name in private or name.replace("aliases_", "records_") in private
            (staged / f"{name}.csv").touch(0o600 if hidden else 0o666)
            # written as text we made, so that every field is quoted and no byte of a code changes
            (staged / f"{name}.csv").write_bytes(frame.write_csv(quote_style="always").encode("utf-8"))
            write_parquet(frame, staged / f"{name}.parquet", private=hidden)
        write_change_books(run, staged)
        (staged / "manifest.json").write_text(_json(_manifest(run, staged)), encoding="utf-8")
        publish_folder(staged, folder)


def _manifest(run: RunTables, folder: Path) -> dict[str, Any]:
    """Return names, sizes and hashes, and what the delivery was made from; no clock, no place."""
    made_from = {key: run.summary.get(key) for key in ("codemerge", "rules", "decisions")}
    return {
        "format": FORMAT,
        "name": run.project.name,
        "crosswalk_version": crosswalk_version(run.crosswalk),
        "inputs": [
            {k: i[k] for k in ("path", "sha256", "entity", "region") if k in i}
            for i in run.summary.get("inputs", [])
        ],
        **made_from,
        "files": [
            {"name": p.name, "size": p.stat().st_size, "sha256": sha256_of(p)}
            for p in sorted(folder.iterdir())
        ],
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
