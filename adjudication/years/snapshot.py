"""The snapshot: everything the year's dollars depend on, and the dollars themselves.

Pure. `build` makes the document from terms, counts and slices; `recompute` makes the result
again from the document's own inputs, so that anyone can hold one against the other.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from adjudication.compensation.components import Done, further_dues
from adjudication.compensation.early_end import EarlyEnd
from adjudication.compensation.roster import Roster
from adjudication.compensation.settle import settle
from adjudication.compensation.sharing import division_of
from adjudication.compensation.terms import OpinionCaps, PayTerms
from comanage.values.money import Money
from comanage.values.period import Period
from indicators.measure.tally import Tally
from scorecards.cards.engine import (
    ENGINE_VERSION,
    NO_PRIOR,
    Prior,
    score_tallies,
    scorecard_document,
)

SCHEMA = "comanage.snapshot/1"

Document = dict[str, Any]


def build(
    *,
    tenant: str,
    terms: Mapping[str, Any],
    terms_sha256: str,
    tallies: Mapping[str, Tally],
    slices: Sequence[Mapping[str, Any]],
    work: Sequence[Mapping[str, Any]] = (),
    savings: Sequence[Mapping[str, Any]] = (),
    prior: Prior = NO_PRIOR,
    ended: Mapping[str, Any] | None = None,
    roster: Roster | None = None,
    beside: Mapping[str, Any] | None = None,
) -> Document:
    """Write the year down: its inputs, every step, and the statement of what is owed.

    Approved work stands in it only where the terms pay by work, approved savings where they share
    them, counts of the year before where the scoring plan took them, the record of the agreement's
    end where it ended inside the year, and who took part where that differs from the terms.
    `beside` is told of the year and pays nothing: `trend`, the months of the scorecard or None, and
    `files`, which were promised, as it stood.

    Raises:
        CompensationError: the opinion is not in force for every day that is paid, or nothing says
            what is due for a year that ended early.
    """
    inputs = {
        "tenant": tenant,
        "terms": dict(terms),
        "terms_sha256": terms_sha256,
        "tallies": {slug: tally.to_document() for slug, tally in tallies.items()},
        "slices": [dict(slice_) for slice_ in slices],
        **({"work": [dict(total) for total in work]} if terms.get("components") else {}),
        **({"savings": [dict(count) for count in savings]} if savings else {}),
    }
    if ended is not None:
        inputs["ended"] = dict(ended)
    if roster is not None:
        inputs["roster"] = [dict(each) for each in roster]
    if prior:
        inputs["prior_tallies"] = {slug: tally.to_document() for slug, tally in prior.items()}
    return {
        "schema": SCHEMA,
        "engine_version": ENGINE_VERSION,
        "inputs": inputs,
        "result": result_of(inputs),
        **({"beside": dict(beside)} if beside else {}),
    }


def recompute(canonical: str) -> bool:
    """Compute a snapshot's result again from its inputs; say whether it is the same."""
    document = json.loads(canonical)
    return bool(result_of(document["inputs"]) == document["result"])


def result_of(inputs: Mapping[str, Any]) -> Document:
    """Compute scorecard and statement from a snapshot's inputs alone."""
    terms = inputs["terms"]
    tallies, prior = (
        {slug: Tally.from_document(tally) for slug, tally in counted.items()}
        for counted in (inputs["tallies"], inputs.get("prior_tallies", {}))
    )
    _, scored = score_tallies(terms, tallies, prior)
    pay, ended = _pay_terms(terms), EarlyEnd.from_inputs(inputs)
    done = Done(inputs.get("work", []), inputs.get("savings", []), scored.points)
    further = further_dues(terms.get("components", []), done, pay.period, ended)
    statement = settle(pay, scored, further, ended)
    days = EarlyEnd.days_paid(inputs, pay.period)
    work, roster = inputs.get("work", []), inputs.get("roster")
    division = division_of(terms, statement.lines, work, days, roster)
    return {
        "scorecard": scorecard_document(terms, tallies, prior),
        "statement": statement.to_document(),
        **({"division": division} if division else {}),
    }


def roster_of(inputs: Mapping[str, Any]) -> Roster:
    """Return who took part in a snapshot's year: as the terms say, or as it was recorded."""
    roster: Roster = inputs.get("roster") or inputs["terms"]["participants"]
    return roster


def statement_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the statement of a snapshot."""
    statement: Mapping[str, Any] = document["result"]["statement"]
    return statement


def _pay_terms(terms: Mapping[str, Any]) -> PayTerms:
    opinion, pay = terms["opinion"], terms["pay"]
    return PayTerms(
        period=_period(terms["period"]["start"], terms["period"]["end"]),
        fixed_fee=Money.from_dollars(pay["fixed_fee"]),
        incentive_pool=Money.from_dollars(pay["incentive_pool"]),
        opinion=OpinionCaps(
            fixed=Money.from_dollars(opinion["fixed"]),
            incentive=Money.from_dollars(opinion["incentive"]),
            total=Money.from_dollars(opinion["total"]),
            valid=_period(opinion["valid_from"], opinion["valid_until"]),
            further={
                kind: Money.from_dollars(cap) for kind, cap in opinion.get("caps", {}).items()
            },
        ),
    )


def _period(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))
