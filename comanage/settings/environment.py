"""Reading the environment. A missing variable names itself and the place to set it."""

import base64
import binascii
import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MASTER_KEY_BYTES = 32


def required(name: str) -> str:
    """Return the variable, or stop with the name of what is missing."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. `python3 manage.py up` sets it for the embedded servers; "
            f"in production set it in the environment of the process (see docker-compose.yml)."
        )
    return value


def optional(name: str, default: str) -> str:
    """Return the variable or its default."""
    return os.environ.get(name) or default


def database(url: str) -> dict[str, Any]:
    """Turn `postgresql://role:password@host:port/name?host=/socket/folder` into Django's form."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {parts.scheme!r}; only postgresql:// is supported."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": query,
    }


def folder(url: str) -> str:
    """Turn `file:///some/folder` into a path."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise ImproperlyConfigured(
            f"STORAGE_URL begins with {parts.scheme!r}; give a folder as file:///path."
        )
    return unquote(parts.path)


def keys(text: str) -> tuple[bytes, ...]:
    """Read keys of 32 bytes, each in base64, separated by commas."""
    try:
        found = tuple(base64.b64decode(part.strip(), validate=True) for part in text.split(","))
    except binascii.Error:
        found = ()
    if not found or any(len(key) != MASTER_KEY_BYTES for key in found):
        raise ImproperlyConfigured(
            "COMANAGE_MASTER_KEY is not a key of 32 bytes in base64, or several separated by "
            "commas. Make one with `openssl rand -base64 32`."
        )
    return found
