"""Workbooks: sheets, cells, and what a spreadsheet could not fill."""

from datetime import date

import pytest

from tests.unit.offline.conftest import (
    DAYS,
    HEADER,
    MOMENTS,
    STAY,
    STAYS,
    WAIT,
    counts,
    defined,
    moment,
    numbers_of,
    workbook,
)


def test_a_workbook_gives_numbers_codes_and_flags_as_they_are_seen(door):
    rows = [HEADER, [3, "01", True], [2.0, 1, "N"], [5, 20, "Y"], [None, None, None], [0, 1, 0]]

    total = door.total(defined(), workbook(door, Stays=rows))

    assert counts(total) == ("1", "2", "1")


def test_the_sheet_with_the_columns_is_read_below_its_titles(door):
    rows = [["Stays of March"], [], HEADER, [3, "01", "Y"]]
    path = workbook(door, Cover=[["Report"]], Stays=rows)

    total = door.total(defined(), path)

    assert counts(total) == ("1", "1", "0")
    assert "a.xlsx: the sheet “Stays” is read." in door.notes


def test_a_sheet_can_be_named_and_a_wrong_name_is_refused(door):
    path = workbook(door, One=[HEADER, [3, "01", "Y"]], Two=[HEADER, [3, "01", "N"]])

    assert door.total(defined(), path, sheet="Two")["numerator"] == "0"
    (door.folder / "out.csv").unlink()
    (refused,) = door.refusal(defined(), path, sheet="Three")
    assert refused == "a.xlsx: There is no sheet “Three”. There are: “One”, “Two”."


def test_days_and_moments_of_a_workbook_are_cells_of_their_own(door):
    rows = [["arrived_at", "seen_at"], [moment(2026, 1, 31, 14, 5), moment(2026, 1, 31, 15)]]
    total = door.total(numbers_of(*MOMENTS, observation=WAIT), workbook(door, A=rows))
    assert total["rate"] == "55"

    rows = [["admitted_on", "discharged_on"], [date(2026, 1, 31), moment(2026, 2, 2)]]
    total = door.total(numbers_of(*DAYS, observation=STAY), workbook(door, A=rows))
    assert total["rate"] == "2"


@pytest.mark.parametrize(("cell", "said"), [("=1/0", "never computed"), ("#N/A", "an error")])
def test_a_cell_that_a_spreadsheet_could_not_fill_is_refused_where_it_is_needed(door, cell, said):
    path = workbook(door, A=[[*HEADER, "note"], [cell, "01", "Y", "x"]])
    (refused,) = door.refusal(defined(), path)
    assert refused.startswith("a.xlsx: Row 2, column “stay_days”:")
    assert said in refused

    path = workbook(door, A=[[*HEADER, "note"], [3, "01", "Y", cell]])
    assert counts(door.total(defined(), path)) == ("1", "1", "0")


def test_a_sheet_of_a_file_that_is_no_workbook_is_refused(door):
    assert door.refusal(defined(), door.put("a.csv", STAYS), sheet="One") == (
        "a.csv is no workbook: leave out --sheet.",
    )


def test_a_workbook_without_cells_is_refused(door):
    (refused,) = door.refusal(defined(), workbook(door, Empty=[]))

    assert refused == "a.xlsx: The workbook holds no rows. Export it again."
