//! A page of a sheet as plain data: grounds, rules and texts, each with its place.
//!
//! Where all of it stands is said once here, for the writers that draw pages themselves: the
//! PDF, and the page on a screen. Places are lengths from the upper left corner of the paper.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::layout::Length;
use crate::layout::closing::ClosedUp;
use crate::layout::font::{Fonts, Run};
use crate::layout::grid::{
    self, Align, Cell, Colour, Document, LEADER, PAGE_MARK, Role, Sheet, VerticalAlign,
};

/// From the baseline to the rule under a text, as a share of its size.
const UNDERLINE_BELOW: (i64, i64) = (1, 10);
/// How thick that rule is, as a share of the text's size,
const UNDERLINE_SHARE: (i64, i64) = (1, 20);
/// and at the least, in points: what a copier keeps.
const UNDERLINE_PT: f64 = 0.4;
/// More dots than lead across the widest page.
const MOST_DOTS: usize = 2_000;

const BLACK: Colour = Colour { red: 0, green: 0, blue: 0 };

/// All that is drawn on a page.
pub(super) struct Page<'d> {
    /// The grounds of cells, below all else.
    pub grounds: Vec<(Area, Colour)>,
    /// Every ruled edge once, from one end to the other.
    pub rules: Vec<[(Length, Length); 2]>,
    /// The cells, in reading order.
    pub cells: Vec<PageCell<'d>>,
    /// What stands in the margins: what every page is marked with, and its number.
    pub margins: Vec<Text<'d>>,
}

/// A cell on a page.
pub(super) struct PageCell<'d> {
    /// Which of its sheet's.
    pub index: usize,
    /// What it is.
    pub cell: &'d Cell,
    /// Where it stands.
    pub area: Area,
    /// False in a row that stands here again.
    pub is_fresh: bool,
    /// Its lines.
    pub lines: Vec<Text<'d>>,
    /// The rules under parts of its text, in its colour.
    pub underlines: Vec<Area>,
    /// The dots that lead to it, for the number of a page in the contents.
    pub leader: Option<Text<'d>>,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub left: Length,
    pub right: Length,
    pub top: Length,
    pub bottom: Length,
}

/// A line of text.
pub(super) struct Text<'d> {
    pub text: Cow<'d, str>,
    pub bold: bool,
    pub size: Length,
    pub colour: Colour,
    /// Where it begins.
    pub x: Length,
    /// What its letters stand on.
    pub baseline: Length,
}

impl Text<'_> {
    /// The text cut where the face changes and where blank is closed up; whether a run stands
    /// half an em further left than the widths before it have it. What follows goes with it.
    pub fn runs(&self, fonts: &Fonts<'_>) -> Vec<(Run, bool)> {
        let mut runs = Vec::new();
        for (piece, is_closed) in ClosedUp::of(&self.text, fonts, self.bold).pieces() {
            let of_piece = fonts.runs(piece, self.bold).into_iter().enumerate();
            runs.extend(of_piece.map(|(at, run)| (run, is_closed && at == 0)));
        }
        runs
    }
}

impl<'d> Page<'d> {
    /// The page `at` of a sheet, on which these of its cells are.
    pub fn of(
        document: &'d Document,
        sheet: &'d Sheet,
        at: usize,
        cells: &[usize],
        fonts: &Fonts<'_>,
    ) -> Self {
        let places = Places::of(document, sheet, at, fonts);
        let fresh = sheet.pages.get(at).cloned().unwrap_or_default();
        let cells: Vec<PageCell<'d>> =
            cells.iter().map(|index| places.cell(*index, fresh.contains(&sheet.cells[*index].row))).collect();
        let ground = |on: &PageCell<'_>| Some((on.area, on.cell.style.fill?));
        let margins = head(document, fonts).into_iter();
        let margins = margins.chain(sheet.first_page.map(|first| foot(document, first + at, fonts)));
        Self {
            grounds: cells.iter().filter_map(ground).collect(),
            rules: rules(&cells),
            margins: margins.collect(),
            cells,
        }
    }
}

/// Where rows and columns stand on a page.
struct Places<'d, 'f> {
    sheet: &'d Sheet,
    fonts: &'f Fonts<'f>,
    /// The upper edges of the rows.
    tops: BTreeMap<usize, Length>,
    /// The left edges of the columns and the right edge of the last.
    edges: Vec<Length>,
}

impl<'d, 'f> Places<'d, 'f> {
    fn of(document: &Document, sheet: &'d Sheet, at: usize, fonts: &'f Fonts<'f>) -> Self {
        let mut top = document.page.top;
        let mut tops = BTreeMap::new();
        for row in sheet.rows_of_page(at) {
            tops.insert(row, top);
            top += sheet.rows[row].height;
        }
        let mut edges = vec![document.page.left];
        for width in &sheet.columns {
            edges.push(edges[edges.len() - 1] + *width);
        }
        Self { sheet, fonts, tops, edges }
    }

    fn area(&self, cell: &Cell) -> Area {
        let top = self.tops.get(&cell.row).copied().unwrap_or_default();
        let last = self.edges.len() - 1;
        let (left, right) = (cell.column.min(last), (cell.column + cell.column_span).min(last));
        let bottom = top + self.sheet.height_of(cell);
        Area { left: self.edges[left], right: self.edges[right], top, bottom }
    }

    fn cell(&self, index: usize, is_fresh: bool) -> PageCell<'d> {
        let cell = &self.sheet.cells[index];
        let lines = self.lines(cell);
        let heading = match cell.role {
            Role::ContentsPage => index.checked_sub(1).and_then(|before| self.sheet.cells.get(before)),
            _ => None,
        };
        PageCell {
            index,
            cell,
            area: self.area(cell),
            is_fresh,
            underlines: self.underlines(cell, &lines),
            leader: heading.and_then(|heading| self.leader(heading, cell)),
            lines,
        }
    }

    /// The lines of a cell.
    fn lines(&self, cell: &'d Cell) -> Vec<Text<'d>> {
        let (style, Area { left, right, top, bottom }) = (cell.style, self.area(cell));
        let block = style.leading * cell.lines.len() as i64;
        let above = match style.valign {
            VerticalAlign::Top => style.space,
            VerticalAlign::Middle => (bottom - top - block) / 2,
            VerticalAlign::Bottom => bottom - top - block - style.space,
        };
        let ascent = self.fonts.ascent(style.size, style.bold);
        let first = top + above + (style.leading - style.size) / 2 + ascent;
        let line = |(at, line): (usize, &'d grid::Line)| Text {
            text: Cow::Borrowed(&line.text),
            bold: style.bold,
            size: style.size,
            colour: style.colour,
            x: match style.align {
                Align::Left => left + style.padding + line.indent,
                Align::Center => left + (right - left - line.width) / 2,
                Align::Right => right - style.padding - line.width,
            },
            baseline: first + style.leading * at as i64,
        };
        cell.lines.iter().enumerate().map(line).collect()
    }

    /// The rules under parts of a cell's lines.
    fn underlines(&self, cell: &Cell, lines: &[Text<'_>]) -> Vec<Area> {
        if cell.underlined.is_empty() {
            return Vec::new();
        }
        let (style, fonts) = (cell.style, self.fonts);
        let below = style.size.share(UNDERLINE_BELOW.0, UNDERLINE_BELOW.1);
        let thickness = style.size.share(UNDERLINE_SHARE.0, UNDERLINE_SHARE.1).max(Length::pt(UNDERLINE_PT));
        let mut rules = Vec::new();
        for (line, range) in lines.iter().zip(grid::line_ranges(cell.text(), &cell.lines)) {
            let closed = ClosedUp::of(&line.text, fonts, style.bold);
            let reach = |at: usize| line.x + closed.reach(at - range.start, fonts, style.size, style.bold);
            let visible = range.start + line.text.trim_end().len();
            for part in &cell.underlined {
                let (from, to) = (part.start.max(range.start), part.end.min(visible));
                if from < to {
                    let top = line.baseline + below;
                    rules.push(Area { left: reach(from), right: reach(to), top, bottom: top + thickness });
                }
            }
        }
        rules
    }

    /// The dots from the end of a heading in the contents to the number of its page.
    fn leader(&self, heading: &'d Cell, page: &'d Cell) -> Option<Text<'d>> {
        let (style, right) = (page.style, self.area(page).right);
        let from = self.lines(heading).last()?.x + heading.lines.last()?.width;
        let number = self.lines(page).pop()?;
        let gap = style.size / 4;
        let dot = self.fonts.width(LEADER, style.size, style.bold);
        let (x, count) = dots(from + gap, number.x - gap, dot, right - style.padding)?;
        Some(Text { text: LEADER.repeat(count).into(), x, ..number })
    }
}

/// The page number.
fn foot<'d>(document: &'d Document, number: usize, fonts: &Fonts<'_>) -> Text<'d> {
    let frame = &document.page;
    let text = frame.foot_text.replace(PAGE_MARK, &number.to_string());
    let x = (frame.width - drawn_width(&text, frame.foot_size, fonts)) / 2;
    in_margin(text.into(), x, frame.height - frame.foot, frame.foot_size)
}

/// What every page is marked with.
fn head<'d>(document: &'d Document, fonts: &Fonts<'_>) -> Option<Text<'d>> {
    let frame = &document.page;
    let text = frame.head_text.as_str();
    let x = frame.width - frame.right - drawn_width(text, frame.foot_size, fonts);
    (!text.is_empty()).then(|| in_margin(text.into(), x, frame.head(), frame.foot_size))
}

/// How wide a line in the margin is drawn.
fn drawn_width(text: &str, size: Length, fonts: &Fonts<'_>) -> Length {
    fonts.width(text, size, false) - ClosedUp::of(text, fonts, false).saved(size)
}

fn in_margin(text: Cow<'_, str>, x: Length, baseline: Length, size: Length) -> Text<'_> {
    Text { text, bold: false, size, colour: BLACK, x, baseline }
}

/// Every ruled edge once, touching pieces of one line joined.
fn rules(cells: &[PageCell<'_>]) -> Vec<[(Length, Length); 2]> {
    let mut level: BTreeMap<Length, Vec<(Length, Length)>> = BTreeMap::new();
    let mut upright: BTreeMap<Length, Vec<(Length, Length)>> = BTreeMap::new();
    for PageCell { cell, area, .. } in cells {
        let borders = cell.style.borders;
        for (drawn, at) in [(borders.top, area.top), (borders.bottom, area.bottom)] {
            if drawn {
                level.entry(at).or_default().push((area.left, area.right));
            }
        }
        for (drawn, at) in [(borders.left, area.left), (borders.right, area.right)] {
            if drawn {
                upright.entry(at).or_default().push((area.top, area.bottom));
            }
        }
    }
    let level = level
        .into_iter()
        .flat_map(|(y, pieces)| joined(pieces).into_iter().map(move |(from, to)| [(from, y), (to, y)]));
    let upright = upright
        .into_iter()
        .flat_map(|(x, pieces)| joined(pieces).into_iter().map(move |(from, to)| [(x, from), (x, to)]));
    level.chain(upright).collect()
}

/// Where the first of a leader's dots begins and how many there are: as many as have room from
/// one place to another, at whole steps from the right edge, so that those of all lines stand
/// below one another.
fn dots(from: Length, to: Length, dot: Length, right: Length) -> Option<(Length, usize)> {
    if dot <= Length::ZERO {
        return None;
    }
    let first = (right - from).emu() / dot.emu();
    let after = ((right - to).emu() + dot.emu() - 1) / dot.emu();
    let count = usize::try_from(first - after).ok().filter(|count| (1..=MOST_DOTS).contains(count))?;
    Some((right - dot * first, count))
}

/// Pieces of one line, those that touch or overlap made one.
fn joined(mut pieces: Vec<(Length, Length)>) -> Vec<(Length, Length)> {
    pieces.sort_unstable();
    let mut joined: Vec<(Length, Length)> = Vec::new();
    for (from, to) in pieces {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// A page for the tests of those who draw it.
#[cfg(test)]
pub(super) mod sample {
    use super::*;
    use crate::layout::grid::{Borders, Content, GridRow, PageFrame, Rule, Style};

    /// A page of 100 pt × 50 pt with one cell that fills it, of these lines of 10 pt.
    pub fn document(
        lines: &[&str],
        align: Align,
        underlined: Option<std::ops::Range<usize>>,
        fonts: &Fonts<'_>,
    ) -> Document {
        let size = Length::pt(10.0);
        let line = |text: &&str| grid::Line {
            text: (*text).to_owned(),
            width: fonts.width(text, size, false) - ClosedUp::of(text, fonts, false).saved(size),
            indent: Length::ZERO,
        };
        let style = Style {
            size,
            leading: size,
            bold: false,
            colour: BLACK,
            fill: None,
            align,
            valign: VerticalAlign::Top,
            padding: Length::ZERO,
            space: Length::ZERO,
            borders: Borders::ALL,
        };
        let cell = Cell {
            row: 0,
            row_span: 1,
            column: 0,
            column_span: 1,
            style,
            content: Content::Text(lines.concat()),
            lines: lines.iter().map(line).collect(),
            role: Role::Paragraph,
            table: None,
            link: None,
            underlined: underlined.into_iter().collect(),
            origins: Vec::new(),
        };
        let sheet = Sheet {
            name: String::new(),
            title: String::new(),
            columns: vec![Length::pt(100.0)],
            rows: vec![GridRow { height: Length::pt(50.0) }],
            cells: vec![cell],
            tables: Vec::new(),
            pages: std::iter::once(0..1).collect(),
            repeat: None,
            first_page: None,
            frozen_rows: 0,
        };
        let none = Length::ZERO;
        let frame = PageFrame {
            width: Length::pt(100.0),
            height: Length::pt(50.0),
            left: none,
            top: none,
            right: none,
            bottom: none,
            foot: none,
            foot_size: size,
            foot_text: String::new(),
            head_text: String::new(),
        };
        let rule = Rule { width: Length::pt(0.5), colour: BLACK };
        Document { page: frame, rule, sheets: vec![sheet], overflows: Vec::new() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Whatever lies between, no more than a dot is left free at either end.
    #[test]
    fn dots_stand_below_one_another_and_leave_no_hole() {
        let mm = |n: i64| Length::mm(n as f64);
        for (from, to) in [(0, 90), (7, 90), (8, 91), (9, 94)] {
            let (x, count) = dots(mm(from), mm(to), mm(3), mm(100)).unwrap();
            let end = x + mm(3) * count as i64;
            assert_eq!((mm(100) - x).emu() % mm(3).emu(), 0);
            assert!(x >= mm(from) && x - mm(from) < mm(3) && end <= mm(to) && mm(to) - end < mm(3));
        }
        assert_eq!(dots(mm(90), mm(93), mm(3), mm(100)), None);
        assert_eq!(dots(mm(5), mm(5), mm(3), mm(100)), None);
        assert_eq!(dots(mm(5), mm(50), mm(0), mm(100)), None);
    }

    #[test]
    fn touching_pieces_of_a_rule_are_drawn_as_one() {
        let mm = |n: i64| Length::mm(n as f64);
        let pieces = vec![(mm(5), mm(9)), (mm(0), mm(3)), (mm(3), mm(5)), (mm(20), mm(21)), (mm(0), mm(3))];
        assert_eq!(joined(pieces), [(mm(0), mm(9)), (mm(20), mm(21))]);
    }
}
