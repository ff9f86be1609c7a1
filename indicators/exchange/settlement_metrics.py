"""The amounts of a settlement: metrics with their payment stream and baseline."""

from __future__ import annotations

from comanage.values.period import Period
from indicators.exchange import vocabulary as v
from indicators.exchange.measures_out import period_resource
from indicators.exchange.reading import Element
from indicators.exchange.settlement_fields import (
    decimal_number,
    needed,
    period_inside,
    said_text,
)
from indicators.exchange.writing import (
    Resource,
    concept,
    extension,
    resource_id,
    without_blanks,
    words,
)

METRIC_SYSTEM = "http://hl7.org/fhir/us/davinci-vbpr/CodeSystem/vbp-performance-metric"


STREAM_SYSTEM = "http://hl7.org/fhir/us/davinci-vbpr/CodeSystem/payment-stream"


METRICS = frozenset(
    {
        *("earned-incentive", "interim-pmt-rate", "shared-saving-deficit", "med-cost"),
        *("med-cost-target", "variance-cost", "revenue", "member-months", "paid-claim"),
        *("quality-metric-performance-incentive", "weighted-avg-star", "readmission"),
    }
)


STREAMS = frozenset(
    {"ccf", "eoc", "ssq", "ssl", "ssp", "tcoc", "qip", "cdm", "p4r", "p4p", "sip", "sst", "ubip"}
)


DOLLAR = "USD"


def metric_resource(metric: Element, period: Period) -> Resource:
    """Write one amount as a group of the performance report.

    Args:
        metric: one of the settlement's `metrics`.
        period: of the settlement, for a metric that names no service period.
    """
    code = said_text(metric, "code")
    return without_blanks(
        {
            "id": resource_id(metric.text("id") or code),
            "extension": [
                *_streams(metric),
                *_baseline(metric),
                extension(
                    f"{v.VBPR}service-period",
                    valuePeriod=period_resource(period_inside(metric, "service_period") or period),
                ),
            ],
            "code": coded(code, METRICS, METRIC_SYSTEM) | {"text": metric.text("title") or code},
            "measureScore": _metric_score(needed(metric, "value")),
        }
    )


def _metric_score(value: Element) -> Resource:
    """Write an amount: money in the guide's own extension, a number as a quantity."""
    name, amount = _amount(value)
    if name == "valueQuantity":
        return amount
    return {"extension": [extension(f"{v.VBPR}alternate-measurescore", **{name: amount})]}


def _amount(value: Element) -> tuple[str, Resource]:
    if value.text("money"):
        return "valueMoney", {"value": decimal_number(value, "money"), "currency": DOLLAR}
    unit = value.text("unit")
    return "valueQuantity", {"value": decimal_number(value, "number")} | (
        {"unit": unit} if unit else {}
    )


def _baseline(metric: Element) -> list[Resource]:
    baseline = metric.child("baseline")
    if baseline is None:
        return []
    name, amount = _amount(baseline)
    parts = [extension("baseline", **{name: amount})]
    if (period := period_inside(baseline, "period")) is not None:
        parts.append(extension("period", valuePeriod=period_resource(period)))
    return [extension(f"{v.VBPR}baseline", extension=parts)]


def _streams(metric: Element) -> list[Resource]:
    stream = metric.text("payment_stream")
    if not stream:
        return []
    kind = extension("type", valueCodeableConcept=coded(stream, STREAMS, STREAM_SYSTEM))
    return [extension(f"{v.VBPR}payment-stream", extension=[kind])]


def coded(code: str, known: frozenset[str], system: str) -> Resource:
    """Write a code of the guide, or another name in words."""
    return concept(system, code) if code in known else words(code)
