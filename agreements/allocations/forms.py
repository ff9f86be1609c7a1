"""The shape of a division of the pay."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms

from agreements.allocations.actions import AllocationTerms
from agreements.allocations.bases import BASES, PART_PERIODS, WITH_SHARES
from agreements.ownerships.presenters import share_text
from agreements.ownerships.queries import ownership_on
from agreements.terms.models import MeasurementYear
from comanage.values.rounding import decimal_text, exact_text, fraction_from_text
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
        self._names = physicians
        self._shares = {npi: f"share_{npi}" for npi in physicians}
        owned = ownership_on(year.program.group_id, year.starts_on)
        self._owned = owned.by_npi if owned else {}
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
            group(
                self,
                "Shares, where it is divided by shares or ownership",
                shares,
                hint=self._hint(),
                columns=2,
            ),
        )

    def _hint(self) -> str:
        """Say what is taken for ownership when no share is typed."""
        if not self._owned:
            return ""
        said = ", ".join(
            f"{name} {share_text(exact_text(share))}"
            for npi, name in self._names.items()
            if (share := self._owned.get(npi))
        )
        return f"Leave all empty for what is on record of the group's owners, exactly: {said}."

    def _takes_what_is_owned(self, given: Mapping[str, Any]) -> bool:
        typed = [given.get(name) for name in self._shares.values()]
        is_empty = all(share is None for share in typed)
        return given.get("by") == "ownership" and bool(self._owned) and is_empty

    def clean(self) -> dict[str, Any]:
        """Ask for every share where it is divided by them."""
        given = super().clean() or {}
        if given.get("by") in WITH_SHARES and not self._takes_what_is_owned(given):
            for name in self._shares.values():
                if name not in self.errors and given.get(name) is None:
                    self.add_error(name, MISSING)
        return given

    def terms(self) -> AllocationTerms:
        """Return the rule."""
        given = self.cleaned_data
        typed = {npi: given[name] for npi, name in self._shares.items()}
        shares = {npi: Fraction(share) / 100 for npi, share in typed.items() if share is not None}
        if self._takes_what_is_owned(given):
            shares = {npi: self._owned.get(npi, Fraction(0)) for npi in self._shares}
        return AllocationTerms(given["by"], given["joiners"], given["leavers"], shares)


def _percent(share: str) -> str:
    text = decimal_text(fraction_from_text(share) * 100, MOST_PLACES)
    return text.rstrip("0").rstrip(".")
