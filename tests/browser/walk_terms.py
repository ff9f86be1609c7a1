"""The consultant founds a program and brings its terms to the clock."""

from datetime import date

from comanage.demo.hospitals import CARDIOLOGY
from tests.browser.people import Person

PROGRAM = "Cardiovascular co-management"
YEAR = "1 Jan 2025 to 31 Dec 2025"
TITLES = {
    "readmission-30-day": "Readmission within 30 days",
    "hba1c-measured": "HbA1c measured during the stay",
    "average-length-of-stay": "Average length of stay",
}
A_RIGHT_NPI, A_WRONG_NPI = "2999999008", "2999999009"


def found_the_program(consultant: Person) -> None:
    consultant.looks("overview-empty")
    consultant.click("Programs")
    consultant.looks("programs")
    consultant.click("Found a program")
    consultant.looks("program-new")
    consultant.click("Found the program")
    consultant.reads("Nothing was saved yet")
    consultant.looks("program-new-refused")
    consultant.fill(
        {
            "Name": PROGRAM,
            "Service line": "Cardiovascular",
            "Alignment model": "Co-management",
            "Physician group": "Riverside Heart Physicians, LLC",
            "Objective": "Fewer patients back within 30 days.",
        }
    )
    consultant.click("Found the program")
    consultant.reads(PROGRAM, "None yet. The terms name them, so add each with their NPI.")
    consultant.looks("program-empty")


def add_the_physicians(consultant: Person) -> None:
    consultant.click("Add the first physician")
    physician = {
        "Name": "Dr. Maria Alvarez",
        "Specialty": "Cardiology",
        "First day in the program": "2025-01-01",
    }
    consultant.fill({"NPI": A_WRONG_NPI} | physician)
    consultant.click("Add the physician")
    consultant.reads(f"{A_WRONG_NPI} is not a valid NPI: its check digit does not fit.")
    consultant.looks("participant-refused")
    consultant.fill({"NPI": A_RIGHT_NPI})
    consultant.click("Add the physician")
    consultant.reads("NPI 2999999008, since 1 Jan 2025")
    consultant.click("Give a seat")
    consultant.looks("seat-new")
    consultant.fill({"Member": "Dr. Maria Alvarez (Physician manager)"})
    consultant.click("Give the seat")
    consultant.reads("Physician manager")


def look_up_the_physicians(compliance: Person) -> None:
    compliance.go("/t/riverside/programs/")
    compliance.click(PROGRAM)
    compliance.click("All people: licenses, searches of the exclusion lists, owners, committee")
    compliance.reads("Not looked up yet", "To be mended")
    compliance.looks("people-to-be-mended")
    compliance.click("Record a search")
    compliance.looks("screening-new")
    compliance.field("Not on the list").check()
    compliance.click("Record the search")
    compliance.reads("The search is on record.", "On no list")
    compliance.looks("people")


def file_the_opinion(consultant: Person) -> None:
    consultant.click("File the opinion")
    consultant.looks("opinion-new")
    consultant.fill(
        {
            "Valuator": "Northgate Valuation Partners",
            "Date of the opinion": "2024-11-25",
            "Holds from": "2025-01-01",
            "Holds to": "2025-12-31",
            "Fixed fee, at most": "$320,000.00",
            "Incentive, at most": "190000",
            "All together, at most": "500,000",
        }
    )
    consultant.click("File the opinion")
    consultant.reads("$320,000.00", "$190,000.00", "$500,000.00", YEAR)


def adopt_the_indicators(consultant: Person) -> None:
    consultant.click("Indicators")
    consultant.looks("library-empty")
    for title in TITLES.values():
        consultant.click("Standard catalogue")
        consultant.fill({"Search": title})
        consultant.click("Show")
        consultant.click(f"Adopt {title}")
        consultant.reads(f"{title} is in the library now.")
        consultant.click("Indicators")
    consultant.looks("library")
    consultant.click(TITLES["readmission-30-day"])
    consultant.looks("indicator")
    consultant.click("Write the next version")
    consultant.looks("indicator-next-version")


def draft_the_year(consultant: Person) -> None:
    consultant.click("Programs")
    consultant.click(PROGRAM)
    consultant.click("Draft the first year")
    consultant.looks("year-new")
    consultant.fill(
        {
            "First day": "2025-01-01",
            "Last day": "2025-12-31",
            "Fair-market-value opinion": "Northgate Valuation Partners, $500,000.00",
            "Fixed fee for the year": "312000",
            "Incentive pool for the year": "187,000.00",
            "Scope": CARDIOLOGY.scope,
        }
    )
    consultant.click("Draft the year")
    consultant.reads("Still missing before these terms can be locked", "There are no indicators")


def agree_the_indicators(consultant: Person) -> None:
    for place, goal in enumerate(CARDIOLOGY.goals):
        consultant.page.get_by_role("link", name="Add an indicator").first.click()
        consultant.looks("indicator-agree")
        values = {
            "Indicator": f"{TITLES[goal.slug]} v1",
            "Weight": str(goal.weight),
            "Baseline numerator": str(goal.baseline[0]),
            "Baseline denominator": str(goal.baseline[1]),
            "Source of the data": "Stays, EHR, the quality department",
            "Baseline source": "Calendar year 2023, EHR",
            "Decimals kept before comparison": str(goal.places),
        }
        for name, at, share in goal.tiers:
            values |= {f"{name}: goal": at, f"{name}: earns": share}
        consultant.fill(values)
        consultant.click("Add to the terms")
        consultant.reads(f"{TITLES[goal.slug]} is in the terms.")
        if place == 0:
            consultant.reads("The weights add up to 40, not 100. Adjust them.")
            assert not consultant.page.get_by_role("button", name="Lock the signed terms").count()
            consultant.looks("terms-draft-incomplete")


def lock_and_open(consultant: Person, *, today: date) -> None:
    consultant.reads("The terms are complete")
    consultant.looks("terms-complete")
    consultant.click("Change days, pay and scope")
    consultant.looks("year-edit")
    consultant.page.go_back()
    consultant.fill({"Signed by both parties on": today.isoformat()})
    consultant.click("Lock the signed terms")
    consultant.reads("after the year began")
    consultant.looks("terms-lock-refused")
    consultant.fill({"Signed by both parties on": "2024-12-18"})
    consultant.click("Lock the signed terms")
    consultant.reads("The terms are locked. They can no longer change.")
    assert not consultant.page.get_by_role("link", name="Change days, pay and scope").count()
    consultant.looks("terms-locked")
    consultant.click("Put the year on the clock")
    consultant.reads("The year is on the clock. Data may come in.")
    consultant.looks("terms-open")
    consultant.click("Scorecard")
    consultant.reads("No scorecard yet")
    consultant.looks("scorecard-empty")
