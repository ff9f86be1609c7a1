"""The shapes of a seat on the committee and of a disclosure."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from agreements.governance.actions import DisclosureFacts, SeatFacts
from agreements.governance.models import CommitteeSeat, Position
from agreements.participants.models import Physician
from agreements.participants.queries import physicians_of
from agreements.programs.models import Program
from comanage.identity.models import Membership
from comanage.web.choices import RowChoiceField, offer
from comanage.web.dates import DayField
from comanage.web.names import NameField

PHYSICIAN, SEAT = "physician", "seat"


def _members() -> "QuerySet[Membership]":
    return Membership.objects.select_related("user").filter(revoked_at=None)


class CommitteeSeatForm(forms.Form):
    """A member, or a person without a sign-in, who sits on the committee."""

    membership = RowChoiceField(
        _members, required=False, label="Member", help_text="Of this hospital's members, if any."
    )
    name = NameField(required=False, max_length=120, label="Or a person who does not sign in here")
    organization = forms.CharField(
        max_length=160, label="Sits there for", help_text="Such as the hospital, or the group."
    )
    position = forms.ChoiceField(choices=Position.choices, initial=Position.MEMBER)
    is_outside_group = forms.BooleanField(
        required=False,
        label="Is none of those whom the program pays",
        help_text="Indicators and goals are to be set by more than the paid group.",
    )
    sits_from = DayField(label="First day on the committee")

    one_of = ("membership", "name")

    def clean(self) -> dict[str, Any]:
        """Ask for one person."""
        given = super().clean() or {}
        if bool(given.get("membership")) == bool(given.get("name")) and not self.errors:
            self.add_error("name", "Choose a member or name somebody else, one of the two.")
        return given

    def facts(self) -> SeatFacts:
        """Return the seat."""
        given = self.cleaned_data
        return SeatFacts(**given | {"position": Position(given["position"])})


class EndForm(forms.Form):
    """When a seat ends."""

    sits_until = DayField(label="First day no longer on the committee")


class DisclosureForm(forms.Form):
    """What a person disclosed for a year."""

    person = forms.ChoiceField()
    year = forms.IntegerField(min_value=2000, max_value=2200, label="For the year")
    disclosed_on = DayField(label="Day of the disclosure")
    interest = forms.CharField(
        required=False,
        max_length=1000,
        label="Interest",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as a share in a supplier. Empty: nothing to disclose.",
    )
    handling = forms.CharField(
        required=False,
        max_length=1000,
        label="What is done about it",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as leaving the room when that supplier is decided on.",
    )

    def __init__(self, *args: Any, program: Program, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"year": today.year, "disclosed_on": today}
        super().__init__(*args, **kwargs)
        self._people: dict[str, Physician | CommitteeSeat] = {
            **{f"{PHYSICIAN}-{each.pk}": each for each in physicians_of(program)},
            **{f"{SEAT}-{each.pk}": each for each in program.committee.all()},
        }
        named = [(key, _named(each)) for key, each in self._people.items()]
        offer(self, "person", [("", "Choose"), *named])

    def facts(self) -> DisclosureFacts:
        """Return the disclosure."""
        given = self.cleaned_data
        return DisclosureFacts(**given | {"person": self._people[given["person"]]})


def _named(person: Physician | CommitteeSeat) -> str:
    if isinstance(person, Physician):
        return f"{person.name}, physician"
    return f"{person.name}, committee, for {person.organization}"
