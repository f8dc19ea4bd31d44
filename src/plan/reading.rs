//! How a text is read: what is folded before two texts are compared, and what is not.
//!
//! Only width is folded (`Ｐ００１` reads as `P001`, `ｶ` as `カ`) and gaps are left out.
//! Unicode's own compatibility folding goes further and makes digits of marks: `54.1①`
//! would read as 54.11. A mark is no digit, so [`compact`], which folds so, never reads a figure.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Whether nobody sees this character: a control, a format character, a filler, or a
/// blank that is not an ordinary one.
pub fn is_invisible(c: char) -> bool {
    is_blank(c) && !matches!(c, ' ' | '\u{3000}')
}

/// Whether this character leaves no mark on paper.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || has_no_width(c)
}

/// Format characters and fillers. Selectors of a variant of a kanji are none of them:
/// they are seen, in the kanji.
pub(crate) fn has_no_width(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// Whether this is a digit, in either width.
pub fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Without what cannot be seen around it.
pub fn stripped(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// As it is printed: without what cannot be seen around it, and without what has no
/// width in it. Blanks and line breaks in it stay.
pub fn printed(text: &str) -> String {
    stripped(text).chars().filter(|c| !has_no_width(*c)).collect()
}

/// Whether a letter and its mark (か and a voicing mark) stand apart, as in texts from a Mac.
pub fn is_decomposed(text: &str) -> bool {
    !text.is_ascii() && matches!(composed(text), Cow::Owned(_))
}

/// With letters and their marks as one character: か and U+3099 as が. Only these: NFC as a
/// whole would also replace the compatibility ideographs, which print as another form.
pub fn composed(text: &str) -> Cow<'_, str> {
    let is_mark = |c: char| canonical_combining_class(c) != 0;
    if text.is_ascii() || !text.contains(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    let mut run = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if letters.peek().is_some_and(|next| is_mark(*next)) {
            run.clear();
            run.push(c);
            while let Some(mark) = letters.next_if(|next| is_mark(*next)) {
                run.push(mark);
            }
            whole.extend(run.nfc());
        } else {
            whole.push(c);
        }
    }
    if whole == text { Cow::Borrowed(text) } else { Cow::Owned(whole) }
}

/// In one width: letters, digits and signs half, kana full. Marks stay marks (①, ², ㎡).
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut narrow = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // The full-width forms stand in the order of ASCII.
            '！'..='～' => narrow.extend(char::from_u32(u32::from(c) - 0xFEE0)),
            '\u{3000}' => narrow.push(' '),
            '￥' => narrow.push('¥'),
            '\u{FF61}'..='\u{FF9F}' => narrow.extend(c.nfkc()),
            c => narrow.push(c),
        }
    }
    // A kana and its voicing mark, apart in half width and in names from a Mac.
    narrow.nfc().collect()
}

/// With no difference of form (NFKC); blanks stay.
pub fn compatible(text: &str) -> String {
    text.nfkc().collect()
}

/// Whether compatibility folding makes a digit of a character that is none: ①, ¹, ½, ㏠.
pub fn hides_digit(c: char) -> bool {
    !c.is_ascii() && c.nfkc().any(|c| c.is_numeric() && c != '〇')
}

/// The one other character that compatibility folding makes of a character; `None` where
/// it makes several, or leaves it as it is.
pub fn compatible_character(c: char) -> Option<char> {
    let mut folded = c.nfkc();
    folded.next().filter(|first| *first != c && folded.next().is_none())
}

/// Without blanks and any difference of form (NFKC): for headings, names and phrases, never
/// for a figure, whose marks would become digits.
pub fn compact(text: &str) -> String {
    // Most texts are made of letters whose form does not depend on those beside them.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..=' ' | '\u{7F}' | '\u{3000}' => {}
            c if is_own_form(c) => out.push(c),
            '！'..='～' => out.extend(char::from_u32(u32::from(c) - 0xFEE0)),
            _ => return text.nfkc().filter(|c| !is_blank(*c)).collect(),
        }
    }
    out
}

/// Whether NFKC leaves a character as it is, whatever of this kind stands beside it: ASCII,
/// kana, kanji, the usual punctuation.
fn is_own_form(c: char) -> bool {
    matches!(c,
        '!'..='~' | '\u{2010}' | '\u{2012}'..='\u{2015}' | '\u{203B}' | '\u{2190}'..='\u{2193}' | '\u{2212}'
        | '\u{25A0}'..='\u{25CF}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{301C}'
        | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FE}' | '\u{4E00}'..='\u{9FFF}')
}

/// Folded and without blanks: the form in which IDs and words are compared.
pub fn key(text: &str) -> String {
    let mut key = folded(text);
    key.retain(|c| !is_blank(c));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_the_same_with_what_nobody_sees_in_it() {
        for text in ["暫定値", "暫 定\u{3000}値", "暫\u{200B}定\u{FEFF}値", "暫\n定\u{A0}値"] {
            assert_eq!(compact(text), "暫定値");
        }
        assert_eq!(compact("ＫＰＩ ①㌔"), "KPI1キロ");
    }

    /// The short way gives what NFKC gives.
    #[test]
    fn what_is_its_own_form_is_left_as_it_is() {
        let short =
            |c: &char| is_own_form(*c) || matches!(*c, '！'..='～' | '\0'..=' ' | '\u{7F}' | '\u{3000}');
        let all: String = (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(short).collect();
        // Beside each other in both orders: none joins with another.
        let all = format!("{all}{}", all.chars().rev().collect::<String>());
        let expected: String = all.nfkc().filter(|c| !is_blank(*c)).collect();
        assert_eq!(compact(&all), expected);
        assert!(all.chars().all(|c| canonical_combining_class(c) == 0));
        assert_eq!(compact("か\u{3099}・項 目"), "が・項目");
    }

    #[test]
    fn width_is_folded_and_marks_are_not() {
        for (text, expected) in [
            ("Ｐ００１－２", "P001-2"),
            ("１，２３４．５％", "1,234.5%"),
            ("ｶﾞｲﾄﾞ", "ガイド"),
            ("カ\u{3099}イド", "ガイド"),
            ("54.1①", "54.1①"),
            ("2.8¹", "2.8¹"),
            ("㎡㊿½Ⅲ", "㎡㊿½Ⅲ"),
            ("￥5", "¥5"),
        ] {
            assert_eq!(folded(text), expected);
        }
        assert_eq!(key(" 第 ３\u{200B}位\u{A0}"), "第3位");
    }

    #[test]
    fn letters_and_their_marks_are_put_together() {
        for (text, expected) in [
            ("か\u{3099}き", "がき"),
            ("ハ\u{309A}ン", "パン"),
            ("e\u{301}", "é"),
            ("が", "が"),
            // What has no form of its own stays, and so do the kanji of other blocks.
            ("あ\u{3099}", "あ\u{3099}"),
            ("\u{FA1B}か\u{3099}", "\u{FA1B}が"),
            ("葛\u{E0100}", "葛\u{E0100}"),
            ("\u{3099}", "\u{3099}"),
        ] {
            assert_eq!(composed(text), expected);
            assert_eq!(is_decomposed(text), text != expected);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_told_from_a_blank() {
        for c in ['\u{200B}', '\u{FEFF}', '\u{A0}', '\t', '\n', '\u{B}', '\u{2003}', '\u{AD}'] {
            assert!(is_invisible(c) && is_blank(c), "{c:?}");
        }
        for c in [' ', '　'] {
            assert!(!is_invisible(c) && is_blank(c), "{c:?}");
        }
        for c in ['a', '人', '①', '\u{FE00}', '\u{E0100}', '—'] {
            assert!(!is_blank(c), "{c:?}");
        }
        assert_eq!(printed("\u{FEFF} 5\u{200B} 人\u{A0}"), "5 人");
    }
}
