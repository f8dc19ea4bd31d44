//! What changed between two plans (「新旧の違い」), and its official form, the 正誤表.
//!
//! Everything is matched by its ID, never by its name or place: a project that was
//! renamed and moved is one project with two changes. A 再掲 has no ID; it is matched
//! by the measure it stands under and the project it shows again.
//!
//! Always true of the result: comparing a plan with itself finds nothing; every
//! change names something that differs in print or in 「備考」; the order is that of
//! the new document, what was dropped standing where it stood. Does no I/O.

pub mod errata;
mod item;
mod terminal;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Serialize, Serializer};

use crate::plan::{FiscalYear, Plan, Row, RowKind};
use crate::settings::Settings;
use item::Item;
pub use item::{Kind, Section};
pub use terminal::render;

/// One of the two plans compared.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The plan, restricted to the edition that is compared.
    pub plan: &'a Plan,
    /// Its `plan.toml`.
    pub settings: &'a Settings,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The ID by which both were matched; that of the project for a 再掲.
    pub id: String,
    /// 「種別」
    pub kind: Kind,
    /// Where it stands, in the old plan where it stood there.
    pub section: Section,
    /// Its number, in the old plan where it was there.
    pub number: String,
    /// Its name, in the old plan where it was there.
    pub name: String,
    /// What differs.
    pub what: What,
    /// As it was (誤); empty where there was nothing.
    pub old: String,
    /// As it is now (正); empty where there is nothing.
    pub new: String,
    /// Its row in the old plan, or that of the nearest thing above it that was there.
    #[serde(skip)]
    pub old_row: Option<Row>,
}

/// What of a thing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is new.
    Added,
    /// It is gone.
    Dropped,
    /// It stands under another heading.
    Moved,
    /// It stands in another order among its like.
    Reordered,
    /// The document's title.
    Title,
    /// 「番号」
    Number,
    /// 「名称」
    Name,
    /// 「担当課」
    Department,
    /// 「区分」
    Division,
    /// 「目的」
    Purpose,
    /// 「内容」
    Content,
    /// 「目標」
    Target,
    /// 「基準値」
    Baseline,
    /// 「実績」 of a year
    Actual(FiscalYear),
    /// 「備考」, which is never printed
    Remark,
}

impl What {
    /// As documents and messages name it.
    pub fn word(self) -> String {
        match self {
            Self::Added => "追加".to_owned(),
            Self::Dropped => "削除".to_owned(),
            Self::Moved => "移動".to_owned(),
            Self::Reordered => "順番".to_owned(),
            Self::Title => "表題".to_owned(),
            Self::Number => "番号".to_owned(),
            Self::Name => "名称".to_owned(),
            Self::Department => "担当課".to_owned(),
            Self::Division => "区分".to_owned(),
            Self::Purpose => "目的".to_owned(),
            Self::Content => "内容".to_owned(),
            Self::Target => "目標".to_owned(),
            Self::Baseline => "基準値".to_owned(),
            Self::Actual(year) => format!("{year}実績"),
            Self::Remark => "備考".to_owned(),
        }
    }

    /// Whether the council's documents print it.
    pub fn is_printed(self) -> bool {
        self != Self::Remark
    }
}

/// For programs: one word for each, `actual:R4` for a year.
impl Serialize for What {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let word = match self {
            Self::Added => "added",
            Self::Dropped => "dropped",
            Self::Moved => "moved",
            Self::Reordered => "reordered",
            Self::Title => "title",
            Self::Number => "number",
            Self::Name => "name",
            Self::Department => "department",
            Self::Division => "division",
            Self::Purpose => "purpose",
            Self::Content => "content",
            Self::Target => "target",
            Self::Baseline => "baseline",
            Self::Actual(year) => return serializer.collect_str(&format_args!("actual:{year}")),
            Self::Remark => "remark",
        };
        serializer.serialize_str(word)
    }
}

impl Change {
    /// Whether the council's documents show it.
    pub fn is_printed(&self) -> bool {
        // The plan's name stands in the files' properties only.
        self.what.is_printed() && (self.kind, self.what) != (Kind::Plan, What::Name)
    }

    /// 「事業12「人材確保対策事業」の事業量「相談件数」」
    pub fn subject(&self) -> String {
        let own = match (self.kind, self.name.as_str()) {
            (Kind::Plan, _) => return self.kind.word().to_owned(),
            (_, "") => self.kind.word().to_owned(),
            (kind, name) => format!("{}{}「{name}」", kind.word(), item::shown_number(&self.number)),
        };
        match &self.section.project {
            Some(project) if self.kind == Kind::Row(RowKind::ProjectIndicator) => format!("{project}の{own}"),
            _ => own,
        }
    }
}

/// Everything that differs between `old` and `new`, in the order of the document.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let (before, after) = (List::of(old), List::of(new));
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
        let texts: BTreeSet<What> = earlier.texts.keys().chain(item.texts.keys()).copied().collect();
        for what in texts {
            let text = |item: &Item| item.texts.get(&what).cloned().unwrap_or_default();
            let (old, new) = (text(earlier), text(item));
            if old != new {
                note(what, old, new);
            }
        }
    }
    changes.sort_by_key(|(place, _)| *place);
    changes.into_iter().map(|(_, change)| change).collect()
}

/// The items of a plan, found by their keys.
struct List {
    items: Vec<Item>,
    at: HashMap<String, usize>,
}

impl List {
    fn of(side: Side<'_>) -> Self {
        let items = item::items(side.plan, side.settings);
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
    // A plan is five deep; the bound only guards against a ring.
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
