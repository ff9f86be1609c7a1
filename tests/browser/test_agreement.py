"""From an empty hospital to an executed agreement, each step by its role; in the long suite."""

import pytest

from tests.browser import walk_agreement, walk_signing
from tests.browser.people import Door


@pytest.mark.long
def test_an_agreement_goes_from_founding_to_both_signatures(door: Door, house):
    year = house.riverside.today().year + 1
    consultant = door.enter("consultant@harbor.example", "riverside")
    compliance = door.enter("compliance@riverside.example", "riverside")
    walk_agreement.found_the_program(consultant, year=year)
    walk_agreement.know_the_people(consultant, compliance, year=year)
    walk_agreement.value_the_duties(consultant, year=year)
    walk_agreement.adopt_the_indicators(consultant)
    walk_agreement.draft_the_year(consultant, year=year)
    walk_agreement.write_the_agreement(consultant, year=year)

    walk_signing.share_it(consultant)
    walk_signing.propose_words(door.enter("manager@riverside.example", "riverside"))
    walk_signing.accept_them(consultant)
    walk_signing.send_it_round(consultant)
    walk_signing.approve_it(door)
    ceo = walk_signing.sign_it(door)
    walk_signing.prove_it(ceo, consultant)
