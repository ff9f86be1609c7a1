"""Declaring a feed."""

from collections.abc import Sequence

from django.db import transaction

from agreements.programs.models import Program
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.values.canonical import sha256_of
from scorecards.feeds.models import Feed, FeedMap, FeedUse
from scorecards.feeds.policies import check_can_declare
from scorecards.intake.spec import FeedSpec, to_document


@transaction.atomic
def declare_feed(
    *, name: str, source_system: str, spec: FeedSpec, programs: Sequence[Program], by: Actor
) -> Feed:
    """Declare what a hospital sends, and which programs read it.

    Raises:
        PolicyError: the name is taken, or a program reads another feed.
    """
    taken = FeedUse.objects.select_related("program").filter(program__in=programs)
    check_can_declare(
        name=name,
        is_taken=Feed.objects.filter(name__iexact=name).exists(),
        programs_with_a_feed=[use.program.name for use in taken],
    )
    feed = Feed.objects.create(name=name, source_system=source_system, level=spec.level.value)
    _keep_map(feed, spec, version=1, note="", by=by)
    FeedUse.objects.bulk_create(FeedUse(feed=feed, program=program) for program in programs)
    record_event(
        kind=EventKind.FEED_DECLARED,
        subject=feed,
        by=by,
        columns=[column.name for column in spec.columns],
    )
    return feed


def _keep_map(feed: Feed, spec: FeedSpec, *, version: int, note: str, by: Actor) -> FeedMap:
    document = to_document(spec)
    return FeedMap.objects.create(
        feed=feed,
        version=version,
        spec=document,
        sha256=sha256_of(document),
        note=note,
        made_by_id=by.id if by.kind is ActorKind.MEMBER else None,
    )
