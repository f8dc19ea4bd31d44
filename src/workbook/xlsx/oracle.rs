//! What the library makes of the same files: cells and looks must be equal.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashSet};
use std::io::Cursor;

use calamine::{Color, DataRef, ExcelDateTime, ExcelDateTimeType, NumberFormat, Reader, Style, Xlsx};
use rust_xlsxwriter::{
    Chart, ChartType, Color as Ink, ExcelDateTime as Day, Format as Drawn, FormatPattern, Formula, Workbook,
};

use crate::workbook::book::{Book, Cell, Look, Number, Position, Strikethrough};
use crate::workbook::number_format::Format;
use crate::workbook::serial;
use crate::workbook::{Refusal, read};

type Sheets = Vec<(String, BTreeMap<Position, Cell>, BTreeMap<Position, Look>)>;

/// The sheets as the library reads them; its looks know nothing of single letters.
fn library(bytes: &[u8]) -> Option<Sheets> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).ok()?;
    let mut sheets = Sheets::new();
    for name in workbook.sheet_names() {
        let (mut cells, mut looks) = (BTreeMap::new(), BTreeMap::new());
        let mut blank: HashSet<Position> = HashSet::new();
        let mut reader = workbook.worksheet_cells_reader(&name).ok()?;
        while let Some((cell, style)) = reader.next_cell_with_style_id().ok()? {
            let (format, mut look) = styled(reader.styles().get(style));
            let (at, value) = (cell.get_position(), cell.get_value());
            match filled(value, &format) {
                Some(kept) => {
                    if let Cell::Text(text) = &kept {
                        look.text = format.shown_text(text);
                    }
                    cells.insert(at, kept);
                }
                None if !matches!(value, DataRef::Empty) => drop(blank.insert(at)),
                None => {}
            }
            if look != Look::default() {
                looks.insert(at, look);
            }
        }
        drop(reader);
        let mut reader = workbook.worksheet_cells_reader(&name).ok()?;
        while let Ok(Some(formula)) = reader.next_formula() {
            let at = formula.get_position();
            if !formula.get_value().is_empty() && !blank.contains(&at) {
                cells.entry(at).or_insert(Cell::NotCalculated);
            }
        }
        sheets.push((name, cells, looks));
    }
    Some(sheets)
}

fn styled(style: Option<&Style>) -> (Format, Look) {
    let format = style.and_then(|style| style.number_format.as_ref());
    let code = match format {
        Some(NumberFormat { format_id: Some(5..=8 | 42 | 44), .. }) => "\"¥\"#,##0.##",
        Some(format) => format.format_code.as_str(),
        None => "",
    };
    let font = style.and_then(|style| style.font.as_ref());
    let rgb = |colour: Color| colour.to_argb() & 0x00FF_FFFF;
    let fill = style.and_then(|style| style.fill.as_ref()).filter(|fill| fill.is_visible());
    let format = Format::new(code);
    let look = Look {
        struck: if font.is_some_and(|font| font.strikethrough) {
            Strikethrough::Whole
        } else {
            Strikethrough::No
        },
        unit: format.unit(),
        unlocked: style.and_then(|style| style.protection.as_ref()).is_some_and(|of| !of.locked),
        colours: (
            fill.and_then(|fill| fill.get_color()).map(rgb),
            font.and_then(|font| font.color).map(rgb).filter(|colour| *colour != 0),
        ),
        ..Look::default()
    };
    (format, look)
}

fn filled(value: &DataRef<'_>, format: &Format) -> Option<Cell> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()));
    let number = |value: f64| {
        Cell::Number(Number {
            value,
            is_percent: format.is_percent,
            is_date: format.is_date,
            shown: format.shown(value),
        })
    };
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(whole) => number(*whole as f64),
        DataRef::Float(value) => number(*value),
        DataRef::String(value) => return text(value),
        DataRef::SharedString(value) => return text(value),
        DataRef::Bool(value) => Cell::Logical(*value),
        DataRef::DateTime(date) => Cell::Date(shown_date(date)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Date(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    })
}

fn shown_date(date: &ExcelDateTime) -> String {
    let value = date.as_f64();
    if !(0.0..2_958_466.0).contains(&value) {
        return value.to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if value < 1.0 {
        return format!("{hour}:{minute:02}:{second:02}");
    }
    let time = if value.fract() == 0.0 { String::new() } else { format!(" {hour}:{minute:02}") };
    format!("{year}/{month}/{day}{time}")
}

/// A book without what the library does not tell.
fn ours(book: Book) -> Sheets {
    book.sheets.into_iter().map(|sheet| (sheet.name, sheet.cells, sheet.looks)).collect()
}

/// What the runs of a text say overlays the look of its cell.
fn without_runs(sheets: Sheets) -> Sheets {
    let plain = |(name, cells, looks): (String, BTreeMap<Position, Cell>, BTreeMap<Position, Look>)| {
        let looks = looks.into_iter().map(|(at, look)| {
            (at, Look { struck: Strikethrough::No, raised: false, colours: (look.colours.0, None), ..look })
        });
        (name, cells, looks.filter(|(_, look)| *look != Look::default()).collect())
    };
    sheets.into_iter().map(plain).collect()
}

/// Every workbook that clerks sent back, and those of the field.
#[test]
fn returned_workbooks_read_as_the_library_reads_them() {
    let mut count = 0;
    for folder in ["tests/returns/files", "tests/field"] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if !name.ends_with(".xlsx") && !name.ends_with(".xlsm") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            match read(&bytes) {
                // Two parts of one name: the library takes one of them.
                Err(Refusal::Doubled) => {}
                Err(_) => assert!(library(&bytes).is_none(), "{name}"),
                Ok(book) => {
                    let expected = library(&bytes).unwrap_or_else(|| panic!("{name} is read by us alone"));
                    assert_eq!(without_runs(ours(book)), without_runs(expected), "{name}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 70, "{count}");
}

/// Every kind of value under every kind of style that a program writes.
#[test]
fn written_workbooks_read_as_the_library_reads_them() {
    let codes = [
        "General",
        "0",
        "0.00",
        "#,##0",
        "0%",
        "0.0%",
        "0\"人\"",
        "yyyy/m/d",
        "ggge\"年\"m\"月\"d\"日\"",
        "h:mm",
        "[h]:mm",
        "@",
        "@\"名\"",
        "[Red]0;(0);\"－\"",
        "0.00E+00",
        "# ?/?",
        ";;;",
        "\"¥\"#,##0",
        "m/d/yyyy h:mm",
    ];
    let mut workbook = Workbook::new();
    for (at, dated) in [("値", false), ("日付", true)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(at).unwrap();
        for (row, code) in codes.iter().enumerate() {
            let row = row as u32;
            let format = Drawn::new().set_num_format(*code);
            let struck = format.clone().set_font_strikethrough().set_font_color(Ink::Red).set_unlocked();
            let filled =
                format.clone().set_background_color(Ink::Theme(4, 3)).set_font_color(Ink::Theme(5, 0));
            let hatched =
                format.clone().set_pattern(FormatPattern::DarkGrid).set_foreground_color(0x12_34_56);
            let numbers = [0.0, 1.0, -1.5, 0.624, 60.0, 366.0, 45_049.0, 45_049.75, 1e300, -3.0, 2_958_466.0];
            for (column, number) in numbers.into_iter().enumerate() {
                let number = if dated { number * 1.000_011 } else { number };
                let format = [&format, &struck, &filled, &hatched][column % 4];
                sheet.write_number_with_format(row, column as u16, number, format).unwrap();
            }
            sheet.write_string_with_format(row, 20, " 五 &<_x0041_\n人 ", &format).unwrap();
            sheet.write_boolean_with_format(row, 21, true, &struck).unwrap();
            sheet.write_blank(row, 22, &filled).unwrap();
            sheet.write_formula_with_format(row, 23, Formula::new("=A1").set_result("5"), &format).unwrap();
            sheet.write_formula_with_format(row, 24, Formula::new("=\"\"").set_result(""), &format).unwrap();
            sheet
                .write_formula_with_format(row, 25, Formula::new("=NA()").set_result("#N/A"), &format)
                .unwrap();
            sheet
                .write_formula_with_format(row, 26, Formula::new("=B1").set_result("言葉"), &format)
                .unwrap();
            let day = Day::parse_from_str("2023-05-03T10:20:30").unwrap();
            sheet.write_datetime_with_format(row, 27, &day, &format).unwrap();
            sheet.write_dynamic_array_formula(row, 30, row, 30, "=A1:A2").unwrap();
        }
    }
    let mut chart = Chart::new(ChartType::Line);
    chart.add_series().set_values("値!$B$1:$B$9");
    workbook.add_chartsheet().insert_chart(0, 0, &chart).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let mut read = ours(read(&bytes).unwrap());
    let mut expected = library_with_charts(&bytes);
    assert_eq!((read.len(), read.remove(0)), (2, expected.remove(0)));
    assert_eq!(read.remove(0), expected.remove(0));
}

/// As [`library`]; a chart stands on a sheet that the library refuses.
fn library_with_charts(bytes: &[u8]) -> Sheets {
    let whole = library(bytes);
    assert!(whole.is_none());
    let workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names().len(), 3);
    // Without the sheet of the chart the library reads all.
    let text = |name: &str, bytes: Vec<u8>| match name {
        "xl/workbook.xml" => {
            let text = String::from_utf8(bytes).unwrap();
            let at = text.rfind("<sheet ").unwrap();
            let end = at + text[at..].find("/>").unwrap() + 2;
            [&text[..at], &text[end..]].concat().into_bytes()
        }
        _ => bytes,
    };
    library(&rewritten(bytes, text)).unwrap()
}

/// A package with its parts changed.
fn rewritten(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().to_string();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        writer.start_file(&*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, &change(&name, bytes)).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The same workbook in other spellings: prefixes, absolute targets, backslashes, UTF-16,
/// the strict namespaces.
#[test]
fn a_workbook_reads_alike_however_it_is_spelt() {
    let bytes = std::fs::read("tests/returns/files/数字で回答.xlsx").unwrap();
    let plain = read(&bytes).unwrap();
    let edited = |part: &'static str, change: fn(String) -> String| {
        rewritten(&bytes, move |name, bytes| match name.ends_with(part) {
            true => change(String::from_utf8(bytes).unwrap()).into_bytes(),
            false => bytes,
        })
    };
    let prefixed = edited("sheet1.xml", |text| {
        text.replace("</", "\u{0}")
            .replace("<?", "\u{1}")
            .replace('<', "<x:")
            .replace('\u{0}', "</x:")
            .replace('\u{1}', "<?")
    });
    let absolute = edited("workbook.xml.rels", |text| {
        text.replace("Target=\"worksheets/", "Target=\"/xl/worksheets/")
            .replace("Target=\"/xl/worksheets/sheet2", "Target=\"worksheets\\sheet2")
    });
    let strict = edited(".rels", |text| {
        text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    });
    let wide =
        rewritten(&bytes, |name, bytes| match name.contains("sheet") || name.ends_with("workbook.xml") {
            true => "\u{FEFF}"
                .encode_utf16()
                .chain(String::from_utf8(bytes).unwrap().encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
            false => bytes,
        });
    for (how, bytes) in [("prefixed", prefixed), ("absolute", absolute), ("strict", strict), ("wide", wide)] {
        assert!(read(&bytes).unwrap() == plain, "{how}");
    }
}

/// Days since either epoch.
#[test]
fn days_are_named_as_the_library_names_them() {
    let days = (0..2_958_466).step_by(97).chain(0..1_000).chain(2_957_000..2_958_466);
    for day in days {
        for (part, since_1904) in
            [(0.0, false), (0.25, true), (0.999_994_3, false), (0.999_999_999_9, true), (0.5, false)]
        {
            let value = f64::from(day) + part;
            let date = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, since_1904);
            assert_eq!(serial::shown_date(value, since_1904), shown_date(&date), "{value} {since_1904}");
        }
    }
}
