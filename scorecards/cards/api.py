"""The API door of scorecards."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements.terms.queries import visible_years
from comanage.api.authentication import actor_of
from comanage.identity.roles import Permission
from scorecards.cards.models import Scorecard
from scorecards.feeds.queries import READ_SCORECARDS


class ScorecardOutput(serializers.Serializer[Any]):
    """A scorecard: its document holds counts, exact rates, tiers and steps."""

    version = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    input_sha256 = serializers.CharField()
    document = serializers.JSONField()


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
