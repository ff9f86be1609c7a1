"""Founding a program."""

from django.db import transaction

from agreements.participants.models import PhysicianGroup
from agreements.programs.models import COMMENT_DAYS, AlignmentModel, Program, ServiceLine
from agreements.programs.policies import check_name_is_free
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor


@transaction.atomic
def create_program(
    *,
    name: str,
    service_line: ServiceLine,
    alignment_model: AlignmentModel,
    objective: str,
    group_name: str,
    comment_days: int = COMMENT_DAYS,
    by: Actor,
) -> Program:
    """Create a program with its physician group, which is made when it is new.

    Raises:
        PolicyError: the hospital has a program of that name.
    """
    check_name_is_free(is_taken=Program.objects.filter(name__iexact=name).exists(), name=name)
    group, _ = PhysicianGroup.objects.get_or_create(name=group_name)
    program = Program.objects.create(
        name=name,
        service_line=service_line,
        alignment_model=alignment_model,
        objective=objective,
        group=group,
        comment_days=comment_days,
    )
    record_event(kind=EventKind.PROGRAM_CREATED, subject=program, by=by, group=group.name)
    return program
