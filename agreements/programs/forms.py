"""The shape of a new program."""

from django import forms

from agreements.programs.models import COMMENT_DAYS, MOST_COMMENT_DAYS, AlignmentModel, ServiceLine
from comanage.web.names import NameField


class ProgramForm(forms.Form):
    """A service line's program."""

    name = NameField(max_length=120, help_text="As the agreement calls it.")
    service_line = forms.ChoiceField(choices=ServiceLine.choices)
    alignment_model = forms.ChoiceField(choices=AlignmentModel.choices)
    group_name = forms.CharField(
        label="Physician group", max_length=160, help_text="Party to the agreement and payee."
    )
    objective = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why the hospital and the physicians do this together.",
    )
    comment_days = forms.IntegerField(
        min_value=1,
        max_value=MOST_COMMENT_DAYS,
        initial=COMMENT_DAYS,
        label="Days for the committee's comments",
        help_text="After the independent review of a year, before compliance signs. As the "
        "committee's charter says; 1 to 60.",
    )
