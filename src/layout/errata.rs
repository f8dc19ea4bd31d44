//! The pages of the 正誤表: title, 資料 box, a table 番号 | ページ・場所 | 項目 | 誤 | 正.
//!
//! Nothing is ever cut: what is too tall for one row goes on in the next.

use super::block::{Block, Builder, Headings, PIXEL_PT, at, in_pixels};
use super::columns::{Edges, Span};
use super::font::Fonts;
use super::grid::{Borders, Content, Document, Role, Table, TableKind};
use super::paginate::Paginator;
use super::template::Template;
use super::text::Breaker;
use super::{Length, page_frame};

/// What one row shows of a text at the most.
const ROW_CHARACTERS: usize = 240;
const ROW_LINES: usize = 12;
/// The box of the document's number.
const NUMBER_BOX_MM: f64 = 19.0;
/// Between title and table.
const TITLE_GAP_MM: f64 = 4.0;

/// What stands above the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// Of which document: its title.
    pub of: String,
    /// 「資料１」, boxed; empty for none.
    pub number: String,
    /// The date and meeting; empty for none.
    pub note: String,
    /// Sentences between title and table: what is corrected, and why.
    pub lines: Vec<String>,
}

/// One correction, as the table shows it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// 「ページ・場所」
    pub place: &'a str,
    /// 「項目」
    pub item: &'a str,
    /// 「誤」
    pub wrong: &'a str,
    /// 「正」
    pub right: &'a str,
}

/// The document: one sheet.
pub fn document(
    entries: &[Entry<'_>],
    opening: &Opening,
    template: &Template,
    fonts: &Fonts<'_>,
) -> Document {
    let page = page_frame(template);
    let breaker = Breaker::new(fonts);
    let setter = Setter::new(template, &breaker, page.body_width());
    let mut blocks = vec![setter.opening(opening)];
    if entries.is_empty() {
        blocks.push(setter.sentence(&template.errata.nothing));
    } else {
        blocks.push(setter.table(entries, opening));
    }
    let none = |_: &Headings, _: u8| None;
    let pages = Paginator::new(page.body_height(), &none).set(&blocks);
    let title = format!("{}　{}", opening.of, template.errata.title_label.replace('　', ""));
    let sheet = pages.into_sheet("正誤表".to_owned(), title, setter.edges.widths(), Some(1));
    Document { page, rule: template.rule(), sheets: vec![sheet], overflows: Vec::new() }
}

/// Sets the parts of the document.
struct Setter<'a> {
    template: &'a Template,
    breaker: &'a Breaker<'a>,
    edges: Edges,
    whole: Span,
    /// The five columns of the table.
    columns: [Span; 5],
    /// The box of the document's number.
    boxed: Span,
}

impl<'a> Setter<'a> {
    fn new(template: &'a Template, breaker: &'a Breaker<'a>, room: Length) -> Self {
        let widths = &template.errata;
        let widths = [widths.number, widths.place, widths.item, widths.wrong, widths.right];
        let all: Length = widths.iter().sum();
        let mut right = Length::ZERO;
        let columns = widths.map(|width| {
            let from = right;
            right += width;
            Span { from: room.share(from.emu(), all.emu()), to: room.share(right.emu(), all.emu()) }
        });
        let whole = Span { from: Length::ZERO, to: room };
        let boxed = Span { from: room - Length::mm(NUMBER_BOX_MM).min(room), to: room };
        let edges = Edges::of(columns.into_iter().chain([whole, boxed]));
        Self { template, breaker, edges, whole, columns, boxed }
    }

    /// The document's number and date, the title, the sentences above the table.
    fn opening(&self, opening: &Opening) -> Block {
        let (style, labels) = (|name: &str| self.template.style(name), &self.template.errata);
        let gap = in_pixels(Length::mm(TITLE_GAP_MM));
        let rows = 4 + opening.lines.len();
        let mut block = Builder::new(self.breaker, &self.edges, rows);
        if !opening.note.is_empty() {
            let left = Span { from: self.whole.from, to: self.boxed.from };
            block.cell(at(0, left), &style("note"), Borders::NONE, text(&opening.note), Role::Paragraph);
        }
        if !opening.number.is_empty() {
            let number = text(&opening.number);
            block.cell(at(0, self.boxed), &style("document_number"), Borders::ALL, number, Role::Paragraph);
        }
        let title = text(&labels.title_label);
        block.cell(at(1, self.whole), &style("title"), Borders::NONE, title, Role::Heading(1));
        let of = text(&opening.of);
        block.cell(at(2, self.whole), &style("document_number"), Borders::NONE, of, Role::Title);
        for (row, line) in (3..).zip(&opening.lines) {
            block.cell(at(row, self.whole), &style("text"), Borders::NONE, text(line), Role::Paragraph);
        }
        let mut block = block.finish(Length::ZERO, &Headings::default());
        // Rows without text keep the distances, in the workbook too.
        let last = block.rows.len() - 1;
        block.rows[last] = gap;
        if opening.note.is_empty() && opening.number.is_empty() {
            block.rows[0] = Length::pt(PIXEL_PT);
        }
        block.keep_with_next = true;
        block
    }

    fn sentence(&self, sentence: &str) -> Block {
        let mut block = Builder::new(self.breaker, &self.edges, 1);
        let style = &self.template.style("text");
        block.cell(at(0, self.whole), style, Borders::NONE, text(sentence), Role::Paragraph);
        block.finish(Length::ZERO, &Headings::default())
    }

    fn table(&self, entries: &[Entry<'_>], opening: &Opening) -> Block {
        let (style, labels) = (|name: &str| self.template.style(name), &self.template.errata);
        let parts: Vec<(Vec<String>, Vec<String>)> =
            entries.iter().map(|entry| (pieces(entry.wrong), pieces(entry.right))).collect();
        let rows: usize = parts.iter().map(|(wrong, right)| wrong.len().max(right.len())).sum();
        let mut block = Builder::new(self.breaker, &self.edges, 1 + rows);
        let heads = [
            &labels.number_label,
            &labels.place_label,
            &labels.item_label,
            &labels.wrong_label,
            &labels.right_label,
        ];
        for (span, head) in self.columns.iter().zip(heads) {
            block.cell(at(0, *span), &style("header"), Borders::ALL, text(head), Role::ColumnHeader);
        }
        let mut row = 1;
        for ((entry, (wrong, right)), number) in entries.iter().zip(&parts).zip(1usize..) {
            for part in 0..wrong.len().max(right.len()) {
                let again = if part == 0 { "" } else { self.template.words.continued.as_str() };
                let number = format!("{number}{again}");
                let cells = [
                    (number.as_str(), Role::RowHeader),
                    (if part == 0 { entry.place } else { "" }, Role::Data),
                    (if part == 0 { entry.item } else { "" }, Role::Data),
                    (wrong.get(part).map_or("", String::as_str), Role::Data),
                    (right.get(part).map_or("", String::as_str), Role::Data),
                ];
                for (span, (words, role)) in self.columns.iter().zip(cells) {
                    // A number stands in the middle of its narrow column.
                    let name = if role == Role::RowHeader { "document_number" } else { "text" };
                    block.cell(at(row, *span), &style(name), Borders::ALL, text(words), role);
                }
                row += 1;
            }
        }
        let mut block = block.finish(Length::ZERO, &Headings::default());
        block.table = Some(Table {
            kind: TableKind::Errata,
            summary: format!("{}の誤りと正しい内容", opening.of),
        });
        block.head_rows = 1;
        block.breaks = (2..block.rows.len()).collect();
        for cell in &mut block.cells {
            cell.table = Some(0);
        }
        block
    }
}

/// A text in pieces of which each fits into a row; at least one.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut piece, mut characters, mut lines) = (String::new(), 0, 0);
    for c in text.chars() {
        if characters >= ROW_CHARACTERS || lines >= ROW_LINES {
            pieces.push(std::mem::take(&mut piece));
            (characters, lines) = (0, 0);
        }
        piece.push(c);
        characters += 1;
        lines += usize::from(c == '\n');
    }
    if !piece.is_empty() || pieces.is_empty() {
        pieces.push(piece);
    }
    pieces
}

fn text(text: &str) -> Content {
    if text.is_empty() { Content::Empty } else { Content::Text(text.to_owned()) }
}
