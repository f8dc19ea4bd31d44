//! The workbook, read back.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod documents;
mod package;
mod plans;

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use documents::{Builder, document, sample, style};
use jisseki::layout::Length;
use jisseki::layout::grid::{Content, Document, Link};
use jisseki::render::data::{Column, DataTable, Datum};
use jisseki::render::xlsx::WorkbookError;
use jisseki::render::{Meta, xlsx};
use jisseki::workbook::{Format, Shown};
use package::{elements, part, parts};
use proptest::prelude::*;

fn meta() -> Meta {
    Meta {
        title: "第２期根室市創生総合戦略 実績一覧".into(),
        author: "根室市".into(),
        subject: "実績一覧".into(),
        keywords: vec!["総合戦略".into(), "KPI".into()],
        date: chrono::NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        program: jisseki::render::Program::this(),
    }
}

fn data() -> DataTable {
    let column = |name: &str| Column::of_words(name, format!("{name}の意味"));
    let row = |id: &str, number: &str| {
        let text = |text: &str| Datum::Text(text.into());
        vec![text("012238"), text(id), Datum::Number(number.parse().unwrap()), Datum::Empty]
    };
    DataTable {
        columns: ["団体コード", "ID", "2021年度（令和3年度）実績", "2021年度（令和3年度）の状態"]
            .map(column)
            .into(),
        rows: vec![row("P001-1", "146.00"), row("=1+1", "12345678901234567")],
    }
}

fn draw(document: &Document) -> Result<Vec<u8>, WorkbookError> {
    xlsx::to_bytes(document, &data(), &meta(), "BIZ UDゴシック")
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// One sheet with one row and one text.
fn with_text(text: &str) -> Document {
    let mut builder = Builder::new("シート", "");
    let row = builder.row(13.5);
    builder.text(row, 0, 10, style(), text);
    builder.sheet.pages.push(0..1);
    document(vec![builder.sheet])
}

/// What no number format can show stays the text it is; a figure beside it is a number.
#[test]
fn values_that_are_no_plain_figures_are_text() {
    let mut builder = Builder::new("シート", "");
    let row = builder.row(13.5);
    for (column, text) in
        ["第3位", "◎", "10人（うち女性3人）", "1億2,345万円", "1,234人"].into_iter().enumerate()
    {
        builder.value(row, column, text);
    }
    builder.sheet.pages.push(0..1);
    let bytes = draw(&document(vec![builder.sheet])).unwrap();
    let mut book = open(&bytes);
    let name = book.sheet_names()[0].clone();
    let cells: Vec<String> =
        book.worksheet_range(&name).unwrap().used_cells().map(|(_, _, datum)| format!("{datum:?}")).collect();
    let expected =
        ["第3位", "◎", "10人（うち女性3人）", "1億2,345万円"].map(|text| format!("String({text:?})"));
    assert_eq!(cells[..4], expected);
    assert_eq!(cells[4], "Float(1234.0)");
}

/// Every figure of the pages, with the number format of its cell as another reader knows
/// it, shows exactly what the PDF prints.
#[test]
fn every_figure_shows_what_is_printed() {
    let mut numbers = 0;
    let seeds = (0..6).filter_map(|seed| plans::set(&plans::seeded(seed), "").ok());
    for set in std::iter::once(plans::real()).chain(seeds) {
        let bytes = draw(&set.document).unwrap();
        let styles = part(&bytes, "xl/styles.xml");
        let codes: std::collections::BTreeMap<String, String> = elements(&styles, "numFmt")
            .iter()
            .map(|tag| (attribute(tag, "numFmtId").unwrap(), attribute(tag, "formatCode").unwrap()))
            .collect();
        let cell_styles = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap();
        let formats: Vec<Format> = elements(cell_styles, "xf")
            .iter()
            .map(|tag| attribute(tag, "numFmtId").unwrap())
            .map(|id| match codes.get(&id) {
                Some(code) => Format::new(&code.replace("&quot;", "\"")),
                None => Format::new(ssfmt::format_code_from_id(id.parse().unwrap()).unwrap()),
            })
            .collect();
        for (at, sheet) in set.document.sheets.iter().enumerate() {
            let xml = part(&bytes, &format!("xl/worksheets/sheet{}.xml", at + 1));
            let cells: std::collections::BTreeMap<String, &str> = xml
                .split("<c ")
                .skip(1)
                .map(|cell| (attribute(&format!("<c {cell}"), "r").unwrap(), cell))
                .collect();
            for cell in &sheet.cells {
                let Content::Value(value) = &cell.content else { continue };
                let place = rust_xlsxwriter::utility::row_col_to_cell(cell.row as u32, cell.column as u16);
                let xml = cells[&place];
                let (Some((_, number)), false) = (xml.split_once("<v>"), xml.contains("t=\"s\"")) else {
                    continue;
                };
                let number: f64 = number.split('<').next().unwrap().parse().unwrap();
                let style: usize = attribute(&format!("<c {xml}"), "s").unwrap().parse().unwrap();
                assert_eq!(formats[style].shown(number), Shown::Text(value.printed().to_owned()), "{place}");
                numbers += 1;
            }
        }
    }
    assert!(numbers > 700, "{numbers}");
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    Some(rest.split('"').next()?.to_owned())
}

/// Every cell with what it holds: the workbook as a reader meets it.
#[test]
fn the_cells_hold_what_the_grid_says() {
    let goal = Builder::goal("基本目標1", 1, 1, false);
    let mut one = goal.clone();
    // Title, table and the first block.
    one.rows.truncate(14);
    one.cells.retain(|cell| cell.row < 14);
    one.pages[0] = 0..14;
    let bytes = draw(&document(vec![one])).unwrap();
    let mut book = open(&bytes);
    let mut shadow = String::new();
    for name in book.sheet_names() {
        shadow.push_str(&format!("[{name}]\n"));
        for (row, column, datum) in book.worksheet_range(&name).unwrap().used_cells() {
            shadow.push_str(&format!("{row},{column} {datum:?}\n"));
        }
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "no cell is a formula");
    }
    insta::assert_snapshot!(shadow);
}

/// What a print of the workbook is made from.
#[test]
fn every_page_ends_where_the_grid_says() {
    let document = sample();
    let bytes = draw(&document).unwrap();
    for (at, sheet) in document.sheets.iter().enumerate() {
        let xml = part(&bytes, &format!("xl/worksheets/sheet{}.xml", at + 1));
        let breaks: Vec<String> = sheet.pages[1..]
            .iter()
            .map(|page| format!("<brk id=\"{}\" max=\"16383\" man=\"1\"/>", page.start))
            .collect();
        assert_eq!(elements(&xml, "brk"), breaks);
        assert_eq!(elements(&xml, "pageSetUpPr"), ["<pageSetUpPr fitToPage=\"1\"/>"]);
        assert_eq!(elements(&xml, "row").len(), sheet.rows.len(), "every row has a height of its own");
        assert!(elements(&xml, "row").iter().all(|row| row.contains("customHeight=\"1\"")));
    }
    let goal = part(&bytes, "xl/worksheets/sheet2.xml");
    assert_eq!(
        elements(&goal, "pageMargins"),
        [
            "<pageMargins left=\"0.4724\" right=\"0.3112\" top=\"0.4724\" bottom=\"0.3626\" header=\"0.2362\" footer=\"0.2606\"/>"
        ]
    );
    assert_eq!(
        elements(&goal, "pane"),
        ["<pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" state=\"frozen\"/>"]
    );
    assert_eq!(
        elements(&goal, "mergeCell").len(),
        document.sheets[1].cells.iter().filter(|c| c.row_span * c.column_span > 1).count()
    );
    let workbook = part(&bytes, "xl/workbook.xml");
    let names: Vec<&str> = workbook
        .split("<definedName ")
        .skip(1)
        .map(|name| name.split("</definedName>").next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "name=\"_xlnm.Print_Area\" localSheetId=\"1\">基本目標1!$A$1:$J$100",
            "name=\"_xlnm.Print_Area\" localSheetId=\"2\">基本目標2!$A$1:$J$67",
            "name=\"_xlnm.Print_Area\" localSheetId=\"0\">目次!$A$1:$J$3",
            "name=\"_xlnm.Print_Titles\" localSheetId=\"3\">データ!$1:$1",
            "name=\"_xlnm.Print_Titles\" localSheetId=\"2\">基本目標2!$1:$2",
        ]
    );
}

/// Every sheet says at which number it begins, so that it can be printed alone.
#[test]
fn every_sheet_begins_at_its_own_number() {
    let foot = |bytes: &[u8], sheet: usize| {
        let xml = part(bytes, &format!("xl/worksheets/sheet{sheet}.xml"));
        let foot =
            xml.split("<oddFooter>").nth(1).map(|rest| rest.split("</oddFooter>").next().unwrap().to_owned());
        let setup = elements(&xml, "pageSetup").remove(0);
        // Where only its use is said, the number is 1 (ECMA-376, part 1, 18.3.1.63).
        let number = match setup.contains(" useFirstPageNumber=\"1\"") {
            true => {
                setup.split(" firstPageNumber=\"").nth(1).map_or("1", |rest| rest.split('"').next().unwrap())
            }
            false => "",
        };
        assert_eq!(
            setup.matches("irstPageNumber=").count(),
            usize::from(!number.is_empty()) + usize::from(number > "1"),
            "{setup}"
        );
        (foot.unwrap_or_default().replace("&amp;", "&"), number.to_owned())
    };
    let mut document = sample();
    let bytes = draw(&document).unwrap();
    let plain = "&C&\"BIZ UDゴシック,標準\"&9− &P −".to_owned();
    assert_eq!(foot(&bytes, 1), (String::new(), String::new()), "目次 has no number");
    assert_eq!(foot(&bytes, 2), (plain.clone(), "1".into()));
    assert_eq!(foot(&bytes, 3), (plain, "4".into()));
    document.sheets[2].first_page = Some(8);
    document.page.foot_text = "1&{ページ}".into();
    document.page.head_text = "（案）".into();
    let head = package::part(&draw(&document).unwrap(), "xl/worksheets/sheet1.xml");
    let said = "<oddHeader>&amp;R&amp;\"BIZ UDゴシック,標準\"&amp;9（案）</oddHeader>";
    assert!(head.contains(said), "also on pages without a number");
    document.page.head_text.clear();
    let own = ("&C&\"BIZ UDゴシック,標準\"&9 1&&&P".to_owned(), "8".to_owned());
    assert_eq!(foot(&draw(&document).unwrap(), 3), own);
    // A text that reads like the attribute is left alone.
    document.sheets[2].cells[0].content = Content::Text(" useFirstPageNumber=\"8\"".into());
    let bytes = draw(&document).unwrap();
    assert_eq!(foot(&bytes, 3), own);
    let words = open(&bytes).worksheet_range("基本目標2").unwrap();
    assert!(words.used_cells().any(|(_, _, cell)| cell == " useFirstPageNumber=\"8\""));
    document.sheets[2].first_page = Some(70_000);
    assert!(matches!(draw(&document), Err(WorkbookError::TooLarge { .. })));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert!(draw(&sample()).unwrap() == draw(&sample()).unwrap());
    let core = part(&draw(&sample()).unwrap(), "docProps/core.xml");
    assert_eq!(core.matches("2024-06-10T00:00:00Z</dcterms:").count(), 2);
    for text in ["実績一覧</dc:title>", "根室市</dc:creator>", "<cp:keywords>総合戦略, KPI<"] {
        assert!(core.contains(text), "{text}");
    }
}

/// A text that Excel could take for a formula, a number, a date or a link is text.
#[test]
fn no_text_becomes_anything_else() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "{=A1}", "2024/6/10", "http://example.com", "012", "'a"] {
        let bytes = draw(&with_text(text)).unwrap();
        let range = open(&bytes).worksheet_range("シート").unwrap();
        assert_eq!(range.get_value((0, 0)), Some(&calamine::Data::String(text.into())));
        for (name, xml) in parts(&bytes) {
            assert!(elements(&xml, "f").is_empty(), "{name}");
        }
    }
}

/// Stacked labels, lines kept by wrapping or shrinking, rules in their colour, the
/// number formats: what a reader sees and `calamine` does not.
#[test]
fn styles_are_those_of_the_grid() {
    let styles = part(&draw(&sample()).unwrap(), "xl/styles.xml");
    let alignments = elements(&styles, "alignment").join("");
    for expected in ["textRotation=\"255\"", "wrapText=\"1\"", "shrinkToFit=\"1\"", "indent=\"1\""] {
        assert!(alignments.contains(expected), "{expected}: {alignments}");
    }
    assert!(styles.contains("<left style=\"thin\"><color rgb=\"FF6E6E6E\"/></left>"));
    let formats: Vec<String> = elements(&styles, "numFmt")
        .iter()
        .map(|format| format.split("formatCode=\"").nth(1).unwrap().replace("&quot;", "'"))
        .collect();
    for expected in ["#,##0'人'", "'延べ'#,##0'人'", "#,##0.00'億円'", "0.0%;'△'0.0%"] {
        assert!(formats.iter().any(|format| format.starts_with(&format!("{expected}\""))), "{formats:?}");
    }
}

#[test]
fn the_contents_lead_to_the_sheets() {
    let own = draw(&sample()).unwrap();
    let links = elements(&part(&own, "xl/worksheets/sheet1.xml"), "hyperlink");
    assert_eq!(links.len(), 2);
    assert!(links[0].contains("location=\"'基本目標1'!A4\""), "{links:?}");

    let mut document = sample();
    document.sheets.remove(0);
    let plain = draw(&document).unwrap();
    assert_eq!(open(&plain).sheet_names(), ["基本目標1", "基本目標2", "データ", "データの説明", "目次"]);
    let links = elements(&part(&plain, "xl/worksheets/sheet5.xml"), "hyperlink");
    assert_eq!(links.len(), 4);
    assert!(links[2].contains("location=\"'データ'!A1\""), "{links:?}");
}

#[test]
fn the_data_are_a_table_with_filters() {
    let bytes = draw(&sample()).unwrap();
    let table = part(&bytes, "xl/tables/table1.xml");
    assert_eq!(elements(&table, "autoFilter"), ["<autoFilter ref=\"A1:D3\"/>"]);
    assert_eq!(elements(&table, "tableColumn").len(), 4);
    let range = open(&bytes).worksheet_range("データ").unwrap();
    assert_eq!(range.get_value((1, 2)), Some(&calamine::Data::Float(146.0)));
    let long = calamine::Data::String("12345678901234567".into());
    assert_eq!(range.get_value((2, 2)), Some(&long), "Excel would hold another number");

    let empty = DataTable { rows: vec![], ..data() };
    assert!(xlsx::to_bytes(&sample(), &empty, &meta(), "BIZ UDゴシック").is_ok());
    let nothing = DataTable { columns: vec![], rows: vec![] };
    assert!(xlsx::to_bytes(&document(vec![]), &nothing, &meta(), "BIZ UDゴシック").is_ok());
}

/// Printed, the data are never smaller than 7 points: where a row is wide the paper is larger, then
/// the row goes on on a page beside, with its ID.
#[test]
fn the_data_are_printed_as_wide_as_they_are_legible() {
    let name = |at: usize| if at == 0 { "ID".to_owned() } else { format!("列{at:08}") };
    let columns = |count| (0..count).map(|at| Column::of_words(name(at), "")).collect();
    for (count, paper, across) in [(19, 9, 1), (20, 8, 1), (28, 8, 1), (29, 8, 2), (55, 8, 2), (56, 8, 3)] {
        let wide = DataTable { columns: columns(count), rows: vec![] };
        let bytes = xlsx::to_bytes(&sample(), &wide, &meta(), "BIZ UDゴシック").unwrap();
        let setup = elements(&part(&bytes, "xl/worksheets/sheet4.xml"), "pageSetup").remove(0);
        assert!(setup.contains(&format!("paperSize=\"{paper}\"")), "{count}: {setup}");
        assert!(setup.contains(" fitToHeight=\"0\"") && setup.contains("overThenDown"), "{setup}");
        // One page is the default.
        let fit = if across > 1 { format!(" fitToWidth=\"{across}\"") } else { String::new() };
        assert!(setup.contains(&fit) && setup.contains("fitToWidth") == (across > 1), "{count}: {setup}");
        let titles = part(&bytes, "xl/workbook.xml").contains("データ!$A:$A,データ!$1:$1");
        assert_eq!(titles, across > 1, "{count}");
    }
}

/// What Excel cannot hold is refused in words, never cut and never a panic.
#[test]
fn what_excel_cannot_hold_is_refused() {
    assert!(draw(&with_text(&"字".repeat(32_767))).is_ok());
    let error = draw(&with_text(&"字".repeat(32_768))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "シート「シート」のセルA1の文章が長すぎます（Excelの1つのセルに入るのは32,767文字までです）"
    );
    let mut paper = sample();
    paper.page.width = Length::mm(300.0);
    assert_eq!(draw(&paper), Err(WorkbookError::UnknownPaper { width: 300, height: 210 }));

    let mut foot = sample();
    foot.page.foot_text = "頁".repeat(300);
    assert_eq!(draw(&foot), Err(WorkbookError::FootTooLong));

    let old = Meta { date: chrono::NaiveDate::from_ymd_opt(1868, 1, 1).unwrap(), ..meta() };
    assert_eq!(
        xlsx::to_bytes(&sample(), &data(), &old, "BIZ UDゴシック"),
        Err(WorkbookError::Date(old.date))
    );

    let mut pages = with_text("a");
    pages.sheets[0].pages = (0..1_100).map(|at| at..at + 1).collect();
    assert!(matches!(draw(&pages), Err(WorkbookError::TooLarge { .. })));

    let mut wide = with_text("a");
    wide.sheets[0].cells[0].column = 20_000;
    assert!(matches!(draw(&wide), Err(WorkbookError::TooLarge { .. })));

    let mut overlapping = with_text("a");
    let cell = overlapping.sheets[0].cells[0].clone();
    overlapping.sheets[0].cells.push(cell);
    assert!(matches!(draw(&overlapping), Err(WorkbookError::Library(_))));
}

/// A link to a sheet that is not there is a bug elsewhere, but no reason to break the file.
#[test]
fn a_link_to_nowhere_is_no_link() {
    let mut document = sample();
    document.sheets[0].cells[1].link = Some(Link { sheet: 99, row: 0 });
    let bytes = draw(&document).unwrap();
    assert_eq!(elements(&part(&bytes, "xl/worksheets/sheet1.xml"), "hyperlink").len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What goes in comes out: nothing is cut, broken or read as something else.
    #[test]
    fn any_text_comes_back(text in "[^\\p{Cc}\u{FFFE}\u{FFFF}]{1,60}") {
        let bytes = draw(&with_text(&text)).unwrap();
        let range = open(&bytes).worksheet_range("シート").unwrap();
        prop_assert_eq!(range.get_value((0, 0)), Some(&calamine::Data::String(text)));
    }
}
