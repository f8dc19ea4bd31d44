//! The PDF writer.
//!
//! ```text
//! document ─► fonts   the glyphs that occur, cut out of the fonts
//!          ─► paint   each page as operations, cells marked in reading order
//!          ─► printpdf: pages and fonts as an object tree
//!          ─► structure, outline, links: what the marks mean
//!          ─► archival: what PDF/A and PDF/UA-1 ask for
//!          ─► attachments: the files a bundle carries
//!          ─► file: the bytes
//! ```
//!
//! The only part that names printpdf and lopdf, which write. `read` reads what comes back:
//! `attachments` gets files out with it, `compare` tells whether two PDFs show the same.

mod archival;
mod attachments;
mod compare;
mod file;
mod fonts;
mod outline;
mod paint;
mod read;
mod structure;
mod values;
mod xmp;

use std::collections::BTreeMap;

use lopdf::{Document as Pdf, Object, ObjectId, dictionary};
use printpdf::{FontId, PdfDocument, PdfFont, PdfPage, PdfSaveOptions, Pt, Rect};

pub(crate) use attachments::{Attachment, Relationship, extract_one};
pub use attachments::{ExtractedFile, extract};
pub use compare::{bundle_shows, page_count, same_pages};
pub use read::{LARGEST, ReadError};

use super::Meta;
use crate::layout::font::Fonts;
use crate::layout::grid::{Document, Role};
use fonts::Subsets;
use paint::Painted;
use values::text_string;

/// A PDF that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font file that cannot be cut down to the characters used.
    #[error("フォントをPDFに埋め込めません。別のフォントファイルを指定してください")]
    Font,
    /// The description of sRGB cannot be made.
    #[error("PDFの色の定義を作れません")]
    ColourProfile,
    /// The library refuses.
    #[error("PDFを組み立てられません（{0}）")]
    Library(#[from] lopdf::Error),
    /// The bytes cannot be written.
    #[error("PDFを書き出せません（{0}）")]
    Write(#[from] std::io::Error),
}

/// The bytes of the PDF.
///
/// # Errors
/// [`PdfError`] where a font cannot be embedded or the file not be assembled.
pub fn to_bytes(document: &Document, fonts: &Fonts<'_>, meta: &Meta) -> Result<Vec<u8>, PdfError> {
    written(document, fonts, meta, Profile::A2a)
}

/// The bytes of a bundle: the same pages as PDF/A-3a, with whole files carried within.
///
/// # Errors
/// As [`to_bytes`].
pub(crate) fn bundle(
    document: &Document,
    fonts: &Fonts<'_>,
    meta: &Meta,
    attachments: &[Attachment<'_>],
) -> Result<Vec<u8>, PdfError> {
    written(document, fonts, meta, Profile::A3a(attachments))
}

/// Which part of ISO 19005 the file keeps to.
#[derive(Clone, Copy)]
enum Profile<'a> {
    /// PDF/A-2a (ISO 19005-2): what archives ask for. Carries nothing.
    A2a,
    /// PDF/A-3a (ISO 19005-3): the same, and files of any kind may be carried.
    A3a(&'a [Attachment<'a>]),
}

impl Profile<'_> {
    /// The part of the standard, as the file states it.
    const fn part(self) -> u8 {
        match self {
            Self::A2a => 2,
            Self::A3a(_) => 3,
        }
    }
}

fn written(
    document: &Document,
    fonts: &Fonts<'_>,
    meta: &Meta,
    profile: Profile<'_>,
) -> Result<Vec<u8>, PdfError> {
    let mut painted: Vec<(usize, Painted)> = Vec::with_capacity(document.page_count());
    let subsets = Subsets::of(document, fonts);
    for (index, sheet) in document.sheets.iter().enumerate() {
        for (at, cells) in sheet.cells_of_pages().iter().enumerate() {
            painted.push((index, paint::page(document, sheet, at, cells, fonts, &subsets)));
        }
    }
    let mut pdf = drawn(document, subsets.embed(fonts)?, &mut painted);
    let pages: Vec<ObjectId> = pdf.get_pages().into_values().collect();
    let structure = structure::build(document, &painted, &pages, &mut pdf);
    let outline = outline::build(&bookmarks(document, &pages), &mut pdf);
    annotate(document, &pages, &structure.links, &mut pdf)?;
    let parts = archival::Parts { pages, structure: structure.root, outline };
    archival::complete(&mut pdf, document, meta, &parts, profile.part())?;
    if let Profile::A3a(files) = profile {
        attachments::attach(&mut pdf, files)?;
    }
    Ok(file::write(&pdf)?)
}

/// The pages and fonts as printpdf makes them.
fn drawn(document: &Document, fonts: BTreeMap<FontId, PdfFont>, painted: &mut [(usize, Painted)]) -> Pdf {
    let points = |length: crate::layout::Length| Pt((length.to_pt() * 100.0).round() as f32 / 100.0);
    let paper = Rect::from_wh(points(document.page.width), points(document.page.height));
    let mut drawing = PdfDocument::new("");
    drawing.resources.fonts.map = fonts;
    drawing.pages = painted
        .iter_mut()
        .map(|(_, page)| PdfPage {
            media_box: paper.clone(),
            trim_box: paper.clone(),
            crop_box: paper.clone(),
            ops: std::mem::take(&mut page.ops),
        })
        .collect();
    drawing.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new())
}

/// The headings of the goals, with their places.
fn bookmarks(document: &Document, pages: &[ObjectId]) -> Vec<outline::Entry> {
    let mut entries = Vec::new();
    for (index, sheet) in document.sheets.iter().enumerate() {
        for cell in &sheet.cells {
            let Role::Heading(level @ 1..=3) = cell.role else { continue };
            if let Some((page, top)) = place(document, pages, index, cell.row) {
                entries.push(outline::Entry { level, title: cell.text().to_owned(), page, top });
            }
        }
    }
    entries
}

/// The page on which a row stands and how far up its upper edge is, in points.
fn place(document: &Document, pages: &[ObjectId], index: usize, row: usize) -> Option<(ObjectId, f32)> {
    let sheet = document.sheets.get(index)?;
    let within = sheet.page_of(row);
    let before: usize = document.sheets.iter().take(index).map(|sheet| sheet.pages.len()).sum();
    let page = *pages.get(before + within)?;
    let above: crate::layout::Length =
        sheet.rows_of_page(within).take_while(|r| *r != row).map(|r| sheet.rows[r].height).sum();
    let down = document.page.top + above;
    Some((page, ((document.page.height - down).to_pt() * 100.0).round() as f32 / 100.0))
}

/// The links of the contents, as annotations on their pages.
fn annotate(
    document: &Document,
    pages: &[ObjectId],
    links: &[structure::LinkPlace],
    pdf: &mut Pdf,
) -> Result<(), PdfError> {
    let mut of_page: Vec<Vec<Object>> = vec![Vec::new(); pages.len()];
    for (at, link) in links.iter().enumerate() {
        let Some((page, top)) = place(document, pages, link.to.0, link.to.1) else { continue };
        let rectangle: Vec<Object> = link.rectangle.iter().map(|edge| Object::Real(*edge)).collect();
        let annotation = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Link",
            "Rect" => rectangle,
            // ISO 19005-2, 6.3.2: shown and printed, never hidden.
            "F" => 4,
            "Border" => vec![Object::Integer(0), Object::Integer(0), Object::Integer(0)],
            "Dest" => outline::destination(page, top),
            // ISO 14289-1, 7.18.5: what the link says.
            "Contents" => text_string(&link.description),
            "StructParent" => (pages.len() + at) as i64,
        };
        pdf.objects.insert(link.id, annotation.into());
        of_page[link.page].push(Object::Reference(link.id));
    }
    for (id, annotations) in pages.iter().zip(of_page).filter(|(_, annotations)| !annotations.is_empty()) {
        pdf.get_object_mut(*id)?.as_dict_mut()?.set("Annots", annotations);
    }
    Ok(())
}
