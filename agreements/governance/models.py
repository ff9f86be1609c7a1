"""Seats of the governing committee, and disclosures of interests."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from agreements.participants.models import Physician
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import Membership, User
from comanage.tenancy.models import TenantModel


class Position(models.TextChoices):
    """What somebody is on the committee."""

    CHAIR = "chair", "Chair"
    MEMBER = "member", "Member"


class CommitteeSeat(TenantModel):
    """A person's days on the committee that governs a program; no sign-in is needed to sit there.

    Attributes:
        is_outside_group: whether the person is none of those whom the program pays. Criteria that
            were set by more than the paid group are a safeguard of OIG Advisory Opinion 12-22.
    """

    program = models.ForeignKey(
        "agreements.Program", on_delete=models.PROTECT, related_name="committee"
    )
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=120)
    organization = models.CharField(max_length=160)
    position = models.CharField(max_length=6, choices=Position)
    is_outside_group = models.BooleanField()
    sits_from = models.DateField()
    sits_until = models.DateField(null=True, help_text="First day no longer on it.")

    class Meta(TenantModel.Meta):
        ordering = ["position", "name", "sits_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sits_until=None) | Q(sits_until__gt=F("sits_from")),
                name="committee_seat_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="one_chair_at_a_time",
                condition=Q(position="chair"),
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("program", RangeOperators.EQUAL),
                    (
                        Func(
                            F("sits_from"),
                            F("sits_until"),
                            RangeBoundary(),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def sits_on(self, day: date) -> bool:
        """Say whether a day is one of theirs."""
        return self.sits_from <= day and (self.sits_until is None or day < self.sits_until)


class Disclosure(TenantModel):
    """What a physician, or somebody on the committee, disclosed for a year; the newest counts."""

    physician = models.ForeignKey(
        Physician, null=True, on_delete=models.PROTECT, related_name="disclosures"
    )
    seat = models.ForeignKey(
        CommitteeSeat, null=True, on_delete=models.PROTECT, related_name="disclosures"
    )
    year = models.PositiveSmallIntegerField(help_text="Calendar year it is for.")
    has_interest = models.BooleanField()
    interest = models.CharField(max_length=1000, blank=True)
    handling = models.CharField(
        max_length=1000, blank=True, help_text="What is done about it, such as abstaining."
    )
    disclosed_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-year", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(physician__isnull=False, seat=None)
                | Q(physician=None, seat__isnull=False),
                name="disclosure_is_one_persons",
            ),
            models.CheckConstraint(
                condition=Q(has_interest=False, interest="", handling="")
                | (Q(has_interest=True) & ~Q(interest="") & ~Q(handling="")),
                name="disclosed_interest_is_named_and_handled",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.person}, {self.year}"

    @property
    def person(self) -> str:
        """Whose it is."""
        return str(self.physician.name if self.physician else self.seat)
