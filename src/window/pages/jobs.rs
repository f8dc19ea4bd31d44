//! A job: how far it is, and what came of it.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};

use super::apart;
use super::found::Found;
use crate::window::answer::{Answer, Problem, drawn, see};
use crate::window::jobs::{Outcome, State as JobState};
use crate::window::page::{Notice, Page};
use crate::window::state::Shared;

/// The addresses of jobs.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/jobs/{job}", get(show)).route("/jobs/{job}/stop", post(stop))
}

/// A job that runs.
#[derive(Template)]
#[template(path = "job.html")]
struct RunningPage {
    page: Page,
    id: String,
    doing: String,
}

/// A job that is over.
#[derive(Template)]
#[template(path = "done.html")]
struct DonePage {
    page: Page,
    outcome: Arc<Outcome>,
    /// What was found where it failed.
    found: Found,
    back: String,
}

async fn show(State(window): State<Shared>, Path(id): Path<String>) -> Answer {
    apart(move || {
        let job = window.jobs.get(&id).ok_or(Problem::Missing)?;
        let order = &job.order;
        let folder = window.plan(&order.plan)?;
        let mut page = Page::of(&window, &folder, &order.title, Some(order.step), order.year)?;
        let state = job.state().borrow().clone();
        match state {
            JobState::Running(doing) => drawn(&RunningPage { page, id, doing }),
            JobState::Done(outcome) => {
                page.notices.extend(outcome.notices.iter().map(Notice::info));
                let back = page.steps.iter().find(|step| step.is_current);
                let back = back.map(|step| step.href.clone()).unwrap_or_default();
                let found = Found::of(&outcome.findings);
                drawn(&DonePage { page, outcome, found, back })
            }
        }
    })
    .await
}

async fn stop(State(window): State<Shared>, Path(id): Path<String>) -> Answer {
    window.jobs.get(&id).ok_or(Problem::Missing)?.stop();
    see(&format!("/jobs/{id}"))
}
