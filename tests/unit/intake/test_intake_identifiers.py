from pathlib import Path

import pyarrow as pa
import pytest

import comanage.demo
from scorecards.intake.identifiers import holds_identifier, identifier_kind, pattern_hits

REAL_HEADER = (
    (Path(comanage.demo.__file__).parent / "data" / "stays.csv").read_text().split("\n")[0]
)


@pytest.mark.parametrize(
    "name",
    [
        "name",
        "patient_name",
        "PatientName",
        "PATIENTNAME",
        "first_name",
        "lastName",
        "surname",
        "names",
        "physician_name",
        "mrn",
        "MRN",
        "patient_mrn",
        "medical_record_number",
        "MedicalRecordNo",
        "ssn",
        "SSN",
        "social_security_no",
        "social",
        "address",
        "home_address",
        "Address1",
        "street",
        "phone",
        "phone2",
        "cell_phone",
        "fax",
        "email",
        "e_mail",
        "e-mail",
        "dob",
        "DOB",
        "birth_date",
        "date_of_birth",
        "BirthDate",
        "birthdate",
        "birth_year",
        "zip",
        "zip_code",
        "ZIP5",
        "postal_code",
        "account",
        "account_no",
        "AccountNumber",
        "member_id",
        "device_serial",
        "serial_number",
        "url",
        "ip",
        "IP",
        "ip_address",
        "photo",
        "image",
        "vin",
        "license_no",
        "comments",
        "nurse_notes",
        "narrative",
        "free_text",
    ],
)
def test_a_column_name_that_promises_an_identifier_is_known(name):
    assert identifier_kind(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        *REAL_HEADER.split(","),
        *[
            "facility_name",
            "unit_name",
            "drug_name",
            "birth_weight",
            "ip_days",
            "shipment",
            "medication_count",
            "addressable",
            "discharge_date",
            "npi",
            "attending_npi",
            "operative_note_signed",
            "zipper",
            "emergency",
            "accountable",
            "serial_troponin",
            "urlaub",
            "phonetic",
            "case_id",
            "period",
            "username_free",
        ],
    ],
)
def test_a_column_name_that_only_resembles_one_stays(name):
    assert identifier_kind(name) is None


@pytest.mark.parametrize(
    "text",
    [
        "123-45-6789",
        "seen, 123-45-6789.",
        "123 45 6789",
        "123\u201345\u20136789",
        "(555) 123-4567",
        "555-123-4567",
        "555.123.4567",
        "call 1-555-123-4567 now",
        "+44 20 7946 0958",
        "+15551234567",
        "jane.doe+x@mail.example.org",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "3782 822463 10005",
        "paid by 5555555555554444",
    ],
)
def test_a_written_identifier_is_found(text):
    assert holds_identifier(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "250.83",
        "V57",
        "108662661",
        "1234567893",  # an NPI
        "2026-01-31",
        "2026-01-31 10:20:30",
        "12345-6789-01",  # a drug code
        "0.4111111111111111",
        "4111111111111112",  # a check digit that does not fit
        "4111 1111 1111 1112",
        "9f86d081-884c-4d63-a9b2-5555512345ff",
        "[70-80)",
        "Surgery-Cardiovascular/Thoracic",
        "A-123-45-6789",
        "1,931",
        "user@host",
    ],
)
def test_an_ordinary_value_is_no_identifier(text):
    assert not holds_identifier(text)


def test_hits_name_the_cells():
    hits = pattern_hits(pa.array(["a", "123-45-6789", "a", "123-45-6789", "x@y.org"]))

    assert [(hit.kind, hit.cells.tolist()) for hit in hits] == [
        ("a Social Security number", [1, 3]),
        ("an e-mail address", [4]),
    ]


def test_a_column_of_long_numbers_is_not_taken_for_cards_by_chance():
    numbers = [str(4_000_000_000_000_000 + 7 * place) for place in range(1_000)]

    assert pattern_hits(pa.array(numbers)) == []
