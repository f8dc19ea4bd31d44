//! Quoting a text of the data in a message.

use crate::plan::reading::is_invisible;

/// A quotation is no longer than a name.
const MOST: usize = 30;

/// The beginning of `text` on one line. What nobody sees is named: two quotations that
/// look alike say the same.
pub fn quote(text: &str) -> String {
    let mut letters = text.trim_matches([' ', '\u{3000}', '\n', '\r', '\t']).chars();
    let mut line = String::new();
    let mut last = ' ';
    for c in letters.by_ref().take(MOST) {
        match c {
            '\n' if last == '\r' => {}
            '\n' | '\r' => line.push_str("（改行）"),
            '\t' => line.push_str("（タブ）"),
            c if is_invisible(c) => line.push_str(&format!("（見えない文字 U+{:04X}）", u32::from(c))),
            c => line.push(c),
        }
        last = c;
    }
    if letters.next().is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn what_cannot_be_seen_is_named() {
        for (text, expected) in [
            ("2\n3", "2（改行）3"),
            ("2\r\n3", "2（改行）3"),
            ("1\t9人", "1（タブ）9人"),
            ("5\u{200B}人", "5（見えない文字 U+200B）人"),
            ("\u{FEFF}", "（見えない文字 U+FEFF）"),
            ("1\u{A0}9", "1（見えない文字 U+00A0）9"),
            ("a\u{B}b", "a（見えない文字 U+000B）b"),
            (" 第 3　位 ", "第 3　位"),
        ] {
            assert_eq!(quote(text), expected);
        }
        assert_eq!(quote(&"あ".repeat(31)), format!("{}…", "あ".repeat(30)));
    }
}
