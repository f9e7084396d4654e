"""Sites, sections, units, roles, priorities, rooms, devices, links and the lists that listen to codes."""

from __future__ import annotations

import numpy as np
import polars as pl
from draw import Region, base36, text
from full_people import ROLES

PLACES = [
    "Linköping", "Norrköping", "Motala", "Kalmar", "Västervik", "Oskarshamn", "Jönköping", "Eksjö",
    "Värnamo", "Tranås", "Vetlanda", "Mönsterås", "Emmaboda", "Finspång", "Mjölby", "Nässjö",
]  # fmt: skip
CLINICS = [
    "Medicinkliniken", "Kirurgkliniken", "Ortopedkliniken", "Neurologmottagningen",
    "Akutmottagningen", "Barnkliniken", "Kvinnokliniken", "Urologmottagningen", "Onkologkliniken",
    "Vårdcentralen", "Hälsocentralen", "Reumatologen", "Lungmottagningen", "Ögonkliniken",
    "Hudmottagningen",
]  # fmt: skip
HEADS = [
    "Berga", "Ryd", "Marieberg", "Kolmården", "Lindsdal", "Rosenlund", "Blå Kusten", "Skänninge",
    "Valla", "Ekholmen", "Hageby", "Råslätt", "Gränna", "Bankeryd", "Åby", "Ljungsbro",
    "Åtvidaberg", "Kisa",
]  # fmt: skip
SECTION_NAMES = [
    "Neuro", "Skelett", "Thorax", "Buk", "Urologi", "Bröst", "Barn", "Intervention", "Akut",
    "Odontologi",
]  # fmt: skip
RIGHTS = {"RSSK": "läsa, boka, utföra", "REM": "beställa, läsa svar", "RAD": "läsa, granska, signera",
          "ST": "läsa, granska", "SEKR": "läsa, boka, skriva ut"}  # fmt: skip
ROLE_NAMES = {"RSSK": "Röntgensjuksköterska", "REM": "Remittent", "RAD": "Radiolog",
              "ST": "ST-läkare radiologi", "SEKR": "Medicinsk sekreterare"}  # fmt: skip
PRIORITIES = [
    ("Omedelbart", 1),
    ("Akut, inom ett dygn", 24),
    ("Inom en vecka", 168),
    ("Inom fyra veckor", 672),
]
# method of a room → DICOM code, the three regions' words, share of all rooms
METHODS = {
    "CT": ("CT", ("DT", "DT", "CT"), 0.15), "MR": ("MR", ("MR", "MR", "MR"), 0.12),
    "DX": ("DX", ("KONV RTG", "SLÄTRTG", "RTG"), 0.4), "US": ("US", ("ULJ", "UL", "ULTRALJUD"), 0.2),
    "GUIDED_US": ("US", ("ULJ", "UL", "ULTRALJUD"), 0.08), "GUIDED_CT": ("CT", ("DT", "DT", "CT"), 0.05),
}  # fmt: skip


def _pick(rng: np.random.Generator, values: list[str], count: int) -> pl.Series:
    return pl.Series(np.array(values, dtype=object)[rng.integers(0, len(values), count)].astype(str))


def sites(region: Region) -> pl.DataFrame:
    """Return a region's hospitals, with prefixes of two characters that no other region has."""
    rows = [
        (f"{region.short}-{place[:3].upper()}", f"{place}s sjukhus", place)
        for place in PLACES[region.style :: 3]
    ]
    return pl.DataFrame(rows, schema=["code", "label", "place"], orient="row").with_columns(
        prefix=pl.lit(region.short) + pl.int_range(pl.len()).cast(pl.String),
        hsa_id=pl.format("SE{}-S{}", pl.lit(region.org), pl.int_range(pl.len())),
        provider=pl.lit(region.dashed),
        status=pl.lit("active"),
    )


def small_lists(region: Region) -> dict[str, pl.DataFrame]:
    """Return sections, roles, priorities and number series."""
    active = pl.lit("active").alias("status")
    sections = pl.DataFrame({"label": SECTION_NAMES, "kind": SECTION_NAMES}).with_columns(
        active, code=pl.format("{}S{}", pl.lit(region.short), pl.int_range(pl.len()))
    )
    roles = pl.DataFrame({"kind": list(ROLE_NAMES)}).with_columns(
        active,
        code=pl.lit(f"{region.short}-") + pl.col("kind"),
        label=pl.col("kind").replace_strict(ROLE_NAMES),
        rights=pl.col("kind").replace_strict(RIGHTS),
        signs=pl.when(pl.col("kind") == "RAD").then(pl.lit("yes")).otherwise(pl.lit("no")),
        administers=pl.lit("no"),
    )
    priorities = pl.DataFrame(PRIORITIES, schema=["label", "hours"], orient="row").with_columns(
        active,
        code=pl.format("{}{}", pl.lit(region.short), pl.int_range(pl.len())),
        deadline_hours=pl.col("hours").cast(pl.String),
        kind=pl.col("hours").cast(pl.String),
        annual_volume=pl.lit("1000"),
    )
    series = pl.DataFrame({"kind": ["accession", "referral", "patient"]}).with_columns(
        active,
        code=pl.lit(f"{region.short}-") + pl.col("kind").str.slice(0, 3),
        label=pl.col("kind"),
        prefix=pl.lit(region.short) + pl.col("kind").str.slice(0, 1).str.to_uppercase(),
        first=pl.lit("00000001"),
        last=pl.lit("99999999"),
        length=pl.lit("12"),
        issuer=pl.lit(region.short),
    )
    return {"section": sections, "role": roles, "priority": priorities, "number_series": series}


def units(region: Region, rng: np.random.Generator) -> pl.DataFrame:
    """Return a region's own referring units; a few perform. ``kin`` is the HSA-ID, which the truth uses."""
    size = region.sizes["unit"]
    serial = np.arange(size)
    kinds = np.where(serial < max(3, size // 400), "performing", "referring")
    closed = pl.Series((rng.random(size) < 0.06) & (kinds == "referring"))
    hsa = pl.Series(f"SE{region.org}-" + base36(serial + 1_296, 4))
    return pl.DataFrame({"clinic": _pick(rng, CLINICS, size), "head": _pick(rng, HEADS, size)}).with_columns(
        code=pl.lit(region.short) + pl.lit(text(serial + 10_000)),
        label=pl.concat_str("clinic", "head", pl.lit(text(serial % 97)), separator=" "),
        hsa_id=pl.lit(hsa),
        provider=pl.lit(region.dashed),
        place=pl.lit(_pick(rng, PLACES, size)),
        kind=pl.lit(pl.Series(kinds)),
        parent=pl.lit(""),
        reply_route=pl.lit(f"EDI-{region.short}-") + pl.lit(text(serial)),
        cost_centre=pl.lit(text(serial + 70_000)),
        status=pl.when(pl.lit(closed)).then(pl.lit("retired")).otherwise(pl.lit("active")),
        annual_volume=pl.lit(text(np.floor(rng.pareto(1.2, size) * 40).astype(np.int64))),
        open_orders=pl.lit("0"),
        kin=pl.lit(hsa),
    )


def neighbours(region: Region, other: pl.DataFrame, rng: np.random.Generator, share: float) -> pl.DataFrame:
    """Return another region's units as this region lists them: own code, same HSA-ID and reply route."""
    active = other.filter((pl.col("status") == "active") & (pl.col("kind") == "referring"))
    count = min(int(region.sizes["unit"] * share), active.height)
    taken = active[np.sort(rng.choice(active.height, count, replace=False))]
    label = pl.concat_str(pl.col("head"), pl.col("clinic").str.to_lowercase(), pl.col("place"), separator=" ")
    return taken.with_columns(
        code=pl.lit(f"{region.short}X") + pl.lit(text(np.arange(count) + 10_000)),
        label=label,
        annual_volume=pl.lit("12"),
    )


def rooms(region: Region, rng: np.random.Generator, homes: pl.DataFrame) -> pl.DataFrame:
    """Return a region's rooms; ``method`` joins examinations to them."""
    size = region.sizes["room"]
    serial = np.arange(size)
    share = np.array([about[2] for about in METHODS.values()])
    method = pl.Series(np.array(list(METHODS))[rng.choice(len(METHODS), size, p=share / share.sum())])
    home = homes["code"][rng.integers(0, homes.height, size)]
    words = {name: about[1][region.style] for name, about in METHODS.items()}
    machine = pl.col("method").replace_strict({name: about[0] for name, about in METHODS.items()})
    number, net = pl.lit(text(serial)), f"10.{20 + int(region.org[6:9]) % 200}."
    return pl.DataFrame({"method": method, "site": home}).with_columns(
        code=pl.col("site") + pl.lit("-") + number,
        label=pl.format("{} {} {}", pl.col("method").replace_strict(words), pl.col("site"), number),
        section=pl.lit(region.short + "S") + pl.lit(text(serial % len(SECTION_NAMES))),
        modality=pl.col("method").replace_strict(words),
        dicom_modality=machine,
        ae_title=pl.concat_str(pl.lit(region.short), machine, number, separator="_"),
        station_name=pl.concat_str(pl.lit(region.short), machine, number),
        host=pl.lit(net + text(serial // 250) + "." + text(serial % 250 + 1)),
        port=pl.lit("104"),
        mobile=pl.lit("no"),
        bookable=pl.lit("yes"),
        hours=pl.lit("07-17"),
        status=pl.lit("active"),
        annual_volume=pl.lit(text(rng.integers(500, 20_000, size))),
        bookings=pl.lit(text(rng.integers(0, 500, size))),
    )  # fmt: skip


def devices(region: Region, labs: pl.DataFrame) -> pl.DataFrame:
    """Return a workstation for every fourth room."""
    beside = labs.gather_every(4)
    number = pl.int_range(pl.len()).cast(pl.String)
    return beside.select(
        code=pl.lit(f"{region.short}-INV-") + number,
        label=pl.format("Granskningsstation {}", "code"),
        room="code",
        serial=pl.lit(f"SN-{region.short}-") + number,
        ae_title=pl.lit(f"{region.short}_WS") + number,
        station_name=pl.lit(f"{region.short}WS") + number,
        host=pl.col("host").str.replace(r"^10\.", "11."),
        port=pl.lit("11112"),
        facility=pl.lit(f"{region.short}_RIS") + number,
        status=pl.lit("active"),
    )


def exam_rooms(exams: pl.DataFrame, labs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return one room of the right method for each active examination, and a second one for every third."""
    active = exams.filter(pl.col("status") == "active").select("code", "method", "duration")
    active = pl.concat([active, active.gather_every(3)]).with_columns(
        turn=pl.int_range(pl.len()).over("method")
    )
    here = labs.select("method", room="code").with_columns(turn=pl.int_range(pl.len()).over("method"))
    many = here.group_by("method").agg(rooms=pl.len())
    offset = int(rng.integers(0, 1000))
    return (
        active.join(many, on="method")
        .with_columns(turn=(pl.col("turn") + offset) % pl.col("rooms"))
        .join(here, on=["method", "turn"])
        .select(exam="code", room="room", duration="duration")
        .unique(["exam", "room"], keep="first", maintain_order=True)
        .sort("exam", "room")
    )


def order_items(exams: pl.DataFrame, region: Region) -> pl.DataFrame:
    """Return an orderable for each of the hundred commonest examinations."""
    often = exams.filter(pl.col("status") == "active").sort(
        pl.col("annual_volume").cast(pl.Int64), descending=True
    )
    return often.head(100).select(
        code=pl.lit(f"{region.short}-B") + pl.int_range(pl.len()).cast(pl.String),
        label="label",
        exams="code",
        asks_side=pl.lit("no"),
        section="section",
        system=pl.lit("Remissportalen"),
        status=pl.lit("active"),
        annual_volume="annual_volume",
    )


assert set(ROLES) == set(ROLE_NAMES)
