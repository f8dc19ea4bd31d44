//! 元に戻す (taking back): a backup in the place of the master again.
//!
//! The master that it replaces is kept as a backup too, so taking back can be taken back.

use std::path::PathBuf;

use anyhow::anyhow;
use chrono::NaiveDateTime;

use super::backup::{Account, stamp};
use super::{Failure, Observer, PlanFolder, Result};
use crate::archive::Hash;
use crate::finding::Findings;
use crate::storage::files;
use crate::storage::lock::Locks;

/// What is to be taken back.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// The backup, by the name of its file.
    pub backup: String,
    /// The master as whatever is taken back wrote it.
    pub seen: Hash,
    /// The backups may lie outside of the plan's folder.
    pub follow_links: bool,
    /// The time by which a backup is named.
    pub now: NaiveDateTime,
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    /// The master as it was before; `None` where it says what the backup says.
    pub backup: Option<PathBuf>,
    /// The master as it is now.
    pub master: Hash,
    /// What is wrong with it, errors and warnings.
    pub findings: Findings,
}

/// Puts the backup back.
///
/// # Errors
/// A name that is none of a backup's; [`Failure::Changed`] where the master is another than the
/// one that is to be taken back; a backup that cannot be read, a file that cannot be written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    observer.step("控えを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let name = &request.backup;
    if stamp(name).is_none() {
        return Err(anyhow!("「{name}」は、マスタの控えの名前ではありません").into());
    }
    let tell = |line: &str| observer.notice(line);
    let mut locks = Locks::new("元に戻す操作", &tell);
    folder.lock_for_change(&mut locks, request.follow_links)?;
    let master = folder.master_bytes()?;
    if Hash::of(&master) != request.seen {
        return Err(Failure::changed());
    }
    let bytes = files::read(&folder.backup().join(name), files::LARGEST_MASTER)?;
    let findings = folder.examine_with(&bytes)?.findings;

    observer.step("書き込んでいます")?;
    let note =
        format!("{}\nマスタを、控え {name} の内容に戻しました。\n", request.now.format("%Y-%m-%d %H:%M:%S"));
    let backup = match bytes == master {
        true => None,
        false => Some(folder.replace_master(&master, &bytes, &Account::Note(&note), request.now)?.path),
    };
    Ok(Report { backup, master: Hash::of(&bytes), findings })
}
