"""The reference pages, written from the code and the rules: ``python -m codemerge.reference``."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import click

from codemerge import tables
from codemerge.answers.catalogue import checks_page
from codemerge.cli import cli
from codemerge.files.report_templates import PAGES, modules
from codemerge.library.cleaners import CLEANERS
from codemerge.library.comparators import TEXT
from codemerge.library.set_comparators import SETS
from codemerge.model import Ending
from codemerge.reference_parts import (
    arguments,
    column_notes,
    column_type,
    contract_name,
    markdown_table,
    model_table,
    verb_table,
)
from codemerge.rules.check import Check, Target, TargetField
from codemerge.rules.export import Export
from codemerge.rules.facets import Facet
from codemerge.rules.goals import Plan, load_plan
from codemerge.rules.loader import PROJECT_FILE, Rules, load_rules
from codemerge.rules.page import Comparison, Entity, Example, FieldRule, Level, Matching
from codemerge.rules.project import Limits, Policy, Project, Region, SignoffRule, Source
from codemerge.rules.risk import Risk
from codemerge.rules.shipped import shipped

_MADE = "Written by `make docs` from {source}; change it there, not here.\n"
_SMALLEST = """```toml
regions = ["RÖ", "RKL"]

[[source]]
region = "RÖ"
entity = "exam"
path   = "ro/exams.csv"

[[source]]
region = "RKL"
entity = "exam"
path   = "rkl/exams.csv"
```
"""
_ENDS = {
    Ending.FOLDED: "those that are the same become one",
    Ending.LINKED: "those that are the same keep their codes and are linked",
    Ending.NEVER: "none is ever joined to another",
}
_TABLES = {
    "mappings": tables.MAPPINGS,
    "crosswalk": tables.CROSSWALK,
    "conflicts": tables.CONFLICTS,
    "decisions": tables.DECISIONS,
    "origins": tables.ORIGINS,
    "identifiers.csv": tables.IDENTIFIERS,
}


def reference(rules: Rules, out_of_reach: str) -> dict[str, str]:
    """Return every written page by its place under ``docs/``.

    Args:
        rules: the shipped rules.
        out_of_reach: the text of ``rules/checks/out_of_reach.toml``.
    """
    return {
        "reference/cli.md": commands_page(),
        "reference/rules.md": rules_page(rules),
        "reference/entities.md": entities_page(rules),
        "reference/tables.md": tables_page(),
        "project-file.md": project_page(),
        "checks.md": checks_page(rules, out_of_reach),
    }


# ---- pages -----------------------------------------------------------------------------------------


def commands_page() -> str:
    """Every command, from what it says of itself."""
    parts = [
        "# Commands\n",
        _MADE.format(source="the commands' own help"),
        "Exit codes: 0 done or ready; 1 blocked, refused, or different; 2 bad input or call, nothing "
        "written; "
        "130 stopped; 70 a bug of ours, with a file that tells of it and holds no data.\n",
        "`PROJECT` is a folder or a `codemerge.toml`, by default the current folder; `RUN` is `run/` "
        "beside the "
        "project file. The examples work after `codemerge demo demo`, in this order.\n",
    ]
    root = click.Context(cli, info_name="codemerge", **cli.context_settings)
    for name, command, context in _walk(cli, root):
        rows = [record for p in command.get_params(context) if (record := p.get_help_record(context))]
        usage = " ".join([name, *command.collect_usage_pieces(context)])
        example = (command.epilog or "").split("\n\n  ", 1)[-1]
        parts += [f"## {name}\n", f"`{usage}`\n", inspect.cleandoc(command.help or "") + "\n"]
        parts += [markdown_table(("option", "does"), [(f"`{option}`", text) for option, text in rows])]
        parts += [f"```sh\n{example}\n```\n"]
    return "\n".join(parts)


def rules_page(rules: Rules) -> str:
    """What a rules page may say, and the verbs it may name."""
    parts = [
        "# The language of the rules\n",
        _MADE.format(source="`src/codemerge/rules/` and `src/codemerge/library/`"),
        "A page is a TOML file; every key not listed here is refused. Your own pages go in a folder "
        "named under "
        "`[policy] rules` of the project file: a page of the same id replaces ours, vocabulary rows are "
        "added. "
        "`codemerge rules schema entity` prints the same for an editor.\n",
        model_table("An entity: `rules/<entity>.toml`", Entity),
        model_table("`[[field]]`", FieldRule),
        model_table("`[matching]`", Matching),
        model_table("`[[comparison]]`", Comparison),
        model_table("A level of a comparison", Level),
        model_table("`[[example]]`", Example),
        model_table("A facet: `rules/facets.toml`", Facet),
        model_table("A check: `rules/checks/*.toml`", Check),
        model_table("A class of risk: `[[risk]]` in `rules/risks/*.toml`", Risk),
        markdown_table(
            ("class", "means", "på svenska"),
            sorted({(f"`{r.id}`", r.title.en, r.title.sv) for r in rules.risks}),
        ),
        model_table("What the combined installation accepts: `target.toml`", Target),
        model_table("`[[accepts]]`", TargetField),
        "## Facets\n",
        markdown_table(
            ("facet", "means", "på svenska", "kind", "a difference forbids"),
            [
                (f.id, f.title.en, f.title.sv, f.kind, "yes" if f.safety else "")
                for f in rules.facets.values()
            ],
        ),
        "## Cleaners\n",
        "They make values comparable and never touch the value that is kept.\n",
        verb_table(CLEANERS),
        "## Comparators of texts\n",
        verb_table(TEXT),
        "## Comparators of facets\n",
        verb_table(SETS),
        "## Check verbs\n",
        "They stand in [checks.md](../checks.md), after the checks that use them.\n",
    ]
    return "\n".join(parts)


def entities_page(rules: Rules) -> str:
    """Every entity's fields and the headers they are recognised by."""
    parts = [
        "# Entities and their columns\n",
        _MADE.format(source="`rules/*.toml`"),
        "A column is recognised by any of its headers, without regard to case, spaces, dots, hyphens, "
        "underscores "
        "and parentheses. Anything else is mapped with `columns` in the project file.\n",
    ]
    for page in rules.entities.values():
        pairing = {"none": "never paired between regions", "key": "paired by what their keys refer to"}
        facts = [
            f"{page.plural.sv}. Owner: {page.owner}.",
            f"Records are {pairing.get(page.matching.candidates, f'paired {page.matching.cardinality}')}; "
            f"{_ENDS[page.matching.ending]}.",
            *(["Personal data: a workbook of its own, hidden everywhere else."] if page.sensitive else []),
            *([f"The code is {' and '.join(page.key)}, joined by a bar."] if page.key else []),
            *(
                [f"Without a code column, `{'` or `'.join(page.code_from)}` is the code."]
                if page.code_from
                else []
            ),
        ]
        rows = [(f"`{f.name}`", f.title.en, _about(f), ", ".join(f.aliases)) for f in page.field]
        parts += [f"## {page.plural.en} (`{page.id}`)\n", " ".join(facts) + "\n"]
        parts += [markdown_table(("field", "is", "about it", "headers"), rows)]
    return "\n".join(parts)


def tables_page() -> str:
    """The columns of every table of a run folder."""
    notes = column_notes(inspect.getsource(tables))
    parts = [
        "# Tables\n",
        _MADE.format(source="`src/codemerge/tables.py`"),
        "`run/tables/*.parquet`, and CSV beside with `--csv`. Sorted, floats rounded to six decimals: "
        "the same "
        "inputs give the same bytes. Personal data is hidden.\n",
    ]
    for name, contract in _TABLES.items():
        rows = [
            (f"`{column}`", column_type(kind), notes.get((contract_name(contract), column), ""))
            for column, kind in contract.columns.items()
        ]
        order = ", ".join(contract.sort) if contract.sort else "as they were added, never sorted"
        parts += [
            f"## {name}\n",
            f"In the order of: {order}.\n",
            markdown_table(("column", "type", "is"), rows),
        ]
    rows = [
        (f"`{column}`", column_type(kind), notes.get((holder, column), ""))
        for holder, columns in (("RECORD_HEAD", tables.RECORD_HEAD), ("RECORD_TAIL", tables.RECORD_TAIL))
        for column, kind in columns.items()
    ]
    parts += [
        "## records\n",
        "One table per entity, `records_<entity>`. After the first four come the entity's "
        "[fields](entities.md), as text, then one list "
        "`facet_<id>` for "
        "each of its facets.\n",
        markdown_table(("column", "type", "is"), rows),
        "## combined\n",
        "One table per entity, `combined_<entity>`: `combined_code`, `cluster_id`, the entity's "
        "[fields](entities.md), `members` and `regions`, "
        "then for each "
        "field `<field>_from`: the region its value came from.\n",
    ]
    return "\n".join(parts)


def project_page() -> str:
    """Every key of a project file."""
    plan = load_plan()
    said = arguments(Plan.__doc__ or "")
    numbers = {k: v for k, v in plan.model_dump().items() if isinstance(v, int | float)}
    efforts = [(f"`{k}`", f"`{v:g}`", said.get(k, "")) for k, v in numbers.items()]
    efforts += [("`pace`", f"`{dict(plan.pace)}`", "rows an hour: `default`, an entity or a profession")]
    return "\n".join(
        [
            f"# The project file, `{PROJECT_FILE}`\n",
            _MADE.format(source="`src/codemerge/rules/project.py`"),
            "`codemerge init` writes one. The smallest that works:\n",
            _SMALLEST,
            "A key that isn't listed here is refused, with the nearest one that is. Texts are always "
            "quoted: a code "
            "stays the code it is. Paths are relative to the project file. `codemerge rules schema "
            "project` prints "
            "the same for an editor.\n",
            model_table("At the top", Project),
            model_table("`[region.ID]`", Region),
            model_table("`[[source]]`", Source),
            model_table("`[policy]`", Policy),
            model_table("`[[policy.signoff_rule]]`", SignoffRule),
            '```toml\n[policy]\nsignoff = 1\n\n[[policy.signoff_rule]]\nrisk  = "high"\n'
            'roles = ["radiologist", "radiographer"]\n\n[[policy.signoff_rule]]\nentity = "user"\n'
            "people = 2\n```\n",
            "The classes of risk are declared in `rules/risks`; a project's own pack may add to them.\n",
            "## `[severity]`\n",
            "One line a check, by its number in [checks.md](checks.md). Those marked *fixed* there can't "
            "be changed.\n",
            '```toml\n[severity]\nEXM-008 = "info"\n```\n',
            model_table("`[limits]`", Limits),
            "## `[effort]`\n",
            "What work is reckoned to cost; each number is an assumption, shown as one in the report. An "
            "entity or a "
            "profession may also stand directly, with its rows an hour.\n",
            markdown_table(("key", "default", "is"), efforts),
            "```toml\n[effort]\npace = { default = 60, radiologist = 40 }\nweek_hours = 4\n```\n",
            model_table("`[export]`", Export),
        ]
    )


def _walk(
    command: click.Command, context: click.Context
) -> Iterable[tuple[str, click.Command, click.Context]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None  # noqa: S101 - it was listed
            yield from _walk(found, click.Context(found, info_name=name, parent=context))
    else:
        yield context.command_path, command, context


def _about(field: FieldRule) -> str:
    facts = [
        field.type if field.type not in {"text", "code"} else "",
        f"names a {field.references}" if field.references else "",
        *(word for word in ("required", "secret") if getattr(field, word)),
        "personal" if field.sensitive and not field.secret else "",
        f"read as {field.facet}" if field.facet else "",
        f"checked as {field.check}" if field.check else "",
        f"combined: {field.survive}" if field.survive != "survivor" else "",
    ]
    return ", ".join(fact for fact in facts if fact)


def main() -> None:
    """Write every page under the checkout's ``docs/``, and the modules that the report is made by."""
    folder = shipped("rules")
    out_of_reach = (folder / "checks" / "out_of_reach.toml").read_text(encoding="utf-8")
    for name, text in reference(load_rules(), out_of_reach).items():
        path = folder.parent / "docs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(path.relative_to(folder.parent))
    for name, text in modules():
        (PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
