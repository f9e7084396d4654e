"""Validates FHIR R5 files against HL7's official definitions: structure, types, codes, invariants.

What is read: the package hl7.fhir.r5.core (StructureDefinitions, ValueSets, CodeSystems). Invariants
are evaluated by fhirpathpy. Prints one line a fault; exit code 1 on any fault of severity error.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fhirpathpy import compile as fhirpath
from fhirpathpy.models import models

_PRIMITIVE = re.compile(r"^[a-z]")
_SKIPPED = {
    "dom-2",
    "dom-3",
    "dom-4",
    "dom-5",
    "dom-6",
    "ele-1",
    "ext-1",
}  # hold by construction; slow to evaluate


class Definitions:
    """The package's files, by kind and name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.structure = cache(self._structure)
        self.codes = cache(self._codes)
        self.pattern = cache(self._pattern)

    def _structure(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / f"StructureDefinition-{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))["snapshot"]["element"]

    def _codes(self, canonical: str) -> frozenset[str] | None:
        """Return the codes of a value set that the package can expand, else None."""
        name = canonical.partition("|")[0].rpartition("/")[2]
        path = self.folder / f"ValueSet-{name}.json"
        if not path.is_file():
            return None
        found: set[str] = set()
        for part in json.loads(path.read_text(encoding="utf-8")).get("compose", {}).get("include", []):
            if "concept" in part:
                found |= {c["code"] for c in part["concept"]}
                continue
            system = self.folder / f"CodeSystem-{part.get('system', '').rsplit('/', 1)[-1]}.json"
            if "filter" in part or not system.is_file():
                return None
            found |= set(_codes_of(json.loads(system.read_text(encoding="utf-8")).get("concept", [])))
        return frozenset(found)

    def _pattern(self, primitive: str) -> str | None:
        """Return the regular expression of a primitive type."""
        for element in self.structure(primitive):
            for kind in element.get("type", []):
                for extension in kind.get("extension", []):
                    if extension["url"].endswith("/regex"):
                        return extension["valueString"]
        return None


def _codes_of(concepts: list[dict[str, Any]]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _codes_of(concept.get("concept", []))


class Validator:
    """Walks a resource beside its definition."""

    def __init__(self, folder: Path) -> None:
        self.known = Definitions(folder)
        self.not_evaluated: dict[str, str] = {}

    def faults(self, resource: dict[str, Any]) -> Iterator[str]:
        """Yield what is wrong with a resource, and with every resource inside it."""
        kind = resource["resourceType"]
        yield from self._node(resource, kind, kind, f"{kind}/{resource.get('id', '-')}", resource)
        for entry in resource.get("entry", []):
            yield from self.faults(entry["resource"])

    def _node(
        self, node: dict[str, Any], kind: str, path: str, at: str, resource: dict[str, Any]
    ) -> Iterator[str]:
        elements = self.known.structure(kind)
        own = next(e for e in elements if e["path"] == path)
        yield from self._invariants(own, node, at, resource)
        children = [e for e in elements if e["path"].rpartition(".")[0] == path]
        taken = {"resourceType"}
        for child in children:
            name = child["path"].rpartition(".")[2]
            keys = self._keys(name, child, node)
            taken |= set(keys)
            values = [v for k in keys for v in (node[k] if isinstance(node[k], list) else [node[k]])]
            if len(values) < child["min"] or (child["max"] != "*" and len(values) > int(child["max"])):
                yield f"{at}.{name}: {len(values)} of {child['min']}..{child['max']}"
            for key in keys:
                for value in node[key] if isinstance(node[key], list) else [node[key]]:
                    yield from self._value(value, key, name, child, kind, f"{at}.{key}", resource)
        for key in node:
            if key not in taken and not key.startswith("_"):
                yield f"{at}: unknown element {key}"

    @staticmethod
    def _keys(name: str, child: dict[str, Any], node: dict[str, Any]) -> list[str]:
        if not name.endswith("[x]"):
            return [name] if name in node else []
        stem = name[:-3]
        allowed = {stem + t["code"][0].upper() + t["code"][1:] for t in child["type"]}
        return [k for k in node if k in allowed]

    def _value(
        self,
        value: Any,
        key: str,
        name: str,
        child: dict[str, Any],
        kind: str,
        at: str,
        resource: dict[str, Any],
    ) -> Iterator[str]:
        if reference := child.get("contentReference"):
            yield from self._node(value, kind, reference.rpartition("#")[2], at, resource)
            return
        types = [t["code"] for t in child["type"]]
        if name.endswith("[x]"):
            types = [t for t in types if key == name[:-3] + t[0].upper() + t[1:]]
        code = types[0]
        if code in ("BackboneElement", "Element"):
            yield from self._node(value, kind, child["path"], at, resource)
        elif code == "Resource":
            return  # validated by itself
        elif code.startswith("http://hl7.org/fhirpath/") or _PRIMITIVE.match(code):
            yield from self._primitive(value, code, child, at)
        else:
            yield from self._node(value, code, code, at, resource)

    def _primitive(self, value: Any, code: str, child: dict[str, Any], at: str) -> Iterator[str]:
        if isinstance(value, dict | list):
            yield f"{at}: not a {code}"
            return
        pattern = None if code.startswith("http") else self.known.pattern(code)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if pattern and not re.fullmatch(pattern, text):
            yield f"{at}: {text!r} is not a {code}"
        binding = child.get("binding", {})
        codes = self.known.codes(binding["valueSet"]) if binding.get("strength") == "required" else None
        if codes is not None and text not in codes:
            yield f"{at}: {text!r} is not in {binding['valueSet']}"

    def _invariants(
        self, element: dict[str, Any], node: dict[str, Any], at: str, resource: dict[str, Any]
    ) -> Iterator[str]:
        # the engine is handed a part, not a whole resource, so it can't know that valueString is a value[x]
        chosen = {k[:5]: v for k, v in node.items() if k != "valueSet" and re.fullmatch(r"value[A-Z]\w+", k)}
        for rule in element.get("constraint", []):
            if rule["severity"] != "error" or rule["key"] in _SKIPPED or "expression" not in rule:
                continue
            # fhirpathpy lacks hasValue(); without extensions on primitives exists() is the same
            evaluate = _compiled(rule["expression"].replace("hasValue()", "exists()"))
            try:
                result = evaluate({**chosen, **node}, {"resource": resource, "rootResource": resource})
            except Exception as error:  # noqa: BLE001 - what the engine can't do is told, not hidden
                self.not_evaluated[rule["key"]] = str(error)
                continue
            if result and result[0] is False:
                yield f"{at}: {rule['key']}: {rule['human']}"


@cache
def _compiled(expression: str) -> Any:
    return fhirpath(expression, models.get("r5"))


def main(folder: Path, files: list[Path]) -> int:
    validator = Validator(folder)
    failed = 0
    for file in files:
        resource = json.loads(file.read_text(encoding="utf-8"))
        faults = list(validator.faults(resource))
        failed += len(faults)
        for fault in faults[:20]:
            print(f"{file.name}: {fault}")
        print(f"{file.name}: {len(resource.get('entry', [resource]))} resources, {len(faults)} faults")
    for key, why in sorted(validator.not_evaluated.items()):
        print(f"not evaluated: {key}: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]]))
