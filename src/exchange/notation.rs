//! How a row writes its figures: `延べ` before, `人` after, commas, decimals.
//!
//! A clerk types `1234`; the document prints `1,234人`, as last year. The notation is
//! taken from the row's own figures and never from another row. It adds decimals up to
//! the usual number and never takes one away: no answer is rounded.

use rust_decimal::Decimal;

use crate::plan::{Quantity, Value, reading};

/// How figures of one row are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notation {
    /// Before the number, as printed.
    prefix: String,
    /// After the number, as printed (`％` where the master prints that).
    suffix: String,
    /// The unit in its reading form, to compare with what was typed.
    unit: String,
    /// Decimals that are always printed, and the most that any figure of the row has.
    scale: u32,
    decimals: u32,
    grouped: bool,
    /// Whether a figure of the row is printed in several scales: `1億2,345万円`.
    compound: bool,
    /// The mark of a negative number.
    negative: String,
    /// Whether any figure of the row is negative.
    signed: bool,
    /// The figure the notation was taken from.
    model: Quantity,
}

impl Notation {
    /// The notation of a row, from its figures, the most telling (last year's) first;
    /// `None` where it has none.
    pub fn of<'a>(figures: impl IntoIterator<Item = &'a Value>) -> Option<Self> {
        let figures: Vec<&Quantity> = figures.into_iter().filter_map(Value::quantity).collect();
        let model = *figures.first()?;
        let (prefix, suffix) = around(model);
        // Below a thousand the print does not tell whether it groups. A larger figure
        // of the row does; else all plans do, but for percentages.
        let telling = figures.iter().find(|figure| figure.number.abs() >= Decimal::ONE_THOUSAND);
        let grouped = telling.map_or(!model.is_percent(), |figure| figure.grouped);
        let negative =
            figures.iter().map(|figure| figure.sign.as_str()).find(|sign| !matches!(*sign, "" | "+"));
        Some(Self {
            prefix,
            suffix,
            unit: model.unit.clone(),
            scale: model.number.scale(),
            decimals: figures.iter().map(|figure| figure.number.scale()).max().unwrap_or_default(),
            grouped,
            compound: figures.iter().any(|figure| figure.compound),
            negative: negative.unwrap_or("-").to_owned(),
            signed: figures.iter().any(|figure| figure.number.is_sign_negative() && !figure.number.is_zero()),
            // What is typed into the row is shown in one scale.
            model: Quantity { compound: false, ..model.clone() },
        })
    }

    /// The unit in its reading form, such as `%`; empty for none.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// What stands before the number, in its reading form.
    pub fn prefix(&self) -> &str {
        &self.model.prefix
    }

    /// Whether figures of the row are percentages.
    pub fn is_percent(&self) -> bool {
        self.unit == "%"
    }

    /// Whether a figure of the row is negative, so that another may be.
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// Whether the row prints numbers in several scales, so that a bare one may be meant
    /// in any of them.
    pub fn is_compound(&self) -> bool {
        self.compound
    }

    /// The most decimals that a figure of the row has.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// A figure in this notation, from which a number format can be made.
    pub fn model(&self) -> &Quantity {
        &self.model
    }

    /// The text that prints `number` as the row prints its figures.
    pub fn print(&self, number: Decimal) -> String {
        self.print_after(&self.prefix, number)
    }

    /// The same with another prefix: `約` where last year's figure was counted.
    pub fn print_after(&self, prefix: &str, number: Decimal) -> String {
        let mut number = number.normalize();
        if number.scale() < self.scale {
            // Fails to lengthen only where 28 digits are full; then it stays as it is.
            number.rescale(self.scale);
        }
        let sign = if number.is_sign_negative() && !number.is_zero() { self.negative.as_str() } else { "" };
        let digits = number.abs().to_string();
        let (whole, fraction) =
            digits.split_once('.').map_or((digits.as_str(), ""), |(whole, rest)| (whole, rest));
        let whole = self.in_scales(whole);
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{prefix}{sign}{whole}{point}{fraction}{}", self.suffix)
    }
}

/// The scales a row may print at once, each ten thousand of the next.
const SCALES: [&str; 3] = ["兆", "億", "万"];

impl Notation {
    /// The whole digits as the row prints them: `12345` of 万円 as `1億2,345`, where a
    /// figure of the row is printed so. What is below the last scale stays as it is, so
    /// that the unit is the row's.
    fn in_scales(&self, whole: &str) -> String {
        const PLACES: usize = 4;
        let plain = |digits: &str| if self.grouped { grouped(digits) } else { digits.to_owned() };
        let smallest = SCALES.iter().position(|scale| self.unit.starts_with(scale)).unwrap_or(SCALES.len());
        let Some(cut) = whole.len().checked_sub(PLACES).filter(|cut| *cut > 0 && self.compound) else {
            return plain(whole);
        };
        let (above, below) = whole.split_at(cut);
        // 千万円 and the like count in between; a number that ends in noughts would lose
        // its last scale, and with it its unit.
        let counts_between = ["千", "百", "十"].iter().any(|scale| self.unit.starts_with(scale));
        let below = below.trim_start_matches('0');
        if below.is_empty() || counts_between {
            return plain(whole);
        }
        let mut out = plain(below);
        let (mut above, mut scale) = (above, smallest);
        while !above.is_empty() {
            let Some(next) = scale.checked_sub(1).filter(|at| *at < SCALES.len()) else {
                return plain(whole);
            };
            let (more, part) = above.split_at(above.len().saturating_sub(PLACES));
            let part = part.trim_start_matches('0');
            if !part.is_empty() {
                out = format!("{}{}{out}", plain(part), SCALES.get(next).copied().unwrap_or_default());
            }
            (above, scale) = (more, next);
        }
        out
    }
}

fn grouped(whole: &str) -> String {
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What is printed before and after the number. The reading form stands in where the
/// print is not plain (blanks, half-width kana).
fn around(quantity: &Quantity) -> (String, String) {
    let printed = quantity.printed.as_str();
    let first = printed.find(reading::is_digit).unwrap_or(0);
    let last = printed
        .rfind(reading::is_digit)
        .map_or(0, |at| at + printed[at..].chars().next().map_or(0, char::len_utf8));
    let before = printed[..first].trim_end_matches(['-', '+', '−', '－', '△', '▲']);
    let after = &printed[last..];
    let prefix = if reading::folded(before) == quantity.prefix { before } else { &quantity.prefix };
    let suffix = if reading::folded(after) == quantity.unit { after } else { &quantity.unit };
    (prefix.to_owned(), suffix.to_owned())
}

/// Whether two cells say the same, however they are written.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::NotReported, Value::NotReported) | (Value::NotApplicable(_), Value::NotApplicable(_)) => true,
        (Value::Word(one) | Value::Text(one), Value::Word(other) | Value::Text(other)) => {
            reading::key(one) == reading::key(other)
        }
        (Value::Quantity(one), Value::Quantity(other)) => {
            one.number == other.number && one.unit == other.unit && one.prefix == other.prefix
        }
        _ => false,
    }
}

/// Whether a figure differs from last year's by more than half of it.
pub fn is_large_change(last_year: Option<&Value>, answer: &Value) -> bool {
    let (Some(last), Some(new)) = (last_year.and_then(Value::quantity), answer.quantity()) else {
        return false;
    };
    let Some(difference) = new.number.checked_sub(last.number) else { return true };
    difference.abs().checked_mul(Decimal::TWO).is_none_or(|twice| twice > last.number.abs())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::plan::Vocabulary;

    fn value(text: &str) -> Value {
        Value::parse(text, &Vocabulary::default()).unwrap()
    }

    #[test]
    fn a_number_is_printed_as_the_row_prints() {
        for (figures, number, expected) in [
            (&["2,070人"][..], "1234", "1,234人"),
            (&["延べ49,381人"], "50000", "延べ50,000人"),
            (&["55.4%"], "45", "45.0%"),
            (&["55.4％"], "45.25", "45.25％"),
            (&["146.00億円"], "150", "150.00億円"),
            (&["29件"], "1234", "1,234件"),
            (&["29件", "1029件"], "1234", "1234件"),
            (&["326.6"], "1326.60", "1,326.6"),
            (&["△3.2%"], "-4", "△4.0%"),
            (&["5人"], "-4", "-4人"),
            (&["１２３ 人"], "7", "7人"),
            (&["1.50人"], "0", "0.00人"),
            (&["1億2,345万円"], "13000", "1億3,000万円"),
            (&["1億2,345万円"], "9800", "9,800万円"),
            (&["9,800万円", "1億2,345万円"], "123450012", "1兆2,345億12万円"),
            (&["1億2,345万円"], "20000", "20,000万円"),
            (&["1億2,345万円"], "13000.5", "1億3,000.5万円"),
            (&["2万3千人"], "25", "25千人"),
            (&["2万3,456人"], "30001", "3万1人"),
            (&["1億5千万円"], "16", "16千万円"),
        ] {
            let figures: Vec<Value> = figures.iter().map(|text| value(text)).collect();
            let notation = Notation::of(&figures).unwrap();
            assert_eq!(notation.print(number.parse().unwrap()), expected);
        }
        assert_eq!(Notation::of(&[value("—"), value("調査中")]), None);
    }

    #[test]
    fn the_same_is_the_same_however_written() {
        for (one, other, alike) in [
            ("1,234人", "１２３４ 人", true),
            ("70%", "70.0％", true),
            ("—", "-", true),
            ("", " ", true),
            ("5人", "5件", false),
            ("約5人", "5人", false),
            ("調査中", "集計中", false),
            ("第3位", "第３位", true),
            ("54.1", "5人", false),
            ("1億2,345万円", "12,345万円", true),
            ("0人", "", false),
        ] {
            assert_eq!(same(&value(one), &value(other)), alike, "{one} {other}");
        }
    }
}
