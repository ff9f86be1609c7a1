"""A negotiation: who reads what, what is said, and what nobody else finds."""

from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from django.db import connection

from agreements.drafting.models import AgreementVersion
from agreements.negotiation.actions import (
    comment_on_clause,
    share_version,
    write_privileged_note,
)
from agreements.negotiation.models import (
    PrivilegedNote,
    Proposal,
)
from agreements.negotiation.papers import redline_html
from agreements.negotiation.presenters import read_log
from agreements.negotiation.privileged import notes_on
from agreements.negotiation.queries import printed as print_of
from agreements.negotiation.queries import proposals_of, readable_versions
from agreements.negotiation.word_changes import Edit
from agreements.proposals.actions import decline_proposal
from agreements.proposals.presenters import read_proposals
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.exports.catalogue import sources
from comanage.identity.roles import Role
from tests.negotiating import (
    browser,
    change_notices,
    counsel,
    next_version,
    page,
    proposed,
    refusal,
)

pytestmark = pytest.mark.xdist_group("negotiation")  # one agreement for the module
SECRET = "Weakness quagga-7719 in our own position"


def test_physicians_read_what_was_shared_with_them_and_nothing_else(version):
    change_notices(version)
    draft = next_version(version, is_shared=False)
    ways = [
        page("version-detail", draft.pk),
        page("redline-word", draft.pk),
        page("clause-discuss", draft.pk, "notices"),
    ]

    for role in (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN):
        client = browser(role)
        assert [client.get(way).status_code for way in ways] == [404, 404, 404]
        for name in ("negotiation", "redline", "agreement-detail"):
            shown = client.get(page(name, version.agreement_id)).content.decode()
            assert "zebra" not in shown
            assert "Version 2" not in shown
        shown = client.get(page("clause-detail", version.agreement_id, "notices")).content.decode()
        assert "zebra" not in shown
    assert (
        browser(Role.PHYSICIAN).post(page("comment-write", version.pk, "term")).status_code == 403
    )
    share_version(version=draft, by=counsel())
    shown = browser(Role.PHYSICIAN).get(page("redline", version.agreement_id)).content.decode()
    assert "<ins>Notices go by zebra.</ins>" in shown
    assert "reads this version already" in refusal(
        lambda: share_version(version=draft, by=counsel())
    )


def test_a_privileged_note_is_read_by_counsel_and_compliance_and_found_nowhere_else(version):
    write_privileged_note(agreement=version.agreement, key="term", text=SECRET, by=counsel())
    proposed(version, Edit("omit", "term"))
    comment_on_clause(version=version, key="term", text="In the open.", by=counsel())
    change_notices(version, "By mail.")
    second = next_version(version)
    trail = [str(row) for row in Event.objects.values_list("subject_label", "details")]

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agreements_privilegednote")
        assert SECRET.encode() not in b"".join(
            bytes(cell) for row in cursor for cell in row if isinstance(cell, memoryview | bytes)
        )
    assert not any(SECRET in said for said in trail)
    exported = [table for holds in (True, False) for table in sources(holds_cases=holds)]
    assert "agreements.PrivilegedNote" not in {table.label for table in exported}
    assert SECRET not in str([row for table in exported for row in table.rows()])
    for role in Role:
        if role is Role.EXTRACT_CLIENT:
            continue
        reads = role in {Role.COUNSEL, Role.COMPLIANCE}
        shown = _everything_shown_to(role, version, second)
        assert (SECRET in shown) == reads, role
        assert ("rivileged note" in shown) == reads, role
        assert bool(notes_on(version.agreement, ["term"], by=member(role))) == reads
    assert "counsel and compliance alone" in refusal(
        lambda: write_privileged_note(
            agreement=version.agreement, key="term", text="x", by=member(Role.CONSULTANT)
        )
    )
    assert PrivilegedNote.objects.count() == 1


def _everything_shown_to(role: Role, version: AgreementVersion, second: AgreementVersion) -> str:
    client, shown = browser(role), ""
    ways = [
        page("negotiation", version.agreement_id),
        page("clause-discuss", version.pk, "term"),
        page("proposal-detail", Proposal.objects.get().pk),
    ]
    if role in {Role.CONSULTANT, Role.PHYSICIAN_MANAGER}:
        ways += [
            page("redline", version.agreement_id),
            page("agreement-detail", version.agreement_id),
            page("clause-detail", version.agreement_id, "term"),
            page("version-detail", version.pk),
        ]
    for way in ways:
        shown += client.get(way).content.decode()
    if role in {Role.COUNSEL, Role.PHYSICIAN_MANAGER}:
        word = docx.Document(BytesIO(client.get(page("redline-word", second.pk)).content))
        text = "".join(each.text or "" for each in word.element.body.iter())
        said = [each.text for each in word.comments]
        assert SECRET not in f"{text}{said}"
        assert "By mail." in text
    return shown


def test_a_redline_is_printed_with_the_log(version):
    change_notices(version)
    decline_proposal(
        proposal=proposed(version, Edit("omit", "term")), note="It stays.", by=counsel()
    )
    second = next_version(version)
    client = browser(Role.PHYSICIAN_MANAGER)
    way = page("redline-print", version.agreement_id)

    answer = client.get(f"{way}?old=1&new=2")

    assert answer.content.startswith(b"%PDF")
    versions = readable_versions(version.agreement, counsel())
    readings = read_proposals(proposals_of(version.agreement), {}, {})
    log, zone = read_log(versions, readings, []), ZoneInfo("America/Chicago")
    text = redline_html(print_of(version, zone), print_of(second, zone), log, zone)
    assert "<ins>Notices go by zebra.</ins>" in text
    assert "Declined proposal 1" in text
    assert "20 Dec 2024, 09:00 CST" in text
    assert client.get(f"{way}?old=1&new=1").status_code == 302
    copied = Event.objects.filter(kind="agreements.redline_copied").get()
    assert copied.details == {"version": 2, "against": 1, "form": "pdf"}
