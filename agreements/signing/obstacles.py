"""What keeps a version from being sent round, all of it at once and with where it changes."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from agreements.approvers.matrix import Need
from agreements.drafting.models import AgreementVersion
from agreements.drafting.queries import has_changed_since
from agreements.lint.counting import OpenFindings
from agreements.negotiation.queries import share_of
from agreements.signing import policies
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.web.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One of them; words and address of the page are empty where the reader has none."""

    what: str
    words: str = ""
    url: str = ""


def obstacles_of(
    version: AgreementVersion,
    needs: Collection[Need],
    *,
    people: Mapping[str, Collection[User]],
    physicians: Collection[User],
    findings: OpenFindings | None,
    tenant: str,
    by: Actor,
) -> list[Obstacle]:
    """List what is known before anybody is named; terms are looked at on sending.

    So are findings anew: here they are what was last kept, less what was waived since.

    Args:
        version: to be sent.
        needs: the approvals that it needs.
        people: who holds each role.
        physicians: who may sign for them.
        findings: of the agreement's newest version, as last kept.
        tenant: whose pages are led to.
        by: who would send it.
    """
    agreement = version.agreement
    negotiation = reverse("agreements:negotiation", args=[tenant, agreement.pk])
    seats = reverse("agreements:people", args=[tenant, agreement.program_id])
    is_shared = share_of(version) is not None
    found = reverse("agreements:version-findings", args=[tenant, version.pk])
    return [
        *_stopping(version, findings, found),
        *_said(
            lambda: policies.check_is_whole(version, has_changed=has_changed_since(version)),
            "The agreement",
            f"{reverse('agreements:agreement-detail', args=[tenant, agreement.pk])}#versions",
        ),
        *_said(lambda: policies.check_is_shared(is_shared=is_shared), "Negotiation", negotiation),
        *_said(lambda: policies.check_is_seated(physicians), "The program's people", seats),
        *_said(lambda: policies.check_is_manned(needs, people, sender=by.user_id)),
    ]


def _stopping(
    version: AgreementVersion, findings: OpenFindings | None, url: str
) -> Iterator[Obstacle]:
    if findings is None or findings.version_pk != version.pk or not findings.stops:
        return
    yield Obstacle(
        f"What the rules found stops it: {findings.words}. Once nothing stops it any more, keep "
        f"there what is found that day.",
        "What the rules find",
        url,
    )


def _said(check: Callable[[], None], words: str = "", url: str = "") -> Iterator[Obstacle]:
    try:
        check()
    except PolicyError as refusal:
        yield Obstacle(str(refusal), words, url)
