//! 「計」: what the 事業費 of a project come to, exactly.
//!
//! Nothing is guessed: a figure that nobody has given, one that is no figure, or another
//! unit beside it, and there is no total. A dash says that there is nothing (該当なし), and
//! nothing adds nothing.

use rust_decimal::Decimal;

use super::{Cost, Project, Quantity, Value, reading};

/// The names of a 事業費 that is the sum of the others.
const TOTALS: [&str; 3] = ["計", "合計", "総事業費"];

impl Cost {
    /// Whether it is the sum of the other 事業費 of its project, by its name.
    pub fn is_total(&self) -> bool {
        is_total_name(&self.name)
    }

    /// Whether its name may be that of a sum that nobody can tell the parts of: 小計, 総コスト.
    pub fn may_be_total(&self) -> bool {
        !self.is_total() && self.name.contains(['計', '総'])
    }

    /// Its 予算 or its 決算 of the year at this place of [`Plan::years`](super::Plan::years).
    pub fn of_year(&self, at: usize, budget: bool) -> Option<&Value> {
        let figures =
            if budget { self.budget.as_ref().map(|budget| &budget.figures) } else { Some(&self.actuals) };
        figures.and_then(|figures| figures.get(at))
    }
}

/// Whether a 事業費 of this name is the sum of the others.
pub fn is_total_name(name: &str) -> bool {
    TOTALS.contains(&reading::key(name).as_str())
}

impl Project {
    /// The total of its 事業費 in the year at this place of
    /// [`Plan::years`](super::Plan::years): of the 予算, or of the 決算. Rows that are totals
    /// themselves are not counted. It is printed as its parts are: their unit, their commas.
    ///
    /// `None` where there is no sum: see the head of this file; nor where one of the rows may be
    /// a sum itself, and would be counted twice.
    pub fn total(&self, at: usize, budget: bool) -> Option<Quantity> {
        if self.costs.iter().any(Cost::may_be_total) {
            return None;
        }
        let parts = self.costs.iter().filter(|cost| !cost.is_total());
        let parts: Option<Vec<&Value>> = parts.map(|cost| cost.of_year(at, budget)).collect();
        sum(parts?)
    }
}

/// The sum of figures that have one unit and nothing before their numbers.
fn sum(parts: Vec<&Value>) -> Option<Quantity> {
    let mut figures: Vec<&Quantity> = Vec::new();
    for part in parts {
        match part {
            Value::Quantity(figure) => figures.push(figure),
            Value::NotApplicable(_) => {}
            Value::NotReported | Value::Word(_) | Value::Text(_) => return None,
        }
    }
    let unit = &figures.first()?.unit;
    let mut number = Decimal::ZERO;
    for figure in &figures {
        if figure.unit != *unit || !figure.prefix.is_empty() {
            return None;
        }
        let finest = number.scale().max(figure.number.scale());
        // A number too long for its decimals would be rounded.
        number = number.checked_add(figure.number).filter(|sum| sum.scale() == finest)?;
    }
    Some(as_printed(number, unit, &figures))
}

/// A sum as its parts are printed: without commas where one of them has lost its own, and
/// with their mark of what is below zero.
fn as_printed(number: Decimal, unit: &str, parts: &[&Quantity]) -> Quantity {
    let is_below = number.is_sign_negative() && !number.is_zero();
    let sign = parts.iter().find(|part| part.number.is_sign_negative()).map_or("", |part| part.sign.as_str());
    let sign = if is_below { sign } else { "" };
    let is_bare = |part: &&Quantity| part.number.abs() >= Decimal::ONE_THOUSAND && !part.grouped;
    let digits = number.abs().to_string();
    let digits = if parts.iter().any(is_bare) { digits } else { with_commas(&digits) };
    Quantity {
        printed: format!("{sign}{digits}{unit}"),
        prefix: String::new(),
        sign: sign.to_owned(),
        number,
        grouped: digits.contains(','),
        compound: false,
        unit: unit.to_owned(),
    }
}

/// `1234567.8` as `1,234,567.8`
fn with_commas(digits: &str) -> String {
    let (whole, decimals) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + decimals
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::Vocabulary;

    fn total(parts: &[&str]) -> Option<Quantity> {
        let values: Vec<Value> =
            parts.iter().map(|part| Value::parse(part, &Vocabulary::default()).unwrap()).collect();
        sum(values.iter().collect())
    }

    #[test]
    fn a_total_is_exact_and_printed_as_its_parts_are() {
        for (parts, expected) in [
            (&["12,000千円", "800千円"][..], "12,800千円"),
            (&["700千円", "800千円"], "1,500千円"),
            (&["12000千円", "800千円"], "12800千円"),
            (&["0.10億円", "0.2億円"], "0.30億円"),
            (&["1,234,567", "1"], "1,234,568"),
            (&["△1,500千円", "300千円"], "△1,200千円"),
            (&["△300千円", "300千円"], "0千円"),
            (&["300千円", "—", "-"], "300千円"),
            (&["1億2,345万円", "55万円"], "12,400万円"),
            (&["999,999,999,999千円", "1千円"], "1,000,000,000,000千円"),
        ] {
            let sum = total(parts).unwrap();
            assert_eq!(sum.printed, expected, "{parts:?}");
            // It reads as what it says.
            let read = Value::parse(&sum.printed, &Vocabulary::default()).unwrap();
            assert_eq!(read.quantity(), Some(&sum), "{parts:?}");
        }
    }

    #[test]
    fn there_is_no_total_of_what_is_no_figure() {
        for parts in [
            &[][..],
            &["—"],
            &["300千円", ""],
            &["300千円", "調査中"],
            &["300千円", "300万円"],
            &["300千円", "300"],
            &["約300千円", "300千円"],
        ] {
            assert_eq!(total(parts), None, "{parts:?}");
        }
        let long = ["9999999999999999999999999999千円", "0.5千円"]
            .map(|text| Value::parse(text, &Vocabulary::default()));
        if let [Ok(one), Ok(other)] = &long {
            assert_eq!(sum(vec![one, other]), None);
        }
    }
}
