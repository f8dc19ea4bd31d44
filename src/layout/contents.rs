//! 「目次」: the contents, with a page number and a link for each heading.

use super::Length;
use super::block::{Block, Builder, Headings, at};
use super::columns::{Edges, Span};
use super::grid::{Borders, Cell, Content, Line, Link, PageFrame, Role, Sheet, Table, TableKind};
use super::paginate::Paginator;
use super::template::{StyleSpec, Template};
use super::text::Breaker;

/// The width of the column of page numbers, in mm.
const PAGE_COLUMN_MM: f64 = 14.0;

/// The width of the columns in which a heading ends and its dots begin, in mm.
const COLUMN_MM: f64 = 4.0;

/// More dots than the widest page has.
const MOST_DOTS: usize = 2_000;
/// The dot of a leader.
const LEADER: &str = "…";

/// Why an entry of the contents cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    /// It is taller than a page.
    TooTall,
    /// It is wider than its column.
    TooNarrow,
}

/// The contents of these sheets, which will stand behind it in the document.
///
/// # Errors
/// Which of the sheets has a heading that alone is taller than a page of the contents, or
/// whose page number has no room in its column.
pub fn contents(
    sheets: &[Sheet],
    title: &str,
    template: &Template,
    breaker: &Breaker<'_>,
    page: &PageFrame,
) -> Result<Sheet, (usize, Unset)> {
    let setter = Setter::new(template, breaker, page.body_width());
    let mut blocks = vec![setter.head(title)];
    let mut above = u8::MAX;
    for (index, sheet) in sheets.iter().enumerate() {
        for cell in &sheet.cells {
            let Role::Heading(level) = cell.role else { continue };
            if level > template.contents.levels {
                continue;
            }
            // A goal is not parted from its first 分野, nor a 分野 from its first 施策.
            if let Some(last) = blocks.last_mut() {
                last.keep_with_next = above < level;
            }
            above = level;
            let number = sheet.first_page.unwrap_or(1) + sheet.page_of(cell.row);
            let link = Link { sheet: index + 1, row: cell.row };
            let entry = setter.entry(cell, number, link);
            if entry.as_ref().is_some_and(|entry| entry.height() > page.body_height()) {
                return Err((index, Unset::TooTall));
            }
            if entry.as_ref().is_some_and(|entry| entry.narrow.is_some()) {
                return Err((index, Unset::TooNarrow));
            }
            blocks.extend(entry);
        }
    }
    // The title stands over the first entry and those that keep with it.
    if let [head, entries @ ..] = blocks.as_slice() {
        let kept = entries.iter().take_while(|entry| entry.keep_with_next).count();
        let first = entries.iter().take(kept + 1).map(|entry| entry.gap + entry.height());
        if head.height() + first.sum() > page.body_height() {
            return Err((0, Unset::TooTall));
        }
    }
    let none = |_: &Headings, _: u8| None;
    let pages = Paginator::new(page.body_height(), &none).set(&blocks);
    let columns = setter.edges.widths();
    let mut sheet = pages.into_sheet("目次".to_owned(), template.contents.title.clone(), columns, None);
    // One table of contents, however many entries it was set in.
    sheet.tables = vec![Table { kind: TableKind::Contents, summary: template.contents.title.clone() }];
    for cell in &mut sheet.cells {
        cell.table = (cell.role == Role::ContentsEntry).then_some(0);
    }
    Ok(sheet)
}

/// Sets the lines of the contents.
struct Setter<'a> {
    template: &'a Template,
    breaker: &'a Breaker<'a>,
    edges: Edges,
    /// For headings and dots.
    text: Span,
    /// For the page number.
    page: Span,
}

impl<'a> Setter<'a> {
    /// Narrow columns for headings and dots, one for the page numbers.
    fn new(template: &'a Template, breaker: &'a Breaker<'a>, room: Length) -> Self {
        let text = Span { from: Length::ZERO, to: room - Length::mm(PAGE_COLUMN_MM) };
        let page = Span { from: text.to, to: room };
        let count = (text.to.emu() / Length::mm(COLUMN_MM).emu()).max(1);
        let ends = (1..=count).map(|at| text.to.share(at, count)).chain([room]);
        let edges = Edges::of(ends.map(|to| Span { from: Length::ZERO, to }));
        Self { template, breaker, edges, text, page }
    }

    /// The title of the document, and 「目次」.
    fn head(&self, title: &str) -> Block {
        let mut block = Builder::new(self.breaker, &self.edges, 2);
        let style = &self.template.style("contents_title");
        let lines = [(title, Role::Title), (self.template.contents.title.as_str(), Role::Heading(1))];
        for (row, (text, role)) in lines.into_iter().enumerate() {
            let content = Content::Text(text.to_owned());
            block.cell(at(row, self.text.through(self.page)), style, Borders::NONE, content, role);
        }
        block.finish(Length::ZERO, &Headings::default())
    }

    /// A heading, dots, its page number; nothing for what is no heading of the contents.
    fn entry(&self, heading: &Cell, number: usize, link: Link) -> Option<Block> {
        let Role::Heading(level) = heading.role else { return None };
        let gap = match level {
            1 => self.template.contents.gap * 2,
            2 => self.template.contents.gap / 2,
            _ => Length::ZERO,
        };
        let style = &self.template.style(&format!("contents_{level}"));
        let page_style = &self.template.style("contents_page");
        let set = style.with(Borders::NONE);
        let natural = self.breaker.natural_width(heading.text(), set.size, set.bold) + set.padding * 2;
        // Where the heading ends is rounded up to an edge, so that the dots have whole columns.
        let text = Span { from: Length::ZERO, to: self.edges.at_or_after(natural.min(self.text.to)) };
        let mut block = Builder::new(self.breaker, &self.edges, 1);
        let words = Content::Text(heading.text().to_owned());
        let entry = block.cell(at(0, text), style, Borders::NONE, words, Role::ContentsEntry);
        (entry.link, entry.origins) = (Some(link), heading.origins.clone());
        if text.to < self.text.to {
            self.leader(&mut block, Span { from: text.to, to: self.text.to }, page_style);
        }
        let number = Content::Text(number.to_string());
        let page = at(0, self.page);
        block.cell(page, page_style, Borders::NONE, number, Role::ContentsEntry).link = Some(link);
        Some(block.finish(gap, &Headings::default()))
    }

    /// As many dots as the span holds.
    fn leader(&self, block: &mut Builder<'_>, span: Span, style: &StyleSpec) {
        let cell = block.cell(at(0, span), style, Borders::NONE, Content::Empty, Role::Artifact);
        let fonts = self.breaker.fonts();
        let dot = fonts.width(LEADER, cell.style.size, false).emu().max(1);
        let count = usize::try_from(span.width().emu() / dot).unwrap_or(0).min(MOST_DOTS);
        let text = LEADER.repeat(count);
        let width = fonts.width(&text, cell.style.size, false);
        cell.style.padding = Length::ZERO;
        cell.lines = vec![Line { text: text.clone(), width, indent: Length::ZERO }];
        cell.content = Content::Text(text);
    }
}
