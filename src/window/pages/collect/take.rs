//! What was ticked, into the master; and back.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::anyhow;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};

use super::told::{ChangeLine, FindingLine, Group, Told, change_groups, finding_lines};
use super::{refused, request};
use crate::app::{self, Failure, collect};
use crate::storage::paths;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs::{self, Order};
use crate::window::page::Step;
use crate::window::pages::sent::Sent;
use crate::window::readings::{Reading, Undo};
use crate::window::state::{Shared, Window};

/// A tick has a dozen bytes, and a master no more than 50,000 cells.
pub const LARGEST_FORM: usize = 1 << 20;

/// What was taken over.
#[derive(Template)]
#[template(path = "collect_taken.html")]
struct TakenPage {
    token: String,
    /// The ID of the plan.
    plan: String,
    /// The ID of what was ticked.
    reading: String,
    /// Errors kept the master from being touched.
    is_stopped: bool,
    count: usize,
    changes: Vec<Group<ChangeLine>>,
    /// What was not ticked.
    left_out: Vec<Group<ChangeLine>>,
    /// The name of the backup; `None` where the master has not changed.
    backup: Option<String>,
    /// By which it is taken back.
    taking: usize,
    /// The ID of 照会結果.
    listing: Option<MadeFile>,
    /// How many letters lie beside it.
    letters: usize,
    told: Told,
}

/// A file that was made.
struct MadeFile {
    id: String,
    name: String,
}

/// What was shown is no longer there.
#[derive(Template)]
#[template(path = "collect_changed.html")]
struct ChangedPage {
    token: String,
    plan: String,
    upload: String,
    year: String,
    said: String,
}

/// What was taken back.
#[derive(Template)]
#[template(path = "collect_restored.html")]
struct RestoredPage {
    plan: String,
    /// What the master was before; `None` where it said the same.
    backup: Option<String>,
    findings: Vec<FindingLine>,
}

/// Takes over what is ticked.
pub async fn take(
    State(window): State<Shared>,
    Path((plan, id)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Answer {
    let folder = window.plan(&plan)?;
    let reading = reading(&window, &plan, &id)?;
    let numbers = fields.iter().filter(|(name, _)| name == "take").map(|(_, number)| number.parse());
    let ticked: HashSet<usize> = numbers.filter_map(Result::ok).collect();
    let returns = vec![reading.upload.path.clone()];
    let request = collect::Request {
        year: reading.year,
        dry_run: false,
        ticks: Some(reading.ticks(&ticked)),
        ..request(&window, folder.path(), returns)
    };
    let order = order("マスタへの取り込み", &reading);
    let begun = jobs::begin(&window, order, move |window, observer| {
        let html = match collect::run(&request, observer) {
            Ok(report) => taken(window, &reading, id, &report)?.render(),
            Err(Failure::Findings(findings)) => {
                let line =
                    "マスタに取り込んでいません。次のエラーを直してから、もう一度記入票を入れてください。";
                refused(line, &reading.plan, reading.year, &findings).render()
            }
            Err(Failure::Changed(error)) => changed(window, &reading, &error).render(),
            Err(failure) => return Err(failure),
        };
        Ok(html.map_err(anyhow::Error::from)?)
    });
    see(&begun?)
}

/// Takes back what was taken over.
pub async fn restore(
    State(window): State<Shared>,
    Path((plan, id)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Answer {
    let folder = window.plan(&plan)?;
    let reading = reading(&window, &plan, &id)?;
    let taking = sent.one("taking").and_then(|number| number.parse().ok()).ok_or(Problem::Missing)?;
    let undo = reading.undo(taking).ok_or(Problem::Missing)?;
    if undo.is_done {
        return Err(anyhow!("もう元に戻してあります。マスタは書き換えていません").into());
    }
    let request = app::restore::Request {
        plan: folder.path().to_path_buf(),
        backup: paths::name_of(&undo.backup),
        seen: undo.seen,
        follow_links: false,
        now: window.now(),
    };
    let begun = jobs::begin(&window, order("取り込む前に戻す", &reading), move |_, observer| {
        let report = app::restore::run(&request, observer)?;
        reading.set_undone(taking);
        let page = RestoredPage {
            plan,
            backup: report.backup.as_deref().map(paths::name_of),
            findings: finding_lines(report.findings.iter()),
        };
        Ok(page.render().map_err(anyhow::Error::from)?)
    });
    see(&begun?)
}

/// The dry run of an ID.
fn reading(window: &Window, plan: &str, id: &str) -> Result<Arc<Reading>, Problem> {
    window.readings.get(plan, id).ok_or(Problem::Missing)
}

fn order(title: &str, reading: &Reading) -> Order {
    Order { title: title.to_owned(), plan: reading.plan.clone(), step: Step::Collect, year: reading.year }
}

fn taken(
    window: &Window,
    reading: &Reading,
    id: String,
    report: &collect::Report,
) -> anyhow::Result<TakenPage> {
    let undo = report.backup.clone().zip(report.master);
    let undo = undo.map(|(backup, seen)| Undo { backup, seen, is_done: false });
    let taking = undo.map(|undo| reading.add_undo(undo)).unwrap_or_default();
    let made = |path| -> anyhow::Result<MadeFile> {
        Ok(MadeFile { id: window.file_id(path)?, name: paths::name_of(path) })
    };
    let outcome = &report.outcome;
    Ok(TakenPage {
        token: window.token.text().to_owned(),
        plan: reading.plan.clone(),
        reading: id,
        is_stopped: report.is_stopped,
        count: outcome.changes.len(),
        changes: change_groups(&outcome.changes),
        left_out: change_groups(&outcome.left_out),
        backup: report.backup.as_deref().map(paths::name_of),
        taking,
        listing: report.listing.as_deref().map(made).transpose()?,
        letters: report.letters,
        told: Told::of(report),
    })
}

fn changed(window: &Window, reading: &Reading, error: &anyhow::Error) -> ChangedPage {
    ChangedPage {
        token: window.token.text().to_owned(),
        plan: reading.plan.clone(),
        upload: reading.upload.id.clone(),
        year: reading.year.map(|year| year.to_string()).unwrap_or_default(),
        said: error.to_string(),
    }
}
