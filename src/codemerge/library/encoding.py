"""From bytes to text: the encoding declared, or found by rules that never guess in silence.

Order: what is declared; a byte-order mark; UTF-16 without one is refused; strict UTF-8; then
Windows-1252, where bytes 81 8D 8F 90 9D don't exist (a free alarm), told apart from Latin-9 where
the bytes tell. Statistical detectors were tried and were wrong on Swedish catalogs.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

# Bytes that Windows-1252 and Latin-9 (ISO 8859-15) read differently.
_LATIN9_ONLY = {0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ"}
_USUAL = frozenset("åäöÅÄÖéÉèüÜæøÆØáàëïôçñ–—’‘”“…€§°µ½¼¾±²³´·×® ")
_LOOK_ALIKES = ("cp850", "mac_roman")
_SWEDISH_UTF8 = re.compile(b"\xc3[\xa5\xa4\xb6\x85\x84\x96\xa9]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = {
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii",
    "cp1252", "iso8859-1", "iso8859-15", "cp850", "cp437", "cp865", "mac-roman",
}  # fmt: skip
SEVEN_BIT = "iso646-se"
_SEVEN_BIT_NAMES = {"iso646-se", "sen850200b", "sen-850200-b", "swe7", "se7"}
_SEVEN_BIT_LETTERS = str.maketrans("}{|][\\", "åäöÅÄÖ")


class UndecodableError(ValueError):
    """Bytes that the encoding doesn't know.

    Args:
        kind: ``undecodable``, ``mixed_encoding``, ``utf16_no_bom``, ``unknown_encoding`` or ``binary``.
        encoding: what was tried.
        offset: byte offset of the first bad byte.
        line: its 1-based line.
        hint: the encoding that the bytes look like, or an empty text.
    """

    def __init__(self, kind: str, encoding: str, offset: int = 0, line: int = 1, hint: str = "") -> None:
        super().__init__(kind)
        self.kind, self.encoding, self.offset, self.line, self.hint = kind, encoding, offset, line, hint


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read.

    Args:
        text: without byte-order mark; line ends as in the file.
        encoding: Python's name of the encoding.
        looks_like: another encoding that fits the letters far better, or an empty text.
        share: how many of the non-ASCII characters are unusual in Swedish text as it was read.
    """

    text: str
    encoding: str
    looks_like: str = ""
    share: str = ""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Read bytes as text.

    Args:
        data: a whole file.
        declared: encoding named in the project file; None to find it.

    Returns:
        The text and the encoding used, with a doubt where the letters look wrong.

    Raises:
        UndecodableError: the bytes don't fit, or the encoding isn't known.
    """
    if declared:
        return _declared(data, declared)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(_strict(data, name), name)
    _refuse_binary(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        fault = error.start
    if _SWEDISH_UTF8.search(data):
        raise UndecodableError("mixed_encoding", "utf-8", fault, _line(data, fault), "cp1252")
    name = "iso8859-15" if _is_latin9(data) else "cp1252"
    text = _strict(data, name)
    return Decoded(text, name, *_doubt(data, name))


def canonical(name: str) -> str | None:
    """Return Python's name of a text encoding that files may be in, or None."""
    plain = name.strip().lower().replace("_", "-")
    if plain in _SEVEN_BIT_NAMES:
        return SEVEN_BIT
    try:
        found = codecs.lookup(plain).name
    except LookupError:
        return None
    return found if found in _KNOWN else None


def looks_seven_bit(text: str) -> bool:
    """Tell whether brackets and braces stand between letters, as in 7-bit Swedish (``R|ntgen``)."""
    if not text.isascii() or not any(sign in text for sign in "{}|[]\\"):
        return False
    return len(re.findall(r"[A-Za-z][{}|\[\]\\][a-z]", text[:1_000_000])) >= 2


def _declared(data: bytes, declared: str) -> Decoded:
    name = canonical(declared)
    if name is None:
        raise UndecodableError("unknown_encoding", declared, hint=", ".join(sorted(_KNOWN)))
    if name == SEVEN_BIT:
        return Decoded(_strict(data, "ascii").translate(_SEVEN_BIT_LETTERS), name)
    if name == "utf-8" and data.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    text = _strict(data, name)
    single = name in {"cp1252", "iso8859-1", "iso8859-15"}
    return Decoded(text.removeprefix("\ufeff"), name, *(_doubt(data, name) if single else ()))


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise UndecodableError(
            "undecodable", name, error.start, _line(data, error.start, name), _hint(data, name)
        ) from None


def _utf8_fault(data: bytes) -> int | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _refuse_binary(data: bytes) -> None:
    """Refuse UTF-16 without a mark, and bytes that are no text at all."""
    nul = data.find(b"\0")
    if nul < 0:
        return
    head = data[: 4096 - len(data) % 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.6 * half and even < 0.1 * half:
        raise UndecodableError("utf16_no_bom", "utf-16-le", nul, 1, "utf-16-le")
    if even > 0.6 * half and odd < 0.1 * half:
        raise UndecodableError("utf16_no_bom", "utf-16-be", nul, 1, "utf-16-be")
    control = sum(head.count(bytes([b])) for b in range(32) if b not in (0, 9, 10, 13, 26))
    if control + head.count(0) > 0.02 * len(head) and control:
        raise UndecodableError("binary", "", nul, _line(data, nul))


def _line(data: bytes, offset: int, name: str = "utf-8") -> int:
    if name.startswith(("utf-16", "utf-32")):
        before = data[:offset].decode(name, "replace")
        return before.count("\n") + 1
    lines = data.count(b"\n", 0, offset)
    return (lines or data.count(b"\r", 0, offset)) + 1


def _hint(data: bytes, tried: str) -> str:
    """Name the encoding whose reading of the bytes has the largest share of usual letters."""
    if tried != "utf-8" and _utf8_fault(data) is None:
        return "utf-8"
    scores = {name: _share(data, name) for name in ("cp1252", *_LOOK_ALIKES) if name != tried}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.6 else ""


def _share(data: bytes, name: str) -> float:
    high = _non_ascii(data)
    return _usual(high, name) / len(high) if high else 0.0


def _usual(high: bytes, name: str) -> int:
    """Count the bytes that are usual letters, read by an encoding of one byte a letter."""
    counts = Counter(high)
    return sum(n for byte, n in counts.items() if bytes([byte]).decode(name, "replace") in _USUAL)


def _non_ascii(data: bytes) -> bytes:
    return data.translate(None, bytes(range(128)))


def _is_latin9(data: bytes) -> bool:
    """Tell Latin-9 by bytes that only it makes sense of: a euro sign, or letters inside words."""
    high = set(_non_ascii(data))
    if any(0x80 <= byte <= 0x9F for byte in high):
        return False
    if 0xA4 in high:
        return True
    letters = bytes(high & (_LATIN9_ONLY.keys() - {0xA4, 0xBC, 0xBD, 0xBE}))
    if not letters:
        return False
    return re.search(b"[A-Za-z\xc0-\xff][" + letters + b"][A-Za-z\xc0-\xff]", data) is not None


def _doubt(data: bytes, name: str) -> tuple[str, str]:
    """Say whether a DOS or Macintosh reading fits the letters far better than the one chosen."""
    high = _non_ascii(data)
    if not high:
        return "", ""
    unusual = len(high) - _usual(high, name)
    scores = {name: _share(data, name) for name in _LOOK_ALIKES}
    best = max(scores, key=lambda name: scores[name])
    if unusual / len(high) > 0.5 and scores[best] > 0.8:
        return best, f"{unusual}/{len(high)}"
    return "", ""
