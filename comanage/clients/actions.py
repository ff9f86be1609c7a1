"""Registering machines, changing their keys, and letting them in."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.clients import policies
from comanage.clients.keysets import PublicKey, stored_keys
from comanage.clients.reminders import ending_keys
from comanage.identity.actor import Actor
from comanage.identity.keys import KeyKind, new_key
from comanage.identity.models import AccessToken, ExtractClient, SignsInBy, SpentAssertion
from comanage.identity.roles import GRANTS, Permission
from comanage.notices.actions import tell
from comanage.notices.queries import members_in
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.web.errors import PolicyError

LONGEST_KEY_LIFE = timedelta(days=180)
TOKEN_LIFE = timedelta(seconds=300)
FETCH_PAUSE = timedelta(minutes=1)
KEEPERS = tuple(role for role, held in GRANTS.items() if Permission.CLIENT_EDIT in held)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verified assertion leaves behind.

    Attributes:
        kid: the key that signed it.
        jti: its own name, good once.
        until: how long the name must be remembered.
    """

    kid: str
    jti: str
    until: datetime


# --- Registering ------------------------------------------------------------------------------


@transaction.atomic
def register_client(
    *,
    name: str,
    scopes: list[str],
    addresses: list[str],
    keys: Sequence[PublicKey],
    jwks_url: str,
    by: Actor,
) -> ExtractClient:
    """Register a machine that signs: with public keys, or with the address it serves them at.

    Raises:
        PolicyError: another machine has the name.
    """
    _check_name(name)
    now = timezone.now().isoformat()
    client: ExtractClient = ExtractClient.objects.create(
        name=name,
        signs_in_by=SignsInBy.SIGNATURE,
        scopes=scopes,
        addresses=addresses,
        jwks=_document([replace(key, added_at=now) for key in keys]),
        jwks_url=jwks_url,
    )
    record_event(
        kind=EventKind.CLIENT_REGISTERED,
        subject=client,
        by=by,
        scopes=scopes,
        addresses=addresses,
        keys=[key.thumbprint for key in keys],
        jwks_url=jwks_url,
    )
    return client


@transaction.atomic
def create_extract_client(
    *,
    name: str,
    scopes: list[str],
    by: Actor,
    addresses: Sequence[str] = (),
    life: timedelta = LONGEST_KEY_LIFE,
) -> tuple[ExtractClient, str]:
    """Register a machine that cannot sign; return it with its key, which is shown this once.

    Raises:
        PolicyError: the hospital has API keys switched off, or another machine has the name.
    """
    policies.check_api_keys_are_allowed(_own_tenant())
    _check_name(name)
    client = ExtractClient(
        name=name,
        signs_in_by=SignsInBy.KEY,
        scopes=scopes,
        addresses=list(addresses),
        expires_at=timezone.now() + min(life, LONGEST_KEY_LIFE),
    )
    key = new_key(KeyKind.API_KEY, tenant_id=active_tenant_id(), record_id=client.pk)
    client.secret_sha256 = key.secret_sha256
    client.save()
    record_event(kind=EventKind.CLIENT_CREATED, subject=client, by=by, scopes=scopes)
    return client, str(key)


@transaction.atomic
def renew_extract_client(*, client: ExtractClient, by: Actor) -> str:
    """Give a machine a new key, shown this once; the old one opens nothing from now on.

    Raises:
        PolicyError: keys are switched off, the machine was revoked, or it signs.
    """
    policies.check_api_keys_are_allowed(_own_tenant())
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    policies.check_can_renew(client)
    key = new_key(KeyKind.API_KEY, tenant_id=active_tenant_id(), record_id=client.pk)
    client.secret_sha256 = key.secret_sha256
    client.expires_at = timezone.now() + LONGEST_KEY_LIFE
    client.save(update_fields=["secret_sha256", "expires_at"])
    record_event(kind=EventKind.CLIENT_RENEWED, subject=client, by=by)
    return str(key)


@transaction.atomic
def remind_of_ending_keys(*, tenant: Tenant, by: Actor) -> None:
    """Tell who looks after machines that an API key is about to end: 30 and 7 days before."""
    today = tenant.today()
    clients = ExtractClient.objects.filter(signs_in_by=SignsInBy.KEY, revoked_at=None)
    ending = ending_keys(list(clients), today=today, zone=tenant.zone)
    if not ending:
        return
    users = members_in(KEEPERS, today=today)
    for each in ending:
        path = reverse("web:client-detail", args=[tenant.slug, each.client.pk])
        tell(users=users, key=each.key, subject=each.subject, body=each.body, path=path, by=by)


@transaction.atomic
def revoke_extract_client(*, client: ExtractClient, by: Actor) -> ExtractClient:
    """Shut a machine out at once, with every token it holds; a second time changes nothing."""
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at"])
        AccessToken.objects.filter(client=client).delete()
        record_event(kind=EventKind.CLIENT_REVOKED, subject=client, by=by)
    return client


# --- Its keys ---------------------------------------------------------------------------------


@transaction.atomic
def add_client_keys(
    *, client: ExtractClient, keys: Sequence[PublicKey], by: Actor
) -> ExtractClient:
    """Let a machine sign with more keys; those it has stay, so that none of its runs is lost.

    Raises:
        PolicyError: it has one of them, a kid is taken, or its keys are not uploaded here.
    """
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    standing = stored_keys(client.jwks)
    policies.check_can_add_keys(client, standing=standing, added=keys)
    now = timezone.now().isoformat()
    client.jwks = _document([*standing, *(replace(key, added_at=now) for key in keys)])
    client.save(update_fields=["jwks"])
    record_event(
        kind=EventKind.CLIENT_KEYS_ADDED,
        subject=client,
        by=by,
        kids=[key.kid for key in keys],
        keys=[key.thumbprint for key in keys],
    )
    return client


@transaction.atomic
def retire_client_key(*, client: ExtractClient, kid: str, by: Actor) -> ExtractClient:
    """Take a key out of force, now; its place in the list stays, so that its name stays taken.

    Raises:
        PolicyError: it is not in force, or it is the machine's last.
    """
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    standing, now = stored_keys(client.jwks), timezone.now()
    policies.check_can_retire(client, kid=kid, standing=standing, now=now)
    client.jwks = _document([key.retired_at(now) if key.kid == kid else key for key in standing])
    client.save(update_fields=["jwks"])
    record_event(kind=EventKind.CLIENT_KEY_RETIRED, subject=client, by=by, kid=kid)
    return client


@transaction.atomic
def claim_key_fetch(*, client: ExtractClient) -> bool:
    """Take the right to ask a machine's address for its keys: once a minute, whoever calls."""
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    kept, now = client.jwks or _document([]), timezone.now()
    if kept.get("tried_at") and now - datetime.fromisoformat(kept["tried_at"]) < FETCH_PAUSE:
        return False
    client.jwks = {**kept, "tried_at": now.isoformat()}
    client.save(update_fields=["jwks"])
    return True


@transaction.atomic
def keep_fetched_keys(
    *, client: ExtractClient, keys: Sequence[PublicKey], by: Actor
) -> ExtractClient:
    """Keep the keys that a machine's address serves now; a change of them is an event."""
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    standing, now = stored_keys(client.jwks), timezone.now().isoformat()
    since = {(key.kid, key.thumbprint): key.added_at for key in standing}
    served = [replace(key, added_at=since.get((key.kid, key.thumbprint), now)) for key in keys]
    client.jwks = {**(client.jwks or {}), **_document(served), "fetched_at": now}
    client.save(update_fields=["jwks"])
    if since.keys() != {(key.kid, key.thumbprint) for key in served}:
        record_event(
            kind=EventKind.CLIENT_KEYS_FETCHED,
            subject=client,
            by=by,
            kids=[key.kid for key in served],
            keys=[key.thumbprint for key in served],
        )
    return client


# --- The switch for API keys --------------------------------------------------------------------


@transaction.atomic
def allow_api_keys(*, by: Actor) -> Tenant:
    """Let machines that cannot sign send a key instead; a second time changes nothing."""
    tenant = _own_tenant()
    if not tenant.allows_api_keys:
        tenant.allows_api_keys = True
        tenant.save(update_fields=["allows_api_keys"])
        record_event(kind=EventKind.API_KEYS_ALLOWED, subject=tenant, by=by)
    return tenant


@transaction.atomic
def forbid_api_keys(*, by: Actor) -> Tenant:
    """Switch API keys off and end every one of them at once, for good."""
    tenant = _own_tenant()
    if tenant.allows_api_keys:
        tenant.allows_api_keys = False
        tenant.save(update_fields=["allows_api_keys"])
        live = ExtractClient.objects.filter(signs_in_by=SignsInBy.KEY, revoked_at=None)
        names = list(live.order_by("name").values_list("name", flat=True))
        live.update(revoked_at=timezone.now())
        record_event(kind=EventKind.API_KEYS_FORBIDDEN, subject=tenant, by=by, ended=names)
    return tenant


# --- Signing in -------------------------------------------------------------------------------


@transaction.atomic
def issue_access_token(
    *, client: ExtractClient, proof: Proof, scopes: Sequence[str], address: str, by: Actor
) -> str:
    """Take an assertion, once, and give five minutes of access for it.

    Raises:
        PolicyError: the assertion was taken before, or the machine is not let in.
    """
    client = ExtractClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    policies.check_can_sign_in(client, address=address)
    policies.check_scopes_are_held(scopes, held=client.scopes)
    now = timezone.now()
    for model in (AccessToken, SpentAssertion):
        model.objects.filter(client=client, expires_at__lte=now).delete()
    _spend(client, proof)
    token = AccessToken(client=client, scopes=list(scopes), expires_at=now + TOKEN_LIFE)
    key = new_key(KeyKind.ACCESS_TOKEN, tenant_id=active_tenant_id(), record_id=token.pk)
    token.secret_sha256 = key.secret_sha256
    token.save()
    client.last_used_at = now
    client.save(update_fields=["last_used_at"])
    record_event(
        kind=EventKind.CLIENT_SIGNED_IN, subject=client, by=by, kid=proof.kid, scopes=list(scopes)
    )
    return str(key)


@transaction.atomic
def note_refused_client(*, client: ExtractClient, reason: str, by: Actor) -> None:
    """Keep in the trail why a machine was not let in: the machine itself is not told."""
    record_event(kind=EventKind.CLIENT_REFUSED, subject=client, by=by, reason=reason)


def _spend(client: ExtractClient, proof: Proof) -> None:
    _, is_new = SpentAssertion.objects.get_or_create(
        client=client,
        jti_sha256=hashlib.sha256(proof.jti.encode()).hexdigest(),
        defaults={"expires_at": proof.until},
    )
    if not is_new:
        raise PolicyError("Its jti was used before. Each assertion is good once.")


def _check_name(name: str) -> None:
    is_taken = ExtractClient.objects.filter(name=name).exists()
    policies.check_name_is_free(name=name, is_taken=is_taken)


def _own_tenant() -> Tenant:
    """Return the hospital, locked: nobody makes a key while the switch is turned."""
    return Tenant.objects.select_for_update(no_key=True).get(pk=active_tenant_id())


def _document(keys: Sequence[PublicKey]) -> dict[str, Any]:
    return {"keys": [key.document() for key in keys]}
