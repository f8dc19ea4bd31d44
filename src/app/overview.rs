//! How far a plan is with a year: what the first page shows.

use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};

use super::backup::stamp;
use super::{Choice, Failure, Loaded, PlanFolder, Result};
use crate::archive::{self, Manifest};
use crate::exchange;
use crate::file_name::is_only_shown;
use crate::finding::{Findings, Severity};
use crate::plan::FiscalYear;
use crate::storage::{files, paths};

/// More files of a folder are not listed.
const MOST_FILES: usize = 500;

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// The year; the latest with an actual where none is named.
    pub year: Option<FiscalYear>,
    /// The folder that files are made in.
    pub out: PathBuf,
    /// The folder that forms are made in.
    pub forms: PathBuf,
    /// Today.
    pub today: NaiveDate,
}

/// How far a plan is. Of one that cannot be read, only what lies beside it is known.
#[derive(Debug)]
pub struct Overview {
    /// Its name; the folder's, where `plan.toml` cannot be read.
    pub name: String,
    /// Whose it is.
    pub city: String,
    /// The years of the master.
    pub years: Vec<FiscalYear>,
    /// The year that is looked at.
    pub year: Option<FiscalYear>,
    /// How many errors the data has.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// The documents, by their names.
    pub documents: Vec<String>,
    /// How many departments are asked for the year.
    pub departments: usize,
    /// Those of which something is missing, in the order of the plan.
    pub silent: Vec<Silent>,
    /// The newest edition of the archive.
    pub last_edition: Option<Edition>,
    /// The newest edition of the year.
    pub edition_of_year: Option<Edition>,
    /// When the master was last replaced.
    pub last_backup: Option<NaiveDateTime>,
    /// What was made, the newest first.
    pub files: Vec<Made>,
    /// The forms for the departments, and what lies beside them, the newest first.
    pub forms: Vec<Made>,
}

/// A department of which answers are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// Its name.
    pub department: String,
    /// How many rows it is asked.
    pub asked: usize,
    /// How many of them the master has an answer for.
    pub answered: usize,
}

/// An edition in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its folder.
    pub folder: PathBuf,
    /// Its year.
    pub year: FiscalYear,
    /// Which of that year's it is, from 1.
    pub edition: u32,
    /// The documents' date.
    pub date: NaiveDate,
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// When it was last written.
    pub time: Option<NaiveDateTime>,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// Whether the master has been written since.
    pub is_older: bool,
}

/// Looks at the plan.
///
/// # Errors
/// A folder that is none of a plan; a file that cannot be opened.
pub fn run(request: &Request) -> Result<Overview> {
    let folder = PlanFolder::open(&request.plan)?;
    let (loaded, findings) = match folder.examine(&Choice::default()) {
        Ok(examined) => (Some(examined.loaded), examined.findings),
        Err(Failure::Findings(findings)) => (None, findings),
        Err(failure) => return Err(failure),
    };
    let mut overview = beside(&folder, request, &findings);
    if let Some(loaded) = loaded {
        within(&loaded, request, &mut overview);
    }
    overview.edition_of_year =
        overview.year.and_then(|year| folder.newest_edition_of(year)).and_then(edition);
    Ok(overview)
}

/// What is known without the plan's data.
fn beside(folder: &PlanFolder, request: &Request, findings: &Findings) -> Overview {
    let settings = folder.settings().ok().map(|(settings, _)| settings);
    Overview {
        name: settings.as_ref().map_or_else(|| paths::name_of(folder.path()), |own| own.plan.name.clone()),
        city: settings.as_ref().map(|own| own.plan.city.clone()).unwrap_or_default(),
        years: Vec::new(),
        year: None,
        errors: findings.count(Severity::Error),
        warnings: findings.count(Severity::Warning),
        documents: settings.into_iter().flat_map(|own| own.documents).map(|one| one.name).collect(),
        departments: 0,
        silent: Vec::new(),
        last_edition: folder.newest_edition().and_then(edition),
        edition_of_year: None,
        last_backup: folder.backups().last().and_then(|name| time_of(name)),
        files: made(&request.out, &folder.master_path()),
        forms: made(&request.forms, &folder.master_path()),
    }
}

/// What the plan's data says.
fn within(loaded: &Loaded, request: &Request, overview: &mut Overview) {
    let plan = &loaded.master.plan;
    overview.years = plan.years.clone();
    let named = request.year.filter(|year| plan.years.contains(year));
    overview.year = named.or_else(|| plan.latest_reported()).or_else(|| plan.years.last().copied());
    let Some(year) = overview.year else { return };
    let forms = exchange::forms(plan, &loaded.settings, year, request.today);
    overview.departments = forms.len();
    let all = forms.into_iter().map(|form| {
        let asked: Vec<_> = form.rows.iter().filter(|row| !row.is_reference()).collect();
        let answered = asked.iter().filter(|row| row.current.is_reported()).count();
        Silent { asked: asked.len(), answered, department: form.department }
    });
    overview.silent = all.filter(|one| one.answered < one.asked).collect();
}

/// An edition by its record; `None` where that cannot be read.
fn edition(folder: PathBuf) -> Option<Edition> {
    let record = files::read(&folder.join(archive::MANIFEST), archive::LARGEST_TEXT).ok()?;
    let record = Manifest::read(&record).ok()?;
    Some(Edition { year: record.fiscal_year(), edition: record.edition, date: record.date, folder })
}

/// When a backup was made.
fn time_of(name: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(&stamp(name)?.0, "%Y%m%d-%H%M%S").ok()
}

/// The files in a folder; none where it cannot be opened.
fn made(out: &Path, master: &Path) -> Vec<Made> {
    let written = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    let master = written(master);
    let entries = std::fs::read_dir(out).into_iter().flatten().flatten();
    // What could be run when it is opened, nothing of this program has made.
    let is_shown = |name: &str| !name.starts_with('.') && is_only_shown(name);
    let shown = entries.filter(|entry| is_shown(&entry.file_name().to_string_lossy()));
    let files = shown.filter_map(|entry| {
        let data = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let time = data.modified().ok();
        let is_older = time.zip(master).is_some_and(|(time, master)| time < master);
        let path = entry.path();
        Some(Made { path, time: time.and_then(files::local_time), bytes: data.len(), is_older })
    });
    let mut files: Vec<Made> = files.take(MOST_FILES).collect();
    files.sort_by(|one, other| other.time.cmp(&one.time).then_with(|| one.path.cmp(&other.path)));
    files
}
