"""Founding a program, and choosing its model."""

from django.db import transaction

from agreements.components.completeness import FITS, NAMES
from agreements.participants.models import PhysicianGroup
from agreements.programs.models import COMMENT_DAYS, AlignmentModel, Program, ServiceLine
from agreements.programs.policies import check_can_choose, check_name_is_free
from agreements.terms.models import YearStatus
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


@transaction.atomic
def choose_model(*, program: Program, model: AlignmentModel, reason: str, by: Actor) -> Program:
    """Give a program another model, with the reason; what its years may pay by follows.

    Raises:
        PolicyError: it has the model, its terms are signed, or a draft pays by what does not fit.
    """
    programs = Program.objects.select_for_update(of=("self",), no_key=True)
    program = programs.get(pk=program.pk)
    drafts = program.years.filter(status=YearStatus.DRAFT)
    kinds = set(drafts.filter(components__isnull=False).values_list("components__kind", flat=True))
    misfits = {NAMES[kind] for kind in kinds - FITS[model]}
    check_can_choose(program, model, program.years.all(), misfits)
    before = program.alignment_model
    program.alignment_model = model
    program.save(update_fields=["alignment_model"])
    record_event(
        kind=EventKind.MODEL_CHOSEN,
        subject=program,
        by=by,
        before=before,
        after=model.value,
        reason=reason,
    )
    return program
