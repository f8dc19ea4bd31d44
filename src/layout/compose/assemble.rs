//! From filled parts to blocks whose rows fit their texts.

use std::ops::Range;

use super::picture::{FilledCell, FilledPart, Filling, fill, is_hidden};
use super::{Composer, Record};
use crate::layout::block::{Block, Builder, Headings, Need, at};
use crate::layout::columns::Span;
use crate::layout::engine::divide::Divider;
use crate::layout::engine::spread::spread;
use crate::layout::grid::{Borders, Content, Role, Table, TableKind};
use crate::layout::template::{BlockSpec, Level, PageUse, PartSpec};
use crate::layout::{LayoutError, Length, Part};

impl<'a> Composer<'a> {
    /// The blocks of a record, none taller than `limit`, unless it can be split there.
    pub(super) fn assemble(
        &self,
        spec: &'a BlockSpec,
        index: usize,
        record: Record<'a>,
        under: &Headings,
        limit: Length,
    ) -> Result<Vec<Block>, LayoutError> {
        let records: Vec<Vec<Record<'a>>> =
            spec.parts.iter().map(|part| self.records(part, record)).collect();
        let whole = Assembly { composer: self, spec, index, record, under };
        let each = spec.parts.iter().position(|part| part.each.is_some());
        let Some(each) = each else {
            let block = whole.block(&records, true);
            self.texts_held(&block, record)?;
            return self.form(spec, block, record, limit);
        };
        let part = &spec.parts[each];
        if records[each].is_empty() && part.least == 0 && spec.parts.len() == 1 {
            return Ok(part.empty.as_deref().map(|words| whole.sentence(words)).into_iter().collect());
        }
        if spec.parts.len() == 1 {
            let block = whole.table(&records[each], limit)?;
            return Ok(vec![block]);
        }
        whole.pieces(records, each, limit)
    }

    /// What the rows of a part are printed for.
    fn records(&self, part: &PartSpec, record: Record<'a>) -> Vec<Record<'a>> {
        match part.each {
            Some(level) => record.below(level, self.plan, &self.projects, false),
            None => vec![record],
        }
    }

    /// A block without records: kept whole, or where it is taller than a page, divided.
    fn form(
        &self,
        spec: &BlockSpec,
        block: Block,
        record: Record<'a>,
        limit: Length,
    ) -> Result<Vec<Block>, LayoutError> {
        if block.rows.is_empty() {
            return Ok(Vec::new());
        }
        if block.height() <= limit {
            return Ok(vec![block]);
        }
        let continued = self.template.words.continued.as_str();
        let divider = Divider { limit, continued, edges: &self.edges, breaker: self.breaker };
        let pieces = if spec.page == PageUse::Repeat { None } else { divider.divide(&block) };
        pieces.ok_or_else(|| self.too_tall(&block, 0..block.rows.len(), record))
    }

    /// That rows of a block are taller than a page: for the text that needs most.
    fn too_tall(&self, block: &Block, rows: Range<usize>, record: Record<'a>) -> LayoutError {
        let cells = block.cells.iter().zip(&block.needs).filter(|(cell, _)| rows.contains(&cell.row));
        let origins = cells.filter_map(|(cell, need)| Some((need, cell.origin()?)));
        let tallest = origins.max_by_key(|(need, _)| **need).map(|(_, origin)| origin);
        let (row, id) = record.identity();
        let named = tallest.and_then(|origin| Some((origin.row, self.id_of(origin.row)?, origin.part)));
        let (row, id, part) = named.unwrap_or_else(|| (row, id.to_owned(), Part::Name));
        LayoutError::NameTooTall { id, row, part }
    }
}

/// A block of the template for a record.
struct Assembly<'r, 'a> {
    composer: &'r Composer<'a>,
    spec: &'a BlockSpec,
    index: usize,
    record: Record<'a>,
    under: &'r Headings,
}

impl<'a> Assembly<'_, 'a> {
    /// A sentence where there is no record.
    fn sentence(&self, words: &str) -> Block {
        let composer = self.composer;
        let mut block = Builder::new(composer.breaker, &composer.edges, 1);
        let style = composer.template.style("text");
        let content = Content::Text(words.to_owned());
        block.cell(at(0, composer.whole), &style, style.rule(), content, Role::Paragraph);
        block.finish(self.spec.gap, self.under)
    }

    /// A table that is split between its records where it is taller than a page.
    fn table(&self, records: &[Record<'a>], limit: Length) -> Result<Block, LayoutError> {
        let mut block = self.block(&[records.to_vec()], true);
        self.composer.texts_held(&block, self.record)?;
        let head: Length = block.rows.iter().take(block.head_rows).sum();
        let all: Vec<usize> = block.breaks.clone();
        // Records that share a cell stand together, unless they are taller than a page.
        let joined: Vec<(usize, usize, usize)> = block
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| {
                cell.table.is_some() && cell.role != Role::Caption && cell.row >= block.head_rows
            })
            .map(|(at, cell)| (at, cell.row, cell.row + cell.row_span))
            .filter(|(_, from, to)| is_between(&all, *from, *to))
            .collect();
        let mut is_within = vec![false; block.rows.len()];
        for (_, from, to) in &joined {
            is_within[from + 1..*to].fill(true);
        }
        let outer: Vec<usize> = all.iter().copied().filter(|end| !is_within[*end]).collect();
        let mut breaks = Vec::new();
        let mut from = block.head_rows;
        for to in outer.iter().copied().chain([block.rows.len()]) {
            let height: Length = block.rows[from..to].iter().sum();
            if head + height > limit {
                breaks.extend(all.iter().copied().filter(|end| from < *end && *end < to));
            }
            if to < block.rows.len() {
                breaks.push(to);
            }
            from = to;
        }
        if block.height() > limit && breaks.is_empty() && all.is_empty() && records.len() == 1 {
            return Err(self.composer.too_tall(&block, 0..block.rows.len(), self.record));
        }
        let ends: Vec<usize> = all.iter().copied().chain([block.rows.len()]).collect();
        let mut from = block.head_rows;
        for (at, to) in ends.iter().enumerate() {
            // What one record needs by itself.
            let own: Length = block.rows[from..*to].iter().sum();
            let is_alone = breaks.binary_search(to).is_ok() || *to == block.rows.len();
            if head + own > limit && is_alone {
                let of = records.get(at).copied().unwrap_or(self.record);
                return Err(self.composer.too_tall(&block, from..*to, of));
            }
            from = *to;
        }
        block.breaks = breaks;
        self.draw_again(&mut block, &joined);
        Ok(block)
    }

    /// How cells that are split between pages are drawn on the later ones.
    fn draw_again(&self, block: &mut Block, joined: &[(usize, usize, usize)]) {
        let composer = self.composer;
        let continued = &composer.template.words.continued;
        for (index, from, to) in joined {
            if !is_between(&block.breaks, *from, *to) {
                continue;
            }
            let mut cell = block.cells[*index].clone();
            if cell.text().is_empty() {
                continue;
            }
            let text = format!("{}{continued}", cell.text());
            let columns = cell.column..cell.column + cell.column_span;
            let width: Length = composer.edges.widths()[columns].iter().sum();
            let style = cell.style;
            let lines = composer.breaker.lines(&text, width - style.padding * 2, style.size, style.bold);
            let before = style.leading * cell.lines.len().max(1) as i64;
            let need = block.needs[*index] - before + style.leading * lines.len() as i64;
            cell.content = Content::Text(text);
            cell.lines = lines;
            block.continued.push((*index, cell, need));
        }
    }

    /// Parts side by side; in several blocks where the records do not fit on one page.
    fn pieces(
        &self,
        mut records: Vec<Vec<Record<'a>>>,
        each: usize,
        limit: Length,
    ) -> Result<Vec<Block>, LayoutError> {
        let mut rest = std::mem::take(&mut records[each]);
        let mut blocks: Vec<Block> = Vec::new();
        loop {
            let first = blocks.is_empty();
            let mut taken = rest.len().min(self.most_records(limit));
            records[each] = rest[..taken].to_vec();
            let mut block = self.block(&records, first);
            while block.height() > limit && taken > 1 {
                // Rows are of like height: one guess and a few steps find the most that fit.
                let fair = (taken as i64 * limit.emu().max(0) / block.height().emu().max(1)) as usize;
                taken = fair.clamp(1, taken - 1);
                records[each].truncate(taken);
                block = self.block(&records, first);
            }
            self.composer.texts_held(&block, self.record)?;
            if block.height() > limit {
                let (row, id) = self.record.identity();
                return Err(match self.record.level {
                    Level::Project => LayoutError::TooTall { id: id.to_owned(), row },
                    _ => self.composer.too_tall(&block, 0..block.rows.len(), self.record),
                });
            }
            block.breaks.clear();
            block.head_rows = 0;
            blocks.push(block);
            rest.drain(..taken);
            if rest.is_empty() {
                return Ok(blocks);
            }
        }
    }

    /// More records than this a page does not hold: no more are tried.
    fn most_records(&self, limit: Length) -> usize {
        const AT_LEAST: usize = 200;
        let style = self.composer.template.style("text");
        let row = style.with(Borders::NONE).leading + style.space() * 2;
        (limit.emu().max(0) / row.emu().max(1)).unsigned_abs().max(AT_LEAST as u64) as usize
    }

    /// The parts of the block with these records, side by side; `first` is whether it says
    /// what stands beside them, or only goes on.
    fn block(&self, records: &[Vec<Record<'a>>], first: bool) -> Block {
        let parts = &self.spec.parts;
        let composer = self.composer;
        let head = parts.iter().map(|part| part.head.len()).max().unwrap_or(0);
        let filling = |at: usize, least: usize| Filling {
            block: self.record,
            records: &records[at],
            least,
            under: self.under,
            again: (!first).then_some(head.max(1)),
        };
        let filled = |at: usize, least: usize| {
            let columns = &composer.columns[self.index][at];
            fill(&parts[at], columns, &composer.values, &filling(at, least))
        };
        // How many rows there have to be, before the one part whose records may be made up.
        let mut fills: Vec<Option<FilledPart>> =
            parts.iter().enumerate().map(|(at, part)| part.each.is_none().then(|| filled(at, 0))).collect();
        let has_each = parts.iter().any(|part| part.each.is_some());
        let of_form = |part: &FilledPart| if has_each { rows_needed(part, head) } else { part.rows };
        let needed = fills.iter().flatten().map(of_form).max().unwrap_or(0);
        for (at, part) in parts.iter().enumerate() {
            if fills[at].is_none() {
                let body = needed.saturating_sub(part.head.len()).div_ceil(part.rows.len().max(1));
                let body = if parts.len() == 1 { 0 } else { body };
                fills[at] = Some(filled(at, part.least.max(body)));
            }
        }
        let mut needed = needed;
        let mut fills: Vec<FilledPart> = fills.into_iter().flatten().collect();
        if let [form] = fills.as_mut_slice()
            && !parts[0].is_table()
        {
            drop_hidden_rows(form);
            needed = form.rows;
        }
        self.built(&fills, head, needed)
    }

    /// Cells on rows.
    fn built(&self, fills: &[FilledPart], head: usize, needed: usize) -> Block {
        let composer = self.composer;
        let tables = self.spec.parts.iter().zip(fills).filter(|(part, _)| part.is_table());
        let table_rows = self
            .spec
            .parts
            .iter()
            .zip(fills)
            .filter(|(part, _)| part.each.is_some())
            .map(|(_, filled)| filled.rows)
            .max();
        let rows = table_rows.unwrap_or(0).max(needed);
        let has_records = tables.clone().all(|(_, filled)| filled.has_records);
        let has_table = tables.count() > 0;
        let mut builder = Builder::new(composer.breaker, &composer.edges, rows);
        let mut spans = composer.spans(self.index, self.record);
        let mut ranges: Vec<(Range<usize>, usize)> = Vec::new();
        for (at, filled) in fills.iter().enumerate() {
            let (own, others) = spans.split_at(composer.columns[self.index][at].columns.len());
            spans = others;
            let begin = builder.len();
            // Rows that say nothing are left out where the others are fewer.
            let kept = filled.rows.min(rows);
            let is_table = self.spec.parts[at].is_table();
            for cell in filled.cells.iter().filter(|cell| cell.row < kept) {
                let hides = is_hidden(cell);
                if hides && !is_table {
                    continue;
                }
                self.cell(&mut builder, cell, kept, own, has_records);
                if let Some(cell) = builder.cells().last_mut().filter(|_| hides) {
                    // It is seen no more, but keeps its place in the table.
                    (cell.style.borders, cell.style.fill) = (Borders::NONE, None);
                }
            }
            ranges.push((begin..builder.len(), kept));
        }
        for at in 0..ranges.len() {
            let (range, kept) = ranges[at].clone();
            let starts = self.starts(&builder, &ranges, at, head, rows);
            if kept != rows {
                builder.place(range, &starts);
            }
        }
        let last = rows;
        for cell in builder.cells() {
            let sides = cell.style.borders.left || cell.style.borders.right;
            if sides && cell.row + cell.row_span == last {
                cell.style.borders.bottom = true;
            }
        }
        let mut block = builder.finish_rows(rows, self.spec.gap, self.under);
        if has_table && has_records {
            self.as_table(&mut block);
        }
        if let [filled] = fills {
            block.head_rows = filled.head;
            block.breaks = filled.ends.iter().copied().filter(|end| *end < rows).collect();
        }
        block
    }

    /// The cells of a block as a table.
    fn as_table(&self, block: &mut Block) {
        let summary = self.composer.words(&self.spec.summary, self.record, self.under);
        block.table = Some(Table { kind: TableKind::Records, summary });
        for cell in &mut block.cells {
            if matches!(cell.role, Role::Caption | Role::ColumnHeader | Role::RowHeader | Role::Data) {
                cell.table = Some(0);
            }
        }
    }

    fn cell(
        &self,
        builder: &mut Builder<'_>,
        cell: &FilledCell,
        kept: usize,
        columns: &[Span],
        has_records: bool,
    ) {
        let last = cell.column + cell.column_span - 1;
        let (Some(from), Some(to)) = (columns.get(cell.column), columns.get(last)) else { return };
        let is_of_table = matches!(cell.role, Role::Caption | Role::ColumnHeader | Role::RowHeader);
        let role = if is_of_table && !has_records { Role::Artifact } else { cell.role };
        let rows = cell.row_span.min(kept - cell.row);
        let place = at(cell.row, from.through(*to)).down(rows).hanging(cell.hang);
        let made = builder.cell(place, &cell.spec, cell.spec.rule(), cell.content.clone(), role);
        made.origins.clone_from(&cell.origins);
        builder.at_least(cell.height);
    }

    /// On which row of the block each row of a part begins, and where the last ends.
    fn starts(
        &self,
        builder: &Builder<'_>,
        ranges: &[(Range<usize>, usize)],
        part: usize,
        head: usize,
        rows: usize,
    ) -> Vec<usize> {
        let (range, kept) = &ranges[part];
        // What stands beside the head of the others stays there.
        let above = head.min(*kept);
        let (parts, rest) = (kept - above, rows - above);
        let mut starts: Vec<usize> = (0..above).collect();
        if parts == 0 {
            starts.push(rows);
            return starts;
        }
        let own = builder.needs(range.clone()).iter();
        let own: Vec<Need> = own
            .filter(|need| need.row >= above)
            .map(|need| Need { row: need.row - above, ..*need })
            .collect();
        let others: Vec<Need> = (0..ranges.len())
            .flat_map(|at| builder.needs(ranges[at].0.clone()).iter().map(move |need| (at, need)))
            .filter(|(at, need)| *at != part || need.row < above)
            .map(|(_, need)| *need)
            .collect();
        starts.extend(spread(parts, rest, &own, &others, above).into_iter().map(|at| above + at));
        starts
    }
}

/// Whether one of these rows, which are in order, lies between two others.
fn is_between(rows: &[usize], from: usize, to: usize) -> bool {
    rows.get(rows.partition_point(|row| *row <= from)).is_some_and(|row| *row < to)
}

/// How many rows a part needs that has no records of its own: what says nothing at its end
/// needs none.
fn rows_needed(part: &FilledPart, head: usize) -> usize {
    let above = head.min(part.rows);
    let says = (above..part.rows).rev().find(|row| !part.is_empty.get(*row).copied().unwrap_or(false));
    let least = if part.rows > above { above + 1 } else { above };
    says.map_or(least, |last| (last + 1).max(least))
}

/// Leaves out the rows of which nothing is drawn.
fn drop_hidden_rows(form: &mut FilledPart) {
    let is_drawn = |row: usize| {
        let mut cells = form.cells.iter().filter(|cell| cell.row <= row && row < cell.row + cell.row_span);
        cells.any(|cell| !is_hidden(cell))
    };
    let drawn: Vec<bool> = (0..form.rows).map(is_drawn).collect();
    if drawn.iter().all(|drawn| *drawn) {
        return;
    }
    let before = |row: usize| drawn[..row.min(drawn.len())].iter().filter(|drawn| **drawn).count();
    form.cells.retain(|cell| !is_hidden(cell));
    for cell in &mut form.cells {
        let (first, end) = (before(cell.row), before(cell.row + cell.row_span));
        (cell.row, cell.row_span) = (first, (end - first).max(1));
    }
    form.rows = before(drawn.len());
    form.is_empty =
        form.is_empty.iter().zip(&drawn).filter(|(_, drawn)| **drawn).map(|(empty, _)| *empty).collect();
}
