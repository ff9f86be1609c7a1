"""The shape of an upload in the browser."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms

from comanage.values.period import Period, PeriodError
from comanage.web.dates import DayField
from scorecards.intake.spec_columns import MAX_TEXT
from scorecards.intake.spec_files import MAX_HEADER_ROW


class LookForm(forms.Form):
    """A file, and how it is laid out."""

    file = forms.FileField(
        help_text="CSV, XLSX, Parquet, NDJSON or JSON; text may be packed by gzip."
    )
    sheet = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        help_text="Of a workbook with several; empty for the one that has the declared columns.",
    )
    header_row = forms.IntegerField(
        label="Row of the header",
        required=False,
        min_value=1,
        max_value=MAX_HEADER_ROW,
        help_text="When titles stand above it; empty for the row that the feed declares.",
    )

    @property
    def layout(self) -> dict[str, Any]:
        """What was chosen of the sheet and the header row, as a submission keeps it."""
        chosen = {name: self.cleaned_data.get(name) for name in ("sheet", "header_row")}
        return {name: value for name, value in chosen.items() if value}


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
