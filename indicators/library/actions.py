"""Taking indicators up and writing new versions of them."""

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from indicators.catalogue import standard_definition
from indicators.library.models import Indicator, IndicatorVersion
from indicators.library.policies import check_can_adopt, check_is_different
from indicators.measure.definition import Definition


@transaction.atomic
def adopt_indicator(*, slug: str, by: Actor) -> IndicatorVersion:
    """Copy a standard indicator into the hospital's library as version 1.

    Raises:
        LookupError: the catalogue has no such indicator.
        PolicyError: the hospital has it already.
    """
    definition = standard_definition(slug)
    check_can_adopt(definition, is_adopted=Indicator.objects.filter(slug=slug).exists())
    indicator = Indicator.objects.create(slug=slug, title=definition.title)
    version = _save(indicator, 1, definition, by)
    record_event(kind=EventKind.INDICATOR_ADOPTED, subject=version, by=by, sha256=version.sha256)
    return version


@transaction.atomic
def save_version(*, indicator: Indicator, definition: Definition, by: Actor) -> IndicatorVersion:
    """Write a changed definition as the next version; terms that were signed keep theirs.

    Raises:
        PolicyError: nothing changed.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    last = indicator.versions.order_by("-number").first()
    check_is_different(definition, last.sha256 if last else "")
    version = _save(indicator, last.number + 1 if last else 1, definition, by)
    record_event(
        kind=EventKind.INDICATOR_VERSION_SAVED, subject=version, by=by, sha256=version.sha256
    )
    return version


def _save(indicator: Indicator, number: int, definition: Definition, by: Actor) -> IndicatorVersion:
    return IndicatorVersion.objects.create(
        indicator=indicator,
        number=number,
        document=definition.to_document(),
        sha256=definition.sha256,
        created_by_id=by.id if by.role else None,
    )
