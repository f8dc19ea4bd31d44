//! A page of a sheet as drawing operations.
//!
//! First the grounds and rules, which say nothing to a reader who cannot see them
//! and are marked as artifacts; then the text of each cell in reading order, each
//! under a mark (an MCID) by which the structure tree finds it.

use std::collections::BTreeMap;

use printpdf::{
    Color, DictItem, Line, LineCapStyle, LinePoint, Op, PaintMode, Point, Pt, Rect, Rgb, TextItem,
    TextMatrix, WindingOrder,
};

use super::fonts::{self, Subsets};
use super::values::utf16_with_bom;
use crate::layout::Length;
use crate::layout::closing::ClosedUp;
use crate::layout::font::Fonts;
use crate::layout::grid::{self, Align, Cell, Colour, Document, PAGE_MARK, Role, Sheet, VerticalAlign};
use crate::layout::reading::is_heard;

/// Half an em in the thousandths by which text is moved to the left (ISO 32000-1, 9.4.3).
const HALF_EM: f32 = 500.0;
/// From the baseline to the rule under a text, as a share of its size.
const UNDERLINE_BELOW: (i64, i64) = (1, 10);
/// How thick that rule is, as a share of the text's size,
const UNDERLINE_SHARE: (i64, i64) = (1, 20);
/// and at the least, in points: what a copier keeps.
const UNDERLINE_PT: f64 = 0.4;

/// A painted page.
pub struct Painted {
    /// What is drawn.
    pub ops: Vec<Op>,
    /// The cell marked by each MCID, counted in [`Sheet::cells`].
    pub marked: Vec<usize>,
    /// Where each drawn cell stands.
    pub places: BTreeMap<usize, Place>,
}

/// A rectangle on the page, in points from its lower left corner.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The left edge.
    pub left: f32,
    /// The lower edge.
    pub bottom: f32,
    /// The right edge.
    pub right: f32,
    /// The upper edge.
    pub top: f32,
}

/// Paints the page `at` of a sheet.
pub fn page(
    document: &Document,
    sheet: &Sheet,
    at: usize,
    cells: &[usize],
    fonts: &Fonts<'_>,
    subsets: &Subsets,
) -> Painted {
    let rows: Vec<usize> = sheet.rows_of_page(at).collect();
    let mut painter = Painter::new(document, sheet, &rows, fonts, subsets);
    painter.grounds_and_rules(cells);
    let fresh = sheet.pages.get(at).cloned().unwrap_or_default();
    for index in cells {
        let cell = &sheet.cells[*index];
        painter.cell(*index, cell, fresh.contains(&cell.row));
    }
    if !document.page.head_text.is_empty() {
        painter.head();
    }
    if let Some(first) = sheet.first_page {
        painter.foot(first + at);
    }
    Painted { ops: painter.ops, marked: painter.marked, places: painter.places }
}

struct Painter<'a> {
    document: &'a Document,
    sheet: &'a Sheet,
    fonts: &'a Fonts<'a>,
    subsets: &'a Subsets,
    ops: Vec<Op>,
    marked: Vec<usize>,
    places: BTreeMap<usize, Place>,
    /// The distance of each row's upper edge from the top of the paper.
    tops: BTreeMap<usize, Length>,
    /// The left edges of the columns and the right edge of the last.
    edges: Vec<Length>,
}

impl<'a> Painter<'a> {
    fn new(
        document: &'a Document,
        sheet: &'a Sheet,
        rows: &[usize],
        fonts: &'a Fonts<'a>,
        subsets: &'a Subsets,
    ) -> Self {
        let mut top = document.page.top;
        let mut tops = BTreeMap::new();
        for row in rows {
            tops.insert(*row, top);
            top += sheet.rows[*row].height;
        }
        let mut edges = vec![document.page.left];
        for width in &sheet.columns {
            edges.push(edges[edges.len() - 1] + *width);
        }
        let (ops, marked, places) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { document, sheet, fonts, subsets, ops, marked, places, tops, edges }
    }

    /// The cell's left and right edges and its upper and lower, from the upper left corner.
    fn rectangle(&self, cell: &Cell) -> (Length, Length, Length, Length) {
        let top = self.tops.get(&cell.row).copied().unwrap_or_default();
        let last = self.edges.len() - 1;
        let (left, right) = (cell.column.min(last), (cell.column + cell.column_span).min(last));
        (self.edges[left], self.edges[right], top, top + self.sheet.height_of(cell))
    }

    /// From the top of the paper to PDF's upward points, to a thousandth of a point.
    fn up(&self, down: Length) -> Pt {
        across(self.document.page.height - down)
    }

    fn grounds_and_rules(&mut self, cells: &[usize]) {
        let cells: Vec<&Cell> = cells.iter().map(|index| &self.sheet.cells[*index]).collect();
        self.artifact(None);
        let mut ground = None;
        for cell in &cells {
            let Some(fill) = cell.style.fill else { continue };
            let (left, right, top, bottom) = self.rectangle(cell);
            if ground != Some(fill) {
                self.ops.push(Op::SetFillColor { col: colour(fill) });
                ground = Some(fill);
            }
            self.fill(left, right, top, bottom);
        }
        let rule = self.document.rule;
        self.ops.push(Op::SetOutlineColor { col: colour(rule.colour) });
        self.ops.push(Op::SetOutlineThickness { pt: across(rule.width) });
        // Rules that meet at a corner fill it.
        self.ops.push(Op::SetLineCapStyle { cap: LineCapStyle::ProjectingSquare });
        for (from, to) in self.rules(&cells) {
            let point = |(x, y): (Length, Length)| LinePoint {
                p: Point { x: across(x), y: self.up(y) },
                bezier: false,
            };
            let line = Line { points: vec![point(from), point(to)], is_closed: false };
            self.ops.push(Op::DrawLine { line });
        }
        self.ops.push(Op::EndMarkedContent);
    }

    /// Fills a rectangle with the colour that is set.
    fn fill(&mut self, left: Length, right: Length, top: Length, bottom: Length) {
        let rectangle = Rect {
            x: across(left),
            y: self.up(bottom),
            width: across(right - left),
            height: across(bottom - top),
            mode: Some(PaintMode::Fill),
            winding_order: Some(WindingOrder::NonZero),
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    /// Every ruled edge once, touching pieces of one line joined.
    fn rules(&self, cells: &[&Cell]) -> Vec<((Length, Length), (Length, Length))> {
        let mut level: BTreeMap<Length, Vec<(Length, Length)>> = BTreeMap::new();
        let mut upright: BTreeMap<Length, Vec<(Length, Length)>> = BTreeMap::new();
        for cell in cells {
            let (left, right, top, bottom) = self.rectangle(cell);
            let borders = cell.style.borders;
            for (drawn, at) in [(borders.top, top), (borders.bottom, bottom)] {
                if drawn {
                    level.entry(at).or_default().push((left, right));
                }
            }
            for (drawn, at) in [(borders.left, left), (borders.right, right)] {
                if drawn {
                    upright.entry(at).or_default().push((top, bottom));
                }
            }
        }
        let level = level
            .into_iter()
            .flat_map(|(y, pieces)| joined(pieces).into_iter().map(move |(from, to)| ((from, y), (to, y))));
        let upright = upright
            .into_iter()
            .flat_map(|(x, pieces)| joined(pieces).into_iter().map(move |(from, to)| ((x, from), (x, to))));
        level.chain(upright).collect()
    }

    /// Draws the text of a cell. `fresh` is false for a row that stands here again.
    fn cell(&mut self, index: usize, cell: &Cell, fresh: bool) {
        let (left, right, top, bottom) = self.rectangle(cell);
        let place = Place {
            left: across(left).0,
            right: across(right).0,
            top: self.up(top).0,
            bottom: self.up(bottom).0,
        };
        if cell.lines.is_empty() && !is_heard(cell) {
            return;
        }
        if is_heard(cell) && fresh {
            self.places.insert(index, place);
            self.mark(index, cell.role);
        } else {
            self.artifact(None);
        }
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetFillColor { col: colour(cell.style.colour) });
        if cell.lines.is_empty() {
            // Something for a screen reader to stop at, where the eye sees an empty cell.
            self.text(" ", false, left + cell.style.padding, top + cell.style.size, cell.style.size);
        }
        let places = places(cell, left, right, top, bottom, self.fonts);
        for (line, (x, baseline)) in cell.lines.iter().zip(&places) {
            self.text(&line.text, cell.style.bold, *x, *baseline, cell.style.size);
        }
        self.ops.push(Op::EndTextSection);
        self.ops.push(Op::EndMarkedContent);
        self.underlines(cell, &places);
    }

    fn text(&mut self, text: &str, bold: bool, x: Length, baseline: Length, size: Length) {
        let (fonts, subsets) = (self.fonts, self.subsets);
        let mut face = None;
        for (piece, mut is_closed) in ClosedUp::of(text, fonts, bold).pieces() {
            for run in fonts.runs(piece, bold).into_iter().flat_map(|run| subsets.copied_as_typed(run)) {
                if let Some(actual) = &run.actual {
                    let properties = dictionary([("ActualText", utf16(actual))]);
                    self.ops
                        .push(Op::BeginMarkedContentWithProperties { tag: "Span".to_owned(), properties });
                }
                if face != Some(run.face) {
                    self.ops.push(Op::SetFont { font: fonts::handle(run.face), size: across(size) });
                }
                if face.is_none() {
                    let matrix = TextMatrix::Translate(across(x), self.up(baseline));
                    self.ops.push(Op::SetTextMatrix { matrix });
                }
                face = Some(run.face);
                let shown = subsets.shown(&run);
                // Only what is drawn first of a piece is moved; the rest follows it.
                let items = match std::mem::take(&mut is_closed) {
                    true => vec![TextItem::Offset(HALF_EM), shown],
                    false => vec![shown],
                };
                self.ops.push(Op::ShowText { items });
                if run.actual.is_some() {
                    self.ops.push(Op::EndMarkedContent);
                }
            }
        }
    }

    /// Draws the rules under parts of a cell's text, whose lines stand at these places.
    fn underlines(&mut self, cell: &Cell, places: &[(Length, Length)]) {
        if cell.underlined.is_empty() {
            return;
        }
        let style = cell.style;
        let below = style.size.share(UNDERLINE_BELOW.0, UNDERLINE_BELOW.1);
        let thickness = style.size.share(UNDERLINE_SHARE.0, UNDERLINE_SHARE.1).max(Length::pt(UNDERLINE_PT));
        self.artifact(None);
        self.ops.push(Op::SetFillColor { col: colour(style.colour) });
        for ((line, range), (x, baseline)) in
            cell.lines.iter().zip(grid::line_ranges(cell.text(), &cell.lines)).zip(places)
        {
            let closed = ClosedUp::of(&line.text, self.fonts, style.bold);
            let reach = |at: usize| *x + closed.reach(at - range.start, self.fonts, style.size, style.bold);
            let visible = range.start + line.text.trim_end().len();
            for part in &cell.underlined {
                let (from, to) = (part.start.max(range.start), part.end.min(visible));
                if from < to {
                    let top = *baseline + below;
                    self.fill(reach(from), reach(to), top, top + thickness);
                }
            }
        }
        self.ops.push(Op::EndMarkedContent);
    }

    /// The page number.
    fn foot(&mut self, number: usize) {
        let frame = &self.document.page;
        let text = frame.foot_text.replace(PAGE_MARK, &number.to_string());
        let width = self.drawn_width(&text);
        self.beside_grid(&text, (frame.width - width) / 2, frame.height - frame.foot);
    }

    /// What every page is marked with.
    fn head(&mut self) {
        let frame = &self.document.page;
        let x = frame.width - frame.right - self.drawn_width(&frame.head_text);
        self.beside_grid(&frame.head_text, x, frame.head());
    }

    /// How wide a line in the margin is drawn.
    fn drawn_width(&self, text: &str) -> Length {
        let size = self.document.page.foot_size;
        self.fonts.width(text, size, false) - ClosedUp::of(text, self.fonts, false).saved(size)
    }

    /// A line in the margin.
    fn beside_grid(&mut self, text: &str, x: Length, baseline: Length) {
        let size = self.document.page.foot_size;
        self.artifact(Some("Pagination"));
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetFillColor { col: colour(Colour { red: 0, green: 0, blue: 0 }) });
        self.text(text, false, x, baseline, size);
        self.ops.push(Op::EndTextSection);
        self.ops.push(Op::EndMarkedContent);
    }

    fn artifact(&mut self, kind: Option<&str>) {
        let tag = "Artifact".to_owned();
        self.ops.push(match kind {
            None => Op::BeginMarkedContent { tag },
            Some(kind) => {
                let properties = dictionary([("Type", DictItem::Name(kind.as_bytes().to_vec()))]);
                Op::BeginMarkedContentWithProperties { tag, properties }
            }
        });
    }

    fn mark(&mut self, index: usize, role: Role) {
        let mcid = self.marked.len();
        self.marked.push(index);
        self.ops.push(Op::BeginMarkedContentWithProperties {
            tag: tag(role).to_owned(),
            properties: dictionary([("MCID", DictItem::Int(mcid as i64))]),
        });
    }
}

/// How what a cell says is marked: as what the structure tree says it is.
fn tag(role: Role) -> &'static str {
    match role {
        Role::Title | Role::Paragraph | Role::Label => "P",
        Role::Heading(level) => heading(level),
        Role::Caption => "Caption",
        Role::ColumnHeader | Role::RowHeader => "TH",
        Role::Data => "TD",
        Role::ContentsEntry => "Link",
        Role::Artifact => "Artifact",
    }
}

/// The structure type of a heading (ISO 32000-1, 14.8.4.3).
pub fn heading(level: u8) -> &'static str {
    match level {
        1 => "H1",
        2 => "H2",
        3 => "H3",
        _ => "H4",
    }
}

/// Where each line of a cell begins: x and baseline.
fn places(
    cell: &Cell,
    left: Length,
    right: Length,
    top: Length,
    bottom: Length,
    fonts: &Fonts<'_>,
) -> Vec<(Length, Length)> {
    let style = cell.style;
    let block = style.leading * cell.lines.len() as i64;
    let above = match style.valign {
        VerticalAlign::Top => style.space,
        VerticalAlign::Middle => (bottom - top - block) / 2,
        VerticalAlign::Bottom => bottom - top - block - style.space,
    };
    let ascent = fonts.ascent(style.size, style.bold);
    let first = top + above + (style.leading - style.size) / 2 + ascent;
    let place = |(at, line): (usize, &grid::Line)| {
        let x = match style.align {
            Align::Left => left + style.padding + line.indent,
            Align::Center => left + (right - left - line.width) / 2,
            Align::Right => right - style.padding - line.width,
        };
        (x, first + style.leading * at as i64)
    };
    cell.lines.iter().enumerate().map(place).collect()
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

/// In points, to a thousandth: finer than any printer, and short to write.
fn across(length: Length) -> Pt {
    Pt(((length.to_pt() * 1000.0).round() / 1000.0) as f32)
}

fn colour(colour: Colour) -> Color {
    // Three decimals are finer than the 255 steps they stand for.
    let part = |value: u8| (f32::from(value) / 255.0 * 1000.0).round() / 1000.0;
    Color::Rgb(Rgb { r: part(colour.red), g: part(colour.green), b: part(colour.blue), icc_profile: None })
}

fn dictionary<const N: usize>(entries: [(&str, DictItem); N]) -> DictItem {
    DictItem::Dict { map: entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect() }
}

fn utf16(text: &str) -> DictItem {
    DictItem::Bytes(utf16_with_bom(text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::font::FontFiles;
    use crate::layout::grid::{Borders, Content, GridRow, PageFrame, Rule, Style};

    const BLACK: Colour = Colour { red: 0, green: 0, blue: 0 };

    /// A page of 100 pt × 50 pt with one cell that fills it, of these lines of 10 pt.
    fn painted(lines: &[&str], align: Align, underlined: &[std::ops::Range<usize>]) -> Vec<Op> {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let size = Length::pt(10.0);
        let line = |text: &&str| grid::Line {
            text: (*text).to_owned(),
            width: fonts.width(text, size, false) - ClosedUp::of(text, &fonts, false).saved(size),
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
            underlined: underlined.to_vec(),
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
        let document = Document { page: frame, rule, sheets: vec![sheet], overflows: Vec::new() };
        let subsets = Subsets::of(&document, &fonts);
        page(&document, &document.sheets[0], 0, &[0], &fonts, &subsets).ops
    }

    /// Where lines begin, and what is shown in them: `<` for half an em to the left.
    fn shown(ops: &[Op]) -> Vec<String> {
        let mut shown = Vec::new();
        for op in ops {
            match op {
                Op::SetTextMatrix { matrix: TextMatrix::Translate(x, _) } => shown.push(format!("{} ", x.0)),
                Op::ShowText { items } => {
                    let line = shown.last_mut().unwrap();
                    for item in items {
                        match item {
                            TextItem::Text(text) => line.push_str(text),
                            TextItem::Offset(offset) => {
                                line.push_str(if *offset == 500.0 { "<" } else { "?" })
                            }
                            TextItem::GlyphIds(_) => line.push('?'),
                        }
                    }
                }
                _ => {}
            }
        }
        shown
    }

    #[test]
    fn lines_are_drawn_closed_up_where_their_alignment_has_them() {
        let lines = ["（町）「村」", "市、（港）。"];
        assert_eq!(shown(&painted(&lines, Align::Left, &[])), ["0 <（町）<「村」", "0 市、<（港）<。"]);
        // 60 pt less 15 pt, of 100 pt.
        assert_eq!(shown(&painted(&lines, Align::Center, &[]))[0], "27.5 <（町）<「村」");
        assert_eq!(shown(&painted(&lines, Align::Right, &[]))[1], "55 市、<（港）<。");
        assert_eq!(shown(&painted(&["市の港"], Align::Right, &[])), ["70 市の港"]);
    }

    /// The left edges and widths of what is filled.
    fn filled(ops: &[Op]) -> Vec<(f32, f32)> {
        let rectangle = |op: &Op| match op {
            Op::DrawRectangle { rectangle } => Some((rectangle.x.0, rectangle.width.0)),
            _ => None,
        };
        ops.iter().filter_map(rectangle).collect()
    }

    #[test]
    fn what_is_underlined_has_a_rule_in_every_line() {
        assert_eq!(filled(&painted(&["市の港"], Align::Left, &[])), []);
        assert_eq!(filled(&painted(&["市の港"], Align::Left, &[3..9])), [(10.0, 20.0)]);
        assert_eq!(filled(&painted(&["市の", "港町"], Align::Right, &[3..9])), [(90.0, 10.0), (80.0, 10.0)]);
        // Of brackets the part that is seen.
        let (text, all) = ("（町）（村）", 0..18);
        assert_eq!(filled(&painted(&[text], Align::Left, &[all])), [(0.0, 45.0)]);
        assert_eq!(filled(&painted(&[text], Align::Center, &[9..18])), [(47.5, 25.0)]);
        // A blank at the end of a line has none.
        assert_eq!(filled(&painted(&["市　", "港"], Align::Left, &[0..9])), [(0.0, 10.0), (0.0, 10.0)]);
    }

    /// Every mark that is opened is closed, and no path is drawn within a text object.
    #[test]
    fn an_underline_is_an_artifact_of_its_own() {
        let ops = painted(&["市の港"], Align::Left, &[0..9]);
        let (mut marks, mut in_text) = (0, false);
        for op in &ops {
            match op {
                Op::BeginMarkedContent { .. } | Op::BeginMarkedContentWithProperties { .. } => marks += 1,
                Op::EndMarkedContent => marks -= 1,
                Op::StartTextSection => in_text = true,
                Op::EndTextSection => in_text = false,
                Op::DrawRectangle { .. } => assert_eq!((marks, in_text), (1, false)),
                _ => {}
            }
        }
        assert_eq!(marks, 0);
    }

    #[test]
    fn rules_fill_the_corners_where_they_meet() {
        let ops = painted(&["市"], Align::Left, &[]);
        let cap = ops
            .iter()
            .position(|op| matches!(op, Op::SetLineCapStyle { cap: LineCapStyle::ProjectingSquare }));
        let first = ops.iter().position(|op| matches!(op, Op::DrawLine { .. }));
        assert!(cap.unwrap() < first.unwrap());
    }

    #[test]
    fn touching_pieces_of_a_rule_are_drawn_as_one() {
        let mm = |n: i64| Length::mm(n as f64);
        let pieces = vec![(mm(5), mm(9)), (mm(0), mm(3)), (mm(3), mm(5)), (mm(20), mm(21)), (mm(0), mm(3))];
        assert_eq!(joined(pieces), [(mm(0), mm(9)), (mm(20), mm(21))]);
    }
}
