//! What surrounds every page: the plan, the year, the steps.

use std::path::{Path, PathBuf};

use super::answer::{Problem, said_of};
use super::ids::Known;
use super::state::Window;
use crate::app::PlanFolder;
use crate::plan::FiscalYear;
use crate::storage::paths;

/// A step of the year's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 「調べる」
    Check,
    /// 「作る」
    Build,
    /// 「配る」
    Distribute,
    /// 「集める」
    Collect,
    /// 「保存する」
    Archive,
}

impl Step {
    /// In their order.
    pub const ALL: [Self; 5] = [Self::Check, Self::Build, Self::Distribute, Self::Collect, Self::Archive];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "調べる",
            Self::Build => "作る",
            Self::Distribute => "配る",
            Self::Collect => "集める",
            Self::Archive => "保存する",
        }
    }

    /// Its part of an address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Build => "build",
            Self::Distribute => "distribute",
            Self::Collect => "collect",
            Self::Archive => "archive",
        }
    }
}

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
        let (name, city, years) = match folder.load() {
            Ok((loaded, _)) => {
                let plan = loaded.settings.plan;
                (plan.name, plan.city, loaded.master.plan.years)
            }
            Err(failure) => {
                page.notices.extend(said_of(&failure).into_iter().map(Notice::error));
                (paths::name_of(folder.path()), String::new(), Vec::new())
            }
        };
        let year = year.filter(|year| years.contains(year)).or(years.last().copied());
        let asked = year.map(|year| format!("?year={year}")).unwrap_or_default();
        page.steps = Step::ALL
            .map(|other| StepHead {
                name: other.name(),
                href: format!("/p/{id}/{}{asked}", other.path()),
                state: String::new(),
                is_current: step == Some(other),
                is_ready: false,
            })
            .into();
        let links = years.iter().map(|other| YearLink {
            text: other.long(),
            href: format!("/p/{id}/{here}?year={other}"),
            is_current: Some(*other) == year,
        });
        let years = links.collect();
        let year = year.map(|year| year.long()).unwrap_or_default();
        page.plan = Some(PlanHead { id, name, city, year, years });
        Ok(page)
    }
}

/// Where a plan's documents are written to, and what belongs to them: within its folder.
pub fn out(plan: &Path) -> PathBuf {
    plan.join("out")
}
