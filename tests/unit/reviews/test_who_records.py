"""Who may record a review, and when."""

from dataclasses import replace
from uuid import uuid4

import pytest

from adjudication.reviews.policies import can_record, check_can_record
from adjudication.years.models import SignOff, Snapshot
from adjudication.years.queries import Standing
from adjudication.years.steps import Step
from comanage.identity.actor import Actor, ActorKind
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError

HOSPITAL = uuid4()
ATTESTED = Standing(
    Snapshot(tenant_id=HOSPITAL, frozen_by_id=uuid4()),
    (SignOff(tenant_id=HOSPITAL, step=Step.ATTEST),),
)
REVIEWER = Actor(ActorKind.MEMBER, uuid4(), "Reviewer", Role.REVIEWER)


def test_the_reviewer_records_at_the_reviews_turn_and_nobody_else():
    assert can_record(ATTESTED, by=REVIEWER)
    for role in set(Role) - {Role.REVIEWER}:
        assert not can_record(ATTESTED, by=replace(REVIEWER, role=role))
    assert not can_record(Standing(ATTESTED.snapshot, ()), by=REVIEWER)


def test_a_result_whose_cases_were_restated_is_not_reviewed():
    with pytest.raises(PolicyError, match="restated"):
        check_can_record(replace(ATTESTED, is_restated=True), by=REVIEWER)
