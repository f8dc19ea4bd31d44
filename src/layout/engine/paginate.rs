//! From blocks to pages.
//!
//! Always true of the result: no block is split but a table taller than a page,
//! whose head rows then stand again; no heading is the last on its page; a page
//! after the first begins with the rows that repeat and, where what a heading heads goes
//! on, with a running head. What is put in for a page is a row of the sheet like
//! any other, so that a workbook prints the same pages.

use std::ops::Range;

use super::block::{Block, Headings, Need, raise};
use super::limits::divide_tall_rows;
use crate::layout::Length;
use crate::layout::grid::{Cell, GridRow, Role, Sheet, Table};

/// A table is split so that no fewer than this many of its records stand together.
const FEWEST: usize = 2;

/// Fills pages with blocks.
pub struct Paginator<'a> {
    room: Length,
    running_head: &'a dyn Fn(&Headings, u8) -> Option<Block>,
    rows: Vec<GridRow>,
    cells: Vec<Cell>,
    tables: Vec<Table>,
    pages: Vec<Range<usize>>,
    repeat: Range<usize>,
    begun: Vec<usize>,
    page_start: usize,
    used: Length,
    repeated: Length,
    last_under: Headings,
}

impl<'a> Paginator<'a> {
    /// Pages with `room` for rows. `running_head` makes the head of a page that goes on: the
    /// number says down to which level the headings are those of the page before.
    pub fn new(room: Length, running_head: &'a dyn Fn(&Headings, u8) -> Option<Block>) -> Self {
        Self {
            room,
            running_head,
            rows: Vec::new(),
            cells: Vec::new(),
            tables: Vec::new(),
            pages: Vec::new(),
            repeat: 0..0,
            begun: Vec::new(),
            page_start: 0,
            used: Length::ZERO,
            repeated: Length::ZERO,
            last_under: Headings::default(),
        }
    }

    /// Sets the blocks, in order.
    pub fn set(mut self, blocks: &[Block]) -> Pages {
        let mut at = 0;
        while at < blocks.len() {
            let chain = &blocks[at..at + kept_together(&blocks[at..])];
            let begins_page = chain.iter().any(|block| block.begins_page);
            if !self.at_page_start() && (begins_page || !self.fits(chain)) {
                self.new_page(&chain[0]);
            }
            for block in chain {
                // Only where the chain is taller than any page is it parted.
                let room = self.left() - block.gap;
                if block.breaks.is_empty() && block.height() > room && !self.at_page_start() {
                    self.new_page(block);
                }
                self.place(block);
            }
            at += chain.len();
        }
        self.close_page();
        let repeat = (self.pages.len() > 1 && !self.repeat.is_empty()).then_some(self.repeat);
        let begun = self.begun;
        Pages { rows: self.rows, cells: self.cells, tables: self.tables, pages: self.pages, repeat, begun }
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
        let least = table.breaks.get(FEWEST - 1).copied().unwrap_or(table.rows.len());
        let begin: Length = table.rows.iter().take(least).sum();
        !table.breaks.is_empty() && table.height() > fresh && above + headings + begin <= self.left()
    }

    fn repeated_height(&self) -> Length {
        self.rows.get(self.repeat.clone()).unwrap_or_default().iter().map(|row| row.height).sum()
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
        // A heading at the top speaks for itself.
        let above = next.heading.map_or(u8::MAX, |level| level.saturating_sub(1));
        let goes_on = next.under.shared(&self.last_under).min(above);
        let head = if next.begins_page { None } else { (self.running_head)(&next.under, goes_on) };
        if let Some(head) = head {
            self.push(&head, 0..head.rows.len(), &head.rows, false);
        }
    }

    /// Places a block, split over pages where it is a table too tall for what is left.
    fn place(&mut self, block: &Block) {
        self.gap(block);
        if block.begins_page {
            self.begun.push(self.pages.len());
        }
        let begin = self.rows.len();
        if block.height() <= self.left() || block.breaks.is_empty() {
            self.push(block, 0..block.rows.len(), &block.rows, false);
        } else {
            self.place_in_parts(block);
        }
        if block.repeats && self.pages.is_empty() {
            let first = if self.repeat.is_empty() { begin } else { self.repeat.start };
            self.repeat = first..self.rows.len();
        }
        self.last_under = block.under.clone();
    }

    fn place_in_parts(&mut self, block: &Block) {
        let head: Length = block.rows.iter().take(block.head_rows).sum();
        let ends: Vec<usize> = block.breaks.iter().copied().chain([block.rows.len()]).collect();
        let (mut from, mut first) = (block.head_rows, 0);
        while first < ends.len() {
            let room = self.left() - head;
            let height = |to: usize| block.rows[from..to].iter().sum::<Length>();
            // As many records as fit.
            let mut taken = ends[first..].iter().take_while(|end| height(**end) <= room).count();
            let left = ends.len() - first - taken;
            if left > 0 && left < FEWEST && taken > FEWEST {
                taken -= FEWEST - left;
            }
            // A row taller than a page has to stand somewhere: its own page.
            let mut taken = taken.max(1);
            let mut rows = part_heights(block, from..ends[first + taken - 1]);
            while taken > 1 && rows.iter().sum::<Length>() > head + room {
                taken -= 1;
                rows = part_heights(block, from..ends[first + taken - 1]);
            }
            let to = ends[first + taken - 1];
            self.push(block, from..to, &rows, from > block.head_rows);
            (from, first) = (to, first + taken);
            if first < ends.len() {
                self.last_under = block.under.clone();
                self.new_page(block);
                self.gap(block);
            }
        }
    }

    /// The distance above a block, unless it begins a page.
    fn gap(&mut self, block: &Block) {
        if !self.at_page_start() && block.gap > Length::ZERO && self.used > self.repeated {
            self.rows.push(GridRow { height: block.gap });
            self.used += block.gap;
        }
    }

    /// Appends the rows `part` of a block, with its head rows before them where the
    /// part does not begin with them; as tall as `heights` says.
    fn push(&mut self, block: &Block, part: Range<usize>, heights: &[Length], again: bool) {
        let head = if part.start == 0 { 0 } else { block.head_rows };
        let base = self.rows.len();
        let table = block.table.as_ref().map(|_| self.table_of(block, again));
        for height in heights {
            self.rows.push(GridRow { height: *height });
            self.used += *height;
        }
        let mut continued = block.continued.iter().peekable();
        for (index, cell) in block.cells.iter().enumerate() {
            let drawn_again = continued.next_if(|(of, ..)| *of == index);
            // A cell of several rows is drawn anew on each page, as far as it stands there.
            let Some((first, span)) = within(cell, head, &part) else { continue };
            let goes_on = again && cell.row >= block.head_rows && cell.row < part.start;
            let mut cell = match drawn_again {
                Some((_, continued, _)) if goes_on => continued.clone(),
                _ => cell.clone(),
            };
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

/// How many of these blocks stand together: headings go where the block after them goes. Two
/// that each begin a page do not.
fn kept_together(blocks: &[Block]) -> usize {
    let mut begun = false;
    let ends = |block: &Block| {
        let begins_another = begun && block.begins_page;
        begun |= block.begins_page;
        begins_another
    };
    let until = blocks.iter().position(ends).unwrap_or(blocks.len());
    let kept = blocks[..until].iter().position(|block| !block.keep_with_next);
    kept.map_or(until, |last| last + 1)
}

/// Where a cell stands in a part of a block that begins with its head, and over how many
/// rows; `None` where it does not.
fn within(cell: &Cell, head: usize, part: &Range<usize>) -> Option<(usize, usize)> {
    let end = cell.row + cell.row_span;
    let in_head = end.min(head).saturating_sub(cell.row);
    let in_part = end.min(part.end).saturating_sub(cell.row.max(part.start));
    let first = if in_head > 0 { cell.row } else { head + cell.row.max(part.start) - part.start };
    (in_head + in_part > 0).then_some((first, in_head + in_part))
}

/// The heights of the head rows and of a part of a block: cells that stand over a split have
/// to fit into what is on either side of it.
fn part_heights(block: &Block, part: Range<usize>) -> Vec<Length> {
    let head = block.head_rows;
    let mut rows: Vec<Length> = block.rows[..head].iter().chain(&block.rows[part.clone()]).copied().collect();
    let mut needs = Vec::new();
    for (index, cell) in block.cells.iter().enumerate() {
        let is_cut = cell.row + cell.row_span > part.end || (cell.row < part.start && cell.row >= head);
        let Some((row, row_span)) = within(cell, head, &part).filter(|_| is_cut) else { continue };
        let continued = block.continued.iter().find(|(of, ..)| *of == index && cell.row < part.start);
        let height = continued.map(|(.., height)| *height).or(block.needs.get(index).copied());
        needs.push(Need { row, row_span, height: height.unwrap_or_default() });
    }
    raise(&mut rows, needs);
    rows
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
    /// On which page each of the blocks stands that begin one.
    pub begun: Vec<usize>,
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
        let Self { rows, cells, tables, pages, repeat, begun: _ } = self;
        let frozen_rows = repeat.as_ref().map_or(0, |rows| rows.end);
        let sheet =
            Sheet { name, title, columns, rows, cells, tables, pages, repeat, first_page, frozen_rows };
        divide_tall_rows(sheet)
    }
}
