//! Forms sent out again: what somebody may have written on is never replaced.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Distributes the plan of the tests into `out`; what was said, and the exit code.
fn distribute(out: &Path, due: &str) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_jisseki"))
        .args(["distribute", "tests/returns/plan", "--year", "R5", "--due", due, "--out"])
        .arg(out)
        .env("SOURCE_DATE_EPOCH", "1770000000")
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    (said, output.status.code())
}

fn listed(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files
        .map(|entry| {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect()
}

const FORM: &str = "R5実績照会_水産課.xlsx";
const BESIDE: &str = "R5実績照会_水産課（2）.xlsx";

#[test]
fn untouched_forms_are_replaced_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(distribute(folder.path(), "2026-05-29").1, Some(0));
    let first = listed(folder.path());
    assert!(first.contains_key(FORM) && first.contains_key("R5_配布一覧.csv"));
    assert_eq!(distribute(folder.path(), "2026-06-30").1, Some(0));
    let second = listed(folder.path());
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    assert!(
        first.iter().filter(|(name, _)| !name.contains("一覧")).all(|(name, bytes)| second[name] != *bytes)
    );
}

/// Each is what may lie in a form's place: filled in, and readable or not.
#[test]
fn w437_whatever_is_not_an_untouched_form_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    distribute(folder.path(), "2026-05-29");
    let form = fs::read(folder.path().join(FORM)).unwrap();
    let mut long = form.clone();
    long.resize(21 << 20, 0);
    let returned = |name: &str| fs::read(Path::new("tests/returns/files").join(name)).unwrap();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("filled in", returned("数字で回答.xlsx")),
        ("only a remark", returned("備考だけ.xlsx")),
        ("a note on a cell", returned("セルのメモ.xlsx")),
        ("only a past figure", returned("記入済みの値を直した.xlsx")),
        ("saved by another program", returned("LibreOfficeで保存.xlsx")),
        ("no workbook", b"memo".to_vec()),
        ("empty", Vec::new()),
        ("cut short", form[..form.len() / 2].to_vec()),
        ("with a password", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 EncryptedPackage".to_vec()),
        ("one byte more", [form.as_slice(), b"\0"].concat()),
        ("one byte before", [b"\0", form.as_slice()].concat()),
        ("larger than is read", long),
    ];
    for (name, bytes) in cases {
        let folder = tempfile::tempdir().unwrap();
        distribute(folder.path(), "2026-05-29");
        let sent = fs::read(folder.path().join(FORM)).unwrap();
        fs::write(folder.path().join(FORM), &bytes).unwrap();
        let (said, code) = distribute(folder.path(), "2026-06-30");
        assert_eq!(code, Some(0), "{name}: {said}");
        let after = listed(folder.path());
        assert!(after[FORM] == bytes, "{name} was replaced");
        assert!(after[BESIDE] != sent && !after[BESIDE].is_empty(), "{name}");
        assert!(said.contains("W437") && said.contains(FORM) && said.contains(BESIDE), "{name}: {said}");
        let list = String::from_utf8_lossy(&after["R5_配布一覧.csv"]).into_owned();
        assert!(list.contains(BESIDE) && !list.contains(&format!("\"{FORM}\"")), "{name}: {list}");
        // The form beside is this program's own, and is replaced the next time.
        distribute(folder.path(), "2026-07-31");
        assert_eq!(listed(folder.path()).len(), after.len(), "{name}");
    }
}

#[test]
fn lists_that_somebody_wrote_on_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    distribute(folder.path(), "2026-05-29");
    let csv = folder.path().join("R5_配布一覧.csv");
    let annotated = [fs::read(&csv).unwrap(), b"\"memo\"\r\n".to_vec()].concat();
    fs::write(&csv, &annotated).unwrap();
    fs::write(folder.path().join("R5_配布一覧.xlsx"), "annotated").unwrap();
    let (said, _) = distribute(folder.path(), "2026-06-30");
    let after = listed(folder.path());
    assert!(after["R5_配布一覧.csv"] == annotated && after["R5_配布一覧.xlsx"] == b"annotated");
    assert!(after.contains_key("R5_配布一覧（2）.csv") && after.contains_key("R5_配布一覧（2）.xlsx"));
    assert_eq!(said.matches("W437").count(), 2, "{said}");
}

/// A folder or a link in a form's place is neither written into nor followed.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(FORM)).unwrap();
    fs::create_dir(folder.path().join("R5実績照会_商工課.xlsx")).unwrap();
    let (said, code) = distribute(folder.path(), "2026-05-29");
    assert_eq!(code, Some(0), "{said}");
    assert!(fs::symlink_metadata(folder.path().join(FORM)).unwrap().is_symlink());
    assert_eq!(fs::read(elsewhere.path()).unwrap(), b"");
    assert!(folder.path().join(BESIDE).is_file());
    assert!(folder.path().join("R5実績照会_商工課（2）.xlsx").is_file());
}
