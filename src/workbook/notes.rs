//! What is written on sheets but in no cell, as far as anybody reads it.

use super::book::{Note, NoteKind, Position};
use super::budget::Budget;
use super::refusal::Refusal;

/// Notes of a file that are kept one by one; of more, only the number is told.
const MOST_NOTES: usize = 2_000;

/// What the parts of a sheet say, each with the cell it belongs to.
pub(super) type NoteTexts = Vec<(Option<Position>, String)>;

/// The notes of a workbook.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Those of the sheet that is being read.
    list: Vec<Note>,
    kept: usize,
    more: usize,
}

impl Notes {
    /// Keeps a note that says something.
    pub fn push(
        &mut self,
        at: Option<Position>,
        kind: NoteKind,
        text: &str,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        budget.item()?;
        if self.kept >= MOST_NOTES {
            self.more += 1;
            return Ok(());
        }
        budget.text(text.len())?;
        self.kept += 1;
        self.list.push(Note { at, kind, text: text.to_owned() });
        Ok(())
    }

    /// Keeps all of a part.
    pub fn extend(&mut self, kind: NoteKind, said: NoteTexts, budget: &mut Budget) -> Result<(), Refusal> {
        said.into_iter().try_for_each(|(at, text)| self.push(at, kind, &text, budget))
    }

    /// Whether the sheet has a comment already.
    pub fn has_comment(&self) -> bool {
        self.list.iter().any(|note| note.kind == NoteKind::Comment)
    }

    /// Hands out those of a sheet that has been read.
    pub fn take(&mut self) -> Vec<Note> {
        let mut list = std::mem::take(&mut self.list);
        let more = std::mem::take(&mut self.more);
        if more > 0 {
            let text = format!("（ほかに{more}個のメモや図形があります）");
            list.push(Note { at: None, kind: NoteKind::Comment, text });
        }
        list
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_notes_the_number_is_told() {
        let (mut notes, mut budget) = (Notes::default(), Budget::default());
        (0..MOST_NOTES + 3).for_each(|_| notes.push(None, NoteKind::Shape, "箱", &mut budget).unwrap());
        let list = notes.take();
        assert_eq!(list.len(), MOST_NOTES + 1);
        assert_eq!(list.last().map(|note| note.text.as_str()), Some("（ほかに3個のメモや図形があります）"));
    }
}
