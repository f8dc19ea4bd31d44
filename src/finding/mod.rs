//! Findings: what a person has to look at, and where.
//!
//! Wrong *data* is a finding: it is collected, never thrown, so that one run shows
//! everything. A broken *environment* (no such file, disk full) is an error of
//! [`anyhow`]; a *bug* panics. Nothing here prints: [`render`] and [`to_json`]
//! return text, and `commands` decides where it goes.

mod code;
mod help;
mod json;
mod kind;
mod nearest;
mod phrase;
mod place;
mod quote;
mod render;

pub use json::to_json;
pub use kind::FindingKind;
pub use nearest::nearest;
pub use place::{Excerpt, Name, Place, column_letters};
pub use quote::quote;
pub use render::render;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 「警告」: the documents can be made; somebody should look.
    Warning,
    /// 「エラー」: no document may be made from this.
    Error,
}

impl Severity {
    /// As messages name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "警告",
            Self::Error => "エラー",
        }
    }
}

/// One thing a person has to look at.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which rule, with what the message needs.
    pub kind: FindingKind,
    /// Where; `None` for what concerns no file.
    pub place: Option<Place>,
}

impl Finding {
    /// A finding at a place.
    pub fn at(place: Place, kind: FindingKind) -> Self {
        Self { kind, place: Some(place) }
    }

    /// A finding without a place.
    pub fn nowhere(kind: FindingKind) -> Self {
        Self { kind, place: None }
    }

    /// The stable code, such as `E201`.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Told by the code's first letter.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// What is wrong, one sentence in Japanese.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }

    /// What to do, in Japanese; empty where the message says it all.
    pub fn help(&self) -> String {
        self.kind.help()
    }
}

/// All findings of a run, in the order of the rows they concern.
#[must_use]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds one at a place.
    pub fn push_at(&mut self, place: Place, kind: FindingKind) {
        self.push(Finding::at(place, kind));
    }

    /// Whether any of them forbids making documents.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity() == Severity::Error)
    }

    /// How many are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity() == severity).count()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self(vec![finding])
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, more: T) {
        self.0.extend(more);
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<T: IntoIterator<Item = Finding>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
