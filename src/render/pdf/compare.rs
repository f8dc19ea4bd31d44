//! Two PDFs compared by what they show, not by their bytes.
//!
//! A bundle carries the manifest and so cannot stand in it: nothing but the checksums
//! beside it vouches for its pages, and who changes one can change the other. But its
//! pages are those of the document, which the manifest does vouch for.
//!
//! One pair of objects is held at a time, whatever the files hold; what is parsed and
//! unpacked of each is bounded by its reader.

use std::collections::HashSet;

use super::read::{Dictionary, Id, Object, ReadError, Reader, Stream, Value};

/// The most pairs of objects compared: far more than a document of this program has.
const MOST: usize = 1_000_000;

/// No larger PDFs are compared, in bytes: both are held.
const LARGEST: usize = 32 << 20;

/// How many pages a PDF says it has; `None` for what cannot be read.
pub fn page_count(pdf: &[u8]) -> Option<usize> {
    let pdf = open(pdf).ok()?;
    let catalogue = pdf.catalogue().ok()?;
    pdf.dictionary(catalogue.get("Pages")).ok()?.count("Count").ok()
}

/// Whether two PDFs have the same pages: their content, their fonts and their links. What
/// cannot be read, or is too much to be compared, is not the same.
pub fn same_pages(one: &[u8], other: &[u8]) -> bool {
    let same = || {
        let (one, other) = (open(one)?, open(other)?);
        same_under(&one, &other, (&one.catalogue()?, &other.catalogue()?), b"Pages")
    };
    same().unwrap_or(false)
}

/// Whether a bundle shows the document and no more: pages, tags, bookmarks and all else
/// that the document's catalogue names are the same, and beyond it the bundle has
/// nothing but the files it carries.
///
/// # Errors
/// [`ReadError`] where one of them cannot be read, or holds too much to be compared.
pub fn bundle_shows(document: &[u8], bundle: &[u8]) -> Result<bool, ReadError> {
    let (document, bundle) = (open(document)?, open(bundle)?);
    let (of_document, of_bundle) = (document.catalogue()?, bundle.catalogue()?);
    // A tree of names can hold scripts too.
    let only_files = match of_bundle.get("Names") {
        Some(names) => bundle.dictionary(Some(names))?.iter().all(|(key, _)| key == b"EmbeddedFiles"),
        None => false,
    };
    // Which part of the standard it keeps to stands in the metadata alone.
    let metadata = |pdf: &Reader<'_>, catalogue: &Dictionary| match catalogue.get("Metadata") {
        None => Ok(None),
        Some(stream) => match pdf.follow(stream)? {
            Object::Stream(stream) => {
                let text = String::from_utf8(pdf.unpack(&stream)?).map_err(|_| ReadError::Broken)?;
                Ok(Some(text.replace("<pdfaid:part>3<", "<pdfaid:part>2<")))
            }
            Object::Value(_) => Err(ReadError::Broken),
        },
    };
    let own: Vec<&[u8]> =
        of_bundle.iter().map(|(key, _)| key).filter(|key| !matches!(*key, b"AF" | b"Names")).collect();
    if !only_files
        || own.len() != of_document.iter().count()
        || own.iter().any(|key| of_document.of(key).is_none())
        || metadata(&document, &of_document)? != metadata(&bundle, &of_bundle)?
    {
        return Ok(false);
    }
    for key in own.into_iter().filter(|key| *key != b"Metadata") {
        if !same_under(&document, &bundle, (&of_document, &of_bundle), key)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn open(pdf: &[u8]) -> Result<Reader<'_>, ReadError> {
    if pdf.len() > LARGEST { Err(ReadError::TooLarge) } else { Reader::open(pdf) }
}

/// Whether both catalogues have the same under a key.
fn same_under(
    one: &Reader<'_>,
    other: &Reader<'_>,
    catalogues: (&Dictionary, &Dictionary),
    key: &[u8],
) -> Result<bool, ReadError> {
    match (catalogues.0.of(key), catalogues.1.of(key)) {
        (Some(a), Some(b)) => Walk { one, other, met: HashSet::new(), open: Vec::new() }.same(a, b),
        _ => Ok(false),
    }
}

/// Two object trees walked side by side.
struct Walk<'w, 'p> {
    one: &'w Reader<'p>,
    other: &'w Reader<'p>,
    /// The pairs of objects already met: a page names its parent again.
    met: HashSet<(Id, Id)>,
    /// Those of them that are still to be compared.
    open: Vec<(Id, Id)>,
}

impl Walk<'_, '_> {
    fn same(mut self, a: &Value, b: &Value) -> Result<bool, ReadError> {
        if !self.values(a, b)? {
            return Ok(false);
        }
        // Not by recursion: a chain of bookmarks is as long as there are bookmarks.
        while let Some((a, b)) = self.open.pop() {
            let same = match (self.one.get(a)?, self.other.get(b)?) {
                (Object::Value(a), Object::Value(b)) => self.values(&a, &b)?,
                (Object::Stream(a), Object::Stream(b)) => self.streams(&a, &b)?,
                _ => false,
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Compares two values but for the objects to which they refer, which are left to do
    /// in `open`. Values are no deeper than their reader allows.
    fn values(&mut self, a: &Value, b: &Value) -> Result<bool, ReadError> {
        Ok(match (a, b) {
            (Value::Reference(a), Value::Reference(b)) => {
                if self.met.insert((*a, *b)) {
                    self.open.push((*a, *b));
                }
                if self.met.len() > MOST {
                    return Err(ReadError::TooLarge);
                }
                true
            }
            (Value::Reference(_), b) => match self.one.follow(a)? {
                Object::Value(a) => self.values(&a, b)?,
                Object::Stream(_) => false,
            },
            (a, Value::Reference(_)) => match self.other.follow(b)? {
                Object::Value(b) => self.values(a, &b)?,
                Object::Stream(_) => false,
            },
            (Value::Array(a), Value::Array(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b) {
                    if !self.values(a, b)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Dictionary(a), Value::Dictionary(b)) => self.entries(a, b, &[])?,
            // A writer may keep 8.0 as 8.
            (Value::Integer(a), Value::Real(b)) | (Value::Real(b), Value::Integer(a)) => *a as f32 == *b,
            (a, b) => a == b,
        })
    }

    /// Whether two dictionaries have the same, the keys in `but` aside.
    fn entries(&mut self, a: &Dictionary, b: &Dictionary, but: &[&[u8]]) -> Result<bool, ReadError> {
        let counted = |of: &Dictionary| of.iter().filter(|(key, _)| !but.contains(key)).count();
        if counted(a) != counted(b) {
            return Ok(false);
        }
        for (key, value) in a.iter().filter(|(key, _)| !but.contains(key)) {
            let Some(other) = b.of(key) else { return Ok(false) };
            if !self.values(value, other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn streams(&mut self, a: &Stream, b: &Stream) -> Result<bool, ReadError> {
        let packing: [&[u8]; 3] = [b"Length", b"Filter", b"DecodeParms"];
        if !self.entries(&a.dictionary, &b.dictionary, &packing)? {
            return Ok(false);
        }
        let how = |stream: &Stream| ["Filter", "DecodeParms"].map(|key| stream.dictionary.get(key).cloned());
        let (packed, other) = (self.one.packed(a), self.other.packed(b));
        // Streams can lie in each other, and be as long as the file each.
        self.one.spend(packed.len().min(other.len()))?;
        if how(a) == how(b) && packed == other {
            return Ok(true);
        }
        Ok(self.one.unpack(a)? == self.other.unpack(b)?)
    }
}
