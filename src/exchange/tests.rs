//! The rules of returned workbooks, one test a rule, and the laws of the exchange.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::returned::{Asked, Cell, Number, Percent, Read, Returned, ReturnedRow};
use super::*;
use crate::finding::{FindingKind, Findings, Place};
use crate::master::{self, Column, Master};
use crate::plan::{FiscalYear, Value, Vocabulary};
use crate::settings::Settings;

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
        input: Asked { cell: cell(&row.current), place: place(at + 10) },
        remark: String::new(),
        past: row
            .past
            .iter()
            .map(|(year, value)| (*year, Asked { cell: cell(value), place: place(at + 10) }))
            .collect(),
    };
    let rows = form.rows.iter().enumerate().map(row).collect();
    Returned { file: "回答.xlsx".into(), key: Some(FileKey::of(form)), clerk: String::new(), rows }
}

fn collected(master: &Master, returns: Vec<Returned>) -> Outcome {
    let request = Request {
        master,
        settings: &settings(),
        year: None,
        accept_revisions: false,
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
    returned.rows[0].input.cell = Some(cell);
    let outcome = collected(&master, vec![returned]);
    assert!(outcome.changes.is_empty(), "{:?}", outcome.changes);
    said(&outcome.findings)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(value: f64) -> Cell {
    Cell::Number(Number { value, percent: Percent::No, dated: false })
}

/// What is said of a file that is only these bytes.
fn refused(bytes: &[u8]) -> Vec<String> {
    let (read, findings) = returned::read(bytes, "回答.xlsx");
    assert!(matches!(read, Read::Nothing));
    said(&findings)
}

// ── The rules ─────────────────────────────────────────────────────────────────

/// E401 回答のブックにパスワードが付いている。
#[test]
fn e401_encrypted_workbook() {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(512, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&bytes), ["E401 パスワードが付いているため、開けません"]);
}

/// E402 回答のブックが大きすぎるか、開くと膨らむ作りになっている。
#[test]
fn e402_oversized_workbook() {
    let bytes = vec![b'P'; returned::LARGEST_FILE + 1];
    assert_eq!(
        refused(&bytes),
        ["E402 回答のブックとしては大きすぎるため、開きません（ファイルの大きさが20MBを超えています）"]
    );
}

/// E403 回答のブックが壊れている。
#[test]
fn e403_damaged_workbook() {
    assert_eq!(refused(b"PK\x03\x04junk"), ["E403 ファイルが壊れていて開けません"]);
}

/// E404 Excelなどのブックではない。
#[test]
fn e404_not_a_workbook() {
    assert_eq!(refused(b"%PDF-1.7"), ["E404 回答のブックではありません（Excelのブックではありません）"]);
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

/// E405 読み取れない形式のブックである。
#[test]
fn e405_unsupported_workbook() {
    let bytes = package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"")]);
    assert_eq!(refused(&bytes), ["E405 Excelバイナリブック（.xlsb）は読み取れません"]);
}

/// E406 記入票ではない（照会の鍵が1つもない）。
#[test]
fn e406_not_a_form() {
    let mut book = rust_xlsx(|_| {});
    assert_eq!(refused(&book), ["E406 記入票ではありません（行を見分ける鍵が1つもありません）"]);
    book.truncate(book.len() / 2);
    assert_eq!(refused(&book), ["E403 ファイルが壊れていて開けません"]);
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

/// E407 別の計画の記入票である。
#[test]
fn e407_form_of_other_plan() {
    let master = master_of("P1-1,件数,,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].key.plan = "次期計画".into();
    assert_eq!(said(&collected(&master, vec![returned]).findings), ["E407 別の計画（次期計画）の記入票です"]);
}

/// E408 別の年度の記入票である。
#[test]
fn e408_form_of_other_year() {
    let master = master_of("P1-1,件数,,5件,\nP1-2,件数,,5件,");
    let form = &sent(&master)[0];
    let (mut other, plain) = (came_back(form), came_back(form));
    other.rows.iter_mut().for_each(|row| row.key.year = FiscalYear::starting(2022));
    other.file = "昨年.xlsx".into();
    let found = said(&collected(&master, vec![plain.clone(), other, plain]).findings);
    assert_eq!(found, ["E408 令和4年度の記入票です（集計しているのは令和5年度）"]);
}

/// E409 配布した後にマスタが変わり、回答とも違う。
#[test]
fn e409_master_changed() {
    let master = master_of("P1-1,件数,,5件,6件");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].key.base = String::new();
    returned.rows[0].input.cell = Some(text("7"));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["E409 R5：配布の後にマスタが「（空欄）」から「6件」に変わっていて、回答「7件」と違います"]
    );
    assert!(outcome.edits().is_empty());
}

/// E410 同じ項目への2つの回答が違う。
#[test]
fn e410_answers_differ() {
    let master = master_of("P1-1,件数,,5件,");
    let form = &sent(&master)[0];
    let (mut one, mut other) = (came_back(form), came_back(form));
    one.rows[0].input.cell = Some(text("6"));
    other.rows[0].input.cell = Some(text("7件"));
    let outcome = collected(&master, vec![one, other]);
    let expected = "E410 R5：同じ項目への回答が違います（「7件」と、回答.xlsx シート「記入票」 J列（セル J10）の「6件」）";
    assert_eq!(said(&outcome.findings), [expected]);
    assert!(outcome.edits().is_empty());
}

/// E411 計画にない項目への回答である。
#[test]
fn e411_answer_to_unknown_row() {
    let master = master_of("P1-1,件数,,5件,\nP1-2,件数,,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[1].key.id = "P9".into();
    returned.rows[1].input.cell = Some(text("6件"));
    let found = said(&collected(&master, vec![returned]).findings);
    assert_eq!(found[0], "E411 ID「P9」の項目は、マスタにありません（回答「6件」）");
}

/// E412 行を見分ける鍵が書き換えられている。
#[test]
fn e412_broken_key() {
    let bytes = rust_xlsx(|cells| drop(cells.insert("A2", format!("{KEY_MARK}row;P1"))));
    let (_, findings) = returned::read(&bytes, "回答.xlsx");
    assert_eq!(said(&findings), ["E412 行を見分ける鍵が書き換えられています"]);
}

/// E413 行の中のどこが記入欄か分からない。
#[test]
fn e413_input_not_found() {
    let master = master_of("P1-1,件数,,5件,");
    let form = &sent(&master)[0];
    let key = RowKey::of(form, &form.rows[0]).to_text();
    let bytes = rust_xlsx(|cells| drop(cells.insert("A2", key)));
    let (_, findings) = returned::read(&bytes, "回答.xlsx");
    assert_eq!(said(&findings), ["E413 この行の記入欄がどの列か分かりません"]);
}

/// E414 マスタに年度の列がない。
#[test]
fn e414_year_not_in_master() {
    let master = master_of("P1-1,件数,,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].key.year = FiscalYear::starting(2030);
    let found = said(&collected(&master, vec![returned]).findings);
    assert_eq!(found, ["E414 マスタに令和12年度の列がありません"]);
}

/// E415 指定した担当課に、照会する項目がない。
#[test]
fn e415_nothing_to_ask() {
    let kind = FindingKind::NothingToAsk { name: "水産科".into(), nearest: Some("水産課".into()) };
    assert_eq!(kind.to_string(), "担当課「水産科」に照会する項目はありません");
    assert!(kind.help().starts_with("「水産課」の間違いではありませんか。"));
}

/// E416 作ろうとしたファイルが、もう記入されている。
#[test]
fn e416_form_already_filled() {
    let master = master_of("P1-1,件数,,5件,\nP1-2,件数,,5件,6件");
    let mut returned = came_back(&sent(&master)[0]);
    assert_eq!(returned.touched(&Vocabulary::default()), 0);
    returned.rows[0].input.cell = Some(number(6.0));
    returned.rows[1].remark = "確認中".into();
    assert_eq!(returned.touched(&Vocabulary::default()), 2);
    let kind = FindingKind::FormAlreadyFilled { count: 2 };
    assert_eq!(kind.to_string(), "もう記入されている票があるため、作り直しません（2件の記入）");
}

/// W401 回答が日付になっている。
#[test]
fn w401_answer_is_date() {
    assert_eq!(
        asked("5件", Cell::Date("2026/5/3".into())),
        ["W401 R5：回答が日付（2026/5/3）になっています"]
    );
    assert_eq!(asked("5件", number(45049.0)), ["W401 R5：回答が日付（45049）になっています"]);
    assert_eq!(asked("5件", text("5/3")), ["W401 R5：回答が日付（5/3）になっています"]);
}

/// W402 回答を読み取れない。
#[test]
fn w402_answer_not_understood() {
    assert_eq!(asked("5件", text("たくさん")), ["W402 R5：回答「たくさん」は数値として読めません"]);
    assert_eq!(asked("5件", Cell::Logical(true)), ["W402 R5：回答「TRUE」は数値として読めません"]);
}

/// W403 回答のセルが数式のエラーになっている。
#[test]
fn w403_answer_is_error() {
    let expected = ["W403 R5：回答のセルがエラー（#REF!）になっています"];
    assert_eq!(asked("5件", Cell::Error("#REF!".into())), expected);
    assert_eq!(asked("5件", text("#REF!")), expected);
}

/// W404 回答の数式が計算されないまま保存されている。
#[test]
fn w404_answer_not_calculated() {
    assert_eq!(
        asked("5件", Cell::NotCalculated),
        ["W404 R5：回答の数式が、計算されないまま保存されています"]
    );
}

/// W405 割合の回答が、どの大きさを指すか分からない。
#[test]
fn w405_ambiguous_percent() {
    assert_eq!(asked("50.0%", number(0.5)), ["W405 R5：割合の回答「0.5」が何％を指すか分かりません"]);
}

/// W406 回答の単位が、その項目の単位と違う。
#[test]
fn w406_answer_unit_differs() {
    assert_eq!(asked("5件", text("5人")), ["W406 R5：回答「5人」の単位「人」が、いつもの「件」と違います"]);
    assert_eq!(
        asked("5.5", text("5人")),
        ["W406 R5：回答「5人」の単位「人」が、いつもの「（単位なし）」と違います"]
    );
}

/// W407 単位のない回答で、その項目の単位が分からない。
#[test]
fn w407_answer_without_unit() {
    assert_eq!(asked("", number(5.0)), ["W407 R5：回答「5」の単位が分かりません"]);
}

/// W408 前年度から50％を超えて変わったのに、理由が書かれていない。
#[test]
fn w408_large_change() {
    let expected =
        ["W408 R5：前年度の「10件」から「16件」へ50％を超えて変わっていますが、理由が書かれていません"];
    assert_eq!(asked("10件", number(16.0)), expected);
    let master = master_of("P1-1,件数,,10件,\nP1-2,件数,,10件,\nP1-3,件数,,0件,\nP1-4,件数,,0件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.cell = Some(number(16.0));
    returned.rows[0].remark = "補助を広げた".into();
    returned.rows[1].input.cell = Some(number(15.0));
    returned.rows[2].input.cell = Some(number(0.0));
    returned.rows[3].input.cell = Some(number(1.0));
    let outcome = collected(&master, vec![returned]);
    let changed: Vec<&str> = outcome.changes.iter().map(|change| change.new.as_str()).collect();
    assert_eq!(
        changed,
        ["16件", "15件", "0件"],
        "exactly half is no large change; from nothing, anything is"
    );
    assert_eq!(outcome.queries.len(), 1);
}

/// W409 過年度の実績が書き換えられている。
#[test]
fn w409_past_revised() {
    let master = master_of("P1-1,件数,4件,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].past[0].1.cell = Some(number(3.0));
    let outcome = collected(&master, vec![returned]);
    assert_eq!(
        said(&outcome.findings),
        ["W409 過年度（R3）の実績が「4件」から「3件」に書き換えられています"]
    );
    assert!(outcome.changes.is_empty());
}

/// W410 記入票にあった行がなくなっている。
#[test]
fn w410_rows_missing() {
    let master = master_of("P1-1,件数,,5件,\nP1-2,件数,,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows.remove(0);
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W410 1件の行がありません（水産課）"]);
}

/// W411 配布した時に入っていた実績が消されている。
#[test]
fn w411_answer_erased() {
    let master = master_of("P1-1,件数,,5件,6件");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[0].input.cell = None;
    let outcome = collected(&master, vec![returned]);
    assert_eq!(said(&outcome.findings), ["W411 R5：配布した時に入っていた「6件」が消されています"]);
}

/// W412 マイナスの回答である。
#[test]
fn w412_negative_answer() {
    assert_eq!(asked("5件", number(-4.0)), ["W412 R5：回答「-4件」がマイナスです"]);
}

/// W413 正確に読み取れない数値である。
#[test]
fn w413_inexact_answer() {
    assert_eq!(
        asked("5件", number(f64::INFINITY)),
        ["W413 R5：回答「inf」は桁が多すぎて正確に読み取れません"]
    );
}

/// W414 マスタにない項目の行が、空欄のまま残っている。
#[test]
fn w414_unknown_row() {
    let master = master_of("P1-1,件数,,5件,\nP1-2,件数,,5件,");
    let mut returned = came_back(&sent(&master)[0]);
    returned.rows[1].key.id = "P9".into();
    let found = said(&collected(&master, vec![returned]).findings);
    assert_eq!(found[0], "W414 ID「P9」の項目は、マスタにありません");
}

/// W415 鍵のない行に記入がある。
#[test]
fn w415_answer_without_key() {
    let bytes = std::fs::read("tests/returns/files/鍵を消した.xlsx").unwrap();
    let (_, findings) = returned::read(&bytes, "回答.xlsx");
    assert_eq!(said(&findings), ["W415 見分ける鍵のない行に「2300」と記入されています"]);
}

// ── The laws ──────────────────────────────────────────────────────────────────

/// Last year's figure and this year's, printed alike.
fn figures() -> impl Strategy<Value = (String, String)> {
    let unit = prop::sample::select(vec!["人", "%", "億円", "", "千尾"]);
    // Beyond these a whole number may be a date, and a percentage one pasted twice.
    (unit, 0u32..29_000, 0u32..29_000, 0u32..3, prop::bool::ANY).prop_map(
        |(unit, last, answer, scale, prefix)| {
            let most = if unit == "%" { 999 } else { u32::MAX };
            let prefix = if prefix { "延べ" } else { "" };
            let printed = |number: u32| {
                let text = rust_decimal::Decimal::new(i64::from(number.min(most)), scale).to_string();
                let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
                let whole = match whole.len() {
                    length @ 4.. if unit != "%" => {
                        format!("{},{}", &whole[..length - 3], &whole[length - 3..])
                    }
                    _ => whole.to_owned(),
                };
                let point = if fraction.is_empty() { "" } else { "." };
                format!("{prefix}{whole}{point}{fraction}{unit}")
            };
            (printed(last), printed(answer))
        },
    )
}

fn departments() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["水産課", "商工課", "企画課", "", "民間等", "水産課・商工課", "新しい課"])
}

/// A plan: for each project its department, and for each of its indicators last
/// year's figure and the answer to come, typed as a number or as text.
type Planned = Vec<(&'static str, Vec<(Option<(String, String)>, bool)>)>;

fn planned() -> impl Strategy<Value = Planned> {
    let indicator = (prop::option::weighted(0.9, figures()), prop::bool::ANY);
    prop::collection::vec((departments(), prop::collection::vec(indicator, 0..4)), 1..6)
}

fn master_from(plan: &Planned) -> Master {
    let mut text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考\r\n基本目標,G1,1,目標\r\n数値目標,G1-T1,①,割合,,,,,,4年で50%,40%,41%,42%\r\n分野,G1-A,ア,分野\r\n施策,G1-A-1,①,施策\r\n".to_owned();
    for (at, (department, indicators)) in plan.iter().enumerate() {
        text.push_str(&format!("事業,P{at},{at},事業,{department},,,目的,内容\r\n"));
        for (of, (figures, _)) in indicators.iter().enumerate() {
            let last = figures.as_ref().map_or("", |(last, _)| last);
            text.push_str(&format!("事業量,P{at}-{of},,項目,,,,,,,,,\"{last}\",,\r\n"));
        }
    }
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{:?}", said(&findings));
    master.unwrap()
}

/// The form's own workbook, read back.
fn through_the_workbook(form: &Form, master: &Master) -> Returned {
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
    let bytes =
        crate::render::xlsx::form_to_bytes(form, &preview, &Vocabulary::default(), &meta, "BIZ UDゴシック")
            .unwrap();
    let (read, findings) = returned::read(&bytes, "回答.xlsx");
    assert!(findings.is_empty(), "{:?}", said(&findings));
    match read {
        Read::Form(form) => *form,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// 各項目は、1つの課の記入票にだけ入る（連名の課で別々に配るものは、それぞれに入る）。
    #[test]
    fn every_indicator_is_in_exactly_one_form(plan in planned()) {
        let master = master_from(&plan);
        let forms = sent(&master);
        let mut seen: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for form in &forms {
            prop_assert!(!form.rows.is_empty());
            for row in &form.rows {
                seen.entry(row.id.clone()).or_default().push(&form.department);
            }
        }
        prop_assert_eq!(seen.remove("G1-T1"), Some(vec!["企画課"]));
        for (at, (department, indicators)) in plan.iter().enumerate() {
            let expected = match *department {
                "民間等" => None,
                "水産課・商工課" => Some(2),
                _ => Some(1),
            };
            for of in 0..indicators.len() {
                let found = seen.remove(&format!("P{at}-{of}"));
                prop_assert_eq!(found.as_ref().map(Vec::len), expected);
                if expected == Some(1) {
                    let asked = if department.is_empty() { "企画課" } else { department };
                    prop_assert_eq!(found, Some(vec![asked]));
                }
            }
        }
        prop_assert!(seen.is_empty());
    }

    /// 配ったまま何も書かずに集めると、マスタは1バイトも変わらない。
    #[test]
    fn untouched_forms_change_no_byte(plan in planned()) {
        let master = master_from(&plan);
        let returns: Vec<Returned> = sent(&master).iter().map(|form| through_the_workbook(form, &master)).collect();
        let outcome = collected(&master, returns);
        prop_assert!(outcome.findings.is_empty(), "{:?}", said(&outcome.findings));
        let written = master.source.rewrite(&outcome.edits()).unwrap();
        prop_assert_eq!(written.as_slice(), master.source.bytes());
    }

    /// 配り、記入し、集めると、ちょうど記入したとおりのマスタになる。
    #[test]
    fn distribute_fill_collect_gives_the_filled_master(plan in planned()) {
        let master = master_from(&plan);
        let mut filled = Vec::new();
        let mut returns: Vec<Returned> = sent(&master).iter().map(|form| through_the_workbook(form, &master)).collect();
        for row in returns.iter_mut().flat_map(|returned| &mut returned.rows) {
            let Some((project, indicator)) = row.key.id.strip_prefix('P').and_then(|id| id.split_once('-')) else { continue };
            let (_, indicators) = &plan[project.parse::<usize>().unwrap()];
            let (figures, as_number) = &indicators[indicator.parse::<usize>().unwrap()];
            let Some((_, answer)) = figures else { continue };
            let Ok(Value::Quantity(quantity)) = Value::parse(answer, &Vocabulary::default()) else { continue };
            // As a number under the row's own format, or as text the way it is printed.
            row.input.cell = Some(match (as_number, quantity.is_percent()) {
                (true, percent) => {
                    let shift = if percent { rust_decimal::Decimal::ONE_HUNDRED } else { rust_decimal::Decimal::ONE };
                    let value = (quantity.number / shift).to_string().parse().unwrap();
                    let percent = if percent { Percent::Yes } else { Percent::No };
                    Cell::Number(Number { value, percent, dated: false })
                }
                (false, _) => Cell::Text(answer.clone()),
            });
            row.remark = "理由".into();
            let (_, item) = master.plan.indicators().into_iter().find(|(_, item)| item.id == row.key.id).unwrap();
            filled.push((item.row, Column::Actual(r5()), answer.clone()));
        }
        let outcome = collected(&master, returns);
        prop_assert!(outcome.findings.is_empty(), "{:?}", said(&outcome.findings));
        let written = master.source.rewrite(&outcome.edits()).unwrap();
        let expected = master.source.rewrite(&filled).unwrap();
        prop_assert_eq!(String::from_utf8(written.clone()).unwrap(), String::from_utf8(expected).unwrap());
        // And once more changes nothing.
        let (again, _) = master::read(&written, "master.csv", &settings());
        prop_assert!(again.is_some());
    }

    /// Whatever a file holds, reading it ends and never panics.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in 0usize..4) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"PK\x05\x06"];
        let _ = returned::read(&[heads[kind], &bytes].concat(), "回答.xlsx");
    }
}
