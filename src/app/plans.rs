//! The plans that there are: those used before, those beside the program, those in a folder.

use std::path::{Path, PathBuf};

use super::PlanFolder;
use super::plan_folder::plans_below;
use crate::plan::FiscalYear;
use crate::storage::folders::{self, Inner, within_moment};

/// A plan as a list of plans shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its folder.
    pub path: PathBuf,
    /// What it is.
    pub state: State,
}

/// What is known of a plan's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It can be opened.
    Plan(Title),
    /// It is one, of which nothing can be read.
    Unreadable,
    /// There is no plan any more.
    Gone,
    /// Its place does not answer: a server that is switched off, a drive that is not there.
    Silent,
}

/// What a plan calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// Its years.
    pub years: Vec<FiscalYear>,
}

/// What each of the folders is.
pub fn look(paths: Vec<PathBuf>) -> Vec<Listed> {
    let looked = within_moment(paths, |path| state(path));
    let listed =
        looked.into_iter().map(|(path, state)| Listed { path, state: state.unwrap_or(State::Silent) });
    listed.collect()
}

/// The plans in the folder of the program and below it.
pub fn beside_program() -> Vec<Listed> {
    let Some(folder) = folders::of_program() else { return Vec::new() };
    let mut paths = plans_below(&folder);
    paths.extend(PlanFolder::is_at(&folder).then_some(folder));
    look(paths)
}

/// The folders in a folder, and whether each is a plan's.
///
/// # Errors
/// A folder that cannot be listed.
pub fn inside(folder: &Path) -> anyhow::Result<(Vec<(PathBuf, bool)>, bool)> {
    let Inner { folders, has_more } = folders::inside(folder)?;
    let told = folders.into_iter().map(|path| {
        let is_plan = PlanFolder::is_at(&path);
        (path, is_plan)
    });
    Ok((told.collect(), has_more))
}

fn state(path: &Path) -> State {
    let Ok(folder) = PlanFolder::open(path) else { return State::Gone };
    match folder.load() {
        Ok((loaded, _)) => {
            let plan = loaded.settings.plan;
            State::Plan(Title { name: plan.name, city: plan.city, years: loaded.master.plan.years })
        }
        Err(_) => State::Unreadable,
    }
}
