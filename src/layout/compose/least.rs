//! What the plan's own texts need at the least, for columns that have to give way.

use super::heading;
use crate::layout::Length;
use crate::layout::columns::Least;
use crate::layout::grid::Borders;
use crate::layout::template::{StyleSpec, Template, fill};
use crate::layout::text::Breaker;
use crate::plan::{Owner, Plan};

/// What the plan's own texts need at the least, for [`Columns::solve`](crate::layout::columns::Columns::solve).
pub fn least(plan: &Plan, template: &Template, breaker: &Breaker<'_>, year_labels: &[String]) -> Least {
    let (styles, labels) = (&template.style, &template.labels);
    let word = |text: &str, spec: &StyleSpec| {
        let style = spec.with(Borders::NONE);
        breaker.longest_word(text, style.size, style.bold) + style.padding * 2
    };
    let line = |text: &str, spec: &StyleSpec| {
        let style = spec.with(Borders::NONE);
        breaker.natural_width(text, style.size, style.bold) + style.padding * 2
    };
    let mut least = Least::default();
    let grow = |slot: &mut Length, width: Length| *slot = (*slot).max(width);
    for label in year_labels.iter().chain([&labels.baseline]) {
        grow(&mut least.figure, line(label, &styles.header));
        grow(&mut least.figure_word, word(label, &styles.header));
    }
    for (owner, indicator) in plan.indicators() {
        let name = heading(&labels.indicator, &indicator.number, &indicator.name);
        match owner {
            Owner::Goal(_) => {
                grow(&mut least.goal_item, word(&name, &styles.item));
                grow(&mut least.goal_target, word(&indicator.target, &styles.target));
            }
            Owner::Measure(..) => {
                grow(
                    &mut least.kpi_item,
                    word(&name, &styles.item).max(word(&indicator.target, &styles.item)),
                );
            }
            Owner::Project(..) => grow(&mut least.project_item, word(&name, &styles.item)),
        }
        for value in indicator.actuals.iter().chain([&indicator.baseline]) {
            grow(&mut least.figure, line(value.printed(), &styles.value));
            grow(&mut least.figure_word, word(value.printed(), &styles.value));
        }
    }
    for project in plan.projects() {
        let department = fill(&labels.department, &[("department", &project.department)]);
        grow(&mut least.department, word(&department, &styles.department));
        grow(&mut least.project, word(&project.name, &styles.project));
        for wording in [&project.purpose, &project.content] {
            grow(&mut least.project, word(wording, &styles.purpose));
        }
    }
    // No text column narrower than a few characters, whatever its words.
    let floor = Length::mm(18.0);
    for slot in [&mut least.goal_item, &mut least.goal_target, &mut least.kpi_item, &mut least.project_item] {
        grow(slot, floor);
    }
    grow(&mut least.project, floor);
    least
}
