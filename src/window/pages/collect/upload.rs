//! What is dropped on the page, as it arrives.

use std::sync::Arc;

use anyhow::anyhow;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::read;
use crate::plan::FiscalYear;
use crate::storage::uploads::{self, Upload};
use crate::window::answer::{Answer, Problem, said_of, see, typed};
use crate::window::ids::Known;
use crate::window::pages::sent;
use crate::window::readings::UploadFolder;
use crate::window::state::{Shared, Window};

/// What is around the files: the names of ten thousand, and then some.
const AROUND: u64 = 16 << 20;
/// A request has so many bytes: the files, and what is around them.
// 216 MB: within `usize` on every machine that has a browser.
pub const LARGEST_BODY: usize = (uploads::LARGEST + AROUND) as usize;
/// A field of the form that is no file is not longer, in bytes.
const LONGEST_FIELD: usize = 100;

/// What was dropped.
struct Dropped {
    upload: Upload,
    /// The year that was chosen.
    year: Option<FiscalYear>,
}

/// Takes the files into a folder of this run, and begins to read them. Where anything is refused,
/// nothing is left of it.
pub async fn receive(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    headers: HeaderMap,
    multipart: Multipart,
) -> Response {
    let received = received(&window, &plan, multipart).await;
    received.unwrap_or_else(|problem| refusal(problem, &headers))
}

async fn received(window: &Shared, plan: &str, mut multipart: Multipart) -> Answer {
    let folder = window.plan(plan)?;
    let dropped = match all(window, &mut multipart).await {
        Ok(dropped) => dropped,
        Err(problem) => {
            // A browser that is not listened to until it has said everything shows no answer.
            while let Ok(Some(_)) = multipart.next_field().await {}
            return Err(problem);
        }
    };
    if dropped.upload.files() == 0 {
        return Err(Problem::Unclear(
            "記入票が選ばれていません。ファイルまたはフォルダーを選んでください".to_owned(),
        ));
    }
    let path = dropped.upload.keep();
    let upload = UploadFolder { id: window.ids.of(Known::Upload(path.clone()))?, path };
    see(&read::begin(window, folder.path(), plan, Arc::new(upload), dropped.year)?)
}

/// Takes all fields, the files piece by piece.
async fn all(window: &Window, multipart: &mut Multipart) -> Result<Dropped, Problem> {
    let mut dropped = Dropped { upload: Upload::new(window.uploads())?, year: None };
    while let Some(field) = multipart.next_field().await.map_err(broken_off)? {
        match field.name() {
            Some("files") => file(&mut dropped.upload, field).await?,
            Some("year") => {
                let text = text(field).await?;
                let text = text.trim();
                dropped.year = (!text.is_empty()).then(|| sent::year(text)).transpose()?;
            }
            _ => {}
        }
    }
    Ok(dropped)
}

/// A file. Its pieces, some kilobytes each, are written where they arrive and not by another
/// thread: that costs less than handing each over, and between two of them others are answered.
async fn file(upload: &mut Upload, mut field: Field<'_>) -> Result<(), Problem> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let Some(mut file) = upload.file(&name)? else { return Ok(()) };
    while let Some(bytes) = field.chunk().await.map_err(broken_off)? {
        file.write(&bytes)?;
    }
    Ok(())
}

/// A field that is no file.
async fn text(mut field: Field<'_>) -> Result<String, Problem> {
    let mut all = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(broken_off)? {
        all.extend_from_slice(&bytes);
        if all.len() > LONGEST_FIELD {
            return Err(Problem::Unclear("年度は R5 のように書きます".to_owned()));
        }
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

/// What the browser sent has no end, or is too large.
fn broken_off(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let most = uploads::LARGEST >> 20;
            anyhow!("一度に読み取れるのは、合わせて{most}MBまでです。分けて入れてください").into()
        }
        _ => anyhow!("ファイルを最後まで受け取れませんでした。もう一度入れてください").into(),
    }
}

/// Why nothing was taken: as a page for a form, in a sentence for the script that has sent it.
fn refusal(problem: Problem, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        return problem.into_response();
    }
    let (status, said) = match problem {
        Problem::Unclear(what) => (StatusCode::BAD_REQUEST, format!("{}。", what.trim_end_matches('。'))),
        Problem::Failed(failure) => (StatusCode::UNPROCESSABLE_ENTITY, said_of(&failure).join("\n")),
        problem => return problem.into_response(),
    };
    (status, typed("text/plain; charset=utf-8", said)).into_response()
}
