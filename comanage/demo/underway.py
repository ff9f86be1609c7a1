"""A program on its way, to look at: its workplan, what both sides answered, and a wish.

The workplan is in its eleventh week. What it calls done is on record with the program, or was done
on paper before; no feed of the program is loaded yet, and one task holds up those that wait for it.
"""

from dataclasses import replace
from datetime import date, timedelta

from agreements.drafting.document import from_document
from agreements.drafting.models import AgreementVersion
from agreements.negotiation.actions import share_version
from agreements.negotiation.word_changes import REPLACE, Edit
from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from agreements.proposals.actions import propose_change
from agreements.readiness.actions import submit_sheet, take_gap
from agreements.readiness.queries import as_answered, counting_sheets
from agreements.readiness.questions import themes_for
from agreements.readiness.scores import gaps_of, score_all
from agreements.workplans.actions import TaskFacts, edit_task, finish_task, make_workplan
from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.template import standard
from comanage.demo.build import member
from comanage.demo.people import record_people
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role

DAYS_GONE = timedelta(days=76)
FIRST_OPEN = "Answer the findings"
NOT_YET = "Load each data feed once"
LATE = {"File the opinion and the memo": timedelta(days=3)}
STUDY = "The consultant's study of the year before, on paper and given to both sides."
ON_PAPER = {"Study variation, trend and operations": STUDY, "Size the opportunity": STUDY}
LARGELY = "3"
ANSWERS = {
    Role.CEO: {"pays-on-time": "4", "way-out": "2"},
    Role.SERVICE_LINE_ADMINISTRATOR: {
        "patients-per-nurse-medical-surgical": "5.5",
        "patients-per-nurse-critical-care": "2",
        "nurse-vacancies": "12",
        "nurse-turnover": "18.5",
        "by-physician": "1",
    },
    Role.PHYSICIAN_MANAGER: {"by-physician": "0", "bad-news-early": "1", "leaders-with-time": "2"},
}
CLAUSE, TEN, FIFTEEN = "time-records", "ten (10) days after", "fifteen (15) days after"


def begin_work(program: Program, *, today: date, by: Actor) -> None:
    """Plan the program's work, and record what the plan calls done."""
    plan = _work(program, today=today, by=by)
    record_people(program, plan, today=today, by=by)


def get_under_way(program: Program, version: AgreementVersion, *, by: Actor) -> None:
    """Bring a program with a first version to where both sides talk about it."""
    manager = Membership.objects.select_related("user").get(role=Role.PHYSICIAN_MANAGER)
    give_seat(program=program, membership=manager, by=by)
    for role, differing in ANSWERS.items():
        asked = [each.key for theme in themes_for(role) for each in theme.questions]
        answers = {key: differing.get(key, LARGELY) for key in asked}
        submit_sheet(program=program, answers=answers, by=member(role))
    for gap in gaps_of(score_all(as_answered(counting_sheets(program)))):
        take_gap(program=program, key=gap.question.key, by=by)
    share_version(version=version, by=by)
    _wish(version, by=Actor.member(manager))


def _work(program: Program, *, today: date, by: Actor) -> Workplan:
    """Do the tasks before the first that is open, most of them on their last day."""
    plan = make_workplan(program=program, starts_on=today - DAYS_GONE, by=by)
    tasks = sorted(standard().tasks, key=lambda task: task.day + task.days)
    titles = [task.title for task in tasks]
    for title in titles[: titles.index(FIRST_OPEN)]:
        task = plan.tasks.get(title=title)
        if title in ON_PAPER:
            _say_where(task, ON_PAPER[title], by=by)
        if title != NOT_YET:
            finish_task(task=task, done_on=task.due_on + LATE.get(title, timedelta(0)), by=by)
    return plan


def _say_where(task: WorkplanTask, deliverable: str, *, by: Actor) -> None:
    """Say of a task that what it gave stands elsewhere."""
    facts = TaskFacts(
        stage=task.stage,
        title=task.title,
        deliverable=deliverable,
        owner_role=Role(task.owner_role),
        owner=task.owner,
        starts_on=task.starts_on,
        due_on=task.due_on,
        after=tuple(task.after),
    )
    edit_task(task=task, facts=facts, by=by)


def _wish(version: AgreementVersion, *, by: Actor) -> None:
    """Ask for other words in a clause, as the physicians' side."""
    clause = from_document(version.document).clause(CLAUSE)
    if clause is None:
        return
    first, *rest = clause.paragraphs
    wished = replace(clause, paragraphs=(first.replace(TEN, FIFTEEN), *rest))
    propose_change(
        version=version,
        edit=Edit(REPLACE, CLAUSE, wished.heading, wished.paragraphs),
        reason="Our office closes the month on the tenth.",
        by=by,
    )
