//! 「作る」

mod made;
mod template;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;

use std::path::Path as FilePath;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::{get, post};

use super::found::Found;
use super::sent::{Sent, or_again};
use super::{Asked, apart};
use crate::app::{Choice, Loaded, PlanFolder, build};
use crate::documents::{Design, Wanted};
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
    /// What the form has sent cannot be understood.
    is_again: bool,
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
    /// 「『KPI評価一覧』はエラーがあるので作れません。ほかの4つは作れます。」; `None` where all can be made.
    fn not_made(&self) -> Option<String> {
        let (faulty, others): (Vec<_>, Vec<_>) = self.documents.iter().partition(|one| one.faults > 0);
        let names: String = faulty.iter().map(|one| format!("『{}』", one.name)).collect();
        let others = match others.len() {
            0 => String::new(),
            count => format!("ほかの{count}つは作れます。"),
        };
        (!faulty.is_empty()).then(|| format!("{names}はエラーがあるので作れません。{others}"))
    }

    /// As what its form has sent has it.
    fn fill(&mut self, sent: &Sent) {
        let ticked = sent.all("document");
        for document in &mut self.documents {
            document.is_ticked = ticked.contains(&document.name);
        }
        for year in &mut self.years {
            year.is_chosen = sent.one("year") == Some(year.value.as_str());
        }
        self.date = sent.one("date").unwrap_or_default().to_owned();
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
    /// Its template's file, as the plan names it.
    template: String,
    /// How many errors keep it from being made: of its template, or of its pages.
    faults: usize,
    /// 「R4、R5」: the only editions that have it; empty for all.
    editions: String,
    is_ticked: bool,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    page(window, plan, asked, None).await
}

/// The page; `again` is what its form has sent, and what of it cannot be understood.
async fn page(window: Shared, plan: String, asked: Asked, again: Option<(Sent, Notice)>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        // Whether the documents can be made is known when they are laid out; the frame counts it too.
        let laid_out = window.previews.of(window.today(), &folder, asked.year()).ok();
        let mut page = Page::of(&window, &folder, Step::Build.name(), Some(Step::Build), asked.year())?;
        let year = page.year();
        let mut form = match &folder.examine(&Choice::default()) {
            Ok(examined) => {
                let findings = laid_out.as_ref().map_or(&examined.findings, |pages| &pages.findings);
                Some(form(&examined.loaded, &examined.designs, findings, year))
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
        let is_again = again.is_some();
        if let Some((sent, why)) = again {
            page.notices.push(why);
            form.iter_mut().for_each(|form| form.fill(&sent));
        }
        drawn(&BuildPage { page, plan, asked, form, is_again })
    })
    .await
}

/// `designs` are those of the documents that can be made.
fn form(loaded: &Loaded, designs: &[Design], findings: &Findings, year: Option<FiscalYear>) -> BuildForm {
    let Loaded { settings, master, .. } = loaded;
    let errors = || findings.iter().filter(|finding| finding.severity() == Severity::Error);
    let is_of_file = |finding: &Finding, template: &str| {
        finding.place.as_ref().is_some_and(|place| place.file == template)
    };
    let row = |(at, document): (usize, &PlanDocument)| {
        let template = settings.template_of(document);
        // Findings name the file only: templates of one name may lie in several folders.
        let is_whole = designs.iter().any(|design| design.document.name == document.name);
        let faulty = template.map(paths::name_of).filter(|_| !is_whole);
        let is_its = |finding: &&Finding| {
            let is_of_pages = finding.document.as_deref() == Some(document.name.as_str());
            is_of_pages || faulty.as_ref().is_some_and(|name| is_of_file(finding, name))
        };
        let faults = errors().filter(is_its).count();
        let is_of_year = year.is_none_or(|year| document.is_of(year));
        let editions: Vec<String> = document.editions.iter().map(FiscalYear::to_string).collect();
        DocumentRow {
            at,
            name: document.name.clone(),
            faults,
            editions: editions.join("、"),
            is_ticked: is_of_year && faults == 0,
            template: template
                .map_or_else(|| template::OFFICIAL.to_owned(), |path| path.display().to_string()),
        }
    };
    let documents: Vec<DocumentRow> = settings.documents.iter().enumerate().map(row).collect();
    let choice = |other: &FiscalYear| YearChoice {
        value: other.to_string(),
        text: other.long(),
        is_chosen: Some(*other) == year,
    };
    let faulty = || documents.iter().filter(|document| document.faults > 0);
    let is_of_template = |error: &Finding| {
        faulty().any(|one| is_of_file(error, &paths::name_of(FilePath::new(&one.template))))
    };
    // What keeps one of several documents from being made keeps no other.
    let is_blocked = errors().any(|error| error.document.is_none() && !is_of_template(error));
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
    let asked = Asked { year: sent.one("year").map(str::to_owned) };
    let begun = begin(Arc::clone(&window), plan.clone(), sent.clone()).await;
    or_again(begun, |why| page(window, plan, asked, Some((sent, why)))).await
}

async fn begin(window: Shared, plan: String, sent: Sent) -> Answer {
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
