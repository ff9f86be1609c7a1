"""The agreement, the program's changes to the standard's clauses, and what was printed of both.

What an agreement says of itself changes while it is drafted, and never after. Changes of clauses
and versions are only ever added; the database refuses everything else.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from agreements.drafting.facts import (
    LEAST_NOTICE,
    LONGEST_NOTICE,
    STANDARD_HOLDOVER_NOTICE_DAYS,
    STANDARD_NOTICE_DAYS,
)
from agreements.programs.models import Program
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period


class AgreementStatus(models.TextChoices):
    """Where an agreement is."""

    DRAFTING = "drafting", "Being drafted"
    APPROVAL = "approval", "Waiting for approval"
    SIGNING = "signing", "Being signed"
    EXECUTED = "executed", "Executed"
    ENDED = "ended", "Ended"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Renewal(models.TextChoices):
    """What happens on the day after the term."""

    NONE = "none", "It ends"
    BY_NOTICE = "by_notice", "It is renewed when both parties say so in writing"
    HOLDOVER = "holdover", "It goes on, on the same terms, until replaced or ended"


class ExceptionPath(models.TextChoices):
    """On which exception of 42 CFR 411.357 counsel relies."""

    UNSAID = "", "Not said yet"
    PERSONAL_SERVICES = "personal_services", "Personal services, 411.357(d)(1)"
    EMPLOYMENT = "employment", "Employment, 411.357(c)"
    VALUE_BASED = "value_based", "Value-based arrangement, 411.357(aa)(3)"
    DOWNSIDE_RISK = "downside_risk", "Value-based with downside risk, 411.357(aa)(2)"


class ChangeKind(models.TextChoices):
    """What a program does to a clause of the standard."""

    REPLACE = "replace", "Written anew"
    OMIT = "omit", "Left out"
    ADD = "add", "Added"
    RESTORE = "restore", "As in the standard again"
    MOVE = "move", "Put elsewhere"


ADDRESS_LENGTH = 240
OVER = (AgreementStatus.ENDED, AgreementStatus.WITHDRAWN)

_FACTS = (
    *("program_id", "title", "starts_on", "ends_on", "hospital_name", "facility", "state"),
    *("is_bond_financed", "renewal", "path", "created_at", "created_by_id"),
    *("notice_days", "holdover_notice_days", "hospital_address", "physicians_address"),
)
_FACTS_KEPT = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in _FACTS)

FACTS_STAY = pgtrigger.Trigger(
    name="agreement_facts_stay",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    func=(
        "IF TG_OP = 'DELETE' OR OLD.status IN ('ended', 'withdrawn') "
        f"OR (OLD.status <> 'drafting' AND NOT ({_FACTS_KEPT})) "
        "THEN RAISE EXCEPTION 'an agreement that left the draft cannot change'; END IF; "
        "RETURN NEW;"
    ),
)

ONLY_WHILE_DRAFTED = pgtrigger.Trigger(
    name="only_while_drafted",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=(
        "IF EXISTS (SELECT 1 FROM agreements_agreement a WHERE a.id = NEW.agreement_id "
        "AND a.status <> 'drafting') "
        "THEN RAISE EXCEPTION 'clauses change only while an agreement is drafted'; END IF; "
        "RETURN NEW;"
    ),
)


class Agreement(TenantModel):
    """An agreement of a program: its parties, its term, and where it is.

    Attributes:
        hospital_name: the legal name of the hospital's side.
        facility: the site the program is about.
        state: whose law governs, in two letters.
        is_bond_financed: whether the site stands in space financed by tax-exempt bonds.
        path: which the rules of the value-based exceptions are asked by; printed nowhere.
        hospital_address, physicians_address: where a notice reaches each party; empty where the
            paper leaves a line for it.
        notice_days: that end it without cause, as its clause prints them.
        holdover_notice_days: that end it while it is held over.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the term.")
    hospital_name = models.CharField(max_length=160)
    hospital_address = models.CharField(
        max_length=ADDRESS_LENGTH, blank=True, default="", db_default=""
    )
    physicians_address = models.CharField(
        max_length=ADDRESS_LENGTH, blank=True, default="", db_default=""
    )
    facility = models.CharField(max_length=160)
    state = models.CharField(max_length=2)
    is_bond_financed = models.BooleanField(default=False)
    renewal = models.CharField(max_length=10, choices=Renewal, default=Renewal.NONE)
    path = models.CharField(
        max_length=20, choices=ExceptionPath, blank=True, default="", db_default=""
    )
    notice_days = models.PositiveSmallIntegerField(
        default=STANDARD_NOTICE_DAYS, db_default=STANDARD_NOTICE_DAYS
    )
    holdover_notice_days = models.PositiveSmallIntegerField(
        default=STANDARD_HOLDOVER_NOTICE_DAYS, db_default=STANDARD_HOLDOVER_NOTICE_DAYS
    )
    status = models.CharField(
        max_length=10, choices=AgreementStatus, default=AgreementStatus.DRAFTING
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="agreement_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["tenant", "program"],
                condition=Q(status__in=["drafting", "approval", "signing"]),
                name="one_agreement_being_written",
            ),
            models.CheckConstraint(
                condition=Q(
                    notice_days__range=(LEAST_NOTICE, LONGEST_NOTICE),
                    holdover_notice_days__range=(LEAST_NOTICE, LONGEST_NOTICE),
                ),
                name="agreement_notice_within_its_bounds",
            ),
        ]
        triggers = [FACTS_STAY]

    def __str__(self) -> str:
        return self.title

    @property
    def term(self) -> Period:
        """The days of the term."""
        return Period(self.starts_on, self.ends_on)

    @property
    def is_drafted(self) -> bool:
        """Whether its clauses and facts may still change."""
        return self.status == AgreementStatus.DRAFTING

    @property
    def is_executed(self) -> bool:
        """Whether both sides signed it and it is not over."""
        return self.status == AgreementStatus.EXECUTED

    @property
    def locks_terms(self) -> bool:
        """Whether its execution is still to come, and locks the terms of its first year."""
        return self.is_live and not self.is_executed

    @property
    def is_live(self) -> bool:
        """Whether it is neither over nor withdrawn."""
        return self.status not in OVER


class ClauseChange(TenantModel):
    """What a program did to one clause, with its reason.

    Of its words the latest holds; where it stands follows from every addition and move.

    Attributes:
        key: of the standard's clause, or of the one that was added.
        text: paragraphs apart by an empty line, with placeholders; empty where it is left out.
        after: the key of the clause that an added or moved one follows.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField(help_text="Counts the changes of the agreement from 1.")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10, choices=ChangeKind)
    heading = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=20_000, blank=True)
    after = models.SlugField(max_length=60, blank=True)
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agreement", "number"], name="clause_change_number_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="clause_change_has_its_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["omit", "restore"], heading="", text="")
                | (Q(kind="move", heading="", text="") & ~Q(after=""))
                | (Q(kind__in=["replace", "add"]) & ~Q(heading="") & ~Q(text="")),
                name="clause_change_has_its_text",
            ),
        ]
        triggers = [APPEND_ONLY, ONLY_WHILE_DRAFTED]

    def __str__(self) -> str:
        return f"{self.key}, {self.get_kind_display().lower()}"


class AgreementVersion(TenantModel):
    """What was printed of an agreement at one moment: nothing of it ever changes.

    Attributes:
        document: of `agreements.drafting.document`.
        terms_sha256: of the draft terms that its exhibits were printed from.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(help_text="Counts the versions from 1.")
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    terms_sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agreement", "number"], name="agreement_version_number_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Version {self.number}"
