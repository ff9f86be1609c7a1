"""Scores as rows of text and as JSON: exact fractions beside decimals, dollars in whole cents."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TextIO

from comanage.exports.cells import safe_text
from comanage.values.rounding import exact_text
from scorecards.scoring.plans.engine import Scores
from scorecards.scoring.plans.scored import Paid, Scored, ScoredDomain, ScoredIndicator
from scorecards.scoring.plans.trail import decimal_of

COLUMNS = (
    *("organization", "part", "name", "value", "tier", "points", "available", "share", "weight"),
    *("score", "amount", "exact", "not_scored"),
)
Cells = dict[str, str]


def number(value: Fraction | None) -> str:
    """Write a figure as a decimal: exact, else twelve decimals, halves upward."""
    return "" if value is None else decimal_of(value)


def exact(value: Fraction | None) -> str:
    """Write a figure without any rounding."""
    return "" if value is None else exact_text(value)


def write_csv(stream: TextIO, scores: Scores) -> None:
    """Write one row for each indicator, domain, total and part of pay of each organisation."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, value in scores.across.items():
        cells = {"part": "across", "name": name, "value": number(value), "exact": exact(value)}
        writer.writerow([cells.get(column, "") for column in COLUMNS])
    for scored in scores.organizations:
        organization = safe_text(scored.organization)
        for cells in _rows(scored):
            cells["organization"] = organization
            writer.writerow([cells.get(column, "") for column in COLUMNS])


def _rows(scored: Scored) -> Iterator[Cells]:
    for each in scored.points.indicators:
        yield {"part": "indicator", "name": each.slug, **_indicator(each)}
        yield from _figures("indicator_figure", each.slug, each.figures)
    for domain in scored.points.domains:
        if domain.slug:
            yield {"part": "domain", "name": domain.slug, **_domain(domain)}
            yield from _figures("domain_figure", domain.slug, domain.figures)
    total = scored.points.total
    if scored.points.indicators:
        yield {
            "part": "total", "score": number(total.score), "share": number(total.share),
            "exact": exact(total.score), "not_scored": total.reason,
        }  # fmt: skip
    for paid in scored.pay:
        yield from _paid(paid)
    if scored.pay_total is not None:
        amount = scored.pay_total.dollars_text
        yield {"part": "pay_total", "amount": amount, "exact": amount}


def _figures(part: str, owner: str, figures: Sequence[tuple[str, Fraction]]) -> Iterator[Cells]:
    for name, value in figures:
        cells = {"value": number(value), "exact": exact(value)}
        yield {"part": part, "name": f"{owner}.{name}", **cells}


def _indicator(each: ScoredIndicator) -> Cells:
    is_scored = each.points is not None
    return {
        "value": number(each.value),
        "tier": each.tier,
        "points": number(each.points),
        "available": number(each.available),
        "share": number(each.share) if is_scored else "",
        "weight": number(each.weight),
        "exact": exact(each.points),
        "not_scored": each.reason,
    }


def _domain(domain: ScoredDomain) -> Cells:
    is_scored = domain.score is not None
    return {
        "points": number(domain.points) if is_scored else "",
        "available": number(domain.available) if is_scored else "",
        "share": number(domain.share),
        "weight": number(domain.weight),
        "score": number(domain.score),
        "exact": exact(domain.score),
        "not_scored": domain.reason,
    }


def _paid(paid: Paid) -> Iterator[Cells]:
    amount = "" if paid.amount is None else paid.amount.dollars_text
    yield {
        "part": "pay", "name": paid.name, "amount": amount, "exact": amount,
        "not_scored": paid.reason,
    }  # fmt: skip
    yield from _figures("pay_figure", paid.name, paid.figures)
    for share in paid.shares:
        dollars = share.amount.dollars_text
        yield {
            "part": "pay_share", "name": f"{paid.name}.{share.slug}",
            "available": share.available.dollars_text, "amount": dollars, "exact": dollars,
        }  # fmt: skip


def write_wide_csv(stream: TextIO, scores: Scores) -> None:
    """Write one row for each organisation, its figures side by side."""
    writer = csv.writer(stream, lineterminator="\n")
    rows = [(scored.organization, dict(_wide(scored))) for scored in scores.organizations]
    header = list(dict.fromkeys(name for _, cells in rows for name in cells))
    writer.writerow(["organization", *header])
    for organization, cells in rows:
        writer.writerow([safe_text(organization), *(cells.get(name, "") for name in header)])


def _wide(scored: Scored) -> Iterator[tuple[str, str]]:
    yield "total", number(scored.points.total.score)
    yield "not_scored", scored.points.total.reason
    for domain in scored.points.domains:
        if domain.slug:
            yield f"domain {domain.slug}", number(domain.score)
    for each in scored.points.indicators:
        yield f"points {each.slug}", number(each.points)
    for paid in scored.pay:
        yield f"pay {paid.name}", "" if paid.amount is None else paid.amount.dollars_text
    if scored.pay_total is not None:
        yield "pay total", scored.pay_total.dollars_text
    for paid in scored.pay:
        for name, value in paid.figures:
            yield f"pay {paid.name} {name}", number(value)


def write_json(
    stream: TextIO, head: Mapping[str, Any], scores: Scores, notes: Sequence[str]
) -> None:
    """Write everything, an organisation at a time: figures as exact text and as decimals."""
    across = {name: _figure(value) for name, value in scores.across.items()}
    top = {**head, "warnings": list(notes), "across": across}
    text = json.dumps(top, ensure_ascii=False, indent=1)
    stream.write(text[: text.rindex("\n}")] + ',\n "organizations": [')
    for place, scored in enumerate(scores.organizations):
        stream.write(",\n" if place else "\n")
        stream.write(json.dumps(scored_document(scored), ensure_ascii=False))
    stream.write("\n ]\n}\n")


def scored_document(scored: Scored) -> dict[str, Any]:
    """Write the score of one organisation as plain values, exact numbers as text."""
    total = scored.points.total
    return {
        "organization": scored.organization,
        "indicators": [
            {
                "slug": each.slug,
                "value": _figure(each.value),
                "tier": each.tier or None,
                "points": _figure(each.points),
                "available": _figure(each.available),
                "weight": _figure(each.weight),
                "figures": {name: _figure(value) for name, value in each.figures},
                "not_scored": each.reason or None,
            }
            for each in scored.points.indicators
        ],
        "domains": [
            {
                "slug": each.slug,
                "points": _figure(each.points),
                "available": _figure(each.available),
                "score": _figure(each.score),
                "share": _figure(each.share),
                "weight": _figure(each.weight),
                "figures": {name: _figure(value) for name, value in each.figures},
                "not_scored": each.reason or None,
            }
            for each in scored.points.domains
            if each.slug
        ],
        "total": {
            "score": _figure(total.score),
            "share": _figure(total.share),
            "not_scored": total.reason or None,
        },
        "pay": [_paid_document(each) for each in scored.pay],
        "pay_total": None if scored.pay_total is None else scored.pay_total.dollars_text,
        "steps": [step.to_document() for step in scored.steps],
    }


def _paid_document(paid: Paid) -> dict[str, Any]:
    return {
        "name": paid.name,
        "amount": None if paid.amount is None else paid.amount.dollars_text,
        "figures": {name: _figure(value) for name, value in paid.figures},
        "shares": [
            {
                "slug": share.slug,
                "available": share.available.dollars_text,
                "amount": share.amount.dollars_text,
            }
            for share in paid.shares
        ],
        "not_scored": paid.reason or None,
    }


def _figure(value: Fraction | None) -> dict[str, str] | None:
    return None if value is None else {"exact": exact_text(value), "decimal": decimal_of(value)}
