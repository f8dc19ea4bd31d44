//! Lines no wider than a terminal, broken where Japanese text may break.
//!
//! By the rules of the printed pages (JIS X 4051's 行頭禁則 and 行末禁則), but in display
//! cells, not in lengths. A word that is wider than the terminal stays whole.

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use unicode_width::UnicodeWidthStr;

/// The text with line breaks so that no line is wider than `width` cells. The first line
/// has `begun` cells before it; every other is moved in by `indent`.
pub fn wrapped(text: &str, width: usize, begun: usize, indent: usize) -> String {
    if begun + text.width_cjk() <= width {
        return text.to_owned();
    }
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    let mut out = String::with_capacity(text.len() + 16);
    let (mut used, mut start, mut line_is_empty) = (begun, 0, true);
    for end in segmenter.segment_str(text) {
        let word = text.get(start..end).unwrap_or_default();
        let visible = word.trim_end().width_cjk();
        if used + visible > width && !line_is_empty {
            let kept = out.trim_end_matches(' ').len();
            out.truncate(kept);
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        }
        out.push_str(word);
        line_is_empty = word.is_empty();
        used += word.width_cjk();
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_as_japanese_does() {
        let text = "先に出てくる「事業」の行のIDを書きます。";
        assert_eq!(wrapped(text, 80, 4, 4), text);
        assert_eq!(wrapped(text, 16, 4, 2), "先に出てくる\n  「事業」の行の\n  IDを書きます。");
        // A path breaks behind its folders; other words stay whole.
        assert_eq!(
            wrapped("templates/official.toml の項目", 10, 0, 2),
            "templates/\n  official.toml\n  の項目"
        );
    }
}
