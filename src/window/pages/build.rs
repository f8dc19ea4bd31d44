//! 「作る」

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;

use super::{Asked, apart};
use crate::window::answer::{Answer, drawn};
use crate::window::page::{Page, Step};
use crate::window::state::Shared;

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/build", get(show))
}

/// The page.
#[derive(Template)]
#[template(path = "build.html")]
struct BuildPage {
    page: Page,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let page = Page::of(&window, &folder, "作る", Some(Step::Build), asked.year())?;
        drawn(&BuildPage { page })
    })
    .await
}
