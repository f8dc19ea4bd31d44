//! The plans: those used before, those beside the program, and folders to look for others in.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::apart;
use crate::window::answer::{Answer, drawn};
use crate::window::page::Page;
use crate::window::state::Shared;

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/", get(show))
}

/// The page.
#[derive(Template)]
#[template(path = "plans.html")]
struct PlansPage {
    page: Page,
}

async fn show(State(window): State<Shared>) -> Answer {
    apart(move || drawn(&PlansPage { page: Page::bare(&window, "計画を選ぶ") })).await
}
