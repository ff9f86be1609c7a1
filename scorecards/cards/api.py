"""The API door of scorecards."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.api.authentication import actor_of
from comanage.api.periods import write_period
from comanage.identity.roles import Permission
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import feed_of
from scorecards.feeds.arrivals import freshness_of
from scorecards.feeds.freshness import Freshness
from scorecards.feeds.queries import READ_SCORECARDS


class FreshnessOutput(serializers.Serializer[Any]):
    """How fresh the data of the year is today; a period is two days, both inside."""

    feed = serializers.CharField()
    data_through = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    state = serializers.CharField(
        help_text="One of late, held, due, received, not_open, on_time and on_request."
    )
    missing = serializers.SerializerMethodField()

    def get_missing(self, fresh: Freshness) -> list[str]:
        """List the periods whose file did not come."""
        return [write_period(period) for period in fresh.missing]


class ScorecardOutput(serializers.Serializer[Any]):
    """A scorecard: its document holds counts, exact rates, tiers and steps."""

    version = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    input_sha256 = serializers.CharField()
    document = serializers.JSONField()
    freshness = serializers.SerializerMethodField()

    @extend_schema_field(FreshnessOutput(allow_null=True))
    def get_freshness(self, card: Scorecard) -> dict[str, Any] | None:
        """Say how fresh the year's data is today; null while no feed is read."""
        fresh = _freshness(card.year)
        return dict(FreshnessOutput(fresh).data) if fresh else None


class ScorecardDetail(APIView):
    """The newest scorecard of a measurement year."""

    permission = Permission.API_READ

    @extend_schema(responses=ScorecardOutput)
    def get(self, request: Request, tenant: str, year_pk: UUID) -> Response:
        """Return it, or 404 before the first computation."""
        if READ_SCORECARDS not in actor_of(request).scopes:
            raise PermissionDenied(f"This key lacks the scope {READ_SCORECARDS}.")
        year = get_object_or_404(visible_years(actor_of(request)), pk=year_pk)
        newest = Scorecard.objects.filter(year=year).order_by("-version")[:1]
        return Response(ScorecardOutput(get_object_or_404(newest)).data)


def _freshness(year: MeasurementYear) -> Freshness | None:
    """Say how fresh the year's data is; None while no feed is read."""
    feed = feed_of(year)
    if feed is None:
        return None
    today, zone = year.tenant.today(), year.tenant.zone
    return freshness_of(feed, today=today, zone=zone, within=year.in_effect or year.period)
