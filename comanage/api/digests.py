"""`Content-Digest` (RFC 9530): what came is what was sent."""

import base64
import re

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

HEADER = "Content-Digest"
_DIFFERS = (
    "The body does not have this SHA-256, so nothing was taken. Send it again, under the same key."
)
_MEMBER = re.compile(r"([a-z0-9-]+)=:([A-Za-z0-9+/]+={0,2}):(?:;[^,]*)?")


def digest_of(sha256: str) -> str:
    """Write the header for a SHA-256 given in hexadecimal."""
    return f"sha-256=:{_base64(sha256)}:"


def check_digest(request: Request, sha256: str, *, required: bool = False) -> None:
    """Hold a body against the SHA-256 in its head; other algorithms beside it are not looked at.

    Args:
        request: with or without the header.
        sha256: of the body as it was sent, in hexadecimal.
        required: whether the header must be there.

    Raises:
        ValidationError: there is no SHA-256 where one must be, or it is of another body.
    """
    sent = request.headers.get(HEADER, "").strip()
    if not sent and not required:
        return
    stated = dict(_MEMBER.findall(sent)).get("sha-256")
    if stated is None:
        raise ValidationError({HEADER: ["Send the body's digest as sha-256=:<base64>:."]})
    if stated != _base64(sha256):
        raise ValidationError({HEADER: [ErrorDetail(_DIFFERS, code="digest-differs")]})


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()
