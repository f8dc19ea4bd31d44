//! Signs: the pieces of a text that a font shows with one glyph each.
//!
//! A sign is a character, or a character in the form (異体字) that the variation
//! selector after it asks for: 葛 and U+E0100 are one sign, never parted, measured and
//! drawn as one.

/// What one glyph shows: a character, or a character in the form that the variation
/// selector after it asks for (異体字; an Ideographic Variation Sequence or a
/// standardized one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sign {
    /// The character.
    pub base: char,
    /// U+FE00 to U+FE0F or U+E0100 to U+E01EF; `None` for the usual form.
    pub selector: Option<char>,
}

impl Sign {
    /// As it is typed.
    pub fn text(self) -> String {
        [Some(self.base), self.selector].into_iter().flatten().collect()
    }
}

/// A text's signs in order, each with the piece of the text that it is. A selector goes
/// with the character right before it; one that follows nothing it could vary stands alone.
pub fn signs(text: &str) -> impl Iterator<Item = (Sign, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.chars();
        let base = letters.next()?;
        let after = letters.as_str();
        let selector =
            letters.next().filter(|next| is_selector(*next) && !is_invisible(base) && !base.is_whitespace());
        let left = if selector.is_some() { letters.as_str() } else { after };
        let piece = &rest[..rest.len() - left.len()];
        rest = left;
        Some((Sign { base, selector }, piece))
    })
}

/// Whether a text may hold a variation selector. Nearly none does, and a text without one
/// has a sign for each character. A few other characters begin with the same bytes; they
/// cost a closer look, no more.
pub fn may_vary(text: &str) -> bool {
    // U+FE00 to U+FE0F begin with EF B8, U+E0100 to U+E01EF with F3 A0.
    text.as_bytes().windows(2).any(|pair| matches!(pair, [0xEF, 0xB8] | [0xF3, 0xA0]))
}

/// Whether a character is a variation selector.
pub fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Characters that show nothing by themselves: controls, joiners, variation
/// selectors (Unicode: Default_Ignorable_Code_Point, as far as they occur in text).
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// What a letter is written in: those of one script stand together in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// 漢字
    Kanji,
    /// ひらがな
    Hiragana,
    /// カタカナ
    Katakana,
    /// Figures, with the signs that they are written with, and Latin letters.
    Figure,
    /// Each stands for itself.
    Other,
}

impl Script {
    /// That of a character.
    pub fn of(c: char) -> Self {
        match c {
            '\u{3041}'..='\u{309F}' => Self::Hiragana,
            '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}' => Self::Katakana,
            '々' | '〆' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
                Self::Kanji
            }
            ',' | '.' | '，' | '．' | '%' | '％' | '△' | '-' => Self::Figure,
            _ if c.is_alphanumeric() => Self::Figure,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        let all: Vec<(Sign, &str)> = signs(text).collect();
        assert!(all.iter().all(|(sign, piece)| sign.text() == *piece));
        all.into_iter().map(|(_, piece)| piece).collect()
    }

    #[test]
    fn a_selector_goes_with_the_character_before_it() {
        assert_eq!(pieces("葛\u{E0100}飾"), ["葛\u{E0100}", "飾"]);
        assert_eq!(pieces("神\u{FE00}"), ["神\u{FE00}"]);
        assert_eq!(pieces("𠮷\u{E0101}a"), ["𠮷\u{E0101}", "a"]);
        assert_eq!(pieces("漁業"), ["漁", "業"]);
        assert_eq!(pieces(""), [""; 0]);
    }

    #[test]
    fn no_selector_is_overlooked() {
        for selector in ('\u{FE00}'..='\u{FE0F}').chain('\u{E0100}'..='\u{E01EF}') {
            assert!(is_selector(selector) && may_vary(&format!("葛{selector}城")));
        }
        for text in ["", "葛城市の１人，ﾊﾝｶｸ、𠮷野家", "\u{FEFF}R4"] {
            assert!(!may_vary(text), "{text}");
        }
    }

    #[test]
    fn a_selector_that_varies_nothing_stands_alone() {
        assert_eq!(pieces("\u{E0100}葛"), ["\u{E0100}", "葛"]);
        assert_eq!(pieces("葛\u{E0100}\u{E0101}"), ["葛\u{E0100}", "\u{E0101}"]);
        assert_eq!(pieces(" \u{E0100}"), [" ", "\u{E0100}"]);
        assert_eq!(pieces("葛\u{200D}\u{E0100}"), ["葛", "\u{200D}", "\u{E0100}"]);
    }
}
