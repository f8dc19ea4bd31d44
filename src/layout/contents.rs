//! 「目次」: the contents, with a page number and a link for each heading.
//!
//! It is the first sheet that is handed out, so it opens as the first page behind it does. Below
//! are the headings, and the numbers of their pages. The dots between are no cells of the grid:
//! each writer leads from a heading to its number in its own way.

use super::block::{Block, Builder, Headings, at};
use super::columns::{Edges, Span};
use super::grid::{Borders, Cell, Content, Link, PageFrame, Role, Sheet, Table, TableKind, VerticalAlign};
use super::paginate::Paginator;
use super::template::Template;
use super::text::Breaker;
use super::{Length, NUMBER_BOX_MM};

/// What the column of page numbers has to spare for another program's letters.
const SPARE_MM: f64 = 0.5;
/// A number before a heading has no more characters: 「基本目標－１　」
const LONGEST_NUMBER: usize = 10;

/// What stands at the head of the contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// The title of the document.
    pub title: String,
    /// 「資料１」, boxed; empty for none.
    pub number: String,
    /// The date and meeting; empty for none.
    pub note: String,
}

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
    opening: &Opening,
    template: &Template,
    breaker: &Breaker<'_>,
    page: &PageFrame,
) -> Result<Sheet, (usize, Unset)> {
    let last = sheets.iter().map(|sheet| sheet.first_page.unwrap_or(1) + sheet.pages.len()).max();
    let setter = Setter::new(template, breaker, page.body_width(), last.unwrap_or_default());
    let mut blocks = vec![setter.head(opening)];
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
            let entry = setter.entry(cell, level, number, link);
            if entry.height() > page.body_height() {
                return Err((index, Unset::TooTall));
            }
            if entry.narrow.is_some() {
                return Err((index, Unset::TooNarrow));
            }
            blocks.push(entry);
        }
    }
    // The title stands over the first entry and those that keep with it.
    if let [head, entries @ ..] = blocks.as_slice() {
        if head.narrow.is_some() {
            return Err((0, Unset::TooNarrow));
        }
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
        cell.table = matches!(cell.role, Role::ContentsEntry | Role::ContentsPage).then_some(0);
    }
    Ok(sheet)
}

/// Sets the lines of the contents.
struct Setter<'a> {
    template: &'a Template,
    breaker: &'a Breaker<'a>,
    edges: Edges,
    /// For headings.
    text: Span,
    /// For the page number: no wider, so that dots lead up to it.
    page: Span,
    /// For the box of the document's number.
    boxed: Span,
}

impl<'a> Setter<'a> {
    fn new(template: &'a Template, breaker: &'a Breaker<'a>, room: Length, last_page: usize) -> Self {
        let style = template.style("contents_page").with(Borders::NONE);
        let number = breaker.natural_width(&last_page.to_string(), style.size, style.bold);
        let width = number + style.padding * 2 + Length::mm(SPARE_MM);
        let right = |width: Length| Span { from: room - width.min(room / 2), to: room };
        let (page, boxed) = (right(width), right(Length::mm(NUMBER_BOX_MM)));
        let text = Span { from: Length::ZERO, to: page.from };
        Self { template, breaker, edges: Edges::of([text, page, boxed].into_iter()), text, page, boxed }
    }

    /// The date and the document's number, its title, and 「目次」.
    fn head(&self, opening: &Opening) -> Block {
        let style = |name: &str| self.template.style(name);
        let text = |text: &str| Content::Text(text.to_owned());
        let first = usize::from(!(opening.note.is_empty() && opening.number.is_empty()));
        let mut block = Builder::new(self.breaker, &self.edges, first + 2);
        if !opening.note.is_empty() {
            let left = Span { from: Length::ZERO, to: self.boxed.from };
            block.cell(at(0, left), &style("note"), Borders::NONE, text(&opening.note), Role::Paragraph);
        }
        if !opening.number.is_empty() {
            let number = text(&opening.number);
            block.cell(at(0, self.boxed), &style("document_number"), Borders::ALL, number, Role::Paragraph);
        }
        let lines = [(&opening.title, Role::Title), (&self.template.contents.title, Role::Heading(1))];
        for (row, (line, role)) in (first..).zip(lines) {
            let whole = at(row, self.text.through(self.page));
            block.cell(whole, &style("contents_title"), Borders::NONE, text(line), role);
        }
        block.finish(Length::ZERO, &Headings::default())
    }

    /// A heading of this level and its page number, which stands beside the heading's last line.
    fn entry(&self, heading: &Cell, level: u8, number: usize, link: Link) -> Block {
        let gap = match level {
            1 => self.template.contents.gap * 2,
            2 => self.template.contents.gap / 2,
            _ => Length::ZERO,
        };
        let style = &self.template.style(&format!("contents_{level}"));
        let mut block = Builder::new(self.breaker, &self.edges, 1);
        let (words, hang) = (Content::Text(heading.text().to_owned()), number_before(heading.text()));
        let text = at(0, self.text).hanging(hang);
        let entry = block.cell(text, style, Borders::NONE, words, Role::ContentsEntry);
        (entry.link, entry.origins) = (Some(link), heading.origins.clone());
        let is_long = entry.lines.len() > 1;
        let (style, number) = (&self.template.style("contents_page"), Content::Text(number.to_string()));
        let page = at(0, self.page);
        block.cell(page, style, Borders::NONE, number, Role::ContentsPage).link = Some(link);
        if is_long {
            block.cells().iter_mut().for_each(|cell| cell.style.valign = VerticalAlign::Bottom);
        }
        block.finish(gap, &Headings::default())
    }
}

/// How many bytes of a heading are its number, under which its further lines do not go on:
/// 「基本目標－１　」, 「（ア）」, 「① 」; 0 where it has none.
fn number_before(heading: &str) -> usize {
    let ends = |(at, c): (usize, char)| match c {
        ' ' | '　' => Some(at + c.len_utf8()),
        '）' if heading.starts_with('（') => Some(at + c.len_utf8()),
        _ => None,
    };
    let first_line = heading.split('\n').next().unwrap_or_default();
    first_line.char_indices().take(LONGEST_NUMBER).find_map(ends).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_hangs_behind_its_number() {
        for (number, name) in
            [("基本目標－１　", "ひと"), ("（ア）", "経済 雇用"), ("① ", "農林"), ("", "名称だけの見出し")]
        {
            assert_eq!(number_before(&format!("{number}{name}")), number.len(), "{name}");
        }
    }
}
