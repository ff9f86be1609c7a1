"""Who is told of a file that waits, in which words. No name of a file: it may name a person."""

from django.urls import reverse

from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.notices.actions import mark_read, tell
from comanage.notices.queries import members_in, unread_under
from scorecards.intake.models import Upload
from scorecards.restatements.models import Restatement

EVERY_MEMBER = frozenset(Role) - {Role.EXTRACT_CLIENT}


def tell_of_held(*, upload: Upload, restatement: Restatement | None, by: Actor) -> None:
    """Tell who owns the feed and who decides, but not who sent it; feed and tenant are read."""
    tenant, feed = upload.tenant, upload.feed
    today = tenant.today()
    if restatement is None:
        is_member = feed.owner in members_in(EVERY_MEMBER, today=today)
        owners = [feed.owner] if feed.owner is not None and is_member else []
        users = [*owners, *members_in([Role.SERVICE_LINE_ADMINISTRATOR], today=today)]
        body = "Nothing of it counts before the service-line administrator has accepted it."
    else:
        users = members_in([Role.COUNSEL, Role.COMPLIANCE], today=today)
        users = [user for user in users if user != restatement.asked_by]
        body = "It would change a closed period. Counsel or compliance decides."
    tell(
        users=[user for user in users if user.pk != upload.sent_by_user_id],
        key=_key(upload),
        subject=f"A file for {feed.name} waits",
        body=f"A file for {upload.period} was checked and waits for a decision. {body}",
        path=reverse("scorecards:upload-detail", args=[tenant.slug, upload.pk]),
        by=by,
    )


def end_of_waiting(upload: Upload) -> None:
    """Let the notices of a file rest that no longer waits, so that nobody goes to look in vain."""
    mark_read(notices=unread_under(_key(upload)))


def _key(upload: Upload) -> str:
    return f"held:{upload.pk}"
