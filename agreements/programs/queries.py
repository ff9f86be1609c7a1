"""Which programs a person sees."""

from django.db.models import QuerySet

from agreements.programs.models import Program
from comanage.identity.actor import Actor


def visible_programs(by: Actor) -> QuerySet[Program]:
    """List programs by name; physicians and their managers get those they hold a seat in."""
    programs = Program.objects.select_related("group")
    if not by.sees_only_own_programs:
        return programs
    if by.membership_id is None:
        return programs.none()
    return programs.filter(seats__membership_id=by.membership_id)
