"""Which programs a person sees."""

from django.db.models import QuerySet

from agreements.programs.models import Program
from comanage.identity.actor import Actor


def visible_programs(by: Actor) -> QuerySet[Program]:
    """List programs by name; physicians and their managers get those they hold a seat in."""
    programs = Program.objects.select_related("group")
    if by.sees_only_own_programs and by.membership_id is not None:
        programs = programs.filter(seats__membership_id=by.membership_id)
    return programs
