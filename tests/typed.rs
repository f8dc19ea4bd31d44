//! Commands as people type them, on Windows above all, and where the answers go.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const PLAN: &str = "tests/returns/plan";
const RETURNS: &str = "tests/returns/files";
/// How UTF-8 begins where it is marked.
const MARK: &[u8] = b"\xEF\xBB\xBF";

fn jisseki() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// What was said on both streams, and the exit code.
fn said(output: &Output) -> (String, i32) {
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    (said + &String::from_utf8(output.stderr.clone()).unwrap(), output.status.code().unwrap())
}

fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> (String, i32) {
    said(&jisseki().args(arguments).output().unwrap())
}

/// The plan of the tests in a new folder of this name, its texts changed.
fn plan(name: &str, change: impl Fn(String) -> String) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join(name);
    fs::create_dir(&plan).unwrap();
    for name in ["plan.toml", "master.csv"] {
        let text = fs::read_to_string(Path::new(PLAN).join(name)).unwrap();
        fs::write(plan.join(name), change(text)).unwrap();
    }
    (folder, plan)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// cmd.exe and PowerShell hand `*` and `?` over as they were typed.
#[test]
fn returns_are_named_by_patterns() {
    let (folder, plan) = plan("計画", |text| text);
    let returned = folder.path().join("返ってきた 票[R5]");
    fs::create_dir(&returned).unwrap();
    for name in ["数字で回答.xlsx", "備考だけ.xlsx", "農林課の回答.xlsx"] {
        fs::copy(Path::new(RETURNS).join(name), returned.join(name)).unwrap();
    }
    for stray in ["~$数字で回答.xlsx", "Thumbs.db", "控え.pdf"] {
        fs::write(returned.join(stray), "").unwrap();
    }
    let collect = |pattern: &str| {
        let paths = [plan.as_path(), &returned.join(pattern)].map(|path| path.as_os_str().to_owned());
        run(["collect".into(), "--dry-run".into()].into_iter().chain(paths))
    };
    for (pattern, files) in [("*.xlsx", 3), ("*.XLSX", 3), ("*回答.xlsx", 2), ("備考??.xlsx", 1), ("*", 3)]
    {
        let (said, code) = collect(pattern);
        assert!(said.contains(&format!("　{files}ファイル　")) && code == 0, "{pattern}: {said}");
    }
    assert!(collect("*").0.contains("読み取らなかったファイル: 控え.pdf"));
    let (said, code) = collect("*.ods");
    assert!(said.contains("*.ods」に当てはまるファイルがありません。") && code == 2, "{said}");
    assert_eq!(collect("無い.xlsx").1, 2);
}

#[test]
fn a_folder_without_forms_is_named_with_what_to_do() {
    let (folder, plan) = plan("計画", |text| text);
    let returned = folder.path().join("返送");
    fs::create_dir(&returned).unwrap();
    let collect = || run(["collect".as_ref(), plan.as_path(), &returned].map(Path::as_os_str));
    for there in ["", "送り状.pdf"] {
        if !there.is_empty() {
            fs::write(returned.join(there), "").unwrap();
        }
        let (said, code) = collect();
        let none = format!("読み取れる記入票がありません（探した場所: 「{}」）。", returned.display());
        assert!(said.contains(&none) && said.contains(there) && code == 0, "{said}");
        assert!(said.contains("記入票をその場所に入れるか") && !said.contains("0ファイル"), "{said}");
    }
}

/// `"C:\計画\"` arrives with the quotation mark, and with whatever follows it.
#[test]
fn a_quote_that_was_swallowed_is_taken_off_or_explained() {
    let (_folder, plan) = plan("わたしの 計画", |text| text);
    let swallowed = format!("{}\"", plan.display());
    // With a blank, where cmd.exe redirects the output.
    for typed in [swallowed.clone(), format!("{swallowed} ")] {
        let (said, code) = run(["check", &typed]);
        if cfg!(windows) {
            assert_eq!(code, 0, "{said}");
        } else {
            // A mark like any other.
            assert!(said.contains("が見つかりません") && code == 2, "{said}");
        }
    }
    let (said, code) = run(["check", &format!("{swallowed} --quiet")]);
    assert_eq!(code, 2);
    if cfg!(windows) {
        assert!(
            said.contains(&format!("最後の「\\」を取って \"{}\" と書いてください。", plan.display())),
            "{said}"
        );
    }
}

#[test]
fn a_plan_is_read_by_its_master_in_any_case() {
    let (_folder, plan) = plan("計画", |text| text);
    let check = |name: &str| run(["check".as_ref(), plan.join(name).as_os_str()]);
    assert_eq!(check("master.csv").1, 0);
    fs::rename(plan.join("master.csv"), plan.join("控え.csv")).unwrap();
    fs::rename(plan.join("控え.csv"), plan.join("MASTER.CSV")).unwrap();
    for name in ["MASTER.CSV", ""] {
        let (said, code) = check(name);
        match cfg!(windows) {
            true => assert_eq!(code, 0, "{said}"),
            false => {
                assert!(said.contains("名前を master.csv（小文字）に変えてください") && code == 2, "{said}")
            }
        }
    }
}

/// What is suggested can be typed as it stands.
#[test]
fn suggested_commands_work() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["計画", "わたしの 計画", "第2期　計画", "計画(案)", "A&B", "it's"] {
        let (said, code) = said(&jisseki().current_dir(&folder).args(["init", name]).output().unwrap());
        assert_eq!(code, 0, "{said}");
        let command = said.split("「jisseki ").nth(1).unwrap().split('」').next().unwrap();
        let command = format!("\"{}\" {command}", env!("CARGO_BIN_EXE_jisseki"));
        let mut shell = shell(&command);
        let output = shell.current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        assert!(names(&folder.path().join("out")).len() == 11);
    }
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new("cmd");
    shell.raw_arg(format!("/s /c \"{command}\""));
    shell
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

/// On Windows the names of devices lead to no file.
#[test]
fn devices_are_no_places_to_write_to() {
    let folder = tempfile::tempdir().unwrap();
    let plan = std::path::absolute(PLAN).unwrap();
    let run = |arguments: &[&str]| said(&jisseki().current_dir(&folder).args(arguments).output().unwrap());
    let plan = plan.to_str().unwrap();
    for (arguments, device) in [
        (&["init", "CON"][..], "CON"),
        (&["build", plan, "--out", "out/nul"], "nul"),
        (&["diff", plan, plan, "--out", "aux.pdf"], "aux.pdf"),
        (&["distribute", plan, "--year", "R5", "--out", "com1.票"], "com1.票"),
    ] {
        let (said, code) = run(arguments);
        if cfg!(windows) {
            assert!(said.contains(&format!("「{device}」は、Windowsが機器のために使う名前です")), "{said}");
        }
        assert_eq!(code, if cfg!(windows) { 2 } else { 0 }, "{said}");
    }
}

/// A plan and its departments may be called anything.
#[test]
fn no_two_files_share_a_name() {
    let long = "長".repeat(100);
    for id in ["CON.計画", "NUL", "aux.2", "a/b:*?", "計画...", &long] {
        let (folder, plan) = plan("計画", |text| text.replace("試験計画", id));
        let out = folder.path().join("out");
        let (said, code) = run(["build".as_ref(), plan.as_os_str(), "--out".as_ref(), out.as_os_str()]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(names(&out).len(), 3, "{id}: {:?}", names(&out));
    }
    let (folder, plan) = plan("計画", |text| text.replace("商工課", "IT課").replace("企画課", "it課"));
    let out = folder.path().join("out");
    let arguments = ["distribute", plan.to_str().unwrap(), "--year", "R5", "--out", out.to_str().unwrap()];
    let (said, code) = run(arguments);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("記入票を6冊"), "{said}");
    let forms = names(&out).into_iter().filter(|name| name.contains("照会_"));
    let forms: BTreeSet<String> = forms.map(|name| name.to_lowercase()).collect();
    assert_eq!(forms.len(), 6, "{forms:?}");
    // Sent out again, they are the same.
    assert_eq!(run(arguments).1, 0);
    assert_eq!(names(&out).len(), 8, "{:?}", names(&out));
    // What gives way to an answer does not take the other's name.
    let [one, other] = ["R5実績照会_it課.xlsx", "R5実績照会_IT課（2）.xlsx"].map(|name| out.join(name));
    assert!(one.is_file() && other.is_file());
    fs::write(&one, "回答").unwrap();
    let before = fs::read(&other).unwrap();
    let (said, code) = run(arguments);
    assert!(said.contains("同じ名前（R5実績照会_IT課（2）.xlsx）になります") && code == 2, "{said}");
    assert_eq!(fs::read(&one).unwrap(), "回答".as_bytes());
    assert!(fs::read(&other).unwrap() == before && names(&out).len() == 8);
}

/// Excel and the older Notepads of Windows take a file without a mark for Shift_JIS.
#[test]
fn only_a_file_of_text_on_windows_begins_with_a_mark() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("結果.txt");
    let into = |file: File, arguments: &[&str]| {
        let both = file.try_clone().unwrap();
        jisseki().args(arguments).stdout(file).stderr(both).status().unwrap();
        fs::read(&path).unwrap()
    };
    let marks = |bytes: &[u8]| bytes.windows(3).filter(|three| *three == MARK).count();
    let expected = usize::from(cfg!(windows));
    for arguments in [&["check", PLAN][..], &["check", "無い"], &["bild"], &["--help"]] {
        let bytes = into(File::create(&path).unwrap(), arguments);
        assert!(bytes.len() > 10);
        assert_eq!((marks(&bytes), bytes.starts_with(MARK)), (expected, cfg!(windows)), "{arguments:?}");
    }
    let appended = into(File::options().append(true).open(&path).unwrap(), &["check", PLAN]);
    assert_eq!(marks(&appended), expected);
    let json = into(File::create(&path).unwrap(), &["check", PLAN, "--format", "json"]);
    assert!(json.starts_with(b"{") && json.ends_with(b"}\n"), "{}", String::from_utf8_lossy(&json));
    let piped = jisseki().args(["check", PLAN]).output().unwrap();
    assert_eq!(marks(&piped.stdout), 0);
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let check = |variables: &[&str]| {
        let mut command = jisseki();
        for name in variables {
            command.env(name, "1");
        }
        let output = command.args(["check", "tests/returns/plan"]).output().unwrap();
        assert!(!output.stdout.is_empty());
        output.stdout.contains(&0x1B)
    };
    assert!(!check(&[]));
    assert!(check(&["CLICOLOR_FORCE"]));
    assert!(!check(&["CLICOLOR_FORCE", "NO_COLOR"]));
}

#[test]
fn exit_codes_are_the_same_everywhere() {
    let (_folder, wrong) = plan("計画", |text| text.replace("目標,基準値", "目標,目標"));
    let wrong = wrong.to_str().unwrap();
    for (arguments, code) in [
        (&["check", PLAN][..], 0),
        (&["--help"], 0),
        (&["check", wrong], 1),
        (&["check", "無い"], 2),
        (&["check", "--year", "R4"], 2),
        (&["open", "無い"], 2),
    ] {
        assert_eq!(run(arguments).1, code, "{arguments:?}");
    }
}
