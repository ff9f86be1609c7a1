"""When access may be granted or ended."""

from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.web.errors import PolicyError


def check_can_grant(user: User, *, is_member: bool) -> None:
    """Raise PolicyError when the person holds a role here already."""
    if is_member:
        raise PolicyError(
            f"{user.name} is a member already. End that membership first to change the role."
        )


def check_can_end(membership: Membership, *, by: Actor) -> None:
    """Raise PolicyError unless this membership can be ended by this person now."""
    if membership.revoked_at is not None:
        raise PolicyError("This membership has ended already.")
    if membership.pk == by.membership_id:
        raise PolicyError("Nobody ends their own membership; ask another administrator.")
