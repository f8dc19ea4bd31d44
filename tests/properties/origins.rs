//! Where cells come from, held against the plan: every row that the template shows has
//! its cells and its pages, and a cell says what its row says.

use std::collections::BTreeMap;

use jisseki::layout::grid::{Cell, Content, Role};
use jisseki::layout::{Origin, PageIndex, Part};
use jisseki::plan::{Entry, Indicator, Project, Reprint, Row};

use crate::plans::{Set, Shown};

/// The cells of the numbered pages that have an origin, in order, with their pages.
fn cells(set: &Set) -> Vec<(Origin, &Cell, usize)> {
    let mut all = Vec::new();
    for sheet in &set.document.sheets {
        let Some(first) = sheet.first_page else { continue };
        for cell in &sheet.cells {
            all.extend(cell.origin().map(|origin| (origin, cell, first + super::page(sheet, cell.row))));
        }
    }
    all
}

/// What the plan says of each cell that should have an origin, in printed order.
struct Expected<'a> {
    set: &'a Set,
    said: Vec<(Origin, Says<'a>)>,
}

enum Says<'a> {
    /// A heading or the head of a row, with a number and marks around the name.
    Name(&'a str),
    /// These words and no others.
    Words(&'a str),
    Department(&'a str),
    Value(&'a jisseki::plan::Value),
}

impl<'a> Expected<'a> {
    fn of(set: &'a Set) -> Self {
        let mut all = Self { set, said: Vec::new() };
        let show = Shown::of(&set.template);
        for goal in &set.plan.goals {
            all.name(goal.row, &goal.name);
            let shown = if show.goal_indicators { &goal.indicators[..] } else { &[] };
            shown.iter().for_each(|indicator| all.indicator(indicator, None, true, true));
            for field in &goal.fields {
                all.name(field.row, &field.name);
                for measure in &field.measures {
                    all.name(measure.row, &measure.name);
                    let shown = if show.kpi { &measure.indicators[..] } else { &[] };
                    shown.iter().for_each(|indicator| all.indicator(indicator, None, false, true));
                    for entry in &measure.entries {
                        match entry {
                            Entry::Project(project) if show.projects => all.project(project, None),
                            Entry::Reprint(reprint) if show.reprints => {
                                let project = set.plan.projects().find(|project| project.id == reprint.of);
                                all.project(project.unwrap(), Some(reprint));
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
        all
    }

    fn name(&mut self, row: Row, name: &'a str) {
        self.said.push((Origin { row, part: Part::Name, reprint: None }, Says::Name(name)));
    }

    fn project(&mut self, project: &'a Project, shown_by: Option<&'a Reprint>) {
        let show = Shown::of(&self.set.template);
        let reprint = shown_by.map(|reprint| reprint.row);
        let own = |of: fn(&Reprint) -> &Option<String>| shown_by.filter(|reprint| of(reprint).is_some());
        let mut say = |row: Option<&Reprint>, part: Part, says: Says<'a>| {
            let row = row.map_or(project.row, |own| own.row);
            self.said.push((Origin { row, part, reprint }, says));
        };
        say(None, Part::Name, Says::Name(&project.name));
        say(None, Part::Department, Says::Department(&project.department));
        let purpose = own(|reprint| &reprint.purpose);
        let words = purpose.and_then(|own| own.purpose.as_ref()).unwrap_or(&project.purpose);
        if show.purpose {
            say(purpose, Part::Purpose, Says::Words(words));
        }
        let content = own(|reprint| &reprint.content);
        let words = content.and_then(|own| own.content.as_ref()).unwrap_or(&project.content);
        // A block of one row has none for an empty 内容.
        let rows = project.indicators.len().max(show.least);
        if show.content && (rows > 1 || !words.is_empty()) {
            say(content, Part::Content, Says::Words(words));
        }
        for indicator in &project.indicators {
            self.indicator(indicator, reprint, false, false);
        }
    }

    fn indicator(&mut self, of: &'a Indicator, reprint: Option<Row>, target: bool, baseline: bool) {
        let mut say = |part: Part, says: Says<'a>| {
            self.said.push((Origin { row: of.row, part, reprint }, says));
        };
        say(Part::Name, Says::Name(&of.name));
        if target {
            say(Part::Target, Says::Words(&of.target));
        }
        if baseline && Shown::of(&self.set.template).baseline {
            say(Part::Baseline, Says::Value(&of.baseline));
        }
        for (year, actual) in self.set.plan.years.iter().zip(&of.actuals) {
            say(Part::Actual(*year), Says::Value(actual));
        }
    }
}

/// Every part of the plan that the template shows has its cell, in printed order, and the
/// cell says what the plan says.
pub fn origins_say_what_the_plan_says(set: &Set) {
    let expected = Expected::of(set).said;
    let cells = cells(set);
    assert_eq!(
        cells.iter().map(|(origin, ..)| *origin).collect::<Vec<_>>(),
        expected.iter().map(|(origin, _)| *origin).collect::<Vec<_>>(),
    );
    for ((_, cell, _), (_, says)) in cells.iter().zip(expected) {
        let text = cell.text();
        match says {
            Says::Name(name) => {
                assert!(matches!(cell.role, Role::Heading(_) | Role::RowHeader), "{cell:?}");
                assert!(text.contains(name.trim_matches([' ', '　'])), "{name} is not {text}");
            }
            Says::Department("") => assert_eq!(text, ""),
            Says::Department(name) => assert!(text.contains(name), "{name} is not {text}"),
            Says::Value(value) => assert_eq!(&cell.content, &Content::Value(value.clone())),
            Says::Words(words) => assert_eq!(text, words),
        }
    }
}

/// Every row that is printed has its pages in the index: those of its own place, and those
/// of each 再掲 of it.
pub fn every_printed_row_has_its_page(set: &Set) {
    let index = PageIndex::of(&set.document);
    let mut pages: BTreeMap<Row, Vec<usize>> = BTreeMap::new();
    let mut add = |row: Row, page: usize| {
        let pages = pages.entry(row).or_default();
        if !pages.contains(&page) {
            pages.push(page);
        }
    };
    for (origin, cell, page) in cells(set) {
        assert!(index.pages(origin.row, origin.part).contains(&page), "{origin:?}");
        if origin.part == Part::Name {
            add(origin.row, page);
        }
        if let (Some(reprint), Role::Heading(4)) = (origin.reprint, cell.role) {
            add(reprint, page);
        }
    }
    let show = Shown::of(&set.template);
    let entries = set.plan.goals.iter().flat_map(|goal| &goal.fields).flat_map(|field| &field.measures);
    let reprints = entries.flat_map(|measure| &measure.entries).filter_map(|entry| match entry {
        Entry::Reprint(reprint) if show.reprints => Some(reprint.row),
        _ => None,
    });
    let printed = Expected::of(set).said.into_iter().filter(|(origin, _)| origin.part == Part::Name);
    for row in printed.map(|(origin, _)| origin.row).chain(reprints) {
        let pages = pages.get(&row).expect("every printed row has a cell");
        assert_eq!(index.pages(row, Part::Name), pages, "{row:?}");
        // A 目的 that the row leaves to another would stand there too.
        assert!(!index.pages(row, Part::Purpose).is_empty(), "{row:?}");
    }
}
