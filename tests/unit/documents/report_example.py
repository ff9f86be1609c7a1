"""An example of what the adjudication report prints, and the definition of its context.

The template `adjudication/package/report.html` takes one plain dict, `report`. It is derived
from the snapshot document alone; every value is text already printed by its filter, because
a template prints and does not compute. Charts are SVG text from `comanage.documents.charts`.

    title, id, status            texts for the cover; `id` is short, it stands in the footer
    tenant, program, service_line, period, made_at
    parties                      [{role, name}]
    snapshot_sha256              64 hexadecimal digits
    freshness                    through which day the cases go, when they came, what is lacking
    total, headline              the amount owed, and one sentence about it
    lines                        [{component, basis, amount}]
    pool, incentive              the pool and what was earned of it
    weight_total                 such as `100`
    pool_chart, pool_sentence    charts.steps_bar and charts.steps_bar_sentence
    sign_offs                    [{step, state, name, role, at, snapshot_sha256, note}];
                                 name is empty for a step not yet taken
    indicators                   [{title, sentence, chart, rate_text, weight, tier, share,
                                   available, earned, definition, counts, tiers, points,
                                   trend}]
        definition               [{term, text}]
        counts                   [{label, value, is_total}]
        tiers                    [{name, goal, share, reached}]
        trend                    None for a report of before, or chart and sentence, head and
                                 months as rows of text, and the same in bands
                                 [{months: [[name, year]], rows: [{name, cells}]}]
    safeguards, not_held         [{what, finding}], empty for a report of before; [sentence]
    schedule                     [{title, steps}]; steps [{label, rule, inputs, output}],
                                 inputs [[name, value]]
    documents                    [{name, detail, sha256}]
    limitations                  [sentence]
    contents                     [{title, anchor}]; anchor is the id of the section's heading
    terms, review, as_of         texts: the signed terms, who reviewed, through which instant
    has_plan, domains            whether a scoring plan pays; [{title, weight, points, score}]
    conduct                      None for a report of before, or
        compliance               [{what, state, finding}]
        participants             [{name, npi, days, share}]
        work                     [{name, hours, wrvus}]
        rates                    [sentence]
        committee                [{name, role, text, at}]
        review                   [{title, outcome, figures, how, charts}]; empty before it is signed
        statement, sampling      texts: of independence, and how charts were drawn
        not_recorded             [sentence]
        exceptions               [{kind, what, by, ended}]
        files                    [{file, due, came, late}]
        accounts                 [{entry, by, owed, settled}]
        outlook                  [{term, text}]
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from comanage.documents.charts import (
    BulletChart,
    EarnedPart,
    Goal,
    Reading,
    TrendChart,
    TrendPoint,
    bullet,
    bullet_sentence,
    control_chart,
    control_chart_sentence,
    steps_bar,
    steps_bar_sentence,
)
from comanage.values.money import Money

SNAPSHOT = "3f9a61c0b7d24e58a91f0c6d2b7e4a5538c1de90f7ab6642d0e9135bc8472f6a"
PERIOD = "1 Jan 2025 to 31 Dec 2025"

READMISSION = BulletChart(
    title="30-day readmission",
    improvement="decrease",
    now=Reading(Fraction("0.080"), "8.0 %"),
    goals=(
        Goal("Threshold", Reading(Fraction("0.085"), "8.5 %")),
        Goal("Target", Reading(Fraction("0.080"), "8.0 %")),
        Goal("Stretch", Reading(Fraction("0.075"), "7.5 %")),
    ),
    reached="Target",
    baseline=Reading(Fraction("0.091"), "9.1 %"),
    interval=(0.0733, 0.0880),
    cases="424 of 5,279 stays",
    bounds=(Fraction(0), Fraction(1)),
)
STAY = BulletChart(
    title="Average length of stay",
    improvement="decrease",
    now=Reading(Fraction("3.5"), "3.5 days"),
    goals=(
        Goal("Threshold", Reading(Fraction("3.6"), "3.6 days")),
        Goal("Target", Reading(Fraction("3.4"), "3.4 days")),
    ),
    reached="Threshold",
    baseline=Reading(Fraction("3.8"), "3.8 days"),
    cases="mean of 5,279 stays",
)
TREND = TrendChart(
    title="30-day readmission",
    improvement="decrease",
    points=tuple(
        TrendPoint(
            period=month,
            now=Reading(Fraction(result) / 100, f"{result} %"),
            center=Reading(Fraction("0.080"), "8.0 %"),
            lower=Reading(Fraction("0.060"), "6.0 %"),
            upper=Reading(Fraction("0.100"), "10.0 %"),
            meaning=meaning,
            cases=cases,
        )
        for month, result, meaning, cases in (
            ("Jan 2025", "7.9", "common_cause", "35 of 440 cases"),
            ("Feb 2025", "11.0", "concern", "48 of 440 cases"),
        )
    ),
)
PARTS = [
    EarnedPart("30-day readmission", Money(8_000_000), Money(5_600_000)),
    EarnedPart("Average length of stay", Money(12_000_000), Money(633_333)),
]


def report_example(**changes: Any) -> dict[str, Any]:
    """Give a whole report with valid defaults; a test states only what it is about."""
    report = {
        "contents": [
            {"title": "Result", "anchor": "result"},
            {"title": "Contract compliance", "anchor": "compliance"},
        ],
        "has_plan": False,
        "domains": [],
        "terms": f"Signed 28 Dec 2024, SHA-256 {SNAPSHOT[:12]}",
        "review": "Anna Lindqvist, who declared to be independent of both parties. Signed",
        "as_of": "14 Mar 2026, 10:05 CDT",
        "conduct": _conduct(),
        "title": "Adjudication report 2025",
        "id": "ADJ-2025-01",
        "status": "Authorized for payment",
        "tenant": "Riverside Health",
        "program": "Cardiovascular co-management",
        "service_line": "Cardiology",
        "period": PERIOD,
        "made_at": "14 Mar 2026, 10:05 CDT",
        "parties": [
            {"role": "Hospital", "name": "Riverside Health"},
            {"role": "Physicians", "name": "Riverside Heart Physicians, LLC"},
        ],
        "snapshot_sha256": SNAPSHOT,
        "freshness": "Data through 31 Dec 2025, received 9 Jan 2026, 06:02 UTC.",
        "total": "$182,333.33",
        "headline": f"is owed to Riverside Heart Physicians, LLC for {PERIOD}: a fixed fee of "
        "$120,000.00 and $62,333.33 earned of an incentive pool of $200,000.00.",
        "lines": [
            {"component": "Fixed fee", "basis": "Whole period", "amount": "$120,000.00"},
            {"component": "Incentive", "basis": "31.17 of 100 points", "amount": "$62,333.33"},
        ],
        "division": [],
        "divided": "$0.00",
        "pool": "$200,000.00",
        "incentive": "$62,333.33",
        "weight_total": "100",
        "pool_chart": steps_bar(PARTS),
        "pool_sentence": steps_bar_sentence(PARTS),
        "sign_offs": _sign_offs(),
        "indicators": [
            _indicator(READMISSION, weight="40", part=PARTS[0], share="70 %") | {"trend": _trend()},
            _indicator(STAY, weight="60", part=PARTS[1], share="5.28 %"),
        ],
        "safeguards": [{"what": "Deficiencies", "finding": "Nobody named one."}],
        "not_held": ["CoManage holds no case mix."],
        "schedule": [
            {"title": "30-day readmission", "steps": _steps()},
            {"title": "Statement", "steps": _steps()[-1:]},
        ],
        "documents": _documents(),
        "limitations": [
            "It covers the cases the hospital sent. Cases that were not sent are not counted.",
            "It is not legal advice and not an opinion on fair market value.",
        ],
    }
    return report | changes


def _indicator(chart: BulletChart, *, weight: str, part: EarnedPart, share: str) -> dict[str, Any]:
    """Give one indicator's page."""
    return {
        "title": chart.title,
        "sentence": bullet_sentence(chart),
        "chart": bullet(chart),
        "rate_text": chart.now.text if chart.now else "Not scored",
        "weight": weight,
        "points": "",
        "tier": chart.reached or "None",
        "share": share,
        "available": str(part.available),
        "earned": str(part.earned),
        "definition": [
            {"term": "Initial population", "text": "Stays of the cardiology service line"},
            {"term": "Denominator", "text": "Same as the initial population"},
            {"term": "Excluded", "text": "Patient died in hospital, or left against advice"},
            {"term": "Numerator", "text": "Any stay that begins within 30 days of discharge"},
            {"term": "Better", "text": "Lower"},
            {"term": "Source", "text": "CMS Hospital-Wide Readmission, as amended by the parties"},
        ],
        "counts": [
            {"label": "Initial population", "value": "5,402", "is_total": False},
            {"label": "Excluded", "value": "123", "is_total": False},
            {"label": "Value missing", "value": "0", "is_total": False},
            {"label": "Met the numerator", "value": "424", "is_total": False},
            {"label": "Did not meet it", "value": "4,855", "is_total": False},
            {"label": "Eligible", "value": "5,279", "is_total": True},
        ],
        "tiers": [
            {
                "name": goal.name,
                "goal": goal.at.text,
                "share": f"{40 + 30 * place} %",
                "reached": goal.name == chart.reached,
            }
            for place, goal in enumerate(chart.goals)
        ],
        "trend": None,
    }


def _trend() -> dict[str, Any]:
    """Give two months."""
    return {
        "chart": control_chart(TREND),
        "sentence": control_chart_sentence(TREND),
        "head": ("Month", "Cases that met", "Cases judged", "Result"),
        "months": [("Jan 2025", "35", "440", "7.9 %"), ("Feb 2025", "48", "440", "11.0 %")],
        "bands": [
            {
                "months": [["Jan", "2025"], ["Feb", "2025"]],
                "rows": [
                    {"name": "Cases that met", "cells": ("35", "48")},
                    {"name": "Result", "cells": ("7.9 %", "11.0 %")},
                ],
            }
        ],
    }


def _steps() -> list[dict[str, Any]]:
    """Give steps as the scoring records them."""
    return [
        {
            "label": "Rate",
            "rule": "Numerator divided by eligible cases",
            "inputs": [["Numerator", "424"], ["Eligible cases", "5,279"]],
            "output": "424/5279",
        },
        {
            "label": "Round for comparison",
            "rule": "Percentage to 1 decimal, halves upward",
            "inputs": [["Rate", "424/5279"]],
            "output": "8.0 %",
        },
        {
            "label": "Tier",
            "rule": "Best tier whose goal is met; lower is better",
            "inputs": [["Threshold", "8.5 %"], ["Target", "8.0 %"], ["Stretch", "7.5 %"]],
            "output": "Target, 70 %",
        },
        {
            "label": "Earned",
            "rule": "Available times share, half a cent upward",
            "inputs": [["Available", "$80,000.00"], ["Share", "70 %"]],
            "output": "$56,000.00",
        },
    ]


def _documents() -> list[dict[str, str]]:
    """Give what the numbers rest on."""
    return [
        {
            "name": "Terms of the measurement year",
            "detail": f"Locked 28 Dec 2024, in force {PERIOD}",
            "sha256": SNAPSHOT[::-1],
        },
        {
            "name": "Stays extract, version 2",
            "detail": f"stays-2025.csv, 16,402 rows, {PERIOD}, received 6 Feb 2026, 07:40 CST",
            "sha256": SNAPSHOT[32:] + SNAPSHOT[:32],
        },
        {
            "name": "Fair-market-value opinion",
            "detail": "Harbor Valuation, 3 Dec 2024: fixed fee to $130,000.00, incentive to "
            "$200,000.00, total to $320,000.00; valid 1 Jan 2025 to 31 Dec 2026",
            "sha256": "",
        },
    ]


def _conduct() -> dict[str, Any]:
    """Give how the year was conducted."""
    return {
        "roster": "",
        "compliance": [
            {"what": "Pay within the opinion", "state": "Met", "finding": "At most $320,000.00."}
        ],
        "participants": [
            {
                "name": "Dr. Ruth Adeyemi",
                "npi": "2999999008",
                "days": PERIOD,
                "share": "365 of 365",
            }
        ],
        "work": [{"name": "Dr. Ruth Adeyemi", "hours": "12.50", "wrvus": "0.00"}],
        "rates": ["Duties: $2,000.00 for 12.50 approved hours is $160.00 an hour."],
        "committee": [
            {
                "name": "Carla Nwosu",
                "role": "Physician manager",
                "text": "We agree with the counts.",
                "at": "13 Mar 2026, 08:00 CDT",
            }
        ],
        "statement": "Nobody in my family is paid by this result.",
        "sampling": "All judged cases where there are up to 30, else 30 of them",
        "review": [
            {
                "title": "30-day readmission",
                "outcome": "Match",
                "figures": "424 / 5,279",
                "how": "Own count, Anna Lindqvist, 12 Mar 2026, 11:00 CDT.",
                "charts": "No charts were sampled.",
            }
        ],
        "not_recorded": ["Minutes of meetings are not recorded in CoManage."],
        "exceptions": [
            {
                "kind": "Time logs",
                "what": "March lacks a log.",
                "by": "Tom Okafor, 12 Mar 2026, 09:30 CDT",
                "ended": "Mended: filed. Ruth Feldman, 13 Mar 2026, 10:00 CDT",
            }
        ],
        "files": [],
        "accounts": [
            {
                "entry": f"Due: incentive, {PERIOD}",
                "by": "Helen Brandt, 14 Mar 2026, 10:00 CDT",
                "owed": "$62,333.33",
                "settled": "",
            }
        ],
        "outlook": [{"term": "Opinion", "text": "It holds through 31 Dec 2026."}],
    }


def _sign_offs() -> list[dict[str, str]]:
    """Give the chain of sign-offs, the last one still to come."""
    taken = {"state": "Signed", "snapshot_sha256": SNAPSHOT, "note": ""}
    return [
        {
            **taken,
            "step": "Data owner attests",
            "name": "Ben Sato",
            "role": "Service-line administrator",
            "at": "12 Mar 2026, 09:12 CDT",
        },
        {
            **taken,
            "step": "Legal counsel approves",
            "name": "Miriam Okafor",
            "role": "Legal counsel",
            "at": "13 Mar 2026, 16:40 CDT",
            "note": "Approved on the opinion of 3 Dec 2024.",
        },
        {
            **taken,
            "step": "CEO authorizes payment",
            "name": "",
            "role": "Chief executive",
            "at": "",
            "state": "Waiting",
        },
    ]
