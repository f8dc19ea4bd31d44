//! What cities print in place of a figure: `◎`, `実施済`, `第3位`, `20～30人`,
//! `10人（うち女性3人）`, `1時間30分`, `56歳8か月`, `12※`, `3割5分`, `3千5百万円`.
//!
//! The boundary to a typing error: a text in words has no digit at all, is short, and
//! holds only letters and the marks by which things are judged. A text with digits must
//! have one of the forms below, each number in it well written; all else beside a digit
//! is taken for a slip and refused.

use super::counter::is_counter;
use super::error::ValueError;
use super::number::{decimal, split_number};
use super::quantity::Quantity;
use super::unit::LONGEST_UNIT;
use super::vocabulary::Vocabulary;
use crate::plan::reading::{self, hides_digit};
use crate::plan::year::names_era;

/// A longer text is a sentence in the wrong cell.
const LONGEST: usize = 40;

/// What stands for a judgement.
const JUDGEMENTS: &str = "◎○〇●△▲▽▼×✕✖✓✔☆★◇◆□■↑↓→←↗↘";
/// What may stand between words.
const BETWEEN: &str = "・、。/()「」~〜:+-－ー々";
/// What refers to a note.
const NOTES: [char; 4] = ['※', '*', '†', '‡'];

/// What programs write where they have nothing.
const OF_PROGRAMS: [&str; 9] = ["true", "false", "null", "nan", "none", "error", "err", "n/a", "na"];

/// Judges a text without digits.
///
/// # Errors
/// [`ValueError::NoNumber`] where it says nothing in place of a figure, or the
/// character that looks like a digit.
pub(super) fn in_words(compact: &str, vocabulary: &Vocabulary) -> Result<(), ValueError> {
    if let Some(mark) = compact.chars().find(|c| hides_digit(*c)) {
        return Err(ValueError::Mark(mark));
    }
    // ○ and 〇 alone are judgements; Latin letters that look like digits are none, alone or
    // before what is counted.
    let counted = compact.trim_start_matches(['O', 'o', 'l', 'I', 'Z', 'S', 'B']);
    let is_alone = compact.chars().all(|c| matches!(c, 'O' | 'o' | 'l' | 'I'));
    if counted.len() < compact.len()
        && (is_alone || is_counter(counted))
        && let Some(letter) = compact.chars().next()
    {
        return Err(ValueError::LetterForDigit(letter));
    }
    let compact = compact.trim_matches(NOTES);
    let may_stand = |c: char| c.is_alphabetic() || JUDGEMENTS.contains(c) || BETWEEN.contains(c);
    let says = |c: char| c.is_alphabetic() || JUDGEMENTS.contains(c);
    let is_short = compact.chars().count() <= LONGEST;
    let begins_well = !compact.starts_with(['+', '-', '/', ':', '・', '、', '。']);
    let lost_number = is_counter(compact.trim_matches(['~', '〜'])) || vocabulary.knows_prefix(compact);
    let lower = compact.to_ascii_lowercase();
    if is_short
        && begins_well
        && !lost_number
        && !OF_PROGRAMS.contains(&lower.as_str())
        && compact.chars().all(may_stand)
        && compact.chars().any(says)
    {
        Ok(())
    } else {
        Err(ValueError::NoNumber)
    }
}

/// Whether a text with digits is one of the composite forms.
pub(super) fn is_composite(compact: &str, vocabulary: &Vocabulary) -> bool {
    if compact.chars().count() > LONGEST {
        return false;
    }
    let compact = compact.replace('【', "(").replace('】', ")");
    // `（速報）50人`
    if let Some((inside, behind)) = compact.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let is_remark = may_stand_in_brackets(inside) && !inside.contains(|c: char| c.is_ascii_digit());
        return is_remark && Quantity::parse(behind, vocabulary).is_ok();
    }
    let (body, has_mark) = without_note_marks(&compact);
    let (body, has_brackets) = match split_brackets(body) {
        Some((body, inside)) if may_stand_in_brackets(inside) => (body, true),
        Some(_) => return false,
        None => (body, false),
    };
    // Behind the brackets the mark may stand before them too: `12人※（速報）`.
    let (body, inner_mark) = without_note_marks(body);
    let figure = |text: &str| Quantity::parse(text, vocabulary).ok();
    if (has_mark || has_brackets || inner_mark) && figure(body).is_some() {
        return true;
    }
    // `○（5件）`
    if has_brackets && !body.contains(|c: char| c.is_ascii_digit()) {
        return in_words(body, vocabulary).is_ok();
    }
    let bare = (0..body.len()).filter(|at| body.is_char_boundary(*at));
    // Behind a prefix, such as 約20～30人.
    let starts = bare.filter(|at| vocabulary.knows_prefix(&body[..*at])).collect::<Vec<_>>();
    let behind_prefix = |form: fn(&str) -> bool| starts.iter().any(|at| form(&body[*at..]));
    behind_prefix(is_range)
        || behind_prefix(is_duration)
        || is_rank(body)
        || is_share(body)
        || is_area(body)
        || is_in_kanji_scales(body)
        || is_comparison(body)
        || body.strip_prefix('±').is_some_and(|rest| count(rest).is_some())
        || is_list(body)
        || is_labelled(body, vocabulary)
}

/// `※12`, `12※`, `12人※1`: without the mark that refers to a note.
fn without_note_marks(text: &str) -> (&str, bool) {
    let text_before = text;
    let text = text.trim_start_matches(NOTES);
    if let Some(at) = text.rfind(NOTES) {
        let behind = text[at..].trim_start_matches(NOTES);
        if behind.len() <= 2 && behind.bytes().all(|b| b.is_ascii_digit()) {
            return (text[..at].trim_end_matches(NOTES), true);
        }
    }
    (text, text.len() < text_before.len())
}

/// The brackets at the end and what stands before them.
fn split_brackets(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_suffix(')')?;
    let at = inside.find('(')?;
    let (body, inside) = (&inside[..at], &inside[at + 1..]);
    (!body.is_empty() && !inside.contains(')')).then_some((body, inside))
}

/// A remark: letters, numbers that are well written, and what stands between them.
fn may_stand_in_brackets(inside: &str) -> bool {
    let may_stand =
        |c: char| c.is_alphanumeric() || BETWEEN.contains(c) || NOTES.contains(&c) || ",.%‰△▲−".contains(c);
    !inside.is_empty() && inside.chars().all(may_stand) && numbers_are_well_written(inside)
}

fn numbers_are_well_written(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (digits, behind) = split_number(&rest[start..]);
        // A point may part a date (R5.3.31), and a comma end a clause.
        let is_date = digits.matches('.').count() > 1;
        if !is_date && decimal(digits.trim_end_matches([',', '.'])).is_err() {
            return false;
        }
        rest = behind;
    }
    true
}

/// A bare figure: number and unit.
fn count(text: &str) -> Option<Quantity> {
    text.starts_with(|c: char| c.is_ascii_digit())
        .then(|| Quantity::parse(text, &Vocabulary::empty()).ok())
        .flatten()
}

/// `20～30人`, `20人～30人`, `20人以上30人未満`, `～30人`
fn is_range(text: &str) -> bool {
    let parts = text.split_once(['~', '〜']).or_else(|| {
        let (from, to) = text.split_once("以上")?;
        Some((from, to.strip_suffix("未満").or_else(|| to.strip_suffix("以下"))?))
    });
    // `～30人`, `20人～`
    let open = text.strip_prefix(['~', '〜']).or_else(|| text.strip_suffix(['~', '〜']));
    if open.and_then(count).is_some_and(|bound| !bound.unit.is_empty()) {
        return true;
    }
    let Some((from, to)) = parts.and_then(|(from, to)| Some((count(from)?, count(to)?))) else {
        return false;
    };
    (from.unit.is_empty() || from.unit == to.unit) && from.number < to.number
}

/// A whole number at the start, without commas, and what follows it.
fn whole(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let padded = digits.len() > 1 && digits.starts_with('0');
    (!padded).then(|| Some((digits.parse().ok()?, rest)))?
}

/// `3割5分`, `3割5分2厘`, `3分の1`
fn is_share(text: &str) -> bool {
    let fraction = || {
        let (below, rest) = whole(text)?;
        let (above, rest) = whole(rest.strip_prefix("分の")?)?;
        Some(rest.is_empty() && 0 < above && above < below)
    };
    let in_tenths = || {
        let (_, rest) = whole(text).filter(|(tenths, _)| *tenths <= 10)?;
        let (_, rest) = whole(rest.strip_prefix('割')?).filter(|(count, _)| *count < 10)?;
        let rest = rest.strip_prefix('分')?;
        if rest.is_empty() {
            return Some(true);
        }
        let (_, rest) = whole(rest).filter(|(count, _)| *count < 10)?;
        Some(rest == "厘")
    };
    fraction() == Some(true) || in_tenths() == Some(true)
}

/// `50m2`, `1,200km2`, `3.5m3`
fn is_area(text: &str) -> bool {
    let (digits, unit) = split_number(text);
    decimal(digits).is_ok() && matches!(unit, "m2" | "m3" | "km2" | "cm2" | "cm3")
}

/// `3千5百万円`, `5百人`: each digit with its place in kanji, and what is counted.
fn is_in_kanji_scales(text: &str) -> bool {
    let mut rest = text;
    let mut above = 4;
    let mut places = 0;
    while let Some((digit, behind)) = whole(rest) {
        let place = ["千", "百", "十"].iter().position(|word| behind.starts_with(word));
        let zeros = place.map_or(0, |at| 3 - at);
        if digit == 0 || digit > 9 || zeros >= above {
            return false;
        }
        (above, places) = (zeros, places + usize::from(place.is_some()));
        rest = behind.get(if place.is_some() { "千".len() } else { 0 }..).unwrap_or_default();
        if place.is_none() {
            break;
        }
    }
    let counter = rest.trim_start_matches(['万', '億']);
    places > 1 && rest.len() - counter.len() <= "万".len() && is_counter(counter)
}

/// `前年比5%増`, `前年度比△3%`, `前年差2人減`
fn is_comparison(text: &str) -> bool {
    const BEFORE: [&str; 8] =
        ["対前年度比", "対前年比", "前年同期比", "前年度比", "前年比", "前年度差", "前年差", "基準値比"];
    let Some(rest) = BEFORE.iter().find_map(|word| text.strip_prefix(word)) else { return false };
    Quantity::parse(rest, &Vocabulary::empty()).is_ok_and(|figure| !figure.unit.is_empty())
}

/// The parts of a span of time, each with its place and what it stays below behind a
/// greater one.
const SPANS: [(&str, usize, u32); 19] = [
    ("年間", 0, 0),
    ("年", 0, 0),
    ("歳", 0, 0),
    ("才", 0, 0),
    ("か月", 1, 12),
    ("ヶ月", 1, 12),
    ("ヵ月", 1, 12),
    ("カ月", 1, 12),
    ("ケ月", 1, 12),
    ("箇月", 1, 12),
    ("週間", 2, 53),
    ("週", 2, 53),
    ("泊", 3, 0),
    ("日間", 4, 366),
    ("日", 4, 366),
    ("時間", 5, 24),
    ("分間", 6, 60),
    ("分", 6, 60),
    ("秒", 7, 60),
];

/// `1時間30分`, `56歳8か月`, `3泊4日`; never a date: a year of four digits is none.
fn is_duration(text: &str) -> bool {
    const LONGEST_YEARS: u32 = 1000;
    let mut rest = text;
    let mut last: Option<usize> = None;
    let mut parts = 0;
    while !rest.is_empty() {
        let (digits, behind) = split_number(rest);
        let Ok(number) = decimal(digits) else { return false };
        let Some((word, place, limit)) = SPANS.iter().find(|(word, ..)| behind.starts_with(word)) else {
            return false;
        };
        let in_order = last.is_none_or(|last| last < *place);
        let limit = if *place == 0 { LONGEST_YEARS } else { *limit };
        let fits = (last.is_none() && *place > 0) || limit == 0 || number < limit.into();
        if !in_order || !fits || (number.scale() > 0 && behind.len() > word.len()) {
            return false;
        }
        (last, parts, rest) = (Some(*place), parts + 1, &behind[word.len()..]);
    }
    parts > 1
}

/// `第3位`, `全国3位`, `県内第2回`
fn is_rank(text: &str) -> bool {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return false };
    let (before, counted) = text.split_at(start);
    let place = before.strip_suffix('第');
    let label = place.unwrap_or(before);
    let Some(count) = count(counted) else { return false };
    is_label(label, true)
        && !count.compound
        && count.number.scale() == 0
        && (place.is_some() && !count.unit.is_empty() || count.unit.starts_with('位'))
}

/// `5回・120人`, `男5人／女3人`, `9校/11校`: counts of different things, parted by a sign.
fn is_list(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['・', '、', '/', ';']).collect();
    // `9校/11校`: so many of so many.
    let of = text.split_once('/').and_then(|(some, all)| Some((count(some)?, count(all)?)));
    if of.is_some_and(|(some, all)| {
        !some.unit.is_empty() && some.unit == all.unit && some.number <= all.number
    }) {
        return true;
    }
    let mut seen: Vec<(String, String)> = Vec::new();
    for part in &parts {
        let at = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        let (label, counted) = part.split_at(at);
        let Some(count) = count(counted) else { return false };
        let counts = (label.to_owned(), count.unit);
        if !is_label(label.strip_suffix(':').unwrap_or(label), true)
            || counts.1.is_empty()
            || seen.contains(&counts)
        {
            return false;
        }
        seen.push(counts);
    }
    parts.len() > 1
}

/// `男5人女3人`, as `男5人　女3人` reads: counts that each bear a name.
fn is_labelled(text: &str, vocabulary: &Vocabulary) -> bool {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return false };
    let (first, mut rest) = text.split_at(start);
    if !is_label(first, false) || vocabulary.knows_prefix(first) || first.ends_with('第') {
        return false;
    }
    let mut counts = 0;
    while !rest.is_empty() {
        let (digits, behind) = split_number(rest);
        let end = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (between, next) = behind.split_at(end);
        // A unit and the next name; at the end a unit alone.
        let enough = if next.is_empty() { 1 } else { 2 };
        let is_between = is_label(between, false) && between.chars().count() >= enough;
        if decimal(digits).is_err() || !is_between || between.ends_with('第') {
            return false;
        }
        (counts, rest) = (counts + 1, next);
    }
    counts > 1
}

/// A name before a number: kanji and kana, no word by which a date begins or goes on.
fn is_label(text: &str, may_be_empty: bool) -> bool {
    let of_dates = ['年', '月', '日', '時'];
    (may_be_empty || !text.is_empty())
        && text.chars().count() <= LONGEST_UNIT
        && text.chars().all(|c| (c.is_alphabetic() && !c.is_ascii()) || matches!(c, 'ー' | '々'))
        && !names_era(text)
        && !text.contains(of_dates)
        && !text.contains(reading::is_blank)
}
