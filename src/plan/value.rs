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
mod counter;
mod error;
mod form;
mod number;
mod quantity;
mod textual;
mod unit;
mod vocabulary;

use super::reading;

pub use error::ValueError;
pub use quantity::Quantity;
pub use vocabulary::Vocabulary;

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

/// The dashes that mean "not applicable" when they stand alone.
const NOT_APPLICABLE: [char; 13] = ['—', '-', '－', '―', '–', '−', 'ー', '‐', '‑', '‒', '─', '━', 'ｰ'];

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
        let (compact, gap) = form::in_one_width(text);
        if vocabulary.knows_word(&compact) {
            return Ok(Self::Word(reading::printed(text)));
        }
        if let Some(gap) = gap {
            return Err(ValueError::BlankInNumber(gap));
        }
        if !compact.contains(|c: char| c.is_ascii_digit()) {
            textual::in_words(&compact, vocabulary)?;
            return Ok(Self::Text(reading::printed(text)));
        }
        if let Some(mark) = form::mark(&compact) {
            return Err(ValueError::Mark(mark));
        }
        if let Some(letter) = form::letter_for_digit(&compact) {
            return Err(ValueError::LetterForDigit(letter));
        }
        match Quantity::parse(&compact, vocabulary) {
            Ok(quantity) if quantity.compound => match form::blank_between_digits(text) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
