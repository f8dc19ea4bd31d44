//! 照会結果 (the outcome): what collecting asks for, and what it gives.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Serialize, Serializer};

use super::writing::Writing;
use crate::finding::{Findings, Place};
use crate::master::{Column, Master};
use crate::plan::{FiscalYear, Row};
use crate::settings::Settings;

/// What is to be collected.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The master as it is now.
    pub master: &'a Master,
    /// The plan's settings.
    pub settings: &'a Settings,
    /// The year; `None` for the one most of the forms ask for.
    pub year: Option<FiscalYear>,
    /// Whether corrections to past years are taken over.
    pub accept_revisions: bool,
    /// Rows whose corrections to past years are taken over even where others are asked about.
    pub revised: &'a [Row],
    /// Cells whose answers are not taken over, however sure they are.
    pub left_out: &'a [(Row, Column)],
    /// Today, to tell who is late.
    pub today: NaiveDate,
}

/// What collecting gave. As JSON, what another program needs of it.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The year; `None` where no form came back and none was named.
    pub year: Option<FiscalYear>,
    /// Until when the forms were due, as far as they say.
    #[serde(skip)]
    pub due: Option<NaiveDate>,
    /// What was found. An error here is one of a file or of a row: nothing is taken from
    /// it, and all else goes on.
    pub findings: Findings,
    /// What changes in the master, in its order.
    pub changes: Vec<Change>,
    /// What would change too, and was to be left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Change>,
    /// Cells that were answered in several ways: each is asked about, and none is taken over.
    #[serde(skip)]
    pub conflicts: Vec<Conflict>,
    /// What has to be asked. As JSON, how much it is.
    #[serde(serialize_with = "count")]
    pub queries: Vec<Query>,
    /// What departments wrote beside their answers.
    pub writings: Vec<Writing>,
    /// How many rows of forms wait for an answer.
    pub waiting: usize,
    /// How many answers say what the master says already.
    pub unchanged: usize,
    /// Every department, with what it has returned.
    #[serde(rename = "roll")]
    pub departments: Vec<DepartmentStatus>,
}

impl Outcome {
    /// An outcome in which nothing has come back yet.
    pub(super) fn new(year: Option<FiscalYear>) -> Self {
        Self {
            year,
            due: None,
            findings: Findings::new(),
            changes: Vec::new(),
            left_out: Vec::new(),
            conflicts: Vec::new(),
            queries: Vec::new(),
            writings: Vec::new(),
            waiting: 0,
            unchanged: 0,
            departments: Vec::new(),
        }
    }

    /// Leaves out the changes of these cells.
    pub(super) fn leave_out(&mut self, cells: &[(Row, Column)]) {
        let is_left = |change: &mut Change| cells.contains(&(change.row, change.column));
        self.left_out = self.changes.extract_if(.., is_left).collect();
    }

    /// The cells to rewrite.
    pub fn edits(&self) -> Vec<(Row, Column, String)> {
        let edit = |change: &Change| (change.row, change.column, change.new.clone());
        self.changes.iter().map(edit).collect()
    }
}

/// A cell of the master that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What kind of change.
    pub kind: ChangeKind,
    /// Who answered.
    pub department: String,
    /// The ID of the row.
    pub id: String,
    /// The declared column; `None` for the figure of the year.
    pub field: Option<String>,
    /// The project, measure or goal it belongs to.
    #[serde(skip)]
    pub owner: String,
    /// 「項目」
    #[serde(skip)]
    pub item: String,
    /// The row in the master.
    #[serde(skip)]
    pub row: Row,
    /// The column in the master.
    #[serde(skip)]
    pub column: Column,
    /// The year; that of the form, where a declared column was asked for.
    pub year: FiscalYear,
    /// What the master says.
    pub old: String,
    /// What it will say.
    pub new: String,
    /// Why, in the clerk's words.
    pub remark: String,
    /// The file it came in.
    pub file: String,
}

/// What kind of change an answer makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The year asked for was empty.
    Answer,
    /// The year asked for had been answered already.
    Correction,
    /// A year before the one asked for.
    Revision,
}

impl ChangeKind {
    /// As the report names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "新しい回答",
            Self::Correction => "回答の訂正",
            Self::Revision => "過年度の訂正",
        }
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A cell that was answered in several ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The indicator's ID.
    pub id: String,
    /// The project, measure or goal it belongs to.
    pub owner: String,
    /// 「項目」
    pub item: String,
    /// The year that is spoken of.
    pub year: FiscalYear,
    /// What the master says.
    pub master: String,
    /// The answers, as they came.
    pub answers: Vec<ConflictingAnswer>,
}

/// One of several answers.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictingAnswer {
    /// Who answered.
    pub department: String,
    /// As it is understood, or as the sheet shows it.
    pub answer: String,
    /// What the clerk wrote beside it.
    pub remark: String,
    /// Where it stands.
    pub place: Place,
}

/// A list by its length.
fn count<T, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    list.len().serialize(serializer)
}

/// A question to send back.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Who is asked.
    pub department: String,
    /// The indicator's ID.
    pub id: String,
    /// The project, measure or goal it belongs to.
    pub owner: String,
    /// 「項目」
    pub item: String,
    /// What is asked.
    pub question: String,
    /// What to do.
    pub help: String,
    /// What the clerk answered, as the sheet shows it.
    pub answer: String,
    /// What the clerk wrote beside it.
    pub remark: String,
    /// Where it stands.
    pub place: Place,
    /// The row it stands in.
    pub row: Place,
}

/// One department that was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepartmentStatus {
    /// 「担当課」
    pub department: String,
    /// How far it is.
    pub status: Status,
    /// Whether something is missing and the day is past.
    pub overdue: bool,
    /// Rows it was asked.
    pub asked: usize,
    /// Rows the master has an answer for, or gets one now.
    pub answered: usize,
    /// Rows there is nothing for.
    pub open: usize,
    /// Questions to send back.
    pub queries: usize,
    /// Its files, with the time each was last changed.
    #[serde(serialize_with = "names")]
    pub files: Vec<(String, Option<NaiveDateTime>)>,
    /// The name the clerk wrote.
    #[serde(skip)]
    pub clerk: String,
    /// What to write to it: a reminder, or an acknowledgement; empty for the office that asks.
    #[serde(skip)]
    pub letter: String,
}

impl DepartmentStatus {
    /// How far it is, and whether it is late: 「一部回答（期限超過）」.
    pub fn words(&self) -> &'static str {
        match (self.status, self.overdue) {
            (Status::Partly, true) => "一部回答（期限超過）",
            (Status::Overdue, _) => "未回答（期限超過）",
            (status, _) => status.name(),
        }
    }

    /// Whether nothing came back, and something is missing.
    pub fn is_silent(&self) -> bool {
        self.files.is_empty() && self.status != Status::Answered
    }
}

/// How far a department is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Every row is answered.
    Answered,
    /// Some rows are.
    Partly,
    /// Nothing came back, or nothing was in it.
    NotYet,
    /// Nothing was written, and the day is past.
    Overdue,
}

impl Status {
    /// As JSON names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "回答済",
            Self::Partly => "一部回答",
            Self::NotYet => "未回答",
            Self::Overdue => "期限超過",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Files by their names.
fn names<S: Serializer>(files: &[(String, Option<NaiveDateTime>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(files.iter().map(|(name, _)| name))
}
