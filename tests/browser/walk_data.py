"""The data owner declares a feed and sends files: good ones and bad ones."""

import csv
import json
from pathlib import Path

from comanage.demo.build import AGREEMENT, FEED
from comanage.demo.hospitals import CARDIOLOGY
from scorecards.dataagreements.documents import PDF_TYPE
from scorecards.intake.spec import from_document
from scorecards.maps.lines import write_lines
from tests.browser.people import Person
from tests.browser.walk_terms import PROGRAM, YEAR

FEED_NAME = "Inpatient stays"
BAD = (
    "encounter_id,medical_specialty,admission_type_id,discharge_disposition_id,"
    "time_in_hospital,A1Cresult,readmitted\n"
    "1,Cardiology,1,1,3,None,NO\n"
    "2,Cardiology,1,1,three,None,NO\n"
    "2,Cardiology,1,1,3,None,SOON\n"
)


def file_the_agreement(compliance: Person) -> None:
    """Put on file what lets case rows in."""
    compliance.click("Hospital data")
    compliance.click("Data agreements")
    compliance.looks("agreements-empty")
    compliance.click("File an agreement")
    compliance.looks("agreement-new")
    compliance.fill(
        {
            "Kind": "Business associate agreement",
            "Counterparty": "Harbor Advisers",
            "Permitted uses": "Running the co-management program.",
            "Signed": "2024-11-20",
            "Holds from": "2024-12-01",
        }
    )
    signed = compliance.page.get_by_label("The signed agreement")
    signed.set_input_files({"name": "signed.pdf", "mimeType": PDF_TYPE, "buffer": b"GIF89a"})
    compliance.click("File the agreement")
    compliance.reads("The file is no PDF", "Save the signed agreement as PDF")
    signed.set_input_files(AGREEMENT)
    compliance.click("File the agreement")
    compliance.reads("In force", "no end", "1.3")
    compliance.looks("agreements")


def declare_the_feed(owner: Person) -> None:
    """Begin with a sample, write the columns as text, be refused in words, and declare."""
    owner.click("Hospital data")
    owner.looks("feeds-empty")
    owner.click("Declare a feed")
    owner.looks("feed-new")
    owner.click("Begin with a sample file")
    owner.looks("feed-sample")
    owner.page.get_by_label("File").set_input_files(CARDIOLOGY.extract)
    owner.click("Look at the sample")
    owner.reads("encounter_id is different in every row of the sample")
    owner.looks("feed-proposed", dark=True)
    owner.click("Edit as text")
    owner.fill(
        {
            "Name": FEED_NAME,
            "Source system": "EHR warehouse",
            "Columns": "encounter_id code required\npatient_name words",
            "Key": "encounter_id",
        }
    )
    owner.page.get_by_label(PROGRAM).check()
    owner.click("Declare the feed")
    owner.reads("Line 2: write a name and a type")
    owner.looks("feed-new-refused")
    spec = from_document(json.loads(FEED.read_text("utf-8")))
    owner.fill({"Columns": write_lines(spec.columns)})
    owner.click("Declare the feed")
    owner.reads("Choose the agreement under which the rows come in.")
    agreement = "Business associate agreement with Harbor Advisers"
    owner.fill({"Agreement": agreement, "Owner": "Ben Sato (Service-line administrator)"})
    owner.click("Declare the feed")
    owner.reads("Waiting for its first file")
    owner.looks("feed-empty")


def send_a_bad_file(owner: Person) -> None:
    owner.page.get_by_role("link", name="Send a file").first.click()
    owner.looks("upload-new")
    choose(owner, "broken.csv", BAD.encode())
    owner.click("Send the file")
    owner.reads("None of its rows were kept: 3 findings", "three", "SOON")
    rows = owner.page.locator("table tbody tr")
    said = [" ".join(row.inner_text().split()) for row in rows.all()]
    assert any("3" in row and "time_in_hospital" in row and "three" in row for row in said), said
    assert any("4" in row and "readmitted" in row and "SOON" in row for row in said), said
    assert any("4" in row and "encounter_id" in row and "row 3" in row for row in said), said
    owner.looks("upload-rejected", dark=True)
    with owner.page.expect_download() as download:
        owner.click("Download all findings (CSV)")
    text = download.value.path().read_text("utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    assert sorted((line["row"], line["column"]) for line in lines) == [
        ("3", "time_in_hospital"),
        ("4", "encounter_id"),
        ("4", "readmitted"),
    ]


def send_a_good_file(owner: Person, file: Path, *, rows: str) -> None:
    """Send a file and see it checked and accepted under its hash."""
    choose(owner, file)
    owner.click("Send the file")
    owner.reads("SHA-256", file.name)
    owner.reads(f"All {rows} rows are accepted", YEAR, "then destroyed. The checked cases stay.")
    owner.looks(f"upload-accepted-{file.suffix[1:]}")


def choose(owner: Person, file: Path | str, content: bytes | None = None) -> None:
    """Fill in the upload's form."""
    chosen = (
        {"name": str(file), "mimeType": "text/csv", "buffer": content} if content else str(file)
    )
    owner.page.get_by_label("File").set_input_files(chosen)
    owner.fill({"First day of the cases": "2025-01-01", "Last day of the cases": "2025-12-31"})


def read_the_scorecard(reader: Person, *, name: str = "scorecard") -> None:
    """Find the published counts, the tiers and the dollars of the pool of $187,000.00.

    Parts of 40, 35 and 25 %: $74,800, $65,450 and $46,750. 424 of 5,279 is 8.0 % and earns three
    quarters, 785 of 5,352 is 14.7 % and a mean of 3.53 days earn half each.
    """
    reader.reads("$112,200.00", "of $187,000.00", "As of", "not final")
    for title, figures in {
        "Readmission within 30 days": ("424 / 5,279", "73", "120", "8.0 %", "Target", "$56,100.00"),
        "HbA1c measured during the stay": ("785 / 5,352", "14.7 %", "Threshold", "$32,725.00"),
        "Average length of stay": ("18,869 / 5,352", "3.53", "Threshold", "$23,375.00"),
    }.items():
        article = reader.page.get_by_role("article", name=title)
        words = " ".join(article.inner_text().split())
        for figure in figures:
            assert figure in words, f"{title}: no {figure} in {words}"
        assert article.locator("svg").count() >= 1
    reader.looks(name, dark=True)
