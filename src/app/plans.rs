//! Which plans there are, and where to look for others: what is chosen from before anything else.

use std::path::{Path, PathBuf};

use super::plan_folder::{is_plan, plans_below};
use super::{PlanFolder, Result};
use crate::archive;
use crate::plan::FiscalYear;
use crate::storage::paths;
use crate::storage::reason::cannot_enter;

/// A list has so many folders; nobody finds his among more.
const MOST: usize = 1_000;

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanEntry {
    /// Its folder.
    pub path: PathBuf,
    /// Its name; the folder's, where `plan.toml` cannot be read.
    pub name: String,
    /// Whose it is; empty where `plan.toml` cannot be read.
    pub city: String,
    /// Its years; none where the master cannot be read.
    pub years: Vec<FiscalYear>,
}

/// The plans in a folder and in the folders below it, two levels deep; the folder itself, where
/// it is one. What cannot be opened has none.
pub fn plans(folder: &Path) -> Vec<PlanEntry> {
    let own = is_plan(folder).then(|| folder.to_path_buf());
    own.into_iter().chain(plans_below(folder)).map(entry).collect()
}

fn entry(path: PathBuf) -> PlanEntry {
    let unknown = |path: PathBuf| PlanEntry {
        name: paths::name_of(&path),
        city: String::new(),
        years: Vec::new(),
        path,
    };
    let Ok(folder) = PlanFolder::open(&path) else { return unknown(path) };
    let Ok((settings, _)) = folder.settings() else { return unknown(path) };
    let years = folder.load().map(|(loaded, _)| loaded.master.plan.years).unwrap_or_default();
    PlanEntry { path, name: settings.plan.name, city: settings.plan.city, years }
}

/// The folders in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// By name. Hidden ones and the editions of archives are left out.
    pub folders: Vec<FolderEntry>,
    /// There are more.
    pub is_cut: bool,
}

/// A folder to be entered or chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Whether it holds a plan.
    pub is_plan: bool,
}

/// The folders in a folder, of which nothing else is told.
///
/// # Errors
/// Says in Japanese why the folder cannot be entered.
pub fn folders(folder: &Path) -> Result<Listing> {
    let entries = std::fs::read_dir(folder).map_err(|error| cannot_enter(folder, &error))?;
    let mut folders: Vec<FolderEntry> = Vec::new();
    for entry in entries.flatten().filter(|entry| !is_hidden(entry)) {
        let path = entry.path();
        // The place to which a link leads too: one level at a time, it cannot lead in circles.
        if path.is_dir() && !path.join(archive::MANIFEST).is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            folders.push(FolderEntry { name, is_plan: is_plan(&path), path });
        }
    }
    folders.sort_by_cached_key(|entry| (entry.name.to_lowercase(), entry.name.clone()));
    let is_cut = folders.len() > MOST;
    folders.truncate(MOST);
    Ok(Listing { folders, is_cut })
}

/// Whether a folder is not shown by the system either.
fn is_hidden(entry: &std::fs::DirEntry) -> bool {
    #[cfg(windows)]
    let is_hidden = {
        use std::os::windows::fs::MetadataExt;
        const HIDDEN_OR_SYSTEM: u32 = 2 | 4;
        entry.metadata().is_ok_and(|data| data.file_attributes() & HIDDEN_OR_SYSTEM != 0)
    };
    #[cfg(not(windows))]
    let is_hidden = false;
    is_hidden || entry.file_name().to_string_lossy().starts_with(['.', '$'])
}
