"""The shape of a declared feed."""

from typing import Any

from django import forms

from agreements.programs.models import Program
from comanage.web.choices import RowsChoiceField
from scorecards.feeds.lines import read_lines
from scorecards.intake.spec import DataLevel, FeedSpec, SpecError


class FeedForm(forms.Form):
    """Where the data comes from, and what its columns are."""

    name = forms.CharField(max_length=120)
    source_system = forms.CharField(
        max_length=120, help_text="The system that makes the extract, such as the EHR's name."
    )
    programs = RowsChoiceField(Program.objects.all, label="Programs that read it")
    columns = forms.CharField(
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
        help_text="One a line: a name and a type (code, whole, decimal, date or flag), then as "
        "needed required, 1..14, codes=A|B, missing=18|25, file=name_in_file. Columns of the "
        "file that are not declared here are dropped before anything is stored.",
    )
    case_key = forms.CharField(
        max_length=60, help_text="The column that names a case; present and different in each row."
    )

    date_column = forms.CharField(
        max_length=60,
        required=False,
        help_text="The date column that says when a case counts, such as the day of discharge. It "
        "lies in the period of its file, and results can be shown month by month.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec: FeedSpec | None = None

    def clean_columns(self) -> str:
        """Read the columns; the line that is wrong is named."""
        text: str = self.cleaned_data["columns"]
        try:
            self._columns = read_lines(text)
        except SpecError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return text

    def clean(self) -> dict[str, Any]:
        """Put columns and case key together."""
        given = super().clean() or {}
        if "columns" in given and "case_key" in given:
            try:
                self.spec = FeedSpec(
                    columns=self._columns,
                    case_key=given["case_key"],
                    date_column=given.get("date_column") or None,
                    level=DataLevel.CODED_CASES,
                )
            except SpecError as wrong:
                named = "date_column" if "date column" in str(wrong) else "case_key"
                self.add_error(named, str(wrong))
        return given
