"""Which owners can be recorded."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from comanage.values.rounding import decimal_text, exact_text
from comanage.web.errors import PolicyError

SHOWN_PLACES = 4


def check_is_a_whole(owners: Sequence[str], shares: Sequence[Fraction]) -> None:
    """Raise PolicyError unless owners hold something each, once, and together one whole."""
    if not shares:
        raise PolicyError("Name at least one owner, with a share such as 1/3 or 25%.")
    if any(share <= 0 for share in shares):
        raise PolicyError("An owner holds more than nothing. Leave the others empty.")
    twice = [owner for owner, times in Counter(owners).items() if times > 1]
    if twice:
        raise PolicyError(f"{twice[0]} is there twice. Give the owner one share.")
    whole = sum(shares, Fraction(0))
    if whole != 1:
        shown = decimal_text(whole * 100, SHOWN_PLACES).rstrip("0").rstrip(".")
        raise PolicyError(
            f"The shares add up to {exact_text(whole)}, which is {shown} %, not to the whole. "
            f"Thirds are written 1/3."
        )
