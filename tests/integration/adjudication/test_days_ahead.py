"""Nothing is recorded as done on a day that has not come; strangers to every seat see nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adjudication.payments.actions import record_payment
from adjudication.payments.models import LedgerEntry
from adjudication.years.steps import Step
from agreements.programs.queries import visible_programs
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.web.errors import PolicyError
from tests.signing import current_sha256, freeze, sign_up_to


def tomorrow(tenant_id):
    return Tenant.objects.get(pk=tenant_id).today() + timedelta(days=1)


def test_a_payment_is_not_recorded_before_its_day_nor_dated_before_the_years_end(computed):
    freeze(computed)
    sign_up_to(computed, Step.CEO)

    for day, said in (
        (tomorrow(computed.tenant_id), "has not come yet"),
        (computed.period.last, "nothing is paid for services to come"),
    ):
        with pytest.raises(PolicyError, match=said):
            record_payment(
                year=computed,
                sha256=current_sha256(computed),
                paid_on=day,
                reference="AP-1",
                by=member(Role.FINANCE),
            )

    assert not LedgerEntry.objects.filter(kind="paid").exists()


def test_a_physician_manager_without_a_membership_sees_no_program(computed):
    manager = member(Role.PHYSICIAN_MANAGER)

    assert not visible_programs(replace(manager, membership_id=None)).exists()
