//! From the plan and the template to blocks.
//!
//! A block of the template is printed once for each record of its `per`, in the order of
//! the file: a run of blocks of deeper records is an inner loop. What a block says is filled
//! in ([`picture`]), its widths are solved once for the whole document ([`minimum_widths`]),
//! and its rows so that every text fits ([`assemble`]).

mod assemble;
mod example;
mod fit;
mod minimum_widths;
mod picture;
mod record;
#[cfg(test)]
mod tests;
mod values;

pub use example::example;
pub use record::Record;

use std::cell::Cell;

use record::Projects;
use values::Values;

use crate::layout::block::{Block, Builder, Headings, at, in_pixels};
use crate::layout::columns::{self, Edges, Span, TooNarrow};
use crate::layout::contents::Opening;
use crate::layout::grid::{Borders, Content, PageFrame, Role};
use crate::layout::template::{BlockSpec, Level, Name, PageUse, Template, Text};
use crate::layout::text::Breaker;
use crate::layout::{LayoutError, Length, Options, limits};
use crate::plan::{Plan, Row};
use crate::settings::Settings;
use picture::PartColumns;

/// Turns a plan into blocks.
pub struct Composer<'a> {
    plan: &'a Plan,
    template: &'a Template,
    breaker: &'a Breaker<'a>,
    values: Values<'a>,
    projects: Projects<'a>,
    /// Of every block and part.
    columns: Vec<Vec<PartColumns>>,
    /// Of every block: those of all its parts, from left to right.
    spans: Vec<Vec<Span>>,
    /// Of blocks whose columns stand elsewhere for a record.
    fitted: fit::Fitted,
    edges: Edges,
    whole: Span,
    room: Length,
    /// What the document may still weigh.
    left: Cell<usize>,
}

/// The blocks of a sheet being made.
struct Stream {
    blocks: Vec<Block>,
    /// Below each of the blocks, in place of the gap of what follows.
    below: Option<Length>,
    under: Headings,
    /// How tall what stands again on every page is.
    repeated: Length,
    /// What has begun a page, by row and ID.
    units: Vec<(Row, String)>,
}

/// A sheet before it is broken into pages.
pub struct Composed {
    /// Its blocks, none too tall for a page.
    pub blocks: Vec<Block>,
    /// Its first heading of the highest level; the document's title where it has none.
    pub title: String,
    /// Of the blocks that begin a page: the row and the ID of what each is printed for.
    pub units: Vec<(Row, String)>,
}

impl<'a> Composer<'a> {
    /// Solves the columns for this plan.
    ///
    /// # Errors
    /// [`TooNarrow`] where the years do not fit on the page.
    pub fn new(
        plan: &'a Plan,
        settings: &'a Settings,
        template: &'a Template,
        breaker: &'a Breaker<'a>,
        options: &'a Options,
        page: &PageFrame,
    ) -> Result<Self, TooNarrow> {
        let year = options.year.or_else(|| plan.latest_reported());
        let values = Values { plan, settings, template, options, year };
        let part_columns = |block: &BlockSpec| -> Vec<PartColumns> {
            block.parts.iter().map(|part| PartColumns::of(part, &values)).collect()
        };
        let columns: Vec<Vec<PartColumns>> = template.blocks.iter().map(part_columns).collect();
        let asked: Vec<columns::BlockColumns> = columns
            .iter()
            .map(|parts| parts.iter().flat_map(|part| &part.columns).map(|column| column.asked).collect())
            .collect();
        let projects: Projects<'a> = plan.projects().map(|project| (project.id.as_str(), project)).collect();
        let room = page.body_height();
        let spans = columns::solve(&asked, page.body_width(), || {
            minimum_widths::minimum_widths(&values, &projects, &columns, breaker, room)
        })?;
        let whole = Span { from: Length::ZERO, to: page.body_width() };
        let fitted = fit::fitted(&values, &projects, &columns, &spans, breaker);
        let edges = Edges::of(spans.iter().chain(fitted.values()).flatten().copied().chain([whole]));
        Ok(Self {
            plan,
            template,
            breaker,
            values,
            projects,
            columns,
            spans,
            fitted,
            edges,
            whole,
            room,
            left: Cell::new(limits::MOST_WEIGHT),
        })
    }

    /// The edges of every sheet's columns.
    pub fn edges(&self) -> &Edges {
        &self.edges
    }

    /// Where the columns of all parts of a block stand for a record.
    fn spans(&self, block: usize, record: Record<'a>) -> &[Span] {
        self.fitted.get(&fit::key(block, record)).unwrap_or(&self.spans[block])
    }

    /// What sheets are made for.
    pub fn sheets(&self) -> Vec<Record<'a>> {
        Record::PLAN.below(self.template.sheet.per, self.plan, &self.projects, false)
    }

    /// The title of the document, marked where it is a draft.
    fn title(&self) -> String {
        self.values.of_document(Name::Title)
    }

    /// What stands at the head of the document.
    pub fn opening(&self) -> Opening {
        Opening {
            title: self.title(),
            number: self.values.of_document(Name::DocumentNumber),
            note: self.values.of_document(Name::Note),
        }
    }

    /// The name of a sheet.
    pub fn sheet_name(&self, record: Record<'a>) -> String {
        let name = &self.template.sheet.name;
        let is_of_a_goal = name.marks().any(|mark| !mark.name.is_of_document());
        if record.level == Level::Plan && is_of_a_goal {
            // The official name is that of a goal's sheet; a plan has none of its own.
            return "一覧".to_owned();
        }
        self.words(name, record, &Headings::default())
    }

    /// The blocks of a sheet.
    ///
    /// # Errors
    /// A [`LayoutError`] for what no page holds.
    pub fn sheet(&self, record: Record<'a>) -> Result<Composed, LayoutError> {
        let mut stream = Stream {
            blocks: Vec::new(),
            below: None,
            under: Headings::default(),
            repeated: Length::ZERO,
            units: Vec::new(),
        };
        self.run(&self.template.blocks, 0, record, &mut stream)?;
        let title = stream.blocks.iter().map(|block| block.under.of(1)).find(|heading| !heading.is_empty());
        let title = title.map_or_else(|| self.title(), str::to_owned);
        Ok(Composed { blocks: stream.blocks, title, units: stream.units })
    }

    /// Prints blocks for a record: its own, and in runs those of what belongs to it. `first` is
    /// which of the template's blocks the first is.
    fn run(
        &self,
        blocks: &[BlockSpec],
        first: usize,
        record: Record<'a>,
        stream: &mut Stream,
    ) -> Result<(), LayoutError> {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            if block.per == record.level {
                self.print(block, first + at, record, stream)?;
                at += 1;
                continue;
            }
            let (level, end) = deeper(blocks, at, record.level);
            let run = &blocks[at..end];
            let reprints = run.iter().any(|block| block.reprints);
            let headings = stream.under.clone();
            for child in record.below(level, self.plan, &self.projects, reprints) {
                // Each stands under what the record itself stands under.
                stream.under = headings.clone();
                self.run(run, first + at, child, stream)?;
            }
            stream.under = headings;
            at = end;
        }
        Ok(())
    }

    /// Whether the block below stands in for this one, or this one for the block above which is
    /// printed after all.
    fn is_replaced(&self, index: usize, spec: &BlockSpec, record: Record<'a>) -> bool {
        let has_none = |block: &BlockSpec| {
            let of_none = |level| record.below(level, self.plan, &self.projects, false).is_empty();
            block.without.is_some_and(of_none)
        };
        let stand_in = self.template.blocks.get(index + 1).filter(|next| next.without.is_some());
        stand_in.is_some_and(has_none) || (spec.without.is_some() && !has_none(spec))
    }

    /// Prints one block for a record.
    fn print(
        &self,
        spec: &'a BlockSpec,
        index: usize,
        record: Record<'a>,
        stream: &mut Stream,
    ) -> Result<(), LayoutError> {
        if self.is_replaced(index, spec, record) || (record.reprint.is_some() && !spec.reprints) {
            return Ok(());
        }
        if let Some(level) = spec.heading
            && let Some(cell) =
                spec.parts.iter().flat_map(|part| part.own_cells()).find(|own| own.heading.is_some())
        {
            let heading = self.words(&cell.text, record, &stream.under);
            stream.under = stream.under.with(level, &heading);
        }
        let gap = in_pixels(stream.below.unwrap_or(spec.gap));
        let is_form = matches!(spec.parts.as_slice(), [part] if !part.is_table());
        let is_heading = is_form && spec.heading.is_some() && spec.parts[0].rows.len() == 1;
        if is_heading
            && let Some(last) = stream.blocks.last_mut()
            && last.heading.is_some_and(|level| spec.heading <= Some(level))
            && !last.repeats
        {
            // It heads nothing: a page may end with it, for it is parted from nothing.
            last.keep_with_next = false;
        }
        let limit = self.room - self.most_above(stream, gap);
        let mut made = self.assemble(spec, index, record, &stream.under, limit)?;
        let stands_first = spec.page == PageUse::Repeat
            || self.template.blocks[index + 1..].iter().any(|later| later.page == PageUse::Repeat);
        for (order, block) in made.iter_mut().enumerate() {
            block.gap = if order == 0 { gap } else { in_pixels(spec.gap) };
            block.heading = spec.heading.filter(|_| order == 0 || !is_heading);
            block.begins_page = spec.page == PageUse::New && order == 0;
            block.repeats = spec.page == PageUse::Repeat;
            // The title of a sheet of its own is not parted from what it stands over.
            block.keep_with_next = is_heading || stands_first || (block.begins_page && is_form);
        }
        if spec.page == PageUse::New && !made.is_empty() {
            let (row, id) = record.identity();
            stream.units.push((row, id.to_owned()));
        }
        self.weigh(&made, record)?;
        if !made.is_empty() {
            stream.below = spec.below;
            if let (Some(below), PageUse::Repeat, Some(last)) = (spec.below, spec.page, made.last_mut()) {
                // An empty row keeps the distance: it stands again with the block.
                last.rows.push(in_pixels(below));
                stream.below = Some(Length::ZERO);
            }
        }
        for block in made.iter().filter(|block| block.repeats) {
            // The gap above the first is none: it begins the page.
            let gap = if stream.repeated > Length::ZERO { block.gap } else { Length::ZERO };
            stream.repeated += gap + block.height();
        }
        stream.blocks.append(&mut made);
        Ok(())
    }

    /// The most that may stand above the next block where it begins a page: the rows
    /// that repeat, a running head, the headings that keep with it, and the distances
    /// between them.
    fn most_above(&self, stream: &Stream, next_gap: Length) -> Length {
        let blocks = &stream.blocks;
        let kept = blocks.iter().rev().take_while(|block| block.keep_with_next).count();
        let headings = &blocks[blocks.len() - kept..];
        let height: Length = headings.iter().map(Block::height).sum();
        let between: Length = headings.iter().skip(1).map(|block| block.gap).sum();
        if kept == blocks.len() {
            return height + between + if kept == 0 { Length::ZERO } else { next_gap };
        }
        let head = |goes_on: u8, below: Length| {
            self.running_head(&stream.under, goes_on).map_or(Length::ZERO, |head| head.height() + below)
        };
        let alone = head(u8::MAX, next_gap);
        let headed = headings.first().map_or(Length::ZERO, |first| {
            let above = first.heading.map_or(0, |level| level.saturating_sub(1));
            head(above, first.gap) + height + between + next_gap
        });
        stream.repeated + alone.max(headed)
    }

    /// The small heading of a page that goes on with what stands under these headings down to
    /// a level.
    pub fn running_head(&self, under: &Headings, goes_on: u8) -> Option<Block> {
        let shown = match goes_on {
            6.. => under.clone(),
            level => under.with(level + 1, ""),
        };
        let filled = self.values.fill(&self.template.running_head.text, Record::PLAN, None, &shown);
        if filled.is_empty || filled.words.is_empty() {
            return None;
        }
        let mut block = Builder::new(self.breaker, &self.edges, 1);
        let style = self.template.style("running_head");
        block.cell(at(0, self.whole), &style, Borders::NONE, Content::Text(filled.words), Role::Artifact);
        Some(block.finish(Length::ZERO, under))
    }

    /// What a text says of a record.
    fn words(&self, text: &Text, record: Record<'a>, under: &Headings) -> String {
        self.values.fill(text, record, None, under).words
    }

    /// Takes what blocks weigh from what is left.
    fn weigh(&self, blocks: &[Block], record: Record<'a>) -> Result<(), LayoutError> {
        let Some(rest) = self.left.get().checked_sub(limits::weight(blocks)) else {
            let (row, id) = record.identity();
            return Err(LayoutError::TooLarge { id: id.to_owned(), row });
        };
        self.left.set(rest);
        Ok(())
    }

    /// Whether the columns and Excel's cells hold every text of a block.
    fn texts_held(&self, block: &Block, record: Record<'a>) -> Result<(), LayoutError> {
        let of = |cell: Option<&crate::layout::grid::Cell>| -> (Row, String) {
            let (row, id) = record.identity();
            let own = cell.and_then(crate::layout::grid::Cell::origin).map(|origin| origin.row);
            let named = own.and_then(|row| Some((row, self.id_of(row)?)));
            named.unwrap_or_else(|| (row, id.to_owned()))
        };
        if let Some(at) = block.narrow {
            let (row, id) = of(block.cells.get(at));
            return Err(LayoutError::CellTooNarrow { id, row });
        }
        let Some(cell) = limits::too_long(block) else { return Ok(()) };
        let (row, id) = of(Some(cell));
        Err(LayoutError::TextTooLong { id, row })
    }

    /// The ID in a row of the master.
    fn id_of(&self, row: Row) -> Option<String> {
        let all = Level::ALL.into_iter();
        let mut records = all.flat_map(|level| Record::PLAN.below(level, self.plan, &self.projects, false));
        records.find(|record| record.row() == Some(row)).map(|record| record.identity().1.to_owned())
    }
}

/// The run of blocks that begins at `at`: of records of which level it is printed, and where it
/// ends.
fn deeper(blocks: &[BlockSpec], at: usize, above: Level) -> (Level, usize) {
    let ends = blocks[at..].iter().take_while(|block| block.per != above && block.per.is_within(above));
    let run: Vec<Level> = ends.map(|block| block.per).collect();
    // The highest level that the first of them belongs to and that has blocks of its own.
    let first = blocks[at].per;
    let highest = std::iter::successors(Some(first), |level| level.parent())
        .take_while(|level| *level != above)
        .filter(|level| run.contains(level))
        .last()
        .unwrap_or(first);
    let count = run.iter().take_while(|level| level.is_within(highest)).count();
    (highest, at + count.max(1))
}
