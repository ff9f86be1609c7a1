"""Reading answers."""

from agreements.programs.models import Program
from agreements.readiness.models import ReadinessSheet
from agreements.readiness.scores import Sheet
from agreements.workplans.models import WorkplanTask
from comanage.identity.actor import Actor
from comanage.identity.roles import Role


def counting_sheets(program: Program) -> list[ReadinessSheet]:
    """List the newest sheet of each member, in one query."""
    sheets = ReadinessSheet.objects.select_related("member").filter(program=program)
    newest = {sheet.member_id: sheet for sheet in sheets.order_by("number")}
    return list(newest.values())


def as_answered(sheets: list[ReadinessSheet]) -> list[Sheet]:
    """Take rows as plain values for scoring."""
    return [Sheet(Role(sheet.role), sheet.answers) for sheet in sheets]


def sheet_of(sheets: list[ReadinessSheet], by: Actor) -> ReadinessSheet | None:
    """Return a person's own sheet, or None."""
    return next((sheet for sheet in sheets if sheet.member_id == by.id), None)


def planned_sources(program: Program) -> set[str]:
    """Return what the tasks of the program's workplan were made for, in one query."""
    tasks = WorkplanTask.objects.filter(workplan__program=program).exclude(source="")
    return set(tasks.values_list("source", flat=True))
