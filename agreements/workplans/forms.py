"""The shapes of a workplan and of its tasks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from agreements.programs.models import AlignmentModel, Program
from agreements.workplans.actions import TaskFacts
from agreements.workplans.models import WorkplanTask
from agreements.workplans.plan_file import LARGEST_BYTES, PlanFileError, read_plan_file
from agreements.workplans.template import StandardTask, standard
from comanage.identity.models import MEMBER_ROLES, Membership
from comanage.identity.roles import Role
from comanage.web.choices import RowChoiceField, offer
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from comanage.web.names import NameField

STANDARD = "standard"


class ModelForm(forms.Form):
    """Which model a program gets, and why."""

    model = forms.ChoiceField(choices=AlignmentModel.choices)
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why this one, for this group. It stays in the audit trail.",
    )


class WorkplanForm(forms.Form):
    """When a plan starts, and what it is copied from."""

    starts_on = DayField(label="Day 1", help_text="The kick-off is on day 90.")
    like = forms.ChoiceField(label="Begin with")
    file = forms.FileField(
        required=False,
        label="Or a file",
        help_text="A workplan that was downloaded here or at another hospital; it goes before the "
        "choice above.",
    )

    def __init__(self, *args: Any, others: Iterable[Program], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["like"] = STANDARD
        super().__init__(*args, **kwargs)
        self._others = {str(each.pk): each for each in others}
        copies = [(key, f"The workplan of {each.name}") for key, each in self._others.items()]
        offer(self, "like", [(STANDARD, f"The standard: {standard().name.lower()}"), *copies])

    def clean_file(self) -> tuple[StandardTask, ...]:
        """Read the tasks of the file; none without one."""
        file = self.cleaned_data["file"]
        if not file:
            return ()
        stages = [stage.key for stage in standard().stages]
        owners = [role for role, _ in MEMBER_ROLES]
        try:
            return read_plan_file(file.read(LARGEST_BYTES + 1), stages=stages, owners=owners)
        except PlanFileError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def copied(self) -> Program | None:
        """Return the program whose plan is copied; None for the standard."""
        return self._others.get(self.cleaned_data["like"])


def _members() -> QuerySet[Membership]:
    return Membership.objects.select_related("user").filter(revoked_at=None)


class TaskForm(forms.Form):
    """A task of a plan."""

    title = NameField(max_length=120, label="What is to be done")
    deliverable = forms.CharField(
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What is there once it is done.",
    )
    stage = forms.ChoiceField(label="Step")
    owner_role = forms.ChoiceField(label="Who answers for it", choices=MEMBER_ROLES)
    owner = RowChoiceField(
        _members,
        required=False,
        label="By name",
        help_text="Then it is theirs alone, in their role; without a name it is everybody's "
        "who has the role.",
    )
    starts_on = DayField(label="First day")
    due_on = DayField(label="Last day", help_text="What waits for it moves along.")
    after = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        label="Begins once these are done",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        tasks: Iterable[WorkplanTask],
        task: WorkplanTask | None = None,
        **kwargs: Any,
    ) -> None:
        if task is not None:
            kwargs["initial"] = _initial(task)
        super().__init__(*args, **kwargs)
        offer(self, "stage", [(stage.key, str(stage)) for stage in standard().stages])
        others = [each for each in tasks if task is None or each.pk != task.pk]
        offer(self, "after", [(str(each.number), each.title) for each in others])

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        return (
            group(self, "What is done", ("title", "deliverable", "stage")),
            group(self, "Who does it", ("owner_role", "owner")),
            group(self, "When", ("starts_on", "due_on"), columns=2),
            group(self, "What it waits for", ("after",), is_folded=True),
        )

    def facts(self) -> TaskFacts:
        """Return what was given."""
        given = self.cleaned_data
        return TaskFacts(
            stage=given["stage"],
            title=given["title"],
            deliverable=given["deliverable"],
            owner_role=Role(given["owner_role"]),
            owner=given["owner"],
            starts_on=given["starts_on"],
            due_on=given["due_on"],
            after=tuple(given["after"]),
        )


class DoneForm(forms.Form):
    """When a task was done."""

    done_on = DayField(label="Done on")


def _initial(task: WorkplanTask) -> dict[str, Any]:
    return {
        "title": task.title,
        "deliverable": task.deliverable,
        "stage": task.stage,
        "owner_role": task.owner_role,
        "owner": task.owner_id,
        "starts_on": task.starts_on,
        "due_on": task.due_on,
        "after": [str(number) for number in task.after],
    }
