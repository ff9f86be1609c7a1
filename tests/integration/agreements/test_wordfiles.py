"""Word files of versions: taken away, and sent back with edits."""

from dataclasses import replace
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agreements.negotiation.actions import comment_on_clause
from agreements.negotiation.models import ClauseComment, Proposal, WordReturn
from agreements.negotiation.queries import printed as print_of
from agreements.negotiation.word_out import word_of
from comanage.identity.roles import Role
from tests.negotiating import browser, change_notices, counsel, document, next_version, page

pytestmark = pytest.mark.xdist_group("negotiation")  # one agreement for the module


def edit_as_their_counsel(edited):
    """Change words, a number that is filled in, and ask a question beside them."""
    for each in edited.paragraphs:
        if "fixed fee of" in each.text:
            each.runs[0].text = each.runs[0].text.replace("shall pay", "shall promptly pay")
        if "without cause on ninety (90)" in each.text:
            said = each.text.replace("ninety (90)", "one hundred twenty (120)")
            for run in each.runs:
                run.text = ""
            each.runs[0].text = said
    for each in edited.paragraphs:
        if "Manager" in each.text and each.style.name == "Normal" and not each.text.endswith("!"):
            edited.add_comment(each.runs, "Who is that?", author="A. Lawyer")
            break


def test_a_word_file_goes_out_and_its_edits_come_back_as_proposals(version):
    change_notices(version)
    second = next_version(version)
    comment_on_clause(version=second, key="term", text="Is it long enough?", by=counsel())
    theirs = browser(Role.PHYSICIAN_MANAGER)
    answer = theirs.get(page("redline-word", second.pk))
    assert "version-2.docx" in answer.headers["Content-Disposition"]
    edited = docx.Document(BytesIO(answer.content))
    hospital = document(second).parties[0].name
    assert [(each.author, each.text) for each in edited.comments] == [
        (hospital, "Is it long enough?")
    ]
    edit_as_their_counsel(edited)
    saved = BytesIO()
    edited.tables[-1].cell(0, 0).text = "Changed"
    edited.save(saved)

    def sent(content: bytes, client: Client = theirs):
        file = SimpleUploadedFile("x.docx", content)
        given = {"file": file, "reason": "After our counsel read it."}
        return client.post(page("word-return", version.agreement_id), given)

    answer = sent(saved.getvalue())

    row = WordReturn.objects.get()
    assert answer.headers["Location"] == page("return-detail", row.pk)
    assert row.version_id == second.pk
    assert len(row.refused) == 2
    assert any("Termination: “ninety (90)” is filled in" in each for each in row.refused)
    comment = ClauseComment.objects.exclude(word_return=None).get()
    assert (comment.written_by, comment.text) == ("A. Lawyer", "Who is that?")
    shown = theirs.get(page("return-detail", row.pk)).content.decode()
    assert "printed from the terms" in shown
    assert "sent this very file before" in sent(saved.getvalue()).content.decode()
    before = Proposal.objects.count()
    foreign = word_of(replace(print_of(second, ZoneInfo("UTC")), sha256="0" * 64), None)
    for content, said in (
        (b"nothing", "not a Word document"),
        (b"PK" * 25_000_000, "larger than 5 MB"),
        (foreign, "made from another agreement"),
    ):
        assert said in sent(content).content.decode()
    assert (Proposal.objects.count(), WordReturn.objects.count()) == (before, 1)
    older = sent(theirs.get(page("redline-word", version.pk)).content)
    shown = theirs.get(older.headers["Location"]).content.decode()
    assert "The file is of an older version" in shown
    assert Proposal.objects.count() == before
