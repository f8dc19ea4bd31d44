//! The plans: those used before, those beside the program, folders to look for others in, and new
//! ones.

mod folders;
mod new;

use std::path::{Path, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::{Path as InAddress, Query, State};
use axum::routing::{get, post};
use serde::Deserialize;

use super::apart;
use crate::app::known_plans::{self, KnownPlan, PlanState};
use crate::plan::FiscalYear;
use crate::storage::paths;
use crate::visible::visible_line;
use crate::window::answer::{Answer, Problem, drawn, see};
use crate::window::ids::Known;
use crate::window::page::{Notice, Page};
use crate::window::state::{Shared, Window};

/// The addresses of these pages.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    let router = router.route("/", get(show)).route("/plans/{plan}/forget", post(forget));
    new::routes(folders::routes(router))
}

/// The page.
#[derive(Template)]
#[template(path = "plans.html")]
struct PlansPage {
    page: Page,
    plans: Vec<PlanRow>,
    running: Vec<Running>,
}

/// A plan in the list.
struct PlanRow {
    id: String,
    name: String,
    city: String,
    years: String,
    place: String,
    /// What is wrong with it, in words.
    trouble: &'static str,
    can_open: bool,
    /// It is listed for having been used before, and not for being there.
    can_forget: bool,
}

/// A job that keeps the window from ending.
struct Running {
    href: String,
    title: String,
}

/// What the address asks for.
#[derive(Deserialize)]
struct Asked {
    /// The window was to be ended while a job runs.
    busy: Option<String>,
}

async fn show(State(window): State<Shared>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let mut page = Page::bare(&window, "計画を選ぶ");
        let running = if asked.busy.is_some() { window.jobs.running() } else { Vec::new() };
        let running: Vec<Running> = running
            .into_iter()
            .map(|(id, job)| Running { href: format!("/jobs/{id}"), title: job.order.title.clone() })
            .collect();
        if asked.busy.is_some() {
            page.notices.push(match running.is_empty() {
                true => Notice::info("作業が終わりました。「終了」をもう一度押すと終了します。"),
                false => Notice::warning(
                    "作業が動いているので、まだ終了していません。作業が終わるのを待つか、下の作業の画面で中止してから、「終了」をもう一度押してください。",
                ),
            });
        }
        let rows = known(&window).into_iter().map(|known| row(&window, known));
        let plans = rows.collect::<Result<_, Problem>>()?;
        drawn(&PlansPage { page, plans, running })
    })
    .await
}

/// The plans used before, and those beside the program.
fn known(window: &Window) -> Vec<KnownPlan> {
    let mut known = known_plans::look(window.user.plans());
    for other in known_plans::beside_program() {
        if known.iter().all(|one| one.path != other.path) {
            known.push(other);
        }
    }
    known
}

fn row(window: &Window, known: KnownPlan) -> Result<PlanRow, Problem> {
    let is_gone = known.state == PlanState::Gone;
    let is_silent = known.state == PlanState::Silent;
    let (plan, trouble) = match known.state {
        PlanState::Readable(plan) => (Some(plan), ""),
        PlanState::Unreadable => (None, "内容を読み取れません。開くと、理由を表示します。"),
        PlanState::Gone => (
            None,
            "見つかりません。フォルダーを移したときや名前を変えたときは、「フォルダーから選ぶ」で選び直してください。",
        ),
        PlanState::Silent => {
            (None, "今は確認できません。サーバーやドライブにつながっているか、確かめてください。")
        }
    };
    let (name, city, years) = match plan {
        Some(plan) => (plan.name, plan.city, period(&plan.years)),
        None => (paths::name_of(&known.path), String::new(), String::new()),
    };
    Ok(PlanRow {
        id: window.ids.of(Known::Plan(known.path.clone()))?,
        name: visible_line(&name).into_owned(),
        city: visible_line(&city).into_owned(),
        years,
        place: place(&known.path),
        trouble,
        can_open: !is_gone,
        can_forget: is_gone || is_silent,
    })
}

/// 「令和3年度～令和6年度」
fn period(years: &[FiscalYear]) -> String {
    match years {
        [] => String::new(),
        [only] => only.long(),
        [first, .., last] => format!("{}～{}", first.long(), last.long()),
    }
}

/// A path as a page shows it.
pub fn place(path: &Path) -> String {
    let quoted = paths::shown(path);
    let shown = quoted.strip_prefix('「').and_then(|rest| rest.strip_suffix('」')).unwrap_or(&quoted);
    visible_line(shown).into_owned()
}

/// Takes a plan that is gone from the list. Nothing of it is touched.
async fn forget(State(window): State<Shared>, InAddress(plan): InAddress<String>) -> Answer {
    apart(move || {
        window.user.forget(&plan_path(&window, &plan)?);
        see("/")
    })
    .await
}

/// The folder of a plan, be it there or not.
fn plan_path(window: &Window, id: &str) -> Result<PathBuf, Problem> {
    match window.ids.get(id) {
        Some(Known::Plan(path)) => Ok(path),
        _ => Err(Problem::Missing),
    }
}

/// A folder of the list of folders.
fn folder_path(window: &Window, id: &str) -> Result<PathBuf, Problem> {
    match window.ids.get(id) {
        Some(Known::Folder(path)) => Ok(path),
        _ => Err(Problem::Missing),
    }
}

#[cfg(test)]
mod tests;
