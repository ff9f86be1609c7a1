"""The statuses of an agreement, and who moves it."""

from agreements.drafting.models import AgreementStatus

AGREEMENT_NEXT: dict[AgreementStatus, set[AgreementStatus]] = {
    AgreementStatus.DRAFTING: {AgreementStatus.APPROVAL, AgreementStatus.WITHDRAWN},
    AgreementStatus.APPROVAL: {
        AgreementStatus.DRAFTING,  # returned for changes
        AgreementStatus.SIGNING,
        AgreementStatus.WITHDRAWN,
    },
    AgreementStatus.SIGNING: {
        AgreementStatus.DRAFTING,  # a signatory returned it before all had signed
        AgreementStatus.EXECUTED,
        AgreementStatus.WITHDRAWN,
    },
    AgreementStatus.EXECUTED: {AgreementStatus.ENDED},
    AgreementStatus.ENDED: set(),
    AgreementStatus.WITHDRAWN: set(),
}
