"""Two hospitals: Riverside with people and nothing else, Lakeshore with its year on the clock."""

from dataclasses import dataclass

from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, ServiceLine
from comanage.demo.build import _build, _join, find_tenant, member
from comanage.demo.hospitals import HOSPITALS
from comanage.identity.roles import Role
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope

RIVERSIDE, LAKESHORE = HOSPITALS
# A program that nobody holds a seat in: a physician manager must not see it.
STRANGE_PROGRAM = "Neuroscience co-management"


@dataclass(frozen=True)
class House:
    """The two hospitals."""

    riverside: Tenant
    lakeshore: Tenant


def build_house() -> House:
    """Make both hospitals."""
    riverside = create_tenant(
        slug=RIVERSIDE.slug, name=RIVERSIDE.name, time_zone=RIVERSIDE.time_zone
    )
    with tenant_scope(riverside.pk):
        for person in RIVERSIDE.people:
            _join(person)
        create_program(
            name=STRANGE_PROGRAM,
            service_line=ServiceLine.NEUROSCIENCE,
            alignment_model=AlignmentModel.CO_MANAGEMENT,
            objective="Faster stroke care.",
            group_name="Neuro Partners",
            by=member(Role.CONSULTANT),
        )
    _build(LAKESHORE)
    lakeshore = find_tenant(LAKESHORE)
    assert lakeshore is not None
    return House(riverside, lakeshore)
