//! Names of worksheets that Excel takes.

use std::collections::HashSet;

use crate::layout::grid::Document;

/// The plain contents, where the document brings none.
pub(super) const CONTENTS: &str = "目次";
/// The figures for machines.
pub(super) const DATA: &str = "データ";
/// What the columns of the figures mean.
pub(super) const MEANINGS: &str = "データの説明";

/// Excel's limit, in UTF-16 units.
const LONGEST: usize = 31;

/// The names of all worksheets, no two the same to Excel (which ignores case).
pub(super) struct Names {
    /// One for each sheet of the document.
    pub sheets: Vec<String>,
}

impl Names {
    pub fn of(document: &Document) -> Self {
        let mut taken: HashSet<String> = [DATA, MEANINGS].map(str::to_owned).into();
        // Excel keeps this name for itself, in English and in Japanese.
        taken.extend(["history", "履歴"].map(str::to_owned));
        if super::needs_contents(document) {
            taken.insert(CONTENTS.to_owned());
        }
        let sheets = document.sheets.iter().map(|sheet| unique(&sheet.name, &mut taken)).collect();
        Self { sheets }
    }
}

/// `wanted`, as near as Excel allows, and marks it as taken.
fn unique(wanted: &str, taken: &mut HashSet<String>) -> String {
    let wanted = allowed(wanted);
    let mut name = shortened(&wanted, "");
    let mut number = 1usize;
    while !taken.insert(name.to_lowercase()) {
        number += 1;
        name = shortened(&wanted, &format!(" ({number})"));
    }
    name
}

/// Without the characters Excel forbids; never blank.
fn allowed(wanted: &str) -> String {
    let full_width = |c: char| match c {
        '[' => '［',
        ']' => '］',
        ':' => '：',
        '*' => '＊',
        '?' => '？',
        '/' => '／',
        '\\' => '＼',
        // Forbidden at the ends only, but a name in a link reads better without.
        '\'' => '’',
        _ if c.is_control() => ' ',
        _ => c,
    };
    let name: String = wanted.chars().map(full_width).collect();
    let name = name.trim();
    if name.is_empty() { "シート".to_owned() } else { name.to_owned() }
}

/// `name` and `end` in the length Excel allows, never half of a surrogate pair.
fn shortened(name: &str, end: &str) -> String {
    let mut room = LONGEST.saturating_sub(end.encode_utf16().count());
    let mut out = String::new();
    for c in name.chars() {
        let Some(left) = room.checked_sub(c.len_utf16()) else { break };
        room = left;
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out + end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(wanted: &[&str]) -> Vec<String> {
        let mut taken = HashSet::from([DATA.to_owned()]);
        wanted.iter().map(|name| unique(name, &mut taken)).collect()
    }

    #[test]
    fn names_are_made_fit_for_excel() {
        assert_eq!(
            names(&["基本目標1", "基本目標1", "データ", "a/b", "A/B", "", "'引用'", "[*?:\\]"]),
            [
                "基本目標1",
                "基本目標1 (2)",
                "データ (2)",
                "a／b",
                "A／B (2)",
                "シート",
                "’引用’",
                "［＊？：＼］"
            ],
        );
    }

    proptest! {
        #[test]
        fn every_name_is_one_excel_takes(wanted in prop::collection::vec(".{0,40}", 1..6)) {
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            let names = names(&wanted);
            let mut seen = HashSet::new();
            for name in &names {
                prop_assert!(!name.trim().is_empty());
                prop_assert!(name.encode_utf16().count() <= LONGEST);
                prop_assert!(!name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']));
                prop_assert!(seen.insert(name.to_lowercase()));
            }
        }
    }
}
