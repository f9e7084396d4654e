"""The few calls through which anything durable is done to a disk; tests make the N-th one fail."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), RENAME_SWAP of renamex_np(2)
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.EXDEV}


class FileSystem:
    """The disk as it is. Every method is one step that can fail."""

    retries = 10 if os.name == "nt" else 0  # Windows refuses while a virus scanner or Excel looks

    def create(self, path: Path, mode: int) -> None:
        """Create an empty file that didn't exist."""
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))

    def sync(self, path: Path) -> None:
        """Wait until a file's content is on the disk."""
        handle = os.open(path, os.O_RDWR)  # a handle for reading isn't enough on Windows
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def sync_folder(self, path: Path) -> None:
        """Wait until a folder's names are on the disk, where the system can."""
        if os.name == "nt":
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def replace(self, source: Path, target: Path) -> None:
        """Give a file another name, replacing what has it."""
        source.replace(target)

    def rename(self, source: Path, target: Path) -> None:
        """Give a folder another name that nothing has."""
        source.rename(target)

    def exchange(self, one: Path, other: Path) -> bool:
        """Let two names change places at once; False where the system can't."""
        call = _exchange_call()
        if call is None:
            return False
        if call(os.fsencode(one), os.fsencode(other)) == 0:
            return True
        number = ctypes.get_errno()
        if number in _NOT_SUPPORTED:
            return False
        raise OSError(number, os.strerror(number), str(other))

    def remove(self, path: Path) -> None:
        """Delete a file if it is there."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Delete a folder and all in it."""
        shutil.rmtree(path)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file with its times."""
        shutil.copy2(source, target)

    def wait(self, seconds: float) -> None:
        """Let others finish with a file."""
        time.sleep(seconds)


FILES = FileSystem()


def _exchange_call() -> Callable[[bytes, bytes], int] | None:
    """Return a function of two paths that swaps them, or None."""
    library: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return lambda one, other: library.renamex_np(one, other, ctypes.c_uint(_EXCHANGE))
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return lambda one, other: library.renameat2(
            _AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_EXCHANGE)
        )
    return None
