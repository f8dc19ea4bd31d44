//! What changed between two plans (「新旧の違い」), and its official form, the 正誤表.
//!
//! Everything is matched by its ID, never by its name or place: a project that was
//! renamed and moved is one project with two changes. A 再掲 has no ID; it is matched
//! by the measure it stands under and the project it shows again.
//!
//! Always true of the result: comparing a plan with itself finds nothing; every
//! change names something that differs in print, in 「備考」 or in what a template may
//! print; the order is that of the new document, what was dropped standing where it
//! stood. Does no I/O.

mod change;
mod differing;
pub mod errata;
mod item;
mod printed;
mod terminal;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::plan::Plan;
use crate::settings::Settings;
pub use change::{Change, DeclaredColumn, Kind, Section, What};
use item::Item;
pub use terminal::render;

/// One of the two plans compared.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The plan, restricted to the edition that is compared.
    pub plan: &'a Plan,
    /// Its `plan.toml`.
    pub settings: &'a Settings,
}

/// Everything that differs between `old` and `new`, in the order of the document.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let columns = declared_columns(old, new);
    let (before, after) = (List::of(old, &columns), List::of(new, &columns));
    let reordered = reordered(&before, &after);
    // Where each change belongs: at the new item, or behind the last old one that is left.
    let mut changes: Vec<((usize, usize), Change)> = Vec::new();
    let (mut last, mut behind) = (0, 0);
    for item in &before.items {
        match after.at.get(item.key.as_str()) {
            Some(at) => (last, behind) = (*at, 0),
            None => {
                behind += 1;
                let change = item.change(What::Dropped, item.summary(), String::new(), Some(item.row));
                changes.push(((last, behind), change));
            }
        }
    }
    for (at, item) in after.items.iter().enumerate() {
        let Some(earlier) = before.get(&item.key) else {
            let row = nearest_above(item, &after, &before).map(|found| found.row);
            let change = item.change(What::Added, String::new(), item.summary(), row);
            changes.push(((at, 0), change));
            continue;
        };
        let mut note = |what: What, old: String, new: String| {
            changes.push(((at, 0), earlier.change(what, old, new, Some(earlier.row))));
        };
        if earlier.parent != item.parent {
            note(What::Moved, earlier.section.to_string(), item.section.to_string());
        } else if let Some((old, new)) = reordered.get(item.key.as_str()) {
            note(What::Reordered, old.clone(), new.clone());
        }
        let texts: BTreeSet<&What> = earlier.texts.keys().chain(item.texts.keys()).collect();
        for what in texts {
            let text = |item: &Item| item.texts.get(what).cloned().unwrap_or_default();
            let (old, new) = (text(earlier), text(item));
            if old != new {
                note(what.clone(), old, new);
            }
        }
    }
    changes.sort_by_key(|(place, _)| *place);
    changes.into_iter().map(|(_, change)| change).collect()
}

/// The names of the columns that the plans declare: those of the old one in its order, then
/// what only the new one declares.
fn declared_columns<'s>(old: Side<'s>, new: Side<'s>) -> Vec<&'s str> {
    let names = |side: Side<'s>| side.settings.fields.iter().map(|field| field.name.as_str());
    let mut columns: Vec<&str> = names(old).collect();
    columns.extend(names(new).filter(|name| !names(old).any(|own| own == *name)));
    columns
}

/// The items of a plan, found by their keys.
struct List {
    items: Vec<Item>,
    at: HashMap<String, usize>,
}

impl List {
    fn of(side: Side<'_>, columns: &[&str]) -> Self {
        let items = item::items(side.plan, side.settings, columns);
        let at = items.iter().enumerate().map(|(at, item)| (item.key.clone(), at)).collect();
        Self { items, at }
    }

    fn get(&self, key: &str) -> Option<&Item> {
        self.items.get(*self.at.get(key)?)
    }

    /// The keys under each parent that stand under the same one in `other`.
    fn shared<'l>(&'l self, other: &List) -> BTreeMap<&'l str, Vec<&'l str>> {
        let mut shared: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for item in &self.items {
            if other.get(&item.key).is_some_and(|there| there.parent == item.parent) {
                shared.entry(&item.parent).or_default().push(&item.key);
            }
        }
        shared
    }
}

/// The nearest thing above a new item that was in the old plan.
fn nearest_above<'o>(item: &Item, after: &List, before: &'o List) -> Option<&'o Item> {
    let mut parent = item.parent.as_str();
    // A plan is six deep; the bound only guards against a ring.
    for _ in 0..8 {
        if let Some(found) = before.get(parent) {
            return Some(found);
        }
        parent = after.get(parent)?.parent.as_str();
    }
    None
}

/// The fewest items whose moving explains the new order, with what each stood behind
/// and stands behind now.
fn reordered<'n>(before: &List, after: &'n List) -> HashMap<&'n str, (String, String)> {
    let mut moved = HashMap::new();
    let earlier = before.shared(after);
    for (parent, keys) in after.shared(before) {
        let Some(old) = earlier.get(parent) else { continue };
        let place: HashMap<&str, usize> = old.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let places: Vec<usize> = keys.iter().filter_map(|key| place.get(key).copied()).collect();
        let stays = longest_rising(&places);
        let behind = |all: &[&str], at: usize, list: &List| match at.checked_sub(1).and_then(|at| all.get(at))
        {
            Some(key) => list.get(key).map_or_else(String::new, |item| format!("{}の次", item.label())),
            None => "先頭".to_owned(),
        };
        for (at, (key, was)) in keys.iter().zip(&places).enumerate() {
            if !stays.contains(was) {
                moved.insert(*key, (behind(old, *was, before), behind(&keys, at, after)));
            }
        }
    }
    moved
}

/// A longest rising run of numbers among `all` (not necessarily neighbours).
fn longest_rising(all: &[usize]) -> BTreeSet<usize> {
    // `ends[n]`: where the run of n + 1 numbers with the least end ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(all.len());
    for (at, number) in all.iter().enumerate() {
        let length = ends.partition_point(|end| all[*end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut run = BTreeSet::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        run.insert(all[at]);
        next = before[at];
    }
    run
}

#[cfg(test)]
mod tests;
