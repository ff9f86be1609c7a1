"""A final report is verified as its reader does it: from the file alone."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from adjudication.package.models import Report, Stage
from adjudication.verifying.enclosed import RECORDS, SIGN_OFFS, SNAPSHOT
from adjudication.verifying.problems import DoesNotHoldError
from adjudication.verifying.records import OLDER, check_records
from adjudication.verifying.snapshot import check_result
from adjudication.verifying.verdict import verify
from adjudication.years.steps import Step
from agreements.terms.models import MeasurementYear
from comanage.documents.signature import sign_pdf
from comanage.embedded.home import PROJECT
from comanage.jobs.kinds import JobKind
from comanage.signing.certificates import Signatory, self_signed
from comanage.signing.identity import signatory
from comanage.tenancy.scope import tenant_scope
from comanage.values.canonical import canonical_json
from comanage.vault.files import opened
from indicators.measure.tally import COUNTS
from tests.ground import FIXED_FEE, INCENTIVE, run_jobs
from tests.laws import examples
from tests.signing import book, freeze, sign_up_to

pytestmark = pytest.mark.django_db

CHANGED = "The file was changed after it was signed."
ADDED = "Something was added to the file after it was signed."
UNUSED = ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
UNUSED += ("encipher_only", "decipher_only")
DIGITS = b"0123456789ABCDEF"
SLUGS = ("readmission-30-day", "hba1c-measured")
laws = settings(max_examples=examples(15), deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def made(_computed, ground) -> tuple[bytes, Signatory]:
    """A final report, and who signed it."""
    with tenant_scope(ground.pk):
        year = MeasurementYear.objects.get(pk=_computed)
        freeze(year)
        sign_up_to(year, Step.CEO)
        book(year)
        run_jobs(ground.pk, JobKind.RENDER_REPORT)
        with opened(Report.objects.get(stage=Stage.FINAL).storage_name) as stored:
            return stored.read(), signatory()


@pytest.fixture(scope="module")
def report(made) -> bytes:
    return made[0]


@pytest.fixture(scope="module")
def forger() -> Signatory:
    """Somebody else, under the installation's name."""
    return self_signed("CoManage at 127.0.0.1:8000", at=datetime.now(UTC))


def unsigned(report: bytes) -> bytes:
    return report[: report.index(b"%%EOF") + 6]


def hole(report: bytes) -> tuple[int, int]:
    """Return where the digits of the signature begin and end."""
    start = report.index(b"/Contents <", len(unsigned(report))) + len(b"/Contents <")
    return start, report.index(b">", start)


def remade(report: bytes, by: Signatory, **changed) -> bytes:
    """Put other files into a report and sign it anew."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned(report))) as pdf:
        for name, document in changed.items():
            specification = pdf.attachments[name.replace("_", "-") + ".json"]
            stream = specification.obj.EF.F
            stream.write(document if isinstance(document, bytes) else written(document))
        pdf.save(target)
    return sign_pdf(target.getvalue(), by, reason="Test")


def issued(name, key, *, by, at, is_authority=True) -> x509.Certificate:
    """Let an authority, named with its key, certify a key."""
    usage = dict.fromkeys(UNUSED, False) | {
        "digital_signature": not is_authority,
        "content_commitment": not is_authority,
        "key_cert_sign": is_authority,
    }
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (by[0], name)]
    start, end = at - timedelta(days=1), at + timedelta(days=1)
    return (
        x509.CertificateBuilder(*names, key.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(by[1], hashes.SHA256())
    )


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def written(document) -> bytes:
    return canonical_json(document).encode()


def inside(report: bytes, name: str):
    with pikepdf.open(io.BytesIO(report)) as pdf:
        return json.loads(pdf.attachments[name].get_file().read_bytes())


def reasons(report: bytes, **given) -> dict[str, str]:
    return {f.check: f.text for f in verify(report, **given).findings if not f.holds}


def test_a_stranger_verifies_a_report_without_a_server(made, tmp_path):
    report, signs = made
    (tmp_path / "report.pdf").write_bytes(report)
    (tmp_path / "trust.txt").write_text(f"Some words around it.\n{signs.pem}More words.\n")
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://-:1"}

    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "verify", "--json"),
            *(tmp_path / "report.pdf", "--trust", tmp_path / "trust.txt"),
        ],
        cwd=PROJECT,
        env=os.environ | nowhere | {"COMANAGE_NO_BOOTSTRAP": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr, answer["ok"]) == (0, "", True)
    assert answer["report"]["hospital"] == "Smallville"
    assert answer["report"]["program"] == "Heart"
    assert answer["report"]["period"] == {"start": "2025-01-01", "end": "2026-01-01"}
    assert answer["report"]["total"] == (FIXED_FEE + INCENTIVE).dollars_text
    assert answer["signature"]["trusted"] is True
    assert answer["signature"]["certificate_sha256"] == signs.fingerprint


def test_whose_signature_it_is_stays_open_without_a_certificate_to_trust(made, forger):
    report, signs = made

    assert verify(report).seal.is_trusted is None
    assert verify(report, trusted=[forger.certificate, signs.certificate]).seal.is_trusted
    assert "none that you trust" in reasons(report, trusted=[forger.certificate])["signature"]


def test_a_certificate_is_trusted_by_its_root_and_not_by_the_roots_name(report, tmp_path):
    now = datetime.now(UTC)
    root_key, between_key, key = new_key(), new_key(), rsa.generate_private_key(65537, 2048)
    root = issued("Root", root_key, by=("Root", root_key), at=now)
    namesake = issued("Root", between_key, by=("Root", between_key), at=now)
    between = issued("Between", between_key, by=("Root", root_key), at=now)
    leaf = issued("Hospital, Inc.", key, by=("Between", between_key), at=now, is_authority=False)
    file = tmp_path / "signs.p12"
    file.write_bytes(
        serialize_key_and_certificates(b"", key, leaf, [between], BestAvailableEncryption(b"open"))
    )

    with override_settings(SIGNING_PKCS12=str(file), SIGNING_PASSPHRASE="open"):
        signed = sign_pdf(unsigned(report), signatory(), reason="Test")

    for trusted in (root, between, leaf):
        assert verify(signed, trusted=[der(trusted)]).holds
    assert verify(signed, trusted=[der(root)]).seal.name == "Hospital, Inc."
    assert "leads to none" in reasons(signed, trusted=[der(namesake)])["signature"]


def test_the_hash_that_was_told_is_held_against_the_one_inside(report):
    told = verify(report).facts.sha256

    assert verify(report, told_sha256=told).holds
    assert "not the one that you gave" in reasons(report, told_sha256="0" * 64)["hash"]


def test_what_is_added_after_the_signature_is_found(report):
    with pikepdf.open(io.BytesIO(report)) as pdf:
        saved = io.BytesIO()
        pdf.save(saved)
    annotated, writer = io.BytesIO(), IncrementalPdfFileWriter(io.BytesIO(report))
    writer.root["/Lang"] = TextStringObject("de")
    writer.update_root()
    writer.write(annotated)

    assert "signature" in reasons(saved.getvalue())  # a reader's "save as"
    assert reasons(report + b"\n")["signature"].startswith(ADDED)
    assert reasons(annotated.getvalue())["signature"].startswith(ADDED)


def test_the_bytes_that_a_signature_leaves_open_cannot_be_written_otherwise(report):
    start, end = hole(report)
    small = report[:start] + report[start:end].lower() + report[end:]
    padded = report[: end - 1] + b"1" + report[end:]

    assert reasons(small) == reasons(padded)
    assert reasons(small)["signature"].startswith(CHANGED)


@pytest.mark.law
@laws
@given(place=st.floats(0, 1, exclude_max=True), shift=st.integers(1, 255))
def test_any_changed_byte_of_the_file_is_found(report, place, shift):
    at = int(place * len(report))
    other = (report[at] + shift) % 256

    assert reasons(report[:at] + bytes([other]) + report[at + 1 :])


@pytest.mark.law
@laws
@given(place=st.floats(0, 1, exclude_max=True), shift=st.integers(1, 15))
def test_any_changed_digit_of_the_signature_is_found(report, place, shift):
    start, end = hole(report)
    at = start + int(place * (end - start))
    other = DIGITS[(DIGITS.index(report[at]) + shift) % 16]

    assert reasons(report[:at] + bytes([other]) + report[at + 1 :])


@pytest.mark.law
@laws
@given(data=st.data())
def test_any_changed_count_is_found(report, data):
    snapshot = inside(report, SNAPSHOT)
    tally = snapshot["inputs"]["tallies"][data.draw(st.sampled_from(SLUGS))]
    name = data.draw(st.sampled_from(COUNTS))
    tally[name] = data.draw(st.integers(0, 10_000).filter(lambda n: n != tally.get(name, 0)))

    with pytest.raises(DoesNotHoldError):
        check_result(snapshot)


def test_a_report_that_nobody_signed_is_not_relied_on(report):
    assert "not signed" in reasons(unsigned(report))["signature"]


def test_a_changed_count_is_named_even_where_the_installation_itself_signed(made):
    report, signs = made
    snapshot = inside(report, SNAPSHOT)
    snapshot["inputs"]["tallies"]["readmission-30-day"]["numerator"] += 1
    snapshot["inputs"]["tallies"]["readmission-30-day"]["not_met"] -= 1

    found = reasons(remade(report, signs, snapshot=snapshot), trusted=[signs.certificate])

    assert found.keys() == {"hash", "sign-offs", "records", "result"}
    assert found["result"].startswith("Result, scorecard, indicators “")
    assert "the report says " in found["result"]


def test_a_total_that_does_not_follow_is_named_with_both_amounts(made):
    report, signs = made
    snapshot = inside(report, SNAPSHOT)
    snapshot["result"]["statement"]["total"] = "132000.02"

    found = reasons(remade(report, signs, snapshot=snapshot))["result"]

    assert "total: the report says 132000.02; its own terms and counts give 132000.01" in found


def test_changed_terms_no_longer_have_their_hash(made):
    report, signs = made
    snapshot = inside(report, SNAPSHOT)
    snapshot["inputs"]["terms"]["pay"]["fixed_fee"] = "90000.01"

    found = reasons(remade(report, signs, snapshot=snapshot))

    assert found["documents"] == "The terms inside differs from what its SHA-256 names."


def test_a_whole_forgery_falls_by_its_certificate_alone(made, forger):
    report, signs = made

    forged = remade(report, forger)

    assert not reasons(forged)
    assert reasons(forged, trusted=[signs.certificate]).keys() == {"signature"}


@pytest.mark.parametrize(
    ("step", "change", "reason"),
    [
        (0, {"snapshot_sha256": "0" * 64}, "on another snapshot"),
        (4, {"decision": ""}, "4 of 5 steps are approved"),
        (2, {"decision": "returned"}, "4 of 5 steps are approved"),
    ],
)
def test_a_final_report_lacks_no_sign_off(made, step, change, reason):
    report, signs = made
    sign_offs = inside(report, SIGN_OFFS)
    sign_offs["sign_offs"][step] |= change

    assert reason in reasons(remade(report, signs, sign_offs=sign_offs))["sign-offs"]


def test_an_approval_on_a_condition_is_one_and_is_told(made):
    report, signs = made
    sign_offs = inside(report, SIGN_OFFS)
    sign_offs["sign_offs"][3]["decision"] = "conditional"

    found = {f.check: f for f in verify(remade(report, signs, sign_offs=sign_offs)).findings}

    assert found["sign-offs"].holds
    assert found["sign-offs"].text.startswith("5 of 5 steps approved, 1 on a condition")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"schema":"comanage.snapshot/1"}', "cannot be read"),
        (b'{"schema":"comanage.snapshot/9"}', "newer release"),
        (b'{"schema" : "comanage.snapshot/1"}', "canonical form"),
        (b"[" * 100_000, "cannot be read"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_snapshot_of_another_shape_gets_one_sentence(made, content, reason):
    report, signs = made

    found = reasons(remade(report, signs, snapshot=content))

    assert found.keys() == {"snapshot"}
    assert reason in found["snapshot"]


def test_a_file_that_is_no_report_gets_one_sentence(report, forger):
    def saved(change=lambda pdf: None, **how) -> bytes:
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(unsigned(report))) as pdf:
            change(pdf)
            pdf.save(target, **how)
        return target.getvalue()

    def without_files(pdf):
        del pdf.Root.Names.EmbeddedFiles

    def twice(pdf):
        names = pdf.Root.Names.EmbeddedFiles.Names
        names.extend([names[0], names[1]])

    def bomb(pdf):
        stream = pdf.attachments[SNAPSHOT].obj.EF.F
        packed = zlib.compress(bytes(300_000_000), 1)
        stream.write(packed, filter=pikepdf.Name.FlateDecode)

    plain = saved(without_files)
    locked = saved(encryption=pikepdf.Encryption(user="a", owner="b"))

    assert "no PDF" in reasons(b"PK\x03\x04")["file"]
    assert "no PDF" in reasons(b"")["file"]
    assert "damaged" in reasons(report[: len(report) // 2])["file"]
    assert "encrypted" in reasons(locked)["file"]
    assert "two files named snapshot.json" in reasons(saved(twice))["file"]
    assert "unpacks to more" in reasons(saved(bomb))["file"]
    assert "no snapshot.json" in reasons(sign_pdf(plain, forger, reason="Test"))["snapshot"]
    assert "more than 50 MB" in reasons(b"%PDF-" + bytes(50_000_000))["file"]


def test_records_are_those_beside_the_sign_offs_and_of_the_same_snapshot(report, forger):
    records, signed = inside(report, RECORDS), inside(report, SIGN_OFFS)
    other = records | {"holds": [{"what": "Nothing held it."}]}
    elsewhere = records | {"snapshot_sha256": "0" * 64}

    assert "records" in [finding.check for finding in verify(report).findings if finding.holds]
    assert "another SHA-256" in reasons(remade(report, forger, records=other))["records"]
    renamed = signed | {"records_sha256": hashlib.sha256(written(elsewhere)).hexdigest()}
    both = remade(report, forger, records=elsewhere, sign_offs=renamed)
    assert "another snapshot" in reasons(both)["records"]
    late = records | {"files": [{"feed": "Stays", "days_late": 3}]}
    renamed = signed | {"records_sha256": hashlib.sha256(written(late)).hexdigest()}
    both = remade(report, forger, records=late, sign_offs=renamed)
    assert "other promised files" in reasons(both)["records"]


def test_a_report_of_before_without_records_still_holds_and_one_that_lost_them_does_not(report):
    signed = inside(report, SIGN_OFFS)
    older = {name: part for name, part in signed.items() if name != "records_sha256"}

    assert check_records({}, older, {}, "") == OLDER
    with pytest.raises(DoesNotHoldError, match="carries none"):
        check_records({}, signed, {}, "")


def test_signatures_are_held_against_the_review_and_the_committee(report, forger):
    records, signed = inside(report, RECORDS), inside(report, SIGN_OFFS)

    def reason(**changed):
        changed = records | changed
        named = signed | {"records_sha256": hashlib.sha256(written(changed)).hexdigest()}
        return reasons(remade(report, forger, records=changed, sign_offs=named)).get("records", "")

    review, committee = records["review"], records["committee"]
    first, *others = review["indicators"]
    silent = [member | {"comments": []} for member in committee["members"]]
    assert reason(review=None, committee=None) == ""
    differing = review | {"indicators": [first | {"is_match": False}, *others]}
    assert "is no match" in reason(review=differing)
    assert "could still comment" in reason(committee=committee | {"members": silent})
    lapsed = {"members": silent, "closes_at": records["frozen"]["at"]}
    assert reason(committee=committee | lapsed) == ""
