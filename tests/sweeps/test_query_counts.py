"""How often a page asks the database: a few times, and not more when there is more to show."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.contracts.models import Contract
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.negotiation.models import Proposal, WordReturn
from agreements.scans.models import SignedScan
from agreements.workplans.models import WorkplanTask
from comanage.api.models import Webhook
from comanage.identity.models import ExtractClient
from comanage.identity.roles import GRANTS, Role
from comanage.tenancy.scope import tenant_scope
from indicators.library.models import Indicator
from scorecards.feeds.models import Feed
from scorecards.intake.models import Upload
from tests import growth
from tests.doors import PAGES, SLUGS, TYPESET, Door
from tests.settled import World
from tests.signing import browser as signed_in
from tests.sweeps.test_doors import knock, record_of

pytestmark = pytest.mark.xdist_group("counts")  # one world for the module

# What every page asks before it is the page: its session, person and membership with its
# hospital, and the session's new end. The scope's own statements are not questions.
SET_UP = (
    'SELECT "django_session"',
    'SELECT "comanage_user"',
    'SELECT "comanage_membership"',
    'UPDATE "django_session"',
)
NOT_A_QUERY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT set_config")

MOST = 12


def queries(world: World, role: Role, address: str) -> list[str]:
    """Return what a page asks beyond its set-up."""
    with tenant_scope(world.riverside.pk):
        browser = signed_in(role)
    assert browser.get(address).status_code == 200  # whatever is kept for good is kept by now
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return beyond_set_up(captured)


def beyond_set_up(captured: CaptureQueriesContext) -> list[str]:
    """Take out what every page asks before it is the page."""
    asked = [query["sql"] for query in captured if not query["sql"].startswith(NOT_A_QUERY)]
    for question in SET_UP:
        asked.remove(next(sql for sql in asked if sql.startswith(question)))
    return asked


def address(world: World, name: str, record: Callable[[], object] | None = None) -> str:
    slug = SLUGS.get(name)
    with tenant_scope(world.riverside.pk):
        record_pk = [record().pk] if record else []
        return reverse(name, args=["riverside", *record_pk, *([slug] if slug else [])])


FIXED = {
    "web:webhook-detail": (Role.TENANT_ADMINISTRATOR, lambda: Webhook.objects.get()),
    "web:client-detail": (Role.TENANT_ADMINISTRATOR, lambda: ExtractClient.objects.get()),
    "scorecards:scorecard": (Role.CONSULTANT, growth.settled_year),
    "scorecards:edition-list": (Role.CONSULTANT, growth.settled_year),
    "scorecards:trend": (Role.CONSULTANT, growth.settled_year),
    "scorecards:strata": (Role.CONSULTANT, growth.settled_year),
    "scorecards:opportunity-list": (Role.CONSULTANT, growth.settled_program),
    "scorecards:opportunity-ask": (Role.CONSULTANT, growth.settled_program),
    "scorecards:what-if": (Role.CONSULTANT, growth.settled_year),
    "scorecards:design": (Role.CONSULTANT, growth.drafted_year),
    "scorecards:plan-detail": (Role.CONSULTANT, growth.drafted_year),
    "scorecards:plan-edit": (Role.CONSULTANT, growth.drafted_year),
    "adjudication:overview": (Role.COUNSEL, None),
    "agreements:program-detail": (Role.CONSULTANT, growth.settled_program),
    "agreements:people": (Role.COMPLIANCE, growth.settled_program),
    "agreements:contract-detail": (Role.COMPLIANCE, lambda: Contract.objects.first()),
    "agreements:workplan-detail": (Role.CONSULTANT, growth.settled_program),
    "agreements:task-add": (Role.CONSULTANT, growth.settled_program),
    "agreements:task-edit": (Role.CONSULTANT, lambda: WorkplanTask.objects.first()),
    "agreements:year-detail": (Role.CONSULTANT, growth.settled_year),
    "agreements:readiness-detail": (Role.CONSULTANT, growth.settled_program),
    "agreements:duty-list": (Role.CONSULTANT, growth.drafted_year),
    "agreements:work-detail": (Role.CONSULTANT, growth.drafted_year),
    "agreements:agreement-detail": (Role.CONSULTANT, growth.begun_agreement),
    "agreements:negotiation": (Role.COUNSEL, lambda: Agreement.objects.get()),
    "agreements:redline": (Role.COUNSEL, lambda: Agreement.objects.get()),
    "agreements:proposal-detail": (Role.COUNSEL, lambda: Proposal.objects.get()),
    "agreements:return-detail": (Role.COUNSEL, lambda: WordReturn.objects.get()),
    "agreements:version-findings": (Role.COUNSEL, lambda: AgreementVersion.objects.get()),
    "agreements:approval-chain": (Role.TENANT_ADMINISTRATOR, None),
    "agreements:approval-chain-change": (Role.TENANT_ADMINISTRATOR, None),
    "agreements:clause-discuss": (Role.COUNSEL, lambda: AgreementVersion.objects.get()),
    "agreements:signing": (Role.CEO, growth.agreement_going_round),
    "agreements:agreement-sign": (Role.CEO, growth.agreement_going_round),
    "agreements:round-recall": (Role.COUNSEL, growth.agreement_going_round),
    "agreements:scan-receive": (Role.COUNSEL, growth.agreement_going_round),
    "agreements:scan-detail": (Role.COMPLIANCE, lambda: SignedScan.objects.get()),
    "agreements:version-send": (Role.COUNSEL, lambda: AgreementVersion.objects.get()),
    "agreements:version-detail": (Role.CEO, lambda: AgreementVersion.objects.get()),
    "agreements:component-agree": (Role.CONSULTANT, growth.drafted_year),
    "adjudication:stacking": (Role.COMPLIANCE, None),
    "scorecards:baseline-compute": (
        Role.CONSULTANT,
        lambda: growth.drafted_year().indicators.get(),
    ),
    "adjudication:year-detail": (Role.CEO, growth.settled_year),
    "adjudication:review-detail": (Role.REVIEWER, growth.settled_year),
    "scorecards:feed-detail": (Role.CONSULTANT, lambda: Feed.objects.first()),
    "scorecards:map-edit": (Role.CONSULTANT, lambda: Feed.objects.first()),
    "scorecards:feed-declare": (Role.CONSULTANT, None),
    "scorecards:upload-detail": (Role.CONSULTANT, lambda: Upload.objects.first()),
    "indicators:indicator-detail": (Role.CONSULTANT, lambda: Indicator.objects.first()),
    "indicators:indicator-changes": (Role.CONSULTANT, lambda: Indicator.objects.first()),
    "indicators:indicator-edit": (Role.CONSULTANT, lambda: Indicator.objects.first()),
}


@pytest.mark.parametrize("name", FIXED)
def test_a_page_asks_the_database_at_most_twelve_times(world: World, name: str):
    role, record = FIXED[name]

    asked = queries(world, role, address(world, name, record))

    print(f"{name}: {len(asked)} queries")  # noqa: T201  (shown by -rP: the count to state)
    assert len(asked) <= MOST, "\n".join(asked)


OTHERS = [
    page
    for page in PAGES
    if page.name.startswith("agreements:")
    and page.name not in TYPESET
    and not getattr(page.view, "is_posted_only", False)
]


def _first_let_in(page: Door) -> Role:
    return next(role for role in Role if page.permission in GRANTS[role])


def test_no_other_page_of_agreements_asks_more(world: World):
    """Forms and downloads: each once, to somebody who is let in, so that none is forgotten."""
    others = [page for page in OTHERS if page.name not in FIXED and page.name not in GROWING]
    with tenant_scope(world.riverside.pk):
        browsers = {role: signed_in(role) for role in {_first_let_in(page) for page in others}}
    counts = {}
    for page in others:
        where = page.address("riverside", record_of(page, world.riverside))
        with CaptureQueriesContext(connection) as captured:
            answer = knock(browsers[_first_let_in(page)], "get", where)
        if answer.status_code == 200:
            counts[page.name] = len(beyond_set_up(captured))

    assert len(counts) > 30
    assert {name: count for name, count in counts.items() if count > MOST} == {}


@pytest.mark.parametrize("name", ["adjudication:overview", "adjudication:year-detail"])
def test_a_page_asks_no_more_while_a_year_is_frozen_held_and_unpaid(world: World, name: str):
    role, record = FIXED[name]
    with tenant_scope(world.riverside.pk):
        growth.take_the_payment_back()

    asked = queries(world, role, address(world, name, record))

    assert any('"scorecards_feed"' in sql for sql in asked)  # what holds it was looked for
    assert len(asked) <= MOST, "\n".join(asked)


def test_a_year_asks_no_more_while_its_committee_comments_without_a_report(world: World):
    role, record = FIXED["adjudication:year-detail"]
    with tenant_scope(world.riverside.pk):
        growth.take_the_payment_back()
        growth.ask_the_committee_before_a_report_is_made()

    asked = queries(world, role, address(world, "adjudication:year-detail", record))

    assert any('"adjudication_invitation"' in sql for sql in asked)
    assert any('"comanage_job"' in sql for sql in asked)  # a report was looked for
    assert len(asked) <= MOST, "\n".join(asked)


# --- Twice the rows, the same number of queries -------------------------------------------------


GROWING = {
    "adjudication:overview": (Role.CONSULTANT, None, growth.more_programs),
    "agreements:program-list": (Role.CONSULTANT, None, growth.more_programs),
    "agreements:program-detail": (
        Role.CONSULTANT,
        growth.settled_program,
        growth.more_in_the_program,
    ),
    "agreements:people": (Role.COMPLIANCE, growth.settled_program, growth.more_people),
    "agreements:calendar": (Role.COMPLIANCE, None, growth.more_contracts),
    "agreements:contract-list": (Role.COMPLIANCE, None, growth.more_contracts),
    "agreements:disclosure-list": (Role.COMPLIANCE, growth.settled_program, growth.more_people),
    "agreements:workplan-detail": (Role.CONSULTANT, growth.settled_program, growth.more_tasks),
    "agreements:year-detail": (Role.CONSULTANT, growth.drafted_year, growth.more_in_the_draft),
    "agreements:duty-list": (Role.CONSULTANT, growth.drafted_year, growth.more_duties),
    "agreements:work-detail": (
        Role.SERVICE_LINE_ADMINISTRATOR,
        growth.drafted_year,
        growth.more_work,
    ),
    "indicators:library": (Role.CONSULTANT, None, growth.more_indicators),
    "indicators:catalogue": (Role.CONSULTANT, None, growth.more_indicators),
    "scorecards:edition-list": (Role.CONSULTANT, growth.settled_year, growth.more_editions),
    "scorecards:feed-list": (Role.CONSULTANT, None, growth.more_feeds),
    "scorecards:feed-detail": (Role.CONSULTANT, lambda: Feed.objects.get(), growth.more_uploads),
    "scorecards:scorecard": (Role.CONSULTANT, growth.settled_year, growth.more_uploads),
    "scorecards:agreement-list": (Role.COMPLIANCE, None, growth.more_agreements),
    "web:notice-list": (Role.TENANT_ADMINISTRATOR, None, growth.more_notices),
    "scorecards:upload-detail": (Role.CONSULTANT, growth.rejected_upload, growth.more_findings),
    "scorecards:findings-download": (Role.CONSULTANT, growth.rejected_upload, growth.more_findings),
    "web:member-list": (Role.TENANT_ADMINISTRATOR, None, growth.more_members),
    "web:client-list": (Role.TENANT_ADMINISTRATOR, None, growth.more_clients),
    "web:webhook-list": (Role.TENANT_ADMINISTRATOR, None, growth.more_webhooks),
    "web:webhook-detail": (
        Role.TENANT_ADMINISTRATOR,
        lambda: Webhook.objects.get(),
        growth.more_deliveries,
    ),
    "web:audit-trail": (Role.COMPLIANCE, None, growth.more_members),
}


@pytest.mark.parametrize("name", GROWING)
def test_a_list_keeps_its_number_of_queries_when_its_rows_double(world: World, name: str):
    role, record, grow = GROWING[name]
    where = address(world, name, record)
    before = queries(world, role, where)

    with tenant_scope(world.riverside.pk):
        grow()
    after = queries(world, role, where)

    assert len(after) == len(before), "\n".join(after)
