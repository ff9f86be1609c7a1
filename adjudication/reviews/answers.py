"""The answer of `manage.py verify --json`, as a reviewer hands it in. Pure."""

import json
from fractions import Fraction
from typing import Any

from adjudication.verifying.run import SCHEMA
from comanage.values.rounding import NumberTextError, fraction_from_text
from comanage.web.errors import PolicyError

Found = tuple[Fraction | None, Fraction | None]
_FIELD = "file"


def read_answer(content: bytes, sha256: str) -> dict[str, Found]:
    """Read the figures that a verification found, by slug.

    Args:
        content: of the file.
        sha256: of the snapshot that is reviewed.

    Raises:
        PolicyError: it is no such answer, of another snapshot, or not OK.
    """
    try:
        answer = json.loads(content)
        if answer["schema"] != SCHEMA:
            raise KeyError
        if not answer["ok"]:
            raise PolicyError(
                "That verification is NOT OK, so it gives no figures. Return the year with what "
                "it says, or put it on hold.",
                field=_FIELD,
            )
        if answer["report"]["snapshot_sha256"] != sha256:
            raise PolicyError(
                "That verification is of another snapshot. Verify the report of this one.",
                field=_FIELD,
            )
        return {each["slug"]: _found(each) for each in answer["indicators"]}
    except (LookupError, TypeError, ValueError, RecursionError, NumberTextError) as wrong:
        raise PolicyError(
            "That is no answer of a verification with figures. Run `manage.py verify REPORT.pdf "
            "--json` of this release and hand its output in.",
            field=_FIELD,
        ) from wrong


def _found(indicator: dict[str, Any]) -> Found:
    above, below = indicator["above"], indicator["below"]
    return (
        None if above is None else fraction_from_text(above),
        None if below is None else fraction_from_text(below),
    )
