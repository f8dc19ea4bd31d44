//! How a grid's styles look in Excel.

use std::collections::{HashMap, HashSet};

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::layout::Length;
use crate::layout::grid::{Align, Colour, Rule, Style, VerticalAlign};

/// How text is kept within its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fit {
    /// Nothing to fit.
    None,
    /// Broken into lines by Excel.
    Wrap,
    /// One line, set smaller by Excel should its own metrics differ from ours: so a
    /// text is never cut, and a number never shows as `####`.
    Shrink,
    /// One letter below the other (目標, KPI, 事業量).
    Stack,
}

/// Excel keeps some 200 number formats of a workbook; beyond them it repairs the file.
const MOST_NUMBER_FORMATS: usize = 200;

/// One step of Excel's indent: three blanks of the default font, 8 pixels each (6.35 mm).
const EMU_PER_INDENT: i64 = 3 * 8 * EMU_PER_PIXEL;
/// Excel's own distance from the edges of a cell to its text, on both sides together.
const EMU_OF_EDGES: i64 = 6 * EMU_PER_PIXEL;
/// Excel's limit is 250; no template sets a text further in.
const MOST_INDENT: i64 = 15;
/// At 96 pixels to the inch.
pub(super) const EMU_PER_PIXEL: i64 = 9_525;

/// Every format of the workbook, made once.
pub(super) struct Formats<'a> {
    font: &'a str,
    rule: Rule,
    made: HashMap<(Style, Fit, u8, String), Format>,
    number_formats: HashSet<String>,
}

impl<'a> Formats<'a> {
    pub fn new(font: &'a str, rule: Rule) -> Self {
        Self { font, rule, made: HashMap::new(), number_formats: HashSet::new() }
    }

    /// Whether the workbook can still take this number format.
    pub fn takes(&mut self, number_format: &str) -> bool {
        if self.number_formats.contains(number_format) {
            return true;
        }
        let room = self.number_formats.len() < MOST_NUMBER_FORMATS;
        if room {
            self.number_formats.insert(number_format.to_owned());
        }
        room
    }

    /// The format of a style, its text set in by steps; `number_format` is empty for text.
    pub fn of(&mut self, style: &Style, fit: Fit, indent: u8, number_format: &str) -> &Format {
        let (font, rule) = (self.font, self.rule);
        self.made
            .entry((*style, fit, indent, number_format.to_owned()))
            .or_insert_with(|| format(style, fit, indent, number_format, font, rule))
    }
}

/// The steps of Excel's indent that come nearest to a padding, in a cell whose text leaves so much
/// of its width free. Excel pads a cell by half a millimetre itself. What is set in by a few
/// millimetres is set in by a step; a line that fits as measured must fit here too.
pub(super) fn indent_of(padding: Length, free: Length) -> u8 {
    let wanted = (padding.emu() + EMU_PER_INDENT * 3 / 5) / EMU_PER_INDENT;
    let room = (free.emu() - EMU_OF_EDGES).max(0) / EMU_PER_INDENT;
    let floor = padding.emu() / EMU_PER_INDENT;
    u8::try_from(wanted.min(room).max(floor).clamp(0, MOST_INDENT)).unwrap_or_default()
}

fn format(style: &Style, fit: Fit, indent: u8, number_format: &str, font: &str, rule: Rule) -> Format {
    let mut format = Format::new()
        .set_font_name(font)
        .set_font_charset(128)
        .set_font_size((style.size.to_pt() * 10.0).round() / 10.0)
        .set_font_color(colour(style.colour))
        .set_align(match style.align {
            Align::Left => FormatAlign::Left,
            Align::Center => FormatAlign::Center,
            Align::Right => FormatAlign::Right,
        })
        .set_align(match style.valign {
            VerticalAlign::Top => FormatAlign::Top,
            VerticalAlign::Middle => FormatAlign::VerticalCenter,
            VerticalAlign::Bottom => FormatAlign::Bottom,
        });
    if style.bold {
        format = format.set_bold();
    }
    if let Some(fill) = style.fill {
        format = format.set_background_color(colour(fill));
    }
    if !number_format.is_empty() {
        format = format.set_num_format(number_format);
    }
    if style.align != Align::Center && fit != Fit::Stack && indent > 0 {
        format = format.set_indent(indent);
    }
    format = match fit {
        Fit::None => format,
        Fit::Wrap => format.set_text_wrap(),
        Fit::Shrink => format.set_shrink(),
        // The library's name for stacked text; the file says 255.
        Fit::Stack => format.set_rotation(270),
    };
    let line = match rule.width.to_pt() {
        width if width <= 1.0 => FormatBorder::Thin,
        width if width <= 2.0 => FormatBorder::Medium,
        _ => FormatBorder::Thick,
    };
    let rules = colour(rule.colour);
    if style.borders.top {
        format = format.set_border_top(line).set_border_top_color(rules);
    }
    if style.borders.right {
        format = format.set_border_right(line).set_border_right_color(rules);
    }
    if style.borders.bottom {
        format = format.set_border_bottom(line).set_border_bottom_color(rules);
    }
    if style.borders.left {
        format = format.set_border_left(line).set_border_left_color(rules);
    }
    format
}

fn colour(colour: Colour) -> Color {
    Color::RGB(u32::from_be_bytes([0, colour.red, colour.green, colour.blue]))
}
