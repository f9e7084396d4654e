"""The one atomic writer: a file or a folder is the whole old one or the whole new one, never between.

A file: temporary name beside it, content, fsync, rename, fsync of the folder. A folder: built
whole beside its place, then the two names change places at once where the system can; else two
renames, and `recover` finishes what a crash left between them.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from codemerge.errors import BadInputError, Problem
from codemerge.files.file_system import FILES, FileSystem

PREFIX = ".codemerge-"
KEPT = "kept"  # where what people changed in a run folder is moved when the run is replaced
_MANIFEST = "manifest.json"
_LEFTOVER_AGE = 24 * 3600  # a run that has been silent for a day is dead
_CLUTTER = ("~$", ".")


def write_atomically(
    path: Path, write: Callable[[Path], object], *, private: bool = False, files: FileSystem = FILES
) -> None:
    """Write a file whole or not at all.

    Args:
        path: where it is to stand; its folder exists.
        write: fills the temporary file it is given (same suffix, same folder).
        private: readable by the owner only (personal data).
        files: the disk.

    Raises:
        BadInputError: it couldn't be written (``project.cannot_write``, ``project.file_in_use``),
            and is as it was; or it was, and the disk doesn't confirm it (``project.not_durable``).
    """
    _sweep(path.parent, PREFIX, files)
    temporary = path.with_name(f"{PREFIX}{secrets.token_hex(6)}-{path.name}")
    try:
        files.create(temporary, 0o600 if private else 0o666)
        write(temporary)
        files.sync(temporary)
        _patiently(lambda: files.replace(temporary, path), files)
    except BaseException as error:
        _try_remove(temporary, files)
        if refused := disk_error(error):
            raise BadInputError([_cannot(path, refused)]) from error
        raise
    _confirm(path, files)


def write_bytes(path: Path, data: bytes, *, private: bool = False, files: FileSystem = FILES) -> None:
    """Write bytes to a file, whole or not at all; see `write_atomically`."""
    write_atomically(path, lambda temporary: temporary.write_bytes(data), private=private, files=files)


def write_text(path: Path, text: str, *, private: bool = False, files: FileSystem = FILES) -> None:
    """Write UTF-8 text to a file, line ends untouched; see `write_atomically`."""
    write_bytes(path, text.encode("utf-8"), private=private, files=files)


@contextmanager
def staged_folder(final: Path) -> Iterator[Path]:
    """Make a folder to build in, beside its place; whatever happens, nothing of it is left.

    Args:
        final: where the finished folder is to stand; its name and this process's number are part
            of the staged one's, so that leftovers can be told apart.

    Raises:
        BadInputError: the disk failed while it was built; what stood at ``final`` stands.
    """
    recover(final)
    staged = final.parent / f"{_staged_name(final, os.getpid())}{secrets.token_hex(4)}"
    try:
        staged.mkdir(parents=True)  # by the user's own mask: colleagues on a share read the run folder
        yield staged
    except Exception as error:
        if refused := disk_error(error):
            raise BadInputError([_cannot(_where(refused, staged, final), refused)]) from error
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _where(error: OSError, staged: Path, final: Path) -> Path:
    """Return what couldn't be written: the folder that was being built, or something outside it."""
    name = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else final
    return final if name.is_relative_to(staged) or name.parent == final.parent else name


def remove_staged(final: Path, pid: int) -> None:
    """Remove what a process of ours that is known to be dead had begun to build."""
    for path in _named(final.parent, _staged_name(final, pid)):
        _try_remove(path, FILES)


def _staged_name(final: Path, pid: int) -> str:
    return f".{final.name}{PREFIX}{pid}-"


def disk_error(error: BaseException) -> OSError | None:
    """Return the system's refusal inside an error, for libraries wrap it or only quote its number."""
    if isinstance(error, OSError):
        return error
    inner = error.args[0] if error.args else None
    if isinstance(inner, OSError):  # xlsxwriter's FileCreateError
        return inner
    quoted = re.search(r"\(os error (\d+)\)", str(inner))  # as Rust writes it: polars
    return OSError(int(quoted[1]), os.strerror(int(quoted[1]))) if quoted else None


def whole_files(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder that match, sorted; what a killed run had begun to write isn't one."""
    if not folder.is_dir():
        return []
    # not glob: it takes a folder that can't be read for an empty one, and people's decisions with it
    return sorted(p for p in folder.iterdir() if p.match(pattern) and not p.name.startswith(PREFIX))


def publish_folder(staged: Path, final: Path, *, files: FileSystem = FILES) -> None:
    """Put a finished folder in its place; what stands there must be an older one of ours.

    Files in the old folder that people changed or added (a workbook being filled in) are copied
    to ``kept/`` in the new one, so that nobody's work is lost.

    Args:
        staged: the finished folder, beside ``final`` on the same disk; it holds ``manifest.json``.
        final: its place: absent, an empty folder, or a folder with a manifest of ours.
        files: the disk.

    Raises:
        BadInputError: the place holds something else (``project.not_a_run_folder``), or the disk
            failed; then the old folder stands as it was.
    """
    recover(final, files=files)
    if not _may_replace(final):
        raise BadInputError([Problem("project.not_a_run_folder", str(final))])
    try:
        _keep_changes(final, staged, files)
        for path in sorted(staged.rglob("*")):
            if path.is_file():
                files.sync(path)
        for path in sorted((p for p in [staged, *staged.rglob("*")] if p.is_dir()), reverse=True):
            files.sync_folder(path)
        if final.is_dir():
            shutil.copymode(final, staged)
        _patiently(lambda: _swap(staged, final, files), files)
    except OSError as error:
        recover(final, files=files)
        raise BadInputError([_cannot(final, error)]) from error
    _confirm(final, files)


def recover(final: Path, *, files: FileSystem = FILES) -> None:
    """Finish what a crash left: put an old folder back, or remove what was replaced.

    Args:
        final: a folder that `publish_folder` writes.
        files: the disk.
    """
    for old in _named(final.parent, f".{final.name}{PREFIX}old-"):
        try:
            if final.exists():
                files.remove_folder(old)
            else:
                files.rename(old, final)
        except OSError:  # another process got there first, or the next start tries again
            continue
    _sweep(final.parent, f".{final.name}{PREFIX}", files)


def _swap(staged: Path, final: Path, files: FileSystem) -> None:
    old = final.with_name(f".{final.name}{PREFIX}old-{secrets.token_hex(6)}")
    if not final.exists():
        files.rename(staged, final)
    elif files.exchange(staged, final):
        _try_remove(staged, files)
    else:
        files.rename(final, old)
        try:
            files.rename(staged, final)
        except OSError:
            files.rename(old, final)
            raise
        _try_remove(old, files)


def check_place(final: Path) -> None:
    """See that a folder of ours may stand here, before any work is done for it.

    Raises:
        BadInputError: something else stands there, or the name can't be one.
    """
    try:
        recover(final)
        allowed = _may_replace(final)
    except OSError as error:  # a name too long, a part of the path that is a file
        raise BadInputError([_cannot(final, error)]) from error
    if not allowed:
        raise BadInputError([Problem("project.not_a_run_folder", str(final))])


def _may_replace(final: Path) -> bool:
    if final.is_symlink():
        return False
    if not final.exists():
        return True
    return final.is_dir() and (_manifest_of(final) is not None or not any(final.iterdir()))


def _manifest_of(folder: Path) -> dict[str, str] | None:
    """Return name → SHA-256 of a folder of ours, or None when it isn't one."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return {entry["name"]: entry["sha256"] for entry in manifest["files"] if "format" in manifest}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep_changes(final: Path, staged: Path, files: FileSystem) -> None:
    known = _manifest_of(final) if final.is_dir() else None
    if known is None:
        return
    for path in sorted(p for p in final.rglob("*") if p.is_file()):
        name = path.relative_to(final).as_posix()
        if name == _MANIFEST or path.name.startswith(_CLUTTER):
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if known.get(name) == digest:
            continue
        kept = staged / name if name.startswith(f"{KEPT}/") else staged / KEPT / _marked(name, digest)
        kept.parent.mkdir(parents=True, exist_ok=True)
        files.copy(path, kept)


def _marked(name: str, digest: str) -> str:
    path = Path(name)
    return path.with_name(f"{path.stem}-{digest[:8]}{path.suffix}").as_posix()


def _patiently(step: Callable[[], None], files: FileSystem) -> None:
    """Try again while somebody else holds the file, as Windows lets them; never for long."""
    for attempt in range(files.retries + 1):
        try:
            return step()
        except PermissionError:
            if attempt == files.retries:
                raise
            files.wait(min(0.05 * 2**attempt, 1.0))
    return None


def _confirm(path: Path, files: FileSystem) -> None:
    try:
        files.sync_folder(path.parent)
    except OSError as error:
        problem = Problem("project.not_durable", str(path), values={"found": error.strerror or ""})
        raise BadInputError([problem]) from error


def _cannot(path: Path, error: OSError) -> Problem:
    """Word a failed write: somebody has it open, the disk is full, or what the system said."""
    found = error.strerror or type(error).__name__
    kind = "project.cannot_write"
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        kind = "project.disk_full"
    elif isinstance(error, PermissionError) and path.exists():
        holder = _open_in_excel(path)
        if holder or path.is_file():
            kind, found = "project.file_in_use", holder or found
    return Problem(kind, str(path), values={"found": found})


def _open_in_excel(path: Path) -> str:
    """Return who has a workbook open: Excel leaves ``~$name.xlsx`` beside it, with a name inside."""
    folder, pattern = (path, "~$*.xlsx") if path.is_dir() else (path.parent, f"~${path.name}")
    for mark in sorted(folder.glob(pattern)):
        try:
            data = mark.read_bytes()[:55]
        except OSError:  # Excel may keep it to itself
            data = b""
        name = data[1 : 1 + data[0]].decode("cp1252", "replace").strip() if data else ""
        return f"Excel, {name}" if name else "Excel"
    return ""


def _sweep(folder: Path, prefix: str, files: FileSystem) -> None:
    """Remove own leftovers of runs that died; others' files and fresh ones stay."""
    found = _named(folder, prefix)
    oldest = _disk_time(folder) - _LEFTOVER_AGE if found else 0.0
    for path in found:
        try:
            dead = path.lstat().st_mtime < oldest
        except OSError:
            continue
        if dead:
            _try_remove(path, files)


def _disk_time(folder: Path) -> float:
    """Return what time it is to a folder: our clock, or when it was last written to if that is earlier.

    A clock that jumps ahead, or isn't the file server's, must not make a living run's files look old.
    """
    try:
        written = max((p.lstat().st_mtime for p in folder.iterdir()), default=0.0)
    except OSError:  # something was removed meanwhile: nothing is swept this time
        return 0.0
    return min(time.time(), written)


def _named(folder: Path, prefix: str) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.name.startswith(prefix))
    except OSError:  # no such folder: nothing left in it
        return []


def _try_remove(path: Path, files: FileSystem) -> None:
    """Remove what is no longer needed; a failure leaves a leftover for the next sweep."""
    try:
        if path.is_dir() and not path.is_symlink():
            files.remove_folder(path)
        else:
            files.remove(path)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)
