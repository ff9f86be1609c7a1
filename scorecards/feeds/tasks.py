"""The job of a hospital's morning: tell whom a late file, a date or an ending key concerns."""

from agreements.dates.actions import remind_of_critical_dates
from comanage.clients.actions import remind_of_ending_keys
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.tenancy.models import Tenant
from scorecards.feeds.actions import remind_of_late_files


@handles(JobKind.REMIND)
def remind(run: Run) -> None:
    """Remind people. Twice on one morning tells nobody twice."""
    by = Actor.system("Morning reminders")
    with run.committing():
        tenant = Tenant.objects.get(pk=run.tenant_id)
        remind_of_late_files(tenant=tenant, by=by)
        remind_of_critical_dates(tenant=tenant, by=by)
        remind_of_ending_keys(tenant=tenant, by=by)
