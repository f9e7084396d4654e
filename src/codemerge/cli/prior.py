"""review prior: mappings that somebody else already stated, taken over by a named reviewer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from codemerge.cli.project_options import (
    json_option,
    lang_option,
    open_run,
    project_file,
    run_folder,
    run_option,
    speaking,
    today,
)


@click.command(epilog="Example:\n\n  codemerge review prior demo/prior.sssom.tsv -p demo --reviewer 'Eva Ek'")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reviewer", required=True, help="Who takes them over.")
@click.option(
    "--project",
    "-p",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Project folder or file; default here.",
)
@run_option
@json_option
@lang_option
def prior(
    file: Path, reviewer: str, project: Path, run: Path | None, as_json: bool, lang: str | None
) -> None:
    """Take over mappings from a FHIR ConceptMap or an SSSOM file as decisions.

    Pairs that somebody has already judged are left as they are. Tells of every row; exit code 1 if
    any couldn't be taken.
    """
    from codemerge.answers.prior_decisions import TAKEN, prior_decisions
    from codemerge.files.decisions import write_decisions
    from codemerge.files.lock import LOCK_WAIT, project_lock
    from codemerge.files.prior_mappings import read_prior_mappings
    from codemerge.rules.words import describe, printable, say

    opened = open_run(run_folder(project_file(project), run))
    language = lang or opened.project.language
    with speaking(language), project_lock(opened.project.root, wait=LOCK_WAIT):
        stated, notes = read_prior_mappings(file, opened.project, list(opened.records))
        found = prior_decisions(stated, opened, " ".join(reviewer.split()), today(), file.name)
        written = write_decisions(opened.project.root / opened.project.policy.decisions, found.said)
    for note in notes:
        click.echo(describe(note, language), err=True)
    left = found.outcomes.filter(found.outcomes["outcome"] != TAKEN)
    if as_json:
        facts = {"written": written.name if written else None, "rows": found.outcomes.to_dicts()}
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        for row in left.iter_rows(named=True):
            click.echo(printable(say(f"deliver.prior.{row['outcome']}", language, **row)))
        click.echo(
            say("deliver.prior.done", language, taken=found.said.height, left=left.height, project=project)
        )
    sys.exit(1 if left.height or notes else 0)
