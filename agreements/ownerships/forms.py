"""The shape of an ownership."""

from fractions import Fraction
from typing import Any

from django import forms

from agreements.ownerships.actions import OwnershipFacts, Share
from agreements.ownerships.models import EntityKind
from agreements.participants.queries import physicians_of
from agreements.programs.models import Program
from comanage.web.amounts import ExactField
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from comanage.web.names import NameField

OTHERS = (1, 2, 3)


class OwnershipForm(forms.Form):
    """A share for each physician of the program, and for owners who are none."""

    entity = forms.ChoiceField(choices=EntityKind.choices, label="What the group is")
    effective_from = DayField(label="Owned like this from")
    source = forms.CharField(
        max_length=200,
        label="Source document",
        help_text="Where it stands, such as the operating agreement and its schedule.",
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = {each.npi: each.name for each in physicians_of(program)}
        for npi, name in self._names.items():
            self.fields[f"share_{npi}"] = ExactField(required=False, label=name)
        for number in OTHERS:
            self.fields[f"other_{number}"] = NameField(
                required=False, max_length=160, label=f"Other owner {number}"
            )
            self.fields[f"share_{number}"] = ExactField(required=False, label="Share")

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        physicians = tuple(f"share_{npi}" for npi in self._names)
        others = tuple(f"{part}_{number}" for number in OTHERS for part in ("other", "share"))
        return (
            group(self, "The group", ("entity", "effective_from", "source")),
            group(
                self,
                "Shares of its physicians",
                physicians,
                hint="Exact: 1/3, 25% or 0.25. Empty for who owns nothing. With the other owners "
                "they add up to the whole.",
                columns=2,
            ),
            group(
                self,
                "Owners who are no physicians of this program",
                others,
                hint="Such as the hospital in a joint venture, or another group.",
                columns=2,
                is_folded=True,
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for both the name and the share of another owner."""
        given = super().clean() or {}
        for number in OTHERS:
            name, share = given.get(f"other_{number}"), given.get(f"share_{number}")
            if bool(name) != (share is not None) and f"share_{number}" not in self.errors:
                self.add_error(f"other_{number}", "Give the name and the share of this owner.")
        return given

    def facts(self) -> OwnershipFacts:
        """Return the owners."""
        given = self.cleaned_data
        held = [Share(name, self._share(npi), npi) for npi, name in self._names.items()]
        others = [Share(given[f"other_{n}"], self._share(n)) for n in OTHERS]
        return OwnershipFacts(
            EntityKind(given["entity"]),
            given["effective_from"],
            [each for each in (*held, *others) if each.share],
            given["source"],
        )

    def _share(self, key: object) -> Fraction:
        return self.cleaned_data[f"share_{key}"] or Fraction(0)
