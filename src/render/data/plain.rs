//! Text without machine-dependent characters (「機種依存文字」).
//!
//! 総務省 asks that tables for machines hold none: ①, Ⅱ, ㎡, ㈱ stand at different
//! places of different character sets, or nowhere. Each is written out here in
//! plain letters. Unusual kanji (髙, 﨑) stay: they are people's and places' names.

use unicode_normalization::UnicodeNormalization;

/// What a unit sign is in words, where its compatibility form (`m2`) would not be one.
const WORDS: [(char, &str); 21] = [
    ('㎡', "平方メートル"),
    ('㎢', "平方キロメートル"),
    ('㎠', "平方センチメートル"),
    ('㎥', "立方メートル"),
    ('㎜', "ミリメートル"),
    ('㎝', "センチメートル"),
    ('㎞', "キロメートル"),
    ('㎎', "ミリグラム"),
    ('㎏', "キログラム"),
    ('㏄', "cc"),
    ('ℓ', "リットル"),
    ('㎗', "デシリットル"),
    ('㎖', "ミリリットル"),
    ('㎘', "キロリットル"),
    ('㏊', "ヘクタール"),
    ('㎾', "キロワット"),
    ('㎿', "メガワット"),
    ('№', "No."),
    ('℡', "TEL"),
    ('〝', "\""),
    ('〟', "\""),
];

/// `text` in plain characters and on one line.
///
/// A circled number becomes `(1)`: without brackets it would run together with a
/// number after it. Line breaks and runs of blanks become one blank, and letters
/// spaced out for looks (`項　目`) are joined, for the rule allows neither.
pub fn plain(text: &str) -> String {
    write_out(&joined(text), |number, out| {
        out.push('(');
        out.push_str(&number.to_string());
        out.push(')');
    })
}

/// The same for a printed number (「①」「１」「37/38」): digits without brackets.
///
/// A dash alone is the print's mark for "has no number" and becomes nothing.
pub fn plain_number(text: &str) -> String {
    let text = joined(text);
    if text.chars().all(|c| matches!(c, '-' | '－' | '—' | '―' | '–' | '−' | '‐' | 'ー')) {
        return String::new();
    }
    let half: String = text
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            _ => c,
        })
        .collect();
    write_out(&half, |number, out| out.push_str(&number.to_string()))
}

/// Blanks and line breaks that only serve looks taken out.
fn joined(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let single = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|c| !c.is_ascii()) && letters.next().is_none()
    };
    words.join(if words.iter().all(single) { "" } else { " " })
}

fn write_out(text: &str, circled: impl Fn(u32, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if let Some(number) = circled_number(c) {
            circled(number, &mut out);
        } else if let Some((_, words)) = WORDS.iter().find(|(sign, _)| *sign == c) {
            out.push_str(words);
        } else if is_half_width_kana(c) {
            // ｶﾞ is two characters: a whole run must be composed at once.
            let mut run = String::from(c);
            while let Some(next) = rest.next_if(|c| is_half_width_kana(*c)) {
                run.push(next);
            }
            out.extend(run.nfkc());
        } else if is_machine_dependent(c) {
            out.extend(c.nfkc().map(|c| if c == '⁄' { '/' } else { c }));
        } else {
            out.push(c);
        }
    }
    out
}

/// The number of a circled, doubly circled or black circled number.
fn circled_number(c: char) -> Option<u32> {
    let code = c as u32;
    let from = |first: u32, number: u32| Some(code - first + number);
    match code {
        0x2460..=0x2473 => from(0x2460, 1),            // ① to ⑳
        0x24EA => Some(0),                             // ⓪
        0x24EB..=0x24F4 => from(0x24EB, 11),           // ⓫ to ⓴
        0x24F5..=0x24FE => from(0x24F5, 1),            // ⓵ to ⓾
        0x24FF => Some(0),                             // ⓿
        0x2776..=0x277F => from(0x2776, 1),            // ❶ to ❿
        0x2780..=0x2789 => from(0x2780, 1),            // ➀ to ➉
        0x278A..=0x2793 => from(0x278A, 1),            // ➊ to ➓
        0x3248..=0x324F => Some((code - 0x3247) * 10), // ㉈ to ㉏
        0x3251..=0x325F => from(0x3251, 21),           // ㉑ to ㉟
        0x32B1..=0x32BF => from(0x32B1, 36),           // ㊱ to ㊿
        _ => None,
    }
}

/// Signs whose Unicode compatibility form is the same in plain letters.
fn is_machine_dependent(c: char) -> bool {
    matches!(c as u32,
        0x00B2 | 0x00B3 | 0x00B9          // superscripts
        | 0x00BC..=0x00BE                 // fractions
        | 0x2070..=0x209C                 // superscripts, subscripts
        | 0x2150..=0x218B                 // fractions, Roman numerals
        | 0x2474..=0x24E9                 // ⑴ ⒈ ⒜ Ⓐ
        | 0x3200..=0x33FF                 // ㈱ ㊤ ㋀ ㌔ ㍻ and units
        | 0x1F100..=0x1F1AD)
}

fn is_half_width_kana(c: char) -> bool {
    matches!(c, '\u{FF61}'..='\u{FF9F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn machine_dependent_characters_are_written_out() {
        for (text, expected) in [
            ("①20～39歳の女性の人口", "(1)20～39歳の女性の人口"),
            ("㊿と❸と㉑", "(50)と(3)と(21)"),
            ("780㎡", "780平方メートル"),
            ("第Ⅱ期・㈱根室・㍻30年", "第II期・(株)根室・平成30年"),
            ("ｶﾞｲﾄﾞ", "ガイド"),
            ("髙﨑氏", "髙﨑氏"),
            ("½", "1/2"),
            ("ＫＰＩ", "ＫＰＩ"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn blanks_and_line_breaks_for_looks_are_gone() {
        for (text, expected) in [
            ("項　目", "項目"),
            (" 第２期　 根室市\r\n創生 ", "第２期 根室市 創生"),
            ("a\u{0}b", "a b"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn printed_numbers_are_digits() {
        for (text, expected) in [
            ("①", "1"),
            ("⑳", "20"),
            ("１", "1"),
            ("37/38", "37/38"),
            ("40～41", "40～41"),
            ("-", ""),
            ("－", ""),
            ("ア", "ア"),
        ] {
            assert_eq!(plain_number(text), expected);
        }
    }

    proptest! {
        /// What has been made plain is plain.
        #[test]
        fn plain_text_stays_as_it_is(text in ".*") {
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once);
        }

        #[test]
        fn no_circled_number_and_no_break_is_left(text in "[①-⓿❶-➓㈀-㏿\n\r\t　a-z]*") {
            let out = plain(&text);
            prop_assert!(!out.chars().any(|c| circled_number(c).is_some() || c.is_control()));
        }
    }
}
