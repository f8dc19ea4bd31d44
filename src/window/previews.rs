//! The pages of plans as they were last laid out: looked at again and again, laid out once for
//! each state of the plan's files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use chrono::NaiveDate;

use super::answer::Problem;
use crate::app::preview::{self, Preview};
use crate::app::{Choice, PlanFolder};
use crate::archive::Hash;
use crate::plan::FiscalYear;
use crate::storage::{archive_folder, files};

/// So many are kept: of a plan and two of its years, and of another plan.
const MOST: usize = 4;

/// A plan, its year that is asked for, and the day.
type Key = (PathBuf, Option<FiscalYear>, NaiveDate);

/// A file as it was read: those that planners write are known by what they say, for some programs
/// and shares keep the time.
#[derive(PartialEq)]
enum Stamp {
    Text(PathBuf, Option<Hash>),
    Saved(PathBuf, Option<(SystemTime, u64)>),
}

/// A plan laid out, and the files that it was read from.
struct Kept {
    files: Vec<Stamp>,
    preview: Arc<Preview>,
}

/// A plan that is laid out once, however many ask for it meanwhile: and only they wait.
struct Slot {
    key: Key,
    kept: Mutex<Option<Kept>>,
}

/// The pages that were laid out.
#[derive(Default)]
pub struct Previews {
    /// What was asked for last comes last.
    slots: Mutex<Vec<Arc<Slot>>>,
}

impl Previews {
    /// The pages of a year, where they are laid out as its files are now: nothing is waited for.
    pub fn known(&self, folder: &PlanFolder, year: FiscalYear) -> Option<Arc<Preview>> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of_plan = slots.iter().filter(|slot| slot.key.0 == folder.path());
        of_plan.filter_map(|slot| slot.kept.try_lock().ok()).find_map(|kept| {
            let kept = kept.as_ref().filter(|kept| kept.preview.year == year)?;
            kept.files.iter().all(Stamp::is_true).then(|| Arc::clone(&kept.preview))
        })
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
        let slot = self.slot((folder.path().to_path_buf(), year, today));
        let mut kept = slot.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.files.iter().all(Stamp::is_true)) {
            return Ok(Arc::clone(&kept.preview));
        }
        // Before anything is read: what is saved meanwhile is read the next time.
        let archive = archive_folder::folder(folder.path()).join(crate::archive::LATEST);
        let mut files = vec![
            Stamp::text(folder.master_path()),
            Stamp::text(folder.settings_path()),
            Stamp::saved(archive),
        ];
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
        files.extend(templates.map(Stamp::saved));
        let preview = Arc::new(preview);
        *kept = Some(Kept { files, preview: Arc::clone(&preview) });
        Ok(preview)
    }

    fn slot(&self, key: Key) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = match slots.iter().position(|slot| slot.key == key) {
            Some(at) => slots.remove(at),
            None => Arc::new(Slot { key, kept: Mutex::default() }),
        };
        if slots.len() >= MOST {
            slots.remove(0);
        }
        slots.push(Arc::clone(&slot));
        slot
    }
}

impl Stamp {
    fn text(path: PathBuf) -> Self {
        let hash = hash(&path);
        Self::Text(path, hash)
    }

    fn saved(path: PathBuf) -> Self {
        let stamp = files::stamp(&path);
        Self::Saved(path, stamp)
    }

    /// Whether the file is still as it was read.
    fn is_true(&self) -> bool {
        match self {
            Self::Text(path, known) => hash(path) == *known,
            Self::Saved(path, known) => files::stamp(path) == *known,
        }
    }
}

/// What a file says; `None` where it cannot be read.
fn hash(path: &Path) -> Option<Hash> {
    files::read(path, files::LARGEST_MASTER).ok().map(|bytes| Hash::of(&bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::window::tests::{Client, clock};

    #[test]
    fn a_master_of_the_same_length_and_time_is_another() {
        let client = Client::new("data/mihon");
        let folder = PlanFolder::open(&client.folder).unwrap();
        let previews = Previews::default();
        let bytes_of = || {
            let preview = previews.of(clock().date(), &folder, None).unwrap();
            preview.loaded.master.source.bytes().to_vec()
        };
        let before = bytes_of();
        let path = folder.master_path();
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        let after = String::from_utf8(before.clone()).unwrap().replacen("しごと", "ごしと", 1).into_bytes();
        assert!(after != before && after.len() == before.len());
        std::fs::write(&path, &after).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_eq!(bytes_of(), after);
    }
}
