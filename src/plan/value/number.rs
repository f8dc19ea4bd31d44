//! The digits of a number.

use rust_decimal::Decimal;

use super::error::ValueError;

/// The digits, commas and points at the start, and what follows them.
pub(super) fn split_number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(text.len());
    text.split_at(end)
}

/// An exact decimal from half-width digits, commas every three digits, one point.
pub(super) fn decimal(digits: &str) -> Result<Decimal, ValueError> {
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, fraction)) if fraction.is_empty() || fraction.contains(['.', ',']) => {
            return Err(ValueError::UnknownUnit);
        }
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        if first.is_empty() || first.len() > 3 || groups.any(|group| group.len() != 3) {
            return Err(ValueError::MisplacedComma);
        }
    }
    let mut plain: String = whole.chars().filter(|c| *c != ',').collect();
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Decimal::from_str_exact(&plain).map_err(|_| ValueError::TooLong)
}
