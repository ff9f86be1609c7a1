"""Which agreement lets which level in, on which day."""

from datetime import date, timedelta

import pytest

from comanage.web.errors import PolicyError
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.dataagreements.policies import (
    check_can_file,
    check_can_renew,
    check_level_is_covered,
    is_level_covered,
)
from scorecards.dataagreements.queries import chain_from
from scorecards.intake.spec import DataLevel

BAA, DUA = AgreementKind.BUSINESS_ASSOCIATE, AgreementKind.DATA_USE
FIRST, END = date(2026, 1, 1), date(2027, 1, 1)
DAY = timedelta(days=1)


def agreement(kind=BAA, *, start=FIRST, end=END, renews=None):
    # Not saved: no tenant is asked for.
    return DataAgreement(
        tenant_id=None,
        kind=kind,
        counterparty="Harbor Advisers",
        signed_on=start,
        valid_from=start,
        valid_until=end,
        renews=renews,
    )


def refusal(level, agreements, *, today=FIRST):
    with pytest.raises(PolicyError) as refused:
        check_level_is_covered(level, agreements, today=today)
    return str(refused.value)


def test_aggregates_need_no_agreement():
    check_level_is_covered(DataLevel.AGGREGATES, [], today=FIRST)


@pytest.mark.parametrize("level", [DataLevel.CODED_CASES, DataLevel.KEYED_CASES])
def test_case_rows_need_an_agreement(level):
    assert "on file" in refusal(level, [])


@pytest.mark.parametrize(
    ("level", "kind", "is_enough"),
    [
        (DataLevel.CODED_CASES, BAA, True),
        (DataLevel.CODED_CASES, DUA, True),
        (DataLevel.KEYED_CASES, BAA, True),
        (DataLevel.KEYED_CASES, DUA, False),
    ],
)
def test_a_keyed_case_needs_a_business_associate_agreement(level, kind, is_enough):
    assert is_level_covered(level, [agreement(kind)], today=FIRST) is is_enough


def test_an_agreement_of_the_wrong_kind_is_named():
    assert "is a data use agreement" in refusal(DataLevel.KEYED_CASES, [agreement(DUA)])


@pytest.mark.parametrize(
    ("today", "is_covered"),
    [(FIRST - DAY, False), (FIRST, True), (END - DAY, True), (END, False)],
)
def test_an_agreement_holds_from_its_first_day_to_its_last(today, is_covered):
    assert is_level_covered(DataLevel.CODED_CASES, [agreement()], today=today) is is_covered


def test_before_and_after_its_days_the_sentence_names_the_day():
    before = refusal(DataLevel.CODED_CASES, [agreement()], today=FIRST - DAY)
    after = refusal(DataLevel.CODED_CASES, [agreement()], today=END)

    assert "begins on 1 Jan 2026" in before
    assert "ended on 31 Dec 2026" in after


def test_an_agreement_without_an_end_holds():
    assert is_level_covered(DataLevel.CODED_CASES, [agreement(end=None)], today=date(2090, 1, 1))


def test_a_renewal_carries_on_where_the_first_ends():
    first = agreement()
    chain = [first, agreement(start=END, end=None, renews=first)]

    assert is_level_covered(DataLevel.KEYED_CASES, chain, today=END - DAY)
    assert is_level_covered(DataLevel.KEYED_CASES, chain, today=END)


def test_a_gap_between_an_agreement_and_its_renewal_lets_nothing_in():
    first = agreement()
    chain = [first, agreement(start=END + 2 * DAY, renews=first, end=None)]

    assert "begins on 3 Jan 2027" in refusal(DataLevel.CODED_CASES, chain, today=END)


def test_a_chain_begins_with_the_feeds_agreement_and_follows_its_renewals_alone():
    first, other = agreement(), agreement()
    second = agreement(renews=first)
    third = agreement(renews=second)

    assert chain_from(first.pk, [third, other, second, first]) == [first, second, third]
    assert chain_from(second.pk, [third, other, second, first]) == [second, third]


def test_an_agreement_is_filed_once_it_is_signed_and_ends_after_it_begins():
    days = {"valid_from": FIRST, "valid_until": END}
    check_can_file(signed_on=FIRST, today=FIRST, **days)
    check_can_file(signed_on=FIRST, today=FIRST, valid_from=FIRST, valid_until=None)

    with pytest.raises(PolicyError, match="2 Jan 2026 has not come yet"):
        check_can_file(signed_on=FIRST + DAY, today=FIRST, **days)
    with pytest.raises(PolicyError, match="end before it begins"):
        check_can_file(signed_on=FIRST, today=FIRST, valid_from=FIRST, valid_until=FIRST)


def test_an_agreement_is_renewed_once():
    check_can_renew(agreement(), has_renewal=False)

    with pytest.raises(PolicyError, match="has a renewal on file already"):
        check_can_renew(agreement(), has_renewal=True)
