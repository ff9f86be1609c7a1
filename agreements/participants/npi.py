"""The National Provider Identifier and its check digit."""


def is_npi(text: str) -> bool:
    """Say whether ten digits carry a valid check digit.

    Source:
        45 CFR 162.406 and the NPI standard: Luhn over the number with the prefix 80840.
    """
    if len(text) != 10 or not text.isascii() or not text.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + text)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
