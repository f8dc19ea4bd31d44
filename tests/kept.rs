//! An archive as a version of this program made it (`tests/kept/計画`) stays readable: it can be
//! listed, verified, extracted and compared with, whatever this program has become since.
//!
//! `UPDATE_KEPT=1 cargo test --test kept` makes it anew. Once a version is released, what it
//! has written is no longer made anew, but kept beside what later versions write.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use jisseki::app::archive::{add, extract, list, verify};
use jisseki::app::{diff, init};
use jisseki::archive::{Figures, Remade};
use jisseki::plan::FiscalYear;

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/計画");
const BUNDLE: &str = "見本町総合戦略_保存用_R6.pdf";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Makes the archive: the documents of the example, kept with a bundle and then corrected.
fn record(plan: &Path) {
    let _ = fs::remove_dir_all(plan);
    let new = plan.to_path_buf();
    init::run(&init::Request { new, from: None, years: Vec::new() }).unwrap();
    let edition = add::Request {
        plan: plan.to_path_buf(),
        template: None,
        year: FiscalYear::parse("R6"),
        date: Some(day("2026-06-10")),
        today: day("2026-06-10"),
        revise: None,
        bundle: true,
        follow_links: false,
    };
    add::run(&edition, &()).unwrap();
    let master = plan.join("master.csv");
    fs::write(&master, fs::read_to_string(&master).unwrap().replace("17.6%", "17.7%")).unwrap();
    let (revise, date) = (Some("転記の誤り".to_owned()), Some(day("2026-07-01")));
    add::run(&add::Request { revise, date, bundle: false, ..edition }, &()).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

#[test]
fn what_was_kept_stays_readable() {
    if std::env::var_os("UPDATE_KEPT").is_some() {
        record(Path::new(KEPT));
    }
    assert!(Path::new(KEPT).is_dir(), "{KEPT} is not recorded: UPDATE_KEPT=1 cargo test --test kept");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    copy(Path::new(KEPT), &at("計画"));

    let listed = list::run(&list::Request { plan: at("計画") }).unwrap();
    assert!(listed.findings.is_empty(), "{:?}", listed.findings);
    let documents: Vec<Vec<&str>> = listed
        .editions
        .iter()
        .map(|one| one.edition.documents.iter().map(|document| document.name.as_str()).collect())
        .collect();
    assert_eq!(
        documents,
        [["実績一覧", "KPI評価一覧", "KPI評価シート", "事務事業評価シート", "交付金事業の検証"]; 2]
    );

    // A later version may draw otherwise, and says so; the figures it reads are the same.
    let expect = Some(listed.editions[1].sha256.clone());
    let report = verify::run(&verify::Request { plan: at("計画"), expect }, &()).unwrap();
    assert!(!report.findings.has_errors(), "{:?}", report.findings);
    for one in &report.editions {
        assert!(matches!(one.remade, Remade::Same | Remade::OtherVersion), "{one:?}");
        assert_eq!(one.figures, Figures::Same);
    }

    let (file, out) = (at("計画/archive/R6").join(BUNDLE), Some(at("中")));
    assert_eq!(extract::run(&extract::Request { file: file.clone(), out }).unwrap().files.len(), 19);
    for old in [file, at("計画/archive/R6")] {
        let out = Some(at("正誤表.pdf"));
        let (year, date, today) = (None, None, day("2026-07-02"));
        let request = diff::Request { old, new: at("計画/archive/R6-2"), out, year, date, today };
        let report = diff::run(&request, &()).unwrap();
        assert_eq!((report.changes.len(), report.files.len()), (1, 1));
    }
}
