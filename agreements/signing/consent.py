"""What a signatory consents to before signing here. A changed text is another version.

Source:
    15 USC 7001(c) (ESIGN) and section 5 of the Uniform Electronic Transactions Act.
"""

CONSENT_VERSION = "2026-11-28"

CONSENT = (
    (
        "You agree to sign this agreement electronically, and to receive it and its notices as "
        "electronic records. The consent covers this agreement alone."
    ),
    (
        "You may have it on paper instead, or take the consent back before you sign, at no charge: "
        "decline here and ask whoever sent it to you."
    ),
    (
        "To read and keep the records you need a browser that is kept up to date and a program "
        "that opens PDF files. The executed agreement stays here to be downloaded."
    ),
)

INTENT = (
    "Typing your name and pressing Sign is your signature. It binds the side that you sign for as "
    "a signature on paper would."
)
