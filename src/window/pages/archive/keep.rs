//! Keeping a year: the next edition.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::routing::post;
use serde::Deserialize;

use super::shown::{EditionLine, FileLine, FindingTable};
use super::{At, date, year};
use crate::app::archive::{add, list};
use crate::app::{Failure, Observer};
use crate::archive::Role;
use crate::storage::paths;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs;
use crate::window::state::Shared;

/// The address.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/archive/keep", post(keep))
}

/// What the form sends.
#[derive(Deserialize)]
struct Wanted {
    year: String,
    #[serde(default)]
    date: String,
    /// There where an edition is corrected.
    revise: Option<String>,
    bundle: Option<String>,
    elsewhere: Option<String>,
}

/// What came of it.
#[derive(Template)]
#[template(path = "archive_kept.html")]
struct KeptPage {
    token: String,
    at: At,
    edition: EditionLine,
    seconds: String,
    files: Vec<FileLine>,
    /// A 正誤表 was made.
    has_errata: bool,
    findings: FindingTable,
}

/// 「この年度を保存する」, 「訂正版を保存する」
async fn keep(State(window): State<Shared>, Path(plan): Path<String>, Form(wanted): Form<Wanted>) -> Answer {
    let folder = window.plan(&plan)?.path().to_path_buf();
    let Some(year) = year(&wanted.year)? else {
        return Err(Problem::Unclear("保存する年度を選んでください".to_owned()));
    };
    let request = add::Request {
        plan: folder,
        template: None,
        year: Some(year),
        date: date(&wanted.date)?,
        today: window.today(),
        revise: wanted.revise,
        bundle: wanted.bundle.is_some(),
        follow_links: wanted.elsewhere.is_some(),
    };
    let title =
        if request.revise.is_some() { "訂正版を保存する" } else { "この年度を保存する" };
    let at = At { plan, year: Some(year) };
    see(&jobs::begin(&window, at.order(title), move |window, observer| kept(window, at, &request, observer))?)
}

fn kept(window: &Shared, at: At, request: &add::Request, observer: &dyn Observer) -> Result<String, Failure> {
    let report = add::run(request, observer)?;
    let root = paths::folder_of(&report.folder);
    let manifest = report.edition;
    let files = FileLine::of_edition(&manifest, &report.folder, window)?;
    let has_errata = manifest.name_of(Role::Errata).is_some();
    let one = list::Edition { folder: manifest.folder(), sha256: report.sha256, edition: manifest };
    let page = KeptPage {
        token: window.token.text().to_owned(),
        edition: EditionLine::of(&one, root, &at, window)?,
        at,
        seconds: format!("{:.2}", report.seconds),
        files,
        has_errata,
        findings: FindingTable::of(&report.findings),
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}
