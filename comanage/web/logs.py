"""Log lines: one line each, and of the extras only the keys on the list. No values of cases.

Nor what opens a door: a key that stands in an address is not printed.
"""

import logging
import re

import structlog

from comanage.web.request_ids import current_request_id

_ALLOWED = frozenset({"job_id", "tenant_id", "kind", "status_code", "cells_known", "cells_counted"})
# The address of a calendar feed holds its key, and Django logs addresses that open nothing.
_KEYS = re.compile(r"\bcm[a-z]_\w+")


class LineFormatter(logging.Formatter):
    """Print time, level, logger, message and the allowed extras; newlines become spaces."""

    def __init__(self) -> None:
        super().__init__()
        self._render = structlog.processors.KeyValueRenderer(
            key_order=["at", "level", "logger", "event"], drop_missing=True
        )

    def format(self, record: logging.LogRecord) -> str:
        """Turn a record into one line."""
        extras = {key: str(record.__dict__[key]) for key in _ALLOWED & record.__dict__.keys()}
        if request_id := current_request_id():
            extras["request_id"] = request_id
        line = self._render(
            None,
            record.levelname,
            {
                "at": self.formatTime(record),
                "level": record.levelname.lower(),
                "logger": record.name,
                "event": " ".join(record.getMessage().split()),
                **extras,
            },
        )
        text = _KEYS.sub("(a key)", str(line))
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text
