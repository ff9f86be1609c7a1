"""Machines that sign: a key pair each, and assertions as SMART's clients write them."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from django.utils import timezone

from comanage.clients.actions import register_client
from comanage.clients.api import CLIENT_CREDENTIALS, JWT_BEARER
from comanage.clients.doors import token_address
from comanage.clients.keysets import read_keys
from comanage.demo.build import member
from comanage.identity.keys import ClientId
from comanage.identity.models import ExtractClient
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope


@dataclass(frozen=True)
class KeyPair:
    """A private key with its public JWK."""

    private: Any
    kid: str
    algorithm: str
    jwk: dict[str, str] = field(default_factory=dict)

    @property
    def jwks(self) -> str:
        """Its public part, as a person pastes it."""
        return json.dumps({"keys": [self.jwk]})


@cache
def key_pair(kid: str = "first", algorithm: str = "ES384", *, bits: int = 2048) -> KeyPair:
    """Make a pair; the same arguments give the same one, for RSA takes its time."""
    if algorithm == "ES384":
        private = ec.generate_private_key(ec.SECP384R1())
        public = jwt.algorithms.ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    else:
        private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        public = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
        public.pop("key_ops", None)
    return KeyPair(private, kid, algorithm, public | {"kid": kid, "alg": algorithm})


@dataclass(frozen=True)
class Signer:
    """A registered client of a hospital with the pair it signs with."""

    tenant: Tenant
    client: ExtractClient
    pair: KeyPair

    @property
    def client_id(self) -> str:
        """Its public name."""
        return str(ClientId(self.tenant.pk, self.client.pk))

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What a good assertion claims; a change of None leaves a claim out."""
        now = int(timezone.now().timestamp())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": token_address(self.tenant.slug),
            "exp": now + 240,
            "iat": now,
            "jti": uuid4().hex,
        }
        return {name: each for name, each in (claims | changes).items() if each is not None}

    def assertion(self, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Sign an assertion; `header` and `claims` say what is different in it."""
        return jwt.encode(
            self.claims(**claims),
            self.pair.private,
            algorithm=self.pair.algorithm,
            headers={
                name: value
                for name, value in ({"kid": self.pair.kid} | (header or {})).items()
                if value is not None
            },
        )

    def knock(self, assertion: str | None = None, *, slug: str = "", **form: str) -> Any:
        """Ask the token door."""
        sent = {
            "grant_type": CLIENT_CREDENTIALS,
            "client_assertion_type": JWT_BEARER,
            "client_assertion": self.assertion() if assertion is None else assertion,
        }
        return knock(slug or self.tenant.slug, sent | form)

    def token(self, **form: str) -> str:
        """Sign in."""
        answer = self.knock(**form)
        assert answer.status_code == 200, answer.content
        return answer.json()["access_token"]


def knock(slug: str, form: dict[str, str], **headers: str) -> Any:
    """Send a form to a hospital's token door."""
    content = "&".join(f"{name}={value}" for name, value in form.items())
    return Client(headers=headers).post(
        f"/t/{slug}/api/v1/auth/token",
        content.replace("+", "%2B").replace(" ", "+"),
        content_type="application/x-www-form-urlencoded",
    )


def register(
    tenant: Tenant,
    *,
    scopes: list[str],
    name: str = "EHR job",
    pair: KeyPair | None = None,
    addresses: list[str] | None = None,
    jwks_url: str = "",
) -> Signer:
    """Register a machine that signs."""
    pair = pair or key_pair()
    with tenant_scope(tenant.pk):
        client = register_client(
            name=name,
            scopes=scopes,
            addresses=addresses or [],
            keys=() if jwks_url else read_keys(pair.jwks),
            jwks_url=jwks_url,
            by=member(Role.TENANT_ADMINISTRATOR),
        )
    return Signer(tenant, client, pair)


def call(token: str, address: str, method: str = "get", **headers: str) -> Any:
    """Call the API with a token or key."""
    machine = Client(headers={"Authorization": f"Bearer {token}"} | headers)
    return getattr(machine, method)(address)
