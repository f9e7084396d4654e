"""The catalogue of conflict kinds, ``docs/checks.md``: written from the declarations, never by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from codemerge.library.checks import CHECKS
from codemerge.rules.check import Check
from codemerge.rules.loader import Rules
from codemerge.rules.page import Words

_GROUPS = {
    "CAT": Words(sv="Regionens egna listor", en="A region's own lists"),
    "MAP": Words(sv="Beslut som återstår", en="Decisions that remain"),
    "EXM": Words(sv="Undersökningar", en="Examinations"),
    "ROM": Words(sv="Rum och utrustning", en="Rooms and devices"),
    "USR": Words(sv="Användare och behörighet", en="Users and rights"),
    "ORG": Words(sv="Enheter och sektioner", en="Units and sections"),
    "COD": Words(sv="Prioriteter och roller", en="Priorities and roles"),
    "INT": Words(sv="Andra system", en="Other systems"),
    "GOV": Words(sv="Personuppgifter och vårdgivare", en="Personal data and providers"),
    "TGT": Words(sv="Den gemensamma installationens gränser", en="Limits of the combined installation"),
}
_SEVERITY = {
    "blocking": Words(sv="stoppar", en="blocks"),
    "warning": Words(sv="varning", en="warning"),
    "info": Words(sv="upplysning", en="information"),
}
_HEAD = """# Konflikter / Conflicts

Den här sidan är skriven av `make docs` ur `rules/checks/`; ändra där, inte här.
This page is written by `make docs` from `rules/checks/`; change it there, not here.

- **stoppar / blocks**: den gemensamma installationen är osäker eller går inte att läsa in förrän det är löst.
  The combined installation is unsafe, or can't be loaded, until it is resolved.
- **varning / warning**: någon behöver bestämma; inläsningen går. Somebody must decide; loading works.
- **upplysning / information**: för kännedom. For the record.

Ett *undantag* (waiver) godtas med namn, skäl och slutdatum där det är tillåtet. Projektet kan ändra allvaret
under `[severity]`, utom för fel sida, fel metod, identitet och personuppgifter (*fast / fixed*).
Where allowed, a *waiver* is accepted with name, reason and end date. The project may change the severity
under `[severity]`, but for wrong side, wrong modality, identity and personal data (*fixed*).
"""


def checks_page(rules: Rules, out_of_reach: str) -> str:
    """Return the page of every kind, in both languages.

    Args:
        rules: the declarations.
        out_of_reach: the text of ``rules/checks/out_of_reach.toml``: kinds that can't be found yet.
    """
    checks = sorted(rules.checks, key=lambda c: c.id)
    parts = [_HEAD, f"{len(checks)} slag / kinds, {len(CHECKS)} sätt att söka / verbs.\n"]
    for group, title in _GROUPS.items():
        own = [c for c in checks if c.id.startswith(group)]
        if own:
            parts += [f"## {title.sv} / {title.en}\n", *_kinds(own, rules)]
    others = [c for c in checks if c.id[:3] not in _GROUPS]
    if others:
        parts += ["## Övriga / Others\n", *_kinds(others, rules)]
    return "\n".join([*parts, *_absent(out_of_reach), *_verbs()])


def _kinds(checks: Iterable[Check], rules: Rules) -> list[str]:
    return [_kind(check, rules) for check in checks]


def _kind(check: Check, rules: Rules) -> str:
    page = rules.entities.get(check.entity)
    owner = check.owner or (page.owner if page else "")
    where = (page.plural.sv, page.plural.en) if page else ("alla listor", "all lists")
    facts = [(_severity(check, "sv"), _severity(check, "en")), where]
    facts.append((f"ägare: {owner}", f"owner: {owner}") if owner else ("ägare: listans", "owner: the list's"))
    may, never = ("undantag möjligt", "may be waived"), ("inget undantag", "no waiver")
    facts.append(may if check.waivable else never)
    if check.fixed:
        facts.append(("fast", "fixed"))
    if check.settled_by_resolution:
        facts.append(("lösningen genomförs av sammanslagningen", "the merge carries the resolution out"))
    if check.settled_in_words:
        facts.append(("egna ord räcker", "own words are enough"))
    lines = [f"### {check.id} {check.title.sv} / {check.title.en}\n", f"`{check.name}`\n"]
    for n, language in enumerate(("sv", "en")):
        said = " · ".join(pair[n] for pair in facts)
        lines.append(f"{said}. {check.explanation.say(language)}  ")
        lines.append(f"→ {_plain(check.resolution.say(language))}\n")
    lines.append(f"`{check.verb or 'SQL'}`\n")
    return "\n".join(lines)


def _severity(check: Check, language: str) -> str:
    full = _SEVERITY[check.severity.value].say(language)
    if check.lesser is None:
        return f"**{full}**"
    return f"**{full}** ({_SEVERITY[check.lesser.value].say(language)})"


def _plain(text: str) -> str:
    """Show a placeholder as an ellipsis: in the page there is nothing to fill it with."""
    return text.replace("{proposal}", "…").replace("{cause}", "…").replace("{values}", "…")


def _absent(text: str) -> list[str]:
    rows = tomllib.loads(text).get("out_of_reach", [])
    lines = [
        "## Utom räckhåll / Out of reach\n",
        "| | Slag / Kind | Skulle kräva / Would need |",
        "|---|---|---|",
    ]
    for row in rows:
        title, needs = Words(**row["title"]), Words(**row["needs"])
        lines.append(f"| {row['id']} | {title.sv} / {title.en} | {needs.sv} / {needs.en} |")
    return [*lines, ""]


def _verbs() -> list[str]:
    """List the verbs for those who add a kind, with what each may be given."""
    lines = [
        "## Verbs, for those who add a kind\n",
        "A kind is one paragraph of TOML in `rules/checks/` that names a verb and what it is given,",
        "or SQL over the run's tables (`records`, `records_<entity>`, `combined_<entity>`, `mappings`,",
        "`crosswalk`, `decisions`) that yields `record_ids` (a list), `cause` and, if it can,",
        "`field` and `values`.\n",
        '`given.not_entities`: with `entity = "*"`, those left out.\n',
    ]
    for name in sorted(CHECKS):
        text = " ".join((CHECKS[name].__doc__ or "").split()).replace("``", "`")
        lines.append(f"- **`{name}`**: {text}")
    return [*lines, ""]
