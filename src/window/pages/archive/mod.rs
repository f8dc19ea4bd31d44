//! 「保存する」: the editions that were kept, the next one, and what answers for them later.

mod compare;
mod edition;
mod extract;
mod keep;
mod shown;
mod verify;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;

use self::compare::Sides;
use self::shown::EditionLine;
use super::found::Found;
use super::sent::Sent;
use super::{Asked, apart};
use crate::app::archive::list;
use crate::app::{self, PlanFolder, Refused};
use crate::finding::Findings;
use crate::plan::{FiscalYear, japanese_date};
use crate::storage::{archive_folder, files};
use crate::window::answer::{Answer, drawn, said_of};
use crate::window::jobs::Order;
use crate::window::page::{Notice, Page, Step};
use crate::window::state::Shared;

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    let router = router.route("/p/{plan}/archive", get(show));
    let more = [keep::routes, edition::routes, verify::routes, compare::routes, extract::routes];
    more.into_iter().fold(router, |router, part| part(router))
}

/// The plan and the year that a page is about: its forms and links lead back to both.
pub struct At {
    /// The ID of the plan.
    plan: String,
    year: Option<FiscalYear>,
}

impl At {
    fn new(plan: String, asked: &Asked) -> Self {
        Self { plan, year: asked.year() }
    }

    /// Where a form is sent to; the token is to follow.
    fn to(&self, part: &str) -> String {
        let year = self.year.map(|year| format!("year={year}&")).unwrap_or_default();
        format!("/p/{}/archive/{part}?{year}", self.plan)
    }

    /// The page of a step.
    fn step(&self, step: Step) -> String {
        let year = self.year.map(|year| format!("?year={year}")).unwrap_or_default();
        format!("/p/{}/{}{year}", self.plan, step.path())
    }

    /// The page of all editions.
    fn back(&self) -> String {
        self.step(Step::Archive)
    }

    /// A job of this page.
    fn order(&self, title: &str) -> Order {
        Order { title: title.to_owned(), plan: self.plan.clone(), step: Step::Archive, year: self.year }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    page: Page,
    at: At,
    editions: Vec<EditionLine>,
    found: Found,
    /// The year that would be kept.
    year: Option<YearToKeep>,
    /// Where the archive leads out of the plan's folder: where to.
    elsewhere: Option<String>,
    sides: Sides,
    years: Vec<FiscalYear>,
    /// What a form of the page has sent, where that cannot be understood.
    sent: Option<Sent>,
}

impl ArchivePage {
    /// What was sent of a field.
    fn said(&self, name: &str) -> &str {
        self.sent.as_ref().and_then(|sent| sent.one(name)).unwrap_or_default()
    }
}

/// The year that would be kept.
struct YearToKeep {
    /// `R4`
    year: FiscalYear,
    /// The edition that a next one would correct: 「第1版（令和6年6月10日）」.
    corrected: Option<String>,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    page(window, plan, asked, None).await
}

/// The page; `again` is what a form of it has sent, and what of that cannot be understood.
async fn page(window: Shared, plan: String, asked: Asked, again: Option<(Sent, Notice)>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let mut page = Page::of(&window, &folder, "保存する", Some(Step::Archive), asked.year())?;
        let list = listed(&folder).unwrap_or_else(|failure| {
            page.notices.extend(said_of(&failure).into_iter().map(Notice::error));
            list::Report { editions: Vec::new(), findings: Findings::new() }
        });
        let root = archive_folder::folder(folder.path());
        let year = year_of(&page);
        let at = At { plan, year };
        let editions = list.editions.iter().map(|one| EditionLine::of(one, &root, &at, &window));
        let editions = editions.collect::<anyhow::Result<_>>()?;
        let sent = again.map(|(sent, why)| {
            page.notices.push(why);
            sent
        });
        let mut sides = Sides::of(&folder, &list.editions, year);
        if let Some(old) = sent.as_ref().and_then(|sent| sent.one("old")) {
            old.clone_into(&mut sides.old);
        }
        drawn(&ArchivePage {
            editions,
            found: Found::of(&list.findings),
            year: year.map(|year| YearToKeep::of(year, &list.editions)),
            elsewhere: elsewhere(&folder),
            sides,
            years: years_of(&page),
            sent,
            at,
            page,
        })
    })
    .await
}

impl YearToKeep {
    fn of(year: FiscalYear, editions: &[list::Edition]) -> Self {
        let corrected = editions.iter().rfind(|one| one.edition.fiscal_year() == year);
        let corrected = corrected.map(|one| {
            let manifest = &one.edition;
            format!("第{}版（{}）", manifest.edition, japanese_date(manifest.date))
        });
        Self { year, corrected }
    }
}

/// The editions of a plan. A plan of which nothing was kept yet has none, which is no error here.
fn listed(folder: &PlanFolder) -> app::Result<list::Report> {
    match files::is_folder(&archive_folder::folder(folder.path()))? {
        true => list::run(&list::Request { plan: folder.path().to_path_buf() }),
        false => Ok(list::Report { editions: Vec::new(), findings: Findings::new() }),
    }
}

/// That the archive leads out of the plan's folder, where it does: whoever keeps something there
/// has to say that this is meant.
fn elsewhere(folder: &PlanFolder) -> Option<String> {
    let root = archive_folder::folder(folder.path());
    let error = folder.own_folder(&root, false).err()?;
    error.downcast::<Refused>().ok().map(|refused| refused.what)
}

/// The year that the page shows.
fn year_of(page: &Page) -> Option<FiscalYear> {
    page.plan.as_ref().and_then(|plan| FiscalYear::parse(&plan.year))
}

/// All years of the plan.
fn years_of(page: &Page) -> Vec<FiscalYear> {
    let years = page.plan.iter().flat_map(|plan| &plan.years);
    years.filter_map(|year| FiscalYear::parse(&year.text)).collect()
}

#[cfg(test)]
mod tests;
