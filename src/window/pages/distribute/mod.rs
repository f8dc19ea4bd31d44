//! 「配る」

mod made;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::get;

use super::found::Found;
use super::sent::{Sent, or_again};
use super::{Asked, apart, encoded};
use crate::app::distribute::{self, Preview, Request};
use crate::app::{Failure, Observer, PlanFolder};
use crate::plan::FiscalYear;
use crate::window::answer::{Answer, Problem, drawn, said_of, see};
use crate::window::jobs::{self, Order};
use crate::window::page::{Notice, Page, Step, out};
use crate::window::state::{Shared, Window};

/// The addresses of this page.
pub fn routes(router: Router<Shared>) -> Router<Shared> {
    router.route("/p/{plan}/distribute", get(show).post(make))
}

/// The page.
#[derive(Template)]
#[template(path = "distribute.html")]
struct DistributePage {
    page: Page,
    /// The ID of the plan.
    plan: String,
    /// `R5`
    year: String,
    /// 「令和5年度」
    year_in_words: String,
    years: Vec<(String, String)>,
    /// `None` where nothing can be asked.
    preview: Option<Preview>,
    /// Why not.
    found: Found,
    /// What the page's form has sent, where that cannot be understood.
    sent: Option<Sent>,
}

impl DistributePage {
    /// A department as a part of an address.
    fn encoded(&self, department: &str) -> String {
        encoded(department)
    }

    fn is_ticked(&self, department: &str) -> bool {
        let Some(sent) = &self.sent else { return true };
        sent.all("department").iter().any(|ticked| ticked == department)
    }
}

async fn show(State(window): State<Shared>, Path(plan): Path<String>, Query(asked): Query<Asked>) -> Answer {
    page(window, plan, asked, None).await
}

/// The page; `again` is what its form has sent, and what of it cannot be understood.
async fn page(window: Shared, plan: String, asked: Asked, again: Option<(Sent, Notice)>) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let (step, asked) = (Step::Distribute, asked.year());
        let mut page = Page::of(&window, &folder, step.name(), Some(step), asked)?;
        let known = page.overview.as_ref();
        let years = known.map(|known| known.years.clone()).unwrap_or_default();
        // Where the master cannot be read, it says of any year why not.
        let year = page.year().or(asked);
        let (mut preview, mut found) = (None, Found::default());
        if let Some(year) = year {
            match distribute::preview(&request(&window, &folder, year)) {
                Ok(made) => preview = Some(made),
                Err(Failure::Findings(findings)) => found = Found::of(&findings),
                Err(failure) => page.notices.extend(said_of(&failure).into_iter().map(Notice::error)),
            }
        }
        let sent = again.map(|(sent, why)| {
            page.notices.push(why);
            let due = sent.date("due", "").ok().flatten();
            preview.iter_mut().for_each(|preview| preview.due = due.unwrap_or(preview.due));
            sent
        });
        let words = |year: FiscalYear| (year.to_string(), year.long());
        let (chosen, year_in_words) = year.map(words).unwrap_or_default();
        let years = years.into_iter().map(words).collect();
        drawn(&DistributePage { page, plan, year: chosen, year_in_words, years, preview, found, sent })
    })
    .await
}

/// Makes the forms: a job.
async fn make(State(window): State<Shared>, Path(plan): Path<String>, Form(sent): Form<Sent>) -> Answer {
    let asked = Asked { year: sent.one("year").map(str::to_owned) };
    let begun = begin(Arc::clone(&window), plan.clone(), sent.clone()).await;
    or_again(begun, |why| page(window, plan, asked, Some((sent, why)))).await
}

async fn begin(window: Shared, plan: String, sent: Sent) -> Answer {
    apart(move || {
        let folder = window.plan(&plan)?;
        let year = sent.year()?.ok_or_else(|| Problem::Unclear("年度を選んでください。".to_owned()))?;
        let mut request = request(&window, &folder, year);
        request.due = sent.date("due", "回答期限")?;
        request.departments = match sent.one("single") {
            Some(department) => vec![department.to_owned()],
            None => sent.all("department"),
        };
        if request.departments.is_empty() {
            return Err(Problem::Unclear("記入票を作る担当課を1つ以上選んでください。".to_owned()));
        }
        let order = Order {
            title: "記入票を作る".to_owned(),
            plan: plan.clone(),
            step: Step::Distribute,
            year: Some(year),
        };
        let work =
            move |window: &Shared, observer: &dyn Observer| made::run(window, &plan, &request, observer);
        see(&jobs::begin(&window, order, work)?)
    })
    .await
}

/// All departments are asked for a year.
fn request(window: &Window, folder: &PlanFolder, year: FiscalYear) -> Request {
    Request {
        plan: folder.path().to_path_buf(),
        year,
        due: None,
        departments: Vec::new(),
        out: out(folder.path()).join("照会"),
        today: window.today(),
    }
}
