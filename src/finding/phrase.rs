//! Parts of messages that several rules share: how a character, a cell or a number of
//! further places is told.

use super::quote as short;

/// `U+9AD9`
pub(super) fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// 「𠮷」（U+20BB7）, or of a form asked for by a selector 「葛󠄀」（U+845B U+E0100）の字形
pub(super) fn glyph(character: char, selector: Option<char>) -> String {
    let code = code_point(character);
    match selector {
        None => format!("「{character}」（{code}）"),
        Some(selector) => format!("「{character}{selector}」（{code} {}）の字形", code_point(selector)),
    }
}

/// 「⾼」（U+2FBC）は、ふつうの漢字「高」（U+9AD8）ではありません; of several, each with its kanji.
pub(super) fn no_ordinary(characters: &[(char, Option<char>)]) -> String {
    const MOST: usize = 8;
    match characters {
        [(character, Some(kanji))] => format!(
            "「{character}」（{}）は、ふつうの漢字「{kanji}」（{}）ではありません",
            code_point(*character),
            code_point(*kanji)
        ),
        [(character, None)] => {
            format!("「{character}」（{}）は、ふつうの漢字ではなく、部首の記号です", code_point(*character))
        }
        several => {
            let named = several.iter().take(MOST).map(|(character, ordinary)| match ordinary {
                Some(kanji) => {
                    format!("「{character}」（{}、ふつうは「{kanji}」）", code_point(*character))
                }
                None => format!("「{character}」（{}、部首の記号）", code_point(*character)),
            });
            let more = match several.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!("など{}字", more + MOST),
            };
            format!("{}{more}は、ふつうの漢字ではありません", named.collect::<Vec<_>>().join(""))
        }
    }
}

/// `100,000`
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The beginning of a SHA-256: enough to tell two apart.
pub(super) fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// What in the checksums does not agree: a file, or how they are written.
pub(super) fn checksums(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("「{name}」が、checksums.sha256 の記録と違います"),
        None => "checksums.sha256 の書き方が、保存したときと違います".to_owned(),
    }
}

/// ID「P001-1」の「基準値」
pub(super) fn datum(id: &str, column: &str) -> String {
    format!("ID「{}」の「{}」", short(id), short(column))
}

/// 「R4」, or nothing.
pub(super) fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("「{}」", short(name)) }
}

/// What else there is of the kind, in brackets; nothing where there is none.
fn counted(before: &str, more: usize, after: &str) -> String {
    if more == 0 { String::new() } else { format!("（{before}{more}{after}）") }
}

pub(super) fn elsewhere(more: usize) -> String {
    counted("ほか", more, "個のセルにも")
}

pub(super) fn below(more: usize) -> String {
    counted("同じ列にほか", more, "件")
}

pub(super) fn holding(cells: usize) -> String {
    counted("値が", cells, "件あります")
}

pub(super) fn alike(more: usize) -> String {
    counted("続く", more, "行も同じ")
}

/// `（18行目、21行目も同じ）`
pub(super) fn also_lines(lines: &[usize]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = lines.iter().take(MOST).map(|line| format!("{line}行目")).collect();
    match lines.len().saturating_sub(MOST) {
        _ if lines.is_empty() => String::new(),
        0 => format!("（{}も同じ）", shown.join("、")),
        more => format!("（{}ほか{more}行も同じ）", shown.join("、")),
    }
}

/// The first of a list, and that there are more.
pub(super) fn first_few(cells: &[String]) -> String {
    const MOST: usize = 5;
    let shown = cells.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("、");
    if cells.len() > MOST { format!("{shown}…") } else { shown }
}

/// A sign that looks like a dash, by its name.
pub(super) fn dash(character: char) -> String {
    match character {
        'ー' | 'ｰ' => "長音記号".to_owned(),
        '─' | '━' => "罫線".to_owned(),
        '一' => "漢数字の一".to_owned(),
        '‐' | '‑' => "ハイフン".to_owned(),
        other => code_point(other),
    }
}

/// ほか2件, or nothing.
pub(super) fn besides(more: usize) -> String {
    if more == 0 { String::new() } else { format!("（同じ行にほか{more}件）") }
}

pub(super) fn run(from: u32, to: u32) -> String {
    if from == to { from.to_string() } else { format!("{from}～{to}") }
}

pub(super) fn units(unit: &str, usual: &str) -> String {
    if unit.is_empty() {
        format!("単位がありません（同じ行の他の値は「{usual}」）")
    } else if usual.is_empty() {
        format!("同じ行の他の値にない単位「{unit}」があります")
    } else {
        format!("単位「{unit}」が、同じ行の他の値の「{usual}」と違います")
    }
}

pub(super) fn blank(text: &str) -> String {
    if text.trim().is_empty() { "（空欄）".to_owned() } else { short(text) }
}

pub(super) fn places(decimals: u32) -> String {
    if decimals == 0 { "小数なし".to_owned() } else { format!("小数第{decimals}位まで") }
}

pub(super) fn struck(rest: Option<&str>) -> String {
    match rest {
        Some(rest) => format!("の一部に取り消し線が引かれています（残りは「{}」）", short(rest)),
        None => "に取り消し線が引かれています".to_owned(),
    }
}

pub(super) fn nothing(text: &str) -> &str {
    if text.is_empty() { "（なし）" } else { text }
}

pub(super) fn no_unit(unit: &str) -> &str {
    if unit.is_empty() { "（単位なし）" } else { unit }
}
