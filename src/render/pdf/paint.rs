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
use crate::layout::font::Fonts;
use crate::layout::grid::{Colour, Document, Role, Rule, Sheet};
use crate::layout::reading::is_heard;
use crate::render::page::{Area, Page, PageCell, Text};

/// Half an em in the thousandths by which text is moved to the left (ISO 32000-1, 9.4.3).
const HALF_EM: f32 = 500.0;

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
    let page = Page::of(document, sheet, at, cells, fonts);
    let (ops, marked, places) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut painter = Painter { height: document.page.height, fonts, subsets, ops, marked, places };
    painter.grounds_and_rules(&page, document.rule);
    for cell in &page.cells {
        painter.cell(cell);
    }
    for text in &page.margins {
        painter.artifact(Some("Pagination"));
        painter.texts(std::slice::from_ref(text), text.colour);
    }
    Painted { ops: painter.ops, marked: painter.marked, places: painter.places }
}

struct Painter<'a> {
    /// Of the paper, from whose lower edge PDF counts.
    height: Length,
    fonts: &'a Fonts<'a>,
    subsets: &'a Subsets,
    ops: Vec<Op>,
    marked: Vec<usize>,
    places: BTreeMap<usize, Place>,
}

impl Painter<'_> {
    /// From the top of the paper to PDF's upward points, to a thousandth of a point.
    fn up(&self, down: Length) -> Pt {
        across(self.height - down)
    }

    fn grounds_and_rules(&mut self, page: &Page<'_>, rule: Rule) {
        self.artifact(None);
        let mut ground = None;
        for (area, fill) in &page.grounds {
            if ground != Some(fill) {
                self.ops.push(Op::SetFillColor { col: colour(*fill) });
                ground = Some(fill);
            }
            self.fill(*area);
        }
        self.ops.push(Op::SetOutlineColor { col: colour(rule.colour) });
        self.ops.push(Op::SetOutlineThickness { pt: across(rule.width) });
        // Rules that meet at a corner fill it.
        self.ops.push(Op::SetLineCapStyle { cap: LineCapStyle::ProjectingSquare });
        for ends in &page.rules {
            let point = |(x, y): (Length, Length)| LinePoint {
                p: Point { x: across(x), y: self.up(y) },
                bezier: false,
            };
            let line = Line { points: ends.map(point).to_vec(), is_closed: false };
            self.ops.push(Op::DrawLine { line });
        }
        self.ops.push(Op::EndMarkedContent);
    }

    /// Fills a rectangle with the colour that is set.
    fn fill(&mut self, area: Area) {
        let rectangle = Rect {
            x: across(area.left),
            y: self.up(area.bottom),
            width: across(area.right - area.left),
            height: across(area.bottom - area.top),
            mode: Some(PaintMode::Fill),
            winding_order: Some(WindingOrder::NonZero),
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    /// Draws the text of a cell.
    fn cell(&mut self, on_page: &PageCell<'_>) {
        let PageCell { index, cell, area, .. } = on_page;
        let (is_heard, style) = (is_heard(cell), cell.style);
        if on_page.lines.is_empty() && !is_heard {
            return;
        }
        if is_heard && on_page.is_fresh {
            let place = Place {
                left: across(area.left).0,
                right: across(area.right).0,
                top: self.up(area.top).0,
                bottom: self.up(area.bottom).0,
            };
            self.places.insert(*index, place);
            self.mark(*index, cell.role);
        } else {
            self.artifact(None);
        }
        if on_page.lines.is_empty() {
            // Something for a screen reader to stop at, where the eye sees an empty cell.
            let (x, baseline) = (area.left + style.padding, area.top + style.size);
            let (size, colour) = (style.size, style.colour);
            let blank = Text { text: " ".into(), bold: false, size, colour, x, baseline };
            self.texts(&[blank], colour);
        } else {
            self.texts(&on_page.lines, style.colour);
        }
        if !cell.underlined.is_empty() {
            self.artifact(None);
            self.ops.push(Op::SetFillColor { col: colour(style.colour) });
            on_page.underlines.iter().for_each(|area| self.fill(*area));
            self.ops.push(Op::EndMarkedContent);
        }
        if let Some(leader) = &on_page.leader {
            self.artifact(None);
            self.texts(std::slice::from_ref(leader), leader.colour);
        }
    }

    /// Draws lines of one colour, and ends the mark under which they stand.
    fn texts(&mut self, texts: &[Text<'_>], of: Colour) {
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetFillColor { col: colour(of) });
        texts.iter().for_each(|text| self.text(text));
        self.ops.push(Op::EndTextSection);
        self.ops.push(Op::EndMarkedContent);
    }

    fn text(&mut self, text: &Text<'_>) {
        let subsets = self.subsets;
        let mut face = None;
        for (run, mut is_closed) in text.runs(self.fonts) {
            for run in subsets.copied_as_typed(run) {
                if let Some(actual) = &run.actual {
                    let properties = dictionary([("ActualText", utf16(actual))]);
                    self.ops
                        .push(Op::BeginMarkedContentWithProperties { tag: "Span".to_owned(), properties });
                }
                if face != Some(run.face) {
                    self.ops.push(Op::SetFont { font: fonts::handle(run.face), size: across(text.size) });
                }
                if face.is_none() {
                    let matrix = TextMatrix::Translate(across(text.x), self.up(text.baseline));
                    self.ops.push(Op::SetTextMatrix { matrix });
                }
                face = Some(run.face);
                let shown = subsets.shown(&run);
                // Only what is drawn first of a run is moved; the rest follows it.
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
        Role::ContentsEntry | Role::ContentsPage => "Link",
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
    use crate::layout::grid::Align;
    use crate::render::page::sample;

    /// How the page of one cell of these lines is painted.
    fn painted(lines: &[&str], align: Align, underlined: Option<std::ops::Range<usize>>) -> Vec<Op> {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        let document = sample::document(lines, align, underlined, &fonts);
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
        assert_eq!(shown(&painted(&lines, Align::Left, None)), ["0 <（町）<「村」", "0 市、<（港）<。"]);
        // 60 pt less 15 pt, of 100 pt.
        assert_eq!(shown(&painted(&lines, Align::Center, None))[0], "27.5 <（町）<「村」");
        assert_eq!(shown(&painted(&lines, Align::Right, None))[1], "55 市、<（港）<。");
        assert_eq!(shown(&painted(&["市の港"], Align::Right, None)), ["70 市の港"]);
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
        assert_eq!(filled(&painted(&["市の港"], Align::Left, None)), []);
        assert_eq!(filled(&painted(&["市の港"], Align::Left, Some(3..9))), [(10.0, 20.0)]);
        assert_eq!(
            filled(&painted(&["市の", "港町"], Align::Right, Some(3..9))),
            [(90.0, 10.0), (80.0, 10.0)]
        );
        // Of brackets the part that is seen.
        let (text, all) = ("（町）（村）", 0..18);
        assert_eq!(filled(&painted(&[text], Align::Left, Some(all))), [(0.0, 45.0)]);
        assert_eq!(filled(&painted(&[text], Align::Center, Some(9..18))), [(47.5, 25.0)]);
        // A blank at the end of a line has none.
        assert_eq!(filled(&painted(&["市　", "港"], Align::Left, Some(0..9))), [(0.0, 10.0), (0.0, 10.0)]);
    }

    /// Every mark that is opened is closed, and no path is drawn within a text object.
    #[test]
    fn an_underline_is_an_artifact_of_its_own() {
        let ops = painted(&["市の港"], Align::Left, Some(0..9));
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
        let ops = painted(&["市"], Align::Left, None);
        let cap = ops
            .iter()
            .position(|op| matches!(op, Op::SetLineCapStyle { cap: LineCapStyle::ProjectingSquare }));
        let first = ops.iter().position(|op| matches!(op, Op::DrawLine { .. }));
        assert!(cap.unwrap() < first.unwrap());
    }
}
