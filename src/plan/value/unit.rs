//! What a number counts: `人`, `億円`, `人/日`, `㎡`; and what only looks like it.

use super::counter::begins_with_counter;

/// A unit longer than this is a sentence in the wrong cell.
pub(super) const LONGEST_UNIT: usize = 12;

/// Whether this can be what a number counts: it begins with a letter or a sign of its
/// own (or is a remark in brackets), never with a numeral in kanji or the mark that
/// prolongs a vowel, both of which are slips for a digit or a dash.
pub(super) fn is_unit(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return true };
    let is_numeral = "零一二三四五六七八九".contains(first) && !text.starts_with("四半期");
    let begins_well = is_letter(first) && !is_numeral && !matches!(first, 'ー' | '々' | 'ゝ' | 'ヽ');
    (begins_well || is_unit_sign(first) || matches!(first, '%' | '‰' | '°' | '('))
        && text.chars().count() <= LONGEST_UNIT
        && text.chars().all(may_stand_in_unit)
        && !text.ends_with(['/', '・'])
        && text.matches('%').count() <= 1
        && brackets_match(text)
        && !is_slip(text)
}

/// What is typed beside a unit by mistake: `5S人`, `50人x`, `50人々`, `50人は`, `50人人`.
fn is_slip(unit: &str) -> bool {
    let unit = unit.split('(').next().unwrap_or_default();
    unit.split(['/', '・']).any(|part| {
        let letters: Vec<char> = part.chars().collect();
        let (half, rest) = letters.split_at(letters.len() / 2);
        let is_latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
        let is_japanese = |c: Option<&char>| c.is_some_and(|c| *c >= 'ぁ' && is_letter(*c));
        let single_before = is_latin(letters.first())
            && !is_latin(letters.get(1))
            && begins_with_counter(part.get(1..).unwrap_or_default());
        let single_behind = letters.len() > 1
            && is_latin(letters.last())
            && is_japanese(letters.get(letters.len().saturating_sub(2)));
        let particle =
            letters.len() > 1 && part.ends_with(['は', 'を', 'が', 'に', 'へ', 'の', 'も', 'と', 'で']);
        single_before
            || single_behind
            || particle
            || part.ends_with(['々', 'ゝ', 'ヽ'])
            || (!half.is_empty() && half == rest)
    })
}

fn brackets_match(text: &str) -> bool {
    let mut open = 0_usize;
    for c in text.chars() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0 && !text.contains("()")
}

/// ㎡, ㎞, ㌧ and their like (the block CJK Compatibility, without its days and hours), ℃.
pub(super) fn is_unit_sign(c: char) -> bool {
    matches!(c, '\u{3300}'..='\u{3357}' | '\u{3371}'..='\u{33DF}' | '\u{33FF}' | '℃')
}

/// Letters of the scripts in which units are written. Others hold twins of our digits
/// and letters (the О of Cyrillic).
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, 'µ' | 'μ' | 'Ω' | 'Å' | 'ℓ' | 'ぁ'..='ゖ' | 'ゝ' | 'ゞ' | 'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | '々')
        || (matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
            && c.is_alphabetic())
}

/// Letters, and the few signs that occur in units (`人/日`, `℃`, `%`).
fn may_stand_in_unit(c: char) -> bool {
    is_letter(c) || matches!(c, '%' | '‰' | '/' | '・' | '°' | '(' | ')' | '²' | '³') || is_unit_sign(c)
}
