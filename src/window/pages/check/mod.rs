//! 「調べる」: what is wrong, beside the page with its place marked, and mended where it is shown.

mod cell;
mod list;
mod view;

use std::path::Path;

use askama::Template;
use axum::Router;
use axum::extract::{self, Form, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use serde::Deserialize;

use self::list::{Filter, FindingRow, List};
use self::view::{View, ViewRequest};
use super::found::{Shown, faults};
use super::{apart, encoded};
use crate::app::{Failure, PlanFolder, mend, restore};
use crate::archive::Hash;
use crate::finding::Findings;
use crate::plan::FiscalYear;
use crate::storage::{files, paths};
use crate::window::answer::{Answer, Problem, drawn, see};
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
    #[serde(flatten)]
    filter: Filter,
    /// What was just done: `same` or `back`.
    done: Option<String>,
    /// The backup of what was just written, which can be taken back.
    undo: Option<String>,
    /// The hash of the master after that: of another master nothing of this is said.
    wrote: Option<String>,
}

impl Asked {
    fn year(&self) -> Option<FiscalYear> {
        self.year.as_deref().and_then(FiscalYear::parse)
    }

    fn cell(&self) -> Option<&str> {
        self.cell.as_deref().filter(|cell| !cell.is_empty())
    }

    /// The address of the same page, after something was done.
    fn after(&self, base: &str, done: &str, wrote: Hash) -> String {
        let year = self.year().map(|year| format!("&year={year}")).unwrap_or_default();
        let cell = self.cell().map(|cell| format!("&cell={}", encoded(cell))).unwrap_or_default();
        format!("{base}?wrote={wrote}&{done}{year}{}{cell}", self.filter.query())
    }
}

/// What was asked for, and not done.
struct Refused {
    /// What was typed into the cell that is asked for.
    typed: Option<String>,
    /// Why it was not done.
    faults: Vec<Shown>,
}

/// The page.
#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    page: Page,
    base: String,
    year: String,
    cell: String,
    filter: Filter,
    faults: Vec<Shown>,
    list: List,
    view: Option<View>,
    undo: Option<Undo>,
    /// The master, where there is one.
    master: Option<String>,
    /// `plan.toml`, where there are no pages.
    settings: Option<String>,
}

/// The page beside the table alone.
#[derive(Template)]
#[template(path = "check_view.html")]
struct Fragment {
    page: Page,
    base: String,
    year: String,
    filter: Filter,
    view: Option<View>,
    settings: Option<String>,
}

/// What can be taken back.
struct Undo {
    backup: String,
    /// The master as it was written.
    seen: String,
}

async fn show(
    State(window): State<Shared>,
    extract::Path(plan): extract::Path<String>,
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
    let (base, filter) = (base(window, folder)?, asked.filter.clone());
    let address = address(&base, preview.year, &filter);
    let list = List::of(&preview, &filter, &address);
    let request = ViewRequest { preview: &preview, list: &list, asked, address: &address, typed: None };
    let view = request.view(window, folder)?;
    let (page, year) = (Page::bare(window, ""), preview.year.to_string());
    drawn(&Fragment { page, base, year, filter, view, settings: None })
}

/// The whole page.
fn whole(window: &Window, folder: &PlanFolder, asked: &Asked, refused: Option<Refused>) -> Answer {
    let preview = match window.previews.of(window.today(), folder, asked.year()) {
        Ok(preview) => preview,
        Err(Problem::Failed(failure)) => return without_pages(window, folder, asked, failure, refused),
        Err(problem) => return Err(problem),
    };
    let mut page = page_of(window, folder, Some(preview.year))?;
    let hash = Hash::of(preview.loaded.master.source.bytes()).to_string();
    let is_as_written = asked.wrote.as_ref() == Some(&hash);
    match asked.done.as_deref().filter(|_| is_as_written) {
        Some("same") => page.notices.push(Notice::info("内容が同じなので、書き換えていません。")),
        Some("back") => page.notices.push(Notice::success("元に戻しました。")),
        _ => {}
    }
    let undo = asked.undo.clone().filter(|backup| is_as_written && folder.backups().contains(backup));
    let (base, filter) = (base(window, folder)?, asked.filter.clone());
    let address = address(&base, preview.year, &filter);
    let list = List::of(&preview, &filter, &address);
    let (typed, faults) = refused.map_or((None, Vec::new()), |refused| (refused.typed, refused.faults));
    let request = ViewRequest { preview: &preview, list: &list, asked, address: &address, typed };
    let view = request.view(window, folder)?;
    drawn(&CheckPage {
        page,
        base,
        year: preview.year.to_string(),
        cell: asked.cell().unwrap_or_default().to_owned(),
        filter,
        faults,
        list,
        view,
        undo: undo.map(|backup| Undo { backup, seen: hash }),
        master: file_id(window, &folder.master_path())?,
        settings: None,
    })
}

/// The whole page of a plan of which none can be drawn: what is wrong with it.
fn without_pages(
    window: &Window,
    folder: &PlanFolder,
    asked: &Asked,
    failure: Failure,
    refused: Option<Refused>,
) -> Answer {
    let mut faults = Vec::new();
    if let Some(Refused { typed, faults: others }) = refused {
        faults.extend(others);
        let typed = typed.map(|typed| Shown::plain(&format!("入力した内容（書き換えていません）: {typed}")));
        faults.extend(typed);
    }
    let (findings, error) = match failure {
        Failure::Findings(findings) => (findings, None),
        Failure::Environment { error, findings } => (findings, Some(error)),
        Failure::Changed(error) => (Findings::new(), Some(error)),
        Failure::Stopped => return Err(failure.into()),
    };
    faults.extend(error.map(|error| Shown::plain(&format!("{error:#}"))));
    let mut page = page_of(window, folder, asked.year())?;
    // What they say stands in the table, or among the faults.
    page.notices.clear();
    drawn(&CheckPage {
        page,
        base: base(window, folder)?,
        year: String::new(),
        cell: String::new(),
        filter: Filter::default(),
        faults,
        list: List::without_pages(&findings),
        view: None,
        undo: None,
        master: file_id(window, &folder.master_path())?,
        settings: Some(window.file_id(&folder.settings_path())?),
    })
}

fn page_of(window: &Window, folder: &PlanFolder, year: Option<FiscalYear>) -> Result<Page, Problem> {
    Page::of(window, folder, "調べる", Some(Step::Check), year)
}

/// The ID of a file, where there is one.
fn file_id(window: &Window, path: &Path) -> Result<Option<String>, Problem> {
    Ok(files::exists(path).then(|| window.file_id(path)).transpose()?)
}

/// `/p/0123456789abcdef/check?year=R4&kind=error`
fn address(base: &str, year: FiscalYear, filter: &Filter) -> String {
    format!("{base}?year={year}{}", filter.query())
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
    #[serde(flatten)]
    filter: Filter,
}

async fn mend_cell(
    State(window): State<Shared>,
    extract::Path(plan): extract::Path<String>,
    Form(edited): Form<Edited>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let asked = Asked {
            year: edited.year.clone(),
            cell: Some(edited.cell.clone()),
            filter: edited.filter.clone(),
            ..Asked::default()
        };
        match mended(&window, &folder, &asked, &edited) {
            Ok(report) => {
                let done = match report.backup {
                    Some(backup) => format!("undo={}", paths::name_of(&backup)),
                    None => "done=same".to_owned(),
                };
                see(&asked.after(&base(&window, &folder)?, &done, report.master))
            }
            // What was typed is not lost: it stands in the cell's field again.
            Err(Problem::Failed(failure)) => {
                let refused = Refused { typed: Some(edited.new), faults: faults(&failure) };
                whole(&window, &folder, &asked, Some(refused))
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
    cell: Option<String>,
    #[serde(flatten)]
    filter: Filter,
}

async fn take_back(
    State(window): State<Shared>,
    extract::Path(plan): extract::Path<String>,
    Form(taken): Form<TakenBack>,
) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let TakenBack { backup, seen, year, cell, filter } = taken;
        let asked = Asked { year, cell, filter, ..Asked::default() };
        match taken_back(&window, &folder, backup, &seen) {
            Ok(report) => see(&asked.after(&base(&window, &folder)?, "done=back", report.master)),
            Err(failure) => {
                let refused = Refused { typed: None, faults: faults(&failure) };
                whole(&window, &folder, &asked, Some(refused))
            }
        }
    })
    .await
}

fn taken_back(
    window: &Window,
    folder: &PlanFolder,
    backup: String,
    seen: &str,
) -> Result<restore::Report, Failure> {
    let now = Hash::of(&folder.master_bytes()?);
    if now.to_string() != seen {
        return Err(Failure::changed());
    }
    let request = restore::Request {
        plan: folder.path().to_path_buf(),
        backup,
        seen: now,
        follow_links: false,
        now: window.now(),
    };
    restore::run(&request, &())
}
