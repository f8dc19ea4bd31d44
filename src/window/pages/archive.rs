//! 「保存する」

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
    router.route("/p/{plan}/archive", get(show))
}

/// The page.
#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    page: Page,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let page = Page::of(&window, &folder, "保存する", Some(Step::Archive), asked.year())?;
        drawn(&ArchivePage { page })
    })
    .await
}
