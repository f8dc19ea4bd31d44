//! Characters that look like ordinary kanji and are none.
//!
//! Text copied out of a PDF often holds Kangxi radicals (⾼ U+2FBC for 高) and
//! compatibility ideographs. On paper nobody sees it; no search finds the word, 担当課
//! is no longer the department, and another font shows a box. The twelve of
//! U+FA0E to U+FA29 that are ordinary kanji despite their place (such as 﨑) are none of
//! these: Unicode gives them no other character, and neither does this.

use std::collections::HashSet;

use super::cells::{is_printed, pointing_at};
use crate::finding::{Findings, LayoutRule};
use crate::master::Master;
use crate::plan::reading::compatible_character;

/// Radicals of the supplement that look like a kanji of their own, with that kanji
/// (Unicode: EquivalentUnifiedIdeograph); compatibility mappings know only two of them.
const SUPPLEMENT: [(char, char); 36] = [
    ('⺁', '厂'),
    ('⺇', '几'),
    ('⺊', '卜'),
    ('⺎', '兀'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺗', '心'),
    ('⺛', '旡'),
    ('⺜', '日'),
    ('⺝', '月'),
    ('⺞', '歺'),
    ('⺠', '民'),
    ('⺧', '牛'),
    ('⺩', '王'),
    ('⺪', '疋'),
    ('⺫', '目'),
    ('⺬', '示'),
    ('⺮', '竹'),
    ('⺶', '羊'),
    ('⺻', '聿'),
    ('⺽', '臼'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻆', '角'),
    ('⻑', '長'),
    ('⻗', '雨'),
    ('⻘', '青'),
    ('⻝', '食'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻫', '斉'),
    ('⻭', '歯'),
    ('⻯', '竜'),
    ('⻲', '亀'),
];

/// Every printed cell with such characters, once with all of them.
pub(super) fn check(master: &Master) -> Findings {
    let mut findings = Findings::new();
    for (row, column, text) in master.source.cells().filter(|(_, column, _)| is_printed(*column)) {
        let mut characters: Vec<(char, Option<char>)> = Vec::new();
        let mut named: HashSet<char> = HashSet::new();
        for character in text.chars().filter(|c| is_lookalike(*c)) {
            if named.insert(character) {
                characters.push((character, ordinary(character)));
            }
        }
        if let Some((first, _)) = characters.first() {
            let first = first.to_string();
            findings.push_where(LayoutRule::NoOrdinaryKanji { characters }, || {
                pointing_at(master.source.place(row, column), &first)
            });
        }
    }
    findings
}

/// Whether a character is a radical, or an ideograph kept only for other codes' sake.
pub(super) fn is_lookalike(c: char) -> bool {
    match c {
        '\u{2E80}'..='\u{2EF3}' | '\u{2F00}'..='\u{2FD5}' => true,
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => ordinary(c).is_some(),
        _ => false,
    }
}

/// The ordinary kanji that a look-alike stands for; `None` where Unicode names none.
fn ordinary(c: char) -> Option<char> {
    let kanji = compatible_character(c);
    kanji.or_else(|| SUPPLEMENT.iter().find(|(radical, _)| *radical == c).map(|(_, kanji)| *kanji))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kangxi_radical_has_its_kanji() {
        for c in '\u{2F00}'..='\u{2FD5}' {
            assert!(is_lookalike(c) && ordinary(c).is_some(), "{c}");
        }
        for (radical, kanji) in SUPPLEMENT {
            assert_eq!(ordinary(radical), Some(kanji));
            assert!(is_lookalike(radical) && !is_lookalike(kanji));
        }
        assert_eq!(ordinary('⺟'), Some('母'));
        assert_eq!(ordinary('⺅'), None, "no kanji, and still none to write with");
    }

    /// U+FA0E, FA0F, FA11, FA13, FA14, FA1F, FA21, FA23, FA24 and FA27 to FA29.
    #[test]
    fn twelve_ordinary_kanji_stand_among_the_compatibility_ideographs() {
        let found = ('\u{F900}'..='\u{FAD9}').filter(|c| ordinary(*c).is_none() && c.is_alphabetic());
        assert_eq!(found.collect::<String>(), "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩");
        for c in "﨑髙閒塚神高用①㎡々〆".chars() {
            assert!(!is_lookalike(c), "{c}");
        }
    }
}
