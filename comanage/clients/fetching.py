"""Keys that a machine serves itself: asked for when they are old or a new one is named.

What was fetched stays with the client, behind its hospital's wall, so that a machine whose address
is down for an hour still signs in.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from comanage.clients.actions import claim_key_fetch, keep_fetched_keys
from comanage.clients.assertions import AssertionRefusedError
from comanage.clients.keysets import KeySetError, PublicKey, read_served_keys, stored_keys
from comanage.identity.actor import Actor
from comanage.identity.models import ExtractClient
from comanage.tenancy.scope import tenant_scope
from comanage.web.outbound import OutboundError, call

FRESH = timedelta(hours=1)
LONGEST_KEPT = timedelta(hours=24)
_OK = 200
KEY_FETCH = Actor.system("Key fetch")


def keys_in_force(client: ExtractClient, *, tenant_id: UUID, kid: str) -> tuple[PublicKey, ...]:
    """Return the keys a machine may sign with, asking its address first where that is due.

    Call it outside any scope: no transaction waits for another house's server.

    Args:
        client: with its keys as they are stored.
        tenant_id: its hospital.
        kid: the key that is looked for; a name not stored yet is a reason to ask.

    Raises:
        AssertionRefusedError: the address does not answer with keys, and none are kept.
    """
    keys = stored_keys(client.jwks)
    if not client.jwks_url:
        return keys
    age = _age(client)
    if age < FRESH and kid in {key.kid for key in keys}:
        return keys
    with tenant_scope(tenant_id):
        may_fetch = claim_key_fetch(client=client)
    kept = keys if age < LONGEST_KEPT else ()
    return _fetch(client, tenant_id, kept=kept) if may_fetch else kept


def _fetch(
    client: ExtractClient, tenant_id: UUID, *, kept: tuple[PublicKey, ...]
) -> tuple[PublicKey, ...]:
    try:
        keys = read_served_keys(_text(client.jwks_url))
    except (OutboundError, KeySetError) as failed:
        if kept:
            return kept
        raise AssertionRefusedError(f"Its keys could not be fetched. {failed}") from failed
    with tenant_scope(tenant_id):
        return stored_keys(keep_fetched_keys(client=client, keys=keys, by=KEY_FETCH).jwks)


def _text(url: str) -> str:
    answer = call(url)
    if answer.status != _OK:
        raise OutboundError(f"The address answered {answer.status}, not 200.")
    try:
        return answer.body.decode()
    except UnicodeDecodeError as wrong:
        raise OutboundError("The address answered with something that is no text.") from wrong


def _age(client: ExtractClient) -> timedelta:
    """Return how old the kept keys are; older than anything where there are none."""
    fetched_at = (client.jwks or {}).get("fetched_at")
    if not fetched_at:
        return timedelta.max
    return timezone.now() - datetime.fromisoformat(fetched_at)
