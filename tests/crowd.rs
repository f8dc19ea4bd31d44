//! Several at once on one plan: nothing is lost, and who comes second is told.
//!
//! `JISSEKI_ROUNDS=300 cargo test --test crowd` tries each more often.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const FISHERY: &str = "数字で回答.xlsx";
const FARMING: &str = "農林課の回答.xlsx";

fn rounds() -> u64 {
    std::env::var("JISSEKI_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10)
}

/// A plan's folder of its own.
fn plan() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["plan.toml", "master.csv"] {
        fs::copy(Path::new("tests/returns/plan").join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn start(command: &str, plan: &Path, arguments: &[&str]) -> Child {
    let mut run = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    run.arg(command).arg(plan).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    run.spawn().unwrap()
}

fn collect(plan: &Path, file: &str) -> Child {
    let file = Path::new("tests/returns/files").join(file);
    let out = plan.join("out");
    start("collect", plan, &[file.to_str().unwrap(), "--out", out.to_str().unwrap()])
}

fn ended(child: Child) -> (bool, String) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    assert!(matches!(status.code(), Some(0..=2)), "{status:?}");
    let said = String::from_utf8_lossy(&stderr).into_owned() + &String::from_utf8_lossy(&stdout);
    // Nobody stops a run here, and nobody is told so.
    assert!(!said.contains("途中で止まった"), "{said}");
    (status.success(), said)
}

fn told_who_has_it(said: &str) -> bool {
    said.contains("別の実行が使用中です（jisseki ") && said.contains("、プロセス ")
}

fn master(plan: &Path) -> String {
    fs::read_to_string(plan.join("master.csv")).unwrap()
}

/// The masters that were kept.
fn backups(plan: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(plan.join("backup")).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .collect()
}

/// What one run alone gives: the lines it changes in the master.
fn lines_of(file: &str) -> Vec<String> {
    let plan = plan();
    let before = master(plan.path());
    assert!(ended(collect(plan.path(), file)).0);
    let after = master(plan.path());
    let changed: Vec<String> = after
        .lines()
        .zip(before.lines())
        .filter(|(new, old)| new != old)
        .map(|(new, _)| new.to_owned())
        .collect();
    assert!(!changed.is_empty());
    changed
}

fn has_all(master: &str, lines: &[String]) -> bool {
    lines.iter().all(|line| master.lines().any(|of| of == line))
}

#[test]
fn of_two_collects_none_loses_its_answers() {
    let (fishery, farming) = (lines_of(FISHERY), lines_of(FARMING));
    let mut waited = 0;
    for round in 0..rounds() {
        let plan = plan();
        let first = collect(plan.path(), FISHERY);
        std::thread::sleep(Duration::from_micros(round % 20 * 700));
        let second = collect(plan.path(), FARMING);
        let runs = [(ended(first), &fishery, FISHERY), (ended(second), &farming, FARMING)];
        for ((done, said), lines, file) in &runs {
            if *done {
                assert!(has_all(&master(plan.path()), lines), "{file} was lost");
            } else {
                assert!(told_who_has_it(said), "{said}");
                waited += 1;
                assert!(ended(collect(plan.path(), file)).0);
            }
        }
        assert!(has_all(&master(plan.path()), &fishery) && has_all(&master(plan.path()), &farming));
        assert_eq!(backups(plan.path()).len(), 2);
        assert!(!plan.path().join(".jisseki.lock").exists());
    }
    println!("{waited} of {} came second and were told", rounds());
}

#[test]
fn two_archives_make_one_chain() {
    for round in 0..rounds() / 3 + 1 {
        let plan = plan();
        let first = start("archive", plan.path(), &["--year", "R4"]);
        std::thread::sleep(Duration::from_micros(round % 20 * 1_500));
        let second = start("archive", plan.path(), &["--year", "R3"]);
        let runs = [(ended(first), "R4"), (ended(second), "R3")];
        for ((done, said), year) in &runs {
            if !done {
                assert!(told_who_has_it(said), "{said}");
                assert!(ended(start("archive", plan.path(), &["--year", year])).0);
            }
        }
        let (sound, said) = ended(
            Command::new(env!("CARGO_BIN_EXE_jisseki"))
                .args(["archive", "verify"])
                .arg(plan.path())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        );
        assert!(sound, "{said}");
        assert!(plan.path().join("archive/R3").is_dir() && plan.path().join("archive/R4").is_dir());
    }
}

#[test]
fn an_archive_beside_a_collect_keeps_one_master_whole() {
    let fishery = lines_of(FISHERY);
    for round in 0..rounds() / 3 + 1 {
        let plan = plan();
        let old = master(plan.path());
        let archive = start("archive", plan.path(), &["--year", "R4"]);
        std::thread::sleep(Duration::from_micros(round % 20 * 1_500));
        let collecting = collect(plan.path(), FISHERY);
        let (archive, collecting) = (ended(archive), ended(collecting));
        assert!(archive.0 || told_who_has_it(&archive.1), "{}", archive.1);
        assert!(collecting.0 || told_who_has_it(&collecting.1), "{}", collecting.1);
        assert_eq!(collecting.0, has_all(&master(plan.path()), &fishery));
        if archive.0 {
            let kept = fs::read_to_string(plan.path().join("archive/R4/master.csv")).unwrap();
            assert!(kept == old || kept == master(plan.path()));
        }
    }
}

/// Saves again as long as Windows refuses, which it does while the file is open elsewhere.
fn insisting(save: impl Fn() -> std::io::Result<()>) {
    let is_saved = |_| save().inspect_err(|_| std::thread::sleep(Duration::from_millis(5))).is_ok();
    let tries = if cfg!(windows) { 400 } else { 1 };
    assert!((0..tries).any(is_saved));
}

/// Another program saves the master while it is being replaced, over the file or in its
/// place. What it saved is in the master or in a backup afterwards.
#[test]
fn what_another_program_saves_meanwhile_is_kept() {
    for round in 0..rounds() {
        let plan = plan();
        let path = plan.path().join("master.csv");
        let edited = master(plan.path()).replace("\r\n", "\n") + "\n";
        let run = collect(plan.path(), FISHERY);
        std::thread::sleep(Duration::from_micros(round % 40 * 1_100));
        if round % 2 == 0 {
            insisting(|| fs::write(&path, &edited));
        } else {
            let beside = plan.path().join("~saved.csv");
            fs::write(&beside, &edited).unwrap();
            insisting(|| fs::rename(&beside, &path));
        }
        let (done, said) = ended(run);
        let kept = backups(plan.path());
        let is_kept = kept.iter().any(|path| fs::read_to_string(path).unwrap() == edited);
        assert!(is_kept || master(plan.path()) == edited, "round {round}: {said}");
        assert!(done || said.contains("書き換えられました") || said.contains("エラー"), "{said}");
    }
}
