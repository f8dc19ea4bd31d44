//! What surrounds every page: the plan, the year, the steps.

use std::path::{Path, PathBuf};

use super::answer::{Problem, said_of};
use super::ids::Known;
use super::progress::Progress;
use super::state::Window;
use crate::app::PlanFolder;
use crate::app::overview::{self, Overview};
use crate::finding::Severity;
use crate::plan::FiscalYear;
use crate::storage::paths;

pub use super::step::Step;

/// What the frame of a page shows.
#[derive(Debug, Default)]
pub struct Page {
    /// The heading of the page.
    pub title: String,
    /// What every form carries.
    pub token: String,
    /// The plan, where there is one.
    pub plan: Option<PlanHead>,
    /// The steps of its year.
    pub steps: Vec<StepHead>,
    /// What is to be said before all else.
    pub notices: Vec<Notice>,
    /// How far the plan is, where there is one whose files can be opened.
    pub overview: Option<Overview>,
}

/// The plan that a page is about.
#[derive(Debug)]
pub struct PlanHead {
    /// Its ID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// 「令和4年度」
    pub year: String,
    /// All that can be chosen.
    pub years: Vec<YearLink>,
}

/// A year that can be chosen.
#[derive(Debug)]
pub struct YearLink {
    /// 「令和4年度」
    pub text: String,
    /// The same page for this year.
    pub href: String,
    /// It is chosen.
    pub is_current: bool,
}

/// A step, as the line of steps shows it.
#[derive(Debug)]
pub struct StepHead {
    /// 「調べる」
    pub name: &'static str,
    /// Its page.
    pub href: String,
    /// 「警告 8件」
    pub state: String,
    /// It is the page that is shown.
    pub is_current: bool,
    /// Nothing is to be done any more.
    pub is_ready: bool,
}

/// A banner.
#[derive(Debug)]
pub struct Notice {
    /// `success`, `error`, `warning`, `info-1`
    pub kind: &'static str,
    /// The same in a word: colours are not all that tells them apart.
    pub word: &'static str,
    /// What is to be known.
    pub text: String,
}

impl Notice {
    /// Something was done.
    pub fn success(text: impl Into<String>) -> Self {
        Self { kind: "success", word: "成功", text: text.into() }
    }

    /// Something is to be known.
    pub fn info(text: impl Into<String>) -> Self {
        Self { kind: "info-1", word: "お知らせ", text: text.into() }
    }

    /// Something may be wrong.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { kind: "warning", word: "警告", text: text.into() }
    }

    /// Something is wrong.
    pub fn error(text: impl Into<String>) -> Self {
        Self { kind: "error", word: "エラー", text: text.into() }
    }
}

impl Page {
    /// The year that the page is about: the one asked for, else the latest with an actual.
    pub fn year(&self) -> Option<FiscalYear> {
        self.overview.as_ref().and_then(|known| known.year)
    }

    /// A page of no plan.
    pub fn bare(window: &Window, title: &str) -> Self {
        Self { title: title.to_owned(), token: window.token.text().to_owned(), ..Self::default() }
    }

    /// A page of a plan; `step` is the one it shows, the home of the plan where there is none.
    /// `year` is the one asked for. A plan of which nothing can be read has a page too, which says so.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn of(
        window: &Window,
        folder: &PlanFolder,
        title: &str,
        step: Option<Step>,
        year: Option<FiscalYear>,
    ) -> Result<Self, Problem> {
        let mut page = Self::bare(window, title);
        let id = window.ids.of(Known::Plan(folder.path().to_path_buf()))?;
        let here = step.map_or("", Step::path);
        let looked = overview::run(&overview::Request {
            plan: folder.path().to_path_buf(),
            year,
            out: out(folder.path()),
            forms: out(folder.path()).join("照会"),
            today: window.today(),
        });
        page.overview = match looked {
            Ok(mut overview) => {
                // What only laying out finds is counted too, once that was done.
                if let Some(preview) = overview.year.and_then(|year| window.previews.known(folder, year)) {
                    overview.errors = preview.findings.count(Severity::Error);
                    overview.warnings = preview.findings.count(Severity::Warning);
                }
                if overview.year.is_none() && step.is_some() {
                    page.notices.push(Notice::error(
                        "この計画の内容を読み取れません。直すところは「調べる」に表示しています。",
                    ));
                }
                Some(overview)
            }
            Err(failure) => {
                page.notices.push(Notice::error(said_of(&failure).join(" ")));
                None
            }
        };
        let known = page.overview.as_ref();
        let name = known.map_or_else(|| paths::name_of(folder.path()), |known| known.name.clone());
        let city = known.map(|known| known.city.clone()).unwrap_or_default();
        let year = known.and_then(|known| known.year);
        let asked = year.map(|year| format!("?year={year}")).unwrap_or_default();
        let steps = Step::ALL.map(|other| {
            let progress = known.map(|known| Progress::of(other, known, window.today())).unwrap_or_default();
            StepHead {
                name: other.name(),
                href: format!("/p/{id}/{}{asked}", other.path()),
                state: progress.state,
                is_current: step == Some(other),
                is_ready: progress.is_ready,
            }
        });
        let links = known.into_iter().flat_map(|known| &known.years).map(|other| YearLink {
            text: other.long(),
            href: format!("/p/{id}/{here}?year={other}"),
            is_current: Some(*other) == year,
        });
        let years = links.collect();
        page.steps = steps.into();
        let year = year.map(|year| year.long()).unwrap_or_default();
        page.plan = Some(PlanHead { id, name, city, year, years });
        Ok(page)
    }
}

/// Where a plan's documents are written to, and what belongs to them: within its folder.
pub fn out(plan: &Path) -> PathBuf {
    plan.join("out")
}
