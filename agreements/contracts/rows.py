"""The rows that a deed of the register holds until it is done."""

from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id


def hold_register() -> None:
    """Let one person at a time write in the register: its own rows only grow, and lock nothing.

    Whoever holds an agreement or a year besides takes the register first; another who has it, and
    ends the years of a contract, would otherwise wait for them, and they for it.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=active_tenant_id())
