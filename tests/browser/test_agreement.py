"""A change that the physicians ask for, and all from nothing to both signatures."""

import pytest

from comanage.demo import draft
from tests.browser import walk_agreement, walk_signing
from tests.browser.people import Door

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def spine(house):
    """A program of the second hospital, whose agreement is negotiated."""
    draft.draft_agreement()


def test_what_the_physicians_ask_for_becomes_the_next_version(door: Door, spine):
    consultant = door.enter("consultant@harbor.example", "lakeshore")
    for name in ("Programs", draft.NAME, f"{draft.NAME} agreement", "Negotiation"):
        consultant.click(name)

    walk_signing.accept_them(consultant, title=f"{draft.NAME} agreement")


def test_an_agreement_goes_from_founding_to_both_signatures(door: Door, house):
    year = house.riverside.today().year + 1
    consultant = door.enter("consultant@harbor.example", "riverside")
    compliance = door.enter("compliance@riverside.example", "riverside")
    walk_agreement.add_a_member(door.enter("admin@riverside.example", "riverside"))
    walk_agreement.found_the_program(consultant, year=year)
    walk_agreement.know_the_people(consultant, compliance, year=year)
    walk_agreement.value_the_duties(consultant, year=year)
    walk_agreement.adopt_the_indicators(consultant)
    walk_agreement.draft_the_year(consultant, year=year)
    walk_agreement.write_the_agreement(consultant, year=year)

    walk_signing.share_it(consultant)
    walk_signing.propose_words(door.enter("manager@riverside.example", "riverside"))
    consultant.page.reload()
    walk_signing.accept_them(consultant, title=walk_agreement.AGREEMENT_TITLE)
    consultant.reads("1 changed part")
    walk_signing.waive_it(door.enter("counsel@riverside.example", "riverside"))
    walk_signing.send_it_round(consultant)
    walk_signing.approve_it(door)
    ceo = walk_signing.sign_it(door)
    walk_signing.prove_it(ceo, consultant)
