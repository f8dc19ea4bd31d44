//! The dry run: what the returns would change, before anything is written.

use std::path::Path as FilePath;
use std::sync::{Arc, Mutex};

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::told::{ChangeLine, Group, Told, change_groups, joint_groups};
use super::{request, upload_folder};
use crate::app::{Observer, Result, collect};
use crate::exchange::Outcome;
use crate::finding::{ExchangeRule, FindingKind};
use crate::plan::FiscalYear;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs::{self, Order};
use crate::window::page::Step;
use crate::window::readings::Reading;
use crate::window::state::Shared;

/// The form that asks to read again.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    year: Option<String>,
}

/// What the returns would change.
#[derive(Template)]
#[template(path = "collect_read.html")]
struct ReadPage {
    token: String,
    /// The ID of the plan.
    plan: String,
    /// The ID of what is shown.
    reading: String,
    /// What is ticked.
    changes: Vec<Group<ChangeLine>>,
    /// What is not, unless somebody does.
    revisions: Vec<Group<ChangeLine>>,
    /// How many changes there are without revisions.
    count: usize,
    told: Told,
}

/// Reads an upload again.
pub async fn again(
    State(window): State<Shared>,
    Path((plan, upload)): Path<(String, String)>,
    Form(chosen): Form<Chosen>,
) -> Answer {
    let folder = window.plan(&plan)?;
    let year = chosen.year.as_deref().and_then(FiscalYear::parse);
    see(&begin(&window, folder.path(), &plan, upload, year)?)
}

/// Begins to read an upload. Where its page is.
///
/// # Errors
/// An ID that is none of an upload.
pub fn begin(
    window: &Shared,
    folder: &FilePath,
    plan: &str,
    upload: String,
    year: Option<FiscalYear>,
) -> std::result::Result<String, Problem> {
    let returns = vec![upload_folder(window, &upload)?];
    let request = collect::Request { year, ..request(window, folder, returns) };
    let title = "返送された記入票の内容".to_owned();
    let order = Order { title, plan: plan.to_owned(), step: Step::Collect, year };
    let plan = plan.to_owned();
    let begun = jobs::begin(window, order, move |window, observer| {
        let report = collect::run(&request, observer)?;
        let revised = revised(&request, &report.outcome, observer)?;
        let (sure, undo) = (report.outcome.changes.clone(), Mutex::default());
        let reading = Arc::new(Reading { plan: plan.clone(), upload, year, sure, revised, undo });
        let page = ReadPage {
            token: window.token.text().to_owned(),
            plan,
            reading: window.readings.add(Arc::clone(&reading))?,
            count: reading.sure.len(),
            changes: change_groups(&reading.sure),
            revisions: joint_groups(reading.revisions(), reading.sure.len()),
            told: Told::of(&report),
        };
        Ok(page.render().map_err(anyhow::Error::from)?)
    });
    Ok(begun?)
}

/// What would change if corrections to past years, which are asked about, were taken over;
/// `None` where nothing is asked about them.
fn revised(
    request: &collect::Request,
    outcome: &Outcome,
    observer: &dyn Observer,
) -> Result<Option<Vec<crate::exchange::Change>>> {
    use ExchangeRule::{PastRevised, TargetRevised};
    let is_of_past =
        |kind: &FindingKind| matches!(kind, FindingKind::Exchange(PastRevised { .. } | TargetRevised { .. }));
    if !outcome.findings.iter().any(|finding| is_of_past(&finding.kind)) {
        return Ok(None);
    }
    let request = collect::Request { accept_revisions: true, ..request.clone() };
    Ok(Some(collect::run(&request, observer)?.outcome.changes))
}
