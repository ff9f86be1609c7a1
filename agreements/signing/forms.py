"""The shapes of sending a version round, deciding on it, signing it and declining."""

from collections.abc import Sequence
from typing import Any

from django import forms

from agreements.signing.models import Decided
from comanage.identity.models import User
from comanage.web.choices import offer


class SendForm(forms.Form):
    """Who signs for each side, and in which order."""

    hospital = forms.ChoiceField(label="Signs for the hospital")
    physicians = forms.ChoiceField(label="Signs for the physicians")
    physicians_first = forms.BooleanField(
        required=False, label="The physicians sign first", help_text="Otherwise in any order."
    )

    def __init__(
        self, *args: Any, hospital: Sequence[User], physicians: Sequence[User], **kwargs: Any
    ) -> None:
        """Offer who may sign."""
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in (*hospital, *physicians)}
        for name, people in (("hospital", hospital), ("physicians", physicians)):
            offer(self, name, [("", "Choose"), *((str(each.pk), each.name) for each in people)])

    def chosen(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = self.cleaned_data
        return {
            "hospital": self.people[given["hospital"]],
            "physicians": self.people[given["physicians"]],
            "physicians_first": given["physicians_first"],
        }


class DecisionForm(forms.Form):
    """What an approver says."""

    outcome = forms.ChoiceField(
        choices=[(each.value, each.label) for each in Decided if each != Decided.MET],
        label="Decision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you decide."},
    )
    reason = forms.CharField(
        required=False,
        max_length=500,
        label="Reason or condition",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed for everything but a plain approval. The other side never reads it.",
    )


class RecallForm(forms.Form):
    """Why a version is taken back."""

    reason = forms.CharField(
        max_length=500,
        label="Why",
        help_text="The hospital's side reads it; the physicians' side reads only that it was "
        "recalled.",
    )


class SignForm(forms.Form):
    """A signature on the version that the page shows."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    has_read = forms.BooleanField(label="I have read this version, its exhibits included")
    consents = forms.BooleanField(label="I agree to sign and to receive records electronically")
    typed_name = forms.CharField(
        max_length=160,
        label="Your name",
        help_text="Type it as it is spelled above. Typing it is your signature.",
    )


class DeclineForm(forms.Form):
    """Why somebody does not sign."""

    reason = forms.CharField(
        max_length=500, label="Why", help_text="Both sides read it, so that it can be mended."
    )
