"""Workbooks that tests send: sheets of text cells."""

from io import BytesIO

import xlsxwriter


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """Make a workbook of some sheets, row by row; nothing is written for an empty cell."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell)
    return content.getvalue()
