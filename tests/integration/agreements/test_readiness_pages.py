"""Readiness through its pages: each answers for themselves, and reads the others after."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from agreements.programs.models import Program
from agreements.readiness.actions import submit_sheet
from agreements.readiness.models import ReadinessSheet
from agreements.workplans.actions import make_workplan
from agreements.workplans.models import WorkplanTask
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError


def browser(role):
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=role).user)
    return browser


def address(hospital, name="readiness-detail"):
    return reverse(f"agreements:{name}", args=[hospital.slug, Program.objects.get().pk])


def test_a_member_answers_reads_the_scores_then_and_may_answer_again(inside):
    executive, where = browser(Role.EXECUTIVE), address(inside, "readiness-answer")
    answer(Role.PHYSICIAN_MANAGER, {"one-voice": "0"})

    assert "Your own answers first" in executive.get(address(inside)).text
    asked = executive.get(where).text
    assert "Physicians accept that their results are seen" in asked
    assert "registered-nurse positions" not in asked  # asked of the service line's administrator
    empty = executive.post(where, {"one-voice": ""})
    assert "No question is answered yet" in empty.text
    wrong = executive.post(where, {"one-voice": "7", "patients-first": "4"})
    assert "Choose one of the list." in wrong.text
    assert 'value="4" ' in wrong.text
    assert not ReadinessSheet.objects.filter(role=Role.EXECUTIVE).exists()

    assert executive.post(where, {"one-voice": "4", "history": ""}).status_code == 302
    shown = executive.get(address(inside)).text
    assert "Hospital higher by 100" in shown
    assert "Agree inside the physician group on who speaks for it" in shown  # what to do
    assert executive.post(where, {"one-voice": "0"}).status_code == 302

    kept = ReadinessSheet.objects.filter(role=Role.EXECUTIVE).order_by("number")
    assert [sheet.answers for sheet in kept] == [{"one-voice": "4"}, {"one-voice": "0"}]
    assert "Alike" in executive.get(address(inside)).text  # the newer one counts
    event = Event.objects.filter(kind=EventKind.READINESS_ANSWERED).first()
    assert (event.actor_role, event.details) == ("executive", {"program": "Heart", "answers": 1})


def test_figures_are_kept_exactly_and_read_with_their_source(inside):
    administrator = browser(Role.SERVICE_LINE_ADMINISTRATOR)
    where = address(inside, "readiness-answer")

    wrong = administrator.post(where, {"nurse-vacancies": "a tenth"})
    assert "Give a number from 0 to 10,000" in wrong.text
    assert 'value="a tenth"' in wrong.text  # nothing typed is lost
    administrator.post(where, {"nurse-vacancies": "12.8 %"})

    assert ReadinessSheet.objects.get().answers == {"nurse-vacancies": "64/5"}
    shown = administrator.get(address(inside)).text
    assert "Full score up to 9.6 %" in shown
    assert "NSI Nursing Solutions, 2025" in shown


def test_who_belongs_to_neither_side_reads_and_does_not_answer(inside):
    consultant = browser(Role.CONSULTANT)

    assert "Nobody has answered yet" in consultant.get(address(inside)).text
    assert consultant.get(address(inside, "readiness-answer")).status_code == 403
    with pytest.raises(PolicyError, match="belongs to neither"):
        answer(Role.CONSULTANT, {"one-voice": "4"})
    with pytest.raises(PolicyError, match="your role is not asked"):
        answer(Role.EXECUTIVE, {"nurse-vacancies": "4"})


def test_a_gap_goes_into_the_workplan_once(inside):
    consultant, where = browser(Role.CONSULTANT), address(inside, "gap-take")

    def take(question):
        return consultant.post(where, {"question": question}, follow=True).text

    answer(Role.CEO, {"one-voice": "1", "on-time": "4", "patients-first": "4"})
    assert "has no workplan yet" in take("one-voice")
    make_workplan(
        program=Program.objects.get(), starts_on=date(2024, 12, 1), by=member(Role.CONSULTANT)
    )
    assert "Add to the workplan" in consultant.get(address(inside)).text
    assert "this is no gap" in take("patients-first")
    assert "this is no gap" in take("unknown")

    assert "stands in the workplan, due in thirty days" in take("one-voice")

    task = WorkplanTask.objects.exclude(source="").get()
    assert task.title == "Agree inside the physician group on who speaks for it, and write it down"
    assert (task.owner_role, task.due_on) == (
        Role.PHYSICIAN_MANAGER,
        inside.today() + timedelta(days=30),
    )
    assert task.source.startswith("Readiness: The physicians of this service line")
    assert "In the workplan" in consultant.get(address(inside)).text
    assert "is in the workplan already" in take("one-voice")


def test_a_sheet_never_changes(inside):
    sheet = answer(Role.CEO, {"one-voice": "4"})

    for change in (lambda: ReadinessSheet.objects.update(answers={}), sheet.delete):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()


def answer(role, answers):
    return submit_sheet(program=Program.objects.get(), answers=answers, by=member(role))
