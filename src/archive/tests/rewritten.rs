//! Files that say what they said in other bytes are told from those that do not.

use super::verdict::{DATA, bundle_with_other_pages};
use super::*;
use crate::finding::{ArchiveRule, FindingKind};

const WORKBOOK: &str = "見本町総合戦略_実績一覧_R7.xlsx";

/// What verifying says of a file of R7 that was put in the place of the archived one.
fn cause(name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Option<&'static str> {
    let mut stored = archive();
    let bytes = stored.bytes("R7", name).clone();
    *stored.bytes("R7", name) = change(bytes);
    let findings = verify(&stored, shelf(), &program()).findings;
    let of_file = |finding: &&Finding| finding.place.as_ref().unwrap().file == format!("R7/{name}");
    let named: Vec<&Finding> = findings.iter().filter(of_file).collect();
    assert_eq!(named.len(), 1, "{findings:?}");
    match &named[0].kind {
        FindingKind::Archive(ArchiveRule::ArchivedFileChanged { cause, .. }) => *cause,
        other => panic!("{other:?}"),
    }
}

/// The parts of a workbook, changed and packed anew.
fn repacked(workbook: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(9));
    for at in (0..archive.len()).rev() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut xml = String::new();
        part.read_to_string(&mut xml).unwrap();
        writer.start_file(&name, options).unwrap();
        writer.write_all(change(&name, xml).as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Line ends, marks, zips: a document server changes bytes, not figures.
#[test]
fn a_file_that_says_the_same_in_other_bytes_is_told_so() {
    let text = |change: fn(String) -> String| {
        move |bytes: Vec<u8>| change(String::from_utf8(bytes).unwrap()).into_bytes()
    };
    let line_ends = cause(DATA, text(|text| text.replace("\r\n", "\n"))).unwrap();
    assert!(line_ends.contains("改行の記号だけ"), "{line_ends}");
    let mark = cause(DATA, text(|text| text.replace('\u{FEFF}', ""))).unwrap();
    assert!(mark.contains("BOM"), "{mark}");
    for name in [MASTER, SETTINGS, TEMPLATE] {
        let line_ends = cause(name, text(|text| text.replace('\n', "\r\n"))).unwrap();
        assert!(line_ends.contains("改行"), "{name}: {line_ends}");
    }
    // A spreadsheet quotes only what has to be.
    let fields = cause(DATA, |bytes| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice()).records() {
            writer.write_record(&record.unwrap()).unwrap();
        }
        writer.into_inner().unwrap()
    })
    .unwrap();
    assert!(fields.contains("どのセルの値も同じ"), "{fields}");
    assert_eq!(cause(DATA, text(|text| text.replace('1', "2"))), None);

    let packed = cause(WORKBOOK, |bytes| repacked(&bytes, |_, xml| xml)).unwrap();
    assert!(packed.contains("圧縮のしかた"), "{packed}");
    // Another program writes styles and coordinates of its own.
    let styled = |bytes: Vec<u8>| repacked(&bytes, |_, xml| xml.replace(" s=\"", " x=\"1\" s=\""));
    let saved = cause(WORKBOOK, styled).unwrap();
    assert!(saved.contains("どのシートのどのセルの値も表示も同じ"), "{saved}");
    let typed = |bytes: Vec<u8>| {
        repacked(&bytes, |name, xml| match name {
            "xl/sharedStrings.xml" => xml.replace("見守り", "見張り"),
            _ => xml,
        })
    };
    assert_eq!(cause(WORKBOOK, typed), None);
    let figure = |bytes: Vec<u8>| repacked(&bytes, |_, xml| xml.replacen("<v>0.", "<v>1.", 1));
    assert_eq!(cause(WORKBOOK, figure), None);
    assert_eq!(cause(WORKBOOK, |_| b"PK".to_vec()), None);

    // A PDF that another program wrote anew: the same objects in another file.
    let pages = cause(PDF, |bytes| {
        let mut pdf = lopdf::Document::load_mem(&bytes).unwrap();
        pdf.renumber_objects();
        let mut out = Vec::new();
        pdf.save_to(&mut out).unwrap();
        out
    });
    assert!(pages.unwrap().contains("どのページも同じ"));
    assert_eq!(cause(PDF, |_| bundle_with_other_pages()), None);
}

/// A figure can be forged without touching its number: what is seen counts, and a file
/// whose figures look otherwise is never said to be the same.
#[test]
fn a_workbook_that_shows_another_figure_has_no_such_cause() {
    let part = |of: &'static str, change: fn(String) -> String| {
        move |bytes: Vec<u8>| repacked(&bytes, |name, xml| if name == of { change(xml) } else { xml })
    };
    let styles = |change| cause(WORKBOOK, part("xl/styles.xml", change));
    let sheet = |change| cause(WORKBOOK, part("xl/worksheets/sheet2.xml", change));
    let same = "どのシートのどのセルの値も表示も同じ";
    // Another code for the same text.
    let alike = styles(|xml| xml.replace("#,##0&quot;人&quot;", "#,##0\\人"));
    assert!(alike.unwrap().contains(same));
    let padded = styles(|xml| {
        xml.replacen("<cellXfs", "<cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs", 1)
    });
    assert!(padded.unwrap().contains(same));
    for change in [
        (|xml| xml.replace("#,##0&quot;人&quot;", "&quot;1,999人&quot;")) as fn(String) -> String,
        |xml| xml.replace("#,##0&quot;人&quot;", "#,##0,&quot;人&quot;"),
        |xml| xml.replace("#,##0&quot;人&quot;", "#,##0&quot;件&quot;"),
        |xml| xml.replace("#,##0&quot;人&quot;", ";;;"),
        |xml| xml.replace("formatCode=\"0.0%\"", "formatCode=\"0%\""),
        |xml| xml.replace("numFmtId=\"0\"", "numFmtId=\"164\""),
    ] {
        assert_eq!(styles(change), None);
    }
    for change in [
        (|xml| xml.replacen("<row ", "<row hidden=\"1\" ", 1)) as fn(String) -> String,
        |xml| xml.replacen("<col ", "<col hidden=\"true\" ", 1),
        |xml| xml.replacen("</sheetData>", "</sheetData><conditionalFormatting sqref=\"A1\"/>", 1),
        |xml| xml.replacen("</sheetData>", "</sheetData><drawing r:id=\"rId1\"/>", 1),
    ] {
        assert_eq!(sheet(change), None);
    }
    let hidden = |bytes: Vec<u8>| {
        repacked(&bytes, |name, xml| match name {
            "xl/workbook.xml" => xml.replacen("<sheet ", "<sheet state=\"hidden\" ", 1),
            _ => xml,
        })
    };
    assert_eq!(cause(WORKBOOK, hidden), None);
}

/// A record whose line ends were converted is refused, and the cause is named.
#[test]
fn a_record_in_another_form_is_told_so() {
    let mut stored = archive();
    let manifest = String::from_utf8(stored.bytes("R8", MANIFEST).clone()).unwrap();
    for (form, cause) in [
        (manifest.replace('\n', "\r\n"), Some("改行の記号だけ")),
        (format!("\u{FEFF}{manifest}"), Some("BOM")),
        (manifest.trim_end().to_owned(), Some("改行の記号だけ")),
        (manifest.replace("  ", " "), None),
        (manifest.replace("\"pages\": ", "\"pages\": 1").replace('\n', "\r\n"), Some("改行の記号だけ")),
    ] {
        *stored.bytes("R8", MANIFEST) = form.into_bytes();
        let findings = verify(&stored, shelf(), &program()).findings;
        let named = findings.iter().find(|finding| finding.code() == "E704").unwrap().message();
        assert!(cause.is_none_or(|cause| named.contains(cause)), "{named}");
        assert!(cause.is_some() || named.contains("書き換えられた"), "{named}");
    }
}

/// What the bundle carries as it was recorded is not called wrong for what lies beside it.
#[test]
fn the_bundle_is_told_from_what_lies_beside_it() {
    let mut stored = archive();
    stored.bytes("R8", MASTER).push(b'!');
    let findings = verify(&stored, shelf(), &program()).findings;
    let said = findings.iter().find(|finding| finding.code() == "E709").unwrap().message();
    assert!(said.contains("中の「master.csv」は保存したときのままで、隣にあるファイルが違います"), "{said}");
}

/// The original is at hand in the bundle too, when the sources themselves are changed.
#[test]
fn the_bundle_tells_what_became_of_a_master_that_was_saved_again() {
    let mut stored = archive();
    let text = String::from_utf8(stored.bytes("R8", MASTER).clone()).unwrap();
    let commas = text.lines().map(|line| format!("{line},")).collect::<Vec<_>>().join("\r\n");
    *stored.bytes("R8", MASTER) = commas.into_bytes();
    let findings = verify(&stored, shelf(), &program()).findings;
    let changed = findings.iter().find(|finding| finding.code() == "E702").unwrap();
    assert!(
        changed.help().starts_with("どのセルの値も同じで、CSVの書き方だけが違います"),
        "{}",
        changed.help()
    );
}

/// The checksums and the note of the newest edition are texts like the record.
#[test]
fn checksums_and_the_note_in_another_form_are_told_so() {
    type Form = fn(&str) -> String;
    let forms: [(Form, Option<&str>); 5] = [
        (|text| text.replace('\n', "\r\n"), Some("改行の記号だけ")),
        (|text| text.trim_end().to_owned(), Some("改行の記号だけ")),
        (|text| format!("\u{FEFF}{text}"), Some("BOM")),
        (|text| format!("\u{FEFF}{}", text.replace('\n', "\r\n")), Some("だけが違います")),
        (|text| text.replace("  ", "   "), None),
    ];
    let said_of = |stored: &Stored, file: &str| {
        let findings = verify(stored, shelf(), &program()).findings;
        assert!(findings.iter().all(|finding| finding.place.as_ref().unwrap().file == file), "{findings:?}");
        let first = findings.iter().next().unwrap();
        (first.code(), first.message(), first.help(), findings.len())
    };
    for (form, expected) in forms {
        let mut stored = archive();
        let text = String::from_utf8(stored.bytes("R8", CHECKSUMS).clone()).unwrap();
        *stored.bytes("R8", CHECKSUMS) = form(&text).into_bytes();
        let (code, message, help, count) = said_of(&stored, "R8/checksums.sha256");
        assert_eq!(code, "E710");
        match expected {
            Some(cause) => {
                assert_eq!(
                    (message.as_str(), count),
                    ("checksums.sha256 の書き方が、保存したときと違います", 1)
                );
                assert!(help.contains(cause) && help.contains("控え（バックアップ）から戻して"), "{help}");
            }
            None => {
                assert!(message.contains("の記録と違います") && !help.contains("だけが違います"), "{help}")
            }
        }

        let mut stored = archive();
        let text = String::from_utf8(stored.latest.clone().unwrap()).unwrap();
        stored.latest = Some(form(&text).into_bytes());
        let (code, message, help, count) = said_of(&stored, "latest.json");
        assert_eq!((code, count), ("E713", 1));
        assert_eq!(message, "latest.json が、作ったときのままではありません");
        assert_eq!(expected.is_some(), help.contains("だけが違います"), "{help}");
        assert!(expected.is_none_or(|cause| help.contains(cause)), "{help}");

        // And what it says is still heard.
        if expected.is_some() {
            stored.folders.retain(|folder| folder.name != "R8");
            let findings = verify(&stored, shelf(), &program()).findings;
            let codes: Vec<_> = findings.iter().map(Finding::code).collect();
            assert_eq!(codes, ["E713", "E711"]);
        }
    }
    // A file that differs too is named as before, whatever became of the line ends.
    let mut stored = archive();
    let text = String::from_utf8(stored.bytes("R8", CHECKSUMS).clone()).unwrap().replace('\n', "\r\n");
    *stored.bytes("R8", CHECKSUMS) = text.into_bytes();
    stored.bytes("R8", BUNDLE).push(b'\n');
    let (_, message, ..) = said_of_checksums(&stored);
    assert_eq!(message, format!("「{BUNDLE}」が、checksums.sha256 の記録と違います"));
}

/// What is said of the checksums of R8: code, message, help.
fn said_of_checksums(stored: &Stored) -> (&'static str, String, String) {
    let findings = verify(stored, shelf(), &program()).findings;
    let of_checksums = |finding: &&Finding| finding.place.as_ref().unwrap().file == format!("R8/{CHECKSUMS}");
    let finding = findings.iter().find(of_checksums).unwrap();
    (finding.code(), finding.message(), finding.help())
}

/// A bundle that another program wrote anew says what it said: as of the document, so of
/// the bundle, though only the checksums vouch for it.
#[test]
fn a_bundle_that_was_saved_again_is_told_so() {
    let saved = |change: fn(&mut lopdf::Document)| {
        let mut stored = archive();
        let mut pdf = lopdf::Document::load_mem(stored.bytes("R8", BUNDLE)).unwrap();
        change(&mut pdf);
        let mut out = Vec::new();
        pdf.save_to(&mut out).unwrap();
        *stored.bytes("R8", BUNDLE) = out;
        stored
    };
    for change in
        [lopdf::Document::renumber_objects as fn(&mut lopdf::Document), lopdf::Document::compress, |pdf| {
            drop(pdf.prune_objects())
        }]
    {
        let stored = saved(change);
        let findings = verify(&stored, shelf(), &program()).findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        let (code, message, help) = said_of_checksums(&stored);
        assert_eq!((code, message), ("E710", format!("「{BUNDLE}」が、checksums.sha256 の記録と違います")));
        assert!(help.contains("どのページも同じです"), "{help}");
    }
    // Other pages, another file within, or junk: no such cause, and other findings beside.
    let rotated = saved(|pdf| {
        let page = pdf.get_pages()[&1];
        pdf.get_object_mut(page).unwrap().as_dict_mut().unwrap().set("Rotate", 180);
    });
    let mut other_pages = archive();
    *other_pages.bytes("R8", BUNDLE) = bundle_with_other_pages();
    let other_file = saved(|pdf| {
        let is_file = |object: &lopdf::Object| {
            object.as_stream().is_ok_and(|stream| {
                stream
                    .dict
                    .get(b"Type")
                    .and_then(|kind| kind.as_name())
                    .is_ok_and(|name| name == b"EmbeddedFile")
            })
        };
        let file = pdf.objects.values_mut().find(|object| is_file(object)).unwrap();
        file.as_stream_mut().unwrap().set_plain_content(b"other".to_vec());
    });
    let mut junk = archive();
    junk.bytes("R8", BUNDLE).truncate(5_000);
    for stored in [rotated, other_pages, other_file, junk] {
        let (_, _, help) = said_of_checksums(&stored);
        assert!(!help.contains("どのページも同じです"), "{help}");
    }
}
