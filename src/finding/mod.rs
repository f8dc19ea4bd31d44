//! Findings: what a person has to look at, and where.
//!
//! Wrong *data* is a finding: it is collected, never thrown, so that one run shows
//! everything. A broken *environment* (no such file, disk full) is an error of
//! [`anyhow`]; a *bug* panics. Nothing here prints: [`render()`] and [`to_json`]
//! return text, and `cli` decides where it goes.

mod findings;
mod json;
mod nearest;
mod place;
mod quote;
mod render;
mod rules;
mod severity;
mod wrap;

pub use findings::{Finding, Findings};
pub use json::to_json;
pub use nearest::nearest;
pub use place::{Excerpt, Name, Place, column_letters};
pub use quote::quote;
pub use render::render;
pub use rules::{
    ArchiveRule, ExchangeRule, FindingKind, LayoutRule, ReadingRule, SettingsRule, StructureRule, ValueRule,
};
pub use severity::Severity;
pub use wrap::wrapped;
