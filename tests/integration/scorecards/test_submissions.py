"""What a job may ask of a submission, and the kinds of file it may send."""

import gzip

import pytest

from agreements.terms.actions import close_period
from comanage.api.bodies import FHIR, GZIP, JSON, NDJSON, PARQUET, TSV, XLSX
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from tests.ground import STAYS, stays
from tests.integration.scorecards.submitting import change_feed, only_upload, uploads
from tests.machines import assert_problem, digest

# --- How a file is to be taken -------------------------------------------------------------------


def test_a_submission_says_how_it_is_taken(opened, feed, machine):
    change_feed(feed, allows_skipping=True)

    taken = machine.send(
        feed, query="&mode=dry-run&rows=40&schema=1&on_error=skip", Prefer="respond-async"
    )

    assert taken.status_code == 202
    assert taken.headers["Preference-Applied"] == "respond-async"
    body = taken.json()
    assert (body["mode"], body["stated_rows"], body["schema"], body["on_error"]) == (
        "dry-run",
        STAYS,
        1,
        "skip",
    )
    assert (body["status"], body["progress"]) == ("received", {"percent": 0, "rows_read": 0})
    upload = only_upload(opened)
    assert upload.is_dry_run
    assert upload.skips_faulty_rows
    assert upload.stated_rows == STAYS


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("&mode=maybe", "/mode"),
        ("&rows=many", "/rows"),
        ("&rows=-1", "/rows"),
        ("&schema=0", "/schema"),
        ("&on_error=ignore", "/on_error"),
        ("&colour=blue", ""),
        ("&period=2024", "/period"),
    ],
)
def test_a_wish_that_is_none_is_refused_by_its_name(opened, feed, machine, query, pointer):
    body = assert_problem(machine.send(feed, query=query), 400, "invalid-request")

    assert [error["pointer"] for error in body["errors"]] == [pointer]
    assert uploads(opened) == 0


def test_skipping_is_refused_where_the_feed_does_not_allow_it(opened, feed, machine):
    assert_problem(machine.send(feed, query="&on_error=skip"), 409, "skipping-not-allowed")
    assert uploads(opened) == 0


def test_a_file_made_for_another_map_is_refused(opened, feed, machine):
    body = assert_problem(machine.send(feed, query="&schema=2"), 409, "schema-changed")

    assert "version 1 now" in body["detail"]
    assert uploads(opened) == 0


def test_a_closed_period_names_the_page_that_asks_for_a_restatement(opened, feed, machine):
    with tenant_scope(opened.pk):
        year = feed.uses.get().program.years.get()
        close_period(year=year, today=year.ends_on, by=member(Role.CONSULTANT))

    body = assert_problem(machine.send(feed), 409, "period-locked")

    assert f"/data/feeds/{feed.pk}/" in body["restatement"]


# --- Kinds of file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "headers", "kept"),
    [
        (TSV, {}, "submission.tsv"),
        (NDJSON, {}, "submission.ndjson"),
        (JSON, {}, "submission.json"),
        (XLSX, {}, "submission.xlsx"),
        (PARQUET, {}, "submission.parquet"),
        ("text/csv", {"Content-Encoding": "gzip"}, "submission.csv.gz"),
        (JSON, {"Content-Encoding": "identity"}, "submission.json"),
        (GZIP, {"Content-Disposition": 'attachment; filename="q1.NDJSON.gz"'}, "q1.ndjson.gz"),
    ],
)
def test_a_file_is_named_by_what_is_inside(opened, feed, machine, media_type, headers, kept):
    content = gzip.compress(stays()) if kept.endswith(".gz") else stays()

    assert machine.send(feed, content, media_type=media_type, **headers).status_code == 202
    assert only_upload(opened).filename == kept


@pytest.mark.parametrize(
    ("media_type", "headers"),
    [
        (FHIR, {}),  # the feed collects cases
        (GZIP, {}),  # what is inside?
        (GZIP, {"Content-Disposition": 'attachment; filename="q1.xlsx.gz"'}),
        (XLSX, {"Content-Encoding": "gzip"}),
        ("text/csv", {"Content-Encoding": "br"}),
    ],
)
def test_a_kind_that_the_feed_does_not_take_is_refused(opened, feed, machine, media_type, headers):
    refused = machine.send(feed, media_type=media_type, **headers)

    assert_problem(refused, 415, "unsupported-media-type")
    assert uploads(opened) == 0


@pytest.mark.parametrize(
    ("media_type", "headers", "pointer"),
    [
        ("text/csv", {"Content-Encoding": "gzip"}, "/Content-Encoding"),
        (GZIP, {"Content-Disposition": 'attachment; filename="q1.csv.gz"'}, "/Content-Type"),
    ],
)
def test_plain_bytes_that_are_called_gzip_are_refused(
    opened, feed, machine, media_type, headers, pointer
):
    refused = machine.send(feed, media_type=media_type, **headers)

    (error,) = assert_problem(refused, 400, "invalid-request")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, "not-gzip")
    assert uploads(opened) == 0


def test_a_feed_of_aggregates_takes_fhir(opened, feed, machine):
    change_feed(feed, level="L0")

    assert machine.send(feed, b"{}", media_type=FHIR).status_code == 202


def test_the_digest_is_of_the_body_as_it_is_sent(opened, feed, machine):
    packed = gzip.compress(stays())
    headers = {"Content-Encoding": "gzip"}

    of_the_text = {**headers, "Content-Digest": digest(stays())}
    assert_problem(machine.send(feed, packed, **of_the_text), 400, "invalid-request")

    of_the_body = {**headers, "Content-Digest": f"sha-512=:AAAA:, {digest(packed)};q=1"}
    assert machine.send(feed, packed, **of_the_body).status_code == 202


def test_a_digest_without_sha_256_is_refused(opened, feed, machine):
    refused = machine.send(feed, **{"Content-Digest": "sha-512=:AAAA:"})

    assert assert_problem(refused, 400)["errors"][0]["pointer"] == "/Content-Digest"


def test_a_body_in_chunks_is_asked_for_its_length(opened, feed, machine):
    refused = machine.send(
        feed, b"", **{"Transfer-Encoding": "chunked", "Content-Type": "text/csv"}
    )

    assert_problem(refused, 411, "length-required")


def test_a_long_body_is_told_of_parts(opened, feed, machine, settings):
    settings.UPLOAD_MAX_BYTES = 100

    assert "in parts" in assert_problem(machine.send(feed), 413, "too-large")["detail"]
