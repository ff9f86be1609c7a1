"""Writing files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TextIO, cast

from scorecards.offline.errors import OfflineError


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Write beside the file, and put it in its place only when all is written.

    Raises:
        OfflineError: the place cannot be written.
    """
    try:
        with NamedTemporaryFile(
            "w",
            encoding="utf-8",
            newline="",
            dir=path.parent,
            prefix=f".{path.name}-",
            delete=False,
        ) as stream:
            part = Path(stream.name)
            try:
                yield cast("TextIO", stream)
                stream.flush()
                os.fsync(stream.fileno())
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        part.chmod(0o666 & ~_mask())
        part.replace(path)
    except OSError as broken:
        raise OfflineError(f"{path} cannot be written: {broken.strerror}.") from None


def _mask() -> int:
    """Read what new files of this process may not be."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
