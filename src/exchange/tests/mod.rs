//! The rules of returned workbooks, one test a rule, and the properties of the exchange.
//! Here is what they share: a plan, its forms, and how forms come back.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod doubts;
mod fields;
mod lists;
mod properties;
mod rules;
mod silence;

use std::collections::BTreeMap;

use super::returned::{PlacedCell, Read, Returned, ReturnedRow};
use super::*;
use crate::finding::{Findings, Place};
use crate::master::{self, Master};
use crate::plan::{FiscalYear, Value, Vocabulary};
use crate::settings::Settings;
use crate::workbook::{Cell, Number};

const SETTINGS: &str = "[plan]\nid='計画'\ncity='市'\noffice='企画課'\nname='計画'\ntitle='題'\n[departments]\norder=['企画課','水産課']\noutside=['民間等']\n[[departments.joint]]\nname='水産課・商工課'\nmembers=['水産課','商工課','民間等']\nworkbook='each'\n";

fn settings() -> Settings {
    toml::from_str(SETTINGS).unwrap()
}

/// A master whose project has these indicators: `ID,name,R3,R4,R5`.
fn master_of(rows: &str) -> Master {
    let mut text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考\n基本目標,G1,1,目標\n分野,G1-A,ア,分野\n施策,G1-A-1,①,施策\n事業,P1,1,事業,水産課\n".to_owned();
    for row in rows.lines() {
        let (id, rest) = row.trim().split_once(',').unwrap();
        let (name, years) = rest.split_once(',').unwrap();
        text.push_str(&format!("事業量,{id},,{name},,,,,,,,{years},\n"));
    }
    master::read(text.as_bytes(), "master.csv", &settings()).0.unwrap()
}

fn r5() -> FiscalYear {
    FiscalYear::starting(2023)
}

fn sent(master: &Master) -> Vec<Form> {
    forms(&master.plan, &settings(), r5(), "2026-05-29".parse().unwrap())
}

/// A form as it comes back, each row's input as it went out.
fn came_back(form: &Form) -> Returned {
    let place = |row: usize| Place {
        sheet: Some("記入票".into()),
        row: Some(row),
        column: Some(9),
        ..Place::file("回答.xlsx")
    };
    let cell = |value: &Value| value.is_reported().then(|| Cell::Text(value.printed().to_owned()));
    let row = |(at, row): (usize, &FormRow)| ReturnedRow {
        key: RowKey::of(form, row),
        place: place(at + 10),
        input: plain(cell(&row.current), place(at + 10)),
        remark: String::new(),
        past: row.past.iter().map(|(year, value)| (*year, plain(cell(value), place(at + 10)))).collect(),
        labels: Label::ALL.map(|label| (label, row.label(label))).to_vec(),
        label_columns: vec![],
        labels_as_sent: [false; 6],
        remark_look: Default::default(),
        is_hidden: false,
        is_on_hidden_sheet: false,
        has_slipped: false,
        has_other_headings: false,
    };
    let rows = form.rows.iter().enumerate().map(row).collect();
    Returned { file: "回答.xlsx".into(), key: Some(FileKey::of(form)), rows, ..Returned::default() }
}

fn collected(master: &Master, returns: Vec<Returned>) -> Outcome {
    let request = Request {
        master,
        settings: &settings(),
        year: None,
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    collect(request, &returns.into_iter().map(|returned| (returned, None)).collect::<Vec<_>>())
}

fn said(findings: &Findings) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.code(), finding.message())).collect()
}

/// What is said of one answer in a row whose last year was `last`.
fn asked(last: &str, cell: Cell) -> Vec<String> {
    let master = master_of(&format!("P1-1,件数,,{last},"));
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.content = Some(cell);
    let outcome = collected(&master, vec![returned]);
    assert!(outcome.changes.is_empty(), "{:?}", outcome.changes);
    said(&outcome.findings)
}

/// A cell that looks like any other.
fn plain(content: Option<Cell>, place: Place) -> PlacedCell {
    PlacedCell { content, place, look: Default::default(), is_joined: false }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(value: f64) -> Cell {
    Cell::Number(Number::plain(value))
}

/// What is said of a file that is only these bytes.
fn refused(bytes: &[u8]) -> Vec<String> {
    let (read, findings) = returned::read(bytes, "回答.xlsx");
    assert!(matches!(read, Read::Nothing));
    said(&findings)
}

/// A package of these parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet.
fn rust_xlsx(fill: impl FnOnce(&mut BTreeMap<&'static str, String>)) -> Vec<u8> {
    let mut cells = BTreeMap::from([("A1", "議事録".to_owned())]);
    fill(&mut cells);
    let cells: String = cells
        .iter()
        .map(|(at, text)| format!("<row><c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>"))
        .collect();
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", b"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{cells}</sheetData></worksheet>").as_bytes()),
    ])
}

/// The form's own workbook, read back.
fn through_the_workbook(form: &Form, master: &Master) -> Returned {
    let (read, findings) = returned::read(&workbook(form, master), "回答.xlsx");
    assert!(findings.is_empty(), "{:?}", said(&findings));
    match read {
        Read::Form(form) => *form,
        other => panic!("{other:?}"),
    }
}

/// The form's own workbook.
fn workbook(form: &Form, master: &Master) -> Vec<u8> {
    use crate::layout::{self, font::FontFiles, font::Fonts, template::Template};
    let (template, files) = (Template::official(), FontFiles::default());
    let fonts = Fonts::parse(&files).unwrap();
    let preview =
        layout::set(&form.excerpt(&master.plan), &settings(), &template, &fonts, &Default::default())
            .unwrap();
    let meta = crate::render::Meta {
        title: "題".into(),
        author: "市".into(),
        subject: String::new(),
        keywords: vec![],
        date: "2026-05-01".parse().unwrap(),
        program: crate::render::Program::this(),
    };
    crate::render::xlsx::form_to_bytes(form, &preview, &Vocabulary::default(), &meta, "BIZ UDゴシック")
        .unwrap()
}
