//! 「正誤表」: the changes in the form in which a city hall issues a correction.
//!
//! The pages are those of the *old* document: that is the one on the reader's desk. Of a
//! long text only the part around the difference is shown; nothing that differs is cut.

use super::change::{Change, Kind, What};
use super::printed::{Printed, is_shown};
use crate::layout::PageIndex;
use crate::layout::template::{Template, fill};
use crate::plan::{Plan, RowKind};

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

/// A document that is corrected, and on which of its pages what stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentPages {
    /// Its name, such as 実績一覧.
    pub name: String,
    /// Its pages.
    pub index: PageIndex,
}

/// The corrections of what is printed, in order. `plan` and `documents` are the old ones;
/// documents are named where there are several.
pub fn corrections(
    changes: &[Change],
    plan: &Plan,
    documents: &[DocumentPages],
    template: &Template,
) -> Vec<Correction> {
    let documents: Vec<Printed<'_>> = documents.iter().map(|document| Printed::of(plan, document)).collect();
    let shown = changes.iter().filter(|change| is_shown(change, &documents));
    shown.map(|change| correction(change, &documents, template)).collect()
}

fn correction(change: &Change, documents: &[Printed<'_>], template: &Template) -> Correction {
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
    let item = match &change.what {
        what @ What::Title => what.word(),
        what => format!("{}　{}", change.subject(), what.word()),
    };
    Correction { id: change.id.clone(), place: place(change, documents, template), item, wrong, right }
}

/// The pages on which it is printed, and the headings it stands under.
fn place(change: &Change, documents: &[Printed<'_>], template: &Template) -> String {
    let labels = &template.errata;
    if change.kind == Kind::Plan {
        return labels.every_goal.clone();
    }
    let is_heading = matches!(change.kind, Kind::Row(RowKind::Goal | RowKind::Field | RowKind::Measure));
    let is_in_contents =
        is_heading && template.contents.levels > 0 && !matches!(change.what, What::Declared(_));
    let contents = template.contents.title.replace(['　', ' '], "");
    let contents = if is_in_contents { contents } else { String::new() };
    let mut parts = vec![contents];
    for document in documents {
        let mut pages = document.pages(change).to_vec();
        if pages.is_empty() {
            continue;
        }
        pages.sort_unstable();
        let words: Vec<String> = pages.iter().map(usize::to_string).collect();
        let words = fill(&labels.page, &[("ページ", &words.join("、"))]);
        parts.push(if documents.len() > 1 { format!("{}　{words}", document.name) } else { words });
    }
    parts.push(change.section.to_string());
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
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
