"""The shape of a division of the pay."""

from fractions import Fraction
from typing import Any

from django import forms

from agreements.allocations.actions import AllocationTerms
from agreements.allocations.bases import BASES, PART_PERIODS, WITH_SHARES
from agreements.terms.models import MeasurementYear
from comanage.values.rounding import decimal_text, fraction_from_text
from comanage.web.groups import FieldGroup, group

MOST_PLACES = 6
MISSING = "Give a share, such as 25 or 33.5. Nothing is 0."


class AllocationForm(forms.Form):
    """By what the pay is divided, and a share for each physician where it is by shares."""

    by = forms.ChoiceField(
        choices=list(BASES.items()),
        label="Divided",
        help_text="Nothing that follows referrals, cases or revenue can be chosen.",
    )
    joiners = forms.ChoiceField(
        choices=list(PART_PERIODS.items()), label="Who joins during the year"
    )
    leavers = forms.ChoiceField(
        choices=list(PART_PERIODS.items()), label="Who leaves during the year"
    )

    def __init__(self, *args: Any, year: MeasurementYear, **kwargs: Any) -> None:
        agreed = year.allocation or {}
        kwargs["initial"] = {name: agreed.get(name) for name in ("by", "joiners", "leavers")}
        super().__init__(*args, **kwargs)
        physicians = {
            each.physician.npi: each.physician.name
            for each in year.program.participants.select_related("physician")
        }
        self._shares = {npi: f"share_{npi}" for npi in physicians}
        for npi, name in self._shares.items():
            share = agreed.get("shares", {}).get(npi)
            self.fields[name] = forms.DecimalField(
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=MOST_PLACES,
                label=f"{physicians[npi]}, percent",
                initial=None if share is None else _percent(share),
            )

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        shares = tuple(self._shares.values())
        return (
            group(self, "How the group divides what it is paid", ("by", "joiners", "leavers")),
            group(self, "Shares, where it is divided by shares or ownership", shares, columns=2),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for every share where it is divided by them."""
        given = super().clean() or {}
        if given.get("by") in WITH_SHARES:
            for name in self._shares.values():
                if name not in self.errors and given.get(name) is None:
                    self.add_error(name, MISSING)
        return given

    def terms(self) -> AllocationTerms:
        """Return the rule."""
        given = self.cleaned_data
        shares = {npi: given[name] for npi, name in self._shares.items()}
        return AllocationTerms(
            given["by"],
            given["joiners"],
            given["leavers"],
            {npi: Fraction(share) / 100 for npi, share in shares.items() if share is not None},
        )


def _percent(share: str) -> str:
    text = decimal_text(fraction_from_text(share) * 100, MOST_PLACES)
    return text.rstrip("0").rstrip(".")
