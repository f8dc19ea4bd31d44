//! Two PDFs compared by what they show, not by their bytes.
//!
//! A bundle carries the manifest and so cannot stand in it: nothing but the checksums
//! beside it vouches for its pages, and who changes one can change the other. But its
//! pages are those of the document, which the manifest does vouch for.

use std::collections::HashSet;

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, Stream};

use super::attachments::{load, unpacked};

/// The most pairs of objects compared: far more than a document of this program has.
const MOST: usize = 20_000_000;

/// Whether two PDFs have the same pages: their content, their fonts and their links.
pub fn same_pages(one: &[u8], other: &[u8]) -> bool {
    let (Ok(one), Ok(other)) = (load(one), load(other)) else { return false };
    same_under(&one, &other, b"Pages")
}

/// Whether a bundle shows the document and no more: pages, tags, bookmarks and all else
/// that the document's catalogue names are the same, and beyond it the bundle has
/// nothing but the files it carries.
pub fn bundle_shows(document: &[u8], bundle: &[u8]) -> bool {
    let (Ok(document), Ok(bundle)) = (load(document), load(bundle)) else { return false };
    let (Ok(of_document), Ok(of_bundle)) = (document.catalog(), bundle.catalog()) else { return false };
    let carries: [&[u8]; 2] = [b"AF", b"Names"];
    let names = of_bundle.get(b"Names").ok().and_then(|names| bundle.dereference(names).ok());
    // A tree of names can hold scripts too.
    let only_files = names
        .and_then(|(_, names)| names.as_dict().ok())
        .is_some_and(|names| names.iter().all(|(key, _)| key == b"EmbeddedFiles"));
    // Which part of the standard it keeps to stands in the metadata alone.
    let metadata = |pdf: &Pdf, catalogue: &Dictionary| {
        let (_, stream) = pdf.dereference(catalogue.get(b"Metadata").ok()?).ok()?;
        let text = String::from_utf8(unpacked(stream.as_stream().ok()?).ok()?).ok()?;
        Some(text.replace("<pdfaid:part>3<", "<pdfaid:part>2<"))
    };
    let own: Vec<&[u8]> =
        of_bundle.iter().map(|(key, _)| key.as_slice()).filter(|key| !carries.contains(key)).collect();
    only_files
        && own.len() == of_document.len()
        && own.iter().all(|key| of_document.has(key))
        && metadata(&document, of_document) == metadata(&bundle, of_bundle)
        && own.iter().filter(|key| **key != b"Metadata").all(|key| same_under(&document, &bundle, key))
}

/// Whether both catalogues have the same under a key.
fn same_under(one: &Pdf, other: &Pdf, key: &[u8]) -> bool {
    let value = |pdf: &Pdf| pdf.catalog().and_then(|catalogue| catalogue.get(key)).cloned().ok();
    match (value(one), value(other)) {
        (Some(a), Some(b)) => Walk { one, other, met: HashSet::new() }.same(a, b),
        _ => false,
    }
}

/// Two object trees walked side by side.
struct Walk<'p> {
    one: &'p Pdf,
    other: &'p Pdf,
    /// The pairs of objects already met: a page names its parent again.
    met: HashSet<(ObjectId, ObjectId)>,
}

impl Walk<'_> {
    fn same(mut self, a: Object, b: Object) -> bool {
        // Not by recursion: a chain of bookmarks is as long as there are bookmarks.
        let mut open = vec![(a, b)];
        let mut compared = 0;
        while let Some((a, b)) = open.pop() {
            compared += 1;
            if compared > MOST || !self.step(&a, &b, &mut open) {
                return false;
            }
        }
        true
    }

    /// Compares two objects but for what is in them, which is left to do in `open`.
    fn step(&mut self, a: &Object, b: &Object, open: &mut Vec<(Object, Object)>) -> bool {
        match (a, b) {
            (Object::Reference(a), Object::Reference(b)) => {
                if self.met.insert((*a, *b)) {
                    let (Ok(a), Ok(b)) = (self.one.get_object(*a), self.other.get_object(*b)) else {
                        return false;
                    };
                    open.push((a.clone(), b.clone()));
                }
                true
            }
            (Object::Reference(a), b) => match self.one.get_object(*a) {
                Ok(a) if !matches!(a, Object::Reference(_)) => self.step(&a.clone(), b, open),
                _ => false,
            },
            (a, Object::Reference(b)) => match self.other.get_object(*b) {
                Ok(b) if !matches!(b, Object::Reference(_)) => self.step(a, &b.clone(), open),
                _ => false,
            },
            (Object::Array(a), Object::Array(b)) => {
                let same = a.len() == b.len();
                open.extend(a.iter().cloned().zip(b.iter().cloned()));
                same
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => entries(a, b, &[], open),
            (Object::Stream(a), Object::Stream(b)) => {
                let packing: [&[u8]; 3] = [b"Length", b"Filter", b"DecodeParms"];
                entries(&a.dict, &b.dict, &packing, open) && same_content(a, b)
            }
            // A writer may keep 8.0 as 8.
            (Object::Integer(a), Object::Real(b)) | (Object::Real(b), Object::Integer(a)) => *a as f32 == *b,
            (Object::String(a, _), Object::String(b, _)) => a == b,
            (a, b) => a == b,
        }
    }
}

/// Whether two dictionaries have the same keys, those in `but` aside.
fn entries(a: &Dictionary, b: &Dictionary, but: &[&[u8]], open: &mut Vec<(Object, Object)>) -> bool {
    let counted = |of: &Dictionary| of.iter().filter(|(key, _)| !but.contains(&key.as_slice())).count();
    if counted(a) != counted(b) {
        return false;
    }
    for (key, value) in a.iter().filter(|(key, _)| !but.contains(&key.as_slice())) {
        let Ok(other) = b.get(key) else { return false };
        open.push((value.clone(), other.clone()));
    }
    true
}

fn same_content(a: &Stream, b: &Stream) -> bool {
    if a.content == b.content && a.dict.get(b"Filter").ok() == b.dict.get(b"Filter").ok() {
        return true;
    }
    matches!((unpacked(a), unpacked(b)), (Ok(a), Ok(b)) if a == b)
}
