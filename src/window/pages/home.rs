//! The home of a plan: its steps, and what was last done.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;

use super::{Asked, apart};
use crate::window::answer::{Answer, drawn};
use crate::window::page::Page;
use crate::window::state::Shared;

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/", get(show))
}

/// The page.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        window.user.remember(folder.path());
        let page = Page::of(&window, &folder, "今年度の作業", None, asked.year())?;
        drawn(&HomePage { page })
    })
    .await
}
