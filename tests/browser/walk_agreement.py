"""From a program's founding to the first version of its agreement."""

from comanage.demo.build import AGREEMENT
from comanage.demo.hospitals import CARDIOLOGY
from scorecards.dataagreements.documents import PDF_TYPE
from tests.browser.people import Person
from tests.browser.walk_terms import TITLES

PROGRAM = "Heart center co-management"
MANAGER, PHYSICIAN = "Dr. Maria Alvarez", "Dr. Nina Park"
GROUP = "Riverside Heart Physicians, LLC"
AGREEMENT_TITLE = f"{PROGRAM} agreement"
DUTY_HOURS, DUTY_RATE = "240", "210.00"
FEE = "$50,400.00"  # 240 hours at $210.00
PAPER = {"name": "signed.pdf", "mimeType": PDF_TYPE, "buffer": AGREEMENT.read_bytes()}


def add_a_member(admin: Person) -> None:
    """Let a physician in who will read the agreement beside the manager."""
    admin.click("Members")
    admin.click("Add a member")
    admin.fill({"Name": PHYSICIAN, "E-mail address": "park@riverside.example", "Role": "Physician"})
    admin.click("Add the member")
    admin.reads(f"{PHYSICIAN} is a member.")


def found_the_program(consultant: Person, *, year: int) -> None:
    """Found it, with two physicians, and seats for their manager and the new member."""
    consultant.click("Programs")
    consultant.click("Found a program")
    consultant.fill(
        {
            "Name": PROGRAM,
            "Service line": "Cardiovascular",
            "Alignment model": "Co-management",
            "Physician group": GROUP,
            "Objective": "Fewer patients back within 30 days.",
        }
    )
    consultant.click("Found the program")
    consultant.reads("None yet. The terms name them, so add each with their NPI.")
    for place, (npi, name, specialty) in enumerate(CARDIOLOGY.physicians[:2]):
        consultant.click("Add a physician" if place else "Add the first physician")
        consultant.fill(
            {
                "NPI": npi,
                "Name": name,
                "Specialty": specialty,
                "First day in the program": f"{year}-01-01",
            }
        )
        consultant.click("Add the physician")
        consultant.reads(f"NPI {npi}")
    for name in (f"{MANAGER} (Physician manager)", f"{PHYSICIAN} (Physician)"):
        consultant.click("Give a seat")
        consultant.fill({"Member": name})
        consultant.click("Give the seat")
        consultant.reads(name.split(" (")[0])


def know_the_people(consultant: Person, compliance: Person, *, year: int) -> None:
    """Seat a committee of both sides, and say who owns the group and what its people disclosed.

    Compliance looks everybody up and keeps a license.
    """
    to_people = "All people: licenses, searches of the exclusion lists, owners, committee"
    for name, group, is_outside in (
        (f"{MANAGER} (Physician manager)", GROUP, False),
        ("Priya Raman (Hospital executive)", "Riverside Health", True),
    ):
        consultant.click(to_people) if not is_outside else None
        consultant.click("Seat a person")
        consultant.fill(
            {
                "Member": name,
                "Sits there for": group,
                "First day on the committee": f"{year}-01-01",
            }
        )
        consultant.field("Is none of those whom the program pays").set_checked(is_outside)
        consultant.click("Give the seat")
        consultant.reads(name.split(" (")[0])
    consultant.click("Record the owners")
    consultant.fill(
        {
            "Owned like this from": f"{year - 1}-07-01",
            "Source document": "Operating agreement, schedule A",
            **{name: "1/2" for _, name, _ in CARDIOLOGY.physicians[:2]},
        }
    )
    consultant.click("Record the owners")
    consultant.reads("Operating agreement, schedule A")
    consultant.looks("people-of-the-program")
    compliance.click("Programs")
    compliance.click(PROGRAM)
    compliance.click(to_people)
    compliance.click("Record a search")
    compliance.field("Not on the list").check()
    compliance.click("Record the search")
    compliance.click("Record a license")
    compliance.fill(
        {
            "Physician": f"{MANAGER}, NPI 2999999008",
            "State": "Illinois",
            "Number of the license": "036-118422",
            "Good until": f"{year + 2}-07-31",
        }
    )
    compliance.click("Record the license")
    compliance.reads("On no list", "Illinois")
    compliance.click("Disclosures")
    compliance.click("Record a disclosure")
    compliance.fill(
        {
            "Person": f"{MANAGER}, physician",
            "Interest": "A share of 2% in a maker of valves.",
            "What is done about it": "She leaves the room when valves are decided on.",
        }
    )
    compliance.click("Record the disclosure")
    compliance.reads("A share of 2% in a maker of valves.")


def value_the_duties(consultant: Person, *, year: int) -> None:
    """File the opinion and the memo, each with its paper."""
    consultant.click(PROGRAM)
    consultant.click("File the opinion")
    consultant.fill(
        {
            "Valuator": "Northgate Valuation Partners",
            "Date of the opinion": f"{year - 1}-11-02",
            "Holds from": f"{year}-01-01",
            "Holds to": f"{year}-12-31",
            "Fixed fee, at most": "60000",
            "Incentive, at most": "40000",
            "All together, at most": "95000",
            "Percentile": "60",
            "Hours of duties a year that were assumed": DUTY_HOURS,
        }
    )
    consultant.field("The signed opinion").set_input_files(PAPER)
    consultant.click("File the opinion")
    consultant.reads("$60,000.00", "The paper, PDF")
    consultant.click("Commercial reasonableness: why the arrangement makes sense")
    consultant.click("Write a memo")
    consultant.fill(
        {
            "Purpose": "Better heart care, measured.",
            "Need": "The hospital has no cardiologist of its own to direct the service line.",
            "Alternatives": "Employing a director; nobody was found in two years.",
            "Approved by": "Priya Raman",
            "As": "Hospital executive",
            "Approved on": f"{year - 1}-11-10",
        }
    )
    consultant.field("The signed memo").set_input_files(PAPER)
    consultant.click("Put the memo on record")
    consultant.reads("The signed memo, PDF")
    consultant.click(PROGRAM)


def adopt_the_indicators(consultant: Person) -> None:
    """Take the three of the year into the library."""
    consultant.click("Indicators")
    for title in TITLES.values():
        consultant.click("Standard catalogue")
        consultant.fill({"Search": title})
        consultant.click("Show")
        consultant.click(f"Adopt {title}")
        consultant.click("Indicators")


def draft_the_year(consultant: Person, *, year: int) -> None:
    """Draft the first year: duties that come to the fixed fee, indicators with tiers."""
    consultant.click("Programs")
    consultant.click(PROGRAM)
    consultant.click("Draft the first year")
    consultant.fill(
        {
            "First day": f"{year}-01-01",
            "Last day": f"{year}-12-31",
            "Fair-market-value opinion": "Northgate Valuation Partners, $95,000.00",
            "Fixed fee for the year": "48000",
            "Incentive pool for the year": "36000",
            "Scope": CARDIOLOGY.scope,
        }
    )
    consultant.click("Draft the year")
    consultant.click("Build the fixed fee up from duties")
    consultant.page.get_by_role("link", name="Medical direction of the service line").click()
    consultant.fill({"Hours a year": DUTY_HOURS, "For an hour": DUTY_RATE})
    consultant.click("Add the duty")
    consultant.click(f"Set the fixed fee to {FEE}")
    consultant.reads(f"The fixed fee is {FEE} now.", "The fixed fee is built up")
    consultant.looks("duties-of-the-year")
    consultant.page.locator(".breadcrumbs a").last.click()
    for goal in CARDIOLOGY.goals:
        consultant.page.get_by_role("link", name="Add an indicator").first.click()
        values = {
            "Indicator": f"{TITLES[goal.slug]} v1",
            "Weight": str(goal.weight),
            "Baseline numerator": str(goal.baseline[0]),
            "Baseline denominator": str(goal.baseline[1]),
            "Source of the data": "Stays, EHR, the quality department",
            "Baseline source": "Calendar year 2024, EHR",
            "Decimals kept before comparison": str(goal.places),
        }
        for name, at, share in goal.tiers:
            values |= {f"{name}: goal": at, f"{name}: earns": share}
        consultant.fill(values)
        consultant.click("Add to the terms")
        consultant.reads(f"{TITLES[goal.slug]} is in the terms.")
    consultant.reads("The terms are complete")


def write_the_agreement(consultant: Person, *, year: int) -> None:
    """Begin the agreement and make its first version."""
    consultant.click(PROGRAM)
    consultant.click("Write the agreement")
    consultant.looks("agreement-begin")
    consultant.fill(
        {
            "Facility": "Riverside Heart Center",
            "Governing law": "Illinois",
            "First day": f"{year}-01-01",
            "Last day": f"{year + 1}-12-31",
        }
    )
    consultant.click("Begin the agreement")
    consultant.reads("The agreement is begun.")
    consultant.click(AGREEMENT_TITLE)
    consultant.reads("Being drafted, binds nobody yet", FEE)
    consultant.fill({"What this version is for": "For the first meeting"})
    consultant.click("Make a version")
    consultant.reads("The version is made. It never changes.")
    consultant.looks("agreement-drafted", dark=True)
