"""Handing over to accounts payable what is to be paid."""

from django.db import transaction
from django.utils import timezone

from adjudication.handoffs.handover import csv_of, layout_of, sha256_of_file
from adjudication.handoffs.models import Handoff, HandoffLine
from adjudication.payments.items import Item
from adjudication.payments.queries import payable_items
from agreements.programs.models import Program
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.money import Money
from comanage.web.errors import PolicyError


@transaction.atomic
def make_handoff(*, program: Program, by: Actor) -> Handoff:
    """Gather what is to be paid and was not handed over yet into a batch for accounts payable.

    Raises:
        PolicyError: there is nothing to hand over.
    """
    program = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    items = payable_items(program)
    if not items:
        raise PolicyError("There is nothing to hand over: no approved amount is unpaid and new.")
    last = Handoff.objects.order_by("-number").values_list("number", flat=True).first()
    handoff = Handoff(
        program=program,
        number=(last or 0) + 1,
        total=sum((item.open for item in items), Money(0)),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )
    lines = [_line(handoff, item, program, place) for place, item in enumerate(items, start=1)]
    handoff.csv_sha256 = sha256_of_file(csv_of(handoff, lines))
    handoff.layout_sha256 = sha256_of_file(layout_of(handoff, lines))
    handoff.save(force_insert=True)
    HandoffLine.objects.bulk_create(lines)
    record_event(
        kind=EventKind.HANDOFF_MADE,
        subject=handoff,
        by=by,
        total=handoff.total.dollars_text,
        lines=len(lines),
        csv_sha256=handoff.csv_sha256,
        layout_sha256=handoff.layout_sha256,
    )
    return handoff


@transaction.atomic
def note_handoff_download(*, handoff: Handoff, sha256: str, by: Actor) -> None:
    """Record that somebody took a batch's file away."""
    record_event(kind=EventKind.HANDOFF_DOWNLOADED, subject=handoff, by=by, sha256=sha256)


def _line(handoff: Handoff, item: Item, program: Program, position: int) -> HandoffLine:
    return HandoffLine(
        handoff=handoff,
        year_id=item.key.year_id,
        position=position,
        starts_on=item.key.period.start,
        ends_on=item.key.period.end,
        component=item.key.component,
        payee=item.payee,
        physician_id=item.key.physician_id,
        payee_name=item.payee_name,
        program_name=program.name,
        number=item.next_number,
        amount=item.open,
    )
