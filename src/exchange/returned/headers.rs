//! Which column of a returned sheet holds what.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::exchange::form::Form;
use crate::exchange::key::{MOST_YEARS, RowKey, code_name};
use crate::exchange::label::Label;
use crate::plan::FiscalYear;
use crate::plan::reading::compact;
use crate::workbook::{Cell, Sheet};

/// From a row's key to its first past year, to the answer where a declared column is asked
/// for, and to the first label.
const YEARS_AT: u32 = (Form::FIRST_YEAR_COLUMN - Form::KEY_COLUMN) as u32;
const FIELD_AT: u32 = (Form::FIELD_COLUMN - Form::KEY_COLUMN) as u32;
const LABELS_AT: u32 = 1;

/// The columns of the rows under one head.
#[derive(Debug, Clone, Default)]
pub(super) struct FormHeader {
    /// The row of the head.
    pub head: u32,
    pub input: Option<u32>,
    /// The column of the keys, where the head names it.
    pub key: Option<u32>,
    pub remark: Option<u32>,
    pub check: Option<u32>,
    pub years: BTreeMap<FiscalYear, u32>,
    pub labels: BTreeMap<Label, u32>,
    /// Whether the headings that can be seen name other columns than the codes.
    pub is_contradicted: bool,
}

/// The headers of a sheet, from top to bottom.
#[derive(Debug, Default)]
pub(super) struct FormHeaders {
    /// By codes.
    pub coded: Vec<FormHeader>,
    /// By headings.
    headed: Vec<FormHeader>,
    /// What has been found for rows under the same headers.
    known: HashMap<Under, Rc<FormHeader>>,
}

/// What decides about the columns of a row: which headers it stands under, and where its
/// key is, if the item's name stands where the form had it.
type Under = (usize, usize, Option<u32>);

impl FormHeaders {
    /// Whether the sheet has no head at all.
    pub fn is_empty(&self) -> bool {
        self.coded.is_empty() && self.headed.is_empty()
    }

    pub fn of(sheet: &Sheet) -> Self {
        let mut rows: BTreeMap<u32, (FormHeader, FormHeader)> = BTreeMap::new();
        for ((row, column), cell) in &sheet.cells {
            let Cell::Text(text) = cell else { continue };
            // Keys and long texts are no headers.
            if text.len() > 200 {
                continue;
            }
            if let Some(name) = code_name(text) {
                let (coded, _) = rows.entry(*row).or_default();
                note(coded, name, *column);
            } else if let Some(name) = heading_name(text) {
                let (_, headed) = rows.entry(*row).or_default();
                note(headed, &name, *column);
            }
        }
        let mut headers = Self::default();
        for (row, (by_code, by_heading)) in rows {
            // A head without an input column is a clerk's note.
            if by_code.input.is_some() {
                headers.coded.push(FormHeader { head: row, ..by_code });
            }
            if by_heading.input.is_some() {
                headers.headed.push(FormHeader { head: row, ..by_heading });
            }
        }
        headers
    }

    /// The columns for a key. What the codes do not name, the headings may.
    pub fn columns(&mut self, sheet: &Sheet, at: (u32, u32), key: &RowKey) -> Option<Rc<FormHeader>> {
        let above = |headers: &[FormHeader]| headers.partition_point(|columns| columns.head < at.0);
        let (coded, headed) = (above(&self.coded), above(&self.headed));
        if coded == 0 && headed == 0 {
            return by_distance(sheet, at, key).map(Rc::new);
        }
        let under = (coded, headed, holds_item(sheet, at, key).then_some(at.1));
        if let Some(known) = self.known.get(&under) {
            return Some(Rc::clone(known));
        }
        let found = Rc::new(self.joined(under)?);
        self.known.insert(under, Rc::clone(&found));
        Some(found)
    }

    /// What the headers over a row say together.
    fn joined(&self, (coded, headed, item_beside): Under) -> Option<FormHeader> {
        let last = |headers: &[FormHeader], count: usize| {
            count.checked_sub(1).and_then(|at| headers.get(at).cloned())
        };
        let headed = last(&self.headed, headed);
        let Some(mut columns) = last(&self.coded, coded) else { return headed };
        if let Some(headed) = headed {
            columns.is_contradicted = columns.contradicts(&headed);
            columns.check = columns.check.or(headed.check);
            for (label, column) in headed.labels {
                columns.labels.entry(label).or_insert(column);
            }
        }
        // Forms sent out before labels had codes, under a heading that is gone.
        if let (None, Some(key)) = (columns.labels.get(&Label::Item), item_beside)
            && let Some(item) = labels_beside(key).get(&Label::Item)
        {
            columns.labels.insert(Label::Item, *item);
        }
        Some(columns)
    }
}

impl FormHeader {
    /// Whether a code names a column.
    pub fn knows(name: &str) -> bool {
        matches!(name, "input" | "remark" | "check" | "id")
            || Label::ALL.into_iter().any(|label| label.code() == name)
            || FiscalYear::parse(name).is_some()
    }

    /// Whether two headers name different columns for one thing.
    fn contradicts(&self, other: &Self) -> bool {
        let differs = |one: Option<u32>, other: Option<u32>| one.zip(other).is_some_and(|(a, b)| a != b);
        differs(self.input, other.input)
            || differs(self.remark, other.remark)
            || self.years.iter().any(|(year, column)| differs(Some(*column), other.years.get(year).copied()))
            || self.labels.iter().any(|(of, column)| differs(Some(*column), other.labels.get(of).copied()))
    }
}

/// Without a head: the columns as they were made, if the item's name stands where it was.
fn by_distance(sheet: &Sheet, at: (u32, u32), key: &RowKey) -> Option<FormHeader> {
    if !holds_item(sheet, at, key) {
        return None;
    }
    let labels = labels_beside(at.1);
    if key.is_of_field() {
        let input = at.1.checked_add(FIELD_AT)?;
        let labels = labels.into_iter().filter(|(_, column)| *column < input).collect();
        let (key, check) = (Some(at.1), input.checked_add(1));
        return Some(FormHeader {
            head: at.0,
            input: Some(input),
            key,
            check,
            labels,
            ..FormHeader::default()
        });
    }
    let first = at.1.checked_add(YEARS_AT)?;
    let years: BTreeMap<FiscalYear, u32> = key.past.iter().map(|(year, _)| *year).zip(first..).collect();
    let input = first.checked_add(u32::try_from(key.past.len()).ok()?)?;
    Some(FormHeader {
        head: at.0,
        input: Some(input),
        key: Some(at.1),
        remark: input.checked_add(1),
        check: input.checked_add(2),
        years,
        labels,
        is_contradicted: false,
    })
}

fn labels_beside(key: u32) -> BTreeMap<Label, u32> {
    Label::ALL.into_iter().zip(key.saturating_add(LABELS_AT)..).collect()
}

/// Whether the name in the key stands where the form had it.
fn holds_item(sheet: &Sheet, (row, column): (u32, u32), key: &RowKey) -> bool {
    let item = labels_beside(column).get(&Label::Item).and_then(|column| sheet.text(row, *column));
    item.is_some_and(|item| compact(item) == compact(&key.item))
}

/// What a visible heading stands for, in the words of a code.
pub(super) fn heading_name(text: &str) -> Option<String> {
    let text = compact(text);
    if text.starts_with("備考") {
        return Some("remark".to_owned());
    }
    if text == "確認" {
        return Some("check".to_owned());
    }
    // The headings are in this form themselves.
    if let Some(label) = Label::ALL.into_iter().find(|label| label.heading() == text) {
        return Some(label.code().to_owned());
    }
    if let Some(of) = text.strip_prefix(Form::INPUT) {
        let of_year = || of.strip_prefix('(')?.strip_suffix("実績)").and_then(FiscalYear::parse);
        return (text == compact(Form::FIELD_HEADING) || of_year().is_some()).then(|| "input".to_owned());
    }
    let (year, rest) = text.split_once("(実績)")?;
    let year = FiscalYear::parse(year)?;
    match rest {
        "" => Some(year.to_string()),
        // As forms sent out earlier have it: 「R5（実績）記入欄」.
        rest => rest.contains("記入").then(|| "input".to_owned()),
    }
}

fn note(columns: &mut FormHeader, name: &str, column: u32) {
    // The first of two: a copied column stands behind its original.
    match name {
        "input" => drop(columns.input.get_or_insert(column)),
        "remark" => drop(columns.remark.get_or_insert(column)),
        "check" => drop(columns.check.get_or_insert(column)),
        "id" => drop(columns.key.get_or_insert(column)),
        name => {
            if let Some(label) = Label::ALL.into_iter().find(|label| label.code() == name) {
                columns.labels.entry(label).or_insert(column);
            } else if let Some(year) = FiscalYear::parse(name).filter(|_| columns.years.len() < MOST_YEARS) {
                columns.years.entry(year).or_insert(column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_as_they_are() {
        for label in Label::ALL {
            assert_eq!(compact(label.heading()), label.heading());
        }
    }
}
