"""The shape of a license, and of a search."""

from datetime import date, timedelta
from typing import Any

from django import forms

from agreements.credentials.actions import SearchFacts
from agreements.credentials.models import ExclusionList, ScreeningOutcome
from agreements.credentials.states import STATES
from agreements.participants.models import Participant, Physician
from agreements.participants.queries import newest_stints, physicians_of
from agreements.programs.models import Program
from comanage.values.period import day_text
from comanage.web.choices import offer
from comanage.web.dates import DayField
from comanage.web.names import NameField

_GROUP = "group"


class LicenseForm(forms.Form):
    """A license of one physician in one state."""

    physician = forms.ChoiceField()
    state = forms.ChoiceField(choices=[("", "Choose"), *STATES.items()])
    number = NameField(max_length=40, label="Number of the license")
    last_day = DayField(label="Good until", help_text="The last day it holds.")

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._physicians = {str(each.pk): each for each in physicians_of(program)}
        named = [(key, f"{p.name}, NPI {p.npi}") for key, p in self._physicians.items()]
        offer(self, "physician", [("", "Choose"), *named])

    def facts(self) -> dict[str, Any]:
        """Return what was filled in, with the half-open end."""
        given = self.cleaned_data
        return {
            "physician": self._physicians[given["physician"]],
            "state": given["state"],
            "number": given["number"],
            "valid_until": given["last_day"] + timedelta(days=1),
        }


class ScreeningForm(forms.Form):
    """Who was looked up on which list, and what was found."""

    physicians = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Who was looked up"
    )
    lists = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Where",
        choices=[
            (ExclusionList.LEIE.value, "LEIE, the OIG's list of excluded individuals and entities"),
            (ExclusionList.SAM.value, "SAM, the exclusions of all federal agencies"),
        ],
        initial=ExclusionList.values,
    )
    searched_on = DayField(label="Day of the search", help_text="A search holds for 31 days.")
    outcome = forms.ChoiceField(
        label="What was found",
        choices=ScreeningOutcome.choices,
        widget=forms.RadioSelect,
        help_text="The same for all who are ticked above. Whoever was found is recorded alone.",
    )
    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Of a match: what was found and what is done. After a match: how it was cleared.",
    )

    def __init__(self, *args: Any, program: Program, today: date, **kwargs: Any) -> None:
        stints = newest_stints(program)
        self._physicians = {str(each.physician_id): each.physician for each in stints}
        there = [str(each.physician_id) for each in stints if each.left_on is None]
        kwargs["initial"] = {"physicians": [_GROUP, *there], "searched_on": today}
        super().__init__(*args, **kwargs)
        named = [(str(each.physician_id), _named(each)) for each in stints]
        itself = f"{program.group.name}, the group or management company itself"
        offer(self, "physicians", [(_GROUP, itself), *named])

    def looked_up(self) -> list[Physician]:
        """Return which physicians were looked up."""
        return [self._physicians[key] for key in self._whom if key != _GROUP]

    @property
    def _whom(self) -> list[str]:
        given: list[str] = self.cleaned_data["physicians"]
        return given

    def facts(self) -> SearchFacts:
        """Return the search."""
        given = self.cleaned_data
        return SearchFacts(
            tuple(ExclusionList(name) for name in given["lists"]),
            given["searched_on"],
            ScreeningOutcome(given["outcome"]),
            given["note"],
            with_group=_GROUP in self._whom,
        )


def _named(participant: Participant) -> str:
    physician, left = participant.physician, participant.left_on
    gone = f", left {day_text(left)}" if left else ""
    return f"{physician.name}, NPI {physician.npi}{gone}"
