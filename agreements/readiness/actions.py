"""Answering the questions, and putting gaps into the workplan."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.programs.models import Program
from agreements.readiness import policies
from agreements.readiness.models import ReadinessSheet
from agreements.readiness.queries import as_answered, counting_sheets, planned_sources
from agreements.readiness.questions import questions_sha256, source_of
from agreements.readiness.scores import gaps_of, score_all
from agreements.workplans.actions import add_task
from agreements.workplans.models import WorkplanTask
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id

DAYS = timedelta(days=30)


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


@transaction.atomic
def take_gap(*, program: Program, key: str, by: Actor) -> WorkplanTask:
    """Put what closes a gap into the workplan, due in thirty days.

    Args:
        program: whose gap it is.
        key: of the question.
        by: who runs the workplan.

    Raises:
        PolicyError: the question is no gap, its task is in the plan, or there is no plan.
    """
    program = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    gaps = gaps_of(score_all(as_answered(counting_sheets(program))))
    question = policies.check_is_gap(key, [gap.question for gap in gaps])
    policies.check_is_not_planned(question, planned_sources(program))
    today = Tenant.objects.get(pk=active_tenant_id()).today()
    return add_task(
        program=program,
        title=question.task,
        owner_role=question.owner,
        due_on=today + DAYS,
        source=source_of(question),
        by=by,
    )
