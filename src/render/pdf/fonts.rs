//! The faces as the PDF carries them: only the glyphs that occur.
//!
//! A glyph can show more than one sign: a font may draw U+FA19 and 神 under a selector
//! alike. The map by which text is copied (`/ToUnicode`) knows one text a glyph; where a
//! page means another, it says so in `/ActualText`.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{Codepoint, FontId, FontMetrics, ParsedFont, PdfFont, PdfFontHandle, TextItem};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::PdfError;
use crate::layout::font::{Face, FaceId, Fonts, Run, Sign};
use crate::layout::grid::{Document, PAGE_MARK};

/// The faces cut down to the glyphs that a document draws.
pub struct Subsets(BTreeMap<FaceId, Subset>);

/// One face, cut down.
struct Subset {
    remapper: GlyphRemapper,
    /// The glyph of each sign in the face, and in the subset.
    glyphs: BTreeMap<Sign, (u16, u16)>,
    /// What each glyph of the subset stands for when text is copied: of several signs
    /// that it shows, a plain character before a varied one, the first before the others.
    texts: BTreeMap<u16, String>,
    /// The plain characters whose glyph stands for another: few, if any.
    others: BTreeSet<char>,
}

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

/// The signs that a run draws.
fn signs_of(run: &Run) -> impl Iterator<Item = Sign> {
    run.text.chars().map(|base| Sign { base, selector: run.selector })
}

/// The signs a document draws in each face. The blank is always among them: a cell
/// without a figure is marked with one.
fn used(document: &Document, fonts: &Fonts<'_>) -> BTreeMap<FaceId, BTreeSet<Sign>> {
    let blank = Sign { base: ' ', selector: None };
    let mut used = BTreeMap::from([(FaceId::Regular, BTreeSet::from([blank]))]);
    // A document draws the same few hundred characters over and over.
    let mut met: BTreeMap<FaceId, Vec<bool>> = BTreeMap::new();
    let mut draw = |text: &str, bold: bool| {
        for run in fonts.runs(text, bold) {
            let met = met.entry(run.face).or_insert_with(|| vec![false; 0x1_0000]);
            let is_new = |sign: &Sign| match met.get_mut(sign.base as usize) {
                Some(met) if sign.selector.is_none() => !std::mem::replace(met, true),
                _ => true,
            };
            used.entry(run.face).or_default().extend(signs_of(&run).filter(is_new));
        }
    };
    for cell in document.sheets.iter().flat_map(|sheet| &sheet.cells) {
        for line in &cell.lines {
            draw(&line.text, cell.style.bold);
        }
    }
    draw(&document.page.foot_text.replace(PAGE_MARK, ""), false);
    draw(&document.page.head_text, false);
    draw("0123456789", false);
    used
}

impl Subsets {
    /// The faces of a document.
    pub fn of(document: &Document, fonts: &Fonts<'_>) -> Self {
        let cut = |(id, signs): (FaceId, BTreeSet<Sign>)| Some((id, Subset::of(fonts.face(id)?, &signs)));
        Self(used(document, fonts).into_iter().filter_map(cut).collect())
    }

    /// A run, cut where a glyph stands for another text than the run's own, so that
    /// those pieces say what they are.
    pub fn copied_as_typed(&self, run: Run) -> Vec<Run> {
        if run.actual.is_some() || !self.holds_another(&run) {
            return vec![run];
        }
        let mut pieces: Vec<Run> = Vec::new();
        for c in run.text.chars() {
            let actual = self.stands_for_another(run.face, c).then(|| c.to_string());
            match pieces.last_mut() {
                Some(last) if last.actual.is_none() && actual.is_none() => last.text.push(c),
                _ => pieces.push(Run { face: run.face, text: c.to_string(), actual, selector: None }),
            }
        }
        pieces
    }

    /// What is shown of a run. A glyph is named by its number where the character alone
    /// does not tell which, or where it stands for another text than this one.
    pub fn shown(&self, run: &Run) -> TextItem {
        if run.selector.is_none() && !self.holds_another(run) {
            return TextItem::Text(run.text.clone());
        }
        let glyph = |sign: Sign| {
            let face = self.0.get(&run.face)?;
            let (_, glyph) = *face.glyphs.get(&sign)?;
            Some(Codepoint::with_cid(glyph, 0.0, face.texts.get(&glyph)?.clone()))
        };
        TextItem::GlyphIds(signs_of(run).filter_map(glyph).collect())
    }

    /// Whether a run has a character whose glyph is copied as another.
    fn holds_another(&self, run: &Run) -> bool {
        let others = self.0.get(&run.face).map(|face| &face.others);
        others.is_some_and(|others| !others.is_empty() && run.text.chars().any(|c| others.contains(&c)))
    }

    /// Whether the glyph of a plain character is copied as another.
    fn stands_for_another(&self, face: FaceId, c: char) -> bool {
        self.0.get(&face).is_some_and(|face| face.others.contains(&c))
    }

    /// The subset of each face, ready to be embedded.
    ///
    /// # Errors
    /// [`PdfError::Font`] where a font file cannot be cut down.
    pub fn embed(&self, fonts: &Fonts<'_>) -> Result<BTreeMap<FontId, PdfFont>, PdfError> {
        let mut embedded = BTreeMap::new();
        for (id, subset) in &self.0 {
            let Some(face) = fonts.face(*id) else { continue };
            embedded.insert(font_id(*id), PdfFont::new(subset.font(face)?));
        }
        Ok(embedded)
    }
}

impl Subset {
    fn of(face: &Face<'_>, signs: &BTreeSet<Sign>) -> Self {
        let mut subset = Self {
            remapper: GlyphRemapper::new(),
            glyphs: BTreeMap::new(),
            texts: BTreeMap::new(),
            others: BTreeSet::new(),
        };
        for sign in signs {
            // Every sign of a run has a glyph in its face.
            let Some(glyph) = face.glyph_of(*sign) else { continue };
            subset.glyphs.insert(*sign, (glyph, subset.remapper.remap(glyph)));
        }
        let (plain, varied): (Vec<_>, Vec<_>) =
            subset.glyphs.iter().partition(|(sign, _)| sign.selector.is_none());
        for (sign, (_, glyph)) in plain.into_iter().chain(varied) {
            let text = subset.texts.entry(*glyph).or_insert_with(|| sign.text());
            if sign.selector.is_none() && *text != sign.text() {
                subset.others.insert(sign.base);
            }
        }
        subset
    }

    fn font(&self, face: &Face<'_>) -> Result<ParsedFont, PdfError> {
        let metrics = face.metrics();
        let mut glyphs = BTreeMap::new();
        let mut widths = BTreeMap::from([(0, metrics.units_per_em())]);
        for (sign, (glyph, new)) in &self.glyphs {
            if sign.selector.is_none() {
                glyphs.insert(u32::from(sign.base), *new);
            }
            widths.insert(*new, metrics.glyph_hor_advance(ttf_parser::GlyphId(*glyph)).unwrap_or(0));
        }
        let program = subsetter::subset(face.data(), 0, &self.remapper).map_err(|_| PdfError::Font)?;
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
