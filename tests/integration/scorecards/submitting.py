"""What the tests of submissions look at and change behind the door."""

from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.intake.models import Upload

KEY = {"Idempotency-Key": "the-key-of-this-file"}


def change_feed(feed, **changes):
    with tenant_scope(feed.tenant_id):
        Feed.objects.filter(pk=feed.pk).update(**changes)


def only_upload(tenant):
    with tenant_scope(tenant.pk):
        return Upload.objects.get()


def uploads(tenant):
    with tenant_scope(tenant.pk):
        return Upload.objects.count()
