"""A bundle as plain data, looked at without the program's own code."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def resources(bundle: Json, *kinds: str) -> list[Json]:
    """The resources of a bundle, in order; those of ``kinds``, if any are named."""
    found = [entry.get("resource", {}) for entry in bundle.get("entry", ())]
    return [each for each in found if not kinds or each.get("resourceType") in kinds]


def sections(bundle: Json) -> list[Json]:
    """The sections of the document."""
    return [
        each for held in resources(bundle, "Composition")[:1] for each in held.get("section", ())
    ]


def section(bundle: Json, code: str) -> Json:
    """The one section with a code of LOINC."""
    [found] = [each for each in sections(bundle) if code in codes(each.get("code", {}))]
    return found


def codes(concept: Any) -> list[str]:
    """The codes of a concept, of whatever system."""
    return [each.get("code", "") for each in concept.get("coding", ())]


def walk(value: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Everything in a value: its path, the last key on it, and what is there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}.{key}", key, inner
            yield from walk(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield f"{path}[{at}]", "", inner
            yield from walk(inner, f"{path}[{at}]")


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Every reference, with the path of what refers."""
    for path, key, inner in walk(value):
        if key == "reference" and isinstance(inner, str):
            yield path.removesuffix(".reference"), inner
