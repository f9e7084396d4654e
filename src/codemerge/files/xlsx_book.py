"""A workbook that is packed quickly: its sheets are long, and most of their bytes are tags.

Level 3 of zlib takes a third of the time that the library's own level takes, for files a twentieth
larger.
"""

from __future__ import annotations

from contextlib import suppress
from types import FunctionType
from typing import Any
from zipfile import ZipFile

from xlsxwriter import workbook

_LEVEL = 3


class _Packed(ZipFile):
    """An archive of members packed at one level, whoever writes them."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Write a member."""
        super().writestr(zinfo_or_arcname, data, compresslevel=_LEVEL)

    def __del__(self) -> None:
        """Let go of the file; what the disk refused has been told to whoever wrote it."""
        with suppress(OSError):
            super().__del__()


class Book(workbook.Workbook):  # type: ignore[misc]  # the library ships no types
    """A workbook whose archive is packed at a level of ours, which the library gives no way to name."""

    # Its own way to store a workbook, but for the archive: no other workbook is touched.
    _store_workbook = FunctionType(
        workbook.Workbook._store_workbook.__code__, {**vars(workbook), ZipFile.__name__: _Packed}
    )
