"""A file store in which something else happens while a file is being read."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.files.storage import FileSystemStorage


class MeddlingStorage(FileSystemStorage):
    """Calls `meddle` once, before the next file is opened for reading."""

    meddle: ClassVar[Callable[[], None] | None] = None

    def open(self, name: str, mode: str = "rb") -> Any:
        """Open a file; first let the other thing happen."""
        meddle, type(self).meddle = type(self).meddle, None
        if meddle is not None:
            meddle()
        return super().open(name, mode)
