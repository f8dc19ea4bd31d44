//! Dry runs of a collection that were shown: what is ticked there is ticked by its number.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::secret::Secret;
use crate::app::collect::Tick;
use crate::archive::Hash;
use crate::exchange::Change;
use crate::master::Column;
use crate::plan::{FiscalYear, Row};

/// So many are remembered.
const MOST_READINGS: usize = 20;

/// A dry run that was shown.
pub struct Reading {
    /// The ID of the plan.
    pub plan: String,
    /// What was read.
    pub upload: Arc<UploadFolder>,
    /// The year that was chosen.
    pub year: Option<FiscalYear>,
    /// What changes in the master.
    pub sure: Vec<Change>,
    /// The same with what was changed in past years; `None` where nothing was.
    pub revised: Option<Vec<Change>>,
    /// What each taking over has replaced.
    pub undos: Mutex<Vec<Undo>>,
}

/// How a taking over is taken back.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The master as it was before.
    pub backup: PathBuf,
    /// The master as it was written.
    pub seen: Hash,
    /// Whether it was taken back already.
    pub is_done: bool,
}

/// A folder with what was dropped, as long as a dry run of it is remembered or a job reads it.
pub struct UploadFolder {
    /// Its ID.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
}

impl Drop for UploadFolder {
    fn drop(&mut self) {
        // What is held open goes with the folder of all uploads, when the window is closed.
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Reading {
    /// What is only there because corrections to past years are, by the rows of the master: a row's
    /// new answer waits for its corrections, and comes with them or not at all.
    pub fn revisions(&self) -> Vec<Vec<&Change>> {
        let known: HashMap<_, &Change> = self.sure.iter().map(|change| (cell(change), change)).collect();
        let mut only: Vec<&Change> = self.revised.iter().flatten().collect();
        only.retain(|change| known.get(&cell(change)) != Some(change));
        only.chunk_by(|one, next| one.row == next.row).map(<[_]>::to_vec).collect()
    }

    /// What is taken over of all that was shown. `ticked` are numbers: first of what is sure, then of
    /// the rows with revisions. The revisions of other rows are asked about as always.
    pub fn ticks(&self, ticked: &HashSet<usize>) -> Vec<Tick> {
        let revisions = (self.sure.len()..).zip(self.revisions());
        let accepted: Vec<&Change> =
            revisions.filter(|(at, _)| ticked.contains(at)).flat_map(|(_, row)| row).collect();
        let rows: HashSet<Row> = accepted.iter().map(|change| change.row).collect();
        let revised: HashSet<_> = accepted.into_iter().map(cell).collect();
        let sure = self.sure.iter().enumerate().filter(|(at, _)| ticked.contains(at));
        let sure: HashSet<_> = sure.map(|(_, change)| cell(change)).collect();
        // No row has to do with another: each is as it was shown, with its revisions or without.
        let without = self.sure.iter().filter(|change| !rows.contains(&change.row));
        let with = self.revised.iter().flatten().filter(|change| rows.contains(&change.row));
        let mut all: Vec<&Change> = without.chain(with).collect();
        all.sort_by_key(|change| change.row);
        let tick = |change: &Change| {
            let is_revised = revised.contains(&cell(change));
            let is_taken = is_revised || sure.contains(&cell(change));
            Tick { change: change.clone(), is_taken, is_revised }
        };
        all.into_iter().map(tick).collect()
    }

    /// Remembers a taking over. Its number.
    pub fn add_undo(&self, undo: Undo) -> usize {
        let mut undos = self.undos.lock().unwrap_or_else(PoisonError::into_inner);
        undos.push(undo);
        undos.len() - 1
    }

    /// How a taking over is taken back, by its number.
    pub fn undo(&self, at: usize) -> Option<Undo> {
        self.undos.lock().unwrap_or_else(PoisonError::into_inner).get(at).cloned()
    }

    /// It was taken back.
    pub fn set_undone(&self, at: usize) {
        let mut undos = self.undos.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(undo) = undos.get_mut(at) {
            undo.is_done = true;
        }
    }
}

/// The cell of the master that a change is of.
fn cell(change: &Change) -> (Row, Column) {
    (change.row, change.column)
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

    /// What was dropped for this plan, where a dry run of it is remembered.
    pub fn upload(&self, plan: &str, id: &str) -> Option<Arc<UploadFolder>> {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = readings.iter().map(|(_, reading)| reading);
        let found = all.find(|reading| reading.plan == plan && reading.upload.id == id);
        found.map(|reading| Arc::clone(&reading.upload))
    }

    /// One of this plan by its ID.
    pub fn get(&self, plan: &str, id: &str) -> Option<Arc<Reading>> {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let found = readings.iter().find(|(known, reading)| known == id && reading.plan == plan);
        found.map(|(_, reading)| Arc::clone(reading))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exchange::ChangeKind;

    fn change(row: usize, year: i32, kind: ChangeKind) -> Change {
        let text = String::new;
        Change {
            kind,
            department: text(),
            id: format!("P{row}"),
            field: None,
            owner: text(),
            item: text(),
            row: Row(row),
            column: Column::Actual(FiscalYear::starting(year)),
            year: FiscalYear::starting(year),
            old: text(),
            new: "1件".to_owned(),
            remark: text(),
            file: text(),
        }
    }

    #[test]
    fn an_answer_that_waits_for_a_correction_comes_with_it_and_no_other_row_does() {
        use ChangeKind::{Answer, Revision};
        let sure = vec![change(1, 2023, Answer), change(4, 2023, Answer)];
        let (held, other) = ([change(2, 2022, Revision), change(2, 2023, Answer)], change(3, 2022, Revision));
        let revised = [&sure[..1], &held[..], &[other], &sure[1..]].concat();
        let upload = Arc::new(UploadFolder { id: String::new(), path: PathBuf::new() });
        let (plan, undos) = (String::new(), Mutex::default());
        let reading = Reading { plan, upload, year: None, sure, revised: Some(revised), undos };
        let rows: Vec<usize> = reading.revisions().iter().map(Vec::len).collect();
        assert_eq!(rows, [2, 1]);

        // The second of what is sure, and the first row with corrections.
        let ticks = reading.ticks(&HashSet::from([1, 2]));
        let told: Vec<_> =
            ticks.iter().map(|tick| (tick.change.row.0, tick.is_taken, tick.is_revised)).collect();
        assert_eq!(told, [(1, false, false), (2, true, true), (2, true, true), (4, true, false)]);
    }
}
