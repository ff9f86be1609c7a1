"""The small hospital and an agreement that both sides have read, once for the folder."""

from datetime import UTC, date, datetime

import pytest

from agreements.drafting.actions import begin_agreement, make_version
from agreements.drafting.facts import AgreementFacts
from agreements.drafting.models import AgreementVersion
from agreements.negotiation.actions import share_version
from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from tests.clock import standing_at
from tests.ground import YEAR, signable_draft
from tests.grounds import built


@pytest.fixture(scope="package")
def ground(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small hospital, once for the folder: three modules sign the same agreement."""
    with built(django_db_blocker, tmp_path_factory) as hospital:
        yield hospital


@pytest.fixture(scope="package")
def _shared(ground):
    """An agreement whose first version both sides read."""
    with standing_at(datetime(2024, 12, 19, 15, tzinfo=UTC)), tenant_scope(ground.pk):
        signable_draft()
        program, by = Program.objects.get(), member(Role.CONSULTANT)
        for role in (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN):
            give_seat(program=program, membership=Membership.objects.get(role=role), by=by)
        facts = AgreementFacts(
            "Heart agreement",
            Period(YEAR.start, date(2028, 1, 1)),
            "Smallville Hospital, Inc.",
            "Smallville Heart Center",
            "TX",
            is_bond_financed=False,
            renewal="none",
            notice_days=120,
        )
        agreement = begin_agreement(program=program, facts=facts, by=by)
        version = make_version(agreement=agreement, note="First.", by=by)
        share_version(version=version, by=by)
    return version.pk


@pytest.fixture
def version(_shared, hospital):
    """The shared version; the hospital's scope is open and its clock stands."""
    with standing_at(datetime(2024, 12, 20, 15, tzinfo=UTC)), tenant_scope(hospital.pk):
        yield AgreementVersion.objects.select_related("agreement").get(pk=_shared)
