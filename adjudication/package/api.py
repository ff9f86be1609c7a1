"""The API door of the settlement: what a year comes to, as a FHIR document."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.request import Request
from rest_framework.views import APIView

from adjudication.package.actions import note_copy
from adjudication.package.frames import attested_as_of
from adjudication.package.settlement import CONTENT_TYPE, fhir_text
from adjudication.payments.queries import READ_LEDGER
from adjudication.years.queries import current_snapshot
from agreements.terms.queries import visible_years
from comanage.api.authentication import actor_of
from comanage.identity.roles import Permission


class NotFrozen(APIException):
    """The year's result can still change."""

    status_code = 409
    default_code = "not-frozen"
    default_detail = "The year is not frozen yet, so it has no settlement. Ask again after it is."


class YearSettlement(APIView):
    """The settlement of a frozen year."""

    permission = Permission.API_READ

    @extend_schema(responses={(200, CONTENT_TYPE): OpenApiTypes.OBJECT, 409: None})
    def get(self, request: Request, tenant: str, year_pk: UUID) -> HttpResponse:
        """Return the year as a FHIR R4 document, with the sign-offs there are by now."""
        by = actor_of(request)
        if READ_LEDGER not in by.scopes:
            raise PermissionDenied(f"This key lacks the scope {READ_LEDGER}.")
        snapshot = current_snapshot(get_object_or_404(visible_years(by), pk=year_pk))
        if snapshot is None:
            raise NotFrozen
        attested = attested_as_of(snapshot, timezone.now())
        note_copy(snapshot=snapshot, form="fhir", by=by)
        text = fhir_text(json.loads(snapshot.canonical), attested)
        return HttpResponse(text, content_type=CONTENT_TYPE)
