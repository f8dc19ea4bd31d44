//! The pages of a plan's documents and of a department's form, one after the other: as they will
//! be, before any file is made.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::get;
use serde::Deserialize;

use super::apart;
use crate::app::preview::PreviewDocument;
use crate::layout::font::FontFiles;
use crate::plan::FiscalYear;
use crate::window::answer::{Answer, Problem, drawn, typed};
use crate::window::page::{Page, Step};
use crate::window::state::Shared;

/// The addresses of pages, and of the fonts of documents that bring their own.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/paper", get(show)).route("/p/{plan}/fonts/{year}/{document}/{file}", get(font))
}

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    year: Option<String>,
    department: Option<String>,
    d: usize,
    n: usize,
}

/// The page.
#[derive(Template)]
#[template(path = "paper.html")]
struct PaperPage {
    page: Page,
    is_form: bool,
    documents: Vec<(String, String, bool)>,
    fonts: String,
    name: String,
    svg: String,
    before: String,
    after: String,
}

/// The drawn page alone.
#[derive(Template)]
#[template(path = "paper_view.html")]
struct Fragment {
    fonts: String,
    name: String,
    svg: String,
    before: String,
    after: String,
}

/// What the fonts of forms are asked for by, in place of the number of a document.
const FORM: &str = "form";

/// The style sheet that names the fonts of a document of a year's edition; empty where they are
/// the program's own, which every page knows.
pub(super) fn fonts_of(plan: &str, year: FiscalYear, document: &str, fonts: &FontFiles) -> String {
    match *fonts == FontFiles::default() {
        true => String::new(),
        false => format!("/p/{plan}/fonts/{year}/{document}/fonts.css"),
    }
}

/// The families that a drawn page names, with the fonts of a document.
const FONTS: &str = "\
@font-face { font-family: \"jisseki-regular\"; src: url(\"regular\"); }
@font-face { font-family: \"jisseki-bold\"; src: url(\"bold\"); }
@font-face { font-family: \"jisseki-fallback\"; src: url(\"fallback\"); }
";

/// The fonts of a document, as its template names them.
async fn font(
    State(window): State<Shared>,
    Path((plan, year, document, file)): Path<(String, String, String, String)>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let year = FiscalYear::parse(&year).ok_or(Problem::Missing)?;
        let preview = window.previews.of(window.today(), &folder, Some(year))?;
        let fonts = match document.as_str() {
            FORM => preview.form_fonts()?,
            document => {
                let document = document.parse().ok().and_then(|d: usize| preview.documents.get(d));
                document.ok_or(Problem::Missing)?.fonts.clone()
            }
        };
        let bytes = match file.as_str() {
            "fonts.css" => return Ok(typed("text/css; charset=utf-8", FONTS)),
            "regular" => fonts.regular,
            "bold" => fonts.bold,
            "fallback" => fonts.fallback.ok_or(Problem::Missing)?,
            _ => return Err(Problem::Missing),
        };
        Ok(typed("font/ttf", bytes.into_owned()))
    })
    .await
}

async fn show(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let year = asked.year.as_deref().and_then(FiscalYear::parse);
        let preview = window.previews.of(window.today(), &folder, year)?;
        let base = format!("/p/{plan}/paper?year={}", preview.year);
        let form = asked.department.as_deref();
        let form = form.map(|department| preview.form(department, preview.year)).transpose()?;
        let (document, base_of) = match (&form, &asked.department) {
            (Some(form), Some(department)) => {
                (form, format!("{base}&department={}", super::encoded(department)))
            }
            _ => {
                let document = preview.documents.get(asked.d).ok_or(Problem::Missing)?;
                (document, format!("{base}&d={}", asked.d))
            }
        };
        let source = if form.is_some() { FORM.to_owned() } else { asked.d.to_string() };
        let fonts = fonts_of(&plan, preview.year, &source, &document.fonts);
        let Drawn { fonts, name, svg, before, after } = Drawn::of(document, asked.n, &base_of, fonts)?;
        if headers.contains_key("x-fragment") {
            return drawn(&Fragment { fonts, name, svg, before, after });
        }
        let step = if form.is_some() { Step::Distribute } else { Step::Build };
        let title = if form.is_some() { "記入票の紙面" } else { "文書の紙面" };
        let page = Page::of(&window, &folder, title, Some(step), Some(preview.year))?;
        let documents = preview.documents.iter().enumerate();
        let documents = documents.map(|(d, one)| (one.name.clone(), format!("{base}&d={d}"), d == asked.d));
        let documents = documents.collect();
        drawn(&PaperPage { page, is_form: form.is_some(), documents, fonts, name, svg, before, after })
    })
    .await
}

/// A page and its neighbours.
struct Drawn {
    fonts: String,
    name: String,
    svg: String,
    before: String,
    after: String,
}

impl Drawn {
    fn of(document: &PreviewDocument, n: usize, base: &str, fonts: String) -> Result<Self, Problem> {
        let (Some(svg), Some(name)) = (document.svg(n, &|_| None)?, document.page_name(n)) else {
            return Err(Problem::Missing);
        };
        let beside = |n: Option<usize>| {
            let n = n.filter(|n| *n < document.page_count());
            n.map(|n| format!("{base}&n={n}")).unwrap_or_default()
        };
        Ok(Self { fonts, name, svg, before: beside(n.checked_sub(1)), after: beside(Some(n + 1)) })
    }
}
