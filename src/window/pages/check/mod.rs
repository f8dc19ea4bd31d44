//! 「調べる」: what is wrong, beside the page with its place marked, and mended where it is shown.

mod cell;
mod list;
mod view;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use serde::Deserialize;

use self::list::{Filter, FindingRow, List};
use self::view::{View, ViewRequest};
use super::apart;
use crate::app::{Failure, PlanFolder, mend, restore};
use crate::archive::Hash;
use crate::plan::FiscalYear;
use crate::storage::paths;
use crate::window::answer::{Answer, Problem, drawn, said_of, see};
use crate::window::page::{Notice, Page, Step};
use crate::window::state::{Shared, Window};

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router
        .route("/p/{plan}/check", get(show))
        .route("/p/{plan}/check/mend", post(mend_cell))
        .route("/p/{plan}/check/restore", post(take_back))
}

/// What the address may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `R4`
    year: Option<String>,
    /// Which of the findings, from 0.
    f: Option<usize>,
    /// A cell of the master, as Excel names it.
    cell: Option<String>,
    /// Which document, from 0.
    d: Option<usize>,
    /// Which of its pages, from 0.
    n: Option<usize>,
    /// Only errors, or only warnings.
    kind: Option<String>,
    /// Only those of a department.
    department: Option<String>,
    /// In which order: by place, kind or department.
    order: Option<String>,
    /// The backup of what was just done, which can be taken back.
    undo: Option<String>,
    /// Nothing was to be changed.
    same: Option<String>,
}

impl Asked {
    fn year(&self) -> Option<FiscalYear> {
        self.year.as_deref().and_then(FiscalYear::parse)
    }

    fn filter(&self) -> Filter {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Filter { kind: said(&self.kind), department: said(&self.department), order: said(&self.order) }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    page: Page,
    base: String,
    year: String,
    list: List,
    view: Option<View>,
    undo: Option<Undo>,
    master: String,
}

/// The page beside the table alone.
#[derive(Template)]
#[template(path = "check_view.html")]
struct Fragment {
    page: Page,
    base: String,
    year: String,
    view: Option<View>,
}

/// What can be taken back.
struct Undo {
    backup: String,
    seen: String,
}

async fn show(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        match headers.contains_key("x-fragment") {
            true => fragment(&window, &folder, &asked),
            false => whole(&window, &folder, &asked, None),
        }
    })
    .await
}

/// The drawn page and what belongs to it, to be put in place of another.
fn fragment(window: &Window, folder: &PlanFolder, asked: &Asked) -> Answer {
    let preview = window.previews.of(window.today(), folder, asked.year())?;
    let base = base(window, folder)?;
    let list = List::of(&preview, &asked.filter(), &base);
    let request = ViewRequest { preview: &preview, list: &list, asked, base: &base, typed: None };
    let view = request.view(window, folder)?;
    drawn(&Fragment { page: Page::bare(window, ""), base, year: preview.year.to_string(), view })
}

/// The whole page; `refused` is what was typed into a cell and why it was not written.
fn whole(
    window: &Window,
    folder: &PlanFolder,
    asked: &Asked,
    refused: Option<(String, Vec<String>)>,
) -> Answer {
    let page_of = |year| Page::of(window, folder, "調べる", Some(Step::Check), year);
    let base = base(window, folder)?;
    let master = window.file_id(&folder.master_path())?;
    let preview = match window.previews.of(window.today(), folder, asked.year()) {
        Ok(preview) => preview,
        // Of a master that cannot be read there is no page, but what is wrong with it.
        Err(Problem::Failed(Failure::Findings(findings))) => {
            let mut page = page_of(asked.year())?;
            page.notices.clear();
            let list = List::without_pages(&findings);
            let year = String::new();
            return drawn(&CheckPage { page, base, year, list, view: None, undo: None, master });
        }
        Err(problem) => return Err(problem),
    };
    let mut page = page_of(Some(preview.year))?;
    let (typed, faults) = refused.map_or((None, Vec::new()), |(typed, faults)| (Some(typed), faults));
    page.notices.extend(faults.into_iter().map(Notice::error));
    if asked.same.is_some() {
        page.notices.push(Notice::info("内容が同じなので、書き換えていません。"));
    }
    let list = List::of(&preview, &asked.filter(), &base);
    let request = ViewRequest { preview: &preview, list: &list, asked, base: &base, typed };
    let view = request.view(window, folder)?;
    let seen = Hash::of(preview.loaded.master.source.bytes()).to_string();
    let undo = asked.undo.clone().map(|backup| Undo { backup, seen });
    drawn(&CheckPage { page, base, year: preview.year.to_string(), list, view, undo, master })
}

/// `/p/0123456789abcdef/check`
fn base(window: &Window, folder: &PlanFolder) -> Result<String, Problem> {
    Ok(format!("{}check", window.first_page(Some(folder.path()))?))
}

/// A cell as it was edited.
#[derive(Debug, Deserialize)]
struct Edited {
    cell: String,
    new: String,
    seen: String,
    year: Option<String>,
}

async fn mend_cell(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Form(edited): Form<Edited>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let asked = Asked { year: edited.year.clone(), cell: Some(edited.cell.clone()), ..Asked::default() };
        match mended(&window, &folder, &asked, &edited) {
            Ok(report) => {
                let base = base(&window, &folder)?;
                let year = asked.year.as_deref().unwrap_or_default();
                let done = match report.backup {
                    Some(backup) => format!("undo={}", paths::name_of(&backup)),
                    None => "same=1".to_owned(),
                };
                see(&format!("{base}?year={year}&cell={}&{done}", edited.cell))
            }
            // What was typed is not lost: it stands in the cell's field again.
            Err(Problem::Failed(failure)) => {
                whole(&window, &folder, &asked, Some((edited.new, said_of(&failure))))
            }
            Err(problem) => Err(problem),
        }
    })
    .await
}

fn mended(
    window: &Window,
    folder: &PlanFolder,
    asked: &Asked,
    edited: &Edited,
) -> Result<mend::Report, Problem> {
    let preview = window.previews.of(window.today(), folder, asked.year())?;
    let source = &preview.loaded.master.source;
    let place = cell::place(&edited.cell, source.file_name());
    let found = place.and_then(|place| source.cell_of(&place));
    let Some((row, Some(column))) = found else {
        return Err(Problem::Unclear(format!("セル{}は、マスタの項目ではありません", edited.cell)));
    };
    let old = source.cell(row, column).to_owned();
    let new = cell::with_breaks_as(&old, &edited.new);
    let seen = Hash::of(source.bytes());
    if seen.to_string() != edited.seen {
        return Err(Failure::changed().into());
    }
    let request = mend::Request {
        plan: folder.path().to_path_buf(),
        row,
        column,
        old,
        new,
        seen,
        follow_links: false,
        now: window.now(),
    };
    Ok(mend::run(&request, &())?)
}

/// What is to be taken back.
#[derive(Debug, Deserialize)]
struct TakenBack {
    backup: String,
    seen: String,
    year: Option<String>,
}

async fn take_back(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Form(taken): Form<TakenBack>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let seen = Hash::of(&folder.master_bytes()?);
        let asked = Asked { year: taken.year, ..Asked::default() };
        if seen.to_string() != taken.seen {
            return whole(&window, &folder, &asked, Some((String::new(), said_of(&Failure::changed()))));
        }
        let request = restore::Request {
            plan: folder.path().to_path_buf(),
            backup: taken.backup,
            seen,
            follow_links: false,
            now: window.now(),
        };
        restore::run(&request, &())?;
        let year = asked.year.as_deref().unwrap_or_default();
        see(&format!("{}?year={year}", base(&window, &folder)?))
    })
    .await
}
