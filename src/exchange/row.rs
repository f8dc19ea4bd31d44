//! 記入票の行: what is asked, one cell of the master a row.
//!
//! A row asks for a figure of the year (実績, 決算, 予算, 目標値), or for what a row of the
//! plan says in a column that the plan declares and asks for (`[[fields]]` with `ask`).
//! Who answers: the department the row itself names; else, for what belongs to a project,
//! that of the project; else the office that keeps the master, because somebody must.

use super::label::Label;
use super::notation::{self, Notation};
use super::words::{self, AskedField};
use crate::plan::{
    Cost, Declared, DeclaredCell, FiscalYear, Indicator, Owner, Plan, Project, Row, RowKind, Value,
};
use crate::settings::{FieldForm, FieldSettings, Settings};

/// One cell to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct FormRow {
    /// The ID of its row in the master, such as `P001-1`; with the column's name behind a
    /// blank, which no ID has, where a declared column is asked for: `P001 評価`.
    pub id: String,
    /// Where it stands in the master.
    pub row: Row,
    /// What kind of row that is.
    pub kind: RowKind,
    /// The number of the project, or of the KPI, as printed.
    pub number: String,
    /// The name of the project, or of what the KPI measures.
    pub owner: String,
    /// 「項目」
    pub item: String,
    /// 「目標」; empty for 事業量.
    pub target: String,
    /// 「基準値」
    pub baseline: Value,
    /// The years before the one asked for, oldest first.
    pub past: Vec<(FiscalYear, Value)>,
    /// What the master says: of the year asked for, or in the declared column.
    pub current: Value,
    /// How the row writes its figures; `None` where it has none yet.
    pub notation: Option<Notation>,
    /// The declared column that is asked for; `None` for the figure of the year.
    pub field: Option<AskedField>,
}

impl FormRow {
    /// What stands under 「単位」 where the row has no figure yet that tells it.
    pub const NO_UNIT: &str = "（単位も記入）";

    /// What the form says under a heading.
    pub fn label(&self, label: Label) -> String {
        match label {
            Label::Number => match self.kind {
                RowKind::GoalIndicator | RowKind::Kpi => format!("{}{}", self.kind.word(), self.number),
                _ => self.number.clone(),
            },
            Label::Owner => self.owner.clone(),
            Label::Item => self.item.clone(),
            Label::Unit | Label::Baseline | Label::Target if self.field.is_some() => String::new(),
            Label::Unit => {
                let unit = self.notation.as_ref().map(|notation| notation.unit().to_owned());
                unit.unwrap_or_else(|| Self::NO_UNIT.to_owned())
            }
            Label::Baseline => self.baseline.printed().to_owned(),
            Label::Target => self.target.clone(),
        }
    }

    /// What the year before the one asked for says.
    pub fn last_year(&self) -> Option<&Value> {
        self.past.last().map(|(_, value)| value)
    }

    /// The ID of its row in the master.
    pub fn master_id(&self) -> &str {
        self.id.split(' ').next().unwrap_or_default()
    }

    /// Whether an answer is words, one of a list or any.
    pub fn is_words(&self) -> bool {
        self.field.as_ref().is_some_and(|field| field.form != FieldForm::Number)
    }

    /// Whether it is shown to be known beside an answer: a target that stands.
    pub fn is_reference(&self) -> bool {
        self.kind == RowKind::YearTarget && self.current.is_reported()
    }

    /// Whether something may stand there before the department has answered.
    pub(super) fn may_stand_before(&self) -> bool {
        matches!(self.kind, RowKind::Budget | RowKind::YearTarget) || self.field.is_some()
    }

    /// Where it has no figure of its own that tells, it is written like another.
    fn written_like(mut self, other: &Self) -> Self {
        self.notation = self.notation.or_else(|| other.notation.clone());
        self
    }

    /// Whether two answers say the same. In words every letter counts.
    pub(super) fn same(&self, one: &Value, other: &Value) -> bool {
        if self.is_words() { one.printed() == other.printed() } else { notation::same(one, other) }
    }
}

/// Everything that is asked, each with who answers it: the figures, then the declared
/// columns, both in printed order.
pub(super) fn asked<'a>(plan: &'a Plan, settings: &'a Settings, year: FiscalYear) -> Vec<(&'a str, FormRow)> {
    let asker = Asker { plan, settings, year };
    let mut rows: Vec<(&str, FormRow)> = Vec::new();
    for (owner, indicator) in plan.indicators() {
        let answerer = owner.answerer(indicator, &settings.plan.office);
        rows.extend(asker.indicator(owner, indicator).into_iter().map(|row| (answerer, row)));
    }
    for project in plan.projects() {
        let named = project.department.trim();
        let answerer = if named.is_empty() { &settings.plan.office } else { named };
        rows.extend(asker.project(project).into_iter().map(|row| (answerer, row)));
    }
    // The master's order is the printed one.
    rows.sort_by_key(|(_, row)| (row.field.is_some(), row.row));
    rows
}

/// A row of the master of which something is asked.
#[derive(Clone, Copy)]
struct Of<'a> {
    row: Row,
    id: &'a str,
    kind: RowKind,
    number: &'a str,
    /// The name of what it belongs to.
    owner: &'a str,
}

/// Makes the rows of forms.
struct Asker<'a> {
    plan: &'a Plan,
    settings: &'a Settings,
    year: FiscalYear,
}

impl Asker<'_> {
    /// An indicator: its actual, its target, what is declared of it.
    fn indicator(&self, owner: Owner<'_>, indicator: &Indicator) -> Vec<FormRow> {
        let (number, name) = match owner {
            Owner::Goal(goal) => (&indicator.number, &goal.name),
            Owner::Measure(_, _, measure) => (&indicator.number, &measure.name),
            Owner::Project(_, _, _, project) => (&project.number, &project.name),
        };
        let kind = owner.indicator_kind();
        let of = Of { row: indicator.row, id: &indicator.id, kind, number, owner: name };
        let actual = FormRow {
            target: indicator.target.clone(),
            ..self.figure(of, &indicator.name, &indicator.actuals, &indicator.baseline)
        };
        let target = indicator.targets.as_ref().map(|targets| {
            let number = actual.label(Label::Number);
            let of =
                Of { row: targets.row, id: &targets.id, kind: RowKind::YearTarget, number: &number, ..of };
            let item = format!("{}（目標値）", indicator.name);
            self.figure(of, &item, &targets.figures, &Value::NotReported).written_like(&actual)
        });
        let whole = match owner {
            Owner::Project(..) => format!("{name}　{}", indicator.name),
            Owner::Goal(_) | Owner::Measure(..) => indicator.name.clone(),
        };
        let declared = self.declared(Of { owner: &whole, ..of }, &indicator.declared);
        [Some(actual), target].into_iter().flatten().chain(declared).collect()
    }

    /// A project: what it costs, what is declared of it.
    fn project(&self, project: &Project) -> Vec<FormRow> {
        let (row, id, number, owner) = (project.row, &project.id, &project.number, &project.name);
        let of = Of { row, id, kind: RowKind::Project, number, owner };
        let costs = project.costs.iter().flat_map(|cost| self.cost(of, cost));
        costs.chain(self.declared(of, &project.declared)).collect()
    }

    /// A cost of a project: what was spent, and the budget.
    fn cost(&self, project: Of<'_>, cost: &Cost) -> Vec<FormRow> {
        let none = &Value::NotReported;
        let of = Of { row: cost.row, id: &cost.id, kind: RowKind::Cost, ..project };
        let spent = self.figure(of, &format!("事業費　{}（決算）", cost.name), &cost.actuals, none);
        let budget = cost.budget.as_ref().map(|budget| {
            let of = Of { row: budget.row, id: &budget.id, kind: RowKind::Budget, ..project };
            let item = format!("事業費　{}（予算）", cost.name);
            self.figure(of, &item, &budget.figures, none).written_like(&spent)
        });
        [Some(spent), budget].into_iter().flatten().collect()
    }

    /// The figure of the year asked for, with those of the years before.
    fn figure(&self, of: Of<'_>, item: &str, figures: &[Value], baseline: &Value) -> FormRow {
        let years = || self.plan.years.iter().copied().zip(figures);
        let past: Vec<(FiscalYear, Value)> =
            years().filter(|(of, _)| *of < self.year).map(|(of, value)| (of, value.clone())).collect();
        let current =
            years().find(|(of, _)| *of == self.year).map_or(Value::NotReported, |(_, value)| value.clone());
        // Last year's figure tells best how the row is written; the answer itself,
        // where there is one already, stands in for a row without a past.
        let told = past.iter().rev().map(|(_, value)| value);
        let notation = Notation::of(told.chain([baseline, &current]));
        FormRow { past, notation, baseline: baseline.clone(), ..of.asked(item, current) }
    }

    /// The declared columns that are asked for.
    fn declared(&self, of: Of<'_>, declared: &Declared) -> Vec<FormRow> {
        let fields = self.settings.fields.iter().enumerate();
        let asked = fields.filter(|(_, field)| field.ask && field.rows.contains(&of.kind));
        let row = |(at, field): (usize, &FieldSettings)| {
            let current = match declared.get(&field.name)? {
                DeclaredCell::Figure(value) => value.clone(),
                DeclaredCell::Text(text) => words::value(text),
            };
            let asked = AskedField { at, form: field.form, choices: field.choices.clone() };
            let id = format!("{} {}", of.id, field.name);
            let notation = Notation::of([&current]);
            Some(FormRow { notation, field: Some(asked), ..Of { id: &id, ..of }.asked(&field.name, current) })
        };
        asked.filter_map(row).collect()
    }
}

impl Of<'_> {
    fn asked(self, item: &str, current: Value) -> FormRow {
        FormRow {
            id: self.id.to_owned(),
            row: self.row,
            kind: self.kind,
            number: self.number.to_owned(),
            owner: self.owner.to_owned(),
            item: item.to_owned(),
            target: String::new(),
            baseline: Value::NotReported,
            past: Vec::new(),
            current,
            notation: None,
            field: None,
        }
    }
}
