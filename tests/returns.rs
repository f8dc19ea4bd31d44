//! What comes back from departments, and what becomes of it.
//!
//! The workbooks in `tests/returns/files` were made from forms really sent out, by
//! openpyxl and LibreOffice (`tests/returns/make.py`): each is one thing a clerk does
//! to a form. The snapshot says for each what is taken over and what is asked.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use jisseki::exchange::returned::{self, Read, Returned};
use jisseki::exchange::{self, Outcome, Request};
use jisseki::finding::Findings;
use jisseki::master;
use jisseki::plan::FiscalYear;
use jisseki::settings::Settings;

const MASTER: &str = include_str!("returns/plan/master.csv");
const SETTINGS: &str = include_str!("returns/plan/plan.toml");

/// A run over some files.
#[derive(Default)]
struct Case<'a> {
    name: &'a str,
    files: &'a [&'a str],
    year: Option<i32>,
    accept_revisions: bool,
    /// What stands in the master now in place of what stood there.
    master: &'a [(&'a str, &'a str)],
    plan: &'a [(&'a str, &'a str)],
}

fn read(files: &[&str]) -> (Vec<Returned>, Findings) {
    let (mut forms, mut findings) = (Vec::new(), Findings::new());
    for file in files {
        let bytes = std::fs::read(Path::new("tests/returns/files").join(file)).unwrap();
        let (read, found) = returned::read(&bytes, file);
        findings.append(found);
        if let Read::Form(form) = read {
            forms.push(*form);
        }
    }
    (forms, findings)
}

fn collected(case: &Case<'_>) -> (Outcome, Vec<u8>) {
    let replaced = |text: &str, changes: &[(&str, &str)]| {
        changes.iter().fold(text.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        })
    };
    let settings = Settings::read(replaced(SETTINGS, case.plan).as_bytes(), "plan.toml").unwrap();
    let bytes = replaced(MASTER, case.master).into_bytes();
    let (master, findings) = master::read(&bytes, "master.csv", &settings);
    assert!(!findings.has_errors());
    let master = master.unwrap();
    let (forms, findings) = read(case.files);
    let returns: Vec<_> = forms.into_iter().map(|form| (form, None)).collect();
    let request = Request {
        master: &master,
        settings: &settings,
        year: case.year.map(FiscalYear::starting),
        accept_revisions: case.accept_revisions,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    let mut outcome = exchange::collect(request, &returns);
    let mut all = findings;
    all.append(std::mem::take(&mut outcome.findings));
    outcome.findings = all;
    let written =
        if outcome.findings.has_errors() { bytes } else { master.source.rewrite(&outcome.edits()).unwrap() };
    (outcome, written)
}

fn shown(case: &Case<'_>) -> String {
    let (outcome, _) = collected(case);
    let mut text = String::new();
    writeln!(text, "■ {}", case.name).unwrap();
    for change in &outcome.changes {
        let (kind, remark) = (change.kind.name(), &change.remark);
        writeln!(
            text,
            "  {kind} {} {}「{}」→「{}」 {remark}",
            change.id, change.year, change.old, change.new
        )
        .unwrap();
    }
    for finding in &outcome.findings {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        writeln!(text, "  {} {}\n       {place}", finding.code(), finding.message()).unwrap();
    }
    for writing in &outcome.writings {
        let place = writing.place.cell().unwrap_or_default();
        let said = writing.text.replace('\n', "⏎");
        writeln!(text, "  〔{}〕{} {} {said}", writing.kind, writing.id, place).unwrap();
    }
    let asked: Vec<String> = outcome
        .departments
        .iter()
        .filter(|entry| !entry.files.is_empty())
        .map(|entry| {
            format!(
                "{} {} 回答{}/{} 未回答{} 確認{} {}",
                entry.department,
                entry.status.name(),
                entry.answered,
                entry.asked,
                entry.open,
                entry.queries,
                entry.clerk
            )
        })
        .collect();
    writeln!(text, "  変更なし{} ／ {}", outcome.unchanged, asked.join("、").trim_end()).unwrap();
    text
}

/// Every file by itself.
#[test]
fn every_odd_return_is_understood_or_asked_about() {
    let mut names: Vec<String> = std::fs::read_dir("tests/returns/files")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 30);
    let texts: Vec<String> =
        names.iter().map(|name| shown(&Case { name, files: &[name], ..Case::default() })).collect();
    insta::assert_snapshot!("returns", texts.join("\n"));
}

/// Several files, or a master that is no longer what it was.
#[test]
fn returns_are_compared_with_each_other_and_with_the_master() {
    let answered = "数字で回答.xlsx";
    let fry = "\"2,207千尾\",,,";
    let cases = [
        Case {
            name: "共管の2課が同じ回答",
            files: &["農林課の回答.xlsx", "農業委員会の同じ回答.xlsx"],
            ..Case::default()
        },
        Case {
            name: "共管の2課が違う回答",
            files: &["農林課の回答.xlsx", "農業委員会の違う回答.xlsx"],
            ..Case::default()
        },
        Case {
            name: "1課から2つのファイル", files: &[answered, "文字で回答.xlsx"], ..Case::default()
        },
        Case {
            name: "空のままのファイルと回答", files: &["空白だけ.xlsx", answered], ..Case::default()
        },
        Case {
            name: "過年度の訂正を認める",
            files: &["過年度を書き換えた.xlsx"],
            accept_revisions: true,
            ..Case::default()
        },
        Case {
            name: "過年度を消すことは認めない",
            files: &["過年度を消した.xlsx"],
            accept_revisions: true,
            ..Case::default()
        },
        Case {
            name: "マスタが配布の後に変わった",
            files: &[answered],
            master: &[(fry, "\"2,207千尾\",\"2,250千尾\",,")],
            ..Case::default()
        },
        Case {
            name: "マスタがもう同じ値になっている",
            files: &[answered],
            master: &[(fry, "\"2,207千尾\",\"2,300千尾\",,")],
            ..Case::default()
        },
        Case {
            name: "回答のない項目のマスタが変わった",
            files: &["シート名の変更.xlsx"],
            master: &[(fry, "\"2,207千尾\",\"2,250千尾\",,")],
            ..Case::default()
        },
        Case {
            name: "別の計画", files: &[answered], plan: &[("試験計画", "次期計画")], ..Case::default()
        },
        Case { name: "別の年度", files: &[answered], year: Some(2024), ..Case::default() },
        Case { name: "マスタにない年度", files: &[answered], year: Some(2030), ..Case::default() },
        Case {
            name: "マスタから消えた項目に回答",
            files: &[answered],
            master: &[("P001-1,", "P001-9,")],
            ..Case::default()
        },
        Case {
            name: "マスタから消えた項目が空欄",
            files: &["空白だけ.xlsx"],
            master: &[("P001-1,", "P001-9,")],
            ..Case::default()
        },
    ];
    insta::assert_snapshot!("compared", cases.iter().map(shown).collect::<Vec<_>>().join("\n"));
}

/// 2度取り込んでも、2度目は何も変わらない。
#[test]
fn collecting_twice_changes_nothing_the_second_time() {
    let files = ["数字で回答.xlsx", "マイナスのある項目.xlsx", "農林課の回答.xlsx"];
    let case = Case { files: &files, ..Case::default() };
    let (outcome, once) = collected(&case);
    assert_eq!((outcome.changes.len(), outcome.queries.len()), (9, 0));
    let (again, _) = {
        let settings = Settings::read(SETTINGS.as_bytes(), "plan.toml").unwrap();
        let master = master::read(&once, "master.csv", &settings).0.unwrap();
        let returns: Vec<_> = read(&files).0.into_iter().map(|form| (form, None)).collect();
        let today = "2026-05-20".parse().unwrap();
        let request = Request {
            master: &master,
            settings: &settings,
            year: None,
            accept_revisions: false,
            revised: &[],
            left_out: &[],
            today,
        };
        (exchange::collect(request, &returns), ())
    };
    assert!(again.changes.is_empty() && again.findings.is_empty());
    assert_eq!(again.unchanged, 10);
}

/// Only what changes is different: the rest of the master is byte for byte the same.
#[test]
fn the_master_changes_only_where_it_was_answered() {
    let (_, written) = collected(&Case { files: &["数字で回答.xlsx"], ..Case::default() });
    let written = String::from_utf8(written).unwrap();
    let changed: BTreeMap<&str, &str> =
        MASTER.lines().zip(written.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(changed.len(), 7);
    assert_eq!(
        changed["事業量,P001-2,,来場者数,,,,,,,,\"延べ49,381人\",\"延べ48,005人\",,,"],
        "事業量,P001-2,,来場者数,,,,,,,,\"延べ49,381人\",\"延べ48,005人\",\"延べ47,000人\",,"
    );
    assert_eq!(
        changed["事業量,P001-3,,生残率,,,,,,,,60.0%,70.0%,,,"],
        "事業量,P001-3,,生残率,,,,,,,,60.0%,70.0%,72.0%,,"
    );
}
