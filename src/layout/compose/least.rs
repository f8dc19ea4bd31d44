//! What the plan's own texts need at the least, for columns that have to give way.

use super::heading;
use crate::layout::Length;
use crate::layout::columns::Least;
use crate::layout::grid::Borders;
use crate::layout::template::{StyleSpec, Template, fill};
use crate::layout::text::Breaker;
use crate::plan::{Entry, Owner, Plan};

/// What the plan's own texts need at the least, for [`Columns::solve`](crate::layout::columns::Columns::solve).
pub fn least(
    plan: &Plan,
    template: &Template,
    breaker: &Breaker<'_>,
    year_labels: &[String],
    page: Length,
) -> Least {
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
    // As many lines as fill three fifths of a page; headings may need the rest.
    let purpose = styles.purpose.with(Borders::NONE);
    let lines = (page.share(3, 5).emu() / purpose.leading.emu().max(1)).max(1);
    let mut wording = |of: [&str; 2]| {
        let words = of.map(|of| word(of, &styles.purpose));
        grow(&mut least.project, words[0].max(words[1]));
        let whole: Length = of.iter().map(|of| line(of, &styles.purpose)).sum();
        grow(&mut least.wording, whole / lines + purpose.padding * 2);
    };
    for measure in plan.goals.iter().flat_map(|goal| &goal.fields).flat_map(|field| &field.measures) {
        for entry in &measure.entries {
            match entry {
                Entry::Project(project) => wording([&project.purpose, &project.content]),
                Entry::Reprint(reprint) => {
                    wording([&reprint.purpose, &reprint.content].map(|of| of.as_deref().unwrap_or_default()));
                }
            }
        }
    }
    for project in plan.projects() {
        let department = fill(&labels.department, &[("department", &project.department)]);
        grow(&mut least.department, word(&department, &styles.department));
        grow(&mut least.project, word(&project.name, &styles.project));
    }
    // No text column narrower than a few characters, whatever its words.
    let floor = Length::mm(18.0);
    for slot in [&mut least.goal_item, &mut least.goal_target, &mut least.kpi_item, &mut least.project_item] {
        grow(slot, floor);
    }
    grow(&mut least.project, floor);
    // Nor a year without any width, where no year has a figure or a name.
    grow(&mut least.figure_word, Length::mm(3.0));
    least
}
