"""Refusals in the OpenAPI document: which an operation has follows from what it takes.

A refusal that an operation has beside these, it declares itself as `409: None`; its shape is
given here.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from comanage.api.problems import MEDIA_TYPE, NOT_FOUND

SHAPE: dict[str, Any] = {
    "type": "object",
    "description": "A refusal, in the shape of RFC 9457. It never repeats a value that was sent.",
    "required": ["type", "status", "title", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "`urn:comanage:problem:` and the code."},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "errors": {
            "type": "array",
            "description": "Of `invalid-request`: each thing that is wrong.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "Where (RFC 6901)."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "restatement": {
            "type": "string",
            "description": "Of `period-locked`: the page where a person asks for a restatement.",
        },
        "request_id": {"type": "string", "description": "For the operator."},
    },
}

# The code that stands for each status, what it says, and in what cases it comes.
_OF_STATUS = {
    "400": (
        "invalid-request",
        "The request cannot be taken as it is. The errors say where, and what to do.",
        "Something in it is not as this document says",
    ),
    "401": (
        "not-authenticated",
        "Send a valid token or key of this hospital as `Authorization: Bearer <token>`.",
        "No valid token",
    ),
    "403": (
        "permission-denied",
        "You do not have permission to perform this action.",
        "The client lacks the scope",
    ),
    "404": ("not-found", NOT_FOUND, "Nothing is there, or not for this client"),
    "409": (
        "refused-by-policy",
        "No measurement year covers 1 Jan 2027 to 31 Jan 2027. Check the two days.",
        "A rule refuses it; the code says which",
    ),
    "411": ("length-required", "Send Content-Length; a body in chunks is not read.", "No length"),
    "412": (
        "precondition-failed",
        "It has changed since that version. Read it again, then decide.",
        "The ETag is of another version",
    ),
    "413": ("too-large", "The document is too long.", "More bytes than are read"),
    "415": (
        "unsupported-media-type",
        "This address does not take a body of this media type.",
        "A kind of body, or a coding, that is not taken",
    ),
    "422": (
        "idempotency-key-reused",
        "This idempotency key was used for another request. Send a new key.",
        "The key stands for another request",
    ),
    "428": (
        "precondition-required",
        "Send If-Match with the ETag of the version that you have seen.",
        "No ETag was sent",
    ),
    "429": (
        "too-many-requests",
        "At most 600 calls a minute. Wait the seconds in Retry-After.",
        "Too many calls",
    ),
}
_OF_HEAD = {
    "Idempotency-Key": ("400", "409", "422"),
    "Content-Digest": ("400",),
    "If-Match": ("409", "412", "428"),
}


def describe_refusals(
    result: dict[str, Any],
    generator: Any,
    request: Any,
    *,
    public: bool,
) -> dict[str, Any]:
    """Add to every operation the refusals it answers with, each in the shape of a problem."""
    result["components"]["schemas"]["Problem"] = SHAPE
    result["components"]["responses"] = {_name(each): _answer(each) for each in _OF_STATUS}
    for path in result["paths"].values():
        for operation in path.values():
            answers = operation["responses"]
            for status in _statuses(operation):
                if "content" not in answers.get(status, {}):
                    answers[status] = {"$ref": f"#/components/responses/{_name(status)}"}
            operation["responses"] = dict(sorted(answers.items()))
    return result


def _statuses(operation: dict[str, Any]) -> Iterator[str]:
    yield from ("404", "429")
    yield from (status for status in operation["responses"] if status in _OF_STATUS)
    if "security" not in operation:
        return
    yield from ("401", "403")
    if "requestBody" in operation:
        yield from ("400", "411", "413", "415")
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query":
            yield "400"
        yield from _OF_HEAD.get(parameter["name"], ())


def _name(status: str) -> str:
    return HTTPStatus(int(status)).phrase.replace(" ", "")


def _answer(status: str) -> dict[str, Any]:
    code, detail, cases = _OF_STATUS[status]
    shown = {
        "type": f"urn:comanage:problem:{code}",
        "status": int(status),
        "title": code.replace("-", " ").capitalize(),
        "detail": detail,
        "request_id": "0198f3a2-7b44-7c02-8a51-3f9d2e6b7c10",
    }
    return {
        "description": f"{HTTPStatus(int(status)).phrase}. {cases}.",
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": shown}},
            }
        },
    }
