"""Made-up people planted in catalogs, and a search of every byte for them. Nobody here exists.

Personnummer are Skatteverket-like: a date, three digits, a right check digit.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import polars as pl
import xlsxwriter

from codemerge.library.identity import short_hash
from codemerge.library.persons import joining_keys


def personnummer(serial: int) -> str:
    """Return a number with a right check digit, ``YYYYMMDD-NNNC``."""
    nine = f"{60 + serial % 30:02}{1 + serial % 12:02}{1 + serial % 28:02}{serial % 1000:03}"
    doubled = (int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(nine))
    check = -sum(d - 9 if d > 9 else d for d in doubled) % 10
    return f"19{nine[:6]}-{nine[6:]}{check}"


@dataclass(frozen=True)
class Person:
    """One account as a region's list holds it; every value is unique in the world of the test."""

    serial: int
    protected: bool = False

    @property
    def number(self) -> str:
        return personnummer(self.serial)

    @property
    def personal(self) -> dict[str, str]:
        n = self.serial
        return {
            "Efternamn": f"Kanariefors{n}x",
            "Förnamn": f"Fagelina{n}x",
            "HSA-id": f"SE2321000040-KAN{n}",
            "E-post": f"kanarie.fagel{n}@exempel.se",
            "Telefon": f"013-55{n:05}",
        }

    @property
    def account(self) -> dict[str, str]:
        n = self.serial
        return {"Användar-id": f"konto{n}q", "Login": f"kanlog{n}q", "Signatur": f"KSG{n}Q"}

    def row(self, role: str) -> dict[str, str]:
        """Return the row of a user list."""
        return {
            **self.account,
            **self.personal,
            "Personnummer": self.number,
            "Roll": role,
            "Skyddade personuppgifter": "J" if self.protected else "N",
            "Status": "A",
        }


class Aviary:
    """Two regions' catalogs with people in them, in files below a folder."""

    def __init__(self, root: Path, *, in_texts: bool) -> None:
        self.root, self._serials = root, count(101)
        people = [Person(next(self._serials)) for _ in range(4)]
        self.shared, self.only_a, self.only_b, self.third = people
        self.hidden = [Person(next(self._serials), protected=True) for _ in range(2)]
        self.in_texts = [personnummer(next(self._serials)) for _ in range(12)] if in_texts else []
        self.later = personnummer(next(self._serials))
        self._write()

    @property
    def people(self) -> list[Person]:
        return [self.shared, self.only_a, self.only_b, self.third]

    def numbers(self) -> dict[str, bytes]:
        """Return every way in which a personnummer could be written, hashes that anybody can reverse included."""
        whole = [p.number for p in [*self.people, *self.hidden]] + self.in_texts + [self.later]
        found: dict[str, bytes] = {}
        for number in whole:
            digits = number.replace("-", "")
            for text in (digits[2:], f"{digits[2:8]}-{digits[8:]}", f"{digits[2:8]}+{digits[8:]}"):
                found[text] = text.encode()
            for text in (digits, digits[2:], number, number[2:]):
                found[f"hash of {text}"] = short_hash(text).encode()
                found[f"sha of {text}"] = hashlib.sha256(text.encode()).hexdigest()[:32].encode()
        keys = joining_keys(pl.Series(whole))["key"].cast(pl.String)
        return found | {f"joining key of {n}": k.encode() for n, k in zip(whole, keys, strict=True) if k}

    def protected(self) -> dict[str, bytes]:
        """Return what is known of people with protected identity."""
        values = [v for p in self.hidden for v in (*p.personal.values(), *p.account.values())]
        return {v: v.encode() for v in values}

    def sensitive(self) -> dict[str, bytes]:
        """Return what stands in sensitive fields of everybody else."""
        return {v: v.encode() for p in self.people for v in p.personal.values()}

    def _write(self) -> None:
        told = iter(self.in_texts or [""] * 12)
        folder = self.root / "in"
        folder.mkdir(parents=True)
        users_a = [self.shared.row("RAD"), self.only_a.row("RAD"), self.hidden[0].row("RAD")]
        users_b = [
            self.shared.row("R10"),
            self.only_b.row("R10"),
            self.third.row("R10"),
            self.hidden[1].row("R10"),
        ]
        users_b[0] |= {"Användar-id": "K501", "Login": "kalm1", "Signatur": "KLM1"}
        if self.in_texts:
            users_a[1]["Efternamn"] += f" {next(told)}"
            users_b[1]["Användar-id"] = next(told)  # an identity number for an account number
        csv(folder / "a_user.csv", users_a)
        sheet(folder / "b_user.xlsx", users_b)
        csv(folder / "a_role.csv", [{"Rollkod": "RAD", "Rollnamn": "Radiolog"}])
        csv(folder / "b_role.csv", [{"Rollkod": "R10", "Rollnamn": f"Radiolog {next(told)}".strip()}])
        roles = zip(users_a, ("RAD",) * 3, strict=True), zip(users_b, ("R10",) * 4, strict=True)
        for name, rows in zip(("a", "b"), roles, strict=True):
            csv(
                folder / f"{name}_assigned.csv",
                [{"Användar-id": u["Användar-id"], "Rollkod": r} for u, r in rows],
            )
        csv(folder / "a_exam.csv", [
            exam("84080", "DT buk med kontrast", 900, f"fråga {next(told)}"),
            exam("81000", f"DT hjärna utan kontrast {next(told)}", 100, ""),
            exam("30000", "Lungor", 5000, f"se {next(told).replace('-', '')}, remiss"),
        ])  # fmt: skip
        csv(folder / "b_exam.csv", [
            exam("840800", "CT buk m kontr", 700, next(told).replace("19", "", 1)),
            exam("810000", "CT hjärna u kontr", 300, ""),
            exam(next(told).replace("-", "") or "300000", "Lungor", 4000, ""),
        ])  # fmt: skip
        entities = {
            "user": ("csv", "xlsx"),
            "role": ("csv",) * 2,
            "exam": ("csv",) * 2,
            "assigned": ("csv",) * 2,
        }
        text = PROJECT
        for name, kinds in entities.items():
            for region, kind in zip("AB", kinds, strict=True):
                entity = "user_role" if name == "assigned" else name
                text += f'\n[[source]]\nregion = "{region}"\nentity = "{entity}"\npath = "in/{region.lower()}_{name}.{kind}"\n'
        (self.root / "codemerge.toml").write_text(text, encoding="utf-8")


PROJECT = """
name = "Kanarieprov"
regions = ["A", "B"]
[region.A]
org = "232100-0040"
[region.B]
org = "232100-0073"
prefix = "K"
[policy]
confirm_share = 0.0
volume_limit = 100000000
"""


def exam(code: str, label: str, volume: int, comment: str) -> dict[str, str]:
    return {"Kod": code, "Benämning": label, "Antal": str(volume), "Kommentar": comment}


def csv(path: Path, rows: list[dict[str, str]]) -> None:
    lines = [";".join(rows[0]), *(";".join(r.values()) for r in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def sheet(path: Path, rows: list[dict[str, str]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Personal")
        for n, row in enumerate([dict(zip(rows[0], rows[0], strict=True)), *rows]):
            for column, text in enumerate(row.values()):
                page.write_string(n, column, text)


def places(folder: Path, not_in: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file name and every content below a folder, unpacked and decoded."""
    for path in sorted(folder.rglob("*")):
        if path.is_relative_to(not_in):
            continue
        name = path.relative_to(folder).as_posix()
        yield f"{name} (name)", name.encode()
        if path.is_file():
            data = path.read_bytes()
            yield name, data
            yield from ((f"{name}!{part}", inner) for part, inner in _unpacked(path.suffix, data))


def _unpacked(suffix: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            yield from ((part, book.read(part)) for part in book.namelist())
    elif suffix == ".parquet":
        frame = pl.read_parquet(io.BytesIO(data))
        yield "rows", repr(frame.to_dicts()).encode()


def sightings(found: Iterator[tuple[str, bytes]], wanted: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return (place, canary) wherever one of the texts stands."""
    return [(place, name) for place, data in found for name, text in wanted.items() if text in data]
