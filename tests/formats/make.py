#!/usr/bin/env python3
"""What LibreOffice shows of numbers under many formats: shown.tsv, for tests/formats.rs.

    python3 tests/formats/make.py          writes the table anew
    python3 tests/formats/make.py check    fails where LibreOffice shows something else

One line a cell: the format's code, the number, what is shown.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

TABLE = Path(__file__).with_name("shown.tsv")

CODES = [
    "General", "0", "0.0", "0.00", "#,##0", "#,##0.0", "#,##0.00", "0%", "0.0%", "0.00%", "0.00%;-0.00%",
    '#,##0"人"', '#,##0.0"億円"', '0"件"', "0人", "#,##0円", '0 "人"', "0\\人", '[$-411]0"名"',
    "#,##0,", "#,##0,,", '0.0,"千円"', '#,##0,"百万円"', "#,##0.0,", '#,##0.0,,"百万円"',
    "0.00E+00", "##0.0E+0", "# ?/?", "# ??/??", "0/100",
    '"約"0', '"第"0"位"', '"延べ"#,##0"人"', '0.0"%"', "0‰", '"¥"#,##0', "[$¥-411]#,##0", "\\¥#,##0",
    '0;"△"0', "0;[Red]-0", '#,##0;"▲"#,##0;"-"', "0_);(0)", "#,##0_);[Red]\\(#,##0\\)", "0;;", "0;;;", ";;;",
    '[>=1000]#,##0,"千";0', '[Red][<10]0"低";[Blue]0"高"',
    "0000", "00-00", "?0.0", "??0", "#", "#.##", "#.0#", ".00", "0.###", "0.0##", '0"."0',
    "0.0_ ", "* #,##0", "_ * #,##0_ ", "@", '"固定"',
]
VALUES = [23, 62.4324324324324, 0.624324324324324, 38123456, -5, 0, 1234.5, 0.5, 2.5, 3.14159, 0.00001]


def shown():
    """Every code with every number, as LibreOffice prints a sheet to CSV."""
    pairs = [(code, value) for code in CODES for value in VALUES]
    book = openpyxl.Workbook()
    for row, (code, value) in enumerate(pairs, 1):
        cell = book.active.cell(row, 1, value)
        cell.number_format = code
    # A column that is too narrow shows fewer digits.
    book.active.column_dimensions["A"].width = 60
    with tempfile.TemporaryDirectory() as folder:
        book.save(f"{folder}/formats.xlsx")
        command = ["soffice", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
                   "--outdir", folder, f"{folder}/formats.xlsx"]
        subprocess.run(command, check=True, capture_output=True)
        with open(f"{folder}/formats.csv", encoding="utf-8", newline="") as lines:
            texts = [row[0] if row else "" for row in csv.reader(lines)]
    texts += [""] * (len(pairs) - len(texts))
    return "".join(f"{code}\t{value!r}\t{text}\n" for (code, value), text in zip(pairs, texts))


def main(arguments):
    table = shown()
    if arguments == ["check"]:
        same = table == TABLE.read_text(encoding="utf-8")
        print(f"{len(CODES)} number formats: LibreOffice shows {'the same' if same else 'something else'}")
        return 0 if same else 1
    TABLE.write_text(table, encoding="utf-8")
    return 0


sys.exit(main(sys.argv[1:]))
