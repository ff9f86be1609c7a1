"""Which resources of a file are read: a Measure, a MeasureReport, or bundles of them."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from indicators.exchange.errors import ExchangeError, quoted, refusal
from indicators.exchange.reading import Element, last_part, walk

HOLDERS = ("Bundle", "Parameters")


@dataclass(frozen=True, slots=True)
class Found:
    """The resources of one file.

    Attributes:
        measures: in the order of the file.
        reports: in the order of the file.
        libraries: beside the measures, by their address without a version, and by id.
        names: names of organizations, by the references that a report may use for them.
        set_aside: how many resources of other types were not read.
    """

    measures: tuple[Element, ...]
    reports: tuple[Element, ...]
    libraries: tuple[Element, ...]
    names: dict[str, str]
    set_aside: Counter[str]


def find_resources(root: Element) -> Found:
    """Find what can be read in a resource.

    Raises:
        ExchangeError: there is neither a Measure nor a MeasureReport, or something marked as
            changing the meaning of what we would read.
    """
    held = _held(root)
    measures = tuple(part for _, part in held if part.text("resourceType") == "Measure")
    reports = tuple(part for _, part in held if part.text("resourceType") == "MeasureReport")
    if not measures and not reports:
        kinds = sorted({quoted(part.text("resourceType")) for _, part in held})
        inside = f" with {', '.join(kinds[:5])}" if root.path in HOLDERS and kinds else ""
        raise ExchangeError(
            f"This is a {quoted(root.text('resourceType'))}{inside}; only a Measure, a "
            f"MeasureReport, or a Bundle with them is read."
        )
    for part in (*measures, *reports):
        check_no_modifier(part)
    return Found(
        measures,
        reports,
        tuple(part for _, part in held if part.text("resourceType") == "Library"),
        _organization_names(held),
        Counter(
            part.text("resourceType") or "unnamed"
            for _, part in held
            if part.text("resourceType") not in ("Measure", "MeasureReport", "Library")
        ),
    )


def check_no_modifier(resource: Element) -> None:
    """Refuse rules and extensions that change what the rest means; we know none of them.

    Source:
        FHIR R4, Extensibility 2.4: who does not understand a modifier extension must not go
        on; Resource.implicitRules likewise.
    """
    for path, value in walk(resource.value, resource.path):
        if value.get("modifierExtension"):
            address = _first_address(Element(value, path))
            raise refusal(
                f"{path}.modifierExtension",
                f"The extension {quoted(address)} changes what this element means, and is not "
                f"known here.",
            )
        if value.get("implicitRules"):
            raise refusal(
                f"{path}.implicitRules", "These rules change what the resource means; unknown here."
            )


def contained(resource: Element, kind: str) -> list[Element]:
    """List the resources of one type that are inside another one."""
    return [part for part in resource.children("contained") if part.text("resourceType") == kind]


def _held(root: Element) -> list[tuple[str, Element]]:
    """List the resources of bundles, and of bundles in bundles, with their full addresses."""
    found: list[tuple[str, Element]] = []
    waiting = deque([("", root)])
    while waiting:
        address, resource = waiting.popleft()
        kind = resource.text("resourceType")
        if kind not in HOLDERS:
            found.append((address, resource))
            continue
        entries = resource.children("entry") if kind == "Bundle" else _parameters(resource)
        _check_holder(resource, entries)
        inner = [(entry.text("fullUrl"), entry.child("resource")) for entry in entries]
        waiting.extend((full, part) for full, part in inner if part is not None)
    return found


def _parameters(resource: Element) -> list[Element]:
    """List the parameters with the parts inside them, at any depth, in the order of the file."""
    found: list[Element] = []
    waiting = deque(resource.children("parameter"))
    while waiting:
        part = waiting.popleft()
        found.append(part)
        waiting.extendleft(reversed(part.children("part")))
    return found


def _check_holder(resource: Element, entries: list[Element]) -> None:
    if resource.value.get("implicitRules"):
        raise refusal(resource.at("implicitRules"), "These rules change the meaning; unknown here.")
    for part in (resource, *entries):
        if part.value.get("modifierExtension"):
            raise refusal(
                part.at("modifierExtension"),
                f"The extension {quoted(_first_address(part))} changes what this means, and is "
                f"not known here.",
            )


def _first_address(element: Element) -> str:
    return next((part.text("url") for part in element.children("modifierExtension")), "")


def _organization_names(held: list[tuple[str, Element]]) -> dict[str, str]:
    names = {}
    for address, part in held:
        if part.text("resourceType") == "Organization" and part.text("name"):
            names[f"Organization/{part.text('id')}"] = part.text("name")
            if address:
                names[address] = part.text("name")
                names[f"Organization/{last_part(address)}"] = part.text("name")
    return names
