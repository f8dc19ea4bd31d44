//! 「…の間違いではありませんか」: the known word nearest to an unknown one.

use crate::plan::reading::compact;

/// Longer words are sentences; nobody mistyped those.
const LONGEST: usize = 40;

/// The candidate that differs from `word` by the fewest inserted, dropped, changed
/// or swapped characters, the first of equals; `None` if too much differs (a third
/// of the word, at least one character). Width and blanks do not count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(other) = folded(candidate) else { continue };
        let allowed = (word.len().max(other.len()) / 3).max(1);
        if word.len().abs_diff(other.len()) > allowed || best.is_some_and(|(least, _)| least == 0) {
            continue;
        }
        let distance = distance(&word, &other);
        // One of one or two characters that differs is simply another word.
        let enough_in_common = distance < word.len().max(other.len());
        if distance <= allowed && enough_in_common && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Option<Vec<char>> {
    let folded: Vec<char> = compact(word).chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    (!folded.is_empty() && folded.len() <= LONGEST).then_some(folded)
}

/// Optimal string alignment: like Levenshtein's distance, a swap of neighbours counts one.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
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
