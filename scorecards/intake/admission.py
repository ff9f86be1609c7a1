"""Whether a feed takes a file for some days now: the rules, on the rows as they stand."""

from comanage.values.period import Period
from scorecards.feeds.models import Feed
from scorecards.feeds.policies import check_may_take_files
from scorecards.feeds.queries import agreements_of
from scorecards.intake import policies
from scorecards.intake.queries import accepted_periods, years_reading


def check_period(feed: Feed, period: Period, *, restates: bool = False, lock: bool = False) -> None:
    """Refuse a period that is not open. The sandbox has no program, and takes any.

    Args:
        feed: whose file it is.
        period: the days of the file.
        restates: whether a restatement is asked for, which a closed period needs.
        lock: hold the years until the transaction ends, so that none closes meanwhile.

    Raises:
        PeriodLockedError: the period is closed.
        PolicyError: it is not open, or cuts across one that was accepted.
    """
    accepted = accepted_periods(feed)
    if not feed.is_sandbox:
        years = years_reading(feed, lock=lock)
        policies.check_period_is_open(period, years, restates=restates)
        policies.check_is_of_one_year(period, years, accepted)
    policies.check_period_fits(period, accepted)


def check_still_taken(feed: Feed, period: Period, *, restates: bool = False) -> None:
    """Refuse cases that may not count any more, though their file was taken in; hold the years.

    Raises:
        NotCoveredError: the agreement has ended that let them in.
        PeriodLockedError: the period has been closed meanwhile.
        PolicyError: another file was accepted that the period cuts across.
    """
    check_may_take_files(feed, agreements_of(feed), today=feed.tenant.today())
    check_period(feed, period, restates=restates, lock=True)
