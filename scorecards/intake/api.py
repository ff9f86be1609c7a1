"""The API door of extract jobs: send a file, ask what became of it."""

import base64
import hashlib
import json
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import parse_header_parameters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import (
    APIException,
    UnsupportedMediaType,
    ValidationError,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comanage.api.authentication import actor_of
from comanage.api.bodies import EXTENSION, FILE_BODIES
from comanage.api.periods import read_period
from comanage.api.problems import MEDIA_TYPE, problem
from comanage.identity.roles import Permission
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import current_map, visible_feeds
from scorecards.intake.actions import Parcel, receive_upload
from scorecards.intake.models import UploadStatus
from scorecards.intake.policies import KeyReusedError
from scorecards.intake.queries import visible_uploads

_CHUNK = 1 << 16
_IN_MEMORY = 1 << 20
RETRY_AFTER_SECONDS = "2"


class TooLarge(APIException):
    """The body passes the limit."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The file is larger than one submission may be. Send a shorter period."


class FeedOutput(serializers.Serializer[Any]):
    """A feed."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    spec = serializers.SerializerMethodField()

    def get_spec(self, feed: Feed) -> dict[str, Any]:
        """Return the newest map."""
        spec: dict[str, Any] = current_map(feed).spec
        return spec


class SubmissionOutput(serializers.Serializer[Any]):
    """What became of a file."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=UploadStatus.choices)
    period = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    findings = serializers.IntegerField(source="findings_total")
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    dropped_columns = serializers.ListField(child=serializers.CharField())


class FeedList(APIView):
    """The feeds a key may write to."""

    permission = Permission.API_READ

    @extend_schema(responses=FeedOutput(many=True))
    def get(self, request: Request, tenant: str) -> Response:
        """List feeds with their declared columns."""
        return Response(FeedOutput(visible_feeds(actor_of(request)), many=True).data)


class SubmissionCreate(APIView):
    """Hand in one file for one period."""

    permission = Permission.API_SUBMIT
    parser_classes = list(FILE_BODIES)

    @extend_schema(
        request=dict.fromkeys(EXTENSION, OpenApiTypes.BINARY),
        responses={202: SubmissionOutput, 200: SubmissionOutput},
        parameters=[
            OpenApiParameter("period", str, required=True),
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Content-Digest", str, OpenApiParameter.HEADER),
            OpenApiParameter("Content-Disposition", str, OpenApiParameter.HEADER),
        ],
    )
    def post(self, request: Request, tenant: str, feed_pk: UUID) -> Response:
        """Answer 202 for a new file, 200 with the first answer for a repeat."""
        feed = get_object_or_404(visible_feeds(actor_of(request)), pk=feed_pk)
        period, key, filename = _period(request), _idempotency_key(request), _filename(request)
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            _receive(request, body)
            parcel = Parcel(filename, body, period, key)  # type: ignore[arg-type]
            return _answer(request, tenant, feed, parcel)


class SubmissionDetail(APIView):
    """Ask what became of a file."""

    permission = Permission.API_READ

    @extend_schema(responses={200: SubmissionOutput, 202: SubmissionOutput})
    def get(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Answer 202 while the check runs, 200 when it is done."""
        upload = get_object_or_404(visible_uploads(actor_of(request)), pk=pk)
        is_waiting = upload.status == UploadStatus.RECEIVED
        headers = {"Retry-After": RETRY_AFTER_SECONDS} if is_waiting else {}
        return Response(
            SubmissionOutput(upload).data, status=202 if is_waiting else 200, headers=headers
        )


class SubmissionOutcome(APIView):
    """The findings of a file, one JSON object a line."""

    permission = Permission.API_READ

    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.STR})
    def get(self, request: Request, tenant: str, pk: UUID) -> HttpResponse:
        """Name row, column, code and message; never a value of an identifier."""
        upload = get_object_or_404(visible_uploads(actor_of(request)), pk=pk)
        lines = (
            json.dumps({"row": row, "column": column, "code": code, "message": message})
            for row, column, code, message in upload.findings.values_list(
                "row", "column", "code", "message"
            )
        )
        return HttpResponse(
            "".join(f"{line}\n" for line in lines), content_type="application/x-ndjson"
        )


def _answer(request: Request, tenant: str, feed: Feed, parcel: Parcel) -> Response:
    try:
        upload, is_new = receive_upload(feed=feed, parcel=parcel, by=actor_of(request))
    except KeyReusedError as broken:
        body = problem(422, code="idempotency-key-reused", detail=str(broken))
        return Response(body, status=422, content_type=MEDIA_TYPE)
    except PolicyError as broken:
        body = problem(409, code="refused-by-policy", detail=str(broken))
        return Response(body, status=409, content_type=MEDIA_TYPE)
    headers = {
        "Location": reverse("api:submission-detail", args=[tenant, upload.pk]),
        "Retry-After": RETRY_AFTER_SECONDS,
    }
    return Response(SubmissionOutput(upload).data, status=202 if is_new else 200, headers=headers)


def _period(request: Request) -> Period:
    try:
        return read_period(request.query_params.get("period", ""))
    except ValueError as wrong:
        raise ValidationError({"period": [str(wrong)]}) from wrong


def _filename(request: Request) -> str:
    """Take the name from Content-Disposition where one is sent; the type gives the ending."""
    media_type = (request.content_type or "").partition(";")[0].strip().lower()
    if media_type not in EXTENSION:
        raise UnsupportedMediaType(media_type, f"Send the file as {' or '.join(EXTENSION)}.")
    _, sent = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    name = PurePosixPath(sent.get("filename", "submission").replace("\\", "/")).stem
    printable = "".join(filter(str.isprintable, name))[:100]
    return f"{printable or 'submission'}{EXTENSION[media_type]}"


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(key) <= 80:
        raise ValidationError(
            {"Idempotency-Key": ["Send a key of 8 to 80 characters, new for each file."]}
        )
    return key


def _receive(request: Request, body: IO[bytes]) -> None:
    """Copy the body out of the request, within the limit, and hold it against its digest."""
    digest, size = hashlib.sha256(), 0
    while chunk := request.stream.read(_CHUNK) if request.stream else b"":
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise TooLarge
        digest.update(chunk)
        body.write(chunk)
    sent = request.headers.get("Content-Digest")
    if sent and sent.strip() != f"sha-256=:{base64.b64encode(digest.digest()).decode()}:":
        raise ValidationError(
            {"Content-Digest": ["The body does not have this SHA-256. Send the file again."]}
        )
