//! 「集める」: what came back is dropped here, read, looked at, and taken over.
//!
//! ```text
//! drop ──► upload ──► read (a dry run) ──► ticks ──► take ──► restore
//!                      ▲ the upload stays: it can be read again, until the window is closed
//! ```

mod read;
mod take;
mod told;
mod upload;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::path::{Path as FilePath, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::routing::{get, post};

use self::told::{DepartmentLine, department_lines};
use super::{Asked, apart};
use crate::app::{Failure, collect};
use crate::plan::FiscalYear;
use crate::window::answer::{Answer, Problem, drawn};
use crate::window::ids::Known;
use crate::window::page::{Page, Step, out};
use crate::window::state::{Shared, Window};

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router
        .route("/p/{plan}/collect", get(show))
        .route(
            "/p/{plan}/collect/upload",
            post(upload::receive).layer(DefaultBodyLimit::max(upload::LARGEST_BODY)),
        )
        .route("/p/{plan}/collect/{upload}/read", post(read::again))
        .route(
            "/p/{plan}/collect/{reading}/take",
            post(take::take).layer(DefaultBodyLimit::max(take::LARGEST_FORM)),
        )
        .route("/p/{plan}/collect/{reading}/restore", post(take::restore))
}

/// The page before anything is dropped.
#[derive(Template)]
#[template(path = "collect.html")]
struct CollectPage {
    page: Page,
    /// The ID of the plan.
    plan: String,
    /// The year whose answers are shown; `None` where the master cannot be read.
    year: Option<FiscalYear>,
    departments: Vec<DepartmentLine>,
    waiting: usize,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let page = Page::of(&window, &folder, "集める", Some(Step::Collect), asked.year())?;
        let year = page.year();
        let nothing = || collect::Request { year, ..request(&window, folder.path(), Vec::new()) };
        let (mut departments, mut waiting) = (Vec::new(), 0);
        // A master with errors has its banner already, and no answers to be counted.
        match year.map(|_| collect::run(&nothing(), &())) {
            Some(Ok(report)) => {
                departments = department_lines(&report.outcome);
                waiting = report.outcome.waiting;
            }
            None | Some(Err(Failure::Findings(_))) => {}
            Some(Err(failure)) => return Err(failure.into()),
        }
        drawn(&CollectPage { page, plan, year, departments, waiting })
    })
    .await
}

/// A dry run over these returns.
fn request(window: &Window, plan: &FilePath, returns: Vec<PathBuf>) -> collect::Request {
    collect::Request {
        plan: plan.to_path_buf(),
        returns,
        year: None,
        dry_run: true,
        accept_revisions: false,
        ticks: None,
        strict: false,
        follow_links: false,
        out: out(plan),
        today: window.today(),
        now: window.now(),
    }
}

/// Where an upload lies.
fn upload_folder(window: &Window, id: &str) -> Result<PathBuf, Problem> {
    match window.ids.get(id) {
        Some(Known::Upload(folder)) => Ok(folder),
        _ => Err(Problem::Missing),
    }
}
