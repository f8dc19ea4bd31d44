//! 照会の識別番号 (keys): what a returned row or file says of where it belongs.
//!
//! A key is one text in a hidden cell, so that it goes wherever its row goes: sorted,
//! moved, filtered, pasted into another workbook. Each row's key alone suffices to
//! place its answer; the file's key (in a hidden row, a hidden sheet and the file's
//! properties) is a help where rows are gone. A key ends in a check, so that one that
//! was typed over is known for broken.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::form::Form;
use super::label::Label;
use crate::plan::FiscalYear;

/// Years that a key, or the head over it, tells of at most.
pub(super) const MOST_YEARS: usize = 100;
/// Letters of a key: as many as a cell of Excel holds.
const LONGEST: usize = 32_767;

/// Parts of a key: what it says of its row, and two for each year.
const MOST_PARTS: usize = 20 + 2 * MOST_YEARS;

/// Begins every key.
pub(super) const KEY_MARK: &str = "jisseki;";
/// The version of a file's key.
const FILE: &str = "1";
/// The version of a row's key. The first did not say what stands under the labels.
const ROW: &str = "2";
const ROW_WITHOUT_LABELS: &str = "1";
/// Begins the code of a column, in the hidden row above the rows.
const CODE_MARK: &str = "@jisseki:";

/// The code that marks a column: `input`, `remark`, `R3` ….
pub fn code(name: &str) -> String {
    format!("{CODE_MARK}{name}")
}

/// The name in a column's code.
pub(super) fn code_name(text: &str) -> Option<&str> {
    text.trim().strip_prefix(CODE_MARK)
}

/// Where a file belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileKey {
    /// The plan's ID.
    pub plan: String,
    /// The year asked for.
    pub year: FiscalYear,
    /// The department asked.
    pub department: String,
    /// Until when.
    pub due: NaiveDate,
    /// SHA-256 of all the form was made from, in hexadecimal.
    pub fingerprint: String,
}

/// Where a row belongs, and what it said when it was sent out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowKey {
    /// The plan's ID.
    pub plan: String,
    /// The year asked for.
    pub year: FiscalYear,
    /// The department asked.
    pub department: String,
    /// Until when.
    pub due: NaiveDate,
    /// What is asked for: see [`FormRow::id`](super::FormRow::id).
    pub id: String,
    /// What it is called.
    pub item: String,
    /// What the form says of the row under its other headings, in the order of
    /// [`LABELS`](Self::LABELS); forms sent out earlier do not tell.
    pub labels: Option<[String; 5]>,
    /// The cell asked for, as the master had it.
    pub base: String,
    /// The years before it, as the master had them.
    pub past: Vec<(FiscalYear, String)>,
}

impl FileKey {
    /// The key of a form.
    pub fn of(form: &Form) -> Self {
        let keys: Vec<String> = form.rows.iter().map(|row| RowKey::of(form, row).to_text()).collect();
        Self {
            plan: form.plan.clone(),
            year: form.year,
            department: form.department.clone(),
            due: form.due,
            fingerprint: hexadecimal(&Sha256::digest(keys.join("\n"))),
        }
    }

    /// As a hidden cell holds it.
    pub fn to_text(&self) -> String {
        let year = self.year.to_string();
        let due = self.due.to_string();
        sealed(&[FILE, "file", &self.plan, &year, &due, &self.department, &self.fingerprint])
    }

    /// Reads a key; `None` for one that is broken, or no file's.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = opened(text)?;
        let [version, kind, plan, year, due, department, fingerprint] = &parts[..] else { return None };
        (version == FILE && kind == "file").then_some(())?;
        Some(Self {
            plan: plan.clone(),
            year: FiscalYear::parse(year)?,
            department: department.clone(),
            due: due.parse().ok()?,
            fingerprint: fingerprint.clone(),
        })
    }
}

impl RowKey {
    /// The labels that a key repeats, beside the item's name.
    const LABELS: [Label; 5] = [Label::Number, Label::Owner, Label::Unit, Label::Baseline, Label::Target];

    /// The ID of its row in the master.
    pub fn master_id(&self) -> &str {
        self.id.split(' ').next().unwrap_or_default()
    }

    /// Whether it asks for a declared column.
    pub fn is_of_field(&self) -> bool {
        self.id.contains(' ')
    }

    /// What the form said under a heading; `None` where the key does not tell.
    pub fn label(&self, label: Label) -> Option<&str> {
        if label == Label::Item {
            return Some(&self.item);
        }
        let at = Self::LABELS.iter().position(|of| *of == label)?;
        self.labels.as_ref()?.get(at).map(String::as_str)
    }

    /// All that the form said of the row, as far as the key tells.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let labels = self.labels.iter().flatten().map(String::as_str);
        let past = self.past.iter().map(|(_, printed)| printed.as_str());
        [self.item.as_str(), &self.base].into_iter().chain(labels).chain(past)
    }

    /// The key of a form's row.
    pub fn of(form: &Form, row: &super::row::FormRow) -> Self {
        Self {
            plan: form.plan.clone(),
            year: form.year,
            department: form.department.clone(),
            due: form.due,
            id: row.id.clone(),
            item: row.item.clone(),
            labels: Some(Self::LABELS.map(|label| row.label(label))),
            base: row.current.printed().to_owned(),
            past: row.past.iter().map(|(year, value)| (*year, value.printed().to_owned())).collect(),
        }
    }

    /// As a hidden cell holds it.
    pub fn to_text(&self) -> String {
        let (year, due) = (self.year.to_string(), self.due.to_string());
        let version = if self.labels.is_some() { ROW } else { ROW_WITHOUT_LABELS };
        let mut parts: Vec<&str> =
            vec![version, "row", &self.plan, &year, &due, &self.department, &self.id, &self.item, &self.base];
        parts.extend(self.labels.iter().flatten().map(String::as_str));
        let years: Vec<String> = self.past.iter().map(|(year, _)| year.to_string()).collect();
        for (year, (_, printed)) in years.iter().zip(&self.past) {
            parts.extend([year.as_str(), printed.as_str()]);
        }
        sealed(&parts)
    }

    /// Reads a key; `None` for one that is broken, or no row's.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = opened(text)?;
        let [version, kind, plan, year, due, department, id, item, base, rest @ ..] = &parts[..] else {
            return None;
        };
        let (labels, past) = match version.as_str() {
            ROW_WITHOUT_LABELS => (None, rest),
            ROW => {
                let (labels, past) = rest.split_at_checked(Self::LABELS.len())?;
                (Some(<[String; 5]>::try_from(labels.to_vec()).ok()?), past)
            }
            _ => return None,
        };
        if kind != "row" || past.len() % 2 != 0 || past.len() > 2 * MOST_YEARS {
            return None;
        }
        let pair = |pair: &[String]| match pair {
            [year, printed] => Some((FiscalYear::parse(year)?, printed.clone())),
            _ => None,
        };
        Some(Self {
            plan: plan.clone(),
            year: FiscalYear::parse(year)?,
            department: department.clone(),
            due: due.parse().ok()?,
            id: id.clone(),
            item: item.clone(),
            labels,
            base: base.clone(),
            past: {
                let mut all: Vec<(FiscalYear, String)> = past.chunks(2).map(pair).collect::<Option<_>>()?;
                all.shrink_to_fit();
                all
            },
        })
    }
}

/// The parts behind the mark, with a check at the end.
fn sealed(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| escaped(part)).collect();
    let body = format!("{KEY_MARK}{}", escaped.join(";"));
    format!("{body};{}", check(&body))
}

/// The parts of a key whose check is right.
fn opened(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let (body, seal) = text.rsplit_once(';')?;
    let parts = body.strip_prefix(KEY_MARK)?;
    // Told before anything is made of it: whoever sends one can seal it, too.
    if text.len() > 4 * LONGEST || parts.split(';').count() > MOST_PARTS || seal != check(body) {
        return None;
    }
    parts.split(';').map(unescaped).collect()
}

fn check(body: &str) -> String {
    hexadecimal(&Sha256::digest(body)[..4])
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `%` and hexadecimal for what ends a part, and for what a spreadsheet does not keep
/// in a cell: control characters, blanks at either end.
fn escaped(part: &str) -> String {
    let mut out = String::new();
    for c in part.chars() {
        match c {
            '%' | ';' | ' ' => out.push_str(&format!("%{:02x}", u32::from(c))),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02x}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

fn unescaped(part: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
        rest = after.get(2..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What a key says comes back, whatever the plan's texts are.
        #[test]
        fn a_key_is_read_as_it_was_written(plan in "\\PC{0,8}", id in ".{0,8}", base in "[0-9人;% \n]{0,8}", past in prop::collection::vec("\\PC{0,6}", 0..4), labelled: bool) {
            let year = FiscalYear::starting(2023);
            let key = RowKey {
                plan, year, department: "課;%".into(), due: "2026-05-29".parse().unwrap(), id, item: "項 目".into(), base,
                labels: labelled.then(|| ["1".into(), "事業; 名".into(), "人".into(), String::new(), "目標".into()]),
                past: past.into_iter().enumerate().map(|(at, text)| (FiscalYear::starting(2000 + at as i32), text)).collect(),
            };
            prop_assert_eq!(RowKey::parse(&key.to_text()), Some(key.clone()));
            prop_assert_eq!(FileKey::parse(&key.to_text()), None);
        }

        /// A key that was changed anywhere is no key, and no text makes reading panic.
        #[test]
        fn a_changed_key_is_broken(at in 0usize..60, text in ".{0,40}") {
            let key = FileKey { plan: "計画".into(), year: FiscalYear::starting(2023), department: "課".into(), due: "2026-05-29".parse().unwrap(), fingerprint: "00".into() };
            let written = key.to_text();
            prop_assert_eq!(FileKey::parse(&written), Some(key));
            let mut changed: Vec<char> = written.chars().collect();
            if let Some(c) = changed.get_mut(at) {
                *c = if *c == '7' { '8' } else { '7' };
                prop_assert_eq!(FileKey::parse(&changed.into_iter().collect::<String>()), None);
            }
            prop_assert_eq!(RowKey::parse(&format!("{KEY_MARK}{text}")), None);
        }
    }
}
