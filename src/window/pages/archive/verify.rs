//! 「確かめる」: that all that was kept is as it was.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::post;

use super::{At, page};
use crate::app::archive::verify;
use crate::app::{Failure, Observer};
use crate::archive::{EditionCheck, Figures, Remade};
use crate::finding::{Findings, Severity};
use crate::visible::visible_line;
use crate::window::answer::{Answer, Problem, see};
use crate::window::jobs;
use crate::window::pages::Asked;
use crate::window::pages::found::Found;
use crate::window::pages::sent::{Sent, or_again};
use crate::window::state::Shared;

/// The address.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/archive/verify", post(verify))
}

/// What came of it.
#[derive(Template)]
#[template(path = "archive_verified.html")]
struct VerifiedPage {
    at: At,
    /// `success`, `warning`, `error`
    kind: &'static str,
    /// The result in a sentence.
    sentence: String,
    /// What is to be known beside it.
    details: Vec<String>,
    editions: Vec<CheckLine>,
    /// The fingerprint of the newest edition.
    newest: Option<String>,
    found: Found,
}

/// What was looked at of an edition.
struct CheckLine {
    folder: String,
    /// As a tag's kind: `success`, `warning`, `error`.
    kind: &'static str,
    verdict: String,
    files: usize,
    remade: String,
    figures: &'static str,
}

async fn verify(
    State(window): State<Shared>,
    Path(plan): Path<String>,
    Query(asked): Query<Asked>,
    Form(sent): Form<Sent>,
) -> Answer {
    let begun = begin(&window, At::new(plan.clone(), &asked), &sent);
    or_again(begun, |why| page(window, plan, asked, Some((sent, why)))).await
}

fn begin(window: &Shared, at: At, sent: &Sent) -> Answer {
    let expect = sent.one("expect").map(verify::fingerprint).transpose().map_err(Problem::Unclear)?;
    let request = verify::Request { plan: window.plan(&at.plan)?.path().to_path_buf(), expect };
    let order = at.order("保存した版を確かめる");
    see(&jobs::begin(window, order, move |_, observer| verified(at, &request, observer))?)
}

fn verified(at: At, request: &verify::Request, observer: &dyn Observer) -> Result<String, Failure> {
    let report = verify::run(request, observer)?;
    let findings = &report.findings;
    let editions: Vec<_> = report.editions.iter().map(|one| CheckLine::of(one, findings)).collect();
    let is_doubtful = !findings.is_empty() || editions.is_empty();
    let mut lines = report.lines.iter().map(|line| visible_line(line).into_owned());
    let page = VerifiedPage {
        at,
        kind: match () {
            () if findings.has_errors() => "error",
            () if is_doubtful || editions.iter().any(|one| one.kind != "success") => "warning",
            () => "success",
        },
        sentence: lines.next().unwrap_or_default(),
        details: lines.collect(),
        editions,
        newest: report.newest.map(|newest| newest.sha256),
        found: Found::of(findings),
    };
    Ok(page.render().map_err(anyhow::Error::from)?)
}

impl CheckLine {
    fn of(one: &EditionCheck, findings: &Findings) -> Self {
        let within = format!("{}/", one.folder);
        let is_its = |file: &str| file == one.folder || file.starts_with(&within);
        let its = findings.iter().filter(|finding| finding.place.as_ref().is_some_and(|at| is_its(&at.file)));
        let errors = its.clone().filter(|finding| finding.severity() == Severity::Error).count();
        let others = its.count() - errors;
        let (kind, verdict) = match (errors, others, one.remade.why_not(), one.figures) {
            (0, 0, None, Figures::Same) => ("success", "保存の記録のとおりです".to_owned()),
            (0, 0, ..) => ("warning", "一部を確認できませんでした".to_owned()),
            (0, others, ..) => ("warning", format!("警告があります（{others}件）")),
            (errors, ..) => ("error", format!("問題があります（{errors}件）")),
        };
        Self {
            folder: visible_line(&one.folder).into_owned(),
            kind,
            verdict,
            files: one.files,
            remade: match one.remade.why_not() {
                None if one.remade == Remade::Same => "同じ文書ができました".to_owned(),
                None => "違う文書ができました".to_owned(),
                Some(why) => format!("確認していません（{why}）"),
            },
            figures: match one.figures {
                Figures::Same => "マスタと同じです",
                Figures::Differs => "マスタと違います",
                Figures::NotCompared if one.remade == Remade::Same => {
                    "比べていません（ファイルが保存したときのままではありません）"
                }
                Figures::NotCompared => "比べていません",
            },
        }
    }
}
