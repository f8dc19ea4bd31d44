//! Lines no wider than a terminal, broken where Japanese text may break.
//!
//! By the rules of the printed pages (JIS X 4051's 行頭禁則 and 行末禁則), but in display
//! cells, not in lengths. A word that is wider than the terminal stays whole.

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use unicode_width::UnicodeWidthStr;

/// The text with line breaks so that no line is wider than `width` cells, broken behind a
/// phrase where one ends in the line's second half. The first line has `begun` cells before
/// it; every other is moved in by `indent`.
pub fn wrapped(text: &str, width: usize, begun: usize, indent: usize) -> String {
    if begun + text.width_cjk() <= width {
        return text.to_owned();
    }
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    let breaks: Vec<usize> = segmenter.segment_str(text).collect();
    let mut out = String::with_capacity(text.len() + 16);
    let (mut start, mut used) = (0, begun);
    while start < text.len() {
        if start > 0 {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
        }
        let end = line_end(text, start, width.saturating_sub(used), &breaks);
        out.push_str(text.get(start..end).unwrap_or_default().trim_end_matches(' '));
        (start, used) = (end, indent);
    }
    out
}

/// Where the line that begins at `start` ends, for which there is so much room.
fn line_end(text: &str, start: usize, room: usize, breaks: &[usize]) -> usize {
    let width = |end: usize| text.get(start..end).unwrap_or_default().trim_end().width_cjk();
    let ahead = breaks.get(breaks.partition_point(|at| *at <= start)..).unwrap_or_default();
    let fitting = ahead.iter().copied().take_while(|end| width(*end) <= room);
    let phrase = fitting.clone().filter(|end| ends_phrase(text, *end)).last();
    let last = fitting.last().or(ahead.first().copied()).unwrap_or(text.len());
    phrase.filter(|end| width(*end) * 2 >= room).unwrap_or(last)
}

/// Whether a phrase ends here: behind a sign or before one, or where kanji, katakana or
/// letters follow hiragana, as at most particles and endings.
fn ends_phrase(text: &str, at: usize) -> bool {
    /// What in the middle of a verb of two stands before kanji: 取り込む, 付け替える.
    const WITHIN_VERBS: &str = "りみきちぎびけれえべ";
    let (before, after) = text.split_at(at);
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return true;
    };
    let is_hiragana = |c| ('ぁ'..='ゖ').contains(&c);
    !before.is_alphanumeric()
        || !after.is_alphanumeric()
        || is_hiragana(before) && !is_hiragana(after) && !WITHIN_VERBS.contains(before)
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_as_japanese_does() {
        let text = "先に出てくる「事業」の行のIDを書きます。";
        assert_eq!(wrapped(text, 80, 4, 4), text);
        assert_eq!(wrapped(text, 16, 4, 2), "先に出てくる\n  「事業」の行の\n  IDを書きます。");
        // No word is divided where a phrase ends near by, nor a verb of two.
        let text = "書き出すフォルダーを省略すると、マスタに取り込みます。";
        assert_eq!(wrapped(text, 16, 0, 0), "書き出す\nフォルダーを\n省略すると、\nマスタに\n取り込みます。");
        assert_eq!(wrapped("総合戦略実績一覧表", 10, 0, 0), "総合戦略実\n績一覧表");
        // A path breaks behind its folders; other words stay whole.
        assert_eq!(
            wrapped("templates/official.toml の項目", 10, 0, 2),
            "templates/\n  official.toml\n  の項目"
        );
    }
}
