//! Where the system refuses, or a file is held: what is said, one row a situation.
//!
//! The rows are the table of `docs/WINDOWS.md`. Each system writes its own column and is
//! held to it: `UPDATE_DOCS=1 cargo test --test refused`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

const DOCUMENT: &str = "docs/WINDOWS.md";
const PLAN: &str = "計画";
const PDF: &str = "out/試験計画_実績一覧_R5.pdf";
const BOOK: &str = "out/試験計画_実績一覧_R5.xlsx";
const SET: [&str; 3] = [PDF, BOOK, "out/試験計画_データ_R5.csv"];
const RETURN: &str = "tests/returns/files/数字で回答.xlsx";

/// A folder with a plan, the files made from it, and a form that came back.
struct Desk {
    folder: tempfile::TempDir,
    /// What is held as long as the row runs.
    held: Vec<File>,
    /// Not as a superuser, who may do everything.
    #[cfg(unix)]
    as_nobody: bool,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
            held: Vec::new(),
            #[cfg(unix)]
            as_nobody: false,
        };
        fs::create_dir(desk.path(PLAN)).unwrap();
        for name in ["plan.toml", "master.csv"] {
            fs::copy(Path::new("tests/returns/plan").join(name), desk.path(PLAN).join(name)).unwrap();
        }
        fs::copy(RETURN, desk.path("回答.xlsx")).unwrap();
        assert!(desk.run(BUILD).status.success());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_jisseki"));
        let program = fs::canonicalize(program).unwrap();
        let mut command = Command::new(program);
        #[cfg(unix)]
        if self.as_nobody && is_superuser() {
            use std::os::unix::process::CommandExt;
            let own = self.path("jisseki");
            fs::copy(command.get_program(), &own).unwrap();
            command = Command::new(own);
            command.uid(65534).gid(65534);
        }
        command.current_dir(self.folder.path()).args(arguments).output().unwrap()
    }

    /// Makes a file or folder read-only, or open to nobody.
    #[cfg(unix)]
    fn permit(&mut self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        self.as_nobody = true;
        for (name, mode) in [(".", 0o777), (PLAN, 0o777), ("out", 0o777), (name, mode)] {
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
        }
    }

    #[cfg(not(unix))]
    fn permit(&mut self, _name: &str, _mode: u32) {}

    fn protect(&self, name: &str) {
        let path = self.path(name);
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(path, permissions).unwrap();
    }

    /// Opens a file as another program has it: what others may do meanwhile is `share`.
    #[cfg(windows)]
    fn hold(&mut self, name: &str, share: u32) {
        use std::os::windows::fs::OpenOptionsExt;
        self.held.push(File::options().read(true).share_mode(share).open(self.path(name)).unwrap());
    }

    /// The same; here others may do everything.
    #[cfg(not(windows))]
    fn hold(&mut self, name: &str, _share: u32) {
        self.held.push(File::open(self.path(name)).unwrap());
    }
}

#[cfg(unix)]
fn is_superuser() -> bool {
    use std::os::unix::fs::MetadataExt;
    // Whoever owns what he makes: 0 is the superuser.
    tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0
}

/// What other programs leave to others while they have a file open.
const READING: u32 = 1;
const READING_AND_WRITING: u32 = 3;
const NOTHING: u32 = 0;
#[cfg(windows)]
const READING_WRITING_AND_REMOVING: u32 = 7;

const BUILD: &[&str] = &["build", PLAN, "--out", "out"];
const CHECK: &[&str] = &["check", PLAN];
const COLLECT: &[&str] = &["collect", PLAN, "回答.xlsx", "--out", "out"];
const ARCHIVE: &[&str] = &["archive", PLAN, "--year", "R4", "--date", "2024-06-10"];
const VERIFY: &[&str] = &["archive", "verify", PLAN];

/// On which systems there is such a thing.
#[derive(PartialEq)]
enum On {
    All,
    Windows,
    Unix,
}

struct Row {
    what: &'static str,
    on: On,
    set_up: fn(&mut Desk),
    arguments: &'static [&'static str],
}

const fn row(what: &'static str, on: On, arguments: &'static [&'static str], set_up: fn(&mut Desk)) -> Row {
    Row { what, on, set_up, arguments }
}

const ROWS: [Row; 24] = [
    row("作り直すPDFを、ほかのプログラムが開いている", On::All, BUILD, |desk| {
        desk.hold(PDF, READING_AND_WRITING)
    }),
    row("作り直すブックを、Excelで開いている", On::All, BUILD, |desk| {
        fs::write(desk.path("out/~$試験計画_実績一覧_R5.xlsx"), "").unwrap();
        desk.hold(BOOK, READING);
    }),
    row("作り直すブックを、ほかのプログラムが読ませない", On::All, BUILD, |desk| {
        desk.hold(BOOK, NOTHING)
    }),
    row("作り直すブックが、読み取り専用", On::All, BUILD, |desk| desk.protect(BOOK)),
    row("作り直すPDFの名前のフォルダーがある", On::All, BUILD, |desk| {
        fs::remove_file(desk.path(PDF)).unwrap();
        fs::create_dir(desk.path(PDF)).unwrap();
    }),
    row("--out と同じ名前のファイルがある", On::All, &["build", PLAN, "--out", "回答.xlsx"], |_| {}),
    row("--out の途中にファイルがある", On::All, &["build", PLAN, "--out", "回答.xlsx/新"], |_| {}),
    row("--out に書き込む権限がない", On::Unix, BUILD, |desk| desk.permit("out", 0o555)),
    row("--out の場所が260字を超える", On::All, LONG, |_| {}),
    row("--out が機器の名前", On::Windows, &["build", PLAN, "--out", "CON"], |_| {}),
    row("--out に使えない文字がある", On::Windows, &["build", PLAN, "--out", "令和5年度?"], |_| {}),
    row("--out のドライブがない", On::Windows, &["build", PLAN, "--out", r"Q:\実績"], |_| {}),
    row("マスタを、ほかのプログラムが開いている（collect）", On::All, COLLECT, |desk| {
        desk.hold("計画/master.csv", READING);
    }),
    row("マスタを、ほかのプログラムが読ませない", On::All, CHECK, |desk| {
        desk.hold("計画/master.csv", NOTHING);
    }),
    row("マスタが読み取り専用（collect）", On::All, COLLECT, |desk| {
        desk.protect("計画/master.csv")
    }),
    row("マスタを読む権限がない", On::Unix, CHECK, |desk| desk.permit("計画/master.csv", 0o000)),
    row("マスタが、自分を指すリンク", On::Unix, CHECK, |desk| {
        fs::remove_file(desk.path("計画/master.csv")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("master.csv", desk.path("計画/master.csv")).unwrap();
        #[cfg(not(unix))]
        let _ = desk;
    }),
    row("控えの場所（backup）にファイルがある", On::All, COLLECT, |desk| {
        fs::write(desk.path("計画/backup"), "1").unwrap();
    }),
    row(
        "返ってきた記入票を、ほかのプログラムが読ませない",
        On::All,
        COLLECT,
        |desk| {
            desk.hold("回答.xlsx", NOTHING);
        },
    ),
    row("照会結果を、ほかのプログラムが読ませない", On::All, COLLECT, |desk| {
        assert!(desk.run(COLLECT).status.success());
        desk.hold("out/照会結果.xlsx", NOTHING);
    }),
    row("ほかの実行が、計画を使っている", On::All, COLLECT, |desk| {
        let path = desk.path("計画/.jisseki.lock");
        fs::write(&path, "jisseki collect、パソコン A").unwrap();
        let mut options = File::options();
        options.read(true).write(true);
        #[cfg(windows)]
        std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, READING);
        let file = options.open(path).unwrap();
        #[cfg(unix)]
        file.try_lock().unwrap();
        desk.held.push(file);
    }),
    row("計画に、.jisseki.lock という名前のフォルダーがある", On::All, COLLECT, |desk| {
        fs::create_dir(desk.path("計画/.jisseki.lock")).unwrap();
    }),
    row("保存先（archive）と同じ名前のファイルがある", On::All, ARCHIVE, |desk| {
        fs::write(desk.path("計画/archive"), "1").unwrap();
    }),
    row(
        "最後の版の控え（latest.json）を、ほかのプログラムが開いている",
        On::All,
        ARCHIVE,
        |desk| {
            let earlier = ["archive", PLAN, "--year", "R3", "--date", "2023-06-10"];
            assert!(desk.run(&earlier).status.success());
            desk.hold("計画/archive/latest.json", READING_AND_WRITING);
        },
    ),
];

/// Eighty characters four times over.
const LONG: &[&str] = &[
    "build",
    PLAN,
    "--out",
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890/12345678901234567890123456789012345678901234567890123456789012345678901234567890/12345678901234567890123456789012345678901234567890123456789012345678901234567890/12345678901234567890123456789012345678901234567890123456789012345678901234567890",
];

impl Row {
    /// Whether this system has such a thing.
    fn is_here(&self) -> bool {
        self.on == On::All || (self.on == On::Windows) == cfg!(windows)
    }

    /// What is said of it here.
    fn told(&self) -> String {
        if !self.is_here() {
            return "—".to_owned();
        }
        let mut desk = Desk::new();
        (self.set_up)(&mut desk);
        let before = listed(desk.folder.path());
        let contents = |paths: &[PathBuf]| -> Vec<Option<Vec<u8>>> {
            paths.iter().map(|path| fs::read(path).ok()).collect()
        };
        let bytes = contents(&before);
        let output = desk.run(self.arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        let told = errors_in(&said);
        // Whatever happened, nothing half-made stays; what was refused has changed nothing.
        let after = listed(desk.folder.path());
        let is_left = |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name.starts_with(".jisseki-") || name.ends_with(".tmp")) && !before.contains(path)
        };
        assert_eq!(after.iter().find(is_left), None, "{}", self.what);
        match output.status.code() {
            Some(0) if told.is_empty() => return "できます".to_owned(),
            Some(0) => {}
            Some(1 | 2) => {
                assert_eq!(before, after, "{}: {said}", self.what);
                desk.held.clear();
                for (path, (old, new)) in before.iter().zip(bytes.iter().zip(contents(&before))) {
                    // What was held before could not be read then.
                    assert!(old.is_none() || *old == new, "{}: {}", self.what, path.display());
                }
            }
            code => panic!("{}: {code:?} {said}", self.what),
        }
        assert!(!told.is_empty(), "{}: {said}", self.what);
        in_a_cell(&told, desk.folder.path())
    }
}

/// What could not be done, of all that was said: failures, what is wrong with a file, and
/// the note that is not written.
fn errors_in(said: &str) -> String {
    let mut told = String::new();
    let mut is_told = false;
    for line in said.lines() {
        match line.strip_prefix("    ") {
            // A sentence that goes on.
            Some(more) if is_told => told.push_str(more),
            _ => {
                is_told =
                    line.starts_with("エラー: ") || line.starts_with("エラー E4") || line.contains("控えは");
                if is_told {
                    told.push_str(line.trim_start_matches("エラー: "));
                }
            }
        }
    }
    told
}

/// The files in a folder and in those within it, but for its folders that are made to be
/// written to.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            let is_folder = path.is_dir() && !path.is_symlink();
            if is_folder { open.push(path) } else { found.push(path) }
        }
    }
    found.retain(|path| path.file_name().is_none_or(|name| name != "jisseki"));
    found.sort();
    found
}

/// Without what differs from one run to the next: the folder, and how the system writes it.
fn in_a_cell(said: &str, folder: &Path) -> String {
    let real = fs::canonicalize(folder).unwrap();
    let real = real.display().to_string();
    let folder = folder.display().to_string();
    let said = said.replace(real.trim_start_matches(r"\\?\"), "…").replace(&folder, "…");
    let said = said.replace(r"\ /", "＼ /").replace('\\', "/").replace("＼ /", r"\ /");
    said.replace('|', r"\|")
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands in the document between two marks, and what is around it.
fn part<'a>(document: &'a str, name: &str) -> [&'a str; 3] {
    let [begin, end] = ["begin", "end"].map(|at| format!("<!-- {name}: {at} -->\n"));
    let (before, rest) = document.split_once(&begin).unwrap();
    let (inner, after) = rest.split_once(&end).unwrap();
    let before = &document[..before.len() + begin.len()];
    let after = &document[document.len() - after.len() - end.len()..];
    [before, inner, after]
}

/// One part of the document is written at a time.
static WRITING: Mutex<()> = Mutex::new(());

/// Holds a part of the document to what the program does, or writes it anew.
fn hold(name: &str, expected: impl Fn(&str) -> String) {
    let _writing = WRITING.lock();
    let document = read(DOCUMENT);
    let [before, inner, after] = part(&document, name);
    let expected = expected(inner);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(DOCUMENT, format!("{before}{expected}{after}")).unwrap();
        return;
    }
    assert_eq!(inner, expected, "run `UPDATE_DOCS=1 cargo test --test refused` and review the change");
}

#[test]
fn each_situation_is_told_as_it_is() {
    let told: Vec<String> = ROWS.iter().map(Row::told).collect();
    hold("refused", |old| {
        let cells =
            |line: &str| line.trim_matches(['|', ' ']).split(" | ").map(str::to_owned).collect::<Vec<_>>();
        let old: Vec<Vec<String>> = old.lines().map(cells).collect();
        let mut table = "| こういうとき | Linux | Windows |\n| --- | --- | --- |\n".to_owned();
        for (row, here) in ROWS.iter().zip(&told) {
            let other = old
                .iter()
                .find(|cells| cells[0] == row.what)
                .and_then(|cells| cells.get(1 + usize::from(!cfg!(windows))));
            let other = match row.on {
                On::All => other.cloned().unwrap_or_default(),
                _ if row.is_here() => "—".to_owned(),
                _ => other.cloned().unwrap_or_default(),
            };
            let [linux, windows] = if cfg!(windows) { [&other, here] } else { [here, &other] };
            table.push_str(&format!("| {} | {linux} | {windows} |\n", row.what));
        }
        table
    });
}

#[test]
fn the_numbers_of_windows_are_listed() {
    hold("numbers", |_| {
        format!("| 番号 | 言うこと |\n| --- | --- |\n{}", jisseki::storage::reason::manual())
    });
}

/// The edition is safe although the note of it is not: said, verified, and mended.
#[test]
fn a_note_that_is_held_is_mended_by_the_next_run() {
    let mut desk = Desk::new();
    assert!(desk.run(&["archive", PLAN, "--year", "R3", "--date", "2023-06-10"]).status.success());
    desk.hold("計画/archive/latest.json", READING_AND_WRITING);
    let output = desk.run(ARCHIVE);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(desk.path("計画/archive/R4/manifest.json").is_file());
    assert_eq!(said.contains("控えは次の実行で書き直します"), cfg!(windows), "{said}");
    let verify = |desk: &Desk| {
        let output = desk.run(VERIFY);
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        said
    };
    let said = verify(&desk);
    assert_eq!(said.matches("警告 W").count(), usize::from(cfg!(windows)), "{said}");
    assert!(said.contains("2件の版"), "{said}");
    let names: Vec<_> =
        fs::read_dir(desk.path("計画/archive")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");

    desk.held.clear();
    let output = desk.run(&["archive", PLAN, "--year", "R5", "--date", "2025-06-10"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(said.contains("控え（latest.json）を書き直しました"), cfg!(windows), "{said}");
    assert!(!verify(&desk).contains("警告"));
}

/// A scanner leaves others to remove what it reads: NTFS replaces it then, other disks (and
/// Wine) refuse, which shows when others of the set are in place already.
#[cfg(windows)]
#[test]
fn where_one_of_a_set_is_read_all_or_none_are_replaced() {
    for held in SET {
        let mut desk = Desk::new();
        for name in SET {
            fs::write(desk.path(name), "前").unwrap();
        }
        desk.hold(held, READING_WRITING_AND_REMOVING);
        let output = desk.run(BUILD);
        let said = String::from_utf8(output.stderr).unwrap();
        desk.held.clear();
        let old = SET.iter().filter(|name| fs::read(desk.path(name)).unwrap() == "前".as_bytes()).count();
        match output.status.code() {
            Some(0) => assert_eq!(old, 0, "{said}"),
            _ => {
                assert!(said.contains("ほかのプログラムが使用中です"), "{said}");
                assert_eq!(old, 3, "{said}");
            }
        }
        assert_eq!(fs::read_dir(desk.path("out")).unwrap().count(), 3);
    }
}

/// A file of a set that is held, the last of three: the others are as they were, and once
/// it is let go all are new.
#[test]
fn where_one_of_a_set_is_held_none_is_replaced() {
    for share in [NOTHING, READING, READING_AND_WRITING] {
        for held in SET {
            let mut desk = Desk::new();
            for name in SET {
                fs::write(desk.path(name), "前").unwrap();
            }
            desk.hold(held, share);
            let output = desk.run(BUILD);
            let said = String::from_utf8(output.stderr).unwrap();
            let old = |desk: &Desk| {
                SET.iter().filter(|name| fs::read(desk.path(name)).unwrap() == "前".as_bytes()).count()
            };
            if cfg!(windows) {
                assert_eq!(output.status.code(), Some(2), "{said}");
                assert!(
                    said.contains("ほかのプログラムが使用中です")
                        && said.contains("ほかのファイルも元のままです"),
                    "{said}"
                );
                desk.held.clear();
                assert_eq!(old(&desk), 3, "{held}");
            } else {
                assert_eq!(output.status.code(), Some(0), "{said}");
            }
            assert_eq!(fs::read_dir(desk.path("out")).unwrap().count(), 3);
            desk.held.clear();
            assert!(desk.run(BUILD).status.success());
            assert_eq!(old(&desk), 0);
            assert_eq!(fs::read_dir(desk.path("out")).unwrap().count(), 3);
        }
    }
}

/// What a scanner holds for a moment is tried again, and nobody hears of it.
#[test]
fn what_is_held_for_a_moment_is_waited_for() {
    for name in [PDF, "計画/master.csv"] {
        let mut desk = Desk::new();
        desk.hold(name, NOTHING);
        let held = std::mem::take(&mut desk.held);
        let release = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(150));
            drop(held);
        });
        let output = desk.run(BUILD);
        release.join().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
