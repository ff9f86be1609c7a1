"""Reading batches, and what was handed over."""

from django.db.models import QuerySet

from adjudication.handoffs.models import Handoff, HandoffLine
from adjudication.payments.items import Item
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from comanage.identity.actor import Actor


def visible_handoffs(by: Actor) -> QuerySet[Handoff]:
    """List batches, newest first, with their lines, in two queries."""
    handoffs = Handoff.objects.select_related("made_by", "program").prefetch_related("lines")
    return handoffs.filter(program__in=visible_programs(by))


def handed_over(program: Program) -> set[tuple[object, ...]]:
    """Name what went to accounts payable already, as `handover_key` does, in one query."""
    lines = HandoffLine.objects.filter(year__program=program).values_list(
        *("year_id", "starts_on", "ends_on", "component", "payee_id", "physician_id"), "number"
    )
    return set(lines)


def handover_key(item: Item) -> tuple[object, ...]:
    """Name what would go to accounts payable next of an amount."""
    key = item.key
    period = (key.period.start, key.period.end)
    payee = (key.payee_id, key.physician_id)
    return (key.year_id, *period, key.component, *payee, item.next_number)
