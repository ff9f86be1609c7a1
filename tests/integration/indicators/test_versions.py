"""A version of an indicator never changes; a change is the next version."""

import pytest
from django.db import Error, connection, transaction

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError
from indicators.catalogue import standard_definition
from indicators.library.actions import adopt_indicator, save_version
from indicators.library.models import IndicatorVersion
from indicators.measure.definition import Definition
from tests.ground import SIGNED_ON, small_draft

SLUG = "hba1c-measured"


@pytest.fixture
def version(inside):
    return adopt_indicator(slug=SLUG, by=member(Role.CONSULTANT))


def changed(version):
    return Definition.from_document(version.document | {"rationale": "Another reason."})


def test_an_adopted_indicator_is_the_standard_one(version):
    assert version.number == 1
    assert version.definition == standard_definition(SLUG)
    assert version.sha256 == standard_definition(SLUG).sha256
    assert Event.objects.first().kind == EventKind.INDICATOR_ADOPTED


def test_an_indicator_is_adopted_once(version):
    with pytest.raises(PolicyError, match="in the library already"):
        adopt_indicator(slug=SLUG, by=member(Role.CONSULTANT))


def test_a_change_is_the_next_version_and_leaves_the_first(version):
    before = dict(version.document)

    later = save_version(
        indicator=version.indicator, definition=changed(version), by=member(Role.CONSULTANT)
    )

    version.refresh_from_db()
    assert (later.number, version.document) == (2, before)
    assert later.sha256 != version.sha256


def test_a_version_that_says_the_same_is_not_saved(version):
    with pytest.raises(PolicyError, match="Nothing differs"):
        save_version(
            indicator=version.indicator,
            definition=version.definition,
            by=member(Role.CONSULTANT),
        )

    assert version.indicator.versions.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE indicators_indicatorversion SET document = '{}'",
        "UPDATE indicators_indicatorversion SET sha256 = ''",
        "DELETE FROM indicators_indicatorversion",
    ],
)
def test_a_version_cannot_be_changed_or_removed_by_sql(version, statement):
    with (
        pytest.raises(Error, match=r"Cannot update or delete|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_version_cannot_be_changed_by_the_orm(version):
    version.document = {}

    refused = pytest.raises(Error, match=r"Cannot update or delete|permission denied")
    with refused, transaction.atomic():
        version.save()


def test_signed_terms_keep_the_version_they_were_signed_with(inside):
    from agreements.terms.actions import lock_terms

    year = lock_terms(year=small_draft(), signed_on=SIGNED_ON, by=member(Role.CONSULTANT))
    version = IndicatorVersion.objects.get(indicator__slug=SLUG)
    save_version(
        indicator=version.indicator, definition=changed(version), by=member(Role.CONSULTANT)
    )

    year.refresh_from_db()
    signed = next(one for one in year.terms["indicators"] if one["slug"] == SLUG)
    assert (signed["version"], signed["definition_sha256"]) == (1, version.sha256)
