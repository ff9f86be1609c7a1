"""Whom signing tells what. A notice says to sign in: no link in it opens anything by itself."""

from collections.abc import Iterable

from django.urls import reverse

from agreements.drafting.models import Agreement
from agreements.negotiation.models import Side
from agreements.signing.models import SigningRound
from agreements.signing.policies import needs_left, roles_next
from agreements.signing.queries import members_in
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.notices.actions import tell
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id


def tell_approvers(agreement: Agreement, round_: SigningRound, *, by: Actor) -> None:
    """Tell those whose turn it is to approve."""
    roles = roles_next(round_)
    key = f"to-approve:{round_.pk}:{'-'.join(sorted(roles))}"
    people = [each for each in members_in(roles) if each.pk != round_.sent_by_id]
    _tell(agreement, people, key, "Yours to approve", by=by)


def tell_signatories(agreement: Agreement, round_: SigningRound, *, by: Actor) -> None:
    """Tell those whose turn it is to sign."""
    done = {each.side for each in round_.signatures.all()}
    waiting = []
    if Side.PHYSICIANS not in done:
        waiting.append(round_.physicians_signatory)
    if Side.HOSPITAL not in done and (Side.PHYSICIANS in done or not round_.physicians_first):
        waiting.append(round_.hospital_signatory)
    _tell(agreement, waiting, f"to-sign:{round_.pk}:{len(done)}", "Yours to sign", by=by)


def tell_back(agreement: Agreement, round_: SigningRound, *, by: Actor) -> None:
    """Tell whoever sent the version round that it came back."""
    said = "Returned, declined or rejected"
    _tell(agreement, [round_.sent_by], f"came-back:{round_.pk}", said, by=by)


def tell_recalled(agreement: Agreement, round_: SigningRound, *, by: Actor) -> None:
    """Tell those who have seen a version, or were to, that it was taken back."""
    people = [
        *(each.decided_by for each in round_.decisions.all()),
        *members_in(roles_next(round_)),
        *(each.signed_by for each in round_.signatures.all()),
    ]
    if not needs_left(round_):  # they were told that it is theirs to sign
        people += [round_.hospital_signatory, round_.physicians_signatory]
    _tell(agreement, people, f"recalled:{round_.pk}", "Recalled", by=by)


def tell_executed(agreement: Agreement, round_: SigningRound, *, by: Actor) -> None:
    """Tell both signatories and the sender that the agreement is executed."""
    people = {round_.sent_by, round_.hospital_signatory, round_.physicians_signatory}
    _tell(agreement, people, f"executed:{round_.pk}", "Executed", by=by)


def _tell(agreement: Agreement, users: Iterable[User], key: str, said: str, *, by: Actor) -> None:
    tenant = Tenant.objects.get(pk=active_tenant_id())
    tell(
        users=list(users),
        key=key,
        subject=f"{said}: {agreement.title}",
        body="Sign in with your own account to read it and to go on.",
        path=reverse("agreements:signing", args=[tenant.slug, agreement.pk]),
        by=by,
    )
