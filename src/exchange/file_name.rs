//! Names of files that Windows, macOS and Linux all take.
//!
//! Forbidden characters become their full-width twins, so a department is still
//! recognised. Two departments never share a name, even where a system does not tell
//! upper from lower case.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::plan::FiscalYear;
use crate::plan::reading::is_invisible;

/// With the extension, in UTF-16 units as Windows counts.
const MOST_CHARACTERS: usize = 120;
/// Linux counts bytes, 255 of them; room is left for `.jisseki-….tmp` and the like.
const MOST_BYTES: usize = 230;

/// `R5実績照会_水産振興課`, before it is made safe.
pub fn form_file_name(year: FiscalYear, department: &str) -> String {
    format!("{year}実績照会_{department}")
}

/// `stem` and `extension` (with its dot) as a name every system takes.
pub fn safe_file_name(stem: &str, extension: &str) -> String {
    fitted(stem, "", extension)
}

/// A name for each stem, in order, no two alike.
pub fn unique_file_names<'a>(stems: impl IntoIterator<Item = &'a str>, extension: &str) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for stem in stems {
        let mut name = fitted(stem, "", extension);
        let mut at = 2;
        while !taken.insert(folded(&name)) {
            name = fitted(stem, &format!("（{at}）"), extension);
            at += 1;
        }
        names.push(name);
    }
    names
}

/// As a system that tells neither case nor composition apart sees it.
fn folded(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

fn fitted(stem: &str, end: &str, extension: &str) -> String {
    let clean: String = stem.chars().filter_map(allowed).collect();
    let mut clean = clean.trim_matches([' ', '.', '　']).to_owned();
    if clean.is_empty() {
        clean = "名称なし".to_owned();
    }
    if is_reserved(&clean) {
        clean.insert(0, '_');
    }
    let (mut units, mut bytes) = (0, 0);
    let tail_units = end.encode_utf16().count() + extension.encode_utf16().count();
    let tail_bytes = end.len() + extension.len();
    let kept: String = clean
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            bytes += c.len_utf8();
            units + tail_units <= MOST_CHARACTERS && bytes + tail_bytes <= MOST_BYTES
        })
        .collect();
    format!("{}{end}{extension}", kept.trim_end_matches([' ', '.', '　']))
}

/// The character, its full-width twin, or nothing.
fn allowed(c: char) -> Option<char> {
    match c {
        '\\' => Some('＼'),
        '/' => Some('／'),
        ':' => Some('：'),
        '*' => Some('＊'),
        '?' => Some('？'),
        '"' => Some('”'),
        '<' => Some('＜'),
        '>' => Some('＞'),
        '|' => Some('｜'),
        // Marks that turn the direction of writing hide what a name really says.
        c if is_invisible(c) => None,
        c => Some(c),
    }
}

/// Names Windows keeps for devices, with or without an extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut characters = rest.chars();
            matches!(characters.next(), Some('0'..='9' | '¹' | '²' | '³')) && characters.next().is_none()
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_made_safe() {
        let long = "長".repeat(200);
        for (stem, expected) in [
            ("R5実績照会_水産振興課", "R5実績照会_水産振興課.xlsx"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a／b＼c：d＊e？f”g＜h＞i｜j.xlsx"),
            ("CON", "_CON.xlsx"),
            ("com1.課", "_com1.課.xlsx"),
            ("課. . ", "課.xlsx"),
            ("..\\..\\x", "＼..＼x.xlsx"),
            ("\u{202E}課\u{7}", "課.xlsx"),
            ("", "名称なし.xlsx"),
            (&long, &format!("{}.xlsx", "長".repeat(75))),
        ] {
            assert_eq!(safe_file_name(stem, ".xlsx"), expected);
        }
    }

    #[test]
    fn two_departments_never_collide() {
        let long = "長".repeat(200);
        let other = format!("{long}課");
        let names = unique_file_names(["A課", "a課", "A課", &long, &other], ".xlsx");
        assert_eq!(names[..3], ["A課.xlsx", "a課（2）.xlsx", "A課（3）.xlsx"]);
        assert_ne!(names[3], names[4]);
    }

    proptest! {
        #[test]
        fn every_name_is_safe_and_unique(stems in prop::collection::vec("\\PC{0,130}|[A-C.]{0,4}|[a-c/:* .]{0,5}", 1..8)) {
            let names = unique_file_names(stems.iter().map(String::as_str), ".xlsx");
            let mut seen = HashSet::new();
            for name in names {
                prop_assert!(name.encode_utf16().count() <= 120 && name.len() <= 255);
                prop_assert!(!name.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|']));
                prop_assert!(!name.chars().any(char::is_control));
                let stem = name.strip_suffix(".xlsx").unwrap_or_default();
                prop_assert!(!stem.is_empty() && !stem.ends_with(['.', ' ']));
                prop_assert!(!is_reserved(&name));
                prop_assert!(seen.insert(folded(&name)));
            }
        }
    }
}
