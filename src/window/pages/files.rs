//! Files that were made: shown in the browser, or opened with the program that Windows has for them.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};

use super::{apart, encoded};
use crate::file_name::is_only_shown;
use crate::named_file::MediaType;
use crate::storage::{files, paths};
use crate::window::answer::{Answer, Problem, typed};
use crate::window::ids::Known;
use crate::window::state::{Shared, Window};

/// The addresses of files.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router
        .route("/files/{file}", get(show))
        .route("/files/{file}/open", post(open_file))
        .route("/files/{file}/folder", post(open_folder))
}

/// The path of a file that was made in this window.
fn path_of(window: &Window, id: &str) -> Result<std::path::PathBuf, Problem> {
    match window.ids.get(id) {
        // A plan's folder may come from elsewhere, with programs and links in it.
        Some(Known::File(path)) if is_only_shown(&paths::name_of(&path)) && files::exists(&path) => Ok(path),
        _ => Err(Problem::Missing),
    }
}

/// A PDF, in the browser's own viewer. Nothing else is shown there.
async fn show(State(window): State<Shared>, Path(file): Path<String>) -> Answer {
    apart(move || {
        let path = path_of(&window, &file)?;
        if MediaType::of(&paths::name_of(&path)) != Some(MediaType::Pdf) {
            return Err(Problem::Missing);
        }
        let mut response = typed(MediaType::Pdf.name(), files::read(&path, files::LARGEST_PDF)?);
        // The name under which the viewer keeps it (RFC 6266, 4.3).
        let name = format!("inline; filename*=UTF-8''{}", encoded(&paths::name_of(&path)));
        if let Ok(name) = HeaderValue::try_from(name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
        Ok(response)
    })
    .await
}

/// Opens a file with the program that the system has for its kind.
async fn open_file(State(window): State<Shared>, Path(file): Path<String>) -> Answer {
    apart(move || opened(&path_of(&window, &file)?)).await
}

/// Opens the folder in which a file lies.
async fn open_folder(State(window): State<Shared>, Path(file): Path<String>) -> Answer {
    apart(move || opened(paths::folder_of(&path_of(&window, &file)?))).await
}

/// Opened beside the page, which stays; where it cannot be, the page says this sentence.
fn opened(path: &std::path::Path) -> Answer {
    // Windows knows no program for settings and templates, and has one that shows them.
    let is_toml = MediaType::of(&paths::name_of(path)) == Some(MediaType::Toml);
    let opened = match cfg!(windows) && is_toml {
        true => open::with_detached(path, "notepad"),
        false => open::that_detached(path),
    };
    let Err(error) = opened else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let said =
        format!("{}を開けませんでした（{error}）。エクスプローラーから開いてください。", paths::shown(path));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, typed("text/plain; charset=utf-8", said)).into_response())
}
