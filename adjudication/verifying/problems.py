"""Why a report does not hold, in one sentence."""


class DoesNotHoldError(ValueError):
    """One check of a report failed; the text is for people."""


# What reading a document of another shape than ours can raise.
MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
