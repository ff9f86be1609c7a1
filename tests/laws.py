"""How many examples a law is held against.

The default run draws few, and the same ones each time, so that it never fails by chance.
`manage.py test --long` draws many times as many, and others each time.
"""

import os

from hypothesis import settings

TIMES = int(os.environ.get("COMANAGE_LAWS_TIMES", "1"))
USUAL = 50


def examples(count: int) -> int:
    """Return how many examples this run draws where the default run draws `count`."""
    return count * TIMES


def load_profile() -> None:
    """Judge laws by their answers, not by the clock of a busy machine."""
    settings.register_profile(
        "laws", deadline=None, max_examples=examples(USUAL), derandomize=TIMES == 1
    )
    settings.load_profile("laws")
