"""What ends a run: sentences for the person at the terminal."""

from __future__ import annotations


class OfflineError(Exception):
    """The files or the definition cannot be used; nothing is written."""

    def __init__(self, *messages: str) -> None:
        """Keep the sentences apart: each is printed on a line of its own."""
        super().__init__("\n".join(messages))
        self.messages = messages
