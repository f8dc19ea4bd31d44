//! Associated files: whole files carried within a PDF (PDF/A-3), and got out again.
//!
//! ISO 19005-3, 6.8 asks of each: a name (`F` and `UF`), how it relates to the
//! document (`AFRelationship`), its kind (`Subtype`), and that the document names it
//! in `/AF`. ISO 32000-1, 7.11.4 adds size, MD5 checksum and date.
//!
//! A file is carried byte for byte. What comes out of a PDF is never trusted: names
//! lose their folders, and a small file that claims to be a gigantic one is refused.

use std::collections::HashSet;

use chrono::NaiveDate;
use lopdf::{Document as Pdf, ObjectId, StringFormat, dictionary};
use md5::{Digest, Md5};

use super::PdfError;
use super::read::{Dictionary, Object, ReadError, Reader, Value};
use super::values::{pdf_date, text_string};
use crate::named_file::NamedFile;

/// How many names a tree of names may have, and how many parts.
const MOST: usize = 1_000;

/// No name of a file is longer, in bytes of the PDF.
const LONGEST_NAME: usize = 2_048;

/// A file to be carried, and what the PDF says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// The file; its name has no folder.
    pub file: &'a NamedFile,
    /// What it is, in a few words for the viewer's list.
    pub description: String,
    /// How it relates to the document.
    pub relationship: Relationship,
    /// The day it bears.
    pub date: NaiveDate,
}

/// `AFRelationship` (ISO 19005-3, 6.8, table 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relationship {
    /// What the document was made from.
    Source,
    /// The figures shown in the document.
    Data,
    /// The same content in another form.
    Alternative,
    /// What adds to the document.
    Supplement,
}

impl Relationship {
    /// The name in the file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Source => "Source",
            Self::Data => "Data",
            Self::Alternative => "Alternative",
            Self::Supplement => "Supplement",
        }
    }
}

/// A file got out of a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractedFile {
    /// The file. Its name is the one it bears in the PDF: any text at all.
    pub file: NamedFile,
    /// Whether size and MD5 are those the PDF states; a file without a statement agrees.
    pub agrees: bool,
}

/// Puts the files into the object tree and names them in the catalogue.
///
/// # Errors
/// [`PdfError`] where the tree has no catalogue.
pub fn attach(pdf: &mut Pdf, attachments: &[Attachment<'_>]) -> Result<(), PdfError> {
    let mut named: Vec<(lopdf::Object, ObjectId)> = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        let file = pdf.add_object(embedded(attachment));
        let name = text_string(&attachment.file.name);
        let specification = pdf.add_object(dictionary! {
            "Type" => "Filespec",
            "F" => name.clone(),
            "UF" => name.clone(),
            "Desc" => text_string(&attachment.description),
            "AFRelationship" => attachment.relationship.name(),
            "EF" => dictionary! { "F" => file, "UF" => file },
        });
        named.push((name, specification));
    }
    // ISO 19005-3, 6.8: every embedded file is associated with the document.
    let associated: Vec<lopdf::Object> = named.iter().map(|(_, id)| lopdf::Object::Reference(*id)).collect();
    // ISO 32000-1, 7.9.6: the names of a tree are sorted by their bytes.
    named.sort_by(|(a, _), (b, _)| bytes_of(a).cmp(bytes_of(b)));
    let names: Vec<lopdf::Object> =
        named.into_iter().flat_map(|(name, id)| [name, lopdf::Object::Reference(id)]).collect();
    let tree = pdf.add_object(dictionary! { "Names" => names });
    let catalogue = pdf.catalog_mut()?;
    catalogue.set("AF", associated);
    catalogue.set("Names", dictionary! { "EmbeddedFiles" => tree });
    Ok(())
}

fn bytes_of(name: &lopdf::Object) -> &[u8] {
    name.as_str().unwrap_or_default()
}

/// The stream of a carried file.
fn embedded(attachment: &Attachment<'_>) -> lopdf::Stream {
    let Attachment { file, date, .. } = attachment;
    let checksum = Md5::digest(&file.bytes).to_vec();
    let date = pdf_date(*date);
    let dictionary = dictionary! {
        "Type" => "EmbeddedFile",
        "Subtype" => file.media_type(),
        "Params" => dictionary! {
            "Size" => file.bytes.len() as i64,
            "CheckSum" => lopdf::Object::String(checksum, StringFormat::Hexadecimal),
            "CreationDate" => date.clone(),
            "ModDate" => date,
        },
    };
    lopdf::Stream::new(dictionary, file.bytes.clone())
}

/// Every file a PDF carries, in the order of its tree of names.
///
/// # Errors
/// [`ReadError`] where the PDF cannot be read or carries nothing.
pub fn extract(pdf: &[u8]) -> Result<Vec<ExtractedFile>, ReadError> {
    let pdf = Reader::open(pdf)?;
    specifications(&pdf)?.iter().map(|specification| extracted(&pdf, specification)).collect()
}

/// What is in the carried file of this name; `None` where the PDF has none that agrees
/// with what it states. No other is unpacked.
///
/// # Errors
/// [`ReadError`] where the PDF cannot be read or carries nothing.
pub fn extract_one(pdf: &[u8], name: &str) -> Result<Option<Vec<u8>>, ReadError> {
    let pdf = Reader::open(pdf)?;
    for specification in specifications(&pdf)? {
        if named(&pdf, &pdf.dictionary(Some(&specification))?)? == name {
            let ExtractedFile { file, agrees } = extracted(&pdf, &specification)?;
            return Ok(agrees.then_some(file.bytes));
        }
    }
    Ok(None)
}

/// What specifies each file that is carried.
fn specifications(pdf: &Reader<'_>) -> Result<Vec<Value>, ReadError> {
    let names = match pdf.catalogue()?.get("Names") {
        Some(names) => pdf.dictionary(Some(names))?,
        None => return Err(ReadError::Nothing),
    };
    let specifications = leaves(pdf, names.get("EmbeddedFiles").ok_or(ReadError::Nothing)?)?;
    if specifications.is_empty() { Err(ReadError::Nothing) } else { Ok(specifications) }
}

/// The file specifications in a tree of names (ISO 32000-1, 7.9.6). A tree is a tree: no
/// part of it stands in two places, and none within itself.
fn leaves(pdf: &Reader<'_>, tree: &Value) -> Result<Vec<Value>, ReadError> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut open = vec![tree.clone()];
    while let Some(node) = open.pop() {
        if let Value::Reference(id) = &node
            && !seen.insert(*id)
        {
            return Err(ReadError::Broken);
        }
        if seen.len() > MOST {
            return Err(ReadError::TooLarge);
        }
        let node = pdf.dictionary(Some(&node))?;
        if let Some(names) = node.get("Names") {
            found.extend(pdf.array(names)?.into_iter().skip(1).step_by(2).take(MOST + 1));
        }
        if let Some(kids) = node.get("Kids") {
            open.extend(pdf.array(kids)?.into_iter().take(MOST + 1).rev());
        }
        if found.len() > MOST || open.len() > MOST {
            return Err(ReadError::TooLarge);
        }
    }
    Ok(found)
}

fn extracted(pdf: &Reader<'_>, specification: &Value) -> Result<ExtractedFile, ReadError> {
    let specification = pdf.dictionary(Some(specification))?;
    let name = named(pdf, &specification)?;
    let files = pdf.dictionary(specification.get("EF"))?;
    let file = ["F", "UF"].iter().find_map(|key| files.get(key)).ok_or(ReadError::Broken)?;
    let Object::Stream(stream) = pdf.follow(file)? else { return Err(ReadError::Broken) };
    let bytes = pdf.unpack(&stream)?;
    let stated = match stream.dictionary.get("Params") {
        Some(stated) => pdf.dictionary(Some(stated))?,
        None => Dictionary::default(),
    };
    let is_size =
        |size: &Value| matches!(size, Value::Integer(size) if usize::try_from(*size) == Ok(bytes.len()));
    let is_checksum = |sum: &Value| sum.as_text() == Some(Md5::digest(&bytes).as_slice());
    let agrees = stated.get("Size").is_none_or(is_size) && stated.get("CheckSum").is_none_or(is_checksum);
    Ok(ExtractedFile { file: NamedFile { name, bytes }, agrees })
}

/// The name of a file.
fn named(pdf: &Reader<'_>, specification: &Dictionary) -> Result<String, ReadError> {
    let name = ["UF", "F"].iter().find_map(|key| specification.get(key));
    match name.map(|name| pdf.follow(name)).transpose()? {
        Some(Object::Value(Value::Text(name))) => Ok(text(&name)),
        _ => Ok(String::new()),
    }
}

/// A text string (7.9.2.2). What is longer than any name is cut: it is refused as a name.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes[..bytes.len().min(LONGEST_NAME)].to_vec();
    lopdf::decode_text_string(&lopdf::Object::String(bytes, StringFormat::Literal)).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pdf_with(files: &[NamedFile]) -> Vec<u8> {
        let attachment = |file| Attachment {
            file,
            description: "説明".to_owned(),
            relationship: Relationship::Data,
            date: NaiveDate::MIN,
        };
        let attachments: Vec<Attachment<'_>> = files.iter().map(attachment).collect();
        let mut pdf = Pdf::with_version("1.7");
        let catalogue = pdf.add_object(dictionary! { "Type" => "Catalog" });
        pdf.trailer.set("Root", catalogue);
        attach(&mut pdf, &attachments).unwrap();
        super::super::file::write(&pdf).unwrap()
    }

    #[test]
    fn every_file_comes_out_as_it_went_in() {
        let all: Vec<NamedFile> =
            (0..2_000u32).map(|n| NamedFile::new(format!("表{n}.csv"), n.to_le_bytes())).collect();
        for some in all.chunks(500) {
            let mut out = extract(&pdf_with(some)).unwrap();
            out.sort_by(|a, b| a.file.bytes.cmp(&b.file.bytes));
            let mut expected: Vec<_> = some.iter().collect();
            expected.sort_by(|a, b| a.bytes.cmp(&b.bytes));
            assert!(out.iter().map(|one| &one.file).eq(expected));
            assert!(out.iter().all(|one| one.agrees));
        }
    }

    /// A small file that unpacks to a giant one does not fill the memory.
    #[test]
    fn what_unpacks_to_a_giant_is_refused() {
        let giant = vec![0; super::super::read::LARGEST + 1];
        let bytes = pdf_with(&[NamedFile::new("a.csv", giant)]);
        assert!(bytes.len() < 1 << 20);
        assert_eq!(extract(&bytes).err(), Some(ReadError::TooLarge));
    }

    #[test]
    fn what_is_no_bundle_is_refused() {
        assert_eq!(extract(b"").err(), Some(ReadError::NotPdf));
        assert_eq!(extract(b"%PDF-1.7\njunk").err(), Some(ReadError::NotPdf));
        assert_eq!(extract(&pdf_with(&[])).err(), Some(ReadError::Nothing));
    }
}
