"""Pages of workplans."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify

from agreements.programs.actions import choose_model
from agreements.programs.models import AlignmentModel, Program
from agreements.programs.queries import visible_programs
from agreements.workplans.actions import (
    add_task,
    edit_task,
    finish_task,
    make_workplan,
    note_plan_copy,
    remove_task,
    reopen_task,
)
from agreements.workplans.alignment import MODELS, PARTS, model_of
from agreements.workplans.forms import DoneForm, ModelForm, TaskForm, WorkplanForm
from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.places import places_of
from agreements.workplans.plan_file import write_plan
from agreements.workplans.presenters import moved_words, read_plan
from agreements.workplans.queries import (
    plan_of,
    plans_to_copy,
    tasks_of,
    tasks_to_copy,
    visible_tasks,
)
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download
from comanage.web.errors import PolicyError, errors_in_words
from comanage.web.posting import is_done, posted_only


def _program(request: MemberRequest, pk: UUID) -> Program:
    return get_object_or_404(visible_programs(request.actor), pk=pk)


def _task(request: MemberRequest, pk: UUID) -> WorkplanTask:
    return get_object_or_404(visible_tasks(request.actor), pk=pk)


def _to_plan(request: MemberRequest, program_pk: UUID, place: str = "") -> HttpResponseRedirect:
    address = reverse("agreements:workplan-detail", args=[request.tenant.slug, program_pk])
    return redirect(f"{address}#{place}" if place else address)


@requires(Permission.PROGRAM_VIEW)
def model_compare(request: MemberRequest, tenant: str) -> HttpResponse:
    """Show the three models side by side."""
    return render(request, "agreements/workplans/compare.html", {"models": MODELS, "parts": PARTS})


@requires(Permission.PROGRAM_EDIT)
def model_choose(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Give a program another model, beside the comparison."""
    program = _program(request, pk)
    form = ModelForm(request.POST or None, initial={"model": program.alignment_model})

    def deed() -> object:
        model = AlignmentModel(form.cleaned_data["model"])
        reason = form.cleaned_data["reason"]
        return choose_model(program=program, model=model, reason=reason, by=request.actor)

    if is_done(request, form, deed, "The model is chosen. Its years pay by what fits it."):
        return redirect("agreements:program-detail", tenant, program.pk)
    context = {
        "form": form,
        "program": program,
        "chosen": model_of(program.alignment_model),
        "models": MODELS,
        "parts": PARTS,
    }
    return render(request, "agreements/workplans/compare.html", context)


@requires(Permission.PROGRAM_VIEW)
def workplan_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a program's workplan: where it is, what is late, and every task on its days."""
    program = _program(request, pk)
    plan, today = plan_of(program), request.tenant.today()
    reading = None
    if plan is not None:
        place_of = places_of(program, tenant=tenant, by=request.actor)
        reading = read_plan(plan, tasks_of(plan), place_of, today=today, by=request.actor)
    return render(
        request,
        "agreements/workplans/detail.html",
        {
            "program": program,
            "plan": plan,
            "reading": reading,
            "today": today,
            "can_edit": request.actor.holds(Permission.PROGRAM_EDIT),
        },
    )


@requires(Permission.PROGRAM_EDIT)
def workplan_make(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Make a program's workplan."""
    program = _program(request, pk)
    form = WorkplanForm(
        request.POST or None,
        request.FILES or None,
        others=plans_to_copy(request.actor, but=program),
        initial={"starts_on": request.tenant.today()},
    )

    def deed() -> object:
        return make_workplan(
            program=program,
            starts_on=form.cleaned_data["starts_on"],
            like=form.copied(),
            file=form.cleaned_data["file"],
            by=request.actor,
        )

    if is_done(request, form, deed, "The workplan is made. Adjust its owners and days."):
        return _to_plan(request, program.pk)
    return render(request, "agreements/workplans/make.html", {"form": form, "program": program})


@requires(Permission.PROGRAM_EDIT)
@posted_only
def workplan_file(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out a program's workplan as a file that another program's can begin with."""
    plan = get_object_or_404(Workplan, program=_program(request, pk))
    content = write_plan(tasks_to_copy(plan)).encode()
    note_plan_copy(plan=plan, by=request.actor)
    name = f"{slugify(plan.program.name)}-workplan.toml"
    return download(content, filename=name, content_type="application/toml")


@requires(Permission.PROGRAM_EDIT)
def task_add(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Add a task to a program's workplan."""
    program = _program(request, pk)
    plan = plan_of(program)
    form = TaskForm(request.POST or None, tasks=tasks_of(plan) if plan else [])

    def deed() -> object:
        facts = form.facts()
        return add_task(
            program=program,
            title=facts.title,
            owner_role=facts.owner_role,
            due_on=facts.due_on,
            facts=facts,
            by=request.actor,
        )

    if is_done(request, form, deed, "The task is in the workplan."):
        return _to_plan(request, program.pk)
    return render(request, "agreements/workplans/task.html", {"form": form, "program": program})


@requires(Permission.PROGRAM_EDIT)
def task_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change a task; what waits for it moves along."""
    task = _task(request, pk)
    program = task.workplan.program
    form = TaskForm(request.POST or None, tasks=tasks_of(task.workplan), task=task)
    moved: list[WorkplanTask] = []

    def deed() -> None:
        moved.extend(edit_task(task=task, facts=form.facts(), by=request.actor))

    if is_done(request, form, deed, "The task is saved."):
        _say_what_moved(request, moved)
        return _to_plan(request, program.pk, f"task-{task.number}")
    context = {"form": form, "program": program, "task": task}
    return render(request, "agreements/workplans/task.html", context)


@requires(Permission.TASK_FINISH)
@posted_only
def task_finish(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Call a task done."""
    task = _task(request, pk)
    form = DoneForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return _to_plan(request, task.workplan.program_id, f"task-{task.number}")

    def deed() -> None:
        done_on = form.cleaned_data["done_on"]
        _say_what_moved(request, finish_task(task=task, done_on=done_on, by=request.actor))

    return _done(request, task, deed, f"“{task.title}” is done.")


@requires(Permission.TASK_FINISH)
@posted_only
def task_reopen(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Open a task again."""
    task = _task(request, pk)

    def deed() -> None:
        reopen_task(task=task, by=request.actor)

    return _done(request, task, deed, f"“{task.title}” is open again.")


@requires(Permission.PROGRAM_EDIT)
@posted_only
def task_remove(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a task out of its plan."""
    task = _task(request, pk)
    remove_task(task=task, by=request.actor)
    messages.success(request, f"“{task.title}” is out of the workplan.")
    return _to_plan(request, task.workplan.program_id)


def _done(
    request: MemberRequest, task: WorkplanTask, deed: Callable[[], None], said: str
) -> HttpResponse:
    """Do a deed of one button, and go back to the task."""
    try:
        deed()
    except PolicyError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, said)
    return _to_plan(request, task.workplan.program_id, f"task-{task.number}")


def _say_what_moved(request: MemberRequest, moved: list[WorkplanTask]) -> None:
    if words := moved_words(moved):
        messages.info(request, words)
