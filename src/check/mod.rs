//! Rules over a master that has been read: what reading itself does not see.
//!
//! All of these are warnings. A plan may break any of them for a reason; a planner
//! wants to have been asked. One file a family; nothing here prints or fails.

mod characters;
mod formulas;
mod glyphs;
mod ids;
mod numbers;
mod radicals;
mod reporting;
mod spreadsheet;
mod targets;
mod texts;
mod units;
mod wording;

pub use glyphs::{Coverage, glyphs};
pub use spreadsheet::{Former, spreadsheet};

use crate::finding::{Finding, Findings};
use crate::master::Master;
use crate::settings::Settings;

/// Every rule but that of the glyphs, which needs the fonts, and that of the
/// spreadsheet, which needs what the master was before; in row order.
pub fn check(master: &Master, settings: &Settings) -> Findings {
    let mut all: Vec<Finding> = Vec::new();
    all.extend(targets::check(master));
    all.extend(reporting::check(master, settings));
    all.extend(units::check(master));
    all.extend(texts::check(master, settings));
    all.extend(wording::check(master));
    all.extend(numbers::check(master));
    all.extend(radicals::check(master));
    all.extend(formulas::check(master));
    all.extend(ids::check(master));
    all.extend(characters::check(master));
    all.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.row));
    all.into_iter().collect()
}

#[cfg(test)]
mod tests;
