"""The three models that bind hospital and physicians, side by side.

Pure, and written for people who choose. Which parts of the pay a year may have is not written here:
it is `agreements.components.completeness.FITS`, by which terms are checked. Nothing here is legal
advice; each rule names its source, so that counsel can read it there.
"""

from dataclasses import dataclass

from agreements.components.completeness import FITS, NAMES, in_a_sentence

FIXED_FEE = "Fixed fee for management"
INCENTIVE = "Incentive for agreed results"
PARTS = (FIXED_FEE, *NAMES.values(), INCENTIVE)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the law asks of a model, and where it stands."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Model:
    """One way to bind hospital and physicians.

    Attributes:
        key: as `agreements.programs.models.AlignmentModel` stores it.
        opinion: what an independent valuator must support.
        records: what must be there before anything is paid.
        suits: when it is worth a look.
        watch: what goes wrong with it.
        rules: those that bear on this model.
    """

    key: str
    title: str
    in_short: str
    employer: str
    pay: str
    governance: str
    opinion: str
    records: str
    suits: str
    watch: str
    rules: tuple[Rule, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the pay that a year under it may have."""
        fixed = (FIXED_FEE,) if self.key == "co_management" else ()
        return (
            *fixed,
            *(name for kind, name in NAMES.items() if kind in FITS[self.key]),
            INCENTIVE,
        )

    @property
    def parts_in_words(self) -> str:
        """The same, inside a sentence."""
        return ", ".join(in_a_sentence(part) for part in self.parts)


_SET_IN_ADVANCE = Rule(
    "Pay, or the formula for it, is in writing before the services begin, and can be checked.",
    "42 CFR 411.354(d)(1)",
)
_NOT_BY_REFERRALS = Rule(
    "No part of the pay rises with referrals or other business for the hospital.",
    "42 CFR 411.354(d)(5)",
)
_WRITTEN = Rule(
    "A signed writing names the services; it runs for a year at least.",
    "42 CFR 411.357(d)(1), 1001.952(d)(1)",
)
_TABLE_YEAR = Rule(
    "The terms name the year of the fee schedule that counts: that of 2021 revalued visits.",
    "42 CFR 411.354(d)(1), as set in advance",
)

MODELS: tuple[Model, ...] = (
    Model(
        key="co_management",
        title="Co-management",
        in_short="The physicians' company manages the service line together with the hospital.",
        employer="Their own practice. It goes on billing for what physicians do for patients.",
        pay="A fixed fee, or hours under a cap, for duties that were valued one by one; and an "
        "incentive at risk for results agreed in advance.",
        governance="A governing committee of both sides. Members from outside the paid group take "
        "part in designing the indicators (advisory opinion 12-22). Between the two sides, money "
        "follows work and not ownership.",
        opinion="The fixed fee as hours times a rate for each duty, the incentive at its most, and "
        "both together.",
        records="Each duty with its deliverable; approved hours where hours are paid; the evidence "
        "for each indicator.",
        suits="The group wants to stay independent, and the results depend on how the line is run.",
        watch="Paying for duties that nobody performed, or that another agreement pays already.",
        rules=(
            _WRITTEN,
            _SET_IN_ADVANCE,
            _NOT_BY_REFERRALS,
            Rule(
                "An outcome that is paid for rests on clinical evidence, is signed for before it "
                "is measured, and is monitored.",
                "42 CFR 1001.952(d)(2)",
            ),
            Rule(
                "Pay for the hospital's own savings alone, or for satisfaction alone, stands "
                "outside that safe harbor and needs counsel.",
                "42 CFR 1001.952(d)(3)(iii)",
            ),
            Rule(
                "Nothing is paid for giving patients less than they medically need.",
                "42 U.S.C. 1320a-7a(b)",
            ),
            Rule(
                "In space that bonds financed: no share of net profits, and the hospital keeps "
                "control.",
                "Rev. Proc. 2017-13",
            ),
        ),
    ),
    Model(
        key="psa",
        title="Professional services agreement",
        in_short="The practice stays independent, and the hospital pays it for its services.",
        employer="Their own practice. It pays its physicians out of what it receives.",
        pay="A rate for each wRVU: flat, above a mark, or in steps; and an incentive for results "
        "agreed in advance.",
        governance="The practice governs itself. Both sides agree the indicators; what a committee "
        "decides stands in the agreement.",
        opinion="The value of a wRVU, the incentive at its most, and all of it together for each "
        "wRVU: layers on a rate that is at the target already overshoot it.",
        records="wRVUs by physician and month, by the fee schedule that the terms name, approved "
        "by somebody other than whoever recorded them.",
        suits="The hospital needs the physicians' services, and they want to keep their practice.",
        watch="A rate that was fair when volumes were lower, and a fee schedule that moved.",
        rules=(_WRITTEN, _SET_IN_ADVANCE, _NOT_BY_REFERRALS, _TABLE_YEAR),
    ),
    Model(
        key="employment",
        title="Employment",
        in_short="The hospital employs the physicians and pays each of them.",
        employer="The hospital, or a company of its own.",
        pay="A salary, pay by wRVU, and an incentive for results agreed in advance.",
        governance="The hospital's own management decides. Let a committee with members whom the "
        "incentive does not pay agree the indicators.",
        opinion="The salary, the value of a wRVU, the incentive at its most, and all of it "
        "together for each physician.",
        records="wRVUs of services that each physician performed personally, approved by somebody "
        "other than whoever recorded them.",
        suits="The physicians want a salary, and the hospital can carry a practice.",
        watch="Credit for work that others performed, and a total that no one valued as a whole.",
        rules=(
            Rule(
                "The services are identifiable, and the pay is their fair market value and would "
                "make sense without any referral.",
                "42 CFR 411.357(c)",
            ),
            Rule(
                "A productivity bonus rests on services that the physician performed personally.",
                "42 CFR 411.357(c)(4)",
            ),
            _NOT_BY_REFERRALS,
            Rule(
                "A duty to refer within the hospital leaves the patient's choice, the insurer's "
                "determination and the physician's judgment alone.",
                "42 CFR 411.354(d)(4)",
            ),
            _TABLE_YEAR,
        ),
    ),
)


def model_of(key: str) -> Model:
    """Return a model by its key."""
    return next(model for model in MODELS if model.key == key)
