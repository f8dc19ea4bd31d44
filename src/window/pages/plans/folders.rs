//! The list of folders: a browser gives no paths, so a folder is looked for here. It shows folders
//! and which of them are plans, nothing of their files.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;

use super::{apart, folder_path, place};
use crate::app::PlanFolder;
use crate::app::plans;
use crate::storage::{files, folders, paths};
use crate::visible::visible_line;
use crate::window::answer::{Answer, Problem, drawn, html, said_of, see};
use crate::window::ids::Known;
use crate::window::page::{Notice, Page};
use crate::window::state::{Shared, Window};

/// The addresses of the list.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/folders", get(show).post(go))
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A plan, to open it.
    Plan,
    /// A place for the example.
    Example,
    /// A place for the next period of a plan.
    Next,
}

impl Purpose {
    /// Its part of an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Example => "example",
            Self::Next => "next",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Plan => "フォルダーから計画を選ぶ",
            Self::Example | Self::Next => "新しい計画を置くフォルダーを選ぶ",
        }
    }
}

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Asked {
    /// The ID of the folder that is shown; where to begin where there is none.
    at: Option<String>,
    /// [`Purpose::key`]
    to: Option<String>,
    /// The plan whose next period is to be placed.
    from: Option<String>,
}

impl Asked {
    fn purpose(&self) -> Purpose {
        let all = [Purpose::Example, Purpose::Next];
        all.into_iter().find(|purpose| self.to.as_deref() == Some(purpose.key())).unwrap_or(Purpose::Plan)
    }

    /// What follows the ID of a folder in the addresses of this list.
    fn rest(&self) -> String {
        rest(self.purpose(), self.from.as_deref())
    }
}

/// `to=next&from=0123456789abcdef`; an ID that is none is left out.
fn rest(purpose: Purpose, from: Option<&str>) -> String {
    let from = from.filter(|id| id.chars().all(|c| c.is_ascii_alphanumeric()));
    let from = from.map(|id| format!("&from={id}")).unwrap_or_default();
    format!("to={}{from}", purpose.key())
}

/// The address of the form for a new plan in a folder, from a plan.
pub fn form_address(purpose: Purpose, place: Option<&str>, from: Option<&str>) -> String {
    let asked = [("in", place), ("from", from)];
    let asked: Vec<String> =
        asked.into_iter().filter_map(|(key, id)| Some(format!("{key}={}", id?))).collect();
    let mark = if asked.is_empty() { "" } else { "?" };
    format!("/new/{}{mark}{}", purpose.key(), asked.join("&"))
}

/// The address of the list, from where a folder for something is looked for.
pub fn address(purpose: Purpose, at: Option<&str>, from: Option<&str>) -> String {
    let at = at.map(|id| format!("at={id}&")).unwrap_or_default();
    format!("/folders?{at}{}", rest(purpose, from))
}

/// The page.
#[derive(Template)]
#[template(path = "folders.html")]
struct FoldersPage {
    page: Page,
    /// Where it is; nowhere at the beginning.
    here: Option<Here>,
    folders: Vec<FolderRow>,
    has_more: bool,
    is_for_new: bool,
    /// What follows in the addresses of this list.
    rest: String,
    typed: String,
    error: String,
}

/// The folder that is shown.
struct Here {
    place: String,
    /// The one it lies in; the beginning, where that is all.
    up: String,
    /// Where it is the plan that is looked for.
    open: Option<String>,
    /// The form that makes a plan in it.
    make: Option<String>,
}

/// A folder in the list.
struct FolderRow {
    name: String,
    href: String,
    /// The home of the plan that it is.
    open: Option<String>,
}

async fn show(State(window): State<Shared>, Query(asked): Query<Asked>) -> Answer {
    apart(move || drawn(&page(&window, &asked)?)).await
}

fn page(window: &Window, asked: &Asked) -> Result<FoldersPage, Problem> {
    let purpose = asked.purpose();
    let mut page = FoldersPage {
        page: Page::bare(window, purpose.title()),
        here: None,
        folders: Vec::new(),
        has_more: false,
        is_for_new: purpose != Purpose::Plan,
        rest: asked.rest(),
        typed: String::new(),
        error: String::new(),
    };
    match &asked.at {
        None => {
            for begin in folders::places() {
                page.folders.push(row(window, asked, &begin.path, begin.name, false)?);
            }
        }
        Some(id) => {
            let folder = folder_path(window, id)?;
            page.here = Some(here(window, asked, &folder)?);
            match plans::folders(&folder) {
                Ok(listing) => {
                    page.has_more = listing.is_cut;
                    for entry in listing.folders {
                        page.folders.push(row(window, asked, &entry.path, entry.name, entry.is_plan)?);
                    }
                }
                Err(failure) => page.page.notices.push(Notice::error(said_of(&failure).join(" "))),
            }
        }
    }
    Ok(page)
}

fn row(
    window: &Window,
    asked: &Asked,
    path: &Path,
    name: String,
    is_plan: bool,
) -> Result<FolderRow, Problem> {
    let id = window.ids.of(Known::Folder(path.to_path_buf()))?;
    Ok(FolderRow {
        name: visible_line(&name).into_owned(),
        href: format!("/folders?at={id}&{}", asked.rest()),
        open: if is_plan { Some(home(window, path)?) } else { None },
    })
}

fn here(window: &Window, asked: &Asked, folder: &Path) -> Result<Here, Problem> {
    let up = match folder.parent() {
        Some(parent) => format!("at={}&", window.ids.of(Known::Folder(parent.to_path_buf()))?),
        None => String::new(),
    };
    let purpose = asked.purpose();
    let is_plan = purpose == Purpose::Plan && PlanFolder::open(folder).is_ok();
    let make = match purpose {
        Purpose::Plan => None,
        Purpose::Example | Purpose::Next => {
            let id = window.ids.of(Known::Folder(folder.to_path_buf()))?;
            Some(form_address(purpose, Some(&id), asked.from.as_deref()))
        }
    };
    Ok(Here {
        place: place(folder),
        up: format!("/folders?{up}{}", asked.rest()),
        open: if is_plan { Some(home(window, folder)?) } else { None },
        make,
    })
}

/// The home of the plan in a folder.
fn home(window: &Window, folder: &Path) -> Result<String, Problem> {
    Ok(format!("/p/{}/", window.ids.of(Known::Plan(folder.to_path_buf()))?))
}

/// A path that was copied from elsewhere: a server's share is in no list.
#[derive(Deserialize)]
struct Typed {
    place: String,
}

async fn go(State(window): State<Shared>, Query(asked): Query<Asked>, Form(typed): Form<Typed>) -> Answer {
    apart(move || {
        // As the Explorer copies it.
        let text = typed.place.trim().trim_matches('"');
        match found(text) {
            Ok(folder) => {
                let id = window.ids.of(Known::Folder(folder))?;
                see(&format!("/folders?at={id}&{}", asked.rest()))
            }
            Err(error) => {
                let typed = typed.place.clone();
                let page = FoldersPage { typed, error, ..page(&window, &asked)? };
                Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page.render()?)).into_response())
            }
        }
    })
    .await
}

/// The folder that a text names.
fn found(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if text.is_empty() {
        return Err("フォルダーの場所を入力してください。".to_owned());
    }
    if !path.is_absolute() {
        let example = if cfg!(windows) { r"D:\企画課\総合計画" } else { "/home/kikaku/総合計画" };
        return Err(format!("場所は {example} のように、初めから書いてください。"));
    }
    // Who copies the place of a file in it means the folder.
    let folder = if files::exists(&path) { paths::folder_of(&path).to_path_buf() } else { path };
    match files::is_folder(&folder) {
        Ok(true) => Ok(folder),
        Ok(false) => Err("この場所にフォルダーがありません。場所と名前を確かめてください。".to_owned()),
        Err(error) => Err(visible_line(&error.to_string()).into_owned()),
    }
}
