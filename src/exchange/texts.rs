//! 記入票に刷ってある文 (a form's own texts), so that what a clerk typed can be told from
//! them wherever it stands.
//!
//! A form carries a short check value of every text that was printed on it, each as often
//! as it occurs, on its hidden sheet. The sheets to fill in and the view of the official
//! document have lists of their own. The lists do not say where a text stood: rows and
//! columns may be inserted.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::plan::reading::compact;
use crate::workbook::Cell;

/// Begins a cell of the lists.
const MARK: &str = "jisseki-texts;1;";
/// Digits of a check value, in hexadecimal.
const DIGITS: usize = 8;
/// Check values in one cell: far below what Excel holds.
const IN_A_CELL: usize = 2_000;
/// Texts that are printed on a form at most; the view of a document has some thousands.
const MOST_TEXTS: usize = 50_000;

/// Which of a form's sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// The one to fill in.
    Form,
    /// The one for the columns that the plan declares.
    Fields,
    /// The view of the official document.
    Preview,
}

/// The texts a form was sent out with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnTexts {
    form: TextCounts,
    fields: TextCounts,
    preview: TextCounts,
}

/// Check values, each with the number of times it may still occur.
pub(super) type TextCounts = HashMap<u32, usize>;

impl OwnTexts {
    /// Notes a text that is printed on a sheet.
    pub fn add(&mut self, page: Page, text: &str) {
        let pool = match page {
            Page::Form => &mut self.form,
            Page::Fields => &mut self.fields,
            Page::Preview => &mut self.preview,
        };
        *pool.entry(check(text)).or_default() += 1;
    }

    /// The texts that a sheet may hold.
    pub(super) fn pool(&self, page: Page) -> TextCounts {
        match page {
            Page::Form => self.form.clone(),
            Page::Fields => self.fields.clone(),
            Page::Preview => self.preview.clone(),
        }
    }

    /// As the cells of the hidden sheet hold them.
    pub fn to_cells(&self) -> Vec<String> {
        let mut cells = Vec::new();
        for (page, pool) in [('f', &self.form), ('t', &self.fields), ('p', &self.preview)] {
            let mut values: Vec<u32> =
                pool.iter().flat_map(|(value, times)| std::iter::repeat_n(*value, *times)).collect();
            values.sort_unstable();
            for chunk in values.chunks(IN_A_CELL) {
                let values: String = chunk.iter().map(|value| format!("{value:08x}")).collect();
                cells.push(format!("{MARK}{page};{values}"));
            }
        }
        cells
    }

    /// Reads them wherever they stand; `None` where a file has none.
    pub fn read<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Option<Self> {
        let mut own = Self::default();
        let mut found = false;
        let mut seen = HashSet::new();
        let mut left = MOST_TEXTS;
        for cell in cells {
            let Cell::Text(text) = cell else { continue };
            let Some(rest) = text.trim().strip_prefix(MARK) else { continue };
            // The same lists stand in two places.
            if !seen.insert(rest) {
                continue;
            }
            let pool = match rest.split_once(';') {
                Some(("f", values)) => Some((&mut own.form, values)),
                Some(("t", values)) => Some((&mut own.fields, values)),
                Some(("p", values)) => Some((&mut own.preview, values)),
                _ => None,
            };
            let Some((pool, values)) = pool.filter(|(_, values)| values.is_ascii()) else { continue };
            found = true;
            let mut rest = values;
            while let Some((value, after)) = rest.split_at_checked(DIGITS).filter(|_| left > 0) {
                if let Ok(value) = u32::from_str_radix(value, 16) {
                    *pool.entry(value).or_default() += 1;
                }
                left -= 1;
                rest = after;
            }
        }
        found.then_some(own)
    }

    /// Whether a cell holds a list.
    pub fn is_list(text: &str) -> bool {
        let rest = text.trim().strip_prefix(MARK).and_then(|rest| rest.split_once(';'));
        rest.is_some_and(|(page, values)| {
            matches!(page, "f" | "t" | "p") && values.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }
}

/// Takes a text out of a pool; whether it was there.
pub(super) fn take(pool: &mut TextCounts, text: &str) -> bool {
    if pool.is_empty() {
        return false;
    }
    match pool.get_mut(&check(text)) {
        Some(times) if *times > 0 => {
            *times -= 1;
            true
        }
        _ => false,
    }
}

fn check(text: &str) -> u32 {
    let digest = Sha256::digest(compact(text));
    digest.iter().take(4).fold(0, |value, byte| value << 8 | u32::from(*byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_as_often_as_it_was_printed() {
        let mut own = OwnTexts::default();
        for text in ["項目", "単位", "項 目"] {
            own.add(Page::Form, text);
        }
        own.add(Page::Preview, "題");
        let cells: Vec<Cell> = own.to_cells().into_iter().map(Cell::Text).collect();
        assert!(cells.iter().all(|cell| OwnTexts::is_list(&cell.shown())));
        let read = OwnTexts::read(&cells).unwrap();
        assert_eq!(read, own);
        let mut pool = read.pool(Page::Form);
        assert!(take(&mut pool, "項目") && take(&mut pool, "項目") && !take(&mut pool, "項目"));
        assert!(!take(&mut pool, "題") && take(&mut read.pool(Page::Preview), "題"));
        assert_eq!(OwnTexts::read(&[Cell::Text("議事録".into())]), None);
    }

    #[test]
    fn a_long_list_takes_several_cells() {
        let mut own = OwnTexts::default();
        (0..5_000).for_each(|at| own.add(Page::Preview, &at.to_string()));
        let cells: Vec<Cell> = own.to_cells().into_iter().map(Cell::Text).collect();
        assert_eq!(cells.len(), 3);
        assert_eq!(OwnTexts::read(&cells).unwrap(), own);
    }
}
