//! 「…の間違いではありませんか」: the known word nearest to an unknown one.

use crate::plan::reading::compact;

/// Longer words are sentences; nobody mistyped those.
const LONGEST: usize = 40;

/// The candidate that differs from `word` by the fewest inserted, dropped, changed
/// or swapped characters, the first of equals; `None` if too much differs (a third
/// of the word, at least one character). Width and blanks do not count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word)?;
    let length = word.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(other) = folded(candidate) else { continue };
        let other_length = other.chars().count();
        let longer = length.max(other_length);
        let allowed = (longer / 3).max(1);
        if length.abs_diff(other_length) > allowed || best.is_some_and(|(least, _)| least == 0) {
            continue;
        }
        let distance = strsim::osa_distance(&word, &other);
        // One of one or two characters that differs is simply another word.
        let enough_in_common = distance < longer;
        if distance <= allowed && enough_in_common && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Option<String> {
    let folded: String = compact(word).chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    (!folded.is_empty() && folded.chars().count() <= LONGEST).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found() {
        for (word, candidates, expected) in [
            ("担当科", &["担当課", "区分"][..], Some("担当課")),
            ("P999", &["P001", "P099", "P909"], Some("P099")),
            ("水産振課", &["水産指導課", "水産振興課"], Some("水産振興課")),
            ("ＫＰ1", &["KPI"], Some("KPI")),
            ("施作", &["施策", "事業"], Some("施策")),
            ("議会", &["施策", "事業"], None),
            ("", &["施策"], None),
        ] {
            assert_eq!(nearest(word, candidates.iter().copied()), expected, "{word}");
        }
    }
}
