"""Over time, by group, case by case: what the pages say of dated stays, counted by hand."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from adjudication.years.snapshot import build
from agreements.participants.models import ProgramSeat
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from indicators.measure.tally import Tally
from scorecards.cards import loading
from scorecards.cards.queries import current_scorecard
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import current_map
from scorecards.strata import counting
from scorecards.trends.months import months_of
from tests.dated import (
    AT_RISK,
    BEFORE,
    DIED,
    ELSEWHERE,
    PHYSICIANS,
    RETURNED,
    dated_hospital,
    dated_stays,
)
from tests.ground import (
    FEED_FACTS,
    YEAR,
    accept,
    check,
    hand_in,
    open_year,
    rolled_back,
    small_hospital,
    small_program,
    stays,
    storage_in,
)

SLUG = "readmission-30-day"
MONTHS = 12


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two dated hospitals: Smallville sends whole years, Bigtown a file each month."""
    with (
        django_db_blocker.unblock(),
        storage_in(tmp_path_factory.mktemp("storage")),
        rolled_back(),
    ):
        yield dated_hospital(), dated_hospital("bigtown", in_parts=True)


@pytest.fixture
def both(built, db):
    return built


@pytest.fixture
def smallville(both):
    return both[0]


def the_year(tenant, period=YEAR):
    with tenant_scope(tenant.pk):
        return MeasurementYear.objects.select_related("program").get(starts_on=period.start)


def the_card(tenant, period=YEAR):
    with tenant_scope(tenant.pk):
        return current_scorecard(the_year(tenant, period))


def browser(tenant, role=Role.SERVICE_LINE_ADMINISTRATOR):
    with tenant_scope(tenant.pk):
        user = Membership.objects.select_related("user").get(role=role).user
    client = Client()
    client.force_login(user)
    return client


def address(tenant, name, *more, period=YEAR):
    return reverse(f"scorecards:{name}", args=[tenant.slug, the_year(tenant, period).pk, *more])


def page(tenant, name, *more, query="", role=Role.SERVICE_LINE_ADMINISTRATOR, period=YEAR):
    answer = browser(tenant, role).get(address(tenant, name, *more, period=period) + query)
    assert answer.status_code == 200
    return words(answer)


def words(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def tally_of(card, slug=SLUG):
    results = {result["slug"]: result for result in card.document["indicators"]}
    return Tally.from_document(results[slug]["tally"])


# --- The scorecard ------------------------------------------------------------------------------


def test_the_scorecard_says_how_sure_each_result_is(smallville):
    text = page(smallville, "scorecard")

    assert f"{sum(RETURNED[2:])} / {AT_RISK * MONTHS}" in text
    assert "Not met, within the reach of chance" in text
    assert "11.9 % does not meet the goal of 10.0 %, but the 95 % interval" in text
    assert "chance alone could explain it" in text
    assert "(Wilson)" in text
    assert "none for a mean" in text


def test_a_result_under_its_minimum_is_too_few_to_judge_and_earns_nothing(both):
    tenant = small_hospital("tinytown")
    with tenant_scope(tenant.pk):
        open_year()
        hand_in(stays(8, readmitted=0))
        card = current_scorecard(MeasurementYear.objects.get())

    text = words(
        browser(tenant).get(reverse("scorecards:scorecard", args=["tinytown", card.year_id]))
    )

    assert "Too few cases to judge: 8 cases are fewer than the agreed minimum of 20." in text
    assert card.earned.cents == 0


def test_without_dates_nothing_is_shown_over_time_and_one_sentence_says_why(both):
    tenant = small_hospital("tinytown")
    with tenant_scope(tenant.pk):
        year = open_year()
        hand_in(stays())
        card = current_scorecard(year)

    assert "trend" not in card.document
    for name in ("scorecard", "trend"):
        text = words(browser(tenant).get(reverse(f"scorecards:{name}", args=["tinytown", year.pk])))
        assert text.count("has no date column") == 1
    assert "Is it changing now?" not in text


# --- Months -------------------------------------------------------------------------------------


def test_each_month_is_counted_and_the_months_add_up_to_the_year(smallville):
    card = the_card(smallville)

    months = months_of(card.document["trend"], SLUG)

    assert [month.tally.numerator for month in months] == list(RETURNED[2:])
    assert [month.tally.eligible for month in months] == [AT_RISK] * MONTHS
    assert [month.tally.denominator_exclusions for month in months] == [DIED] * MONTHS
    assert sum((month.tally for month in months), Tally()) == tally_of(card)
    assert [month.month for month in months] == YEAR.months()


def test_a_file_a_month_gives_the_same_months_as_one_file(both):
    one, parts = (the_card(tenant).document for tenant in both)

    assert one["trend"] == parts["trend"]
    assert one["indicators"] == parts["indicators"]
    assert one["score"] == parts["score"]


def test_a_month_is_told_of_once_its_last_day_has_been_sent(both):
    tenant = dated_hospital("latecomer", until=date(2025, 3, 16))

    card = the_card(tenant)

    january, february = months_of(card.document["trend"], SLUG)
    assert (january.tally.numerator, february.tally.numerator) == RETURNED[2:4]
    # The days of March that were sent count for the year all the same.
    march = [place for place in range(AT_RISK) if place % 28 + 1 <= 15]
    returned = sum(place < RETURNED[4] for place in march)
    assert tally_of(card).numerator == RETURNED[2] + RETURNED[3] + returned
    assert tally_of(card).eligible == 2 * AT_RISK + len(march)


def test_the_months_change_nothing_that_is_frozen_or_paid(smallville):
    year, card = the_year(smallville), the_card(smallville)
    undated = {name: part for name, part in card.document.items() if name != "trend"}

    def frozen(document):
        return build(
            tenant="Smallville",
            terms=year.terms,
            terms_sha256=year.terms_sha256,
            tallies={
                result["slug"]: Tally.from_document(result["tally"])
                for result in document["indicators"]
            },
            slices=document["slices"],
        )

    assert frozen(card.document) == frozen(undated)
    assert "trend" not in frozen(card.document)["result"]["scorecard"]


def test_the_trend_joins_the_year_before_and_names_its_special_cause(smallville):
    text = page(smallville, "trend")

    assert "Nov 2024" in text
    assert "Change for the worse: a point above the upper limit, Oct 2025" in text
    assert "p chart: three sigmas of each period's own number of cases" in text
    assert "XmR chart" in text
    assert "12 of 30 cases" in text
    assert "with the year before it" in text
    assert "Trial limits" not in text


def test_a_short_trend_warns_of_trial_limits(smallville):
    text = page(smallville, "trend", period=BEFORE)

    assert "Trial limits: they rest on 2 points, fewer than 12." in text


def test_the_scorecard_names_the_states_over_time(smallville):
    text = page(smallville, "scorecard")

    assert "No significant change" in text
    assert "Hit or miss" in text


@pytest.mark.parametrize(
    ("column", "refusal"),
    [
        ("left_on", ""),
        ("key", "The date column 'key' is not of type date."),
        ("another", "The date column 'another' is not a declared column."),
    ],
)
def test_a_feed_may_name_the_column_that_dates_its_cases(both, column, refusal):
    tenant = small_hospital("tinytown")
    with tenant_scope(tenant.pk):
        program, agreement = small_program("Second"), DataAgreement.objects.get()

    answer = browser(tenant).post(
        reverse("scorecards:feed-declare", args=["tinytown"]),
        {
            "name": "Dated stays",
            "source_system": "EHR",
            "level": "L1",
            "agreement": agreement.pk,
            **FEED_FACTS,
            "programs": [program.pk],
            "columns": "key code required\nleft_on date",
            "row_key": "key",
            "date_column": column,
        },
        follow=True,
    )

    text = words(answer)
    assert (refusal or "in every row: it dates the case") in text
    with tenant_scope(tenant.pk):
        declared = Feed.objects.filter(name="Dated stays")
        assert [current_map(feed).spec["date_column"] for feed in declared] == (
            [] if refusal else [column]
        )


# --- Strata -------------------------------------------------------------------------------------


def test_strata_add_up_to_the_scorecard_and_are_sorted_by_name(smallville):
    text = page(smallville, "strata", query=f"?indicator={SLUG}&by=attending")

    whole = f"All together {AT_RISK * MONTHS:,} {sum(RETURNED[2:])} / {AT_RISK * MONTHS}"
    assert whole in text
    places = [text.index(f" {name} ") for name in PHYSICIANS]
    assert places == sorted(places)
    # Stay n of a month is seen by physician n modulo 12; the returns are the first stays.
    seen = [place % len(PHYSICIANS) for place in range(AT_RISK)] * MONTHS
    returned = [n % len(PHYSICIANS) for count in RETURNED[2:] for n in range(count)]
    assert f"P01 {seen.count(0)} {returned.count(0)} / {seen.count(0)}" in text
    assert f"P12 {seen.count(11)} {returned.count(11)} / {seen.count(11)}" in text


def test_ten_groups_or_more_stand_in_a_funnel(smallville):
    text = page(smallville, "strata", query=f"?indicator={SLUG}&by=attending")

    assert f"Of {len(PHYSICIANS)} groups compared" in text
    assert "99.8 % limits" in text


def test_fewer_groups_and_means_are_refused_a_funnel_in_words(smallville):
    few = page(smallville, "strata", query=f"?indicator={SLUG}&by=medical_specialty")
    mean = page(smallville, "strata", query="?indicator=average-length-of-stay&by=attending")

    assert "A funnel needs 10 units or more, not 1" in few
    assert "Neurology" not in few  # outside the scope
    assert "this is a mean" in mean


def test_a_group_under_the_minimum_is_too_few_to_judge(smallville):
    year = the_year(smallville, BEFORE)
    text = page(smallville, "strata", query=f"?indicator={SLUG}&by=attending", period=BEFORE)

    # 60 stays over twelve physicians: six or four each, under the minimum of 20.
    assert year.terms["indicators"][0]["minimum_cases"] == 20
    assert text.count("Too few cases to judge") == len(PHYSICIANS)


@pytest.mark.parametrize("column", ["encounter_id", "discharged_on", "password", ""])
def test_other_columns_are_no_choice(smallville, column):
    text = page(smallville, "strata", query=f"?indicator={SLUG}&by={column}")

    assert "All together" not in text


def test_too_many_groups_and_too_many_cases_are_refused_with_a_sentence(smallville, monkeypatch):
    query = f"?indicator={SLUG}&by=attending"

    monkeypatch.setattr("scorecards.strata.counting.MOST_STRATA", 11)
    monkeypatch.setattr("scorecards.strata.queries.MOST_STRATA", 11)
    assert "tells 12 values apart; at most 11 are listed" in page(smallville, "strata", query=query)
    monkeypatch.setattr("scorecards.cards.loading.MOST_ROWS", 100)
    assert "a page counts up to 100" in page(smallville, "strata", query=query)
    assert (counting.MOST_STRATA, loading.MOST_ROWS) == (11, 100)


# --- Cases --------------------------------------------------------------------------------------


def test_cases_stand_by_state_and_the_states_are_the_tally(smallville):
    text, tally = page(smallville, "case-list", SLUG), tally_of(the_card(smallville))

    assert f"Met {tally.numerator}" in text
    assert f"Not met {tally.not_met}" in text
    assert f"Not eligible {DIED * MONTHS}" in text
    assert "Not yet known 0" in text
    assert f"{ELSEWHERE * MONTHS} other cases of the feed lie outside the scope" in text


def test_a_case_says_which_criterion_decided(smallville):
    text = page(smallville, "case-list", SLUG, query="?state=not-eligible")

    assert "Denominator exclusion" in text
    assert "Holds: Discharge disposition is one of “11”" in text
    assert "E02030" in text
    assert "E02000" not in text
    assert f"Cases 1 to {DIED * MONTHS} of {DIED * MONTHS}" in text
    assert "Neurology" not in page(smallville, "case-list", SLUG)


def test_cases_come_a_hundred_a_page(smallville):
    listed = AT_RISK * MONTHS + DIED * MONTHS

    first, last = (page(smallville, "case-list", SLUG, query=f"?page={n}") for n in (1, 4))

    assert f"Cases 1 to 100 of {listed}" in first
    assert f"Cases 301 to {listed} of {listed}" in last


def test_reading_cases_is_in_the_trail_without_a_case(smallville):
    page(smallville, "case-list", SLUG, query="?state=met")

    with tenant_scope(smallville.pk):
        newest = Event.objects.first()
    assert (newest.kind, newest.actor_role) == (
        EventKind.CASES_READ,
        Role.SERVICE_LINE_ADMINISTRATOR,
    )
    assert newest.details == {
        "indicator": SLUG,
        "state": "met",
        "page": 1,
        "cases": sum(RETURNED[2:]),
    }


@pytest.mark.parametrize(
    "role", [Role.CONSULTANT, Role.COUNSEL, Role.PHYSICIAN_MANAGER, Role.FINANCE]
)
def test_who_is_not_the_data_steward_sees_counts_and_no_cases(smallville, role):
    with tenant_scope(smallville.pk):
        seat = Membership.objects.get(role=role)
        ProgramSeat.objects.create(program=Program.objects.get(), membership=seat)

    answer = browser(smallville, role).get(address(smallville, "case-list", SLUG))

    assert answer.status_code == 403
    assert "Cases and why" not in page(smallville, "scorecard", role=role)
    assert "All together" in page(
        smallville, "strata", role=role, query=f"?indicator={SLUG}&by=attending"
    )


def test_an_indicator_that_is_not_in_the_terms_has_no_cases(smallville):
    answer = browser(smallville).get(address(smallville, "case-list", "inpatient-mortality"))

    assert answer.status_code == 404


def test_a_physician_manager_without_a_seat_finds_nothing(smallville):
    manager = browser(smallville, Role.PHYSICIAN_MANAGER)

    for name in ("trend", "strata", "scorecard"):
        assert manager.get(address(smallville, name)).status_code == 404


# --- Two hospitals, and how often the database is asked -------------------------------------------


def test_each_hospital_counts_its_own_cases(both):
    smallville, bigtown = both
    stranger = browser(smallville)

    for name, more in (("trend", ()), ("strata", ()), ("case-list", (SLUG,))):
        year = the_year(bigtown)
        theirs = reverse(f"scorecards:{name}", args=[bigtown.slug, year.pk, *more])
        as_mine = reverse(f"scorecards:{name}", args=[smallville.slug, year.pk, *more])
        assert stranger.get(theirs).status_code == 404
        assert stranger.get(as_mine).status_code == 404


@pytest.mark.parametrize(
    ("name", "more", "query"),
    [
        ("scorecard", (), ""),
        ("trend", (), ""),
        ("strata", (), f"?indicator={SLUG}&by=attending"),
        ("case-list", (SLUG,), ""),
    ],
)
def test_twelve_files_ask_the_database_as_often_as_one(both, name, more, query):
    asked = []
    for tenant in both:
        client, where = browser(tenant), address(tenant, name, *more) + query
        assert client.get(where).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(where).status_code == 200
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_a_file_that_came_later_is_not_in_the_pages_of_an_older_scorecard(both):
    smallville = both[0]
    with tenant_scope(smallville.pk):
        card = the_card(smallville)
    shown = {"query": f"?indicator={SLUG}&by=attending", "role": Role.EXECUTIVE}
    before = page(smallville, "strata", **shown)
    with tenant_scope(smallville.pk):
        accept(check(dated_stays(YEAR).replace(b",NO,", b",<30,")))

    assert the_card(smallville).pk == card.pk
    assert page(smallville, "strata", **shown) == before
