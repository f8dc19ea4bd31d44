//! What a plan says of a name: an example for whoever writes a template.

use super::record::{Projects, Record};
use super::values::Values;
use crate::layout::Options;
use crate::layout::block::Headings;
use crate::layout::template::mark::{Mark, Piece};
use crate::layout::template::{Level, Name, Template, Text};
use crate::plan::Plan;
use crate::settings::Settings;

/// The first that a plan says of a name, of records of a level; `None` where it says nothing.
pub fn example(
    plan: &Plan,
    settings: &Settings,
    template: &Template,
    level: Level,
    name: &Name,
) -> Option<String> {
    let options = Options::default();
    let values = Values { plan, settings, template, options: &options, year: plan.latest_reported() };
    let projects: Projects<'_> = plan.projects().map(|project| (project.id.as_str(), project)).collect();
    let text = Text(vec![Piece::Mark(Mark::of_record(name.clone()))]);
    let records = Record::PLAN.below(level, plan, &projects, false);
    let mut said = records.into_iter().flat_map(|record| {
        let columns = (0..plan.years.len().max(1)).map(move |column| (record, column));
        columns.map(|(record, column)| values.fill(&text, record, Some(column), &Headings::default()).words)
    });
    said.find(|words| !words.is_empty())
}
