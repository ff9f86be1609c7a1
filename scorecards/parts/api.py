"""The API door of large files: begin one, send its parts in any order, resume, complete."""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comanage.api.authentication import actor_of
from comanage.api.bodies import BYTES, EXTENSION, GZIP, TooLarge, body_of, json_body_of
from comanage.api.digests import check_digest
from comanage.api.idempotency import answer_once
from comanage.api.parameters import (
    CONTENT_DIGEST_REQUIRED,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
)
from comanage.api.shapes import StrictSerializer, read_document, read_query
from comanage.api.versions import answer_if_changed, check_if_match, etag_of
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.intake.api import answer_received, check_may_write, feed_to_write, refuse_for
from scorecards.intake.api_input import SubmissionInput, named, wishes_of
from scorecards.intake.api_output import SubmissionOutput
from scorecards.intake.models import PartialUpload
from scorecards.parts.actions import (
    Announced,
    Part,
    begin_parts,
    complete_parts,
    drop_parts,
    keep_part,
)
from scorecards.parts.policies import most_parts
from scorecards.parts.queries import own_partials

PART_TOO_LARGE = "A part holds at most {limit:,} bytes. Cut the file into parts of that size."
FILE_TOO_LARGE = "A file has at most {limit:,} bytes. Send a shorter period or fewer columns."
_SHA256 = re.compile(r"[0-9a-f]{64}")


class UploadInput(StrictSerializer):
    """What is to come in parts."""

    media_type = serializers.ChoiceField(
        choices=[*EXTENSION, GZIP], help_text="Of the whole file, as for a submission in one body."
    )
    filename = serializers.CharField(
        max_length=200, required=False, help_text="Needed for `application/gzip` alone."
    )
    content_encoding = serializers.ChoiceField(
        choices=["gzip"], required=False, help_text="When the whole file is packed."
    )
    size = serializers.IntegerField(
        min_value=1, required=False, help_text="Bytes of the whole file, to be refused early."
    )


class CompletionInput(StrictSerializer):
    """What the parts are together."""

    sha256 = serializers.RegexField(_SHA256, help_text="Of the whole file, in hexadecimal.")


class PartOutput(serializers.Serializer[Any]):
    """A part that is there."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class UploadOutput(serializers.Serializer[Any]):
    """A large file on its way."""

    id = serializers.UUIDField()
    feed = serializers.UUIDField(source="feed_id")
    part_size = serializers.IntegerField(help_text="Bytes of every part but the last.")
    most_parts = serializers.IntegerField()
    expires_at = serializers.DateTimeField()
    parts = PartOutput(many=True, help_text="Those that are there, by number.")
    submission = serializers.CharField(allow_null=True, help_text="Its address, once complete.")


class UploadCreate(APIView):
    """Begin a large file."""

    permission = Permission.API_SUBMIT

    @extend_schema(
        request=UploadInput,
        responses={201: UploadOutput},
        parameters=[SubmissionInput, IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, tenant: str, feed_pk: UUID) -> Response:
        """Begin a file that is sent in parts of 8 MiB; it stays open for two days."""
        feed = feed_to_write(request, feed_pk)
        wishes = read_query(SubmissionInput, request)
        document, sha256 = json_body_of(request)
        given = read_document(UploadInput, document)
        _check_size(given.get("size", 1))
        coding, filename = given.get("content_encoding", ""), given.get("filename", "")
        announced = Announced(
            filename=named(given["media_type"], filename, coding=coding, feed=feed),
            period=wishes["period"],
            wishes=wishes_of(wishes),
        )

        def deed(_name: str) -> Response:
            try:
                partial = begin_parts(feed=feed, announced=announced, by=actor_of(request))
            except PolicyError as broken:
                return refuse_for(broken, tenant, feed)
            location = reverse("api:upload-detail", args=[tenant, partial.pk])
            return Response(describe(partial, tenant), status=201, headers={"Location": location})

        return answer_once(request, body_sha256=sha256, deed=deed)


class UploadDetail(APIView):
    """See which parts are there, or give the file up."""

    permission = Permission.API_SUBMIT

    @extend_schema(responses={200: UploadOutput, 304: None}, parameters=[IF_NONE_MATCH])
    def get(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Say which parts are there, so that a broken sending is resumed."""
        partial = get_object_or_404(own_partials(actor_of(request)), pk=pk)
        data = describe(partial, tenant)
        return answer_if_changed(request, data, etag_of(data))

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Give the file up and destroy its parts."""
        partial = get_object_or_404(own_partials(actor_of(request)), pk=pk)
        check_may_write(request, partial.feed)
        check_if_match(request, etag_of(describe(partial, tenant)))
        try:
            drop_parts(partial=partial, by=actor_of(request))
        except PolicyError as broken:
            return refuse_for(broken, tenant, partial.feed)
        return Response(status=204)


class UploadPartDetail(APIView):
    """One part."""

    permission = Permission.API_SUBMIT

    @extend_schema(
        request={BYTES: OpenApiTypes.BINARY},
        responses={200: PartOutput, 409: None},
        parameters=[CONTENT_DIGEST_REQUIRED],
    )
    def put(self, request: Request, tenant: str, pk: UUID, number: int) -> Response:
        """Keep a part. The same part again changes nothing; other bytes are refused."""
        partial = get_object_or_404(own_partials(actor_of(request)), pk=pk)
        check_may_write(request, partial.feed)
        if not 1 <= number <= most_parts():
            raise ValidationError({"number": [f"Parts are numbered from 1 to {most_parts()}."]})
        limit = settings.UPLOAD_PART_BYTES
        too_large = PART_TOO_LARGE.format(limit=limit)
        with body_of(request, limit=limit, too_large=too_large) as body:
            check_digest(request, body.sha256, required=True)
            try:
                kept = keep_part(
                    partial=partial, part=Part(number, body.content, body.size, body.sha256)
                )
            except PolicyError as broken:
                return refuse_for(broken, tenant, partial.feed)
        return Response(PartOutput(kept).data)


class UploadComplete(APIView):
    """Make a file of the parts."""

    permission = Permission.API_SUBMIT

    @extend_schema(
        request=CompletionInput,
        responses={202: SubmissionOutput, 200: SubmissionOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Hand the whole file in; it is joined, held against its SHA-256, and checked."""
        by = actor_of(request)
        partial = get_object_or_404(own_partials(by), pk=pk)
        check_may_write(request, partial.feed)
        document, body_sha256 = json_body_of(request)
        sha256 = read_document(CompletionInput, document)["sha256"]

        def deed(name: str) -> Response:
            try:
                upload, is_new = complete_parts(
                    partial=partial, sha256=sha256, idempotency_key=name, by=by
                )
            except PolicyError as broken:
                return refuse_for(broken, tenant, partial.feed)
            return answer_received(request, tenant, upload, is_new=is_new)

        return answer_once(request, body_sha256=body_sha256, deed=deed)


def describe(partial: PartialUpload, tenant: str) -> dict[str, Any]:
    """Say everything of a large file on its way, in one query."""
    upload = partial.upload_id
    described: dict[str, Any] = UploadOutput(
        {
            "id": partial.pk,
            "feed_id": partial.feed_id,
            "part_size": settings.UPLOAD_PART_BYTES,
            "most_parts": most_parts(),
            "expires_at": partial.expires_at,
            "parts": partial.parts.all(),
            "submission": upload and reverse("api:submission-detail", args=[tenant, upload]),
        }
    ).data
    return described


def _check_size(size: int) -> None:
    if size > settings.UPLOAD_MAX_TOTAL_BYTES:
        raise TooLarge(FILE_TOO_LARGE.format(limit=settings.UPLOAD_MAX_TOTAL_BYTES))
