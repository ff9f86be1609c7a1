"""A report held against the Measure it says it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from indicators.exchange.errors import quoted, refusal
from indicators.exchange.reading import Element, last_part
from indicators.exchange.vocabulary import CALCULATED_CODES


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What a report takes from its measure, and what was found when the two were compared."""

    document: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    is_only_group: bool = True

    def period_notes(self, period: dict[str, Any] | None) -> list[str]:
        """Say when a report's days lie outside those in which its measure is in force."""
        force = (self.document or {}).get("effective_period")
        if not force or not period:
            return []
        starts, until = period["first_day"], period["until"]
        early = starts and force["first_day"] and starts < force["first_day"]
        late = until and force["until"] and until > force["until"]
        if not early and not late:
            return []
        start, end = force["start"] or "open", force["end"] or "open"
        return [f"The report's days lie outside those of the measure, {start} to {end}."]

    def group_for(self, group: Element, link_id: str, codes: Sequence[str]) -> GroupMatch:
        """Find the group of the measure that a group of the report is about."""
        groups = self.document["groups"] if self.document else []
        for wanted in (group.text("id"), link_id):
            for known in groups:
                if wanted and wanted in (known["id"], known["link_id"]):
                    return GroupMatch(known)
        for known in groups:
            if set(codes) & set(_codes(known["code"])):
                return GroupMatch(known)
        alone = len(groups) == 1 and self.is_only_group
        return GroupMatch(groups[0] if alone else None, is_missing=bool(groups) and not alone)


@dataclass(frozen=True, slots=True)
class GroupMatch:
    """The group of the measure, or None when it is not known.

    Attributes:
        is_missing: the measure is at hand, and has no such group.
    """

    document: dict[str, Any] | None = field(default=None)
    is_missing: bool = False

    @property
    def scoring(self) -> str:
        """The way of scoring of the measure's group; empty when it is not known."""
        return str(self.document["scoring"]) if self.document else ""

    @property
    def improvement(self) -> str:
        """Whether more or less is better, by the measure; empty when it is not known."""
        return str(self.document["improvement_notation"] or "") if self.document else ""

    @property
    def multiplier(self) -> int | None:
        """What scores are multiplied by, by the measure: 1000 for so many per 1,000."""
        return self.document["score_multiplier"] if self.document else None

    @property
    def observation_ids(self) -> list[str]:
        """The ids of the measure's observations."""
        populations = self.document["populations"] if self.document else []
        return [
            known["id"] or known["link_id"]
            for known in populations
            if known["code"] == "measure-observation" and (known["id"] or known["link_id"])
        ]

    def lacks(self, code: str, concept: dict[str, Any] | None) -> bool:
        """Say whether the measure is at hand and its group has no such population."""
        if self.document is None or code in CALCULATED_CODES:
            return False
        if code:
            return all(known["code"] != code for known in self.document["populations"])
        return not any(
            {*_codes(concept)} & {*_codes(known["coded_as"])}
            for known in self.document["populations"]
        )

    def observed_in(self, population_id: str, link_id: str) -> str:
        """Say what a measure observation of the report was observed in: `numerator` or so."""
        populations = self.document["populations"] if self.document else []
        for known in populations:
            if known["code"] == "measure-observation" and {population_id, link_id} & {
                known["id"],
                known["link_id"],
            }:
                return self.named(known["criteria_reference"] or "")
        return ""

    def named(self, reference: str) -> str:
        """Return the code of the population that a reference means."""
        populations = self.document["populations"] if self.document else []
        for known in populations:
            if reference and reference in (known["id"], known["link_id"], known["code"]):
                return known["code"] or ""
        return reference


def compare(report: Element, measures: Sequence[dict[str, Any]], *, given: bool) -> MeasureFacts:
    """Find the measure of a report among those at hand.

    Args:
        report: the MeasureReport.
        measures: imported measures; with `given`, the one of `--measure`.
        given: whether the caller named the measure, so that another one is an error.

    Returns:
        The measure with notes on every difference; no measure when none of the file fits.

    Raises:
        ExchangeError: the caller's measure is another one than the report's.
    """
    address, version = split_canonical(report.text("measure"))
    for measure in measures:
        if notes := _differences(address, version, measure):
            alone = len(report.children("group")) == 1
            return MeasureFacts(measure, tuple(note for note in notes if note), alone)
    if given and measures:
        raise refusal(
            report.at("measure"),
            f"The report is about {quoted(address)}, and the measure given is "
            f"{quoted(measures[0]['url'] or measures[0]['id'] or 'without an address')}. Give "
            f"the measure that the report was made for.",
        )
    return MeasureFacts()


def split_canonical(address: str) -> tuple[str, str]:
    """Split `http://…/Measure/x|1.0` in its address and its version, which may be empty."""
    plain, _, version = address.partition("|")
    return plain, version


def _differences(address: str, version: str, measure: dict[str, Any]) -> list[str] | None:
    """Return notes when this is the measure, one of them perhaps empty; None when it is not."""
    known, known_version = split_canonical(measure["url"] or "")
    known_version = known_version or measure["version"] or ""
    notes = [""]
    if address != known:
        if not _is_alias(address, known, measure):
            return None
        notes.append(
            f"The report names its measure {quoted(address)}; the measure calls itself "
            f"{quoted(known)}. They end in the same name and were taken for the same."
        )
    if version and known_version and version != known_version:
        notes.append(
            f"The report was made for version {quoted(version)}, the measure is version "
            f"{quoted(known_version)}; their populations may differ."
        )
    return notes


def _is_alias(address: str, known: str, measure: dict[str, Any]) -> bool:
    """Whether another address ends in the measure's name or id, or is one of its identifiers."""
    identifiers = {part.get("value", "") for part in measure["identifiers"]}
    name = last_part(address)
    return address in identifiers or (
        bool(name) and name in (last_part(known), measure["id"], measure["name"])
    )


def _codes(concept: dict[str, Any] | None) -> list[str]:
    """List the codes of a group's concept, or its words when it has none."""
    if concept is None:
        return []
    return [part["code"] for part in concept["coding"] if "code" in part] or [
        part for part in [concept.get("text", "")] if part
    ]
