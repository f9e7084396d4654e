"""A third region reopens no decision and changes no combined code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REHEARSAL = Path(__file__).resolve().parent.parent / "benchmarks" / "third_region.py"


def test_a_third_region_reopens_nothing_and_renames_nothing():
    """The example's two regions, decided in full, then the third: only what is new is asked."""
    done = subprocess.run([sys.executable, str(REHEARSAL)], capture_output=True, text=True, check=True)
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines()[2:]]
    counted = {what: int(count) for what, count in rows}

    assert counted["decided pairs before"] > 200
    assert counted["decisions reopened"] == 0
    assert counted["combined codes changed"] == 0
    assert counted["answered automatically (records)"] > 50
