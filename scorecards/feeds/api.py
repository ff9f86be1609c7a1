"""The API door of feeds: which there are, and what each asks of a file."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comanage.api.authentication import actor_of
from comanage.api.cursors import page_of
from comanage.api.parameters import IF_NONE_MATCH, PAGING
from comanage.api.versions import answer_if_changed, etag_of
from comanage.identity.roles import Permission
from scorecards.feeds.models import Feed, FeedMap
from scorecards.feeds.queries import feeds_with_maps, may_write


class FeedOutput(serializers.Serializer[Any]):
    """A feed, with the newest version of its map."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    source_system = serializers.CharField()
    level = serializers.CharField(help_text="`L0` aggregates, `L1` and `L2` case rows.")
    is_sandbox = serializers.BooleanField(help_text="Takes synthetic data, which never counts.")
    may_write = serializers.BooleanField(help_text="Whether this client may send files to it.")
    allows_skipping = serializers.BooleanField(help_text="Whether `on_error=skip` is allowed.")
    cadence = serializers.CharField()
    schema = serializers.IntegerField(help_text="Version of the map.")
    schema_sha256 = serializers.CharField()
    spec = serializers.DictField(help_text="Declared columns and the case key.")


def describe(feed: Feed, *, writes: bool) -> dict[str, Any]:
    """Say what a client must know of a feed that `feeds_with_maps` has read."""
    newest: FeedMap = feed.newest_maps[0]  # type: ignore[attr-defined]  # see feeds_with_maps
    described: dict[str, Any] = FeedOutput(
        {
            "id": feed.pk,
            "name": feed.name,
            "source_system": feed.source_system,
            "level": feed.level,
            "is_sandbox": feed.is_sandbox,
            "may_write": writes,
            "allows_skipping": feed.allows_skipping,
            "cadence": feed.cadence,
            "schema": newest.version,
            "schema_sha256": newest.sha256,
            "spec": newest.spec,
        }
    ).data
    return described


class FeedList(APIView):
    """The feeds that a client's scopes name."""

    permission = Permission.API_READ

    @extend_schema(responses=FeedOutput(many=True), parameters=[*PAGING])
    def get(self, request: Request, tenant: str) -> Response:
        """List feeds with their declared columns; the `Link` head leads further."""
        by = actor_of(request)
        page = page_of(feeds_with_maps(by), request, by="id")
        feeds = [describe(feed, writes=may_write(feed, by)) for feed in page.rows]
        return Response(feeds, headers=page.headers)


class FeedDetail(APIView):
    """One feed."""

    permission = Permission.API_READ

    @extend_schema(responses={200: FeedOutput, 304: None}, parameters=[IF_NONE_MATCH])
    def get(self, request: Request, tenant: str, pk: UUID) -> Response:
        """Say what a feed asks of a file; 304 when it is as the client knows it."""
        by = actor_of(request)
        feed = get_object_or_404(feeds_with_maps(by), pk=pk)
        data = describe(feed, writes=may_write(feed, by))
        return answer_if_changed(request, data, etag_of(data))
