//! The dry run: what the returns would change, before anything is written.

use std::path::Path as FilePath;
use std::sync::{Arc, Mutex};

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};

use super::told::{ChangeLine, Group, Told, change_groups, joint_groups};
use super::{refused, request};
use crate::app::{Failure, Observer, Result, collect};
use crate::exchange::Outcome;
use crate::finding::{ExchangeRule, FindingKind};
use crate::plan::FiscalYear;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs::{self, Order};
use crate::window::page::Step;
use crate::window::pages::sent::Sent;
use crate::window::readings::{Reading, UploadFolder};
use crate::window::state::Shared;

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
    Form(sent): Form<Sent>,
) -> Answer {
    let folder = window.plan(&plan)?;
    let upload = window.readings.upload(&plan, &upload).ok_or(Problem::Missing)?;
    see(&begin(&window, folder.path(), &plan, upload, sent.year()?)?)
}

/// Begins to read an upload. Where its page is.
///
/// # Errors
/// Where the system has no random numbers.
pub fn begin(
    window: &Shared,
    folder: &FilePath,
    plan: &str,
    upload: Arc<UploadFolder>,
    year: Option<FiscalYear>,
) -> std::result::Result<String, Problem> {
    let returns = vec![upload.path.clone()];
    let request = collect::Request { year, ..request(window, folder, returns) };
    let title = "返送された記入票の内容".to_owned();
    let order = Order { title, plan: plan.to_owned(), step: Step::Collect, year };
    let plan = plan.to_owned();
    let begun = jobs::begin(window, order, move |window, observer| {
        let report = match collect::run(&request, observer) {
            Err(Failure::Findings(findings)) => {
                let line = "記入票は読み取っていません。次のエラーを直してから、もう一度入れてください。";
                let page = refused(line, &plan, year, &findings);
                return Ok(page.render().map_err(anyhow::Error::from)?);
            }
            ran => ran?,
        };
        let revised = revised(&request, &report.outcome, observer)?;
        let (sure, undos) = (report.outcome.changes.clone(), Mutex::default());
        let reading = Arc::new(Reading { plan: plan.clone(), upload, year, sure, revised, undos });
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
