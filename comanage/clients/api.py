"""The two open doors: where machines learn how to sign in, and where they do.

The shapes are SMART's and OAuth's (RFC 6749, section 5), not those of the rest of the API: a
client library of another house reads them.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comanage.clients.assertions import ALGORITHMS
from comanage.clients.doors import token_address
from comanage.clients.signing_in import InvalidClientError, InvalidScopeError, Knock, sign_in
from comanage.web.addresses import address_of

CLIENT_CREDENTIALS = "client_credentials"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MOST_BYTES = 16 * 1024
_KNOWN = ("grant_type", "client_assertion_type", "client_assertion", "client_id", "scope")


@dataclass(frozen=True, slots=True)
class OAuthError(Exception):
    """An error in OAuth's own words."""

    status: int
    error: str
    error_description: str

    def answer(self) -> Response:
        """Write it as RFC 6749, section 5.2, has it."""
        body = {"error": self.error, "error_description": self.error_description}
        return Response(body, status=self.status)


class Configuration(serializers.Serializer[Any]):
    """How a machine signs in here."""

    token_endpoint = serializers.URLField()
    grant_types_supported = serializers.ListField(child=serializers.CharField())
    token_endpoint_auth_methods_supported = serializers.ListField(child=serializers.CharField())
    token_endpoint_auth_signing_alg_values_supported = serializers.ListField(
        child=serializers.CharField()
    )
    scopes_supported = serializers.ListField(child=serializers.CharField())
    capabilities = serializers.ListField(child=serializers.CharField())


class TokenInput(serializers.Serializer[Any]):
    """A signed assertion, as a form."""

    grant_type = serializers.ChoiceField(choices=[CLIENT_CREDENTIALS])
    client_assertion_type = serializers.ChoiceField(choices=[JWT_BEARER])
    client_assertion = serializers.CharField()
    scope = serializers.CharField(required=False)


class TokenOutput(serializers.Serializer[Any]):
    """Five minutes of access."""

    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField()
    scope = serializers.CharField()


class OAuthErrorOutput(serializers.Serializer[Any]):
    """An error in OAuth's own words."""

    error = serializers.CharField()
    error_description = serializers.CharField()


class OpenDoor(APIView):
    """A door without a principal; it stands on the list in `clients.doors`."""

    authentication_classes = ()
    permission_classes = ()


class SmartConfiguration(OpenDoor):
    """Where a hospital's machines sign in, and how."""

    @extend_schema(operation_id="smart_configuration", responses=Configuration, auth=[])
    def get(self, request: Request, tenant: str) -> Response:
        """Answer alike for every name, so that it tells nobody which hospitals are here."""
        return Response(
            {
                "token_endpoint": token_address(tenant),
                "grant_types_supported": [CLIENT_CREDENTIALS],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
                "scopes_supported": ["feed:<id>:write", "feed:<id>:read", "scorecards:read"],
                "capabilities": ["client-confidential-asymmetric"],
            }
        )


class Token(OpenDoor):
    """Sign in by a signed assertion (`private_key_jwt`), and get a token of 300 seconds."""

    parser_classes = (FormParser,)

    @extend_schema(
        operation_id="token",
        request={"application/x-www-form-urlencoded": TokenInput},
        responses={200: TokenOutput, 400: OAuthErrorOutput, 401: OAuthErrorOutput},
        auth=[],
    )
    def post(self, request: Request, tenant: str) -> Response:
        """Answer with a token, or with one of OAuth's errors."""
        began = time.monotonic()
        try:
            granted = sign_in(_knock(request, tenant))
        except OAuthError as wrong:
            return wrong.answer()
        except InvalidScopeError as wrong:
            return OAuthError(400, "invalid_scope", str(wrong)).answer()
        except InvalidClientError:
            _answer_no_sooner_than(began + settings.TOKEN_REFUSAL_SECONDS)
            return _refusal().answer()
        return Response(
            {
                "access_token": granted.token,
                "token_type": "Bearer",
                "expires_in": granted.seconds,
                "scope": " ".join(granted.scopes),
            }
        )


def _knock(request: Request, tenant: str) -> Knock:
    form = _form(request)
    if form["grant_type"] != CLIENT_CREDENTIALS:
        raise OAuthError(400, "unsupported_grant_type", f"The grant_type is {CLIENT_CREDENTIALS}.")
    if form["client_assertion_type"] != JWT_BEARER:
        raise OAuthError(400, "invalid_request", f"The client_assertion_type is {JWT_BEARER}.")
    return Knock(
        slug=tenant,
        assertion=form["client_assertion"],
        client_id=form["client_id"],
        scope=form["scope"],
        address=address_of(request),
    )


def _form(request: Request) -> dict[str, str]:
    """Read the form: small, and nothing in it twice (RFC 6749, section 3.2)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        raise _invalid(f"The form is longer than {_MOST_BYTES:,} bytes.")
    try:
        data = request.data
    except (ParseError, UnsupportedMediaType, SuspiciousOperation) as wrong:
        raise _invalid("The body is not a form.") from wrong
    sent = data if isinstance(data, QueryDict) else QueryDict()
    if any(len(sent.getlist(name)) > 1 for name in _KNOWN):
        raise _invalid("A parameter is sent twice.")
    return {name: str(sent.get(name, "")) for name in _KNOWN}


def _invalid(description: str) -> OAuthError:
    return OAuthError(400, "invalid_request", description)


def _refusal() -> OAuthError:
    return OAuthError(
        401,
        "invalid_client",
        "No client signs in by this assertion here. The hospital's administrator finds the "
        "reason in the audit trail.",
    )


def _answer_no_sooner_than(moment: float) -> None:
    """Take as long over a client that is not here as over one that is."""
    time.sleep(max(0.0, moment - time.monotonic()))
