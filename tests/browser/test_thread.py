"""The whole thread, in an empty hospital, each step by its role."""

from comanage.demo.hospitals import CARDIOLOGY
from tests.browser import walk_data, walk_settlement, walk_terms
from tests.browser.house import STRANGE_PROGRAM
from tests.browser.inspection import PHONE
from tests.browser.people import Door, Person


def test_a_program_goes_from_founding_to_the_paid_year(door: Door, house):
    consultant = door.enter("consultant@harbor.example", "riverside")
    walk_terms.found_the_program(consultant)
    walk_terms.add_the_physicians(consultant)
    walk_terms.file_the_opinion(consultant)
    walk_terms.adopt_the_indicators(consultant)
    walk_terms.draft_the_year(consultant)
    walk_terms.agree_the_indicators(consultant)
    walk_terms.lock_and_open(consultant, today=house.riverside.today())

    compliance = door.enter("compliance@riverside.example", "riverside")
    walk_terms.look_up_the_physicians(compliance)
    walk_data.file_the_agreement(compliance)
    owner = door.enter("data@riverside.example", "riverside")
    walk_data.declare_the_feed(owner)
    walk_data.send_a_bad_file(owner)
    owner.click("Send the mended file")
    walk_data.send_a_good_file(owner, CARDIOLOGY.extract, rows="12,367")
    owner.click(f"Scorecard of {walk_terms.PROGRAM}")
    walk_data.read_the_scorecard(owner)
    owner.page.screenshot(
        path=owner.inspector.folder / "README-scorecard.png",
        clip={"x": 0, "y": 0, "width": 1280, "height": 900},
    )
    owner.click("Compute again")
    owner.reads("It is computed again.")

    sees_only_their_program(door.enter("manager@riverside.example", "riverside", viewport=PHONE))

    consultant.go(owner.page.url.removeprefix(owner.site))
    walk_settlement.freeze(consultant)
    walk_settlement.sign_in_order(door, consultant.page.url.removeprefix(consultant.site))
    finance = door.enter("finance@riverside.example", "riverside")
    walk_settlement.pay(finance)
    walk_settlement.download_the_report(finance)
    walk_settlement.audit(door.enter("compliance@riverside.example", "riverside"))

    consultant.go("/t/lakeshore/programs/")
    consultant.does_not_read(walk_terms.PROGRAM, STRANGE_PROGRAM, "Riverside")


def sees_only_their_program(manager: Person) -> None:
    manager.reads(walk_terms.PROGRAM)
    manager.does_not_read(STRANGE_PROGRAM)
    manager.looks("manager-overview", dark=True)
    manager.page.get_by_role("link", name="$112,200.00").click()
    walk_data.read_the_scorecard(manager, name="manager-scorecard")
    manager.go("/t/riverside/programs/")
    manager.does_not_read(STRANGE_PROGRAM)
