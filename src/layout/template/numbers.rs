//! Which numbers a template may hold: one declaration for each key.
//!
//! The check and the manual (docs/LIMITS.ja.md) are both made from it. Within
//! these ranges a document is drawn whole or refused; beyond them figures would be too
//! small to see, stand over each other or off the paper. What only two numbers together
//! can do is [`Template::faults`](super::Template)'s to say.

use std::fmt;

use toml::Value;

/// A number's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Millimetres.
    Mm,
    /// Points.
    Pt,
    /// So many times the size of the letters.
    Times,
    /// A whole number of things.
    Count,
}

/// A key that holds a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// With its tables; `*` stands for any.
    pub key: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// The least it may be.
    pub least: f64,
    /// The most it may be.
    pub most: f64,
}

const fn number(key: &'static str, unit: Unit, least: f64, most: f64) -> Number {
    Number { key, unit, least, most }
}

/// Every key that holds a number.
pub const NUMBERS: [Number; 20] = [
    number("page.paper.width", Unit::Mm, 100.0, 1200.0),
    number("page.paper.height", Unit::Mm, 100.0, 1200.0),
    number("page.margin.left", Unit::Mm, 0.0, 300.0),
    number("page.margin.right", Unit::Mm, 0.0, 300.0),
    number("page.margin.top", Unit::Mm, 0.0, 300.0),
    number("page.margin.bottom", Unit::Mm, 0.0, 300.0),
    number("page.number.size", Unit::Pt, 4.0, 36.0),
    number("page.number.baseline", Unit::Mm, 2.0, 100.0),
    number("rule.width", Unit::Pt, 0.0, 2.0),
    number("contents.levels", Unit::Count, 0.0, 6.0),
    number("contents.gap", Unit::Mm, 0.0, 50.0),
    number("errata.number", Unit::Mm, 5.0, 1000.0),
    number("errata.place", Unit::Mm, 5.0, 1000.0),
    number("errata.item", Unit::Mm, 5.0, 1000.0),
    number("errata.wrong", Unit::Mm, 5.0, 1000.0),
    number("errata.right", Unit::Mm, 5.0, 1000.0),
    number("style.*.size", Unit::Pt, 4.0, 72.0),
    number("style.*.leading", Unit::Times, 1.0, 3.0),
    number("style.*.padding", Unit::Mm, 0.0, 30.0),
    number("style.*.space", Unit::Mm, 0.0, 20.0),
];

/// The greatest length of a block, in mm.
pub const MOST_MM: f64 = 1000.0;

/// The longest text of a label.
pub const LONGEST_TEXT: usize = 200;

impl Number {
    /// The number at a key.
    fn at(path: &[String]) -> Option<&'static Self> {
        let is_at = |number: &&Self| {
            let mut keys = number.key.split('.');
            path.iter().all(|key| keys.next().is_some_and(|own| own == "*" || own == key))
                && keys.next().is_none()
        };
        NUMBERS.iter().find(is_at)
    }

    fn allows(&self, value: f64) -> bool {
        // No comparison with NaN holds.
        self.least <= value && value <= self.most
    }
}

/// `3～60 mm`
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Mm => " mm",
            Unit::Pt => " pt",
            Unit::Times => " 倍",
            Unit::Count => "（整数）",
        };
        write!(f, "{}～{}{unit}", self.least, self.most)
    }
}

/// Why the value at a key cannot be used: a number out of its range, or a text too long
/// or with characters that no page shows.
pub(super) fn refusal(path: &[String], value: &Value) -> Option<String> {
    let key = path.join(".");
    let given = match value {
        Value::Integer(whole) => *whole as f64,
        Value::Float(number) => *number,
        Value::String(text) => return text_refusal(text).map(|why| format!("「{key}」{why}")),
        _ => return None,
    };
    let number = Number::at(path).filter(|number| !number.allows(given))?;
    Some(format!("「{key}」に {value} は使えません。書けるのは {number} です"))
}

fn text_refusal(text: &str) -> Option<String> {
    if text.chars().count() > LONGEST_TEXT {
        return Some(format!("の文字が長すぎます。書けるのは{LONGEST_TEXT}字までです"));
    }
    let control = text.chars().find(|c| c.is_control() && *c != '\n')?;
    Some(format!("に、印刷できない文字（U+{:04X}）が入っています", u32::from(control)))
}

/// The numbers and their ranges, as rows of a table in Markdown.
pub fn manual() -> String {
    NUMBERS.iter().map(|number| format!("| `{}` | {number} |\n", number.key)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::template::OFFICIAL;

    /// Every number of the official template is declared once, and within its range.
    #[test]
    fn every_number_has_its_range() {
        fn walk(table: &toml::Table, path: &mut Vec<String>, found: &mut usize) {
            for (key, value) in table {
                path.push(key.clone());
                match value {
                    Value::Table(inner) => walk(inner, path, found),
                    Value::Integer(_) | Value::Float(_) if *path != ["format"] => {
                        assert!(Number::at(path).is_some(), "{path:?}");
                        assert_eq!(refusal(path, value), None);
                        *found += 1;
                    }
                    _ => {}
                }
                path.pop();
            }
        }
        let mut found = 0;
        walk(&OFFICIAL.parse().unwrap(), &mut Vec::new(), &mut found);
        assert!(found > 40, "{found}");
    }

    #[test]
    fn what_is_no_number_or_out_of_range_is_refused() {
        let path: Vec<String> = ["style", "value", "size"].map(str::to_owned).into();
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.1, 0.0, 3.99, 72.1, 1e300] {
            assert!(refusal(&path, &Value::Float(value)).is_some(), "{value}");
        }
        assert_eq!(
            refusal(&path, &Value::Integer(0)).unwrap(),
            "「style.value.size」に 0 は使えません。書けるのは 4～72 pt です"
        );
        assert_eq!(refusal(&path, &Value::Float(4.0)), None);
        assert!(refusal(&path, &Value::String("あ".repeat(201))).unwrap().contains("200字まで"));
        assert!(refusal(&path, &Value::String("a\u{1b}[31m".to_owned())).unwrap().contains("U+001B"));
    }
}
