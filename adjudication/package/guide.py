"""What a reader needs to verify a report: how, and the certificate. Pure.

One text holds both, since readers of certificates pass over everything around them.
"""

from textwrap import fill

from comanage.signing.certificates import Signatory

FILENAME = "how-to-verify-reports.txt"
_STEPS = (
    (
        "Any machine with Linux and Python 3.11 or newer will do. It needs the source of CoManage, "
        "and no server, database or account."
    ),
    "Put the report and this file into one folder.",
    "In the folder of CoManage, give both with their paths to this command:",
    (
        "OK stands with hospital, program, year and total: the signature holds for every byte, "
        "the snapshot is the one that was signed off, and its dollars follow from its own terms "
        "and counts. NOT OK stands with each reason, and the exit code is 1."
    ),
)
_COMMAND = f"   python3 manage.py verify REPORT.pdf --trust {FILENAME}"
_BY_HAND = (
    "Without CoManage, any PDF reader shows the signature and the two files inside. The SHA-256 of "
    "snapshot.json is the one on the cover; each step to the dollars is in the calculation "
    "schedule, to be followed with a pencil."
)


def verification_guide(hospital: str, signs: Signatory | None) -> str:
    """Write the guide.

    Args:
        hospital: whose reports.
        signs: who signs them now; None when that cannot be said.
    """
    title = f"How to verify an adjudication report of {hospital}"
    *before, last = (
        fill(step, 96, initial_indent=f"{number}. ", subsequent_indent="   ")
        for number, step in enumerate(_STEPS, 1)
    )
    steps = "\n".join((*before, _COMMAND, last))
    return "\n\n".join((title, steps, fill(_BY_HAND, 96), *_certificate(signs), ""))


def _certificate(signs: Signatory | None) -> tuple[str, ...]:
    if signs is None:
        return ("The certificate cannot be given now. Ask whoever runs the installation for it.",)
    once = (
        "Whoever can change a file can change this one too. So ask the hospital once, by telephone "
        "or on paper, for the SHA-256 of its certificate, and compare it with this one."
    )
    named = f"Signed by    {signs.name}\nCertificate  SHA-256 {signs.fingerprint}"
    return (named, fill(once, 96), signs.pem.strip())
