//! Names for places on the disk that say nothing of them: no path stands in an address.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use super::secret::Secret;

/// What an ID stands for. One of a file opens no plan, and the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Known {
    /// A plan's folder.
    Plan(PathBuf),
    /// A folder in the list of folders.
    Folder(PathBuf),
    /// A file that was made, to be looked at or opened.
    File(PathBuf),
    /// What was dropped on the page: a folder of this run.
    Upload(PathBuf),
}

/// The IDs of this run.
#[derive(Default)]
pub struct Ids {
    ids: Mutex<(HashMap<Known, String>, HashMap<String, Known>)>,
}

impl Ids {
    /// The ID of a place: always the same.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn of(&self, known: Known) -> Result<String> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = ids.0.get(&known) {
            return Ok(id.clone());
        }
        let id = Secret::new()?.text()[..16].to_owned();
        ids.0.insert(known.clone(), id.clone());
        ids.1.insert(id.clone(), known);
        Ok(id)
    }

    /// What an ID stands for, if it is one.
    pub fn get(&self, id: &str) -> Option<Known> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).1.get(id).cloned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_its_id_and_kinds_are_told_apart() {
        let ids = Ids::default();
        let plan = ids.of(Known::Plan("計画".into())).unwrap();
        assert_eq!(ids.of(Known::Plan("計画".into())).unwrap(), plan);
        assert_ne!(ids.of(Known::File("計画".into())).unwrap(), plan);
        assert_eq!(ids.get(&plan), Some(Known::Plan("計画".into())));
        assert_eq!(ids.get("../../etc/passwd"), None);
    }
}
