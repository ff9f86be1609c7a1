"""The sentences of independence that a reviewer confirms by signing. Pure.

What was confirmed is kept with the signature word for word, so that a change here changes no
statement of before.
"""

SENTENCES = (
    (
        "I am not employed by the hospital or the physician group, and hold no ownership or "
        "investment interest in either."
    ),
    "Neither what I am paid for this review nor whether I am asked again depends on its result.",
    "I had no part in agreeing the terms, in collecting the data or in freezing the result.",
    "Nobody in my family is paid by this result.",
)


def statement() -> str:
    """Return the statement as it is kept and printed."""
    return " ".join(SENTENCES)
