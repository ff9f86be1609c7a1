"""Walking an adjudication step by step, each by the person whose step it is."""

from datetime import date
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client

from adjudication.committee.actions import comment_on_result
from adjudication.committee.models import Comment
from adjudication.payments.actions import record_payment
from adjudication.payments.models import LedgerEntry
from adjudication.reviews.actions import recompute_result
from adjudication.years.actions import freeze_year, return_for_changes, sign_off
from adjudication.years.models import SignOff, Snapshot
from adjudication.years.queries import standing
from adjudication.years.steps import ORDER, OWNER, Step
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role

PAID_ON = date(2026, 3, 2)


def browser(role: Role, *, is_fresh: bool = True) -> Client:
    """Sign a role in; without a fresh proof, as somebody whose browser stood open."""
    client, user = Client(), Membership.objects.select_related("user").get(role=role).user
    client.force_login(user)
    if is_fresh:
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, user, "password", reauthenticated=True)
        request.session.save()
    return client


def freeze(year: MeasurementYear) -> Snapshot:
    """Freeze the year as the consultant."""
    return freeze_year(year=year, by=member(Role.CONSULTANT))


def sign(year: MeasurementYear, step: Step, by: Actor | None = None, sha256: str = "") -> SignOff:
    """Approve a step, by its owner unless another is named; what comes before it is done."""
    if by is None and standing(year).next_step is step:
        make_ready(year, step)
    return sign_off(
        year=year,
        step=step,
        sha256=sha256 or current_sha256(year),
        note="",
        is_independent=step is Step.REVIEW,
        by=by or member(OWNER[step]),
    )


def hear_the_committee(year: MeasurementYear) -> None:
    """Let every member of the committee say that there is no further comment."""
    now = standing(year)
    if now.is_commenting:
        for asked in now.window.silent:
            say(year, by=member_by_id(asked.member_id))


def say(year: MeasurementYear, text: str = "", *, is_last: bool = True, by: Actor) -> Comment:
    """Comment on the result; without words, that there is nothing further."""
    return comment_on_result(
        year=year, sha256=current_sha256(year), text=text, is_last=is_last, by=by
    )


def member_by_id(user_id: UUID) -> Actor:
    """Act as a person, in their live role."""
    live = Membership.objects.select_related("user").get(user_id=user_id, revoked_at=None)
    return Actor.member(live)


def sign_up_to(year: MeasurementYear, last: Step) -> None:
    """Approve every step up to and with the last."""
    for step in ORDER[: ORDER.index(last) + 1]:
        sign(year, step)


def make_ready(year: MeasurementYear, step: Step) -> None:
    """Do what must be done before a step can be signed."""
    if step is Step.REVIEW:
        recompute_result(year=year, sha256=current_sha256(year), by=member(Role.REVIEWER))
    if step is Step.COMPLIANCE:
        hear_the_committee(year)


def send_back(
    year: MeasurementYear, step: Step, reason: str = "A slice is missing.", by: Actor | None = None
) -> SignOff:
    """Return the year for changes."""
    return return_for_changes(
        year=year,
        step=step,
        sha256=current_sha256(year),
        reason=reason,
        by=by or member(OWNER[step]),
    )


def book(year: MeasurementYear, by: Actor | None = None, sha256: str = "") -> list[LedgerEntry]:
    """Record the payment, as finance unless another is named."""
    return record_payment(
        year=year,
        sha256=sha256 or current_sha256(year),
        paid_on=PAID_ON,
        reference="AP-1",
        by=by or member(Role.FINANCE),
    )


def current_sha256(year: MeasurementYear) -> str:
    """Return the hash a page would show now."""
    snapshot = standing(year).snapshot
    return snapshot.sha256 if snapshot else "0" * 64
