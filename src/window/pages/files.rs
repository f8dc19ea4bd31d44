//! Files that were made: shown in the browser, or opened with the program that Windows has for them.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::routing::{get, post};

use super::{apart, encoded};
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
        Some(Known::File(path)) if files::exists(&path) => Ok(path),
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
async fn open_file(State(window): State<Shared>, Path(file): Path<String>) -> Result<StatusCode, Problem> {
    let path = path_of(&window, &file)?;
    opened(path).await
}

/// Opens the folder in which a file lies.
async fn open_folder(State(window): State<Shared>, Path(file): Path<String>) -> Result<StatusCode, Problem> {
    let path = path_of(&window, &file)?;
    opened(paths::folder_of(&path).to_path_buf()).await
}

/// Opened beside the page, which stays.
async fn opened(path: std::path::PathBuf) -> Result<StatusCode, Problem> {
    apart(move || match open::that_detached(&path) {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(_) => Err(anyhow::anyhow!(
            "{}を開けませんでした。エクスプローラーから開いてください",
            paths::shown(&path)
        )
        .into()),
    })
    .await
}
