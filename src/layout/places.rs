//! Where in the finished document a part of the plan is printed.
//!
//! A grid knows nothing of the plan, so nothing in it says which project a cell is
//! of. But headings and heads of rows stand in it in the order in which the plan was
//! composed: walking both side by side gives every part its pages. Should they ever
//! not agree, what follows has no page; a wrong page is never given.

use std::collections::HashMap;

use super::grid::{Document, Role};
use super::template::Template;
use crate::plan::{Entry, Plan, Project, Row};

/// The printed page numbers of the plan's parts, by their rows of the master.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Where the part itself is printed, its own place first, then each 再掲 of it.
    all: HashMap<Row, Vec<usize>>,
    /// Where the 目的 of a project is printed.
    purpose: HashMap<Row, Vec<usize>>,
    /// Where the 内容 of a project is printed.
    content: HashMap<Row, Vec<usize>>,
}

/// A heading or the head of a row, and what it is of.
struct Mark {
    role: Role,
    row: Row,
    /// The 再掲, where it is one: it is printed here alone.
    reprint: Option<Row>,
    purpose: Option<Row>,
    content: Option<Row>,
}

impl Places {
    /// The places of `plan` in `document`, which was set from it by `template`.
    pub fn of(document: &Document, plan: &Plan, template: &Template) -> Self {
        let mut places = Self::default();
        let goals = document.sheets.iter().filter_map(|sheet| Some((sheet, sheet.first_page?)));
        for ((sheet, first), marks) in goals.zip(marks(plan, template)) {
            let cells =
                sheet.cells.iter().filter(|cell| matches!(cell.role, Role::Heading(_) | Role::RowHeader));
            for (cell, mark) in cells.zip(marks) {
                if cell.role != mark.role {
                    break;
                }
                let page = first + sheet.page_of(cell.row);
                let add = |to: &mut HashMap<Row, Vec<usize>>, row: Row| {
                    let pages = to.entry(row).or_default();
                    if !pages.contains(&page) {
                        pages.push(page);
                    }
                };
                add(&mut places.all, mark.row);
                mark.reprint.into_iter().for_each(|row| add(&mut places.all, row));
                mark.purpose.into_iter().for_each(|row| add(&mut places.purpose, row));
                mark.content.into_iter().for_each(|row| add(&mut places.content, row));
            }
        }
        places
    }

    /// The pages on which the part of the master's `row` is printed, its own first.
    pub fn pages(&self, row: Row) -> &[usize] {
        self.all.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The pages on which the 目的 of the project of `row` is printed.
    pub fn purpose(&self, row: Row) -> &[usize] {
        self.purpose.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The pages on which the 内容 of the project of `row` is printed.
    pub fn content(&self, row: Row) -> &[usize] {
        self.content.get(&row).map_or(&[], Vec::as_slice)
    }
}

/// The marks of each goal, in the order in which they are composed.
fn marks(plan: &Plan, template: &Template) -> Vec<Vec<Mark>> {
    let show = &template.show;
    let projects: HashMap<&str, &Project> =
        plan.projects().map(|project| (project.id.as_str(), project)).collect();
    let plain = |role: Role, row: Row| Mark { role, row, reprint: None, purpose: None, content: None };
    let mut all = Vec::with_capacity(plan.goals.len());
    for goal in &plan.goals {
        let mut marks = vec![plain(Role::Heading(1), goal.row)];
        if show.goal_indicators {
            marks.extend(goal.indicators.iter().map(|indicator| plain(Role::RowHeader, indicator.row)));
        }
        for field in &goal.fields {
            marks.push(plain(Role::Heading(2), field.row));
            for measure in &field.measures {
                marks.push(plain(Role::Heading(3), measure.row));
                if show.kpi {
                    marks.extend(
                        measure.indicators.iter().map(|indicator| plain(Role::RowHeader, indicator.row)),
                    );
                }
                for entry in &measure.entries {
                    let (project, reprint) = match entry {
                        Entry::Project(project) if show.projects => (project, None),
                        Entry::Reprint(reprint) if show.reprints => match projects.get(reprint.of.as_str()) {
                            Some(project) => (*project, Some(reprint)),
                            None => continue,
                        },
                        _ => continue,
                    };
                    let worded = |own: bool| match (reprint, own) {
                        (Some(reprint), true) => Some(reprint.row),
                        _ => Some(project.row),
                    };
                    marks.push(Mark {
                        role: Role::Heading(4),
                        row: project.row,
                        reprint: reprint.map(|reprint| reprint.row),
                        purpose: worded(reprint.is_some_and(|reprint| reprint.purpose.is_some())),
                        content: worded(reprint.is_some_and(|reprint| reprint.content.is_some())),
                    });
                    marks.extend(
                        project.indicators.iter().map(|indicator| plain(Role::RowHeader, indicator.row)),
                    );
                }
            }
        }
        all.push(marks);
    }
    all
}
