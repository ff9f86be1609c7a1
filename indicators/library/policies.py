"""When the library may grow."""

from comanage.web.errors import PolicyError
from indicators.library.models import IndicatorVersion
from indicators.measure.columns import CasesError
from indicators.measure.deck import DeckFailure, run_deck
from indicators.measure.definition import Definition


class DeckRefusedError(PolicyError):
    """Examples of the test deck are not placed as their author expects.

    Attributes:
        failures: each example, with where it must stand and where it stands.
    """

    def __init__(self, failures: list[DeckFailure]) -> None:
        """Name every example that fails."""
        said = " ".join(str(failure) for failure in failures)
        super().__init__(f"The test deck does not hold, so nothing was saved. {said}")
        self.failures = failures


class SavedMeanwhileError(PolicyError):
    """Someone else saved a version while this one was being written.

    Attributes:
        number: of the version that is the newest now.
    """

    def __init__(self, last: IndicatorVersion) -> None:
        """Say who was faster."""
        who = last.created_by.name if last.created_by else "The set-up"
        super().__init__(
            f"{who} saved version {last.number} while you were writing. Nothing that you wrote "
            f"is lost: look at what they changed, then save yours after theirs."
        )
        self.number = last.number


def check_can_adopt(definition: Definition, *, is_adopted: bool) -> None:
    """Raise PolicyError when the library holds the indicator already."""
    if is_adopted:
        raise PolicyError(f"“{definition.title}” is in the library already. Edit it there.")


def check_slug_is_free(slug: str, *, is_taken: bool, is_standard: bool) -> None:
    """Raise PolicyError when another indicator goes by the same short name."""
    if is_taken:
        raise PolicyError(f"The short name “{slug}” is taken in this library. Choose another.")
    if is_standard:
        raise PolicyError(
            f"The short name “{slug}” belongs to a standard indicator. Choose another, or adopt "
            f"that one."
        )


def check_is_different(definition: Definition, last_sha256: str) -> None:
    """Raise PolicyError when a new version would say the same as the last."""
    if definition.sha256 == last_sha256:
        raise PolicyError("Nothing differs from the last version, so no new one was saved.")


def check_nobody_was_faster(last: IndicatorVersion | None, *, based_on: int | None) -> None:
    """Raise PolicyError when the newest version is not the one that was changed."""
    if last is not None and based_on is not None and last.number != based_on:
        raise SavedMeanwhileError(last)


def check_deck_holds(definition: Definition) -> None:
    """Raise PolicyError unless every example is placed as expected.

    A definition that cannot be executed here is kept without running its examples.
    """
    if not definition.is_executable:
        return
    try:
        failures = run_deck(definition)
    except CasesError as wrong:
        raise PolicyError(str(wrong)) from wrong
    if failures:
        raise DeckRefusedError(failures)
