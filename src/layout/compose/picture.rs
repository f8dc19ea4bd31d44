//! A part of a block filled: rows of cells with words, before anyone knows how wide they are.

use super::record::Record;
use super::values::Values;
use crate::layout::Length;
use crate::layout::Origin;
use crate::layout::block::Headings;
use crate::layout::columns::Column;
use crate::layout::grid::{Content, Role};
use crate::layout::template::{CellSpec, ColumnSpec, OwnCell, PartSpec, StyleSpec, WhenEmpty};
use crate::plan::Value;

/// The columns of a part for the years of a plan.
pub struct PartColumns {
    /// From left to right.
    pub columns: Vec<Physical>,
}

/// A column of the page.
#[derive(Debug, Clone, Copy)]
pub struct Physical {
    /// How wide it asks to be.
    pub asked: Column,
    /// Which cell of a row of the picture stands in it.
    pub cell: usize,
    /// The year it is for, counted in the plan's.
    pub year: Option<usize>,
    /// Whether it is the first column of all years.
    pub begins_years: bool,
    /// Whether its left edge moves with its text.
    pub fits: bool,
}

/// A cell with what it says. Rows and columns are counted in its part.
#[derive(Debug, Clone)]
pub struct FilledCell {
    pub row: usize,
    pub row_span: usize,
    pub column: usize,
    pub column_span: usize,
    pub content: Content,
    pub spec: StyleSpec,
    pub role: Role,
    pub origins: Vec<Origin>,
    /// How tall it is at the least.
    pub height: Length,
    /// How many bytes of its text stand before what further lines go on under.
    pub hang: usize,
}

/// A part of a block, filled.
#[derive(Debug, Default)]
pub struct FilledPart {
    /// Row by row.
    pub cells: Vec<FilledCell>,
    /// How many rows there are, the head's too.
    pub rows: usize,
    /// How many of them are the head's.
    pub head: usize,
    /// The row behind each record.
    pub ends: Vec<usize>,
    /// The rows that say nothing of the plan: whether each of them, counted with the head, is
    /// empty.
    pub is_empty: Vec<bool>,
    /// Whether there is any record.
    pub has_records: bool,
}

/// What a part is filled with.
pub struct Filling<'r, 'a> {
    /// What the block is printed for.
    pub block: Record<'a>,
    /// The records of its rows.
    pub records: &'r [Record<'a>],
    /// How many records there have to be, empty ones among them.
    pub least: usize,
    /// The headings it stands under.
    pub under: &'r Headings,
    /// Rows of it, counted with the head, that a block that goes on says again.
    pub again: Option<usize>,
}

impl PartColumns {
    /// The columns of a part.
    pub fn of(part: &PartSpec, values: &Values<'_>) -> Self {
        let mut columns = Vec::new();
        let mut cell = 0;
        for column in &part.columns {
            let fits = matches!(column, ColumnSpec::Fit(_));
            let one = |asked, year, cell, begins_years| Physical { asked, cell, year, begins_years, fits };
            match column {
                ColumnSpec::Text(width) | ColumnSpec::Fit(width) => {
                    columns.push(one(Column::Text(*width), None, cell, false))
                }
                ColumnSpec::Fixed(width) => columns.push(one(Column::Fixed(*width), None, cell, false)),
                ColumnSpec::Figure(width) => columns.push(one(Column::Figure(*width), None, cell, false)),
                ColumnSpec::Years { widths, last } => {
                    for (order, year) in values.years(*last).into_iter().enumerate() {
                        for (sub, width) in widths.iter().enumerate() {
                            let begins = order == 0 && sub == 0;
                            columns.push(one(Column::Figure(*width), Some(year), cell + sub, begins));
                        }
                    }
                }
            }
            cell += column.cells();
        }
        Self { columns }
    }
}

/// Fills a part.
pub fn fill<'a>(
    part: &PartSpec,
    columns: &PartColumns,
    values: &Values<'a>,
    filling: &Filling<'_, 'a>,
) -> FilledPart {
    let mut picture = Picture {
        part,
        columns: &columns.columns,
        values,
        filling,
        filled: FilledPart {
            has_records: part.each.is_none() || !filling.records.is_empty(),
            ..FilledPart::default()
        },
        above: vec![None; columns.columns.len()],
    };
    for row in &part.head {
        picture.row(row, filling.block, true, None);
    }
    picture.filled.head = picture.filled.rows;
    let mut before: Option<Record<'a>> = None;
    for record in filling.records {
        for row in &part.rows {
            picture.row(row, *record, false, before);
        }
        picture.filled.ends.push(picture.filled.rows);
        before = Some(*record);
    }
    for _ in filling.records.len()..filling.least {
        for row in &part.rows {
            picture.blank(row);
        }
        picture.filled.ends.push(picture.filled.rows);
    }
    picture.filled
}

/// Rows being filled from top to bottom.
struct Picture<'r, 'a> {
    part: &'r PartSpec,
    columns: &'r [Physical],
    values: &'r Values<'a>,
    filling: &'r Filling<'r, 'a>,
    filled: FilledPart,
    /// The cell that stands in each column of the row above.
    above: Vec<Option<usize>>,
}

impl<'a> Picture<'_, 'a> {
    /// One row for a record; `before` is the record above it, where there is one.
    fn row(&mut self, row: &[CellSpec], record: Record<'a>, is_head: bool, before: Option<Record<'a>>) {
        let at = self.filled.rows;
        let is_first = self.is_first_of_record(row);
        let mut here: Vec<Option<usize>> = Vec::with_capacity(self.columns.len());
        let mut spans_years = false;
        let begin = self.filled.cells.len();
        let (mut marks, mut says) = (false, false);
        for (column, physical) in self.columns.iter().enumerate() {
            if physical.year.is_none() || physical.begins_years {
                spans_years = false;
            }
            let spec = row.get(physical.cell);
            let index = match spec {
                _ if spans_years => here.last().copied().flatten(),
                Some(CellSpec::Left) => here.last().copied().flatten(),
                Some(CellSpec::Above) => self.above.get(column).copied().flatten(),
                Some(CellSpec::Own(own)) => {
                    spans_years = own.spans_years;
                    let joined = self.joined(own, record, before, column).filter(|_| is_first);
                    joined.or_else(|| {
                        let (cell, has_marks, is_empty) =
                            self.own(own, record, is_head, physical, (at, column));
                        marks |= has_marks;
                        says |= has_marks && !is_empty;
                        self.filled.cells.push(cell);
                        Some(self.filled.cells.len() - 1)
                    })
                }
                None => None,
            };
            if let Some(cell) = index.and_then(|index| self.filled.cells.get_mut(index)) {
                cell.row_span = cell.row_span.max(at + 1 - cell.row);
                cell.column_span = cell.column_span.max(column + 1 - cell.column);
            }
            here.push(index);
        }
        if marks && !says {
            for cell in &mut self.filled.cells[begin..] {
                if cell.spec.when_empty() == WhenEmpty::Blank {
                    (cell.content, cell.role) = (Content::Empty, Role::Artifact);
                }
            }
        }
        self.filled.is_empty.push(marks && !says);
        self.above = here;
        self.filled.rows += 1;
    }

    /// An empty row, where a table has too few records.
    fn blank(&mut self, row: &[CellSpec]) {
        let at = self.filled.rows;
        let mut here: Vec<Option<usize>> = Vec::with_capacity(self.columns.len());
        for (column, physical) in self.columns.iter().enumerate() {
            let index = match row.get(physical.cell) {
                Some(CellSpec::Left) => here.last().copied().flatten(),
                Some(CellSpec::Above) => self.above.get(column).copied().flatten(),
                _ => {
                    self.filled.cells.push(FilledCell {
                        row: at,
                        row_span: 1,
                        column,
                        column_span: 1,
                        content: Content::Empty,
                        spec: self.values.template.style("value"),
                        role: Role::Artifact,
                        origins: Vec::new(),
                        height: Length::ZERO,
                        hang: 0,
                    });
                    Some(self.filled.cells.len() - 1)
                }
            };
            if let Some(cell) = index.and_then(|index| self.filled.cells.get_mut(index)) {
                cell.row_span = cell.row_span.max(at + 1 - cell.row);
                cell.column_span = cell.column_span.max(column + 1 - cell.column);
            }
            here.push(index);
        }
        self.filled.is_empty.push(true);
        self.above = here;
        self.filled.rows += 1;
    }

    fn is_first_of_record(&self, row: &[CellSpec]) -> bool {
        self.part.rows.first().is_some_and(|first| std::ptr::eq(first.as_slice(), row))
    }

    /// The cell of the record above that stands over this one too.
    fn joined(
        &self,
        own: &OwnCell,
        record: Record<'a>,
        before: Option<Record<'a>>,
        column: usize,
    ) -> Option<usize> {
        let (join, before) = (own.join.as_ref()?, before?);
        let is_same = self.values.join_key(join, record) == self.values.join_key(join, before);
        self.above.get(column).copied().flatten().filter(|_| is_same)
    }

    /// A cell of its own, whether it has marks, and whether they say nothing.
    fn own(
        &self,
        own: &OwnCell,
        record: Record<'a>,
        is_head: bool,
        physical: &Physical,
        (row, column): (usize, usize),
    ) -> (FilledCell, bool, bool) {
        let goes_on = self.filling.again.is_some();
        // A block that goes on says again only what stands above its figures.
        let is_silent =
            goes_on && !self.part.is_table() && self.filling.again.is_some_and(|again| row >= again);
        let mut filled = self.values.fill(&own.text, record, physical.year, self.filling.under);
        let has_marks = own.text.marks().next().is_some();
        if is_silent {
            filled.words.clear();
            filled.figure = None;
        }
        let is_heading = own.heading.is_some();
        let (spec, role) = self.look(own, is_head, filled.figure.is_some(), filled.words.is_empty());
        if is_heading && goes_on && !is_silent {
            filled.words.push_str(&self.values.template.words.continued);
        }
        let is_quiet = goes_on && !self.part.is_table();
        let is_table = self.part.is_table();
        let content = match filled.figure {
            Some(value) => Content::Value(value),
            None if filled.words.is_empty() && !is_table => Content::Empty,
            None if spec.is_stacked() => Content::Stacked(filled.words),
            None => Content::Text(filled.words),
        };
        let cell = FilledCell {
            row,
            row_span: 1,
            column,
            column_span: 1,
            content,
            spec,
            role: if is_quiet { Role::Artifact } else { role },
            origins: if is_quiet { Vec::new() } else { filled.origins },
            height: own.height,
            hang: filled.hang,
        };
        (cell, has_marks, filled.is_empty || is_silent)
    }

    /// How a cell looks and what it is to a reader.
    fn look(&self, own: &OwnCell, is_head: bool, is_figure: bool, is_blank: bool) -> (StyleSpec, Role) {
        let named = |name: &str| self.values.template.style(name);
        let is_literal = own.text.is_label();
        let is_alone = own.text.only_mark().is_some();
        let is_table = self.part.is_table();
        let usual = if is_head || is_literal {
            "header"
        } else if is_table && is_figure && is_alone {
            "value"
        } else {
            "text"
        };
        let spec = own.style.unwrap_or_else(|| named(usual));
        let role = if let Some(level) = own.heading {
            Role::Heading(level)
        } else if is_table && is_head && spec.is_stacked() && self.filled.rows == 0 {
            Role::Caption
        } else if is_head {
            Role::ColumnHeader
        } else if is_table && own.text.0.is_empty() {
            // A table has no holes, for whoever goes from cell to cell.
            Role::Data
        } else if is_table && (own.is_head || is_literal) {
            Role::RowHeader
        } else if is_table {
            Role::Data
        } else if is_blank {
            Role::Artifact
        } else if own.style_name.as_deref() == Some("title") {
            Role::Title
        } else if is_literal {
            Role::Label
        } else {
            Role::Paragraph
        };
        (spec, role)
    }
}

/// Whether a cell draws nothing at all.
pub fn is_hidden(cell: &FilledCell) -> bool {
    let says_nothing = match &cell.content {
        Content::Empty => true,
        Content::Text(text) | Content::Stacked(text) => text.is_empty(),
        Content::Value(value) => *value == Value::NotReported,
    };
    says_nothing && cell.spec.when_empty() == WhenEmpty::Hide
}
