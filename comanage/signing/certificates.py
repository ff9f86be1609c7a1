"""Certificates and keys as files write them: made, read, and told apart from what is neither.

Knows no database and no settings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_VALID_FOR = timedelta(days=20 * 365)  # reports are kept longer than agreements last
_LONGEST_NAME = 64  # of a common name: RFC 5280, ub-common-name


class CertificateError(ValueError):
    """A certificate or its key cannot be used."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs.

    Attributes:
        certificate: X.509, DER.
        key: PKCS#8, DER, of that certificate.
        chain: the certificates between it and a root, DER.
    """

    certificate: bytes
    key: bytes = field(repr=False)
    chain: tuple[bytes, ...] = ()

    @property
    def name(self) -> str:
        """The common name, or the whole name where there is none."""
        return name_of(x509.load_der_x509_certificate(self.certificate))

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, by which people compare it."""
        return sha256(self.certificate).hexdigest()

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return x509.load_der_x509_certificate(self.certificate).public_bytes(Encoding.PEM).decode()


def self_signed(name: str, *, at: datetime) -> Signatory:
    """Make a key and a certificate by which it vouches for itself.

    Args:
        name: what the certificate says; cut where it is too long for one.
        at: an aware instant; the certificate holds from then on.
    """
    key = new_curve_key(SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_LONGEST_NAME])])
    usage = dict.fromkeys(_USAGES, False) | {"digital_signature": True}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + _VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**(usage | {"content_commitment": True})), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Signatory(certificate.public_bytes(Encoding.DER), _key_bytes(key))


_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def from_pkcs12(path: Path, passphrase: str) -> Signatory:
    """Read the file that a certificate authority hands out.

    Raises:
        CertificateError: it is not there, does not open, lacks key or certificate, or holds a
            kind of key that signs nothing here.
    """
    try:
        content = path.read_bytes()
    except OSError as absent:
        raise CertificateError(f"{path} cannot be read: {absent.strerror}.") from absent
    try:
        held = load_pkcs12(content, passphrase.encode() or None)
    except ValueError as wrong:
        raise CertificateError(
            f"{path} is no PKCS#12 file, or the passphrase is another's."
        ) from wrong
    if held.key is None or held.cert is None:
        raise CertificateError(f"{path} lacks a private key or its certificate.")
    if not isinstance(held.key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise CertificateError(f"{path} holds a key that is neither RSA nor of an elliptic curve.")
    return Signatory(
        held.cert.certificate.public_bytes(Encoding.DER),
        _key_bytes(held.key),
        tuple(each.certificate.public_bytes(Encoding.DER) for each in held.additional_certs),
    )


def check_in_force(signatory: Signatory, *, at: datetime) -> None:
    """Refuse a certificate that holds no more, or not yet, or that is another key's.

    Raises:
        CertificateError: as said.
    """
    certificate = x509.load_der_x509_certificate(signatory.certificate)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= at.astimezone(UTC) <= end:
        raise CertificateError(
            f"The certificate of {name_of(certificate)} holds from {start:%Y-%m-%d} to "
            f"{end:%Y-%m-%d}, not today. Get a new one."
        )
    key = load_der_private_key(signatory.key, None)
    if key.public_key() != certificate.public_key():
        raise CertificateError(f"The key is not that of {name_of(certificate)}.")


def read_certificates(text: bytes) -> list[bytes]:
    """Read the certificates of a PEM file as DER; other text in it is passed over.

    Raises:
        CertificateError: there is none, or one is damaged.
    """
    try:
        found = x509.load_pem_x509_certificates(text)
    except ValueError as wrong:
        raise CertificateError("no certificate in PEM form can be read from it") from wrong
    return [each.public_bytes(Encoding.DER) for each in found]


def name_of(certificate: x509.Certificate) -> str:
    """Return the common name, or the whole name where there is none."""
    named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(named[0].value) if named else certificate.subject.rfc4514_string()


def _key_bytes(key: RSAPrivateKey | EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
