//! What one cell of 「基準値」 or of a year says.
//!
//! The printed text is the record; the number is only a view on it. So
//! `延べ49,381人`, `146.00億円` and `—` go through the program unchanged, and the
//! number beside them is an exact decimal, never a float.
//!
//! A figure is `prefix number unit`; `1億2,345万円` is one too ([`compound`]). What is
//! printed in place of a figure (`◎`, `第3位`, `20～30人`) is a [`Value::Text`]
//! ([`textual`]). Nothing is guessed: a text that reads as none of these, nor as a mark
//! for "not applicable", nor as one of the words the plan allows, is refused with the
//! reason. Only width is folded to read a figure, blanks within a number are never
//! closed up, and marks (①, ¹, ½) are never digits.

mod compound;
mod textual;
mod unit;

use std::fmt;

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::reading::{self, is_blank};
use unit::{LONGEST_UNIT, is_unit, is_unit_sign};

/// What a cell for a figure says (「基準値」「実績」).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Empty: nobody has answered yet (未報告).
    NotReported,
    /// `—`, `-` or `－`: there is nothing to report (該当なし). Holds the mark as printed.
    NotApplicable(String),
    /// A word the plan allows in place of a figure, such as 調査中.
    Word(String),
    /// A text in place of a figure: `◎`, `第3位`, `10人（うち女性3人）`. It is printed as
    /// it stands and never computed with.
    Text(String),
    /// A figure.
    Quantity(Quantity),
}

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

/// Why a cell is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// There is no digit in it, and it is no text that stands for a figure.
    #[error("数値として読めません")]
    NoNumber,
    /// A comma stands where no thousands end: `12,34`.
    #[error("桁区切りのカンマの位置が正しくありません")]
    MisplacedComma,
    /// More digits than an exact decimal holds (28).
    #[error("桁数が多すぎます")]
    TooLong,
    /// Something before the number that is no known prefix.
    #[error("数値の前に読めない文字があります")]
    UnknownPrefix,
    /// Something after the number that cannot be a unit: digits, a second number, a date.
    #[error("数値の後に読めない文字があります")]
    UnknownUnit,
    /// A mark that looks like a digit and is none: `54.1①`, `2.8¹`, `½`.
    #[error("数字ではない印「{0}」があるため、数値として読めません")]
    Mark(char),
    /// A letter where a digit belongs: `1O人`, `l0人`.
    #[error("数字の代わりに「{}」が使われています", letter(*.0))]
    LetterForDigit(char),
    /// A blank, a line break or an invisible character within a number: `1 9人`.
    #[error("数値の途中に{}があります", BlankName(*.0))]
    BlankInNumber(char),
}

/// A letter by its name: on paper it looks like the digit.
fn letter(c: char) -> &'static str {
    match c {
        'O' => "O（英字の大文字オー）",
        'o' => "o（英字の小文字オー）",
        'l' => "l（英字の小文字エル）",
        'I' => "I（英字の大文字アイ）",
        'Z' => "Z（英字の大文字ゼット）",
        'S' => "S（英字の大文字エス）",
        'B' => "B（英字の大文字ビー）",
        '〇' => "〇（漢数字のゼロ）",
        _ => "○（丸の記号）",
    }
}

/// A character that leaves no mark, by its name.
struct BlankName(char);

impl fmt::Display for BlankName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ' ' => f.write_str("空白"),
            '\u{3000}' => f.write_str("全角の空白"),
            '\n' | '\r' => f.write_str("改行"),
            '\t' => f.write_str("タブ"),
            c => write!(f, "見えない文字（U+{:04X}）", u32::from(c)),
        }
    }
}

/// The words that may stand in place of a figure or before it.
///
/// They are compared as the cells are read: in whatever width either is written.
///
/// The defaults are those met in issued documents; `plan.toml` can name others.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// As they were written.
    words: Vec<String>,
    /// In their reading form, like the prefixes.
    keys: Vec<String>,
    prefixes: Vec<String>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let words = ["調査中", "集計中"];
        let prefixes = [
            "延べ",
            "のべ",
            "約",
            "年間",
            "総額",
            "累計",
            "年",
            "月",
            "週",
            "日",
            "毎年",
            "毎月",
            "毎週",
            "毎日",
            "月間",
            "全",
            "計",
            "合計",
            "平均",
            "見込",
            "見込み",
        ];
        Self::new(words, prefixes)
    }
}

impl Vocabulary {
    /// Those words and no others, in whatever width they are written.
    pub fn new<'a>(
        words: impl IntoIterator<Item = &'a str>,
        prefixes: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let words = words.into_iter().map(reading::stripped).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_owned).collect();
        let keys = words.iter().map(|word| read(word).0).collect();
        let prefixes = prefixes.into_iter().map(|word| read(word).0).filter(|word| !word.is_empty());
        Self { keys, prefixes: prefixes.collect(), words }
    }

    /// No words at all.
    pub fn nothing() -> Self {
        Self { words: Vec::new(), keys: Vec::new(), prefixes: Vec::new() }
    }

    /// The built-in words and these: 調査中 in place of a figure, 延べ before one.
    pub fn with(words: &[String], prefixes: &[String]) -> Self {
        let own = Self::new(words.iter().map(String::as_str), prefixes.iter().map(String::as_str));
        let mut all = Self::default();
        all.words.extend(own.words);
        all.keys.extend(own.keys);
        all.prefixes.extend(own.prefixes);
        all
    }

    /// The words that may stand in place of a figure, as they were written.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether `text` is nothing, a known prefix, or two or three of them (約年間).
    fn knows_prefix(&self, text: &str) -> bool {
        fn is_made_of(text: &str, known: &[String], most: usize) -> bool {
            text.is_empty()
                || most > 0
                    && known.iter().any(|prefix| {
                        text.strip_prefix(prefix.as_str())
                            .is_some_and(|rest| is_made_of(rest, known, most - 1))
                    })
        }
        is_made_of(text, &self.prefixes, MOST_PREFIXES)
    }
}

/// The dashes that mean "not applicable" when they stand alone.
const NOT_APPLICABLE: [char; 13] = ['—', '-', '－', '―', '–', '−', 'ー', '‐', '‑', '‒', '─', '━', 'ｰ'];

/// So many prefixes may stand one behind the other.
const MOST_PREFIXES: usize = 3;

impl Value {
    /// Reads the text of a cell.
    ///
    /// Full-width digits and stray blanks are understood; the text itself is kept.
    ///
    /// # Errors
    /// A [`ValueError`] where the text is none of the forms above.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, ValueError> {
        let text = reading::stripped(text);
        if text.is_empty() {
            return Ok(Self::NotReported);
        }
        if text.chars().all(|c| NOT_APPLICABLE.contains(&c)) && text.chars().count() <= 2 {
            return Ok(Self::NotApplicable(text.to_owned()));
        }
        let (compact, gap) = read(text);
        if vocabulary.keys.contains(&compact) {
            return Ok(Self::Word(reading::printed(text)));
        }
        if let Some(gap) = gap {
            return Err(ValueError::BlankInNumber(gap));
        }
        if !compact.contains(|c: char| c.is_ascii_digit()) {
            textual::in_words(&compact, vocabulary)?;
            return Ok(Self::Text(reading::printed(text)));
        }
        if let Some(mark) = mark(&compact) {
            return Err(ValueError::Mark(mark));
        }
        if let Some(letter) = letter_for_digit(&compact) {
            return Err(ValueError::LetterForDigit(letter));
        }
        match Quantity::parse(&compact, vocabulary) {
            Ok(quantity) if quantity.compound => match blank_between_digits(text) {
                Some(blank) => Err(ValueError::BlankInNumber(blank)),
                None => Ok(Self::Quantity(Quantity { printed: reading::printed(text), ..quantity })),
            },
            Ok(quantity) => Ok(Self::Quantity(Quantity { printed: reading::printed(text), ..quantity })),
            Err(ValueError::UnknownPrefix | ValueError::UnknownUnit)
                if textual::is_composite(&compact, vocabulary) =>
            {
                Ok(Self::Text(reading::printed(text)))
            }
            Err(why) => Err(why),
        }
    }

    /// The text to print; empty where nothing is reported.
    pub fn printed(&self) -> &str {
        match self {
            Self::NotReported => "",
            Self::NotApplicable(text) | Self::Word(text) | Self::Text(text) => text,
            Self::Quantity(quantity) => &quantity.printed,
        }
    }

    /// The figure, where there is one.
    pub fn quantity(&self) -> Option<&Quantity> {
        match self {
            Self::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// Whether the cell is still empty.
    pub fn is_reported(&self) -> bool {
        *self != Self::NotReported
    }
}

impl Quantity {
    /// Reads `compact`, the reading form of a text, which is what it prints.
    fn parse(compact: &str, vocabulary: &Vocabulary) -> Result<Self, ValueError> {
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
        textual::counts_wholes(&self.unit)
    }

    /// Whether the figure is a percentage.
    pub fn is_percent(&self) -> bool {
        self.unit == "%"
    }
}

/// The reading form: in one width, without blanks. A blank within a number is no stray
/// one: it is kept, as a space, and the first such blank is returned beside.
fn read(text: &str) -> (String, Option<char>) {
    let folded = reading::folded(text);
    let mut compact = String::with_capacity(folded.len());
    let (mut gap, mut blank) = (None, None);
    // The last two characters that are no blanks.
    let (mut before, mut last) = (None, None);
    let mut rest = folded.chars().peekable();
    while let Some(c) = rest.next() {
        if is_blank(c) {
            blank = blank.or(Some(c));
            continue;
        }
        if let Some(blank) = blank.take()
            && is_in_number(before, last)
            && (c.is_ascii_digit() || (matches!(c, '.' | ',') && next_is_digit(&mut rest)))
        {
            gap = gap.or(Some(blank));
            compact.push(' ');
        }
        compact.push(c);
        (before, last) = (last, Some(c));
    }
    (compact, gap)
}

/// A blank between the first digit and the last: within a number of several scales.
fn blank_between_digits(text: &str) -> Option<char> {
    let is_digit = |c: char| matches!(c, '0'..='9' | '０'..='９');
    let (first, last) = (text.find(is_digit)?, text.rfind(is_digit)?);
    text.get(first..last)?.chars().find(|c| is_blank(*c))
}

/// Whether a number may go on behind these two characters.
fn is_in_number(before: Option<char>, last: Option<char>) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match last {
        Some('.' | ',') => is_digit(before),
        last => is_digit(last),
    }
}

fn next_is_digit(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    rest.peek().is_some_and(char::is_ascii_digit)
}

/// A character that compatibility folding would make a digit of, and none of ours.
///
/// The squares and cubes of units are written with such marks (m², km³); they stand
/// behind a letter.
fn mark(compact: &str) -> Option<char> {
    let mut last = ' ';
    for c in compact.chars() {
        let is_power = matches!(c, '²' | '³') && last.is_ascii_alphabetic();
        if !c.is_ascii() && !is_power && !is_unit_sign(c) && (c.is_numeric() || hides_digit(c)) {
            // 〇 is a letter in a digit's place, and is named as that.
            return (c != '〇').then_some(c);
        }
        last = c;
    }
    None
}

/// Whether compatibility folding makes a digit of it: ①, ¹, ½, ㏠.
fn hides_digit(c: char) -> bool {
    !c.is_ascii() && c.nfkc().any(|c| c.is_numeric() && c != '〇')
}

/// A letter in place of a digit: letters that look like one and stand beside one.
fn letter_for_digit(compact: &str) -> Option<char> {
    let is_twin = |c: char| matches!(c, 'O' | 'o' | 'l' | 'I' | '〇' | '○');
    let mut rest = compact;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '〇' | '○');
        if !is_letter(first) {
            before = Some(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let (after_digit, before_digit) = (
            before.is_some_and(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')),
            behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')),
        );
        // `10l` counts litres; `10l人` does not.
        let is_litre = run == "l" && after_digit && !behind.starts_with(char::is_alphanumeric);
        // `うち女性l人`: what is counted there is a number.
        let is_counted = !after_digit && textual::begins_with_counter(behind);
        if run.chars().all(is_twin) && (after_digit || before_digit || is_counted) && !is_litre {
            return Some(first);
        }
        before = run.chars().next_back();
        rest = behind;
    }
    None
}

/// The digits, commas and points at the start, and what follows them.
fn split_number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(text.len());
    text.split_at(end)
}

/// An exact decimal from half-width digits, commas every three digits, one point.
fn decimal(digits: &str) -> Result<Decimal, ValueError> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
