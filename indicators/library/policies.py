"""When the library may grow."""

from comanage.web.errors import PolicyError
from indicators.measure.definition import Definition


def check_can_adopt(definition: Definition, *, is_adopted: bool) -> None:
    """Raise PolicyError when the library holds the indicator already."""
    if is_adopted:
        raise PolicyError(f"“{definition.title}” is in the library already. Edit it there.")


def check_is_different(definition: Definition, last_sha256: str) -> None:
    """Raise PolicyError when a new version would say the same as the last."""
    if definition.sha256 == last_sha256:
        raise PolicyError("Nothing differs from the last version, so no new one was saved.")
