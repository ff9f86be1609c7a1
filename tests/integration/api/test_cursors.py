"""Pages of a list: each row once, in order, and a cursor is good for its own list alone."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import ValidationError

from comanage.api.cursors import page_of
from comanage.jobs.models import Job
from comanage.tenancy.scope import tenant_scope
from tests.ground import small_hospital

LIST = "/t/smallville/api/v1/jobs"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE = "00000000-0000-4000-8000-000000000001"


def asked(address=LIST, **query):
    return RequestFactory().get(address, query)


def jobs(moments):
    """Make jobs that were queued so many minutes after noon; several may share a minute."""
    for place, minutes in enumerate(moments):
        job = Job.objects.create(kind="check_upload", subject_id=ONE, key=str(place))
        Job.objects.filter(pk=job.pk).update(created_at=NOON + timedelta(minutes=minutes))


def walk(by="-created_at", between=lambda: None, **query):
    """Follow the links to the last page; return the pages."""
    pages, address = [], None
    while address != "":
        request = RequestFactory().get(address) if address else asked(**query)
        page = page_of(Job.objects.all(), request, by=by)
        pages.append(page.rows)
        address = page.next_address
        between()
    return pages


def cursor_of(address):
    return parse_qs(urlsplit(address).query)["cursor"][0]


@pytest.mark.parametrize("by", ["id", "-created_at", "key", "-key"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_every_row_comes_once_and_in_order_also_among_equals(inside, by, limit):
    jobs([5, 5, 5, 1, 9, 9, 5])

    pages = walk(by, limit=limit)

    rows = [row for page in pages for row in page]
    name, is_falling = by.removeprefix("-"), by.startswith("-")
    expected = sorted(rows, key=lambda row: (getattr(row, name), row.pk), reverse=is_falling)
    assert len({row.pk for row in rows}) == len(rows) == 7
    assert rows == expected
    assert {len(page) for page in pages[:-1]} <= {limit}


def test_a_row_that_comes_meanwhile_moves_nobody_else(inside):
    jobs([1, 2, 3, 4])
    added = iter(range(100, 200))

    def one_more():
        Job.objects.create(kind="check_upload", subject_id=ONE, key=str(next(added)))

    pages = walk(limit=2, between=one_more)

    assert [row.key for page in pages for row in page] == ["3", "2", "1", "0"]


def test_a_page_costs_one_query_wherever_it_lies(inside):
    jobs(range(5))
    second = page_of(Job.objects.all(), asked(limit=2), by="-created_at").next_address

    with CaptureQueriesContext(connection) as captured:
        page_of(Job.objects.all(), RequestFactory().get(second), by="-created_at")

    assert len(captured) == 1


def test_the_link_leads_on_and_keeps_the_filters(inside):
    jobs([1, 2])

    page = page_of(Job.objects.all(), asked(limit=1, state="ready"), by="-created_at")

    assert page.headers["Link"] == f'<{page.next_address}>; rel="next"'
    query = parse_qs(urlsplit(page.next_address).query)
    assert (query["limit"], query["state"]) == (["1"], ["ready"])
    assert page_of(Job.objects.all(), asked(limit=2), by="-created_at").headers == {}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/t/smallville/api/v1/others", {}),
        (LIST, {"state": "done"}),
        (LIST, {"state": ["ready", "done"]}),
    ],
    ids=["another list", "another filter", "one filter more"],
)
def test_a_cursor_of_another_list_is_refused(inside, path, query):
    jobs([1, 2])
    first = page_of(Job.objects.all(), asked(limit=1, state="ready"), by="-created_at")
    cursor = cursor_of(first.next_address)

    page_of(Job.objects.all(), asked(cursor=cursor, state="ready"), by="-created_at")
    with pytest.raises(ValidationError, match="not of this list"):
        page_of(Job.objects.all(), asked(path, cursor=cursor, **query), by="-created_at")


def test_a_cursor_of_another_hospital_is_refused(hospital):
    """The same address and filters, a cursor carried over: only the tenant differs."""
    cursors = []
    for tenant in (hospital, small_hospital("elsewhere")):
        with tenant_scope(tenant.pk):
            jobs([1, 2])
            page = page_of(Job.objects.all(), asked(limit=1), by="-created_at")
            cursors.append(cursor_of(page.next_address))

    with tenant_scope(hospital.pk):
        page_of(Job.objects.all(), asked(cursor=cursors[0]), by="-created_at")
        with pytest.raises(ValidationError, match="not of this list"):
            page_of(Job.objects.all(), asked(cursor=cursors[1]), by="-created_at")


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: "x" + c[1:], lambda c: "", str.upper]
)
def test_a_changed_cursor_is_refused(inside, change):
    jobs([1, 2])
    cursor = cursor_of(page_of(Job.objects.all(), asked(limit=1), by="created_at").next_address)

    with pytest.raises(ValidationError, match="not of this list"):
        page_of(Job.objects.all(), asked(cursor=change(cursor)), by="created_at")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "1e2", "٣", "9" * 5000])
def test_a_limit_is_a_whole_number_from_1_to_200(inside, limit):
    with pytest.raises(ValidationError, match="1 to 200"):
        page_of(Job.objects.all(), asked(limit=limit), by="created_at")
