//! The departments' forms, as a clerk finds them: what a small screen shows when they open,
//! what they say before anybody has calculated them, and what is left out or set back.
#![allow(missing_docs, clippy::unwrap_used)]

mod package;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use jisseki::exchange::Form;
use jisseki::workbook::{Book, Cell, Sheet, read};
use package::{elements, part};

/// What Excel shows of cells on a screen of 1366 × 768 pixels.
const SCREEN: (f64, f64) = (1300.0, 480.0);

/// The forms of a plan, by department.
fn forms(plan: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_jisseki"))
        .args(["distribute", plan, "--year", "R5", "--due", "2026-05-29", "--quiet", "--out"])
        .arg(folder.path())
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    files.filter_map(|file| Some((department(&file)?, std::fs::read(&file).unwrap()))).collect()
}

fn department(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?;
    Some(name.strip_prefix("R5実績照会_")?.strip_suffix(".xlsx")?.to_owned())
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.to_owned())
}

fn number(element: &str, name: &str) -> Option<f64> {
    attribute(element, name)?.parse().ok()
}

/// The pixels of the columns that show, and of the rows.
fn pixels(xml: &str) -> (Vec<f64>, Vec<f64>) {
    let mut columns = Vec::new();
    for column in elements(xml, "col") {
        let many = number(&column, "max").unwrap() - number(&column, "min").unwrap() + 1.0;
        // A digit is 8 pixels wide, and 5 more stand around them.
        let width = (number(&column, "width").unwrap() * 8.0).round();
        let width = if attribute(&column, "hidden").is_some() { 0.0 } else { width };
        columns.extend(std::iter::repeat_n(width, many as usize));
    }
    let shown = elements(xml, "row").into_iter().filter(|row| attribute(row, "hidden").is_none());
    let rows = shown.map(|row| number(&row, "ht").unwrap() * 96.0 / 72.0).collect();
    (columns, rows)
}

fn sheet<'a>(book: &'a Book, name: &str) -> &'a Sheet {
    book.sheets.iter().find(|sheet| sheet.name == name).unwrap()
}

fn column(sheet: &Sheet, code: &str) -> u32 {
    let code = Cell::Text(format!("@jisseki:{code}"));
    sheet.cells.iter().find(|((row, _), cell)| *row == 0 && **cell == code).unwrap().0.1
}

#[test]
fn a_small_screen_shows_eight_rows_and_all_that_is_to_be_filled_in() {
    for plan in ["data/nemuro", "data/mihon", "tests/returns/plan"] {
        for (department, bytes) in forms(plan) {
            let xml = part(&bytes, "xl/worksheets/sheet1.xml");
            let zoom = number(&elements(&xml, "sheetView")[0], "zoomScale").unwrap_or(100.0) / 100.0;
            let (columns, rows) = pixels(&xml);
            assert!(zoom >= 0.7, "{department} opens at {zoom}");
            assert!(columns.iter().sum::<f64>() * zoom <= SCREEN.0, "{department}: {columns:?} at {zoom}");
            // The two rows above the table, and eight of it.
            let height: f64 = rows.iter().take(2 + 8).sum();
            assert!(height * zoom <= SCREEN.1, "{department}: {rows:?} at {zoom}");
            let pane = &elements(&xml, "pane")[0];
            assert_eq!(number(pane, "ySplit"), Some(3.0), "a hidden row, and two");
            assert!(elements(&xml, "row")[0].contains("hidden"));
        }
    }
}

/// Excel calculates what it opens; a preview shows what the file says.
#[test]
fn a_form_says_what_is_missing_before_it_is_calculated() {
    for (department, bytes) in forms("data/nemuro").into_iter().chain(forms("data/mihon")) {
        let book = read(&bytes).unwrap();
        for name in ["記入票", Form::FIELDS] {
            let Some(sheet) = book.sheets.iter().find(|sheet| sheet.name == name) else { continue };
            let (input, check) = (column(sheet, "input"), column(sheet, "check"));
            let rows = sheet.cells.keys().filter(|(row, column)| *row > 2 && *column == 1);
            let mut blank = 0;
            for (row, _) in rows {
                let is_blank = !sheet.cells.contains_key(&(*row, input));
                blank += u32::from(is_blank);
                let says = sheet.shown((*row, check)).unwrap_or_default();
                let is_right = if is_blank {
                    says == "未記入"
                } else {
                    matches!(&*says, "" | "増減の理由を備考へ")
                };
                assert!(is_right, "{department} {row}: {says}");
            }
            assert_eq!(sheet.shown((1, check)), Some(format!("未記入 {blank}件")), "{department} {name}");
        }
    }
}

#[test]
fn columns_that_say_nothing_are_hidden_and_read_all_the_same() {
    let forms = forms("data/nemuro");
    let hidden = |department: &str| {
        let book = read(&forms[department]).unwrap();
        let form = sheet(&book, "記入票");
        let columns = ["baseline", "target"].map(|code| column(form, code));
        columns
            .map(|column| form.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column)))
    };
    assert_eq!(hidden("総合政策室"), [false, false]);
    assert_eq!(hidden("地域創生室"), [true, true]);
}

/// The names stay in their cells: whoever sorts or filters finds them there.
#[test]
fn a_name_that_is_repeated_is_grey() {
    let bytes = &forms("data/nemuro")["地域創生室"];
    let xml = part(bytes, "xl/worksheets/sheet1.xml");
    let styles = part(bytes, "xl/styles.xml");
    let formats = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap().to_owned();
    let fonts: Vec<&str> = styles.split("<fonts").nth(1).unwrap().split("<font>").skip(1).collect();
    let is_grey = |cell: &str| {
        let cells = elements(&xml, "c");
        let of = cells.iter().find(|of| attribute(of, "r").as_deref() == Some(cell)).unwrap();
        let format = &elements(&formats, "xf")[number(of, "s").unwrap() as usize];
        fonts[number(format, "fontId").unwrap() as usize].contains("FF767676")
    };
    let book = read(bytes).unwrap();
    let form = sheet(&book, "記入票");
    let name = |row: u32| form.shown((row, 2)).unwrap();
    assert!(name(3) == name(4) && name(5) != name(6));
    assert_eq!(["C4", "C5", "B5", "D5", "C7"].map(is_grey), [false, true, true, false, false]);
}

/// On screen it stays in view; on paper it heads every page.
#[test]
fn the_preview_says_that_it_is_one() {
    let bytes = &forms("data/nemuro")["総合政策室"];
    let book = read(bytes).unwrap();
    assert_eq!(sheet(&book, Form::PREVIEW).shown((0, 0)).as_deref(), Some(Form::PREVIEW_BAND));
    let names = part(bytes, "xl/workbook.xml");
    assert!(names.contains(&format!("{}!$1:$1</definedName>", Form::PREVIEW)), "{names}");
    assert_eq!(number(&elements(&part(bytes, "xl/worksheets/sheet2.xml"), "pane")[0], "ySplit"), Some(1.0));
}
