"""A program's workplan: made, worked with, and seen by those who see the program."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from agreements.workplans.actions import (
    TaskFacts,
    add_task,
    edit_task,
    finish_task,
    make_workplan,
    remove_task,
    reopen_task,
)
from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.policies import MOST_TASKS
from agreements.workplans.queries import overdue_of, positions_of, read_overdue
from agreements.workplans.template import standard
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError
from tests.clock import stand_at
from tests.ground import small_program

FIRST = date(2026, 1, 1)
KICK_OFF = FIRST + timedelta(days=89)


def by(role=Role.CONSULTANT):
    return member(role)


def program():
    return Program.objects.get(name="Heart")


@pytest.fixture
def on(monkeypatch):
    """Make it noon of a day of January."""
    return lambda number: stand_at(monkeypatch, datetime(2026, 1, number, 18, tzinfo=UTC))


@pytest.fixture
def plan(inside, on):
    """The standard plan of the small hospital's program, on its fifth day."""
    on(5)
    return make_workplan(program=program(), starts_on=FIRST, by=by())


def task(title):
    return WorkplanTask.objects.select_related("workplan__program").get(title=title)


def facts(of, **changes):
    given = {
        "stage": of.stage,
        "title": of.title,
        "deliverable": of.deliverable,
        "owner_role": Role(of.owner_role),
        "owner": of.owner,
        "starts_on": of.starts_on,
        "due_on": of.due_on,
        "after": tuple(of.after),
    }
    return TaskFacts(**(given | changes))


def browser(role=Role.CONSULTANT):
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=role).user)
    return browser


def address(hospital, name, record):
    return reverse(f"agreements:{name}", args=[hospital.slug, record.pk])


def newest_event():
    event = Event.objects.order_by("-sequence").first()
    return event.kind, event.details


def test_the_standard_plan_kicks_off_on_its_ninetieth_day(plan):
    assert task("Kick off").due_on == KICK_OFF
    assert plan.tasks.count() == len(standard().tasks)
    assert newest_event() == (
        EventKind.WORKPLAN_MADE,
        {"starts_on": "2026-01-01", "tasks": len(standard().tasks)},
    )
    with pytest.raises(PolicyError, match="has its workplan already"):
        make_workplan(program=program(), starts_on=FIRST, by=by())
    with pytest.raises(IntegrityError, match="one_workplan_per_program"), transaction.atomic():
        Workplan.objects.create(program=program(), starts_on=FIRST, made_from="Twice")


def test_a_plan_is_copied_without_what_was_its_own_programs(plan, inside):
    finish_task(task=task("Hand over two years of history"), done_on=FIRST, by=by())
    add_task(
        program=program(),
        title="Hire a scheduler",
        owner_role=Role.EXECUTIVE,
        due_on=FIRST,
        source="Readiness: staffing",
        by=by(),
    )
    own = add_task(
        program=program(), title="Tour the lab", owner_role=Role.EXECUTIVE, due_on=FIRST, by=by()
    )
    edit_task(task=own, facts=facts(own, owner=Membership.objects.get(role=Role.CEO)), by=by())
    spine = small_program("Spine")

    copy = make_workplan(program=spine, starts_on=date(2027, 2, 1), like=program(), by=by())

    titles = set(copy.tasks.values_list("title", flat=True))
    assert "Tour the lab" in titles
    assert "Hire a scheduler" not in titles
    assert not copy.tasks.exclude(done_on=None, owner=None).exists()
    assert copy.tasks.get(title="Kick off").due_on == date(2027, 2, 1) + timedelta(days=89)
    assert copy.made_from == "The workplan of Heart"
    taken = browser().post(address(inside, "workplan-file", program()))
    assert newest_event()[0] == EventKind.WORKPLAN_COPIED
    sent = {"starts_on": "2027-02-01", "like": "standard", "file": BytesIO(taken.content)}
    made = address(inside, "workplan-make", small_program("Bones"))
    assert browser().post(made, sent).status_code == 302
    again = Workplan.objects.get(program__name="Bones").tasks
    assert list(again.values_list("title", "due_on", "after")) == list(
        copy.tasks.values_list("title", "due_on", "after")
    )
    sent["file"] = BytesIO(b"[[task]]")
    made = address(inside, "workplan-make", small_program("Eyes"))
    assert "does not say schema" in browser().post(made, sent).text
    with pytest.raises(PolicyError, match="Brain has no workplan"):
        make_workplan(
            program=small_program("Lung"), starts_on=FIRST, like=small_program("Brain"), by=by()
        )
    with pytest.raises(PolicyError, match="outside the years 2000 to 2099"):
        make_workplan(
            program=small_program("Liver"), starts_on=date(2099, 12, 1), like=spine, by=by()
        )


def test_a_moved_day_pushes_what_waits_and_an_earlier_one_pulls_nothing(plan):
    compare, chosen = task("Compare the three models"), task("Choose the model")

    moved = edit_task(
        task=compare, facts=facts(compare, due_on=compare.due_on + timedelta(days=5)), by=by()
    )

    assert task("Choose the model").starts_on == chosen.starts_on + timedelta(days=5)
    assert task("Kick off").due_on == KICK_OFF + timedelta(days=5)
    assert newest_event()[1]["moved"] == len(moved) > 10
    assert edit_task(task=compare, facts=facts(compare), by=by()) == []
    assert task("Kick off").due_on == KICK_OFF + timedelta(days=5)


def test_an_own_day_before_what_a_task_waits_for_is_pushed_too(plan):
    chosen = task("Choose the model")

    edit_task(task=chosen, facts=facts(chosen, starts_on=FIRST, due_on=FIRST), by=by())

    assert task("Choose the model").starts_on == date(2026, 1, 25)


def test_tasks_cannot_wait_for_each_other_or_for_none_of_the_plan(plan):
    history, variation = (
        task("Hand over two years of history"),
        task("Study variation, trend and operations"),
    )

    with pytest.raises(PolicyError, match="“Hand over two years of history” waits for “Study var"):
        edit_task(task=history, facts=facts(history, after=(variation.number,)), by=by())
    with pytest.raises(PolicyError, match="wait for itself"):
        edit_task(task=history, facts=facts(history, after=(history.number,)), by=by())
    with pytest.raises(PolicyError, match="no task 99"):
        edit_task(task=history, facts=facts(history, after=(99,)), by=by())
    assert task("Hand over two years of history").after == []


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((FIRST, FIRST - timedelta(days=1)), "on its first day or later"),
        ((FIRST, FIRST + timedelta(days=731)), "two years at most"),
        ((date(1999, 12, 31), FIRST), "outside the years 2000 to 2099"),
        ((FIRST, date(2100, 1, 1)), "outside the years 2000 to 2099"),
    ],
)
def test_days_that_make_no_task_are_refused(plan, days, said):
    history = task("Hand over two years of history")

    with pytest.raises(PolicyError, match=said):
        edit_task(task=history, facts=facts(history, starts_on=days[0], due_on=days[1]), by=by())


def test_an_owner_by_name_gives_the_task_their_role_and_must_see_the_program(plan):
    history, manager = (
        task("Hand over two years of history"),
        Membership.objects.select_related("user").get(role=Role.PHYSICIAN_MANAGER),
    )

    with pytest.raises(PolicyError, match="does not see this program"):
        edit_task(task=history, facts=facts(history, owner=manager), by=by())
    give_seat(program=program(), membership=manager, by=by())
    edit_task(task=history, facts=facts(history, owner=manager), by=by())
    assert task("Hand over two years of history").owner_role == Role.PHYSICIAN_MANAGER
    manager.revoked_at = "2026-01-05T00:00:00+00:00"
    manager.save()
    with pytest.raises(PolicyError, match="no member of the hospital any more"):
        edit_task(task=history, facts=facts(history, owner=manager), by=by())


def test_a_task_of_another_noun_stands_in_the_step_the_plan_is_at(plan):
    finish_all(of="opportunity")

    added = add_task(
        program=program(),
        title="Hire a scheduler",
        owner_role=Role.EXECUTIVE,
        due_on=date(2026, 2, 1),
        source="Readiness: staffing",
        by=by(),
    )

    assert (added.stage, added.number) == ("readiness", len(standard().tasks) + 1)
    assert (added.starts_on, added.due_on) == (date(2026, 1, 5), date(2026, 2, 1))
    assert newest_event() == (EventKind.TASK_ADDED, {"program": "Heart", "moved": 0})
    with pytest.raises(PolicyError, match="no workplan yet"):
        add_task(
            program=small_program("Spine"),
            title="Early",
            owner_role=Role.CEO,
            due_on=FIRST,
            by=by(),
        )


def finish_all(*, of):
    for each in WorkplanTask.objects.filter(stage=of).order_by("starts_on"):
        finish_task(task=each, done_on=FIRST, by=by())


def test_a_plan_has_an_end(plan):
    WorkplanTask.objects.bulk_create(
        WorkplanTask(
            workplan=plan,
            number=number,
            stage="model",
            title="More",
            owner_role=Role.CEO,
            starts_on=FIRST,
            due_on=FIRST,
        )
        for number in range(len(standard().tasks) + 1, MOST_TASKS + 1)
    )

    with pytest.raises(PolicyError, match="at most 200 tasks"):
        add_task(program=program(), title="One", owner_role=Role.CEO, due_on=FIRST, by=by())


def test_whoever_owns_a_task_says_when_it_is_done_and_nobody_ahead_of_what_it_waits_for(plan):
    history, owner = task("Hand over two years of history"), by(Role.SERVICE_LINE_ADMINISTRATOR)

    for given, said in (
        ({"task": history, "done_on": FIRST, "by": by(Role.FINANCE)}, "Whoever owns a task"),
        ({"task": history, "done_on": date(2026, 1, 6), "by": owner}, "still to come"),
        ({"task": history, "done_on": date(1999, 1, 1), "by": owner}, "outside the years"),
        (
            {"task": task("Size the opportunity"), "done_on": FIRST, "by": by()},
            "waits for “Study variation, trend and operations”, which is not done",
        ),
    ):
        with pytest.raises(PolicyError, match=said):
            finish_task(**given)

    finish_task(task=history, done_on=date(2026, 1, 4), by=owner)
    assert task(history.title).done_by_id == owner.user_id
    assert newest_event() == (EventKind.TASK_DONE, {"done_on": "2026-01-04", "moved": 0})
    with pytest.raises(PolicyError, match="is done already, since 4 Jan 2026"):
        finish_task(task=history, done_on=FIRST, by=owner)

    with pytest.raises(PolicyError, match="Whoever owns a task"):
        reopen_task(task=history, by=by(Role.FINANCE))
    reopen_task(task=history, by=owner)
    assert (task(history.title).done_on, newest_event()[0]) == (None, EventKind.TASK_REOPENED)
    with pytest.raises(PolicyError, match="is open already"):
        reopen_task(task=history, by=owner)


def test_what_is_done_late_pushes_what_waits_for_it(plan, on):
    on(20)
    moved = finish_task(
        task=task("Hand over two years of history"), done_on=date(2026, 1, 11), by=by()
    )

    assert task("Study variation, trend and operations").starts_on == date(2026, 1, 12)
    assert task("Kick off").due_on == KICK_OFF + timedelta(days=4)
    assert moved


def test_what_waited_for_a_task_that_is_gone_waits_for_what_it_waited_for(plan):
    variation = task("Study variation, trend and operations")

    remove_task(task=variation, by=by())

    history = task("Hand over two years of history")
    assert task("Size the opportunity").after == [history.number]
    assert newest_event()[0] == EventKind.TASK_REMOVED


def test_the_database_keeps_days_and_whoever_was_done_by_together(plan):
    rows = WorkplanTask.objects.filter(number=1)

    for changes, name in (
        ({"due_on": FIRST - timedelta(days=1)}, "workplan_task_ends_after_it_starts"),
        ({"done_by": by().user_id}, "workplan_task_open_is_done_by_nobody"),
        ({"number": 2}, "workplan_task_number_once"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**changes)


def test_the_step_of_a_program_is_the_first_with_an_open_task(plan):
    spine = small_program("Spine")
    finish_all(of="readiness")

    here = positions_of([program(), spine], today=date(2026, 1, 8))

    assert (here[program().pk].stage.number, here[program().pk].overdue) == (1, 1)
    assert spine.pk not in here
    WorkplanTask.objects.update(done_on=FIRST, done_by_id=by().user_id)
    assert positions_of([program()], today=KICK_OFF)[program().pk].stage is None


def test_overdue_tasks_are_those_of_the_reader_by_name_or_else_by_role(plan):
    steward = by(Role.SERVICE_LINE_ADMINISTRATOR)
    late = {"by": steward, "today": date(2026, 1, 8)}

    def titles(**given):
        (tasks,) = Program.objects.annotate(late=overdue_of(**given)).values_list("late", flat=True)
        return [task.title for task in read_overdue(tasks)]

    assert titles(**late) == ["Hand over two years of history"]
    assert titles(by=by(Role.FINANCE), today=date(2026, 1, 8)) == []
    WorkplanTask.objects.update(owner=Membership.objects.get(role=Role.FINANCE))
    assert titles(**late) == []
    assert titles(by=by(Role.FINANCE), today=date(2026, 1, 8)) != []


# --- Through the browser --------------------------------------------------------------------------


def test_a_plan_is_made_and_worked_with_in_the_browser(inside, on):
    consultant = browser()
    page = address(inside, "workplan-detail", program())
    on(5)
    assert "Make the workplan" in consultant.get(page).content.decode()
    consultant.post(
        address(inside, "workplan-make", program()),
        {"starts_on": "2026-01-01", "like": "standard"},
    )
    made = consultant.get(page).content.decode()
    assert "Kick-off: 31 Mar 2026, day 90 of the plan." in made
    for door in ("people", "readiness-detail", "opinion-file"):
        assert f'<a href="{address(inside, door, program())}">' in made
    for_a_reader = browser(Role.FINANCE).get(page).content.decode()
    assert address(inside, "people", program()) in for_a_reader
    assert address(inside, "opinion-file", program()) not in for_a_reader
    assert "The findings" not in made  # of which version?

    consultant.post(
        address(inside, "task-add", program()),
        {
            "title": "Visit the lab",
            "stage": "model",
            "owner_role": "executive",
            "starts_on": "2026-01-25",
            "due_on": "2026-01-26",
            "after": ["6"],
        },
    )
    added = task("Visit the lab")
    assert (added.after, added.starts_on) == ([6], date(2026, 1, 25))
    changed = {
        "title": "Visit both labs",
        "stage": "model",
        "owner_role": "executive",
        "starts_on": "2026-01-25",
        "due_on": "2026-01-24",
    }
    refused = consultant.post(address(inside, "task-edit", added), changed).content.decode()
    assert "A task is due on its first day or later." in refused
    changed["due_on"] = "2026-01-25"
    consultant.post(address(inside, "task-edit", added), changed)
    assert task("Visit both labs").after == []

    history = task("Hand over two years of history")
    steward = browser(Role.SERVICE_LINE_ADMINISTRATOR)
    wrong = steward.post(address(inside, "task-finish", history), {"done_on": "x"}, follow=True)
    assert "Give a day as year-month-day" in wrong.content.decode()
    done = steward.post(
        address(inside, "task-finish", history), {"done_on": "2026-01-03"}, follow=True
    )
    assert "on 3 Jan 2026 by Service-line administrator" in done.content.decode()
    other = browser(Role.FINANCE).post(address(inside, "task-reopen", history), follow=True)
    assert "Whoever owns a task says" in other.content.decode()
    steward.post(address(inside, "task-reopen", history))
    consultant.post(address(inside, "task-remove", added))
    assert not WorkplanTask.objects.filter(pk=added.pk).exists()

    on(11)
    reader = browser(Role.SERVICE_LINE_ADMINISTRATOR)
    late = reader.get(page).content.decode()
    # Due on the 7th, and today is the 11th: what begins on the 8th begins on the 12th.
    assert "by 4 days. Service-line administrator" in late
    assert "as it stands it comes on 4 Apr 2026, 4 days later" in late
    assert "“Hand over two years of history” is overdue; expected by 19 Jan 2026" in late
    assert "Edit<span" not in late

    overview = reverse("adjudication:overview", args=[inside.slug])
    assert "Overdue since 7 Jan 2026: Hand over two years of history" in reader.get(overview).text
    assert "Overdue since" not in browser(Role.FINANCE).get(overview).text
