"""When a program may be founded, and when it may get another model."""

from collections.abc import Collection, Iterable

from agreements.programs.models import AlignmentModel, Program
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.values.money import Money
from comanage.web.errors import PolicyError

_SIGNED = (YearStatus.LOCKED, YearStatus.OPEN)
_IN_A_SENTENCE = {
    AlignmentModel.CO_MANAGEMENT: "co-management",
    AlignmentModel.PSA: "a professional services agreement",
    AlignmentModel.EMPLOYMENT: "employment",
}


def check_name_is_free(*, is_taken: bool, name: str) -> None:
    """Raise PolicyError when the hospital has a program of that name."""
    if is_taken:
        raise PolicyError(f"There is a program named “{name}” already. Open it, or choose a name.")


def check_can_choose(
    program: Program,
    model: AlignmentModel,
    years: Iterable[MeasurementYear],
    misfits: Collection[str],
) -> None:
    """Raise PolicyError unless a program can get a model now.

    Args:
        program: that is to get it.
        model: it is to get.
        years: of the program.
        misfits: names of parts of the pay, in a draft, that do not fit the model.
    """
    name = _IN_A_SENTENCE[model]
    if program.alignment_model == model:
        raise PolicyError(f"This program is {name} already.")
    for year in years:
        if year.status in _SIGNED and year.in_effect is not None:
            raise PolicyError(
                f"The terms of {year.period} are signed for the model as it is. Choose another "
                "once that year is closed."
            )
        has_fee = year.is_draft and year.fixed_fee > Money(0)
        if has_fee and model is not AlignmentModel.CO_MANAGEMENT:
            raise PolicyError(
                f"The draft of {year.period} has a fixed fee, which {name} does not pay. Set it "
                "to zero first."
            )
    if misfits:
        raise PolicyError(
            f"A draft pays by what {name} does not: {', '.join(sorted(misfits))}. Take it out of "
            "the draft first."
        )
