"""Forms, filled in as departments do."""

import openpyxl

SHEET, HEADINGS = "記入票", 3
ANSWER, REMARK, LAST_YEAR = "記入欄", "備考", "（実績）"


def column(sheet, begins, last=False):
    """The column of a heading, the last of several."""
    found = [cell.column for cell in sheet[HEADINGS] if begins in str(cell.value or "")]
    return found[-1 if last else 0]


def fill(form, to, left_open=0, factor=1):
    """Fills a form with what was answered last year, figures `factor` times as large, but for its
    last `left_open` rows; how many were filled."""
    book = openpyxl.load_workbook(form)
    sheet = book[SHEET]
    answer, before = column(sheet, ANSWER), column(sheet, LAST_YEAR, last=True)
    rows = [row for row in range(HEADINGS + 1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith("jisseki;2;row;")]
    for row in rows[: len(rows) - left_open]:
        cell, said = sheet.cell(row, answer), sheet.cell(row, before)
        cell.value = said.value * factor if isinstance(said.value, (int, float)) else said.value
    book.save(to)
    return len(rows) - left_open
