"""A year that pays by a scoring plan, from its terms to the statement that anybody can verify.

3 of 40 readmitted is 7.5 %, half the way from the threshold of 10 % to the benchmark of 5 %:
9 x 0.5 + 0.5 = 5 points of 10. 16 of 40 measured is 40 %, half the way from 20 % to 60 %, which
achieves 5 points; from the baseline of 10 % it is 10 x 0.3 / 0.5 - 0.5 = 5.5, so 6 for improvement.
The pool of $60,000.01 splits by domain into $36,000.01 and $24,000.00: half of the one, half a
cent upward, is $18,000.01, and six tenths of the other are $14,400.00.
"""

import html
import io
import json
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import docx
import pytest
from django.test import Client
from django.urls import reverse

from adjudication.package.content import Frame, report_content
from adjudication.package.frames import Edition, attested_of, frame_of
from adjudication.package.models import Stage
from adjudication.package.settlement import settlement_document, settlement_resource
from adjudication.package.word import word_report
from adjudication.verifying.problems import DoesNotHoldError
from adjudication.verifying.snapshot import check_parts, check_result
from adjudication.years.snapshot import recompute
from agreements.lint.earlier import years_shown
from agreements.terms.actions import (
    draft_next_year,
    lock_terms,
    open_period,
    put_scoring_plan,
)
from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from scorecards.cards.queries import current_scorecard, prior_results
from scorecards.whatif.board import answer
from scorecards.whatif.queries import board_of
from tests.ground import FIXED_FEE, SIGNED_ON, hand_in, small_draft, stays
from tests.outsiders import accepted
from tests.planned import HBA1C, READMISSION, small_plan
from tests.signing import freeze

OUTCOMES, PROCESS = Money.from_dollars("18000.01"), Money.from_dollars("14400.00")
INCENTIVE = OUTCOMES + PROCESS


@pytest.fixture(scope="module")
def _planned(ground):
    with tenant_scope(ground.pk):
        by = member(Role.CONSULTANT)
        year = put_scoring_plan(year=small_draft(), document=small_plan(), by=by)
        year = lock_terms(year=year, signed_on=SIGNED_ON, by=by)
        open_period(year=year, today=year.starts_on, by=by)
        hand_in(stays())
    return year.pk


@pytest.fixture
def planned(_planned, ground, db):
    with tenant_scope(ground.pk):
        yield MeasurementYear.objects.get(pk=_planned)


@pytest.fixture
def browser(planned):
    found = Client()
    found.force_login(Membership.objects.get(role=Role.CEO).user)
    return found


def text_of(browser, view, year):
    answer = browser.get(reverse(f"scorecards:{view}", args=[year.tenant.slug, year.pk]))
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.content.decode()).split())


def test_the_scorecard_has_points_domains_and_dollars_with_every_step(planned):
    document = current_scorecard(planned).document
    found = {each["slug"]: each["score"] for each in document["indicators"]}

    assert found[READMISSION]["points"] == ["5", "10"]
    assert found[HBA1C]["points"] == ["6", "10"]
    assert (found[READMISSION]["compared"], found[READMISSION]["tier"]) == ("3/40", "Threshold")
    assert [each["score"] for each in document["score"]["domains"]] == ["50", "60"]
    assert document["score"]["points"] == "54"  # 60 x 0.5 + 40 x 0.6
    assert Money.from_dollars(document["score"]["earned"]) == INCENTIVE
    assert [Money.from_dollars(found[slug]["earned"]) for slug in (READMISSION, HBA1C)] == [
        OUTCOMES,
        PROCESS,
    ]
    labels = [step["label"] for step in found[HBA1C]["steps"]]
    assert labels[0] == "Compared value"
    assert {"Achievement", "Improvement", "Points"} < set(labels)
    assert labels[-1] == "Part of the dollars"
    assert "Outcomes" in [step["label"] for step in document["score"]["steps"]]


def test_pages_show_points_goals_and_domains(planned, browser):
    page = text_of(browser, "scorecard", planned)

    assert "$32,400.01" in page
    assert "<dt>Points</dt><dd>6 of 10</dd>" in page
    assert "<dt>Weight</dt><dd>60 of 100</dd>" in page
    assert "Benchmark (5.0 %) takes 1 fewer case in the numerator." in page
    assert '<th scope="row">Outcomes</th>' in page
    assert text_of(browser, "trend", planned)
    assert text_of(browser, "edition-list", planned)


def test_what_if_scores_by_the_plan_and_says_what_it_cannot_tell(planned, browser):
    board = board_of(planned, current_scorecard(planned))

    assert board.now.to_document() == current_scorecard(planned).document["score"] | {
        "indicators": [each.to_document() for each in board.now.indicators]
    }
    assert answer(board, {}).score == board.now
    page = text_of(browser, "what-if", planned)
    assert "by the scoring plan this indicator has no tiers" in page
    assert "$32,400.01" in page


def test_the_statement_follows_and_anybody_can_verify_it(planned):
    snapshot = freeze(planned)
    document = json.loads(snapshot.canonical)

    lines = document["result"]["statement"]["lines"]
    assert [Money.from_dollars(line["amount"]) for line in lines] == [FIXED_FEE, INCENTIVE]
    assert "54.00 of 100 points" in lines[1]["basis"]
    assert recompute(snapshot.canonical)
    (shown,) = years_shown({planned.pk: planned.period})
    assert [(each.slug, each.share, each.is_most) for each in shown.reached] == [
        (READMISSION, Fraction(1, 2), False),
        (HBA1C, Fraction(6, 10), False),
    ]
    assert check_parts(document) == 3
    assert check_result(document) > 20
    qualities = settlement_document(document, planned.ends_on)["quality"]
    assert [each["id"] for each in qualities] == [READMISSION, HBA1C]


@pytest.mark.parametrize(
    ("part", "was", "then"),
    [
        ("threshold", "20%", "21%"),
        ("benchmark", "60%", "50%"),
    ],
)
def test_a_changed_digit_of_the_plan_is_found(planned, part, was, then):
    document = json.loads(freeze(planned).canonical)
    method = document["inputs"]["terms"]["scoring_plan"]["indicators"][1]["method"]
    assert method[part] == was
    method[part] = then

    with pytest.raises(DoesNotHoldError, match="The terms inside differs"):
        check_parts(document)
    with pytest.raises(DoesNotHoldError, match="its own terms and counts give"):
        check_result(document)


def test_the_report_prints_points_and_domains(planned):
    document = json.loads(freeze(planned).canonical)
    frame = Frame(
        tenant="Smallville",
        zone=ZoneInfo("America/Chicago"),
        number=1,
        sha256="0" * 64,
        stage="review",
        made_at="today",
        steps=(),
        signed_at=(),
        payment="",
    )

    report = report_content(document, frame)

    assert [each["points"] for each in report["indicators"]] == ["5 of 10", "6 of 10"]
    (scored,) = (
        part["text"] for part in report["indicators"][0]["definition"] if part["term"] == "Scored"
    )
    assert "Achievement: 10 points at the benchmark of 5 % or lower" in scored
    assert [each["title"] for each in report["domains"]] == ["Outcomes", "Process"]
    assert report["weight_total"] == "100"
    assert report["incentive"] == "$32,400.01"


@pytest.mark.parametrize(
    ("rule", "queries", "taken"), [("pool", 1, {READMISSION: 3, HBA1C: 16}), ("not_scored", 0, {})]
)
def test_the_year_after_takes_counts_from_this_one_where_its_plan_asks(
    planned, django_assert_num_queries, rule, queries, taken
):
    following = draft_next_year(year=planned, by=member(Role.CONSULTANT))
    small = {"minimum_cases": 20, "rule": rule}
    by = member(Role.CONSULTANT)
    following = put_scoring_plan(year=following, document=small_plan(small_numbers=small), by=by)
    following.terms = terms_document(following)

    with django_assert_num_queries(queries):
        prior = prior_results(following)

    assert {slug: tally.numerator for slug, tally in prior.items()} == taken


def test_copies_say_points_goals_and_domains_too(planned):
    snapshot = freeze(planned)
    document = json.loads(snapshot.canonical)
    edition = Edition(snapshot, Stage.REVIEW, snapshot.frozen_at)

    content = report_content(document, frame_of(edition))
    copy = docx.Document(
        io.BytesIO(word_report(content, created=snapshot.frozen_at, pdf_sha256="0" * 64))
    )
    bundle = settlement_resource(document, attested_of(edition))

    cells = [cell.text for table in copy.tables for row in table.rows for cell in row.cells]
    assert {"Points", "6 of 10", "Outcomes", "$14,400.00"} <= set(cells)
    reports = [accepted(entry["resource"]) for entry in bundle["entry"][4:6]]
    said = {
        part["url"].rpartition("/")[2]: part.get("valueDecimal") for part in reports[1]["extension"]
    }
    assert (said["weight"], said["score"]) == (Decimal("0.4"), 6)
    assert len([part for part in reports[1]["extension"] if part["url"].endswith("threshold")]) == 2
