"""Keys and what seals them.

The installation's key seals a key for each tenant; a tenant's key seals a key for each of its
files, and small secrets. What a key belongs to is authenticated with it, so that a row copied to
another tenant, name or purpose does not open.
"""

import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from comanage.tenancy.scope import active_tenant_id
from comanage.vault.models import TenantKey

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_VERSION_BYTES = 4


class LostKeyError(Exception):
    """Something sealed does not open with the keys at hand."""


def new_key() -> bytes:
    """Make a key."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(secret: bytes, *, key: bytes, context: bytes) -> bytes:
    """Seal a few bytes under a key, for one context."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, context)


def unwrap(sealed: bytes | memoryview, *, key: bytes, context: bytes) -> bytes:
    """Open what `wrap` sealed.

    Raises:
        LostKeyError: it was sealed under another key or for another context.
    """
    nonce, rest = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
    try:
        return AESGCM(key).decrypt(nonce, rest, context)
    except InvalidTag as broken:
        raise LostKeyError("A sealed value does not open with the key at hand.") from broken


def sealing_key() -> tuple[int, bytes]:
    """Return version and key with which the tenant in scope seals, made when it has none."""
    newest = TenantKey.objects.first()
    if newest is None:
        newest, _ = TenantKey.objects.get_or_create(
            version=1, defaults={"sealed_key": _sealed(new_key())}
        )
    return newest.version, _opened(newest)


def opening_keys(versions: set[int]) -> dict[int, bytes]:
    """Return some of the tenant's keys by version, in one query.

    Raises:
        LostKeyError: no key of the installation opens one of them.
    """
    return {row.version: _opened(row) for row in TenantKey.objects.filter(version__in=versions)}


def new_tenant_key() -> TenantKey:
    """Give the tenant in scope a new key to seal with; the earlier ones still open."""
    newest = TenantKey.objects.select_for_update(no_key=True).first()
    version = newest.version + 1 if newest else 1
    return TenantKey.objects.create(version=version, sealed_key=_sealed(new_key()))


def rewrap_tenant_keys() -> int:
    """Seal the tenant's keys anew with the installation's first key, and count them."""
    rows = list(TenantKey.objects.select_for_update(no_key=True))
    for row in rows:
        row.sealed_key = _sealed(_opened(row))
    return TenantKey.objects.bulk_update(rows, ["sealed_key"]) if rows else 0


def seal_text(text: str, *, purpose: str) -> bytes:
    """Seal a small secret of the tenant in scope, for one purpose."""
    version, key = sealing_key()
    context = _text_context(purpose)
    return version.to_bytes(_VERSION_BYTES, "big") + wrap(text.encode(), key=key, context=context)


def open_text(sealed: bytes | memoryview, *, purpose: str) -> str:
    """Open a small secret of the tenant in scope.

    Raises:
        LostKeyError: it was sealed for another tenant or purpose, or its key is gone.
    """
    return open_texts([sealed], purpose=purpose)[0]


def open_texts(sealed: Iterable[bytes | memoryview], *, purpose: str) -> list[str]:
    """Open small secrets of the tenant in scope, in their order; one query.

    Raises:
        LostKeyError: one was sealed for another tenant or purpose, or its key is gone.
    """
    values = [bytes(each) for each in sealed]
    versions = [int.from_bytes(each[:_VERSION_BYTES], "big") for each in values]
    keys = opening_keys(set(versions)) if values else {}
    if not keys.keys() >= set(versions):
        raise LostKeyError("A sealed value names a key that this hospital does not have.")
    context = _text_context(purpose)
    return [
        unwrap(value[_VERSION_BYTES:], key=keys[version], context=context).decode()
        for value, version in zip(values, versions, strict=True)
    ]


class DerivedCipher:
    """Seals what is derived and can be lost: under a key that comes from the tenant's newest."""

    overhead = _NONCE_BYTES + _TAG_BYTES

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, clear: bytes | memoryview, context: str) -> bytes:
        """Seal bytes for one context."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, context.encode())

    def open(self, sealed: bytes | memoryview, context: str) -> bytes | None:
        """Open what was sealed for the context, else None."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, context.encode())
        except (InvalidTag, ValueError):  # too short to be sealed
            return None


def seal_for_installation(secret: bytes, *, purpose: str) -> bytes:
    """Seal a small secret of no hospital with the installation's first key, for one purpose."""
    return wrap(secret, key=settings.MASTER_KEYS[0], context=_installation_context(purpose))


def open_for_installation(sealed: bytes | memoryview, *, purpose: str) -> bytes:
    """Open what `seal_for_installation` sealed.

    Raises:
        LostKeyError: no key of the installation opens it for this purpose.
    """
    return _opened_by_installation(sealed, _installation_context(purpose), f"the {purpose}")


def derived_cipher(purpose: str) -> DerivedCipher:
    """Return what seals derived files of the tenant in scope for one purpose."""
    _, key = sealing_key()
    info = b"derived\n" + active_tenant_id().bytes + purpose.encode()
    return DerivedCipher(HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(key))


def _sealed(key: bytes) -> bytes:
    return wrap(key, key=settings.MASTER_KEYS[0], context=_tenant_context())


def _opened(row: TenantKey) -> bytes:
    return _opened_by_installation(row.sealed_key, _tenant_context(), "this hospital's key")


def _opened_by_installation(sealed: bytes | memoryview, context: bytes, what: str) -> bytes:
    for master_key in settings.MASTER_KEYS:
        try:
            return unwrap(sealed, key=master_key, context=context)
        except LostKeyError:
            continue
    raise LostKeyError(
        f"No key in COMANAGE_MASTER_KEY opens {what}. Put the key it was sealed with back, behind "
        "the newest one."
    )


def _tenant_context() -> bytes:
    return b"tenant key\n" + active_tenant_id().bytes


def _installation_context(purpose: str) -> bytes:
    return b"installation\n" + purpose.encode()


def _text_context(purpose: str) -> bytes:
    return b"text\n" + active_tenant_id().bytes + purpose.encode()
