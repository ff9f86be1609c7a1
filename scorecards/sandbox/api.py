"""The API door of the sandbox: a sample to send back, whole or with faults."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from comanage.api.authentication import actor_of
from comanage.api.bodies import CSV, NDJSON
from comanage.api.shapes import StrictSerializer, read_query
from comanage.identity.roles import Permission
from scorecards.feeds.queries import spec_of, visible_feeds
from scorecards.intake.api_input import PeriodField
from scorecards.sandbox.generator import FAULTS, as_csv, as_ndjson, sample_rows

MOST_ROWS = 10_000


class NotASandbox(APIException):
    """The feed takes real data."""

    status_code = 409
    default_code = "not-a-sandbox"
    default_detail = "Samples are made for the sandbox alone, so that none is taken for real data."


class SampleInput(StrictSerializer):
    """The query of a sample."""

    period = PeriodField(help_text="The days that the sample is for.")
    rows = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, default=100)
    seed = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=1, help_text="The same seed, the same rows."
    )
    kind = serializers.ChoiceField(choices=["csv", "ndjson"], default="csv")
    fault = serializers.ChoiceField(
        choices=[*FAULTS, "every"],
        required=False,
        help_text="Every second row brings about this finding; `every` takes them in turn.",
    )


class FeedSample(APIView):
    """Synthetic rows for the sandbox."""

    permission = Permission.API_READ

    @extend_schema(
        parameters=[SampleInput],
        responses={(200, CSV): OpenApiTypes.STR, (200, NDJSON): OpenApiTypes.STR, 409: None},
    )
    def get(self, request: Request, tenant: str, pk: UUID) -> HttpResponse:
        """Make a sample that the sandbox takes, or one with faults; other feeds have none."""
        feed = get_object_or_404(visible_feeds(actor_of(request)), pk=pk)
        given = read_query(SampleInput, request)
        if not feed.is_sandbox:
            raise NotASandbox
        spec = spec_of(feed)
        wished = given.get("fault")
        faults = list(FAULTS) if wished == "every" else [wished] if wished else []
        rows = sample_rows(
            spec, given["period"], rows=given["rows"], seed=given["seed"], faults=faults
        )
        if given["kind"] == "csv":
            return HttpResponse(as_csv(spec, rows), content_type=f"{CSV}; charset=utf-8")
        return HttpResponse(as_ndjson(rows), content_type=NDJSON)
