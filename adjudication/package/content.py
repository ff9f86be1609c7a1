"""What the adjudication report prints: plain text, from the snapshot and its signatures alone.

Pure: the template `adjudication/package/report.html` takes the dict that `report_content`
returns and computes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from adjudication.compensation.dues import COMPONENT_NAMES, in_a_sentence
from adjudication.compensation.early_end import EarlyEnd
from adjudication.package.conduct import Year, conduct_content
from adjudication.package.safeguards import NOT_HELD, safeguards_content
from adjudication.package.trend import trend_content, trends_of
from adjudication.verifying.enclosed import sign_offs_document
from adjudication.years.presenters import (
    StepReading,
    line_basis,
    line_name,
    payees_in_words,
    read_division,
    read_steps,
)
from adjudication.years.steps import Step
from comanage.documents.charts import steps_bar, steps_bar_sentence
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from indicators.library.wording import criterion_in_words, definition_in_words
from indicators.measure.definition import Definition
from scorecards.cards.reading import IndicatorReading, read_domains, read_indicators

_LIMITATIONS = (
    (
        "The report covers the cases that the hospital sent. Cases that were not sent are not "
        "counted; cases with a missing value are counted as the definitions say, and their number "
        "is shown."
    ),
    (
        "A rate is what happened, not how sure we can be of it: the line across each chart shows "
        "the 95 % interval of a proportion."
    ),
    "Results are not adjusted for risk unless a definition says so.",
    "It is not legal advice and not an opinion on fair market value.",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the snapshot: who, which edition, when it was made and paid."""

    tenant: str
    zone: ZoneInfo
    number: int
    sha256: str
    stage: str
    made_at: str
    steps: Sequence[StepReading]
    signed_at: Sequence[str]
    payment: str


def report_content(document: Mapping[str, Any], frame: Frame, records: str = "") -> dict[str, Any]:
    """Lay the report out; see `templates/adjudication/package/report.html` for its order.

    Args:
        document: the snapshot.
        frame: what stands around it.
        records: of the year, as the report carries them; empty for a report of before.
    """
    terms, result = document["inputs"]["terms"], document["result"]
    program, statement = terms["program"], result["statement"]
    period = _period(terms["period"])
    days = EarlyEnd.days_paid(document["inputs"], period)
    readings = read_indicators(terms, result["scorecard"])
    parts = [reading.part for reading in readings]
    total = Money.from_dollars(statement["total"])
    incentive = Money.from_dollars(statement["lines"][-1]["amount"])
    pool = Money.from_dollars(terms["pay"]["incentive_pool"])
    year = Year(document, json.loads(records), frame.steps, frame.zone) if records else None
    division, trends = read_division(document), trends_of(document)
    agreed = {each["slug"]: each for each in terms["indicators"]}
    return {
        "contents": _contents(has_conduct=year is not None),
        "conduct": conduct_content(year) if year else None,
        "safeguards": safeguards_content(year, trends) if year else [],
        "not_held": NOT_HELD,
        "as_of": frame.made_at,
        "terms": (
            f"Signed {_day(terms['signed_on'])}, SHA-256 {document['inputs']['terms_sha256'][:12]}"
        ),
        "review": _review(frame.steps),
        "title": f"Adjudication report {period.start.year}",
        "id": f"ADJ-{period.start.year}-{frame.number:02}",
        "status": frame.stage,
        "tenant": frame.tenant,
        "program": program["name"],
        "service_line": program["service_line"].replace("_", " ").capitalize(),
        "period": str(period),
        "made_at": frame.made_at,
        "parties": [
            {"role": "Hospital", "name": frame.tenant},
            {"role": "Physicians", "name": program["group"]},
        ],
        "snapshot_sha256": frame.sha256,
        "freshness": _freshness(document["inputs"]["slices"], days),
        "total": str(total),
        "headline": (
            f"is owed to {payees_in_words(program['group'], statement)} for {period}: "
            f"{_parts_owed(statement['lines'])} and {incentive} earned of an incentive pool of "
            f"{pool}.{_ended(period, days)}{frame.payment}"
        ),
        "lines": [
            {
                "component": line_name(line),
                "basis": line_basis(line, terms),
                "amount": str(Money.from_dollars(line["amount"])),
            }
            for line in statement["lines"]
        ],
        "group": program["group"],
        "division": division,
        "divided": str(sum((part.amount for part in division), Money(0))),
        "pool": str(pool),
        "incentive": str(incentive),
        "has_plan": "scoring_plan" in terms,
        "domains": [
            {"title": each.title, "weight": each.weight, "points": each.points, "score": each.score}
            for each in read_domains(result["scorecard"])
        ],
        "weight_total": str(sum((reading.weight for reading in readings), Fraction(0))),
        "pool_chart": steps_bar(parts),
        "pool_sentence": steps_bar_sentence(parts),
        "sign_offs": [
            _sign_off(step, at) for step, at in zip(frame.steps, frame.signed_at, strict=True)
        ],
        "indicators": [
            _indicator(reading, terms["scope"])
            | {"trend": trend_content(document, agreed[slug], trends.get(slug))}
            for slug, reading in ((reading.slug, reading) for reading in readings)
        ],
        "schedule": [
            *({"title": reading.title, "steps": list(reading.steps)} for reading in readings),
            {"title": "The whole pool", "steps": result["scorecard"]["score"]["steps"]},
            {"title": "Statement", "steps": read_steps(statement["steps"])},
            *(
                [{"title": "Division", "steps": result["division"]["steps"]}]
                if "division" in result
                else []
            ),
        ],
        "documents": [*_documents(document["inputs"], period), *_records(records)],
        "limitations": [*_LIMITATIONS, *filter(None, map(_limitations, readings))],
    }


def _parts_owed(lines: Sequence[Mapping[str, Any]]) -> str:
    """Say what all parts but the incentive come to, as in `a fixed fee of $300.00`."""
    amounts: dict[str, Money] = {}
    for line in lines[:-1]:
        part, amount = line["component"], Money.from_dollars(line["amount"])
        amounts[part] = amounts.get(part, Money(0)) + amount
    said = [
        f"a fixed fee of {amount}"
        if part == "fixed_fee"
        else f"{amount} for {in_a_sentence(COMPONENT_NAMES[part])}"
        for part, amount in amounts.items()
    ]
    return ", ".join(said)


def sign_offs_of(report: str, stage: str, frame: Frame, records: str) -> dict[str, Any]:
    """Write the sign-offs as they travel inside the report, beside the snapshot."""
    return sign_offs_document(
        report=report,
        stage=stage,
        snapshot_sha256=frame.sha256,
        records_sha256=sha256(records.encode()).hexdigest(),
        sign_offs=[
            {
                "step": step.title,
                "role": step.role,
                "decision": step.decision,
                "name": step.who,
                "signed_at": step.signed_at.isoformat() if step.signed_at else "",
                "snapshot_sha256": step.sha256,
                "note": step.note,
            }
            for step in frame.steps
            if step.is_signature
        ],
    )


def _contents(*, has_conduct: bool) -> list[dict[str, str]]:
    """List the sections with the anchors of their headings, in order."""
    sections = [
        ("Result", "result"),
        ("Documents relied on", "documents"),
        *([("Contract compliance", "compliance")] if has_conduct else ()),
        *([("Physician engagement", "engagement")] if has_conduct else ()),
        ("Results, indicator by indicator", "indicators"),
        *([("Safeguards", "safeguards")] if has_conduct else ()),
        ("Calculation schedule", "schedule"),
        *([("Exceptions and judgment calls", "exceptions")] if has_conduct else ()),
        *([("Outlook", "outlook")] if has_conduct else ()),
        ("Sign-offs and limitations", "sign-offs"),
    ]
    return [{"title": title, "anchor": anchor} for title, anchor in sections]


def _review(steps: Sequence[StepReading]) -> str:
    """Say who reviewed the year, and that they are independent, as they declared by signing."""
    for step in steps:
        if step.title == Step.REVIEW.label and step.who:
            return f"{step.who}, who declared to be independent of both parties. {step.word}"
    return "The independent reviewer has not signed yet"


def _records(records: str) -> list[dict[str, str]]:
    """Name the enclosed records among the documents."""
    if not records:
        return []
    return [
        {
            "name": "Records of the year",
            "detail": "Holds, comments, files, restatements and ledger, enclosed as records.json",
            "sha256": sha256(records.encode()).hexdigest(),
        }
    ]


def _ended(period: Period, days: Period) -> str:
    """Say that the agreement ended inside the year; nothing where it did not."""
    if days == period:
        return ""
    return f" The agreement ended on {day_text(days.last)}, and the days before are paid: {days}."


def _freshness(slices: Sequence[Mapping[str, Any]], year: Period) -> str:
    """Say through which day the frozen cases go, when they came, and how many days have none."""
    if not slices:
        return "No data of this year was accepted."
    newest = max(slices, key=lambda slice_: (slice_["end"], slice_["received_at"]))
    through, received = _period(newest).last, _moment(newest["received_at"])
    came = f"Data through {day_text(through)}, received {received}."
    covered = [_period(slice_) for slice_ in slices]
    lacking = year.days - sum(
        (min(each.end, year.end) - each.start).days for each in covered if each.overlaps(year)
    )
    if not lacking:
        return came
    return f"{came} No file covers {lacking:,} {'day' if lacking == 1 else 'days'} of the year."


def _limitations(reading: IndicatorReading) -> str:
    limitations = reading.definition.get("limitations")  # a field that is empty is left out
    return f"{reading.title}: {limitations}" if limitations else ""


def _sign_off(step: StepReading, at: str) -> dict[str, str]:
    return {
        "step": step.title,
        "state": step.word,
        "name": step.who,
        "role": step.role,
        "at": at,
        "snapshot_sha256": step.sha256,
        "note": step.note,
    }


def _indicator(reading: IndicatorReading, scope: str) -> dict[str, Any]:
    definition = Definition.from_document(reading.definition)
    better = "Higher" if definition.improvement == "increase" else "Lower"
    return {
        "title": reading.title,
        "sentence": reading.sentence,
        "chart": reading.chart,
        "rate_text": reading.result,
        "weight": reading.weight_text,
        "points": reading.points,
        "tier": reading.tier,
        "share": reading.share,
        "available": str(reading.available),
        "earned": str(reading.earned),
        "definition": [
            {"term": "Scope", "text": criterion_in_words(scope, definition) or "All cases."},
            *(
                {"term": part.name, "text": part.words or part.in_english}
                for part in definition_in_words(definition)
            ),
            {"term": "Better", "text": better},
            *([{"term": "Scored", "text": " ".join(reading.method)}] if reading.method else ()),
            {"term": "Source", "text": definition.source},
            {"term": "Baseline", "text": f"{reading.baseline}: {reading.baseline_origin}"},
            *([{"term": "Benchmark", "text": reading.benchmark}] if reading.benchmark else ()),
        ],
        "counts": [
            {"label": line.label, "value": line.value, "is_total": line.is_total}
            for line in reading.counts
        ],
        "tiers": [
            {"name": tier.name, "goal": tier.goal, "share": tier.share, "reached": tier.is_reached}
            for tier in reading.tiers
        ],
    }


def _documents(inputs: Mapping[str, Any], period: Period) -> list[dict[str, str]]:
    terms = inputs["terms"]
    opinion = terms["opinion"]
    validity = Period(
        date.fromisoformat(opinion["valid_from"]), date.fromisoformat(opinion["valid_until"])
    )
    caps = {name: Money.from_dollars(opinion[name]) for name in ("fixed", "incentive", "total")}
    return [
        {
            "name": "Terms of the measurement year",
            "detail": f"Signed {_day(terms['signed_on'])}, in force {period}",
            "sha256": inputs["terms_sha256"],
        },
        {
            "name": "Fair-market-value opinion",
            "detail": (
                f"{opinion['valuator']}, {_day(opinion['opined_on'])}: fixed fee to "
                f"{caps['fixed']}, incentive to {caps['incentive']}, {_further_caps(opinion)}"
                f"total to {caps['total']}; valid {validity}"
            ),
            "sha256": "",
        },
        *(
            {
                "name": f"{agreed['definition']['title']}, version {agreed['version']}",
                "detail": "Indicator definition",
                "sha256": agreed["definition_sha256"],
            }
            for agreed in terms["indicators"]
        ),
        *(
            {
                "name": f"Cases of {_period(slice_)}, version {slice_['version']}",
                "detail": (
                    f"{slice_['rows']:,} rows, kept as the slice below; from "
                    f"{slice_['filename']} (SHA-256 {slice_['file_sha256']}), received "
                    f"{_moment(slice_['received_at'])}"
                ),
                "sha256": slice_["sha256"],
            }
            for slice_ in inputs["slices"]
        ),
    ]


def _further_caps(opinion: Mapping[str, Any]) -> str:
    return "".join(
        f"{in_a_sentence(COMPONENT_NAMES[kind])} to {Money.from_dollars(cap)}, "
        for kind, cap in opinion.get("caps", {}).items()
    )


def _day(iso: str) -> str:
    return day_text(date.fromisoformat(iso))


def _moment(iso: str) -> str:
    received = datetime.fromisoformat(iso)
    return f"{day_text(received.date())}, {received:%H:%M} UTC"


def _period(ends: Mapping[str, str]) -> Period:
    return Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))
