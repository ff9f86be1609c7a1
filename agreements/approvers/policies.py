"""Which chain of approval a hospital may keep."""

from collections.abc import Collection

from agreements.approvers.matrix import ALWAYS_ASKED, Condition, Rule
from comanage.web.errors import PolicyError


def check_chain(rules: Collection[Rule]) -> None:
    """Raise PolicyError unless counsel and the chief executive approve every agreement."""
    always = {rule.role for rule in rules if rule.condition is Condition.ALWAYS}
    for role in ALWAYS_ASKED:
        if role not in always:
            raise PolicyError(
                f"{role.label} approves every agreement, whatever else the chain asks. Give the "
                f"role a step, and tick “Every agreement”.",
                field=f"{role.value}_step",
            )


def check_is_change(rules: Collection[Rule], *, before: Collection[Rule]) -> None:
    """Raise PolicyError when a chain is the one in force."""
    if set(rules) == set(before):
        raise PolicyError("This is the chain in force already, so there is nothing to keep.")


def check_is_seen(*, seen: int, newest: int) -> None:
    """Raise PolicyError unless whoever changes a chain saw its newest edition."""
    if seen != newest:
        raise PolicyError("Somebody has changed the chain since. Look at it anew, then change it.")
