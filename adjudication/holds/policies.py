"""Who may hold a year, who releases it, and what a hold forbids."""

from adjudication.holds.causes import RELEASERS, Cause
from adjudication.holds.models import Hold, Outcome
from adjudication.holds.queries import Holds, is_open
from adjudication.years.models import Snapshot
from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError

OF_A_DISPUTE = frozenset({Outcome.UPHELD, Outcome.REJECTED})


def check_can_hold(snapshot: Snapshot | None, *, is_paid: bool) -> None:
    """Raise PolicyError unless the year is frozen and unpaid."""
    if snapshot is None:
        raise PolicyError("Nothing is frozen yet, so there is nothing to hold.")
    if is_paid:
        raise PolicyError("This year is paid. What is paid stays; a correction falls due.")


def check_indicator_is_of_the_year(indicator: str, slugs: set[str]) -> None:
    """Raise PolicyError when a dispute is about an indicator that the terms do not have."""
    if indicator and indicator not in slugs:
        raise PolicyError("The terms of this year have no such indicator. Choose one of them.")


def check_can_release(hold: Hold, outcome: Outcome, *, by: Actor) -> None:
    """Raise PolicyError unless this person may end this hold so."""
    cause = Cause(hold.cause)
    if not is_open(hold):
        raise PolicyError("This hold was released already.")
    if by.role not in RELEASERS[cause]:
        names = " or ".join(sorted(role.label.lower() for role in RELEASERS[cause]))
        raise PolicyError(f"A hold of this kind is released by {names}.")
    if cause is not Cause.CONDITION and hold.opened_by_id == by.id:
        raise PolicyError("Whoever opened a hold does not release it.")
    if (outcome in OF_A_DISPUTE) != (cause is Cause.DISPUTE):
        raise PolicyError("A dispute is upheld or not upheld; any other hold is mended.")


def can_release(hold: Hold, *, by: Actor) -> bool:
    """Say whether the form of a release should be shown."""
    outcome = Outcome.REJECTED if hold.cause == Cause.DISPUTE else Outcome.MENDED
    try:
        check_can_release(hold, outcome, by=by)
    except PolicyError:
        return False
    return True


def check_nothing_holds(holds: Holds, snapshot: Snapshot) -> None:
    """Raise PolicyError while the year may be neither authorized nor paid."""
    causes = [*(f.what for f in holds.found), *(h.what for h in holds.named if is_open(h))]
    if causes:
        more = f" and {len(causes) - 1} more" if len(causes) > 1 else ""
        cause = causes[0].removesuffix(".")
        raise PolicyError(
            f"The year is on hold for this: “{cause}”{more}. It is mended and released first."
        )
    if holds.upheld_since(snapshot.frozen_at):
        raise PolicyError(
            "A dispute of this result was upheld. Return the year for changes; it is corrected, "
            "frozen and signed anew."
        )
