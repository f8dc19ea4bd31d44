//! 「作る」

mod made;
mod template;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::{get, post};

use super::found::Found;
use super::sent::Sent;
use super::{Asked, apart};
use crate::app::{Choice, Loaded, PlanFolder, build};
use crate::documents::Wanted;
use crate::finding::{Finding, Findings, Severity};
use crate::plan::FiscalYear;
use crate::settings::PlanDocument;
use crate::storage::paths;
use crate::window::answer::{Answer, Problem, drawn, said_of, see};
use crate::window::jobs::{self, Order};
use crate::window::page::{Notice, Page, Step, out};
use crate::window::state::{Shared, Window};

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    let router = router.route("/p/{plan}/build", get(show).post(make));
    let router = router.route("/p/{plan}/build/template", get(template::show));
    router.route("/p/{plan}/build/sample", post(template::make))
}

/// The page.
#[derive(Template)]
#[template(path = "build.html")]
struct BuildPage {
    page: Page,
    /// The ID of the plan.
    plan: String,
    /// `?year=R4`; empty where no year is known.
    asked: String,
    /// `None` for a plan that cannot be read; the frame says why.
    form: Option<BuildForm>,
}

/// What can be chosen.
struct BuildForm {
    years: Vec<YearChoice>,
    documents: Vec<DocumentRow>,
    /// The plan's date; empty for none.
    date: String,
    is_draft: bool,
    /// What was found, of which errors forbid all documents.
    found: Found,
    is_blocked: bool,
}

impl BuildForm {
    fn has_faulty_document(&self) -> bool {
        self.documents.iter().any(|document| document.faults > 0)
    }
}

struct YearChoice {
    /// `R4`
    value: String,
    /// 「令和4年度」
    text: String,
    is_chosen: bool,
}

struct DocumentRow {
    /// Which of the plan's documents, from 0.
    at: usize,
    name: String,
    /// The name of its template's file.
    template: String,
    /// How many errors keep it from being made: of its template, or of its pages.
    faults: usize,
    /// 「R4、R5」: the only editions that have it; empty for all.
    editions: String,
    is_ticked: bool,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        // Whether the documents can be made is known when they are laid out; the frame counts it too.
        let laid_out = window.previews.of(window.today(), &folder, asked.year()).ok();
        let mut page = Page::of(&window, &folder, Step::Build.name(), Some(Step::Build), asked.year())?;
        let year = page.year();
        let form = match &folder.examine(&Choice::default()) {
            Ok(examined) => {
                let findings = laid_out.as_ref().map_or(&examined.findings, |pages| &pages.findings);
                Some(form(&examined.loaded, findings, year))
            }
            Err(failure) => {
                // What keeps the frame from its plan, it has said itself.
                if page.notices.is_empty() {
                    page.notices.extend(said_of(failure).into_iter().map(Notice::error));
                }
                None
            }
        };
        let asked = year.map(|year| format!("?year={year}")).unwrap_or_default();
        drawn(&BuildPage { page, plan, asked, form })
    })
    .await
}

fn form(loaded: &Loaded, findings: &Findings, year: Option<FiscalYear>) -> BuildForm {
    let Loaded { settings, master, .. } = loaded;
    let errors = || findings.iter().filter(|finding| finding.severity() == Severity::Error);
    let faults_of = |document: &str, template: &str| {
        let is_its = |file: &str| !template.is_empty() && file == template;
        let is_of_template =
            |finding: &Finding| finding.place.as_ref().is_some_and(|place| is_its(&place.file));
        let is_of_pages = |finding: &Finding| finding.document.as_deref() == Some(document);
        errors().filter(|finding| is_of_template(finding) || is_of_pages(finding)).count()
    };
    let row = |(at, document): (usize, &PlanDocument)| {
        let template = settings.template_of(document).map(paths::name_of).unwrap_or_default();
        let faults = faults_of(&document.name, &template);
        let is_of_year = year.is_none_or(|year| document.is_of(year));
        let editions: Vec<String> = document.editions.iter().map(FiscalYear::to_string).collect();
        DocumentRow {
            at,
            name: document.name.clone(),
            faults,
            editions: editions.join("、"),
            is_ticked: is_of_year && faults == 0,
            template: if template.is_empty() { template::OFFICIAL.to_owned() } else { template },
        }
    };
    let documents: Vec<DocumentRow> = settings.documents.iter().enumerate().map(row).collect();
    let choice = |other: &FiscalYear| YearChoice {
        value: other.to_string(),
        text: other.long(),
        is_chosen: Some(*other) == year,
    };
    let is_of_template = |file: &str| documents.iter().any(|document| document.template == file);
    // What keeps one of several documents from being made keeps no other.
    let is_blocked = errors()
        .filter(|error| error.document.is_none())
        .any(|error| !error.place.as_ref().is_some_and(|place| is_of_template(&place.file)));
    BuildForm {
        years: master.plan.years.iter().map(choice).collect(),
        documents,
        date: settings.document.date.map(|date| date.to_string()).unwrap_or_default(),
        is_draft: settings.document.draft,
        found: Found::of(findings),
        is_blocked,
    }
}

/// Makes the documents: a job.
async fn make(State(window): State<Shared>, Path(plan): Path<String>, Form(sent): Form<Sent>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let request = request(&window, &folder, &sent)?;
        let order = Order {
            title: "文書を作る".to_owned(),
            plan: plan.clone(),
            step: Step::Build,
            year: request.year,
        };
        let work = move |window: &Shared, observer: &dyn crate::app::Observer| {
            made::run(window, &plan, &request, observer)
        };
        see(&jobs::begin(&window, order, work)?)
    })
    .await
}

/// What a form asks for.
///
/// # Errors
/// No document; what is no year or date.
fn request(window: &Window, folder: &PlanFolder, sent: &Sent) -> Result<build::Request, Problem> {
    let documents = sent.all("document");
    if documents.is_empty() {
        return Err(Problem::Unclear("作る文書を1つ以上選んでください。".to_owned()));
    }
    Ok(build::Request {
        plan: folder.path().to_path_buf(),
        choice: Choice { documents, template: None },
        year: sent.year()?,
        date: sent.date("date", "文書の日付")?,
        today: window.today(),
        draft: sent.one("draft").is_some(),
        wanted: match sent.one("only") {
            Some("pdf") => Wanted::Pdf,
            Some("xlsx") => Wanted::Workbook,
            _ => Wanted::All,
        },
        out: out(folder.path()),
    })
}
