//! The reading form of a cell, and what in it only looks like a number.

use super::counter::begins_with_counter;
use super::unit::is_unit_sign;
use crate::plan::reading::{self, hides_digit, is_blank, is_digit};

/// The reading form: in one width, without blanks. A blank within a number is no stray
/// one: it is kept, as a space, and the first such blank is returned beside.
pub(super) fn in_one_width(text: &str) -> (String, Option<char>) {
    let folded = reading::folded(text);
    let mut compact = String::with_capacity(folded.len());
    let (mut gap, mut blank) = (None, None);
    // The last two characters that are no blanks.
    let (mut before, mut last) = (None, None);
    let mut rest = folded.chars().peekable();
    while let Some(c) = rest.next() {
        if is_blank(c) {
            blank = blank.or(Some(c));
            continue;
        }
        if let Some(blank) = blank.take()
            && is_in_number(before, last)
            && (c.is_ascii_digit() || (matches!(c, '.' | ',') && next_is_digit(&mut rest)))
        {
            gap = gap.or(Some(blank));
            compact.push(' ');
        }
        compact.push(c);
        (before, last) = (last, Some(c));
    }
    (compact, gap)
}

/// A blank between the first digit and the last: within a number of several scales.
pub(super) fn blank_between_digits(text: &str) -> Option<char> {
    let (first, last) = (text.find(is_digit)?, text.rfind(is_digit)?);
    text.get(first..last)?.chars().find(|c| is_blank(*c))
}

/// Whether a number may go on behind these two characters.
fn is_in_number(before: Option<char>, last: Option<char>) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match last {
        Some('.' | ',') => is_digit(before),
        last => is_digit(last),
    }
}

fn next_is_digit(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    rest.peek().is_some_and(char::is_ascii_digit)
}

/// A character that compatibility folding would make a digit of, and none of ours.
///
/// The squares and cubes of units are written with such marks (m², km³); they stand
/// behind a letter.
pub(super) fn mark(compact: &str) -> Option<char> {
    let mut last = ' ';
    for c in compact.chars() {
        let is_power = matches!(c, '²' | '³') && last.is_ascii_alphabetic();
        if !c.is_ascii() && !is_power && !is_unit_sign(c) && (c.is_numeric() || hides_digit(c)) {
            // 〇 is a letter in a digit's place, and is named as that.
            return (c != '〇').then_some(c);
        }
        last = c;
    }
    None
}

/// A letter in place of a digit: letters that look like one and stand beside one.
pub(super) fn letter_for_digit(compact: &str) -> Option<char> {
    let is_twin = |c: char| matches!(c, 'O' | 'o' | 'l' | 'I' | '〇' | '○');
    let mut rest = compact;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '〇' | '○');
        if !is_letter(first) {
            before = Some(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let (after_digit, before_digit) = (
            before.is_some_and(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')),
            behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')),
        );
        // `10l` counts litres; `10l人` does not.
        let is_litre = run == "l" && after_digit && !behind.starts_with(char::is_alphanumeric);
        // `うち女性l人`: what is counted there is a number.
        let is_counted = !after_digit && begins_with_counter(behind);
        if run.chars().all(is_twin) && (after_digit || before_digit || is_counted) && !is_litre {
            return Some(first);
        }
        before = run.chars().next_back();
        rest = behind;
    }
    None
}
