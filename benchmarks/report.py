"""Words docs/benchmarks.md: tables of what was measured, and what was aimed at."""

from __future__ import annotations

import math
from typing import Any

HEAD = """# Benchmarks

Written by `benchmarks/run.py` from `benchmarks/results/*.json`; don't edit. All data is synthetic.

Whole processes, start to exit, taking turns; medians, least–most in brackets. The machine is shared, and other
work ran beside some of these: seconds may be longer than a quiet machine needs. **CPU seconds** (all threads,
children included) are what to compare; they too grow, by some 20–40 % under load. A run does two things at a
time where it can: what a user waits is told by the seconds. Suites were run on different days, on machines that differ threefold in speed: compare within a table only.
"""
WORDS = {
    "two_regions": (
        "Two regions, everything written",
        "Read, normalise, match, merge, check, tables, report and workbooks. *Floor*: the same files read by polars,"
        " every pair of examination names by SIMD `ratio`, one hash join per entity, and xlsxwriter writing as many"
        " filled cells. *User's script*: pandas, `rapidfuzz.process.extractOne` row by row for examinations and"
        " rooms, joins on name for the rest, openpyxl; *every list*: accounts, units and the short"
        " lists looked up row by row as well, as one who only knows rapidfuzz's first example would. Aim: at most 2 × the floor, at least 20 × the script, 700 MB.",
    ),
    "persons": (
        "Persons",
        "From the same Parquet files to clusters. Splink: training, prediction, clustering, with tight training"
        " blocks. Ours: `codemerge.linkage` by `benchmarks/pages/persons.toml`, blocked as tightly; merging, checks and"
        " waterfalls left out on both sides. recordlinkage: the same blocks, its ECM classifier; goldenmatch: blocked by"
        " birth date, small registers only (a million take it four minutes). That page is a linkage page of its own, its margin tried on this same generator; the"
        " shipped page never accepts on names alone, so half of these pairs would go to a person. Aim: three"
        " times faster than Splink, its memory, its F1.",
    ),
    "names": (
        "Names, the ten most alike",
        "Sorted-token `ratio`; recall is the share of names with an exact best of 85 or more whose best was found,"
        " on 3 000 names looked up exactly. Both ways are verbs of the engine (`library/sparse.py`): the most alike"
        " by rare pieces, and every pair by SIMD, which misses nothing. Aim: three times faster than the peers at"
        " recall 0.98.",
    ),
    "country": (
        "The country",
        "All regions of full size in one n-way run, tables only. Each pair of regions has every pair of its"
        " examinations weighed, so that no candidate is missed, and keeps five candidates a record: that work,"
        " and the mappings, grow with regions × (regions − 1) / 2. Users, units, links and short lists find their"
        " candidates by key and are weighed and resolved all regions at once. Stages are timed one after the"
        " other (`profile_run.py`), for a dry-run does two at a time; that of 21 regions was measured as well. Aim: 21 regions finish within 6 GB; what joins"
        " by key grows with records to the power 1.15 at most. Users' mappings grow with pairs of"
        " regions too: of homonyms each region has its own. All were taken beside other work; 16"
        " regions were held for ten minutes to let something else be measured: its seconds say nothing.",
    ),
    "archive": (
        "Archive of performed examinations",
        "`codemerge recode` beside the bare join-and-write. Aim: 0.7 × its speed, 2 GB.",
    ),
    "accuracy": (
        "Accuracy",
        "The bundled example against its truth; other sets: `benchmarks/accuracy_*.py`.",
    ),
}

PLANNED = {
    "two_regions": ("realistic", "full"),
    "persons": ("2 × 10,000", "2 × 100,000", "2 × 500,000", "2 × 1,000,000"),
    "names": ("20,000 × 20,000", "100,000 × 100,000"),
    "country": ("2", "4", "8", "16", "21"),
}


def page(results: dict[str, Any]) -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    if results:
        some = next(iter(results.values()))
        told = ", ".join(f"{name} {version}" for name, version in some["versions"].items())
        parts.append(f"Machine: {some['machine']}. Versions: {told}.\n")
    for name, (title, words) in WORDS.items():
        if name in results:
            parts.append(f"## {title}\n\n{words}\n\n`python benchmarks/run.py --only {name}`\n")
            parts.append(_tables(results[name]["found"]))
            missing = [size for size in PLANNED.get(name, ()) if size not in results[name]["found"]]
            if missing:
                parts.append(f"**Not measured yet**: {'; '.join(missing)}.\n")
    return "\n".join(parts)


def _tables(found: dict[str, Any]) -> str:
    if "table" in found:
        told = found["table"].strip()
        return told + "\n" if told.startswith("|") else f"```text\n{told}\n```\n"
    lines = [
        "| size | way | CPU seconds | seconds | peak MiB | CPU against ours | seconds against ours | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    found = dict(sorted(found.items(), key=lambda one: _number(one[0])))
    for size, measured in found.items():
        ours = next(iter(measured["ways"].values()))
        label = f"{size} regions, {measured['records']:,} records" if "records" in measured else size
        for way, one in measured["ways"].items():
            extra = ", ".join(f"{k} {one[k]}" for k in ("precision", "recall", "f1") if k in one)
            lines.append(
                f"| {label} | {way} | {_spread(one, 'cpu')} | {_spread(one, 'wall')} | {one['peak']:.0f} |"
                f" {one['cpu'] / ours['cpu']:.2f} | {one['wall'] / ours['wall']:.2f} | {extra} |"
            )
    staged = [measured for measured in found.values() if "stages" in measured]
    return "\n".join([*lines, *_growth(staged), *_register_growth(found)]) + "\n"


def _number(size: str) -> float:
    """Return the number a size is sorted by; sizes without one keep their order."""
    digits = size.replace(",", "").split(" ")[-1]
    return float(digits) if digits.isdigit() else 0.0


def _register_growth(found: dict[str, Any]) -> list[str]:
    """Say with what power of the records our seconds grow where registers of many sizes were linked."""
    points = [
        (2 * _number(s), m["ways"]["codemerge"]["cpu"]) for s, m in found.items() if "codemerge" in m["ways"]
    ]
    if len(points) < 3:
        return []
    whole, last = _exponent(points), _exponent(points[-2:])
    return [
        "",
        f"codemerge's CPU seconds grow with records to the power {whole:.2f} over all sizes, {last:.2f} between the two largest.",
    ]


PARTS = {
    "start and rules": ("start", "rules"),
    "read and normalise": ("read", "normalise"),
    "match by key (users, units, links, short lists)": ("match",),
    "match by every pair (examinations)": ("match exam",),
    "merge": ("merge",),
    "check": ("check",),
    "write tables": ("write",),
}


def _growth(staged: list[dict[str, Any]]) -> list[str]:
    """Return CPU seconds per part of the work and size, and the power of the records each grows with."""
    if len(staged) < 2:
        return []
    out = [
        "", "CPU seconds of each part, and the power of the number of records it grows with (least squares on logarithms):", "",
        "| part | " + " | ".join(f"{one['records']:,}" for one in staged) + " | power |",
        "|---|" + "---|" * (len(staged) + 1),
    ]  # fmt: skip
    for part, begins in PARTS.items():
        seconds = [sum(s for name, s in one["stages"].items() if _part_of(name) == begins) for one in staged]
        points = [(one["records"], s) for one, s in zip(staged, seconds, strict=True) if s > 0.05]
        power = f"{_exponent(points):.2f}" if len(points) > 1 else ""
        out.append(f"| {part} | " + " | ".join(f"{s:.1f}" for s in seconds) + f" | {power} |")
    pairs = [(one["records"], one["mappings"]) for one in staged]
    told = " | ".join(f"{one['mappings']:,}" for one in staged)
    out.append(f"| *mappings kept* | {told} | {_exponent(pairs):.2f} |")
    whole = all(one["accounted"] == one["records"] for one in staged)
    out += [
        "",
        "Every record stands in the crosswalk." if whole else "**Records are missing in the crosswalk.**",
    ]
    return out


def _part_of(stage: str) -> tuple[str, ...]:
    """Return the part of the work a stage belongs to: the longest beginning that fits."""
    fits = [(b, begins) for begins in PARTS.values() for b in begins if stage.startswith(b)]
    return max(fits, key=lambda fit: len(fit[0]))[1] if fits else ()


def _spread(one: dict[str, Any], measure: str) -> str:
    if one["runs"] == 1:
        return f"{one[measure]:.1f}"
    return f"{one[measure]:.1f} ({one[f'{measure}_least']:.1f}–{one[f'{measure}_most']:.1f})"


def _exponent(points: list[tuple[float, float]]) -> float:
    logs = [(math.log(a), math.log(b)) for a, b in points]
    mean_x, mean_y = (sum(p[n] for p in logs) / len(logs) for n in (0, 1))
    over = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    return over / sum((x - mean_x) ** 2 for x, _ in logs)
