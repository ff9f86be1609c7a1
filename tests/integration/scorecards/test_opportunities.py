"""An assessment from the question to the draft: asked, computed by a job, read, taken over."""

from datetime import date
from fractions import Fraction
from io import BytesIO

import pikepdf
import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from agreements.programs.models import Program
from agreements.terms.models import AgreedIndicator, Tier
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from scorecards.baselines.models import Baseline
from scorecards.opportunities.actions import keep_assessment
from scorecards.opportunities.models import Assessment, AssessmentOutcome
from tests.ground import HEADER, indicator_terms, run_jobs, small_draft, take_in

BEFORE = Period(date(2024, 1, 1), date(2025, 1, 1))
DAYS = {"first_day": "2024-01-01", "last_day": "2024-12-31"}
# Twelve specialties of 40 stays each; of the first two 12 and 10 come back, of the others 2.
RETURNS = (12, 10, *[2] * 10)


def history():
    rows = [
        f"S{unit}N{stay},Unit {unit:02},1,1,3,Norm,{'<30' if stay < returns else 'NO'}"
        for unit, returns in enumerate(RETURNS)
        for stay in range(40)
    ]
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture(scope="module")
def _sent(ground):
    with tenant_scope(ground.pk):
        year = small_draft(indicators=())
        indicator_terms("readmission-30-day", 60, ())
        take_in(history(), period=BEFORE)
    return year


@pytest.fixture
def draft(_sent, ground, db):
    with tenant_scope(ground.pk):
        yield _sent


def browser(role=Role.CONSULTANT):
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=role).user)
    return browser


def address(name, record=None):
    return reverse(f"scorecards:{name}", args=["smallville", (record or Program.objects.get()).pk])


def question(**changes):
    given = {
        **DAYS,
        "column": "medical_specialty",
        "minimum_cases": "20",
        "readmission-30-day:take": "on",
        "readmission-30-day:reference": "average",
        "readmission-30-day:cost": "14,400.00",
        "readmission-30-day:cost_source": "Finance, mean cost of a readmission in 2024",
        "readmission-30-day:days": "4.5",
        "readmission-30-day:days_source": "Finance, same table",
    }
    return given | changes


def asked(**changes):
    answer = browser().post(address("opportunity-ask"), question(**changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return Assessment.objects.first()


def test_an_assessment_is_asked_computed_read_and_taken_into_a_draft(draft):
    assessment = asked()
    assert "Stop it" in browser().get(address("opportunity-detail", assessment)).text
    run_jobs(assessment.tenant_id, JobKind.ASSESS_OPPORTUNITIES)

    shown = browser().get(address("opportunity-detail", assessment)).text
    # All together 42 of 480 is 8.75 %: at it a unit of 40 has 3.5; 12 - 3.5 and 10 - 3.5 are 15.
    assert "2 of 12 units are worse than 8.8 %" in shown
    assert "15.0 fewer events in 1 Jan 2024 to 31 Dec 2024" in shown
    assert "15.0 events at $14,400.00 each make $216,000.00" in shown
    assert "15.0 events at 4.5 days each make 67.5 days (days: Finance, same table)" in shown
    assert "chance alone would make a distance of about" in shown
    assert "Of 12 units compared" in shown  # a funnel, from ten units on
    assert "no date column" in shown
    assert "The catalogue found no published figure that fits." in shown

    unseated = browser(Role.PHYSICIAN_MANAGER)
    assert unseated.get(address("summary-download", assessment)).status_code == 404  # no seat
    pdf = browser(Role.EXECUTIVE).get(address("summary-download", assessment))
    assert pdf.content.startswith(b"%PDF-")
    with pikepdf.open(BytesIO(pdf.content)) as summary:
        pages = len(summary.pages)
    assert 2 <= pages <= 4

    # Everybody is at the reference already, so nothing is proposed; against the best there is.
    assert "at the reference already" in shown
    best = asked(**{"readmission-30-day:reference": "best"})
    run_jobs(best.tenant_id, JobKind.ASSESS_OPPORTUNITIES)
    assert "Put it into a draft" in browser().get(address("opportunity-detail", best)).text
    given = {"slug": "readmission-30-day", "year": draft.pk, "weight": "60"}
    assert browser().post(address("proposal-take", best), given).status_code == 302

    agreed = AgreedIndicator.objects.get(year=draft)
    assert (agreed.baseline_numerator, agreed.baseline_denominator) == (42, 480)
    assert agreed.baseline_sha256 == Baseline.objects.get().sha256
    # The best reach 2 of 40, 5 %; half of the way from 8.75 % is 6.875 %.
    assert [Fraction(tier.goal) for tier in Tier.objects.filter(indicator=agreed)] == [
        Fraction("0.069"),
        Fraction("0.05"),
    ]
    again = browser().post(address("proposal-take", best), given, follow=True)
    assert "is in these terms already" in again.text
    kinds = list(Event.objects.order_by("sequence").values_list("kind", flat=True))
    assert [kind for kind in kinds if "assessment" in kind] == [
        EventKind.ASSESSMENT_ASKED,
        EventKind.ASSESSMENT_COMPUTED,
        EventKind.ASSESSMENT_DOWNLOADED,
        EventKind.ASSESSMENT_ASKED,
        EventKind.ASSESSMENT_COMPUTED,
    ]


def test_few_units_stand_side_by_side_and_those_with_few_cases_are_not_judged(draft):
    assessment = asked(scope="medical_specialty in ('Unit 00', 'Unit 01', 'Unit 02')")
    run_jobs(assessment.tenant_id, JobKind.ASSESS_OPPORTUNITIES)

    shown = browser().get(address("opportunity-detail", assessment)).text
    assert "A funnel needs 10 units or more, not 3" in shown
    assert "Unit 00 30.0 % (12 of 40)" in shown  # what the chart says to who cannot see it
    given = {"slug": "readmission-30-day", "year": draft.pk, "weight": "60"}
    other = browser().post(address("proposal-take", assessment), given, follow=True)
    assert "Assess with the scope of the draft" in other.text

    few = asked(minimum_cases="41")
    run_jobs(few.tenant_id, JobKind.ASSESS_OPPORTUNITIES)
    assert "No unit has cases enough" in browser().get(address("opportunity-detail", few)).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"readmission-30-day:take": ""}, "Choose at least one indicator"),
        ({"readmission-30-day:cost_source": ""}, "say where the cost comes from"),
        ({"readmission-30-day:days_source": ""}, "say who counted the days"),
        ({"readmission-30-day:reference": "peer"}, "give the value of the peers"),
        ({"readmission-30-day:reference": "benchmark"}, "Choose one of the list"),
        ({"column": "encounter_id"}, "Choose one of the list"),
        ({"last_day": "2023-12-31"}, "The last day is before the first"),
        ({"last_day": "2025-01-31"}, "does not cover"),
    ],
)
def test_a_question_that_is_not_whole_is_refused_and_nothing_typed_is_lost(draft, changes, said):
    answer = browser().post(address("opportunity-ask"), question(**changes))

    assert said in answer.text
    assert "14,400.00" in answer.text
    assert not Assessment.objects.exists()


def test_what_cannot_be_counted_fails_in_words(draft):
    assessment = asked(scope="no_such_column = 'x'")
    run_jobs(assessment.tenant_id, JobKind.ASSESS_OPPORTUNITIES)

    assert Job.objects.get(subject_id=assessment.pk).state == JobState.FAILED
    shown = browser().get(address("opportunity-detail", assessment)).text
    assert "The scope does not fit" in shown
    assert "Could not be computed" in browser().get(address("opportunity-list")).text
    assert (
        "no summary of it"
        in browser().get(address("summary-download", assessment), follow=True).text
    )


def test_a_stopped_assessment_keeps_nothing_and_rows_never_change(draft):
    assessment = asked()
    browser().post(address("opportunity-cancel", assessment))
    run_jobs(assessment.tenant_id, JobKind.ASSESS_OPPORTUNITIES)

    assert AssessmentOutcome.objects.get().end == "cancelled"
    assert Job.objects.get(subject_id=assessment.pk).state == JobState.DONE
    late = keep_assessment(assessment=assessment, document={}, by=member(Role.CONSULTANT))
    assert late is None
    again = browser().post(address("opportunity-cancel", assessment), follow=True)
    assert "has ended already" in again.text
    for change in (
        lambda: Assessment.objects.update(number=9),
        lambda: AssessmentOutcome.objects.update(sha256="0" * 64),
        AssessmentOutcome.objects.get().delete,
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()
