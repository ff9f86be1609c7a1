"""The rows that a deed of signing reads, held until it is done."""

from uuid import UUID

from agreements.drafting.models import Agreement
from agreements.drafting.policies import check_can_be_composed
from agreements.drafting.queries import first_year
from agreements.signing.models import SigningRound
from agreements.signing.queries import last_round
from agreements.terms.models import MeasurementYear
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.web.errors import PolicyError


def agreement_held(pk: UUID) -> Agreement:
    """Hold an agreement, so that nobody else moves it meanwhile."""
    return (
        Agreement.objects.select_related("program__group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=pk)
    )


def round_of(agreement: Agreement) -> SigningRound:
    """Read the newest round of an agreement that is held.

    Raises:
        PolicyError: there is none.
    """
    round_ = last_round(agreement)
    if round_ is None:
        raise PolicyError("No version of the agreement goes round. Send one for approval first.")
    round_.version.agreement = agreement
    return round_


def year_held(agreement: Agreement) -> MeasurementYear:
    """Hold the first year of the term, so that its terms stay while they are signed.

    Raises:
        PolicyError: there is none in draft.
    """
    year = check_can_be_composed(first_year(agreement))
    return (
        MeasurementYear.objects.select_related("program__group", "opinion")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=year.pk)
    )


def tenant_here() -> Tenant:
    """Read the hospital in scope."""
    return Tenant.objects.get(pk=active_tenant_id())
