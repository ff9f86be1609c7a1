"""The front door."""

import re

from django.core import mail
from playwright.sync_api import expect

from tests.browser.people import Door

A_PASSWORD = "seven grey herons at noon"


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(door: Door):
    said = []
    for email in ("manager@lakeshore.example", "nobody@lakeshore.example"):
        stranger = door.stranger()
        stranger.go("/accounts/login/")
        stranger.looks("sign-in", dark=True)
        stranger.fill({"Email": email, "Password": "not the password"})
        stranger.click("Sign in")
        stranger.reads("You are not signed in")
        stranger.looks("sign-in-refused")
        said.append(stranger.page.get_by_role("alert").inner_text())

    assert said[0] == said[1]


def test_a_person_of_two_hospitals_chooses_one_and_signs_out(door: Door):
    consultant = door.enter("consultant@harbor.example")
    consultant.reads("Choose a hospital", "Riverside Health", "Lakeshore Medical Center")
    consultant.looks("home", dark=True)
    consultant.page.locator(".user-menu summary").click()
    consultant.looks("user-menu")
    consultant.click("Sign out")
    consultant.go("/t/riverside/")
    expect(consultant.page).to_have_url(re.compile("/accounts/login/"))


def test_a_new_member_sets_a_password_by_mail_and_comes_in(door: Door):
    mail.outbox.clear()
    admin = door.enter("admin@riverside.example", "riverside")
    admin.looks("overview-admin")
    admin.click("Members")
    admin.looks("members")
    admin.click("Add a member")
    admin.looks("member-new")
    admin.fill(
        {
            "Name": "Nora Quist",
            "E-mail address": "nora@riverside.example",
            "Role": "Hospital executive",
        }
    )
    admin.click("Add the member")
    admin.reads("Nora Quist is a member.")

    nora = door.stranger()
    nora.go("/accounts/login/")
    nora.click("Forgot your password?")
    nora.looks("password-forgotten")
    nora.fill({"Email": "nora@riverside.example"})
    nora.page.get_by_role("button").first.click()
    nora.page.wait_for_url("**/done/")
    nora.looks("password-mail-sent")
    (letter,) = mail.outbox
    link = re.search(r"http://\S+", letter.body)
    assert link is not None, letter.body
    assert link[0].startswith(nora.site), letter.body
    nora.page.goto(link[0])
    nora.looks("password-new")
    for field in nora.page.locator("input[type=password]").all():
        field.fill(A_PASSWORD)
    nora.page.get_by_role("button").first.click()
    nora.page.wait_for_url("**/done/")
    nora.looks("password-set")
    nora.go("/accounts/login/")
    nora.fill({"Email": "nora@riverside.example", "Password": A_PASSWORD})
    nora.click("Sign in")
    nora.reads("Riverside Health")


def test_the_pages_of_ones_own_account_and_of_nowhere_are_in_order(door: Door):
    member = door.enter("executive@riverside.example", expects_errors=True)
    for address, name in {
        "/accounts/password/change/": "password-change",
        "/accounts/2fa/": "second-factor",
        "/accounts/2fa/totp/activate/": "second-factor-app",
        "/accounts/logout/": "sign-out",
    }.items():
        member.go(address)
        member.looks(name)
    answer = member.page.goto(f"{member.site}/t/lakeshore/")
    assert answer is not None
    assert answer.status == 404
    member.looks("not-found")
