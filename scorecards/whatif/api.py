"""The API door of what-if: the same answer as the page, in exact numbers."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements.terms.queries import visible_years
from comanage.api.authentication import actor_of
from comanage.api.problems import MEDIA_TYPE, problem
from comanage.api.shapes import StrictSerializer, read_query
from comanage.identity.roles import Permission
from comanage.values.rounding import NumberTextError, fraction_from_text
from comanage.web.errors import PolicyError
from scorecards.cards.queries import current_scorecard
from scorecards.feeds.queries import READ_SCORECARDS
from scorecards.scoring.whatif import Standing
from scorecards.whatif.board import Board, answer
from scorecards.whatif.documents import answer_document
from scorecards.whatif.policies import check_can_ask
from scorecards.whatif.queries import board_of

LONGEST = 2000
MOST = 10**9


class WhatIfInput(StrictSerializer):
    """The rest of the year. An indicator that is not named goes on as so far.

    Both are pairs of an indicator and an exact number, with commas between the pairs.
    """

    performance = serializers.CharField(
        required=False,
        max_length=LONGEST,
        help_text="How the rest goes: the rate of what is still to come, one value for each case "
        "of a median or percentile, the amount added to a count or sum, 1 for a milestone that is "
        "reached. For example `readmission-30-day:0.075,average-length-of-stay:7/2`; `7.5%` too.",
    )
    remaining = serializers.CharField(
        required=False,
        max_length=LONGEST,
        help_text="How much is still to come, instead of the pace so far: cases, or what else the "
        "indicator is a rate of. For example `readmission-30-day:120`.",
    )

    def validate_performance(self, value: str) -> dict[str, Fraction]:
        """Read the pairs."""
        return _pairs(value)

    def validate_remaining(self, value: str) -> dict[str, Fraction]:
        """Read the pairs."""
        sizes = _pairs(value)
        if any(size < 0 for size in sizes.values()):
            raise serializers.ValidationError("What is still to come is zero or more.")
        return sizes


class WhatIfOutput(serializers.Serializer[Any]):
    """A projection and no promise: nothing of it is kept, owed or paid."""

    edition = serializers.IntegerField(help_text="Of the scorecard that was asked.")
    days_received = serializers.IntegerField(help_text="Days of the year whose data has come.")
    days_left = serializers.IntegerField(help_text="Days of the year whose data has not.")
    projected = serializers.JSONField(help_text="Points and dollars of the scorecard as it stands.")
    what_if = serializers.JSONField(help_text="Points and dollars with the rest as it was sent.")
    indicators = serializers.JSONField(
        help_text="For each indicator what was asked, both scores, and what each tier takes."
    )


class WhatIfDetail(APIView):
    """The rest of a measurement year, played through."""

    permission = Permission.API_READ

    @extend_schema(parameters=[WhatIfInput], responses={200: WhatIfOutput, 409: None})
    def get(self, request: Request, tenant: str, year_pk: UUID) -> Response:
        """Answer from the newest scorecard; 404 before the first, 409 once the year is closed."""
        if READ_SCORECARDS not in actor_of(request).scopes:
            raise PermissionDenied(f"This key lacks the scope {READ_SCORECARDS}.")
        year = get_object_or_404(visible_years(actor_of(request)), pk=year_pk)
        card = current_scorecard(year)
        if card is None:
            raise Http404
        try:
            check_can_ask(year)
        except PolicyError as refused:
            body = problem(409, code=refused.code, detail=str(refused))
            return Response(body, status=409, content_type=MEDIA_TYPE)
        board = board_of(year, card)
        given = _checked(board, read_query(WhatIfInput, request))
        return Response({"edition": card.version, **answer_document(board, answer(board, given))})


def _pairs(text: str) -> dict[str, Fraction]:
    """Read `slug:number,slug:number`; no message repeats what was sent."""
    found: dict[str, Fraction] = {}
    for pair in text.split(","):
        slug, colon, number = pair.strip().partition(":")
        if not colon or slug in found:
            raise serializers.ValidationError(
                "Send an indicator once, a colon and a number, with commas between the pairs."
            )
        try:
            value = fraction_from_text(number)
        except NumberTextError as wrong:
            raise serializers.ValidationError(
                "A number is written as 0.075, 7.5% or 3/40."
            ) from wrong
        if abs(value) > MOST:
            raise serializers.ValidationError(f"A number is {MOST:,} at most.")
        found[slug] = value
    return found


def _checked(
    board: Board, sent: Mapping[str, Any]
) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    """Hold what was sent against the indicators of the year.

    Raises:
        ValidationError: one is not of the year, or cannot have this number.
    """
    sizes = sent.get("remaining", {})
    performances = sent.get("performance", {})
    known = {each.terms.slug: each for each in board.standings}
    wrong: dict[str, list[str]] = {}
    for name, pairs in (("remaining", sizes), ("performance", performances)):
        if pairs.keys() - known.keys():
            wrong[name] = [f"The year has these indicators: {', '.join(known)}."]
    for slug, each in known.items():
        wrong |= _misfits(each, sizes.get(slug), performances.get(slug))
    if wrong:
        raise serializers.ValidationError(wrong)
    return {slug: (sizes.get(slug), performances.get(slug)) for slug in known}


def _misfits(
    standing: Standing, size: Fraction | None, performance: Fraction | None
) -> dict[str, list[str]]:
    """Say which numbers an indicator cannot have."""
    wrong = {}
    if size is not None and standing.is_of_cases and size.denominator != 1:
        wrong["remaining"] = ["Cases come whole."]
    if performance is not None and performance < 0 and standing.counts_events:
        wrong["performance"] = ["A rate or number of events is zero or more."]
    if performance is not None and performance > 1 and standing.definition.scoring == "proportion":
        wrong["performance"] = ["A proportion is from 0 to 1, or 0% to 100%."]
    return wrong
