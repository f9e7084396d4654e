"""Starts a PostgreSQL server of its own for a test, where the system has one."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL installed, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0])
    )
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server on a socket in a temporary folder and give its address; stop it afterwards.

    PostgreSQL refuses to run as root: then it runs as ``postgres`` or ``nobody``.
    """
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    root = Path(tempfile.mkdtemp(prefix="pg-"))
    prefix, user = [], pwd.getpwuid(os.getuid()).pw_name
    if os.getuid() == 0:
        user = next((u for u in ("postgres", "nobody") if u in {e.pw_name for e in pwd.getpwall()}), "")
        if not user or shutil.which("setpriv") is None:
            pytest.skip("PostgreSQL doesn't run as root, and there is no other user to run it as")
        account = pwd.getpwnam(user)
        shutil.chown(root, account.pw_uid, account.pw_gid)
        prefix = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    environment = {**os.environ, "HOME": str(root), "LC_ALL": "C.UTF-8"}

    def run(*command: str) -> None:
        subprocess.run([*prefix, *command], check=True, capture_output=True, env=environment, cwd=root)

    data = root / "data"
    run(str(folder / "initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={root} -c fsync=off"
    run(str(folder / "pg_ctl"), "-D", str(data), "-o", options, "-w", "-l", str(root / "log"), "start")
    try:
        yield f"postgresql://tester@/postgres?host={root}"
    finally:
        run(str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(root, ignore_errors=True)
