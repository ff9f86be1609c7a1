"""The statuses of a measurement year, and who moves it."""

from agreements.terms.models import YearStatus

YEAR_NEXT: dict[YearStatus, set[YearStatus]] = {
    YearStatus.DRAFT: {YearStatus.LOCKED},
    YearStatus.LOCKED: {YearStatus.OPEN},
    YearStatus.OPEN: {YearStatus.CLOSED},
    YearStatus.CLOSED: {YearStatus.OPEN},  # returned for changes: data may be corrected
}
