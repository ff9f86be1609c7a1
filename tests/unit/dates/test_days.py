"""Which days of a contract are due, in which order they stand, and how a month is drawn."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

from agreements.contracts.standing import Happening, standing
from agreements.dates.critical import CriticalDate, Place, agenda_of
from agreements.dates.icalendar import MOST_OCTETS, calendar_text
from agreements.dates.of_contract import days_of_contract
from comanage.documents.charts import DaysChart, days_chart, days_sentence
from comanage.identity.roles import Role

SVG = "{http://www.w3.org/2000/svg}"
BEGINS, OVER = date(2025, 1, 1), date(2026, 1, 1)
LAST = date(2025, 12, 31)


def days(today, *happenings, signed_on=date(2024, 12, 20), fmv_until=None):
    stands = standing(starts_on=BEGINS, ends_on=OVER, signed_on=signed_on, happenings=happenings)
    found = days_of_contract(stands, notice_days=90, fmv_until=fmv_until, today=today)
    return {each.what: each.due_on for each in found}


def due(day, title="File it"):
    key = f"{title}-{day}"
    return CriticalDate(day, title, key, "Do it.", Role.COUNSEL, Place("page", UUID(int=1)))


def test_a_contract_asks_for_its_notice_until_that_day_and_for_a_decision_until_its_last():
    notice = date(2025, 10, 3)  # 90 days before the first day without it

    assert days(notice) == {"notice": notice, "end": LAST}
    assert days(notice + timedelta(days=1)) == {"end": LAST}
    assert days(OVER) == {"reconciliation": date(2026, 3, 31)}  # the 90th day after the last


def test_a_signature_is_due_before_the_first_day_and_then_has_ninety_days():
    assert days(date(2024, 12, 1), signed_on=None)["signature"] == date(2024, 12, 31)
    assert days(BEGINS, signed_on=None)["signature"] == date(2025, 4, 1)


def test_what_happened_to_a_contract_moves_its_days():
    june = date(2025, 6, 1)
    renewed = Happening("renewed", OVER, june, date(2027, 1, 1))
    held = Happening("held_over", OVER)
    ended = Happening("terminated", date(2025, 9, 1))

    assert days(june, renewed)["end"] == date(2026, 12, 31)
    assert days(OVER, held, fmv_until=date(2026, 7, 1)) == {"opinion": date(2026, 6, 30)}
    assert days(june, ended) == {
        "end": date(2025, 8, 31),
        "reconciliation": date(2025, 11, 29),
    }
    assert days(date(2025, 9, 1), ended, fmv_until=OVER) == {"reconciliation": date(2025, 11, 29)}


def test_a_reconciliation_that_is_done_asks_for_nothing_until_the_contract_ends_anew():
    february = date(2026, 2, 1)
    done = Happening("reconciled", february)
    renewed = Happening("renewed", OVER, LAST, date(2027, 1, 1))

    assert days(february, done) == {}
    assert days(date(2027, 1, 1), done, renewed) == {"reconciliation": date(2027, 3, 31)}


def test_what_is_overdue_stands_before_the_months():
    today = date(2025, 6, 15)
    past, now, later = due(date(2025, 6, 14)), due(today), due(date(2025, 8, 1))

    agenda = agenda_of([later, now, past], today=today)

    assert agenda.overdue == (past,)
    assert [(month.first, month.dates) for month in agenda.months] == [
        (date(2025, 6, 1), (now,)),
        (date(2025, 8, 1), (later,)),
    ]


def test_a_month_is_drawn_from_sunday_on_with_its_marks():
    chart = DaysChart(
        first=date(2025, 6, 1),  # a Sunday
        due=(date(2025, 6, 16), date(2025, 6, 16)),
        late=(date(2025, 6, 1),),
        today=date(2025, 6, 15),
    )
    svg = ElementTree.fromstring(days_chart(chart))
    marks = [(mark[0].get("class"), mark.get("x")) for mark in svg.findall(f"{SVG}svg")]
    words = [each.text for each in svg.iter(f"{SVG}text")]

    assert [mark for mark in marks if mark[1] != "10"] == [
        ("chart-late", "7.14%"),
        ("chart-ring", "7.14%"),
        ("chart-earned", "21.43%"),
    ]
    assert words == [
        *("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"),
        *(str(day) for day in range(1, 31)),
        *("Due", "Overdue", "Today"),
    ]
    assert days_sentence(chart) == "Due on: 16 (2 dates). Overdue since: 1."


def test_a_calendar_is_folded_and_escaped_as_its_standard_says():
    title = "Lease, of “Suite 4”;\x07 naïve \\ " + "é" * 60
    escaped = "Lease\\, of “Suite 4”\\; naïve \\\\ " + "é" * 60
    place = Place("page", UUID(int=1))
    made = CriticalDate(date(2026, 2, 28), title, "x-1", "Do it.", Role.COUNSEL, place)

    text = calendar_text(
        "Heart",
        [made],
        at=datetime(2026, 1, 1, tzinfo=UTC),
        host="h.example",
        page_of=lambda place: f"https://h.example/{place.page}/{place.record}/",
    )

    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(len(line.encode()) <= MOST_OCTETS and "\n" not in line for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert f"SUMMARY:{escaped}" in unfolded
    assert "UID:x-1@h.example" in unfolded
    assert f"URL:https://h.example/page/{UUID(int=1)}/" in unfolded
    alarm = unfolded.index("BEGIN:VALARM")
    assert unfolded[alarm + 1 : alarm + 5] == [
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped}",
        "TRIGGER:-P7D",
        "END:VALARM",
    ]
    assert unfolded[unfolded.index("DTSTART;VALUE=DATE:20260228") + 1].endswith("20260301")
