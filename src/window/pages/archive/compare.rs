//! Differences between any two of what there is of a plan, and the 正誤表 of them.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::post;
use chrono::NaiveDateTime;

use super::shown::FileLine;
use super::{At, listed, page};
use crate::app::archive::list;
use crate::app::diff::{self, Request};
use crate::app::{Failure, Observer, PlanFolder};
use crate::diff::{Change, What};
use crate::plan::FiscalYear;
use crate::storage::archive_folder;
use crate::visible::visible;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs;
use crate::window::page::out;
use crate::window::pages::sent::{Sent, or_again};
use crate::window::pages::{Asked, apart};
use crate::window::state::{Shared, Window};

/// The addresses.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/archive/compare", post(compare)).route("/p/{plan}/archive/errata", post(errata))
}

/// The master as it is now, among the values of the form.
const NOW: &str = "master";

/// Something that can be compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// As the form sends it: the name of a folder or of a file, or [`NOW`].
    pub value: String,
    /// What it is.
    pub name: String,
    path: PathBuf,
}

/// All that can be compared.
pub struct Sides {
    /// The master, the editions, the newest first, then backups.
    pub all: Vec<Side>,
    /// What is taken to be the old one, unless another is chosen.
    pub old: String,
}

impl Sides {
    /// `year` is the one whose newest edition is the first choice.
    pub fn of(folder: &PlanFolder, editions: &[list::Edition], year: Option<FiscalYear>) -> Self {
        let plan = folder.path();
        let root = archive_folder::folder(plan);
        let side = |value: &str, name: String, path: PathBuf| Side { value: value.to_owned(), name, path };
        let mut all = vec![side(NOW, "今のマスタ".to_owned(), plan.to_path_buf())];
        all.extend(editions.iter().rev().map(|one| {
            let manifest = &one.edition;
            let name =
                format!("{} 第{}版（{}）", manifest.fiscal_year().long(), manifest.edition, one.folder);
            side(&one.folder, name, root.join(&one.folder))
        }));
        let backups = folder.backups();
        all.extend(
            backups.iter().rev().map(|name| side(name, backup_name(name), folder.backup().join(name))),
        );
        let is_of_year = |one: &&list::Edition| Some(one.edition.fiscal_year()) == year;
        let first = editions.iter().rfind(is_of_year).or(editions.last());
        let old = first.map(|one| one.folder.clone()).or_else(|| all.get(1).map(|side| side.value.clone()));
        Self { all, old: old.unwrap_or_default() }
    }

    /// The one that a form names.
    fn get(&self, value: Option<&str>) -> Result<Side, Problem> {
        let side = self.all.iter().find(|side| Some(side.value.as_str()) == value).cloned();
        side.ok_or_else(|| Problem::Unclear("比べるものを2つ選んでください".to_owned()))
    }
}

/// 「控え（2026-05-08 09:30:00）」
fn backup_name(file: &str) -> String {
    let stamp = file.trim_start_matches("master_").trim_end_matches(".csv");
    let (second, more) = stamp.split_at_checked(15).unwrap_or((stamp, ""));
    let time = NaiveDateTime::parse_from_str(second, "%Y%m%d-%H%M%S");
    let shown = time.map_or_else(|_| second.to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S").to_string());
    format!("控え（{shown}{more}）")
}

/// What differs, and the form for a 正誤表.
#[derive(Template)]
#[template(path = "archive_compared.html")]
struct ComparedPage {
    token: String,
    at: At,
    old: Side,
    new: Side,
    year: String,
    changes: Vec<ChangeLine>,
}

/// The 正誤表.
#[derive(Template)]
#[template(path = "archive_errata.html")]
struct ErrataPage {
    token: String,
    at: At,
    old: Side,
    new: Side,
    count: usize,
    files: Vec<FileLine>,
}

/// Something that differs.
struct ChangeLine {
    /// 「基本目標1（ア）①」
    section: String,
    /// 「事業12「…」」
    subject: String,
    id: String,
    /// 「R4実績」
    what: String,
    old: String,
    new: String,
    is_added: bool,
    is_dropped: bool,
}

impl ChangeLine {
    fn of(change: &Change) -> Self {
        let shown = |text: &str| visible(text).into_owned();
        Self {
            section: shown(&change.section.to_string()),
            subject: shown(&change.subject()),
            id: shown(&change.id),
            what: shown(&change.what.word()),
            old: shown(&change.old),
            new: shown(&change.new),
            is_added: change.what == What::Added,
            is_dropped: change.what == What::Dropped,
        }
    }
}

/// The two that are to be compared.
struct Pair {
    at: At,
    old: Side,
    new: Side,
    request: Request,
}

impl Pair {
    fn read(window: &Window, at: At, sent: &Sent) -> Result<Self, Problem> {
        let folder = window.plan(&at.plan)?;
        let year = sent.year()?;
        let sides = Sides::of(&folder, &listed(&folder)?.editions, year);
        let (old, new) = (sides.get(sent.one("old"))?, sides.get(sent.one("new"))?);
        if old.value == new.value {
            return Err(Problem::Unclear("同じものは比べられません。違うものを2つ選んでください".to_owned()));
        }
        let request = Request {
            old: old.path.clone(),
            new: new.path.clone(),
            out: None,
            year,
            date: sent.date("date", "正誤表の日付")?,
            today: window.today(),
        };
        Ok(Self { at, old, new, request })
    }
}

/// What is made of the two.
#[derive(Clone, Copy)]
enum Wish {
    /// A table of what differs.
    Differences,
    /// The files of a 正誤表.
    Errata,
}

/// 「比べる」
async fn compare(window: State<Shared>, plan: Path<String>, asked: Query<Asked>, sent: Form<Sent>) -> Answer {
    both(window, plan, asked, sent, Wish::Differences).await
}

/// 「正誤表を作る」
async fn errata(window: State<Shared>, plan: Path<String>, asked: Query<Asked>, sent: Form<Sent>) -> Answer {
    both(window, plan, asked, sent, Wish::Errata).await
}

async fn both(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Query(asked): Query<Asked>,
    Form(sent): Form<Sent>,
    wish: Wish,
) -> Answer {
    let at = At::new(plan.clone(), &asked);
    let begun = begin(Arc::clone(&window), at, sent.clone(), wish).await;
    or_again(begun, |why| page(window, plan, asked, Some((sent, why)))).await
}

async fn begin(window: Shared, at: At, sent: Sent, wish: Wish) -> Answer {
    apart(move || {
        let mut pair = Pair::read(&window, at, &sent)?;
        let title = match wish {
            Wish::Differences => "違いを比べる",
            Wish::Errata => {
                let plan = window.plan(&pair.at.plan)?;
                pair.request.out = Some(place(plan.path(), &pair.old, &pair.new));
                "正誤表を作る"
            }
        };
        let order = pair.at.order(title);
        let work = move |window: &Shared, observer: &dyn Observer| match wish {
            Wish::Differences => compared(window, pair, observer),
            Wish::Errata => made(window, pair, observer),
        };
        see(&jobs::begin(&window, order, work)?)
    })
    .await
}

fn compared(window: &Shared, pair: Pair, observer: &dyn Observer) -> Result<String, Failure> {
    let report = diff::run(&pair.request, observer)?;
    let page = ComparedPage {
        token: window.token.text().to_owned(),
        at: pair.at,
        old: pair.old,
        new: pair.new,
        year: pair.request.year.map(|year| year.to_string()).unwrap_or_default(),
        changes: report.changes.iter().map(ChangeLine::of).collect(),
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}

/// Where the 正誤表 of the two is written to; both its files get their own ending.
fn place(plan: &FilePath, old: &Side, new: &Side) -> PathBuf {
    let name = |side: &Side| match side.value.as_str() {
        NOW => "マスタ".to_owned(),
        other => other.trim_end_matches(".csv").to_owned(),
    };
    out(plan).join(format!("正誤表_{}_{}", name(old), name(new)))
}

fn made(window: &Shared, pair: Pair, observer: &dyn Observer) -> Result<String, Failure> {
    let report = diff::run(&pair.request, observer)?;
    let line = |path: &PathBuf| FileLine::of(path, "正誤表".to_owned(), window);
    let page = ErrataPage {
        token: window.token.text().to_owned(),
        at: pair.at,
        old: pair.old,
        new: pair.new,
        count: report.changes.len(),
        files: report.files.iter().map(line).collect::<anyhow::Result<_>>()?,
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}
