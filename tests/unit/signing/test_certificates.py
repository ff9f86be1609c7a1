"""What signs, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_der_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from comanage.signing.certificates import (
    CertificateError,
    check_in_force,
    from_pkcs12,
    read_certificates,
    self_signed,
)

NOW = datetime(2026, 3, 14, 15, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def signs():
    return self_signed("CoManage at hospital.example", at=NOW)


def packed(path, signs, *, has_key=True, key=None):
    certificate = x509.load_der_x509_certificate(signs.certificate)
    key = key or load_der_private_key(signs.key, None)
    content = serialize_key_and_certificates(
        b"", key if has_key else None, certificate, None, BestAvailableEncryption(b"open")
    )
    path.write_bytes(content)
    return path


def test_a_certificate_is_named_as_the_installation_and_may_sign_nothing_but_documents(signs):
    certificate = x509.load_der_x509_certificate(signs.certificate)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value

    assert signs.name == "CoManage at hospital.example"
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert signs.key not in repr(signs).encode()


def test_the_file_of_an_authority_gives_key_and_certificate(signs, tmp_path):
    assert from_pkcs12(packed(tmp_path / "a.p12", signs), "open") == signs


def test_a_file_that_cannot_sign_says_why(signs, tmp_path):
    good, no_file = packed(tmp_path / "a.p12", signs), tmp_path / "b.p12"
    lacking = packed(tmp_path / "c.p12", signs, has_key=False)
    (tmp_path / "d.p12").write_bytes(b"PEM?")

    for path, passphrase, reason in (
        (good, "shut", "the passphrase is another's"),
        (tmp_path / "d.p12", "open", "is no PKCS#12 file"),
        (no_file, "open", "cannot be read: No such file"),
        (lacking, "open", "lacks a private key"),
    ):
        with pytest.raises(CertificateError, match=reason):
            from_pkcs12(path, passphrase)


def test_a_kind_of_key_that_readers_do_not_know_is_refused(tmp_path):
    key, name = Ed25519PrivateKey.generate(), x509.Name([])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(1))
        .sign(key, None)
    )  # fmt: skip
    path = tmp_path / "e.p12"
    path.write_bytes(
        serialize_key_and_certificates(b"", key, certificate, None, BestAvailableEncryption(b"o"))
    )

    with pytest.raises(CertificateError, match="neither RSA nor of an elliptic curve"):
        from_pkcs12(path, "o")


def test_a_certificate_signs_only_while_it_holds_and_with_its_own_key(signs):
    check_in_force(signs, at=NOW)

    for at in (NOW - timedelta(seconds=1), NOW + timedelta(days=21 * 365)):
        with pytest.raises(CertificateError, match="not today"):
            check_in_force(signs, at=at)
    with pytest.raises(CertificateError, match="The key is not that of"):
        check_in_force(replace(signs, key=self_signed("Other", at=NOW).key), at=NOW)


def test_certificates_are_found_among_other_words(signs):
    assert read_certificates(f"Hello\n{signs.pem}\nBye".encode()) == [signs.certificate]
    with pytest.raises(CertificateError):
        read_certificates(b"none here")
