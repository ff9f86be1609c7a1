"""What the report says of the year's conduct, and that it says so where nothing is recorded."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adjudication.package.conduct import MET, NOT_MET, NOT_RECORDED, Year, conduct_content
from adjudication.years.presenters import StepReading, line_basis
from adjudication.years.steps import OWNER, Step

ZONE = ZoneInfo("America/Chicago")
AT = "2026-03-14T15:05:00+00:00"
TERMS = {
    "signed_on": "2024-12-18",
    "period": {"start": "2025-01-01", "end": "2026-01-01"},
    "program": {"group": "Heart Group"},
    "opinion": {
        "valuator": "Harbor Valuation",
        "opined_on": "2024-12-03",
        "valid_from": "2025-01-01",
        "valid_until": "2027-01-01",
        "total": "300.00",
    },
    "participants": [
        {"npi": "1", "name": "Dr. Whole", "joined_on": "2024-05-01", "left_on": None},
        {"npi": "2", "name": "Dr. Joiner", "joined_on": "2025-12-02", "left_on": None},
        {"npi": "3", "name": "Dr. Gone", "joined_on": "2024-01-01", "left_on": "2025-01-01"},
    ],
    "indicators": [],
}
LEDGER = {
    "component": "incentive",
    "name": "Incentive",
    "payee": "Heart Group",
    "start": "2025-01-01",
    "end": "2026-01-01",
    "recorded_at": AT,
    "paid_on": None,
    "reference": "",
}
DUE = LEDGER | {"kind": "Due", "side": "owed", "amount": "300.00", "recorded_by": "Chief"}
PAID = LEDGER | {"kind": "Paid", "side": "settled", "amount": "-300.00", "recorded_by": "Payer"}
FILE = {
    "feed": "Stays",
    "start": "2025-01-01",
    "end": "2025-02-01",
    "due_on": "2025-02-15",
    "came_on": "2025-02-20",
    "days_late": 5,
}
HOLD = {
    "cause": "Disputed result",
    "about": "Readmission",
    "what": "Two returns were planned.",
    "owner": "Consultant",
    "due_on": "2026-03-20",
    "opened_by": "Manager",
    "opened_at": AT,
}
ANSWER = {
    "outcome": "Not upheld",
    "answer": "They were not.",
    "released_by": "Counsel",
    "released_at": AT,
}


def signed(step, who):
    return StepReading(step.label, "done", "Signed", OWNER[step].label, who, datetime.now(UTC))


SIGNED = (signed(Step.ATTEST, "Owner"), signed(Step.REVIEW, "Reviewer"))


def conduct(terms=None, total="300.00", work=None, lines=(), steps=SIGNED, **records):
    given = {
        "as_of": AT,
        "frozen": {"by": "Freezer", "at": AT},
        "holds": [],
        "committee": None,
        "files": [],
        "restatements": [],
        "ledger": [],
    }
    inputs = {"terms": TERMS | (terms or {}), "terms_sha256": "a" * 64}
    document = {
        "inputs": inputs | ({"work": work} if work else {}),
        "result": {"statement": {"total": total, "lines": list(lines)}},
    }
    return conduct_content(Year(document, given | records, steps, ZONE))


def state(content, beginning):
    (found,) = [each for each in content["compliance"] if each["what"].startswith(beginning)]
    return found["state"], found["finding"]


@pytest.mark.parametrize(
    ("requirement", "changes", "expected"),
    [
        ("Terms signed", {}, MET),
        ("Terms signed", {"terms": {"signed_on": "2025-01-01"}}, MET),
        ("Terms signed", {"terms": {"signed_on": "2025-01-02"}}, NOT_MET),
        ("Fair-market", {}, MET),
        (
            "Fair-market",
            {"terms": {"opinion": TERMS["opinion"] | {"valid_until": "2025-12-31"}}},
            NOT_MET,
        ),
        ("Pay within", {}, MET),
        ("Pay within", {"total": "300.01"}, NOT_MET),
        ("Owed and paid", {}, "Open"),
        ("Owed and paid", {"ledger": [DUE]}, "Open"),
        ("Owed and paid", {"ledger": [DUE, PAID]}, MET),
        ("Owed and paid", {"ledger": [DUE | {"kind": "Estimated"}, PAID]}, "Open"),
        ("Promised files", {}, NOT_RECORDED),
        ("Promised files", {"files": [FILE | {"days_late": 0}]}, MET),
        ("Promised files", {"files": [FILE]}, NOT_MET),
        ("Nobody holds two", {"ledger": [DUE, PAID]}, MET),
        ("Nobody holds two", {"frozen": {"by": "Owner", "at": AT}}, NOT_MET),
        ("Nobody holds two", {"ledger": [DUE, PAID | {"recorded_by": "Owner"}]}, NOT_MET),
        ("Nobody holds two", {"steps": [*SIGNED, signed(Step.CEO, "Owner")]}, NOT_MET),
        ("Result recomputed", {}, MET),
        ("Result recomputed", {"steps": SIGNED[:1]}, "Open"),
        ("Licenses", {}, NOT_RECORDED),
    ],
)
def test_each_requirement_is_held_against_the_records(requirement, changes, expected):
    assert state(conduct(**changes), requirement)[0] == expected


CLEAR = [
    {"list": name, "searched_on": "2026-03-01", "outcome": "clear"} for name in ("leie", "sam")
]
TEXAS = {"state": "Texas", "last_day": "2025-12-31"}


@pytest.mark.parametrize(
    ("searches", "licenses", "states", "said"),
    [
        (CLEAR, [TEXAS], [MET, MET], "Dr. Ada: LEIE 1 Mar 2026, SAM 1 Mar 2026"),
        (CLEAR[:1], [TEXAS], ["Open", MET], "were not both searched in the last 31 days for"),
        (
            [*CLEAR, CLEAR[0] | {"outcome": "excluded", "searched_on": "2026-03-10"}],
            [TEXAS | {"last_day": "2025-12-30"}],
            ["Open", NOT_RECORDED],
            "Dr. Ada was found on the LEIE on 10 Mar 2026",
        ),
    ],
)
def test_searches_and_licenses_stand_as_they_were_found(searches, licenses, states, said):
    person = {"npi": "1", "name": "Dr. Ada", "searches": searches, "licenses": licenses}

    content = conduct(people=[person])

    found = [state(content, beginning) for beginning in ("Nobody excluded", "Licenses")]
    assert [each[0] for each in found] == states
    assert said in found[0][1]


CONTRACT = {
    "title": "Heart agreement",
    "kind": "Co-management",
    "party": "Heart Group",
    "is_of_the_program": True,
    "signed_on": "2024-12-18",
    "starts_on": "2025-01-01",
    "over_on": "2026-01-01",
    "amended_on": [],
    "people": ["Dr. Ada"],
    "document_sha256": "",
}
LEASE = CONTRACT | {"title": "Suite 4", "kind": "Lease of space", "is_of_the_program": False}


@pytest.mark.parametrize(
    ("contracts", "states", "said"),
    [
        ([CONTRACT], [MET, MET], "in force from 1 Jan 2025 through 31 Dec 2025; not amended."),
        ([CONTRACT | {"over_on": None}], [MET, MET], "from 1 Jan 2025 on, held over"),
        ([CONTRACT | {"over_on": "2025-12-31"}], [NOT_MET, MET], "through 30 Dec 2025"),
        ([CONTRACT | {"signed_on": "2025-01-02"}], [NOT_MET, MET], "signed 2 Jan 2025"),
        ([CONTRACT | {"signed_on": None}], [NOT_MET, MET], "Heart agreement: not signed"),
        ([CONTRACT | {"amended_on": ["2025-07-01"]}], [MET, MET], "amended from 1 Jul 2025."),
        ([CONTRACT, LEASE], [MET, "Open"], "Suite 4 (lease of space, Dr. Ada)"),
        ([LEASE], [NOT_RECORDED, "Open"], "has no contract of this program"),
        ([], [NOT_RECORDED, NOT_RECORDED], "has no contract of this program"),
    ],
)
def test_contracts_of_the_register_stand_as_they_were_in_the_year(contracts, states, said):
    content = conduct(contracts=contracts)

    found = [state(content, beginning) for beginning in ("Written agreement", "No other payment")]
    assert [each[0] for each in found] == states
    assert said in " ".join(each[1] for each in found)


def test_a_part_of_the_pay_stands_with_the_days_of_its_effect_where_not_the_whole_year():
    part = {"number": 1, "start": "2025-01-01", "end": "2025-07-01"}
    terms = {"period": TERMS["period"], "components": [part, part | {"end": "2026-01-01"}]}
    terms["components"][1]["number"] = 2

    said = [line_basis({"basis": "Paid.", "number": number}, terms) for number in (1, 2, None)]

    assert said == [
        "Paid. The terms have it in effect 1 Jan 2025 to 30 Jun 2025.",
        "Paid.",
        "Paid.",
    ]


def test_the_90_days_are_counted_from_the_last_day_of_the_year():
    assert "By 31 Mar 2026, had the agreement ended" in state(conduct(), "Owed and paid")[1]


def test_an_hour_above_the_range_of_the_opinion_is_not_met():
    part = {"number": 1, "kind": "hourly", "label": "Duties", "payee": None}
    terms = {
        "opinion": TERMS["opinion"] | {"hourly_range": {"low": "150.00", "high": "200.00"}},
        "components": [part],
    }
    work = [{"component": 1, "npi": "1", "month": "2025-01-01", "minutes": 60}]

    low, high = (
        conduct(terms=terms, work=work, lines=[{"number": 1, "amount": paid}])
        for paid in ("150.00", "200.01")
    )

    assert [state(each, "An hour of duties")[0] for each in (low, high)] == [MET, NOT_MET]
    assert "$200.01 an hour" in high["rates"][0]


def test_participants_stand_with_their_days_in_the_year_and_no_others():
    found = conduct()["participants"]

    assert [(each["name"], each["share"]) for each in found] == [
        ("Dr. Whole", "365 of 365"),
        ("Dr. Joiner", "30 of 365"),
    ]


def test_approved_work_is_added_up_by_physician():
    work = [{"npi": "1", "minutes": 90}, {"npi": "1", "minutes": 45}, {"npi": "2", "wrvus": "3"}]

    found = conduct(work=work)["work"]

    assert found == [
        {"name": "Dr. Whole", "hours": "2.25", "wrvus": "0.00"},
        {"name": "Dr. Joiner", "hours": "0.00", "wrvus": "3.00"},
    ]


def test_a_member_who_said_nothing_is_listed_as_silent():
    said = {"text": "We agree.", "is_last": False, "said_at": AT}
    done = {"text": "", "is_last": True, "said_at": AT}
    committee = {
        "opened_at": AT,
        "last_day": "2026-03-10",
        "members": [
            {"name": "A", "role": "Physician manager", "comments": [said, done]},
            {"name": "B", "role": "Hospital executive", "comments": []},
        ],
    }

    found = conduct(committee=committee)["committee"]

    assert [(each["name"], each["text"]) for each in found] == [
        ("A", "We agree."),
        ("A", "No further comment."),
        ("B", "Nothing was said by 10 Mar 2026."),
    ]


def test_a_dispute_stands_with_its_answer_and_an_open_hold_with_its_owner_and_day():
    answered, still_open = conduct(holds=[HOLD | ANSWER, HOLD | {"about": ""}])["exceptions"]

    assert answered["kind"] == "Disputed result about Readmission"
    assert answered["ended"].startswith("Not upheld: They were not. Counsel, 14 Mar 2026, 10:05")
    assert still_open["ended"] == "Open. Consultant mends it by 20 Mar 2026."


def test_a_restatement_stands_with_its_reason_and_decision():
    restated = {
        "start": "2025-01-01",
        "end": "2025-04-01",
        "reason": "Wrong codes.",
        "asked_by": "Owner",
        "asked_at": AT,
    }
    decided = {"decision": "Approved", "decided_by": "Chief", "decided_at": AT}

    waiting, done = conduct(restatements=[restated, restated | decided])["exceptions"]

    assert (waiting["what"], waiting["ended"]) == ("Wrong codes.", "Not decided yet.")
    assert done["ended"].startswith("Approved. Chief, 14 Mar 2026")


def test_an_entry_names_its_days_where_they_are_not_the_whole_year():
    quarter = DUE | {"kind": "Estimated", "end": "2025-04-01"}

    first, last = conduct(ledger=[quarter, PAID | {"reference": "AP-1"}])["accounts"]

    assert (first["entry"], first["owed"]) == (
        "Estimated: incentive, 1 Jan 2025 to 31 Mar 2025",
        "$300.00",
    )
    (personal,) = conduct(ledger=[DUE | {"payee": "Dr. Whole"}])["accounts"]
    assert personal["entry"] == "Due: incentive, Dr. Whole"
    assert (last["entry"], last["settled"]) == ("Paid: incentive, reference AP-1", "$300.00")


def test_a_late_file_and_one_that_never_came_are_listed():
    one, other = conduct(files=[FILE, FILE | {"came_on": None, "days_late": 1}])["files"]

    assert (one["came"], one["late"]) == ("20 Feb 2025", "5 days late")
    assert (other["came"], other["late"]) == ("Has not come", "1 day late")
