//! The template of a document: what is wrong with it, and how its pages look.

use std::path::PathBuf;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use serde::Deserialize;

use crate::app::preview::PreviewDocument;
use crate::app::template::check::{self, Summary};
use crate::app::template::show as sample;
use crate::app::{Observer, PlanFolder};
use crate::file_name::document_file_name;
use crate::plan::FiscalYear;
use crate::storage::paths;
use crate::window::answer::{Answer, Problem, drawn, see};
use crate::window::jobs::{self, Order};
use crate::window::page::{Page, Step, out};
use crate::window::pages::apart;
use crate::window::pages::found::Found;
use crate::window::pages::sent::Sent;
use crate::window::state::Shared;

/// The name of the official template.
pub const OFFICIAL: &str = "official.toml";

/// So many pages of a sample are drawn; the PDF has them all.
const MOST_DRAWN: usize = 10;

/// Which document's.
#[derive(Debug, Deserialize)]
pub struct Which {
    /// Which of the plan's documents, from 0.
    #[serde(default)]
    document: usize,
    year: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "template.html")]
struct TemplatePage {
    page: Page,
    plan: String,
    at: usize,
    document: String,
    name: String,
    /// How many pages the plan has with it; `None` where it was not laid out.
    pages: Option<usize>,
    summary: Option<Summary>,
    has_errors: bool,
    found: Found,
    /// Its pages with the names of what stands on them, drawn, each with what it is called; at most
    /// [`MOST_DRAWN`].
    sample: Vec<(String, String)>,
    /// How many pages the sample has.
    sample_pages: usize,
    year: Option<FiscalYear>,
}

/// A sample that was made.
#[derive(Template)]
#[template(path = "template_done.html")]
struct Made {
    token: String,
    id: String,
    name: String,
    pages: usize,
    again: String,
}

/// The file of a document's template, and the document's name.
fn template_of(folder: &PlanFolder, at: usize) -> Result<(PathBuf, String), Problem> {
    let (loaded, _) = folder.load()?;
    let document = loaded.settings.documents.get(at).ok_or(Problem::Missing)?;
    let path = folder.template_path(&loaded.settings, document);
    Ok((path.unwrap_or_else(|| PathBuf::from(OFFICIAL)), document.name.clone()))
}

pub async fn show(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Query(which): Query<Which>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let (file, document) = template_of(&folder, which.document)?;
        let name = paths::name_of(&file);
        // What is wrong with it, the check says.
        let (sample, sample_pages) = sample::preview(&file, Some(folder.path()))
            .and_then(|sample| Ok((drawn_pages(&sample)?, sample.page_count())))
            .unwrap_or_default();
        let request = check::Request { file, plan: Some(folder.path().to_path_buf()), today: window.today() };
        let report = check::run(&request, &())?;
        let year = which.year.as_deref().and_then(FiscalYear::parse);
        let page = Page::of(&window, &folder, "様式", Some(Step::Build), year)?;
        drawn(&TemplatePage {
            page,
            plan,
            at: which.document,
            document,
            name,
            pages: report.pages,
            has_errors: report.findings.has_errors(),
            found: Found::of(&report.findings),
            summary: report.template,
            sample,
            sample_pages,
            year,
        })
    })
    .await
}

/// The first pages, each as an element.
fn drawn_pages(sample: &PreviewDocument) -> crate::app::Result<Vec<(String, String)>> {
    let page = |at: usize| {
        let name = sample.page_name(at).unwrap_or_default();
        sample.svg(at, &|_| None).map(|svg| svg.map(|svg| (name, svg)))
    };
    (0..sample.page_count().min(MOST_DRAWN)).map(page).filter_map(crate::app::Result::transpose).collect()
}

/// Makes the sample: a job.
pub async fn make(State(window): State<Shared>, Path(plan): Path<String>, Form(sent): Form<Sent>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let at = sent.one("document").and_then(|at| at.parse().ok()).unwrap_or_default();
        let (file, _) = template_of(&folder, at)?;
        let year = sent.year()?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let request = sample::Request {
            file,
            plan: Some(folder.path().to_path_buf()),
            out: Some(out(folder.path()).join(document_file_name(&stem, "_様式の見本", ".pdf"))),
            today: window.today(),
        };
        let order =
            Order { title: "様式の見本".to_owned(), plan: plan.clone(), step: Step::Build, year };
        let again = format!("/p/{plan}/build/template?document={at}");
        let work = move |window: &Shared, observer: &dyn Observer| {
            let report = sample::run(&request, observer)?;
            let made = Made {
                token: window.token.text().to_owned(),
                id: window.file_id(&report.file)?,
                name: paths::name_of(&report.file),
                pages: report.pages,
                again,
            };
            Ok(made.render().map_err(anyhow::Error::from)?)
        };
        see(&jobs::begin(&window, order, work)?)
    })
    .await
}
