//! The files within a 保存用PDF: of an edition, or of one that somebody sends.

use std::path::PathBuf;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query, State};
use axum::routing::post;

use super::shown::FileLine;
use super::{At, listed, page};
use crate::app::archive::extract;
use crate::app::{Failure, Observer};
use crate::storage::uploads::Upload;
use crate::storage::{archive_folder, files, paths};
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs;
use crate::window::page::out;
use crate::window::pages::sent::{Sent, or_again};
use crate::window::pages::{Asked, apart};
use crate::window::state::Shared;

/// What stands around a file that is sent.
const AROUND: usize = 64 << 10;

/// The addresses.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    // What is larger is no 保存用PDF that would be read.
    let limit = DefaultBodyLimit::max(files::LARGEST_PDF as usize + AROUND);
    router
        .route("/p/{plan}/archive/extract", post(sent).layer(limit))
        .route("/p/{plan}/archive/{edition}/extract", post(of_edition))
}

/// What came of it.
#[derive(Template)]
#[template(path = "archive_extracted.html")]
struct ExtractedPage {
    token: String,
    at: At,
    pdf: String,
    folder: String,
    files: Vec<FileLine>,
}

/// Of an edition.
async fn of_edition(
    State(window): State<Shared>,
    Path((plan, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let editions = listed(&folder)?.editions;
        let one = editions.iter().find(|one| one.folder == name).ok_or(Problem::Missing)?;
        let bundle = one.edition.bundle.as_ref().ok_or(Problem::Missing)?;
        let file = archive_folder::folder(folder.path()).join(&one.folder).join(bundle);
        begin(&window, At::new(plan, &asked), file, None)
    })
    .await
}

/// Of one that is sent.
async fn sent(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Query(asked): Query<Asked>,
    parts: Multipart,
) -> Answer {
    let begun = received(&window, At::new(plan.clone(), &asked), parts).await;
    or_again(begun, |why| page(window, plan, asked, Some((Sent::default(), why)))).await
}

async fn received(window: &Shared, at: At, mut parts: Multipart) -> Answer {
    let broken = |_| Problem::Unclear("ファイルを受け取れませんでした。もう一度選んでください".to_owned());
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        let Some(name) = part.file_name().filter(|name| !name.is_empty()).map(str::to_owned) else {
            continue;
        };
        let mut upload = Upload::new(window.uploads())?;
        let Some(mut file) = upload.file(&name)? else { continue };
        while let Some(bytes) = part.chunk().await.map_err(broken)? {
            file.write(&bytes)?;
        }
        let path = file.path().to_path_buf();
        drop(file);
        return begin(window, at, path, Some(upload));
    }
    Err(Problem::Unclear("保存用PDFを選んでください".to_owned()))
}

/// `upload` is whose file it is: it lies there until the job is over.
fn begin(window: &Shared, at: At, file: PathBuf, upload: Option<Upload>) -> Answer {
    let stem = file.file_stem().unwrap_or_default().to_os_string();
    let folder = out(window.plan(&at.plan)?.path()).join(stem);
    let request = extract::Request { file, out: Some(folder) };
    let order = at.order("保存用PDFから取り出す");
    let work = move |window: &Shared, observer: &dyn Observer| {
        let _upload = upload;
        extracted(window, at, &request, observer)
    };
    see(&jobs::begin(window, order, work)?)
}

fn extracted(
    window: &Shared,
    at: At,
    request: &extract::Request,
    observer: &dyn Observer,
) -> Result<String, Failure> {
    observer.step("PDFに添付されたファイルを取り出しています")?;
    let report = extract::run(request)?;
    let line = |path: &PathBuf| FileLine::of(path, String::new(), window);
    let page = ExtractedPage {
        token: window.token.text().to_owned(),
        at,
        pdf: paths::name_of(&request.file),
        folder: request.out.as_deref().map(paths::name_of).unwrap_or_default(),
        files: report.files.iter().map(line).collect::<anyhow::Result<_>>()?,
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}
