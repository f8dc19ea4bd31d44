//! What stays whole at the end of a line beyond what Unicode's line breaking keeps: numbers
//! with their units, 【新規】 and its like, labels such as （目的）.

use std::ops::Range;

use super::font::is_invisible;
use crate::sign::Script;

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

/// Labels of at most so many characters are whole, brackets and all.
const LONGEST_LABEL: usize = 10;

/// What a label stands in.
const BRACKETS: [(char, char); 8] = [
    ('（', '）'),
    ('(', ')'),
    ('「', '」'),
    ('【', '】'),
    ('〔', '〕'),
    ('［', '］'),
    ('〈', '〉'),
    ('《', '》'),
];

/// The parts of a paragraph in which no line ends, in bytes, from left to right.
pub fn undivided(text: &str) -> Vec<Range<usize>> {
    let mut ranges = numbers_with_units(text);
    let numbers = ranges.len();
    if is_label(text) {
        ranges.push(0..text.len());
    }
    ranges.extend(marks(text));
    if ranges.len() == numbers {
        return ranges;
    }
    ranges.sort_by_key(|range| range.start);
    let mut whole: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match whole.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => whole.push(range),
        }
    }
    whole
}

/// Whether a text is a short label in brackets and nothing else: （目的）.
fn is_label(text: &str) -> bool {
    let mut letters = text.chars();
    let ends = letters.next().zip(letters.next_back());
    ends.is_some_and(|ends| BRACKETS.contains(&ends))
        && letters.clone().count() + 2 <= LONGEST_LABEL
        && letters.all(|c| !BRACKETS.iter().any(|(open, close)| c == *open || c == *close))
}

/// 【新規】, 【担当課】: what stands between such brackets, with them.
fn marks(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices('【').filter_map(|(start, open)| {
        let inside = &text[start + open.len()..];
        let end = inside.find(['【', '】'])?;
        inside[end..].starts_with('】').then(|| start..start + open.len() + end + '】'.len_utf8())
    })
}

/// The byte ranges of numbers with what belongs to them: 第1回, 0.3ポイント, 2,800人.
pub fn numbers_with_units(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(is_digit) {
        let number = at + found;
        let tail = &text[number..];
        let digits =
            tail.find(|c| !(is_digit(c) || matches!(c, ',' | '.' | '，' | '．'))).unwrap_or(tail.len());
        let end = number + digits + unit_length(&tail[digits..]);
        let start = if text[..number].ends_with('第') { number - '第'.len_utf8() } else { number };
        ranges.push(start..end);
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
    Script::of(c) == Script::Katakana
}
