"""The same rules behind the upload page: a sentence on the page, and nothing half-written."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.intake.forms import LayoutForm
from scorecards.intake.looking import Choice
from scorecards.intake.models import Slice, Upload, UploadStatus
from tests.ground import check_waiting, run_jobs, small_draft, stays
from tests.workbooks import workbook

SSN = "536-22-8741"


def sign_in(tenant, role=Role.SERVICE_LINE_ADMINISTRATOR):
    with tenant_scope(tenant.pk):
        user = Membership.objects.select_related("user").get(role=role).user
    client = Client()
    client.force_login(user)
    return client


def submit(tenant, content=None, *, role=Role.SERVICE_LINE_ADMINISTRATOR, **changes):
    with tenant_scope(tenant.pk):
        feed = Feed.objects.get()
    given = {
        "file": SimpleUploadedFile("stays.csv", stays() if content is None else content),
        "starts_on": "2025-01-01",
        "last_day": "2025-12-31",
        "idempotency_key": "made-with-the-page",
    }
    return sign_in(tenant, role).post(
        f"/t/smallville/data/feeds/{feed.pk}/uploads/new/", given | changes
    )


def uploads(tenant):
    with tenant_scope(tenant.pk):
        return Upload.objects.count()


def says(response, *words):
    page = response.content.decode()
    assert response.status_code == 200
    for word in words:
        assert word in page


def test_a_file_goes_from_the_form_to_a_page_that_says_it_was_accepted(opened):
    taken = submit(opened)
    run_jobs(opened.pk, JobKind.CHECK_UPLOAD, JobKind.RECOMPUTE_SCORECARD)

    assert taken.status_code == 302
    says(sign_in(opened).get(taken.url), "Accepted", "stays.csv")


def test_a_check_that_ends_while_its_page_is_made_is_on_the_page(opened):
    """Between the reading of the upload and that of its job nothing may seem to have failed."""
    taken, client = submit(opened), sign_in(opened)
    readings = []

    def end_the_check(execute, sql, *given):
        answer = execute(sql, *given)
        if 'FROM "scorecards_upload"' in sql and not readings:
            readings.append(sql)
            check_waiting(opened.pk)
        return answer

    with connection.execute_wrapper(end_the_check):
        page = client.get(taken.url)

    assert readings
    says(page, "All 40 rows are accepted")


def test_a_double_click_is_one_upload(opened):
    first, second = submit(opened), submit(opened)

    assert first.url == second.url
    assert uploads(opened) == 1


def test_a_key_that_was_used_for_another_file_is_a_sentence(opened):
    submit(opened)

    says(submit(opened, stays(50)), "This idempotency key was used for another file or period")
    assert uploads(opened) == 1


def test_an_empty_file_is_a_sentence(opened):
    says(submit(opened, b""), "empty")
    assert uploads(opened) == 0


def test_a_file_that_is_too_large_is_a_sentence(opened, settings):
    settings.UPLOAD_MAX_BYTES = 1024**2

    says(submit(opened, b"x" * (1024**2 + 1)), "larger than 1 MB")
    assert uploads(opened) == 0


def test_a_period_that_is_not_open_is_a_sentence(hospital):
    with tenant_scope(hospital.pk):
        small_draft()

    says(submit(hospital), "service-line administrator or consultant opens it")
    assert uploads(hospital) == 0


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"starts_on": "2024-12-31"}, "No measurement year covers"),
        ({"last_day": "2024-12-31"}, "The last day is before the first"),
        ({"last_day": "9999-12-31"}, "last day"),
        ({"starts_on": "soon"}, "Give a day as year-month-day"),
    ],
)
def test_days_that_make_no_open_period_are_a_sentence(opened, days, words):
    says(submit(opened, **days), words)
    assert uploads(opened) == 0


def test_a_file_with_an_identifier_is_rejected_on_a_page_that_does_not_repeat_it(opened):
    taken = submit(opened, stays(A1Cresult=SSN))
    check_waiting(opened.pk)
    client = sign_in(opened)

    page = client.get(taken.url)
    says(page, "Rejected", "Row 2")
    assert SSN not in page.content.decode()
    table = client.get(f"{taken.url}findings.csv").content.decode()
    assert table.startswith("severity,row,column,code,message,value")
    assert SSN not in table
    with tenant_scope(opened.pk):
        assert not Slice.objects.exists()


@pytest.mark.parametrize(
    ("role", "sees_it"), [(Role.SERVICE_LINE_ADMINISTRATOR, True), (Role.REVIEWER, False)]
)
def test_who_may_send_files_sees_the_value_beside_what_is_wrong_with_it(opened, role, sees_it):
    taken = submit(opened, stays(time_in_hospital="many"))
    check_waiting(opened.pk)
    client = sign_in(opened, role)

    page, table = (client.get(taken.url + rest) for rest in ("", "findings.csv"))

    says(page, "Row", "time_in_hospital: the value is not a whole number")
    assert [b"many" in answer.content for answer in (page, table)] == [sees_it] * 2


@pytest.mark.parametrize(
    "role", [Role.PHYSICIAN_MANAGER, Role.CEO, Role.FINANCE, Role.REVIEWER, Role.COUNSEL]
)
def test_who_does_not_hand_in_data_is_denied(opened, role):
    assert submit(opened, role=role).status_code == 403
    assert uploads(opened) == 0


def test_an_upload_names_who_sent_it(opened):
    submit(opened)

    with tenant_scope(opened.pk):
        upload = Upload.objects.get()
        assert upload.sender == Role.SERVICE_LINE_ADMINISTRATOR.label
        assert upload.period.start == date(2025, 1, 1)
        assert upload.sent_by_client is None


def test_the_row_of_the_header_is_chosen_where_titles_stand_above_it(opened):
    titled = b"Stays of 2025\n\n" + stays()

    submit(opened, titled, header_row="3")
    check_waiting(opened.pk)

    with tenant_scope(opened.pk):
        upload = Upload.objects.get()
        assert (upload.form, upload.status) == ({"header_row": 3}, UploadStatus.ACCEPTED)


def test_a_choice_that_the_feed_declares_too_leaves_the_same_bytes_the_same_file(opened):
    first = submit(opened)
    check_waiting(opened.pk)

    again = submit(opened, header_row="1", idempotency_key="another page")

    assert again.url == first.url
    assert uploads(opened) == 1


def test_choosing_the_sheet_that_would_be_found_anyway_leaves_the_same_bytes_the_same_file(opened):
    rows = [line.split(",") for line in stays().decode().splitlines()]
    book = workbook({"Read me": [["Made on 2 Jan 2026"]], "Stays": rows, "Copy": rows})

    def sent(number, **chosen):
        file = SimpleUploadedFile("stays.xlsx", book)
        return submit(opened, file=file, idempotency_key=f"page {number}", **chosen).url

    assert sent(1) == sent(2, sheet="Stays") == sent(3, sheet="Stays", header_row="1")
    assert sent(4, sheet="Copy") != sent(5, sheet="Stays")
    with tenant_scope(opened.pk):
        assert [upload.form for upload in Upload.objects.order_by("received_at")] == [
            {},
            {"sheet": "Copy"},
            {},
        ]


def test_a_row_that_no_header_can_have_is_a_sentence_and_stays_as_it_was_typed(opened):
    says(submit(opened, header_row="0"), "Row of the header: ", 'value="0"')
    assert uploads(opened) == 0


def look(tenant, file, *, by_script=True, **chosen):
    with tenant_scope(tenant.pk):
        feed = Feed.objects.get()
    headers = {"HX-Request": "true"} if by_script else {}
    return (
        sign_in(tenant)
        .post(
            f"/t/smallville/data/feeds/{feed.pk}/uploads/preview/",
            {"file": file, **chosen},
            headers=headers,
        )
        .content.decode()
    )


def test_a_file_is_looked_at_before_anything_of_it_is_stored(opened):
    header, *rows = stays().decode().splitlines()
    wider = "\n".join([f"{header},room,patient_name", *(f"{row},4,Jane Doe" for row in rows)])

    page = look(opened, SimpleUploadedFile("stays.csv", wider.encode()))

    assert "Kept" in page
    assert "Not declared: dropped" in page
    assert "refuses the file" in page
    assert "Jane Doe" not in page
    assert uploads(opened) == 0


def test_sheet_and_header_are_chosen_beside_what_was_seen(opened):
    """With a script and without: then the page says that the file must be chosen again."""
    rows = [line.split(",") for line in stays().decode().splitlines()]
    book = workbook({"Read me": [["Made on 2 Jan 2026"]], "Stays": [["Stays"], [], *rows]})

    found = look(opened, SimpleUploadedFile("stays.xlsx", book))
    typed = look(
        opened,
        SimpleUploadedFile("stays.xlsx", book),
        by_script=False,
        sheet="Stays",
        looked_sheet="Stays",
        header_row="2",
        starts_on="2025-01-01",
    )

    assert "sheet “Stays”, header in row 3" in found
    assert "The header stands in another row than the feed declares" in found
    assert '<option value="Read me">Read me: 1 row, 1 column</option>' in found
    assert "sheet “Stays”, header in row 2" in typed
    assert "Choose the file again" in typed
    assert 'value="2025-01-01"' in typed
    assert uploads(opened) == 0


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ({}, Choice()),
        ({"header_row": "3"}, Choice(header_row=3)),
        ({"sheet": "A", "looked_sheet": "A", "header_row": "3"}, Choice("A", 3)),
        ({"sheet": "B", "looked_sheet": "A", "header_row": "3"}, Choice("B")),
    ],
)
def test_the_row_that_was_found_in_one_sheet_is_found_anew_in_another(typed, choice):
    form = LayoutForm(typed)

    assert form.is_valid()
    assert form.choice == choice
