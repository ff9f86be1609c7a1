"""System checks: a tenant's model goes through the tenant's manager everywhere."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from comanage.tenancy.models import TenantModel


@register()
def tenant_models_use_the_tenant_manager(**_options: Any) -> list[CheckMessage]:
    """Find tenant models whose related rows would be fetched around the first wall."""
    return [
        Error(
            f"{model.__name__} does not inherit TenantModel.Meta.",
            hint="Write `class Meta(TenantModel.Meta):` so that base_manager_name is kept.",
            obj=model,
            id="comanage.E001",
        )
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model._meta.base_manager_name != "objects"
    ]
