"""Every specialty of the published table, each as the scope of a year on the same stays."""

from fractions import Fraction

import pytest

from agreements.participants.models import Participant
from agreements.terms.actions import (
    YearTerms,
    agree_indicator,
    draft_year,
    lock_terms,
    open_period,
)
from agreements.terms.models import MissingRule
from agreements.valuations.actions import OpinionFacts, file_opinion
from comanage.demo.build import member
from comanage.demo.hospitals import OPINED_ON, SIGNED_ON, YEAR
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from indicators.library.actions import adopt_indicator
from indicators.library.models import IndicatorVersion
from scorecards.cards.queries import current_scorecard
from scorecards.feeds.models import Feed, FeedUse
from tests.ground import indicator_terms, small_program
from tests.worlds import RIVERSIDE, hand_in

# specialty: stays, died, hospice, eligible, readmitted of eligible, mean days of all
PUBLISHED = {
    "": (12_367, 111, 31, 12_225, 1_132, "4.0315"),
    "Cardiology": (5_352, 56, 17, 5_279, 424, "3.5256"),
    "Orthopedics": (1_400, 6, 2, 1_392, 151, "3.9807"),
    "Orthopedics-Reconstructive": (1_233, 2, 1, 1_230, 92, "3.9189"),
    "Surgery-General": (3_099, 31, 9, 3_059, 342, "4.5540"),
    "Surgery-Cardiovascular/Thoracic": (652, 10, 0, 642, 43, "5.7776"),
    "Surgery-Vascular": (533, 6, 2, 525, 74, "4.1201"),
    "Surgery-Cardiovascular": (98, 0, 0, 98, 6, "5.1735"),
}


@pytest.fixture(scope="module")
def by_specialty(built):
    """A year of its own for each specialty, all reading one feed of the real stays."""
    tenant = built[0]
    with tenant_scope(tenant.pk):
        years = {specialty: _year_about(specialty) for specialty in PUBLISHED}
    hand_in(tenant, RIVERSIDE.program.extract)
    with tenant_scope(tenant.pk):
        documents = {
            specialty: current_scorecard(year).document for specialty, year in years.items()
        }
    return {
        specialty: {result["slug"]: result["tally"] for result in document["indicators"]}
        for specialty, document in documents.items()
    }


def _year_about(specialty):
    by = member(Role.CONSULTANT)
    program = small_program(f"All of {specialty or 'them'}")
    known = Participant.objects.first()
    Participant.objects.create(
        program=program, physician=known.physician, joined_on=known.joined_on
    )
    FeedUse.objects.create(feed=Feed.objects.get(), program=program)
    money = Money(100_00)
    opinion = file_opinion(
        program=program,
        facts=OpinionFacts("V", OPINED_ON, YEAR.start, YEAR.end, money, money, money + money),
        by=by,
    )
    scope = f"medical_specialty = '{specialty}'" if specialty else ""
    terms = YearTerms(YEAR, opinion, money, money, scope, MissingRule.REDISTRIBUTE)
    year = draft_year(program=program, terms=terms, by=by)
    for slug, goal in (
        ("readmission-30-day", "10%"),
        ("inpatient-mortality", "1%"),
        ("average-length-of-stay", "4"),
    ):
        if not IndicatorVersion.objects.filter(indicator__slug=slug).exists():
            adopt_indicator(slug=slug, by=by)
        weight = 50 if slug == "readmission-30-day" else 25
        tiers = (("Threshold", goal, "100%"),)
        agree_indicator(year=year, terms=indicator_terms(slug, weight, tiers), by=by)
    lock_terms(year=year, signed_on=SIGNED_ON, by=by)
    return open_period(year=year, today=YEAR.start, by=by)


@pytest.mark.parametrize("specialty", PUBLISHED)
def test_every_specialty_gives_its_published_counts_under_its_scope(by_specialty, db, specialty):
    stays, died, hospice, eligible, readmitted, mean = PUBLISHED[specialty]

    tallies = by_specialty[specialty]
    readmission, deaths = tallies["readmission-30-day"], tallies["inpatient-mortality"]
    days = tallies["average-length-of-stay"]

    assert readmission["initial_population"] == stays
    assert readmission["denominator_exclusions"] == died + hospice == stays - eligible
    assert readmission["numerator"] == readmitted
    assert readmission["numerator"] + readmission["not_met"] == eligible
    assert (deaths["numerator"], deaths["denominator"]) == (died, stays)
    assert days["observations"] == stays
    assert f"{float(Fraction(days['numerator_sum']) / days['observations']):.4f}" == mean
