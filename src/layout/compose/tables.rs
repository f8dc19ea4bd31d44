//! The tables: 数値目標, KPI, and the block of a 事業 with its 事業量.

use std::ops::Range;

use super::{Composer, Shown, heading, text};
use crate::layout::block::{At, Block, Builder, Need, Under, at, raise};
use crate::layout::columns::Span;
use crate::layout::grid::{Borders, Content, Role, Table, TableKind};
use crate::layout::template::fill;
use crate::layout::{Length, Origin, Part};
use crate::plan::{Goal, Indicator, Measure, Value};

impl Composer<'_> {
    /// 「数値目標」
    pub(super) fn goal_indicators(&self, goal: &Goal) -> Block {
        let (styles, labels, columns) = (&self.template.style, &self.template.labels, &self.columns);
        let mut block = self.builder(2 + goal.indicators.len());
        let all = block_rows(&goal.indicators, 2);
        block.cell(
            at(0, columns.label).down(all),
            &styles.label,
            Borders::ALL,
            stacked(&labels.goal_indicators),
            Role::Caption,
        );
        let head = |block: &mut Builder<'_>, row, rows, span, label: &str| {
            block.cell(
                at(row, span).down(rows),
                &styles.header,
                Borders::ALL,
                text(label),
                Role::ColumnHeader,
            );
        };
        head(&mut block, 0, 2, columns.goal_item, &labels.item);
        head(&mut block, 0, 2, columns.goal_target, &labels.target);
        let figures = columns.baseline.iter().chain(&columns.years);
        if let (Some(first), Some(last)) = (figures.clone().next(), figures.clone().last()) {
            head(&mut block, 0, 1, first.through(*last), &labels.comparison);
        }
        self.figure_heads(&mut block, 1, true);
        for (row, indicator) in (2..).zip(&goal.indicators) {
            let name = heading(&labels.indicator, &indicator.number, &indicator.name);
            let origin = Origin::name(indicator.row);
            self.row_head(&mut block, at(row, columns.goal_item), &name, origin);
            let target = at(row, columns.goal_target);
            block.cell(target, &styles.target, Borders::ALL, text(&indicator.target), Role::Data).origin =
                Some(origin.part(Part::Target));
            self.figures(&mut block, row, indicator, true, origin);
        }
        let summary = format!("{}の数値目標", self.goal_heading(goal));
        self.table(block, self.template.gaps.table, &Under::default(), TableKind::GoalIndicators, summary, 2)
    }

    /// 「KPI」
    pub(super) fn measure_indicators(&self, measure: &Measure, under: &Under) -> Block {
        let (styles, labels, columns) = (&self.template.style, &self.template.labels, &self.columns);
        let mut block = self.builder(1 + measure.indicators.len());
        let all = block_rows(&measure.indicators, 1);
        block.cell(
            at(0, columns.label).down(all),
            &styles.label,
            Borders::ALL,
            stacked(&labels.kpi),
            Role::Caption,
        );
        block.cell(
            at(0, columns.kpi_item),
            &styles.header,
            Borders::ALL,
            text(&labels.item),
            Role::ColumnHeader,
        );
        self.figure_heads(&mut block, 0, true);
        for (row, indicator) in (1..).zip(&measure.indicators) {
            let mut name = heading(&labels.indicator, &indicator.number, &indicator.name);
            if !indicator.target.is_empty() {
                name.push_str(&fill(&labels.kpi_target, &[("target", &indicator.target)]));
            }
            let origin = Origin::name(indicator.row);
            self.row_head(&mut block, at(row, columns.kpi_item), &name, origin);
            self.figures(&mut block, row, indicator, true, origin);
        }
        let summary = format!("{}のKPI", under.measure);
        self.table(block, self.template.gaps.table, under, TableKind::MeasureIndicators, summary, 1)
    }

    /// The block of a project with these of its figures.
    ///
    /// 目的 and 内容 stand beside the rows of figures and share them in the way that
    /// makes the block least tall.
    pub(super) fn project(
        &self,
        shown: &Shown<'_>,
        indicators: &[Indicator],
        first: bool,
        under: &Under,
    ) -> Block {
        let show = &self.template.show;
        // 目的 and 内容 stand one below the other, whatever the template thinks enough.
        let wording = if first && show.content && !shown.content.is_empty() { 2 } else { 1 };
        let body = indicators.len().max(show.least_project_rows).max(wording);
        let block = self.project_cells(shown, indicators, first, body, 1);
        let purpose_rows = purpose_rows(block.needs(), body);
        let block = match purpose_rows {
            1 => block,
            more => self.project_cells(shown, indicators, first, body, more),
        };
        let summary = format!("{}の事業量", shown.project.name);
        let gap = self.template.gaps.table;
        let mut block = self.table(block, gap, under, TableKind::ProjectIndicators, summary, 0);
        if indicators.is_empty() {
            block.table = None;
            for cell in &mut block.cells {
                cell.table = None;
                if cell.role == Role::ColumnHeader {
                    cell.role = Role::Artifact;
                }
            }
        }
        block
    }

    /// The cells of a project; 目的 stands beside the first `purpose_rows` of its rows.
    fn project_cells(
        &self,
        shown: &Shown<'_>,
        indicators: &[Indicator],
        first: bool,
        body: usize,
        purpose_rows: usize,
    ) -> Builder<'_> {
        let (styles, labels, columns) = (&self.template.style, &self.template.labels, &self.columns);
        let mut block = self.builder(1 + body);

        let continued = if first { "" } else { labels.continued.as_str() };
        let name = heading(&labels.project, shown.number, &shown.project.name);
        let name = format!("{name}{}{continued}", shown.mark);
        let role = if first { Role::Heading(4) } else { Role::Artifact };
        let edges = Borders { right: false, ..Borders::ALL };
        let origin = |part: Part| Some(shown.origin(part)).filter(|_| first);
        block.cell(at(0, columns.project), &styles.project, edges, text(&name), role).origin =
            origin(Part::Name);
        let department = match shown.project.department.as_str() {
            "" => Content::Empty,
            name => text(&fill(&labels.department, &[("department", name)])),
        };
        let role = if first && department != Content::Empty { Role::Paragraph } else { Role::Artifact };
        let edges = Borders { left: false, ..Borders::ALL };
        block.cell(at(0, columns.department), &styles.department, edges, department, role).origin =
            origin(Part::Department);
        self.wording(&mut block, shown, first, body, purpose_rows);

        let listed = |role: Role| if indicators.is_empty() { Role::Artifact } else { role };
        let label = at(0, columns.volume_label).down(1 + body);
        block.cell(label, &styles.label, Borders::ALL, stacked(&labels.volume), listed(Role::Caption));
        let item = at(0, columns.project_item);
        block.cell(item, &styles.header, Borders::ALL, text(&labels.item), listed(Role::ColumnHeader));
        self.figure_heads(&mut block, 0, false);
        for (row, indicator) in (1..).zip(indicators) {
            let origin = Origin { row: indicator.row, ..shown.origin(Part::Name) };
            self.row_head(&mut block, at(row, columns.project_item), &indicator.name, origin);
            self.figures(&mut block, row, indicator, false, origin);
        }
        for row in 1 + indicators.len()..1 + body {
            for span in std::iter::once(&columns.project_item).chain(&columns.years) {
                block.cell(at(row, *span), &styles.value, Borders::ALL, Content::Empty, Role::Artifact);
            }
        }
        block
    }

    /// 目的 and 内容, beside the rows of figures.
    fn wording(
        &self,
        block: &mut Builder<'_>,
        shown: &Shown<'_>,
        first: bool,
        body: usize,
        purpose_rows: usize,
    ) {
        let (show, styles, labels) = (&self.template.show, &self.template.style, &self.template.labels);
        let parts = [
            (Part::Purpose, show.purpose, &labels.purpose, shown.purpose, 1, purpose_rows),
            (
                Part::Content,
                show.content,
                &labels.content,
                shown.content,
                1 + purpose_rows,
                body - purpose_rows,
            ),
        ];
        for (origin, is_shown, label, wording, row, rows) in parts {
            if rows == 0 {
                continue;
            }
            let bottom = row + rows == 1 + body;
            let says = first && is_shown && !wording.is_empty();
            let content = |wording: &str| if says { text(wording) } else { Content::Empty };
            let role = |role: Role| if says { role } else { Role::Artifact };
            let left = Borders { left: true, bottom, ..Borders::NONE };
            let right = Borders { right: true, bottom, ..Borders::NONE };
            let label_at = at(row, self.columns.purpose_label).down(rows);
            block.cell(label_at, &styles.purpose_label, left, content(label), role(Role::Label));
            let wording_at = at(row, self.columns.purpose).down(rows);
            block.cell(wording_at, &styles.purpose, right, content(wording), role(Role::Paragraph)).origin =
                Some(shown.origin(origin)).filter(|_| first);
        }
    }

    /// The heads of 基準値 and the years.
    fn figure_heads(&self, block: &mut Builder<'_>, row: usize, baseline: bool) {
        let header = &self.template.style.header;
        if let Some(span) = self.columns.baseline.filter(|_| baseline) {
            let label = text(&self.template.labels.baseline);
            block.cell(at(row, span), header, Borders::ALL, label, Role::ColumnHeader);
        }
        for (span, label) in self.columns.years.iter().zip(&self.year_labels) {
            block.cell(at(row, *span), header, Borders::ALL, text(label), Role::ColumnHeader);
        }
    }

    /// The name of an indicator, at the head of its row.
    fn row_head(&self, block: &mut Builder<'_>, at: At, name: &str, origin: Origin) {
        let style = &self.template.style.item;
        block.cell(at, style, Borders::ALL, text(name), Role::RowHeader).origin = Some(origin);
    }

    /// 基準値 and 実績 of one indicator, whose name comes from `origin`.
    fn figures(
        &self,
        block: &mut Builder<'_>,
        row: usize,
        indicator: &Indicator,
        baseline: bool,
        origin: Origin,
    ) {
        let mut figure = |span: Span, value: &Value, part: Part| {
            let (style, value) = (&self.template.style.value, Content::Value(value.clone()));
            block.cell(at(row, span), style, Borders::ALL, value, Role::Data).origin =
                Some(origin.part(part));
        };
        if let Some(span) = self.columns.baseline.filter(|_| baseline) {
            figure(span, &indicator.baseline, Part::Baseline);
        }
        for ((span, actual), year) in self.columns.years.iter().zip(&indicator.actuals).zip(self.years) {
            figure(*span, actual, Part::Actual(*year));
        }
    }

    /// Finishes a block that holds a table.
    fn table(
        &self,
        block: Builder<'_>,
        gap: Length,
        under: &Under,
        kind: TableKind,
        summary: String,
        head_rows: usize,
    ) -> Block {
        let mut block = block.finish(gap, under);
        block.table = Some(Table { kind, summary });
        block.head_rows = head_rows;
        for cell in &mut block.cells {
            if matches!(cell.role, Role::Caption | Role::ColumnHeader | Role::RowHeader | Role::Data) {
                cell.table = Some(0);
            }
        }
        block
    }
}

/// Of which cells of a project [`Composer::wording`] makes 目的 and 内容, each a label and a
/// text, behind those of its name and its department.
const WORDING: Range<usize> = 2..6;

/// Beside how many of a project's rows 目的 stands, so that the block is least tall.
/// `needs` are those of its cells where it stands beside one.
fn purpose_rows(needs: &[Need], body: usize) -> usize {
    if body < 2 {
        return 1;
    }
    // Only those of several rows, and the words, stand otherwise each time.
    let (before, rest) = needs.split_at(WORDING.start);
    let (wording, after) = rest.split_at(WORDING.len());
    let (single, spanning): (Vec<Need>, Vec<Need>) =
        before.iter().chain(after).partition(|need| need.row_span == 1);
    let mut least = vec![Length::ZERO; 1 + body];
    raise(&mut least, single);
    let mut best: Option<(Length, usize)> = None;
    for purpose_rows in 1..body {
        let placed = wording.iter().zip(0..).map(|(need, at)| match at {
            0 | 1 => Need { row: 1, row_span: purpose_rows, ..*need },
            _ => Need { row: 1 + purpose_rows, row_span: body - purpose_rows, ..*need },
        });
        let mut rows = least.clone();
        raise(&mut rows, spanning.iter().copied().chain(placed).collect());
        let height: Length = rows.iter().sum();
        if best.is_none_or(|(least, _)| height < least) {
            best = Some((height, purpose_rows));
            // Enough of the search where nothing is to be gained.
            if rows.iter().min() == rows.iter().max() {
                break;
            }
        }
    }
    best.map_or(1, |(_, rows)| rows)
}

/// How many rows a table has, head and body.
fn block_rows(indicators: &[Indicator], head: usize) -> usize {
    head + indicators.len()
}

fn stacked(text: &str) -> Content {
    Content::Stacked(text.to_owned())
}
