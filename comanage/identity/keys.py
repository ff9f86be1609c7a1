"""API keys: `cmk_<tenant>_<client>_<secret>`.

The key names its tenant, so that even looking the client up happens behind that tenant's wall.
Only a hash of the secret is stored.
"""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

_PREFIX = "cmk"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The parts of a key, not yet believed."""

    tenant_id: UUID
    client_id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{_PREFIX}_{self.tenant_id.hex}_{self.client_id.hex}_{self.secret}"

    @property
    def secret_sha256(self) -> str:
        """What is stored and compared; 256 random bits need no slow hash."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def new_key(*, tenant_id: UUID, client_id: UUID) -> ApiKey:
    """Make a key with a fresh secret."""
    return ApiKey(tenant_id, client_id, secrets.token_hex(32))


def read_key(text: str) -> ApiKey | None:
    """Take a key apart, or return None when it is not shaped like one."""
    parts = text.split("_")
    if len(parts) != 4 or parts[0] != _PREFIX:
        return None
    try:
        return ApiKey(UUID(hex=parts[1]), UUID(hex=parts[2]), parts[3])
    except ValueError:
        return None
