"""The signed document of an agreement: sealed, kept by night, taken away with an event."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import AGREEMENT, member
from comanage.identity.models import Membership
from comanage.identity.roles import GRANTS, Permission, Role
from comanage.vault.files import sweep
from comanage.vault.models import SealedFile, SealedKind
from comanage.web.errors import PolicyError
from scorecards.dataagreements.actions import note_document_download
from scorecards.dataagreements.models import DataAgreement

PAGE = "/t/smallville/data/agreements/"
SIGNED = AGREEMENT.read_bytes()


@pytest.fixture
def counsel(inside):
    return browser(Role.COUNSEL)


def browser(role):
    client = Client()
    client.force_login(Membership.objects.select_related("user").get(role=role).user)
    return client


def put_on_file(client, content=SIGNED, name="signed.pdf"):
    return client.post(
        f"{PAGE}new/",
        {
            "kind": "dua",
            "counterparty": "Harbor Advisers",
            "permitted_uses": "Measuring.",
            "signed_on": "2026-01-05",
            "valid_from": "2026-01-05",
            "document": SimpleUploadedFile(name, content),
        },
    )


def filed():
    return DataAgreement.objects.get(kind="dua")


def test_a_document_is_sealed_listed_kept_by_night_and_given_back_as_it_was(counsel):
    put_on_file(counsel)
    document = filed().document
    sweep(before=timezone.now() + timedelta(days=4000))

    shown = counsel.get(PAGE).content.decode()
    answer = counsel.get(f"{PAGE}{filed().pk}/document.pdf")

    assert (document.kind, document.size) == (SealedKind.DOCUMENT, len(SIGNED))
    assert f"{PAGE}{filed().pk}/document.pdf" in shown
    assert b"".join(answer.streaming_content) == SIGNED
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="dua-harbor-advisers-2026-01-05.pdf"'
    )
    events = Event.objects.filter(subject_id=filed().pk).order_by("sequence")
    assert [(each.kind, each.details["sha256"]) for each in events] == [
        (EventKind.DATA_AGREEMENT_FILED, document.sha256),
        (EventKind.DATA_AGREEMENT_DOWNLOADED, document.sha256),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty. Choose another."),
        (b"\x89PNG\r\n\x1a\n", "The file is no PDF: by its content it is a picture."),
        (b"MZ\x90\x00%PDF-1.7", "by its content it is a program"),
        (b"Signed by both.", "The file is no PDF. Save the signed agreement as PDF."),
        (SIGNED[:-9], "damaged or cut off"),
        (SIGNED.replace(b"/Info", b"/Encrypt 9 0 R /Info"), "without a password"),
        (SIGNED + b" " * (20 * 1024**2) + SIGNED, "more than 20 MB"),
    ],
    ids=["empty", "picture", "program", "text", "cut off", "encrypted", "too large"],
)
def test_what_is_no_pdf_that_can_be_kept_is_a_sentence_and_nothing_is_filed(
    counsel, content, words
):
    page = put_on_file(counsel, content).content.decode()

    assert words in page
    assert 'value="Harbor Advisers"' in page
    assert not DataAgreement.objects.filter(kind="dua").exists()
    assert not SealedFile.objects.filter(kind=SealedKind.DOCUMENT).exists()


def test_an_agreement_without_a_document_says_so(counsel):
    agreement = DataAgreement.objects.get()

    assert "Not on file here" in counsel.get(PAGE).content.decode()
    back = counsel.get(f"{PAGE}{agreement.pk}/document.pdf", follow=True)
    assert "is not on file here." in back.content.decode()
    with pytest.raises(PolicyError, match="not on file here"):
        note_document_download(agreement=agreement, by=member(Role.COUNSEL))


def test_who_may_not_read_it_sees_that_it_is_there_and_no_more(counsel):
    put_on_file(counsel)
    finance = browser(Role.FINANCE)

    assert Permission.DATA_AGREEMENT_READ not in GRANTS[Role.FINANCE]
    assert "document.pdf" not in finance.get(PAGE).content.decode()
    assert finance.get(f"{PAGE}{filed().pk}/document.pdf").status_code == 403
    assert counsel.get(f"{PAGE}{uuid4()}/document.pdf").status_code == 404
