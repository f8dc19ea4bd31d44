//! The archive: keeping a year's documents, and answering for them.

pub mod add;
pub mod extract;
pub mod list;
pub mod verify;

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{DEFAULT_PLAN, PlanFolder, suggested};
use crate::archive;
use crate::storage::{archive_folder, files, paths};

/// The folder of a plan's archive; one must be there. `path` is the plan's folder, the
/// archive's own, or that of an edition.
///
/// # Errors
/// Where there is none.
fn folder_of(path: &Path) -> anyhow::Result<PathBuf> {
    let is_edition = path.join(archive::MANIFEST).is_file();
    let root = match is_edition {
        // Of the folder that is worked in, the path does not say what is above it.
        true if path == Path::new(DEFAULT_PLAN) => PathBuf::from(".."),
        true => paths::folder_of(path).to_path_buf(),
        false => archive_folder::folder(path),
    };
    if !files::is_folder(&root)? {
        // Without a plan, it is the plan that is not there.
        PlanFolder::open(path)?;
        let archive = suggested::on_plan("archive", path, "--year R4");
        bail!("保存先{}が見つかりません。{archive}で保存すると作られます", paths::shown(&root));
    }
    Ok(root)
}
