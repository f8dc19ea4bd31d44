//! How far a plan is with a year: what the first page shows.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{NaiveDate, NaiveDateTime};

use super::backup::stamp;
use super::{Choice, Failure, Loaded, PlanFolder, Result, distribute};
use crate::archive::{self, Manifest};
use crate::documents::file_name;
use crate::exchange::{self, DepartmentStatus, is_letter_file};
use crate::file_name::is_only_shown;
use crate::finding::{Findings, Severity};
use crate::named_file::MediaType;
use crate::plan::FiscalYear;
use crate::settings::Settings;
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
    /// Whether those of the year are made.
    pub issue: Issue,
    /// How far the departments are that are asked for the year, in the order of the plan. `None`
    /// where the master has errors: nobody's answers can be counted.
    pub departments: Option<Vec<DepartmentStatus>>,
    /// The forms that are made for them.
    pub forms: Forms,
    /// The newest edition of the archive.
    pub last_edition: Kept,
    /// The newest edition of the year.
    pub edition_of_year: Kept,
    /// When the master was last replaced.
    pub last_backup: Option<NaiveDateTime>,
    /// What was made, the newest first, but for letters.
    pub files: Vec<Made>,
    /// How many letters to departments lie beside it.
    pub letters: usize,
}

/// Whether the documents of a year are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// Some are not.
    Missing {
        /// How many are.
        made: usize,
        /// How many there are to be.
        all: usize,
    },
    /// One is older than the master, the settings or its template.
    Older,
    /// All are, from what is there now.
    Current,
}

/// The forms of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forms {
    /// How many departments have one.
    pub made: usize,
    /// How many are asked.
    pub all: usize,
    /// When the last was made.
    pub last: Option<NaiveDateTime>,
}

/// What an archive has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// No edition.
    None,
    /// An edition with all of its files.
    Whole(Edition),
    /// The archive or its edition cannot be opened, or files are missing.
    Damaged,
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
    /// It is a document of the year, and what it is made from has been written since.
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
        // An error beside the master keeps no answer from being counted.
        let is_whole = !findings.has_errors() || folder.load_whole().is_ok();
        within(&folder, &loaded, is_whole, request, &mut overview);
    }
    Ok(overview)
}

/// What is known without the plan's data.
fn beside(folder: &PlanFolder, request: &Request, findings: &Findings) -> Overview {
    let (letters, files): (Vec<Made>, Vec<Made>) =
        made(&request.out).into_iter().partition(|made| is_letter_file(&paths::name_of(&made.path)));
    let settings = folder.settings().ok().map(|(settings, _)| settings);
    Overview {
        name: settings.as_ref().map_or_else(|| paths::name_of(folder.path()), |own| own.plan.name.clone()),
        city: settings.as_ref().map(|own| own.plan.city.clone()).unwrap_or_default(),
        years: Vec::new(),
        year: None,
        errors: findings.count(Severity::Error),
        warnings: findings.count(Severity::Warning),
        documents: settings.into_iter().flat_map(|own| own.documents).map(|one| one.name).collect(),
        issue: Issue::Missing { made: 0, all: 0 },
        departments: None,
        forms: Forms::default(),
        last_edition: kept(folder.newest_edition()),
        edition_of_year: Kept::None,
        last_backup: folder.backups().last().and_then(|name| time_of(name)),
        files,
        letters: letters.len(),
    }
}

/// What the plan's data says.
fn within(folder: &PlanFolder, loaded: &Loaded, is_whole: bool, request: &Request, overview: &mut Overview) {
    let plan = &loaded.master.plan;
    overview.years = plan.years.clone();
    let named = request.year.filter(|year| plan.years.contains(year));
    overview.year = named.or_else(|| plan.usual_year());
    let Some(year) = overview.year else { return };
    overview.edition_of_year = kept(folder.newest_edition_of(year));
    overview.forms = forms(loaded, year, request);
    overview.departments = is_whole.then(|| departments(loaded, year, request.today));
    let issued = issued(folder, &loaded.settings, year, &request.out);
    overview.issue = issue(&issued);
    let older: Vec<&PathBuf> = issued.iter().flat_map(|document| &document.older).collect();
    for made in &mut overview.files {
        made.is_older = older.contains(&&made.path);
    }
}

/// A document of a year, as it lies in the folder of files.
struct Issued {
    /// It is there, as a PDF or as a workbook.
    is_made: bool,
    /// Its files that something they are made from is newer than.
    older: Vec<PathBuf>,
}

/// The documents that the edition of a year has.
fn issued(folder: &PlanFolder, settings: &Settings, year: FiscalYear, out: &Path) -> Vec<Issued> {
    let of_year = settings.documents.iter().filter(|document| document.is_of(year));
    let issued = of_year.map(|document| {
        let sources = [folder.master_path(), folder.settings_path()].into_iter();
        let sources = sources.chain(folder.template_path(settings, document));
        let newest = sources.filter_map(|path| written(&path)).max();
        let names = [MediaType::Pdf, MediaType::Workbook]
            .map(|media_type| out.join(file_name(settings, &document.name, year, media_type)));
        let is_made = names.iter().any(|path| path.is_file());
        let is_older = |path: &PathBuf| written(path).zip(newest).is_some_and(|(time, newest)| time < newest);
        Issued { is_made, older: names.into_iter().filter(is_older).collect() }
    });
    issued.collect()
}

fn issue(documents: &[Issued]) -> Issue {
    let made = documents.iter().filter(|document| document.is_made).count();
    if made == 0 || made < documents.len() {
        Issue::Missing { made, all: documents.len() }
    } else if documents.iter().any(|document| !document.older.is_empty()) {
        Issue::Older
    } else {
        Issue::Current
    }
}

/// Which departments have a form: the second or third of one is none of another's.
fn forms(loaded: &Loaded, year: FiscalYear, request: &Request) -> Forms {
    let files = made(&request.forms);
    let wanted = distribute::named_forms(loaded, year, request.today);
    let of = |name: &str| -> Vec<&Made> {
        files.iter().filter(|made| is_numbered(&paths::name_of(&made.path), name)).collect()
    };
    let made: Vec<Vec<&Made>> =
        wanted.iter().map(|(_, name)| of(name)).filter(|files| !files.is_empty()).collect();
    let last = made.iter().flatten().filter_map(|made| made.time).max();
    Forms { made: made.len(), all: wanted.len(), last }
}

/// Whether a file is `表.xlsx`, or one that was written beside it, such as `表（2）.xlsx`.
fn is_numbered(file: &str, name: &str) -> bool {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let rest = file.strip_prefix(stem).and_then(|rest| rest.strip_suffix(extension)?.strip_suffix('.'));
    let number = |rest: &str| rest.strip_prefix('（')?.strip_suffix('）')?.parse::<u32>().ok();
    rest.is_some_and(|rest| rest.is_empty() || number(rest).is_some())
}

/// How far the departments are, as collecting says before anything came back.
fn departments(loaded: &Loaded, year: FiscalYear, today: NaiveDate) -> Vec<DepartmentStatus> {
    let Loaded { master, settings, .. } = loaded;
    let request = exchange::Request {
        master,
        settings,
        year: Some(year),
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today,
    };
    exchange::collect(request, &[]).departments
}

/// What there is in a folder of the archive.
fn kept(folder: anyhow::Result<Option<PathBuf>>) -> Kept {
    match folder {
        Ok(None) => Kept::None,
        Ok(Some(folder)) => edition(folder).map_or(Kept::Damaged, Kept::Whole),
        Err(_) => Kept::Damaged,
    }
}

/// An edition by its record; `None` where that cannot be read, or a file is not as long as it says.
fn edition(folder: PathBuf) -> Option<Edition> {
    let record = files::read(&folder.join(archive::MANIFEST), archive::LARGEST_TEXT).ok()?;
    let record = Manifest::read(&record).ok()?;
    let length = |name: &str| std::fs::metadata(folder.join(name)).ok().map(|data| data.len());
    let is_whole = record.files.iter().all(|file| length(&file.name) == u64::try_from(file.size).ok());
    is_whole.then(|| Edition {
        year: record.fiscal_year(),
        edition: record.edition,
        date: record.date,
        folder,
    })
}

/// When a backup was made.
fn time_of(name: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(&stamp(name)?.0, "%Y%m%d-%H%M%S").ok()
}

/// When a file was last written.
fn written(path: &Path) -> Option<SystemTime> {
    files::stamp(path).map(|(time, _)| time)
}

/// The newest files in a folder; none where it cannot be opened.
fn made(folder: &Path) -> Vec<Made> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    // What could be run when it is opened, nothing of this program has made.
    let is_shown = |name: &str| !name.starts_with('.') && is_only_shown(name);
    let shown = entries.filter(|entry| is_shown(&entry.file_name().to_string_lossy()));
    let files = shown.filter_map(|entry| {
        let data = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let time = data.modified().ok().and_then(files::local_time);
        Some(Made { path: entry.path(), time, bytes: data.len(), is_older: false })
    });
    let mut files: Vec<Made> = files.collect();
    files.sort_by(|one, other| other.time.cmp(&one.time).then_with(|| one.path.cmp(&other.path)));
    files.truncate(MOST_FILES);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_file_of_a_department_is_none_of_another() {
        let name = "R4実績照会_企画.xlsx";
        assert!(is_numbered(name, name) && is_numbered("R4実績照会_企画（2）.xlsx", name));
        for other in ["R4実績照会_企画課.xlsx", "R4実績照会_企画（案）.xlsx", "R4実績照会_企画.csv"]
        {
            assert!(!is_numbered(other, name), "{other}");
        }
    }

    #[test]
    fn a_set_is_made_when_every_document_is() {
        let document = |is_made: bool, older: &[&str]| Issued {
            is_made,
            older: older.iter().map(PathBuf::from).collect(),
        };
        let (current, missing) = (|| document(true, &[]), || document(false, &[]));
        assert_eq!(issue(&[current(), missing()]), Issue::Missing { made: 1, all: 2 });
        assert_eq!(issue(&[]), Issue::Missing { made: 0, all: 0 });
        assert_eq!(issue(&[current(), document(true, &["一覧.pdf"])]), Issue::Older);
        assert_eq!(issue(&[current(), current()]), Issue::Current);
    }
}
