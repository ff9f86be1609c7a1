"""Answering the questions."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.programs.models import Program
from agreements.readiness import policies
from agreements.readiness.models import ReadinessSheet
from agreements.readiness.questions import questions_sha256
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.roles import Role


@transaction.atomic
def submit_sheet(*, program: Program, answers: Mapping[str, str], by: Actor) -> ReadinessSheet:
    """Keep a member's answers; they take the place of the same member's earlier ones.

    Args:
        program: which the answers are about.
        answers: by question; open ones are left out.
        by: who answers, in their role.

    Raises:
        PolicyError: the role is asked nothing, nothing is answered, or an answer does not fit.
    """
    policies.check_can_answer(by)
    role = Role(by.role or "")
    policies.check_is_sheet(answers, role)
    program = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    last = program.readiness_sheets.aggregate(last=Max("number"))["last"] or 0
    sheet = ReadinessSheet.objects.create(
        program=program,
        number=last + 1,
        member_id=by.user_id,
        role=role,
        answers=dict(answers),
        questions_sha256=questions_sha256(),
        submitted_at=timezone.now(),
    )
    record_event(
        kind=EventKind.READINESS_ANSWERED,
        subject=sheet,
        by=by,
        program=program.name,
        answers=len(answers),
    )
    return sheet
