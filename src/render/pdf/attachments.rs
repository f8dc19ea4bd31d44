//! Associated files: whole files carried within a PDF (PDF/A-3), and got out again.
//!
//! ISO 19005-3, 6.8 asks of each: a name (`F` and `UF`), how it relates to the
//! document (`AFRelationship`), its kind (`Subtype`), and that the document names it
//! in `/AF`. ISO 32000-1, 7.11.4 adds size, MD5 checksum and date.
//!
//! A file is carried byte for byte. What comes out of a PDF is never trusted: names
//! lose their folders, and a small file that claims to be a gigantic one is refused.

use std::io::Read;

use chrono::NaiveDate;
use flate2::read::ZlibDecoder;
use lopdf::{Dictionary, Document as Pdf, LoadOptions, Object, ObjectId, Stream, StringFormat, dictionary};
use md5::{Digest, Md5};

use super::{PdfError, archival, text_string};
use crate::render::MediaType;

/// The largest file taken out of a PDF, in bytes. A set of documents is a few
/// megabytes; what unpacks to more than this was made to do harm.
pub const LARGEST: usize = 256 << 20;

/// The most that the objects packed in one stream unpack to, in bytes: they are
/// unpacked on loading, and ours are some kilobytes.
const LARGEST_PACK: usize = 16 << 20;

/// How deep a tree of names may be, and how many names it may have.
const DEEPEST: usize = 16;
const MOST: usize = 1_000;

/// A file to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without a folder.
    pub name: String,
    /// What it is, in a few words for the viewer's list.
    pub description: String,
    /// How it relates to the document.
    pub relationship: Relationship,
    /// What kind of file it is.
    pub media_type: MediaType,
    /// Its content.
    pub bytes: Vec<u8>,
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
    pub const fn name(self) -> &'static str {
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
pub struct Extracted {
    /// The name it bears in the PDF: any text at all.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether size and MD5 are those the PDF states; a file without a statement agrees.
    pub agrees: bool,
}

/// Why no files can be got out of a PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// It is no PDF, or a broken one.
    #[error("PDFとして読めません")]
    NotPdf,
    /// It is encrypted.
    #[error("パスワードで保護されています")]
    Encrypted,
    /// It carries no files.
    #[error("ファイルが1つも入っていません")]
    Nothing,
    /// A file in it is broken.
    #[error("中のファイルが壊れています")]
    Broken,
    /// A file in it is larger than any that belongs to a plan.
    #[error("中のファイルが大きすぎます")]
    TooLarge,
}

/// Puts the files into the object tree and names them in the catalogue.
///
/// # Errors
/// [`PdfError`] where the tree has no catalogue.
pub fn attach(pdf: &mut Pdf, attachments: &[Attachment]) -> Result<(), PdfError> {
    let mut named: Vec<(Object, ObjectId)> = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        let file = pdf.add_object(embedded(attachment));
        let name = text_string(&attachment.name);
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
    let associated: Vec<Object> = named.iter().map(|(_, id)| Object::Reference(*id)).collect();
    // ISO 32000-1, 7.9.6: the names of a tree are sorted by their bytes.
    named.sort_by(|(a, _), (b, _)| bytes_of(a).cmp(bytes_of(b)));
    let names: Vec<Object> = named.into_iter().flat_map(|(name, id)| [name, Object::Reference(id)]).collect();
    let tree = pdf.add_object(dictionary! { "Names" => names });
    let catalogue = pdf.catalog_mut()?;
    catalogue.set("AF", associated);
    catalogue.set("Names", dictionary! { "EmbeddedFiles" => tree });
    Ok(())
}

fn bytes_of(name: &Object) -> &[u8] {
    name.as_str().unwrap_or_default()
}

/// The stream of a carried file.
fn embedded(attachment: &Attachment) -> Stream {
    let checksum = Md5::digest(&attachment.bytes).to_vec();
    let date = Object::string_literal(archival::pdf_date(attachment.date));
    let dictionary = dictionary! {
        "Type" => "EmbeddedFile",
        "Subtype" => attachment.media_type.name(),
        "Params" => dictionary! {
            "Size" => attachment.bytes.len() as i64,
            "CheckSum" => Object::String(checksum, StringFormat::Hexadecimal),
            "CreationDate" => date.clone(),
            "ModDate" => date,
        },
    };
    Stream::new(dictionary, attachment.bytes.clone())
}

/// Every file a PDF carries, in the order of its tree of names.
///
/// # Errors
/// [`ExtractError`] where the PDF cannot be read or carries nothing.
pub fn extract(pdf: &[u8]) -> Result<Vec<Extracted>, ExtractError> {
    let pdf = load(pdf)?;
    let catalogue = pdf.catalog().map_err(|_| ExtractError::NotPdf)?;
    let names = followed(&pdf, catalogue, b"Names").ok_or(ExtractError::Nothing)?;
    let tree = followed(&pdf, names, b"EmbeddedFiles").ok_or(ExtractError::Nothing)?;
    let mut specifications = Vec::new();
    leaves(&pdf, tree, 0, &mut specifications);
    let files: Vec<Extracted> =
        specifications.into_iter().map(|spec| carried(&pdf, spec)).collect::<Result<_, _>>()?;
    if files.is_empty() { Err(ExtractError::Nothing) } else { Ok(files) }
}

/// The objects of a PDF that nobody vouches for.
pub(super) fn load(pdf: &[u8]) -> Result<Pdf, ExtractError> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(ExtractError::NotPdf);
    }
    let options = LoadOptions { max_decompressed_size: Some(LARGEST_PACK), ..LoadOptions::default() };
    let pdf = Pdf::load_mem_with_options(pdf, options).map_err(|_| ExtractError::NotPdf)?;
    if pdf.is_encrypted() { Err(ExtractError::Encrypted) } else { Ok(pdf) }
}

/// The dictionary under a key, through a reference where there is one.
fn followed<'p>(pdf: &'p Pdf, of: &'p Dictionary, key: &[u8]) -> Option<&'p Dictionary> {
    let (_, object) = pdf.dereference(of.get(key).ok()?).ok()?;
    object.as_dict().ok()
}

/// The file specifications in a tree of names (ISO 32000-1, 7.9.6).
fn leaves<'p>(pdf: &'p Pdf, node: &'p Dictionary, depth: usize, found: &mut Vec<&'p Dictionary>) {
    if depth > DEEPEST || found.len() > MOST {
        return;
    }
    let array = |key: &[u8]| {
        let (_, object) = pdf.dereference(node.get(key).ok()?).ok()?;
        object.as_array().ok()
    };
    let dictionary = |object: &'p Object| pdf.dereference(object).ok().and_then(|(_, o)| o.as_dict().ok());
    if let Some(names) = array(b"Names") {
        found.extend(names.iter().skip(1).step_by(2).filter_map(dictionary).take(MOST));
    }
    for kid in array(b"Kids").into_iter().flatten().take(MOST).filter_map(dictionary) {
        leaves(pdf, kid, depth + 1, found);
    }
}

fn carried(pdf: &Pdf, specification: &Dictionary) -> Result<Extracted, ExtractError> {
    let name = [b"UF".as_slice(), b"F"].iter().find_map(|key| specification.get(key).ok());
    let name = name.and_then(|name| lopdf::decode_text_string(name).ok()).unwrap_or_default();
    let files = followed(pdf, specification, b"EF").ok_or(ExtractError::Broken)?;
    let file = [b"F".as_slice(), b"UF"].iter().find_map(|key| files.get(key).ok());
    let (_, file) = pdf.dereference(file.ok_or(ExtractError::Broken)?).map_err(|_| ExtractError::Broken)?;
    let stream = file.as_stream().map_err(|_| ExtractError::Broken)?;
    let bytes = unpacked(stream)?;
    let stated = followed(pdf, &stream.dict, b"Params");
    let size = stated.and_then(|stated| stated.get(b"Size").ok()?.as_i64().ok());
    let checksum = stated.and_then(|stated| stated.get(b"CheckSum").ok()?.as_str().ok());
    let agrees = size.is_none_or(|size| usize::try_from(size) == Ok(bytes.len()))
        && checksum.is_none_or(|checksum| checksum == Md5::digest(&bytes).as_slice());
    Ok(Extracted { name, bytes, agrees })
}

/// A stream's content, never more than [`LARGEST`].
pub(super) fn unpacked(stream: &Stream) -> Result<Vec<u8>, ExtractError> {
    let filters = match stream.dict.get(b"Filter") {
        Err(_) => Vec::new(),
        Ok(_) => stream.filters().map_err(|_| ExtractError::Broken)?,
    };
    let mut content = stream.content.clone();
    if filters.len() > DEEPEST {
        return Err(ExtractError::Broken);
    }
    for filter in filters {
        if filter != b"FlateDecode" {
            return Err(ExtractError::Broken);
        }
        let mut out = Vec::new();
        let most = LARGEST as u64 + 1;
        ZlibDecoder::new(content.as_slice())
            .take(most)
            .read_to_end(&mut out)
            .map_err(|_| ExtractError::Broken)?;
        content = out;
        if content.len() > LARGEST {
            return Err(ExtractError::TooLarge);
        }
    }
    Ok(content)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn attachment(name: &str, bytes: &[u8]) -> Attachment {
        Attachment {
            name: name.to_owned(),
            description: "説明".to_owned(),
            relationship: Relationship::Data,
            media_type: MediaType::Csv,
            bytes: bytes.to_vec(),
            date: NaiveDate::MIN,
        }
    }

    fn carried_by(attachments: &[Attachment]) -> Vec<u8> {
        let mut pdf = Pdf::with_version("1.7");
        let catalogue = pdf.add_object(dictionary! { "Type" => "Catalog" });
        pdf.trailer.set("Root", catalogue);
        attach(&mut pdf, attachments).unwrap();
        super::super::file::write(&pdf).unwrap()
    }

    #[test]
    fn every_file_comes_out_as_it_went_in() {
        let all: Vec<Attachment> =
            (0..2_000u32).map(|n| attachment(&format!("表{n}.csv"), &n.to_le_bytes())).collect();
        for some in all.chunks(500) {
            let mut out = extract(&carried_by(some)).unwrap();
            out.sort_by(|a, b| a.bytes.cmp(&b.bytes));
            let mut expected: Vec<_> = some.iter().map(|a| (a.name.as_str(), a.bytes.as_slice())).collect();
            expected.sort_by(|a, b| a.1.cmp(b.1));
            let got: Vec<_> = out.iter().map(|e| (e.name.as_str(), e.bytes.as_slice())).collect();
            assert_eq!(got, expected);
            assert!(out.iter().all(|file| file.agrees));
        }
    }

    /// A small file that unpacks to a giant one does not fill the memory.
    #[test]
    fn what_unpacks_to_a_giant_is_refused() {
        let giant = vec![0; LARGEST + 1];
        let bytes = carried_by(&[attachment("a.csv", &giant)]);
        drop(giant);
        assert!(bytes.len() < 1 << 20);
        assert_eq!(extract(&bytes).err(), Some(ExtractError::TooLarge));
    }

    #[test]
    fn what_is_no_bundle_is_refused() {
        assert_eq!(extract(b"").err(), Some(ExtractError::NotPdf));
        assert_eq!(extract(b"%PDF-1.7\njunk").err(), Some(ExtractError::NotPdf));
        assert_eq!(extract(&carried_by(&[])).err(), Some(ExtractError::Nothing));
    }
}
