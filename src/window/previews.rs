//! The pages of plans as they were last laid out: looked at again and again, laid out once for
//! each state of the plan's files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use chrono::NaiveDate;

use super::answer::Problem;
use crate::app::preview::{self, Preview};
use crate::app::{Choice, PlanFolder};
use crate::plan::FiscalYear;
use crate::storage::{archive_folder, files};

/// So many are kept: of a plan and two of its years, and of another plan.
const MOST: usize = 4;

/// A file, and when it was saved last.
type Stamp = (PathBuf, Option<(SystemTime, u64)>);

/// A plan laid out.
struct Kept {
    plan: PathBuf,
    files: Vec<Stamp>,
    preview: Arc<Preview>,
}

impl Kept {
    /// Whether it is what is asked for, be the year named or not.
    fn is_of(&self, plan: &Path, year: Option<FiscalYear>) -> bool {
        let meant = year.or_else(|| self.preview.loaded.master.plan.usual_year());
        self.plan == plan && meant == Some(self.preview.year)
    }

    /// Whether no file was saved since.
    fn is_current(&self) -> bool {
        self.files.iter().all(|(path, stamp)| files::stamp(path) == *stamp)
    }
}

/// The pages that were laid out.
#[derive(Default)]
pub struct Previews {
    kept: Mutex<Vec<Kept>>,
}

impl Previews {
    /// The pages of a year, where they are laid out as its files are now.
    pub fn known(&self, folder: &PlanFolder, year: FiscalYear) -> Option<Arc<Preview>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().find(|one| one.is_of(folder.path(), Some(year)) && one.is_current());
        known.map(|one| Arc::clone(&one.preview))
    }

    /// The pages of a plan as its files are now; `today` is the day.
    ///
    /// # Errors
    /// A plan of which too little can be read to show any of it.
    pub fn of(
        &self,
        today: NaiveDate,
        folder: &PlanFolder,
        year: Option<FiscalYear>,
    ) -> Result<Arc<Preview>, Problem> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|one| one.is_of(folder.path(), year)) {
            let one = kept.remove(at);
            if one.is_current() {
                let preview = Arc::clone(&one.preview);
                kept.push(one);
                return Ok(preview);
            }
        }
        // Before anything is read: what is saved meanwhile is read the next time.
        let own = [folder.master_path(), folder.settings_path()];
        let archive = archive_folder::folder(folder.path()).join(crate::archive::LATEST);
        let mut files: Vec<Stamp> = own.into_iter().chain([archive]).map(stamped).collect();
        let preview = preview::run(
            &preview::Request {
                plan: folder.path().to_path_buf(),
                choice: Choice::default(),
                year,
                date: None,
                today,
                draft: false,
            },
            &(),
        )?;
        let settings = &preview.loaded.settings;
        let templates = settings.documents.iter().filter_map(|one| folder.template_path(settings, one));
        files.extend(templates.map(stamped));
        let preview = Arc::new(preview);
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(Kept { plan: folder.path().to_path_buf(), files, preview: Arc::clone(&preview) });
        Ok(preview)
    }
}

/// A file as it is now.
fn stamped(path: PathBuf) -> Stamp {
    let stamp = files::stamp(&path);
    (path, stamp)
}
