"""The shapes of an agreement's facts, and of a clause that a program writes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms

from agreements.drafting.compose import Template
from agreements.drafting.facts import (
    LEAST_NOTICE,
    LONGEST_NOTICE,
    STANDARD_HOLDOVER_NOTICE_DAYS,
    STANDARD_NOTICE_DAYS,
    AgreementFacts,
)
from agreements.drafting.models import ADDRESS_LENGTH, Agreement, ExceptionPath, Renewal
from agreements.drafting.words import STATES
from agreements.programs.models import Program
from comanage.values.period import Period, PeriodError
from comanage.web.choices import offer
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from comanage.web.names import NameField


def _state_name(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


class AgreementForm(forms.Form):
    """Parties, term and law."""

    title = NameField(max_length=160, help_text="As it stands on the first page.")
    hospital_name = NameField(
        max_length=160, label="Hospital", help_text="Its legal name, as the party that signs."
    )
    hospital_address = NameField(
        max_length=ADDRESS_LENGTH,
        required=False,
        label="Hospital's address for notices",
        help_text="Left empty, the signature page has a line for it.",
    )
    physicians_address = NameField(
        max_length=ADDRESS_LENGTH, required=False, label="Physicians' address for notices"
    )
    facility = NameField(max_length=160, help_text="The site that the program is about.")
    state = forms.ChoiceField(
        choices=[("", "Choose"), *((code, _state_name(name)) for code, name in STATES.items())],
        label="Governing law",
    )
    starts_on = DayField(label="First day")
    last_day = DayField(label="Last day", help_text="At least a year later; two or three is usual.")
    renewal = forms.ChoiceField(choices=Renewal.choices, label="After the last day")
    notice_days = forms.IntegerField(
        min_value=LEAST_NOTICE,
        max_value=LONGEST_NOTICE,
        label="Days of notice to end it without cause",
        help_text="The clause prints them, and the register and the calendar count by them.",
    )
    holdover_notice_days = forms.IntegerField(
        min_value=LEAST_NOTICE,
        max_value=LONGEST_NOTICE,
        label="Days of notice to end a holdover",
        help_text="Printed only where the agreement goes on, on the same terms, after its last "
        "day.",
    )
    path = forms.ChoiceField(
        choices=ExceptionPath.choices,
        required=False,
        label="Exception that counsel relies on",
        help_text="No clause depends on it. The findings ask more of a value-based path.",
    )
    is_bond_financed = forms.BooleanField(
        required=False,
        label="The facility is financed by tax-exempt bonds",
        help_text="Then the agreement keeps to what a management contract in such space may say.",
    )

    def __init__(
        self,
        *args: Any,
        program: Program,
        hospital: str,
        agreement: Agreement | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = (
            {
                "title": f"{program.name} agreement",
                "hospital_name": hospital,
                "notice_days": STANDARD_NOTICE_DAYS,
                "holdover_notice_days": STANDARD_HOLDOVER_NOTICE_DAYS,
            }
            if agreement is None
            else {
                "title": agreement.title,
                "hospital_name": agreement.hospital_name,
                "hospital_address": agreement.hospital_address,
                "physicians_address": agreement.physicians_address,
                "facility": agreement.facility,
                "state": agreement.state,
                "starts_on": agreement.starts_on,
                "last_day": agreement.term.last,
                "renewal": agreement.renewal,
                "path": agreement.path,
                "notice_days": agreement.notice_days,
                "holdover_notice_days": agreement.holdover_notice_days,
                "is_bond_financed": agreement.is_bond_financed,
            }
        )
        super().__init__(*args, **kwargs)

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        return (
            group(self, "Who agrees", ("title", "hospital_name", "facility", "state")),
            group(self, "Where notices go", ("hospital_address", "physicians_address")),
            group(self, "For how long", ("starts_on", "last_day"), columns=2),
            group(self, "How it is ended", ("notice_days", "holdover_notice_days"), columns=2),
            group(self, "What else decides its clauses", ("renewal", "is_bond_financed")),
            group(self, "For the findings", ("path",)),
        )

    def clean(self) -> dict[str, Any]:
        """Make the half-open term of the two days."""
        given = super().clean() or {}
        if "starts_on" in given and "last_day" in given:
            try:
                given["term"] = Period(given["starts_on"], given["last_day"] + timedelta(days=1))
            except PeriodError:
                self.add_error("last_day", "The last day is before the first.")
        return given

    def facts(self) -> AgreementFacts:
        """Return what the agreement says of itself."""
        given = self.cleaned_data
        return AgreementFacts(
            title=given["title"],
            term=given["term"],
            hospital=given["hospital_name"],
            facility=given["facility"],
            state=given["state"],
            is_bond_financed=given["is_bond_financed"],
            renewal=given["renewal"],
            path=given["path"],
            notice_days=given["notice_days"],
            holdover_notice_days=given["holdover_notice_days"],
            hospital_address=given["hospital_address"],
            physicians_address=given["physicians_address"],
        )


class ReasonForm(forms.Form):
    """Why something is done to the agreement."""

    reason = forms.CharField(max_length=500, label="Why")


class ClauseForm(forms.Form):
    """A clause as the program writes it."""

    heading = NameField(max_length=120)
    text = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Paragraphs apart by an empty line; one that begins with (a) is an item of the "
        "paragraph before it. What stands in braces is filled from the terms.",
    )
    reason = forms.CharField(
        max_length=500,
        label="Why",
        help_text="It stands beside the clause for everybody who drafts.",
    )

    def __init__(self, *args: Any, template: Template | None = None, **kwargs: Any) -> None:
        if template is not None:
            kwargs["initial"] = {"heading": template.heading, "text": template.text}
        super().__init__(*args, **kwargs)


class NewClauseForm(ClauseForm):
    """A clause that the standard does not have."""

    after = forms.ChoiceField(label="Follows")
    field_order = ["heading", "after", "text", "reason"]

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "after", clauses)


class MoveForm(forms.Form):
    """Where a clause should stand, and why."""

    after = forms.ChoiceField(label="Stands after")
    reason = forms.CharField(max_length=400, label="Why it should stand there")

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "after", [("", "Choose"), *places])


class VersionForm(forms.Form):
    """What a version is made for."""

    note = forms.CharField(
        max_length=500,
        required=False,
        label="What this version is for",
        help_text="Such as: after the first meeting with counsel of the physicians.",
    )
