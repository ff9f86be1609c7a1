"""The exhibits, printed from the terms: paper and calculation read the same document. Pure.

B and E stand in `exhibit_pay`, C in `exhibit_measures`; here are those that are forms and lists.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from agreements.components.presenters import hours_text
from agreements.drafting.document import Block, Exhibit, Heading, Paragraph, Table
from agreements.drafting.exhibit_measures import measures
from agreements.drafting.exhibit_pay import compensation, fee_of_duties, opinion
from agreements.drafting.facts import Draft
from agreements.drafting.words import legal_day
from agreements.duties.fee import duty_amount
from comanage.values.money import Money

LOG_ROWS = 8
_FREQUENCIES = {
    "once": "Once",
    "weekly": "Every week",
    "monthly": "Every month",
    "quarterly": "Every quarter",
    "half_yearly": "Twice a year",
    "yearly": "Once a year",
    "as_needed": "As needed",
}
_PURPOSE = (
    "The Committee oversees the program, reviews results and services, recommends Indicators, "
    "goals and weights, and advises the Hospital. It replaces neither the governing body of the "
    "Hospital nor the medical staff."
)
_MEMBERS = (
    "As many members are named by the Hospital as by the physicians. At least one physician and at "
    "least one other member have no part in the pay under the Agreement. Members are named for a "
    "year and may be named again. The chair is a member whom the Committee elects. The list of "
    "members is kept with the minutes."
)
_MEETINGS = (
    "The Committee meets at least each quarter. Half of the members of each side make a quorum. It "
    "decides by the majority of each side. On Indicators, goals, weights and whatever else the "
    "pay depends on, the members who have no part in it vote alone, and at least one of each side "
    "is present. Minutes name who attended, what was decided, who disclosed which interest, and "
    "who did not vote for it. They are approved at the next meeting."
)
_CHARTER = (("Purpose", _PURPOSE), ("Members", _MEMBERS), ("Meetings", _MEETINGS))


def exhibits_of(draft: Draft) -> tuple[Exhibit, ...]:
    """Print every exhibit, in the order of its letter."""
    return (
        Exhibit("A", "Duties", tuple(_duties(draft))),
        Exhibit("B", "Compensation", tuple(compensation(draft))),
        Exhibit("C", "Indicators, baselines and goals", tuple(measures(draft))),
        Exhibit("D", "Participating physicians", tuple(_roster(draft))),
        Exhibit("E", "Summary of the fair-market-value opinion", tuple(opinion(draft))),
        Exhibit("F", "Charter of the governance committee", tuple(_charter(draft))),
        Exhibit("G", "Time record", tuple(_log())),
        Exhibit("H", "Business associate agreement", tuple(_associate(draft))),
    )


def _duties(draft: Draft) -> Iterator[Block]:
    duties = draft.terms.get("duties", ())
    hourly = [part for part in draft.terms.get("components", ()) if part["kind"] == "hourly"]
    yield Paragraph(
        "Each duty has a deliverable, a frequency and an expected time. Duties that are not "
        "listed are neither owed nor paid for."
    )
    if duties:
        fee = fee_of_duties(draft)
        total = ("All duties", "", "", hours_text(fee.minutes), "", str(fee.total))
        yield Table(
            "Duties for the Fixed Fee",
            ("Duty", "Deliverable", "How often", "Hours a year", "For an hour", "For the year"),
            (*(_duty(each) for each in duties), total),
            numbers=(3, 4, 5),
            has_total=True,
        )
    if hourly:
        rows = tuple((f"{part['number']}. {part['label']}",) for part in hourly)
        yield Table("Duties paid by the hour", ("Duty",), rows)
    if not duties and not hourly:
        yield Paragraph("The duties are attached here before the Agreement is signed.")


def _duty(duty: Mapping[str, Any]) -> tuple[str, ...]:
    rate = Money.from_dollars(duty["rate"])
    return (
        f"{duty['number']}. {duty['name']}",
        duty["deliverable"],
        _FREQUENCIES.get(duty["frequency"], duty["frequency"]),
        hours_text(duty["minutes"]),
        str(rate),
        str(duty_amount(duty["minutes"], rate)),
    )


def _roster(draft: Draft) -> Iterator[Block]:
    rows = tuple(
        (
            each["name"],
            each["npi"],
            legal_day(date.fromisoformat(each["joined_on"])),
            _last_day(each["left_on"]),
        )
        for each in draft.terms["participants"]
    )
    if not rows:
        yield Paragraph("No physician takes part yet.")
        return
    yield Table("Participating physicians", ("Physician", "NPI", "From", "Through"), rows)


def _last_day(left_on: str | None) -> str:
    if left_on is None:
        return "open"
    return legal_day(date.fromisoformat(left_on) - timedelta(days=1))


def _charter(draft: Draft) -> Iterator[Block]:
    for title, text in _CHARTER:
        yield Heading(title)
        yield Paragraph(text)
    yield Heading("Comments on a result")
    yield Paragraph(
        f"Members may comment on the result of a Measurement Year within {draft.comment_days} "
        f"days after the independent review. The comments are part of the record on which counsel "
        f"and the chief executive decide."
    )


def _log() -> Iterator[Block]:
    head = ("Day", "Duty, by its number", "What was done, and for what deliverable", "Minutes")
    blank = tuple(("", "", "", "") for _ in range(LOG_ROWS))
    yield Paragraph("One record for each physician and month.")
    yield Paragraph("Physician and NPI:")
    yield Paragraph("Month and year:")
    yield Table("Time record", head, blank, numbers=(3,))
    yield Paragraph(
        "I performed these duties on these days and for this time, none of it was the care of "
        "patients or is paid for elsewhere, and I recorded it when it was done. Physician, day:"
    )
    yield Paragraph(
        "I know of this work, was not paid for it, and approve the record. For the Hospital, day:"
    )


def _associate(draft: Draft) -> Iterator[Block]:
    yield Paragraph(
        f"Where {draft.terms['program']['group']} or a person who works for it receives protected "
        f"health information to perform services for {draft.facts.hospital}, the business "
        f"associate agreement between them that is in force on that day applies and is part of "
        f"this Exhibit. No such information is given before that agreement is signed."
    )
