//! The use cases: what a planning office does with a plan.
//!
//! One file each, with a `Request`, a `Report` and `run`. A report is what `--format json`
//! prints, and what the command line tells in words; whatever stops a use case is a
//! [`Failure`]. Nothing here prints or knows what day it is, and what changes the disk is
//! [`storage`](crate::storage)'s: another front only brings its own requests and an [`Observer`].

pub mod archive;
mod backup;
pub mod build;
pub mod check;
mod choice;
pub mod collect;
pub mod diff;
pub mod distribute;
pub mod init;
pub mod known_plans;
pub mod mend;
pub mod overview;
mod plan_folder;
pub mod plans;
pub mod preview;
mod remedy;
pub mod restore;
pub mod since;
pub mod suggested;
pub mod template;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serializer;

use crate::documents::{DrawError, SetError};
use crate::finding::Findings;
use crate::layout::font::FontError;
use crate::render::pdf::PdfError;
use crate::render::xlsx::WorkbookError;
use crate::render::{Meta, Program};

pub use choice::Choice;
pub use plan_folder::{DEFAULT_PLAN, Loaded, PlanFolder};
pub use remedy::{Refused, Remedy, listed};

/// Why a use case did not do what was asked. What was to be written is not written, but
/// where the error says that some of it is.
#[derive(Debug)]
pub enum Failure {
    /// The data has errors, which somebody has to mend first; with the warnings beside them.
    Findings(Findings),
    /// A file cannot be opened or written, or what was asked for cannot be.
    Environment {
        /// What it is, in Japanese.
        error: anyhow::Error,
        /// What was found on the way to it, and explains it.
        findings: Findings,
    },
    /// What was shown when this was asked for is another by now; nothing was written. It is to
    /// be looked at again.
    Changed(anyhow::Error),
    /// The user stopped it; nothing was written.
    Stopped,
}

impl Failure {
    /// That the master is another than the one that was shown.
    pub fn changed() -> Self {
        Self::Changed(anyhow::anyhow!(
            "マスタは、表示した後に別の画面かプログラムで書き換えられています。新しい内容を確認してから、もう一度操作してください"
        ))
    }

    /// With what was found before, in front.
    fn after(self, before: &Findings) -> Self {
        match self {
            Self::Findings(faults) => {
                let mut findings = before.clone();
                findings.append(faults);
                Self::Findings(findings)
            }
            failure => failure,
        }
    }
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Self::Findings(findings)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Environment { error, findings: Findings::new() }
    }
}

impl From<SetError> for Failure {
    fn from(error: SetError) -> Self {
        match error {
            SetError::Data(findings) => findings.into(),
            error => anyhow::Error::from(error).into(),
        }
    }
}

/// Errors of the writers and of fonts: what they say is all there is to say.
macro_rules! environment {
    ($($error:ty),*) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                anyhow::Error::from(error).into()
            }
        }
    )*};
}

environment!(DrawError, FontError, PdfError, WorkbookError);

/// The answer of a use case.
pub type Result<T> = std::result::Result<T, Failure>;

/// Follows a use case while it runs.
pub trait Observer {
    /// What is being done from now on. Each use case takes a step right before it begins to
    /// write, and none after that.
    ///
    /// # Errors
    /// [`Failure::Stopped`], where the user wants it to go no further.
    fn step(&self, _doing: &str) -> Result<()> {
        Ok(())
    }

    /// So many of all that a step does are done.
    ///
    /// # Errors
    /// As of [`step`](Self::step).
    fn progress(&self, _done: usize, _all: usize) -> Result<()> {
        Ok(())
    }

    /// Something its user is to know, whatever comes of it.
    fn notice(&self, _line: &str) {}
}

/// Nobody looks.
impl Observer for () {}

/// What the workbooks of an exchange say of themselves.
fn meta(loaded: &Loaded, title: &str, date: NaiveDate) -> Meta {
    let plan = &loaded.settings.plan;
    Meta {
        title: title.to_owned(),
        author: format!("{}{}", plan.city, plan.office),
        subject: plan.name.clone(),
        keywords: Vec::new(),
        date,
        program: Program::this(),
    }
}

/// In a report, a path; what is no text in it is shown as `�`, where the library that
/// writes JSON would stop.
fn as_path<S: Serializer>(path: &Path, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// In a report, paths.
fn as_paths<S: Serializer>(paths: &[PathBuf], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.display().to_string()))
}
