"""Files as agencies publish them: one row is a hospital and a measure, never a person."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from comanage.values.period import Period
from scorecards.intake.checks import check_file
from scorecards.intake.propose import propose
from scorecards.intake.reading import UnreadableError
from scorecards.intake.samples import take_sample
from scorecards.intake.spec import FeedSpec, SpecError, from_document, to_document
from scorecards.intake.xlsx_guard import check_workbook

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
HEADER = "Facility ID,Facility Name,Address,City,ZIP Code,Phone Number,Measure,Cases,Score\n"
ROWS = "".join(
    f"01000{n},Invented Hospital {n},{n} Main Street,Anytown,3630{n},(334) 555-010{n},{m},"
    f"{n * 10 + 5},{n}.222222222222\n"
    for n in range(1, 6)
    for m in ("READM-30-AMI", "READM-30-HF")
)


def _spec(**changes: object) -> FeedSpec:
    return from_document(
        {
            "level": "L0",
            "row_key": ["facility", "measure"],
            "organization_columns": [
                "Facility Name",
                "Address",
                "City",
                "ZIP Code",
                "Phone Number",
            ],
            "columns": [
                {"name_in_file": "Facility ID", "name": "facility", "type": "code"},
                {"name_in_file": "Measure", "name": "measure", "type": "code"},
                {"name_in_file": "Cases", "name": "cases", "type": "whole"},
                {"name_in_file": "Score", "name": "score", "type": "decimal", "places": 12},
            ],
            **changes,
        }
    )


def _file(folder: Path) -> Path:
    source = folder / "published.csv"
    source.write_text(HEADER + ROWS)
    return source


def test_words_about_a_hospital_are_dropped_and_no_identifiers(tmp_path: Path) -> None:
    outcome = check_file(
        _file(tmp_path), "published.csv", _spec(), YEAR, tmp_path / "slice.parquet"
    )

    assert outcome.accepted, outcome.findings
    assert "Phone Number" in outcome.dropped_columns


def test_undeclared_words_about_a_hospital_are_refused(tmp_path: Path) -> None:
    spec = _spec(organization_columns=[])

    outcome = check_file(_file(tmp_path), "published.csv", spec, YEAR, tmp_path / "slice.parquet")

    assert not outcome.accepted


def test_a_published_file_is_proposed_as_aggregates_and_accepted(tmp_path: Path) -> None:
    source = _file(tmp_path)

    proposal = propose(take_sample(source, "published.csv"))
    outcome = check_file(source, "published.csv", proposal.spec(), YEAR, tmp_path / "slice.parquet")

    assert proposal.row_key == ("facility_id", "measure")
    assert {"Address", "Phone Number"} <= set(proposal.organization_columns)
    assert outcome.accepted, outcome.findings


def test_a_specification_keeps_its_words_about_a_hospital() -> None:
    assert from_document(to_document(_spec())) == _spec()


@pytest.mark.parametrize("name", ["Patient Name", "Date of Birth", "Facility ID"])
def test_what_is_about_a_person_or_kept_describes_no_hospital(name: str) -> None:
    with pytest.raises(SpecError):
        _spec(organization_columns=[name])


def test_zeros_beyond_the_declared_places_are_no_fault(tmp_path: Path) -> None:
    source = tmp_path / "zeros.csv"
    source.write_text("f,n,s\na,1,60.000000000000\nb,2,2.500000\nc,3,-0.10\n")
    columns = [
        {"name_in_file": "f", "name": "facility", "type": "code"},
        {"name_in_file": "n", "name": "cases", "type": "whole"},
        {"name_in_file": "s", "name": "score", "type": "decimal", "places": 1},
    ]
    spec = _spec(columns=columns, row_key=["facility"])

    outcome = check_file(source, "zeros.csv", spec, YEAR, tmp_path / "slice.parquet")

    assert outcome.accepted, outcome.findings


def _linked(folder: Path) -> Path:
    book = folder / "linked.xlsx"
    with xlsxwriter.Workbook(str(book)) as made:
        made.add_worksheet().write_url(0, 0, "https://example.org/measures", string="Measure")
    return book


def test_a_link_in_a_cell_is_harmless(tmp_path: Path) -> None:
    check_workbook(_linked(tmp_path))


def test_any_other_target_outside_the_workbook_is_refused(tmp_path: Path) -> None:
    book = tmp_path / "other.xlsx"
    with zipfile.ZipFile(_linked(tmp_path)) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            other = old.read(name).replace(b"relationships/hyperlink", b"relationships/frame")
            new.writestr(name, other)

    with pytest.raises(UnreadableError, match="links to other files"):
        check_workbook(book)


@pytest.mark.parametrize(
    ("key", "is_accepted"), [("0123456789abcdef" * 2, True), ("A-417", False), ("f" * 31, False)]
)
def test_at_level_l2_case_keys_are_keyed_hashes(
    tmp_path: Path, key: str, *, is_accepted: bool
) -> None:
    source = tmp_path / "cases.csv"
    source.write_text(f"case,days\n{key},3\n")
    columns = [
        {"name_in_file": "case", "name": "case_hash", "type": "code"},
        {"name_in_file": "days", "name": "days", "type": "whole"},
    ]
    spec = from_document({"level": "L2", "case_key": "case_hash", "columns": columns})

    outcome = check_file(source, "cases.csv", spec, YEAR, tmp_path / "slice.parquet")

    assert outcome.accepted is is_accepted
    assert is_accepted or [found.code for found in outcome.findings] == ["case-key-not-keyed"]
    assert key not in str(outcome.findings)
