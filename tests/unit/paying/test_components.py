"""What parts of the pay lack before they are locked, what they refuse, and what they add up to."""

from datetime import date

import pytest

from adjudication.compensation.components import Done, further_dues
from adjudication.compensation.effective import effective_rates
from adjudication.compensation.stacking import stacks
from adjudication.compensation.terms import CompensationError
from agreements.components.completeness import component_gaps
from comanage.values import Money, Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
ADA = {"npi": "1234567893", "name": "Dr. Ada"}
HOURLY = {
    "number": 1,
    "kind": "hourly",
    "label": "Medical director",
    "payee": ADA,
    "start": "2026-01-01",
    "end": "2027-01-01",
    "rate": "185.00",
    "month_cap": 960,
    "quarter_cap": None,
    "year_cap": None,
}
SALARY = {
    "number": 2,
    "kind": "salary",
    "label": "Salary",
    "payee": ADA,
    "start": "2026-01-01",
    "end": "2027-01-01",
    "amount": "240000.00",
}
WRVU = {
    "number": 3,
    "kind": "wrvu",
    "label": "Productivity",
    "payee": ADA,
    "start": "2026-01-01",
    "end": "2027-01-01",
    "table_year": 2026,
    "rungs": [{"above": "0", "rate": "48.125"}, {"above": "4500", "rate": "52"}],
}
OPINION = {
    "total": "500000.00",
    "caps": {"hourly": "40000.00", "salary": "250000.00", "wrvu": "100000.00"},
    "hourly_range": {"low": "150.00", "high": "200.00"},
    "wrvu_range": {"low": "40", "high": "60"},
}


def terms(*components, model="employment", fixed_fee="0.00", **opinion):
    return {
        "program": {"name": "Heart", "alignment_model": model, "group": "Heart Group"},
        "period": {"start": "2026-01-01", "end": "2027-01-01"},
        "opinion": OPINION | opinion,
        "pay": {"fixed_fee": fixed_fee, "incentive_pool": "60000.00"},
        "participants": [ADA],
        "components": list(components),
    }


def without(name, **others):
    return {**{key: value for key, value in OPINION.items() if key != name}, **others}


def test_a_year_without_parts_lacks_nothing_here():
    assert component_gaps(terms()) == []


@pytest.mark.parametrize(
    "complete",
    [
        terms(HOURLY, model="co_management", fixed_fee="90000.00"),
        terms(WRVU, model="psa"),
        terms(SALARY, WRVU),
        terms(
            SALARY | {"amount": "500000.00", "start": "2026-07-02"},
            caps={"salary": "250684.94"},  # 183 of 365 days
        ),
        terms(
            HOURLY, HOURLY | {"number": 2, "label": "Chair", "month_cap": 60}, model="co_management"
        ),
        terms(
            HOURLY | {"end": "2026-07-01"},
            HOURLY | {"number": 2, "start": "2026-07-01"},
            model="co_management",
        ),
    ],
)
def test_each_arrangement_has_parts_that_fit_it(complete):
    assert component_gaps(complete) == []


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (terms(HOURLY), "Duties by the hour does not fit this arrangement. Employment pays"),
        (terms(SALARY, model="psa"), "Salary does not fit this arrangement. A professional"),
        (terms(WRVU, model="co_management"), "Pay by wRVU does not fit this arrangement. Co-man"),
        (terms(WRVU, model="psa", fixed_fee="1.00"), "A fixed fee does not fit"),
        (terms(SALARY, SALARY | {"amount": "1.00"}), "“Salary” is there twice for the same days"),
        (terms(WRVU, WRVU | {"label": "More"}), "“More” is there twice for the same days"),
        (terms(SALARY | {"start": "2025-12-31"}), "not within 1 Jan 2026 to 31 Dec 2026"),
        (terms(SALARY | {"payee": {"npi": "1", "name": "B"}}), "takes no part in the program"),
        (terms(SALARY | {"amount": "250000.01"}), "above the opinion's $250,000.00"),
        (terms(SALARY, caps={}), "says nothing about salary"),
        (terms(SALARY, total="299999.99"), "All parts together can come to $300,000.00"),
        (terms(WRVU, wrvu_range={"low": "40", "high": "51.9999"}), "pays more for a wRVU than"),
        (terms(WRVU, wrvu_range=None), "does not say what a wRVU"),
        (
            terms(WRVU | {"rungs": WRVU["rungs"][::-1]}),
            "out of order: each begins above the one before",
        ),
        (terms(HOURLY, model="co_management", hourly_range=None), "does not say what an hour"),
        (
            terms(HOURLY | {"rate": "200.01"}, model="co_management"),
            "pays $200.01 an hour, outside",
        ),
        (
            terms(HOURLY | {"rate": "149.99"}, model="co_management"),
            "pays $149.99 an hour, outside",
        ),
        (
            terms(HOURLY | {"month_cap": 1_200}, model="co_management"),
            "Duties by the hour can come to $44,400.00, above the opinion's $40,000.00",
        ),
    ],
)
def test_what_is_missing_is_said(lacking, said):
    (gap,) = component_gaps(lacking)

    assert said in gap


def test_the_tightest_cap_says_what_hours_can_come_to():
    tight = HOURLY | {"month_cap": 6_000, "quarter_cap": 3_000, "year_cap": 13_000}

    (gap,) = component_gaps(terms(tight, model="co_management", caps={"hourly": "36999.99"}))

    assert "$37,000.00" in gap  # 4 x 3,000 minutes are 200 hours


@pytest.mark.parametrize(
    ("component", "done", "said"),
    [
        (HOURLY, {"component": 9, "minutes": 1}, "part 9 of the pay, which the terms do not have"),
        (HOURLY | {"end": "2026-03-01"}, {"component": 1, "minutes": 1}, "on no day of 1 Mar 2026"),
        (
            WRVU,
            {"component": 3, "wrvus": "1", "table_year": 2025},
            "by the table of 2026, work was counted by that of 2025",
        ),
    ],
)
def test_work_that_does_not_fit_the_terms_settles_nothing(component, done, said):
    with pytest.raises(CompensationError, match=said):
        further_dues([component], Done([{"npi": ADA["npi"], "month": "2026-03-01", **done}]), YEAR)


def snapshot(paid, minutes, *, payee=ADA, hourly_range=True):
    said = terms(HOURLY | {"payee": payee}, SALARY, model="co_management")
    if not hourly_range:
        del said["opinion"]["hourly_range"]
    work = [{"component": 1, "npi": ADA["npi"], "month": "2026-01-01", "minutes": minutes}]
    lines = [
        {"component": "hourly", "number": 1, "amount": paid},
        {"component": "salary", "number": 2, "amount": "1.00"},
        {"component": "incentive", "amount": "1.00"},
    ]
    return {
        "inputs": {"terms": said, "work": work if minutes else []},
        "result": {"statement": {"lines": lines}},
    }


@pytest.mark.parametrize(
    ("paid", "is_within"),
    [("150.00", True), ("200.00", True), ("149.99", False), ("200.01", False)],
)
def test_both_ends_of_the_opinions_range_are_within_it(paid, is_within):
    (rate,) = effective_rates(snapshot(paid, 60))

    assert rate.is_within is is_within


def test_an_effective_rate_is_compared_exactly_and_said_with_its_hours():
    (rate,) = effective_rates(snapshot("200.00", 59, payee=None))

    assert not rate.is_within  # 203.3898...
    assert rate.words == (
        "Medical director, Heart Group: $200.00 for 0.98 approved hours is $203.39 an hour; the "
        "opinion supports $150.00 to $200.00."
    )


def test_without_hours_or_a_range_there_is_no_effective_rate():
    assert effective_rates(snapshot("0.00", 0)) == ()
    assert effective_rates(snapshot("1.00", 60, hourly_range=False)) == ()


def test_agreements_of_one_physician_add_up_over_programs():
    bob = {"npi": "1679576722", "name": "Dr. Bob"}
    done = [{"component": 1, "npi": bob["npi"], "month": "2026-01-01", "minutes": 300}]
    for_group = terms(HOURLY | {"payee": None}, model="co_management", all_agreements="50000.00")
    for_ada = terms(HOURLY, all_agreements="300000.00")
    employed = terms(SALARY, WRVU, all_agreements="275519.99")

    found = stacks([(for_group, done), (for_ada, []), (employed, []), (terms(), [])])

    bobs, ada = found
    assert (ada.name, bobs.name) == ("Dr. Ada", bob["npi"])
    assert (ada.minutes, ada.approved_minutes) == (12 * 960, 0)
    most = Money.from_dollars("35520.00") + Money.from_dollars("240000.00")
    assert ada.most == most + Money.from_dollars("100000.00")  # wRVUs up to the opinion's cap
    assert (ada.cap, ada.has_too_many_dollars) == (Money.from_dollars("275519.99"), True)
    assert (bobs.minutes, bobs.most, bobs.has_too_many_dollars) == (300, Money(0), False)


@pytest.mark.parametrize(("minutes", "is_too_many"), [(2_080 * 60, False), (2_080 * 60 + 1, True)])
def test_more_hours_than_a_full_time_year_are_flagged(minutes, is_too_many):
    (stack,) = stacks([(terms(HOURLY | {"month_cap": None, "year_cap": minutes}), [])])

    assert (stack.has_too_many_hours, stack.has_too_many_dollars) == (is_too_many, False)
