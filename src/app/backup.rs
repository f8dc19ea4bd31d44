//! Backups: the masters that were replaced, and what is said of each.
//!
//! ```text
//! backup/master_20260508-093000.csv     the master as it was
//!        照会結果_20260508-093000.xlsx   what collecting took over then: written after it
//!        記録_20260508-093000.txt        what else was changed then: written before it
//! ```
//!
//! So a backup with neither is one of a collection that was stopped. What a planner mends cell
//! by cell is no state that was ever meant: a master is compared with what collecting replaced.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use chrono::NaiveDateTime;

use super::{Failure, PlanFolder};
use crate::storage::lock::Locks;
use crate::storage::{files, paths, reason, swap};

/// Where the masters are kept that were replaced.
const BACKUP: &str = "backup";
/// More masters than one can be replaced in a second.
const MOST_BACKUPS: usize = 1_000;

/// When a backup was made: the second, and which of that second's it is.
pub(super) type Stamp = (String, u32);

/// When a backup was made, by its name. `None` for what somebody else keeps there.
pub(super) fn stamp(name: &str) -> Option<Stamp> {
    let stamp = name.strip_prefix("master_")?.strip_suffix(".csv")?;
    let (second, more) = stamp.split_at_checked(15)?;
    let is_time = |(at, c): (usize, char)| if at == 8 { c == '-' } else { c.is_ascii_digit() };
    let number = if more.is_empty() { 1 } else { more.strip_prefix('-')?.parse().ok()? };
    second.char_indices().all(is_time).then(|| (second.to_owned(), number))
}

/// What is said of a master that was replaced.
pub(super) enum Account<'a> {
    /// What was changed, as a text; it is written first.
    Note(&'a str),
    /// The report that the caller writes at [`Kept::report`] afterwards.
    Report,
}

/// A master that was replaced.
pub(super) struct Kept {
    /// Where it is.
    pub path: PathBuf,
}

impl Kept {
    fn new(folder: &Path, stamp: &str) -> Self {
        Self { path: folder.join(format!("master_{stamp}.csv")) }
    }

    /// The backup's name without what all backups have in common.
    fn stamp(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        stem.trim_start_matches("master_").to_owned()
    }

    /// Where the report on what replaced it belongs.
    pub fn report(&self) -> PathBuf {
        self.path.with_file_name(format!("照会結果_{}.xlsx", self.stamp()))
    }

    /// Where the note on what replaced it belongs.
    fn note(&self) -> PathBuf {
        self.path.with_file_name(format!("記録_{}.txt", self.stamp()))
    }

    /// Removes what turned out to be no backup: the master is still the same.
    fn forget(&self) {
        let _ = files::remove(&self.path);
        let _ = files::remove(&self.note());
    }
}

impl PlanFolder {
    /// Where the masters are kept that were replaced.
    pub fn backup(&self) -> PathBuf {
        self.path().join(BACKUP)
    }

    /// The names of the backups, the newest last; none where they cannot be listed.
    pub fn backups(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.backup()).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut all: Vec<(Stamp, String)> = names.filter_map(|name| Some((stamp(&name)?, name))).collect();
        all.sort();
        all.into_iter().map(|(_, name)| name).collect()
    }

    /// The backup that the master is to be compared with: the newest that collecting replaced,
    /// else the oldest.
    pub(super) fn compared_backup(&self) -> Option<PathBuf> {
        let backup = Path::new(BACKUP);
        let mut all: Vec<PathBuf> = self.backups().iter().map(|name| backup.join(name)).collect();
        let has_note = |path: &PathBuf| files::exists(&Kept { path: self.path().join(path) }.note());
        let at = all.iter().rposition(|path| !has_note(path)).unwrap_or(0);
        (at < all.len()).then(|| all.swap_remove(at))
    }

    /// Takes the plan and its backups, to replace the master. What a run that was stopped left
    /// of either is tidied, and told. `may_lead_out` is as of [`own_folder`](Self::own_folder).
    ///
    /// # Errors
    /// Says who has it, where it is taken.
    pub(super) fn lock_for_change(&self, locks: &mut Locks<'_>, may_lead_out: bool) -> Result<()> {
        let backup = self.backup();
        self.own_folder(&backup, may_lead_out)?;
        let was_stopped = self.lock(locks, may_lead_out)?;
        if backup.is_dir() {
            locks.add(&backup)?;
            for path in files::left_over(&backup)? {
                let _ = files::remove(&path);
            }
        }
        let newest = self.backups().pop().filter(|_| was_stopped);
        let Some(kept) = newest.map(|name| Kept { path: backup.join(name) }) else { return Ok(()) };
        if files::exists(&kept.report()) {
            return Ok(());
        }
        if files::read(&kept.path, files::LARGEST_MASTER).ok() == Some(self.master_bytes()?) {
            // It was stopped before it replaced anything, and this was its own.
            kept.forget();
        } else if !files::exists(&kept.note()) {
            locks.tell(&format!(
                "前回の取り込みは、マスタを書き換えた後に停止し、照会結果を残していません。取り込む前のマスタは{}です。",
                paths::shown(&kept.path)
            ));
        }
        Ok(())
    }

    /// Keeps the master, which was read as `previous`, and replaces it. The plan must be taken.
    ///
    /// # Errors
    /// A file that cannot be written; [`Failure::Changed`] where the master is another by now.
    pub(super) fn replace_master(
        &self,
        previous: &[u8],
        bytes: &[u8],
        account: &Account<'_>,
        now: NaiveDateTime,
    ) -> super::Result<Kept> {
        let (master, backup) = (self.real_master()?, self.backup());
        reason::refuse_read_only(&master)?;
        let stamp = now.format("%Y%m%d-%H%M%S").to_string();
        // Two runs in one second must not share a backup.
        for at in 1..=MOST_BACKUPS {
            let stamp = if at == 1 { stamp.clone() } else { format!("{stamp}-{at}") };
            let kept = Kept::new(&backup, &stamp);
            if !files::create(&kept.path, previous)? {
                continue;
            }
            let noted = match account {
                Account::Note(text) => files::replace(&kept.note(), &plain(text)),
                Account::Report => Ok(()),
            };
            let Err(error) = noted.and_then(|()| swap::swap(&master, previous, bytes, &kept.path)) else {
                return Ok(kept);
            };
            // Nothing has to be kept where nothing was replaced, which is seen, not concluded.
            let found = files::read(&master, files::LARGEST_MASTER).ok();
            if found.as_deref() == Some(previous) {
                kept.forget();
            }
            return Err(match found {
                Some(found) if found != previous && found != bytes => Failure::Changed(error),
                _ => error.into(),
            });
        }
        Err(anyhow!("フォルダー{}に控えが多すぎます", paths::shown(&backup)).into())
    }
}

/// A text for a plain editor: UTF-8 that says so, and the line ends of Windows.
fn plain(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{}", text.replace('\n', "\r\n")).into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_this_programs_backups_have_a_stamp() {
        let at = |number| Some(("20260202-101500".to_owned(), number));
        assert_eq!(stamp("master_20260202-101500.csv"), at(1));
        assert_eq!(stamp("master_20260202-101500-12.csv"), at(12));
        assert!(at(1) < at(2) && at(2) < at(12));
        for name in
            ["master_議会提出版.csv", "master_20260202-101500写し.csv", "master_20260202.csv", "master.csv"]
        {
            assert_eq!(stamp(name), None, "{name}");
        }
    }
}
