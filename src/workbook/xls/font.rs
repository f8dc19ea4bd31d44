//! Fonts of an Excel 97–2003 workbook.

use super::records::Record;

/// What a font does to letters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Font {
    pub struck: bool,
    pub raised: bool,
    /// The number of its colour in the palette, where it is not the usual one.
    pub colour: Option<u32>,
}

impl Font {
    /// Black, and what the system shows text in.
    const USUAL: [u32; 3] = [0x08, 0x40, 0x7FFF];

    pub fn read(record: &Record<'_>) -> Self {
        Self {
            struck: record.u16(2).is_some_and(|flags| flags & 0x0008 != 0),
            raised: record.u16(8).is_some_and(|position| matches!(position, 1 | 2)),
            colour: record.u16(4).map(u32::from).filter(|colour| !Self::USUAL.contains(colour)),
        }
    }
}

/// A font by its number; there is none with the number 4.
pub(super) fn font_of(fonts: &[Font], number: u16) -> Font {
    let at = usize::from(if number > 4 { number - 1 } else { number });
    fonts.get(at).copied().unwrap_or_default()
}
