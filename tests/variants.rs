//! Variation sequences (異体字) on the page: the form that was asked for is what is drawn.
#![allow(missing_docs, clippy::unwrap_used)]

mod plans;
mod tagged;

use jisseki::layout::grid::Content as Says;
use jisseki::render::{Meta, Program, pdf};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};
use plans::{Draft, MeasureDraft, ProjectDraft, fonts, set};
use tagged::text_string;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// A glyph's outline, to be compared.
#[derive(Debug, Default, PartialEq)]
struct Outline(Vec<(char, [i32; 4])>);

impl Outline {
    fn of(face: &Face<'_>, glyph: u16) -> Self {
        let mut outline = Self::default();
        face.outline_glyph(GlyphId(glyph), &mut outline).unwrap();
        outline
    }

    fn note(&mut self, kind: char, places: [f32; 4]) {
        self.0.push((kind, places.map(|place| (place * 8.0).round() as i32)));
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.note('m', [x, y, 0.0, 0.0]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.note('l', [x, y, 0.0, 0.0]);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.note('q', [x1, y1, x, y]);
    }
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
    fn close(&mut self) {}
}

/// The PDF of a plan whose only project and only figure bear this name.
fn made(name: &str) -> Document {
    let mut project = ProjectDraft::new("目的", 1);
    project.name = name.to_owned();
    project.indicators[0].name = name.to_owned();
    let measure =
        MeasureDraft { name: name.to_owned(), indicators: vec![], projects: vec![project], reprint: None };
    let set = set(&Draft::of(vec![measure]), "").unwrap();
    let said = |cell: &&jisseki::layout::grid::Cell| matches!(&cell.content, Says::Text(text) if text.contains(name));
    assert!(set.document.sheets.iter().flat_map(|sheet| &sheet.cells).filter(said).count() >= 3);
    let meta = Meta {
        title: "題".to_owned(),
        author: String::new(),
        subject: String::new(),
        keywords: vec![],
        date: chrono::NaiveDate::from_ymd_opt(2024, 6, 10).unwrap(),
        program: Program::this(),
    };
    Document::load_mem(&pdf::to_bytes(&set.document, fonts(), &meta).unwrap()).unwrap()
}

fn dictionary(pdf: &Document, object: &Object) -> Dictionary {
    pdf.dereference(object).unwrap().1.as_dict().unwrap().clone()
}

/// The font program that a page embeds under a name.
fn program(pdf: &Document, page: lopdf::ObjectId, font: &[u8]) -> Vec<u8> {
    let resources = dictionary(pdf, pdf.get_dictionary(page).unwrap().get(b"Resources").unwrap());
    let fonts = dictionary(pdf, resources.get(b"Font").unwrap());
    let font = dictionary(pdf, fonts.get(font).unwrap());
    let descendants = font.get(b"DescendantFonts").unwrap();
    let descendant = dictionary(pdf, &pdf.dereference(descendants).unwrap().1.as_array().unwrap()[0]);
    let descriptor = dictionary(pdf, descendant.get(b"FontDescriptor").unwrap());
    let (_, stream) = pdf.dereference(descriptor.get(b"FontFile2").unwrap()).unwrap();
    stream.as_stream().unwrap().decompressed_content().unwrap()
}

/// Of each piece of the pages that is copied as `actual`: the outline of its glyph, and
/// whether it is of the bold face.
fn drawn(pdf: &Document, actual: &str) -> Vec<(Outline, bool)> {
    let mut found = Vec::new();
    for page in pdf.get_pages().into_values() {
        let (mut font, mut inside) = (Vec::new(), false);
        for operation in Content::decode(&pdf.get_page_content(page)).unwrap().operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "BDC" => {
                    let said = operands[1].as_dict().ok().and_then(|of| of.get(b"ActualText").ok());
                    inside = said.is_some_and(|said| text_string(said) == actual);
                }
                "EMC" => inside = false,
                "Tf" => font = operands[0].as_name().unwrap().to_vec(),
                "Tj" | "TJ" if inside => {
                    let codes = match &operands[0] {
                        Object::Array(items) => items[0].as_str().unwrap().to_vec(),
                        shown => shown.as_str().unwrap().to_vec(),
                    };
                    let bytes = program(pdf, page, &font);
                    let face = Face::parse(&bytes, 0).unwrap();
                    let glyph = u16::from_be_bytes([codes[0], codes[1]]);
                    assert_eq!(codes.len(), 2, "one glyph for one sign");
                    found.push((Outline::of(&face, glyph), font.starts_with(b"Bold")));
                }
                _ => {}
            }
        }
    }
    found
}

const REGULAR: &[u8] = include_bytes!("../templates/fonts/BIZUDGothic-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../templates/fonts/BIZUDGothic-Bold.ttf");

/// The outline is that of the font's own glyph for the sequence, and not the usual one.
#[test]
fn the_form_asked_for_is_drawn() {
    for (base, selector) in [
        ('葛', '\u{E0100}'),
        ('辻', '\u{E0100}'),
        ('芦', '\u{E0100}'),
        ('神', '\u{FE00}'),
        ('塚', '\u{E0102}'),
    ] {
        let typed = format!("{base}{selector}");
        let pieces = drawn(&made(&format!("{typed}と{base}")), &typed);
        let faces: Vec<bool> = pieces.iter().map(|(_, bold)| *bold).collect();
        assert!(faces.contains(&true) && faces.contains(&false), "{typed}: in both faces {faces:?}");
        for (outline, bold) in pieces {
            let font = Face::parse(if bold { BOLD } else { REGULAR }, 0).unwrap();
            let variant = font.glyph_variation_index(base, selector).unwrap();
            let usual = font.glyph_index(base).unwrap();
            assert_eq!(outline, Outline::of(&font, variant.0), "{typed}");
            assert_ne!(outline, Outline::of(&font, usual.0), "{typed}");
        }
    }
}

/// What the font lacks, and what it has as the usual form, is drawn as that.
#[test]
fn a_form_the_font_lacks_is_drawn_in_the_usual_one() {
    for (base, selector) in
        [('葛', '\u{E0101}'), ('葛', '\u{E0110}'), ('漁', '\u{FE00}'), ('漁', '\u{E0105}')]
    {
        let typed = format!("{base}{selector}");
        let pieces = drawn(&made(&typed), &typed);
        assert!(pieces.len() >= 3, "{typed}");
        for (outline, bold) in pieces {
            let font = Face::parse(if bold { BOLD } else { REGULAR }, 0).unwrap();
            assert_eq!(outline, Outline::of(&font, font.glyph_index(base).unwrap().0), "{typed}");
        }
    }
}
