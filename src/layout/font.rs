//! The faces text is set in, and the widths they give it.
//!
//! Widths come from the font files themselves, so what is measured here is what
//! the PDF shows. No system font is ever looked at.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Length;

/// Drawn for a character that no face has: 「〓」, the mark Japanese printers set for
/// a missing sort. It can be seen and asked about; a blank box cannot.
pub const GETA: char = '〓';

const REGULAR: &[u8] = include_bytes!("../../templates/fonts/BIZUDGothic-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../templates/fonts/BIZUDGothic-Bold.ttf");

/// The bytes of the font files.
#[derive(Debug, Clone)]
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
pub enum FaceId {
    /// Running text.
    Regular,
    /// Headings.
    Bold,
    /// Characters the other two lack.
    Fallback,
}

/// A font file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("フォントを読み込めません（{name}）。TrueType（.ttf）のフォントを指定してください")]
pub struct FontError {
    /// Which of the faces it was to be.
    pub name: &'static str,
}

/// One face, ready to be measured with.
pub struct Face<'a> {
    data: &'a [u8],
    face: ttf_parser::Face<'a>,
    /// The glyph of each character of the Basic Multilingual Plane as it was first
    /// looked up, plus one; 0 where it has not been. A document asks for the same few
    /// hundred characters a hundred thousand times, from two threads.
    known: Vec<AtomicU32>,
}

impl<'a> Face<'a> {
    fn parse(data: &'a [u8], name: &'static str) -> Result<Self, FontError> {
        let face = ttf_parser::Face::parse(data, 0).map_err(|_| FontError { name })?;
        // Only TrueType outlines: CID-keyed CFF shows wrong kanji in some viewers.
        if face.tables().glyf.is_none() {
            return Err(FontError { name });
        }
        let known = std::iter::repeat_with(AtomicU32::default).take(0x1_0000).collect();
        Ok(Self { data, face, known })
    }

    /// The whole font file.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// What the font says of itself.
    pub fn metrics(&self) -> &ttf_parser::Face<'a> {
        &self.face
    }

    /// The glyph for a character; `None` where the face has none to show.
    pub fn glyph(&self, c: char) -> Option<u16> {
        let look_up = || self.face.glyph_index(c).map_or(0, |id| id.0);
        let glyph = match self.known.get(c as usize) {
            None => look_up(),
            Some(known) => match known.load(Ordering::Relaxed).checked_sub(1) {
                // Was stored from a glyph, so it is one.
                Some(glyph) => glyph as u16,
                None => {
                    let glyph = look_up();
                    known.store(u32::from(glyph) + 1, Ordering::Relaxed);
                    glyph
                }
            },
        };
        (glyph != 0).then_some(glyph)
    }

    /// How far a glyph moves the pen at this size.
    pub fn advance(&self, glyph: u16, size: Length) -> Length {
        let advance = self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        size.of_advance(advance, self.face.units_per_em())
    }
}

/// The faces a document is set in.
pub struct Fonts<'a> {
    regular: Face<'a>,
    bold: Face<'a>,
    fallback: Option<Face<'a>>,
}

/// Text to be drawn in one face. Every character has a glyph in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The face.
    pub face: FaceId,
    /// What is drawn.
    pub text: String,
    /// What stands in the plan, where that differs: a character that no face has.
    pub actual: Option<String>,
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
    pub fn face(&self, id: FaceId) -> Option<&Face<'a>> {
        match id {
            FaceId::Regular => Some(&self.regular),
            FaceId::Bold => Some(&self.bold),
            FaceId::Fallback => self.fallback.as_ref(),
        }
    }

    /// Whether there is a face for the characters the main ones lack.
    pub fn has_fallback(&self) -> bool {
        self.fallback.is_some()
    }

    /// Whether both main faces show this character, or need not (see [`is_invisible`]).
    pub fn covers(&self, c: char) -> bool {
        is_invisible(c) || (self.regular.glyph(c).is_some() && self.bold.glyph(c).is_some())
    }

    /// Whether the fallback shows this character.
    pub fn falls_back(&self, c: char) -> bool {
        self.fallback.as_ref().is_some_and(|face| face.glyph(c).is_some())
    }

    /// The face and glyph that draw a character; a 「〓」 where no face has it.
    /// `None` for characters that show nothing.
    fn shown(&self, c: char, bold: bool) -> Option<(FaceId, &Face<'a>, u16, bool)> {
        let (id, main) = if bold { (FaceId::Bold, &self.bold) } else { (FaceId::Regular, &self.regular) };
        if let Some(glyph) = main.glyph(c) {
            return Some((id, main, glyph, true));
        }
        if is_invisible(c) {
            return None;
        }
        if let Some((face, glyph)) = self.fallback.as_ref().and_then(|face| Some((face, face.glyph(c)?))) {
            return Some((FaceId::Fallback, face, glyph, true));
        }
        main.glyph(GETA).or_else(|| main.glyph('?')).map(|glyph| (id, main, glyph, false))
    }

    /// The width of one character.
    pub fn advance(&self, c: char, size: Length, bold: bool) -> Length {
        self.shown(c, bold).map_or(Length::ZERO, |(_, face, glyph, _)| face.advance(glyph, size))
    }

    /// How far the face rises above the baseline at this size.
    pub fn ascent(&self, size: Length, bold: bool) -> Length {
        let face = if bold { &self.bold } else { &self.regular };
        let ascender = u16::try_from(face.face.ascender()).unwrap_or(0);
        size.of_advance(ascender, face.face.units_per_em())
    }

    /// The width of a text set in one line.
    pub fn width(&self, text: &str, size: Length, bold: bool) -> Length {
        text.chars().map(|c| self.advance(c, size, bold)).sum()
    }

    /// A line of text cut where the face changes.
    pub fn runs(&self, text: &str, bold: bool) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for c in text.chars() {
            let Some((face, main, _, own)) = self.shown(c, bold) else {
                // A variation selector or joiner belongs to the character before it.
                if !c.is_control() {
                    attach(&mut runs, c);
                }
                continue;
            };
            if !own {
                let geta = if main.glyph(GETA).is_some() { GETA } else { '?' };
                runs.push(Run { face, text: geta.to_string(), actual: Some(c.to_string()) });
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.face == face && run.actual.is_none() => run.text.push(c),
                _ => runs.push(Run { face, text: c.to_string(), actual: None }),
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
    let run = Run { face: last.face, text: base.to_string(), actual: Some(format!("{base}{c}")) };
    if last.text.is_empty() {
        runs.pop();
    }
    runs.push(run);
}

/// Characters that show nothing by themselves: controls, joiners, variation
/// selectors (Unicode: Default_Ignorable_Code_Point, as far as they occur in text).
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}')
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
            assert!(fonts.covers(c), "{c}");
        }
        assert!(!fonts.covers('🐟'));
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
