//! Dry runs of a collection that were shown: what is ticked there is ticked by its number.

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::secret::Secret;
use crate::app::collect::Tick;
use crate::archive::Hash;
use crate::exchange::Change;
use crate::plan::FiscalYear;

/// So many are remembered.
const MOST_READINGS: usize = 20;

/// A dry run that was shown.
pub struct Reading {
    /// The ID of the plan.
    pub plan: String,
    /// The ID of what was read.
    pub upload: String,
    /// The year that was chosen.
    pub year: Option<FiscalYear>,
    /// What changes in the master.
    pub sure: Vec<Change>,
    /// The same with what was changed in past years; `None` where nothing was.
    pub revised: Option<Vec<Change>>,
    /// What taking over has replaced.
    pub undo: Mutex<Option<Undo>>,
}

/// How a taking over is taken back.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The master as it was before.
    pub backup: PathBuf,
    /// The master as it was written.
    pub seen: Hash,
}

impl Reading {
    /// What is only there because corrections to past years are: it comes after what is sure.
    pub fn revisions(&self) -> impl Iterator<Item = &Change> {
        let sure: HashSet<_> = self.sure.iter().map(|change| (change.row, change.column)).collect();
        let all = self.revised.iter().flatten();
        all.filter(move |change| !sure.contains(&(change.row, change.column)))
    }

    /// What is taken over of all that was shown, and whether with corrections to past years.
    /// `ticked` are numbers: first of what is sure, then of the revisions.
    pub fn ticks(&self, ticked: &HashSet<usize>) -> (Vec<Tick>, bool) {
        let shown = self.sure.iter().chain(self.revisions()).enumerate();
        let taken: HashSet<_> = shown
            .filter(|(at, _)| ticked.contains(at))
            .map(|(_, change)| (change.row, change.column))
            .collect();
        // Where none of the revisions is wanted, they are asked about as always.
        let with_revisions = self.revisions().any(|change| taken.contains(&(change.row, change.column)));
        let all = self.revised.as_ref().filter(|_| with_revisions).unwrap_or(&self.sure);
        let tick = |change: &Change| Tick {
            change: change.clone(),
            is_taken: taken.contains(&(change.row, change.column)),
        };
        (all.iter().map(tick).collect(), with_revisions)
    }

    /// How it is taken back, where it was taken over.
    pub fn undo(&self) -> Option<Undo> {
        self.undo.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// It was taken over, or taken back.
    pub fn set_undo(&self, undo: Option<Undo>) {
        *self.undo.lock().unwrap_or_else(PoisonError::into_inner) = undo;
    }
}

/// The dry runs of this window.
#[derive(Default)]
pub struct Readings {
    readings: Mutex<VecDeque<(String, Arc<Reading>)>>,
}

impl Readings {
    /// Remembers one. Its ID.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn add(&self, reading: Arc<Reading>) -> anyhow::Result<String> {
        let id = Secret::new()?.text()[..16].to_owned();
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        if readings.len() >= MOST_READINGS {
            readings.pop_front();
        }
        readings.push_back((id.clone(), reading));
        Ok(id)
    }

    /// One of this plan by its ID.
    pub fn get(&self, plan: &str, id: &str) -> Option<Arc<Reading>> {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let found = readings.iter().find(|(known, reading)| known == id && reading.plan == plan);
        found.map(|(_, reading)| Arc::clone(reading))
    }
}
