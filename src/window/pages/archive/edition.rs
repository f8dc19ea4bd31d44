//! An edition: what it is, and its files.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use chrono::{DateTime, Local};

use super::shown::{EditionLine, FileLine};
use super::{At, listed};
use crate::archive::MANIFEST;
use crate::storage::{archive_folder, files};
use crate::window::answer::{Answer, Problem, drawn};
use crate::window::page::{Page, Step};
use crate::window::pages::apart;
use crate::window::state::Shared;

/// The address.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/archive/{edition}", get(show))
}

/// The page.
#[derive(Template)]
#[template(path = "archive_edition.html")]
struct EditionPage {
    page: Page,
    at: At,
    edition: EditionLine,
    /// When its record was written, as the disk has it: no record says so itself.
    written: Option<String>,
    /// 「jisseki 0.4.0」
    program: String,
    files: Vec<FileLine>,
    /// Where the form is sent to that takes it apart, if a PDF carries it.
    extract: Option<String>,
}

async fn show(State(window): State<Shared>, Path((plan, name)): Path<(String, String)>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let editions = listed(&folder)?.editions;
        // Only what the list knows: no name leads elsewhere.
        let one = editions.iter().find(|one| one.folder == name).ok_or(Problem::Missing)?;
        let manifest = &one.edition;
        let year = manifest.fiscal_year();
        let title = format!("{} 第{}版", year.long(), manifest.edition);
        let root = archive_folder::folder(folder.path());
        let at = At { plan, year: Some(year) };
        drawn(&EditionPage {
            page: Page::of(&window, &folder, &title, Some(Step::Archive), Some(year))?,
            edition: EditionLine::of(one, &root, &at, &window)?,
            written: written(&root.join(&one.folder).join(MANIFEST)),
            program: format!("{} {}", manifest.program.name, manifest.program.version),
            files: FileLine::of_edition(manifest, &root.join(&one.folder), &window)?,
            extract: manifest.bundle.as_ref().map(|_| format!("{name}/extract")),
            at,
        })
    })
    .await
}

/// When a file was written, on the clock of this PC.
fn written(path: &std::path::Path) -> Option<String> {
    let (time, _) = files::stamp(path)?;
    Some(DateTime::<Local>::from(time).format("%Y-%m-%d %H:%M").to_string())
}
