"""Exhibits B and E: what is paid, and the opinion that it lies within, from the terms. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from agreements.components.completeness import NAMES, most_dollars
from agreements.components.document import CAPS
from agreements.components.presenters import hours_text
from agreements.drafting.document import Block, Heading, Paragraph, Table
from agreements.drafting.facts import Draft, Terms
from agreements.drafting.words import iso_period, legal_day, legal_period
from agreements.duties.fee import BuiltUp, built_up
from comanage.values.money import Money
from comanage.values.rounding import decimal_text, fraction_from_text
from indicators.measure.figures import count_text, trimmed

PERCENT, CENTS = 100, 2
_CAP_WORDS = dict(zip(CAPS, ("a month", "a quarter", "a year"), strict=True))
_PARTS = {
    "fixed": "Fixed fee",
    "incentive": "Incentive fee",
    "hourly": NAMES["hourly"],
    "salary": NAMES["salary"],
    "wrvu": NAMES["wrvu"],
    "savings": NAMES["savings"],
    "total": "All together",
}
Component = Mapping[str, Any]


def fee_of_duties(draft: Draft) -> BuiltUp:
    """Add up the duties of the terms, beside the fixed fee."""
    return built_up(draft.terms.get("duties", ()), fixed_fee=draft.dollars("fixed_fee"))


def compensation(draft: Draft) -> Iterator[Block]:
    """Print every part of the pay in its order, which is the order of precedence."""
    terms, period = draft.terms, iso_period(draft.terms["period"])
    components = terms.get("components", ())
    yield Paragraph(
        f"For the first Measurement Year, {legal_period(period)}. Amounts due are paid in this "
        f"order, and each is limited as the clause on fair market value says."
    )
    rows = [
        *(
            [("Fixed Fee", _dollars(terms, "fixed_fee"))]
            if draft.dollars("fixed_fee") > Money(0)
            else ()
        ),
        *((_title(part), _most(part, terms)) for part in components),
        ("Incentive Pool", f"at most {_dollars(terms, 'incentive_pool')}"),
    ]
    yield Table("Compensation", ("Part", "For the year"), tuple(rows), numbers=(1,))
    if terms.get("duties"):
        yield Paragraph(_built_up(fee_of_duties(draft)))
    for part in components:
        yield Heading(_title(part))
        yield Table(_title(part), (), tuple(_component(part, draft)))
    share = terms["pay"].get("incentive_estimate")
    if share:
        yield Paragraph(
            f"Of the Incentive Pool up to {trimmed(fraction_from_text(share) * PERCENT, 0)} "
            f"percent may be paid on account, by quarters; what was not earned comes back."
        )


def _built_up(fee: BuiltUp) -> str:
    """Say how the duties make the fixed fee; the clause on it points here."""
    if fee.is_equal:
        return (
            "The Fixed Fee is the sum of what each duty of Exhibit A comes to in the year: its "
            "hours times its rate for an hour."
        )
    return f"The duties of Exhibit A come to {fee.total}, and the Fixed Fee is {fee.fixed_fee}."


def opinion(draft: Draft) -> Iterator[Block]:
    """Print what the valuator supports, part by part."""
    given = draft.terms["opinion"]
    valid = {"start": given["valid_from"], "end": given["valid_until"]}
    yield Paragraph("This summary takes nothing from the Opinion, which is kept on file.")
    yield Table("The opinion", (), tuple(_opinion_facts(given, valid)))
    caps = {**given, **given.get("caps", {})}
    yield Table(
        "The most that the opinion supports in the year",
        ("Part", "At most"),
        tuple(
            (name, str(Money.from_dollars(caps[part])))
            for part, name in _PARTS.items()
            if part in caps
        ),
        numbers=(1,),
    )


def _opinion_facts(given: Mapping[str, Any], valid: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Valuator", given["valuator"]
    yield "Given on", legal_day(date.fromisoformat(given["opined_on"]))
    yield "Holds", legal_period(iso_period(valid))
    hourly, wrvu = given.get("hourly_range"), given.get("wrvu_range")
    if hourly:
        low, high = (Money.from_dollars(hourly[end]) for end in ("low", "high"))
        yield "An hour of duties", f"{low} to {high}"
    if wrvu:
        yield "A wRVU", f"{_rate(wrvu['low'])} to {_rate(wrvu['high'])}"
    if "percentile" in given:
        yield "Percentile of the survey relied on", str(given["percentile"])
    if "all_agreements" in given:
        most = Money.from_dollars(given["all_agreements"])
        yield "One physician, from all agreements", f"{most} a year, at most"


def _component(part: Component, draft: Draft) -> Iterator[tuple[str, str]]:
    payee = part["payee"]
    yield "Kind", NAMES[part["kind"]]
    yield "Paid to", payee["name"] if payee else draft.terms["program"]["group"]
    yield "In effect", legal_period(iso_period(part))
    if "rate" in part:
        caps = [
            f"{hours_text(part[cap])} {words}"
            for cap, words in _CAP_WORDS.items()
            if part[cap] is not None
        ]
        yield "For an hour", str(Money.from_dollars(part["rate"]))
        yield "Paid at most", " and ".join(caps)
    if "amount" in part:
        yield "For the whole year", str(Money.from_dollars(part["amount"]))
    if "rungs" in part:
        yield "For a wRVU", "; ".join(_rung(rung) for rung in part["rungs"])
        yield "Counted by", f"the Medicare physician fee schedule of {part['table_year']}"
    if "share_rate" in part:
        yield from _sharing(part)


def _sharing(part: Component) -> Iterator[tuple[str, str]]:
    yield "Share of the savings", _percent(part["share_rate"])
    yield "Nothing below", f"{_percent(part['minimum_rate'])} of the cost of the base year"
    yield "Fee of an administrator, taken first", str(Money.from_dollars(part["fee"]))
    if part["limit_rate"] is not None:
        yield "Never more than", f"{_percent(part['limit_rate'])} of the cost of the base year"
    yield "Only from", f"{part['least_points']} of the 100 points of the Indicators"


def _percent(rate: str) -> str:
    return f"{trimmed(fraction_from_text(rate) * PERCENT, 0)} percent"


def _most(part: Component, terms: Terms) -> str:
    most = most_dollars(part, iso_period(terms["period"]))
    if part["kind"] == "savings":
        return "a share of what is saved"
    return "as worked" if most is None else f"at most {most}"


def _rung(rung: Mapping[str, str]) -> str:
    rate = _rate(rung["rate"])
    if rung["above"] == "0":
        return rate
    return f"{rate} above {count_text(fraction_from_text(rung['above']))}"


def _rate(dollars: str) -> str:
    places = max(CENTS, len(dollars.partition(".")[2]))
    return f"${decimal_text(Fraction(fraction_from_text(dollars)), places)}"


def _dollars(terms: Terms, name: str) -> str:
    return str(Money.from_dollars(terms["pay"][name]))


def _title(part: Component) -> str:
    return f"{part['number']}. {part['label']}"
