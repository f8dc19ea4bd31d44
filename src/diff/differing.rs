//! Which words of a text differ from another's: what a 新旧対照表 underlines.
//!
//! Held against each other are runs of one script, never single letters: a figure with its
//! commas and a word in katakana differ whole. Of compounds of kanji only the words that
//! differ are meant, as far as they can be told (水産振興課 and 農林振興課: 水産, 農林). What
//! stands between two passages that differ, and is no more than a particle, goes with them.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::sign::{Script, signs};

/// More runs than two printed texts have together: of such only the beginning and the end
/// are held against each other. Where all differs, the time goes with the square.
const MOST_RUNS: usize = 500;
/// A word of kanji has two at the least.
const WORD: usize = 2;
/// The letters of a particle at the most (から).
const PARTICLE: usize = 2;

/// The parts of `old` and of `new` that the other has not, in bytes and in order.
pub(super) fn differing(old: &str, new: &str) -> [Vec<Range<usize>>; 2] {
    let (old_runs, new_runs) = (runs(old), runs(new));
    let replaces = |[was, is]: &[Range<usize>; 2]| !was.is_empty() && !is.is_empty();
    let mut passages: Vec<[Range<usize>; 2]> = Vec::new();
    for passage in changed(&old_runs, &new_runs) {
        let before = passages.last_mut().filter(|before| replaces(before) && replaces(&passage));
        match before {
            Some([was, is]) if is_particle(&old_runs[was.end..passage[0].start]) => {
                (was.end, is.end) = (passage[0].end, passage[1].end);
            }
            _ => passages.push(passage),
        }
    }
    let mut parts = [Vec::new(), Vec::new()];
    for [was, is] in passages {
        let (was, is) = (bytes(&old_runs, was), bytes(&new_runs, is));
        let (head, tail) = shared_words(&old[was.clone()], &new[is.clone()]);
        for (part, of) in [was, is].into_iter().zip(&mut parts) {
            let part = part.start + head..part.end - tail;
            of.extend((!part.is_empty()).then_some(part));
        }
    }
    parts
}

/// How many runs two texts begin with alike, and end with alike.
pub(super) fn shared_ends(old: &[&str], new: &[&str]) -> (usize, usize) {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(one, other)| one == other);
    (head, tail.count())
}

/// The runs that are not the same, in order.
fn changed(old: &[&str], new: &[&str]) -> Vec<[Range<usize>; 2]> {
    if old.len() + new.len() > MOST_RUNS {
        let (head, tail) = shared_ends(old, new);
        return vec![[head..old.len() - tail, head..new.len() - tail]];
    }
    let steps = capture_diff_slices(Algorithm::Myers, old, new).into_iter();
    let changed = steps.map(|step| step.as_tag_tuple()).filter(|(tag, ..)| *tag != DiffTag::Equal);
    changed.map(|(_, was, is)| [was, is]).collect()
}

/// The bytes of a text that runs of it take.
fn bytes(all: &[&str], runs: Range<usize>) -> Range<usize> {
    let length = |runs: &[&str]| runs.iter().map(|run| run.len()).sum::<usize>();
    let start = length(&all[..runs.start]);
    start..start + length(&all[runs])
}

fn is_particle(between: &[&str]) -> bool {
    let mut letters = between.iter().flat_map(|run| run.chars());
    let is_short = letters.clone().count() <= PARTICLE;
    is_short && letters.all(|c| Script::of(c) == Script::Hiragana)
}

/// How many bytes of kanji two passages begin with alike, and end with alike.
fn shared_words(old: &str, new: &str) -> (usize, usize) {
    let pieces = |text| signs(text).map(|(_, piece)| piece).collect::<Vec<&str>>();
    let (old, new) = (pieces(old), pieces(new));
    let alike = |(one, other): &(&&str, &&str)| {
        one == other && one.chars().next().is_some_and(|c| Script::of(c) == Script::Kanji)
    };
    let head = old.iter().zip(&new).take_while(alike).count();
    let head = if head < WORD { 0 } else { head };
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(alike).count();
    let tail = if tail < WORD { 0 } else { tail };
    let length = |pieces: &[&str]| pieces.iter().map(|piece| piece.len()).sum();
    (length(&old[..head]), length(&old[old.len() - tail..]))
}

/// A text in runs of one script each. Nothing is parted from the sign that it varies.
pub(super) fn runs(text: &str) -> Vec<&str> {
    let (mut runs, mut start, mut end) = (Vec::new(), 0, 0);
    let mut last = None;
    for (sign, piece) in signs(text) {
        let script = Script::of(sign.base);
        if last.is_some_and(|last| last != script || script == Script::Other) {
            runs.push(&text[start..end]);
            start = end;
        }
        (last, end) = (Some(script), end + piece.len());
    }
    runs.extend((start < end).then_some(&text[start..end]));
    runs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text with what differs in brackets.
    fn marked(text: &str, parts: &[Range<usize>]) -> String {
        let mut marked = text.to_owned();
        for part in parts.iter().rev() {
            marked.insert(part.end, '〕');
            marked.insert(part.start, '〔');
        }
        marked
    }

    #[test]
    fn what_differs_is_whole_words_and_figures() {
        for (old, new, expected_old, expected_new) in [
            ("1,234人", "1,334人", "〔1,234〕人", "〔1,334〕人"),
            ("延べ0.5%", "延べ1.5%", "延べ〔0.5%〕", "延べ〔1.5%〕"),
            ("水産振興課", "農林振興課", "〔水産〕振興課", "〔農林〕振興課"),
            ("漁業の振興", "水産業の振興", "〔漁業〕の振興", "〔水産業〕の振興"),
            ("実績", "実績値", "実績", "実績〔値〕"),
            ("検討した", "検討しました", "検討〔した〕", "検討〔しました〕"),
            ("データを使う", "データベースを使う", "〔データ〕を使う", "〔データベース〕を使う"),
            ("漁業の振興", "農業の支援", "〔漁業の振興〕", "〔農業の支援〕"),
            ("行う", "行う。また、図る。", "行う", "行う〔。また、図る。〕"),
            ("", "新規", "", "〔新規〕"),
            ("同じ", "同じ", "同じ", "同じ"),
            ("葛\u{E0100}城市", "葛城市", "〔葛\u{E0100}〕城市", "〔葛〕城市"),
        ] {
            let [was, is] = differing(old, new);
            assert_eq!((marked(old, &was), marked(new, &is)), (expected_old.into(), expected_new.into()));
        }
    }

    #[test]
    fn of_texts_beyond_all_measure_what_lies_between_their_ends_differs() {
        let text = |middle: &str| format!("始め、{}{middle}、終わり", "a、".repeat(MOST_RUNS));
        let (old, new) = (text("一、二、三"), text("四、二、五"));
        let [was, is] = differing(&old, &new);
        assert_eq!((&old[was[0].clone()], &new[is[0].clone()]), ("一、二、三", "四、二、五"));
    }

    proptest! {
        /// Without what differs, two texts are the same.
        #[test]
        fn all_that_differs_is_told(old in "[人口1,%ーカかき々、\u{FE00}]{0,12}", new in "[人口1,%ーカかき々、\u{FE00}]{0,12}") {
            let [was, is] = differing(&old, &new);
            let without = |text: &str, parts: &[Range<usize>]| {
                let mut rest = text.to_owned();
                parts.iter().rev().for_each(|part| rest.replace_range(part.clone(), "－"));
                rest
            };
            let same = |text: &str| text.replace('－', "");
            prop_assert_eq!(same(&without(&old, &was)), same(&without(&new, &is)));
            prop_assert_eq!(was.is_empty() && is.is_empty(), old == new);
        }
    }
}
