"""The shapes of a contract and of what happens to one."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, BinaryIO

from django import forms
from django.db.models import QuerySet

from agreements.contracts.facts import ContractFacts
from agreements.contracts.models import (
    Cause,
    ContractEventKind,
    ContractKind,
    Ender,
    Relation,
    Subject,
)
from agreements.contracts.policies import EventFacts
from agreements.drafting.facts import LONGEST_NOTICE
from agreements.participants.models import Physician, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.models import EarlyEnd
from agreements.valuations.forms import paper_of
from comanage.web.choices import RowChoiceField, RowsChoiceField
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from comanage.web.names import NameField

_A_DAY = timedelta(days=1)


def _groups() -> "QuerySet[PhysicianGroup]":
    return PhysicianGroup.objects.all()


def _programs() -> "QuerySet[Program]":
    return Program.objects.all()


def _physicians() -> "QuerySet[Physician]":
    return Physician.objects.all()


class ContractForm(forms.Form):
    """A contract as it was signed."""

    title = NameField(max_length=160, label="Title on the paper")
    kind = forms.ChoiceField(choices=[("", "Choose"), *ContractKind.choices])
    party = NameField(
        max_length=160,
        label="Other party",
        help_text="The physician, group or family as the paper names them.",
    )
    group = RowChoiceField(_groups, required=False, label="Their group")
    program = RowChoiceField(
        _programs,
        required=False,
        label="Program",
        help_text="Only if the contract is about the pay of a program.",
    )
    starts_on = DayField(label="First day of the term")
    last_day = DayField(label="Last day of the term")
    signed_on = DayField(
        required=False,
        label="Day of the last signature",
        help_text="Leave it empty while somebody has not signed. A late signature has 90 days "
        "from the first day of the contract (42 CFR 411.354(e)(4)).",
    )
    notice_days = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_NOTICE,
        label="Days of notice to end it without cause",
        help_text="As the paper says; 0 where it ends without notice.",
    )
    holdover_notice_days = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LONGEST_NOTICE,
        label="Days of notice to end a holdover",
        help_text="Leave it empty where the paper names no others.",
    )
    fmv_last_day = DayField(
        required=False,
        label="Last day of the fair-market-value opinion",
        help_text="If there is one. A program's own opinion counts by itself.",
    )
    place = forms.CharField(
        required=False, max_length=200, label="Where the paper is kept", initial=""
    )
    document = forms.FileField(
        required=False,
        label="The signed contract",
        help_text="PDF, at most 20 MB, without a password. It is kept encrypted; who takes it "
        "away is in the audit trail.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
    physicians = RowsChoiceField(
        _physicians, required=False, label="Physicians who are party to it, or paid under it"
    )
    family = RowsChoiceField(
        _physicians, required=False, label="Physicians whose immediate family is party to it"
    )

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        return (
            group(self, "The contract", ("title", "kind", "party", "group", "program")),
            group(self, "Its term", ("starts_on", "last_day"), columns=2),
            group(self, "Its other days", ("signed_on", "fmv_last_day")),
            group(self, "How it is ended", ("notice_days", "holdover_notice_days"), columns=2),
            group(self, "Its paper", ("document", "place")),
            group(
                self,
                "Listed under",
                ("physicians", "family"),
                hint="Every contract with a physician, or with the physician's family, is found "
                "under that physician.",
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a term, and for each physician once."""
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first.")
        if set(given.get("physicians") or ()) & set(given.get("family") or ()):
            self.add_error("family", "Choose each physician once, as party or as family.")
        return given

    @property
    def paper(self) -> BinaryIO | None:
        """The contract itself; None where only what it says is entered."""
        return paper_of(self.cleaned_data["document"])

    def facts(self) -> ContractFacts:
        """Return the contract."""
        given = self.cleaned_data
        people = [(each, Relation.PARTY) for each in given["physicians"]]
        people += [(each, Relation.FAMILY) for each in given["family"]]
        return ContractFacts(
            kind=ContractKind(given["kind"]),
            title=given["title"],
            party=given["party"],
            group=given["group"],
            program=given["program"],
            people=people,
            signed_on=given["signed_on"],
            starts_on=given["starts_on"],
            ends_on=given["last_day"] + _A_DAY,
            notice_days=given["notice_days"],
            holdover_notice_days=given["holdover_notice_days"],
            fmv_until=_day_after(given["fmv_last_day"]),
            place=given["place"],
        )


class PaperForm(forms.Form):
    """A signed paper that came in."""

    title = NameField(
        max_length=120, label="What it is", help_text="Such as: First amendment, signed."
    )
    document = forms.FileField(
        label="The paper",
        help_text="PDF, at most 20 MB, without a password. It is kept encrypted, with today as the "
        "day it came in; who takes it away is in the audit trail.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def paper(self) -> tuple[str, BinaryIO]:
        """Return what it is, and what the file holds."""
        given = self.cleaned_data
        return given["title"], given["document"].file


_FIELDS = {
    ContractEventKind.SIGNED: ("signed_on", "text"),
    ContractEventKind.AMENDED: ("signed_on", "effective_on", "subject", "text"),
    ContractEventKind.EXTENDED: ("signed_on", "last_day", "text"),
    ContractEventKind.RENEWED: ("signed_on", "effective_on", "last_day", "is_identical", "text"),
    ContractEventKind.HELD_OVER: ("effective_on", "is_identical", "text"),
    ContractEventKind.TERMINATED: ("cause", "ended_by", "notice_on", "last_day", "text"),
    ContractEventKind.END_RULE: ("ended_by", "early_end", "text"),
    ContractEventKind.RECONCILED: ("done_on", "found"),
}


def _to_choose(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Begin with nothing chosen: what a paper says is not guessed, and never edited after."""
    return [("", "Choose"), *choices]


_SAID = [(each.value, each.label) for each in EarlyEnd if each is not EarlyEnd.SILENT]


class EventForm(forms.Form):
    """What happened to a contract; only the fields of its kind are there."""

    cause = forms.ChoiceField(choices=_to_choose(Cause.choices), label="Why it ends")
    ended_by = forms.ChoiceField(choices=_to_choose(Ender.choices), label="Who ends it")
    early_end = forms.ChoiceField(
        choices=_to_choose(_SAID),
        label="The incentive of a year that ends early, as the signed paper says",
        help_text="Counts where the terms of the year do not say it. Where the paper says nothing "
        "either, nothing was set in advance: let counsel say what is due.",
    )
    notice_on = DayField(
        required=False, label="Day of the notice", help_text="Needed where it ends on notice."
    )
    signed_on = DayField(label="Day of the last signature")
    effective_on = DayField(label="First day on which it holds")
    last_day = DayField(label="Last day of the contract")
    subject = forms.ChoiceField(choices=_to_choose(Subject.choices), label="What changes")
    is_identical = forms.BooleanField(required=False, label="The terms stay exactly as they are")
    text = forms.CharField(
        max_length=1000,
        label="What was agreed, and in which section of the paper",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    done_on = DayField(label="Day on which it was done")
    found = forms.CharField(
        max_length=1000,
        label="What was found",
        help_text="One sentence: that all was even, or what differed and was corrected.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, kind: ContractEventKind, ends_on: date, **kwargs: Any) -> None:
        """Take the kind, and the first day after the contract as it stands."""
        super().__init__(*args, **kwargs)
        self._kind, self._ends_on = kind, ends_on
        self.fields = {name: self.fields[name] for name in _FIELDS[kind]}
        if kind in {ContractEventKind.RENEWED, ContractEventKind.HELD_OVER}:
            self.fields["effective_on"].initial = ends_on
        if kind is ContractEventKind.AMENDED:
            self.fields[
                "effective_on"
            ].help_text = "Later than the last signature: a change holds for the future alone."

    def facts(self) -> EventFacts:
        """Return what happened."""
        given = self.cleaned_data
        day_after = _day_after(given.get("last_day"))
        return EventFacts(
            kind=self._kind,
            effective_on=self._effective_on(day_after),
            text=given.get("text") or given["found"],
            signed_on=given.get("signed_on"),
            ends_on=None if self._kind is ContractEventKind.TERMINATED else day_after,
            subject=Subject(given["subject"]) if "subject" in given else None,
            cause=Cause(given["cause"]) if "cause" in given else None,
            ended_by=Ender(given["ended_by"]) if "ended_by" in given else None,
            early_end=EarlyEnd(given["early_end"]) if "early_end" in given else None,
            notice_on=given.get("notice_on"),
            is_identical=given.get("is_identical"),
        )

    def _effective_on(self, day_after: date | None) -> date:
        """A termination ends the contract after its last day; others follow the term or end."""
        given = self.cleaned_data
        if self._kind is ContractEventKind.TERMINATED and day_after is not None:
            return day_after
        if self._kind in {ContractEventKind.EXTENDED, ContractEventKind.END_RULE}:
            return self._ends_on
        day: date = given.get("effective_on") or given.get("done_on") or given["signed_on"]
        return day


def _day_after(day: date | None) -> date | None:
    return day + _A_DAY if day is not None else None
