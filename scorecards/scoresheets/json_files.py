"""Reading JSON whose numbers stay as they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scorecards.offline.errors import OfflineError


def read_json(path: Path, most: int) -> Any:
    """Read JSON whose numbers stay as they are written.

    Raises:
        OfflineError: it is too large, or no JSON.
    """
    try:
        if path.stat().st_size > most:
            raise OfflineError(f"{path.name} is larger than {most:,} bytes.")
        return json.loads(path.read_text("utf-8-sig"), parse_float=str)
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None
    except UnicodeDecodeError:
        raise OfflineError(f"{path.name} is not written in UTF-8.") from None
    except RecursionError:
        raise OfflineError(f"{path.name} is nested too deeply.") from None
    except ValueError as wrong:
        place = f", line {wrong.lineno}" if isinstance(wrong, json.JSONDecodeError) else ""
        raise OfflineError(f"{path.name}{place} is no JSON: {_short(wrong)}.") from None


def _short(wrong: ValueError) -> str:
    return wrong.msg if isinstance(wrong, json.JSONDecodeError) else "a number is too long"
