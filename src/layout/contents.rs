//! 「目次」: the contents, with a page number and a link for each heading.

use super::Length;
use super::block::{Block, Builder, Under, at};
use super::columns::{Edges, Span};
use super::grid::{Borders, Content, Line, Link, PageFrame, Role, Sheet, Table, TableKind};
use super::paginate::Paginator;
use super::template::{StyleSpec, Template};
use super::text::Breaker;

/// The width of the column of page numbers, in mm.
const PAGE_COLUMN_MM: f64 = 14.0;

/// The width of the columns in which a heading ends and its dots begin, in mm.
const COLUMN_MM: f64 = 4.0;

/// The dot of a leader.
const LEADER: &str = "…";

/// The contents of these sheets, which will stand behind it in the document.
pub fn contents(
    sheets: &[Sheet],
    title: &str,
    template: &Template,
    breaker: &Breaker<'_>,
    page: &PageFrame,
) -> Sheet {
    let room = page.body_width();
    let text_room = room - Length::mm(PAGE_COLUMN_MM);
    let edges = edges(text_room, room);
    let styles = &template.style;
    let mut blocks = Vec::new();

    let mut head = Builder::new(breaker, &edges, 2);
    let whole = Span { from: Length::ZERO, to: room };
    for (row, text) in [(0, title), (1, template.labels.contents.as_str())] {
        let text = Content::Text(text.to_owned());
        let role = if row == 0 { Role::Title } else { Role::Heading(1) };
        head.cell(at(row, whole), &styles.contents_title, Borders::NONE, text, role);
    }
    blocks.push(head.finish(Length::ZERO, &Under::default()));

    for (index, sheet) in sheets.iter().enumerate() {
        for cell in &sheet.cells {
            let (style, gap) = match cell.role {
                Role::Heading(1) => (&styles.contents_goal, template.gaps.heading * 2),
                Role::Heading(2) => (&styles.contents_field, template.gaps.heading / 2),
                Role::Heading(3) => (&styles.contents_measure, Length::ZERO),
                _ => continue,
            };
            let number = sheet.first_page.unwrap_or(1) + sheet.page_of(cell.row);
            let link = Link { sheet: index + 1, row: cell.row };
            let mut block =
                entry(cell.text(), number, link, style, &styles.contents_page, breaker, &edges, text_room);
            block.gap = gap.up_to_multiple_of(Length::pt(0.75));
            // A goal is not parted from its first 分野, nor a 分野 from its first 施策.
            block.keep_with_next = !matches!(cell.role, Role::Heading(3));
            blocks.push(block);
        }
    }
    let none = |_: &Under, _: bool| None;
    let pages = Paginator::new(page.body_height(), 0..0, &none).set(&blocks);
    let mut sheet =
        pages.into_sheet("目次".to_owned(), template.labels.contents.clone(), edges.widths(), None);
    // One table of contents, however many entries it was set in.
    sheet.tables = vec![Table { kind: TableKind::Contents, summary: template.labels.contents.clone() }];
    for cell in &mut sheet.cells {
        cell.table = (cell.role == Role::ContentsEntry).then_some(0);
    }
    sheet
}

/// Narrow columns for headings and dots, one for the page numbers.
fn edges(text_room: Length, room: Length) -> Edges {
    let count = (text_room.emu() / Length::mm(COLUMN_MM).emu()).max(1);
    let ends = (1..=count).map(|at| text_room.share(at, count)).chain([room]);
    Edges::of(ends.map(|to| Span { from: Length::ZERO, to }))
}

/// A heading, dots, a page number.
fn entry(
    heading: &str,
    number: usize,
    link: Link,
    style: &StyleSpec,
    page_style: &StyleSpec,
    breaker: &Breaker<'_>,
    edges: &Edges,
    text_room: Length,
) -> Block {
    let set = style.with(Borders::NONE);
    let natural = breaker.natural_width(heading, set.size, set.bold) + set.padding * 2;
    // Rounding the text's end up to a column edge leaves the dots whole columns.
    let text_end = edges.at_or_after(natural.min(text_room));
    let mut block = Builder::new(breaker, edges, 1);
    let span = Span { from: Length::ZERO, to: text_end };
    let text = Content::Text(heading.to_owned());
    block.cell(at(0, span), style, Borders::NONE, text, Role::ContentsEntry).link = Some(link);
    if text_end < text_room {
        let span = Span { from: text_end, to: text_room };
        let dots = breaker.fonts().width(LEADER, set.size, false).emu().max(1);
        let count = (span.width().emu() / dots).max(0) as usize;
        let cell = block.cell(at(0, span), page_style, Borders::NONE, Content::Empty, Role::Artifact);
        let text = LEADER.repeat(count);
        let width = breaker.fonts().width(&text, cell.style.size, false);
        cell.lines = vec![Line { text: text.clone(), width }];
        cell.content = Content::Text(text);
        cell.style.padding = Length::ZERO;
    }
    let text = Content::Text(number.to_string());
    let span = Span { from: text_room, to: edges.at_or_after(text_room + Length::mm(1.0)) };
    let page = block.cell(at(0, span), page_style, Borders::NONE, text, Role::ContentsEntry);
    page.link = Some(link);
    block.finish(Length::ZERO, &Under::default())
}
