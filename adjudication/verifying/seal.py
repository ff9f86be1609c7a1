"""The signature of a report: whether it holds, for every byte, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from adjudication.verifying.problems import DoesNotHoldError
from adjudication.verifying.report_file import ReportFile

_CHANGED = "The file was changed after it was signed. Get it again from where it was made."
_ADDED = (
    "Something was added to the file after it was signed. Get it again from where it was made; a "
    "copy that was saved, signed or commented in a reader is another file."
)


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature that holds.

    Attributes:
        name: as the certificate says.
        fingerprint: SHA-256 of the certificate.
        claimed_at: when it was signed, as the signer's clock said.
        is_trusted: whether the certificate is one of those given, or leads to one; None where
            none was given.
    """

    name: str
    fingerprint: str
    claimed_at: datetime | None
    is_trusted: bool | None


def check_seal(file: ReportFile, trusted: Sequence[bytes]) -> Seal:
    """Check that the signature holds for the whole file.

    Args:
        file: the report.
        trusted: certificates, DER.

    Raises:
        DoesNotHoldError: there is none, it is broken, or it does not cover the file to its end.
    """
    if file.seal is None:
        raise DoesNotHoldError(
            "The report is not signed: nobody vouches for its pages. It was made before reports "
            "were signed, or elsewhere."
        )
    try:
        return _checked(file, file.seal, trusted)
    except DoesNotHoldError:
        raise
    except Exception as wrong:  # a hostile file finds every error that a parser has
        raise DoesNotHoldError(f"The signature cannot be read. {_CHANGED}") from wrong


def _checked(file: ReportFile, seal: Any, trusted: Sequence[bytes]) -> Seal:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    claimed_at = seal.self_reported_timestamp
    status = validate_pdf_signature(
        seal,
        ValidationContext(
            trust_roots=[Certificate.load(each) for each in trusted],
            allow_fetching=False,
            # Reports are read years later: the certificate must have held when it signed.
            moment=claimed_at,
            best_signature_time=claimed_at,
        ),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
        ),
    )
    if not (status.intact and status.valid):
        raise DoesNotHoldError(_CHANGED)
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise DoesNotHoldError(_ADDED)
    _check_hole(file.content, seal)
    certificate = status.signing_cert
    found = Seal(
        name=str(certificate.subject.native.get("common_name", certificate.subject.human_friendly)),
        fingerprint=sha256(certificate.dump()).hexdigest(),
        claimed_at=claimed_at,
        is_trusted=bool(status.trusted) if trusted else None,
    )
    if found.is_trusted is False:
        raise DoesNotHoldError(
            f"It is by “{found.name}” with the certificate of SHA-256 {found.fingerprint}, which "
            "is none that you trust and leads to none."
        )
    return found


def _check_hole(content: bytes, seal: Any) -> None:
    """Hold the bytes that the signature does not cover, its own, against the one way to write them.

    The signature lies in a hole of what it signs. There, digits could be written small, zeros
    follow, and some fields bind nothing: none of that may be other than it is written here.
    """
    _, before, after, _ = seal.byte_range
    hole, der = content[before:after], _written_anew(seal)
    zeros = len(hole) - 2 - 2 * len(der)
    if hole != b"<" + der.hex().upper().encode() + b"0" * zeros + b">":
        raise DoesNotHoldError(_CHANGED)


def _written_anew(seal: Any) -> bytes:
    """Write the signature from those of its parts that are bound by it or by each other."""
    from asn1crypto import cms

    signed, signer, certificate = seal.signed_data, seal.signer_info, seal.signer_cert
    digest = cms.DigestAlgorithm({"algorithm": "sha256"})
    sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    again = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", sid),
            "digest_algorithm": digest,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": signer["signature_algorithm"],
            "signature": signer["signature"],
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": signed["certificates"],
            "signer_infos": [again],
        }
    )
    der: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return der
