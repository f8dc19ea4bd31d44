//! 「正誤表」: the changes in the form in which a city hall issues a correction.
//!
//! The pages are those of the *old* document: that is the one on the reader's desk. Of a
//! long text only the part around the difference is shown; nothing that differs is cut.

use super::change::{Change, Kind, What};
use super::differing::{differing, runs, shared_ends};
pub use super::printed::DocumentPages;
use super::printed::{Printed, is_shown};
use crate::layout::errata::Wording;
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
    pub wrong: Wording,
    /// 「正」
    pub right: Wording,
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
    let [wrong, right] = match change.what {
        What::Added => [whole(&labels.absent), whole(&change.new)],
        What::Dropped => [whole(&change.old), whole(&labels.dropped)],
        _ => {
            let empty = match change.kind {
                Kind::Row(RowKind::Reprint) => &labels.as_original,
                _ => &labels.empty,
            };
            match (change.old.as_str(), change.new.as_str()) {
                ("", new) => [whole(empty), whole(new)],
                (old, "") => [whole(old), whole(empty)],
                (old, new) => wordings(old, new),
            }
        }
    };
    // On a line of its own, so that it stays one word.
    let item = match &change.what {
        What::Title => change.what.word(),
        what => format!("{}\n{}", change.subject(), printed_word(what)),
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

/// What differs, with the year as documents print it: 令和4年度実績.
fn printed_word(what: &What) -> String {
    match what {
        What::Actual(year) => format!("{}実績", year.long()),
        What::Settled(year) => format!("{}決算", year.long()),
        What::Budgeted(year) => format!("{}予算", year.long()),
        What::Targeted(year) => format!("{}目標値", year.long()),
        what => what.word(),
    }
}

/// A text that differs whole.
fn whole(text: &str) -> Wording {
    Wording { text: text.to_owned(), differing: std::iter::once(0..text.len()).collect() }
}

/// Two texts, with what differs.
fn wordings(old: &str, new: &str) -> [Wording; 2] {
    let (old, new) = around_difference(old, new);
    let [was, is] = differing(&old, &new);
    [Wording { text: old, differing: was }, Wording { text: new, differing: is }]
}

/// Two texts without most of what they share, where one of them is long.
fn around_difference(old: &str, new: &str) -> (String, String) {
    if old.chars().count().max(new.chars().count()) <= LONG {
        return (old.to_owned(), new.to_owned());
    }
    let (a, b) = (runs(old), runs(new));
    let (head, tail) = shared_ends(&a, &b);
    // Figures and words are left out whole, or not at all.
    let (before, behind) = (head - kept(a[..head].iter().rev()), tail - kept(a[a.len() - tail..].iter()));
    let part = |runs: &[&str]| {
        let middle = runs.get(before..runs.len() - behind).unwrap_or_default().concat();
        let (before, behind) = (if before > 0 { "…" } else { "" }, if behind > 0 { "…" } else { "" });
        format!("{before}{middle}{behind}")
    };
    (part(&a), part(&b))
}

/// How many runs beside a difference are shown.
fn kept<'r>(runs: impl Iterator<Item = &'r &'r str>) -> usize {
    let mut letters = 0;
    let far = |run: &&&str| {
        let is_near = letters < AROUND;
        letters += run.chars().count();
        is_near
    };
    runs.take_while(far).count()
}
