"""A stranger reads a ConceptMap: nothing of codemerge is used, only the two files it wrote.

Takes an exported ConceptMap Bundle (R4 or R5) and the exported crosswalk CSV, looks every code of
the crosswalk up in the maps, and compares. Prints how many agree; exit code 1 if any doesn't.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from typing import Any

# R4 says what the target is, R5 how the source relates to it (HL7, ConceptMap 4.0.1 and 5.0.0).
FROM_R4 = {
    "equivalent": "equivalent",
    "wider": "source-is-narrower-than-target",
    "narrower": "source-is-broader-than-target",
    "relatedto": "related-to",
}

Answers = dict[tuple[str, str, str], set[tuple[str, str, str]]]


def in_the_maps(bundle: dict[str, Any]) -> Answers:
    """Return ``(entity, region, code)`` → ``(relationship, combined code, condition)``, as slugs."""
    out: Answers = defaultdict(set)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if not resource["id"].endswith("-to-combined"):
            continue
        entity, region = resource["id"].removesuffix("-to-combined").rsplit("-", 1)
        for group in resource["group"]:
            for element in group["element"]:
                for target in element.get("target", []):
                    if "code" not in target:
                        continue
                    relationship = target.get("relationship") or FROM_R4[target["equivalence"]]
                    said = [
                        (
                            d.get("attribute") or d["property"].rsplit("/", 1)[1],
                            d.get("valueString") or d["value"],
                        )
                        for d in target.get("dependsOn", [])
                    ]
                    condition = ";".join(f"{name}={value}" for name, value in said)
                    out[entity, region, element["code"]].add((relationship, target["code"], condition))
    return out


def slug(text: str) -> str:
    """Return the address form of an entity's or region's id."""
    return text.lower().replace("_", "-").replace("ö", "o").replace("ä", "a").replace("å", "a")


def in_the_crosswalk(path: str) -> Answers:
    """Return the same of the crosswalk; codes that lead nowhere have an empty set."""
    out: Answers = defaultdict(set)
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123 - a stranger's plain Python
        for row in csv.DictReader(file):
            key = (slug(row["entity"]), slug(row["region"]), row["code"])
            out[key] |= set()
            if row["combined_code"]:
                out[key].add((row["relationship"], row["combined_code"], row["condition"].replace("; ", ";")))
    return out


def main(maps: str, crosswalk: str) -> int:
    with open(maps, encoding="utf-8") as file:  # noqa: PTH123 - as above
        found = in_the_maps(json.load(file))
    wanted = in_the_crosswalk(crosswalk)
    entities = {entity for entity, _, _ in found}
    asked = {key: answers for key, answers in wanted.items() if key[0] in entities}
    unfit = {key for key in asked if key[2] != key[2].strip() or "  " in key[2]}  # no FHIR code
    differ = [key for key in asked if key not in unfit and found.get(key, set()) != asked[key]]
    for key in differ[:10]:
        print(key, "crosswalk:", sorted(asked[key]), "map:", sorted(found.get(key, set())))
    print(f"{len(asked)} codes asked, {len(unfit)} no FHIR code, {len(differ)} answered otherwise")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
