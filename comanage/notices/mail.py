"""A notice as a mail: plain text, with the page where the reader can act."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from comanage.notices.models import Notice


def mail_of(notice: Notice) -> EmailMessage:
    """Write the mail of a notice; the same notice gives the same Message-ID.

    A job may run twice, and a mailbox shows a message of the same id once.
    """
    domain = urlsplit(settings.BASE_URL).hostname or "localhost"
    return EmailMessage(
        subject=" ".join(f"{notice.tenant.name}: {notice.subject}".split()),
        body=(
            f"{notice.body}\n\n{settings.BASE_URL}{notice.path}\n\n"
            f"You get this mail as a member of {notice.tenant.name} in CoManage. The same is "
            f"under “Notices” there, once you have signed in.\n"
        ),
        to=[notice.user.email],
        headers={
            "Message-ID": f"<notice-{notice.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
