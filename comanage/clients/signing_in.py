"""From a signed assertion to a token: what the token door does, behind one hospital's wall."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from comanage.clients.actions import TOKEN_LIFE, Proof, issue_access_token, note_refused_client
from comanage.clients.assertions import (
    Assertion,
    AssertionRefusedError,
    Expected,
    read_assertion,
    verify,
)
from comanage.clients.doors import token_address
from comanage.clients.fetching import keys_in_force
from comanage.clients.keysets import PublicKey
from comanage.clients.policies import check_scopes_are_held
from comanage.identity.actor import Actor
from comanage.identity.keys import ClientId, read_client_id
from comanage.identity.models import AccessToken, ExtractClient, SignsInBy, SpentAssertion
from comanage.tenancy.scope import tenant_scope
from comanage.web.errors import PolicyError

TOKEN_DOOR = Actor.system("Token door")


class InvalidClientError(Exception):
    """Nobody signs in by this; absent, foreign and wrong are one answer."""


class InvalidScopeError(Exception):
    """The machine is known, and asks for more than it was given."""


@dataclass(frozen=True, slots=True)
class Knock:
    """One call at a hospital's token door.

    Attributes:
        slug: the hospital in the address.
        assertion: as it was sent.
        client_id: as it was sent beside the assertion; empty when it was not.
        scope: the scopes asked for, with spaces between; empty for all that the client has.
        address: where the call comes from.
    """

    slug: str
    assertion: str
    client_id: str
    scope: str
    address: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A token and what it is good for."""

    token: str
    scopes: tuple[str, ...]
    seconds: int = int(TOKEN_LIFE.total_seconds())


def sign_in(knock: Knock) -> Granted:
    """Let a machine in by its assertion.

    Raises:
        InvalidClientError: no such machine here, or its assertion proves nothing. Of a machine
            that is here the reason is in the hospital's trail.
        InvalidScopeError: the scopes asked for are not all the client's.
    """
    try:
        assertion = read_assertion(knock.assertion)
    except AssertionRefusedError as refused:
        raise InvalidClientError from refused
    client_id = read_client_id(assertion.issuer)
    if client_id is None or knock.client_id not in {"", assertion.issuer}:
        raise InvalidClientError
    client = _find(client_id, knock.slug)
    try:
        proof = _prove(assertion, client, client_id, knock.slug)
        return _issue(client, client_id, proof, knock)
    except (AssertionRefusedError, PolicyError) as refused:
        with tenant_scope(client_id.tenant_id):
            note_refused_client(client=client, reason=str(refused), by=TOKEN_DOOR)
        raise InvalidClientError from refused


def _find(client_id: ClientId, slug: str) -> ExtractClient:
    """Look the machine up behind the wall that its id names, and behind no other."""
    with tenant_scope(client_id.tenant_id):
        found: QuerySet[ExtractClient] = ExtractClient.objects.filter(
            pk=client_id.client_id, tenant__slug=slug, signs_in_by=SignsInBy.SIGNATURE
        )
        client = found.first()
    if client is None:
        raise InvalidClientError
    return client


def _prove(assertion: Assertion, client: ExtractClient, client_id: ClientId, slug: str) -> Proof:
    expected = Expected(str(client_id), token_address(slug), client.jwks_url)
    key = _key(assertion, client, client_id.tenant_id)
    until = verify(assertion, key, expected, now=timezone.now())
    return Proof(kid=key.kid, jti=assertion.claims["jti"], until=until)


def _key(assertion: Assertion, client: ExtractClient, tenant_id: UUID) -> PublicKey:
    now = timezone.now()
    for key in keys_in_force(client, tenant_id=tenant_id, kid=assertion.kid):
        if key.kid == assertion.kid and key.is_live_at(now):
            return key
    raise AssertionRefusedError("Its kid is not the name of a key in force.")


def _issue(client: ExtractClient, client_id: ClientId, proof: Proof, knock: Knock) -> Granted:
    with tenant_scope(client_id.tenant_id):
        scopes = tuple(dict.fromkeys(knock.scope.split())) or tuple(client.scopes)
        _check_scopes(scopes, client)
        token = issue_access_token(
            client=client,
            proof=proof,
            scopes=scopes,
            address=knock.address,
            by=Actor.client(client),
        )
    return Granted(token, scopes)


def _check_scopes(scopes: tuple[str, ...], client: ExtractClient) -> None:
    try:
        check_scopes_are_held(scopes, held=client.scopes)
    except PolicyError as broken:
        raise InvalidScopeError(str(broken)) from broken


def forget_ended_sign_ins(*, now: datetime) -> int:
    """Forget the tokens and spent assertions of the tenant in scope that have ended; count them.

    Signing in does so for the machine that signs in; this is for those that no longer do.
    """
    ended = (
        AccessToken.objects.filter(expires_at__lte=now),
        SpentAssertion.objects.filter(expires_at__lte=now),
    )
    return sum(rows.delete()[0] for rows in ended)
