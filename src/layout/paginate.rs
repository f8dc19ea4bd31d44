//! From blocks to pages.
//!
//! Always true of the result: no block is split but a table taller than a page,
//! whose head rows then stand again; no heading is the last on its page; a page
//! after the first begins with the rows that repeat and, where a 分野 or 施策 goes
//! on, with a running head. What is put in for a page is a row of the sheet like
//! any other, so that a workbook prints the same pages.

use std::ops::Range;

use super::Length;
use super::block::{Block, Under};
use super::grid::{Cell, GridRow, Role, Sheet, Table};
use super::limits::divide_tall_rows;

/// A table is split so that no fewer than this many of its body rows stand together.
const FEWEST_ROWS: usize = 2;

/// Fills pages with blocks.
pub struct Paginator<'a> {
    room: Length,
    repeat: Range<usize>,
    running_head: &'a dyn Fn(&Under, bool) -> Option<Block>,
    rows: Vec<GridRow>,
    cells: Vec<Cell>,
    tables: Vec<Table>,
    pages: Vec<Range<usize>>,
    page_start: usize,
    used: Length,
    repeated: Length,
    last_under: Under,
}

impl<'a> Paginator<'a> {
    /// Pages with `room` for rows. The rows `repeat` of the first block stand again
    /// on every later page; `running_head` makes the head of a page that goes on
    /// (the flag says whether the 施策 goes on, or the 分野 only).
    pub fn new(
        room: Length,
        repeat: Range<usize>,
        running_head: &'a dyn Fn(&Under, bool) -> Option<Block>,
    ) -> Self {
        Self {
            room,
            repeat,
            running_head,
            rows: Vec::new(),
            cells: Vec::new(),
            tables: Vec::new(),
            pages: Vec::new(),
            page_start: 0,
            used: Length::ZERO,
            repeated: Length::ZERO,
            last_under: Under::default(),
        }
    }

    /// Sets the blocks, in order.
    pub fn set(mut self, blocks: &[Block]) -> Pages {
        let mut at = 0;
        while at < blocks.len() {
            // Headings go where the block after them goes.
            let end = (at..blocks.len()).find(|i| !blocks[*i].keep_with_next).unwrap_or(blocks.len() - 1);
            let chain = &blocks[at..=end];
            if !self.at_page_start() && !self.fits(chain) {
                self.new_page(&chain[0]);
            }
            for block in chain {
                // Only where the chain is taller than any page is it parted.
                let room = self.left() - block.gap;
                if block.head_rows == 0 && block.height() > room && !self.at_page_start() {
                    self.new_page(block);
                }
                self.place(block);
            }
            at = end + 1;
        }
        self.close_page();
        let repeat = (self.pages.len() > 1 && !self.repeat.is_empty()).then_some(self.repeat);
        Pages { rows: self.rows, cells: self.cells, tables: self.tables, pages: self.pages, repeat }
    }

    fn at_page_start(&self) -> bool {
        self.page_start == self.rows.len()
    }

    fn left(&self) -> Length {
        self.room - self.used
    }

    /// Whether a chain of blocks fits on what is left of the page. A table too tall
    /// for a page of its own only needs to begin here.
    fn fits(&self, chain: &[Block]) -> bool {
        let above: Length = chain.iter().map(|block| block.gap).sum();
        let height: Length = chain.iter().map(Block::height).sum();
        if above + height <= self.left() {
            return true;
        }
        let Some((table, headings)) = chain.split_last() else { return true };
        let headings: Length = headings.iter().map(Block::height).sum();
        let fresh = self.room - self.repeated_height() - headings;
        let begin: Length = table.rows.iter().take(table.head_rows + FEWEST_ROWS).sum();
        table.head_rows > 0 && table.height() > fresh && above + headings + begin <= self.left()
    }

    fn repeated_height(&self) -> Length {
        if self.pages.is_empty() && self.repeated == Length::ZERO {
            self.rows
                .get(self.repeat.clone())
                .map_or(Length::ZERO, |rows| rows.iter().map(|r| r.height).sum())
        } else {
            self.repeated
        }
    }

    fn close_page(&mut self) {
        if self.page_start < self.rows.len() {
            self.pages.push(self.page_start..self.rows.len());
        }
        self.page_start = self.rows.len();
    }

    /// Begins a page whose first block will be `next`.
    fn new_page(&mut self, next: &Block) {
        self.repeated = self.repeated_height();
        self.close_page();
        self.used = self.repeated;
        let same_field = next.under.field == self.last_under.field;
        let same_measure = same_field && next.under.measure == self.last_under.measure;
        // A heading at the top speaks for itself.
        let head = match next.heading_level() {
            Some(2) => None,
            Some(_) if same_field => (self.running_head)(&next.under, false),
            None if same_field => (self.running_head)(&next.under, same_measure),
            _ => None,
        };
        if let Some(head) = head {
            self.push(&head, 0..head.rows.len(), false);
        }
    }

    /// Places a block, split over pages where it is a table too tall for what is left.
    fn place(&mut self, block: &Block) {
        if !self.at_page_start() && block.gap > Length::ZERO && self.used > self.repeated {
            self.rows.push(GridRow { height: block.gap });
            self.used += block.gap;
        }
        let whole = 0..block.rows.len();
        if block.height() <= self.left() || block.head_rows == 0 {
            self.push(block, whole, false);
        } else {
            self.place_in_parts(block);
        }
        self.last_under = block.under.clone();
    }

    fn place_in_parts(&mut self, block: &Block) {
        let head: Length = block.rows.iter().take(block.head_rows).sum();
        let mut from = block.head_rows;
        while from < block.rows.len() {
            let mut room = self.left() - head;
            let mut to = from;
            while to < block.rows.len() && block.rows[to] <= room {
                room -= block.rows[to];
                to += 1;
            }
            let left = block.rows.len() - to;
            if left > 0 && left < FEWEST_ROWS && to - from > FEWEST_ROWS {
                to -= FEWEST_ROWS - left;
            }
            // A row taller than a page has to stand somewhere: its own page.
            let to = to.max(from + 1);
            self.push(block, from..to, from > block.head_rows);
            from = to;
            if from < block.rows.len() {
                self.last_under = block.under.clone();
                self.new_page(block);
            }
        }
    }

    /// Appends the rows `part` of a block, with its head rows before them where the
    /// part does not begin with them.
    fn push(&mut self, block: &Block, part: Range<usize>, again: bool) {
        let head = if part.start == 0 { 0 } else { block.head_rows };
        let base = self.rows.len();
        let table = block.table.as_ref().map(|_| self.table_of(block, again));
        for row in (0..head).chain(part.clone()) {
            self.rows.push(GridRow { height: block.rows[row] });
            self.used += block.rows[row];
        }
        for cell in &block.cells {
            // A cell of several rows is drawn anew on each page, as far as it stands there.
            let end = cell.row + cell.row_span;
            let in_head = end.min(head).saturating_sub(cell.row);
            let in_part = end.min(part.end).saturating_sub(cell.row.max(part.start));
            let span = in_head + in_part;
            if span == 0 {
                continue;
            }
            let first = if in_head > 0 { cell.row } else { head + cell.row.max(part.start) - part.start };
            let mut cell = cell.clone();
            let is_repeat = again && cell.row < block.head_rows;
            cell.row = base + first;
            cell.row_span = span;
            cell.table = cell.table.and(table);
            if is_repeat {
                cell.role = Role::Artifact;
                cell.table = None;
            }
            self.cells.push(cell);
        }
    }

    fn table_of(&mut self, block: &Block, again: bool) -> usize {
        if !again {
            self.tables.extend(block.table.clone());
        }
        self.tables.len().saturating_sub(1)
    }
}

/// Rows and cells of a sheet, broken into pages.
pub struct Pages {
    /// Of all pages.
    pub rows: Vec<GridRow>,
    /// In reading order.
    pub cells: Vec<Cell>,
    /// See [`Sheet::tables`].
    pub tables: Vec<Table>,
    /// See [`Sheet::pages`].
    pub pages: Vec<Range<usize>>,
    /// See [`Sheet::repeat`].
    pub repeat: Option<Range<usize>>,
}

impl Pages {
    /// The sheet of these pages, none of its rows taller than Excel allows.
    pub fn into_sheet(
        self,
        name: String,
        title: String,
        columns: Vec<Length>,
        first_page: Option<usize>,
    ) -> Sheet {
        let Self { rows, cells, tables, pages, repeat } = self;
        let frozen_rows = repeat.as_ref().map_or(0, |rows| rows.end);
        let sheet =
            Sheet { name, title, columns, rows, cells, tables, pages, repeat, first_page, frozen_rows };
        divide_tall_rows(sheet)
    }
}
