//! Rules over a master that has been read: what reading itself does not see.
//!
//! All of these are warnings, but for a total that is not the sum of its parts. A plan may
//! break any of them for a reason; a planner wants to have been asked. One file a family; nothing here prints or fails.

mod brackets;
mod cells;
mod characters;
mod costs;
mod digits;
mod former;
mod formulas;
mod glyphs;
mod ids;
mod notation;
mod numbers;
mod radicals;
mod reporting;
mod slipped;
mod spreadsheet;
mod targets;
mod texts;
mod units;
mod wording;

pub use former::Former;
pub use glyphs::{Coverage, glyphs};
pub use reporting::edition;

use crate::finding::Findings;
use crate::master::Master;
use crate::settings::Settings;

/// Every rule but that of the glyphs, which needs the fonts, and that of the
/// spreadsheet, which needs what the master was before; in row order.
pub fn check(master: &Master, settings: &Settings) -> Findings {
    let mut all = Findings::new();
    all.append(targets::check(master));
    all.append(reporting::check(master, settings));
    all.append(slipped::check(master));
    all.append(units::check(master));
    all.append(costs::check(master));
    all.append(digits::check(master));
    all.append(notation::check(master));
    all.append(texts::check(master, settings));
    all.append(wording::check(master));
    all.append(numbers::check(master));
    all.append(radicals::check(master));
    all.append(formulas::check(master));
    all.append(ids::check(master));
    all.append(characters::check(master));
    all.append(brackets::check(master));
    all.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.row));
    all
}

/// One finding for all cells that a spreadsheet has changed, and one for all that differs
/// from `former` in more than its form; none where there is none.
pub fn spreadsheet(master: &Master, former: &[Former]) -> Findings {
    let mut findings = spreadsheet::check(master, former);
    findings.append(former::check(master, former));
    findings
}

#[cfg(test)]
mod tests;
