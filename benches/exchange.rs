//! How long it takes to ask 21 departments, and to read their answers.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

fn main() {
    divan::main();
}

/// The sample plan with its projects shared out among 21 departments, in a folder.
fn plan() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let master = std::fs::read_to_string("data/nemuro/master.csv").unwrap();
    let mut projects = 0;
    let shared: Vec<String> = master
        .split_inclusive('\n')
        .map(|line| {
            let mut cells: Vec<&str> = line.splitn(6, ',').collect();
            let name = format!("第{}課", projects % 20);
            if cells[0] == "事業" && cells.len() > 5 {
                projects += 1;
                cells[4] = &name;
            }
            cells.join(",")
        })
        .collect();
    std::fs::write(folder.path().join("master.csv"), shared.concat()).unwrap();
    std::fs::copy("data/nemuro/plan.toml", folder.path().join("plan.toml")).unwrap();
    folder
}

fn run(arguments: &[&str], plan: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_jisseki"))
        .args(arguments)
        .current_dir(plan)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

/// The whole command: from the start of the program to the last file.
#[divan::bench]
fn distribute_to_21_departments(bencher: divan::Bencher<'_, '_>) {
    let plan = plan();
    let distribute =
        || run(&["distribute", ".", "--year", "R5", "--due", "2026-05-29", "--out", "forms"], plan.path());
    distribute();
    let made = std::fs::read_dir(plan.path().join("forms")).unwrap().count();
    assert_eq!(made, 21 + 2, "the forms and two lists");
    bencher.bench_local(distribute);
}

#[divan::bench]
fn collect_21_returns(bencher: divan::Bencher<'_, '_>) {
    let plan = plan();
    run(&["distribute", ".", "--year", "R5", "--due", "2026-05-29", "--out", "forms"], plan.path());
    bencher.bench_local(|| run(&["collect", ".", "forms"], plan.path()));
}
