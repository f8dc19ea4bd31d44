//! The faces as the PDF carries them: only the glyphs that occur.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{FontId, FontMetrics, ParsedFont, PdfFont, PdfFontHandle};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::PdfError;
use crate::layout::font::{Face, FaceId, Fonts};
use crate::layout::grid::{Cell, Document};

/// The characters drawn in each face.
pub type Used = BTreeMap<FaceId, BTreeSet<char>>;

/// The name under which a page asks for a face.
pub fn handle(face: FaceId) -> PdfFontHandle {
    PdfFontHandle::External(font_id(face))
}

fn font_id(face: FaceId) -> FontId {
    let name = match face {
        FaceId::Regular => "Regular",
        FaceId::Bold => "Bold",
        FaceId::Fallback => "Fallback",
    };
    FontId(name.to_owned())
}

/// The characters a document draws. The blank is always among them: a cell without
/// a figure is marked with one.
pub fn used(document: &Document, fonts: &Fonts<'_>) -> Used {
    let mut used = Used::from([(FaceId::Regular, BTreeSet::from([' ']))]);
    let mut draw = |text: &str, bold: bool| {
        for run in fonts.runs(text, bold) {
            used.entry(run.face).or_default().extend(run.text.chars());
        }
    };
    let lines = |cell: &Cell| cell.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    for cell in document.sheets.iter().flat_map(|sheet| &sheet.cells) {
        for line in lines(cell) {
            draw(&line, cell.style.bold);
        }
    }
    draw(&document.page.foot_text, false);
    draw("0123456789", false);
    used
}

/// The subset of each face, ready to be embedded.
///
/// # Errors
/// [`PdfError::Font`] where a font file cannot be cut down.
pub fn embed(used: &Used, fonts: &Fonts<'_>) -> Result<BTreeMap<FontId, PdfFont>, PdfError> {
    let mut embedded = BTreeMap::new();
    for (id, characters) in used {
        let Some(face) = fonts.face(*id) else { continue };
        embedded.insert(font_id(*id), PdfFont::new(subset(face, characters)?));
    }
    Ok(embedded)
}

fn subset(face: &Face<'_>, characters: &BTreeSet<char>) -> Result<ParsedFont, PdfError> {
    let metrics = face.metrics();
    let mut remapper = GlyphRemapper::new();
    let mut glyphs = BTreeMap::new();
    let mut widths = BTreeMap::from([(0, metrics.units_per_em())]);
    for c in characters {
        // Every character of a run has a glyph in its face.
        let Some(glyph) = face.glyph(*c) else { continue };
        let new = remapper.remap(glyph);
        glyphs.insert(u32::from(*c), new);
        widths.insert(new, metrics.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0));
    }
    let program = subsetter::subset(face.data(), 0, &remapper).map_err(|_| PdfError::Font)?;
    let name = format!("{}+{}", tag(&program), postscript_name(face));
    let ascent_descent = FontMetrics { ascent: metrics.ascender(), descent: metrics.descender() };
    let per_em = metrics.units_per_em();
    let mut font =
        ParsedFont::with_glyph_data(program, 0, Some(name), glyphs, widths, per_em, ascent_descent);
    let bounds = metrics.global_bounding_box();
    let described = &mut font.pdf_font_metrics;
    described.x_min = bounds.x_min;
    described.y_min = bounds.y_min;
    described.x_max = bounds.x_max;
    described.y_max = bounds.y_max;
    described.us_weight_class = metrics.weight().to_number();
    Ok(font)
}

/// Six letters that name a subset (ISO 32000-1, 9.6.4), from its content, so that
/// the same subset has the same name on every run.
fn tag(program: &[u8]) -> String {
    Sha256::digest(program).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn postscript_name(face: &Face<'_>) -> String {
    let names = face.metrics().names();
    let found = names.into_iter().filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME);
    let name = found.filter_map(|name| name.to_string()).find(|name| !name.is_empty() && name.is_ascii());
    name.unwrap_or_else(|| "Font".to_owned()).replace(char::is_whitespace, "")
}
