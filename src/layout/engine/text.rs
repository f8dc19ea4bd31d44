//! Breaking text into lines by Japanese rules.
//!
//! Unicode's line breaking in its strict Japanese form (UAX #14 with JIS X 4051's
//! 行頭禁則 and 行末禁則: no 、。）」ー at the start of a line, no （「 at its end),
//! and two rules of our own that no library has: what [`words`](super::words) names is never
//! parted, and a paragraph does not end on a line of one or two letters. Lines are set flush
//! left and broken by the full widths of their letters; [`ClosedUp`] tells how much narrower
//! they are drawn.

use std::collections::BTreeSet;
use std::ops::Range;

use icu_segmenter::LineSegmenter;
use icu_segmenter::LineSegmenterBorrowed;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};

use super::closing::ClosedUp;
use super::font::{Fonts, is_invisible, signs};
use super::words::{numbers_with_units, undivided};
use crate::layout::Length;
use crate::layout::grid::{Content, Document, Line, Role};
use crate::sign::Script;

/// Of a mark in brackets so many letters keep a column from being narrower; a longer one is
/// parted there.
const LONGEST_MARK: usize = 10;
/// The last line of a paragraph has so many letters, where it can,
const LEAST_LAST: usize = 3;
/// and the line before it keeps so many.
const LEAST_BEFORE: usize = 2;
/// So many letters at the most go down for the last line to begin with a whole word.
const MOST_LAST: usize = 7;

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
        self.hanging(text, 0, width, size, bold)
    }

    /// The same with all lines but the first set in, so that they go on behind the first `hang`
    /// bytes of the text, where no word has to be broken for that.
    pub fn hanging(&self, text: &str, hang: usize, width: Length, size: Length, bold: bool) -> Vec<Line> {
        let indent = self.indent(text, hang, width, size, bold);
        let mut lines: Vec<Line> = Vec::new();
        for paragraph in text.split('\n') {
            let paragraph = paragraph.trim_end_matches('\r');
            let later = width - indent;
            let room = Room { first: if lines.is_empty() { width } else { later }, later };
            let pieces = self.pieces(paragraph, room, size, bold);
            let mut ends = filled(&pieces, room);
            lengthen_last(&pieces, &mut ends, room);
            let (mut from, mut rest) = (0, paragraph);
            for end in ends {
                let own = &pieces[from..end];
                let (text, after) = rest.split_at(own.iter().map(|piece| piece.text.len()).sum());
                let saved = ClosedUp::of(text, self.fonts, bold).saved(size);
                let indent = if lines.is_empty() { Length::ZERO } else { indent };
                lines.push(Line { text: text.to_owned(), width: visible(own) - saved, indent });
                (from, rest) = (end, after);
            }
        }
        lines
    }

    /// How wide the first bytes of a text are, where what they leave of a line is enough for
    /// every word.
    fn indent(&self, text: &str, hang: usize, width: Length, size: Length, bold: bool) -> Length {
        let before = text.get(..hang).unwrap_or_default();
        let indent = self.measure(before, size, bold).advance;
        let has_room = || indent * 2 < width && self.longest_word(text, size, bold) <= width - indent;
        if indent > Length::ZERO && has_room() { indent } else { Length::ZERO }
    }

    /// The width of the widest word: a column narrower than this breaks words.
    pub fn longest_word(&self, text: &str, size: Length, bold: bool) -> Length {
        let width = |word: &str| self.measure(word, size, bold).visible;
        let words = text.split('\n').flat_map(|paragraph| self.words(paragraph, &undivided(paragraph)));
        let widths = words.map(|word| match word.chars().count() > LONGEST_MARK {
            true => self.parted(word).into_iter().map(width).max().unwrap_or_default(),
            false => width(word),
        });
        widths.max().unwrap_or_default()
    }

    /// The width of the text in one line, without blanks at its end.
    pub(crate) fn natural_width(&self, text: &str, size: Length, bold: bool) -> Length {
        let lines = text.split('\n');
        lines.map(|line| self.measure(line, size, bold).visible).max().unwrap_or_default()
    }

    /// A paragraph in the pieces that lines are filled with: its words, and the letters of those
    /// that no line holds.
    fn pieces<'t>(&self, paragraph: &'t str, room: Room, size: Length, bold: bool) -> Vec<Piece<'t>> {
        let mut pieces: Vec<Piece<'t>> = Vec::new();
        let fits = |piece: &Piece<'_>, is_first: bool| {
            piece.visible <= if is_first { room.first } else { room.later }
        };
        for word in self.words(paragraph, &undivided(paragraph)) {
            let whole = self.measure(word, size, bold);
            if fits(&whole, pieces.is_empty()) {
                pieces.push(whole);
                continue;
            }
            for word in self.parted(word) {
                let part = self.measure(word, size, bold);
                if fits(&part, pieces.is_empty()) {
                    pieces.push(part);
                    continue;
                }
                // A character is never parted from the selector that varies it.
                pieces.extend(signs(word).enumerate().map(|(at, (_, sign))| {
                    let joint = if at == 0 { Joint::Line } else { Joint::Letter };
                    Piece { joint, ..self.measure(sign, size, bold) }
                }));
            }
        }
        pieces
    }

    /// A word that is not kept whole for the sake of its brackets.
    fn parted<'t>(&self, word: &'t str) -> Vec<&'t str> {
        self.words(word, &numbers_with_units(word))
    }

    /// The pieces between the places where a line may break.
    fn words<'t>(&self, text: &'t str, undivided: &[Range<usize>]) -> Vec<&'t str> {
        let mut words = Vec::new();
        let mut start = 0;
        let mut whole = undivided.iter().peekable();
        for end in self.segmenter.segment_str(text) {
            // Both go on from left to right.
            while whole.next_if(|range| range.end <= end).is_some() {}
            let inside = whole.peek().is_some_and(|range| range.start < end);
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

    fn measure<'t>(&self, text: &'t str, size: Length, bold: bool) -> Piece<'t> {
        let advance = self.fonts.width(text, size, bold);
        let visible = match text.trim_end_matches(char::is_whitespace) {
            trimmed if trimmed.len() == text.len() => advance,
            trimmed => self.fonts.width(trimmed, size, bold),
        };
        Piece { text, advance, visible, joint: Joint::Word }
    }
}

/// The labels of a document that had to be broken within a word, each once.
pub fn divided_labels(document: &Document, fonts: &Fonts<'_>) -> BTreeSet<String> {
    let breaker = Breaker::new(fonts);
    let mut divided = BTreeSet::new();
    for sheet in &document.sheets {
        for cell in sheet.cells.iter().filter(|cell| cell.lines.len() > 1) {
            let is_label = matches!(cell.role, Role::Label | Role::Caption | Role::ColumnHeader)
                && matches!(cell.content, Content::Text(_));
            let room = || sheet.width_of(cell) - cell.style.padding * 2;
            let word = || breaker.longest_word(cell.text(), cell.style.size, cell.style.bold);
            if is_label && !divided.contains(cell.text()) && word() > room() {
                divided.insert(cell.text().to_owned());
            }
        }
    }
    divided
}

/// How wide the lines of a paragraph may be.
#[derive(Clone, Copy)]
struct Room {
    first: Length,
    later: Length,
}

/// What goes from one line to another whole.
struct Piece<'t> {
    text: &'t str,
    /// Its width with the blanks at its end, and without.
    advance: Length,
    visible: Length,
    joint: Joint,
}

/// What comes before a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A place where a line may end.
    Word,
    /// One where it has to: a word that no line holds.
    Line,
    /// The inside of such a word.
    Letter,
}

impl Piece<'_> {
    /// How many letters of it are seen.
    fn letters(&self) -> usize {
        signs(self.text).filter(|(sign, _)| !sign.base.is_whitespace()).count()
    }
}

/// The width of pieces in one line, without the blanks at its end.
fn visible(pieces: &[Piece<'_>]) -> Length {
    let last = pieces.iter().rposition(|piece| piece.visible > Length::ZERO);
    last.map_or(Length::ZERO, |last| {
        pieces[..last].iter().map(|piece| piece.advance).sum::<Length>() + pieces[last].visible
    })
}

/// Fills each line with as many pieces as it holds: where each line ends.
fn filled(pieces: &[Piece<'_>], room: Room) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut start, mut advance, mut width) = (0, Length::ZERO, room.first);
    for (at, piece) in pieces.iter().enumerate() {
        // What shows nothing needs no line of its own.
        let is_over = piece.visible > Length::ZERO && advance + piece.visible > width;
        if at > start && (is_over || piece.joint == Joint::Line) {
            ends.push(at);
            (start, advance, width) = (at, Length::ZERO, room.later);
        }
        advance += piece.advance;
    }
    ends.push(pieces.len());
    ends
}

/// Brings words down from the line before the last, so that the last has [`LEAST_LAST`] letters
/// and, where that costs few more, begins with a whole word (「イベン／ト」 becomes
/// 「／イベント」). The number of lines stays.
fn lengthen_last(pieces: &[Piece<'_>], ends: &mut [usize], room: Room) {
    let [earlier @ .., last, end] = ends else { return };
    let start = earlier.last().copied().unwrap_or(0);
    let count = |range: Range<usize>| pieces[range].iter().map(Piece::letters).sum::<usize>();
    let mut letters = count(*last..*end);
    if letters >= LEAST_LAST {
        return;
    }
    let (mut before, mut width) = (count(start..*last), visible(&pieces[*last..*end]));
    for at in (start + 1..*last).rev() {
        let is_enough = letters >= LEAST_LAST;
        let piece = &pieces[at];
        let own = piece.letters();
        (letters, before, width) = (letters + own, before - own, width + piece.advance);
        if width > room.later || before < LEAST_BEFORE || (is_enough && letters > MOST_LAST) {
            break;
        }
        if piece.joint == Joint::Letter {
            continue;
        }
        let is_whole = begins_word(&pieces[at - 1], piece);
        if is_whole || !is_enough {
            *last = at;
        }
        if is_whole && letters >= LEAST_LAST {
            break;
        }
    }
}

/// Whether a word of the reader's begins between two pieces: where letters of another script
/// follow, but for the hiragana that go with what is before them.
fn begins_word(before: &Piece<'_>, piece: &Piece<'_>) -> bool {
    let last = before.text.chars().rev().find(|c| !is_invisible(*c)).map(Script::of);
    let first = piece.text.chars().next().map(Script::of);
    last.zip(first).is_none_or(|(last, first)| match last {
        Script::Figure | Script::Other => true,
        _ => last != first && first != Script::Hiragana,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::layout::font::FontFiles;

    /// `text` set `columns` characters wide, lines joined with `|`.
    fn set(text: &str, columns: i64) -> String {
        hung(text, 0, columns)
    }

    /// How many bytes the first characters of a text take.
    fn bytes(text: &str, characters: usize) -> usize {
        text.chars().take(characters).map(char::len_utf8).sum()
    }

    /// The same with lines set in by `indent` characters but for the first.
    fn hung(text: &str, indent: usize, columns: i64) -> String {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(8.0);
        let lines = Breaker::new(&fonts).hanging(text, bytes(text, indent), size * columns, size, false);
        for (at, line) in lines.iter().enumerate() {
            assert!(line.indent + line.width <= size * columns, "{line:?}");
            assert_eq!(line.indent, if at == 0 { Length::ZERO } else { size * indent as i64 });
        }
        lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("|")
    }

    /// 行頭禁則・行末禁則 (JIS X 4051, 6.1): what must not begin or end a line.
    #[test]
    fn forbidden_characters_neither_begin_nor_end_a_line() {
        assert_eq!(set("支援を行う、支援", 5), "支援を行|う、支援");
        assert_eq!(set("あいう（えお）かきく", 4), "あいう|（えお）|かきく");
        assert_eq!(set("あいう「えお」", 4), "あいう|「えお」");
        assert_eq!(set("サーモンデーは", 5), "サーモン|デーは");
        assert_eq!(set("企画・制作", 2), "企|画・|制作");
        assert_eq!(set("春季～秋季", 2), "春|季～|秋季");
    }

    #[test]
    fn a_number_and_its_unit_stay_together() {
        assert_eq!(set("向上0.3ポイント", 5), "向上|0.3ポイン|ト");
        assert_eq!(set("向上0.3ポイント", 6), "向上|0.3ポイント");
        assert_eq!(set("年間2,800人とし", 4), "年間|2,800人|とし");
        assert_eq!(set("輸送密度174人/日", 5), "輸送密度|174人/日");
        assert_eq!(set("開催は第1回から", 4), "開催は|第1回|から");
        assert_eq!(set("積立て98.80億円", 5), "積立て|98.80億円");
    }

    #[test]
    fn marks_and_labels_are_never_divided() {
        assert_eq!(set("産業の振興【新規】", 7), "産業の振興|【新規】");
        assert_eq!(set("【担当課】水産振興課", 5), "【担当課】|水産振興課");
        assert_eq!(set("事業費【第1回交付金】、他", 11), "事業費|【第1回交付金】、他");
        assert_eq!(set("（目的）", 4), "（目的）");
        // In running text only the marks are.
        assert_eq!(set("振興（目的）を達成する", 5), "振興（目|的）を|達成する");
        // Rather than cut.
        assert_eq!(set("【担当課】", 4), "【担|当課】");
        assert_eq!(set("（目的）", 3), "（目|的）");
        assert_eq!(set("振興【水産資源増大創造支援】", 6), "振興【水産資|源増大創造|支援】");
        assert_eq!(set("振興【開いたまま【新規】", 6), "振興【開いた|まま【新規】");
    }

    /// A mark holds a column open, but no sentence in brackets does.
    #[test]
    fn a_column_is_as_wide_as_a_mark() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(8.0);
        let longest = |text: &str| Breaker::new(&fonts).longest_word(text, size, false).to_pt() / 8.0;
        assert_eq!(longest("港【担当課】の"), 5.0);
        assert_eq!(longest("（目的）"), 4.0);
        assert_eq!(longest("港【根室の水産資源を大きく増やす事業】の"), 2.0);
    }

    #[test]
    fn the_last_line_has_three_letters() {
        assert_eq!(set("連携を図る", 4), "連携|を図る");
        assert_eq!(set("地域の連携を強める", 8), "地域の連携を|強める");
        assert_eq!(set("観光と物産のイベント", 9), "観光と物産の|イベント");
        assert_eq!(set("観光のイベント。", 7), "観光の|イベント。");
        // As many lines as before, and no line is wider than it may be.
        assert_eq!(set("担い手の対策", 2), "担い|手の|対策");
        assert_eq!(set("基準値", 2), "基準|値");
        assert_eq!(set("担当課名", 3), "担当|課名");
        // Each paragraph by itself.
        assert_eq!(set("漁業の担い手\n水産業の担い手", 5), "漁業の|担い手|水産業の|担い手");
    }

    #[test]
    fn lines_after_the_first_hang() {
        assert_eq!(hung("１　水産資源増大創造支援事業", 2, 10), "１　水産資源増大創造|支援事業");
        assert_eq!(hung("１　水産資源増大創造支援事業", 2, 7), "１　水産資源増|大創造支|援事業");
        // The last line may not be longer than there is room behind the indent.
        assert_eq!(hung("あいうえおかきくけ", 4, 9), "あいうえおかきくけ");
        // No room for an indent: none.
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(8.0);
        let lines = Breaker::new(&fonts).hanging("あいうえお", "あい".len(), size * 3, size, false);
        assert!(lines.iter().all(|line| line.indent == Length::ZERO), "{lines:?}");
    }

    #[test]
    fn a_line_is_as_wide_as_it_is_drawn() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(8.0);
        let lines = Breaker::new(&fonts).lines("（目的）「港」。　", size * 20, size, false);
        assert_eq!((lines.len(), lines[0].width), (1, size * 6));
    }

    proptest! {
        /// Whatever is written: no more lines than by filling each, none too wide, all of the text.
        #[test]
        fn a_longer_last_line_costs_nothing(
            text in "[あいうっ港業市ァントー、。「」（）【】0-9a-c　 \n]{0,60}",
            columns in 1_i64..12,
            indent in 0_usize..4,
        ) {
            let files = FontFiles::default();
            let fonts = Fonts::parse(&files).unwrap();
            let breaker = Breaker::new(&fonts);
            let size = Length::pt(8.0);
            let (width, hang) = (size * columns, bytes(&text, indent));
            let lines = breaker.hanging(&text, hang, width, size, false);
            for line in &lines {
                let full = fonts.width(line.text.trim_end(), size, false);
                prop_assert!(line.width <= full && line.indent + full <= width, "{:?}", line);
            }
            let said: String = lines.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(said, text.replace('\n', ""));
            let later = width - breaker.indent(&text, hang, width, size, false);
            let (mut first, mut least) = (width, 0);
            for paragraph in text.split('\n') {
                let room = Room { first, later };
                least += filled(&breaker.pieces(paragraph, room, size, false), room).len();
                first = later;
            }
            prop_assert_eq!(lines.len(), least);
        }
    }

    #[test]
    fn a_box_stays_with_what_is_ticked() {
        assert_eq!(set("■継続　□拡充　□縮小", 5), "■継続　|□拡充　|□縮小");
        assert_eq!(set("達成度□上回った", 4), "達成度|□上|回った");
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
