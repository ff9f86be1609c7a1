"""How the year was conducted, as the report prints it: engagement, compliance, exceptions, outlook.

Pure: from the snapshot, the year's records and the sign-offs. What a report of a year should say
and the product does not record is said to be not recorded, never left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from adjudication.compensation.dues import in_a_sentence
from adjudication.compensation.early_end import EarlyEnd
from adjudication.compensation.effective import effective_rates
from adjudication.compensation.reconciliation import DAYS_TO_RECONCILE
from adjudication.package.contracts import OTHERS, WRITTEN, contracts_in_order
from adjudication.package.people import people_in_order
from adjudication.years.presenters import StepReading, roster_in_words
from adjudication.years.snapshot import roster_of
from adjudication.years.steps import Step
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from comanage.values.rounding import decimal_text, fraction_from_text
from scorecards.cards.reading import figure

MET, NOT_MET, NOT_RECORDED = "Met", "Not met", "Not recorded"
MINUTES_AN_HOUR = 60
_ELSEWHERE = "It is not among the records of this report. It is looked at where it is kept."
_WORK_ELSEWHERE = (
    "Attendance and minutes of the governing committee's meetings, tasks with their evidence, and "
    "action plans are not among the records of this report. They are looked at where they are kept."
)
_LICENSES_AND_SEARCHES = "Licenses, and screening against the exclusion lists"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Year:
    """What the pages are made of.

    Attributes:
        document: the snapshot.
        records: the enclosed records.
        steps: the sign-offs.
        zone: the hospital's.
    """

    document: Document
    records: Document
    steps: Sequence[StepReading]
    zone: ZoneInfo

    @property
    def terms(self) -> Document:
        """The signed terms."""
        terms: Document = self.document["inputs"]["terms"]
        return terms

    @property
    def period(self) -> Period:
        """The days of the year."""
        return period_of(self.terms["period"])

    @property
    def days(self) -> Period:
        """The days of the year that are paid for."""
        return EarlyEnd.days_paid(self.document["inputs"], self.period)

    @property
    def as_of(self) -> date:
        """The day at the hospital of which the records tell."""
        return datetime.fromisoformat(self.records["as_of"]).astimezone(self.zone).date()

    def day(self, iso: str) -> str:
        """Print the day of an instant at the hospital."""
        return day_text(datetime.fromisoformat(iso).astimezone(self.zone).date())

    def moment(self, iso: str) -> str:
        """Print an instant on the hospital's clock."""
        local = datetime.fromisoformat(iso).astimezone(self.zone)
        return f"{day_text(local.date())}, {local:%H:%M} {local.tzname()}"


def conduct_content(year: Year) -> dict[str, Any]:
    """Lay out the pages about the year's conduct."""
    return {
        "compliance": list(_compliance(year)),
        "participants": list(_participants(year)),
        "roster": roster_in_words(year.document),
        "committee": list(_comments(year)),
        "review": list(_reviewed(year)),
        "statement": (year.records.get("review") or {}).get("statement", ""),
        "sampling": (year.records.get("review") or {}).get("sampling", ""),
        "work": list(_work(year)),
        "rates": [rate.words for rate in effective_rates(year.document)],
        "not_recorded": [_WORK_ELSEWHERE],
        "exceptions": list(_exceptions(year)),
        "files": list(_late_files(year)),
        "accounts": list(_accounts(year)),
        "outlook": list(_outlook(year)),
    }


def _compliance(year: Year) -> Iterator[dict[str, str]]:
    """Hold the year against what the terms and the law ask of it."""
    yield from _about_terms(year)
    yield from _about_pay(year)
    yield _about_data(year)
    yield from _about_people(year)
    if "people" in year.records:
        yield from people_in_order(
            year.records["people"],
            as_of=year.as_of,
            period=year.period,
            group=year.records.get("group"),
        )
    if "contracts" in year.records:
        yield from contracts_in_order(year.records["contracts"], period=year.period)
    for what in (
        *(() if "contracts" in year.records else (WRITTEN, OTHERS)),
        *(() if "people" in year.records else (_LICENSES_AND_SEARCHES,)),
    ):
        yield _requirement(what, NOT_RECORDED, _ELSEWHERE)


def _about_terms(year: Year) -> Iterator[dict[str, str]]:
    signed, first = date.fromisoformat(year.terms["signed_on"]), year.period.start
    yield _requirement(
        "Terms signed before the year began",
        _state(holds=signed <= first),
        f"Signed {day_text(signed)}; the year began {day_text(first)}. Locked under the SHA-256 "
        f"{year.document['inputs']['terms_sha256'][:12]}; the database refuses every change since.",
    )
    opinion = year.terms["opinion"]
    valid = Period(
        date.fromisoformat(opinion["valid_from"]), date.fromisoformat(opinion["valid_until"])
    )
    yield _requirement(
        "Fair-market-value opinion in force for the whole year",
        _state(holds=valid.covers(year.days)),
        f"{opinion['valuator']}, {day_text(date.fromisoformat(opinion['opined_on']))}: valid "
        f"{valid}.",
    )


def _about_pay(year: Year) -> Iterator[dict[str, str]]:
    total = Money.from_dollars(year.document["result"]["statement"]["total"])
    cap = Money.from_dollars(year.terms["opinion"]["total"])
    yield _requirement(
        "Pay within the opinion",
        _state(holds=total <= cap),
        f"{total} of at most {cap}. The engine caps each part, and the database the whole.",
    )
    if rates := effective_rates(year.document):
        yield _requirement(
            "An hour of duties within the range of the opinion",
            _state(holds=all(rate.is_within for rate in rates)),
            " ".join(rate.words for rate in rates),
        )
    owed, settled = _owed_and_settled(year)
    deadline = year.days.last + timedelta(days=DAYS_TO_RECONCILE)
    assumed = ", had the agreement ended with the year" if year.days == year.period else ""
    is_booked = any(row["kind"] in {"Due", "True-up"} for row in year.records["ledger"])
    is_even = is_booked and owed == settled
    yield _requirement(
        "Owed and paid made even within 90 days of the end",
        MET if is_even else "Open",
        f"By {day_text(deadline)}{assumed} (42 CFR 411.353(h)). "
        + (
            f"Owed {owed}, settled {settled}."
            if year.records["ledger"]
            else "Nothing was in the ledger when this report was made."
        ),
    )


def _about_data(year: Year) -> dict[str, str]:
    what = "Promised files came in time"
    files = year.records["files"]
    if not files:
        return _requirement(what, NOT_RECORDED, "No feed of the program promises files by a day.")
    late = sum(1 for file in files if file["days_late"])
    return _requirement(
        what,
        _state(holds=not late),
        f"{len(files) - late} of {len(files)} came in time."
        + (" The others are listed under exceptions." if late else ""),
    )


def _about_people(year: Year) -> Iterator[dict[str, str]]:
    signed = [step for step in year.steps if step.is_signature and step.who]
    frozen = year.records["frozen"]
    names = [step.who for step in signed]
    payers = {row["recorded_by"] for row in year.records["ledger"] if row["kind"] == "Paid"}
    is_apart = (
        len(set(names)) == len(names) and frozen["by"] not in names and not payers & set(names)
    )
    paid = f" {_listed(sorted(payers))} recorded payments." if payers else ""
    yield _requirement(
        "Nobody holds two parts in the year",
        _state(holds=is_apart),
        f"{frozen['by']} froze it on {year.moment(frozen['at'])}. "
        + (f"{_listed(names)} signed, one step each." if names else "Nobody has signed yet.")
        + paid,
    )
    reviewer = next((step for step in signed if step.title == Step.REVIEW.label), None)
    yield _requirement(
        "Result recomputed by an independent reviewer",
        MET if reviewer else "Open",
        f"{reviewer.who} declared to be independent of both parties. The result was computed anew "
        "from the frozen inputs before the signature, which a difference of a cent would have "
        "refused."
        if reviewer
        else "The reviewer has not signed yet.",
    )


def _participants(year: Year) -> Iterator[dict[str, str]]:
    """List the physicians who took part with their days in the year."""
    for each in roster_of(year.document["inputs"]):
        joined = max(date.fromisoformat(each["joined_on"]), year.period.start)
        left = date.fromisoformat(each["left_on"]) if each["left_on"] else year.period.end
        left = min(left, year.period.end)
        if joined < left:
            days = Period(joined, left)
            yield {
                "name": each["name"],
                "npi": each["npi"],
                "days": str(days),
                "share": f"{days.days:,} of {year.period.days:,}",
            }


def _comments(year: Year) -> Iterator[dict[str, str]]:
    """List what the committee's members said of the result."""
    committee = year.records["committee"]
    for member in committee["members"] if committee else ():
        comments = member["comments"] or [{"text": "", "said_at": ""}]
        for comment in comments:
            yield {
                "name": member["name"],
                "role": member["role"],
                "text": comment["text"] or _silence(comment["said_at"], committee, year),
                "at": year.moment(comment["said_at"]) if comment["said_at"] else "",
            }


def _reviewed(year: Year) -> Iterator[dict[str, str]]:
    """List what the reviewer found of each indicator; nothing in a report of before."""
    for each in (year.records.get("review") or {"indicators": ()})["indicators"]:
        at = f", {year.moment(each['recorded_at'])}" if "recorded_at" in each else ""
        yield {
            "title": each["title"],
            "outcome": "Match" if each.get("is_match") else "Mismatch",
            "figures": each.get("found", ""),
            "how": f"{each.get('method', '')}{at}. {each.get('note', '')}".strip(),
            "charts": each["charts"],
        }


def _silence(said_at: str, committee: Document, year: Year) -> str:
    if said_at:
        return "No further comment."
    last_day = date.fromisoformat(committee["last_day"])
    return f"Nothing was said by {day_text(min(last_day, year.as_of))}."


def _work(year: Year) -> Iterator[dict[str, str]]:
    """Sum the approved work of each physician, where the terms pay by work."""
    names = {each["npi"]: each["name"] for each in roster_of(year.document["inputs"])}
    found: dict[str, list[Document]] = {}
    for total in year.document["inputs"].get("work", ()):
        found.setdefault(total["npi"], []).append(total)
    for npi, totals in found.items():
        minutes = sum(total.get("minutes") or 0 for total in totals)
        wrvus = sum((fraction_from_text(total.get("wrvus", "0")) for total in totals), Fraction(0))
        yield {
            "name": names.get(npi, npi),
            "hours": decimal_text(Fraction(minutes, MINUTES_AN_HOUR), 2),
            "wrvus": decimal_text(wrvus, 2),
        }


def _exceptions(year: Year) -> Iterator[dict[str, str]]:
    """List what was held, disputed, set as a condition and restated, with how it ended."""
    for hold in year.records["holds"]:
        about = f" about {hold['about']}" if hold["about"] else ""
        yield {
            "kind": f"{hold['cause']}{about}",
            "what": hold["what"],
            "by": f"{hold['opened_by']}, {year.moment(hold['opened_at'])}",
            "ended": (
                f"{hold['outcome']}: {hold['answer']} {hold['released_by']}, "
                f"{year.moment(hold['released_at'])}"
                if "outcome" in hold
                else f"Open. {hold['owner']} mends it by "
                f"{day_text(date.fromisoformat(hold['due_on']))}."
            ),
        }
    for restated in year.records["restatements"]:
        yield {
            "kind": f"Restatement of {period_of(restated)}",
            "what": restated["reason"],
            "by": f"{restated['asked_by']}, {year.moment(restated['asked_at'])}",
            "ended": (
                f"{restated['decision']}. {restated['decided_by']}, "
                f"{year.moment(restated['decided_at'])}"
                if "decision" in restated
                else "Not decided yet."
            ),
        }


def _late_files(year: Year) -> Iterator[dict[str, str]]:
    for file in year.records["files"]:
        if file["days_late"]:
            came = file["came_on"]
            late = f"{file['days_late']:,} {'day' if file['days_late'] == 1 else 'days'} late"
            yield {
                "file": f"{file['feed']}, {period_of(file)}",
                "due": day_text(date.fromisoformat(file["due_on"])),
                "came": day_text(date.fromisoformat(came)) if came else "Has not come",
                "late": late,
            }


def _accounts(year: Year) -> Iterator[dict[str, str]]:
    """Copy the ledger of the year, entry by entry."""
    for entry in year.records["ledger"]:
        amount = Money.from_dollars(entry["amount"])
        is_owed = entry["side"] == "owed"
        yield {
            "entry": f"{entry['kind']}: {in_a_sentence(entry['name'])}{_for(entry, year)}"
            + (f", reference {entry['reference']}" if entry["reference"] else ""),
            "by": f"{entry['recorded_by']}, {year.day(entry['recorded_at'])}",
            "owed": str(amount) if is_owed else "",
            "settled": "" if is_owed else str(-amount),
        }


def _for(entry: Document, year: Year) -> str:
    """Name whom an entry is for and its days, where not the group and the whole year."""
    period, payee = period_of(entry), entry["payee"]
    whom = "" if payee == year.terms["program"]["group"] else f", {payee}"
    return whom if period == year.period else f"{whom}, {period}"


def _owed_and_settled(year: Year) -> tuple[Money, Money]:
    owed, settled = Money(0), Money(0)
    for entry in year.records["ledger"]:
        amount = Money.from_dollars(entry["amount"])
        if entry["side"] == "owed":
            owed += amount
        else:
            settled -= amount
    return owed, settled


def _outlook(year: Year) -> Iterator[dict[str, str]]:
    """Say what the next year begins with."""
    until = date.fromisoformat(year.terms["opinion"]["valid_until"])
    yield {
        "term": "Opinion",
        "text": f"It holds through {day_text(until - timedelta(days=1))}. Terms beyond that day "
        "need a new one.",
    }
    for agreed in year.terms["indicators"]:
        goals = [
            f"Year {later['year']}: "
            + ", ".join(
                f"{tier['name']} {figure(agreed, fraction_from_text(tier['goal']))}"
                for tier in later["tiers"]
            )
            for later in agreed.get("later_goals", ())
        ]
        yield {
            "term": agreed["definition"]["title"],
            "text": "; ".join(goals) or "No goals beyond this year were agreed.",
        }


def _requirement(what: str, state: str, finding: str) -> dict[str, str]:
    return {"what": what, "state": state, "finding": finding}


def _state(*, holds: bool) -> str:
    return MET if holds else NOT_MET


def _listed(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def period_of(ends: Document) -> Period:
    """Read the two ends of a period."""
    return Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))
