"""No deed without the page's own token."""

from django.test import Client
from django.urls import reverse

from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from tests.settled import World


def test_a_post_without_the_token_is_refused_and_changes_nothing(world: World):
    with tenant_scope(world.riverside.pk):
        finance = Membership.objects.get(role=Role.FINANCE)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.user(world.riverside, Role.TENANT_ADMINISTRATOR))

    answer = browser.post(reverse("web:member-end", args=["riverside", finance.pk]))

    assert answer.status_code == 403
    with tenant_scope(world.riverside.pk):
        assert Membership.objects.get(pk=finance.pk).revoked_at is None


def test_a_session_cannot_be_used_at_the_api_door(world: World):
    """The API asks for a key, so a foreign page cannot make a browser write through it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.user(world.riverside, Role.CONSULTANT))

    assert browser.post("/t/riverside/api/v1/feeds").status_code == 401
