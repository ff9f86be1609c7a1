"""Holding what is said of a feed against the rules, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from agreements.programs.models import Program
from comanage.web.errors import PolicyError
from scorecards.dataagreements.models import DataAgreement
from scorecards.dataagreements.policies import check_level_is_covered
from scorecards.dataagreements.queries import agreement_with_renewals
from scorecards.feeds import policies
from scorecards.feeds.models import Feed, FeedUse
from scorecards.intake.spec import DataLevel

if TYPE_CHECKING:  # the actions ask here
    from scorecards.feeds.actions import FeedFacts


def refusals(
    facts: FeedFacts,
    level: DataLevel | None,
    *,
    programs: Sequence[Program] = (),
    today: date,
    but: Feed | None = None,
) -> list[PolicyError]:
    """List why a feed cannot be declared or changed so; nothing when it can.

    Args:
        facts: what is said of it.
        level: of its map; None while the map is not readable yet.
        programs: that shall read it.
        today: at the hospital.
        but: the feed that is changed.
    """

    def check_name() -> None:
        others = Feed.objects.exclude(pk=but.pk) if but else Feed.objects.all()
        is_taken = others.filter(name__iexact=facts.name).exists()
        policies.check_name_is_free(facts.name, is_taken=is_taken)

    def check_programs() -> None:
        taken = FeedUse.objects.select_related("program").filter(program__in=programs)
        policies.check_programs_are_free([use.program.name for use in taken])

    def check_calendar() -> None:
        policies.check_calendar(facts.cadence, facts.first_period_on)

    def check_agreement() -> None:
        if level is not None and not facts.is_sandbox:
            _check_agreement(facts.agreement, level, today=today)

    return list(_broken(check_name, check_programs, check_calendar, check_agreement))


def _check_agreement(chosen: DataAgreement | None, level: DataLevel, *, today: date) -> None:
    if chosen is None:
        policies.check_agreement_is_chosen(level, are_on_file=DataAgreement.objects.exists())
    agreements = agreement_with_renewals(chosen.pk if chosen else None)
    check_level_is_covered(level, agreements, today=today)


def _broken(*checks: Callable[[], None]) -> Iterator[PolicyError]:
    for check in checks:
        try:
            check()
        except PolicyError as broken:
            yield broken
