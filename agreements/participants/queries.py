"""Reading who takes part in a program."""

from agreements.participants.models import Participant, Physician
from agreements.programs.models import Program


def newest_stints(program: Program) -> list[Participant]:
    """List everybody who takes or took part, each with their newest days, by name; one query."""
    participants = Participant.objects.select_related("physician").filter(program=program)
    newest = {each.physician_id: each for each in participants.order_by("joined_on")}
    return sorted(newest.values(), key=lambda each: each.physician.name)


def physicians_of(program: Program) -> list[Physician]:
    """List everybody who takes or took part in a program, by name; one query."""
    return [each.physician for each in newest_stints(program)]
