//! A figure: what stands before the number, the number, what it counts.

use rust_decimal::Decimal;

use super::error::ValueError;
use super::number::{decimal, split_number};
use super::unit::is_unit;
use super::vocabulary::Vocabulary;
use super::{compound, counter};

/// A figure as printed, and the number it states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The text of the cell, as it stands in the master.
    pub printed: String,
    /// What stands before the number: `延べ`, `約`, or nothing.
    pub prefix: String,
    /// The mark of a negative number (`-`, `△`, `▲`), or nothing.
    pub sign: String,
    /// The number, exact; its scale is the number of decimals printed.
    pub number: Decimal,
    /// Whether thousands are separated by commas in print.
    pub grouped: bool,
    /// Whether it is printed in several scales. Of `1億2,345万円` the number is 12345
    /// and the unit 万円: it counts what the last of the scales counts.
    pub compound: bool,
    /// What stands after the number: `人`, `%`, `億円`, or nothing. Half-width
    /// where Unicode has a half-width form.
    pub unit: String,
}

impl Quantity {
    /// Reads `compact`, the reading form of a text, which is what it prints.
    pub(super) fn parse(compact: &str, vocabulary: &Vocabulary) -> Result<Self, ValueError> {
        let start = compact.find(|c: char| c.is_ascii_digit()).ok_or(ValueError::NoNumber)?;
        let (before, rest) = compact.split_at(start);
        let sign_at = before.find(['-', '−', '△', '▲', '+']).unwrap_or(before.len());
        let (prefix, sign) = before.split_at(sign_at);
        if sign.chars().count() > 1 || !vocabulary.knows_prefix(prefix) {
            return Err(ValueError::UnknownPrefix);
        }
        let (digits, unit) = split_number(rest);
        let plain = match decimal(digits) {
            Ok(number) if is_unit(unit) => Some((number, digits.contains(','), unit.to_owned())),
            Ok(_) => None,
            Err(why) => return Err(why),
        };
        let (number, grouped, unit, compound) = match plain {
            Some((number, grouped, unit)) => (number, grouped, unit, false),
            None => match compound::read(rest)? {
                Some(whole) => (whole.number, whole.grouped, whole.unit, true),
                None => return Err(ValueError::UnknownUnit),
            },
        };
        let mut number = number;
        if !matches!(sign, "" | "+") {
            number.set_sign_negative(true);
        }
        Ok(Self {
            printed: compact.to_owned(),
            prefix: prefix.to_owned(),
            sign: sign.to_owned(),
            number,
            grouped,
            compound,
            unit,
        })
    }

    /// Whether it counts people or things one by one, such as 人 or 件: only wholes make
    /// sense, and none below zero.
    pub fn counts_wholes(&self) -> bool {
        counter::counts_wholes(&self.unit)
    }

    /// Whether the figure is a percentage.
    pub fn is_percent(&self) -> bool {
        self.unit == "%"
    }
}
