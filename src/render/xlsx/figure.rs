//! Figures: the number a cell holds and the number format that shows the print.
//!
//! Departments compute with these cells, so `延べ49,381人` is 49381 under the format
//! `"延べ"#,##0"人"`, and 55.4% is 0.554 under `0.0%`. A figure that no format shows
//! exactly as it is printed stays text in the pages: the two documents may not disagree,
//! not even in `007人` or `１２３人`. In a form, which is there to be computed with, such a
//! figure shows in its plain form; the number is the same.
//!
//! A figure of more than 15 significant digits stays text: Excel would hold another
//! number. So does one whose format would be longer than Excel's 255 characters, and one
//! printed in several scales (`1億2,345万円`): no number format shows those for any
//! other number, and the next figure typed into the cell would show wrong.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::plan::{Quantity, reading};

/// What Excel computes with exactly.
const MOST_DIGITS: usize = 15;
/// Excel's limit for a number format.
const LONGEST_FORMAT: usize = 255;

/// A figure as Excel holds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// The number; of a percentage, the fraction.
    pub number: f64,
    /// Shows the number as printed.
    pub format: String,
}

/// The figure of a quantity whose format shows exactly what is printed; `None` where only
/// the text does.
pub(super) fn printed_figure(quantity: &Quantity) -> Option<Figure> {
    let quantity = with_unit_as_printed(quantity);
    (plain(&quantity) == quantity.printed).then(|| figure(&quantity)).flatten()
}

/// The quantity with its unit in the width in which it is printed: any text can stand in a
/// format as it is. The sign of a percentage is none; it makes the number another.
fn with_unit_as_printed(quantity: &Quantity) -> Cow<'_, Quantity> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let printed = quantity.printed.as_str();
    let unit = printed.find(is_number).map(|at| printed[at..].trim_start_matches(is_number));
    match unit.filter(|unit| *unit != quantity.unit && reading::folded(unit) == quantity.unit) {
        Some(unit) if !quantity.is_percent() => {
            Cow::Owned(Quantity { unit: unit.to_owned(), ..quantity.clone() })
        }
        _ => Cow::Borrowed(quantity),
    }
}

/// What the format of a quantity shows.
fn plain(quantity: &Quantity) -> String {
    let digits = quantity.number.abs().to_string();
    let (whole, fraction) = digits.find('.').map_or((digits.as_str(), ""), |point| digits.split_at(point));
    let mut out = format!("{}{}", quantity.prefix, quantity.sign);
    for (at, digit) in whole.chars().enumerate() {
        if quantity.grouped && at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction + &quantity.unit
}

/// The figure of a quantity, in its plain form; `None` where it can only be text.
pub(super) fn figure(quantity: &Quantity) -> Option<Figure> {
    if quantity.compound {
        return None;
    }
    let exact = if quantity.is_percent() {
        let number = quantity.number;
        Decimal::try_from_i128_with_scale(number.mantissa(), number.scale() + 2).ok()?
    } else {
        quantity.number
    };
    let format = format(quantity);
    if format.encode_utf16().count() > LONGEST_FORMAT {
        return None;
    }
    Some(Figure { number: float(&exact)?, format })
}

/// The number as Excel holds it; `None` where it would be another number.
pub(super) fn float(exact: &Decimal) -> Option<f64> {
    let digits = exact.mantissa().unsigned_abs().to_string();
    // Zeros at the end cost no precision, before or after the point.
    let significant = digits.trim_end_matches('0').len();
    // Decimal text read as f64 gives the nearest one; a division of floats would not.
    if significant > MOST_DIGITS { None } else { exact.to_string().parse().ok() }
}

fn format(quantity: &Quantity) -> String {
    let number = quantity.number;
    // Below a thousand the print does not tell whether it groups; all plans do, and
    // the next figure typed here may be larger.
    let may_group = !quantity.is_percent() && number.abs() < Decimal::ONE_THOUSAND;
    let mut digits = String::from(if quantity.grouped || may_group { "#,##0" } else { "0" });
    if number.scale() > 0 {
        digits.push('.');
        digits.extend(std::iter::repeat_n('0', number.scale() as usize));
    }
    if quantity.is_percent() {
        digits.push('%');
    } else {
        digits.push_str(&literal(&quantity.unit));
    }
    let signed = |sign: &str| literal(&format!("{}{sign}", quantity.prefix)) + &digits;
    match quantity.sign.as_str() {
        "" => signed(""),
        "+" => format!("{};{}", signed("+"), signed("-")),
        // A third section, for zero printed with a sign: Excel has no minus zero.
        sign if number.is_zero() => format!("{};{};{}", signed(""), signed(sign), signed(sign)),
        sign => format!("{};{}", signed(""), signed(sign)),
    }
}

/// Text that a number format shows as it stands.
fn literal(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            // A quote cannot stand between quotes: it is escaped outside them.
            out.push_str("\\\"");
        }
        if !part.is_empty() {
            out.push('"');
            out.push_str(part);
            out.push('"');
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::{Value, Vocabulary};
    use crate::workbook::{Format, Shown};

    fn read(text: &str) -> Quantity {
        let vocabulary = Vocabulary::new([], ["延べ", "約", "\"R\\", "#;"]);
        Value::parse(text, &vocabulary).unwrap().quantity().unwrap().clone()
    }

    /// What a spreadsheet shows.
    fn shown(figure: &Figure) -> String {
        match Format::new(&figure.format).shown(figure.number) {
            Shown::Text(text) => text,
            other => panic!("{}: {other:?}", figure.format),
        }
    }

    #[test]
    fn a_figure_is_a_number_that_shows_as_printed() {
        for (text, number, format) in [
            ("2,070人", 2070.0, "#,##0\"人\""),
            ("29件", 29.0, "#,##0\"件\""),
            ("1959人", 1959.0, "0\"人\""),
            ("0回", 0.0, "#,##0\"回\""),
            ("55.4%", 0.554, "0.0%"),
            ("100%", 1.0, "0%"),
            ("2.44%", 0.0244, "0.00%"),
            ("1,234.5%", 12.345, "#,##0.0%"),
            ("延べ49,381人", 49381.0, "\"延べ\"#,##0\"人\""),
            ("174人/日", 174.0, "#,##0\"人/日\""),
            ("146.00億円", 146.0, "#,##0.00\"億円\""),
            ("5,457千尾", 5457.0, "#,##0\"千尾\""),
            ("326.6", 326.6, "#,##0.0"),
            ("1.67", 1.67, "#,##0.00"),
            ("-5人", -5.0, "#,##0\"人\";\"-\"#,##0\"人\""),
            ("△3.2%", -0.032, "0.0%;\"△\"0.0%"),
            ("▲1,200千円", -1200.0, "#,##0\"千円\";\"▲\"#,##0\"千円\""),
            ("△0.0%", 0.0, "0.0%;\"△\"0.0%;\"△\"0.0%"),
            ("+5人", 5.0, "\"+\"#,##0\"人\";\"-\"#,##0\"人\""),
            ("約△5人", -5.0, "\"約\"#,##0\"人\";\"約△\"#,##0\"人\""),
            ("12‰", 12.0, "#,##0\"‰\""),
            ("5%/年", 5.0, "#,##0\"%/年\""),
            ("\"R\\5人", 5.0, "\\\"\"R\\\"#,##0\"人\""),
            ("999999999999999円", 999_999_999_999_999.0, "0\"円\""),
            ("0.000001", 1e-6, "#,##0.000000"),
        ] {
            let quantity = read(text);
            let figure = figure(&quantity).unwrap();
            assert_eq!((figure.number, figure.format.as_str()), (number, format), "{text}");
            assert_eq!(shown(&figure), text);
            assert_eq!(printed_figure(&quantity), Some(figure));
        }
    }

    /// What no format shows as it is printed is text in the pages, and in a form the plain
    /// form of the same number.
    #[test]
    fn what_no_format_shows_is_text() {
        for (text, expected) in [
            ("007人", "7人"),
            ("-05件", "-5件"),
            ("00.50%", "0.50%"),
            ("延べ0,012人", "延べ12人"),
            ("１２３ 人", "123人"),
            ("55.4％", "55.4%"),
            (" 2，070 人", "2,070人"),
            ("5 人", "5人"),
        ] {
            assert_eq!(printed_figure(&read(text)), None, "{text}");
            assert_eq!(shown(&figure(&read(text)).unwrap()), expected);
        }
        // A unit stands in a format in whatever width it is printed.
        for text in ["174人／日", "12ｔ", "2,070Ｋｍ", "0人", "0.0%", "5㎡", "延べ1,234ｶ所"] {
            assert_eq!(printed_figure(&read(text)).map(|figure| shown(&figure)).as_deref(), Some(text));
        }
    }

    /// More digits than Excel holds, and a format longer than it takes.
    #[test]
    fn what_excel_cannot_hold_is_no_figure() {
        for text in ["1234567890123456円", "1.234567890123456", "0.1234567890123456789012345678%"] {
            assert_eq!(figure(&read(text)), None, "{text}");
        }
        assert!(figure(&read("1,000,000,000,000,000,000円")).is_some(), "zeros at the end are no digits");
        assert_eq!(figure(&read("1億2,345万円")), None);
        let long = Quantity { prefix: "延".repeat(300), ..read("5人") };
        assert_eq!(figure(&long), None);
    }

    proptest! {
        /// Whatever is printed in the plain form is shown as printed.
        #[test]
        fn any_figure_shows_as_printed(
            prefix in prop::sample::select(vec!["", "延べ", "約", "#;"]),
            sign in prop::sample::select(vec!["", "△", "-"]),
            whole in 0u64..10_000_000,
            decimals in 0usize..5,
            grouped: bool,
            unit in prop::sample::select(vec!["", "人", "%", "億円", "人/日", "t"]),
        ) {
            let whole = if grouped {
                let mut text = String::new();
                let plain = whole.to_string();
                for (at, digit) in plain.chars().enumerate() {
                    if at > 0 && (plain.len() - at).is_multiple_of(3) {
                        text.push(',');
                    }
                    text.push(digit);
                }
                text
            } else {
                whole.to_string()
            };
            let fraction = if decimals > 0 { format!(".{}", &"12345"[..decimals]) } else { String::new() };
            let text = format!("{prefix}{sign}{whole}{fraction}{unit}");
            prop_assert_eq!(shown(&printed_figure(&read(&text)).unwrap()), text);
        }

        /// However a figure is written: it is shown exactly so, or it is text.
        #[test]
        fn no_figure_shows_otherwise(
            text in "(延べ|約)?[-△+]?0{0,3}[0-9０-９]{1,4}(,[0-9]{3}){0,2}([.．][0-9]{1,3})?[ 　]?(人|%|％|件|ｔ|人／日|千円)?",
        ) {
            let vocabulary = Vocabulary::new([], ["延べ", "約"]);
            let Ok(Value::Quantity(quantity)) = Value::parse(&text, &vocabulary) else { return Ok(()) };
            if let Some(figure) = printed_figure(&quantity) {
                prop_assert_eq!(shown(&figure), quantity.printed);
            }
        }
    }
}
