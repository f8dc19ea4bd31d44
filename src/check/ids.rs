//! IDs that say where a row belongs: `P001-2` to P001, `G1-A-1-K2` to G1-A-1.
//!
//! A row belongs to the row above it; where its ID speaks of another, a row above was
//! deleted or rows were moved. Only plans whose IDs mostly say so are looked at, each
//! kind of row by itself.

use std::collections::HashSet;

use crate::finding::{Findings, StructureRule};
use crate::master::{Column, Master};
use crate::plan::{Indicator, Plan, Row, RowKind, YearFigures};

/// A row under another.
struct Child<'a> {
    row: Row,
    id: &'a str,
    under: &'a str,
    /// What the other is.
    parent: RowKind,
}

/// One kind of row, and those under which it stands.
struct Relation<'a> {
    kind: RowKind,
    children: Vec<Child<'a>>,
    parents: Vec<(&'a str, Row)>,
}

impl<'a> Relation<'a> {
    fn new(kind: RowKind) -> Self {
        Self { kind, children: Vec::new(), parents: Vec::new() }
    }

    fn add(&mut self, row: Row, id: &'a str, parent: RowKind, under: &'a str) {
        self.children.push(Child { row, id, under, parent });
    }

    fn indicators(&mut self, indicators: &'a [Indicator], parent: RowKind, under: &'a str) {
        for indicator in indicators {
            self.add(indicator.row, &indicator.id, parent, under);
        }
    }

    /// A row that may have one of further figures, and the one it has.
    fn further(&mut self, (row, id, kind): (Row, &'a str, RowKind), figures: Option<&'a YearFigures>) {
        self.parents.push((id, row));
        if let Some(figures) = figures {
            self.add(figures.row, &figures.id, kind, id);
        }
    }
}

pub(super) fn check(master: &Master) -> Findings {
    let mut goal_indicators = Relation::new(RowKind::GoalIndicator);
    let mut fields = Relation::new(RowKind::Field);
    let mut measures = Relation::new(RowKind::Measure);
    let mut kpis = Relation::new(RowKind::Kpi);
    let mut volumes = Relation::new(RowKind::ProjectIndicator);
    let mut costs = Relation::new(RowKind::Cost);
    for goal in &master.plan.goals {
        goal_indicators.parents.push((&goal.id, goal.row));
        fields.parents.push((&goal.id, goal.row));
        goal_indicators.indicators(&goal.indicators, RowKind::Goal, &goal.id);
        for field in &goal.fields {
            fields.add(field.row, &field.id, RowKind::Goal, &goal.id);
            measures.parents.push((&field.id, field.row));
            for measure in &field.measures {
                measures.add(measure.row, &measure.id, RowKind::Field, &field.id);
                kpis.parents.push((&measure.id, measure.row));
                kpis.indicators(&measure.indicators, RowKind::Measure, &measure.id);
                for project in measure.projects() {
                    volumes.parents.push((&project.id, project.row));
                    volumes.indicators(&project.indicators, RowKind::Project, &project.id);
                    costs.parents.push((&project.id, project.row));
                    for cost in &project.costs {
                        costs.add(cost.row, &cost.id, RowKind::Project, &project.id);
                    }
                }
            }
        }
    }
    let [targets, budgets] = further(&master.plan);
    let mut findings = Findings::new();
    for relation in [goal_indicators, fields, measures, kpis, volumes, targets, costs, budgets] {
        check_relation(master, &relation, &mut findings);
    }
    findings
}

/// 目標値 under indicators, and 予算 under 事業費.
fn further(plan: &Plan) -> [Relation<'_>; 2] {
    let mut targets = Relation::new(RowKind::YearTarget);
    for (owner, indicator) in plan.indicators() {
        let parent = (indicator.row, indicator.id.as_str(), owner.indicator_kind());
        targets.further(parent, indicator.targets.as_ref());
    }
    let mut budgets = Relation::new(RowKind::Budget);
    for cost in plan.projects().flat_map(|project| &project.costs) {
        budgets.further((cost.row, &cost.id, RowKind::Cost), cost.budget.as_ref());
    }
    [targets, budgets]
}

fn check_relation(master: &Master, relation: &Relation<'_>, findings: &mut Findings) {
    let (fitting, strange): (Vec<&Child<'_>>, Vec<&Child<'_>>) =
        relation.children.iter().filter(|child| !child.id.is_empty()).partition(|c| names(c.id, c.under));
    let mut known: Vec<(&str, Row)> = relation.parents.clone();
    known.sort_unstable();
    // An ID that names a parent of this plan speaks for itself. One that names none
    // counts where IDs follow the pattern; one parent with many rows is one voice.
    let fitting: HashSet<&str> = fitting.iter().map(|child| child.under).collect();
    let others: HashSet<&str> =
        strange.iter().map(|child| child.under).filter(|under| !fitting.contains(under)).collect();
    let is_pattern = !fitting.is_empty() && others.len() * 2 <= fitting.len();
    let strange = strange.into_iter().filter(|child| is_pattern || parent_of(child.id, &known).is_some());
    // Those that follow each other and name one parent are one finding; a 目標値 or 予算 may
    // stand between.
    let mut last: Option<(&str, &str, Row)> = None;
    let mut found: Vec<(Row, StructureRule)> = Vec::new();
    for child in strange {
        let seems = named_by(child.id);
        if let Some((id, under, row)) = last
            && (id, under) == (seems, child.under)
            && child.row.0 <= row.0 + 2
            && let Some((_, StructureRule::BelongsElsewhere { more, .. })) = found.last_mut()
        {
            *more += 1;
        } else {
            let at = parent_of(child.id, &known);
            let kind = StructureRule::BelongsElsewhere {
                kind: relation.kind,
                id: child.id.to_owned(),
                parent: child.parent,
                under: child.under.to_owned(),
                seems: at.map_or(seems, |(id, _)| id).to_owned(),
                line: at.map(|(_, row)| master.source.line(row)),
                more: 0,
            };
            found.push((child.row, kind));
        }
        last = Some((seems, child.under, child.row));
    }
    for (row, kind) in found {
        findings.push_at(master.source.place(row, Column::Id), kind);
    }
}

/// Whether an ID begins with its parent's: `P001-1` with P001, but not with P00.
fn names(id: &str, parent: &str) -> bool {
    !parent.is_empty() && id.strip_prefix(parent).is_some_and(|rest| rest.starts_with(is_joint))
}

fn is_joint(c: char) -> bool {
    !c.is_alphanumeric()
}

/// What an ID says of its parent: all before its last part.
fn named_by(id: &str) -> &str {
    id.rfind(is_joint).and_then(|at| id.get(..at)).unwrap_or(id)
}

/// The parent that an ID names, the longest first; `known` is sorted by ID.
fn parent_of<'a>(id: &str, known: &[(&'a str, Row)]) -> Option<(&'a str, Row)> {
    /// No ID has more parts.
    const MOST_PARTS: usize = 16;
    let joints = id.char_indices().rev().filter(|(_, c)| is_joint(*c)).take(MOST_PARTS);
    let joints = joints.filter_map(|(at, _)| id.get(..at));
    joints.into_iter().find_map(|before| {
        let at = known.binary_search_by(|(parent, _)| (*parent).cmp(before)).ok()?;
        known.get(at).copied()
    })
}
