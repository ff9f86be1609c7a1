"""The year is frozen, signed step by step, paid, and proved."""

import re

from playwright.sync_api import expect

from tests.browser.people import Door, Person
from tests.browser.walk_terms import PROGRAM

# Fixed fee of $312,000.00 and the incentive of $112,200.00.
OWED = "$424,200.00"
COMMITTEE = ("manager", "executive")
SIGNATORIES = {
    "data": "Data owner attests",
    "reviewer": "Independent reviewer recomputes",
    "compliance": "Compliance checks",
    "counsel": "Legal counsel approves",
    "ceo": "CEO authorizes payment",
}


def freeze(consultant: Person) -> None:
    consultant.click("Adjudication")
    consultant.reads("When you freeze the year", "$112,200.00")
    consultant.looks("adjudication-to-freeze")
    consultant.page.locator("#freeze").get_by_role("button").click()
    consultant.reads("The year is frozen. The data owner attests next.", OWED, "Nothing is owed")
    expect(consultant.page.get_by_role("button", name="Approve and sign")).to_have_count(0)
    consultant.looks("adjudication-frozen")


def sign_in_order(door: Door, address: str) -> None:
    """Let each signatory sign; whoever comes later is not yet asked."""
    people = {name: door.enter(f"{name}@riverside.example", "riverside") for name in SIGNATORIES}
    waiting = list(SIGNATORIES)
    while waiting:
        for early in waiting[1:]:
            people[early].go("/t/riverside/")
            people[early].does_not_read("Needs you")
            people[early].go(address)
            people[early].reads("Sign-offs")
            expect(people[early].page.locator("#sign")).to_have_count(0)
        signatory = people[waiting[0]]
        signatory.go("/t/riverside/")
        signatory.reads("Needs you", PROGRAM)
        signatory.looks("overview")
        signatory.page.locator("a.task").first.click()
        signatory.reads(f"{SIGNATORIES[waiting[0]]}: your signature", f"You sign {OWED}")
        if waiting[0] == "reviewer":
            record_the_review(signatory, address)
        if waiting[0] == "ceo":
            hold_and_release(people["compliance"], people["counsel"], address)
            signatory.page.reload()
            signatory.looks("adjudication-ceo-signs", dark=True)
        signatory.fill({"Note": f"Checked by {waiting[0]}."})
        signatory.page.get_by_role("button", name="Approve and sign").dblclick()
        signatory.reads("Signed", f"Checked by {waiting[0]}.")
        if waiting.pop(0) == "reviewer":
            hear_the_committee(door, address)
        is_heard = "reviewer" not in waiting
        signatory.go(address)
        done = len(SIGNATORIES) - len(waiting) + is_heard
        expect(signatory.page.locator(".step--done")).to_have_count(done)


def record_the_review(reviewer: Person, address: str) -> None:
    """Compute anew, hold a sample against its charts, and state independence."""
    approve = reviewer.page.get_by_role("button", name="Approve and sign")
    reviewer.looks("adjudication-reviewer-signs")
    approve.click()
    reviewer.reads("Record first whether your figures match")
    reviewer.click("Record of the independent review")
    reviewer.reads("Nothing recorded", "No charts were sampled.")
    reviewer.click("Compute every indicator anew")
    reviewer.reads("3 of 3 indicators match", "Every indicator matches")
    reviewer.page.get_by_role("link", name="Hold a sample against the charts").first.click()
    reviewer.reads("30 of 5,279 judged cases", "A chart that is not found counts as an error")
    reviewer.looks("adjudication-sample")
    for chart in reviewer.page.locator("select[name^=mark_]").all():
        chart.select_option("agrees")
    reviewer.page.locator("select[name=mark_7]").select_option("differs")
    reviewer.click("Record the marks")
    reviewer.reads("29 agreed with the chart, 1 differed", "95 % interval")
    reviewer.click("Independent review")
    reviewer.looks("adjudication-review-record", dark=True)
    reviewer.page.get_by_role("link", name="Record your own count").first.click()
    reviewer.fill({"Cases that met": "1", "Cases judged": "5279"})
    reviewer.click("Record the count")
    reviewer.reads("Your figures differ from the snapshot's")
    reviewer.looks("adjudication-own-count")
    reviewer.go(address)
    reviewer.page.get_by_label("I confirm each of the sentences above").check()


def hold_and_release(opener: Person, releaser: Person, address: str) -> None:
    """Hold the year for a named cause; the overview says so until another releases it."""
    opener.go(address)
    opener.page.get_by_text("Put the year on hold", exact=True).first.click()
    opener.page.locator("#id_hold_cause").select_option(label="Time logs")
    opener.page.locator("#id_hold_what").fill("The logs of May are not filed.")
    opener.page.locator("#id_hold_owner").select_option(label="Consultant")
    opener.page.locator("#id_hold_due_on").fill("2030-03-12")
    opener.page.get_by_role("button", name="Put the year on hold").click()
    opener.reads("The year is on hold")
    opener.go("/t/riverside/")
    opener.reads("On hold: time logs, consultant until 12 Mar 2030")
    opener.looks("overview-held", dark=True)
    releaser.go(address)
    releaser.page.get_by_text("Release it", exact=True).click()
    releaser.page.get_by_label("Answer").fill("The logs of May are filed.")
    releaser.click("Sign the answer")
    releaser.reads("Nothing holds the year.")
    releaser.go("/t/riverside/")
    releaser.reads("Released: time logs, mended by Ruth Feldman")


def hear_the_committee(door: Door, address: str) -> None:
    """Let both sides of the committee comment; compliance waits for the last of them."""
    members = [door.enter(f"{name}@riverside.example", "riverside") for name in COMMITTEE]
    compliance = door.enter("compliance@riverside.example", "riverside")
    for member in members:
        compliance.go("/t/riverside/")
        compliance.reads("committee comments until")
        compliance.does_not_read("Needs you")
        member.go("/t/riverside/")
        member.reads("Needs you", "Comment for the committee until")
        member.page.locator("a.task").first.click()
        member.reads("Your comment", "A comment approves nothing")
        member.looks("adjudication-committee-comments", dark=member is members[0])
        member.fill({"Comment": "Nurse navigators carried the year."})
        member.page.get_by_label("I have no further comment").check()
        member.page.get_by_role("button", name="Keep the comment").dblclick()
        member.reads("Nurse navigators carried the year.", "No further comment")
    members[0].go(address)
    members[0].reads("all said that they have no further comment")
    members[0].looks("adjudication-committee-heard")


def pay(finance: Person) -> None:
    finance.go("/t/riverside/")
    finance.reads("Needs you")
    finance.page.locator("a.task").first.click()
    finance.looks("adjudication-to-pay")
    finance.fill({"Paid on": "2026-03-02", "Payment reference": "AP-2026-0117"})
    finance.page.get_by_role("button", name=f"Record the payment of {OWED}").dblclick()
    finance.reads("AP-2026-0117", "Riverside Heart Physicians, LLC")
    ledger = finance.page.get_by_role("region", name="Ledger of the year")
    payments = ledger.get_by_role("rowheader", name=re.compile(r"^\d+\. Paid"))
    expect(payments).to_have_count(2)  # the fixed fee and the incentive, once each
    finance.looks("adjudication-paid")


def download_the_report(finance: Person) -> None:
    """Wait for the final report and open it."""
    links = finance.page.get_by_role("link", name=re.compile("Adjudication report"))
    for _ in range(60):
        if links.count() == 2:
            break
        finance.page.wait_for_timeout(500)
        finance.page.reload()
    finance.reads("Final")
    with finance.page.expect_download() as download:
        links.first.click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert download.value.path().read_bytes().startswith(b"%PDF")


def audit(compliance: Person) -> None:
    compliance.go("/t/riverside/")
    compliance.click("Audit trail")
    compliance.reads("Omar Haddad", "Helen Brandt")
    compliance.looks("audit-trail")
    compliance.click("Check the whole chain")
    compliance.reads("The chain holds", "all are there, unaltered and in order")
    compliance.looks("audit-trail-checked", dark=True)
