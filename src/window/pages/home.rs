//! The home of a plan: its steps, and what was last done.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use serde::Deserialize;

use super::apart;
use crate::app::PlanFolder;
use crate::app::overview::{Made, Overview};
use crate::named_file::MediaType;
use crate::plan::{FiscalYear, japanese_date};
use crate::storage::paths;
use crate::visible::visible_line;
use crate::window::answer::{Answer, Problem, drawn, said_of};
use crate::window::page::{Notice, Page, Step};
use crate::window::progress::{self, Progress};
use crate::window::state::{Shared, Window};

/// So many files are shown, the newest.
const MOST_FILES: usize = 10;

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/", get(show))
}

/// What the address asks for.
#[derive(Deserialize)]
struct Asked {
    /// `R4`
    year: Option<String>,
    /// The plan was made just now: from the example, or as the next period.
    made: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    cards: Vec<Card>,
    /// Why nothing of the plan can be read.
    trouble: Vec<String>,
    place: String,
    /// The ID of the master's file.
    master: String,
    documents: String,
    backup: String,
    edition: String,
    files: Vec<FileRow>,
    /// How many more there are.
    more: usize,
}

/// A step.
struct Card {
    name: &'static str,
    href: String,
    what: &'static str,
    progress: Progress,
}

/// A file that was made.
struct FileRow {
    id: String,
    name: String,
    time: String,
    size: String,
    is_older: bool,
    is_pdf: bool,
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        window.user.remember(folder.path());
        let year = asked.year.as_deref().and_then(FiscalYear::parse);
        let mut page = Page::of(&window, &folder, "", None, year)?;
        page.title = match page.plan.as_ref().map(|plan| plan.year.as_str()) {
            Some(year) if !year.is_empty() => format!("{year}の作業"),
            _ => "計画を読み取れません".to_owned(),
        };
        page.notices.extend(asked.made.as_deref().and_then(made));
        drawn(&home(&window, &folder, page)?)
    })
    .await
}

/// What is said of a plan that was made just now.
fn made(how: &str) -> Option<Notice> {
    match how {
        "example" => Some(Notice::success(
            "見本の計画を作りました。「作る」で文書を作って試せます。plan.toml と master.csv を書き換えて使ってください。",
        )),
        "next" => Some(Notice::success(
            "次の期間の計画を作りました。plan.toml の計画の名前・表題と、master.csv の基準値を確認し、目標を書いてから「調べる」を開いてください。",
        )),
        _ => None,
    }
}

fn home(window: &Window, folder: &PlanFolder, page: Page) -> Result<HomePage, Problem> {
    let trouble = match &page.overview {
        Some(known) if known.year.is_none() => folder.load().err().map(|failure| said_of(&failure)),
        _ => None,
    };
    let mut home = HomePage {
        cards: Vec::new(),
        trouble: trouble.unwrap_or_default(),
        place: paths::shown(folder.path()),
        master: window.file_id(&folder.master_path())?,
        documents: String::new(),
        backup: String::new(),
        edition: String::new(),
        files: Vec::new(),
        more: 0,
        page,
    };
    let Some(known) = &home.page.overview else { return Ok(home) };
    if known.year.is_some() {
        let cards = Step::ALL.into_iter().zip(&home.page.steps).map(|(step, head)| Card {
            name: step.name(),
            href: head.href.clone(),
            what: what(step),
            progress: Progress::of(step, known),
        });
        home.cards = cards.collect();
    }
    home.documents = visible_line(&known.documents.join("、")).into_owned();
    home.backup = known.last_backup.map(|time| shown(time)).unwrap_or_default();
    home.edition = edition(known);
    let files = known.files.iter().take(MOST_FILES).map(|made| row(window, made));
    home.files = files.collect::<Result<_, _>>()?;
    home.more = known.files.len().saturating_sub(MOST_FILES);
    Ok(home)
}

/// What a step is.
fn what(step: Step) -> &'static str {
    match step {
        Step::Check => "マスタと様式に、間違いや抜けがないか調べます。",
        Step::Build => "議会に出す文書（PDF・Excel）を作ります。",
        Step::Distribute => "各課に書いてもらう記入票を作ります。",
        Step::Collect => "届いた記入票を読み、マスタに取り込みます。",
        Step::Archive => "提出したものを、後から確かめられる形で残します。",
    }
}

/// 「R4-2（令和6年6月10日）」
fn edition(known: &Overview) -> String {
    let last = known.last_edition.as_ref();
    last.map(|last| format!("{}（{}）", progress::name(last), japanese_date(last.date))).unwrap_or_default()
}

/// 「令和6年6月10日 9:30」
fn shown(time: chrono::NaiveDateTime) -> String {
    format!("{} {}", japanese_date(time.date()), time.format("%-H:%M"))
}

fn row(window: &Window, made: &Made) -> Result<FileRow, Problem> {
    let name = paths::name_of(&made.path);
    Ok(FileRow {
        id: window.file_id(&made.path)?,
        time: made.time.map(shown).unwrap_or_default(),
        size: size(made.bytes),
        is_older: made.is_older,
        is_pdf: MediaType::of(&name) == Some(MediaType::Pdf),
        name: visible_line(&name).into_owned(),
    })
}

/// 「1.2MB」
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_024 => format!("{bytes}バイト"),
        1_024..1_048_576 => format!("{}kB", bytes / 1_024),
        _ => format!("{}MB", tenths(1_048_576)),
    }
}
