//! The faces text is set in, and the widths they give it.
//!
//! Widths come from the font files themselves, so what is measured here is what
//! the PDF shows. No system font is ever looked at.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};

use super::blank::Blank;
use crate::layout::Length;
pub(crate) use crate::sign::{Sign, is_invisible, is_selector, may_vary, signs};

/// Drawn for a character that no face has: 「〓」, the mark Japanese printers set for
/// a missing sort. It can be seen and asked about; a blank box cannot.
const GETA: char = '〓';

static REGULAR: &[u8] = include_bytes!("../../../templates/fonts/BIZUDGothic-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../templates/fonts/BIZUDGothic-Bold.ttf");

/// The bytes of the font files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFiles {
    /// The face of running text.
    pub regular: Cow<'static, [u8]>,
    /// The face of headings.
    pub bold: Cow<'static, [u8]>,
    /// The face for characters the other two lack.
    pub fallback: Option<Cow<'static, [u8]>>,
}

impl Default for FontFiles {
    /// BIZ UDGothic Regular and Bold, compiled in; no fallback.
    fn default() -> Self {
        Self { regular: Cow::Borrowed(REGULAR), bold: Cow::Borrowed(BOLD), fallback: None }
    }
}

/// Which face a run of text is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FaceId {
    /// Running text.
    Regular,
    /// Headings.
    Bold,
    /// Characters the other two lack.
    Fallback,
}

/// Whether the bytes are a font that text can be set in.
pub(crate) fn is_usable(bytes: &[u8]) -> bool {
    Face::parse(bytes, "font").is_ok()
}

/// A font file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("フォントを読み込めません（{name}）。TrueType（.ttf）のフォントを指定してください")]
pub struct FontError {
    /// Which of the faces it was to be.
    pub name: &'static str,
}

/// One face, ready to be measured with.
pub(crate) struct Face<'a> {
    data: &'a [u8],
    face: ttf_parser::Face<'a>,
    /// The glyph of each character of the Basic Multilingual Plane and how far it moves
    /// the pen, as they were first looked up; [`UNKNOWN`] where they have not been. A
    /// document asks for the same few hundred characters a hundred thousand times, from
    /// two threads.
    known: Vec<AtomicU32>,
    /// Which of the characters that carry half an em of blank do so in this face.
    half_blank: Vec<char>,
}

/// Stands for a character that has not been looked up. No glyph is the last there can be
/// and as wide as can be; one that were would be looked up each time, no more.
const UNKNOWN: u32 = u32::MAX;

impl<'a> Face<'a> {
    fn parse(data: &'a [u8], name: &'static str) -> Result<Self, FontError> {
        let face = ttf_parser::Face::parse(data, 0).map_err(|_| FontError { name })?;
        // Only TrueType outlines: CID-keyed CFF shows wrong kanji in some viewers.
        if face.tables().glyf.is_none() {
            return Err(FontError { name });
        }
        let known = std::iter::repeat_with(|| AtomicU32::new(UNKNOWN)).take(0x1_0000).collect();
        let mut face = Self { data, face, known, half_blank: Vec::new() };
        face.half_blank = Blank::bearers().filter(|c| face.is_half_blank(*c)).collect();
        if face.is_sound() { Ok(face) } else { Err(FontError { name }) }
    }

    /// Whether figures set in the face can be seen, where they are set: a damaged font has
    /// digits without an outline or a width, or lines that stand far from their place.
    fn is_sound(&self) -> bool {
        let em = i32::from(self.face.units_per_em());
        let in_ems =
            |units: i16, least: i32, most: i32| (least * em..=most * em).contains(&(10 * i32::from(units)));
        let is_digit_sound = |digit: char| match self.face.glyph_index(digit) {
            // Another face has it.
            None => true,
            Some(glyph) => {
                let width = 10 * i32::from(self.units(glyph.0));
                self.is_drawn(digit, glyph.0) && (2 * em..=20 * em).contains(&width)
            }
        };
        in_ems(self.face.ascender(), 3, 30)
            && in_ems(self.face.descender(), -20, 5)
            && ('0'..='9').all(is_digit_sound)
    }

    /// Whether a glyph shows what it stands for. One without an outline shows nothing,
    /// which is right for a blank alone.
    fn is_drawn(&self, c: char, glyph: u16) -> bool {
        c.is_whitespace()
            || is_invisible(c)
            || self.face.glyph_bounding_box(ttf_parser::GlyphId(glyph)).is_some()
    }

    /// Whether a character is a full em wide here, and the half of it empty where it should be.
    fn is_half_blank(&self, c: char) -> bool {
        let em = self.face.units_per_em();
        let Some((glyph, units)) = self.measured(c) else { return false };
        let drawn = self.face.glyph_bounding_box(ttf_parser::GlyphId(glyph));
        units == em
            && drawn.is_some_and(|drawn| match Blank::of(c) {
                Blank::Before => 2 * i32::from(drawn.x_min) >= i32::from(em),
                Blank::Behind => 2 * i32::from(drawn.x_max) <= i32::from(em),
                Blank::Nowhere => false,
            })
    }

    /// The whole font file.
    pub(crate) fn data(&self) -> &'a [u8] {
        self.data
    }

    /// What the font says of itself.
    pub(crate) fn metrics(&self) -> &ttf_parser::Face<'a> {
        &self.face
    }

    /// The glyph for a character; `None` where the face has none to show.
    fn glyph(&self, c: char) -> Option<u16> {
        self.measured(c).map(|(glyph, _)| glyph)
    }

    /// The glyph for a character, and how far it moves the pen in the font's own units.
    fn measured(&self, c: char) -> Option<(u16, u16)> {
        let look_up = || {
            let glyph = self.face.glyph_index(c).map_or(0, |id| id.0);
            let glyph = if glyph == 0 || self.is_drawn(c, glyph) { glyph } else { 0 };
            u32::from(self.units(glyph)) << 16 | u32::from(glyph)
        };
        let packed = match self.known.get(c as usize) {
            None => look_up(),
            Some(known) => match known.load(Ordering::Relaxed) {
                UNKNOWN => {
                    let packed = look_up();
                    known.store(packed, Ordering::Relaxed);
                    packed
                }
                packed => packed,
            },
        };
        let (glyph, units) = ((packed & 0xFFFF) as u16, (packed >> 16) as u16);
        (glyph != 0).then_some((glyph, units))
    }

    /// How far a glyph moves the pen in the font's own units.
    fn units(&self, glyph: u16) -> u16 {
        self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0)
    }

    /// The glyph for a character in the form that a variation selector asks for; `None`
    /// where the face does not know the sequence (its cmap has no format 14, or this
    /// sequence is not in it).
    fn variant(&self, base: char, selector: char) -> Option<u16> {
        let found = self.face.glyph_variation_index(base, selector)?.0;
        (found != 0).then_some(found)
    }

    /// The glyph for a sign: for a variation sequence its own.
    pub(crate) fn glyph_of(&self, sign: Sign) -> Option<u16> {
        match sign.selector {
            None => self.glyph(sign.base),
            Some(selector) => self.variant(sign.base, selector),
        }
    }

    /// How far a glyph moves the pen at this size.
    fn advance(&self, glyph: u16, size: Length) -> Length {
        size.of_advance(self.units(glyph), self.face.units_per_em())
    }
}

/// The faces a document is set in.
pub struct Fonts<'a> {
    regular: Face<'a>,
    bold: Face<'a>,
    fallback: Option<Face<'a>>,
}

/// Asks for the plain form of what is an emoji elsewhere: the form that every face of
/// text has anyway, and no other.
const PLAIN: char = '\u{FE0E}';

/// Text to be drawn in one face. Every character has a glyph in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// The face.
    pub face: FaceId,
    /// What is drawn.
    pub text: String,
    /// What stands in the plan, where that differs: a character that no face has, or
    /// one with characters after it that show nothing.
    pub actual: Option<String>,
    /// `text` is one character, drawn in the form that this selector asks for.
    pub selector: Option<char>,
}

/// How a sign is drawn.
struct Shown<'f, 'a> {
    id: FaceId,
    face: &'f Face<'a>,
    glyph: u16,
    /// Whether the glyph is that of the sign's character, not a 「〓」.
    own: bool,
    /// Whether the glyph is the variant that the sign asks for, and no usual form.
    varied: bool,
}

impl<'a> Fonts<'a> {
    /// Reads the faces.
    ///
    /// # Errors
    /// A file that is no TrueType font.
    pub fn parse(files: &'a FontFiles) -> Result<Self, FontError> {
        Ok(Self {
            regular: Face::parse(&files.regular, "regular")?,
            bold: Face::parse(&files.bold, "bold")?,
            fallback: files.fallback.as_deref().map(|data| Face::parse(data, "fallback")).transpose()?,
        })
    }

    /// A face; `None` only for a fallback that was not given.
    pub(crate) fn face(&self, id: FaceId) -> Option<&Face<'a>> {
        match id {
            FaceId::Regular => Some(&self.regular),
            FaceId::Bold => Some(&self.bold),
            FaceId::Fallback => self.fallback.as_ref(),
        }
    }

    /// Whether there is a face for the characters the main ones lack.
    pub(crate) fn has_fallback(&self) -> bool {
        self.fallback.is_some()
    }

    /// Whether both main faces show this sign, in the form that it asks for, or need not
    /// (see [`is_invisible`]).
    pub(crate) fn covers(&self, sign: Sign) -> bool {
        let has = |face: &Face<'_>| face.glyph_of(sign).is_some();
        match sign.selector {
            None if is_invisible(sign.base) => true,
            Some(PLAIN) => self.covers(Sign { selector: None, ..sign }),
            _ => has(&self.regular) && has(&self.bold),
        }
    }

    /// Whether the fallback shows this sign.
    pub(crate) fn falls_back(&self, sign: Sign) -> bool {
        self.fallback.as_ref().is_some_and(|face| face.glyph_of(sign).is_some())
    }

    /// The face and glyph that draw a sign: the variant asked for, of the main face or
    /// else of the fallback; where neither has it, the usual form; where no face has
    /// the character, a 「〓」. `None` for characters that show nothing.
    fn shown(&self, sign: Sign, bold: bool) -> Option<Shown<'_, 'a>> {
        let (id, main) = if bold { (FaceId::Bold, &self.bold) } else { (FaceId::Regular, &self.regular) };
        // Nearly every sign is a plain character of the main face.
        if sign.selector.is_none()
            && let Some(glyph) = main.glyph(sign.base)
        {
            return Some(Shown { id, face: main, glyph, own: true, varied: false });
        }
        let faces = || [Some((id, main)), self.fallback.as_ref().map(|face| (FaceId::Fallback, face))];
        if sign.selector.is_some() {
            let variant = faces().into_iter().flatten().find_map(|(id, face)| {
                let glyph = face.glyph_of(sign)?;
                // The usual form under a selector is drawn as the usual form.
                let varied = face.glyph(sign.base) != Some(glyph);
                Some(Shown { id, face, glyph, own: true, varied })
            });
            if variant.is_some() {
                return variant;
            }
        }
        let c = sign.base;
        if main.glyph(c).is_none() && is_invisible(c) {
            return None;
        }
        let own = faces()
            .into_iter()
            .flatten()
            .find_map(|(id, face)| Some(Shown { id, face, glyph: face.glyph(c)?, own: true, varied: false }));
        own.or_else(|| {
            let glyph = main.glyph(GETA).or_else(|| main.glyph('?'))?;
            Some(Shown { id, face: main, glyph, own: false, varied: false })
        })
    }

    /// The width of one sign.
    fn advance(&self, sign: Sign, size: Length, bold: bool) -> Length {
        self.shown(sign, bold).map_or(Length::ZERO, |shown| shown.face.advance(shown.glyph, size))
    }

    /// Whether a sign without a selector is drawn with half an em of blank.
    pub(crate) fn is_half_blank(&self, sign: Sign, bold: bool) -> bool {
        self.shown(sign, bold).is_some_and(|shown| shown.own && shown.face.half_blank.contains(&sign.base))
    }

    /// How far the face rises above the baseline at this size.
    pub(crate) fn ascent(&self, size: Length, bold: bool) -> Length {
        let face = if bold { &self.bold } else { &self.regular };
        let ascender = u16::try_from(face.face.ascender()).unwrap_or(0);
        size.of_advance(ascender, face.face.units_per_em())
    }

    /// The width of a text set in one line.
    pub fn width(&self, text: &str, size: Length, bold: bool) -> Length {
        let main = if bold { &self.bold } else { &self.regular };
        let per_em = main.face.units_per_em();
        let mut width = Length::ZERO;
        // Nearly every text is plain characters of the main face. A selector is none.
        for c in text.chars() {
            match main.measured(c) {
                Some((_, units)) if !is_selector(c) => width += size.of_advance(units, per_em),
                _ => return signs(text).map(|(sign, _)| self.advance(sign, size, bold)).sum(),
            }
        }
        width
    }

    /// A line of text cut where the face changes.
    pub(crate) fn runs(&self, text: &str, bold: bool) -> Vec<Run> {
        // Nearly every line is plain characters of the main face: one run.
        let (id, main) = if bold { (FaceId::Bold, &self.bold) } else { (FaceId::Regular, &self.regular) };
        if !text.is_empty() && !may_vary(text) && text.chars().all(|c| main.glyph(c).is_some()) {
            return vec![Run { face: id, text: text.to_owned(), actual: None, selector: None }];
        }
        let mut runs: Vec<Run> = Vec::new();
        for (sign, piece) in signs(text) {
            let c = sign.base;
            let Some(shown) = self.shown(sign, bold) else {
                // A joiner belongs to the character before it.
                if !c.is_control() {
                    attach(&mut runs, c);
                }
                continue;
            };
            let face = shown.id;
            if !shown.own {
                let geta = if shown.face.glyph(GETA).is_some() { GETA } else { '?' };
                let actual = Some(piece.to_owned());
                runs.push(Run { face, text: geta.to_string(), actual, selector: None });
                continue;
            }
            if sign.selector.is_some() {
                let selector = sign.selector.filter(|_| shown.varied);
                runs.push(Run { face, text: c.to_string(), actual: Some(piece.to_owned()), selector });
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.face == face && run.actual.is_none() => run.text.push(c),
                _ => runs.push(Run { face, text: c.to_string(), actual: None, selector: None }),
            }
        }
        runs
    }
}

/// Adds a character that shows nothing to what the last one stands for, so that a
/// name copied from the document is the name in the plan.
fn attach(runs: &mut Vec<Run>, c: char) {
    let Some(last) = runs.last_mut() else { return };
    if let Some(actual) = &mut last.actual {
        actual.push(c);
        return;
    }
    let Some(base) = last.text.pop() else { return };
    let actual = Some(format!("{base}{c}"));
    let run = Run { face: last.face, text: base.to_string(), actual, selector: None };
    if last.text.is_empty() {
        runs.pop();
    }
    runs.push(run);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_the_fonts_own() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(8.0);
        assert_eq!(fonts.width("根室市", size, false), Length::pt(24.0));
        assert_eq!(fonts.width("R3", size, false), Length::pt(8.0));
        assert_eq!(fonts.width("\u{FEFF}\u{E0100}", size, false), Length::ZERO);
    }

    #[test]
    fn the_characters_of_names_are_covered() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        for c in "髙﨑～〜①⑳㉑㊿－−—―㎡℃％〓".chars() {
            assert!(fonts.covers(Sign { base: c, selector: None }), "{c}");
        }
        assert!(!fonts.covers(Sign { base: '🐟', selector: None }));
    }

    #[test]
    fn a_character_no_face_has_is_drawn_as_geta_and_kept_as_text() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let runs = fonts.runs("さけ🐟鮭", false);
        let drawn: String = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(drawn, "さけ〓鮭");
        assert_eq!(runs[1].actual.as_deref(), Some("🐟"));
    }

    fn sign(text: &str) -> Sign {
        signs(text).next().unwrap().0
    }

    /// A copy of a font that knows no variation sequence: the format of the subtable of
    /// its cmap that lists them is overwritten.
    fn without_variants(font: &[u8]) -> Vec<u8> {
        let mut font = font.to_vec();
        let word = |font: &[u8], at: usize| usize::from(u16::from_be_bytes([font[at], font[at + 1]]));
        let long = |font: &[u8], at: usize| word(font, at) << 16 | word(font, at + 2);
        let tables = (0..word(&font, 4)).map(|n| 12 + 16 * n);
        let cmap = tables.map(|at| (at, long(&font, at + 8))).find(|(at, _)| &font[*at..*at + 4] == b"cmap");
        let (_, cmap) = cmap.unwrap();
        let listed = (0..word(&font, cmap + 2)).map(|n| cmap + long(&font, cmap + 4 + 8 * n + 4));
        let subtable = listed.into_iter().find(|at| word(&font, *at) == 14).unwrap();
        font[subtable + 1] = 99;
        font
    }

    /// The bundled faces know the sequences of names: 葛󠄀城, 辻󠄀, 芦󠄀屋, 神︀.
    #[test]
    fn a_variant_is_a_glyph_of_its_own_in_both_faces() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        for text in ["葛\u{E0100}", "辻\u{E0100}", "芦\u{E0100}", "神\u{FE00}", "塚\u{E0102}", "逸\u{FE01}"]
        {
            let varied = sign(text);
            let plain = Sign { selector: None, ..varied };
            for face in [&fonts.regular, &fonts.bold] {
                assert!(face.glyph_of(varied).is_some() && face.glyph_of(varied) != face.glyph_of(plain));
            }
            assert!(fonts.covers(varied), "{text}");
            for bold in [false, true] {
                let runs = fonts.runs(text, bold);
                assert_eq!((runs.len(), runs[0].selector), (1, varied.selector), "{text}");
                assert_eq!(runs[0].actual.as_deref(), Some(text));
                assert_eq!(fonts.width(text, Length::pt(8.0), bold), Length::pt(8.0));
            }
        }
        // The usual form under a selector, and forms the faces do not know.
        for (text, known) in [("葛\u{E0101}", true), ("葛\u{E0110}", false), ("A\u{FE00}", false)] {
            let runs = fonts.runs(text, false);
            assert_eq!((runs[0].selector, runs[0].actual.as_deref()), (None, Some(text)));
            assert_eq!(fonts.covers(sign(text)), known, "{text}");
        }
        // The plain form of ☎ is the form of a face of text.
        assert_eq!(fonts.covers(sign("☎\u{FE0E}")), fonts.covers(sign("☎")));
    }

    #[test]
    fn a_variant_that_the_main_faces_lack_is_taken_from_the_fallback() {
        let (regular, bold) = (without_variants(REGULAR), without_variants(BOLD));
        let lacking = FontFiles { regular: regular.into(), bold: bold.into(), fallback: None };
        let with_fallback = FontFiles { fallback: Some(Cow::Borrowed(REGULAR)), ..lacking.clone() };
        let varied = sign("辻\u{E0100}");
        let fonts = Fonts::parse(&with_fallback).unwrap();
        assert!(!fonts.covers(varied) && fonts.falls_back(varied));
        let runs = fonts.runs("一辻\u{E0100}点", true);
        let faces: Vec<(FaceId, Option<char>)> = runs.iter().map(|run| (run.face, run.selector)).collect();
        let own = (FaceId::Bold, None);
        assert_eq!(faces, [own, (FaceId::Fallback, Some('\u{E0100}')), own]);

        let fonts = Fonts::parse(&lacking).unwrap();
        assert!(!fonts.covers(varied) && !fonts.falls_back(varied));
        let runs = fonts.runs("一辻\u{E0100}点", true);
        assert!(runs.iter().all(|run| run.face == FaceId::Bold && run.selector.is_none()));
        assert_eq!(runs[1].actual.as_deref(), Some("辻\u{E0100}"));
    }

    /// 葛 with a variation selector is drawn as 葛 and copied with its selector.
    #[test]
    fn a_selector_is_kept_with_its_character() {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let runs = fonts.runs("\u{FEFF}市葛\u{E0100}飾", false);
        let shown: Vec<(&str, Option<&str>)> =
            runs.iter().map(|run| (run.text.as_str(), run.actual.as_deref())).collect();
        assert_eq!(shown, [("市", None), ("葛", Some("葛\u{E0100}")), ("飾", None)]);
    }

    #[test]
    fn what_is_no_font_is_refused() {
        let files = FontFiles { bold: Cow::Borrowed(b"not a font"), ..FontFiles::default() };
        assert_eq!(Fonts::parse(&files).err(), Some(FontError { name: "bold" }));
    }
}
