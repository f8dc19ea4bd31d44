//! The completion for permanent records: PDF/A-2a (PDF/A-3a for a bundle) and PDF/UA-1.
//!
//! printpdf draws pages and embeds fonts; everything an archive and a screen reader
//! ask for beyond that is put into the finished object tree here, step by step, with
//! the clause that asks for it. ISO 19005-2 is PDF/A-2, ISO 19005-3 is PDF/A-3 (the
//! same clauses, but that files of any kind may be carried), ISO 14289-1 is
//! PDF/UA-1, ISO 32000-1 is PDF 1.7.

use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, Stream, dictionary};
use moxcms::{ColorDateTime, ColorProfile};

use super::values::{pdf_date, text_string};
use super::{PdfError, xmp};
use crate::layout::grid::Document;
use crate::render::Meta;

/// What the pages need to be completed.
pub struct Parts {
    /// The pages' objects, in order.
    pub pages: Vec<ObjectId>,
    /// The root of the structure tree.
    pub structure: ObjectId,
    /// The root of the bookmarks.
    pub outline: Option<ObjectId>,
}

/// Completes the object tree for this part of ISO 19005.
///
/// # Errors
/// [`PdfError`] where the tree has no catalogue or the colour profile cannot be made.
pub fn complete(
    pdf: &mut Pdf,
    document: &Document,
    meta: &Meta,
    parts: &Parts,
    part: u8,
) -> Result<(), PdfError> {
    catalogue(pdf, parts)?;
    page_labels(pdf, document)?;
    pages(pdf, &parts.pages)?;
    information(pdf, meta)?;
    output_intent(pdf)?;
    metadata(pdf, meta, part)
}

/// Language, title in the window's bar, tags, bookmarks.
fn catalogue(pdf: &mut Pdf, parts: &Parts) -> Result<(), PdfError> {
    let catalogue = pdf.catalog_mut()?;
    // ISO 19005-2, 6.7.4 and ISO 14289-1, 7.2: the natural language.
    catalogue.set("Lang", Object::string_literal("ja-JP"));
    // ISO 19005-2, 6.7.2 and ISO 14289-1, 7.1: the file is tagged.
    catalogue.set("MarkInfo", dictionary! { "Marked" => true });
    catalogue.set("StructTreeRoot", parts.structure);
    // ISO 14289-1, 7.1: the window shows the title, not the file's name.
    catalogue.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalogue.remove(b"PageLayout");
    // ISO 32000-1, 7.7.2: a name, where printpdf writes a string.
    catalogue.set("PageMode", if parts.outline.is_some() { "UseOutlines" } else { "UseNone" });
    match parts.outline {
        Some(outline) => catalogue.set("Outlines", outline),
        None => {
            catalogue.remove(b"Outlines");
        }
    }
    Ok(())
}

/// The page numbers a reader shows are those printed; pages before them are i, ii
/// (ISO 32000-1, 12.4.2).
fn page_labels(pdf: &mut Pdf, document: &Document) -> Result<(), PdfError> {
    let mut labels: Vec<Object> = Vec::new();
    let mut page = 0;
    for sheet in &document.sheets {
        let label = match sheet.first_page {
            Some(first) => dictionary! { "S" => "D", "St" => first as i64 },
            None => dictionary! { "S" => "r" },
        };
        labels.push((page as i64).into());
        labels.push(label.into());
        page += sheet.pages.len();
    }
    pdf.catalog_mut()?.set("PageLabels", dictionary! { "Nums" => labels });
    Ok(())
}

fn pages(pdf: &mut Pdf, pages: &[ObjectId]) -> Result<(), PdfError> {
    for (at, id) in pages.iter().enumerate() {
        let page = pdf.get_object_mut(*id)?.as_dict_mut()?;
        // ISO 32000-1, 14.7.4.4: the page's entry in the parent tree.
        page.set("StructParents", at as i64);
        // ISO 14289-1, 7.18.3: tabbing follows the structure.
        page.set("Tabs", "S");
        if page.get(b"Annots").and_then(Object::as_array).is_ok_and(Vec::is_empty) {
            page.remove(b"Annots");
        }
    }
    Ok(())
}

/// The document information dictionary. It agrees with the XMP metadata
/// (ISO 19005-2, 6.6.3); entries PDF 1.7 does not know are taken out.
fn information(pdf: &mut Pdf, meta: &Meta) -> Result<(), PdfError> {
    let id = pdf.trailer.get(b"Info")?.as_reference()?;
    let date = pdf_date(meta.date);
    let mut information = Dictionary::new();
    information.set("Title", text_string(&meta.title));
    information.set("Author", text_string(&meta.author));
    information.set("Subject", text_string(&meta.subject));
    information.set("Keywords", text_string(&meta.keywords.join(", ")));
    information.set("Creator", text_string(xmp::creator(meta)));
    information.set("Producer", text_string(&xmp::producer(meta)));
    information.set("CreationDate", date.clone());
    information.set("ModDate", date);
    pdf.objects.insert(id, Object::Dictionary(information));
    Ok(())
}

/// The colours are sRGB (ISO 19005-2, 6.2.3 and 6.2.4.3): a profile says so.
fn output_intent(pdf: &mut Pdf) -> Result<(), PdfError> {
    let mut profile = ColorProfile::new_srgb();
    // The profile bears the day it was made; the same file must come out every day.
    profile.creation_date_time =
        ColorDateTime { year: 2000, month: 1, day_of_the_month: 1, hours: 0, minutes: 0, seconds: 0 };
    let mut profile = profile.encode().map_err(|_| PdfError::ColourProfile)?;
    // The encoder stamps the header with the clock (bytes 24 to 35, ICC.1, 7.2.1).
    if let Some(stamp) = profile.get_mut(24..36) {
        stamp.copy_from_slice(&[0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    }
    let profile = pdf.add_object(Stream::new(dictionary! { "N" => 3, "Alternate" => "DeviceRGB" }, profile));
    let intent = pdf.add_object(dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB IEC61966-2.1"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    });
    pdf.catalog_mut()?.set("OutputIntents", vec![Object::Reference(intent)]);
    Ok(())
}

/// The XMP metadata (ISO 19005-2, 6.6.2): never compressed, so that it can be read
/// by programs that know nothing of PDF.
fn metadata(pdf: &mut Pdf, meta: &Meta, part: u8) -> Result<(), PdfError> {
    let dictionary = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let stream = Stream::new(dictionary, xmp::packet(meta, part).into_bytes()).with_compression(false);
    let id = pdf.add_object(stream);
    pdf.catalog_mut()?.set("Metadata", id);
    Ok(())
}
