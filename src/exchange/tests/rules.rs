//! The rules of files and of single answers.

use super::*;
use crate::exchange::key::KEY_MARK;
use crate::finding::{ExchangeRule, FindingKind};

/// E401 回答のブックにパスワードが付いている。
#[test]
fn e401_encrypted_workbook() {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(512, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&bytes), ["E401 パスワードが付いているため、開けません"]);
}

/// E402 回答のブックが大きすぎるか、展開すると極端に大きくなる。
#[test]
fn e402_oversized_workbook() {
    let bytes = vec![b'P'; crate::workbook::LARGEST_FILE + 1];
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

/// E405 読み取れない形式のブックである。
#[test]
fn e405_unsupported_workbook() {
    let bytes = package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"")]);
    assert_eq!(refused(&bytes), ["E405 Excelバイナリブック（.xlsb）は読み取れません"]);
}

/// E406 記入票ではない（行の識別番号が1つもない）。
#[test]
fn e406_not_a_form() {
    let mut book = rust_xlsx(|_| {});
    assert_eq!(refused(&book), ["E406 記入票ではありません（行の識別番号が1つもありません）"]);
    book.truncate(book.len() / 2);
    assert_eq!(refused(&book), ["E403 ファイルが壊れていて開けません"]);
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
    returned.rows[0].input.content = Some(text("7"));
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
    one.rows[0].input.content = Some(text("6"));
    other.rows[0].input.content = Some(text("7件"));
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
    returned.rows[1].input.content = Some(text("6件"));
    let found = said(&collected(&master, vec![returned]).findings);
    assert_eq!(found[0], "E411 ID「P9」の項目は、マスタにありません（回答「6件」）");
}

/// E412 行の識別番号が書き換えられている。
#[test]
fn e412_broken_key() {
    let bytes = rust_xlsx(|cells| drop(cells.insert("A2", format!("{KEY_MARK}row;P1"))));
    let (_, findings) = returned::read(&bytes, "回答.xlsx");
    assert_eq!(said(&findings), ["E412 行の識別番号が書き換えられています"]);
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
    let rule = ExchangeRule::NothingToAsk { name: "水産科".into(), nearest: Some("水産課".into()) };
    let kind = FindingKind::from(rule);
    assert_eq!(kind.message(), "担当課「水産科」に照会する項目はありません");
    assert!(kind.help().starts_with("「水産課」の間違いではありませんか。"));
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
    assert_eq!(
        asked("5件", text("12,34")),
        ["W402 R5：回答「12,34」は桁区切りのカンマの位置が正しくありません"]
    );
    assert_eq!(asked("5件", text("1\n9")), ["W402 R5：回答「1（改行）9」は数値の途中に改行があります"]);
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
    assert_eq!(asked("5件", text("5人")), ["W406 R5：回答「5人」の単位「人」が、従来の「件」と違います"]);
    assert_eq!(
        asked("5.5", text("5人")),
        ["W406 R5：回答「5人」の単位「人」が、従来の「（単位なし）」と違います"]
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
    returned.rows[0].input.content = Some(number(16.0));
    returned.rows[0].remark = "補助を広げた".into();
    returned.rows[1].input.content = Some(number(15.0));
    returned.rows[2].input.content = Some(number(0.0));
    returned.rows[3].input.content = Some(number(1.0));
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
    returned.rows[0].past[0].1.content = Some(number(3.0));
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
    returned.rows[0].input.content = None;
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

/// W415 識別番号のない行に記入がある。
#[test]
fn w415_answer_without_key() {
    let bytes = std::fs::read("tests/returns/files/鍵を消した.xlsx").unwrap();
    let (_, findings) = returned::read(&bytes, "回答.xlsx");
    assert_eq!(said(&findings), ["W415 識別番号のない行に「2,300千尾」と記入されています"]);
}
