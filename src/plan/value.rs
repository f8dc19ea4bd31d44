//! What one cell of 「基準値」 or of a year says.
//!
//! The printed text is the record; the number is only a view on it. So
//! `延べ49,381人`, `146.00億円` and `—` go through the program unchanged, and the
//! number beside them is an exact decimal, never a float.
//!
//! A value is `prefix number unit`. Nothing is guessed: a text that does not read
//! as that, as a mark for "not applicable", or as one of the words the plan
//! allows, is refused with the reason.

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

/// What a cell for a figure says (「基準値」「実績」).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Empty: nobody has answered yet (未報告).
    NotReported,
    /// `—`, `-` or `－`: there is nothing to report (該当なし). Holds the mark as printed.
    NotApplicable(String),
    /// A word the plan allows in place of a figure, such as 調査中.
    Word(String),
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
    /// What stands after the number: `人`, `%`, `億円`, or nothing. Half-width
    /// where Unicode has a half-width form.
    pub unit: String,
}

/// Why a cell is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// There is no digit in it, and it is no word the plan allows.
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
}

/// The words that may stand in place of a figure or before it.
///
/// The defaults are those met in issued documents; `plan.toml` can name others.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// Words in place of a figure: 調査中, 集計中.
    pub words: Vec<String>,
    /// Words before a figure: 延べ, 約, 年間, 総額, 累計.
    pub prefixes: Vec<String>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let own = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            words: own(&["調査中", "集計中"]),
            prefixes: own(&["延べ", "のべ", "約", "年間", "総額", "累計", "年間延べ"]),
        }
    }
}

/// The dashes that mean "not applicable" when they stand alone.
const NOT_APPLICABLE: [char; 8] = ['—', '-', '－', '―', '–', '−', 'ー', '‐'];

/// A unit longer than this is a sentence in the wrong cell.
const LONGEST_UNIT: usize = 12;

impl Value {
    /// Reads the text of a cell.
    ///
    /// Full-width digits and stray blanks are understood; the text itself is kept.
    ///
    /// # Errors
    /// A [`ValueError`] where the text is none of the forms above.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, ValueError> {
        let compact = compact(text);
        if compact.is_empty() {
            return Ok(Self::NotReported);
        }
        if text.trim().chars().all(|c| NOT_APPLICABLE.contains(&c)) && text.trim().chars().count() <= 2 {
            return Ok(Self::NotApplicable(text.trim().to_owned()));
        }
        if vocabulary.words.contains(&compact) {
            return Ok(Self::Word(text.trim().to_owned()));
        }
        Quantity::parse(text, &compact, vocabulary).map(Self::Quantity)
    }

    /// The text to print; empty where nothing is reported.
    pub fn printed(&self) -> &str {
        match self {
            Self::NotReported => "",
            Self::NotApplicable(text) | Self::Word(text) => text,
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
    /// Reads `compact` (NFKC, no blanks), the reading form of `text`.
    fn parse(text: &str, compact: &str, vocabulary: &Vocabulary) -> Result<Self, ValueError> {
        let start = compact.find(|c: char| c.is_ascii_digit()).ok_or(ValueError::NoNumber)?;
        let (before, rest) = compact.split_at(start);
        let sign_at = before.find(['-', '−', '△', '▲', '+']).unwrap_or(before.len());
        let (prefix, sign) = before.split_at(sign_at);
        if sign.chars().count() > 1
            || !(prefix.is_empty() || vocabulary.prefixes.iter().any(|known| known == prefix))
        {
            return Err(ValueError::UnknownPrefix);
        }
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(rest.len());
        let (digits, unit) = rest.split_at(end);
        if unit.chars().count() > LONGEST_UNIT || !unit.chars().all(may_stand_in_unit) {
            return Err(ValueError::UnknownUnit);
        }
        let grouped = digits.contains(',');
        let mut number = decimal(digits)?;
        if !matches!(sign, "" | "+") {
            number.set_sign_negative(true);
        }
        Ok(Self {
            printed: text.trim().to_owned(),
            prefix: prefix.to_owned(),
            sign: sign.to_owned(),
            number,
            grouped,
            unit: unit.to_owned(),
        })
    }

    /// Whether the figure is a percentage.
    pub fn is_percent(&self) -> bool {
        self.unit == "%"
    }
}

/// The reading form: half-width where Unicode has it, no blanks.
///
/// Signs that Unicode would take apart into letters and digits (㎡ into `m2`) are
/// left whole: a unit has no digits.
fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_unit_sign) {
        let sign = piece.chars().next_back().filter(|c| is_unit_sign(*c));
        let plain = &piece[..piece.len() - sign.map_or(0, char::len_utf8)];
        compact.extend(plain.nfkc().filter(|c| !c.is_whitespace()));
        compact.extend(sign);
    }
    compact
}

/// ㎡, ㎞, ㌧ and their like (the block CJK Compatibility), ℃, ² and ³.
fn is_unit_sign(c: char) -> bool {
    matches!(c, '\u{3300}'..='\u{33FF}' | '℃' | '²' | '³')
}

/// Letters of any script, and the few signs that occur in units (`人/日`, `℃`, `%`).
fn may_stand_in_unit(c: char) -> bool {
    (c.is_alphabetic() && !c.is_numeric())
        || matches!(c, '%' | '‰' | '/' | '・' | '°' | '(' | ')' | '々' | 'ー')
        || is_unit_sign(c)
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
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, ValueError> {
        Value::parse(text, &Vocabulary::default())
    }

    /// `prefix|number|unit` of a figure.
    fn parts(text: &str) -> String {
        match read(text) {
            Ok(Value::Quantity(q)) => {
                assert_eq!(q.printed, text.trim());
                format!("{}|{}|{}", q.prefix, q.number, q.unit)
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_figures_of_issued_documents_are_read() {
        for (text, expected) in [
            ("2,070人", "|2070|人"),
            ("55.4%", "|55.4|%"),
            ("55.4％", "|55.4|%"),
            ("延べ49,381人", "延べ|49381|人"),
            ("174人/日", "|174|人/日"),
            ("146.00億円", "|146.00|億円"),
            ("5,457千尾", "|5457|千尾"),
            ("326.6", "|326.6|"),
            ("2ヵ所", "|2|ヵ所"),
            ("780t", "|780|t"),
            ("１２３ 人", "|123|人"),
            ("△3.2%", "|-3.2|%"),
            ("-5人", "|-5|人"),
            ("780㎡", "|780|㎡"),
            ("１２.５㎞", "|12.5|㎞"),
        ] {
            assert_eq!(parts(text), expected);
        }
    }

    #[test]
    fn marks_and_words_are_no_figures() {
        assert_eq!(read(""), Ok(Value::NotReported));
        assert_eq!(read(" 　"), Ok(Value::NotReported));
        for mark in ["—", "-", "－"] {
            assert_eq!(read(mark), Ok(Value::NotApplicable(mark.into())));
        }
        assert_eq!(read("調査中"), Ok(Value::Word("調査中".into())));
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for (text, why) in [
            ("たくさん", ValueError::NoNumber),
            ("12,34人", ValueError::MisplacedComma),
            (",123", ValueError::UnknownPrefix),
            ("5/3", ValueError::UnknownUnit),
            ("2021-05-03", ValueError::UnknownUnit),
            ("R5.3", ValueError::UnknownPrefix),
            ("10人20人", ValueError::UnknownUnit),
            ("1.2.3", ValueError::UnknownUnit),
            ("5.", ValueError::UnknownUnit),
            ("--5", ValueError::UnknownPrefix),
            ("12345678901234567890123456789012", ValueError::TooLong),
            ("#REF!", ValueError::NoNumber),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
