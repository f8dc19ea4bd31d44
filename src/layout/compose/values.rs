//! Marks filled: what a text of the template says of a record.

use std::borrow::Cow;

use super::record::Record;
use crate::layout::block::Headings;
use crate::layout::template::mark::{Form, Piece, Year};
use crate::layout::template::{Join, Level, Mark, Name, Template, Text};
use crate::layout::{Options, Origin, Part};
use crate::plan::{self, Cost, DeclaredCell, FiscalYear, Plan, Project, Reprint, Row, Value, reading};
use crate::settings::{FieldForm, FieldSettings, Settings};

/// What a mark says.
pub enum MarkValue<'p> {
    /// Nothing.
    Nothing,
    /// Words.
    Words(Cow<'p, str>),
    /// A figure, or what stands in its place.
    Figure(Cow<'p, Value>),
}

/// What a cell of the picture says of a record.
pub struct Filled {
    /// The words, without blanks at either end.
    pub words: String,
    /// The figure, where it says one alone.
    pub figure: Option<Value>,
    /// Where what it says stands in the master, mark by mark.
    pub origins: Vec<Origin>,
    /// Whether it has marks, and none of them says anything.
    pub is_empty: bool,
    /// How many bytes of the words stand before a name, with its number: further lines of the
    /// name go on under the name.
    pub hang: usize,
}

/// Fills marks.
pub struct Values<'a> {
    pub plan: &'a Plan,
    pub settings: &'a Settings,
    pub template: &'a Template,
    pub options: &'a Options,
    /// The year of the edition.
    pub year: Option<FiscalYear>,
}

impl<'a> Values<'a> {
    /// What a text says of a record, in the column of a year (counted in the plan's) where it
    /// stands in one.
    pub fn fill(&self, text: &Text, record: Record<'a>, column: Option<usize>, under: &Headings) -> Filled {
        let mut filled = Filled {
            words: String::new(),
            figure: None,
            origins: Vec::new(),
            is_empty: !text.is_literal(),
            hang: 0,
        };
        // Of a text in several lines of the template, each begins at the left.
        let is_one_line =
            !text.0.iter().any(|piece| matches!(piece, Piece::Words(words) if words.contains('\n')));
        let mut is_numbered = false;
        let is_alone = text.only_mark().is_some();
        for piece in &text.0 {
            let mark = match piece {
                Piece::Words(words) => {
                    filled.words.push_str(words);
                    continue;
                }
                Piece::Mark(mark) => mark,
            };
            for origin in self.origins(mark, record, column) {
                if !filled.origins.contains(&origin) {
                    filled.origins.push(origin);
                }
            }
            let value = self.of_mark(mark, record, column, under);
            let words = match &value {
                MarkValue::Nothing => continue,
                MarkValue::Words(words) => words.as_ref(),
                MarkValue::Figure(value) => value.printed(),
            };
            if !words.is_empty() {
                filled.is_empty = false;
                if mark.name == Name::Name && std::mem::take(&mut is_numbered) {
                    filled.hang = filled.words.len() + mark.before.len();
                }
                is_numbered |= is_one_line && mark.name == Name::Number;
                for part in [mark.before.as_str(), words, mark.after.as_str()] {
                    filled.words.push_str(part);
                }
            }
            if let (MarkValue::Figure(value), true) = (value, is_alone) {
                filled.figure = Some(value.into_owned());
            }
        }
        let trimmed = filled.words.trim_matches([' ', '　']);
        if trimmed.len() != filled.words.len() {
            let before = filled.words.len() - filled.words.trim_start_matches([' ', '　']).len();
            filled.hang = filled.hang.saturating_sub(before);
            filled.words = trimmed.to_owned();
        }
        filled
    }

    /// What the document says of itself under a name, such as its title, number or note.
    pub fn of_document(&self, name: Name) -> String {
        let text = Text(vec![Piece::Mark(Mark::of_record(name))]);
        self.fill(&text, Record::PLAN, None, &Headings::default()).words
    }

    /// What a mark says.
    fn of_mark(
        &self,
        mark: &Mark,
        record: Record<'a>,
        column: Option<usize>,
        under: &Headings,
    ) -> MarkValue<'a> {
        let value = self.taken(mark, record, column, under);
        let MarkValue::Words(words) = value else { return value };
        match mark.form {
            Some(Form::Wide) => MarkValue::Words(words.chars().map(wide_digit).collect::<String>().into()),
            Some(Form::Choices) => {
                let field = self.field(mark, mark.level(record.level));
                MarkValue::Words(field.map_or(words.clone(), |field| choices(field, &words).into()))
            }
            _ => MarkValue::Words(words),
        }
    }

    /// What a mark takes from the plan, before it is written in its form.
    fn taken(
        &self,
        mark: &Mark,
        record: Record<'a>,
        column: Option<usize>,
        under: &Headings,
    ) -> MarkValue<'a> {
        let of = record.at(mark.of.unwrap_or(record.level));
        let words = |words: &'a str| MarkValue::Words(words.into());
        let in_era = |year: FiscalYear| match mark.form {
            Some(Form::Era) => MarkValue::Words(year.long().into()),
            _ => MarkValue::Words(year.to_string().into()),
        };
        let at = || self.year_at(mark.year, column);
        let figure = |values: Option<&'a [Value]>| match at().and_then(|at| values?.get(at)) {
            Some(value) => MarkValue::Figure(Cow::Borrowed(value)),
            None => MarkValue::Figure(Cow::Owned(Value::NotReported)),
        };
        if let Some(name) = &mark.cost {
            return self.cost(name, of, mark.name == Name::CostBudget, at());
        }
        match &mark.name {
            Name::PlanName => words(&self.settings.plan.name),
            Name::Title => {
                let draft = if self.options.draft { self.template.words.draft.as_str() } else { "" };
                MarkValue::Words(format!("{}{draft}", self.settings.plan.title).into())
            }
            Name::DocumentNumber => words(&self.settings.document.number),
            Name::Note => words(&self.options.note),
            Name::City => words(&self.settings.plan.city),
            Name::Office => words(&self.settings.plan.office),
            Name::ColumnYear => {
                column.and_then(|at| self.plan.years.get(at)).map_or(MarkValue::Nothing, |year| in_era(*year))
            }
            Name::Year(year) => self.named(*year).map_or(MarkValue::Nothing, in_era),
            Name::Heading(level) => MarkValue::Words(under.of(*level).to_owned().into()),
            Name::Declared(name) => match of.declared().and_then(|declared| declared.get(name)) {
                Some(DeclaredCell::Text(text)) => words(text),
                Some(DeclaredCell::Figure(value)) => MarkValue::Figure(Cow::Borrowed(value)),
                None => MarkValue::Nothing,
            },
            Name::Actual => figure(of.indicator.map(|indicator| indicator.actuals.as_slice())),
            Name::YearTarget => {
                let targets = of.indicator.and_then(|indicator| indicator.targets.as_ref());
                figure(targets.map(|targets| targets.figures.as_slice()))
            }
            Name::CostActual => figure(of.cost.map(|cost| cost.actuals.as_slice())),
            Name::CostBudget => {
                let budget = of.cost.and_then(|cost| cost.budget.as_ref());
                figure(budget.map(|budget| budget.figures.as_slice()))
            }
            Name::Baseline => match of.indicator {
                Some(indicator) => MarkValue::Figure(Cow::Borrowed(&indicator.baseline)),
                None => MarkValue::Nothing,
            },
            name => self.own(name, of),
        }
    }

    /// What a record says of itself in words.
    fn own(&self, name: &Name, of: Record<'a>) -> MarkValue<'a> {
        let (template, words) = (self.template, |words: &'a str| MarkValue::Words(words.into()));
        let named: Option<(&'a str, &'a str, &'a str)> = match of.level {
            Level::Plan => None,
            Level::Goal => of.goal.map(|goal| (goal.id.as_str(), goal.number.as_str(), goal.name.as_str())),
            Level::Field => {
                of.field.map(|field| (field.id.as_str(), field.number.as_str(), field.name.as_str()))
            }
            Level::Measure => of.measure.map(|own| (own.id.as_str(), own.number.as_str(), own.name.as_str())),
            Level::Project => of.project.map(|project| {
                let is_numbered = of.reprint.is_none() && !project.number.is_empty();
                let number = if is_numbered { &project.number } else { &template.words.no_number };
                (project.id.as_str(), number.as_str(), project.name.as_str())
            }),
            Level::Cost => of.cost.map(|cost| (cost.id.as_str(), "", cost.name.as_str())),
            Level::GoalIndicator | Level::Kpi | Level::ProjectIndicator => {
                of.indicator.map(|own| (own.id.as_str(), own.number.as_str(), own.name.as_str()))
            }
        };
        let Some((id, number, title)) = named else { return MarkValue::Nothing };
        let project = of.project;
        match name {
            Name::Id => words(id),
            Name::Number => words(number),
            Name::Name => words(title),
            Name::Department => {
                let own = of.indicator.and_then(|indicator| indicator.department.as_deref());
                let of_project = project.map(|project| project.department.as_str());
                own.or(of_project).map_or(MarkValue::Nothing, words)
            }
            Name::Division => match (of.reprint, project.is_some_and(|project| project.is_new)) {
                (Some(_), _) => words(&template.words.reprint),
                (None, true) => words(&template.words.new),
                (None, false) => MarkValue::Nothing,
            },
            Name::Purpose => {
                let own = of.reprint.and_then(|reprint| reprint.purpose.as_deref());
                own.or(project.map(|project| project.purpose.as_str())).map_or(MarkValue::Nothing, words)
            }
            Name::Content => {
                let own = of.reprint.and_then(|reprint| reprint.content.as_deref());
                own.or(project.map(|project| project.content.as_str())).map_or(MarkValue::Nothing, words)
            }
            Name::Target => of.indicator.map_or(MarkValue::Nothing, |indicator| words(&indicator.target)),
            _ => MarkValue::Nothing,
        }
    }

    /// A figure of the 事業費 of this name. The total of all is counted where no row gives it.
    fn cost(&self, name: &str, of: Record<'a>, is_budget: bool, at: Option<usize>) -> MarkValue<'a> {
        let Some((project, at)) = of.project.zip(at) else {
            return MarkValue::Figure(Cow::Owned(Value::NotReported));
        };
        match named_cost(project, name).and_then(|cost| cost.of_year(at, is_budget)) {
            Some(value) => MarkValue::Figure(Cow::Borrowed(value)),
            None => {
                let total = plan::is_total_name(name).then(|| project.total(at, is_budget)).flatten();
                MarkValue::Figure(Cow::Owned(total.map_or(Value::NotReported, Value::Quantity)))
            }
        }
    }

    /// Where what a mark says stands in the master: a total that is counted, in all its parts.
    fn origins(&self, mark: &Mark, record: Record<'a>, column: Option<usize>) -> Vec<Origin> {
        let of = record.at(mark.of.unwrap_or(record.level));
        let (Some(name), Some(project)) = (&mark.cost, of.project) else {
            return self.origin(mark, of, column).into_iter().collect();
        };
        let Some(year) = self.year_at(mark.year, column).and_then(|at| self.plan.years.get(at)) else {
            return Vec::new();
        };
        let row = |cost: &Cost| match mark.name {
            Name::CostBudget => cost.budget.as_ref().map(|budget| budget.row),
            _ => Some(cost.row),
        };
        let rows: Vec<Row> = match named_cost(project, name).and_then(row) {
            None if plan::is_total_name(name) => {
                project.costs.iter().filter(|cost| !cost.is_total()).filter_map(row).collect()
            }
            own => own.into_iter().collect(),
        };
        let reprint = of.reprint.map(|reprint| reprint.row);
        rows.into_iter().map(|row| Origin { row, part: Part::Actual(*year), reprint }).collect()
    }

    /// The same for a mark that names no 事業費, of the record that it takes something of.
    fn origin(&self, mark: &Mark, of: Record<'a>, column: Option<usize>) -> Option<Origin> {
        if mark.name.is_of_document() {
            return None;
        }
        let reprint = of.reprint.map(|reprint| reprint.row);
        let year = || self.year_at(mark.year, column).and_then(|at| self.plan.years.get(at)).copied();
        let own = |part: Part| Some(Origin { row: of.row()?, part, reprint });
        let below = |row: Option<Row>| Some(Origin { row: row?, part: Part::Actual(year()?), reprint });
        match &mark.name {
            Name::Department => own(Part::Department),
            Name::Purpose | Name::Content => {
                let is_purpose = mark.name == Name::Purpose;
                let part = if is_purpose { Part::Purpose } else { Part::Content };
                let is_own = |reprint: &&Reprint| match is_purpose {
                    true => reprint.purpose.is_some(),
                    false => reprint.content.is_some(),
                };
                let worded = of.reprint.filter(is_own).map(|reprint| reprint.row);
                Some(Origin { row: worded.or(of.row())?, part, reprint })
            }
            Name::Target => own(Part::Target),
            Name::Baseline => own(Part::Baseline),
            Name::Actual => own(Part::Actual(year()?)),
            Name::YearTarget => {
                below(of.indicator.and_then(|own| own.targets.as_ref()).map(|targets| targets.row))
            }
            Name::CostActual => below(of.cost.map(|cost| cost.row)),
            Name::CostBudget => below(of.cost.and_then(|cost| cost.budget.as_ref()).map(|budget| budget.row)),
            Name::Declared(name) => {
                own(Part::Declared(self.settings.fields.iter().position(|field| field.name == *name)?))
            }
            _ => own(Part::Name),
        }
    }

    /// What successive rows have to share so that one cell stands over them.
    pub fn join_key(&self, join: &Join, record: Record<'a>) -> (usize, &'a str) {
        match join {
            Join::Level(level) => {
                let row = record.at(*level).identity().0;
                (row.0, "")
            }
            Join::Declared(name) => {
                let cell = record.declared().and_then(|declared| declared.get(name));
                (usize::MAX, cell.map_or("", DeclaredCell::printed))
            }
        }
    }

    /// The field of `plan.toml` that a mark names.
    fn field(&self, mark: &Mark, level: Level) -> Option<&'a FieldSettings> {
        let Name::Declared(name) = &mark.name else { return None };
        let kind = level.row_kind()?;
        self.settings.fields.iter().find(|field| field.name == *name && field.rows.contains(&kind))
    }

    /// A year by its name.
    fn named(&self, year: Year) -> Option<FiscalYear> {
        match year {
            Year::Of(year) => Some(year),
            Year::This => self.year,
            Year::Previous => self.year.map(|year| FiscalYear::starting(year.start() - 1)),
            Year::Next => self.year.map(FiscalYear::next),
        }
    }

    /// Which of the plan's years is meant: the one that is named, or that of the column.
    fn year_at(&self, named: Option<Year>, column: Option<usize>) -> Option<usize> {
        match named {
            None => column,
            Some(named) => {
                let year = self.named(named)?;
                self.plan.years.iter().position(|own| *own == year)
            }
        }
    }

    /// The years of a group of columns, counted in the plan's: all, or the last up to that of
    /// the edition.
    pub fn years(&self, last: Option<usize>) -> Vec<usize> {
        let all = self.plan.years.iter().enumerate();
        let Some(last) = last else { return all.map(|(at, _)| at).collect() };
        let until = |year: &FiscalYear| self.year.is_none_or(|this| *year <= this);
        let years: Vec<usize> = all.filter(|(_, year)| until(year)).map(|(at, _)| at).collect();
        years[years.len().saturating_sub(last)..].to_vec()
    }
}

/// The 事業費 of this name, in whatever width and with whatever blanks the master writes it; any
/// total, where a total is meant.
fn named_cost<'p>(project: &'p Project, name: &str) -> Option<&'p Cost> {
    let (costs, key) = (project.costs.as_slice(), reading::key(name));
    let named = costs.iter().find(|cost| reading::key(&cost.name) == key);
    named.or_else(|| costs.iter().find(|cost| cost.is_total() && plan::is_total_name(name)))
}

/// All choices of a field, the one that was made marked with ■: signs that every Japanese font has.
fn choices(field: &FieldSettings, made: &str) -> String {
    if field.form != FieldForm::Choice {
        return made.to_owned();
    }
    let shown = |choice: &String| format!("{}{choice}", if choice == made { "■" } else { "□" });
    field.choices.iter().map(shown).collect::<Vec<_>>().join("　")
}

fn wide_digit(c: char) -> char {
    match c {
        '0'..='9' => char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap_or(c),
        _ => c,
    }
}
