//! The plans that somebody knows, each looked at without waiting for what does not answer.

use std::path::{Path, PathBuf};

use super::PlanFolder;
use super::plans::{PlanEntry, plans};
use crate::storage::folders::{of_program, within_moment};

/// A plan that was used before, or lies beside the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlan {
    /// Its folder.
    pub path: PathBuf,
    /// What is known of it.
    pub state: PlanState,
}

/// What is known of a plan's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanState {
    /// It can be worked on.
    Readable(PlanEntry),
    /// It is there, but nothing of it can be read.
    Unreadable,
    /// There is no plan any more.
    Gone,
    /// Its place does not answer: a server that is switched off, a drive that is not there.
    Silent,
}

/// What is known of each of the folders.
pub fn look(paths: Vec<PathBuf>) -> Vec<KnownPlan> {
    let looked = within_moment(paths, |path| state(path));
    let known =
        looked.into_iter().map(|(path, state)| KnownPlan { path, state: state.unwrap_or(PlanState::Silent) });
    known.collect()
}

/// The plans in the folder of the program and below it.
pub fn beside_program() -> Vec<KnownPlan> {
    let found = of_program().map(|folder| plans(&folder)).unwrap_or_default();
    look(found.into_iter().map(|entry| entry.path).collect())
}

fn state(path: &Path) -> PlanState {
    let Ok(folder) = PlanFolder::open(path) else { return PlanState::Gone };
    let Ok((loaded, _)) = folder.load() else { return PlanState::Unreadable };
    let plan = loaded.settings.plan;
    PlanState::Readable(PlanEntry {
        path: path.to_path_buf(),
        name: plan.name,
        city: plan.city,
        years: loaded.master.plan.years,
    })
}
