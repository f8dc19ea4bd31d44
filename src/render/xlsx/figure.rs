//! Figures: the number a cell holds and the number format that shows the print.
//!
//! Departments compute with these cells, so `延べ49,381人` is 49381 under the format
//! `"延べ"#,##0"人"`, and 55.4% is 0.554 under `0.0%`. Where the print has full-width
//! digits or stray blanks the format shows the plain form; the number is the same.
//!
//! A figure of more than 15 significant digits stays text: Excel would hold another
//! number. So does one whose format would be longer than Excel's 255 characters, and one
//! printed in several scales (`1億2,345万円`): no number format shows those for any
//! other number, and the next figure typed into the cell would show wrong.

use rust_decimal::Decimal;

use crate::plan::Quantity;

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

/// The figure of a quantity; `None` where it can only be text.
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

    fn read(text: &str) -> Quantity {
        let vocabulary = Vocabulary::new([], ["延べ", "約", "\"R\\", "#;"]);
        Value::parse(text, &vocabulary).unwrap().quantity().unwrap().clone()
    }

    /// What Excel shows: as much of its number formats as [`figure`] uses.
    fn shown(figure: &Figure) -> String {
        let mut sections = vec![String::new()];
        let (mut quoted, mut escaped) = (false, false);
        for c in figure.format.chars() {
            let section = sections.last_mut().unwrap();
            match c {
                _ if escaped => {
                    section.push_str(&format!("'{c}"));
                    escaped = false;
                }
                '"' => quoted = !quoted,
                '\\' if !quoted => escaped = true,
                ';' if !quoted => sections.push(String::new()),
                _ if quoted => section.push_str(&format!("'{c}")),
                _ => section.push(c),
            }
        }
        let number = figure.number;
        let at = if number == 0.0 && sections.len() > 2 {
            2
        } else {
            usize::from(number < 0.0 && sections.len() > 1)
        };
        let minus = if number < 0.0 && sections.len() == 1 { "-" } else { "" };
        let section = &sections[at];
        // Letters after ' are literal; the rest is the digits' pattern.
        let (mut before, mut after, mut pattern) = (String::new(), String::new(), String::new());
        let mut letters = section.chars();
        while let Some(c) = letters.next() {
            match c {
                '\'' if pattern.is_empty() => before.extend(letters.next()),
                '\'' => after.extend(letters.next()),
                _ => pattern.push(c),
            }
        }
        let percent = pattern.strip_suffix('%');
        let digits = percent.unwrap_or(&pattern);
        let decimals = digits.split_once('.').map_or(0, |(_, zeros)| zeros.len());
        // 15 digits at most: the shortest decimal of the float is what Excel holds.
        let mut exact: Decimal = number.abs().to_string().parse().unwrap();
        if percent.is_some() {
            exact *= Decimal::ONE_HUNDRED;
        }
        let text = format!("{:.decimals$}", exact.round_dp(decimals as u32));
        let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) && digits.starts_with('#') {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let fraction = fraction.map(|f| format!(".{f}")).unwrap_or_default();
        format!("{minus}{before}{grouped}{fraction}{}{after}", if percent.is_some() { "%" } else { "" })
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
            ("0.000000000000001", 1e-15, "#,##0.000000000000000"),
        ] {
            let quantity = read(text);
            let figure = figure(&quantity).unwrap();
            assert_eq!((figure.number, figure.format.as_str()), (number, format), "{text}");
            assert_eq!(shown(&figure), text);
        }
    }

    /// Full-width print is shown in its plain form; the number is the same.
    #[test]
    fn stray_print_is_shown_plain() {
        for (text, expected) in [("１２３ 人", "123人"), ("55.4％", "55.4%"), (" 2，070 人", "2,070人")]
        {
            assert_eq!(shown(&figure(&read(text)).unwrap()), expected);
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
            prop_assert_eq!(shown(&figure(&read(&text)).unwrap()), text);
        }
    }
}
