"""Parameters that several addresses take, as the OpenAPI document says them."""

from drf_spectacular.utils import OpenApiParameter

from comanage.api.cursors import DEFAULT_LIMIT, MOST
from comanage.api.idempotency import LONGEST, SHORTEST

_DIGEST = {"type": "string", "pattern": "sha-256=:[A-Za-z0-9+/]{43}=:"}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="8 to 80 characters, new for each request and the same for its retries. The first "
    "answer is kept for 7 days and given again, marked `Idempotency-Replayed: true`.",
)
CONTENT_DIGEST = OpenApiParameter(
    "Content-Digest",
    _DIGEST,
    OpenApiParameter.HEADER,
    description="RFC 9530, `sha-256=:<base64>:` of the body as it is sent.",
)
CONTENT_DIGEST_REQUIRED = OpenApiParameter(
    "Content-Digest",
    _DIGEST,
    OpenApiParameter.HEADER,
    required=True,
    description="RFC 9530, `sha-256=:<base64>:` of the part.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that is meant; 428 without, 412 when it has changed.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="An ETag; the answer is 304 while it holds.",
)
PAGING = (
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST},
        description=f"Most entries of a page, 1 to {MOST}; {DEFAULT_LIMIT} unless said.",
    ),
    OpenApiParameter(
        "cursor", str, description="Where a page begins; take it from the `Link` head, whole."
    ),
)
