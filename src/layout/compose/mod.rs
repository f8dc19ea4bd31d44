//! From the plan to blocks: what the document says, table by table.
//!
//! The only part of the layout that knows what a KPI is. It reads like the printed
//! page: the opening of a goal, its 数値目標, then for each 分野 and 施策 the heading,
//! the KPI and the projects.

mod minimum_widths;
mod tables;

use std::collections::HashMap;
use std::ops::Range;

use crate::layout::block::{Block, Builder, Under, at};
use crate::layout::columns::{Span, TableColumns, TooNarrow};
use crate::layout::grid::{Borders, Content, PageFrame, Role};
use crate::layout::template::{StyleSpec, Template, fill};
use crate::layout::text::Breaker;
use crate::layout::{LayoutError, Length, Options, Origin, Part, limits};
use crate::plan::{Entry, Field, FiscalYear, Goal, Indicator, Measure, Plan, Project, Reprint, Row};
use crate::settings::Settings;

/// Turns a plan into blocks.
pub struct Composer<'a> {
    settings: &'a Settings,
    template: &'a Template,
    breaker: &'a Breaker<'a>,
    options: &'a Options,
    columns: TableColumns,
    projects: HashMap<&'a str, &'a Project>,
    years: &'a [FiscalYear],
    year_labels: Vec<String>,
}

/// The opening of a goal and what follows it.
pub struct Composed {
    /// In order; the first is the opening.
    pub blocks: Vec<Block>,
    /// The rows of the opening that stand again on every later page: the band.
    pub repeat: Range<usize>,
}

/// What a project's block shows, whether it is the project's own place or a reprint.
struct Shown<'p> {
    project: &'p Project,
    reprint: Option<&'p Reprint>,
    number: &'p str,
    mark: &'p str,
    purpose: &'p str,
    content: &'p str,
}

impl Shown<'_> {
    /// The row that stands here.
    fn row(&self) -> Row {
        self.reprint.map_or(self.project.row, |reprint| reprint.row)
    }

    /// Where a part of the block comes from. What a 再掲 words itself is its own.
    fn origin(&self, part: Part) -> Origin {
        let is_own = |reprint: &&Reprint| match part {
            Part::Purpose => reprint.purpose.is_some(),
            Part::Content => reprint.content.is_some(),
            _ => false,
        };
        let row = self.reprint.filter(is_own).map_or(self.project.row, |reprint| reprint.row);
        Origin { row, part, reprint: self.reprint.map(|reprint| reprint.row) }
    }
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
        let year_labels: Vec<String> = plan
            .years
            .iter()
            .map(|year| {
                let (short, long) = (year.to_string(), year.long());
                fill(&template.labels.year, &[("year", &short), ("year_long", &long)])
            })
            .collect();
        let columns = TableColumns::solve(
            &template.columns,
            plan.years.len(),
            template.show.baseline,
            page.body_width(),
            || minimum_widths::minimum_widths(plan, template, breaker, &year_labels, page.body_height()),
        )?;
        let projects = plan.projects().map(|project| (project.id.as_str(), project)).collect();
        let years = &plan.years;
        Ok(Self { settings, template, breaker, options, columns, projects, years, year_labels })
    }

    /// The columns of every sheet.
    pub fn columns(&self) -> &TableColumns {
        &self.columns
    }

    /// The blocks of one goal, none too tall for a page with `room` for rows.
    ///
    /// # Errors
    /// [`LayoutError::TooTall`] for a project whose 目的 and 内容 alone are taller,
    /// [`LayoutError::NameTooTall`] for a heading or a row of a table that is.
    /// [`LayoutError::TooLarge`] where the blocks weigh more than what is `left`.
    pub fn goal(&self, goal: &Goal, room: Length, left: &mut usize) -> Result<Composed, LayoutError> {
        let show = &self.template.show;
        let (opening, repeat) = self.opening(goal);
        if opening.height() > room {
            return Err(LayoutError::NameTooTall { id: goal.id.clone(), row: goal.row });
        }
        texts_held(&opening, &[], goal.row, &goal.id)?;
        let mut blocks = vec![opening];
        let limit = |blocks: &[Block], under: &Under| room - self.most_above(blocks, repeat.clone(), under);
        if show.goal_indicators && !goal.indicators.is_empty() {
            let table = self.goal_indicators(goal);
            rows_fit(&table, &goal.indicators, limit(&blocks, &Under::default()))?;
            blocks.push(table);
            weigh(&blocks, left, goal.row, &goal.id)?;
        }
        for field in &goal.fields {
            let mut under = Under { field: self.field_heading(field), measure: String::new() };
            let heading = self.heading(&under.field, &self.template.style.field, 2, field.row, &under);
            push_heading(&mut blocks, heading, limit, field.row, &field.id)?;
            for measure in &field.measures {
                under.measure = self.measure_heading(measure);
                let style = &self.template.style.measure;
                let heading = self.heading(&under.measure, style, 3, measure.row, &under);
                push_heading(&mut blocks, heading, limit, measure.row, &measure.id)?;
                if show.kpi && !measure.indicators.is_empty() {
                    let table = self.measure_indicators(measure, &under);
                    rows_fit(&table, &measure.indicators, limit(&blocks, &under))?;
                    blocks.push(table);
                    weigh(&blocks[blocks.len() - 1..], left, measure.row, &measure.id)?;
                }
                for entry in &measure.entries {
                    let limit = limit(&blocks, &under);
                    let of_entry = self.entry(entry, &under, limit)?;
                    weigh(&of_entry, left, measure.row, &measure.id)?;
                    blocks.extend(of_entry);
                }
            }
        }
        self.set_gaps_below_headings(&mut blocks);
        Ok(Composed { blocks, repeat })
    }

    /// The most that may stand above the next block where it begins a page: the rows
    /// that repeat, a running head, the headings that keep with it, and the distances
    /// between them.
    fn most_above(&self, blocks: &[Block], repeat: Range<usize>, under: &Under) -> Length {
        let kept = blocks.iter().rev().take_while(|block| block.keep_with_next).count();
        let headings = &blocks[blocks.len() - kept..];
        let height: Length = headings.iter().map(Block::height).sum();
        let between = gap(self.template.gaps.heading);
        if kept == blocks.len() {
            // The opening brings its own distance to what follows.
            return height + between * (kept as i64 - 1);
        }
        let head = |goes_on: bool, below: Length| {
            self.running_head(under, goes_on).map_or(Length::ZERO, |head| head.height() + below)
        };
        let repeated: Length = blocks[0].rows[repeat].iter().sum();
        let alone = head(true, gap(self.template.gaps.table));
        let headed = match headings.first() {
            None => Length::ZERO,
            Some(first) if first.heading_level() == Some(2) => height + between * kept as i64,
            Some(first) => head(false, first.gap) + height + between * kept as i64,
        };
        repeated + alone.max(headed)
    }

    /// 「基本目標－１　…」
    pub fn goal_heading(&self, goal: &Goal) -> String {
        heading(&self.template.labels.goal, &goal.number, &goal.name)
    }

    /// 「（ア）…」
    fn field_heading(&self, field: &Field) -> String {
        heading(&self.template.labels.field, &field.number, &field.name)
    }

    /// 「① …」
    fn measure_heading(&self, measure: &Measure) -> String {
        heading(&self.template.labels.measure, &measure.number, &measure.name)
    }

    /// The title at the head of every goal, marked where the document is a draft.
    pub fn title(&self) -> String {
        let draft = if self.options.draft { self.template.labels.draft.as_str() } else { "" };
        format!("{}{draft}", self.settings.plan.title)
    }

    /// A new builder for this document's columns.
    fn builder(&self, rows: usize) -> Builder<'_> {
        Builder::new(self.breaker, &self.columns.edges, rows)
    }

    /// Document number, title, and the band of the goal.
    fn opening(&self, goal: &Goal) -> (Block, Range<usize>) {
        let styles = &self.template.style;
        let number = &self.settings.document.number;
        let note = &self.options.note;
        let above = usize::from(!(number.is_empty() && note.is_empty()));
        let (title, band) = (above, above + 1);
        let whole = self.columns.whole;
        let mut block = self.builder(above + 2);
        if above == 1 {
            let box_width = self.template.columns.year.min(whole.width());
            let right = self.columns.years.last().copied();
            let right = right.unwrap_or(Span { from: whole.to - box_width, to: whole.to });
            let left = Span { from: whole.from, to: right.from };
            if !note.is_empty() {
                block.cell(at(0, left), &styles.note, Borders::NONE, text(note), Role::Paragraph);
            }
            if !number.is_empty() {
                block.cell(
                    at(0, right),
                    &styles.document_number,
                    Borders::ALL,
                    text(number),
                    Role::Paragraph,
                );
            }
        }
        block.cell(at(title, whole), &styles.title, Borders::NONE, text(&self.title()), Role::Title);
        let heading = self.goal_heading(goal);
        let band_cell = at(band, whole);
        block.cell(band_cell, &styles.band, Borders::NONE, text(&heading), Role::Heading(1)).origin =
            Some(Origin::name(goal.row));
        let mut block = block.finish(Length::ZERO, &Under::default());
        // Empty rows keep the distances: a workbook has no other way to say them.
        block.rows.insert(band, gap(self.template.gaps.title));
        block.rows.push(gap(self.template.gaps.band));
        for cell in block.cells.iter_mut().filter(|cell| cell.row == band) {
            cell.row += 1;
        }
        block.keep_with_next = true;
        (block, band + 1..band + 3)
    }

    fn heading(&self, heading: &str, style: &StyleSpec, level: u8, row: Row, under: &Under) -> Block {
        let mut block = self.builder(1);
        let whole = at(0, self.columns.whole);
        block.cell(whole, style, Borders::NONE, text(heading), Role::Heading(level)).origin =
            Some(Origin::name(row));
        let mut block = block.finish(self.template.gaps.section, under);
        block.keep_with_next = true;
        block
    }

    /// The block after a heading stands close to it; the opening brings its own distance.
    fn set_gaps_below_headings(&self, blocks: &mut [Block]) {
        for at in 1..blocks.len() {
            if at == 1 {
                blocks[at].gap = Length::ZERO;
            } else if blocks[at - 1].keep_with_next {
                blocks[at].gap = gap(self.template.gaps.heading);
            }
        }
    }

    /// A project or a reprint; in several blocks where one would not fit on a page.
    fn entry(&self, entry: &Entry, under: &Under, limit: Length) -> Result<Vec<Block>, LayoutError> {
        let show = &self.template.show;
        let labels = &self.template.labels;
        let shown = match entry {
            Entry::Project(project) if show.projects => Shown {
                project,
                reprint: None,
                number: if project.number.is_empty() { &labels.no_number } else { &project.number },
                mark: if project.is_new { &labels.new } else { "" },
                purpose: &project.purpose,
                content: &project.content,
            },
            Entry::Reprint(reprint) if show.reprints => match self.reprinted(reprint) {
                Some(shown) => shown,
                None => return Ok(Vec::new()),
            },
            _ => return Ok(Vec::new()),
        };
        let mut blocks = Vec::new();
        let mut rest = shown.project.indicators.as_slice();
        loop {
            let first = blocks.is_empty();
            let mut taken = rest.len().min(self.most_rows(limit));
            let mut block = self.project(&shown, rest, first, under);
            while block.height() > limit && taken > 1 {
                // Rows are of like height: one guess and a few steps find the most that fit.
                let fair = (taken as i64 * limit.emu().max(0) / block.height().emu().max(1)) as usize;
                taken = fair.clamp(1, taken - 1);
                block = self.project(&shown, &rest[..taken], first, under);
            }
            let row = shown.row();
            texts_held(&block, &[], row, &shown.project.id)?;
            if block.height() > limit {
                return Err(LayoutError::TooTall { id: shown.project.id.clone(), row });
            }
            blocks.push(block);
            rest = &rest[taken..];
            if rest.is_empty() {
                return Ok(blocks);
            }
        }
    }

    /// More rows of figures than this a page does not hold: no more are tried.
    fn most_rows(&self, limit: Length) -> usize {
        const AT_LEAST: usize = 200;
        let style = &self.template.style.item;
        let row = style.with(Borders::NONE).leading + style.space() * 2;
        (limit.emu().max(0) / row.emu().max(1)).unsigned_abs().max(AT_LEAST as u64) as usize
    }

    fn reprinted<'p>(&'p self, reprint: &'p Reprint) -> Option<Shown<'p>> {
        let project = *self.projects.get(reprint.of.as_str())?;
        Some(Shown {
            project,
            reprint: Some(reprint),
            number: &self.template.labels.no_number,
            mark: &self.template.labels.reprint,
            purpose: reprint.purpose.as_deref().unwrap_or(&project.purpose),
            content: reprint.content.as_deref().unwrap_or(&project.content),
        })
    }

    /// The small heading of a page that goes on with a 分野 or 施策.
    pub fn running_head(&self, under: &Under, measure_goes_on: bool) -> Option<Block> {
        if !self.template.show.running_head || under.field.is_empty() {
            return None;
        }
        let continued = &self.template.labels.continued;
        let words = match measure_goes_on && !under.measure.is_empty() {
            true => format!("{}　{}{continued}", under.field, under.measure),
            false => format!("{}{continued}", under.field),
        };
        let mut block = self.builder(1);
        let whole = at(0, self.columns.whole);
        block.cell(whole, &self.template.style.running_head, Borders::NONE, text(&words), Role::Artifact);
        Some(block.finish(Length::ZERO, under))
    }
}

/// Adds a heading. One before it that heads nothing is not kept with it: a page may
/// end with such a heading, for it is parted from nothing.
fn push_heading(
    blocks: &mut Vec<Block>,
    heading: Block,
    limit: impl Fn(&[Block], &Under) -> Length,
    row: Row,
    id: &str,
) -> Result<(), LayoutError> {
    if let Some(last) = blocks.last_mut()
        && last.heading_level().is_some_and(|level| heading.heading_level() <= Some(level))
    {
        last.keep_with_next = false;
    }
    texts_held(&heading, &[], row, id)?;
    if heading.height() > limit(blocks, &heading.under) {
        return Err(LayoutError::NameTooTall { id: id.to_owned(), row });
    }
    blocks.push(heading);
    Ok(())
}

/// Whether each row of a table fits on a page together with the table's head.
fn rows_fit(table: &Block, indicators: &[Indicator], limit: Length) -> Result<(), LayoutError> {
    if let Some(first) = indicators.first() {
        texts_held(table, indicators, first.row, &first.id)?;
    }
    let head: Length = table.rows.iter().take(table.head_rows).sum();
    let mut rows = table.rows.iter().skip(table.head_rows).zip(indicators);
    match rows.find(|(height, _)| head + **height > limit) {
        Some((_, tall)) => Err(LayoutError::NameTooTall { id: tall.id.clone(), row: tall.row }),
        None => Ok(()),
    }
}

/// Takes what blocks weigh from what is left.
fn weigh(blocks: &[Block], left: &mut usize, row: Row, id: &str) -> Result<(), LayoutError> {
    let rest = left.checked_sub(limits::weight(blocks));
    *left = rest.ok_or_else(|| LayoutError::TooLarge { id: id.to_owned(), row })?;
    Ok(())
}

/// Whether the columns and Excel's cells hold every text of a block. A text in the row of an indicator is
/// that indicator's, any other that of `id`.
fn texts_held(block: &Block, indicators: &[Indicator], row: Row, id: &str) -> Result<(), LayoutError> {
    let of = |at: usize| {
        let of = at.checked_sub(block.head_rows).and_then(|at| indicators.get(at));
        of.map_or((row, id.to_owned()), |indicator| (indicator.row, indicator.id.clone()))
    };
    if let Some(at) = block.narrow {
        let (row, id) = of(at);
        return Err(LayoutError::CellTooNarrow { id, row });
    }
    let Some(cell) = limits::too_long(block) else { return Ok(()) };
    let (row, id) = of(cell.row);
    Err(LayoutError::TextTooLong { id, row })
}

fn gap(length: Length) -> Length {
    length.up_to_multiple_of(Length::pt(0.75))
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

/// A label with `{number}` and `{name}`; without stray blanks where one is empty.
fn heading(label: &str, number: &str, name: &str) -> String {
    let wide: String = number.chars().map(wide_digit).collect();
    fill(label, &[("number", number), ("number_wide", &wide), ("name", name)])
        .trim_matches(|c: char| c == ' ' || c == '　')
        .to_owned()
}

fn wide_digit(c: char) -> char {
    match c {
        '0'..='9' => char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap_or(c),
        _ => c,
    }
}
