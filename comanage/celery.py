"""The Celery application. Workers and beat start with `-A comanage.celery`."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comanage.settings.dev")

app = Celery("comanage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "comanage.jobs",
        "comanage.api",
        "comanage.notices",
        "comanage.exports",
        "scorecards.feeds",
        "scorecards.intake",
        "scorecards.parts",
        "scorecards.restatements",
        "scorecards.cards",
        "scorecards.opportunities",
        "scorecards.retention",
        "adjudication.package",
    ]
)


@worker_init.connect
@beat_init.connect
def refuse_to_start_with_an_unsafe_role(**_signal: object) -> None:
    """Stop before the first task when the database role could see every tenant."""
    from comanage.tenancy.startup import refuse_unsafe_role  # models need a loaded Django

    refuse_unsafe_role()
