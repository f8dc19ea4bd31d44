//! What marks say, and what becomes of cells that stand over several records.
#![allow(clippy::unwrap_used)]

use crate::layout::font::{FontFiles, Fonts};
use crate::layout::grid::{Content, Document, Role};
use crate::layout::template::Template;
use crate::layout::{self, Options};
use crate::master;
use crate::plan::FiscalYear;
use crate::settings::Settings;

const SETTINGS: &str = r#"
[plan]
id = "計画"
city = "市"
office = "室"
name = "総合戦略"
title = "実績一覧"
[[fields]]
name = "評価"
rows = ["事業"]
type = "選択"
choices = ["Ａ", "Ｂ"]
"#;
const HEAD: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考,評価\n\
                    基本目標,G1,12,稼ぐ\n分野,G1-A,ア,経済\n施策,G1-A-1,①,農業\n";
const PROJECT: &str = "事業,P1,1,甲事業,農林課,新規,,,,,,,,,,Ｂ\n\
                       事業量,P1-1,,件数,,,,,,,,6件,4件,\n\
                       目標値,P1-1-T,,,,,,,,,,7件,8件,\n\
                       事業費,P1-C1,,国庫支出金,,,,,,,,1.25千円,2千円,\n\
                       予算,P1-C1-B,,,,,,,,,,3千円,4千円,\n\
                       事業費,P1-C2,,一般財源,,,,,,,,0.5千円,—,\n";

fn set(rows: &str, template: &str, year: i32) -> Document {
    let text = format!("format = 2\n[contents]\nlevels = 0\n{template}");
    set_with(rows, &Template::read(text.as_bytes(), "市.toml").unwrap(), year)
}

fn set_with(rows: &str, template: &Template, year: i32) -> Document {
    let settings = Settings::read(SETTINGS.as_bytes(), "plan.toml").unwrap();
    let (master, findings) = master::read(format!("{HEAD}{rows}").as_bytes(), "master.csv", &settings);
    assert!(!findings.has_errors(), "{findings:?}");
    let files = FontFiles::default();
    let fonts = Fonts::parse(&files).unwrap();
    let options = Options { draft: true, note: String::new(), year: Some(FiscalYear::starting(year)) };
    layout::set(&master.unwrap().plan, &settings, template, &fonts, &options).unwrap()
}

/// What a cell of a 事業 says in R4, the second of three years.
fn says(text: &str) -> String {
    let block = format!("[[block]]\nper = \"事業\"\ncolumns = [273]\nrows = [[\"{text}\"]]");
    let document = set(PROJECT, &block, 2022);
    document.sheets[0].cells[0].text().to_owned()
}

#[test]
fn signs_are_printed_with_what_they_stand_beside() {
    assert_eq!(says("{番号　}{名称}{【担当課】}"), "1　甲事業【農林課】");
    assert_eq!(says("{名称}{／目的}{（内容）}"), "甲事業");
    assert_eq!(
        says("基本目標{基本目標.番号:全角} {施策.番号 }{施策.名称}{区分}"),
        "基本目標１２ ① 農業【新規】"
    );
    assert_eq!(says("{題名}"), "実績一覧（案）");
}

#[test]
fn years_and_choices_have_forms() {
    assert_eq!(says("{今年度}・{前年度}・{翌年度}"), "R4・R3・R5");
    assert_eq!(says("{今年度:元号}"), "令和4年度");
    assert_eq!(says("{評価:選択}"), "□Ａ　■Ｂ");
    assert_eq!(says("{評価}"), "Ｂ");
}

/// A name of two lines goes on under itself; where that saves a line, the department beside it
/// gives way.
#[test]
fn names_go_on_under_themselves_and_departments_give_way() {
    let cells = |name: &str, columns: &str| {
        let block = format!(
            "[[block]]\nper = \"事業\"\ncolumns = {columns}\nrows = [[\"{{番号　}}{{名称}}\", \"{{【担当課】}}\"]]"
        );
        let document = set(&PROJECT.replace("甲事業", name), &block, 2022);
        let sheet = &document.sheets[0];
        let lines = sheet.cells[0].lines.clone();
        (lines, sheet.width_of(&sheet.cells[0]).to_mm(), sheet.width_of(&sheet.cells[1]).to_mm())
    };
    let (name, font) = ("水産業", 8.0 / 72.0 * 25.4);
    let set_department = |department: &str| {
        let block = "[[block]]\nper = \"事業\"\ncolumns = [90, { fit = 183 }]\nrows = [[\"{番号　}{名称}\", \"{【担当課】}\"]]";
        let rows = PROJECT.replace("甲事業,農林課", &format!("{},{department}", name.repeat(30)));
        let sheet = set(&rows, block, 2022).sheets.remove(0);
        (sheet.cells[0].lines.len(), sheet.width_of(&sheet.cells[0]).to_mm())
    };
    // 33 characters and what stands before them need 100 mm.
    let (lines, wide, _) = cells(&name.repeat(11), "[90, 183]");
    assert_eq!((lines.len(), wide), (2, 90.0));
    assert!((lines[1].indent.to_mm() - 1.5 * font).abs() < 0.01, "{lines:?}");
    assert!(lines[0].text.starts_with("1　水産業") && lines[1].text.ends_with("水産業"));
    let columns = "[90, { fit = 183 }]";
    let (lines, wide, beside) = cells(&name.repeat(11), columns);
    assert_eq!((lines.len(), wide + beside), (1, 273.0));
    // 【農林課】 is 5 characters wide: 15.7 mm with its padding, in steps of 3 mm.
    assert!((beside - 18.0).abs() < 0.01, "{beside}");
    // Nor does one without words keep its width; and where two lines are needed, they are long.
    let bare = set_department("");
    assert_eq!((bare.0, bare.1), (1, 270.0));
    let (lines, wide, _) = cells(&name.repeat(50), columns);
    assert_eq!((lines.len(), wide), (2, 255.0));
    // What fits stands where it always does.
    assert_eq!(cells(name, columns).1, 90.0);
    // No edge moves to where a word of its neighbour has no room.
    let columns = "[30, { fit = 20 }, { fit = 20 }, { fit = 203 }]";
    let cell = "\"{名称}\"";
    let block = format!(
        "[[block]]\nper = \"事業\"\ncolumns = {columns}\nrows = [[{cell}, \"{{担当課}}\", {cell}, \"{{担当課}}\"]]"
    );
    let sheet = set(&PROJECT.replace("甲事業", &name.repeat(40)), &block, 2022).sheets.remove(0);
    for cell in &sheet.cells {
        let room = sheet.width_of(cell) - cell.style.padding * 2;
        assert!(cell.lines.iter().all(|line| line.width <= room), "{cell:?}");
    }
    // Lines that the template parts begin at the left, each by itself.
    let block = "[[block]]\nper = \"事業\"\ncolumns = [273]\nrows = [[\"{施策.番号　}{施策.名称}\\n{番号　}{名称}\"]]";
    let lines = set(PROJECT, block, 2022).sheets[0].cells[0].lines.clone();
    assert_eq!((lines.len(), lines[1].indent.to_mm()), (2, 0.0));
}

/// What has no 事業量 is printed in one row where the template says so, and nothing twice.
#[test]
fn what_has_no_records_may_be_printed_otherwise() {
    let rows = format!("{PROJECT}事業,P2,,乙事業,民間等,,,目的,,,,,,,,\n");
    let texts = |compact: bool| {
        let template = Template::read(format!("[sheet]\ncompact = {compact}").as_bytes(), "市.toml").unwrap();
        let document = set_with(&rows, &template, 2022);
        let cells = document.sheets.iter().flat_map(|sheet| &sheet.cells);
        cells.map(|cell| cell.text().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    let count = |texts: &[String], text: &str| texts.iter().filter(|said| *said == text).count();
    let (usual, compact) = (texts(false), texts(true));
    for said in [&usual, &compact] {
        assert_eq!((count(said, "1　甲事業【新規】"), count(said, "-　乙事業")), (1, 1), "{said:?}");
        assert_eq!(count(said, "目的"), 1);
    }
    assert_eq!((count(&usual, "事業量"), count(&compact, "事業量")), (2, 1));
}

/// The total that no row gives is counted exactly; one that lacks a part is not.
#[test]
fn costs_are_named_and_their_total_is_counted() {
    assert_eq!(says("{事業費「国庫支出金」.決算.今年度}"), "2千円");
    assert_eq!(says("{事業費「国庫支出金」.予算.R3}"), "3千円");
    assert_eq!(says("{事業費「国庫支出金」.決算.翌年度}"), "");
    assert_eq!(says("{事業費「道支出金」.決算.今年度}"), "");
    assert_eq!(says("{事業費「計」.決算.前年度}"), "1.75千円");
}

#[test]
fn a_figure_alone_is_a_figure_and_with_words_is_text() {
    let cells = "\"{名称}\", \"{実績}\", \"{目標値}\"";
    let block = format!(
        "[[block]]\nper = \"事業\"\neach = \"事業量\"\ncolumns = [100, {{ years = [20, 20], last = 2 }}]\nrows = [[{cells}]]"
    );
    let document = set(PROJECT, &block, 2022);
    let cells = &document.sheets[0].cells;
    let texts: Vec<&str> = cells.iter().map(|cell| cell.text()).collect();
    assert_eq!(texts, ["件数", "6件", "7件", "4件", "8件"]);
    assert!(cells[1..].iter().all(|cell| matches!(cell.content, Content::Value(_))));
    assert!(cells[1..].iter().all(|cell| cell.role == Role::Data && cell.origin().is_some()));
}

/// A cell over more rows than a page holds is divided: what it says stands again on each page.
#[test]
fn a_joined_cell_is_divided_with_its_rows() {
    let rows: String = (1..=120)
        .fold(String::new(), |rows, at| rows + &format!("事業,P{at},{at},事業{at},農林課,,,,,,,,,,,Ｂ\n"));
    let block = "[[block]]\nper = \"基本目標\"\neach = \"事業\"\ncolumns = [60, 213]\n\
                 head = [[\"施策\", \"事業\"]]\n\
                 rows = [[{ text = \"{施策.名称}\", join = \"施策\", th = true }, \"{名称}\"]]";
    let document = set(&rows, block, 2022);
    let sheet = &document.sheets[0];
    assert!(sheet.pages.len() > 2, "{:?}", sheet.pages);
    let joined: Vec<(&str, usize)> = sheet
        .cells
        .iter()
        .filter(|cell| cell.text().starts_with("農業"))
        .map(|cell| (cell.text(), sheet.page_of(cell.row)))
        .collect();
    let expected = (0..sheet.pages.len()).map(|page| (if page == 0 { "農業" } else { "農業（続き）" }, page));
    assert_eq!(joined, expected.collect::<Vec<_>>());
    let rows: usize =
        sheet.cells.iter().filter(|cell| cell.text().starts_with("農業")).map(|cell| cell.row_span).sum();
    assert_eq!(rows, 120);
}
