"""All models of the ground, gathered for Django."""

from comanage.api.models import IdempotentRequest, Webhook, WebhookDelivery
from comanage.audit.models import Event
from comanage.exports.models import TenantExport
from comanage.identity.models import (
    AccessToken,
    ExtractClient,
    Membership,
    SpentAssertion,
    User,
)
from comanage.jobs.models import Bell, Job, Schedule
from comanage.notices.models import Notice
from comanage.signing.models import InstallationCertificate
from comanage.tenancy.models import Tenant
from comanage.vault.models import SealedFile, TenantKey

__all__ = [
    "AccessToken",
    "Bell",
    "Event",
    "ExtractClient",
    "IdempotentRequest",
    "InstallationCertificate",
    "Job",
    "Membership",
    "Notice",
    "Schedule",
    "SealedFile",
    "SpentAssertion",
    "Tenant",
    "TenantExport",
    "TenantKey",
    "User",
    "Webhook",
    "WebhookDelivery",
]
