"""Which scoring plans may stand in the terms of a year."""

from collections.abc import Mapping
from typing import Any

from comanage.web.errors import PolicyError
from scorecards.plans.fitting import fit_problems


def check_plan_fits(terms: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Raise PolicyError, naming everything at once, unless the terms can pay by the plan.

    Args:
        terms: of the year, as `agreements.terms.document.terms_document` writes them.
        document: the plan.
    """
    problems = fit_problems(terms, document)
    if problems:
        raise PolicyError(
            "The scoring plan does not fit these terms. " + " ".join(map(str, problems))
        )
