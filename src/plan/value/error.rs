//! Why a cell is no value.

use std::fmt;

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
