"""A program's workplan and its tasks.

A plan is worked with, so its rows change; the trail keeps who changed what.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agreements.programs.models import Program
from agreements.workplans.schedule import Step
from comanage.identity.models import MEMBER_ROLES, Membership, User
from comanage.tenancy.models import TenantModel


class Workplan(TenantModel):
    """The way of one program from the first look at the data to a settled year."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="workplans")
    starts_on = models.DateField(help_text="Day 1 of the plan.")
    made_from = models.CharField(max_length=160, help_text="What its tasks were copied from.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "program"], name="one_workplan_per_program"),
        ]

    def __str__(self) -> str:
        return f"Workplan of {self.program}"


class WorkplanTask(TenantModel):
    """One thing to do, by somebody, from a day to a day.

    Attributes:
        number: counts the tasks of a plan; others name it by this when they wait for it.
        stage: key of one of the ten steps.
        owner: who does it; None for whoever has the role.
        source: what it was made for, such as a gap in the readiness of the partners.
        after: numbers of the tasks that end before it begins.
        done_by: who said that it is done; None for what ended as the agreement was executed.
    """

    workplan = models.ForeignKey(Workplan, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20, help_text="Which of the ten steps it belongs to.")
    title = models.CharField(max_length=120)
    deliverable = models.CharField(max_length=300, blank=True)
    owner_role = models.CharField(max_length=30, choices=MEMBER_ROLES)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    due_on = models.DateField(help_text="The last day as planned.")
    done_on = models.DateField(null=True, help_text="Empty while it is open.")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=200, blank=True, help_text="What it was made for.")
    after = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        help_text="Numbers of the tasks that end before it begins.",
    )

    class Meta(TenantModel.Meta):
        ordering = ["starts_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "workplan", "number"], name="workplan_task_number_once"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="workplan_task_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(done_by=None) | Q(done_on__isnull=False),
                name="workplan_task_open_is_done_by_nobody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_on"], condition=Q(done_on=None), name="workplan_task_open"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def step(self) -> Step:
        """The task as its days alone."""
        return Step(self.number, self.starts_on, self.due_on, self.done_on, frozenset(self.after))
