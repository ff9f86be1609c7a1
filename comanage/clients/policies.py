"""When a machine may be registered, changed, or let in."""

from collections.abc import Collection, Sequence
from datetime import datetime

from comanage.clients.keysets import MOST_KEYS, KeySetError, PublicKey, check_names_differ
from comanage.identity.models import ExtractClient, SignsInBy
from comanage.tenancy.models import Tenant
from comanage.web.addresses import is_inside
from comanage.web.errors import PolicyError


def check_name_is_free(*, name: str, is_taken: bool) -> None:
    """Raise PolicyError when another machine has the name."""
    if is_taken:
        raise PolicyError(f"There is an extract client named “{name}” already. Choose a name.")


def check_api_keys_are_allowed(tenant: Tenant) -> None:
    """Raise PolicyError while the hospital's machines have to sign."""
    if not tenant.allows_api_keys:
        raise PolicyError(
            f"API keys are switched off at {tenant.name}. A tenant administrator switches them "
            f"on under Extract clients, or the machine signs instead."
        )


def check_can_renew(client: ExtractClient) -> None:
    """Raise PolicyError unless the machine has a key to renew."""
    _check_is_live(client)
    if client.signs_in_by != SignsInBy.KEY:
        raise PolicyError(f"{client.name} signs; it has no API key to renew.")


def check_can_add_keys(
    client: ExtractClient, *, standing: Sequence[PublicKey], added: Sequence[PublicKey]
) -> None:
    """Raise PolicyError unless these keys can stand beside those that the machine has."""
    _check_is_live(client)
    if client.signs_in_by != SignsInBy.SIGNATURE or client.jwks_url:
        raise PolicyError(f"The keys of {client.name} are not uploaded here.")
    known = {key.thumbprint for key in standing}
    if any(key.thumbprint in known for key in added):
        raise PolicyError("The machine has this key already. Make a new pair for a new key.")
    if len(standing) + len(added) > MOST_KEYS:
        raise PolicyError(f"A machine has at most {MOST_KEYS} keys. Register a new client.")
    try:
        check_names_differ([*standing, *added])
    except KeySetError as wrong:
        raise PolicyError(str(wrong)) from wrong


def check_can_retire(
    client: ExtractClient, *, kid: str, standing: Sequence[PublicKey], now: datetime
) -> None:
    """Raise PolicyError unless the key is in force and another one is too."""
    _check_is_live(client)
    live = {key.kid for key in standing if key.is_live_at(now)}
    if client.jwks_url or kid not in live:
        raise PolicyError("There is no such key in force. It may have been retired already.")
    if live == {kid}:
        raise PolicyError(
            f"“{kid}” is the last key of {client.name}. Add the new key first, or revoke the "
            f"client to shut it out."
        )


def check_can_sign_in(client: ExtractClient, *, address: str) -> None:
    """Raise PolicyError unless the machine is let in from this address."""
    _check_is_live(client)
    if client.addresses and not is_inside(address, client.addresses):
        raise PolicyError("It called from an address that is not on its list.")


def check_scopes_are_held(asked: Collection[str], *, held: Collection[str]) -> None:
    """Raise PolicyError when a machine asks for more than it was given."""
    if set(asked) - set(held):
        raise PolicyError("A scope that is asked for is not one of this client's.")


def _check_is_live(client: ExtractClient) -> None:
    if client.revoked_at is not None:
        raise PolicyError(f"{client.name} was revoked. Register a new extract client.")
