//! What the text that a sheet shows states: the number of 「1,234人」, `5.00E-01`, `62 1/4`.

use rust_decimal::Decimal;

use crate::plan::{Quantity, Value, Vocabulary};

/// The figure that a shown text states; `None` for a text that states none, such as
/// one with a currency sign. Numbers are exact.
pub fn stated(shown: &str, vocabulary: &Vocabulary) -> Option<Quantity> {
    let text = shown.trim();
    let plain = |number: Decimal| Quantity {
        printed: text.to_owned(),
        prefix: String::new(),
        sign: if number.is_sign_negative() { "-".to_owned() } else { String::new() },
        number,
        grouped: false,
        compound: false,
        unit: String::new(),
    };
    if text.is_ascii() && text.contains(['E', 'e']) {
        let number = Decimal::from_scientific(&text.replace("E+", "E")).ok();
        return number.map(|number| plain(number.normalize()));
    }
    if text.is_ascii() && text.contains('/') {
        return fraction(text).map(plain);
    }
    // The places that a format leaves free are blanks to the eye.
    let mut text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        text = format!("-{inside}");
    }
    match Value::parse(&with_whole_points(&text), vocabulary) {
        Ok(Value::Quantity(quantity)) => Some(quantity),
        _ => None,
    }
}

/// `23.` is `23`, `.5` is `0.5`: formats such as `#.##` show them so.
fn with_whole_points(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(text.len() + 1);
    for (at, &c) in letters.iter().enumerate() {
        let (before, after) = (is_digit(at.checked_sub(1)), is_digit(Some(at + 1)));
        match c {
            '.' if before && !after => {}
            '.' if after && !before => out.push_str("0."),
            c => out.push(c),
        }
    }
    out
}

/// `62 3/7`, `-1/2`. Only where the fraction is a decimal exactly.
fn fraction(text: &str) -> Option<Decimal> {
    let (sign, text) =
        text.strip_prefix('-').map_or((Decimal::ONE, text), |rest| (Decimal::NEGATIVE_ONE, rest));
    let (rest, denominator) = text.split_once('/')?;
    let (whole, numerator) = rest.trim().rsplit_once(' ').unwrap_or(("0", rest.trim()));
    let number = |text: &str| Decimal::from_str_exact(text.trim()).ok().filter(|n| !n.is_sign_negative());
    let (whole, numerator, denominator) = (number(whole)?, number(numerator)?, number(denominator)?);
    let part = numerator.checked_div(denominator)?;
    let is_exact = part.checked_mul(denominator) == Some(numerator);
    is_exact.then_some(())?;
    Some(whole.checked_add(part)?.checked_mul(sign)?.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_text_states_a_figure() {
        let stated = |text: &str| {
            stated(text, &Vocabulary::default()).map(|q| format!("{}|{}|{}", q.prefix, q.number, q.unit))
        };
        for (text, expected) in [
            ("23件", Some("|23|件")),
            (" 38,123 ", Some("|38123|")),
            ("(5)", Some("|-5|")),
            ("△2.5%", Some("|-2.5|%")),
            ("2.30E+01", Some("|23|")),
            ("5.00E-01", Some("|0.5|")),
            ("62 1/4", Some("|62.25|")),
            ("-1/2", Some("|-0.5|")),
            ("62 3/7", None),
            ("23.", Some("|23|")),
            (".62", Some("|0.62|")),
            ("- 5 ", Some("|-5|")),
            ("¥23", None),
            ("固定", None),
            ("", None),
            ("00-23", None),
        ] {
            assert_eq!(stated(text).as_deref(), expected, "{text}");
        }
    }
}
