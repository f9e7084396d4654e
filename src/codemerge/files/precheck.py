"""What a file really is, by its first bytes, and whether a workbook is safe to open.

A workbook of 5 KB can make a reader claim all memory and be killed. So every part is streamed
first, its real bytes counted, and no document type declaration is accepted.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from codemerge.files.raw_table import Findings

_TOTAL = 1 << 30
_ENTRY = 512 << 20
_RATIO, _RATIO_FROM = 200, 20 << 20
_CHUNK = 1 << 20
_PART = re.compile(r"^[^\\:\x00-\x1f]+$")


def true_kind(data: bytes) -> str:
    """Name what a file is by its content.

    Returns:
        ``xlsx``, ``zip``, ``ods``, ``xlsb``, ``old_office`` (old XLS, or a protected workbook),
        ``html``, ``xml_2003``, ``xml``, ``pdf``, ``picture``, ``gzip``, ``parquet``, ``sqlite``,
        ``duckdb`` or ``text``.
    """
    for mark, kind in (
        (b"PAR1", "parquet"),
        (b"SQLite format 3\0", "sqlite"),
        (b"\xd0\xcf\x11\xe0", "old_office"),
        (b"%PDF", "pdf"),
        (b"\x89PNG", "picture"),
        (b"\xff\xd8\xff", "picture"),
        (b"GIF8", "picture"),
        (b"\x1f\x8b", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
    ):
        if data.startswith(mark):
            return _kind_of_zip(data) if kind == "zip" else kind
    if data[8:12] == b"DUCK":
        return "duckdb"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style")):
        return "html"
    if head.startswith(b"<?xml"):
        return "xml_2003" if b"urn:schemas-microsoft-com:office" in head else _kind_of_xml(head)
    return "text"


def _kind_of_xml(head: bytes) -> str:
    return "html" if b"<html" in head else "xml"


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "xlsx"  # damaged: the pre-check says so
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "ods" if "mimetype" in names and "content.xml" in names else "zip"


@dataclass(frozen=True, slots=True)
class Container:
    """A workbook whose container was found sound.

    Args:
        archive: opened over the bytes that were checked.
        external: number of links to other files.
    """

    archive: zipfile.ZipFile
    external: int


def check_container(data: bytes, findings: Findings) -> Container | None:
    """Check a workbook's ZIP container: names, sizes as they really are, damage, macros, DOCTYPE.

    Args:
        data: the whole file.
        findings: gets every ``xlsx.*`` problem.

    Returns:
        The opened container; None when it must not be opened.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        findings.problem("xlsx.damaged", found="ZIP")
        return None
    if not _names_sound(infos, findings) or not _sizes_sound(infos, findings):
        return None
    for info in infos:
        if not _part_sound(archive, info, findings):
            return None
    external = sum("externalLinks/" in i.filename and i.filename.endswith(".xml") for i in infos)
    if external:
        findings.note("xlsx.external_links", count=external)
    return Container(archive, external)


def _names_sound(infos: list[zipfile.ZipInfo], findings: Findings) -> bool:
    names = [info.filename for info in infos]
    folded = [name.lower() for name in names]
    twice = sorted({n for n in names if folded.count(n.lower()) > 1}) if len(set(folded)) < len(names) else []
    odd = [n for n in names if not _PART.match(n) or n.startswith("/") or ".." in n.split("/")]
    if twice or odd:
        findings.problem("xlsx.entries", found=(twice or odd)[0][:80])
    if any("vbaproject" in name or "macrosheets/" in name for name in folded):
        findings.problem("xlsx.macros")
    if any(info.flag_bits & 0x1 for info in infos):
        findings.problem("xlsx.protected")
    return not findings.problems


def _sizes_sound(infos: list[zipfile.ZipInfo], findings: Findings) -> bool:
    if sum(info.file_size for info in infos) > _TOTAL or any(i.file_size > _ENTRY for i in infos):
        findings.problem("xlsx.bomb", found=_megabytes(sum(i.file_size for i in infos)))
        return False
    for info in infos:
        if info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(1, info.compress_size):
            findings.problem("xlsx.bomb", found=_megabytes(info.file_size))
            return False
    return True


def _part_sound(archive: zipfile.ZipFile, info: zipfile.ZipInfo, findings: Findings) -> bool:
    """Stream one part: as long as it claims to be, undamaged, and without a DOCTYPE."""
    read = 0
    before = b""
    xml = info.filename.lower().endswith((".xml", ".rels", ".vml"))
    try:
        with archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                read += len(chunk)
                if read > info.file_size:
                    findings.problem("xlsx.bomb", found=_megabytes(read))
                    return False
                if xml and b"<!DOCTYPE" in (before + chunk).replace(b"\0", b""):
                    findings.problem("xlsx.doctype", found=info.filename)
                    return False
                before = chunk[-32:]
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        findings.problem("xlsx.damaged", found=info.filename, reason=type(error).__name__)
        return False
    except Exception as error:  # zlib.error has no common base with the others
        if type(error).__module__ not in {"zlib", "lzma", "_lzma", "_bz2", "struct"}:
            raise
        findings.problem("xlsx.damaged", found=info.filename, reason=type(error).__name__)
        return False
    return True


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MB"
