"""A tenant administrator looks after machines that cannot sign."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comanage.clients.actions import create_extract_client, forbid_api_keys
from comanage.demo.build import member
from comanage.identity.models import ExtractClient, Membership
from comanage.identity.roles import Role


def test_a_key_that_ends_soon_is_renewed_and_the_old_one_opens_nothing(inside):
    by, browser = member(Role.TENANT_ADMINISTRATOR), Client()
    browser.force_login(Membership.objects.get(role=Role.TENANT_ADMINISTRATOR).user)
    life = timedelta(days=20)
    client, old = create_extract_client(name="Old job", scopes=[], by=by, life=life)
    page, renew = (
        reverse(f"web:{name}", args=["smallville", client.pk])
        for name in ("client-detail", "client-renew")
    )
    assert "Ends soon" in browser.get(page).content.decode()

    shown = browser.post(renew).content.decode()

    feeds = reverse("api:feed-list", args=["smallville"])
    (new,) = set(re.findall(rf"{old.partition('_')[0]}_\w+", shown))
    assert Client().get(feeds, headers={"Authorization": f"Bearer {old}"}).status_code == 401
    assert Client().get(feeds, headers={"Authorization": f"Bearer {new}"}).status_code != 401
    renewed = ExtractClient.objects.get()
    assert renewed.expires_at > timezone.now() + timedelta(days=179)
    assert "Ends soon" not in browser.get(page).content.decode()

    forbid_api_keys(by=by)
    assert "API keys are switched off" in browser.post(renew, follow=True).content.decode()
