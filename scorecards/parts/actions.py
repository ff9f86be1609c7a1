"""Large files in parts: beginning one, keeping its parts, making them whole, giving it up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import Period
from comanage.vault.files import NameTakenError, seal, shred
from comanage.vault.models import SealedKind
from scorecards.feeds.models import Feed
from scorecards.feeds.policies import check_may_take_files
from scorecards.feeds.queries import agreements_of
from scorecards.intake.actions import Parcel, Promised, Wishes, receive_upload, record_outcome
from scorecards.intake.admission import check_period
from scorecards.intake.models import PartialUpload, Upload, UploadPart, UploadStatus
from scorecards.intake.outcome import Outcome
from scorecards.parts import policies

LIFE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Announced:
    """A large file before it comes: its name, the days it is for, and how to take it.

    Args:
        filename: as for a file in one body.
        period: as for a file in one body.
        wishes: as for a file in one body.
        size: bytes of the whole file, to be refused early; None when its sender did not say.
    """

    filename: str
    period: Period
    wishes: Wishes
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part on its way in: its number from 1, its bytes, and what they are."""

    number: int
    content: BinaryIO
    size: int
    sha256: str


@transaction.atomic
def begin_parts(*, feed: Feed, announced: Announced, by: Actor) -> PartialUpload:
    """Begin a large file, open for its parts for two days.

    What would refuse the whole file refuses it here, before a byte has come.

    Raises:
        PolicyError: no agreement in force lets the feed's rows in, the period is not open, cuts
            across another, or the file is too large.
    """
    policies.check_total(announced.size or 0)
    check_may_take_files(feed, agreements_of(feed), today=feed.tenant.today())
    check_period(feed, announced.period, restates=announced.wishes.restates)
    partial = PartialUpload.objects.create(
        feed=feed,
        filename=announced.filename,
        starts_on=announced.period.start,
        ends_on=announced.period.end,
        options=asdict(announced.wishes),
        expires_at=timezone.now() + LIFE,
        sent_by_user_id=by.id if by.kind is ActorKind.MEMBER else None,
        sent_by_client_id=by.id if by.kind is ActorKind.CLIENT else None,
    )
    record_event(kind=EventKind.PARTS_BEGUN, subject=partial, by=by)
    return partial


@transaction.atomic
def keep_part(*, partial: PartialUpload, part: Part) -> UploadPart:
    """Keep one part; the same part again changes nothing.

    Parts of one file come at once and in any order. They are sealed one after the other, so that
    none slips in while the file is made whole or given up.

    Raises:
        PolicyError: the file takes no more parts or was given up, this one has a wrong size, or
            other bytes came under its number before.
    """
    there = PartialUpload.objects.select_for_update(no_key=True).filter(pk=partial.pk).first()
    partial = policies.check_takes_parts(there, now=timezone.now())
    policies.check_part_size(part.size)
    name = f"{active_tenant_id()}/parts/{partial.pk.hex}/{part.number}"
    try:
        seal(part.content, name=name, kind=SealedKind.PART)
    except NameTakenError:
        policies.check_same_part(is_same=False)
    facts = {"size": part.size, "sha256": part.sha256, "storage_name": name}
    kept, _ = UploadPart.objects.get_or_create(partial=partial, number=part.number, defaults=facts)
    return kept


@transaction.atomic
def complete_parts(
    *, partial: PartialUpload, sha256: str, idempotency_key: str, by: Actor
) -> tuple[Upload, bool]:
    """Take the parts for a whole file and receive it; a job joins them.

    Args:
        partial: whose parts are all there.
        sha256: of the whole file, as its sender computed it; the job holds the parts against it.
        idempotency_key: of the submission.
        by: who sends.

    Returns:
        The upload, and whether it is new.

    Raises:
        PolicyError: parts are missing or of wrong sizes, the time is over, or the file is not
            taken; see `receive_upload`.
    """
    there = PartialUpload.objects.select_for_update(no_key=True).filter(pk=partial.pk).first()
    if there is not None and there.upload is not None:
        return there.upload, False
    partial = policies.check_takes_parts(there, now=timezone.now())
    parts = list(partial.parts.all())
    policies.check_complete(parts)
    parcel = Parcel(
        filename=partial.filename,
        content=Promised(sum(part.size for part in parts), sha256),
        period=partial.period,
        idempotency_key=idempotency_key,
        wishes=Wishes(**partial.options),
    )
    upload, is_new = receive_upload(feed=partial.feed, parcel=parcel, by=by)
    partial.upload = upload
    partial.save(update_fields=["upload"])
    if is_new:
        enqueue(JobKind.JOIN_PARTS, subject_id=partial.pk, key="join")
    else:
        _destroy(parts)
    return upload, is_new


@transaction.atomic
def join_parts(*, partial: PartialUpload, content: BinaryIO, by: Actor) -> Upload:
    """Store the parts as the one file they are, and queue its check.

    A file that is not what its sender said it is becomes a rejected upload.

    Args:
        partial: complete; its parts are destroyed.
        content: all parts, one after the other.
        by: who joins.
    """
    upload = Upload.objects.select_for_update(of=("self",), no_key=True).get(
        pk=str(partial.upload_id)
    )
    if upload.status == UploadStatus.RECEIVED:
        sealed = seal(content, name=upload.storage_name, kind=SealedKind.UPLOAD)
        if sealed.sha256 == upload.sha256:
            enqueue(JobKind.CHECK_UPLOAD, subject_id=upload.pk, key="check")
        else:
            refusal = Outcome.refused(
                "digest-mismatch",
                "The parts together do not have the SHA-256 that was named for the whole file. "
                "Send the file again.",
            )
            record_outcome(upload=upload, outcome=refusal, weighing=None, slice_file=Path(), by=by)
    _destroy(list(partial.parts.all()))
    return upload


@transaction.atomic
def drop_parts(*, partial: PartialUpload, by: Actor) -> None:
    """Give up a large file that is not complete, and destroy its parts.

    Raises:
        PartsDoneError: it is complete; its submission may still be cancelled.
        PartsGoneError: it was given up before.
    """
    there = PartialUpload.objects.select_for_update().filter(pk=partial.pk).first()
    partial = policies.check_can_drop(there)
    record_event(kind=EventKind.PARTS_DROPPED, subject=partial, by=by)
    _destroy(list(partial.parts.all()))
    partial.delete()


def _destroy(parts: Sequence[UploadPart]) -> None:
    for part in parts:
        shred(part.storage_name)
        part.delete()
