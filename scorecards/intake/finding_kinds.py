"""The kinds of findings in words, as a person reads them; machines go by the codes."""

_WORDS = {
    "bad-json": "Not JSON",
    "bad-report": "Not a MeasureReport",
    "case-key-not-keyed": "Case key not keyed",
    "column-kind": "Column of another kind",
    "dtd": "Document type",
    "nul-byte": "Character that is no text",
    "out-of-range": "Outside the limits",
    "outside-period": "Outside the period",
    "rows-expected": "Other number of rows than expected",
    "rows-history": "Other number of rows than before",
    "denominator-history": "Other denominator than before",
    "exclusions-history": "Other exclusions than before",
    "stated-rows": "Other number of rows than stated",
    "wrong-order": "Times out of order",
    "wrong-width": "Other number of fields than the header",
    "zip-bomb": "Unpacks too far",
}


def kind_in_words(code: str) -> str:
    """Say what kind a finding is; most codes are words already."""
    return _WORDS.get(code) or code.replace("-", " ").capitalize()
