"""Days, terms and states as an agreement writes them. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from comanage.values.period import MONTHS_IN_A_YEAR, Period, months_after

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HUNDRED, _TEN, _LONGEST_IN_YEARS = 100, 10, 10
# "one" stands in many words that count nothing.
NUMBER_WORDS = frozenset({*_NUMBERS[2:], *_TENS[2:], "hundred", "thousand"})

STATES: Mapping[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "the District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}


def legal_day(day: date) -> str:
    """Write a day as agreements of the United States do: `January 1, 2027`."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def legal_moment(at: datetime, zone: tzinfo) -> str:
    """Write an instant to the second, on the clock of a zone: `January 1, 2027, 09:00:00 CST`."""
    local = at.astimezone(zone)
    return f"{legal_day(local.date())}, {local:%H:%M:%S %Z}"


def legal_period(period: Period) -> str:
    """Write a period with both days named, both inside."""
    return f"{legal_day(period.start)} through {legal_day(period.last)}"


def iso_period(ends: Mapping[str, str]) -> Period:
    """Read the period of a document."""
    return Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))


def length_in_words(term: Period) -> str:
    """Say how long a term is: `three (3) years`, or its days where it is no number of years."""
    for years in range(1, _LONGEST_IN_YEARS + 1):
        if months_after(term.start, MONTHS_IN_A_YEAR * years) == term.end:
            return f"{in_words_and_figures(years)} year{'s' if years > 1 else ''}"
    return f"{term.days:,} days"


def in_words_and_figures(number: int) -> str:
    """Write a number below a thousand as agreements do: `one hundred twenty (120)`."""
    return f"{_in_words(number)} ({number})"


def _in_words(number: int) -> str:
    hundreds, rest = divmod(number, _HUNDRED)
    if hundreds:
        said = f"{_NUMBERS[hundreds]} hundred"
        return f"{said} {_in_words(rest)}" if rest else said
    if rest < len(_NUMBERS):
        return _NUMBERS[rest]
    tens, units = divmod(rest, _TEN)
    return f"{_TENS[tens]}-{_NUMBERS[units]}" if units else _TENS[tens]
