"""A negotiation for tests: an agreement whose first version both sides read, and who speaks.

One module's tests stand on one agreement; each works inside a savepoint of it.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agreements.drafting.actions import begin_agreement, change_clause, make_version
from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import AgreementVersion
from agreements.negotiation.actions import share_version
from agreements.negotiation.models import Proposal
from agreements.negotiation.word_changes import Edit
from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from agreements.proposals.actions import propose_change
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import YEAR, small_draft


@pytest.fixture(scope="module")
def shared_version(ground):
    """An agreement whose first version both sides read; physicians sit in its program."""
    with standing_at(datetime(2024, 12, 19, 15, tzinfo=UTC)), tenant_scope(ground.pk):
        small_draft()
        program = Program.objects.get()
        for role in (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN):
            give_seat(program=program, membership=Membership.objects.get(role=role), by=counsel())
        facts = AgreementFacts(
            "Heart agreement",
            Period(YEAR.start, date(2028, 1, 1)),
            "Smallville Hospital, Inc.",
            "Smallville Heart Center",
            "TX",
            is_bond_financed=False,
            renewal="none",
        )
        agreement = begin_agreement(program=program, facts=facts, by=counsel())
        version = make_version(agreement=agreement, note="First.", by=counsel())
        share_version(version=version, by=counsel())
    return version.pk


@pytest.fixture
def version(shared_version, hospital):
    """The shared version; the hospital's scope is open and its clock stands."""
    with standing_at(datetime(2024, 12, 20, 15, tzinfo=UTC)), tenant_scope(hospital.pk):
        yield AgreementVersion.objects.select_related("agreement", "share").get(pk=shared_version)


def counsel():
    """Return who speaks for the hospital."""
    return member(Role.COUNSEL)


def manager():
    """Return who speaks for the physicians."""
    return member(Role.PHYSICIAN_MANAGER)


def document(version: AgreementVersion) -> AgreementDocument:
    """Read a version."""
    return from_document(version.document)


def reworded(version: AgreementVersion, key: str, old: str, new: str) -> Edit:
    """Replace words of a clause."""
    clause = document(version).clause(key)
    assert old in "".join(clause.paragraphs)
    return Edit(
        "replace", key, clause.heading, tuple(each.replace(old, new) for each in clause.paragraphs)
    )


def proposed(version: AgreementVersion, edit: Edit, by=None) -> Proposal:
    """Propose an edit, by the physicians' manager unless somebody else is named."""
    proposal = propose_change(version=version, edit=edit, reason="We ask.", by=by or manager())
    return Proposal.objects.select_related("agreement", "version", "made_by").get(pk=proposal.pk)


def refusal(deed) -> str:
    """Return why a deed is refused."""
    with pytest.raises(PolicyError) as refused, transaction.atomic():
        deed()
    return str(refused.value)


def browser(role: Role) -> Client:
    """Sign somebody of a role in."""
    client = Client()
    client.force_login(Membership.objects.get(role=role).user)
    return client


def page(name: str, *ids: object) -> str:
    """Return the address of a page of the room."""
    return reverse(f"agreements:{name}", args=["smallville", *ids])


def next_version(version: AgreementVersion, *, is_shared: bool = True) -> AgreementVersion:
    """Make the next version, and share it."""
    made = make_version(agreement=version.agreement, note="", by=counsel())
    if is_shared:
        share_version(version=made, by=counsel())
    return AgreementVersion.objects.select_related("agreement").get(pk=made.pk)


def change_notices(version: AgreementVersion, text: str = "Notices go by zebra.") -> None:
    """Have counsel write a clause anew, so that there is something to make a version of."""
    change = Change("notices", "replace", "Notices", text)
    change_clause(agreement=version.agreement, change=change, reason="Faster.", by=counsel())
