"""The shape of an upload in the browser."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms

from comanage.values.period import Period, PeriodError
from comanage.web.dates import DayField


class UploadForm(forms.Form):
    """A file and the days it is for."""

    file = forms.FileField(
        help_text="CSV, XLSX or Parquet, with the column names in its first row."
    )
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
