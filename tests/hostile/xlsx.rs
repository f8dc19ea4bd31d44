//! .xlsx: what a few kilobytes can ask for. Each kind is one way of growing; the budget of
//! a file knows none of them by name.

use std::fmt::Write as _;

use crate::books::{package, sheet, workbook};
use crate::run::{collected, ended};

fn given(name: &str) -> Vec<u8> {
    std::fs::read(crate::run::root().join("tests/attacks").join(name)).unwrap()
}

/// Files that were made by others.
#[test]
fn given_files_end_in_a_message() {
    for (name, expected) in [
        ("shared-si.xlsx", ""),
        ("strings-amplified.xlsx", "E402"),
        ("longkeys20k.xlsx", "E402"),
        ("numfmt-60000xf.xlsx", "E406"),
        ("same-sheet-199.xlsx", "E402"),
    ] {
        collected(name, &given(name), expected);
    }
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A list of what a part refers to.
fn relationships(all: impl IntoIterator<Item = (String, &'static str, String)>) -> Vec<u8> {
    let mut text = String::from("<Relationships>");
    for (id, kind, target) in all {
        let _ = write!(text, "<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    }
    (text + "</Relationships>").into_bytes()
}

/// A row's key with this check at its end; `parts` stand behind the mark.
fn key(parts: &str) -> String {
    use sha2::Digest;
    let body = format!("jisseki;{parts}");
    let check: String = sha2::Sha256::digest(&body)[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{body};{check}")
}

fn text_cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A form of so many rows: each its key, and its answer beside.
fn form(count: usize, key: impl Fn(usize) -> String, answer: &str) -> String {
    let mut rows = format!(
        "<row r=\"1\">{}{}</row>",
        text_cell("J1", "@jisseki:input"),
        text_cell("K1", "@jisseki:remark")
    );
    for at in 2..count + 2 {
        let _ = write!(rows, "<row r=\"{at}\">{}{answer}</row>", text_cell(&format!("A{at}"), &key(at)));
    }
    rows
}

fn fishery(at: usize) -> String {
    key(&format!("1;row;plan;R5;2026-05-29;水産課;P{at};項目;;R4;5人"))
}

/// Cells, texts, formats, styles: each asked for again and again.
#[test]
fn what_cells_ask_for_again_and_again_is_paid_for() {
    let row = |cells: &str| sheet(&format!("<row>{cells}</row>"));
    let long = format!("<sst><si><t>{}</t></si></sst>", "あ".repeat(100_000));
    let struck = format!(
        "<sst><si><r><rPr><strike/></rPr><t>x</t></r><r><t>{}</t></r></si></sst>",
        "い".repeat(100_000)
    );
    let formats: String = (0..50_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "<numFmt numFmtId=\"{}\" formatCode=\"0.{:0>200}\"/>", at + 200, at);
        text
    });
    let xfs: String = (0..50_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "<xf numFmtId=\"{}\"/>", at + 200);
        text
    });
    let styles = format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>");
    let each: String = (0..50_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "<c s=\"{at}\"><v>1</v></c>");
        text
    });
    let wide = |code: &str| {
        format!(
            "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{code}\"/></numFmts>\
             <cellXfs><xf numFmtId=\"200\"/></cellXfs></styleSheet>"
        )
    };
    let unit = wide(&format!("0&quot;{}&quot;", "人".repeat(240)));
    let places = wide(&"0".repeat(250));
    let text = wide(&format!("@&quot;{}&quot;", "様".repeat(240)));
    let numbers = "<c><v>1</v></c>".repeat(120_000);
    let letters = "<c t=\"str\"><v>1</v></c>".repeat(100_000);
    let formula = format!("<c><f t=\"shared\" si=\"0\" ref=\"A1:A2\">{}</f></c>", "A1+".repeat(100_000));
    let shared = formula + &"<c><f t=\"shared\" si=\"0\"/></c>".repeat(100_000);
    for (name, bytes, expected) in [
        (
            "one-text-in-each-cell.xlsx",
            workbook(
                &row(&"<c t=\"s\"><v>0</v></c>".repeat(250_000)),
                &[("xl/sharedStrings.xml", long.as_bytes())],
            ),
            "E402",
        ),
        (
            "one-struck-text-in-each-cell.xlsx",
            workbook(
                &row(&"<c t=\"s\"><v>0</v></c>".repeat(250_000)),
                &[("xl/sharedStrings.xml", struck.as_bytes())],
            ),
            "E402",
        ),
        (
            "a-format-for-each-cell.xlsx",
            workbook(&row(&each), &[("xl/styles.xml", styles.as_bytes())]),
            "E402",
        ),
        (
            "a-long-unit-in-each-cell.xlsx",
            workbook(&row(&numbers), &[("xl/styles.xml", unit.as_bytes())]),
            "E402",
        ),
        (
            "many-places-in-each-cell.xlsx",
            workbook(&row(&numbers.replace(">1<", ">1e300<")), &[("xl/styles.xml", places.as_bytes())]),
            "E402",
        ),
        (
            "a-long-ending-in-each-cell.xlsx",
            workbook(&row(&letters), &[("xl/styles.xml", text.as_bytes())]),
            "E402",
        ),
        ("many-cells.xlsx", workbook(&row(&numbers), &[]), "E406"),
        ("a-long-formula-shared.xlsx", workbook(&row(&shared), &[]), "E406"),
        ("a-string-that-is-not-there.xlsx", workbook(&row("<c t=\"s\"><v>4000000000</v></c>"), &[]), "E403"),
    ] {
        collected(name, &bytes, expected);
    }
}

/// Parts: named again and again, or deep, or not what they claim to be.
#[test]
fn parts_that_are_named_again_and_again_are_paid_for() {
    let small = sheet("<row><c><v>1</v></c></row>");
    let chart = format!("<c><p><t>{}</t></p></c>", "図".repeat(1_000_000));
    let comment = "<comment ref=\"A1\"><text><t>暫定</t></text></comment>";
    let comments = format!("<comments><commentList>{}</commentList></comments>", comment.repeat(90_000));
    let many = |kind: &'static str, count: usize| {
        relationships((0..count).map(|at| (format!("r{at}"), kind, "../part.xml".to_owned())))
    };
    let drawing = relationships([("r1".to_owned(), "drawing", "../drawings/d.xml".to_owned())]);
    let charts = relationships((0..5_000).map(|at| (format!("r{at}"), "chart", "../part.xml".to_owned())));
    let rels = "xl/worksheets/_rels/sheet1.xml.rels";
    let same = |count: usize| {
        let tabs: String = (0..count).map(|at| format!("<sheet name=\"S{at}\" r:id=\"r1\"/>")).collect();
        format!("<workbook xmlns:r=\"{OFFICE}\"><sheets>{tabs}</sheets></workbook>").into_bytes()
    };
    let merged: String = (0..90_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "<mergeCell ref=\"A{}:XFD{}\"/>", at + 1, at + 1);
        text
    });
    let merged = format!(
        "<worksheet><sheetData>{}</sheetData><mergeCells>{merged}</mergeCells></worksheet>",
        form(4_000, fishery, "<c t=\"str\"><v>5</v></c>")
    );
    let properties: String = (0..100_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, "<property name=\"n{at}\"><v>{at}</v></property>");
        text
    });
    let attributes: String = (0..200_000).map(|at| format!(" a{at}=\"\"")).collect();
    let margins = "<oddFooter>暫定1</oddFooter>".repeat(100_000);
    let margins = format!(
        "<worksheet><sheetData>{}</sheetData><headerFooter>{margins}</headerFooter></worksheet>",
        form(4_900, |at| key(&format!("1;row;plan;R5;2026-05-29;課{at};P{at};項目;")), "")
    );
    let hidden = sheet(&"<row hidden=\"1\"/>".repeat(400_000));
    let names: Vec<String> = (0..15).map(|at| format!("xl/c{at}.xml")).collect();
    let refers = relationships(names.iter().map(|name| (name.clone(), "comments", format!("/{name}"))));
    let mut fifteen: Vec<(&str, &[u8])> = vec![(rels, &refers)];
    fifteen.extend(names.iter().map(|name| (name.as_str(), comments.as_bytes())));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "comments-again.xlsx",
            workbook(&small, &[(rels, &many("comments", 20_000)), ("xl/part.xml", comments.as_bytes())]),
            "E402",
        ),
        ("fifteen-parts-of-comments.xlsx", workbook(&small, &fifteen), "E402"),
        (
            "old-drawings-again.xlsx",
            workbook(&small, &[(rels, &many("vmlDrawing", 90_000)), ("xl/part.xml", b"<xml/>")]),
            "",
        ),
        (
            "one-chart-again.xlsx",
            workbook(
                &small,
                &[
                    (rels, &drawing),
                    ("xl/drawings/_rels/d.xml.rels", &charts),
                    ("xl/drawings/d.xml", b"<d/>"),
                    ("xl/part.xml", chart.as_bytes()),
                ],
            ),
            "E406",
        ),
        (
            "many-comments.xlsx",
            workbook(&small, &[(rels, &many("comments", 1)), ("xl/part.xml", comments.as_bytes())]),
            "E406",
        ),
        (
            "deep-drawing.xlsx",
            workbook(
                &small,
                &[(rels, &many("drawing", 1)), ("xl/part.xml", "<t>".repeat(2_500_000).as_bytes())],
            ),
            "E406",
        ),
        (
            "one-sheet-200-times.xlsx",
            workbook(&sheet(&"<row><c><f>1</f></c></row>".repeat(1_400)), &[("xl/workbook.xml", &same(200))]),
            "",
        ),
        ("one-sheet-4000-times.xlsx", workbook(&small, &[("xl/workbook.xml", &same(4_000))]), ""),
        ("wide-joined-cells.xlsx", workbook(&merged.into_bytes(), &[]), ""),
        (
            "many-properties.xlsx",
            workbook(
                &small,
                &[("docProps/custom.xml", format!("<Properties>{properties}</Properties>").as_bytes())],
            ),
            "",
        ),
        (
            "many-attributes.xlsx",
            workbook(&sheet(&format!("<row><c{attributes}><v>1</v></c></row>")), &[]),
            "E406",
        ),
        ("many-margins.xlsx", workbook(&margins.into_bytes(), &[]), ""),
        ("hidden-rows.xlsx", workbook(&hidden, &[]), "E406"),
        (
            "wide-letters.xlsx",
            workbook(
                &"\u{FEFF}<worksheet><sheetData><row/></sheetData></worksheet>"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
                &[],
            ),
            "E406",
        ),
        ("cut-in-the-middle.xlsx", workbook(b"<worksheet><sheetData><row><c><v>1</v></c>", &[]), "E403"),
        ("no-workbook.xlsx", package(&[("[Content_Types].xml", b"<Types/>")]), "E403"),
    ];
    for (name, bytes, expected) in cases {
        collected(name, &bytes, expected);
    }
}

/// Rows: many, long, joined, each of another department, each under a head of its own.
#[test]
fn rows_that_ask_for_much_are_paid_for() {
    let plain = "<c t=\"str\"><v>5</v></c>";
    let years: String = (0..5_000).map(|_| "R3;a;").collect();
    let many_years =
        key(&format!("1;row;計画;R5;2026-05-29;水産課;P1;項目;;{}", years.trim_end_matches(';')));
    let some_years: String = (1..=90).map(|at| format!("R{at};a;")).collect();
    let some_years = |at: usize| {
        key(&format!("1;row;p;R99;2026-05-29;水産課;P{at};項目;;{}", some_years.trim_end_matches(';')))
    };
    let heads: String = (1..=90).fold(String::new(), |mut text, at| {
        let column = if at < 17 {
            char::from(b'J' + at as u8).to_string()
        } else {
            format!("{}{}", char::from(b'A' + (at / 26) as u8), char::from(b'A' + (at % 26) as u8))
        };
        let _ = write!(text, "{}", text_cell(&format!("{column}1"), &format!("@jisseki:R{at}")));
        text
    });
    let long = "長".repeat(30_000);
    let remark = format!(
        "<worksheet><sheetData>{}</sheetData><mergeCells><mergeCell ref=\"K2:K5000\"/></mergeCells></worksheet>",
        form(4_900, fishery, "").replacen(
            "</row><row r=\"3\">",
            &format!("{}</row><row r=\"3\">", text_cell("K2", &long)),
            1
        )
    );
    let lists: String = (0..200).fold(String::new(), |mut text, at| {
        let values: String = (0..4_000).map(|of| format!("{:08x}", at * 4_000 + of)).collect();
        let _ = write!(
            text,
            "<row>{}</row>",
            text_cell(&format!("B{}", at + 1), &format!("jisseki-texts;1;f;{values}"))
        );
        text
    });
    let broken = |at: usize| format!("jisseki;1;row;{at};;;;;;;{}", "x".repeat(200));
    for (name, rows, expected) in [
        ("many-rows.xlsx", form(20_000, fishery, plain), "E402"),
        ("as-many-rows-as-may-be.xlsx", form(4_900, fishery, plain), ""),
        (
            "each-of-another-department.xlsx",
            form(4_900, |at| key(&format!("1;row;plan;R5;2026-05-29;課{at};P{at};項目;")), plain),
            "",
        ),
        ("many-years.xlsx", form(200, |_| many_years.clone(), plain), ""),
        (
            "some-years.xlsx",
            form(4_900, some_years, plain).replacen("<row r=\"1\">", &format!("<row r=\"1\">{heads}"), 1),
            "E402",
        ),
        ("broken-keys.xlsx", form(30_000, broken, plain), "E412"),
        ("texts-of-its-own.xlsx", form(100, fishery, plain) + &lists, ""),
        (
            "answers-without-keys.xlsx",
            form(10, fishery, plain)
                + &(12..100_000).fold(String::new(), |mut text, at| {
                    let _ = write!(text, "<row r=\"{at}\"><c r=\"J{at}\"><v>1</v></c></row>");
                    text
                }),
            "",
        ),
        (
            "long-answers.xlsx",
            form(100, fishery, &format!("<c t=\"str\"><v>{}</v></c>", "五".repeat(6_000))),
            "",
        ),
    ] {
        collected(name, &workbook(&sheet(&rows), &[]), expected);
    }
    collected("joined-remark.xlsx", &workbook(remark.as_bytes(), &[]), "E402");
}

/// What no cell of the report holds is cut, and stops nothing.
#[test]
fn a_report_is_written_whatever_departments_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan");
    std::fs::create_dir(&plan).unwrap();
    let root = crate::run::root();
    for name in ["plan.toml", "master.csv"] {
        std::fs::copy(root.join("tests/returns/plan").join(name), plan.join(name)).unwrap();
    }
    let returns = folder.path().join("returns");
    std::fs::create_dir(&returns).unwrap();
    let long = "長".repeat(300_000);
    let rows = form(3, fishery, &text_cell("J3", &long))
        + &format!("<row r=\"90\">{}{}</row>", text_cell("B90", &long), text_cell("K90", "暫定"));
    std::fs::write(returns.join("長い.xlsx"), workbook(&sheet(&rows), &[])).unwrap();
    let answered = std::fs::read(root.join("tests/returns/files/数字で回答.xlsx")).unwrap();
    for at in 0..300 {
        std::fs::write(returns.join(format!("{}{at}.xlsx", "と".repeat(70))), &answered).unwrap();
    }
    let ended = ended("report", folder.path(), &["collect", "plan", "returns", "--out", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.said);
    assert!(folder.path().join("out/照会結果.xlsx").is_file(), "{}", ended.said);
}

/// Number formats that say more than they are: of a text, of a day, of nothing.
#[test]
fn formats_do_not_multiply() {
    let styled = |code: &str| {
        format!(
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"{code}\"/></numFmts>\
             <cellXfs><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
        )
    };
    let long = format!("<row><c t=\"str\" s=\"0\"><v>{}</v></c></row>", "あ".repeat(200_000));
    let days: String = "<c s=\"0\"><v>1e308</v></c>".repeat(16_000);
    let days = format!("<row>{days}</row>").repeat(18);
    for (name, code, rows, expected) in [
        ("texts-in-a-text.xlsx", "@".repeat(100_000), &long, "E406"),
        ("texts-within-255.xlsx", "@".repeat(200), &long, "E406"),
        ("days-beyond-days.xlsx", "yyyy".to_owned(), &days, "E402"),
        ("hours.xlsx", "[h]:mm:ss".to_owned(), &days, "E402"),
        ("sections.xlsx", ";".repeat(7_000_000), &long, "E406"),
    ] {
        let bytes = workbook(&sheet(rows), &[("xl/styles.xml", styled(&code).as_bytes())]);
        collected(name, &bytes, expected);
    }
}

/// Several together: each is kept until the end, so none may take the room of the others.
#[test]
fn many_large_forms_leave_room_for_each_other() {
    let key = |at: usize| key(&format!("1;row;plan;R5;2026-05-29;課{at};P{at};項目;"));
    let bytes = workbook(&sheet(&form(4_900, key, &text_cell("J2", &"あ".repeat(60)))), &[]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("r")).unwrap();
    for at in 0..20 {
        std::fs::write(folder.path().join(format!("r/{at}.xlsx")), &bytes).unwrap();
    }
    let plan = crate::run::root().join("tests/returns/plan");
    let ended = ended("many forms", folder.path(), &["collect", plan.to_str().unwrap(), "r", "--dry-run"]);
    assert!(ended.said.contains("エラー E402") && ended.said.contains("エラー 20 件"), "{}", ended.said);
}
