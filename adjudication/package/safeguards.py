"""What guards a year's results against harm and error, as the report prints it.

Pure: from the snapshot, the year's records and the readings of its months. What CoManage does
not hold is said to be so.
"""

from collections.abc import Iterator, Mapping, Sequence

from adjudication.holds.causes import Cause
from adjudication.package.conduct import Document, Year, period_of
from comanage.documents.charts.plot import MARKS
from comanage.values.rounding import fraction_from_text
from scorecards.cards.reading import figure
from scorecards.plans.goals import plan_of_terms
from scorecards.plans.wording import plan_in_words
from scorecards.restatements.models import RestatementState
from scorecards.trends.reading import TrendReading

NOT_HELD = (
    (
        "Every indicator of the terms is paid. CoManage holds no measures beside them, no case mix "
        "and no patterns of referral, so this report finds nothing about these. The hospital looks "
        "at them where it keeps them."
    ),
    (
        "No rule of pay in CoManage can name referrals, or other business between the parties: "
        "the terms have no field for them."
    ),
)
NOT_DATED = (
    "The feed does not date its cases, so months are not told apart, and none can be seen to "
    "stand out."
)
_GATES = "Gates, caps and multipliers"
Row = dict[str, str]


def safeguards_content(year: Year, trends: Mapping[str, TrendReading]) -> list[Row]:
    """List what the terms guard against, and what the year's records show of it.

    Args:
        year: its snapshot and records.
        trends: by slug; empty where the snapshot has no months.
    """
    terms, scored = year.terms, year.document["result"]["scorecard"]
    return [
        *_small_numbers(terms, scored),
        _floors(terms),
        *_gates(terms),
        *_by_definition(terms),
        *_special_causes(year.document, trends),
        _deficiencies(year.records["holds"]),
        _holds(year.records["holds"]),
        _corrections(year.records["restatements"]),
    ]


def _small_numbers(terms: Document, scored: Document) -> Iterator[Row]:
    """Say below how many cases there is no result, and of which there was none."""
    fewest = [
        f"{each['definition']['title']}: {each['minimum_cases']:,}" for each in terms["indicators"]
    ]
    unscored = [
        f"{each['title']} was not scored: {each['score']['reason']}"
        for each in scored["indicators"]
        if each["score"]["reason"]
    ]
    if fewest:
        found = " ".join(unscored) or "Every indicator had as many."
        yield _row("Fewest cases for a result", f"{'; '.join(fewest)}. {found}")


def _floors(terms: Document) -> Row:
    """Say what the least goal of each indicator is, below which it earns nothing."""
    if plan_of_terms(terms):
        return _row("Floors", "As the scoring plan says; the page of each indicator prints it.")
    goals = [
        f"{each['definition']['title']}: "
        f"{figure(each, fraction_from_text(each['tiers'][0]['goal']))}"
        for each in terms["indicators"]
        if each["tiers"]
    ]
    words = f"A result short of its first tier earns nothing. {'; '.join(goals)}."
    return _row("Floors", words if goals else "The terms have no indicator.")


def _gates(terms: Document) -> Iterator[Row]:
    """Repeat what the scoring plan puts between results and pay."""
    plan = plan_of_terms(terms)
    for section in plan_in_words(plan, terms) if plan else ():
        if section.title == _GATES:
            for line in section.lines:
                yield _row(f"{_GATES}: {line.title}", " ".join(line.sentences))


def _by_definition(terms: Document) -> Iterator[Row]:
    """Repeat what each definition asks to be watched beside it."""
    for each in terms["indicators"]:
        definition = each["definition"]
        if definition.get("safeguard"):
            yield _row(f"Beside {definition['title']}", definition["safeguard"])


def _special_causes(document: Document, trends: Mapping[str, TrendReading]) -> Iterator[Row]:
    """Tell of each indicator whether a month stands out from what chance makes."""
    if "beside" in document and not trends:
        yield _row("Special causes", NOT_DATED)
    for each in document["inputs"]["terms"]["indicators"]:
        reading = trends.get(each["slug"])
        if reading is None:
            continue
        signals = reading.drawing.signals if reading.drawing else ()
        found = [
            f"{MARKS[signal.meaning].words}: {signal.words}, {_span(signal.first, signal.last)}."
            for signal in signals
        ]
        words = " ".join(found) or reading.not_drawn or "None: ups and downs that chance makes."
        yield _row(f"Special causes: {reading.title}", words)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _deficiencies(holds: Sequence[Document]) -> Row:
    named = [hold for hold in holds if hold["cause"] == Cause.DEFICIENCY.label]
    open_ones = sum("outcome" not in hold for hold in named)
    words = f"{len(named)} named, {open_ones} still open." if named else "Nobody named one."
    return _row("Deficiencies", words)


def _holds(holds: Sequence[Document]) -> Row:
    open_ones = sum("outcome" not in hold for hold in holds)
    words = (
        f"{len(holds)} opened, {len(holds) - open_ones} released, {open_ones} still open; each "
        "stands under exceptions."
    )
    return _row("Holds and disputes", words if holds else "None.")


def _corrections(restatements: Sequence[Document]) -> Row:
    """Count what was corrected after it had been accepted."""
    approved = [
        each for each in restatements if each.get("decision") == RestatementState.APPROVED.label
    ]
    periods = [f"approved: {period_of(each)}" for each in approved] or ["none approved"]
    words = f"{len(restatements)} asked for; {'; '.join(periods)}."
    return _row("Data corrected after it was accepted", words if restatements else "None.")


def _row(what: str, finding: str) -> Row:
    return {"what": what, "finding": finding}
