"""What stands around a snapshot in its report, read from the database as of one instant.

Sign-offs and payments are only ever added, so the same instant always gives the same report.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from adjudication.committee.queries import window_of
from adjudication.package.content import Frame
from adjudication.package.models import Report, Stage
from adjudication.package.settlement import Attested
from adjudication.payments.models import EntryKind, LedgerEntry
from adjudication.years.models import SignOff, Snapshot
from adjudication.years.presenters import StepReading, sign_off_steps
from adjudication.years.queries import Standing, in_order, is_reviewed
from comanage.web.templatetags.comanage import moment


@dataclass(frozen=True, slots=True)
class Edition:
    """A snapshot at one stage of its life.

    Attributes:
        through: payments count that were recorded by then.
    """

    snapshot: Snapshot
    stage: Stage
    through: datetime

    @classmethod
    def of_report(cls, report: Report) -> "Edition":
        """Return what a kept report was made of."""
        return cls(report.snapshot, Stage(report.stage), report.rendered_at)

    def payment(self) -> LedgerEntry | None:
        """Return the newest payment; none before the final stage."""
        if self.stage is not Stage.FINAL:
            return None
        paid = self.snapshot.entries.filter(kind=EntryKind.PAID, recorded_at__lte=self.through)
        return paid.order_by("-sequence").first()

    def as_of(self) -> datetime:
        """Return the instant that the report tells of: the freeze, or the payment."""
        paid = self.payment()
        return paid.recorded_at if paid else self.snapshot.frozen_at


def frame_of(edition: Edition) -> Frame:
    """Read the frame of a report: as of the freeze, or as of the payment; two queries."""
    snapshot, paid = edition.snapshot, edition.payment()
    zone = snapshot.tenant.time_zone
    as_of = paid.recorded_at if paid else snapshot.frozen_at
    steps = steps_as_of(snapshot, as_of)
    return Frame(
        tenant=snapshot.tenant.name,
        zone=snapshot.tenant.zone,
        number=snapshot.number,
        sha256=snapshot.sha256,
        stage=edition.stage.label,
        made_at=moment(as_of, zone),
        steps=steps,
        signed_at=[moment(step.signed_at, zone) if step.signed_at else "" for step in steps],
        payment=f" {paid.reason}" if paid else "",
    )


def attested_of(edition: Edition) -> Attested:
    """Read who stands for a report, as of the freeze or the payment; two queries."""
    return attested_as_of(edition.snapshot, edition.as_of())


def attested_as_of(snapshot: Snapshot, as_of: datetime) -> Attested:
    """Read who stands for a snapshot as of an instant."""
    return Attested(
        sha256=snapshot.sha256,
        frozen_at=snapshot.frozen_at,
        as_of=as_of,
        dated=as_of.astimezone(snapshot.tenant.zone).date(),
        steps=steps_as_of(snapshot, as_of),
    )


def steps_as_of(snapshot: Snapshot, as_of: datetime) -> list[StepReading]:
    """List every step in order as it stood at an instant, in two queries at most."""
    signed = SignOff.objects.select_related("signed_by").filter(
        snapshot=snapshot, signed_at__lte=as_of
    )
    sign_offs = in_order(signed)
    window = window_of(snapshot.pk) if is_reviewed(sign_offs) else None
    heard = replace(window, now=as_of) if window else None
    return sign_off_steps(Standing(snapshot, sign_offs, window=heard))
