"""Supply chain: wheels into a folder, installed from it without index, listed (SBOM), asked for known flaws.

Everything is made below ``build/``. ``pip-audit`` answers 0 also when the service knew none of the
packages; here that is no answer, and the exit code says so: 0 none known, 1 known flaws, 3 not asked.

    python benchmarks/audit.py            # needs an index for the wheels, a vulnerability service for the audit
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "audit"
_TOOLS = ["pip-audit>=2.7", "cyclonedx-bom>=7"]


def call(*command: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command; its words are shown only when it fails."""
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, env=env)


def must(*command: object, env: dict[str, str] | None = None) -> str:
    """Run a command that has to end well."""
    done = call(*command, env=env)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def environment(folder: Path) -> Path:
    """Make a fresh environment without anything; returns its Python."""
    venv.create(folder, with_pip=True, clear=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def alone() -> dict[str, str]:
    """Return an environment in which pip knows no index, no settings and no other folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}


def install_offline(wheels: Path) -> Path:
    """Fill a folder of wheels and install from it alone, every file held to its hash."""
    wheels.mkdir(parents=True)
    must(sys.executable, "-m", "pip", "wheel", "--quiet", ROOT, "-w", wheels)
    lines = []
    for wheel in sorted(wheels.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{digest}")
    locked = wheels / "requirements.txt"
    locked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    python = environment(BUILD / "env")
    must(python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", wheels,
         "--require-hashes", "-r", locked, env=alone())  # fmt: skip
    must(python, "-m", "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools", env=alone())
    must(python, "-m", "codemerge", "--quiet", "demo", BUILD / "demo", env=alone())
    return python


def audited(tools: Path, python: Path) -> tuple[int, list[str], list[str]]:
    """Ask for known flaws; returns how many packages were answered, the flaws, and why others weren't."""
    site = must(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    done = call(tools, "-m", "pip_audit", "--path", site, "--format", "json", "--progress-spinner", "off")
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return 0, [], [done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer"]
    flaws = [f"{p['name']} {p['version']}: {v['id']}" for p in packages for v in p.get("vulns", ())]
    skipped = [p.get("skip_reason", "") for p in packages if "vulns" not in p]
    return len(packages) - len(skipped), flaws, skipped


def main() -> None:
    """Run all four steps."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    shutil.rmtree(BUILD, ignore_errors=True)
    wheels = BUILD / "wheels"
    python = install_offline(wheels)
    size = sum(p.stat().st_size for p in wheels.glob("*.whl")) / 1e6
    print(
        f"wheels: {len(list(wheels.glob('*.whl')))} files, {size:.0f} MB; installed by hash without index; demo ran"
    )
    tools = environment(BUILD / "tools")
    must(tools, "-m", "pip", "install", "--quiet", *_TOOLS)
    bom = BUILD / "sbom.json"
    must(tools, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--pyproject",
         ROOT / "pyproject.toml", "-o", bom, python)  # fmt: skip
    told = json.loads(bom.read_text(encoding="utf-8"))
    print(
        f"SBOM: {bom.relative_to(ROOT)}, CycloneDX {told['specVersion']}, {len(told['components'])} components"
    )
    answered, flaws, skipped = audited(tools, python)
    print(f"audit: {answered} packages answered, {len(flaws)} known flaws, {len(skipped)} not answered")
    for line in flaws or sorted(set(skipped))[:3]:
        print(f"  {line}")
    sys.exit(1 if flaws else 0 if answered else 3)


if __name__ == "__main__":
    main()
