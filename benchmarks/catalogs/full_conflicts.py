"""Seeds conflicts of chosen kinds into otherwise sound catalogs, and lists what was seeded.

Each kind takes rows that no other kind has touched, so that every conflict has one cause. Nothing here
makes a conflict of another kind as a side effect, apart from what the kind is by nature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from draw import Frames, Region

Found = list[str]  # the records that a conflict must name, REGION:CODE


@dataclass
class Seeder:
    """Catalogs, and which of their rows are already part of a seeded conflict."""

    frames: Frames
    regions: list[Region]
    rng: np.random.Generator
    writes: Callable[[Region, str, str], bool]
    used: set[tuple[str, str, int]] = field(default_factory=set)
    edits: dict[tuple[str, str], list[tuple[int, str, str]]] = field(default_factory=dict)
    added: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)

    def row(
        self, entity: str, region: str, filled: str = "code", **having: str
    ) -> tuple[int, dict[str, str]]:
        """Return a row (its number and content) that nothing has touched, and mark it.

        Args:
            entity: which.
            region: whose.
            filled: a field that isn't empty.
            having: values that fields have.
        """
        frame = self.frames[entity][region]
        for _ in range(10_000):
            at = int(self.rng.integers(0, frame.height))
            row = frame.row(at, named=True)
            fits = row[filled] and all(row[name] == value for name, value in having.items())
            if fits and (entity, region, at) not in self.used:
                self.used.add((entity, region, at))
                return at, row
        raise ValueError(f"too few rows of {entity} in {region} to seed in")

    def pair(self) -> tuple[str, str]:
        """Return two different regions."""
        left, right = self.rng.choice(len(self.regions), 2, replace=False)
        return self.regions[int(left)].id, self.regions[int(right)].id

    def one(self, entity: str, name: str) -> str:
        """Return a region whose exports have a field."""
        able = [region.id for region in self.regions if self.writes(region, entity, name)]
        return able[int(self.rng.integers(0, len(able)))]

    def change(self, entity: str, region: str, at: int, name: str, value: str) -> None:
        """Change one cell."""
        self.edits.setdefault((entity, region), []).append((at, name, value))

    def add(self, entity: str, region: str, row: dict[str, str]) -> None:
        """Add a row."""
        self.added.setdefault((entity, region), []).append(row)

    def finish(self) -> Frames:
        """Return the catalogs with every change made."""
        out = {entity: dict(regions) for entity, regions in self.frames.items()}
        for (entity, region), changes in self.edits.items():
            frame = out[entity][region]
            for name in sorted({name for _, name, _ in changes}):
                column = frame[name].to_list()
                for at, other, value in changes:
                    if other == name:
                        column[at] = value
                frame = frame.with_columns(pl.Series(name, column, dtype=frame.schema[name]))
            out[entity][region] = frame
        for (entity, region), rows in self.added.items():
            frame = out[entity][region]
            more = pl.DataFrame(rows, schema=frame.schema, orient="row", strict=False)
            out[entity][region] = pl.concat([frame, more])
        return out


def _borrowed(entity: str, name: str, filled: str = "code") -> Callable[[Seeder], Found]:
    """Return a seeder that gives a row the value of another region's unrelated row."""

    def seed(s: Seeder) -> Found:
        left, right = s.pair()
        _, first = s.row(entity, left, filled, status="active")
        at, second = s.row(entity, right, filled, status="active")
        s.change(entity, right, at, name, first[name])
        return [f"{left}:{first['code']}", f"{right}:{second['code']}"]

    return seed


def _copied(entity: str, other: dict[str, str]) -> Callable[[Seeder], Found]:
    """Return a seeder that adds a row with another region's code and other content."""

    def seed(s: Seeder) -> Found:
        left, right = s.pair()
        _, first = s.row(entity, left, status="active")
        _, mould = s.row(entity, right, status="active")
        number = len(s.used)
        fresh = {name: value.format(n=number) for name, value in other.items()}
        s.add(entity, right, mould | {"code": first["code"]} | fresh)
        return [f"{left}:{first['code']}", f"{right}:{first['code']}"]

    return seed


def _set(entity: str, name: str, value: str, **having: str) -> Callable[[Seeder], Found]:
    """Return a seeder that writes something wrong in one cell."""

    def seed(s: Seeder) -> Found:
        region = s.one(entity, name)
        at, row = s.row(entity, region, **({"status": "active"} | having))
        s.change(entity, region, at, name, value.format(n=len(s.used)))
        return [f"{region}:{row['code']}"]

    return seed


def _extra(entity: str, other: dict[str, str]) -> Callable[[Seeder], Found]:
    """Return a seeder that adds a row like another one but for these fields."""

    def seed(s: Seeder) -> Found:
        region = s.one(entity, "code")
        _, mould = s.row(entity, region, status="active")
        fresh = {name: value.format(n=len(s.used)) for name, value in other.items()}
        s.add(entity, region, mould | {"annual_volume": "3"} | fresh)
        return [f"{region}:{fresh.get('code', mould['code'])}"]

    return seed


def _homeless(s: Seeder) -> Found:
    """Take a room out of the organisation: neither site nor section."""
    region = s.one("room", "section")
    at, row = s.row("room", region, status="active")
    for name in ("site", "section"):
        s.change("room", region, at, name, "")
    return [f"{region}:{row['code']}"]


def _twice(s: Seeder) -> Found:
    region = s.one("exam", "code")
    _, row = s.row("exam", region, status="active")
    s.add("exam", region, row | {"label": row["label"] + " kontroll"})
    return [f"{region}:{row['code']}"]


def _other_meaning(s: Seeder) -> Found:
    """The same code for an examination of another part of the body, with another method."""
    left, right = s.pair()
    codes = s.frames["exam"][right]["code"]
    _, first = s.row("exam", left, status="active")
    while (codes == first["code"]).any():
        _, first = s.row("exam", left, status="active")
    _, mould = s.row("exam", right, status="active")
    while mould["method"] == first["method"] or mould["concept"] == first["concept"]:
        _, mould = s.row("exam", right, status="active")
    s.add("exam", right, mould | {"code": first["code"], "annual_volume": "40"})
    return [f"{left}:{first['code']}", f"{right}:{first['code']}"]


NEW_ROOM = {
    "label": "Tillfälligt lab {n}",
    "ae_title": "TMP{n}",
    "station_name": "TMPST{n}",
    "host": "172.16.0.{n}",
}
NEW_UNIT = {"label": "Provisorisk enhet {n}", "hsa_id": "SE2321000099-T{n}", "reply_route": "EDI-T-{n}"}
KINDS: dict[str, tuple[str, Callable[[Seeder], Found]]] = {
    "CAT-001": ("exam", _twice),
    "CAT-002": ("exam", _set("exam", "label", "")),
    "CAT-003": ("exam", _set("exam", "valid_from", "2019-13-45")),
    "CAT-011": ("room", _set("room", "section", "SAKNAS")),
    "EXM-001": ("exam", _other_meaning),
    "EXM-017": ("exam", _set("exam", "open_orders", "7", status="retired")),
    "EXM-020": ("exam", _extra("exam", {"code": "LOKALUNDERSOKNING{n}"})),
    "EXM-021": ("exam", _extra("exam", {"code": "84{n}^1"})),
    "ROM-001": ("room", _copied("room", NEW_ROOM)),
    "ROM-003": ("room", _borrowed("room", "ae_title")),
    "ROM-004": ("room", _set("room", "ae_title", "AE\\TITEL_{n}_ÄR_FÖR_LÅNG")),
    "ROM-008": ("room", _homeless),
    "ROM-012": ("room", _set("room", "station_name", "STATIONSNAMN-LANG-{n}")),
    "USR-002": ("user", _borrowed("user", "login")),
    "USR-003": ("user", _borrowed("user", "signature")),
    "USR-005": ("user", _borrowed("user", "hsa_id", filled="personnummer")),
    "USR-006": ("user", _set("user", "hsa_id", "SE12345-XX{n}")),
    "USR-008": ("user", _set("user", "personnummer", "19700101-9999")),
    "USR-017": ("user", _set("user", "open_reports", "5", status="retired")),
    "ORG-004": ("unit", _set("unit", "open_orders", "3", status="retired")),
    "ORG-001": ("unit", _copied("unit", NEW_UNIT)),
}


def seed_all(seeder: Seeder, count: int, kinds: list[str]) -> tuple[Frames, pl.DataFrame]:
    """Seed so many conflicts, the kinds taken in turn.

    Returns:
        The catalogs, and a table of check, entity, codes (``REGION:CODE``, several parted by spaces).
    """
    rows = []
    for n in range(count):
        kind = kinds[n % len(kinds)]
        entity, act = KINDS[kind]
        rows.append((kind, entity, " ".join(act(seeder))))
    columns = dict.fromkeys(("check", "entity", "codes"), pl.String)
    table = pl.DataFrame(rows, schema=columns, orient="row")
    return seeder.finish(), table.sort("check", "entity", "codes")
