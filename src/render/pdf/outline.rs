//! Bookmarks: 基本目標 → 分野 → 施策, nested as the headings are.

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, dictionary};

use super::values::text_string;

/// A bookmark.
pub struct Entry {
    /// 1 for 基本目標, 2 for 分野, 3 for 施策.
    pub level: u8,
    /// The heading.
    pub title: String,
    /// The page it is on.
    pub page: ObjectId,
    /// How far up the page, in points.
    pub top: f32,
}

/// Writes the bookmarks (ISO 32000-1, 12.3.3); `None` where there are none.
///
/// The branches of the first level stand open, so that the fields are seen at once.
pub fn build(entries: &[Entry], pdf: &mut Pdf) -> Option<ObjectId> {
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| pdf.new_object_id()).collect();
    let top: Vec<usize> = children(entries, None).collect();
    let (first, last) = (top.first()?, top.last()?);
    for (at, entry) in entries.iter().enumerate() {
        let parent = (0..at).rev().find(|before| entries[*before].level < entry.level);
        let siblings: Vec<usize> = children(entries, parent).collect();
        let place = siblings.iter().position(|sibling| *sibling == at);
        let mut written = dictionary! {
            "Title" => text_string(&entry.title),
            "Parent" => parent.map_or(root, |parent| ids[parent]),
            "Dest" => destination(entry.page, entry.top),
        };
        if let Some(place) = place {
            if let Some(before) = place.checked_sub(1).and_then(|before| siblings.get(before)) {
                written.set("Prev", ids[*before]);
            }
            if let Some(after) = siblings.get(place + 1) {
                written.set("Next", ids[*after]);
            }
        }
        let inner: Vec<usize> = children(entries, Some(at)).collect();
        if let (Some(first), Some(last)) = (inner.first(), inner.last()) {
            written.set("First", ids[*first]);
            written.set("Last", ids[*last]);
            let open = if entry.level == 1 { 1 } else { -1 };
            written.set("Count", open * inner.len() as i64);
        }
        pdf.objects.insert(ids[at], Object::Dictionary(written));
    }
    let shown = top.len() + top.iter().map(|at| children(entries, Some(*at)).count()).sum::<usize>();
    let written: Dictionary = dictionary! {
        "Type" => "Outlines",
        "First" => ids[*first],
        "Last" => ids[*last],
        "Count" => shown as i64,
    };
    pdf.objects.insert(root, Object::Dictionary(written));
    Some(root)
}

/// A place on a page, shown at the reader's own zoom.
pub fn destination(page: ObjectId, top: f32) -> Vec<Object> {
    vec![Object::Reference(page), "XYZ".into(), Object::Null, Object::Real(top), Object::Null]
}

/// The entries directly under `parent`, in order.
fn children(entries: &[Entry], parent: Option<usize>) -> impl Iterator<Item = usize> + '_ {
    let from = parent.map_or(0, |parent| parent + 1);
    let above = parent.map_or(0, |parent| entries[parent].level);
    let mut least = u8::MAX;
    entries[from..].iter().enumerate().take_while(move |(_, entry)| entry.level > above).filter_map(
        move |(at, entry)| {
            // A level that was skipped still hangs under the nearest heading above it.
            let direct = entry.level <= least;
            least = least.min(entry.level);
            direct.then_some(from + at)
        },
    )
}
