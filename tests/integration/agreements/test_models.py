"""Choosing a program's model, and what its years may pay by from then on."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.components.actions import agree_component
from agreements.components.models import PayComponent
from agreements.programs.actions import choose_model
from agreements.programs.models import AlignmentModel, Program
from agreements.terms.actions import close_period, draft_next_year, lock_terms, open_period
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from tests.ground import SIGNED_ON, small_draft
from tests.working import duties, open_by_work, salary, wrvus


def choose(model, reason="It fits the group."):
    return choose_model(
        program=Program.objects.get(), model=model, reason=reason, by=member(Role.CONSULTANT)
    )


def agree(year, terms):
    return agree_component(year=year, terms=terms, by=member(Role.CONSULTANT))


def test_a_model_is_chosen_with_its_reason(inside):
    choose(AlignmentModel.PSA)

    assert Program.objects.get().alignment_model == AlignmentModel.PSA
    event = Event.objects.order_by("-sequence").first()
    assert (event.kind, event.details) == (
        EventKind.MODEL_CHOSEN,
        {"before": "co_management", "after": "psa", "reason": "It fits the group."},
    )
    with pytest.raises(PolicyError, match="is a professional services agreement already"):
        choose(AlignmentModel.PSA)


def test_a_draft_takes_in_only_what_its_model_pays_by(inside):
    year = small_draft(fixed_fee=Money(0))

    with pytest.raises(PolicyError, match="Salary does not fit this arrangement"):
        agree(year, salary())
    agree(year, duties())
    with pytest.raises(PolicyError, match=r"Duties by the hour\. Take it out"):
        choose(AlignmentModel.EMPLOYMENT)
    PayComponent.objects.all().delete()
    choose(AlignmentModel.EMPLOYMENT)
    assert agree(year, salary())


def test_a_draft_with_a_fixed_fee_keeps_its_model(inside):
    small_draft()

    with pytest.raises(PolicyError, match="has a fixed fee, which employment does not pay"):
        choose(AlignmentModel.EMPLOYMENT)


def test_signed_terms_keep_their_model_until_the_year_is_closed(inside):
    by = member(Role.CONSULTANT)
    year = lock_terms(year=small_draft(), signed_on=SIGNED_ON, by=by)

    with pytest.raises(PolicyError, match="are signed for the model as it is"):
        choose(AlignmentModel.PSA)
    open_period(year=year, today=year.starts_on, by=by)
    with pytest.raises(PolicyError, match="are signed for the model as it is"):
        choose(AlignmentModel.PSA)
    close_period(year=year, today=year.ends_on, by=by)
    choose(AlignmentModel.PSA)


def test_what_does_not_fit_a_new_model_is_not_carried_into_the_next_year(inside):
    by, model = member(Role.CONSULTANT), AlignmentModel.EMPLOYMENT
    year = open_by_work(salary(), wrvus(), model=model, fixed_fee=Money(0))
    close_period(year=year, today=year.ends_on, by=by)
    choose(AlignmentModel.PSA)

    following = draft_next_year(year=year, by=by)

    assert [part.kind for part in following.components.all()] == ["wrvu"]


def test_the_models_are_compared_and_one_is_chosen_in_the_browser(inside):
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=Role.CONSULTANT).user)
    program = Program.objects.get()
    compare = browser.get(reverse("agreements:model-compare", args=[inside.slug])).text
    address = reverse("agreements:model-choose", args=[inside.slug, program.pk])

    assert "42 CFR 411.357(c)(4)" in compare
    assert "Choose this model" not in compare
    assert "Co-management (chosen)" in browser.get(address).text
    refused = browser.post(address, {"model": "co_management", "reason": "Again."})
    assert "This program is co-management already." in refused.text
    browser.post(address, {"model": "employment", "reason": "They want a salary."})
    assert Program.objects.get().alignment_model == "employment"
    year = small_draft(fixed_fee=Money(0))
    add = reverse("agreements:component-agree", args=[inside.slug, year.pk])
    shown = browser.get(f"{add}?kind=hourly").text
    assert "Add a part of the pay: Salary" in shown
    assert "Duties by the hour" not in shown
