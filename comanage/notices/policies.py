"""Whether a notice still concerns the person it was written to."""

from datetime import date

from comanage.identity.models import Membership


def may_be_mailed(membership: Membership | None, *, today: date) -> bool:
    """Say whether a mail may go out: only to somebody who is still a member here."""
    return membership is not None and membership.is_active_on(today)
