//! How wide the plan's own texts need the columns to be, where columns have to give way.

use super::heading;
use crate::layout::Length;
use crate::layout::columns::MinimumWidths;
use crate::layout::grid::Borders;
use crate::layout::template::{StyleSpec, Template, fill};
use crate::layout::text::Breaker;
use crate::plan::{Entry, Indicator, Owner, Plan, Project};

/// No text column is narrower than a few characters, whatever its words, in mm.
const TEXT_MM: f64 = 18.0;
/// Nor a year without any width, where no year has a figure or a name, in mm.
const FIGURE_MM: f64 = 3.0;

/// What the plan's texts need for [`TableColumns::solve`](crate::layout::columns::TableColumns::solve)
/// on pages with `room` for rows.
pub fn minimum_widths(
    plan: &Plan,
    template: &Template,
    breaker: &Breaker<'_>,
    year_labels: &[String],
    room: Length,
) -> MinimumWidths {
    let mut ruler = Ruler { template, breaker, widths: MinimumWidths::default() };
    for label in year_labels.iter().chain([&template.labels.baseline]) {
        ruler.figure(label, &template.style.header);
    }
    for (owner, indicator) in plan.indicators() {
        ruler.indicator(owner, indicator);
    }
    for measure in plan.goals.iter().flat_map(|goal| &goal.fields).flat_map(|field| &field.measures) {
        for entry in &measure.entries {
            let texts = match entry {
                Entry::Project(project) => [&project.purpose, &project.content].map(String::as_str),
                Entry::Reprint(reprint) => {
                    [&reprint.purpose, &reprint.content].map(|own| own.as_deref().unwrap_or_default())
                }
            };
            ruler.wording(texts, room);
        }
    }
    for project in plan.projects() {
        ruler.project(project);
    }
    let mut widths = ruler.widths;
    for slot in [
        &mut widths.goal_item,
        &mut widths.goal_target,
        &mut widths.kpi_item,
        &mut widths.project_item,
        &mut widths.project,
    ] {
        grow(slot, Length::mm(TEXT_MM));
    }
    grow(&mut widths.figure_word, Length::mm(FIGURE_MM));
    widths
}

fn grow(slot: &mut Length, width: Length) {
    *slot = (*slot).max(width);
}

/// Measures text by text.
struct Ruler<'a> {
    template: &'a Template,
    breaker: &'a Breaker<'a>,
    widths: MinimumWidths,
}

impl Ruler<'_> {
    /// The widest word of a text, with the padding around it.
    fn word(&self, text: &str, spec: &StyleSpec) -> Length {
        let style = spec.with(Borders::NONE);
        self.breaker.longest_word(text, style.size, style.bold) + style.padding * 2
    }

    /// A text in one line, with the padding around it.
    fn line(&self, text: &str, spec: &StyleSpec) -> Length {
        let style = spec.with(Borders::NONE);
        self.breaker.natural_width(text, style.size, style.bold) + style.padding * 2
    }

    /// A figure, or what stands above figures.
    fn figure(&mut self, text: &str, spec: &StyleSpec) {
        let (line, word) = (self.line(text, spec), self.word(text, spec));
        grow(&mut self.widths.figure, line);
        grow(&mut self.widths.figure_word, word);
    }

    fn indicator(&mut self, owner: Owner<'_>, indicator: &Indicator) {
        let (styles, labels) = (&self.template.style, &self.template.labels);
        let name = self.word(&heading(&labels.indicator, &indicator.number, &indicator.name), &styles.item);
        match owner {
            Owner::Goal(_) => {
                let target = self.word(&indicator.target, &styles.target);
                grow(&mut self.widths.goal_item, name);
                grow(&mut self.widths.goal_target, target);
            }
            Owner::Measure(..) => {
                let target = self.word(&indicator.target, &styles.item);
                grow(&mut self.widths.kpi_item, name.max(target));
            }
            Owner::Project(..) => grow(&mut self.widths.project_item, name),
        }
        for value in indicator.actuals.iter().chain([&indicator.baseline]) {
            self.figure(value.printed(), &styles.value);
        }
    }

    /// 目的 and 内容, in as many lines as fill three fifths of a page; headings may need the rest.
    fn wording(&mut self, texts: [&str; 2], room: Length) {
        let spec = &self.template.style.purpose;
        let style = spec.with(Borders::NONE);
        let lines = (room.share(3, 5).emu() / style.leading.emu().max(1)).max(1);
        for text in texts {
            let word = self.word(text, spec);
            grow(&mut self.widths.project, word);
        }
        let whole: Length = texts.iter().map(|text| self.line(text, spec)).sum();
        grow(&mut self.widths.wording, whole / lines + style.padding * 2);
    }

    fn project(&mut self, project: &Project) {
        let (styles, labels) = (&self.template.style, &self.template.labels);
        let department = fill(&labels.department, &[("department", &project.department)]);
        let (department, name) =
            (self.word(&department, &styles.department), self.word(&project.name, &styles.project));
        grow(&mut self.widths.department, department);
        grow(&mut self.widths.project, name);
    }
}
