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

fn document(table: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    );
    package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
    ])
}

/// A compound file with these records as its workbook; `table` can bend its chains.
fn compound(records: &[(u16, Vec<u8>)], table: impl FnOnce(&mut [u32])) -> Vec<u8> {
    let mut stream: Vec<u8> = Vec::new();
    for (kind, data) in records {
        stream.extend(kind.to_le_bytes());
        stream.extend((data.len() as u16).to_le_bytes());
        stream.extend(data);
    }
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let mut chains = vec![0xFFFF_FFFF_u32; 128];
    chains[0] = 0xFFFF_FFFD;
    chains[1] = 0xFFFF_FFFE;
    for at in 0..sectors {
        chains[2 + at] = if at + 1 < sectors { (3 + at) as u32 } else { 0xFFFF_FFFE };
    }
    table(&mut chains);
    let mut header = vec![0u8; 512];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    header[26..28].copy_from_slice(&3u16.to_le_bytes());
    header[30..32].copy_from_slice(&9u16.to_le_bytes());
    header[32..34].copy_from_slice(&6u16.to_le_bytes());
    header[44..48].copy_from_slice(&1u32.to_le_bytes());
    header[48..52].copy_from_slice(&1u32.to_le_bytes());
    header[60..64].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    header[68..72].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    header[76..512].fill(0xFF);
    header[76..80].copy_from_slice(&0u32.to_le_bytes());
    let mut directory = vec![0u8; 512];
    for (at, (name, start, length)) in
        [("Root Entry", 0xFFFF_FFFE_u32, 0), ("Workbook", 2, stream.len() as u32)].iter().enumerate()
    {
        let entry = &mut directory[at * 128..(at + 1) * 128];
        for (unit, place) in name.encode_utf16().zip(entry.chunks_mut(2)) {
            place.copy_from_slice(&unit.to_le_bytes());
        }
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
    }
    let table: Vec<u8> = chains.iter().flat_map(|sector| sector.to_le_bytes()).collect();
    [header, table, directory, stream].concat()
}

fn number_cell(row: u16, column: u16) -> (u16, Vec<u8>) {
    let place = [row, column, 0].into_iter().flat_map(|word| word.to_le_bytes());
    (0x0203, place.chain(1.0f64.to_le_bytes()).collect())
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
    let bof = (0x0809, vec![0u8, 6, 5, 0, 0, 0, 0, 0]);
    let bound = (0x0085, vec![0u8, 0, 0, 0, 0, 0, 1, 0, b'S']);
    let end = (0x000A, vec![]);
    let wide_cell = "<table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16384\"/>";
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
        (
            "wide.ods",
            document(&format!(
                "<table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1000000\">{wide_cell}</table:table-row></table:table>"
            )),
            "E402",
        ),
        (
            "wide-rows.ods",
            document(&format!(
                "<table:table table:name=\"S\">{}</table:table>",
                format!("<table:table-row>{wide_cell}</table:table-row>").repeat(500)
            )),
            "E402",
        ),
        (
            "open-table.ods",
            package(&[
                ("content.xml", b"<a><table:table table:name=\"S\">"),
                ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ]),
            "E403",
        ),
        ("deep.ods", package(&[("content.xml", deep("<a>", 8 << 20).as_bytes())]), "E402"),
        (
            "far-cells.xls",
            compound(
                &[
                    bof.clone(),
                    bound.clone(),
                    end.clone(),
                    bof.clone(),
                    number_cell(0, 0),
                    number_cell(65_535, 65_535),
                    end.clone(),
                ],
                |_| {},
            ),
            "E402",
        ),
        (
            "claims-cells.xls",
            compound(
                &[
                    bof.clone(),
                    bound.clone(),
                    end.clone(),
                    bof.clone(),
                    (
                        0x0200,
                        [0u32.to_le_bytes(), u32::MAX.to_le_bytes(), [0, 0, 255, 0], [0; 4]].concat()[..14]
                            .to_vec(),
                    ),
                    end.clone(),
                ],
                |_| {},
            ),
            "E402",
        ),
        ("ring.xls", compound(&[bof.clone(), end.clone()], |chains| chains[1] = 1), "E403"),
        ("ring-stream.xls", compound(&[bof, end], |chains| chains[5] = 3), "E403"),
    ];
    for (name, bytes, expected) in cases {
        collected(name, &bytes, expected);
    }
}
