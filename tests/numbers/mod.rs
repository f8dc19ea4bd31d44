//! Templates of any numbers within their ranges, and at the edges of them.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;

use jisseki::layout::template::Template;
use jisseki::layout::template::numbers::{NUMBERS, Number, Unit};
use proptest::prelude::*;

const STYLES: [&str; 9] =
    ["title", "band", "label", "header", "text", "value", "project", "department", "contents_page"];

/// A value of a number: at an edge of its range, near what is usual, or anything.
fn value(number: &Number) -> BoxedStrategy<f64> {
    let (least, most) = (number.least, number.most);
    let near = least + (most - least) * 0.08;
    prop_oneof![1 => Just(least), 1 => Just(most), 4 => least..=near, 2 => least..=most].boxed()
}

/// Some of the numbers of a template, as TOML.
pub fn template() -> impl Strategy<Value = String> {
    let one = (0..NUMBERS.len(), 0..STYLES.len()).prop_flat_map(|(at, style)| {
        let number = NUMBERS[at];
        value(&number).prop_map(move |value| {
            let value =
                if number.unit == Unit::Count { value.round() } else { (value * 100.0).round() / 100.0 };
            (number.key.replace('*', STYLES[style]), value)
        })
    });
    prop::collection::vec(one, 1..8).prop_map(|numbers| {
        // A later one of the same key counts.
        let numbers: BTreeMap<String, f64> = numbers.into_iter().collect();
        numbers.iter().fold(String::new(), |mut text, (key, value)| {
            writeln!(text, "{key} = {value}").unwrap();
            text
        })
    })
}

/// Whether a template of these numbers may be used at all.
pub fn is_usable(changes: &str) -> bool {
    match Template::read(changes.as_bytes(), "様式.toml") {
        Ok(_) => true,
        Err(faults) => {
            // Each number is in its range: only two together can be wrong.
            assert!(faults.iter().all(|fault| fault.code() == "E128"), "{changes}\n{faults:?}");
            false
        }
    }
}
