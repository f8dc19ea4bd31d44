//! 「正誤表」: the changes in the form in which a city hall issues a correction.
//!
//! The pages are those of the *old* document: that is the one on the reader's desk. Of a
//! long text only the part around the difference is shown; nothing that differs is cut.

use super::change::{Change, Kind, What};
use crate::layout::template::{Template, fill};
use crate::layout::{PageIndex, Part};
use crate::plan::RowKind;

/// Texts longer than this are shown around their difference only, in characters.
const LONG: usize = 60;
/// How much of what is the same is shown on each side of a difference, in characters.
const AROUND: usize = 15;

/// One correction, as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The ID in the master.
    pub id: String,
    /// 「12、30ページ」 and the headings it stands under.
    pub place: String,
    /// What is corrected.
    pub item: String,
    /// 「誤」
    pub wrong: String,
    /// 「正」
    pub right: String,
}

/// The corrections of what is printed, in order. `pages` are those of the old document.
pub fn corrections(changes: &[Change], pages: &PageIndex, template: &Template) -> Vec<Correction> {
    let printed = changes.iter().filter(|change| change.is_printed());
    printed.map(|change| correction(change, pages, template)).collect()
}

fn correction(change: &Change, pages: &PageIndex, template: &Template) -> Correction {
    let labels = &template.errata;
    let (wrong, right) = match change.what {
        What::Added => (labels.absent.clone(), change.new.clone()),
        What::Dropped => (change.old.clone(), labels.dropped.clone()),
        What::Moved | What::Reordered => (change.old.clone(), change.new.clone()),
        _ => {
            let empty = match change.kind {
                Kind::Row(RowKind::Reprint) => &labels.as_original,
                _ => &labels.empty,
            };
            let (old, new) = around_difference(&change.old, &change.new);
            let shown = |text: String| if text.is_empty() { empty.clone() } else { text };
            (shown(old), shown(new))
        }
    };
    let item = match change.what {
        What::Title => change.what.word(),
        what => format!("{}　{}", change.subject(), what.word()),
    };
    Correction { id: change.id.clone(), place: place(change, pages, template), item, wrong, right }
}

/// The pages on which it is printed, and the headings it stands under.
fn place(change: &Change, index: &PageIndex, template: &Template) -> String {
    let labels = &template.errata;
    if change.kind == Kind::Plan {
        return labels.every_goal.clone();
    }
    let pages = change.old_row.map_or(&[][..], |row| match change.what {
        What::Purpose => index.pages(row, Part::Purpose),
        What::Content => index.pages(row, Part::Content),
        // What is new will stand once: where its heading begins.
        What::Added => index.pages(row, Part::Name).get(..1).unwrap_or_default(),
        _ => index.pages(row, Part::Name),
    });
    let mut words: Vec<String> = pages.iter().map(usize::to_string).collect();
    let is_heading = matches!(change.kind, Kind::Row(RowKind::Goal | RowKind::Field | RowKind::Measure));
    let pages = if words.is_empty() {
        String::new()
    } else {
        words.sort_by_key(|word| word.parse::<usize>().unwrap_or(usize::MAX));
        fill(&labels.page, &[("page", &words.join("、"))])
    };
    let contents = template.labels.contents.replace(['　', ' '], "");
    let contents = if is_heading && template.show.contents { contents } else { String::new() };
    let parts = [contents, pages, change.section.to_string()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Two texts without most of what they share, where one of them is long.
fn around_difference(old: &str, new: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    if a.len().max(b.len()) <= LONG || a.is_empty() || b.is_empty() {
        return (old.to_owned(), new.to_owned());
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    let (from, after) = (head.saturating_sub(AROUND), tail.saturating_sub(AROUND));
    let part = |text: &[char]| {
        let middle: String = text.get(from..text.len() - after).unwrap_or_default().iter().collect();
        let (before, behind) = (if from > 0 { "…" } else { "" }, if after > 0 { "…" } else { "" });
        format!("{before}{middle}{behind}")
    };
    (part(&a), part(&b))
}
