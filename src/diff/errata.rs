//! 「正誤表」: the changes in the form in which a city hall issues a correction.
//!
//! Title, 資料 box, a table 番号 | ページ・場所 | 項目 | 誤 | 正; drawn through the
//! same grid and writers as the 実績一覧. The pages are those of the *old* document:
//! that is the one on the reader's desk. Of a long text only the part around the
//! difference is shown; nothing that differs is ever cut: what is too tall for one
//! row goes on in the next.

use rust_decimal::Decimal;

use super::change::{Change, Kind, What};
use crate::layout::block::{Block, Builder, Under, at};
use crate::layout::columns::{Edges, Span};
use crate::layout::font::Fonts;
use crate::layout::grid::{Borders, Content, Document, Role, Table, TableKind};
use crate::layout::paginate::Paginator;
use crate::layout::template::{Template, fill};
use crate::layout::text::Breaker;
use crate::layout::{Length, PageIndex, Part, page_frame};
use crate::plan::RowKind;
use crate::render::data::{Column, DataTable, Datum};

/// Texts longer than this are shown around their difference only, in characters.
const LONG: usize = 60;
/// How much of what is the same is shown on each side of a difference, in characters.
const AROUND: usize = 15;
/// What one row shows of a text at the most.
const ROW_CHARACTERS: usize = 240;
const ROW_LINES: usize = 12;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The ID in the master.
    pub id: String,
    /// 「12、30ページ」 and the headings it stands under.
    pub place: String,
    /// What is corrected.
    pub item: String,
    /// 「誤」
    pub wrong: String,
    /// 「正」
    pub right: String,
}

/// A document that is corrected, and on which of its pages what stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentPages {
    /// Its name, such as 実績一覧.
    pub name: String,
    /// Its pages.
    pub index: PageIndex,
}

/// The corrections of what is printed, in order. `pages` are those of the old documents; they
/// are named where there are several.
pub fn corrections(changes: &[Change], pages: &[DocumentPages], template: &Template) -> Vec<Correction> {
    let printed = changes.iter().filter(|change| change.is_printed());
    printed.map(|change| correction(change, pages, template)).collect()
}

fn correction(change: &Change, pages: &[DocumentPages], template: &Template) -> Correction {
    let labels = &template.errata;
    let (wrong, right) = match change.what {
        What::Added => (labels.absent.clone(), change.new.clone()),
        What::Dropped => (change.old.clone(), labels.dropped.clone()),
        What::Moved | What::Reordered => (change.old.clone(), change.new.clone()),
        _ => {
            let empty = match change.kind {
                Kind::Row(RowKind::Reprint) => &labels.as_original,
                _ => &labels.empty,
            };
            let (old, new) = around_difference(&change.old, &change.new);
            let shown = |text: String| if text.is_empty() { empty.clone() } else { text };
            (shown(old), shown(new))
        }
    };
    let item = match change.what {
        What::Title => change.what.word(),
        what => format!("{}　{}", change.subject(), what.word()),
    };
    Correction { id: change.id.clone(), place: place(change, pages, template), item, wrong, right }
}

/// The pages on which it is printed, and the headings it stands under.
fn place(change: &Change, documents: &[DocumentPages], template: &Template) -> String {
    let labels = &template.errata;
    if change.kind == Kind::Plan {
        return labels.every_goal.clone();
    }
    let is_heading = matches!(change.kind, Kind::Row(RowKind::Goal | RowKind::Field | RowKind::Measure));
    let contents = template.labels.contents.replace(['　', ' '], "");
    let contents = if is_heading && template.show.contents { contents } else { String::new() };
    let mut parts = vec![contents];
    for DocumentPages { name, index } in documents {
        let pages = pages_of(change, index, template);
        parts.push(if documents.len() > 1 && !pages.is_empty() {
            format!("{name}　{pages}")
        } else {
            pages
        });
    }
    parts.push(change.section.to_string());
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// 「12、30ページ」, of one document; empty where it is on none.
fn pages_of(change: &Change, index: &PageIndex, template: &Template) -> String {
    let mut pages = change
        .old_row
        .map_or(&[][..], |row| match change.what {
            What::Purpose => index.pages(row, Part::Purpose),
            What::Content => index.pages(row, Part::Content),
            // What is new will stand once: where its heading begins.
            What::Added => index.pages(row, Part::Name).get(..1).unwrap_or_default(),
            _ => index.pages(row, Part::Name),
        })
        .to_vec();
    if pages.is_empty() {
        return String::new();
    }
    pages.sort_unstable();
    let words: Vec<String> = pages.iter().map(usize::to_string).collect();
    fill(&template.errata.page, &[("page", &words.join("、"))])
}

/// Two texts without most of what they share, where one of them is long.
fn around_difference(old: &str, new: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    if a.len().max(b.len()) <= LONG || a.is_empty() || b.is_empty() {
        return (old.to_owned(), new.to_owned());
    }
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(x, y)| x == y).count();
    let (from, after) = (head.saturating_sub(AROUND), tail.saturating_sub(AROUND));
    let part = |text: &[char]| {
        let middle: String = text.get(from..text.len() - after).unwrap_or_default().iter().collect();
        let (before, behind) = (if from > 0 { "…" } else { "" }, if after > 0 { "…" } else { "" });
        format!("{before}{middle}{behind}")
    };
    (part(&a), part(&b))
}

/// The document: one sheet.
pub fn document(
    corrections: &[Correction],
    opening: &Opening,
    template: &Template,
    fonts: &Fonts<'_>,
) -> Document {
    let page = page_frame(template);
    let breaker = Breaker::new(fonts);
    let setter = Setter::new(template, &breaker, page.body_width());
    let mut blocks = vec![setter.opening(opening)];
    if corrections.is_empty() {
        blocks.push(setter.sentence(&template.errata.nothing));
    } else {
        blocks.push(setter.table(corrections, opening));
    }
    let none = |_: &Under, _: bool| None;
    let pages = Paginator::new(page.body_height(), 0..0, &none).set(&blocks);
    let title = format!("{}　{}", opening.of, template.errata.title_label.replace('　', ""));
    let sheet = pages.into_sheet("正誤表".to_owned(), title, setter.edges.widths(), Some(1));
    Document { page, rule: template.rule(), sheets: vec![sheet] }
}

/// The corrections as a table for machines: whole texts, one correction a row.
pub fn data(corrections: &[Correction]) -> DataTable {
    let column = |name: &str, meaning: &str| Column { name: name.into(), meaning: meaning.into() };
    let columns = vec![
        column("番号", "正誤表の番号"),
        column("ID", "訂正する指標または事業を一意に示す記号"),
        column("場所", "訂正前の文書でのページと、基本目標・分野・施策の番号"),
        column("項目", "訂正する項目"),
        column("誤", "訂正前"),
        column("正", "訂正後"),
    ];
    let text = |text: &str| match text.replace('\n', "　") {
        text if text.is_empty() => Datum::Empty,
        text => Datum::Text(text),
    };
    let rows = corrections.iter().zip(1u32..).map(|(correction, number)| {
        let mut row = vec![Datum::Number(Decimal::from(number))];
        let Correction { id, place, item, wrong, right } = correction;
        row.extend([id, place, item, wrong, right].map(|part| text(part)));
        row
    });
    DataTable { columns, rows: rows.collect() }
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
        let boxed = Span { from: room - template.columns.year.min(room), to: room };
        let edges = Edges::of(columns.into_iter().chain([whole, boxed]));
        Self { template, breaker, edges, whole, columns, boxed }
    }

    /// The document's number and date, the title, the sentences above the table.
    fn opening(&self, opening: &Opening) -> Block {
        let (styles, labels) = (&self.template.style, &self.template.errata);
        let gap = self.template.gaps.title.up_to_multiple_of(Length::pt(0.75));
        let rows = 4 + opening.lines.len();
        let mut block = Builder::new(self.breaker, &self.edges, rows);
        if !opening.note.is_empty() {
            let left = Span { from: self.whole.from, to: self.boxed.from };
            block.cell(at(0, left), &styles.note, Borders::NONE, text(&opening.note), Role::Paragraph);
        }
        if !opening.number.is_empty() {
            let number = text(&opening.number);
            block.cell(at(0, self.boxed), &styles.document_number, Borders::ALL, number, Role::Paragraph);
        }
        let title = text(&labels.title_label);
        block.cell(at(1, self.whole), &styles.title, Borders::NONE, title, Role::Heading(1));
        let of = text(&opening.of);
        block.cell(at(2, self.whole), &styles.document_number, Borders::NONE, of, Role::Title);
        for (row, line) in (3..).zip(&opening.lines) {
            block.cell(at(row, self.whole), &styles.purpose, Borders::NONE, text(line), Role::Paragraph);
        }
        let mut block = block.finish(Length::ZERO, &Under::default());
        // Rows without text keep the distances, in the workbook too.
        let last = block.rows.len() - 1;
        block.rows[last] = gap;
        if opening.note.is_empty() && opening.number.is_empty() {
            block.rows[0] = Length::pt(0.75);
        }
        block.keep_with_next = true;
        block
    }

    fn sentence(&self, sentence: &str) -> Block {
        let mut block = Builder::new(self.breaker, &self.edges, 1);
        let style = &self.template.style.purpose;
        block.cell(at(0, self.whole), style, Borders::NONE, text(sentence), Role::Paragraph);
        block.finish(Length::ZERO, &Under::default())
    }

    fn table(&self, corrections: &[Correction], opening: &Opening) -> Block {
        let (styles, labels) = (&self.template.style, &self.template.errata);
        let parts: Vec<(Vec<String>, Vec<String>)> =
            corrections.iter().map(|one| (pieces(&one.wrong), pieces(&one.right))).collect();
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
            block.cell(at(0, *span), &styles.header, Borders::ALL, text(head), Role::ColumnHeader);
        }
        let mut row = 1;
        for ((correction, (wrong, right)), number) in corrections.iter().zip(&parts).zip(1usize..) {
            for part in 0..wrong.len().max(right.len()) {
                let again = if part == 0 { "" } else { self.template.labels.continued.as_str() };
                let number = format!("{number}{again}");
                let cells = [
                    (number.as_str(), Role::RowHeader),
                    (if part == 0 { correction.place.as_str() } else { "" }, Role::Data),
                    (if part == 0 { correction.item.as_str() } else { "" }, Role::Data),
                    (wrong.get(part).map_or("", String::as_str), Role::Data),
                    (right.get(part).map_or("", String::as_str), Role::Data),
                ];
                for (span, (words, role)) in self.columns.iter().zip(cells) {
                    // A number stands in the middle of its narrow column.
                    let style = if role == Role::RowHeader { &styles.document_number } else { &styles.item };
                    block.cell(at(row, *span), style, Borders::ALL, text(words), role);
                }
                row += 1;
            }
        }
        let mut block = block.finish(Length::ZERO, &Under::default());
        block.table = Some(Table {
            kind: TableKind::Errata,
            summary: format!("{}の誤りと正しい内容", opening.of),
        });
        block.head_rows = 1;
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
