"""What machines send to be known by: `<kind>_<tenant>_<record>_<secret>`.

Each names its tenant, so that even looking it up happens behind that tenant's wall. Of the
secret only a hash is stored. A client id is the same without a secret: it is no secret itself.
"""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

_CLIENT = "cmc"


class KeyKind(StrEnum):
    """What a key opens, and for how long."""

    API_KEY = "cmk"
    CALENDAR_FEED = "cmf"
    ACCESS_TOKEN = "cmt"  # noqa: S105  (a prefix)


@dataclass(frozen=True, slots=True)
class BearerKey:
    """The parts of a key, not yet believed.

    Attributes:
        kind: which table it is looked up in.
        tenant_id: the hospital behind whose wall.
        record_id: the client of an API key, the row of an access token.
        secret: what proves it.
    """

    kind: KeyKind
    tenant_id: UUID
    record_id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{self.kind}_{self.tenant_id.hex}_{self.record_id.hex}_{self.secret}"

    @property
    def secret_sha256(self) -> str:
        """What is stored and compared; 256 random bits need no slow hash."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ClientId:
    """The public name of a machine, with its hospital in it."""

    tenant_id: UUID
    client_id: UUID

    def __str__(self) -> str:
        return f"{_CLIENT}_{self.tenant_id.hex}_{self.client_id.hex}"


def new_key(kind: KeyKind, *, tenant_id: UUID, record_id: UUID) -> BearerKey:
    """Make a key with a fresh secret."""
    return BearerKey(kind, tenant_id, record_id, secrets.token_hex(32))


def read_key(text: str) -> BearerKey | None:
    """Take a key apart, or return None when it is not exactly one."""
    parts = text.split("_")
    if len(parts) != 4 or parts[0] not in set(KeyKind):
        return None
    try:
        key = BearerKey(KeyKind(parts[0]), UUID(hex=parts[1]), UUID(hex=parts[2]), parts[3])
    except ValueError:
        return None
    return key if str(key) == text else None


def read_client_id(text: str) -> ClientId | None:
    """Take a client id apart, or return None when it is not exactly one."""
    parts = text.split("_")
    if len(parts) != 3:
        return None
    try:
        client_id = ClientId(UUID(hex=parts[1]), UUID(hex=parts[2]))
    except ValueError:
        return None
    return client_id if str(client_id) == text else None
