//! What a stranger wrote, shown so that a terminal only shows it.
//!
//! A name of a file, a cell or a note of a department may hold characters that a terminal
//! obeys (escape sequences), that turn the order of what stands around them (the marks
//! for right-to-left texts) or that nobody sees. Whatever is printed or listed passes
//! through here: such a character is shown as a sign a clerk can read and an engineer can
//! look up.

use std::borrow::Cow;

use crate::plan::reading::has_no_width;

/// Whether a terminal does something else with a character than show it.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || has_no_width(c)
        || matches!(c,
            '\u{2028}' | '\u{2029}' | '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{08E2}'
            | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}')
}

/// With every hidden character as a sign (`␛`, `〔U+202E〕`). Tabs and line breaks stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    shown(text, |c| !matches!(c, '\n' | '\t') && is_hidden(c))
}

/// The same for what is to stay on one line: line breaks are shown too (`␊`).
pub fn visible_line(text: &str) -> Cow<'_, str> {
    shown(text, |c| c != '\t' && is_hidden(c))
}

fn shown(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match u32::from(c) {
            _ if !hidden(c) => shown.push(c),
            // The pictures of the controls stand in their order.
            code @ 0..0x20 => shown.extend(char::from_u32(0x2400 + code)),
            0x7F => shown.push('␡'),
            code => shown.push_str(&format!("〔U+{code:04X}〕")),
        }
    }
    Cow::Owned(shown)
}

/// JSON with every hidden character escaped. They stand in strings only: what formats
/// JSON itself are blanks and line feeds.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && is_hidden(c);
    if !json.contains(hidden) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown() {
        for (text, expected) in [
            ("a\u{1b}[31m赤\u{7}", "a␛[31m赤␇"),
            ("\u{9b}2J\u{7f}\r", "〔U+009B〕2J␡␍"),
            ("表\u{202E}fdp.csv", "表〔U+202E〕fdp.csv"),
            ("\u{2066}a\u{200B}\u{E0041}\u{2028}", "〔U+2066〕a〔U+200B〕〔U+E0041〕〔U+2028〕"),
            ("a\tb\nc", "a\tb\nc"),
            ("葛\u{E0100}城 ①㎡ 👪", "葛\u{E0100}城 ①㎡ 👪"),
        ] {
            assert_eq!(visible(text), expected);
        }
        assert_eq!(visible_line("a\nb\r\nc"), "a␊b␍␊c");
    }

    #[test]
    fn json_says_the_same_after_its_escapes() {
        let value = serde_json::json!({ "a": "\u{1b}\u{9b}\u{202E}\u{E0041}\n葛\u{E0100}\u{7f}" });
        let escaped = escaped_json(&format!("{value:#}")).into_owned();
        assert!(!escaped.contains(|c| c != '\n' && is_hidden(c)), "{escaped}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }
}
