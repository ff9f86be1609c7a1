"""What is wrong with a criterion, and where."""

from __future__ import annotations


class CriteriaError(ValueError):
    """A criterion that cannot be read or makes no sense.

    Attributes:
        message: what is wrong and what was expected, for the person who wrote it.
        position: the character it concerns, from 1.
    """

    def __init__(self, message: str, position: int) -> None:
        """Keep the place beside the words, so that a form can show the spot."""
        super().__init__(f"At character {position}: {message}")
        self.message = message
        self.position = position
