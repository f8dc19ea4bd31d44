//! How wide the columns are.
//!
//! The year columns stand in the same place in all three tables, flush right, so
//! that the eye can run down one column through the whole page. With the years of
//! the template the widths are the template's own; with fewer, the text columns
//! gain; with more, they give way:
//!
//! 1. text columns shrink in proportion, to [`COMFORT`] of their template width;
//! 2. year columns shrink to what their figures need in one line;
//! 3. text columns shrink on, to their longest word; 目的 and 内容 to a width at which
//!    the longest of them does not outgrow a page, if the years can spare it;
//! 4. year columns shrink to their longest word.
//!
//! What does not fit then is an error that says how much is missing.

use super::Length;
use super::template::ColumnWidths;

/// The share of its template width that a text column keeps while year columns can
/// still give way.
const COMFORT: (i64, i64) = (6, 10);

/// From one edge to another, in lengths from the grid's left edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The left edge.
    pub from: Length,
    /// The right edge.
    pub to: Length,
}

impl Span {
    /// How wide it is.
    pub fn width(self) -> Length {
        self.to - self.from
    }

    /// From the left edge of this one to the right edge of the other.
    pub fn through(self, other: Self) -> Self {
        Self { from: self.from, to: other.to }
    }
}

/// The edges of a grid's columns, left to right, from 0 to the whole width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edges(Vec<Length>);

impl Edges {
    /// The union of the edges of `spans`.
    pub fn of(spans: impl Iterator<Item = Span>) -> Self {
        let mut edges: Vec<Length> = spans.flat_map(|span| [span.from, span.to]).collect();
        edges.sort_unstable();
        edges.dedup();
        Self(edges)
    }

    /// The widths of the columns.
    pub fn widths(&self) -> Vec<Length> {
        self.0.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// The first column of a span and how many columns it has.
    pub fn locate(&self, span: Span) -> (usize, usize) {
        let at = |edge: Length| self.0.binary_search(&edge).unwrap_or_else(|next| next);
        (at(span.from), at(span.to).saturating_sub(at(span.from)).max(1))
    }

    /// The first edge at or right of a place; the last where there is none.
    pub fn at_or_after(&self, place: Length) -> Length {
        let found = self.0.iter().find(|edge| **edge >= place).or(self.0.last());
        found.copied().unwrap_or_default()
    }
}

/// The least widths that the plan's own texts allow, with their padding.
#[derive(Debug, Clone, Copy, Default)]
pub struct MinimumWidths {
    /// 数値目標: 項目
    pub goal_item: Length,
    /// 数値目標: 目標
    pub goal_target: Length,
    /// KPI: 項目
    pub kpi_item: Length,
    /// 事業: 名称, 目的 and 内容
    pub project: Length,
    /// 事業: 担当課
    pub department: Length,
    /// 目的 and 内容, so that they fit on a page: wished for, not insisted on.
    pub wording: Length,
    /// 事業量: 項目
    pub project_item: Length,
    /// The widest figure in one line.
    pub figure: Length,
    /// The widest word of a figure.
    pub figure_word: Length,
}

/// The columns of the three tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumns {
    /// Of all three tables.
    pub edges: Edges,
    /// From edge to edge.
    pub whole: Span,
    /// The stacked label at the left of 数値目標 and KPI.
    pub label: Span,
    /// 数値目標: 項目
    pub goal_item: Span,
    /// 数値目標: 目標
    pub goal_target: Span,
    /// KPI: 項目
    pub kpi_item: Span,
    /// 基準値, where shown.
    pub baseline: Option<Span>,
    /// 事業: number and name
    pub project: Span,
    /// 事業: 担当課
    pub department: Span,
    /// The labels （目的） and （内容）
    pub purpose_label: Span,
    /// 目的 and 内容
    pub purpose: Span,
    /// The stacked label 事業量
    pub volume_label: Span,
    /// 事業量: 項目
    pub project_item: Span,
    /// 実績, one for each year.
    pub years: Vec<Span>,
}

/// The years do not fit on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{years}年度分の列が紙面に入りません（必要 {needed_mm} mm、紙面 {room_mm} mm）")]
pub struct TooNarrow {
    /// How many years there are.
    pub years: usize,
    /// The least width of the widest table, in whole millimetres.
    pub needed_mm: i64,
    /// The width there is, in whole millimetres.
    pub room_mm: i64,
}

impl TableColumns {
    /// Solves the widths for `years` year columns in `room`.
    ///
    /// `minimum` is asked only when the template's widths do not fit.
    ///
    /// # Errors
    /// [`TooNarrow`] where even the longest words do not fit.
    pub fn solve(
        widths: &ColumnWidths,
        years: usize,
        baseline: bool,
        room: Length,
        minimum: impl FnOnce() -> MinimumWidths,
    ) -> Result<Self, TooNarrow> {
        let few = years as i64;
        let many = few + i64::from(baseline);
        let tables = [
            Table { fixed: widths.label, figures: many, texts: vec![widths.goal_item, widths.goal_target] },
            Table { fixed: widths.label, figures: many, texts: vec![widths.kpi_item] },
            Table {
                fixed: widths.label,
                figures: few,
                texts: vec![widths.project - widths.department, widths.department, widths.project_item],
            },
        ];
        let fits = |table: &Table| table.text_room(room, widths.year) >= table.texts.iter().sum();
        let (year, floors) = if tables.iter().all(fits) {
            (widths.year, tables.clone().map(|table| vec![Length::ZERO; table.texts.len()]))
        } else {
            Self::give_way(&tables, widths, room, minimum())?
        };
        let [goal, kpi, project] = [0, 1, 2].map(|at| {
            let table: &Table = &tables[at];
            share(table.text_room(room, year), &table.texts, &floors[at])
        });
        Ok(Self::placed(widths, [&goal, &kpi, &project], years, baseline, year, room))
    }

    /// Steps 1 to 4 of the module's text.
    fn give_way(
        tables: &[Table; 3],
        widths: &ColumnWidths,
        room: Length,
        minimum: MinimumWidths,
    ) -> Result<(Length, [Vec<Length>; 3]), TooNarrow> {
        let mm = Length::mm(1.0);
        let up = |length: Length| length.up_to_multiple_of(mm);
        let (department, item) = (up(minimum.department), up(minimum.project_item));
        let spare = tables[2].text_room(room, minimum.figure_word) - department - item;
        let wished = (minimum.wording - department + widths.purpose_label).min(spare);
        let project = up(minimum.project + widths.purpose_label).max(mm * (wished.emu() / mm.emu()));
        let floors = [
            vec![up(minimum.goal_item), up(minimum.goal_target)],
            vec![up(minimum.kpi_item)],
            vec![project, department, item],
        ];
        let comfort = |length: &Length| length.share(COMFORT.0, COMFORT.1);
        // The widest year column that leaves every table its text columns.
        let widest = |wanted: &dyn Fn(usize) -> Length| {
            let each = tables.iter().enumerate().filter(|(_, table)| table.figures > 0);
            each.map(|(at, table)| (room - table.fixed - wanted(at)) / table.figures)
                .min()
                .unwrap_or(widths.year)
        };
        let comfortable = widest(&|at| {
            let texts = tables[at].texts.iter().zip(&floors[at]);
            texts.map(|(text, floor)| comfort(text).max(*floor)).sum()
        });
        let tight = widest(&|at| floors[at].iter().sum());
        let year = comfortable.max(minimum.figure).min(tight).min(widths.year);
        if year < minimum.figure_word {
            let needed = |(at, table): (usize, &Table)| {
                table.fixed + floors[at].iter().sum::<Length>() + minimum.figure_word * table.figures
            };
            let needed = tables.iter().enumerate().map(needed).max().unwrap_or_default();
            return Err(TooNarrow {
                years: tables[2].figures as usize,
                needed_mm: needed.to_mm().ceil() as i64,
                room_mm: room.to_mm().floor() as i64,
            });
        }
        Ok((year, floors))
    }

    fn placed(
        widths: &ColumnWidths,
        [goal, kpi, project]: [&[Length]; 3],
        years: usize,
        baseline: bool,
        year: Length,
        room: Length,
    ) -> Self {
        let after = |span: Span, width: Length| Span { from: span.to, to: span.to + width };
        let label = Span { from: Length::ZERO, to: widths.label };
        let first_year = room - year * years as i64;
        let year_at = |at: i64| Span { from: first_year + year * at, to: first_year + year * (at + 1) };
        let part = |parts: &[Length], at: usize| parts.get(at).copied().unwrap_or_default();

        let goal_item = after(label, part(goal, 0));
        let name = Span { from: Length::ZERO, to: part(project, 0) };
        let department = after(name, part(project, 1));
        let volume_label = after(department, widths.label);
        let purpose_label = Span { from: Length::ZERO, to: widths.purpose_label };
        let mut columns = Self {
            edges: Edges(Vec::new()),
            whole: Span { from: Length::ZERO, to: room },
            label,
            goal_item,
            goal_target: after(goal_item, part(goal, 1)),
            kpi_item: after(label, part(kpi, 0)),
            baseline: baseline.then(|| year_at(-1)),
            project: name,
            department,
            purpose_label,
            purpose: Span { from: purpose_label.to, to: department.to },
            volume_label,
            project_item: after(volume_label, part(project, 2)),
            years: (0..years as i64).map(year_at).collect(),
        };
        columns.edges = Edges::of(columns.spans());
        columns
    }

    fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        [
            self.whole,
            self.label,
            self.goal_item,
            self.goal_target,
            self.kpi_item,
            self.project,
            self.department,
            self.purpose_label,
            self.purpose,
            self.volume_label,
            self.project_item,
        ]
        .into_iter()
        .chain(self.baseline)
        .chain(self.years.iter().copied())
    }
}

/// What one table asks of the page's width.
#[derive(Debug, Clone)]
struct Table {
    fixed: Length,
    figures: i64,
    texts: Vec<Length>,
}

impl Table {
    fn text_room(&self, room: Length, year: Length) -> Length {
        room - self.fixed - year * self.figures
    }
}

/// Shares `room` in proportion to `weights`, none below its floor, in whole
/// millimetres but for the last: so that edges of different tables either meet or
/// stand a visible distance apart.
fn share(room: Length, weights: &[Length], floors: &[Length]) -> Vec<Length> {
    let mut parts = vec![None; weights.len()];
    loop {
        let taken: Length = parts.iter().flatten().sum();
        let open: Length =
            weights.iter().zip(&parts).filter(|(_, part)| part.is_none()).map(|(w, _)| *w).sum();
        let rest = room - taken;
        let fair = |weight: Length| rest.share(weight.emu(), open.emu());
        let low = (0..weights.len()).find(|at| parts[*at].is_none() && fair(weights[*at]) < floors[*at]);
        match low {
            Some(at) => parts[at] = Some(floors[at]),
            None => {
                let mut parts: Vec<Length> = parts
                    .iter()
                    .zip(weights)
                    .map(|(part, weight)| part.unwrap_or_else(|| fair(*weight)))
                    .collect();
                let mm = Length::mm(1.0);
                let last = parts.len().saturating_sub(1);
                for part in parts.iter_mut().take(last) {
                    *part = mm * (part.emu() / mm.emu());
                }
                let others: Length = parts.iter().take(last).sum();
                if let Some(part) = parts.last_mut() {
                    *part = room - others;
                }
                return parts;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::layout::template::Template;

    fn solve(years: usize, minimum: MinimumWidths) -> Result<TableColumns, TooNarrow> {
        TableColumns::solve(&Template::official().columns, years, true, Length::mm(273.0), || minimum)
    }

    /// Needs like those of the real plan.
    fn real() -> MinimumWidths {
        let mm = Length::mm;
        MinimumWidths {
            goal_item: mm(18.0),
            goal_target: mm(18.0),
            kpi_item: mm(30.0),
            project: mm(25.0),
            department: mm(12.0),
            wording: mm(25.0),
            project_item: mm(20.0),
            figure: mm(18.6),
            figure_word: mm(13.0),
        }
    }

    fn mm(span: Span) -> (f64, f64) {
        (span.from.to_mm(), span.to.to_mm())
    }

    #[test]
    fn four_years_stand_as_in_the_official_layout() {
        let columns = solve(4, MinimumWidths::default()).unwrap();
        assert_eq!(mm(columns.goal_item), (7.0, 95.0));
        assert_eq!(mm(columns.goal_target), (95.0, 178.0));
        assert_eq!(mm(columns.kpi_item), (7.0, 178.0));
        assert_eq!(mm(columns.baseline.unwrap()), (178.0, 197.0));
        assert_eq!(mm(columns.department), (95.0, 132.0));
        assert_eq!(mm(columns.project_item), (139.0, 197.0));
        assert_eq!(
            columns.years.iter().map(|y| y.to.to_mm()).collect::<Vec<_>>(),
            [216.0, 235.0, 254.0, 273.0]
        );
        assert_eq!(columns.edges.locate(columns.whole), (0, columns.edges.widths().len()));
    }

    #[test]
    fn ten_years_fit_and_fill_the_page() {
        let columns = solve(10, real()).unwrap();
        assert_eq!(columns.years.len(), 10);
        assert_eq!(columns.edges.widths().iter().sum::<Length>(), Length::mm(273.0));
        assert!(columns.project.width() >= real().project && columns.goal_item.width() >= real().goal_item);
        assert!(columns.edges.widths().iter().all(|width| *width >= Length::mm(0.2)));
    }

    #[test]
    fn one_year_gives_its_room_to_the_texts() {
        let columns = solve(1, real()).unwrap();
        assert_eq!(columns.years[0].width(), Length::mm(19.0));
        assert!(columns.kpi_item.width() > Length::mm(171.0));
    }

    /// Years give way to a long 目的 as far as their figures can be broken, no further.
    #[test]
    fn a_long_wording_is_given_room_by_the_years() {
        let wide = |wording: f64| {
            let columns = solve(10, MinimumWidths { wording: Length::mm(wording), ..real() }).unwrap();
            (columns.purpose.width().to_mm(), columns.years[0].width().to_mm())
        };
        let (plain, year) = wide(0.0);
        assert!(plain < 70.0 && wide(plain + 20.0).0 >= plain + 20.0);
        assert!(wide(plain + 20.0).1 < year);
        assert!((13.0..14.0).contains(&wide(900.0).1), "what cannot be granted is no reason to refuse");
    }

    #[test]
    fn too_many_years_say_what_is_missing() {
        let error = solve(20, real()).unwrap_err();
        assert_eq!(error.to_string(), "20年度分の列が紙面に入りません（必要 337 mm、紙面 273 mm）");
    }
}
