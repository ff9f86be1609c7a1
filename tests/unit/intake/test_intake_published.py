"""Files as agencies publish them: one row is a hospital and a measure, never a person."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from comanage.values.period import Period
from scorecards.intake.checks import check_file
from scorecards.intake.outcome import Outcome
from scorecards.intake.propose import Proposal, propose
from scorecards.intake.reading import UnreadableError
from scorecards.intake.samples import take_sample
from scorecards.intake.spec import DataLevel, FeedSpec, SpecError, from_document, to_document
from scorecards.intake.xlsx_guard import check_workbook

PASSING = Path(__file__).parents[2] / "files" / "pass"
# Those of the passing files whose feed is what the product proposes for them.
PUBLISHED = (
    *("acquired_conditions", "aco_results", "complications_and_deaths", "hospital_general"),
    *("infection_ratios_titled", "infections", "inpatient_by_drg", "patient_survey"),
    *("payment_with_location", "readmissions_reduction", "spending_per_beneficiary"),
    *("timely_care", "unplanned_visits", "value_based_purchasing"),
)
TOO_FEW = "* Too few to report means that fewer than 25 cases were counted."
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


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_proposed_for_a_published_file_takes_it_in(name: str) -> None:
    """That the feed beside the file takes it in is asked of every passing file."""
    source = PASSING / f"{name}.csv"
    declared = json.loads(source.with_name(f"{name}.csv.feed.json").read_text())

    assert to_document(propose(take_sample(source, source.name)).spec()) == declared


def _readmissions() -> list[list[str]]:
    text = (PASSING / "readmissions_reduction.csv").read_text()
    return list(csv.reader(io.StringIO(text)))


def _proposed_and_checked(source: Path, folder: Path) -> tuple[Proposal, Outcome]:
    proposal = propose(take_sample(source, source.name))
    return proposal, check_file(source, source.name, proposal.spec(), YEAR, folder / "s.parquet")


def _as_text(separator: str, encoding: str, *, packed: bool = False) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(
        [cell.replace("MARSHALL", "MARSH\u00c1LL") for cell in row] for row in _readmissions()
    )
    content = written.getvalue().encode(encoding)
    return gzip.compress(content) if packed else content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("utf_16.csv", _as_text(",", "utf-16")),
        ("utf_16.tsv", _as_text("\t", "utf-16")),
        ("windows.csv", _as_text(",", "cp1252")),
        ("semicolon.csv", _as_text(";", "cp1252")),
        ("bar.txt", _as_text("|", "utf-8-sig")),
        ("packed.csv.gz", _as_text(",", "utf-8", packed=True)),
    ],
)
def test_the_same_file_is_taken_in_however_it_is_written(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    proposal, outcome = _proposed_and_checked(tmp_path / name, tmp_path)

    assert proposal.row_key == ("facility_id", "measure_name")
    assert outcome.accepted, outcome.findings
    assert (outcome.rows, outcome.counts["number_of_readmissions"]["suppressed"]) == (30, 15)


def _hospitals(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Hospitals")
    sheet.merge_range(0, 0, 0, 2, "The hospitals of the program")
    sheet.write_row(1, 0, ("Facility ID", "Mailing Address", "Phone Number"))
    sheet.write_row(2, 0, ("010001", "1 Main Street", "(334) 555-0101"))


def _readme(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("Read me").write_row(0, 0, ("Footnote", "What it means"))


@pytest.mark.parametrize("other_sheet", [_hospitals, _readme])
def test_a_workbook_with_titles_notes_and_another_sheet_is_taken_in(
    tmp_path: Path, other_sheet: Callable[[xlsxwriter.Workbook], None]
) -> None:
    source = tmp_path / "published.xlsx"
    header, *rows = _readmissions()
    with xlsxwriter.Workbook(str(source)) as book:
        other_sheet(book)
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        sheet = book.add_worksheet("FY 2025")
        sheet.merge_range(0, 0, 0, len(header) - 1, "Readmissions, fiscal year 2025")
        sheet.write_row(2, 0, header)
        for number, row in enumerate(rows, 3):
            sheet.write_row(number, 0, row[:-2])  # numbers stored as text
            for place, ends in enumerate((date(2020, 7, 1), date(2023, 6, 30)), len(row) - 2):
                sheet.write_datetime(number, place, ends, day)
        sheet.write(number + 2, 0, TOO_FEW)

    proposal, outcome = _proposed_and_checked(source, tmp_path)

    assert (proposal.form.sheet, proposal.form.header_row) == ("FY 2025", 3)
    assert proposal.row_key == ("facility_id", "measure_name")
    assert outcome.accepted, outcome.findings
    assert outcome.rows == len(rows)


def test_another_sheet_with_addresses_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet("Cases")
        sheet.write_row(0, 0, ("Facility ID", "Measure", "Cases", "Score"))
        sheet.write_row(1, 0, ("010001", "A", 30, 0.5))
        _hospitals(book)

    declared = check_file(
        source, "two.xlsx", _spec(organization_columns=["Phone Number"]), YEAR, tmp_path / "s"
    )
    bare = check_file(source, "two.xlsx", _spec(organization_columns=[]), YEAR, tmp_path / "s")

    assert declared.accepted, declared.findings
    assert [found.code for found in bare.findings] == ["identifier-in-cell"]


def _proposed(folder: Path, text: str) -> Proposal:
    source = folder / "sample.csv"
    source.write_text(text)
    return propose(take_sample(source, "sample.csv"))


@pytest.mark.parametrize(
    ("text", "level", "key"),
    [
        ("unit,cases,met\nA,10,9\nB,12,8\n", DataLevel.AGGREGATES, ("unit",)),
        ("unit,encounter_id,met\nA,E1,0\nB,E2,1\n", DataLevel.CODED_CASES, ("encounter_id",)),
        ("facility_name,ccn,score\nA,010001,1.5\nB,010002,2\n", DataLevel.AGGREGATES, ("ccn",)),
        ("site,year,met\nA,2024,9\nB,2024,9\nA,2025,8\n", DataLevel.AGGREGATES, ("site", "year")),
    ],
)
def test_what_names_a_row_is_told_from_what_is_counted(
    tmp_path: Path, text: str, level: DataLevel, key: tuple[str, ...]
) -> None:
    proposal = _proposed(tmp_path, text)

    assert (proposal.level, proposal.spec().row_key) == (level, key)


def test_rows_that_could_each_be_a_person_are_not_proposed_as_aggregates(tmp_path: Path) -> None:
    rows = "".join(f"H{n % 2},D{n},{'FM'[n % 2]},White,{50 + n},{n}.5\n" for n in range(4))

    proposal = _proposed(tmp_path, "Facility,DRG,Sex,Race,Age,Cost\n" + rows + rows)

    assert "is each row one of them?" in proposal.said[0]
    with pytest.raises(SpecError, match="choose the column that is different in every row"):
        proposal.spec()


def test_a_row_of_totals_is_pointed_out(tmp_path: Path) -> None:
    proposal = _proposed(tmp_path, "unit,cases,met\nA,10,9\nB,12,8\nTotal,22,17\n")

    assert "'Total' in unit reads like the sum of other rows" in proposal.said[-1]


def test_an_empty_row_is_named_and_nothing_else(tmp_path: Path) -> None:
    """The parser takes an empty row for a whole one."""
    source = tmp_path / "published.csv"
    source.write_text("Facility ID,Measure,Cases,Score\n1,A,30,0.5\n\n2,A,30,0.5\n")

    outcome = check_file(source, "published.csv", _spec(), YEAR, tmp_path / "s.parquet")

    assert [(found.code, found.row) for found in outcome.findings] == [("wrong-width", 3)]
    assert outcome.rows == 3
