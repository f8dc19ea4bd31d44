#!/usr/bin/env python3
"""Makes the returned workbooks of tests/returns.rs from forms that were really sent out.

    SOURCE_DATE_EPOCH=1779667200 cargo run -- distribute tests/returns/plan \
        --year R5 --due 2026-05-29 --out forms
    python3 tests/returns/make.py forms tests/returns/files

What is made here stands in the repository, so the tests need neither Python nor
LibreOffice. Every case is one thing a clerk (or a program on the way) does to a form.
Files that are there already stay: they were made from forms as they were sent out then,
and such forms are still on their way back.
"""

import copy
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill, Protection

FORMS, OUT = Path(sys.argv[1]), Path(sys.argv[2])
FISH, SHOPS = "R5実績照会_水産課.xlsx", "R5実績照会_商工課.xlsx"
# The rows of 水産課: 人, 千尾, 延べ人, %, 億円, no unit yet, 回 (— last year).
PEOPLE, FRY, VISITS, RATE, CATCH, NEW, MEETINGS = range(10, 17)
LAST, INPUT, REMARK = "I", "J", "K"


def case(name, source=FISH, whole=False):
    """Opens a form, lets the function change it, saves it as `name`."""

    def made(change):
        if (OUT / f"{name}.xlsx").exists():
            return change
        book = openpyxl.load_workbook(FORMS / source)
        book = change(book, book["記入票"]) or book
        # The preview only makes the fixtures large.
        if not whole and "実績一覧" in book.sheetnames and len(book.sheetnames) > 1:
            del book["実績一覧"]
        book.save(OUT / f"{name}.xlsx")
        return change

    return made


def fill(sheet, **answers):
    """fill(sheet, PEOPLE=52): what is typed into the input cells."""
    for row, answer in answers.items():
        sheet[f"{INPUT}{globals()[row]}"] = answer


@case("数字で回答")
def _(book, sheet):
    sheet["C5"] = "根室 花子（内線123）"
    fill(sheet, PEOPLE=52, FRY=2300, VISITS=47000, RATE=0.72, CATCH=151.5, NEW="3件", MEETINGS=5)


@case("文字で回答")
def _(book, sheet):
    fill(sheet, PEOPLE="５２", FRY="2,300 千尾", VISITS="延べ47,000人", RATE=" 72％", CATCH="151.555億円", NEW="３ 件", MEETINGS="5回\n")


@case("回答の言葉")
def _(book, sheet):
    fill(sheet, PEOPLE="—", FRY="調査中", VISITS="集計中", RATE="-", CATCH="未定", NEW="－", MEETINGS="該当なし")


@case("空白だけ")
def _(book, sheet):
    fill(sheet, PEOPLE=" ", FRY="　", VISITS="\n", RATE="")


def rows_of(sheet):
    return {row: [copy.copy(cell.value) for cell in sheet[row]] for row in range(PEOPLE, MEETINGS + 1)}


@case("行の並べ替え")
def _(book, sheet):
    fill(sheet, PEOPLE=52, MEETINGS=5, RATE=0.72)
    formats = {row: [cell._style for cell in sheet[row]] for row in range(PEOPLE, MEETINGS + 1)}
    for row, values in rows_of(sheet).items():
        to = PEOPLE + MEETINGS - row
        for column, value in enumerate(values, 1):
            sheet.cell(to, column).value = value
            sheet.cell(to, column)._style = formats[row][column - 1]


@case("絞り込みと行の非表示")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)
    sheet.auto_filter.ref = f"B9:L{MEETINGS}"
    sheet.auto_filter.add_filter_column(3, ["人"])
    for row in range(FRY, MEETINGS + 1):
        sheet.row_dimensions[row].hidden = True


@case("列の挿入")
def _(book, sheet):
    fill(sheet, PEOPLE=52, RATE=0.72)
    sheet[f"{REMARK}{PEOPLE}"] = "募集を増やした"
    sheet.insert_cols(5, 2)
    sheet.insert_cols(1)
    sheet["E9"] = "課内メモ"


@case("シート名の変更")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet.title = "Sheet1（回答）"
    book["照会の識別番号"].title = "x"


@case("別のブックに行だけ貼り付け")
def _(book, sheet):
    fill(sheet, PEOPLE=52, RATE=0.72)
    other = openpyxl.Workbook()
    for at, values in enumerate(rows_of(sheet).values(), 4):
        for column, value in enumerate(values, 3):
            cell = other.active.cell(at, column, value)
            cell.number_format = sheet.cell(at + 6, column - 2).number_format
    return other


@case("別のブックに見出しごと貼り付け")
def _(book, sheet):
    fill(sheet, PEOPLE=52, RATE="72%")
    other = openpyxl.Workbook()
    for row in range(9, MEETINGS + 1):
        for column in range(1, 13):
            other.active.cell(row - 7, column, sheet.cell(row, column).value)
    return other


@case("見える列だけ貼り付け")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    other = openpyxl.Workbook()
    for row in range(9, MEETINGS + 1):
        for column in range(2, 13):
            other.active.cell(row, column, sheet.cell(row, column).value)
    return other


@case("別のブックで列もずらした")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet.insert_cols(4)
    other = openpyxl.Workbook()
    for row in range(PEOPLE, MEETINGS + 1):
        for column in range(1, 14):
            other.active.cell(row, column, sheet.cell(row, column).value)
    return other


@case("日付になった")
def _(book, sheet):
    fill(sheet, PEOPLE=datetime.datetime(2026, 5, 3), FRY="5/3", VISITS="R5.3", RATE=datetime.time(12, 30), CATCH=45049, NEW="2026-05-03", MEETINGS=45049)
    sheet[f"{INPUT}{PEOPLE}"].number_format = "m/d"
    sheet[f"{INPUT}{CATCH}"].number_format = '[$-411]ge.m.d'
    sheet[f"{INPUT}{MEETINGS}"].number_format = 'ggge"年"'


@case("日付の番号のまま")
def _(book, sheet):
    fill(sheet, PEOPLE=45049, FRY="45049", VISITS=45049, MEETINGS=45049.5)
    sheet[f"{INPUT}{PEOPLE}"].number_format = "General"


@case("日本の日付の組み込み書式")
def _(book, sheet):
    fill(sheet, VISITS=46000, PEOPLE=45049)
    sheet[f"{INPUT}{VISITS}"].number_format = '"JDATE"0'
    sheet[f"{INPUT}{PEOPLE}"].number_format = '"JDATE"0'


@case("数式のエラー")
def _(book, sheet):
    fill(sheet, PEOPLE="#REF!", FRY="#DIV/0!", VISITS="########")
    for row in (PEOPLE, FRY):
        sheet[f"{INPUT}{row}"].data_type = "e"


@case("計算前の数式")
def _(book, sheet):
    fill(sheet, PEOPLE="=50+2", FRY="=Sheet9!A1")


@case("割合の書き方")
def _(book, sheet):
    fill(sheet, RATE=72)
    sheet[f"{INPUT}{RATE}"].number_format = "General"


@case("割合が小数")
def _(book, sheet):
    fill(sheet, RATE=0.72)
    sheet[f"{INPUT}{RATE}"].number_format = "General"


@case("割合が小数の文字")
def _(book, sheet):
    fill(sheet, RATE="0.72")


@case("割合に72を貼り付け")
def _(book, sheet):
    fill(sheet, RATE=72)


@case("人数に割合")
def _(book, sheet):
    fill(sheet, PEOPLE=0.52)
    sheet[f"{INPUT}{PEOPLE}"].number_format = "0%"


@case("文字として保存された数値")
def _(book, sheet):
    for row, text in ((PEOPLE, "52"), (FRY, "2300"), (VISITS, "'47000"), (CATCH, "151.5")):
        cell = sheet[f"{INPUT}{row}"]
        cell.value, cell.data_type, cell.number_format = text, "s", "@"


@case("過年度を書き換えた")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet[f"{LAST}{FRY}"] = 2210
    sheet[f"H{RATE}"] = 0.61
    sheet[f"{REMARK}{FRY}"] = "昨年度の報告に誤り"


@case("過年度を消した")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet[f"{LAST}{FRY}"] = None


@case("鍵を書き換えた")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)
    sheet[f"A{FRY}"] = sheet[f"A{FRY}"].value.replace("P001-1", "P001-2")


@case("鍵を消した")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)
    sheet[f"A{FRY}"] = None


@case("行を消した")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet.delete_rows(VISITS, 2)


@case("同じ行が2つ、同じ回答")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    for column in range(1, 13):
        sheet.cell(20, column, sheet.cell(PEOPLE, column).value)


@case("同じ行が2つ、違う回答")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    for column in range(1, 13):
        sheet.cell(20, column, sheet.cell(PEOPLE, column).value)
    sheet.cell(20, 10).value = 53


@case("大きな増減、理由なし")
def _(book, sheet):
    fill(sheet, PEOPLE=90, FRY=100, VISITS=0)


@case("大きな増減、理由あり")
def _(book, sheet):
    fill(sheet, PEOPLE=90, FRY=100)
    sheet[f"{REMARK}{PEOPLE}"] = "合同説明会を開いたため"
    sheet[f"{REMARK}{FRY}"] = "しけのため"


@case("違う単位")
def _(book, sheet):
    fill(sheet, PEOPLE="52名", FRY="2,300,000尾", CATCH="15,150,000千円", NEW="3", MEETINGS="1人")


@case("マイナスと真偽値")
def _(book, sheet):
    fill(sheet, PEOPLE=-52, FRY=True, VISITS="△47000", CATCH="12345678901234567890123456789012")


@case("マイナスのある項目", SHOPS)
def _(book, sheet):
    sheet["J10"] = -0.025


@case("記入済みの値を消した", SHOPS)
def _(book, sheet):
    sheet["J11"] = None


@case("記入済みの値を直した", SHOPS)
def _(book, sheet):
    sheet["J11"] = 13


@case("表の外の書き込み")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet["J19"] = "合計 52"
    sheet["M12"] = "確認中です"
    sheet["B20"] = "よろしくお願いします"


@case("書式も保護も消えた")
def _(book, sheet):
    fill(sheet, PEOPLE=52, RATE="72%")
    sheet.protection.sheet = False
    sheet.data_validations.dataValidation = []
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    for row in sheet.iter_rows():
        for cell in row:
            cell.font, cell.fill, cell.number_format = Font(), PatternFill(), "General"
            cell.protection = Protection(locked=True)
    sheet.column_dimensions["A"].hidden = False
    sheet.row_dimensions[1].hidden = False


@case("シートの控えを残した")
def _(book, sheet):
    book.copy_worksheet(sheet)
    fill(sheet, PEOPLE=52)


@case("隠しシートとプロパティが消えた")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    del book["照会の識別番号"]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]


@case("一部だけ色を変えた文字")
def _(book, sheet):
    sheet[f"{INPUT}{PEOPLE}"] = CellRichText("5", TextBlock(InlineFont(color="FFFF0000"), "2人"))


@case("結合されたセル")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    sheet.merge_cells(f"{REMARK}{PEOPLE}:{REMARK}{VISITS}")
    sheet[f"{REMARK}{PEOPLE}"] = "3行まとめて記入"


@case("記入票ではないブック")
def _(book, sheet):
    other = openpyxl.Workbook()
    other.active["A1"] = "議事録"
    return other


@case("農林課の回答", "R5実績照会_農林課.xlsx")
def _(book, sheet):
    sheet["J10"] = 330


@case("農業委員会の同じ回答", "R5実績照会_農業委員会.xlsx")
def _(book, sheet):
    sheet["J10"] = 330.0


@case("農業委員会の違う回答", "R5実績照会_農業委員会.xlsx")
def _(book, sheet):
    sheet["J10"] = 331.5


# ── Made outside of openpyxl ─────────────────────────────────────────────────


def rewritten(source, to, change):
    """Copies a package, letting `change` alter the text of its parts."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))


def japanese_builtin(name, data):
    """Excel's own format 57 has no code in the file: it is only a number."""
    if name != "xl/styles.xml":
        return data
    text = data.decode()
    number = re.search(r'<numFmt numFmtId="(\d+)" formatCode="&quot;JDATE', text).group(1)
    text = re.sub(r'<numFmt numFmtId="%s"[^>]*/>' % number, "", text)
    return text.replace(f'numFmtId="{number}"', 'numFmtId="57"').encode()


made = OUT / "日本の日付の組み込み書式.xlsx"
with zipfile.ZipFile(made) as package:
    is_done = b"JDATE" not in package.read("xl/styles.xml")
if not is_done:
    rewritten(made, OUT / "x.xlsx", japanese_builtin)
    (OUT / "x.xlsx").replace(made)


def macro_enabled(name, data):
    if name != "[Content_Types].xml":
        return data
    return data.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )


if not (OUT / "マクロ有効ブック.xlsm").exists():
    rewritten(OUT / "数字で回答.xlsx", OUT / "マクロ有効ブック.xlsm", macro_enabled)
    whole = (OUT / "数字で回答.xlsx").read_bytes()
    (OUT / "途中で切れた.xlsx").write_bytes(whole[: len(whole) * 2 // 3])
(OUT / "中身はCSV.xlsx").write_bytes("種別,ID\r\n事業量,P001-1\r\n".encode("cp932"))
(OUT / "空のファイル.xlsx").write_bytes(b"")


def office(name, to, kind, answers, formats={}):
    """What LibreOffice makes of a form: it calculates, and writes in its own way."""
    if (OUT / f"{name}.{to}").exists():
        return
    book = openpyxl.load_workbook(FORMS / FISH)
    sheet = book["記入票"]
    fill(sheet, **answers)
    for row, code in formats.items():
        sheet[f"{INPUT}{globals()[row]}"].number_format = code
    del book["実績一覧"]
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / f"{name}.xlsx")
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", f"{folder}/out", f"{folder}/{name}.xlsx"]
        subprocess.run(command, check=True, capture_output=True)
        shutil.copy(next(Path(f"{folder}/out").iterdir()), OUT / f"{name}.{to}")


answers = dict(PEOPLE=52, FRY="=2000+300", VISITS="延べ47,000人", RATE=0.72, CATCH=151.5, NEW="３件", MEETINGS="=1/0")
office("LibreOfficeで保存", "xlsx", "xlsx", answers)
office("LibreOfficeのods", "ods", "ods", answers)
office("Excel97-2003のxls", "xls", "xls:MS Excel 97", answers)
odd = dict(PEOPLE=datetime.datetime(2026, 5, 3), FRY=True, RATE=0.72, CATCH=45049, MEETINGS="=NA()")
office("LibreOfficeのods、日付など", "ods", "ods", odd, dict(RATE="0.00", PEOPLE="m/d", CATCH="yyyy/m/d"))
office("Excel97-2003のxls、日付など", "xls", "xls:MS Excel 97", odd, dict(RATE="0.00", PEOPLE="m/d", CATCH="yyyy/m/d"))


# ── What is seen, and what is written beside it ──────────────────────────────


def formatted(sheet, row, value, code):
    cell = sheet[f"{INPUT}{globals()[row]}"]
    cell.value, cell.number_format = value, code


def exchanged(sheet, one, other, columns):
    """Exchanges what stands in two rows, looks and all, in these columns."""
    for column in columns:
        first, second = sheet[f"{column}{one}"], sheet[f"{column}{other}"]
        first.value, second.value = second.value, first.value
        first._style, second._style = second._style, first._style


def slipped(sheet, column, first, last, step):
    """Moves the cells of a column, looks and all, as Excel does on deleting or inserting."""
    sheet.move_range(f"{column}{first}:{column}{last}", rows=step)
    if step > 0:
        sheet[f"{column}{first}"]._style = copy.copy(sheet[f"{column}{first - 1}"]._style)


@case("表示のほうが短い数値")
def _(book, sheet):
    formatted(sheet, "PEOPLE", 52.4, '0"人"')
    formatted(sheet, "FRY", 2300123, "#,##0,")
    formatted(sheet, "VISITS", 48000000, '#,##0,,"百万人"')
    formatted(sheet, "RATE", 0.72345, "0.0%")
    formatted(sheet, "CATCH", 151.506, "0.00")
    formatted(sheet, "MEETINGS", 5, ";;;")


@case("表示の単位が違う数値")
def _(book, sheet):
    formatted(sheet, "PEOPLE", 52, '0"件"')
    formatted(sheet, "FRY", 2300, "#,##0尾")
    formatted(sheet, "VISITS", 48000, '[$¥-411]#,##0')
    formatted(sheet, "RATE", 0.72, "0.00")
    formatted(sheet, "NEW", 3, '0"件"')
    formatted(sheet, "MEETINGS", 5, '[>=5]0"回以上";0"回"')


@case("表示が同じ数値")
def _(book, sheet):
    formatted(sheet, "PEOPLE", 52, "0.00E+00")
    formatted(sheet, "FRY", 2300, "#,##0.0;[Red]-#,##0.0")
    formatted(sheet, "VISITS", 48000, '"延べ"#,##0"人"')
    formatted(sheet, "RATE", 72, '0.0"%"')
    formatted(sheet, "CATCH", 151.25, "# ?/?")
    formatted(sheet, "MEETINGS", 5, "0000")


@case("割合に5.7、理由あり")
def _(book, sheet):
    fill(sheet, RATE=5.7)
    sheet[f"{REMARK}{RATE}"] = "大幅に増えたため"


@case("数字ではない印")
def _(book, sheet):
    fill(sheet, PEOPLE="52①", FRY="2,300¹", VISITS="①48000", RATE="72½%", CATCH="151.5⑴", MEETINGS="５②")


@case("数値の途中の空白")
def _(book, sheet):
    fill(sheet, PEOPLE="5\n2", FRY="2 300", VISITS="48,0\u300000", RATE="7\u200b2%", CATCH="151.\t5", MEETINGS="１　２回")


@case("数値のまわりの見えない文字")
def _(book, sheet):
    fill(sheet, PEOPLE="\u200b52\ufeff", FRY="\u00a02,300 千尾", VISITS="\u3000延べ48,000人", RATE="72%\u200b", NEW="3\u00a0件")


@case("言葉や範囲の回答")
def _(book, sheet):
    fill(sheet, PEOPLE="50～60人", FRY="2千3百尾", VISITS="延べ48,000人（うち市外3,000人）", RATE="第3位", CATCH="実施済", MEETINGS="月2回")


@case("取り消し線")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=CellRichText(TextBlock(InlineFont(strike=True), "2,200"), "2,300千尾"))
    sheet[f"{INPUT}{PEOPLE}"].font = Font(strike=True)
    sheet[f"{INPUT}{MEETINGS}"] = CellRichText(TextBlock(InlineFont(strike=True), "5回"))


@case("セルのメモ", whole=True)
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)
    sheet[f"{INPUT}{PEOPLE}"].comment = Comment("暫定値です", "花子")
    sheet[f"{INPUT}{FRY}"].comment = Comment("よろしくお願いします", "花子")
    sheet[f"D{RATE}"].comment = Comment("来年度から計算の方法が変わります", "花子")
    sheet["B2"].comment = Comment("提出は電子メールで行います", "花子")


@case("書き込みいろいろ", whole=True)
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300, MEETINGS=5)
    sheet[f"L{PEOPLE}"] = "52は概数"
    sheet[f"L{FRY}"] = "お世話になります"
    sheet["B4"] = sheet["B4"].value + "（6月まで延ばしてください）"
    sheet["F20"] = "担当が替わりました"
    sheet[f"G{CATCH}"] = "目標を見直し中"
    sheet[f"B{VISITS}"] = "12の2"
    book["実績一覧"]["B60"] = "ここも直してください"
    book.create_sheet("内訳")["A1"] = "市内40人、市外12人"


@case("色と凡例")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300, MEETINGS=5)
    sheet[f"{INPUT}{PEOPLE}"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet[f"{INPUT}{FRY}"].font = Font(color="FFFF0000")
    sheet["B19"] = "赤色は速報値"


@case("色だけ")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)
    sheet[f"{INPUT}{PEOPLE}"].fill = PatternFill("solid", fgColor="FF00B050")


@case("記入欄の結合")
def _(book, sheet):
    fill(sheet, PEOPLE=52, RATE=0.72)
    sheet.merge_cells(f"{INPUT}{PEOPLE}:{INPUT}{VISITS}")


@case("備考だけ")
def _(book, sheet):
    sheet[f"{REMARK}{PEOPLE}"] = "52人"
    sheet[f"{REMARK}{NEW}"] = "6月に公表されるまで数値なし"


@case("単位の欄の書き換え")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=23, MEETINGS=5)
    sheet[f"E{FRY}"] = "万尾"


@case("鍵を残した並べ替え")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300, VISITS=48000, RATE=0.72, MEETINGS=5)
    exchanged(sheet, PEOPLE, VISITS, "BCDEFGHIJKL")


@case("上に詰めて記入欄を削除")
def _(book, sheet):
    fill(sheet, PEOPLE=50, FRY=2300, VISITS=48000, RATE=0.72, CATCH=151.5, NEW="3件", MEETINGS=5)
    slipped(sheet, INPUT, FRY, MEETINGS, -1)


@case("記入欄に挿入して下へずらした")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300, VISITS=48000, RATE=0.72, CATCH=151.5, NEW="3件", MEETINGS=5)
    slipped(sheet, INPUT, FRY, MEETINGS, 1)


@case("上に詰めて項目を削除")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300, VISITS=48000)
    slipped(sheet, "D", FRY, MEETINGS, -1)


@case("行を写して名前を直した")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)
    sheet.insert_rows(FRY)
    for column in range(1, 13):
        sheet.cell(FRY, column, sheet.cell(PEOPLE, column).value)._style = sheet.cell(PEOPLE, column)._style
    sheet[f"D{FRY}"], sheet[f"{INPUT}{FRY}"] = "うち新規", 5


@case("別の課のシートを隠して写した")
def _(book, sheet):
    fill(sheet, PEOPLE=52)
    theirs = openpyxl.load_workbook(FORMS / SHOPS)["記入票"]
    copied = book.create_sheet("控え")
    copied.sheet_state = "hidden"
    for row in theirs.iter_rows():
        for cell in row:
            copied[cell.coordinate] = cell.value
    copied["J10"] = 99


def empty_result(name, data):
    """A formula that gave an empty text, and one that gave blanks."""
    if name != "xl/worksheets/sheet1.xml":
        return data
    text = data.decode()
    for row, shown in ((PEOPLE, ""), (FRY, " ")):
        pattern = rf'(<c r="{INPUT}{row}"[^>]*?)(?: t="[a-z]+")?>.*?</c>'
        text = re.sub(pattern, rf'\1 t="str"><f>IF(1=1,"{shown}",1)</f><v>{shown}</v></c>', text)
    return text.encode()


@case("空の数式")
def _(book, sheet):
    fill(sheet, PEOPLE="=1", FRY="=1", VISITS=48000)


rewritten(OUT / "空の数式.xlsx", OUT / "x.xlsx", empty_result)
(OUT / "x.xlsx").replace(OUT / "空の数式.xlsx")

THREAD = """<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<threadedComment ref="J10" dT="2026-05-01T00:00:00" personId="{1}" id="{2}"><text>見込みの数です</text></threadedComment>
<threadedComment ref="J10" dT="2026-05-02T00:00:00" personId="{1}" id="{3}" parentId="{2}"><text>了解しました</text></threadedComment>
</ThreadedComments>"""
BOX = """<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>18</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>20</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>
<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="box"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr/>
<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>生残率は</a:t></a:r><a:r><a:t>精査中です</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"""
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_thread_and_box(source, to):
    """Adds what openpyxl cannot write: a thread of comments, a text box."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                drawing = f'<drawing xmlns:r="{RELATED}" r:id="rBox"/></worksheet>'
                data = data.decode().replace("</worksheet>", drawing).encode()
            new.writestr(name, data)
        new.writestr("xl/drawings/drawing9.xml", BOX)
        new.writestr("xl/threadedComments/threadedComment1.xml", THREAD)
        new.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rBox" Type="{RELATED}/drawing" Target="../drawings/drawing9.xml"/>'
            '<Relationship Id="rT" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"'
            ' Target="../threadedComments/threadedComment1.xml"/></Relationships>',
        )


@case("コメントのやり取りとテキストボックス")
def _(book, sheet):
    fill(sheet, PEOPLE=52, FRY=2300)


made = OUT / "コメントのやり取りとテキストボックス.xlsx"
with zipfile.ZipFile(made) as package:
    is_done = "xl/drawings/drawing9.xml" in package.namelist()
if not is_done:
    with_thread_and_box(made, OUT / "x.xlsx")
    (OUT / "x.xlsx").replace(made)


def doubled(source, to):
    """A second sheet part of one name, as two programs would read it differently."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        text = old.read("xl/worksheets/sheet1.xml").decode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            new.writestr("xl/worksheets/sheet1.xml", text.replace(">52<", ">99<"))


if not (OUT / "同じ名前の部品.xlsx").exists():
    doubled(OUT / "色だけ.xlsx", OUT / "同じ名前の部品.xlsx")


def written_elsewhere(name, to, kind):
    """A form with notes, a struck answer, a hidden row, saved in another format."""
    if (OUT / f"{name}.{to}").exists():
        return
    book = openpyxl.load_workbook(FORMS / FISH)
    sheet = book["記入票"]
    fill(sheet, PEOPLE=52, FRY=2300, VISITS=48000, RATE=0.72345, CATCH=151.5, MEETINGS=5)
    sheet[f"{INPUT}{PEOPLE}"].comment = Comment("暫定値です", "花子")
    sheet[f"{INPUT}{VISITS}"].font = Font(strike=True)
    sheet.row_dimensions[CATCH].hidden = True
    sheet.merge_cells(f"{REMARK}{PEOPLE}:{REMARK}{FRY}")
    sheet[f"{REMARK}{PEOPLE}"] = "募集を増やした"
    sheet["F20"] = "担当が替わりました"
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "x.xlsx")
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", f"{folder}/out", f"{folder}/x.xlsx"]
        subprocess.run(command, check=True, capture_output=True)
        shutil.copy(next(Path(f"{folder}/out").iterdir()), OUT / f"{name}.{to}")


written_elsewhere("書き込みのあるods", "ods", "ods")
written_elsewhere("書き込みのあるxls", "xls", "xls:MS Excel 97")
written_elsewhere("書き込みのある別の保存", "xlsx", "xlsx")
