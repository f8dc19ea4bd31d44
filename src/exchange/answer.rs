//! What a clerk's cell says, in the notation of its row.
//!
//! Three outcomes: a value, nothing, or a [`Doubt`]. A doubt is asked about and never
//! taken over; where a cell could mean two things, it means neither.

use rust_decimal::Decimal;

use super::notation::Notation;
use crate::plan::reading::{compact, compatible};
use crate::plan::{Quantity, Value, ValueError, Vocabulary, behind_era};
use crate::workbook::{Cell, Number, Shown, stated};

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// Nothing yet (未回答).
    Blank,
    /// An answer, printed as the row prints its figures.
    Value(Value),
    /// Something to ask about.
    Doubt(Doubt),
}

/// Why a cell has to be asked about.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doubt {
    /// It is a date, such as Excel makes of `5/3`. Holds the date as the sheet shows it.
    Date(String),
    /// A whole number such as Excel keeps for a date, far from last year's figure.
    DateNumber(String),
    /// It holds an error such as `#REF!`.
    Error(String),
    /// A formula whose result was never calculated.
    NotCalculated,
    /// TRUE or FALSE.
    Logical(bool),
    /// No figure, no mark, no word the plan allows.
    NotUnderstood(String, ValueError),
    /// `0.5` where percentages are asked: 0.5 % or 50 %.
    Percent(String),
    /// Another unit than the row's.
    Unit {
        /// What was typed.
        text: String,
        /// Its unit.
        unit: String,
        /// The row's unit.
        usual: String,
    },
    /// A bare number, and the row has no figure that tells its unit.
    NoUnit(String),
    /// A negative number where none has been.
    Negative(String),
    /// A number Excel cannot hold exactly, or none at all.
    Inexact(String),
    /// The sheet shows something else than the cell holds.
    Shown {
        /// What the clerk sees.
        shown: String,
        /// What the cell holds.
        stored: String,
    },
    /// More decimals than the row prints.
    Precise {
        /// What was typed.
        text: String,
        /// The decimals of the row.
        decimals: u32,
    },
    /// A text in a row of figures: `20～30人`, `実施済`.
    Text(String),
    /// None of the words of which an answer is to be one.
    NotAChoice {
        /// What was typed.
        text: String,
        /// The word that may be meant.
        nearest: Option<String>,
        /// The words.
        choices: Vec<String>,
    },
    /// A text that was read in another encoding than it was written in.
    Garbled(String),
    /// A text of so many letters.
    TooLong(usize),
    /// Words that speak of another text, and would stand in its place: 変更なし, 同上.
    Reference(String),
    /// A word before the figure that the row does not have: `月2回` among `5回`.
    Prefix {
        /// What was typed.
        text: String,
        /// What stands before the row's figures; may be empty.
        usual: String,
    },
}

/// Excel keeps 30000 for a day in 1982 and 60000 for one in 2064.
const DATE_NUMBERS: std::ops::RangeInclusive<i64> = 30_000..=60_000;
/// How far from last year a number may be and still be no date: a third to three times.
const NEAR: u32 = 3;
/// Excel computes with so many digits; what is behind them is noise.
const DIGITS: usize = 15;

/// Reads a cell; `notation` is that of its row, where the row has one.
pub(super) fn understand(
    cell: Option<&Cell>,
    notation: Option<&Notation>,
    vocabulary: &Vocabulary,
) -> Reading {
    let doubt = match cell {
        None => return Reading::Blank,
        Some(Cell::Text(text)) => return text_reading(text, notation, vocabulary),
        Some(Cell::Number(number)) => return number_reading(number, notation, vocabulary),
        Some(Cell::Date(shown)) => Doubt::Date(shown.clone()),
        Some(Cell::Logical(value)) => Doubt::Logical(*value),
        Some(Cell::Error(shown)) => Doubt::Error(shown.clone()),
        Some(Cell::NotCalculated) => Doubt::NotCalculated,
    };
    Reading::Doubt(doubt)
}

fn text_reading(text: &str, notation: Option<&Notation>, vocabulary: &Vocabulary) -> Reading {
    // An apostrophe typed to keep Excel's hands off a cell survives in some formats.
    let text = text.trim().trim_start_matches(['\'', '’']).trim();
    if let Some(error) = error_text(text) {
        return Reading::Doubt(Doubt::Error(error));
    }
    // Marks that turn the direction of writing make the eye see another number.
    if let Some(turn) = text.chars().find(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
    {
        return Reading::Doubt(Doubt::NotUnderstood(text.to_owned(), ValueError::BlankInNumber(turn)));
    }
    match Value::parse(text, vocabulary) {
        Ok(Value::NotReported) => Reading::Blank,
        _ if is_date_text(text) => Reading::Doubt(Doubt::Date(text.to_owned())),
        Ok(Value::Quantity(quantity)) => quantity_reading(&quantity, notation, vocabulary),
        // Printed as it stands, it would enter the record unread.
        Ok(Value::Text(text)) => Reading::Doubt(Doubt::Text(text)),
        Ok(value) => Reading::Value(value),
        Err(why) => Reading::Doubt(Doubt::NotUnderstood(text.to_owned(), why)),
    }
}

/// What Excel shows in place of a result.
const ERRORS: [&str; 9] =
    ["#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];

/// Errors come as text where a format has no cells for them (.ods), or were pasted.
pub(super) fn error_text(text: &str) -> Option<String> {
    let folded = compatible(text);
    let known = ERRORS.iter().any(|error| folded.contains(error)) || folded.starts_with("Err:");
    (known || folded.starts_with("###")).then(|| text.to_owned())
}

/// Whether a text is an error and nothing else.
pub(super) fn is_error(text: &str) -> bool {
    let number = text.trim().strip_prefix("Err:");
    ERRORS.contains(&text.trim()) || number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// `5/3`, `2026-05-03`, `R5.3`, `5月3日`: a date, or what Excel would make one of.
fn is_date_text(text: &str) -> bool {
    let text = compact(text);
    let era = behind_era(&text).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let rest = era.unwrap_or(&text);
    let rest: String = rest.chars().filter(|c| !matches!(c, '日')).collect();
    let parts: Vec<&str> = rest.split(['/', '-', '年', '月', '.']).filter(|part| !part.is_empty()).collect();
    let marked = rest.contains(['/', '-', '年', '月']) || era.is_some() && rest.contains('.');
    let is_number =
        |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    // A minus sign in front is no separator.
    marked && !rest.starts_with(['-', '/']) && (2..=3).contains(&parts.len()) && parts.iter().all(is_number)
}

/// A figure typed as text, with or without its unit.
fn quantity_reading(typed: &Quantity, notation: Option<&Notation>, vocabulary: &Vocabulary) -> Reading {
    let text = typed.printed.clone();
    let bare = typed.unit.is_empty();
    let Some(notation) = notation else {
        // Nothing to compare with: with a unit it is a first answer, without one it
        // would be printed without one for ever after.
        let first = Notation::of([&Value::Quantity(typed.clone())]).filter(|_| !bare);
        return match first {
            Some(own) => printed(typed.number, own.prefix(), text, &own, vocabulary),
            None => Reading::Doubt(Doubt::NoUnit(text)),
        };
    };
    if !bare && typed.unit != notation.unit() {
        let (unit, usual) = (typed.unit.clone(), notation.unit().to_owned());
        return Reading::Doubt(Doubt::Unit { text, unit, usual });
    }
    // 6240% is a slip for 62.40%, whatever the remark says.
    if !bare && notation.is_percent() && is_beyond_reach(typed.number, notation) {
        return Reading::Doubt(Doubt::Percent(text));
    }
    if bare && notation.is_percent() && is_fraction(typed.number) {
        return Reading::Doubt(Doubt::Percent(text));
    }
    // In 1億2,345万円 a bare number may be meant in any of the scales.
    if bare && notation.is_compound() {
        return Reading::Doubt(Doubt::NoUnit(text));
    }
    if bare && is_suspected_date(typed.number, notation) {
        return Reading::Doubt(Doubt::DateNumber(text));
    }
    printed(typed.number, &typed.prefix, text, notation, vocabulary)
}

/// A number cell. What the clerk sees is what counts: where the sheet shows another
/// number than the cell holds, nobody can know which of them is meant.
fn number_reading(number: &Number, notation: Option<&Notation>, vocabulary: &Vocabulary) -> Reading {
    let Some(exact) = exact(number.value) else {
        return Reading::Doubt(Doubt::Inexact(number.value.to_string()));
    };
    let held = exact.normalize().to_string();
    if number.is_date {
        return Reading::Doubt(Doubt::Date(held));
    }
    let is_percent = number.is_percent;
    let Some(figure) = (if is_percent { hundredfold(exact) } else { Some(exact) }) else {
        return Reading::Doubt(Doubt::Inexact(held));
    };
    let stored = if is_percent { format!("{}%", figure.normalize()) } else { held };
    let of_percent = notation.is_none_or(Notation::is_percent);
    if is_percent && of_percent && is_hundredfold_twice(figure, exact, notation) {
        return Reading::Doubt(Doubt::Percent(stored));
    }
    let display = match &number.shown {
        Shown::Unknown => None,
        Shown::Unreadable => return differs("（読み取れない表示形式）", stored),
        Shown::Text(shown) => match stated(shown, vocabulary) {
            Some(display) if display.number == figure => Some(display),
            _ if shown.trim().is_empty() => return differs("（何も表示されない）", stored),
            _ => return differs(shown.trim(), stored),
        },
    };
    let (prefix, unit) = display.map(|display| (display.prefix, display.unit)).unwrap_or_default();
    let unit = if is_percent { "%".to_owned() } else { unit };
    let text = number_text(number, &stored);
    let Some(notation) = notation else {
        // The sheet shows 「50%」 or 「3件」: the unit is there.
        return if unit.is_empty() { Reading::Doubt(Doubt::NoUnit(text)) } else { value(&text, vocabulary) };
    };
    if !unit.is_empty() && unit != notation.unit() {
        let usual = notation.unit().to_owned();
        return Reading::Doubt(Doubt::Unit { text, unit, usual });
    }
    if notation.is_percent() && unit.is_empty() && is_fraction(exact) {
        return Reading::Doubt(Doubt::Percent(text));
    }
    if notation.is_compound() {
        return Reading::Doubt(Doubt::NoUnit(text));
    }
    if is_suspected_date(figure, notation) {
        return Reading::Doubt(Doubt::DateNumber(stored));
    }
    printed(figure, &prefix, text, notation, vocabulary)
}

fn differs(shown: &str, stored: String) -> Reading {
    Reading::Doubt(Doubt::Shown { shown: shown.to_owned(), stored })
}

/// A number as the sheet shows it, else as the cell holds it.
fn number_text(number: &Number, stored: &str) -> String {
    match &number.shown {
        Shown::Text(shown) => shown.chars().filter(|c| !c.is_whitespace()).collect(),
        _ => stored.to_owned(),
    }
}

/// The number as the row prints it; `prefix` and `typed` are what the clerk wrote. What is
/// written is read again: nothing that the master would refuse gets there.
fn printed(
    number: Decimal,
    prefix: &str,
    typed: String,
    notation: &Notation,
    vocabulary: &Vocabulary,
) -> Reading {
    // 月2回 is another number than 2回, +2 may be how many more. 約 says less of it, not
    // another.
    let is_more = typed.starts_with(['+', '＋']) && notation.model().sign != "+";
    if is_more || (!matches!(prefix, "" | "約") && prefix != notation.prefix()) {
        return Reading::Doubt(Doubt::Prefix { text: typed, usual: notation.prefix().to_owned() });
    }
    let prefix = if prefix.is_empty() { notation.prefix() } else { prefix };
    let text = if prefix == notation.prefix() {
        notation.print(number)
    } else {
        notation.print_after(prefix, number)
    };
    if number.is_sign_negative() && !number.is_zero() && !notation.is_signed() {
        return Reading::Doubt(Doubt::Negative(text));
    }
    if number.normalize().scale() > notation.decimals() {
        return Reading::Doubt(Doubt::Precise { text, decimals: notation.decimals() });
    }
    match Value::parse(&text, vocabulary) {
        Ok(Value::Quantity(read)) if read.number == number => Reading::Value(Value::Quantity(read)),
        Ok(_) => Reading::Doubt(Doubt::Inexact(text)),
        Err(why) => Reading::Doubt(Doubt::NotUnderstood(text, why)),
    }
}

fn value(text: &str, vocabulary: &Vocabulary) -> Reading {
    match Value::parse(text, vocabulary) {
        Ok(value) => Reading::Value(value),
        Err(why) => Reading::Doubt(Doubt::NotUnderstood(text.to_owned(), why)),
    }
}

/// Up to 1 and not 0: `0.5` may be 0.5 % or 50 %.
fn is_fraction(number: Decimal) -> bool {
    !number.is_zero() && number.abs() <= Decimal::ONE
}

/// `55.4` pasted into a cell that shows percentages is 5540 %, and `5.7` is 570 %; last
/// year's figure was nowhere near. A remark explains a change, not a slip.
fn is_hundredfold_twice(percent: Decimal, typed: Decimal, notation: Option<&Notation>) -> bool {
    // What was 98% may be 102% now; what was 62% is not 150%.
    let usual = notation.map(|notation| notation.model().number.abs());
    let most = |usual: Decimal| usual.checked_add(usual / Decimal::TWO);
    let is_near = |usual: Decimal| most(usual).is_none_or(|most| percent.abs() <= most);
    typed.abs() >= Decimal::ONE && usual.is_none_or(|usual| !is_near(usual))
}

/// Whether a percentage is ten times a whole, and last year's was no such.
fn is_beyond_reach(percent: Decimal, notation: &Notation) -> bool {
    percent.abs() >= Decimal::ONE_THOUSAND && !is_near(percent, notation.model().number)
}

/// Whether a number cell holds the figure that was sent out, whatever became of its
/// format: 0.6 is still 60 % where the format was wiped.
pub(super) fn is_figure_as_sent(cell: &Cell, sent: &Value) -> bool {
    let (Cell::Number(number), Some(sent)) = (cell, sent.quantity()) else { return false };
    let Some(exact) = exact(number.value) else { return false };
    let as_percent = sent.is_percent() && hundredfold(exact) == Some(sent.number);
    // In a cell that shows percentages 0.5 is 50 %, not 0.5 %.
    as_percent || (!number.is_percent && exact == sent.number)
}

/// Whether a number looks like the day Excel makes of `5/3`.
fn is_suspected_date(number: Decimal, notation: &Notation) -> bool {
    // A fraction is the time of the day.
    let in_range =
        Decimal::from(*DATE_NUMBERS.start()) <= number && number <= Decimal::from(*DATE_NUMBERS.end());
    in_range && !is_near(number, notation.model().number)
}

fn is_near(number: Decimal, usual: Decimal) -> bool {
    let (number, usual, near) = (number.abs(), usual.abs(), Decimal::from(NEAR));
    let within = |small: Decimal, large: Decimal| small.checked_mul(near).is_none_or(|most| large <= most);
    !usual.is_zero() && within(number, usual) && within(usual, number)
}

fn hundredfold(number: Decimal) -> Option<Decimal> {
    let number = number.normalize();
    match number.scale().checked_sub(2) {
        // The digits stay, the point moves: no arithmetic, no rounding.
        Some(scale) => Decimal::try_from_i128_with_scale(number.mantissa(), scale).ok(),
        None => number.checked_mul(Decimal::ONE_HUNDRED),
    }
}

/// The number a cell shows: Excel's 15 digits of the float behind it.
fn exact(value: f64) -> Option<Decimal> {
    if !value.is_finite() {
        return None;
    }
    let scientific = format!("{value:.*e}", DIGITS - 1);
    Decimal::from_scientific(&scientific).ok().map(|number| number.normalize())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shown(reading: Reading) -> String {
        match reading {
            Reading::Blank => "（空）".to_owned(),
            Reading::Value(value) => value.printed().to_owned(),
            Reading::Doubt(doubt) => format!("{doubt:?}"),
        }
    }

    fn read(cell: &Cell, last_year: &str) -> String {
        let vocabulary = Vocabulary::default();
        let notation = Notation::of(&[Value::parse(last_year, &vocabulary).unwrap()]);
        shown(understand(Some(cell), notation.as_ref(), &vocabulary))
    }

    /// What clerks type as text.
    #[test]
    fn a_text_is_read_in_the_rows_notation() {
        for (typed, last_year, expected) in [
            ("１２３", "100人", "123人"),
            ("1,234 人", "1,100人", "1,234人"),
            (" 45％", "55.4%", "45.0%"),
            ("1234", "1,100人", "1,234人"),
            ("50%", "55%", "50%"),
            ("50", "55.4%", "50.0%"),
            ("0.5", "55.4%", "Percent(\"0.5\")"),
            ("6240%", "55.4%", "Percent(\"6240%\")"),
            ("\u{202E}52", "5人", "NotUnderstood(\"\\u{202e}52\", BlankInNumber('\\u{202e}'))"),
            ("0", "55.4%", "0.0%"),
            ("約500", "延べ400人", "約500人"),
            ("+2", "5人", "Prefix { text: \"+2\", usual: \"\" }"),
            ("月2回", "5回", "Prefix { text: \"月2回\", usual: \"\" }"),
            ("年111校", "延べ100校", "Prefix { text: \"年111校\", usual: \"延べ\" }"),
            ("延べ500人", "延べ400人", "延べ500人"),
            ("500", "延べ400人", "延べ500人"),
            ("—", "5人", "—"),
            ("調査中", "5人", "調査中"),
            ("　", "5人", "（空）"),
            ("3件", "5人", "Unit { text: \"3件\", unit: \"件\", usual: \"人\" }"),
            ("3件", "", "3件"),
            ("3", "", "NoUnit(\"3\")"),
            ("5/3", "5人", "Date(\"5/3\")"),
            ("R5.3", "5人", "Date(\"R5.3\")"),
            ("令和5年3月", "5人", "Date(\"令和5年3月\")"),
            ("S63.3", "5人", "Date(\"S63.3\")"),
            ("昭和63年3月", "5人", "Date(\"昭和63年3月\")"),
            ("2026-05-03", "5人", "Date(\"2026-05-03\")"),
            ("5.3", "5人", "Precise { text: \"5.3人\", decimals: 0 }"),
            ("５，０００ 件", "", "5,000件"),
            ("５ ，０００件", "", "NotUnderstood(\"５ ，０００件\", BlankInNumber(' '))"),
            ("13000", "1億2,345万円", "NoUnit(\"13000\")"),
            ("1億3,000万円", "1億2,345万円", "1億3,000万円"),
            ("10人（うち女性3人）", "5人", "Text(\"10人（うち女性3人）\")"),
            ("45049", "5人", "DateNumber(\"45049\")"),
            ("45,049", "延べ49,381人", "延べ45,049人"),
            ("-3", "5人", "Negative(\"-3人\")"),
            ("-3", "-5人", "-3人"),
            ("△3", "△5人", "△3人"),
            ("#REF!", "5人", "Error(\"#REF!\")"),
            ("########", "5人", "Error(\"########\")"),
            ("'123", "5人", "123人"),
            ("12,34", "5人", "NotUnderstood(\"12,34\", MisplacedComma)"),
            ("1.255", "1.6", "Precise { text: \"1.255\", decimals: 1 }"),
            ("1.2", "1.60", "1.20"),
            ("45.25%", "55.4%", "Precise { text: \"45.25%\", decimals: 1 }"),
            ("実施済", "5人", "Text(\"実施済\")"),
            ("たくさん", "5人", "Text(\"たくさん\")"),
        ] {
            assert_eq!(read(&Cell::Text(typed.into()), last_year), expected, "{typed} / {last_year}");
        }
    }

    #[test]
    fn a_number_is_read_exactly() {
        for (value, is_percent, last_year, expected) in [
            (1234.0, false, "1,100人", "1,234人"),
            (0.554, true, "53.8%", "55.4%"),
            (0.07, true, "7%", "7%"),
            (0.1 + 0.2, true, "29.0%", "30.0%"),
            (1.2, true, "110%", "120%"),
            (1.0, true, "1.5%", "Percent(\"100%\")"),
            (1.5, true, "62.0%", "Percent(\"150%\")"),
            (1.02, true, "98%", "102%"),
            (25.0, true, "20人", "Unit { text: \"2500%\", unit: \"%\", usual: \"人\" }"),
            (55.4, true, "53.8%", "Percent(\"5540%\")"),
            (55.4, false, "53.8%", "55.4%"),
            (0.554, false, "53.8%", "Percent(\"0.554\")"),
            (0.0, false, "53.8%", "0.0%"),
            (0.5, true, "5人", "Unit { text: \"50%\", unit: \"%\", usual: \"人\" }"),
            (0.5, true, "", "50%"),
            (3.0, false, "", "NoUnit(\"3\")"),
            (45049.0, false, "5人", "DateNumber(\"45049\")"),
            (45049.0, false, "49,381人", "45,049人"),
            (f64::NAN, false, "5人", "Inexact(\"NaN\")"),
            (
                1e300,
                false,
                "5人",
                "Inexact(\"1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\")",
            ),
            (146.25, false, "146.0億円", "Precise { text: \"146.25億円\", decimals: 1 }"),
            (5.7, true, "5.1%", "Percent(\"570%\")"),
            (5.7, true, "480%", "570%"),
            (5.7, true, "", "Percent(\"570%\")"),
        ] {
            let number = Number { is_percent, ..Number::plain(value) };
            assert_eq!(read(&Cell::Number(number), last_year), expected, "{value} / {last_year}");
        }
        let dated = Number { is_date: true, ..Number::plain(45049.0) };
        assert_eq!(read(&Cell::Number(dated), "49,381人"), "Date(\"45049\")");
    }

    /// What the sheet shows and what the cell holds, each told where they differ.
    #[test]
    fn what_the_clerk_sees_is_what_counts() {
        use crate::workbook::Format;
        for (value, code, last_year, expected) in [
            (
                0.624_324_324_324_324,
                "0.0%",
                "60.0%",
                "Shown { shown: \"62.4%\", stored: \"62.4324324324324%\" }",
            ),
            (0.624, "0.0%", "60.0%", "62.4%"),
            (38_123_456.0, "#,##0,", "30,000千円", "Shown { shown: \"38,123\", stored: \"38123456\" }"),
            (
                38_123_456.0,
                "#,##0.0,,\"百万円\"",
                "30百万円",
                "Shown { shown: \"38.1百万円\", stored: \"38123456\" }",
            ),
            (23.0, "0\"件\"", "20人", "Unit { text: \"23件\", unit: \"件\", usual: \"人\" }"),
            (23.0, "[Red]0件", "20人", "Unit { text: \"23件\", unit: \"件\", usual: \"人\" }"),
            (23.0, "0\"人\"", "20人", "23人"),
            (23.0, "\"約\"0\"人\"", "20人", "約23人"),
            (23.4, "0\"人\"", "20人", "Shown { shown: \"23人\", stored: \"23.4\" }"),
            (23.0, "0.00E+00", "20人", "23人"),
            (23.0, ";;;", "20人", "Shown { shown: \"（何も表示されない）\", stored: \"23\" }"),
            (23.0, "\"未定\"", "20人", "Shown { shown: \"未定\", stored: \"23\" }"),
            (23.0, "\"¥\"#,##0", "20円", "Shown { shown: \"¥23\", stored: \"23\" }"),
            (62.43, "# ?/?", "60.00", "Shown { shown: \"62 3/7\", stored: \"62.43\" }"),
            (62.25, "# ?/?", "60.00", "62.25"),
            (62.4, "0.0\"%\"", "60.0%", "62.4%"),
            (3.0, "0\"件\"", "", "3件"),
            (23.0, "0000", "20人", "23人"),
            (1234.0, "General", "1,100人", "1,234人"),
            (
                62.432_432_432_432_4,
                "General",
                "60.00",
                "Shown { shown: \"62.43243243\", stored: \"62.4324324324324\" }",
            ),
        ] {
            let format = Format::new(code);
            let number =
                Number { value, is_percent: format.is_percent, is_date: false, shown: format.shown(value) };
            assert_eq!(read(&Cell::Number(number), last_year), expected, "{value} {code} / {last_year}");
        }
    }
}
