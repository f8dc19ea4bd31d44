//! What a sheet shows of a number, held against what LibreOffice shows.
//!
//! `tests/formats/shown.tsv` was written by LibreOffice (`tests/formats/make.py`); CI
//! makes it anew and compares. Where the two differ, Excel's way is right for clerks,
//! and every such place is named here.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use jisseki::plan::Vocabulary;
use jisseki::workbook::{Format, Shown, stated};

/// Codes under which LibreOffice shows some numbers otherwise than Excel, and why.
const OTHERWISE: [(&str, &str); 12] = [
    ("General", "Excel shows no more than eleven characters"),
    ("@", "Excel shows no more than eleven characters"),
    ("#,##0,", "a number that rounds to nothing keeps its sign in Excel"),
    ("#,##0,,", "a number that rounds to nothing keeps its sign in Excel"),
    ("#,##0.0,", "a number that rounds to nothing keeps its sign in Excel"),
    ("0.0,\"千円\"", "a number that rounds to nothing keeps its sign in Excel"),
    ("#,##0,\"百万円\"", "a number that rounds to nothing keeps its sign in Excel"),
    ("#,##0.0,,\"百万円\"", "a number that rounds to nothing keeps its sign in Excel"),
    ("##0.0E+0", "zero has a two-digit exponent in Excel"),
    ("# ??/??", "the nearest fraction with a small denominator is another"),
    ("#.##", "Excel keeps the point of a whole number"),
    ("0.###", "Excel keeps the point of a whole number"),
];
/// Here the library itself is not exact; each leads to a question, never to a figure.
const UNSURE: [&str; 1] = ["[Red][<10]0\"低\";[Blue]0\"高\""];

#[test]
fn formats_show_what_libreoffice_shows() {
    let table = include_str!("formats/shown.tsv");
    let mut codes = BTreeSet::new();
    let mut differing = BTreeSet::new();
    for line in table.lines() {
        let [code, value, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let shown = match Format::new(code).shown(value.parse().unwrap()) {
            Shown::Text(shown) => shown,
            other => panic!("{line}: {other:?}"),
        };
        codes.insert(code);
        if shown.trim() == expected.trim() {
            continue;
        }
        differing.insert(code);
        if !OTHERWISE.iter().any(|(known, _)| *known == code) && !UNSURE.contains(&code) {
            panic!("{code} of {value}: 「{shown}」, LibreOffice 「{expected}」");
        }
    }
    assert!(codes.len() >= 60, "{}", codes.len());
    // No exception is kept that is none.
    for known in OTHERWISE.iter().map(|(code, _)| *code).chain(UNSURE) {
        assert!(differing.contains(known), "{known} differs nowhere");
    }
}

/// What is shown states a figure that is the number, or it is told from it: under no
/// format is a rounded, scaled or hidden number taken for what the cell holds.
#[test]
fn a_shown_text_never_passes_for_another_number() {
    let vocabulary = Vocabulary::default();
    for line in include_str!("formats/shown.tsv").lines() {
        let [code, value, by_libreoffice] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let format = Format::new(code);
        let number: f64 = value.parse().unwrap();
        let Shown::Text(shown) = format.shown(number) else { panic!("{line}") };
        let Some(own) = stated(&shown, &vocabulary) else { continue };
        let held = rust_decimal::Decimal::from_scientific(&format!("{number:.14e}")).unwrap().normalize();
        let held = if format.is_percent { held * rust_decimal::Decimal::ONE_HUNDRED } else { held };
        // Where this program would take the figure over, LibreOffice shows that figure.
        if own.number == held
            && let Some(theirs) = stated(by_libreoffice, &vocabulary)
        {
            assert_eq!(theirs.number, held, "{line}");
        }
    }
}
