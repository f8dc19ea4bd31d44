//! 照会 (the yearly exchange with the departments): forms out, answers back.
//!
//! ```text
//! plan ─► forms ─► (render::xlsx::form) ─► 「R5実績照会_水産振興課.xlsx」 ─► a department
//!                                                                            │
//! master ◄─ edits ◄─ collect ◄─ returned ◄─ bytes of whatever came back ◄────┘
//! ```
//!
//! Nothing depends on what a file is called, where its rows stand or whether its
//! protection survived: each row carries its own [`RowKey`], and everything a clerk
//! typed is checked again here. What cannot be understood is asked about, never
//! guessed; a question is a finding, and its answer is not taken over.
//!
//! Always true: every cell that is asked for stands in exactly one form, but for those
//! of a joint department that answers in each of its members' forms, and those of
//! bodies outside the city hall. Does no I/O and reads no clock.

mod answer;
mod collect;
mod earlier;
mod form;
mod identity;
mod key;
mod label;
mod letter;
mod listing;
pub mod lists;
mod notation;
mod outcome;
pub mod returned;
mod row;
mod status;
mod texts;
mod wording;
mod words;
mod writing;

pub use crate::file_name::{form_file_name, unique_file_names};
pub use collect::collect;
pub use form::{CLERK_CELL, Form, Frame, footer, forms};
pub use key::{FileKey, RowKey, code};
pub use label::Label;
pub use letter::{Mail, REPORT, is_letter_file, letter_file, letter_files, mail};
pub use listing::{ListCell, ListColumn, ListSheet, Listing};
pub use notation::is_large_change;
pub use outcome::{
    Change, ChangeKind, Conflict, ConflictingAnswer, DepartmentStatus, Outcome, Query, Request, Status,
};
pub use row::FormRow;
pub use texts::{OwnTexts, Page};
pub use words::{AskedField, LONGEST_ANSWER};
pub use writing::Writing;

#[cfg(test)]
mod tests;
