"""The API door of extract jobs: send a file, ask what became of it, take it back."""

import json
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comanage.api.authentication import actor_of
from comanage.api.bodies import EXTENSION, FILE_BODIES, GZIP, NDJSON, body_of
from comanage.api.cursors import page_of
from comanage.api.digests import check_digest
from comanage.api.idempotency import answer_once
from comanage.api.parameters import CONTENT_DIGEST, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, PAGING
from comanage.api.problems import MEDIA_TYPE, problem
from comanage.api.shapes import read_query
from comanage.api.versions import answer_if_changed, check_if_match
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import may_write, visible_feeds, write_scope
from scorecards.intake import api_examples
from scorecards.intake.actions import Parcel, cancel_upload, receive_upload
from scorecards.intake.api_input import SubmissionInput, check_file, filename_of, wishes_of
from scorecards.intake.api_output import RUNNING, SubmissionOutput, describe, state_of, version_of
from scorecards.intake.models import Upload
from scorecards.intake.policies import KeyReusedError, PeriodLockedError
from scorecards.intake.queries import submissions

RETRY_AFTER_SECONDS = "2"
USE_PARTS = "One body holds at most {limit} MB. Send the file in parts, by POST to uploads."


def feed_to_write(request: Request, feed_pk: UUID) -> Feed:
    """Return a feed that the client may send to.

    Raises:
        Http404: the client does not see it.
        PermissionDenied: it may read it and no more.
    """
    by = actor_of(request)
    feed = get_object_or_404(visible_feeds(by), pk=feed_pk)
    check_may_write(request, feed)
    return feed


def check_may_write(request: Request, feed: Feed) -> None:
    """Raise PermissionDenied unless the client may send files to a feed that it sees."""
    if not may_write(feed, actor_of(request)):
        raise PermissionDenied(f"This client lacks the scope {write_scope(feed)}.")


class FeedSubmissions(APIView):
    """Hand in one file for one period; see what was handed in before."""

    permission = Permission.API_SUBMIT
    parser_classes = list(FILE_BODIES)

    @extend_schema(
        responses=SubmissionOutput(many=True), parameters=[*PAGING], examples=api_examples.LISTING
    )
    def get(self, request: Request, tenant: str, feed_pk: UUID) -> Response:
        """List the submissions of a feed, newest first; the `Link` head leads further."""
        by = actor_of(request)
        feed = get_object_or_404(visible_feeds(by), pk=feed_pk)
        page = page_of(submissions(by).filter(feed=feed), request, by="-received_at")
        return Response([describe(each, tenant) for each in page.rows], headers=page.headers)

    @extend_schema(
        request=dict.fromkeys([*EXTENSION, GZIP], OpenApiTypes.BINARY),
        responses={202: SubmissionOutput, 200: SubmissionOutput},
        parameters=[
            SubmissionInput,
            IDEMPOTENCY_KEY,
            CONTENT_DIGEST,
            OpenApiParameter("Content-Disposition", str, OpenApiParameter.HEADER),
            OpenApiParameter("Content-Encoding", str, OpenApiParameter.HEADER, enum=["gzip"]),
            OpenApiParameter("Prefer", str, OpenApiParameter.HEADER, enum=["respond-async"]),
        ],
        examples=api_examples.SENDING,
    )
    def post(self, request: Request, tenant: str, feed_pk: UUID) -> Response:
        """Take one file for one period.

        202 for a new file. The same request again under its key gets that first answer again,
        marked `Idempotency-Replayed`; ask at `Location` what became of the file since. 200 for
        the bytes of the period's newest file under another key: that file, as it stands now.
        Without `mode=dry-run` it becomes the period's next version, or is held for a person.
        """
        feed = feed_to_write(request, feed_pk)
        given, filename = read_query(SubmissionInput, request), filename_of(request, feed)
        limit = settings.UPLOAD_MAX_BYTES
        too_large = USE_PARTS.format(limit=limit // 1024**2)
        with body_of(request, limit=limit, too_large=too_large) as body:
            check_digest(request, body.sha256)
            check_file(body, filename, request)

            def deed(name: str) -> Response:
                parcel = Parcel(filename, body.content, given["period"], name, wishes_of(given))
                return _receive(request, tenant, feed, parcel)

            return answer_once(request, body_sha256=body.sha256, deed=deed)


class SubmissionDetail(APIView):
    """Ask what became of a file, or take it back."""

    permission = Permission.API_READ

    @extend_schema(
        responses={200: SubmissionOutput, 202: SubmissionOutput, 304: None},
        parameters=[IF_NONE_MATCH],
        examples=api_examples.ASKING,
    )
    def get(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Answer 202 while the check runs, 200 when it is done."""
        upload = get_object_or_404(submissions(actor_of(request)), pk=pk)
        if state_of(upload) in RUNNING:
            return answer_running(upload, tenant)
        return answer_if_changed(request, describe(upload, tenant), version_of(upload))

    @extend_schema(
        responses={200: SubmissionOutput},
        parameters=[IF_MATCH],
        examples=api_examples.CANCELLING,
    )
    def delete(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Cancel a file that is still being checked or decided."""
        upload = get_object_or_404(submissions(actor_of(request)), pk=pk)
        check_may_write(request, upload.feed)
        check_if_match(request, version_of(upload))
        try:
            cancel_upload(upload=upload, by=actor_of(request))
        except PolicyError as broken:
            return refuse_for(broken, tenant, upload.feed)
        upload = submissions(actor_of(request)).get(pk=pk)
        return Response(describe(upload, tenant), headers={"ETag": version_of(upload)})


class SubmissionOutcome(APIView):
    """The findings of a file, one JSON object a line."""

    permission = Permission.API_READ

    @extend_schema(responses={(200, NDJSON): OpenApiTypes.STR}, examples=api_examples.FINDINGS)
    def get(self, request: Request, tenant: str, pk: UUID) -> HttpResponse:
        """Name row, column, code, severity and message; never a value of a cell.

        A file without findings has an empty outcome.
        """
        upload = get_object_or_404(submissions(actor_of(request)), pk=pk)
        names = ("row", "column", "code", "severity", "message")
        lines = (json.dumps(found) for found in upload.findings.values(*names))
        return HttpResponse("".join(f"{line}\n" for line in lines), content_type=NDJSON)


def _receive(request: Request, tenant: str, feed: Feed, parcel: Parcel) -> Response:
    by = actor_of(request)
    try:
        upload, is_new = receive_upload(feed=feed, parcel=parcel, by=by)
    except PolicyError as broken:
        return refuse_for(broken, tenant, feed)
    return answer_received(request, tenant, upload, is_new=is_new)


def answer_received(request: Request, tenant: str, upload: Upload, *, is_new: bool) -> Response:
    """Say where to ask what becomes of a file: 202 when it is new, 200 when it came before."""
    upload = submissions(actor_of(request)).get(pk=upload.pk)
    response = answer_running(upload, tenant)
    if "respond-async" in request.headers.get("Prefer", ""):
        response.headers["Preference-Applied"] = "respond-async"
    if state_of(upload) not in RUNNING:
        del response.headers["Retry-After"]
    response.status_code = 202 if is_new else 200
    return response


def answer_running(upload: Upload, tenant: str) -> Response:
    """Answer for a file that is not checked yet, with where and when to ask again."""
    headers = {
        "Location": reverse("api:submission-detail", args=[tenant, upload.pk]),
        "Retry-After": RETRY_AFTER_SECONDS,
        "ETag": version_of(upload),
    }
    return Response(describe(upload, tenant), status=202, headers=headers)


def refuse_for(broken: PolicyError, tenant: str, feed: Feed) -> Response:
    """Answer for a rule that refuses, by the rule's own code; a locked period names a way on."""
    status = 422 if isinstance(broken, KeyReusedError) else 409
    body = problem(status, code=broken.code, detail=str(broken))
    if isinstance(broken, PeriodLockedError):
        body["restatement"] = _restatement_page(tenant, feed)
    return Response(body, status=status, content_type=MEDIA_TYPE)


def _restatement_page(tenant: str, feed: Feed) -> str:
    """Return the page where a person asks for a restatement of a closed period."""
    page = reverse("scorecards:upload-submit", args=[tenant, feed.pk])
    return f"{settings.BASE_URL}{page}"
