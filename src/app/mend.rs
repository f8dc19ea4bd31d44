//! One cell of the master, edited where it is shown.
//!
//! Only the bytes of this cell change, and only where the master is still the one that was
//! shown. A master with errors is mended cell after cell, so an edit may leave errors and bring
//! others; but what cannot be read at all could not be mended here any more.

use std::path::PathBuf;

use anyhow::anyhow;
use chrono::NaiveDateTime;

use super::backup::Account;
use super::{Failure, Observer, PlanFolder, Result};
use crate::archive::Hash;
use crate::finding::{Findings, Place};
use crate::master::{Column, Source};
use crate::plan::Row;
use crate::storage::lock::Locks;

/// What is to be edited.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// The row of the cell.
    pub row: Row,
    /// The column of the cell.
    pub column: Column,
    /// What the cell says, as it was shown.
    pub old: String,
    /// What it is to say.
    pub new: String,
    /// The master as it was shown.
    pub seen: Hash,
    /// The backups may lie outside of the plan's folder.
    pub follow_links: bool,
    /// The time by which a backup is named.
    pub now: NaiveDateTime,
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    /// Where the cell is.
    pub place: Place,
    /// The master as it was before; `None` where nothing has changed.
    pub backup: Option<PathBuf>,
    /// The master as it is now.
    pub master: Hash,
    /// What is wrong with it, errors and warnings.
    pub findings: Findings,
}

/// Edits the cell.
///
/// # Errors
/// [`Failure::Changed`] where the master or the cell is not what was shown; a text that the
/// master's file cannot hold, or with which it cannot be read; a file that cannot be opened or
/// written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let tell = |line: &str| observer.notice(line);
    let mut locks = Locks::new("セルの修正", &tell);
    folder.lock_for_change(&mut locks, request.follow_links)?;
    let (loaded, _) = folder.load()?;
    let source = &loaded.master.source;
    let (row, column) = (request.row, request.column);
    if Hash::of(source.bytes()) != request.seen || source.cell(row, column) != request.old {
        return Err(Failure::changed());
    }
    let bytes = source.rewrite(&[(row, column, request.new.clone())])?;
    let after = folder.examine_with(&bytes)?;
    refuse_side_effects(source, &after.loaded.master.source, (row, column))?;

    observer.step("書き込んでいます")?;
    let place = source.place(row, column);
    let note = format!(
        "{}\n{place}を書き換えました。\n\n書き換える前:\n{}\n\n書き換えた後:\n{}\n",
        request.now.format("%Y-%m-%d %H:%M:%S"),
        request.old,
        request.new
    );
    let backup = match bytes == source.bytes() {
        true => None,
        false => {
            let account = Account::Note(&note);
            Some(folder.replace_master(source.bytes(), &bytes, &account, request.now)?.path)
        }
    };
    Ok(Report { place, backup, master: Hash::of(&bytes), findings: after.findings })
}

/// Makes sure that all other cells still say what they said: the bytes of one can change how a
/// file is read.
fn refuse_side_effects(before: &Source, after: &Source, edited: (Row, Column)) -> anyhow::Result<()> {
    fn others(of: &Source, but: (Row, Column)) -> impl Iterator<Item = (Row, Column, &str)> {
        of.cells().filter(move |(row, column, _)| (*row, *column) != but)
    }
    match others(before, edited).eq(others(after, edited)) {
        true => Ok(()),
        false => Err(anyhow!(
            "この内容では、ほかのセルの読み取りも変わるため、書き換えていません。文字を確認してください"
        )),
    }
}
