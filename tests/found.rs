//! Returned files on which a library once stumbled, found by fuzzing: each ends in a
//! finding in Japanese, and nothing else is said.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn what_the_fuzzer_found_is_a_damaged_file_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["plan.toml", "master.csv"] {
        fs::copy(Path::new("data/nemuro").join(name), folder.path().join(name)).unwrap();
    }
    for entry in fs::read_dir("tests/found").unwrap() {
        let path = entry.unwrap().path();
        let run = Command::new(env!("CARGO_BIN_EXE_jisseki"))
            .args(["collect", "--year", "R5", "--dry-run", "--out"])
            .arg(folder.path().join("out"))
            .arg(folder.path())
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(1), "{}: {said}", path.display());
        assert!(said.starts_with("エラー E403: ファイルが壊れていて開けません"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}
