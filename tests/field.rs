//! What happened in the field to forms of the real plan, and what must come of each.
//!
//! The files in `tests/field` imitate what bug reports and municipal pages show. They
//! are forms as the first version sent them out: their keys say less than today's.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use jisseki::exchange::returned::{self, Read};
use jisseki::exchange::{self, Outcome, Request, Status};
use jisseki::master;
use jisseki::settings::Settings;

fn collected(file: &str) -> Outcome {
    let settings = Settings::read(&fs::read("data/nemuro/plan.toml").unwrap(), "plan.toml").unwrap();
    let bytes = fs::read("data/nemuro/master.csv").unwrap();
    let (master, findings) = master::read(&bytes, "master.csv", &settings);
    assert!(!findings.has_errors());
    let (read, findings) = returned::read(&fs::read(Path::new("tests/field").join(file)).unwrap(), file);
    assert!(findings.is_empty(), "{findings:?}");
    let Read::Form(form) = read else { panic!("{file}") };
    let request = Request {
        master: &master.unwrap(),
        settings: &settings,
        year: None,
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today: "2026-12-01".parse().unwrap(),
    };
    exchange::collect(request, &[(*form, None)])
}

/// The findings and the changes, and nothing else.
fn expect(file: &str, findings: &[&str], changes: &[&str]) -> Outcome {
    let outcome = collected(file);
    let found: Vec<String> =
        outcome.findings.iter().map(|one| format!("{} {}", one.code(), one.message())).collect();
    assert_eq!(found, findings, "{file}");
    let changed: Vec<String> =
        outcome.changes.iter().map(|change| format!("{} {}", change.id, change.new)).collect();
    assert_eq!(changed, changes, "{file}");
    outcome
}

#[test]
fn a_rate_by_formula_is_asked_about_with_the_figure_that_shows() {
    let told = "W421 R5：シートには「62.4%」と表示されていますが、セルの値は「62.4324324324324%」です";
    let outcome = expect("01_percent_formula.xlsx", &[told], &[]);
    assert!(outcome.queries[0].help.starts_with("表示のとおりの「62.4%」でよいか"));
}

#[test]
fn thousands_that_are_only_shown_are_asked_about() {
    let told = "W421 R5：シートには「38,123」と表示されていますが、セルの値は「38123456」です";
    expect("03_thousands_format.xlsx", &[told], &[]);
}

#[test]
fn a_unit_that_is_only_shown_is_a_unit() {
    let told = "W406 R5：回答「23件」の単位「件」が、従来の「人」と違います";
    expect("04_literal_unit_other.xlsx", &[told], &[]);
}

#[test]
fn a_struck_answer_is_asked_about() {
    expect("05_strike.xlsx", &["W424 R5：回答「23人」に取り消し線が引かれています"], &[]);
}

#[test]
fn notes_on_cells_are_quoted() {
    let told = [
        "W429 セルのメモに「25人です（速報）」とあります",
        "W429 セルのメモに「暫定値。6月に確定」とあります",
    ];
    let outcome = expect("06_comment.xlsx", &told, &[]);
    let quoted: Vec<&str> = outcome.writings.iter().map(|writing| writing.text.as_str()).collect();
    assert_eq!(quoted, ["暫定値。6月に確定", "25人です（速報）"]);
}

#[test]
fn a_remark_alone_is_a_word_of_the_department() {
    let told = [
        "W428 記入欄は空ですが、備考に「25人」とあります",
        "W428 記入欄は空ですが、備考に「6月に県が公表するまで数値なし」とあります",
    ];
    let outcome = expect("07_remark_only.xlsx", &told, &[]);
    let entry = outcome.departments.iter().find(|entry| !entry.files.is_empty()).unwrap();
    assert_eq!(entry.status, Status::Partly);
}

#[test]
fn rows_sorted_beside_their_keys_give_nothing() {
    let (pupils, children) = ("生徒のICT機器使用頻度（週1回以上）", "児童のICT機器使用頻度（週1回以上）");
    let told = |shown: &str, key: &str, answer: &str| {
        format!("W416 この行の項目は「{shown}」ですが、識別番号では「{key}」です（回答「{answer}」）")
    };
    let told = [told(pupils, children, "88%"), told(children, pupils, "97%")];
    let outcome = expect("09b_sort_silent.xlsx", &[&told[0], &told[1]], &[]);
    assert!(outcome.queries[0].help.contains("の回答かもしれません"));
}

#[test]
fn an_empty_result_of_a_formula_is_an_empty_cell() {
    let outcome = expect("13_if_empty.xlsx", &[], &[]);
    assert!(outcome.queries.is_empty());
}

#[test]
fn two_lines_are_no_number() {
    expect("25_two_lines.xlsx", &["W402 R5：回答「2（改行）3」は数値の途中に改行があります"], &[]);
}

#[test]
fn a_copied_row_stops_no_other() {
    let told =
        "W416 この行の項目は「うち新規」ですが、識別番号では「根室なでしこバンク登録者数」です（回答「5」）";
    expect("32_copied_row.xlsx", &[told], &["P013-2 23人"]);
}
