"""The shape of an upload in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms

from comanage.values.period import Period, PeriodError
from comanage.web.dates import DayField
from scorecards.intake.looking import Choice, Look
from scorecards.intake.spec_columns import MAX_TEXT
from scorecards.intake.spec_files import MAX_HEADER_ROW

UPLOAD_FORM = "upload"  # the id of the form on its page; these fields stand outside it
_OF_THE_UPLOAD = {"form": UPLOAD_FORM}


class LayoutForm(forms.Form):
    """Where in the file the cases stand, chosen beside what was seen of it."""

    sheet = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.TextInput(attrs=_OF_THE_UPLOAD)
    )
    header_row = forms.IntegerField(
        label="Row of the header",
        required=False,
        min_value=1,
        max_value=MAX_HEADER_ROW,
        widget=forms.NumberInput(attrs=_OF_THE_UPLOAD),
    )
    # The choice of the sheet that the row was found for: in another it is found anew.
    looked_sheet = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.HiddenInput(attrs=_OF_THE_UPLOAD)
    )
    use_required_attribute = False

    @classmethod
    def beside(cls, look: Look) -> LayoutForm:
        """Offer what a file has, with what was found or chosen."""
        sheet = look.sheet if look.absent_sheet else look.chosen_sheet
        form = cls(initial={"sheet": sheet, "header_row": look.header_row, "looked_sheet": sheet})
        for field in form.fields.values():
            field.required = True  # a choice was made for each: none reads as optional
        if len(look.sheets) > 1 or look.absent_sheet:
            form.fields["sheet"].widget = forms.Select(_OF_THE_UPLOAD, _sheets(look))
        else:
            del form.fields["sheet"]
        return form

    @property
    def is_said(self) -> bool:
        """Whether anything was chosen."""
        return any(self.data.get(name) for name in ("sheet", "header_row"))

    @property
    def choice(self) -> Choice:
        """What to look at next."""
        given = self.cleaned_data
        is_for_this = given["sheet"] == given["looked_sheet"]
        return Choice(given["sheet"], given["header_row"] if is_for_this else None)

    @property
    def layout(self) -> dict[str, Any]:
        """What was chosen of the sheet and the header row, as a submission keeps it."""
        chosen = {name: self.cleaned_data.get(name) for name in ("sheet", "header_row")}
        return {name: value for name, value in chosen.items() if value}


def _sheets(look: Look) -> list[tuple[str, str]]:
    sheets = [
        (
            each.name,
            f"{each.name}: {_counted(each.rows, 'row')}, {_counted(each.columns, 'column')}",
        )
        for each in look.sheets
    ]
    if look.absent_sheet:
        return sheets
    declared = look.declared.sheet
    if look.is_sample:
        found = "The largest"
    elif declared:
        found = f"As the feed declares: {declared}"
    else:
        found = "The one with the declared columns"
    return [("", found), *sheets]


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


class LookForm(forms.Form):
    """A file."""

    file = forms.FileField(
        help_text="CSV, XLSX, Parquet, NDJSON or JSON; text may be packed by gzip. Of a workbook "
        "with several sheets, or with titles above the header, look at it first and choose."
    )


class UploadForm(LookForm):
    """A file and the days it is for."""

    starts_on = DayField(label="First day of the cases")
    last_day = DayField(label="Last day of the cases")
    restatement_reason = forms.CharField(
        label="Reason for a restatement",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only for days of a closed year: what was wrong, how it was found, who says so. "
        "Name no patient.",
    )
    # Made with the page, so that a second click sends the same key.
    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: Any, closed: Sequence[Period] = (), **kwargs: Any) -> None:
        """Offer a restatement where years are closed.

        Args:
            *args: as of any form.
            closed: the closed years that read the feed.
            **kwargs: as of any form.
        """
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("idempotency_key", uuid4().hex)
        super().__init__(*args, **kwargs)
        if not closed:
            del self.fields["restatement_reason"]

    def clean(self) -> dict[str, Any]:
        """Make the half-open period of the two days."""
        given = super().clean() or {}
        if "starts_on" in given and "last_day" in given:
            try:
                given["period"] = Period(given["starts_on"], given["last_day"] + timedelta(days=1))
            except PeriodError:
                self.add_error("last_day", "The last day is before the first.")
        return given
