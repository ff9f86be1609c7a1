"""Counts instead of cases: what a publisher withholds is not scored, and never zero."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.participants.actions import add_participant
from agreements.terms.actions import lock_terms, open_period
from comanage.demo.build import member
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from scorecards.cards.queries import current_scorecard
from scorecards.feeds.actions import FeedFacts, declare_feed
from scorecards.feeds.models import Feed
from scorecards.intake.actions import receive_upload
from scorecards.intake.spec import from_document
from tests.ground import (
    POOL,
    SIGNED_ON,
    YEAR,
    check_waiting,
    run_jobs,
    small_draft,
    small_opinion,
    small_program,
)
from tests.worlds import parcel

PUBLISHED = b"""Measure ID,Numerator,Denominator,Footnote
PSI_14,Too Few to Report,520,
PSI_15,2,520,
PSI_03,,,5
"""
DEHISCENCE, LACERATION = "postoperative-wound-dehiscence", "accidental-puncture-or-laceration"
TIERS = (("Threshold", "1%", "50%"), ("Target", "0.5%", "100%"))
SPEC = {
    "level": "L0",
    "row_key": ["measure_id"],
    "suppressed": ["Too Few to Report"],
    "columns": [
        {"name_in_file": "Measure ID", "name": "measure_id", "type": "code"},
        {"name_in_file": "Numerator", "name": "numerator", "type": "whole"},
        {"name_in_file": "Denominator", "name": "denominator", "type": "whole"},
        {"name_in_file": "Footnote", "name": "footnote", "type": "code"},
    ],
}


@pytest.fixture
def year(inside):
    """A year of a program that reads counts."""
    program, by = small_program("Surgery"), member(Role.SERVICE_LINE_ADMINISTRATOR)
    declare_feed(
        facts=FeedFacts("Published", "Registry"),
        spec=from_document(SPEC),
        programs=[program],
        today=inside.today(),
        by=by,
    )
    add_participant(
        program=program,
        npi="2999999008",
        name="Dr. Ben",
        specialty="Surgery",
        joined_on=YEAR.start,
        by=member(Role.CONSULTANT),
    )
    draft = small_draft(
        program=program,
        indicators=((DEHISCENCE, 60, TIERS), (LACERATION, 40, TIERS)),
        opinion=small_opinion(program),
    )
    locked = lock_terms(year=draft, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))
    return open_period(year=locked, today=locked.starts_on, by=member(Role.CONSULTANT))


@pytest.fixture
def card(year):
    """Its scorecard, of a file in which the publisher withholds one count of two."""
    upload, _ = receive_upload(
        feed=Feed.objects.get(name="Published"),
        parcel=parcel(PUBLISHED),
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )
    check_waiting(upload.tenant_id)
    run_jobs(upload.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    return current_scorecard(year)


def test_a_withheld_count_is_not_scored_and_earns_nothing(card):
    """Nothing counted would be the best of all results where less is better."""
    withheld, known = card.document["indicators"]

    assert (withheld["rate"], withheld["score"]["tier"]) == (None, None)
    assert "no value is known" in withheld["score"]["reason"]
    assert (withheld["tally"]["observations"], withheld["tally"]["missing"]) == (0, 1)
    assert (withheld["score"]["available"], withheld["score"]["earned"]) == ("0.00", "0.00")
    assert known["rate"] == "1/260"
    assert known["score"]["earned"] == str(POOL).replace("$", "").replace(",", "")


def test_counts_have_no_cases_to_list(card, year):
    browser = Client()
    browser.force_login(User.objects.get(pk=member(Role.SERVICE_LINE_ADMINISTRATOR).id))

    page = browser.get(
        reverse("scorecards:case-list", args=[year.tenant.slug, year.pk, LACERATION])
    )

    assert page.status_code == 200
    assert "This feed holds aggregates: it has counts, and no cases to list." in page.text
