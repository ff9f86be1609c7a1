"""The contracts of a hospital with physicians, and what happened to each. Rows are only added."""

from django.db import models
from django.db.models import F, Q

from agreements.drafting.facts import LONGEST_NOTICE
from agreements.drafting.models import Agreement
from agreements.participants.models import Physician, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.models import EarlyEnd
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.vault.models import SealedFile


class ContractKind(models.TextChoices):
    """What a contract is about; two of one kind are the same or similar."""

    CO_MANAGEMENT = "co_management", "Co-management"
    MEDICAL_DIRECTOR = "medical_director", "Medical director"
    CALL_COVERAGE = "call_coverage", "Call coverage"
    PSA = "psa", "Professional services"
    EMPLOYMENT = "employment", "Employment"
    RECRUITMENT = "recruitment", "Recruitment"
    LEASE_OF_SPACE = "lease_of_space", "Lease of space"
    LEASE_OF_EQUIPMENT = "lease_of_equipment", "Lease of equipment"
    OTHER = "other", "Other"


class Contract(TenantModel):
    """One contract with a physician, a group or a family, as it was first made.

    Attributes:
        party: who signs on the other side, as the paper names them.
        group: the group that is or stands behind the party.
        program: whose pay it is about; its opinion and years bind what happens to the contract.
        agreement: where it was written here.
        signed_on: the day of the last signature; None where services began without it.
        holdover_notice_days: that end it while it is held over; None where the paper names none
            but `notice_days`.
        fmv_until: first day without a fair-market-value opinion, where no program knows it.
        place: where the paper is kept.
    """

    kind = models.CharField(max_length=20, choices=ContractKind)
    title = models.CharField(max_length=160)
    party = models.CharField(max_length=160)
    group = models.ForeignKey(
        PhysicianGroup, on_delete=models.PROTECT, null=True, related_name="contracts"
    )
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, null=True, related_name="contracts"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, related_name="contracts"
    )
    signed_on = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the term.")
    notice_days = models.PositiveSmallIntegerField()
    holdover_notice_days = models.PositiveSmallIntegerField(null=True)
    fmv_until = models.DateField(null=True, help_text="First day without an opinion.")
    place = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["party", "-starts_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="contract_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(notice_days__lte=LONGEST_NOTICE), name="contract_notice_within_a_year"
            ),
            models.CheckConstraint(
                condition=Q(holdover_notice_days__lte=LONGEST_NOTICE),
                name="contract_holdover_notice_within_a_year",
            ),
            models.UniqueConstraint(
                fields=["tenant", "agreement"], name="agreement_once_in_the_register"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.title


class Relation(models.TextChoices):
    """What a physician is to a contract."""

    PARTY = "party", "Party, or paid under it"
    FAMILY = "family", "Immediate family of the party"


class ContractPerson(TenantModel):
    """A physician whom a contract is listed under."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="people")
    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, related_name="contracts")
    relation = models.CharField(max_length=6, choices=Relation)

    class Meta(TenantModel.Meta):
        ordering = ["physician__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "physician"], name="physician_once_per_contract"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return str(self.physician)


class ContractPaper(TenantModel):
    """A signed paper of a contract: what was signed elsewhere, and an amendment likewise.

    Attributes:
        received_on: the hospital's day on which it came in, by the clock; never said by anybody.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=120)
    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["kept_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="contract_paper_has_its_title"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.title


class ContractEventKind(models.TextChoices):
    """What happens to a contract."""

    SIGNED = "signed", "Signed"
    AMENDED = "amended", "Amended"
    EXTENDED = "extended", "Extended"
    RENEWED = "renewed", "Renewed"
    HELD_OVER = "held_over", "Held over"
    TERMINATED = "terminated", "Terminated"
    END_RULE = "end_rule", "What it says of its end"
    RECONCILED = "reconciled", "Payments reconciled"


# After these an opinion that was given before no longer speaks of what is agreed.
CHANGES = (
    ContractEventKind.AMENDED,
    ContractEventKind.EXTENDED,
    ContractEventKind.RENEWED,
    ContractEventKind.HELD_OVER,
)


class Subject(models.TextChoices):
    """What an amendment changes."""

    PARTIES = "parties", "Parties, roster or committee"
    DUTIES = "duties", "Duties or services"
    PAY = "pay", "Pay"
    TARGET = "target", "A target"
    WEIGHT = "weight", "A weight"
    TIER = "tier", "A tier"
    DATA_SOURCE = "data_source", "A data source"
    OTHER = "other", "Something else"


class Cause(models.TextChoices):
    """Why a contract is ended before its term is over."""

    FOR_CAUSE = "for_cause", "For cause"
    WITHOUT_CAUSE = "without_cause", "Without cause, on notice"
    REGULATORY = "regulatory", "A change of law or regulation"
    MUTUAL = "mutual", "By mutual agreement"
    EXPIRED = "expired", "Its term was over, and it does not go on"


class Ender(models.TextChoices):
    """Who ends a contract."""

    HOSPITAL = "hospital", "The hospital"
    PHYSICIANS = "physicians", "The physicians, or their group"
    BOTH = "both", "Both together, or neither"


class ContractEvent(TenantModel):
    """One thing that happened to a contract, for good.

    Attributes:
        effective_on: the first day on which it holds; of a termination the first day without, of a
            reconciliation the day on which it was done.
        ends_on: first day after the new term, where there is one.
        is_identical: of a renewal or holdover, whether the terms stay as they are.
        ended_by: of a termination; empty where it was recorded before anybody asked.
        early_end: what the paper says of the incentive of a year that ends early, where the terms
            of the year do not.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(help_text="Counts the events of the contract from 1.")
    kind = models.CharField(max_length=10, choices=ContractEventKind)
    signed_on = models.DateField(null=True)
    effective_on = models.DateField()
    ends_on = models.DateField(null=True)
    subject = models.CharField(max_length=12, choices=Subject, blank=True)
    cause = models.CharField(max_length=14, choices=Cause, blank=True)
    ended_by = models.CharField(max_length=10, choices=Ender, blank=True, db_default="")
    early_end = models.CharField(max_length=7, choices=EarlyEnd, blank=True, db_default="")
    notice_on = models.DateField(null=True)
    is_identical = models.BooleanField(null=True)
    text = models.CharField(max_length=1000)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "number"], name="contract_event_number_once"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="contract_event_is_told"),
            models.CheckConstraint(
                condition=Q(kind__in=["held_over", "terminated", "end_rule", "reconciled"])
                | Q(signed_on__isnull=False),
                name="contract_event_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(kind="amended") | Q(effective_on__gt=F("signed_on")),
                name="amendment_is_prospective",
            ),
            models.CheckConstraint(
                condition=Q(kind="terminated") & ~Q(cause="") | ~Q(kind="terminated") & Q(cause=""),
                name="termination_has_its_cause",
            ),
            models.CheckConstraint(
                condition=Q(kind="end_rule") & ~Q(ended_by="")
                | Q(kind="terminated", early_end="")
                | Q(early_end="", ended_by=""),
                name="only_an_end_has_its_rule",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["extended", "renewed"]) | Q(ends_on__gt=F("effective_on")),
                name="new_term_has_its_end",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.effective_on}"
