"""Killed or failed at any moment, nothing is torn, nothing is lost, and the next run completes.

A short version; `benchmarks/kill_nine.py` does it two hundred times and sweeps every step.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as POSIX does")
def test_failed_or_killed_at_some_steps_the_project_stands():
    """Steps spread over each command: one kill and one error each (in a process of its own)."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "kill_nine.py"), "--times", "0", "--some", "2"],
        capture_output=True, text=True, check=False, env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("wrong: 0") == 3
