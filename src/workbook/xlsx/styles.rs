//! Styles: how the cells of a workbook look, each told by a number.
//!
//! A workbook may have tens of thousands of styles and a form uses some thirty, so a style
//! is understood when a cell first asks for it, and a number format once however many
//! styles name it.

use std::collections::HashMap;
use std::rc::Rc;

use quick_xml::events::BytesStart;

use super::colours::Theme;
use crate::workbook::book::{Look, Strikethrough};
use crate::workbook::budget::Budget;
use crate::workbook::date_format::{is_built_in_date, makes_dates};
use crate::workbook::number_format::Format;
use crate::workbook::refusal::Refusal;
use crate::workbook::xml::{XmlEvent, own, walk_strict};

/// Excel itself allows 65,490 styles.
const MOST_STYLES: usize = 66_000;

/// The styles of a workbook.
#[derive(Debug, Default)]
pub(super) struct Styles {
    codes: HashMap<u32, Rc<str>>,
    fonts: Vec<Font>,
    fills: Vec<Fill>,
    cells: Vec<CellFormat>,
    known: HashMap<usize, Rc<ResolvedStyle>>,
    formats: HashMap<Rc<str>, Rc<NumberFormat>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Font {
    is_struck: bool,
    colour: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Fill {
    is_visible: bool,
    front: Option<u32>,
    back: Option<u32>,
}

/// What a style refers to.
#[derive(Debug, Clone, Copy, Default)]
struct CellFormat {
    format: Option<u32>,
    font: Option<usize>,
    fill: Option<usize>,
    is_unlocked: bool,
}

/// A number format that has been understood.
#[derive(Debug)]
pub(super) struct NumberFormat {
    pub format: Format,
    /// How much the text it shows of a number may cost.
    pub cost: usize,
    unit: Option<String>,
}

/// A style that has been understood.
#[derive(Debug)]
pub(super) struct ResolvedStyle {
    pub coded: Rc<NumberFormat>,
    pub look: Look,
    /// Whether a number under it is a date or a time.
    pub is_date: bool,
    /// Whether its look says nothing.
    pub is_plain: bool,
}

/// The section of the part that is being read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Section {
    Other,
    Formats,
    Fonts,
    Fills,
    Cells,
}

impl Styles {
    /// Reads the part of the styles.
    pub fn of(text: &str, theme: &Theme) -> Result<Self, Refusal> {
        let mut styles = Self::default();
        let mut section = Section::Other;
        let mut is_whole = false;
        let result = walk_strict(text, |event| {
            match event {
                XmlEvent::Open(tag) => match (section, tag.local_name().as_ref()) {
                    (Section::Other, "numFmts") => section = Section::Formats,
                    (Section::Other, "fonts") => section = Section::Fonts,
                    (Section::Other, "fills") => section = Section::Fills,
                    (Section::Other, "cellXfs") => section = Section::Cells,
                    (Section::Formats, "numFmt") => styles.code(tag)?,
                    (Section::Fonts, name) => styles.font(name, tag, theme)?,
                    (Section::Fills, name) => styles.fill(name, tag, theme)?,
                    (Section::Cells, name) => styles.cell(name, tag)?,
                    _ => {}
                },
                XmlEvent::Close("numFmts" | "fonts" | "fills" | "cellXfs") => section = Section::Other,
                XmlEvent::Close("styleSheet") => is_whole = true,
                XmlEvent::Close(_) | XmlEvent::Text(_) => {}
            }
            Ok(())
        });
        match result {
            Err(Refusal::Damaged) if is_whole => Ok(styles),
            Ok(()) if !is_whole => Err(Refusal::Damaged),
            result => result.map(|()| styles),
        }
    }

    fn code(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if let (Some(id), Some(code)) = (number(tag, "numFmtId")?, own(tag, "formatCode")?) {
            self.codes.insert(id, code.into());
        }
        Ok(())
    }

    fn font(&mut self, name: &str, tag: &BytesStart<'_>, theme: &Theme) -> Result<(), Refusal> {
        match (name, self.fonts.last_mut()) {
            ("font", _) => self.fonts.push(Font::default()),
            ("strike", Some(font)) => {
                font.is_struck = own(tag, "val")?.is_none_or(|value| is_yes(&value));
            }
            ("color", Some(font)) => font.colour = theme.colour(tag)?.or(font.colour),
            _ => {}
        }
        Ok(())
    }

    fn fill(&mut self, name: &str, tag: &BytesStart<'_>, theme: &Theme) -> Result<(), Refusal> {
        match (name, self.fills.last_mut()) {
            ("fill", _) => self.fills.push(Fill::default()),
            ("patternFill", Some(fill)) => {
                fill.is_visible = own(tag, "patternType")?.is_some_and(|pattern| is_pattern(&pattern));
            }
            ("fgColor", Some(fill)) => fill.front = theme.colour(tag)?.or(fill.front),
            ("bgColor", Some(fill)) => fill.back = theme.colour(tag)?.or(fill.back),
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, name: &str, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        match (name, self.cells.last_mut()) {
            ("xf", _) => {
                if self.cells.len() >= MOST_STYLES {
                    return Err(Refusal::TooLarge("書式の数が多すぎます"));
                }
                let index = |name: &str| Ok(number(tag, name)?.map(|at| at as usize));
                self.cells.push(CellFormat {
                    format: number(tag, "numFmtId")?,
                    font: index("fontId")?,
                    fill: index("fillId")?,
                    is_unlocked: false,
                });
            }
            ("protection", Some(cell)) => {
                cell.is_unlocked = own(tag, "locked")?.is_some_and(|value| !is_yes(&value));
            }
            _ => {}
        }
        Ok(())
    }

    /// The style with this number; one that is not there is the plain one.
    pub fn get(&mut self, number: usize, budget: &mut Budget) -> Result<Rc<ResolvedStyle>, Refusal> {
        if let Some(known) = self.known.get(&number) {
            return Ok(Rc::clone(known));
        }
        let cell = self.cells.get(number).copied().unwrap_or_default();
        let own = cell.format.and_then(|id| self.codes.get(&id)).cloned();
        let is_date = match (&own, cell.format) {
            (Some(code), _) => makes_dates(code),
            (None, id) => id.is_some_and(is_built_in_date),
        };
        let code: Rc<str> = match (cell.format, own) {
            // Currency, which Excel writes with the sign of the country it runs in.
            (Some(5..=8 | 42 | 44), _) => "\"¥\"#,##0.##".into(),
            (_, Some(code)) => code,
            (id, None) => id.and_then(built_in).unwrap_or_default().into(),
        };
        let coded = self.coded(code, budget)?;
        let font = cell.font.and_then(|at| self.fonts.get(at)).copied().unwrap_or_default();
        let fill = cell.fill.and_then(|at| self.fills.get(at)).filter(|fill| fill.is_visible);
        let look = Look {
            struck: if font.is_struck { Strikethrough::Whole } else { Strikethrough::No },
            unit: coded.unit.clone(),
            unlocked: cell.is_unlocked,
            colours: (
                fill.and_then(|fill| fill.front.or(fill.back)),
                font.colour.filter(|colour| *colour != 0),
            ),
            ..Look::default()
        };
        let is_plain = look == Look::default();
        let styled = Rc::new(ResolvedStyle { coded, look, is_date, is_plain });
        self.known.insert(number, Rc::clone(&styled));
        Ok(styled)
    }

    fn coded(&mut self, code: Rc<str>, budget: &mut Budget) -> Result<Rc<NumberFormat>, Refusal> {
        if let Some(known) = self.formats.get(&code) {
            return Ok(Rc::clone(known));
        }
        budget.format()?;
        let format = Format::new(&code);
        let unit = format.unit();
        let coded = Rc::new(NumberFormat { format, cost: code.len(), unit });
        self.formats.insert(code, Rc::clone(&coded));
        Ok(coded)
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Result<Option<u32>, Refusal> {
    Ok(own(tag, name)?.and_then(|value| value.trim().parse().ok()))
}

/// Whether an attribute that stands for yes where it is missing says so.
fn is_yes(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off")
}

/// The patterns of a fill that can be seen (ECMA-376 part 1, 18.18.55).
fn is_pattern(name: &str) -> bool {
    matches!(
        name,
        "solid"
            | "darkGray"
            | "mediumGray"
            | "lightGray"
            | "gray125"
            | "gray0625"
            | "darkHorizontal"
            | "darkVertical"
            | "darkDown"
            | "darkUp"
            | "darkGrid"
            | "darkTrellis"
            | "lightHorizontal"
            | "lightVertical"
            | "lightDown"
            | "lightUp"
            | "lightGrid"
            | "lightTrellis"
    )
}

/// The formats that every program knows by number (ECMA-376 part 1, 18.8.30).
fn built_in(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "mm-dd-yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        41 => "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PART: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0&quot;人&quot;\"/></numFmts>\
        <fonts><font><sz val=\"11\"/></font><font><strike/><color rgb=\"FFFF0000\"/></font></fonts>\
        <fills><fill><patternFill patternType=\"none\"><fgColor rgb=\"FF00FF00\"/></patternFill></fill>\
        <fill><patternFill patternType=\"solid\"><fgColor indexed=\"13\"/></patternFill></fill></fills>\
        <cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>\
        <cellXfs><xf/><xf numFmtId=\"164\" fontId=\"1\" fillId=\"1\"><protection locked=\"0\"/></xf><xf numFmtId=\"14\" fillId=\"0\"/>\
        <xf numFmtId=\"44\"/></cellXfs><dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>";

    #[test]
    fn styles_are_read_and_understood_when_asked_for() {
        let mut budget = Budget::default();
        let mut styles = Styles::of(PART, &Theme::of(None)).unwrap();
        assert!(styles.formats.is_empty());
        let own = styles.get(1, &mut budget).unwrap();
        let expected = Look {
            struck: Strikethrough::Whole,
            unlocked: true,
            colours: (Some(0xFF_FF_00), Some(0xFF_00_00)),
            unit: Some("人".to_owned()),
            ..Look::default()
        };
        assert_eq!((&own.look, own.is_date), (&expected, false));
        assert!(styles.get(2, &mut budget).unwrap().is_date);
        assert_eq!(styles.get(2, &mut budget).unwrap().look.colours, (None, None));
        let yen = Format::new("\"¥\"#,##0.##");
        assert_eq!(styles.get(3, &mut budget).unwrap().coded.format.shown(5.0), yen.shown(5.0));
        assert_eq!(styles.get(99, &mut budget).unwrap().look, Look::default());
        assert_eq!((styles.fonts.len(), styles.cells.len(), styles.formats.len()), (2, 4, 4));
    }

    #[test]
    fn broken_styles_are_refused() {
        let theme = Theme::of(None);
        assert!(matches!(Styles::of("<styleSheet><fonts>", &theme), Err(Refusal::Damaged)));
        assert!(Styles::of("<styleSheet/><broken", &theme).is_ok());
    }
}
