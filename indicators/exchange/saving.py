"""Text written to a file whole, or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from indicators.exchange.errors import ExchangeError


def save_text(path: Path, text: str) -> None:
    """Write a text in UTF-8; a file that was there stays as it was when that fails.

    Args:
        path: a file, new or to be replaced; a pipe or device is written to as it is.
        text: the whole of it.

    Raises:
        ExchangeError: the text is not one of whole characters, or the place takes no file.
    """
    content = encoded(text)
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        _replace(target, content)
    except OSError as wrong:
        raise ExchangeError(f"{path} cannot be written: {wrong.strerror}.") from wrong


def encoded(text: str) -> bytes:
    """Return a text in UTF-8.

    Raises:
        ExchangeError: half a character is in it.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as wrong:
        raise ExchangeError(
            "A name or text has half a character (an unpaired surrogate), so nothing was "
            "written. Give names in UTF-8."
        ) from wrong


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
    try:
        with beside.open("xb") as stream:
            stream.write(content)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
