"""All models of the ground, gathered for Django."""

from comanage.audit.models import Event
from comanage.identity.models import ExtractClient, Membership, User
from comanage.jobs.models import Bell, Job, Schedule
from comanage.tenancy.models import Tenant

__all__ = ["Bell", "Event", "ExtractClient", "Job", "Membership", "Schedule", "Tenant", "User"]
