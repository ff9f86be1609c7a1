"""A settlement as reports of the Da Vinci Value-Based Performance Reporting guide."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comanage.values.period import Period
from indicators.exchange import vocabulary as v
from indicators.exchange.errors import ExchangeError
from indicators.exchange.json_text import parse_json, write_json
from indicators.exchange.measures_out import period_resource
from indicators.exchange.reading import Element
from indicators.exchange.reports_out import bundle
from indicators.exchange.settlement_fields import (
    day_text,
    decimal_number,
    exact_number,
    needed,
    optional_decimal,
    period_of,
    said_text,
)
from indicators.exchange.settlement_metrics import coded, metric_resource
from indicators.exchange.writing import (
    Resource,
    concept,
    exact_extension,
    extension,
    resource_id,
    score_decimal,
    stable_urn,
    without_blanks,
)

THRESHOLD_SYSTEM = "http://hl7.org/fhir/us/davinci-vbpr/CodeSystem/threshold-type"
# Codes of the guide; any other name is written in words, as its extensible bindings allow.
THRESHOLDS = frozenset({f"star-{star}" for star in range(1, 6)})


def settlement_bundle(settlement: Mapping[str, Any]) -> Resource:
    """Write one period's settlement as a Bundle.

    Args:
        settlement: the document of `settlement.schema.json`: who reports to whom about which
            contract and period; `quality`, the indicators with counts, score, weight and
            thresholds; `metrics`, the amounts with payment stream and baseline. Numbers are
            exact text ("0.085", "53/660"), money is text with two decimals.

    Returns:
        A collection with the two organizations, the contract as a Measure with its weights,
        a quality MeasureReport for each indicator, and the performance MeasureReport.

    Raises:
        ExchangeError: a field is missing or is not what it should be, named by its place.

    Source:
        Da Vinci Value-Based Performance Reporting 1.0.0: profiles vbp-measure,
        vbp-quality-measurereport and vbp-performance-measurereport.
    """
    root = Element(parse_json(write_json(dict(settlement))), "settlement")
    period = period_of(needed(root, "period"))
    payer = _organization(needed(root, "reporter"))
    provider = _organization(needed(root, "subject"))
    dated = day_text(root, "date")
    contract = _contract(root, needed(root, "contract"), payer)
    quality = [_quality_report(part, payer, period, dated) for part in root.children("quality")]
    report = _performance_report(root, contract, payer, provider, period)
    return bundle([payer, provider, contract, *quality, report])


def _contract(root: Element, contract: Element, payer: Resource) -> Resource:
    """Write the contract: which measures count in it, and with which weight."""
    title = said_text(contract, "title")
    address = contract.text("url") or stable_urn("contract", title)
    return without_blanks(
        {
            "resourceType": "Measure",
            "id": resource_id(contract.text("id") or title),
            "meta": {"profile": [f"{v.VBPR}vbp-measure"]},
            "url": address,
            "version": contract.text("version") or "1",
            "name": resource_id(contract.text("id") or title).replace("-", "_").capitalize(),
            "title": title,
            "status": "active",
            "experimental": False,
            "publisher": payer["name"],
            "description": title,
            "relatedArtifact": [
                without_blanks(
                    {
                        "extension": _weight(part),
                        "type": "composed-of",
                        "display": said_text(part, "title"),
                        "resource": _measure_address(part),
                    }
                )
                for part in root.children("quality")
            ],
        }
    )


def _quality_report(quality: Element, payer: Resource, period: Period, dated: str) -> Resource:
    """Write one indicator: its calculated counts, score, weight and thresholds."""
    above, below = quality_counts(quality)
    score = optional_decimal(quality, "score")
    return without_blanks(
        {
            "resourceType": "MeasureReport",
            "id": _quality_id(quality),
            "meta": {"profile": [f"{v.VBPR}vbp-quality-measurereport"]},
            "extension": [
                extension(
                    v.DEQM_SCORING,
                    valueCodeableConcept=concept(
                        v.SCORING_SYSTEM, quality.text("scoring") or "proportion"
                    ),
                ),
                _category(),
                *([extension(f"{v.VBPR}score", valueDecimal=score)] if score is not None else []),
                *_weight(quality, f"{v.VBPR}weight"),
                *[_threshold(part) for part in quality.children("thresholds")],
            ],
            "status": "complete",
            "type": "summary",
            "measure": _measure_address(quality),
            "date": dated,
            "reporter": _to(payer),
            "period": period_resource(period),
            "improvementNotation": concept(
                v.IMPROVEMENT_SYSTEM, quality.text("improvement") or "increase"
            ),
            "group": [
                without_blanks(
                    {
                        "id": "group-1",
                        "population": [
                            _calculated(v.CALCULATED_NUMERATOR, above),
                            _calculated(v.CALCULATED_DENOMINATOR, below),
                        ],
                        "measureScore": {"value": score_decimal(above / below)} if below else {},
                    }
                )
            ],
        }
    )


def quality_counts(quality: Element) -> tuple[Fraction, Fraction]:
    """Read the exact numerator and denominator of one indicator."""
    return exact_number(quality, "numerator"), exact_number(quality, "denominator")


def _performance_report(
    root: Element, contract: Resource, payer: Resource, provider: Resource, period: Period
) -> Resource:
    """Write the amounts: one group for each metric."""
    paid_through = day_text(root, "paid_through") if root.text("paid_through") else ""
    return without_blanks(
        {
            "resourceType": "MeasureReport",
            "id": resource_id(f"settlement-{period.start}-{period.last}"),
            "meta": {"profile": [f"{v.VBPR}vbp-performance-measurereport"]},
            "extension": [
                _category(),
                *(
                    [extension(f"{v.VBPR}paid-through-date", valueDate=paid_through)]
                    if paid_through
                    else []
                ),
            ],
            "status": "complete",
            "type": "summary",
            "measure": f"{contract['url']}|{contract['version']}",
            "subject": {
                "extension": [
                    extension(f"{v.VBPR}organization-subject", valueReference=_to(provider))
                ]
            },
            "date": day_text(root, "date"),
            "reporter": _to(payer),
            "period": period_resource(period),
            "group": [metric_resource(part, period) for part in root.children("metrics")],
            "evaluatedResource": [_evaluated(part) for part in root.children("quality")],
        }
    )


def _threshold(threshold: Element) -> Resource:
    unit = threshold.text("unit")
    quantity = {"value": decimal_number(threshold, "value")} | ({"unit": unit} if unit else {})
    kind = coded(said_text(threshold, "type"), THRESHOLDS, THRESHOLD_SYSTEM)
    return extension(
        f"{v.VBPR}threshold",
        extension=[
            extension("threshold", valueQuantity=quantity),
            extension("type", valueCodeableConcept=kind),
        ],
    )


def _weight(quality: Element, url: str = f"{v.CQFM}cqfm-weight") -> list[Resource]:
    weight = optional_decimal(quality, "weight")
    return [] if weight is None else [extension(url, valueDecimal=weight)]


def _evaluated(quality: Element) -> Resource:
    groups = [
        extension(f"{v.VBPR}group-reference", valueString=resource_id(name))
        for name in quality.texts("metrics")
    ]
    reference = {"reference": stable_urn("MeasureReport", _quality_id(quality))}
    return ({"extension": groups} if groups else {}) | reference


def _calculated(code: str, count: Fraction) -> Resource:
    written = {
        "id": code,
        "code": concept(v.VBPR_POPULATION_SYSTEM, code, code.replace("-", " ").title()),
    }
    if count.denominator == 1:
        return written | {"count": int(count)}
    return written | {"extension": [exact_extension(count)]}


def _category() -> Resource:
    return extension(v.CATEGORY, valueCodeableConcept=concept(v.CATEGORY_SYSTEM, "vbp"))


def _organization(said: Element) -> Resource:
    name = said_text(said, "name")
    return {
        "resourceType": "Organization",
        "id": resource_id(said.text("id") or name),
        "active": True,
        "name": name,
    }


def _to(organization: Resource) -> Resource:
    return {
        "reference": stable_urn("Organization", organization["id"]),
        "display": organization["name"],
    }


def _quality_id(quality: Element) -> str:
    return resource_id(f"quality-{quality.text('id') or said_text(quality, 'title')}")


def _measure_address(quality: Element) -> str:
    measure = needed(quality, "measure")
    return "|".join(filter(None, (said_text(measure, "url"), measure.text("version"))))


def check_settlement(value: object) -> Mapping[str, Any]:
    """Return a settlement read from a file, when it is an object at all."""
    if not isinstance(value, Mapping):
        raise ExchangeError("A settlement is one JSON object, in { }.")
    return value
