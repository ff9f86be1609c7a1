"""What whoever drafts an agreement does next with it, until a version goes round."""

from django.urls import reverse

from agreements.drafting.document import to_document
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.presenters import Drafted
from agreements.lint.counting import OpenFindings
from agreements.negotiation.queries import share_of
from comanage.values.canonical import sha256_of
from comanage.web.places import Place


def next_step(
    agreement: Agreement,
    newest: AgreementVersion | None,
    findings: OpenFindings | None,
    *,
    slug: str,
    has_changed: bool = False,
    is_asked: bool = False,
) -> Place:
    """Say what comes next in an agreement that is being drafted.

    Args:
        agreement: being drafted.
        newest: version, read with its share; None before the first.
        findings: as last kept of it; None where the reader does not see them.
        slug: of the hospital.
        is_asked: whether a proposal of the other side waits.
        has_changed: whether the draft differs from the newest version.
    """

    def page(name: str, pk: object = agreement.pk) -> str:
        return reverse(f"agreements:{name}", args=[slug, pk])

    versions = f"{page('agreement-detail')}#versions"
    if newest is None:
        return Place("Make the first version", versions)
    if is_asked:
        return Place("Accept or decline what the other side asks for", page("negotiation"))
    name = f"version {newest.number}"
    if has_changed:
        words = f"Make version {newest.number + 1}: text or terms changed since {name}"
        return Place(words, versions)
    if findings is not None and findings.stops:
        url = page("version-findings", newest.pk)
        return Place(f"Answer what the rules find in {name}: {findings.words}", url)
    if share_of(newest) is None:
        return Place(f"Share {name} with the physicians' side", page("negotiation"))
    return Place(f"Send {name} for approval", page("version-send", newest.pk))


def has_changed(newest: AgreementVersion | None, now: Drafted) -> bool:
    """Say whether a draft would print another version than the newest; no query."""
    return newest is not None and sha256_of(to_document(now.document)) != newest.sha256
