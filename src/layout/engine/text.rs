//! Breaking text into lines by Japanese rules.
//!
//! Unicode's line breaking in its strict Japanese form (UAX #14 with JIS X 4051's
//! 行頭禁則 and 行末禁則: no 、。）」ー at the start of a line, no （「 at its end),
//! and one rule of our own that no library has: a number and its unit are never
//! parted. Lines are set flush left; nothing is squeezed or spread.

use icu_segmenter::LineSegmenter;
use icu_segmenter::LineSegmenterBorrowed;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};

use super::font::{Fonts, is_invisible, signs};
use crate::layout::Length;
use crate::layout::grid::Line;

/// Units of more than one character that follow a number.
///
/// A single character after a number, or a run of katakana or Latin letters, is
/// taken for its unit without being listed.
const UNITS: [&str; 42] = [
    "百万円",
    "億円",
    "万円",
    "千円",
    "兆円",
    "万人",
    "千人",
    "万件",
    "千件",
    "万粒",
    "万匹",
    "万尾",
    "千尾",
    "千匹",
    "万トン",
    "千トン",
    "万頭",
    "千頭",
    "事業者",
    "事業所",
    "事業",
    "団体",
    "世帯",
    "校舎",
    "品目",
    "企業",
    "店舗",
    "施設",
    "地区",
    "学校",
    "か所",
    "ヵ所",
    "カ所",
    "ヶ所",
    "箇所",
    "か月",
    "ヵ月",
    "カ月",
    "ヶ月",
    "年間",
    "年度",
    "時間",
];

/// Breaks text into lines. Holds the rules; make one and keep it.
pub struct Breaker<'a> {
    fonts: &'a Fonts<'a>,
    segmenter: LineSegmenterBorrowed<'static>,
}

impl<'a> Breaker<'a> {
    /// A breaker that measures with these fonts.
    pub fn new(fonts: &'a Fonts<'a>) -> Self {
        let mut options = LineBreakOptions::default();
        options.strictness = Some(LineBreakStrictness::Strict);
        Self { fonts, segmenter: LineSegmenter::new_for_non_complex_scripts(options) }
    }

    /// Breaks `text` so that no line is wider than `width`.
    ///
    /// A line break in the text is kept. A word wider than `width` is broken
    /// between characters: text never leaves its cell. Blanks at the end of a line
    /// stay in its text and count for nothing in its width.
    pub fn lines(&self, text: &str, width: Length, size: Length, bold: bool) -> Vec<Line> {
        self.hanging(text, Length::ZERO, width, size, bold)
    }

    /// The same with all lines but the first set in by `indent`, where there is room for that.
    pub fn hanging(&self, text: &str, indent: Length, width: Length, size: Length, bold: bool) -> Vec<Line> {
        let indent = if indent * 2 < width { indent } else { Length::ZERO };
        let whole = width;
        let mut lines: Vec<Line> = Vec::new();
        for paragraph in text.split('\n') {
            let paragraph = paragraph.trim_end_matches('\r');
            let mut line = Pending::default();
            let mut width = if lines.is_empty() { whole } else { whole - indent };
            for word in self.words(paragraph) {
                let measured = self.measure(word, size, bold);
                if line.advance + measured.visible > width && !line.text.is_empty() {
                    lines.push(line.finish());
                    line = Pending::default();
                    width = whole - indent;
                }
                if measured.visible > width {
                    // A character is never parted from the selector that varies it.
                    for (sign, piece) in signs(word) {
                        let advance = self.fonts.advance(sign, size, bold);
                        if line.advance + advance > width && !line.text.is_empty() && advance > Length::ZERO {
                            lines.push(line.finish());
                            line = Pending::default();
                            width = whole - indent;
                        }
                        line.push(piece, advance);
                    }
                } else {
                    line.text.push_str(word);
                    line.visible = line.advance + measured.visible;
                    line.advance += measured.advance;
                }
            }
            lines.push(line.finish());
        }
        for line in lines.iter_mut().skip(1) {
            line.indent = indent;
        }
        lines
    }

    /// The width of a text in one line, with the blanks at its end.
    pub(crate) fn advance(&self, text: &str, size: Length, bold: bool) -> Length {
        self.measure(text, size, bold).advance
    }

    /// The width of the widest word: a column narrower than this breaks words.
    pub fn longest_word(&self, text: &str, size: Length, bold: bool) -> Length {
        let words = text.split('\n').flat_map(|paragraph| self.words(paragraph));
        words.map(|word| self.measure(word, size, bold).visible).max().unwrap_or_default()
    }

    /// The width of the text in one line, without blanks at its end.
    pub(crate) fn natural_width(&self, text: &str, size: Length, bold: bool) -> Length {
        let lines = text.split('\n');
        lines.map(|line| self.measure(line, size, bold).visible).max().unwrap_or_default()
    }

    /// The pieces between the places where a line may break.
    fn words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let glued = numbers_with_units(text);
        let mut words = Vec::new();
        let mut start = 0;
        let mut glued = glued.iter().copied().peekable();
        for end in self.segmenter.segment_str(text) {
            // Both go on from left to right.
            while glued.next_if(|(_, to)| *to <= end).is_some() {}
            let inside = glued.peek().is_some_and(|(from, _)| *from < end);
            // Unicode takes ～ (U+FF5E), which Japanese Windows types for 〜, for a letter.
            let before_dash = text[end..].starts_with('～');
            // A box to tick stays with what is ticked.
            let behind_box = end < text.len() && text[..end].ends_with(['□', '■']);
            if end > start && !before_dash && !inside && !behind_box {
                words.push(&text[start..end]);
                start = end;
            }
        }
        words
    }

    fn measure(&self, text: &str, size: Length, bold: bool) -> Measured {
        let advance = self.fonts.width(text, size, bold);
        let visible = match text.trim_end_matches(char::is_whitespace) {
            trimmed if trimmed.len() == text.len() => advance,
            trimmed => self.fonts.width(trimmed, size, bold),
        };
        Measured { advance, visible }
    }
}

/// A text's width with and without the blanks at its end.
struct Measured {
    advance: Length,
    visible: Length,
}

/// A line being filled.
#[derive(Default)]
struct Pending {
    text: String,
    advance: Length,
    visible: Length,
}

impl Pending {
    fn push(&mut self, piece: &str, advance: Length) {
        self.text.push_str(piece);
        self.advance += advance;
        if !piece.chars().all(char::is_whitespace) {
            self.visible = self.advance;
        }
    }

    fn finish(self) -> Line {
        Line { text: self.text, width: self.visible, indent: Length::ZERO }
    }
}

/// The byte ranges of numbers with what belongs to them: 第1回, 0.3ポイント, 2,800人.
fn numbers_with_units(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(is_digit) {
        let number = at + found;
        let tail = &text[number..];
        let digits =
            tail.find(|c| !(is_digit(c) || matches!(c, ',' | '.' | '，' | '．'))).unwrap_or(tail.len());
        let end = number + digits + unit_length(&tail[digits..]);
        let start = if text[..number].ends_with('第') { number - '第'.len_utf8() } else { number };
        ranges.push((start, end));
        at = end;
    }
    ranges
}

/// How many bytes of `text`, which follows a number, are its unit.
fn unit_length(text: &str) -> usize {
    if let Some(unit) = UNITS.iter().filter(|unit| text.starts_with(**unit)).max_by_key(|unit| unit.len()) {
        return unit.len();
    }
    let Some(first) = text.chars().next() else { return 0 };
    let run = |same: fn(char) -> bool| text.find(|c| !same(c)).unwrap_or(text.len());
    match first {
        c if is_katakana(c) => run(is_katakana),
        c if c.is_ascii_alphabetic() => run(|c| c.is_ascii_alphabetic()),
        c if c.is_alphabetic() || matches!(c, '%' | '％' | '‰' | '℃' | '㎡' | '㎞' | '㎏') => {
            // A unit of two with a stroke between: 174人/日.
            let after = &text[c.len_utf8()..];
            let stroke = after.strip_prefix(['/', '／']).and_then(|rest| rest.chars().next());
            match stroke {
                Some(second) if second.is_alphabetic() => {
                    c.len_utf8() + after.chars().next().map_or(0, char::len_utf8) + second.len_utf8()
                }
                _ => c.len_utf8(),
            }
        }
        c if is_invisible(c) => c.len_utf8(),
        _ => 0,
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_katakana(c: char) -> bool {
    ('ァ'..='ヺ').contains(&c) || c == 'ー'
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::font::FontFiles;

    /// `text` set `columns` characters wide, lines joined with `|`.
    fn set(text: &str, columns: i64) -> String {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(8.0);
        let lines = Breaker::new(&fonts).lines(text, size * columns, size, false);
        for line in &lines {
            assert!(line.width <= size * columns, "{line:?}");
        }
        lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("|")
    }

    /// 行頭禁則・行末禁則 (JIS X 4051, 6.1): what must not begin or end a line.
    #[test]
    fn forbidden_characters_neither_begin_nor_end_a_line() {
        assert_eq!(set("支援を行う、支援", 5), "支援を行|う、支援");
        assert_eq!(set("あいう（えお）かき", 4), "あいう|（えお）|かき");
        assert_eq!(set("あいう「えお」", 4), "あいう|「えお」");
        assert_eq!(set("サーモンデー", 5), "サーモン|デー");
        assert_eq!(set("企画・制作", 2), "企|画・|制作");
        assert_eq!(set("春季～秋季", 2), "春|季～|秋季");
    }

    #[test]
    fn a_number_and_its_unit_stay_together() {
        assert_eq!(set("向上0.3ポイント", 5), "向上|0.3ポイン|ト");
        assert_eq!(set("向上0.3ポイント", 6), "向上|0.3ポイント");
        assert_eq!(set("年間2,800人とし", 4), "年間|2,800人|とし");
        assert_eq!(set("輸送密度174人/日", 5), "輸送密度|174人/日");
        assert_eq!(set("開催は第1回から", 4), "開催は|第1回か|ら");
        assert_eq!(set("積立て98.80億円", 5), "積立て|98.80億円");
    }

    #[test]
    fn a_box_stays_with_what_is_ticked() {
        assert_eq!(set("■継続　□拡充　□縮小", 5), "■継続　|□拡充　|□縮小");
        assert_eq!(set("達成度□上回った", 4), "達成度|□上回っ|た");
    }

    #[test]
    fn blanks_and_given_breaks() {
        assert_eq!(set("あい　うえ", 2), "あい　|うえ");
        assert_eq!(set("あい\r\nうえ", 9), "あい|うえ");
        assert_eq!(set("", 9), "");
    }

    /// A character and the selector that varies it are one: wherever a line ends.
    #[test]
    fn a_variation_sequence_is_never_divided() {
        assert_eq!(set("葛\u{E0100}城辻\u{E0100}", 2), "葛\u{E0100}城|辻\u{E0100}");
        assert_eq!(set("辻\u{E0100}辻\u{E0100}辻\u{E0100}", 1), "辻\u{E0100}|辻\u{E0100}|辻\u{E0100}");
        assert_eq!(set("神\u{FE00}、社", 2), "神\u{FE00}、|社");
        // Also within a word wider than its line.
        assert_eq!(set("「辻\u{E0100}」「葛\u{E0100}」", 2), "「辻\u{E0100}|」|「葛\u{E0100}|」");
        assert_eq!(set("3芦\u{E0100}", 1), "3|芦\u{E0100}");
    }

    #[test]
    fn a_word_too_long_is_broken_rather_than_cut() {
        assert_eq!(set("abcdefghij", 2), "abcd|efgh|ij");
    }
}
