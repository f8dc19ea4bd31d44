//! How much of a plan is otherwise than in what is kept of it.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::{PlanFolder, Result, diff};
use crate::plan::FiscalYear;

/// What is to be compared.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// Actuals are compared up to this year.
    pub year: FiscalYear,
    /// The day.
    pub today: NaiveDate,
}

/// How much has changed since a master was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// That master, from the plan's folder: `archive/R4/master.csv`.
    pub name: String,
    /// How many things have changed.
    pub changes: usize,
}

/// Counts what has changed since the newest backup and since the newest archived edition,
/// as far as there are any that can be compared with.
///
/// # Errors
/// A plan that cannot be read.
pub fn run(request: &Request) -> Result<Vec<Since>> {
    let folder = PlanFolder::open(&request.plan)?;
    let (loaded, _) = folder.load()?;
    let since = folder.former(&loaded.settings).into_iter().filter_map(|former| {
        let compared = diff::Request {
            old: folder.path().join(&former.name),
            new: folder.path().to_path_buf(),
            out: None,
            year: Some(request.year),
            date: None,
            today: request.today,
        };
        let changes = diff::run(&compared, &()).ok()?.changes.len();
        Some(Since { name: former.name, changes })
    });
    Ok(since.collect())
}
