"""The job that mails a notice."""

from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.notices.actions import mark_mailed
from comanage.notices.mail import mail_of
from comanage.notices.models import Notice
from comanage.notices.policies import may_be_mailed
from comanage.notices.queries import membership_of


@handles(JobKind.MAIL_NOTICE)
def mail_notice(run: Run) -> None:
    """Mail one notice, unless the person has left; it stays in the application either way."""
    with run.reading():
        notice = Notice.objects.select_related("user", "tenant").get(pk=run.subject_id)
        may_go = may_be_mailed(membership_of(notice.user), today=notice.tenant.today())
    if may_go:
        mail_of(notice).send()
    with run.committing():
        if may_go:
            mark_mailed(notice=notice)
