"""The shape of a hold, a dispute and a release."""

from typing import Any

from django import forms

from adjudication.holds.actions import HoldFacts
from adjudication.holds.causes import BY_HAND, OWNERS, Cause
from adjudication.holds.models import Hold, Outcome
from comanage.identity.roles import Role
from comanage.web.choices import offer
from comanage.web.dates import DayField


def _words(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), **more
    )


class HoldForm(forms.Form):
    """A named cause, and who mends it until when."""

    cause = forms.ChoiceField(choices=[(cause.value, cause.label) for cause in BY_HAND])
    what = _words("What is missing", help_text="And what mends it. Name no patient.")
    owner = forms.ChoiceField(
        label="Who mends it", choices=[(role.value, role.label) for role in OWNERS]
    )
    due_on = DayField(label="Until")

    def facts(self) -> HoldFacts:
        """Return what was filled in."""
        given = self.cleaned_data
        return HoldFacts(
            Cause(given["cause"]), given["what"], Role(given["owner"]), given["due_on"]
        )


class DisputeForm(forms.Form):
    """What is disputed of a result."""

    indicator = forms.ChoiceField(required=False)
    what = _words("What is wrong", help_text="And what shows it. Name no patient.")

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the year's indicators by slug and title."""
        super().__init__(*args, **kwargs)
        offer(self, "indicator", [("", "The whole result"), *indicators])


class ReleaseForm(forms.Form):
    """How a hold ends."""

    outcome = forms.ChoiceField(widget=forms.RadioSelect)
    answer = _words("Answer", help_text="What was done, or why. It stays with the year.")

    def __init__(self, *args: Any, hold: Hold, **kwargs: Any) -> None:
        """Offer the ends that this hold can have."""
        super().__init__(*args, **kwargs)
        ends = [Outcome.MENDED]
        if hold.cause == Cause.DISPUTE:
            ends = [Outcome.UPHELD, Outcome.REJECTED]
        if len(ends) == 1:
            self.fields["outcome"].widget = forms.HiddenInput()
            self.fields["outcome"].initial = ends[0].value
        offer(self, "outcome", [(end.value, end.label) for end in ends])
        self.hold, self.auto_id = hold, f"id_{hold.pk}_%s"
