//! The files that came back: found in folders, read one by one, each for itself.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chrono::NaiveDateTime;

use super::reason::{self, cannot_enter, cannot_open};
use super::{files, paths, wildcards};
use crate::cores;
use crate::exchange;
use crate::exchange::returned::{self, Read, Returned};
use crate::finding::{ExchangeRule, Finding, Findings, Place};
use crate::stray::is_stray;
use crate::workbook;

/// What a workbook's name ends in.
const EXTENSIONS: [&str; 5] = ["xlsx", "xlsm", "xls", "ods", "xlsb"];
/// Folders in a folder of returns are looked into so deep.
const DEEPEST: usize = 4;
/// More files than any city hall gets back.
pub const MOST_FILES: usize = 5_000;

/// What was read from the files.
#[derive(Default)]
pub struct Batch {
    /// Those that are forms, with the times of their files.
    pub returns: Vec<(Returned, Option<NaiveDateTime>)>,
    /// What is wrong with files and folders.
    pub findings: Findings,
    /// Files in folders that are no workbooks.
    pub passed_over: Vec<String>,
}

/// Reads every file, shared out among the cores; `most_rows` bounds what one may hold.
/// `between` is told how many of how many are read, and may end the reading.
///
/// # Errors
/// A path that leads nowhere, a named folder that cannot be opened, too many files; what
/// `between` says.
pub fn read_all<E: From<anyhow::Error>>(
    paths: &[PathBuf],
    most_rows: usize,
    between: impl Fn(usize, usize) -> std::result::Result<(), E>,
) -> std::result::Result<Batch, E> {
    let (found, mut batch) = find(paths)?;
    let read = |path: &PathBuf| read_one(path, most_rows);
    for one in cores::each_few(&found, read, |done| between(done, found.len()))? {
        let One { name, read, findings, time } = one.context("記入票の読み取り")?;
        batch.findings.append(findings);
        match read {
            Read::Form(form) => batch.returns.push((*form, time)),
            // Somebody may have answered there; it is not read, and named as such.
            Read::OwnReport => batch.passed_over.push(name),
            Read::Nothing => {}
        }
    }
    Ok(batch)
}

/// The files, and what is to be said of others.
fn find(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Batch)> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut batch = Batch::default();
    for path in paths {
        if let Err(error) = fs::symlink_metadata(path) {
            let Some((folder, paths)) = wildcards::matching(path)? else {
                return Err(cannot_open(path, &error));
            };
            among(paths, folder, 0, &mut found, &mut batch)?;
            continue;
        }
        if path.is_dir() {
            in_folder(path, 0, &mut found, &mut batch)?;
        } else if !is_stray(&paths::name_of(path)) {
            found.push(path.clone());
        }
    }
    Ok((found, batch))
}

/// What was read from one file.
struct One {
    name: String,
    read: Read,
    findings: Findings,
    time: Option<NaiveDateTime>,
}

/// Reads one file; never writes to it. One that cannot be opened is a finding: it must not
/// stop the others.
fn read_one(path: &Path, most_rows: usize) -> One {
    let name = paths::name_of(path);
    let nothing = |finding: Finding, time| {
        let (name, read) = (name.clone(), Read::Nothing);
        One { name, read, findings: Findings::from(finding), time }
    };
    let bytes = fs::metadata(path).and_then(|data| {
        let time = data.modified().ok().and_then(files::local_time);
        Ok((files::bytes(path, workbook::LARGEST_FILE as u64)?, time))
    });
    match bytes {
        Ok((Some(bytes), time)) => {
            let (mut read, mut findings) = returned::read(&bytes, &name);
            if let Read::Form(form) = &read
                && let Some(finding) = form.oversized(most_rows)
            {
                (read, findings) = (Read::Nothing, Findings::from(finding));
            }
            One { name, read, findings, time }
        }
        Ok((None, time)) => nothing(returned::oversized(&name), time),
        Err(error) => {
            let kind = ExchangeRule::UnreadableFile { reason: reason::reading(path, &error) };
            nothing(Finding::at(Place::file(&name), kind), None)
        }
    }
}

/// The workbooks in a folder, by name. What programs and systems leave there is none.
fn in_folder(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, batch: &mut Batch) -> Result<()> {
    let cannot = |error: std::io::Error| cannot_enter(folder, &error);
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        paths.push(entry.map_err(cannot)?.path());
    }
    paths.sort();
    among(paths, folder, depth, found, batch)
}

/// The workbooks among what is in a folder.
fn among(
    paths: Vec<PathBuf>,
    folder: &Path,
    depth: usize,
    found: &mut Vec<PathBuf>,
    batch: &mut Batch,
) -> Result<()> {
    // The letters that were written with a report say nothing; one that came back may.
    let has_report = paths.iter().any(|path| paths::name_of(path) == exchange::REPORT);
    let is_own =
        |name: &str| name.ends_with("_配布一覧.csv") || (has_report && exchange::is_letter_file(name));
    for path in paths {
        let name = paths::name_of(&path);
        if is_stray(&name) || name.starts_with('.') {
            continue;
        }
        let is_link = path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        if path.is_dir() {
            // A link may lead back to where it stands.
            let why = match depth {
                _ if is_link => "別の場所へのリンクです",
                DEEPEST => "フォルダーの階層が深すぎます",
                _ if fs::read_dir(&path).is_err() => "フォルダーを開けません",
                _ => {
                    in_folder(&path, depth + 1, found, batch)?;
                    continue;
                }
            };
            batch.findings.push_at(Place::file(&name), ExchangeRule::FolderNotEntered { why });
            continue;
        }
        if is_link && !path.exists() {
            let reason = "リンクの先のファイルまたはフォルダーがありません".to_owned();
            batch.findings.push_at(Place::file(&name), ExchangeRule::UnreadableFile { reason });
            continue;
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if EXTENSIONS.contains(&extension.as_str()) {
            if found.len() >= MOST_FILES {
                bail!("フォルダー{}にあるファイルが多すぎます（{MOST_FILES}まで）", paths::shown(folder));
            }
            found.push(path);
        } else if !is_own(&name) {
            batch.passed_over.push(name);
        }
    }
    Ok(())
}
