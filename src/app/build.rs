//! The council documents.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::anyhow;
use chrono::NaiveDate;
use serde::Serialize;

use super::choice::of_edition;
use super::{Choice, Failure, Observer, PlanFolder, Remedy, Result, as_path};
use crate::check;
use crate::documents::{self, DocumentFile, Ingredients, Wanted};
use crate::finding::Findings;
use crate::named_file::{MediaType, NamedFile};
use crate::plan::{FiscalYear, Plan};
use crate::render::pdf;
use crate::storage::{files, set};

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Request {
    /// The plan's folder.
    pub plan: PathBuf,
    /// Which documents, and with which template.
    pub choice: Choice,
    /// Actuals up to this year; the latest with one where none is named.
    pub year: Option<FiscalYear>,
    /// The documents' date, in place of the plan's own.
    pub date: Option<NaiveDate>,
    /// The date in the files' properties, where no other is named.
    pub today: NaiveDate,
    /// Marks the title with （案）, whatever the plan says.
    pub draft: bool,
    /// In which forms.
    pub wanted: Wanted,
    /// The folder they are written to.
    pub out: PathBuf,
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Actuals are printed up to this year.
    pub year: FiscalYear,
    /// How long it took.
    pub seconds: f64,
    /// The files.
    pub files: Vec<Written>,
    /// What is worth knowing of the data.
    pub findings: Findings,
}

/// A file that was written.
#[derive(Debug, Serialize)]
pub struct Written {
    /// Where it is.
    #[serde(serialize_with = "as_path")]
    pub path: PathBuf,
    /// The document it belongs to; `None` for the data of all.
    pub document: Option<String>,
    /// How large it is.
    pub bytes: usize,
    /// How many pages a PDF has.
    pub pages: Option<usize>,
    /// What stood in its place.
    #[serde(skip)]
    pub before: Before,
}

/// What stood in the place of a file before it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// The same, byte for byte.
    Same,
    /// Something else.
    Other {
        /// How large it was.
        bytes: u64,
        /// How many pages it had, where it was a PDF that can be read.
        pages: Option<usize>,
    },
}

impl Before {
    /// What stands where `file` is to be written.
    fn of(folder: &Path, file: &NamedFile) -> Self {
        let path = folder.join(&file.name);
        let Some((_, bytes)) = files::stamp(&path) else { return Self::Nothing };
        let old = files::read(&path, files::LARGEST_PDF).ok();
        if old.as_ref() == Some(&file.bytes) {
            return Self::Same;
        }
        let pages = old.filter(|_| is_pdf(file)).and_then(|old| pdf::page_count(&old));
        Self::Other { bytes, pages }
    }
}

fn is_pdf(file: &NamedFile) -> bool {
    MediaType::of(&file.name) == Some(MediaType::Pdf)
}

/// Makes the documents and puts them in place, all of them or none.
///
/// # Errors
/// A master with errors; a file that cannot be opened or written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let began = Instant::now();
    observer.step("マスタを読んでいます")?;
    let folder = PlanFolder::open(&request.plan)?;
    let (loaded, designs, mut findings) = folder.examine(&request.choice)?.whole()?;

    observer.step("紙面を組んでいます")?;
    let settings = &loaded.settings;
    let year = edition(request.year, &loaded.master.plan)?;
    let designs = of_edition(designs, year, &request.choice)?;
    findings.append(check::edition(&loaded.master, year));
    let mut wanted = documents::Request::new(settings, year, request.date, request.today);
    wanted.draft |= request.draft;
    let from = Ingredients { master: &loaded.master, settings, designs: &designs };
    let set = documents::set(&from, &wanted).map_err(|faults| Failure::from(faults).after(&findings))?;
    findings.append(set.findings.clone());

    observer.step("ファイルを作っています")?;
    let drawn = documents::draw(&set, settings, year, request.wanted)?;
    let (products, of): (Vec<NamedFile>, Vec<_>) =
        drawn.into_iter().map(|DocumentFile { file, document }| (file, document)).unzip();

    observer.step("書き込んでいます")?;
    let before: Vec<Before> = products.iter().map(|file| Before::of(&request.out, file)).collect();
    set::write(&request.out, &products, "build", &|line| observer.notice(line))?;
    let files = products.iter().zip(of).zip(before).map(|((file, of), before)| Written {
        path: request.out.join(&file.name),
        document: of.map(|document| document.name().to_owned()),
        bytes: file.bytes.len(),
        pages: of.filter(|_| is_pdf(file)).map(|document| document.document.page_count()),
        before,
    });
    Ok(Report { year, files: files.collect(), seconds: began.elapsed().as_secs_f64(), findings })
}

/// The edition asked for, or the latest year with an actual.
///
/// # Errors
/// A year the master has no column for.
pub(super) fn edition(asked: Option<FiscalYear>, plan: &Plan) -> anyhow::Result<FiscalYear> {
    let year = asked.or_else(|| plan.usual_year());
    let year = year.ok_or_else(|| anyhow!("マスタに年度の列がありません"))?;
    in_master(year, plan)?;
    Ok(year)
}

/// Makes sure that the master has a column for a year.
///
/// # Errors
/// Names those that it has.
pub(super) fn in_master(year: FiscalYear, plan: &Plan) -> anyhow::Result<()> {
    if plan.years.contains(&year) {
        return Ok(());
    }
    Err(Remedy::Year(plan.years.clone()).of(format!("{}はマスタにありません", year.long())))
}
