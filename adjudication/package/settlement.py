"""The year's settlement as a FHIR R4 document, for machines. Pure: from the snapshot alone.

Why these resources, and not others: `comanage/decisions/0030-copies-of-the-report.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from html import escape
from typing import Any

from adjudication.verifying.enclosed import APPROVED, CONDITIONAL
from adjudication.years.presenters import StepReading
from adjudication.years.steps import Step
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import exact_text, fraction_from_text
from indicators.exchange.json_text import write_json
from indicators.exchange.measures_out import canonical_of, scoring_code
from indicators.exchange.reports_out import Result, Sender, report_resource
from indicators.exchange.settlement_out import settlement_bundle
from indicators.exchange.writing import Resource, stable_urn, without_blanks, words
from indicators.measure.definition import Definition
from indicators.measure.rate import exact_parts
from indicators.measure.tally import Tally
from scorecards.plans.goals import with_goals

CONTENT_TYPE = "application/fhir+json"
SNAPSHOT_SYSTEM = "urn:comanage:snapshot:sha256"
DOCUMENT_SYSTEM = "urn:ietf:rfc:3986"
# In which capacity a step is signed, by the codes of FHIR's composition-attestation-mode.
_MODES = {Step.COUNSEL.label: "legal", Step.CEO.label: "official"}
PERCENT = 100
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attested:
    """Who stands for the settlement, on which snapshot, as of when.

    Attributes:
        as_of: the instant through which sign-offs count.
        dated: the day of the report at the hospital.
    """

    sha256: str
    frozen_at: datetime
    as_of: datetime
    dated: date
    steps: Sequence[StepReading]

    @property
    def is_final(self) -> bool:
        """Whether every step approved."""
        return all(_is_approved(step) for step in self.steps if step.is_signature)


def fhir_text(document: Document, attested: Attested) -> str:
    """Write the settlement as it is sent."""
    return write_json(settlement_resource(document, attested))


def settlement_resource(document: Document, attested: Attested) -> Resource:
    """Write a Bundle of the type document: what was measured, what is owed, and who signed.

    Returns:
        The Composition first; then hospital, physicians' company, contract, the value-based
        reports of each indicator and of the amounts, and each indicator's counts as a summary
        MeasureReport. No case, no patient.
    """
    settled = settlement_bundle(settlement_document(document, attested.dated))["entry"]
    counts = [_entry(report) for report in _summaries(document, attested.dated)]
    composition = _composition(document, attested, settled, counts)
    edition = stable_urn("settlement", attested.sha256, attested.as_of.isoformat())
    return {
        "resourceType": "Bundle",
        "identifier": {"system": DOCUMENT_SYSTEM, "value": edition},
        "type": "document",
        "timestamp": attested.as_of.isoformat(timespec="milliseconds"),
        "entry": [_entry(composition), *settled, *counts],
    }


def settlement_document(document: Document, dated: date) -> dict[str, Any]:
    """Gather the settlement as `indicators/exchange/settlement.schema.json` has it."""
    inputs, result = document["inputs"], document["result"]
    terms, statement = with_goals(inputs["terms"]), result["statement"]
    program, period = terms["program"], _period(terms["period"])
    return {
        "reporter": {"name": inputs["tenant"]},
        "subject": {"name": program["group"]},
        "date": dated.isoformat(),
        "period": {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()},
        "contract": {
            "id": f"terms-{inputs['terms_sha256'][:12]}",
            "url": stable_urn("contract", program["id"]),
            "version": inputs["terms_sha256"][:12],
            "title": f"{program['name']}, {period}",
        },
        "quality": [
            _quality(agreed, scored)
            for agreed, scored in zip(
                terms["indicators"], result["scorecard"]["indicators"], strict=True
            )
        ],
        "metrics": [
            *(_metric(line, place) for place, line in enumerate(statement["lines"], 1)),
            {
                "code": "incentive-pool",
                "title": "Incentive pool",
                "value": {"money": _dollars(terms["pay"]["incentive_pool"])},
            },
            {"code": "total", "title": "Total", "value": {"money": _dollars(statement["total"])}},
        ],
    }


def _quality(agreed: Document, scored: Document) -> dict[str, Any]:
    definition = Definition.from_document(agreed["definition"])
    above, below = exact_parts(Tally.from_document(scored["tally"]), definition)
    canonical = canonical_of(definition)
    return {
        "id": agreed["slug"],
        "title": definition.title,
        "measure": {"url": canonical.url, "version": canonical.version},
        "scoring": scoring_code(definition),
        "improvement": definition.improvement,
        "numerator": exact_text(above),
        "denominator": exact_text(below),
        **_points(agreed, scored),
        "thresholds": [{"type": tier["name"], "value": tier["goal"]} for tier in agreed["tiers"]],
        "metrics": ["incentive"],
    }


def _points(agreed: Document, scored: Document) -> dict[str, str]:
    """Write weight and points earned: as agreed, or as a scoring plan came to them."""
    if "points" in scored["score"]:
        earned, _ = scored["score"]["points"]
        weight = fraction_from_text(scored["score"]["weight_applied"]) / PERCENT
        return {"weight": exact_text(weight), "score": earned}
    return {
        "weight": exact_text(Fraction(agreed["weight"], PERCENT)),
        "score": exact_text(fraction_from_text(scored["score"]["share"]) * agreed["weight"]),
    }


def _metric(line: Document, place: int) -> dict[str, Any]:
    """Write one line of the statement; a part of the pay can have a line for each payee."""
    value = {"money": _dollars(line["amount"])}
    if line["component"] == "incentive":
        return {
            "id": "incentive",
            "code": "earned-incentive",
            "title": "Incentive earned",
            "payment_stream": "p4p",
            "value": value,
        }
    title = line.get("label") or line["component"].replace("_", " ").capitalize()
    payee = f", {line['payee']['name']}" if line.get("payee") else ""
    return {
        "id": f"line-{place}",
        "code": title,
        "title": f"{title}{payee}",
        "value": value,
    }


def _summaries(document: Document, dated: date) -> list[Resource]:
    """Write each indicator's counts."""
    inputs = document["inputs"]
    terms = inputs["terms"]
    return [
        report_resource(
            definition,
            Result.of_tally(
                definition,
                Tally.from_document(inputs["tallies"][agreed["slug"]]),
                agreed["minimum_cases"],
            ),
            measure=canonical_of(definition),
            period=_period(terms["period"]),
            sender=Sender(inputs["tenant"], dated),
        )
        for agreed in terms["indicators"]
        for definition in (Definition.from_document(agreed["definition"]),)
    ]


def _composition(
    document: Document,
    attested: Attested,
    settled: Sequence[Resource],
    counts: Sequence[Resource],
) -> Resource:
    payer, provider, contract, *reports = settled
    *quality, amounts = reports
    terms = document["inputs"]["terms"]
    total = Money.from_dollars(document["result"]["statement"]["total"])
    title = f"Settlement of {terms['program']['name']}, {_period(terms['period'])}"
    summary = f"{title}: {total} to {terms['program']['group']}. The signed PDF is the record."
    return {
        "resourceType": "Composition",
        "id": "settlement",
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(summary)}</p></div>',
        },
        "identifier": {"system": SNAPSHOT_SYSTEM, "value": attested.sha256},
        "status": "final" if attested.is_final else "preliminary",
        "type": words("Adjudication report of a co-management program"),
        "subject": _to(provider),
        "date": attested.frozen_at.isoformat(timespec="seconds"),
        "author": [_to(payer)],
        "title": title,
        **without_blanks(
            {"attester": [_attester(step) for step in attested.steps if _is_approved(step)]}
        ),
        "custodian": _to(payer),
        "section": [
            {"title": "What is owed", "entry": [_to(amounts)]},
            {"title": "Results against the terms", "entry": [_to(report) for report in quality]},
            {"title": "Counts", "entry": [_to(report) for report in counts]},
            {"title": "Terms", "entry": [_to(contract)]},
        ],
    }


def _is_approved(step: StepReading) -> bool:
    """Say whether a step stands for the settlement: a return does not."""
    return step.decision in {APPROVED, CONDITIONAL}


def _attester(step: StepReading) -> Resource:
    at = step.signed_at.isoformat(timespec="seconds") if step.signed_at else ""
    return without_blanks(
        {
            "mode": _MODES.get(step.title, "professional"),
            "time": at,
            "party": {"display": f"{step.who}, {step.role}"},
        }
    )


def _entry(resource: Resource) -> Resource:
    kind = resource["resourceType"]
    return {"fullUrl": stable_urn(kind, resource["id"]), "resource": resource}


def _to(entry: Resource) -> Resource:
    return {"reference": entry["fullUrl"]}


def _dollars(amount: str) -> str:
    return Money.from_dollars(amount).dollars_text


def _period(ends: Mapping[str, str]) -> Period:
    return Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))
