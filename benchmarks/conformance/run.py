"""Validates what codemerge exports with what others wrote, and records what they said.

FHIR R4: the npm package ``fhir``. FHIR R5: HL7's own definitions (npm ``hl7.fhir.r5.core``) with their
invariants evaluated by fhirpathpy. SSSOM: the ``sssom`` command, in an environment of its own. Every
validator must also refuse files broken on purpose. Run it by ``make conformance``.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from codemerge import __version__, open_run
from codemerge.files.exchange import How

HERE = Path(__file__).resolve().parent
HEAD = "| validator | file, or what was broken | expected | said | last line |"
Break = Callable[[dict[str, Any]], object]


ENVIRONMENTS = {"fhirpathpy": "fhirpathpy==2.2.4", "sssom": "sssom==0.4.21"}  # they don't fit into one


def tools(build: Path) -> tuple[Path, dict[str, Path]]:
    """Install the validators; return the folder of the R5 package and each environment's programs."""
    for name in ("package.json", "validate_r4.js"):
        (build / name).write_bytes((HERE / name).read_bytes())
    if not (build / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit"], cwd=build, check=True)
    programs = {}
    for name, wanted in ENVIRONMENTS.items():
        home = build / name
        programs[name] = home / ("Scripts" if sys.platform == "win32" else "bin")
        if not home.exists():
            venv.create(home, with_pip=True)
            subprocess.run([programs[name] / "python", "-m", "pip", "install", "--quiet", wanted], check=True)
    return build / "node_modules" / "hl7.fhir.r5.core", programs


def exports(run: Path, out: Path) -> list[Path]:
    """Write every validated format of a run."""
    opened = open_run(run)
    for version in ("R4", "R5"):
        for form in ("conceptmap", "codesystem"):
            opened.export(form, out / f"{form}-{version}.json", How(fhir=version, tool_version=__version__))
    opened.export("crosswalk", out / "crosswalk.csv", How(tool_version=__version__))
    opened.export("sssom", out / "mappings.sssom.tsv", How(tool_version=__version__))
    return sorted(out.iterdir())


def elements(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in bundle["entry"]:
        for group in entry["resource"].get("group", []):
            yield from group["element"]


def targets(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [target for element in elements(bundle) for target in element.get("target", [])]


def maps(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"]]


# What a validator must refuse: a name and how to break a file.
BROKEN_R4: dict[str, Break] = {
    "status that isn't one": lambda b: maps(b)[0].update(status="bogus"),
    "no status": lambda b: maps(b)[0].pop("status"),
    "R5's relation as equivalence": lambda b: targets(b)[0].update(
        equivalence="source-is-narrower-than-target"
    ),
    "R5's element in R4": lambda b: targets(b)[0].update(relationship="equivalent"),
}
BROKEN_R5: dict[str, Break] = {
    "status that isn't one": lambda b: maps(b)[0].update(status="bogus"),
    "no status": lambda b: maps(b)[0].pop("status"),
    "R4's equivalence as relation": lambda b: targets(b)[0].update(relationship="wider"),
    "R4's element in R5": lambda b: targets(b)[0].update(equivalence="equivalent"),
    "noMap beside targets (cmd-4)": lambda b: [e.update(noMap=True) for e in elements(b)],
    "broader without a comment (cmd-1)": lambda b: [
        *(m.update(status="active") for m in maps(b)),
        targets(b)[0].update(relationship="source-is-broader-than-target"),
        targets(b)[0].pop("comment", None),
    ],
    "a code with a blank first": lambda b: next(elements(b)).update(code=" x"),
}
BROKEN_SSSOM = {
    "confidence above one": ("\t0.", "\t7."),
    "a prefix nobody declared": ("skos:exactMatch", "nowhere:exactMatch"),
}


def said(command: list[str | Path]) -> tuple[bool, str]:
    """Run a validator; return whether it accepted, and its last line."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return done.returncode == 0, lines[-1][:160] if lines else ""


def judge(
    files: list[Path], package: Path, programs: dict[str, Path], build: Path
) -> Iterator[tuple[str, str, bool, bool, str]]:
    """Yield validator, file, wanted, got, last line: what must be accepted, then what must be refused."""
    four: list[str | Path] = ["node", build / "validate_r4.js"]
    five: list[str | Path] = [programs["fhirpathpy"] / "python", HERE / "validate_r5.py", package]
    tsv: list[str | Path] = [programs["sssom"] / "sssom", "validate"]
    broken = build / "broken"
    broken.mkdir(exist_ok=True)
    crosswalk = next(f for f in files if f.suffix == ".csv")
    for file in files:
        if file == crosswalk:
            continue
        name, command = (
            ("SSSOM", tsv) if file.suffix == ".tsv" else ("R4", four) if "R4" in file.stem else ("R5", five)
        )
        yield name, file.name, True, *said([*command, file])
        if file.stem.startswith("conceptmap"):
            yield "a stranger", file.name, True, *said([sys.executable, HERE / "reader.py", file, crosswalk])
    for name, command, breaks in (("R4", four, BROKEN_R4), ("R5", five, BROKEN_R5)):
        whole = json.loads(
            next(f for f in files if f.name == f"conceptmap-{name}.json").read_text(encoding="utf-8")
        )
        for what, spoil in breaks.items():
            spoilt = copy.deepcopy(whole)
            spoil(spoilt)
            place = broken / "broken.json"
            place.write_text(json.dumps(spoilt), encoding="utf-8")
            yield name, what, False, *said([*command, place])
    text = next(f for f in files if f.suffix == ".tsv").read_text(encoding="utf-8")
    for what, (old, new) in BROKEN_SSSOM.items():
        place = broken / "broken.sssom.tsv"
        place.write_text(text.replace(old, new), encoding="utf-8")
        yield "SSSOM", what, False, *said([*tsv, place])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, help="a run folder; default the example, run here")
    parser.add_argument(
        "--build", type=Path, default=Path("build/conformance"), help="where validators are installed"
    )
    parser.add_argument("--record", type=Path, help="write what was said to this Markdown file")
    asked = parser.parse_args()
    asked.build.mkdir(parents=True, exist_ok=True)
    package, programs = tools(asked.build.resolve())
    run = asked.run or asked.build / "example" / "run-three"
    if asked.run is None:  # the example, decided as its truth says: every kind of mapping is there
        rehearsal = HERE.parent / "third_region.py"
        shutil.rmtree(asked.build / "example", ignore_errors=True)
        subprocess.run([sys.executable, rehearsal, "--work", asked.build / "example"], check=True)
    out = asked.build / "exports"
    out.mkdir(exist_ok=True)
    lines = [
        "| validator | file, or what was broken in it | expected | said | last line |",
        "|---|---|---|---|---|",
    ]
    wrong = 0
    for name, what, wanted, got, last in judge(exports(run, out), package, programs, asked.build.resolve()):
        wrong += wanted != got
        word = {True: "accepted", False: "refused"}
        text = last.replace("|", "\\|").replace(str(asked.build.resolve()), "").replace(str(asked.build), "")
        lines.append(f"| {name} | {what} | {word[wanted]} | {word[got]} | {text} |")
        print(lines[-1], flush=True)
    print(f"{len(lines) - 2} judged, {wrong} not as expected")
    if asked.record:
        asked.record.write_text(_page(lines, wrong), encoding="utf-8")
    return 1 if wrong else 0


def _page(lines: list[str], wrong: int) -> str:
    head = (
        "# What other people's validators say of our exports\n\nWritten by `make conformance`; not by hand.\n"
        "FHIR R4: npm `fhir` 4.12.0. FHIR R5: HL7's `hl7.fhir.r5.core` 5.0.0, invariants by "
        "fhirpathpy 2.2.4. SSSOM: `sssom` 0.4.21.\n"
        "The run is the example of three synthetic regions, two of them decided as its truth says.\n\n"
    )
    return head + "\n".join(lines) + f"\n\n{len(lines) - 2} judged, {wrong} not as expected.\n"


if __name__ == "__main__":
    sys.exit(main())
