//! The pages of the 正誤表: title, 資料 box, a table 番号 | ページ・場所 | 項目 | 誤 | 正.
//!
//! Nothing is ever cut: what is too tall for one row goes on in the next.

use std::ops::Range;

use super::block::{Block, Builder, Headings, at, in_pixels};
use super::columns::{Edges, Span};
use super::font::Fonts;
use super::grid::{Borders, Content, Document, Role, Table, TableKind};
use super::paginate::Paginator;
use super::template::Template;
use super::text::Breaker;
use super::{Length, NUMBER_BOX_MM, page_frame};
use crate::sign::signs;

/// What one row shows of a text at the most.
const ROW_CHARACTERS: usize = 240;
const ROW_LINES: usize = 12;
/// Between title and table.
const TITLE_GAP_MM: f64 = 4.0;

/// What stands above the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// Of which document: its title.
    pub of: String,
    /// 「資料１」, boxed; empty for none.
    pub number: String,
    /// The meeting it is put before; empty for none.
    pub meeting: String,
    /// The day it is issued, written out; empty for none.
    pub date: String,
    /// The office that issues it.
    pub issuer: String,
    /// Sentences between title and table: what is corrected, and why.
    pub lines: Vec<String>,
}

/// A text of which something differs from another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// What it says.
    pub text: String,
    /// Which parts of it differ, in bytes and in order: these are underlined.
    pub differing: Vec<Range<usize>>,
}

/// One correction, as the table shows it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// 「ページ・場所」
    pub place: &'a str,
    /// 「項目」
    pub item: &'a str,
    /// 「誤」
    pub wrong: &'a Wording,
    /// 「正」
    pub right: &'a Wording,
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
    let table = (!entries.is_empty()).then(|| setter.table(entries, opening));
    let blocks: Vec<Block> = [setter.opening(opening)].into_iter().chain(table).collect();
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

    /// The document's number, date and issuer, the title, the sentences above the table.
    fn opening(&self, opening: &Opening) -> Block {
        let (style, labels) = (|name: &str| self.template.style(name), &self.template.errata);
        let left = Span { from: self.whole.from, to: self.boxed.from };
        let paragraph = |span, words, style| (span, words, style, Borders::NONE, Role::Paragraph);
        let at_right = style("note").at_right();
        let boxed = (self.boxed, &opening.number, style("document_number"), Borders::ALL, Role::Paragraph);
        let title = (self.whole, &labels.title_label, style("title"), Borders::NONE, Role::Heading(1));
        let of = (self.whole, &opening.of, style("document_number"), Borders::NONE, Role::Title);
        let mut rows = vec![
            vec![paragraph(left, &opening.meeting, style("note")), boxed],
            vec![paragraph(self.whole, &opening.date, at_right)],
            vec![paragraph(self.whole, &opening.issuer, at_right)],
            vec![title],
            vec![of],
        ];
        rows.extend(opening.lines.iter().map(|line| vec![paragraph(self.whole, line, style("text"))]));
        rows.iter_mut().for_each(|row| row.retain(|(_, words, ..)| !words.is_empty()));
        rows.retain(|row| !row.is_empty());
        let last = rows.len();
        let mut block = Builder::new(self.breaker, &self.edges, last + 1);
        for (row, cells) in rows.into_iter().enumerate() {
            for (span, words, style, borders, role) in cells {
                block.cell(at(row, span), &style, borders, text(words), role);
            }
        }
        let mut block = block.finish(Length::ZERO, &Headings::default());
        // A row without text keeps the distance, in the workbook too.
        block.rows[last] = in_pixels(Length::mm(TITLE_GAP_MM));
        block.keep_with_next = true;
        block
    }

    fn table(&self, entries: &[Entry<'_>], opening: &Opening) -> Block {
        let (style, labels) = (|name: &str| self.template.style(name), &self.template.errata);
        let parts: Vec<[Vec<Wording>; 2]> =
            entries.iter().map(|entry| [pieces(entry.wrong), pieces(entry.right)]).collect();
        let rows: usize = parts.iter().map(|[wrong, right]| wrong.len().max(right.len())).sum();
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
        for ((entry, [wrong, right]), number) in entries.iter().zip(&parts).zip(1usize..) {
            for part in 0..wrong.len().max(right.len()) {
                let again = if part == 0 { "" } else { self.template.words.continued.as_str() };
                let first = |words: &str| plain(if part == 0 { words } else { "" });
                let cells = [
                    (plain(&format!("{number}{again}")), Role::RowHeader),
                    (first(entry.place), Role::Data),
                    (first(entry.item), Role::Data),
                    (wrong.get(part).cloned().unwrap_or_default(), Role::Data),
                    (right.get(part).cloned().unwrap_or_default(), Role::Data),
                ];
                for (span, (words, role)) in self.columns.iter().zip(cells) {
                    // A number stands in the middle of its narrow column.
                    let name = if role == Role::RowHeader { "document_number" } else { "text" };
                    let content = text(&words.text);
                    let cell = block.cell(at(row, *span), &style(name), Borders::ALL, content, role);
                    cell.underlined = words.differing;
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
fn pieces(wording: &Wording) -> Vec<Wording> {
    let text = &wording.text;
    let (mut ends, mut characters, mut lines) = (Vec::new(), 0, 0);
    let mut at = 0;
    // Nothing is parted from the sign that it varies.
    for (sign, piece) in signs(text) {
        if characters >= ROW_CHARACTERS || lines >= ROW_LINES {
            ends.push(at);
            (characters, lines) = (0, 0);
        }
        characters += 1;
        lines += usize::from(sign.base == '\n');
        at += piece.len();
    }
    ends.push(text.len());
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let piece = |(start, end): (usize, usize)| {
        let parts = wording.differing.iter();
        let parts =
            parts.map(|part| part.start.clamp(start, end) - start..part.end.clamp(start, end) - start);
        Wording {
            text: text.get(start..end).unwrap_or_default().to_owned(),
            differing: parts.filter(|part| !part.is_empty()).collect(),
        }
    };
    starts.zip(ends.iter().copied()).map(piece).collect()
}

fn plain(text: &str) -> Wording {
    Wording { text: text.to_owned(), differing: Vec::new() }
}

fn text(text: &str) -> Content {
    if text.is_empty() { Content::Empty } else { Content::Text(text.to_owned()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::font::FontFiles;
    use super::super::grid::{Align, Cell, Sheet};
    use super::*;

    fn drawn(entries: &[Entry<'_>], opening: &Opening) -> Sheet {
        let files = FontFiles::default();
        let fonts = Fonts::parse(&files).unwrap();
        document(entries, opening, &Template::official(), &fonts).sheets.swap_remove(0)
    }

    #[test]
    fn a_row_ends_behind_a_whole_sign() {
        let text = format!("{}葛\u{E0100}城", "同".repeat(ROW_CHARACTERS - 1));
        let pieces = pieces(&Wording { text: text.clone(), differing: Vec::new() });
        let said: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(said.len(), 2);
        assert!(said[0].ends_with("葛\u{E0100}") && said[1] == "城", "{said:?}");
    }

    /// As in a letter: the day at the right, below it who writes.
    #[test]
    fn the_date_stands_at_the_right_and_the_office_below_it() {
        let opening = Opening {
            of: "実績一覧".into(),
            number: "資料１".into(),
            meeting: "第2回会議".into(),
            date: "令和6年7月1日".into(),
            issuer: "根室市総合政策室".into(),
            lines: vec!["訂正はありません。".into()],
        };
        let sheet = drawn(&[], &opening);
        let cells = sheet.cells.iter().map(|cell| (cell.row, cell.text(), cell.style.align));
        assert_eq!(
            cells.collect::<Vec<_>>(),
            [
                (0, "第2回会議", Align::Left),
                (0, "資料１", Align::Center),
                (1, "令和6年7月1日", Align::Right),
                (2, "根室市総合政策室", Align::Right),
                (3, "正　誤　表", Align::Center),
                (4, "実績一覧", Align::Center),
                (5, "訂正はありません。", Align::Left),
            ]
        );
        let right = |cell: &&Cell| cell.style.align == Align::Right;
        assert!(sheet.cells.iter().filter(right).all(|cell| cell.column_span == sheet.columns.len()));
        // What is not known leaves no row.
        let bare = drawn(&[], &Opening { of: "実績一覧".into(), ..Opening::default() });
        assert_eq!(bare.rows.len(), 3);
    }

    /// What is underlined of a text stays so where the text goes on in the next row.
    #[test]
    fn a_long_text_is_underlined_in_every_row() {
        let (before, after) = (ROW_CHARACTERS - 2, 3);
        let text = format!("{}違う言葉{}", "同".repeat(before), "同".repeat(after));
        let from = "同".len() * before;
        let differing = std::iter::once(from..from + "違う言葉".len()).collect();
        let wrong = Wording { text, differing };
        let entry = Entry { place: "1ページ", item: "目的", wrong: &wrong, right: &Wording::default() };
        let sheet = drawn(&[entry], &Opening::default());
        let underlined = sheet.cells.iter().filter(|cell| !cell.underlined.is_empty());
        let words: Vec<&str> = underlined.map(|cell| &cell.text()[cell.underlined[0].clone()]).collect();
        assert_eq!(words, ["違う", "言葉"]);
    }
}
