"""Licenses and screenings. Rows are only ever added: a renewal or a new search is a new row."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from agreements.credentials.states import STATES
from agreements.participants.models import Physician, PhysicianGroup
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel


class License(TenantModel):
    """A physician's license in one state; of several in a state the one that ends last counts."""

    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="licenses")
    state = models.CharField(max_length=2, choices=list(STATES.items()))
    number = models.CharField(max_length=40)
    valid_until = models.DateField(help_text="First day without it.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["state", "-valid_until", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "physician", "state", "number", "valid_until"],
                name="license_recorded_once",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="license_has_its_number"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.number}"

    @property
    def last_day(self) -> date:
        """The last day it holds."""
        return self.valid_until - timedelta(days=1)


class ExclusionList(models.TextChoices):
    """Where somebody is looked up before they are paid."""

    LEIE = "leie", "LEIE"
    SAM = "sam", "SAM"


class ScreeningOutcome(models.TextChoices):
    """What a search found."""

    CLEAR = "clear", "Not on the list"
    POSSIBLE = "possible", "A possible match, not verified yet"
    EXCLUDED = "excluded", "On the list"


class Screening(TenantModel):
    """One search of one list, for one physician or for a group itself."""

    physician = models.ForeignKey(
        Physician, on_delete=models.PROTECT, null=True, related_name="screenings"
    )
    group = models.ForeignKey(
        PhysicianGroup, on_delete=models.PROTECT, null=True, related_name="screenings"
    )
    list_name = models.CharField(max_length=4, choices=ExclusionList)
    searched_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=ScreeningOutcome)
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-searched_on", "-recorded_at"]
        indexes = [
            models.Index(
                fields=["tenant", "physician", "list_name", "-searched_on"],
                name="screening_by_physician",
            ),
            models.Index(
                fields=["tenant", "group", "list_name", "-searched_on"], name="screening_by_group"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="clear") | ~Q(note=""), name="a_match_has_its_note"
            ),
            models.CheckConstraint(
                condition=Q(physician=None, group__isnull=False)
                | Q(physician__isnull=False, group=None),
                name="screening_is_of_one",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_list_name_display()}, {self.searched_on}"

    @property
    def whom(self) -> str:
        """The name of who was looked up."""
        one = self.physician or self.group
        return one.name if one else ""
