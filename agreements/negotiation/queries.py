"""Reading what both sides said about versions."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.facts import Draft
from agreements.drafting.models import Agreement, AgreementVersion, ChangeKind, ClauseChange
from agreements.drafting.policies import check_can_be_composed
from agreements.drafting.queries import draft_of, first_year, latest_changes, visible_versions
from agreements.negotiation.models import (
    ClauseComment,
    Proposal,
    ProposalDecision,
    ProposedKind,
    Side,
    VersionShare,
    WordReturn,
)
from agreements.negotiation.word_changes import Edit
from agreements.negotiation.word_comments import Said
from agreements.negotiation.word_marks import VERSION
from agreements.negotiation.word_out import Printed
from agreements.participants.models import ProgramSeat
from agreements.programs.queries import visible_programs
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.identity.roles import Role

# When something was changed last: by the key of the clause, and whether it is about its place.
Moments = Mapping[tuple[str, bool], datetime]
_PERSON = ("made_by", "decision__decided_by", "version")


def readable_versions(agreement: Agreement, by: Actor) -> QuerySet[AgreementVersion]:
    """List the versions that a person reads, the newest first, less their documents."""
    versions = visible_versions(by).filter(agreement=agreement)
    return versions.select_related("share__shared_by", "made_by").defer("document")


def version_behind(agreement: Agreement, mark: str, by: Actor) -> AgreementVersion | None:
    """Find the version that a Word file was made from, among those a person reads."""
    found = version_marked(agreement, mark.removeprefix(VERSION))
    return visible_versions(by).filter(pk=found.pk).first() if found else None


def version_marked(agreement: Agreement, beginning: str) -> AgreementVersion | None:
    """Find a version of an agreement by the beginning of its hash."""
    versions = AgreementVersion.objects.select_related("made_by", "agreement__program")
    return versions.filter(agreement=agreement, sha256__startswith=beginning).first()


def last_shared_before(version: AgreementVersion) -> AgreementVersion | None:
    """Find the last version that the other side saw before one, with its document."""
    return (
        AgreementVersion.objects.select_related("made_by", "agreement")
        .filter(agreement=version.agreement_id, number__lt=version.number, share__isnull=False)
        .order_by("-number")
        .first()
    )


def printed(version: AgreementVersion, zone: ZoneInfo) -> Printed:
    """Read a version with what papers say of it, whose days are those of a zone."""
    return Printed(
        from_document(version.document),
        version.number,
        version.sha256,
        version.made_at,
        version.made_at.astimezone(zone).date(),
        version.made_by.name,
    )


def said_on(version: AgreementVersion, document: AgreementDocument) -> list[Said]:
    """List the comments on a version as they go out with it, the oldest first; one query."""
    hospital, physicians = (party.name for party in document.parties)
    names = {Side.HOSPITAL: hospital, Side.PHYSICIANS: physicians}
    return [
        Said(each.key, names[Side(each.side)], each.text, each.made_at, each.written_by)
        for each in ClauseComment.objects.filter(version=version)
    ]


def share_of(version: AgreementVersion) -> VersionShare | None:
    """Return since when the physicians' side reads a version; None while it does not."""
    return getattr(version, "share", None)


def decision_of(proposal: Proposal) -> ProposalDecision | None:
    """Return what became of a proposal; None while it waits."""
    return getattr(proposal, "decision", None)


def edit_of(proposal: Proposal) -> Edit:
    """Read a proposal as an edit of its version."""
    paragraphs = tuple(proposal.text.split("\n\n")) if proposal.text else ()
    return Edit(proposal.kind, proposal.key, proposal.heading, paragraphs, proposal.after)


def visible_proposals(by: Actor) -> QuerySet[Proposal]:
    """List the proposals of the programs a person sees, the newest first."""
    return Proposal.objects.select_related("agreement__program", *_PERSON).filter(
        agreement__program__in=visible_programs(by)
    )


def proposals_of(agreement: Agreement) -> list[Proposal]:
    """List the proposals of an agreement with what became of them, the newest first."""
    found = Proposal.objects.select_related(*_PERSON).filter(agreement=agreement)
    return list(found.defer("version__document"))


def comments_of(agreement: Agreement, by: Actor) -> list[ClauseComment]:
    """List the comments on versions that a person reads, the oldest first."""
    found = ClauseComment.objects.select_related("made_by", "version").filter(
        version__in=visible_versions(by).filter(agreement=agreement)
    )
    return list(found.defer("version__document"))


def word_returns_of(agreement: Agreement, by: Actor) -> list[WordReturn]:
    """List the Word files that came back, the newest first."""
    found = WordReturn.objects.select_related("received_by", "version").filter(
        version__in=visible_versions(by).filter(agreement=agreement)
    )
    return list(found.defer("version__document"))


def visible_returns(by: Actor) -> QuerySet[WordReturn]:
    """List the Word files of versions that a person reads."""
    found = WordReturn.objects.select_related("version__agreement__program", "received_by")
    return found.filter(version__in=visible_versions(by))


def newer_than(row: WordReturn, by: Actor) -> AgreementVersion | None:
    """Find the newest version that was there already when a file of an older one came back."""
    newer = visible_versions(by).filter(
        agreement=row.version.agreement_id,
        number__gt=row.version.number,
        made_at__lte=row.received_at,
    )
    return newer.defer("document").first()


def earlier_return(version: AgreementVersion, side: str, sha256: str) -> WordReturn | None:
    """Find the same file, sent before for the same side."""
    same = WordReturn.objects.select_related("received_by")
    return same.filter(version=version, side=side, sha256=sha256).first()


def draft_now(agreement: Agreement) -> Draft:
    """Gather what an agreement is composed from as it stands now; nine queries.

    Raises:
        PolicyError: its first year is not there, or no draft any more.
    """
    year = check_can_be_composed(first_year(agreement))
    return draft_of(agreement, year, latest_changes(agreement))


def changes_by_key(agreement: Agreement) -> Moments:
    """Return when each clause was changed last: its words, and its place; one query."""
    made = ClauseChange.objects.filter(agreement=agreement).order_by("made_at")
    rows = made.values_list("key", "kind", "made_at")
    return {(key, kind == ChangeKind.MOVE): at for key, kind, at in rows}


def is_overtaken(proposal: Proposal, moments: Moments) -> bool:
    """Say whether what a proposal is about was changed after its version was made."""
    last = moments.get((proposal.key, proposal.kind == ProposedKind.MOVE))
    return last is not None and last > proposal.version.made_at


def managers_of(agreement: Agreement) -> list[User]:
    """List the physician managers with a seat in the program: who answers for their side."""
    seats = ProgramSeat.objects.select_related("membership__user").filter(
        program=agreement.program_id,
        membership__role=Role.PHYSICIAN_MANAGER,
        membership__revoked_at=None,
    )
    return [seat.membership.user for seat in seats]


def drafters_of(agreement: Agreement) -> list[User]:
    """List those who answer for the hospital: who made and who shared versions."""
    versions = AgreementVersion.objects.filter(agreement=agreement)
    shares = VersionShare.objects.filter(version__agreement=agreement)
    people = Q(pk__in=versions.values("made_by")) | Q(pk__in=shares.values("shared_by"))
    return list(User.objects.filter(people).order_by("name"))
