"""Taking a hospital system on: an operator's deed, done before anybody is a member."""

import uuid

from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope


def create_tenant(*, slug: str, name: str, time_zone: str) -> Tenant:
    """Create a tenant inside its own, new scope."""
    tenant_id = uuid.uuid4()
    with tenant_scope(tenant_id):
        return Tenant.objects.create(id=tenant_id, slug=slug, name=name, time_zone=time_zone)
