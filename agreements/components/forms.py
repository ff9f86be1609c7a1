"""The shapes of the parts of the pay, one for each kind."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from agreements.components.actions import Caps, ComponentTerms, SavingsShare, WrvuRung
from agreements.components.models import ComponentKind
from agreements.participants.models import Physician
from agreements.terms.models import MeasurementYear
from comanage.values.period import Period, PeriodError
from comanage.web.amounts import DollarsField, ExactField
from comanage.web.choices import offer
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group

GROUP = "group"
RUNGS = (1, 2, 3)
MINUTES_AN_HOUR = 60
MOST_HOURS = 8784


class ComponentForm(forms.Form):
    """What every part has: a name, a payee and its days."""

    kind: ClassVar[ComponentKind]
    figures: ClassVar[tuple[str, ...]]
    about: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[int] = 1

    label = forms.CharField(
        max_length=80,
        label="Name",
        help_text="As the agreement calls it, such as Medical director.",
    )
    payee = forms.ChoiceField(label="Paid to")
    starts_on = DayField(label="In effect from")
    last_day = DayField(label="In effect to", help_text="The last day.")

    def __init__(self, *args: Any, year: MeasurementYear, **kwargs: Any) -> None:
        kwargs["initial"] = {"starts_on": year.starts_on, "last_day": year.period.last}
        super().__init__(*args, **kwargs)
        participants = year.program.participants.select_related("physician")
        self._physicians = {str(each.physician_id): each.physician for each in participants}
        named = [(key, f"{p.name}, NPI {p.npi}") for key, p in self._physicians.items()]
        offer(self, "payee", [*self._groups(year), *named])

    def _groups(self, year: MeasurementYear) -> Iterable[tuple[str, str]]:
        return [(GROUP, year.program.group.name)]

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        return (
            group(self, "What is paid for, and who is paid", ("label", "payee", *self.about)),
            group(self, "When", ("starts_on", "last_day"), columns=2),
            group(self, "How much", self.figures, columns=self.columns),
        )

    def clean(self) -> dict[str, Any]:
        """Make the half-open period of the two days."""
        given = super().clean() or {}
        if "starts_on" in given and "last_day" in given:
            try:
                end = given["last_day"] + timedelta(days=1)
                given["in_effect"] = Period(given["starts_on"], end)
            except PeriodError:
                self.add_error("last_day", "The last day is before the first.")
        return given

    def terms(self) -> ComponentTerms:
        """Return the terms of the part."""
        return ComponentTerms(
            kind=self.kind,
            label=self.cleaned_data["label"],
            in_effect=self.cleaned_data["in_effect"],
            physician=self._payee(),
            **self._figures(),
        )

    def _payee(self) -> Physician | None:
        return self._physicians.get(self.cleaned_data["payee"])

    def _figures(self) -> dict[str, Any]:
        """Return the figures; each kind has its own."""
        raise NotImplementedError


class HourlyForm(ComponentForm):
    """Duties that are paid by the approved minute, up to a cap."""

    kind = ComponentKind.HOURLY
    figures = ("rate", "month_hours", "quarter_hours", "year_hours")
    columns = 2

    rate = DollarsField(label="For an hour")
    month_hours = forms.DecimalField(
        required=False, min_value=0, max_value=MOST_HOURS, decimal_places=2, label="Hours a month"
    )
    quarter_hours = forms.DecimalField(
        required=False, min_value=0, max_value=MOST_HOURS, decimal_places=2, label="Hours a quarter"
    )
    year_hours = forms.DecimalField(
        required=False, min_value=0, max_value=MOST_HOURS, decimal_places=2, label="Hours a year"
    )

    def clean(self) -> dict[str, Any]:
        """Ask for hours that are whole minutes."""
        given = super().clean()
        for name in self.figures[1:]:
            hours = given.get(name)
            if hours is not None and (hours * MINUTES_AN_HOUR) % 1:
                self.add_error(name, "Give hours that are whole minutes, such as 12.5.")
        return given

    def _figures(self) -> dict[str, Any]:
        hours = [self.cleaned_data[name] for name in self.figures[1:]]
        caps = Caps(*(None if each is None else int(each * MINUTES_AN_HOUR) for each in hours))
        return {"rate": self.cleaned_data["rate"], "caps": caps}


class SalaryForm(ComponentForm):
    """A salary for one physician."""

    kind = ComponentKind.SALARY
    figures = ("amount",)

    amount = DollarsField(
        label="For the whole year",
        help_text="Where it is in effect for a part of the year, that part of it is paid.",
    )

    def _groups(self, year: MeasurementYear) -> Iterable[tuple[str, str]]:
        return ()

    def _figures(self) -> dict[str, Any]:
        return {"amount": self.cleaned_data["amount"]}


class WrvuForm(ComponentForm):
    """Pay by wRVU: flat, above a threshold, or in steps."""

    kind = ComponentKind.WRVU
    about = ("table_year",)
    figures = tuple(f"{part}_{n}" for n in RUNGS for part in ("above", "rate"))
    columns = 2

    table_year = forms.IntegerField(
        min_value=1992,
        max_value=2200,
        label="Fee schedule of the year",
        help_text="Whose values count. It stays the same when visits are revalued.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in RUNGS:
            self.fields[f"above_{number}"] = forms.DecimalField(
                required=number == 1,
                initial=0 if number == 1 else None,
                min_value=0,
                max_digits=9,
                decimal_places=2,
                label=f"Step {number}: above so many",
            )
            self.fields[f"rate_{number}"] = forms.DecimalField(
                required=number == 1,
                min_value=0,
                max_digits=9,
                decimal_places=4,
                label=f"Step {number}: dollars each",
            )

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of each step."""
        given = super().clean()
        for number in RUNGS[1:]:
            above, rate = given.get(f"above_{number}"), given.get(f"rate_{number}")
            if (above is None) != (rate is None):
                self.add_error(f"above_{number}", f"Step {number} needs a mark and a rate.")
        return given

    def _figures(self) -> dict[str, Any]:
        given = self.cleaned_data
        rungs = [(given[f"above_{number}"], given[f"rate_{number}"]) for number in RUNGS]
        return {
            "table_year": given["table_year"],
            "rungs": tuple(WrvuRung(above, rate) for above, rate in rungs if _is_given(above)),
        }


class SavingsForm(ComponentForm):
    """A share of what was saved against the year before."""

    kind = ComponentKind.SAVINGS
    figures = ("share_rate", "minimum_rate", "limit_rate", "fee", "least_points")
    columns = 2

    share_rate = ExactField(label="Share of the savings", help_text="Such as 50%.")
    minimum_rate = ExactField(
        label="Nothing below",
        help_text="Savings of less than this share of the base year's cost are not shared, such as "
        "2%; 0% where every dollar counts.",
    )
    limit_rate = ExactField(
        required=False,
        label="Never more than",
        help_text="Share of the base year's cost. The opinion's cap holds beside it.",
    )
    fee = DollarsField(
        label="Administrator's fee",
        help_text="A year, taken from the savings first; 0 where there is none.",
    )
    least_points = forms.IntegerField(
        min_value=1,
        max_value=100,
        label="Only from so many points",
        help_text="Of the 100 that the year's indicators can earn: nothing is shared where quality "
        "fell short.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "payee", [(GROUP, self._group)])

    def _groups(self, year: MeasurementYear) -> Iterable[tuple[str, str]]:
        self._group = year.program.group.name
        return super()._groups(year)

    def clean(self) -> dict[str, Any]:
        """Ask for shares of a whole."""
        given = super().clean()
        for name in ("share_rate", "minimum_rate", "limit_rate"):
            rate = given.get(name)
            if rate is not None and not 0 <= rate <= 1:
                self.add_error(name, "Give a share from 0% to 100%.")
        if given.get("share_rate") == 0 or given.get("limit_rate") == 0:
            self.add_error(None, "A share or a limit of nothing pays nothing. Leave the part out.")
        if given.get("minimum_rate") == 1:
            self.add_error("minimum_rate", "Nobody saves a whole year's cost. Give less.")
        return given

    def _figures(self) -> dict[str, Any]:
        return {"sharing": SavingsShare(**{name: self.cleaned_data[name] for name in self.figures})}


def _is_given(value: Decimal | None) -> bool:
    return value is not None


FORMS: dict[str, type[ComponentForm]] = {
    form.kind.value: form for form in (HourlyForm, SalaryForm, WrvuForm, SavingsForm)
}
