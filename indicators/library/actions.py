"""Taking indicators up and writing new versions of them."""

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from indicators.catalogue import standard_definition, standard_definitions
from indicators.library import policies
from indicators.library.models import Indicator, IndicatorVersion
from indicators.measure.definition import Definition


@transaction.atomic
def adopt_indicator(*, slug: str, by: Actor) -> IndicatorVersion:
    """Copy a standard indicator into the hospital's library as version 1.

    Raises:
        LookupError: the catalogue has no such indicator.
        PolicyError: the hospital has it already.
    """
    definition = standard_definition(slug)
    indicator, is_new = _take_slug(definition)
    policies.check_can_adopt(definition, is_adopted=not is_new)
    version = _save(indicator, 1, definition, by)
    record_event(kind=EventKind.INDICATOR_ADOPTED, subject=version, by=by, sha256=version.sha256)
    return version


@transaction.atomic
def create_indicator(
    *, definition: Definition, copied_from: IndicatorVersion | None = None, by: Actor
) -> IndicatorVersion:
    """Take an indicator that the hospital wrote itself into its library as version 1.

    Args:
        definition: the whole of it.
        copied_from: the version that it began as; only the trail keeps it.
        by: who wrote it.

    Raises:
        PolicyError: the short name is taken, or an example of the deck fails.
    """
    slug = definition.slug
    is_standard = any(slug == standard.slug for standard in standard_definitions())
    indicator, is_new = _take_slug(definition)
    policies.check_slug_is_free(slug, is_taken=not is_new, is_standard=is_standard)
    policies.check_deck_holds(definition)
    version = _save(indicator, 1, definition, by)
    origin = {"copied_from": str(copied_from)} if copied_from else {}
    record_event(
        kind=EventKind.INDICATOR_CREATED, subject=version, by=by, sha256=version.sha256, **origin
    )
    return version


@transaction.atomic
def save_version(
    *, indicator: Indicator, definition: Definition, based_on: int | None = None, by: Actor
) -> IndicatorVersion:
    """Write a changed definition as the next version; terms that were signed keep theirs.

    Args:
        indicator: whose version it is.
        definition: the whole of it.
        based_on: number of the version that was changed; None when nobody else can write.
        by: who wrote it.

    Raises:
        PolicyError: nothing changed, someone else saved meanwhile, or the deck fails.
    """
    indicator = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    last = indicator.versions.select_related("created_by").order_by("-number").first()
    policies.check_nobody_was_faster(last, based_on=based_on)
    policies.check_is_different(definition, last.sha256 if last else "")
    policies.check_deck_holds(definition)
    version = _save(indicator, last.number + 1 if last else 1, definition, by)
    if indicator.title != definition.title:
        indicator.title = definition.title
        indicator.save(update_fields=["title"])
    record_event(
        kind=EventKind.INDICATOR_VERSION_SAVED, subject=version, by=by, sha256=version.sha256
    )
    return version


def _take_slug(definition: Definition) -> tuple[Indicator, bool]:
    """Make the indicator, or find who has its short name already, also when two are as fast."""
    return Indicator.objects.get_or_create(
        slug=definition.slug, defaults={"title": definition.title}
    )


def _save(indicator: Indicator, number: int, definition: Definition, by: Actor) -> IndicatorVersion:
    return IndicatorVersion.objects.create(
        indicator=indicator,
        number=number,
        document=definition.to_document(),
        sha256=definition.sha256,
        created_by_id=by.id if by.role else None,
    )
