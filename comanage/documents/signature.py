"""A PDF signed as a whole (PAdES B-B): whoever changes a byte afterwards breaks the signature.

You find here how a file is signed, not who signs it (`comanage.signing`) nor how a signature is
checked (`adjudication.verifying`).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comanage.signing.certificates import Signatory

FIELD = "Seal"


def sign_pdf(pdf: bytes, signatory: Signatory, *, reason: str) -> bytes:
    """Certify a PDF: its bytes stay as they are, the signature follows them.

    Args:
        pdf: not signed yet.
        signatory: whose key signs.
        reason: what the signature says.
    """
    # Only here, because they take a second to load.
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Appending(IncrementalPdfFileWriter):
        """Append the signature alone.

        An archive (PDF/A-3) is PDF 1.7, and what its metadata say twice they say alike; left to
        itself the writer would raise the version and rewrite one of the two.
        """

        output_version = (1, 7)

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """Stay."""

        def _update_meta(self) -> None:
            """Leave the metadata as they were printed."""

    chain: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's has none
    chain.register_multiple([Certificate.load(each) for each in signatory.chain])
    signer = SimpleSigner(
        signing_cert=Certificate.load(signatory.certificate),
        signing_key=PrivateKeyInfo.load(signatory.key),
        cert_registry=chain,
    )
    signing = PdfSigner(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=signatory.name,
            reason=reason,
        ),
        signer=signer,
        # Outside the page, for PDF/UA; to be printed, for PDF/A. It has nothing to show.
        new_field_spec=SigFieldSpec(
            FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)
        ),
    )
    signed = BytesIO()
    signing.sign_pdf(Appending(BytesIO(pdf)), output=signed)
    return signed.getvalue()
