//! Workbooks: a clerk's mail may bring any file.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::run::collected;

pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with this sheet, and parts that replace or join its others.
pub fn workbook(sheet: &[u8], more: &[(&str, &[u8])]) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<workbook xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let book_rels = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", book_rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    parts.extend(more);
    package(&parts)
}

pub fn sheet(rows: &str) -> Vec<u8> {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()
}

#[test]
fn hostile_workbooks_end_in_a_message() {
    let rows = |row: &str, count: usize| row.repeat(count);
    let million = 1_048_576;
    let numbered: String = (1..=million).fold(String::new(), |mut text, at| {
        let _ = write!(text, "<row r=\"{at}\"><c r=\"A{at}\"><v>1</v></c></row>");
        text
    });
    let zeros = vec![b' '; 200 << 20];
    let thirty = vec![b' '; 30 << 20];
    let many_parts: Vec<(String, &[u8])> =
        (0..40).map(|at| (format!("xl/media/{at}.png"), thirty.as_slice())).collect();
    let many_parts: Vec<(&str, &[u8])> =
        many_parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let empty_parts: Vec<String> = (0..60_000).map(|at| format!("{at}")).collect();
    let empty_parts: Vec<(&str, &[u8])> = empty_parts.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let deep = |open: &str, count: usize| open.repeat(count);
    let small = sheet("<row><c><v>1</v></c></row>");
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(1_000_000));
    let laughs = "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("bomb.xlsx", workbook(&zeros, &[]), "E402"),
        ("many-large-parts.xlsx", workbook(&small, &many_parts), "E402"),
        ("many-parts.xlsx", package(&empty_parts), "E402"),
        ("million-rows.xlsx", workbook(&sheet(&numbered), &[]), "E402"),
        (
            "million-short-rows.xlsx",
            workbook(&sheet(&rows("<row><c><v>1</v></c></row>", million)), &[]),
            "E402",
        ),
        ("million-empty-rows.xlsx", workbook(&sheet(&rows("<row><c s=\"1\"/></row>", million)), &[]), "E406"),
        ("deep-sheet.xlsx", workbook(deep("<a>", 8 << 20).as_bytes(), &[]), "E402"),
        (
            "deep-strings.xlsx",
            workbook(&small, &[("xl/sharedStrings.xml", deep("<a>", 2 << 20).as_bytes())]),
            "E402",
        ),
        ("many-styles.xlsx", workbook(&small, &[("xl/styles.xml", styles.as_bytes())]), "E402"),
        (
            "claims-strings.xlsx",
            workbook(&small, &[("xl/sharedStrings.xml", b"<sst uniqueCount=\"4000000000\"></sst>")]),
            "E402",
        ),
        ("laughs.xlsx", workbook(&small, &[("xl/sharedStrings.xml", laughs.as_bytes())]), ""),
        (
            "climbs.xlsx",
            workbook(&small, &[("../evil.xml", b"<a/>"), ("..\\evil.xml", b"<a/>"), ("/evil.xml", b"<a/>")]),
            "E406",
        ),
        (
            "links.xlsx",
            workbook(
                &sheet("<row><c><f>[1]S!A1</f></c></row>"),
                &[("xl/externalLinks/externalLink1.xml", b"<externalLink/>")],
            ),
            "E406",
        ),
        (
            "far-cell.xlsx",
            workbook(
                &sheet("<row><c r=\"A1\"><v>1</v></c></row><row><c r=\"XFD1048576\"><v>1</v></c></row>"),
                &[],
            ),
            "E406",
        ),
    ];
    for (name, bytes, expected) in cases {
        collected(name, &bytes, expected);
    }
}
