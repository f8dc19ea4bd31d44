//! Keeping a year: the next edition.

use std::path::Path;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path as PathOf, State};
use axum::routing::post;

use super::shown::{EditionLine, FileLine};
use super::{At, page};
use crate::app::archive::{add, list};
use crate::app::diff;
use crate::app::{Failure, Observer};
use crate::archive::Role;
use crate::finding::Findings;
use crate::storage::paths;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs;
use crate::window::page::Step;
use crate::window::pages::Asked;
use crate::window::pages::found::Found;
use crate::window::pages::refused::Refused;
use crate::window::pages::sent::{Sent, or_again};
use crate::window::state::Shared;

/// The address.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/archive/keep", post(keep))
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
    /// It corrects an edition from which it does not differ.
    is_unchanged: bool,
    found: Found,
}

/// 「この年度を保存する」, 「訂正版を保存する」
async fn keep(State(window): State<Shared>, PathOf(plan): PathOf<String>, Form(sent): Form<Sent>) -> Answer {
    let asked = Asked { year: sent.one("year").map(str::to_owned) };
    let begun = begin(&window, &plan, &sent);
    or_again(begun, |why| page(window, plan, asked, Some((sent, why)))).await
}

fn begin(window: &Shared, plan: &str, sent: &Sent) -> Answer {
    let folder = window.plan(plan)?.path().to_path_buf();
    let Some(year) = sent.year()? else {
        return Err(Problem::Unclear("保存する年度を選んでください".to_owned()));
    };
    let request = add::Request {
        plan: folder,
        template: None,
        year: Some(year),
        date: sent.date("date", "文書の日付")?,
        today: window.today(),
        revise: sent.all("revise").pop(),
        bundle: sent.one("bundle").is_some(),
        follow_links: sent.one("elsewhere").is_some(),
    };
    let title =
        if request.revise.is_some() { "訂正版を保存する" } else { "この年度を保存する" };
    let at = At { plan: plan.to_owned(), year: Some(year) };
    see(&jobs::begin(window, at.order(title), move |window, observer| kept(window, at, &request, observer))?)
}

fn kept(window: &Shared, at: At, request: &add::Request, observer: &dyn Observer) -> Result<String, Failure> {
    let report = match add::run(request, observer) {
        Ok(report) => report,
        Err(Failure::Findings(findings)) => return refused(&at, &findings),
        Err(failure) => return Err(failure),
    };
    let root = paths::folder_of(&report.folder);
    let manifest = report.edition;
    let files = FileLine::of_edition(&manifest, &report.folder, window)?;
    let has_errata = manifest.name_of(Role::Errata).is_some();
    let one = list::Edition { folder: manifest.folder(), sha256: report.sha256, edition: manifest };
    let is_unchanged = is_unchanged(root, &one, request);
    let page = KeptPage {
        token: window.token.text().to_owned(),
        edition: EditionLine::of(&one, root, &at, window)?,
        at,
        seconds: format!("{:.2}", report.seconds),
        files,
        has_errata,
        is_unchanged,
        found: Found::of(&report.findings),
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}

/// Whether an edition says just what the one says that it corrects.
fn is_unchanged(root: &Path, new: &list::Edition, request: &add::Request) -> bool {
    let Some(before) = new.edition.edition.checked_sub(1).filter(|before| *before > 0) else { return false };
    let Ok(all) = list::run(&list::Request { plan: request.plan.clone() }) else { return false };
    let is_old = |one: &&list::Edition| {
        one.edition.fiscal_year() == new.edition.fiscal_year() && one.edition.edition == before
    };
    let Some(old) = all.editions.iter().find(is_old) else { return false };
    let compared = diff::Request {
        old: root.join(&old.folder),
        new: root.join(&new.folder),
        out: None,
        year: None,
        date: None,
        today: request.today,
    };
    // The edition is kept; what else can be said of it is only said.
    diff::run(&compared, &()).is_ok_and(|report| report.changes.is_empty())
}

/// That nothing was kept, for the data have errors.
fn refused(at: &At, findings: &Findings) -> Result<String, Failure> {
    let page = Refused {
        line: "保存していません。エラーを直してから、もう一度保存してください。",
        found: Found::of(findings),
        check: at.step(Step::Check),
        again: at.step(Step::Archive),
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}
