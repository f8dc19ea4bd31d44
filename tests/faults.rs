//! Whatever stops a run, the master is the old one or the new one, whole.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::process::Output;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const OLD: &[u8] = include_bytes!("returns/plan/master.csv");
const RETURN: &str = "tests/returns/files/数字で回答.xlsx";

/// A plan's folder of its own.
fn plan() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["plan.toml", "master.csv"] {
        fs::copy(Path::new("tests/returns/plan").join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn collect(plan: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    command.arg("collect").arg(plan).arg(RETURN).arg("--out").arg(plan.join("out"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn master(plan: &Path) -> Vec<u8> {
    fs::read(plan.join("master.csv")).unwrap()
}

/// Makes a link. Windows lets few do so.
fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    #[cfg(windows)]
    match to.is_dir() {
        true => std::os::windows::fs::symlink_dir(to, at)?,
        false => std::os::windows::fs::symlink_file(to, at)?,
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(to, at)?;
    // Wine says that it has made one, and has not.
    fs::symlink_metadata(at).map(drop)
}

/// What a run that nothing stops gives.
fn collected() -> Vec<u8> {
    let plan = plan();
    assert!(collect(plan.path()).status().unwrap().success());
    let new = master(plan.path());
    assert_ne!(new, OLD);
    let backups: Vec<_> =
        fs::read_dir(plan.path().join("backup")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let kept: Vec<_> =
        backups.iter().filter(|path| path.extension().is_some_and(|end| end == "csv")).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(fs::read(kept[0]).unwrap(), OLD);
    new
}

#[test]
fn a_killed_run_leaves_the_old_master_or_the_new_one() {
    let began = Instant::now();
    let new = collected();
    let length = began.elapsed();
    let (mut old, mut done) = (0, 0);
    // Spread over the length of a run, at odd steps so that no moment is always missed.
    for step in 0..60u32 {
        let plan = plan();
        let mut child = collect(plan.path()).spawn().unwrap();
        std::thread::sleep(length * step / 50 + Duration::from_micros(37) * (step % 7));
        let _ = child.kill();
        let _ = child.wait().unwrap();
        let now = master(plan.path());
        if now == OLD {
            old += 1;
        } else {
            assert!(now == new, "a piece of a master");
            done += 1;
        }
        // Whatever was left behind, the next run ends as if nothing had happened.
        assert!(collect(plan.path()).status().unwrap().success());
        assert!(master(plan.path()) == new);
    }
    println!("{old} left the old master, {done} the new one");
    assert!(old > 0, "no run was stopped before it had done its work");
}

#[test]
fn a_second_run_changes_no_file_of_the_plan() {
    let plan = plan();
    assert!(collect(plan.path()).status().unwrap().success());
    let listed = || {
        let mut names: Vec<_> = fs::read_dir(plan.path().join("backup"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        (
            names,
            master(plan.path()),
            fs::metadata(plan.path().join("master.csv")).unwrap().modified().unwrap(),
        )
    };
    let before = listed();
    assert!(collect(plan.path()).status().unwrap().success());
    assert!(listed() == before);
}

#[test]
fn a_dry_run_writes_nothing() {
    let plan = plan();
    assert!(collect(plan.path()).arg("--dry-run").status().unwrap().success());
    assert_eq!(fs::read_dir(plan.path()).unwrap().count(), 2);
    assert_eq!(master(plan.path()), OLD);
}

/// One file that cannot be read stops no other; with `--strict` nothing is taken over.
#[test]
fn errors_in_one_file_stop_no_other() {
    let broken = "tests/returns/files/途中で切れた.xlsx";
    let plan = plan();
    let mut run = collect(plan.path());
    let output = run.arg(broken).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.trim_end().ends_with("回答を待っている項目: 4件"), "{told}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("エラー E403"));
    assert_ne!(master(plan.path()), OLD);

    let plan = self::plan();
    let status = collect(plan.path()).args([broken, "--strict"]).status().unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(fs::read_dir(plan.path()).unwrap().count(), 2);
    assert_eq!(master(plan.path()), OLD);
}

/// A writer that fails: no file may grow beyond so many kilobytes.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_the_old_master() {
    for kilobytes in [0, 1, 4] {
        let plan = plan();
        let output = limited(plan.path(), kilobytes);
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stderr).contains("書き込めません"));
        assert_eq!(master(plan.path()), OLD);
    }
}

#[cfg(unix)]
fn limited(plan: &Path, kilobytes: usize) -> Output {
    // The signal is ignored, so that writing fails in place of ending the program.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", kilobytes * 2);
    let program = env!("CARGO_BIN_EXE_jisseki");
    let (plan, out) = (plan.to_str().unwrap(), plan.join("out"));
    let arguments = ["-c", &script, "sh", program, "collect", plan, RETURN, "--out", out.to_str().unwrap()];
    Command::new("sh").args(arguments).output().unwrap()
}

/// Nothing can be kept, so nothing is replaced.
#[test]
fn without_a_backup_the_master_stays() {
    let plan = plan();
    fs::write(plan.path().join("backup"), "in the way").unwrap();
    assert_eq!(collect(plan.path()).status().unwrap().code(), Some(2));
    assert_eq!(master(plan.path()), OLD);
}

/// A folder that may not be written in. A superuser may write everywhere.
#[cfg(unix)]
#[test]
fn a_read_only_folder_leaves_the_old_master() {
    use std::os::unix::fs::PermissionsExt;
    let plan = plan();
    let permit = |mode: u32| fs::set_permissions(plan.path(), fs::Permissions::from_mode(mode)).unwrap();
    permit(0o555);
    let may_write = fs::write(plan.path().join("probe"), "").is_ok();
    if !may_write {
        assert_eq!(collect(plan.path()).status().unwrap().code(), Some(2));
    }
    permit(0o755);
    assert_eq!(master(plan.path()), OLD);
}

/// A master that its owner protects is not replaced, whoever may write in its folder.
#[test]
fn a_read_only_master_stays() {
    let plan = plan();
    let path = plan.path().join("master.csv");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let output = collect(plan.path()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("読み取り専用です"));
    assert_eq!(master(plan.path()), OLD);
    assert!(!plan.path().join("out").exists() && !plan.path().join("backup").exists());
}

/// A master that another program has open, as Excel does: nobody else may write to it, or
/// not even read it. Nothing is replaced, and nothing stays of the run.
#[cfg(windows)]
#[test]
fn a_master_that_is_open_stays() {
    use std::os::windows::fs::OpenOptionsExt;
    for (share, access) in [(1, 3), (1, 1), (3, 1), (0, 3)] {
        let plan = plan();
        let mut options = fs::File::options();
        let held = options.read(true).write(access & 2 > 0).share_mode(share);
        let held = held.open(plan.path().join("master.csv")).unwrap();
        let output = collect(plan.path()).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("ほかのプログラムが使用中です"), "{said}");
        drop(held);
        assert_eq!(master(plan.path()), OLD);
        for (folder, count) in [("", 4), ("backup", 0), ("out", 0)] {
            let folder = plan.path().join(folder);
            let names: Vec<_> =
                fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().file_name()).collect();
            assert!(names.len() <= count, "{share} {access}: {names:?}");
        }
        assert!(collect(plan.path()).status().unwrap().success());
        assert_ne!(master(plan.path()), OLD);
    }
}

/// The report cannot be replaced while somebody reads it; the master is not replaced then.
#[cfg(windows)]
#[test]
fn a_report_that_is_open_stops_the_run_or_is_told() {
    use std::os::windows::fs::OpenOptionsExt;
    for share in [0, 1, 3] {
        let plan = plan();
        assert!(collect(plan.path()).status().unwrap().success());
        fs::write(plan.path().join("master.csv"), OLD).unwrap();
        let report = plan.path().join("out/照会結果.xlsx");
        let names = || {
            let entries = fs::read_dir(plan.path().join("out")).unwrap();
            entries.map(|entry| entry.unwrap().file_name()).collect::<std::collections::BTreeSet<_>>()
        };
        let before = names();
        let held = fs::File::options().read(true).share_mode(share).open(&report).unwrap();
        let output = collect(plan.path()).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("ほかのプログラムが使用中です"), "{said}");
        assert_eq!(said.contains("マスタには取り込みましたが"), master(plan.path()) != OLD, "{said}");
        drop(held);
        assert_eq!(names(), before, "nothing half-written beside the report and its letters");
        assert!(collect(plan.path()).status().unwrap().success());
    }
}

/// The master of a share, linked into the plan's folder: it is written, not the link.
#[test]
fn a_linked_master_is_written_through() {
    let new = collected();
    let (plan, share) = (plan(), tempfile::tempdir().unwrap());
    let real = share.path().join("実績.csv");
    fs::rename(plan.path().join("master.csv"), &real).unwrap();
    if link(&real, &plan.path().join("master.csv")).is_err() {
        return println!("no links can be made here");
    }
    assert!(collect(plan.path()).status().unwrap().success());
    assert!(fs::symlink_metadata(plan.path().join("master.csv")).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap(), new);
    assert_eq!(fs::read_dir(share.path()).unwrap().count(), 1);
    assert!(plan.path().join("backup").is_dir());
}

/// What is kept would be kept elsewhere: only where that is asked for.
#[test]
fn a_folder_that_leads_out_of_the_plan_is_refused() {
    let (plan, elsewhere) = (plan(), tempfile::tempdir().unwrap());
    if link(elsewhere.path(), &plan.path().join("backup")).is_err() {
        return println!("no links can be made here");
    }
    let output = collect(plan.path()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("backup」は、計画のフォルダーの外"), "{said}");
    assert_eq!(master(plan.path()), OLD);
    assert!(collect(plan.path()).arg("--follow-links").status().unwrap().success());
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 2);

    let (plan, elsewhere) = (self::plan(), tempfile::tempdir().unwrap());
    link(elsewhere.path(), &plan.path().join("archive")).unwrap();
    let archive = |more: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_jisseki"));
        run.arg("archive").arg(plan.path()).args(["--year", "R4"]).args(more).output().unwrap().status.code()
    };
    assert_eq!(archive(&[]), Some(2));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    assert_eq!(archive(&["--follow-links"]), Some(0));
}

/// Folders in the returns that are not looked into are named.
#[cfg(unix)]
#[test]
fn w438_what_is_not_looked_into_is_named() {
    let (plan, returns) = (plan(), tempfile::tempdir().unwrap());
    let deep = returns.path().join("1/2/3/4/深い");
    fs::create_dir_all(&deep).unwrap();
    fs::copy(RETURN, deep.join("回答.xlsx")).unwrap();
    std::os::unix::fs::symlink(plan.path(), returns.path().join("つながり")).unwrap();
    std::os::unix::fs::symlink(plan.path().join("無い"), returns.path().join("切れた")).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    let output = run.arg("collect").arg(plan.path()).arg(returns.path()).arg("--dry-run").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.matches("W438").count(), 2, "{said}");
    for name in ["深い", "つながり", "切れた"] {
        assert!(said.contains(name), "{said}");
    }
}

/// What somebody wrote into the last report stays.
#[test]
fn an_annotated_report_is_kept() {
    let plan = plan();
    fs::create_dir(plan.path().join("out")).unwrap();
    fs::write(plan.path().join("out/照会結果.xlsx"), "annotated").unwrap();
    assert!(collect(plan.path()).status().unwrap().success());
    assert_eq!(fs::read(plan.path().join("out/照会結果.xlsx")).unwrap(), b"annotated");
    assert!(plan.path().join("out/照会結果（2）.xlsx").is_file());
}

/// A letter that somebody has changed stays; the others are those of the last run.
#[test]
fn an_edited_letter_is_kept() {
    let plan = plan();
    assert!(collect(plan.path()).status().unwrap().success());
    let letters = || {
        let files = fs::read_dir(plan.path().join("out")).unwrap().map(|file| file.unwrap().file_name());
        let mut names: Vec<String> = files.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| name.starts_with("連絡文_"));
        names.sort();
        names
    };
    let first = letters();
    assert!(!first.is_empty() && first.iter().all(|name| name.ends_with(".txt")), "{first:?}");
    let path = plan.path().join("out").join(&first[0]);
    assert!(fs::read(&path).unwrap().starts_with("\u{FEFF}".as_bytes()));
    // The answers are in by now: the letters say so, in the same files.
    assert!(collect(plan.path()).status().unwrap().success());
    assert_eq!(letters(), first);

    fs::write(&path, "電話で確認済み").unwrap();
    assert!(collect(plan.path()).status().unwrap().success());
    assert_eq!(fs::read_to_string(&path).unwrap(), "電話で確認済み");
    assert_eq!(letters().len(), first.len() + 1);
}

/// The letter beside one that is kept never takes the name of another department's.
#[test]
fn a_letter_that_gives_way_takes_no_others_name() {
    let plan = plan();
    for name in ["plan.toml", "master.csv"] {
        let path = plan.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("商工課", "農林課（2）")).unwrap();
    }
    let letter = |at: &str| plan.path().join(format!("out/連絡文_農林課{at}.txt"));
    assert!(collect(plan.path()).status().unwrap().success());
    let second = fs::read(letter("（2）")).unwrap();
    fs::write(letter(""), "電話で確認済み").unwrap();
    assert!(collect(plan.path()).status().unwrap().success());
    assert_eq!(fs::read_to_string(letter("")).unwrap(), "電話で確認済み");
    assert_eq!(fs::read(letter("（2）")).unwrap(), second);
    assert!(fs::read_to_string(letter("（3）")).unwrap().contains("農林課"));
}

/// A letter that came back with an answer in it is not passed over in silence.
#[test]
fn a_letter_among_the_returns_is_told() {
    let (plan, returns) = (plan(), tempfile::tempdir().unwrap());
    fs::write(returns.path().join("連絡文_農林課.txt"), "50人です").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jisseki"));
    command.arg("collect").arg(plan.path()).arg(returns.path()).arg("--out").arg(plan.path().join("out"));
    let output = command.output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("連絡文_農林課.txt"), "{said}");
}

/// The report is not there before the figures are.
#[test]
fn what_cannot_be_written_is_not_reported_as_taken_over() {
    let plan = plan();
    // A folder of the lock's name: the plan cannot be taken, nothing is written.
    fs::create_dir(plan.path().join(".jisseki.lock")).unwrap();
    assert_eq!(collect(plan.path()).status().unwrap().code(), Some(2));
    assert!(!plan.path().join("out").exists());
    fs::remove_dir(plan.path().join(".jisseki.lock")).unwrap();
    // Nor where there is no room for the master.
    #[cfg(unix)]
    for kilobytes in [1, 4, 16] {
        let _ = limited(plan.path(), kilobytes);
        assert!(!plan.path().join("out/照会結果.xlsx").exists() || master(plan.path()) != OLD);
    }
}

/// No `--out` leads into an archive, nor over a form.
#[test]
fn what_is_kept_is_never_an_output() {
    let plan = plan();
    let run = |arguments: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_jisseki"));
        let output = run.current_dir(plan.path()).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code().is_some_and(|code| code != 101), "{said}");
        (output.status.code(), said)
    };
    assert_eq!(run(&["archive", ".", "--year", "R4", "--bundle"]).0, Some(0));
    assert_eq!(run(&["distribute", ".", "--year", "R5", "--out", "forms"]).0, Some(0));
    let form = plan.path().join("forms/R5実績照会_水産課.xlsx");
    let old = fs::read(&form).unwrap();
    let bundle = fs::read_dir(plan.path().join("archive/R4")).unwrap().map(|entry| entry.unwrap().path());
    let bundle = bundle.into_iter().find(|path| path.to_string_lossy().contains("保存用")).unwrap();
    for arguments in [
        &["build", ".", "--year", "R4", "--out", "archive/R4"][..],
        &["build", ".", "--year", "R4", "--out", "archive"],
        &["distribute", ".", "--year", "R5", "--out", "archive/R4/new"],
        &["diff", "archive/R4", ".", "--out", "archive/R4/正誤表"],
        &["archive", "extract", bundle.to_str().unwrap(), "--out", "archive/R4/new"],
        &["init", "archive/R4/new"],
        &["diff", "archive/R4", ".", "--out", "forms/R5実績照会_水産課.xlsx"],
    ] {
        let (code, said) = run(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
    }
    assert_eq!(fs::read(&form).unwrap(), old);
    assert_eq!(run(&["archive", "verify", "."]).0, Some(0));
}

/// Without a plan the folder that is worked in is one; where it is none, those below are named.
/// A folder that may have been meant as the plan is not passed over for it.
#[test]
fn a_plan_that_was_not_named_is_the_folder_that_is_worked_in() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("計画/第2期");
    // An edition, hidden folders and what lies deeper are no plans to be named.
    for (place, names) in [
        ("計画/第2期", ["plan.toml", "master.csv"].as_slice()),
        ("保存/R4", &["plan.toml", "master.csv", "manifest.json"]),
        ("保存/.R5", &["plan.toml", "master.csv"]),
        ("深/い/所", &["plan.toml", "master.csv"]),
        ("半端", &["master.csv"]),
    ] {
        fs::create_dir_all(folder.path().join(place)).unwrap();
        for name in names {
            let from = if *name == "manifest.json" { "plan.toml" } else { name };
            fs::copy(Path::new("tests/returns/plan").join(from), folder.path().join(place).join(name))
                .unwrap();
        }
    }
    let returned = std::path::absolute(RETURN).unwrap();
    let returned = returned.to_str().unwrap();
    let run = |place: &str, arguments: &[&str]| {
        let mut command = Command::new(std::path::absolute(env!("CARGO_BIN_EXE_jisseki")).unwrap());
        let output = command.current_dir(folder.path().join(place)).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let below = Path::new("計画").join("第2期");
    let named = format!("この下に「{}」があります", below.display());
    for arguments in [
        ["check"].as_slice(),
        &["build"],
        &["distribute", "--year", "R5"],
        &["archive", "--year", "R4"],
        &["archive", "verify"],
        &["archive", "list"],
        &["collect", returned],
    ] {
        let (code, said) = run("", arguments);
        assert!(code == Some(2) && said.contains("実行したフォルダーに plan.toml がありません"), "{said}");
        assert!(said.contains(&named) && !said.contains("R4"), "{said}");
        let (_, said) = run("保存", arguments);
        assert!(said.contains("がありません。plan.toml と master.csv のある、計画の"), "{said}");
    }
    let (code, said) = run("", &["collect", "半端", returned]);
    assert!(code == Some(2) && said.contains("「半端」に plan.toml がありません"), "{said}");
    assert_eq!(fs::read(plan.join("master.csv")).unwrap(), OLD);
    // Where only answers are named, the plan is said.
    let (code, said) = run("計画/第2期", &["collect", returned]);
    assert!(code == Some(0) && said.contains("第2期」のマスタに取り込みます"), "{said}");
    assert_ne!(fs::read(plan.join("master.csv")).unwrap(), OLD);
    // In an edition, its archive is meant.
    assert_eq!(run("計画/第2期", &["archive", "--year", "R4"]).0, Some(0));
    for place in ["計画/第2期", "計画/第2期/archive", "計画/第2期/archive/R4"] {
        assert_eq!(run(place, &["archive", "verify"]), run("", &["archive", "verify", place]));
    }
}
