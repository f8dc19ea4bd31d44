//! What an Excel 97–2003 workbook says of all its sheets: how texts are written, fonts,
//! formats, styles, shared strings, and where each sheet begins.

use std::collections::HashMap;
use std::rc::Rc;

use super::font::{Font, font_of};
use super::records::{BOF, EOF, Record, Records, Texts};
use super::strings::{SharedString, shared_strings};
use crate::workbook::book::{Look, Strikethrough};
use crate::workbook::budget::{Budget, MOST_SHEETS};
use crate::workbook::date_format::{is_built_in_date, makes_dates};
use crate::workbook::number_format::Format;
use crate::workbook::refusal::Refusal;

const FILE_PASS: u16 = 0x002F;
const CODE_PAGE: u16 = 0x0042;
pub(super) const DATE_MODE: u16 = 0x0022;
const FONT: u16 = 0x0031;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const BOUND_SHEET: u16 = 0x0085;
const SST: u16 = 0x00FC;

/// What is said of all sheets.
pub(super) struct Globals {
    pub texts: Texts,
    /// Whether days are counted from 1904.
    pub since_1904: bool,
    /// Styles of cells, by their numbers.
    pub styles: Vec<Style>,
    pub strings: Vec<SharedString>,
    pub sheets: Vec<BoundSheet>,
    fonts: Vec<Font>,
    formats: HashMap<u16, Rc<NumberFormat>>,
}

/// A style of cells.
pub(super) struct Style {
    pub format: Rc<NumberFormat>,
    pub look: Look,
}

/// A number format.
pub(super) struct NumberFormat {
    pub format: Format,
    pub makes_dates: bool,
    unit: Option<String>,
}

/// Where a sheet begins, and what is said of it.
pub(super) struct BoundSheet {
    pub at: usize,
    pub name: String,
    pub is_hidden: bool,
    pub kind: SheetKind,
}

/// What a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SheetKind {
    Cells,
    /// A chart, whose cells are what it drew when it was drawn last.
    Chart,
    /// A module of Visual Basic, which stands elsewhere.
    Program,
}

impl Globals {
    /// Reads the records before the first sheet.
    pub fn read(stream: &[u8], budget: &mut Budget) -> Result<Self, Refusal> {
        let mut records = Records::from(stream, 0)?;
        let begin = records.next(budget)?;
        if begin.kind != BOF {
            return Err(Refusal::Damaged);
        }
        let is_old = is_before_97(&begin);
        let texts = if is_old { Texts::of_code_page(1252) } else { Texts::Wide };
        let mut globals = Self {
            texts,
            since_1904: false,
            styles: Vec::new(),
            strings: Vec::new(),
            sheets: Vec::new(),
            fonts: Vec::new(),
            formats: HashMap::new(),
        };
        loop {
            let record = records.next(budget)?;
            if record.kind == EOF {
                return Ok(globals);
            }
            globals.record(&record, budget)?;
        }
    }

    fn record(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        match record.kind {
            FILE_PASS => return has_password(record),
            CODE_PAGE => {
                if let (Texts::Bytes(_), Some(number)) = (self.texts, record.u16(0)) {
                    self.texts = Texts::of_code_page(number);
                }
            }
            DATE_MODE => self.since_1904 = record.u16(0) == Some(1),
            FONT => {
                budget.item()?;
                self.fonts.push(Font::read(record));
            }
            FORMAT => self.number_format(record, budget)?,
            XF => {
                budget.item()?;
                let style = self.style(record, budget)?;
                self.styles.push(style);
            }
            BOUND_SHEET => {
                if self.sheets.len() >= MOST_SHEETS {
                    return Err(Refusal::TooLarge("シートの数が多すぎます"));
                }
                let bound = BoundSheet::read(record, self.texts).ok_or(Refusal::Damaged)?;
                self.sheets.extend(Some(bound).filter(|bound| bound.kind != SheetKind::Program));
            }
            SST => self.strings = shared_strings(record, &self.fonts, budget)?,
            _ => {}
        }
        Ok(())
    }

    fn number_format(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<(), Refusal> {
        let Some(number) = record.u16(0) else { return Ok(()) };
        let mut segments = record.segments(2);
        let code = match self.texts {
            Texts::Wide => self.texts.text(&mut segments),
            Texts::Bytes(_) => self.texts.short_text(&mut segments),
        };
        // Without its code a format shows what the plain one does.
        let known = Rc::new(NumberFormat::new(&code.unwrap_or_default(), false, budget)?);
        self.formats.insert(number, known);
        Ok(())
    }

    fn style(&mut self, record: &Record<'_>, budget: &mut Budget) -> Result<Style, Refusal> {
        let font = font_of(&self.fonts, record.u16(0).unwrap_or(0));
        // A pattern, and the number of its colour in the palette.
        let is_filled = record.u16(16).is_some_and(|bits| bits >> 10 != 0);
        let fill = record.u16(18).map(|bits| u32::from(bits & 0x7F)).filter(|_| is_filled);
        let format = self.format(record.u16(2).unwrap_or(0), budget)?;
        let look = Look {
            struck: if font.struck { Strikethrough::Whole } else { Strikethrough::No },
            raised: font.raised,
            unlocked: record.u16(4).is_some_and(|flags| flags & 1 == 0),
            colours: (fill, font.colour),
            unit: format.unit.clone(),
            text: None,
        };
        budget.text(look.unit.as_ref().map_or(0, String::len))?;
        Ok(Style { format, look })
    }

    fn format(&mut self, number: u16, budget: &mut Budget) -> Result<Rc<NumberFormat>, Refusal> {
        if let Some(known) = self.formats.get(&number) {
            return Ok(known.clone());
        }
        let code = match number {
            // Currency, which Excel writes with the sign of the country it runs in.
            5..=8 | 42 | 44 => "\"¥\"#,##0.##",
            number => ssfmt::format_code_from_id(u32::from(number)).unwrap_or("General"),
        };
        let known = Rc::new(NumberFormat::new(code, is_built_in_date(number.into()), budget)?);
        self.formats.insert(number, known.clone());
        Ok(known)
    }
}

impl NumberFormat {
    fn new(code: &str, is_date: bool, budget: &mut Budget) -> Result<Self, Refusal> {
        budget.format()?;
        let format = Format::new(code);
        Ok(Self { makes_dates: is_date || makes_dates(code), unit: format.unit(), format })
    }
}

impl BoundSheet {
    fn read(record: &Record<'_>, texts: Texts) -> Option<Self> {
        let (visibility, kind) = (record.data.get(4)? & 0x3F, *record.data.get(5)?);
        let kind = match kind {
            // A sheet of macros has cells too.
            0 | 1 => SheetKind::Cells,
            2 => SheetKind::Chart,
            6 => SheetKind::Program,
            _ => return None,
        };
        if visibility > 2 {
            return None;
        }
        let mut name = texts.short_text(&mut record.segments(6))?;
        name.retain(|letter| letter != '\0');
        let at = usize::try_from(record.u32(0)?).ok()?;
        Some(Self { at, name, is_hidden: visibility != 0, kind })
    }
}

/// Whether a stream that begins so is older than Excel 97.
fn is_before_97(begin: &Record<'_>) -> bool {
    match begin.u16(0) {
        Some(0x0600) => false,
        Some(0x0500 | 0x0400 | 0x0300 | 0x0200 | 0x0007 | 0x0002) => true,
        _ => begin.u16(2) == Some(0x1000),
    }
}

/// Refuses a workbook whose records are written with a password.
pub(super) fn has_password(record: &Record<'_>) -> Result<(), Refusal> {
    if record.data.iter().all(|byte| *byte == 0) { Ok(()) } else { Err(Refusal::Encrypted) }
}
