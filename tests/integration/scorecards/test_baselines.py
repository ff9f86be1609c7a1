"""A baseline is counted from history, shown, and frozen into the draft."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from agreements.terms.actions import (
    agree_indicator,
    draft_next_year,
    edit_year,
    lock_terms,
    withdraw_indicator,
)
from agreements.terms.completeness import gaps
from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.canonical import sha256_of
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.library.actions import adopt_indicator, save_version
from indicators.measure.columns import ColumnType
from scorecards.baselines.actions import freeze_baseline
from scorecards.baselines.models import Baseline
from scorecards.baselines.queries import compute_baseline
from scorecards.intake.models import Upload
from tests.ground import (
    SIGNED_ON,
    hand_in,
    indicator_terms,
    small_draft,
    stays,
    year_terms,
)

BEFORE = Period(date(2024, 1, 1), date(2025, 1, 1))
FIRST_HALF = Period(date(2024, 1, 1), date(2024, 7, 1))
SECOND_HALF = Period(date(2024, 7, 1), date(2025, 1, 1))
CARDIOLOGY = "medical_specialty = 'Cardiology'"


def by():
    return member(Role.CONSULTANT)


def readmission(year):
    return year.indicators.select_related("year__program", "version__indicator").get(
        version__indicator__slug="readmission-30-day"
    )


def freeze(agreed, period=BEFORE, **given):
    given = {"shown_sha256": compute_baseline(agreed=agreed, period=period).sha256} | given
    return freeze_baseline(agreed=agreed, period=period, by=by(), **given)


def refusal(agreed, period=BEFORE):
    with pytest.raises(PolicyError) as refused:
        compute_baseline(agreed=agreed, period=period)
    return str(refused.value)


@pytest.fixture(scope="module")
def _drafted(ground):
    with tenant_scope(ground.pk):
        year = small_draft(scope=CARDIOLOGY)
        hand_in(stays(40, readmitted=3), period=FIRST_HALF)
        hand_in(stays(60, readmitted=6), period=SECOND_HALF)
    return year.pk


@pytest.fixture
def draft(_drafted, ground, db):
    """A draft of both indicators, with the year before it sent in two halves; in its scope."""
    with tenant_scope(ground.pk):
        yield MeasurementYear.objects.select_related("program", "opinion").get(pk=_drafted)


# --- Counting ---------------------------------------------------------------------------------


def test_a_baseline_counts_every_slice_of_its_period(draft):
    computed = compute_baseline(agreed=readmission(draft), period=BEFORE)

    assert (computed.numerator, computed.denominator, computed.times) == (3 + 6, 40 + 60, 1)
    assert computed.rate == Fraction(9, 100)
    assert [slice_["rows"] for slice_ in computed.document["slices"]] == [40, 60]


def test_a_baseline_counts_a_part_of_history_where_slices_end(draft):
    computed = compute_baseline(agreed=readmission(draft), period=SECOND_HALF)

    assert (computed.numerator, computed.denominator) == (6, 60)


def test_the_scope_of_the_terms_holds_for_history_too(draft):
    hand_in(
        stays(40, readmitted=3, medical_specialty="Neurology"), period=FIRST_HALF, key="corrected"
    )

    computed = compute_baseline(agreed=readmission(draft), period=BEFORE)

    assert (computed.numerator, computed.denominator) == (2 + 6, 39 + 60)


def test_a_corrected_slice_counts_in_place_of_the_first(draft):
    hand_in(stays(50, readmitted=5), period=FIRST_HALF, key="corrected")

    computed = compute_baseline(agreed=readmission(draft), period=BEFORE)

    assert (computed.numerator, computed.denominator) == (5 + 6, 50 + 60)


def test_the_baseline_of_a_median_is_its_value_over_one(draft):
    version = adopt_indicator(slug="average-length-of-stay", by=by())
    median = save_version(
        indicator=version.indicator,
        definition=replace(version.definition, scoring="median"),
        by=by(),
    )
    terms = indicator_terms("average-length-of-stay", 10, (("Threshold", "3", "50%"),))
    agreed = agree_indicator(year=draft, terms=replace(terms, version=median), by=by())
    two_stays = Period(date(2023, 12, 1), date(2024, 1, 1))
    hand_in(stays(2, readmitted=0, time_in_hospital="4"), period=two_stays)

    frozen = freeze(agreed, two_stays)

    agreed.refresh_from_db()
    assert frozen.document["rate"] == "7/2"  # half way between 3 and 4 days
    assert (agreed.baseline_numerator, agreed.baseline_denominator) == (Decimal("3.5"), 1)


# --- Refusals ---------------------------------------------------------------------------------


def test_days_that_were_not_sent_are_named(draft):
    longer = Period(date(2023, 7, 1), BEFORE.end)

    sentence = refusal(readmission(draft), longer)

    assert f"does not cover {longer}" in sentence
    assert f"Received inside it: {FIRST_HALF}; {SECOND_HALF}." in sentence


def test_a_period_that_cuts_a_slice_is_not_covered(draft):
    sentence = refusal(readmission(draft), Period(date(2024, 4, 1), BEFORE.end))

    assert f"Received inside it: {SECOND_HALF}." in sentence


@pytest.mark.parametrize("last", [date(2025, 1, 1), date(2025, 12, 31)])
def test_days_of_the_measurement_year_are_no_history(draft, last):
    sentence = refusal(readmission(draft), Period.inclusive(BEFORE.start, last))

    assert "choose days before the measurement year begins" in sentence


def test_a_feed_without_the_indicators_columns_is_named(draft):
    terms = indicator_terms("central-line-infections", 10, (("Threshold", "1", "50%"),))
    agreed = agree_indicator(year=draft, terms=terms, by=by())

    assert "The feed has no column expected" in refusal(agreed)


def test_a_column_of_another_type_is_a_sentence(draft):
    terms = indicator_terms("average-length-of-stay", 10, (("Threshold", "3", "50%"),))
    definition = terms.version.definition
    days = replace(
        definition,
        columns=tuple(
            replace(each, type=ColumnType.DATE) if each.name == "time_in_hospital" else each
            for each in definition.columns
        ),
        observation="days_between(time_in_hospital, time_in_hospital)",
        deck=(),
    )
    version = save_version(indicator=terms.version.indicator, definition=days, by=by())
    agreed = agree_indicator(year=draft, terms=replace(terms, version=version), by=by())

    assert "cannot be counted" in refusal(agreed)


# --- Freezing ---------------------------------------------------------------------------------


def test_a_frozen_baseline_stands_in_the_draft_with_its_period_source_and_hash(draft):
    agreed = readmission(draft)

    frozen = freeze(agreed)

    agreed.refresh_from_db()
    assert (agreed.baseline_numerator, agreed.baseline_denominator) == (9, 100)
    assert (agreed.baseline_period, agreed.baseline_source) == (BEFORE, "Stays, EHR")
    assert agreed.data_source == "Stays, EHR"  # where nobody said another
    assert agreed.baseline_sha256 == frozen.sha256
    assert {EventKind.BASELINE_FROZEN, EventKind.BASELINE_TAKEN} <= set(
        Event.objects.filter(details__sha256=frozen.sha256).values_list("kind", flat=True)
    )


def test_the_hash_is_that_of_the_document_and_stands_in_the_signed_terms(draft):
    frozen = freeze(readmission(draft))

    locked = lock_terms(year=draft, signed_on=SIGNED_ON, by=by())

    kept = Baseline.objects.get()
    assert kept.sha256 == frozen.sha256 == sha256_of(kept.document)
    baseline = locked.terms["indicators"][0]["baseline"]
    assert baseline["sha256"] == kept.sha256
    assert baseline["period"] == {"start": "2024-01-01", "end": "2025-01-01"}


def test_a_frozen_baseline_never_changes(draft):
    freeze(readmission(draft))

    for statement in (
        "UPDATE scorecards_baseline SET sha256 = 'x'",
        "DELETE FROM scorecards_baseline",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_only_what_was_shown_is_frozen(draft):
    agreed = readmission(draft)
    shown = compute_baseline(agreed=agreed, period=BEFORE).sha256
    hand_in(stays(50, readmitted=5), period=FIRST_HALF, key="corrected")

    with pytest.raises(PolicyError, match="changed after these counts were shown"):
        freeze(agreed, shown_sha256=shown)

    assert not Baseline.objects.exists()


def test_the_scope_that_is_counted_is_that_of_the_draft_as_it_stands(draft):
    agreed = readmission(draft)
    shown = compute_baseline(agreed=agreed, period=BEFORE).sha256
    edit_year(year=draft, terms=year_terms(scope=""), by=by())

    with pytest.raises(PolicyError, match="changed after these counts were shown"):
        freeze(agreed, shown_sha256=shown)


def test_a_scope_that_changes_afterwards_keeps_the_terms_from_being_locked(draft):
    freeze(readmission(draft))
    assert gaps(terms_document(draft)) == []

    draft = edit_year(year=draft, terms=year_terms(scope=""), by=by())

    assert [gap for gap in gaps(terms_document(draft)) if "computed for another scope" in gap]


def test_locked_terms_take_no_baseline(draft):
    agreed = readmission(draft)
    lock_terms(year=draft, signed_on=SIGNED_ON, by=by())

    with pytest.raises(PolicyError, match="These terms are locked"):
        freeze(agreed)

    assert not Baseline.objects.exists()


def test_an_indicator_that_was_taken_out_meanwhile_does_not_come_back(draft):
    agreed = readmission(draft)
    withdraw_indicator(agreed=readmission(draft), by=by())

    with pytest.raises(PolicyError, match="taken out of these terms meanwhile"):
        freeze(agreed)

    assert draft.indicators.count() == 1
    assert not Baseline.objects.exists()


def test_the_next_year_carries_the_frozen_baseline_and_a_new_one_needs_a_reason(draft):
    frozen = freeze(readmission(draft))
    following = draft_next_year(year=lock_terms(year=draft, signed_on=SIGNED_ON, by=by()), by=by())
    agreed = readmission(following)
    assert agreed.baseline_sha256 == frozen.sha256
    needs = "not that of the year before (9 over 100)"

    freeze(agreed, SECOND_HALF)
    assert [gap for gap in gaps(terms_document(following)) if needs in gap]

    freeze(agreed, SECOND_HALF, reason="The first half was another ward.")
    assert not [gap for gap in gaps(terms_document(following)) if needs in gap]


# --- The page ---------------------------------------------------------------------------------

DAYS = {"first_day": "2024-01-01", "last_day": "2024-12-31"}


def consultant():
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=Role.CONSULTANT).user)
    return browser


def address(hospital, name, record):
    return reverse(name, args=[hospital.slug, record.pk])


def test_the_counts_are_shown_before_they_are_frozen(ground, draft):
    agreed, browser = readmission(draft), consultant()

    page = browser.post(address(ground, "scorecards:baseline-compute", agreed), DAYS)

    assert "9.0 % over 1 Jan 2024 to 31 Dec 2024" in page.content.decode()
    assert not Baseline.objects.exists()

    shown = page.context["reading"].sha256
    answer = browser.post(
        address(ground, "scorecards:baseline-freeze", agreed), DAYS | {"sha256": shown}
    )
    assert answer.headers["Location"] == address(ground, "agreements:year-detail", draft)
    terms = browser.get(answer.headers["Location"]).content.decode()
    assert "9 over 100; Stays, EHR, 1 Jan 2024 to 31 Dec 2024" in terms
    assert "Computed from the hospital's history and frozen." in terms


def test_a_refusal_to_freeze_shows_the_new_counts_and_keeps_the_reason(ground, draft):
    agreed = readmission(draft)

    page = (
        consultant()
        .post(
            address(ground, "scorecards:baseline-freeze", agreed),
            DAYS | {"sha256": "0" * 64, "reason": "Another ward."},
        )
        .content.decode()
    )

    assert "changed after these counts were shown" in page
    assert 'value="Another ward."' in page
    assert not Baseline.objects.exists()


def test_a_gap_is_said_on_the_page(ground, draft):
    page = consultant().post(
        address(ground, "scorecards:baseline-compute", readmission(draft)),
        DAYS | {"first_day": "2023-01-01"},
    )

    assert "does not cover 1 Jan 2023 to 31 Dec 2024" in page.content.decode()


def test_locked_terms_offer_nothing_to_freeze(ground, draft):
    agreed = readmission(draft)
    lock_terms(year=draft, signed_on=SIGNED_ON, by=by())

    page = consultant().post(address(ground, "scorecards:baseline-compute", agreed), DAYS)

    assert "stays as it was signed" in page.content.decode()
    assert "Freeze as the baseline" not in page.content.decode()


def test_counting_asks_the_database_no_more_for_more_slices(draft, django_assert_num_queries):
    agreed = readmission(draft)

    for period in (SECOND_HALF, BEFORE):
        with django_assert_num_queries(4):
            compute_baseline(agreed=agreed, period=period)


def test_an_accepted_file_of_history_is_called_that(ground, draft):
    upload = Upload.objects.get(starts_on=BEFORE.start)

    page = consultant().get(address(ground, "scorecards:upload-detail", upload))

    assert "this is history" in page.content.decode()
