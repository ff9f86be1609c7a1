"""Laws of a year that pays by work, whatever was worked and whatever the opinion supports."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from adjudication.compensation.components import Done, further_dues
from adjudication.compensation.settle import under_caps
from comanage.values import Money, Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
MONTHS = [month.start.isoformat() for month in YEAR.months()]
KINDS = ("hourly", "salary", "wrvu")

money = st.integers(0, 10**8).map(Money)
caps_of_minutes = st.none() | st.integers(0, 10_000)
hourly = st.fixed_dictionaries(
    {
        "kind": st.just("hourly"),
        "rate": money.map(lambda rate: rate.dollars_text),
        "month_cap": st.integers(0, 10_000),
        "quarter_cap": caps_of_minutes,
        "year_cap": caps_of_minutes,
    }
)
salary = st.fixed_dictionaries(
    {"kind": st.just("salary"), "amount": money.map(lambda amount: amount.dollars_text)}
)
wrvu = st.fixed_dictionaries(
    {
        "kind": st.just("wrvu"),
        "table_year": st.just(2026),
        "rungs": st.lists(st.integers(0, 5_000), min_size=1, max_size=3, unique=True).map(
            lambda marks: [{"above": str(mark), "rate": "48.1250"} for mark in sorted(marks)]
        ),
    }
)


@st.composite
def years(draw):
    """Parts with days, payees and work for every month of them; minutes and wRVUs in any order."""
    parts = draw(st.lists(hourly | salary | wrvu, min_size=1, max_size=5))
    components, work = [], []
    for number, part in enumerate(parts, start=1):
        first, last = sorted(draw(st.tuples(*[st.integers(0, 11)] * 2)))
        end = MONTHS[last + 1] if last < 11 else YEAR.end.isoformat()
        whose = draw(st.sampled_from([None, {"npi": "1234567893", "name": "Dr. Ada"}]))
        named = {"number": number, "label": f"Part {number}", "payee": whose}
        components.append(part | named | {"start": MONTHS[first], "end": end})
        for month in MONTHS[first : last + 1]:
            done = {"component": number, "npi": "1234567893", "month": month}
            if part["kind"] == "hourly":
                work.append(done | {"minutes": draw(st.integers(0, 44_640))})
            elif part["kind"] == "wrvu":
                amount = Fraction(draw(st.integers(0, 10**6)), 100)
                work.append(done | {"wrvus": str(amount), "table_year": 2026})
    return components, draw(st.permutations(work))


@given(years(), st.fixed_dictionaries(dict.fromkeys(KINDS, money)), money)
def test_no_part_passes_its_cap_and_the_whole_never_passes_the_opinion(year, caps, total):
    components, work = year

    dues = further_dues(components, Done(work), YEAR)
    statement = under_caps(dues, caps, total)

    assert statement.total == sum((line.amount for line in statement.lines), Money(0)) <= total
    for kind, cap in caps.items():
        of_kind = (line.amount for line in statement.lines if line.component == kind)
        assert sum(of_kind, Money(0)) <= cap
    for due, line in zip(dues, statement.lines, strict=True):
        assert Money(0) <= line.amount <= due.amount
        assert (line.number, line.payee) == (due.number, due.payee)


@given(years())
def test_the_order_in_which_work_was_recorded_changes_nothing(year):
    components, work = year

    assert further_dues(components, Done(work), YEAR) == further_dues(
        components, Done(work[::-1]), YEAR
    )
