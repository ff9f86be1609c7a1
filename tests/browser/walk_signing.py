"""The version is shared, changed by the other side, approved, signed and proved."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from comanage.demo.cast import PASSWORD
from tests.browser.people import Door, Person
from tests.browser.walk_agreement import AGREEMENT_TITLE, FEE, PROGRAM

APPROVERS = ("executive", "data", "compliance", "counsel", "finance", "ceo")
SIGNATORIES = (("manager", "Dr. Maria Alvarez"), ("ceo", "Helen Brandt"))
OLD, NEW = "ten (10) days after the month", "fifteen (15) days after the month"


def share_it(consultant: Person) -> None:
    """Let the physicians' side read the version."""
    consultant.click("Negotiation")
    consultant.click("Share version 1")
    consultant.reads("The physicians' side reads version 1 now.")


def propose_words(manager: Person) -> None:
    """Read the version on the physicians' side, and ask for more days for time records."""
    manager.click("Programs")
    manager.click(PROGRAM)
    manager.click(AGREEMENT_TITLE)
    manager.click("Version 1")
    manager.reads(OLD)
    manager.page.get_by_role("link", name="Time records").last.click()
    manager.click("Propose other words")
    text = manager.field("Text")
    text.fill(text.input_value().replace(OLD, NEW))
    manager.fill({"Why": "The office closes the month on the tenth."})
    manager.click("Send the proposal")
    manager.reads("The proposal is sent. The other side decides on it.")


def accept_them(consultant: Person, *, title: str) -> None:
    """Accept what waits in a negotiation, make the next version, and read the redline."""
    consultant.page.locator("main ul.plain-list a").first.click()
    consultant.looks("proposal")
    consultant.click("Accept the proposal")
    consultant.reads("Agreed. The next version says so.")
    consultant.click(title)
    consultant.fill({"What this version is for": "As the physicians asked"})
    consultant.click("Make a version")
    consultant.reads("Version 2")
    consultant.click("Negotiation")
    consultant.click("Share version 2")
    consultant.click("Compare versions")
    consultant.reads("Version 1 against version 2", "Time records")
    consultant.looks("redline", dark=True)


def waive_it(counsel: Person) -> None:
    """Read the words that the program wrote anew, and say why they may stand."""
    _to_version_2(counsel)
    counsel.click("What the rules find")
    counsel.does_not_read("To mend before anybody signs")
    counsel.reads("The clause “Time records” was written anew for this program.")
    counsel.looks("findings")
    counsel.page.get_by_text("Waive it for this version").click()
    counsel.fill({"Why": "Five days more for the log. No log is still no pay."})
    counsel.click("Waive it")
    counsel.reads("Waived by Ruth Feldman", "Stops nothing")


def send_it_round(consultant: Person) -> None:
    """Name who signs the version."""
    _to_version_2(consultant)
    consultant.click("Send for approval")
    consultant.fill(
        {
            "Signs for the hospital": "Helen Brandt",
            "Signs for the physicians": "Dr. Maria Alvarez",
        }
    )
    consultant.click("Send for approval")
    consultant.reads("Sent round. Whoever is next is told.")
    consultant.looks("signing-round")


def approve_it(door: Door) -> None:
    """Let each approver decide in their turn."""
    for name in APPROVERS:
        approver = door.enter(f"{name}@riverside.example", "riverside")
        _to_the_signing(approver)
        approver.looks(f"approval-{name}")
        approver.field("Approved").check()
        approver.click("Record the decision")
        approver.reads("Your decision is recorded.")


def sign_it(door: Door) -> Person:
    """Let both sides sign; return the window of the last."""
    for who, name in SIGNATORIES:
        signatory = door.enter(f"{who}@riverside.example", "riverside")
        _to_the_signing(signatory)
        signatory.click("Read and sign")
        signatory.fill({"Password": PASSWORD})  # signed in is not enough
        signatory.click("Confirm")
        signatory.reads("The consent covers this agreement alone", FEE)
        signatory.looks(f"sign-{who}")
        signatory.field("I have read this version, its exhibits included").check()
        signatory.field("I agree to sign and to receive records electronically").check()
        signatory.fill({"Your name": name})
        signatory.click("Sign")
        signatory.reads("Signed.")
    return signatory


def prove_it(ceo: Person, consultant: Person) -> None:
    """Take the executed paper, check its seal, and find the terms locked."""
    ceo.reads("Executed")
    ceo.looks("agreement-executed", dark=True)
    with ceo.page.expect_download() as download:
        ceo.click("Download the executed agreement")
    content = download.value.path().read_bytes()
    with ThreadPoolExecutor() as aside:  # the loop of this thread is the browser's
        assert aside.submit(_is_sealed, content).result()
    with pikepdf.open(BytesIO(content)) as read:
        signed = read.attachments["agreement.json"].get_file().read_bytes()
    assert NEW in signed.decode()
    ceo.reads(sha256(signed).hexdigest())
    consultant.click("Programs")
    consultant.click(PROGRAM)
    consultant.click(AGREEMENT_TITLE)
    consultant.reads("Executed", "Terms locked")
    consultant.looks("agreement-over-to-the-year")


def _is_sealed(content: bytes) -> bool:
    (seal,) = PdfFileReader(BytesIO(content)).embedded_signatures
    trust = ValidationContext(trust_roots=[seal.signer_cert])
    return validate_pdf_signature(seal, trust).bottom_line


def _to_version_2(person: Person) -> None:
    person.click("Programs")
    person.click(PROGRAM)
    person.click(AGREEMENT_TITLE)
    person.click("Version 2")


def _to_the_signing(person: Person) -> None:
    person.click("Programs")
    person.click(PROGRAM)
    person.click(AGREEMENT_TITLE)
    person.click("Approval and signature")
