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
use super::figures;
use super::found::Found;
use super::refused::Refused;
use super::{Asked, apart};
use crate::app::{Failure, collect};
use crate::finding::Findings;
use crate::plan::FiscalYear;
use crate::storage::{returns, uploads};
use crate::window::answer::{Answer, drawn};
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
    /// What may be dropped.
    limits: String,
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
        drawn(&CollectPage { page, plan, year, departments, waiting, limits: limits() })
    })
    .await
}

/// What may be dropped.
fn limits() -> String {
    format!(
        "記入票（.xlsx、.xlsm、.xls、.ods）。フォルダーの中のフォルダーも読み取ります。合わせて{}MB、{}ファイルまで。元のファイルは書き換えません。",
        uploads::LARGEST >> 20,
        figures::grouped(returns::MOST_FILES)
    )
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

/// That nothing was done, for the master has errors.
fn refused(line: &'static str, plan: &str, year: Option<FiscalYear>, findings: &Findings) -> Refused {
    let year = year.map(|year| format!("?year={year}")).unwrap_or_default();
    Refused {
        line,
        found: Found::of(findings),
        check: format!("/p/{plan}/check{year}"),
        again: format!("/p/{plan}/collect{year}"),
    }
}
