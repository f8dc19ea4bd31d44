//! A template's pages with the names of what stands on them, as a PDF.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::super::preview::PreviewDocument;
use super::super::{Observer, Result, as_path};
use super::{Opened, loaded, plan_folder, refuse_no_pdf};
use crate::documents::layout_rule;
use crate::file_name::document_file_name;
use crate::finding::{Finding, Findings, Place};
use crate::layout::font::Fonts;
use crate::layout::grid::Document;
use crate::layout::template::sample;
use crate::layout::{self, Options};
use crate::named_file::NamedFile;
use crate::plan::FiscalYear;
use crate::render::{Meta, Program, pdf};
use crate::settings::Settings;
use crate::storage::{paths, set};

/// The folder that it is written to where no file is named.
const OUT: &str = "out";

/// The settings of no plan.
const NO_PLAN: &str = "[plan]\nid = \"見本\"\ncity = \"\"\noffice = \"\"\nname = \"\"\ntitle = \"\"\n";

/// The years of no plan: R3 to R6.
const YEARS: std::ops::RangeInclusive<i32> = 2021..=2024;

/// What is to be shown.
#[derive(Debug, Clone)]
pub struct Request {
    /// The template's file, or the name of one that comes with the program.
    pub file: PathBuf,
    /// The plan whose years and declared columns it has, as for
    /// [`check`](super::check::Request::plan).
    pub plan: Option<PathBuf>,
    /// The PDF; one in `out` that is called after the template where none is named.
    pub out: Option<PathBuf>,
    /// The date in the file's properties.
    pub today: NaiveDate,
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The PDF.
    #[serde(serialize_with = "as_path")]
    pub file: PathBuf,
    /// How many pages it has.
    pub pages: usize,
}

/// Pages with the names of what stands on them.
struct Sample {
    opened: Opened,
    settings: Settings,
    document: Document,
}

impl Sample {
    /// Lays the pages out.
    ///
    /// # Errors
    /// A template with errors, or on whose pages not even names fit; a file that cannot be opened.
    fn of(file: &Path, plan: Option<&Path>, observer: &dyn Observer) -> Result<Self> {
        let folder = plan_folder(plan)?;
        let opened = Opened::read(file)?;
        let read = folder.map(|folder| loaded(&folder, observer)).transpose()?.flatten();
        let (settings, years) = match read {
            Some((plan, _)) => (plan.settings, plan.master.plan.years),
            None => {
                (Settings::read(NO_PLAN.as_bytes(), "plan.toml")?, YEARS.map(FiscalYear::starting).collect())
            }
        };
        let options = Options { draft: false, note: sample::NOTE.to_owned(), year: years.last().copied() };
        let plan = sample::plan(&opened.template, &settings.fields, years);
        let fonts = Fonts::parse(&opened.fonts)?;
        let named = sample::settings(&settings);
        let document = layout::set(&plan, &named, &opened.template, &fonts, &options)
            .map_err(|error| Findings::from(Finding::at(Place::file(&opened.name), layout_rule(&error))))?;
        Ok(Self { opened, settings, document })
    }
}

/// The pages, to be looked at without any file; called after the template.
///
/// # Errors
/// As of [`run`], but for what only writing meets.
pub fn preview(file: &Path, plan: Option<&Path>) -> Result<PreviewDocument> {
    let Sample { opened, document, .. } = Sample::of(file, plan, &())?;
    Ok(PreviewDocument::new(opened.name, document, opened.fonts))
}

/// Makes the PDF.
///
/// # Errors
/// A template with errors, or on whose pages not even names fit; a file that cannot be opened
/// or written.
pub fn run(request: &Request, observer: &dyn Observer) -> Result<Report> {
    let stem = request.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = || Path::new(OUT).join(document_file_name(&stem, "_様式の見本", ".pdf"));
    let file = request.out.clone().unwrap_or_else(name);
    refuse_no_pdf(&file)?;
    let Sample { opened, settings, document } = Sample::of(&request.file, request.plan.as_deref(), observer)?;
    let meta = Meta {
        title: format!("{stem}{}", sample::TITLE),
        author: settings.plan.city.clone(),
        subject: settings.plan.name.clone(),
        keywords: Vec::new(),
        date: request.today,
        program: Program::this(),
    };
    let fonts = Fonts::parse(&opened.fonts)?;
    let written = NamedFile::new(paths::name_of(&file), pdf::to_bytes(&document, &fonts, &meta)?);
    observer.step("書き込んでいます")?;
    set::write(paths::folder_of(&file), &[written], "template show", &|line| observer.notice(line))?;
    Ok(Report { file, pages: document.page_count() })
}
