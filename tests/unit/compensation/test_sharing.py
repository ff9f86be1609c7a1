"""What a group divides, among whom, and how parts of one kind share their cap."""

from datetime import date
from fractions import Fraction

from adjudication.compensation.dues import Due, Payee
from adjudication.compensation.settle import Line, under_caps
from adjudication.compensation.sharing import division_of
from agreements.allocations.completeness import allocation_gaps
from comanage.values import Money, Period

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
ADA, BEN = "2999999008", "2999999016"


def there(npi, name, joined="2025-01-01", left=None):
    return {"npi": npi, "name": name, "joined_on": joined, "left_on": left}


def terms(*participants, by="per_capita", **changes):
    rule = {"by": by, "joiners": "by_days", "leavers": "by_days"} | changes
    return {"participants": list(participants), "allocation": rule}


def parts(agreed, lines=(), work=()):
    lines = lines or [Line("fixed_fee", "", Money(10_000))]
    division = division_of(agreed, lines, work, YEAR)
    return {part["name"]: part["amount"] for part in division["parts"]}


def test_what_one_physician_is_paid_in_person_is_not_divided():
    lines = [
        Line("fixed_fee", "", Money(10_000)),
        Line("hourly", "", Money(5_000), "Duties", 1, Payee(ADA, "Dr. Ada")),
    ]

    shared = parts(terms(there(ADA, "Dr. Ada"), there(BEN, "Dr. Ben")), lines)

    assert shared == {"Dr. Ada": "50.00", "Dr. Ben": "50.00"}


def test_two_of_one_name_stay_two_and_one_who_came_back_stays_one():
    namesakes = terms(there(ADA, "Dr. Lee"), there(BEN, "Dr. Lee"))
    came_back = terms(
        there(ADA, "Dr. Ada", left="2025-02-01"),
        there(ADA, "Dr. Ada", joined="2025-12-01"),
        there(BEN, "Dr. Ben", left="2025-02-01"),
    )

    assert set(parts(namesakes)) == {f"Dr. Lee, NPI {npi}" for npi in (ADA, BEN)}
    assert parts(came_back) == {"Dr. Ada": "66.67", "Dr. Ben": "33.33"}  # 62 days and 31


def test_hours_of_all_months_and_parts_count_and_wrvus_are_no_hours():
    work = [
        {"npi": ADA, "minutes": 60},
        {"npi": ADA, "minutes": 120},
        {"npi": BEN, "minutes": 60},
        {"npi": BEN, "minutes": None, "wrvus": "900"},
    ]

    shared = parts(terms(there(ADA, "Dr. Ada"), there(BEN, "Dr. Ben"), by="hours"), work=work)

    assert shared == {"Dr. Ada": "75.00", "Dr. Ben": "25.00"}


def test_shares_that_lack_somebody_or_name_a_stranger_are_gaps_of_the_terms():
    both = (there(ADA, "Dr. Ada"), there(BEN, "Dr. Ben"))

    def gaps(**shares):
        return allocation_gaps(terms(*both, by="ownership", shares=shares))

    assert gaps(**{ADA: "1/2", BEN: "1/2"}) == []
    assert "Dr. Ben has no share" in gaps(**{ADA: "1"})[0]
    assert "somebody who is no participant" in gaps(**{ADA: "1/2", BEN: "1/2", "1": "0"})[0]
    assert "add up to 83.3333 %" in gaps(**{ADA: "1/2", BEN: "1/3"})[0]
    assert allocation_gaps(terms(*both)) == []


def test_parts_of_one_kind_share_their_cap_the_first_in_the_terms_first():
    def due(number, cents, kind="hourly"):
        return Due(kind, "Duties", "", Money(cents), (), number)

    caps = {"hourly": Money(1_000), "salary": Money(500)}
    statement = under_caps(
        [due(1, 700), due(2, 700), due(3, 700), due(4, 500, "salary")], caps, Money(1_400)
    )

    assert [line.amount.cents for line in statement.lines] == [700, 300, 0, 400]
    assert statement.total == Money(1_400)
    assert sum((Fraction(line.amount.cents) for line in statement.lines), Fraction(0)) == 1_400
