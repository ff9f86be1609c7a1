"""Which charts a reviewer looks at, so that nobody chooses them, and what the marks say. Pure."""

from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from indicators.measure.statistics.intervals import Interval, wilson_interval

ALL_UP_TO = 30
RULE = (
    f"All judged cases where there are up to {ALL_UP_TO}, else {ALL_UP_TO} of them, drawn by the "
    "snapshot's SHA-256"
)


def sample_size(cases: int) -> int:
    """Return how many of so many judged cases are looked at.

    Where none of 30 is wrong, the 95 % interval of the error rate ends at 11.4 %: enough to see
    a definition that is read wrongly throughout, and not to prove that single errors are rare.

    Source:
        A rule of this product, printed with every result; no regulation sets a size.
    """
    return min(cases, ALL_UP_TO)


def draw(snapshot_sha256: str, slug: str, cases: int) -> tuple[int, ...]:
    """Draw a sample that anybody can draw again and nobody can choose.

    The k-th number is the SHA-256 of `snapshot:slug:k`, k from 0, as a whole number, modulo the
    cases; one that came before is passed over. Of 256 bits the modulo favours no case by more
    than one in 2^200.

    Args:
        snapshot_sha256: known only once nothing of the year can be changed any more.
        slug: of the indicator: each has its own sample.
        cases: judged, in the order of the frozen slices.

    Returns:
        Places of cases from 0, ascending.
    """
    chosen: set[int] = set()
    number = 0
    while len(chosen) < sample_size(cases):
        digest = sha256(f"{snapshot_sha256}:{slug}:{number}".encode()).digest()
        chosen.add(int.from_bytes(digest, "big") % cases)
        number += 1
    return tuple(sorted(chosen))


@dataclass(frozen=True, slots=True)
class Marks:
    """What the charts of a sample said.

    Attributes:
        cases: judged, of which the sample was drawn.
        size: of the sample.
        differs: cases that the chart places otherwise.
        not_found: cases without a chart.
    """

    cases: int
    size: int
    agrees: int = 0
    differs: int = 0
    not_found: int = 0

    @property
    def marked(self) -> int:
        """How many cases were looked at."""
        return self.agrees + self.differs + self.not_found

    @property
    def is_finished(self) -> bool:
        """Whether every case of the sample was: a part of it would be a choice."""
        return self.marked == self.size

    @property
    def errors(self) -> int:
        """Cases that are no evidence for the result.

        Source:
            PCAOB AS 2315.40 and .25: an item that cannot be examined is treated as a deviation.
        """
        return self.differs + self.not_found

    @property
    def rate(self) -> Fraction | None:
        """The share of errors; None before the sample is finished."""
        return Fraction(self.errors, self.size) if self.is_finished and self.size else None

    @property
    def interval(self) -> Interval | None:
        """Its Wilson 95 % interval; none where every judged case was looked at."""
        if self.rate is None or self.size == self.cases:
            return None
        return wilson_interval(self.errors, self.size)
