"""A new version of a map: what it may change, what locked terms keep, what stays on record."""

from dataclasses import replace

import pytest
from django.test import Client

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError
from scorecards.feeds.actions import give_map
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import current_map, spec_of
from scorecards.maps.lines import write_lines
from tests.ground import receive, stays


def give(tenant, spec, note="Since the upgrade."):
    return give_map(
        feed=Feed.objects.get(),
        spec=spec,
        note=note,
        today=tenant.today(),
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )


def without(spec, name):
    return replace(spec, columns=tuple(each for each in spec.columns if each.name != name))


def test_a_file_keeps_the_map_it_came_with(year, inside):
    upload, spec = receive(stays()), spec_of(Feed.objects.get())

    second = give(inside, replace(spec, missing=("N/A",)))

    assert (upload.map.version, second.version) == (1, 2)
    assert current_map(Feed.objects.get()) == second
    (event,) = Event.objects.filter(kind=EventKind.FEED_MAPPED)
    assert event.details["version"] == 2


def test_a_column_that_locked_terms_count_by_stays(year, inside):
    with pytest.raises(PolicyError, match="counts by the column readmitted"):
        give(inside, without(spec_of(Feed.objects.get()), "readmitted"))


def test_before_the_terms_are_locked_a_column_may_go(inside):
    assert give(inside, without(spec_of(Feed.objects.get()), "readmitted")).version == 2


def test_the_case_key_stays_while_locked_terms_count(year, inside):
    spec = spec_of(Feed.objects.get())

    with pytest.raises(PolicyError, match="The key stays encounter_id"):
        give(inside, replace(spec, case_key="readmitted", row_key=("readmitted",)))


@pytest.mark.parametrize("note", ["", "  "])
def test_a_version_without_a_note_or_a_change_is_refused(inside, note):
    spec = spec_of(Feed.objects.get())

    with pytest.raises(PolicyError, match="Say in a note"):
        give(inside, replace(spec, missing=("N/A",)), note)
    with pytest.raises(PolicyError, match="Nothing is changed"):
        give(inside, spec)


def test_the_page_names_the_wrong_line_and_keeps_what_was_typed(inside):
    feed, client = Feed.objects.get(), Client()
    client.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    page, lines = f"/t/smallville/data/feeds/{feed.pk}/map/", write_lines(spec_of(feed).columns)
    sent = {"level": "L1", "row_key": "encounter_id", "note": "One column more."}

    wrong = client.post(page, sent | {"columns": f"{lines}\nbeds words"}).content.decode()
    more = sent | {"columns": f"{lines}\nbeds whole"}
    first = client.post(page, more)
    mark = first.context["mark"]
    other = client.post(page, sent | {"columns": f"{lines}\nrooms whole", "seen": mark})
    held = current_map(feed).version
    right = client.post(page, more | {"seen": mark})

    assert "write a name and a type" in wrong
    assert "beds words" in wrong
    assert "It is of type whole, read from “beds”." in first.content.decode()
    assert other.status_code == 200
    assert held == 1
    assert right.status_code == 302
    assert "One column more." in client.get(page).content.decode()
    assert spec_of(feed).column("beds").type == "whole"


def test_any_two_versions_are_held_against_each_other(inside):
    feed, client = Feed.objects.get(), Client()
    client.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    page = f"/t/smallville/data/feeds/{feed.pk}/map/changes/"
    alone = client.get(page).content.decode()
    give(inside, replace(spec_of(feed), missing=("N/A",)))

    newest = client.get(page).content.decode()
    back = client.get(page, {"earlier": 2, "later": 1}).content.decode()
    none = client.get(page, {"earlier": 9, "later": 1}).content.decode()

    assert "There is one version of this map" in alone
    assert "The texts that mean missing everywhere: added “N/A”." in newest
    assert "The texts that mean missing everywhere: removed “N/A”." in back
    assert "Choose one of the list." in none
