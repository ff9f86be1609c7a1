"""What an agreement on file lets in, and when one may be filed."""

from collections.abc import Sequence
from datetime import date, timedelta

from comanage.values.period import day_text
from comanage.vault.models import SealedFile
from comanage.web.errors import PolicyError
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.intake.spec import DataLevel


class NotCoveredError(PolicyError):
    """No agreement in force lets these rows in."""

    code = "no-data-agreement"


ENOUGH_FOR: dict[DataLevel, tuple[AgreementKind, ...]] = {
    DataLevel.AGGREGATES: (),
    DataLevel.CODED_CASES: (AgreementKind.BUSINESS_ASSOCIATE, AgreementKind.DATA_USE),
    DataLevel.KEYED_CASES: (AgreementKind.BUSINESS_ASSOCIATE,),
}
NEEDED = {
    DataLevel.CODED_CASES: "Coded case rows need a business associate or data use agreement",
    DataLevel.KEYED_CASES: "Case rows with a hospital-keyed case key need a business associate "
    "agreement",
}


def check_level_is_covered(
    level: DataLevel, agreements: Sequence[DataAgreement], *, today: date
) -> None:
    """Raise NotCoveredError unless an agreement in force today lets this level in.

    Args:
        level: of the feed; aggregates need no agreement.
        agreements: the feed's agreement and its renewals, oldest first; empty for none.
        today: at the hospital.

    Source:
        45 CFR 164.504(e) (business associate), 164.514(e) (limited data set, data use agreement).
    """
    enough = ENOUGH_FOR[level]
    if not enough:
        return
    if not agreements:
        raise NotCoveredError(
            f"{NEEDED[level]} on file. Legal counsel, compliance or the tenant administrator "
            f"files it under “Data agreements”; then choose it here. Aggregates need none.",
            field="agreement",
        )
    suited = [each for each in agreements if each.kind in enough]
    if not suited:
        raise NotCoveredError(
            f"{NEEDED[level]}. What is on file is a "
            f"{agreements[-1].get_kind_display().lower()}: file the other kind, or send less.",
            field="agreement",
        )
    if any(each.is_in_force_on(today) for each in suited):
        return
    coming = [each for each in suited if each.valid_from > today]
    if coming:
        raise NotCoveredError(
            f"The {_words(coming[0])} begins on {day_text(coming[0].valid_from)}. Nothing comes "
            f"in under it before that day.",
            field="agreement",
        )
    raise NotCoveredError(
        f"The {_words(suited[-1])} ended on {day_text(_last_day(suited[-1]))}, so nothing more "
        f"comes in under it. Legal counsel, compliance or the tenant administrator files its "
        f"renewal.",
        field="agreement",
    )


def is_level_covered(level: DataLevel, agreements: Sequence[DataAgreement], *, today: date) -> bool:
    """Say whether data of this level may come in today."""
    try:
        check_level_is_covered(level, agreements, today=today)
    except PolicyError:
        return False
    return True


def check_can_file(
    *, signed_on: date, valid_from: date, valid_until: date | None, today: date
) -> None:
    """Raise PolicyError when the dates contradict each other."""
    if signed_on > today:
        raise PolicyError(
            f"{day_text(signed_on)} has not come yet. File the agreement once both have signed."
        )
    if valid_until is not None and valid_until <= valid_from:
        raise PolicyError("The agreement would end before it begins. Check the two days.")


def check_can_renew(renewed: DataAgreement, *, has_renewal: bool) -> None:
    """Raise PolicyError when an agreement has been renewed already."""
    if has_renewal:
        raise PolicyError(
            f"The {_words(renewed)} has a renewal on file already. Renew the newest one."
        )


def check_can_download(agreement: DataAgreement) -> SealedFile:
    """Return the document of an agreement; raise PolicyError when none is on file."""
    document = agreement.document
    if document is None or document.shredded_at is not None:
        raise PolicyError(f"The document of the {_words(agreement)} is not on file here.")
    return document


def _last_day(agreement: DataAgreement) -> date:
    return (agreement.valid_until or date.max) - timedelta(days=1)


def _words(agreement: DataAgreement) -> str:
    return f"{agreement.get_kind_display().lower()} with {agreement.counterparty}"
