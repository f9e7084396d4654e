"""Writes the fixtures: three small synthetic regions, their truth and the conflicts seeded in them.

Usage: python benchmarks/catalogs/fixtures.py [FOLDER]     (default: fixtures/)

What the regions hold is written by hand in the .psv files beside this one; here they only get their
volumes, dates, prices and links, and each region's house style (styles.toml). Same input, same bytes.
"""

from __future__ import annotations

import csv
import sys
import zlib
from pathlib import Path

from styles import Row, Style, read_styles, text_file, workbook
from truths import related, truth_rows

HERE = Path(__file__).parent
REGIONS = ("RÖ", "RKL", "RJL")
LISTS = {
    "site": "sites", "section": "sections", "unit": "units", "role": "roles", "priority": "priorities",
    "room": "rooms", "device": "devices", "user": "users", "order_item": "order_items",
    "match_rule": "match_rules", "number_series": "number_series",
}  # fmt: skip
YEARLY = {"A": 9000, "B": 2600, "C": 700, "D": 130, "E": 9, "Z": 0}
SIZE = {"RÖ": 100, "RKL": 62, "RJL": 78}
SECTIONS = {
    "RÖ": {},
    "RKL": {"NEU": "RG-N", "MSK": "RG-S", "THX": "RG-T", "ABD": "RG-B", "URO": "RG-B", "BRÖ": "RG-M",
            "BAR": "RG-P", "INT": "RG-I", "AKU": "RG-A", "ODO": "RG-O", "NUK": "RG-K"},
    "RJL": {},
}  # fmt: skip
KVA = {
    "CT": "AF", "MR": "AG", "DX": "AH", "PX": "AH", "US": "AK",
    "MG": "AH", "RF": "AH", "XA": "AP", "NM": "AR", "PT": "AR",
}  # fmt: skip
DOSE = {"CT": "DT", "DX": "RTG", "PX": "CBCT", "MG": "MAM", "RF": "RTG", "XA": "INT"}
MINUTES = {"CT": 20, "MR": 40, "DX": 10, "PX": 10, "US": 25, "MG": 10, "RF": 45, "XA": 90, "NM": 60, "PT": 60}
ROOMS = {
    "RÖ": {"CT": ["U105", "V102"], "MR": ["U201", "U202"], "DX": ["U301", "M301"], "US": ["U401"],
           "MG": ["U601", "BUSS1"], "RF": ["L3"], "XA": ["U501"], "PT": ["U701"]},
    "RKL": {"CT": ["KAL-DT2", "VVK-DT1"], "MR": ["KAL-MR1"], "DX": ["KAL-S1", "VVK-S1"], "US": ["KAL-U1"],
            "MG": ["KAL-M1", "MAMBUSS"], "XA": ["KAL-A1"]},
    "RJL": {"CT": ["RYH-01", "EKS-01"], "MR": ["RYH-03"], "DX": ["RYH-04"], "US": ["RYH-06"],
            "MG": ["RYH-07"], "NM": ["RYH-08"]},
}  # fmt: skip
WRONG_ROOM = {"exam": "77080", "room": "U105", "duration": "40", "seed": "ROM-009"}  # MR breast in a CT lab


def read(name: str) -> list[Row]:
    """Return the rows of a hand-written list."""
    lines = [
        line for line in (HERE / f"{name}.psv").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    ]
    return list(csv.DictReader(lines, delimiter="|", quoting=csv.QUOTE_NONE))


def spread(*parts: str) -> int:
    """Return 0–99, always the same for the same text: what stands in for chance here."""
    return zlib.crc32("|".join(parts).encode()) % 100


def usage(region: str, code: str, letter: str, active: bool) -> Row:
    """Return how much a code is used in a year, and when it was last."""
    volume = YEARLY[letter] * SIZE[region] * (60 + spread(region, code)) // 10_000 if active else 0
    month = 9 if volume > 100 else 1 + spread("month", code) % 9
    used = f"2026-{month:02}-{1 + spread(code, 'day') % 28:02}" if volume else ""
    waiting, booked = (volume // 150, volume // 60) if active else (0, 0)
    return {
        "annual_volume": str(volume),
        "last_used": used,
        "open_orders": str(waiting),
        "bookings": str(booked),
    }


def attributes(key: str) -> Row:
    """Return what follows an examination wherever it is performed: coding, dose category, time, weight."""
    method, part, *_ = key.split("/")
    number = spread(method, part)
    minutes = MINUTES.get(method, 5) + 5 * (number % 3)
    return {
        "kva": f"{KVA[method]}{number:03}" if method in KVA else "",
        "dosreg": f"{DOSE[method]}{1 + number % 8:02}" if method in DOSE else "",
        "duration": str(minutes),
        "weight": f"{minutes / 20:.2f}",
    }


def exams() -> dict[str, list[Row]]:
    """Return every region's exam rows in the order of their codes."""
    found: dict[str, list[Row]] = {region: [] for region in REGIONS}
    start = {"RÖ": "2004-01-01", "RKL": "2009-03-01", "RJL": "2016-01-01"}
    for concept in read("exams"):
        for region, column in zip(REGIONS, ("ro", "rkl", "rjl"), strict=True):
            if code := concept[column]:
                section = SECTIONS[region].get(concept["section"], concept["section"])
                row = attributes(concept["key"]) | {
                    "key": concept["key"],
                    "code": code,
                    "label": concept[f"{column}_text"],
                    "section": section,
                    "status": "active",
                    "valid_from": start[region],
                }
                if region == "RJL":
                    row |= {"modality": concept["rjl_method"], "side": concept["rjl_side"]}
                found[region].append(row | usage(region, code, concept["use"], active=True))
    for extra in read("exams_extra"):
        numbers = usage(
            extra["region"], extra["code"] + extra["label"], extra["use"], extra["status"] == "active"
        )
        said = {
            name: text for name, text in extra.items() if text and name not in {"region", "method", "use"}
        }
        about = attributes(extra["key"]) if extra["key"] else {}
        row = about | numbers | said | {"modality": extra["method"], "label": extra["label"]}
        found[extra["region"]].append(row)
    for change in read("exam_changes"):
        row = next(r for r in found[change["region"]] if r["code"] == change["code"])
        row[change["field"]] = change["value"].replace("\\n", "\n")
        row["seed"] = change["seed"] or row.get("seed", "")
        if change["field"] == "status":
            row |= {"annual_volume": "0", "open_orders": "0", "bookings": "0", "last_used": ""}
    for rows in found.values():
        rows.sort(key=lambda row: (row["code"], row["label"]))
    twice = next(row for row in found["RJL"] if row["code"] == "C9020")
    found["RJL"].append(twice)  # one row twice, alike in every field: harmless
    return found


def luhn(digits: str) -> str:
    """Return the check digit of nine digits (SKV 704: weights 2, 1, 2 …)."""
    total = sum(sum(divmod(int(d) * (2 - at % 2), 10)) for at, d in enumerate(digits))
    return str(-total % 10)


def person(row: Row) -> Row:
    """Return a user's row with identity number and display name."""
    digits = row["birth"].replace("-", "")
    if row["seed"].startswith("USR-018"):  # a coordination number: the day plus 60
        digits = f"{digits[:6]}{int(digits[6:]) + 60}"
    number, wrong = ("983", 1) if row["number"] == "bad" else (row["number"], 0)
    if digits:
        check = (int(luhn(digits[2:] + number)) + wrong) % 10
        row["personnummer"] = f"{digits}-{number}{check}"
    return row | {"label": f"{row['family_name']}, {row['given_name']}"}


def tables() -> dict[str, dict[str, list[Row]]]:
    """Return entity → region → rows."""
    found: dict[str, dict[str, list[Row]]] = {"exam": exams()}
    for entity, name in LISTS.items():
        rows = read(name)
        found[entity] = {region: [row for row in rows if row["region"] == region] for region in REGIONS}
    found["user"] = {region: [person(row) for row in rows] for region, rows in found["user"].items()}
    links: dict[str, list[Row]] = {}
    for region, rows in found["exam"].items():
        here = ROOMS[region]
        usable = [row for row in rows if row.get("key") and row["status"] == "active"]
        links[region] = [
            {"exam": row["code"], "room": room, "duration": row["duration"]}
            for row in usable
            for room in here.get(row["key"].split("/")[0], [])[: 1 + spread(row["code"]) % 2]
        ]
    links["RÖ"].append(WRONG_ROOM)
    found["exam_room"] = {region: unique(rows, "exam", "room") for region, rows in links.items()}
    found["user_role"] = {
        region: [{"user": row["code"], "role": row["role"], "unit": row["unit"]} for row in rows]
        for region, rows in found["user"].items()
    }
    return found


def unique(rows: list[Row], *names: str) -> list[Row]:
    """Return the rows in order of these fields, each combination once."""
    kept = {tuple(row[name] for name in names): row for row in reversed(rows)}
    return [kept[key] for key in sorted(kept)]


def expected(found: dict[str, dict[str, list[Row]]]) -> list[list[str]]:
    """Return the seeded conflicts: check, entity and the codes it must name."""
    rows = []
    for entity, regions in found.items():
        for region, records in regions.items():
            for record in records:
                for seed in filter(None, record.get("seed", "").split(" + ")):
                    check, *others = seed.split()
                    code = record.get("code") or f"{record['exam']}|{record['room']}"
                    own = f"{region}:{code}"
                    rows.append([check, entity, " ".join([own, *others])])
    return sorted(map(list, {tuple(row) for row in rows}))


def save(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write a plain UTF-8 CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


def write(folder: Path) -> None:
    """Write every region's exports, the truth and the expected conflicts below a folder."""
    styles: dict[str, Style] = read_styles(HERE / "styles.toml")
    found = tables()
    for region, style in styles.items():
        books: dict[str, dict[str, list[Row]]] = {}
        for entity, sheet in style.sheets.items():
            path = folder / sheet.path
            path.parent.mkdir(parents=True, exist_ok=True)
            if sheet.sheet:
                books.setdefault(sheet.path, {})[entity] = found[entity][region]
            else:
                path.write_bytes(text_file(style, sheet, found[entity][region]))
        for name, pages in books.items():
            workbook(folder / name, style, pages)
    header = ["left_region", "left", "right_region", "right", "relationship"]
    save(folder / "truth/exam.csv", header, related(found["exam"], REGIONS))
    for entity in ("section", "unit", "role", "priority", "user", "room"):
        save(folder / f"truth/{entity}.csv", header, truth_rows(found[entity], REGIONS))
    save(folder / "expected_conflicts.csv", ["check", "entity", "codes"], expected(found))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "fixtures")
