//! Rows to a plan: what belongs to what, read from top to bottom.
//!
//! A row belongs to the nearest row above it of the next higher kind, and the rows
//! stand in the order in which the document prints them. Everything wrong is
//! reported, not the first thing only; what follows from an earlier mistake is not
//! reported again: the rows under a row that has no place of its own are still read,
//! but nobody is told a second time that they have none.

mod declared;
mod figures;

use std::collections::{HashMap, HashSet};

use super::columns::Column;
use super::kind::UsedColumns;
use super::limits::{LONGEST_CELL, MOST_DEPARTMENTS, MOST_GOALS, shortened};
use super::source::Source;
use crate::finding::{Finding, FindingKind, Findings, Place, ReadingRule, StructureRule, nearest};
use crate::plan::{
    Entry, Field, FiscalYear, Goal, Measure, Plan, Project, Reprint, Row, RowKind, Value, Vocabulary, reading,
};
use crate::settings::Settings;

/// A file with more findings than this is another file, or needs no longer list.
const MOST_FINDINGS: usize = 5_000;

/// Looking for the nearest word takes time; a file with more misspellings than this
/// gets no more suggestions.
const MOST_SUGGESTIONS: usize = 100;
/// And no more words than this are looked at for all of them.
const MOST_CANDIDATES: usize = 100_000;

/// Reads `rows` of the source, none of them blank, into a plan. In `shifted` rows no cell
/// can be trusted to stand in its column.
pub(super) fn read(
    source: &Source,
    rows: &[Row],
    shifted: &HashSet<Row>,
    settings: &Settings,
    findings: &mut Findings,
) -> Plan {
    let years = source.columns().years();
    let mut outline = Outline {
        source,
        shifted,
        vocabulary: settings.values.vocabulary(),
        departments: known_departments(settings),
        ids: HashMap::new(),
        named: HashSet::new(),
        suggestions: 0,
        candidates: MOST_CANDIDATES,
        projects: Vec::new(),
        placed: HashSet::new(),
        found: Vec::new(),
        goals: Vec::new(),
        goal: Level::Missing,
        field: Level::Missing,
        measure: Level::Missing,
        project: Level::Missing,
        last: None,
        series: figures::Above::default(),
        costs: HashMap::new(),
        entries: HashMap::new(),
        choices: declared::choices(&settings.fields),
        years,
    };
    if rows.is_empty() {
        findings.push_at(Place::file(source.file_name()), StructureRule::NoRows);
    }
    outline.collect_ids(rows);
    for &row in rows {
        outline.row(row);
        outline.found.sort_by_key(|finding| finding.place.as_ref().and_then(|place| place.column));
        findings.extend(outline.found.drain(..));
        if findings.len() > MOST_FINDINGS {
            findings.push_at(source.row_place(row), ReadingRule::TooManyFindings { count: MOST_FINDINGS });
            break;
        }
        let counts = [
            ("基本目標", outline.goals.len(), MOST_GOALS),
            ("担当課", outline.named.len(), MOST_DEPARTMENTS),
        ];
        if let Some((what, _, most)) = counts.into_iter().find(|(_, count, most)| count > most) {
            findings.push_at(source.row_place(row), ReadingRule::TooLarge { what, most });
            break;
        }
    }
    Plan { years: outline.years, goals: outline.goals }
}

fn known_departments(settings: &Settings) -> HashMap<String, String> {
    let departments = &settings.departments;
    let joint = departments.joint.iter().flat_map(|joint| std::iter::once(&joint.name).chain(&joint.members));
    let all = departments.order.iter().chain(&departments.outside).chain(joint);
    all.map(|name| (reading::key(name), name.clone())).collect()
}

/// Whether there is a row above to which the next one can belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// There is none.
    Missing,
    /// It is the last of its kind in the plan.
    Open,
    /// There is one, but it has no place in the plan itself; that was reported.
    Lost,
}

struct Outline<'a> {
    source: &'a Source,
    shifted: &'a HashSet<Row>,
    vocabulary: Vocabulary,
    /// As `plan.toml` writes them, by the form in which they are compared.
    departments: HashMap<String, String>,
    /// The departments that rows name.
    named: HashSet<String>,
    years: Vec<FiscalYear>,
    /// The first row of every ID.
    ids: HashMap<String, (Row, RowKind)>,
    suggestions: usize,
    /// How many words may still be looked at.
    candidates: usize,
    /// The IDs of the projects read so far, in order.
    projects: Vec<String>,
    /// Those of them that have a place in the plan.
    placed: HashSet<String>,
    /// What is wrong with the row being read.
    found: Vec<Finding>,
    goals: Vec<Goal>,
    goal: Level,
    field: Level,
    measure: Level,
    project: Level,
    /// The kind of the row before.
    last: Option<RowKind>,
    /// To what a 予算 or 目標値 in the next row would belong.
    series: figures::Above,
    /// The 事業費 of the project being read, by name.
    costs: HashMap<String, Row>,
    /// The projects that the measure lists, its own and reprints.
    entries: HashMap<String, Row>,
    /// Of each declared column, what may be chosen.
    choices: Vec<declared::Choices>,
}

impl<'a> Outline<'a> {
    /// A first pass, so that a reference can be told from one to a later row.
    fn collect_ids(&mut self, rows: &[Row]) {
        for &row in rows {
            let id = self.key(row, Column::Id);
            if let Some(kind) = RowKind::parse(self.source.cell(row, Column::Kind))
                && !id.is_empty()
            {
                self.ids.entry(id).or_insert((row, kind));
            }
        }
    }

    fn row(&mut self, row: Row) {
        let Some(kind) = self.kind(row) else {
            self.series = figures::Above::Unknown;
            return;
        };
        if !self.shifted.contains(&row) {
            self.unused(row, kind);
        }
        if kind != RowKind::Reprint {
            self.identity(row, kind);
        }
        match kind {
            RowKind::Goal => self.goal(row),
            RowKind::Field => self.field(row),
            RowKind::Measure => self.measure(row),
            RowKind::Project => self.project(row),
            RowKind::Reprint => self.reprint(row),
            RowKind::GoalIndicator | RowKind::Kpi | RowKind::ProjectIndicator => self.indicator(row, kind),
            RowKind::Cost => self.cost(row),
            RowKind::Budget | RowKind::YearTarget => self.further_figures(row, kind),
        }
        if !kind.has_years() {
            self.series = figures::Above::Other;
        }
        self.last = Some(kind);
    }

    /// Reports what is wrong with a cell. What only follows from a missing column is not
    /// said again in every row.
    fn report(&mut self, row: Row, column: Column, kind: impl Into<FindingKind>) {
        if !self.source.has(column) {
            return;
        }
        self.found.push(Finding::at(self.source.place(row, column), kind));
    }

    /// The cell as the plan keeps it: no blanks around it, line breaks as one character,
    /// letters and their marks too.
    fn text(&self, row: Row, column: Column) -> String {
        let text = reading::composed(self.source.cell(row, column).trim());
        if text.len() > LONGEST_CELL && text.chars().map(char::len_utf16).sum::<usize>() > LONGEST_CELL {
            return String::new(); // reported when the records were read
        }
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() }
    }

    /// A reference: `Ｐ００１` is `P001`.
    fn key(&self, row: Row, column: Column) -> String {
        reading::key(&self.text(row, column))
    }

    fn suggest<'b>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'b str>) -> Option<&'b str> {
        self.suggestions += 1;
        if self.suggestions > MOST_SUGGESTIONS {
            return None;
        }
        let left = &mut self.candidates;
        let looked_at = candidates.into_iter().take(*left).inspect(|_| *left = left.saturating_sub(1));
        nearest(word, looked_at)
    }

    // ── What every row has ────────────────────────────────────────────────────

    /// The kind; a misspelt one is taken for the nearest, so that one slip does not
    /// put everything below it out of place.
    fn kind(&mut self, row: Row) -> Option<RowKind> {
        let text = self.source.cell(row, Column::Kind).trim();
        if text.is_empty() {
            self.report(row, Column::Kind, StructureRule::MissingKind);
            return None;
        }
        let known = RowKind::parse(text);
        if known.is_some() {
            return known;
        }
        let nearest = self.suggest(text, RowKind::words());
        self.report(row, Column::Kind, StructureRule::UnknownKind { text: shortened(text), nearest });
        nearest.and_then(RowKind::parse)
    }

    fn unused(&mut self, row: Row, kind: RowKind) {
        let columns = self.source.columns().by_position.iter().flatten();
        for &column in columns {
            let text = self.source.cell(row, column).trim();
            if kind.uses(column, &self.source.columns().fields) || text.is_empty() || is_dash(text) {
                continue;
            }
            let text = shortened(text);
            let is_figure = matches!(column, Column::Baseline | Column::Actual(_));
            let found = if kind == RowKind::Reprint && is_figure {
                StructureRule::ReprintWithFigure { text }
            } else {
                StructureRule::UnusedCell { kind, heading: self.source.heading(column), text }
            };
            self.report(row, column, found);
        }
    }

    fn identity(&mut self, row: Row, kind: RowKind) {
        let id = self.key(row, Column::Id);
        match self.ids.get(&id) {
            _ if id.is_empty() => self.report(row, Column::Id, StructureRule::MissingId { kind }),
            Some((first, _)) if *first < row => {
                let line = self.source.line(*first);
                self.report(row, Column::Id, StructureRule::DuplicateId { id: shortened(&id), line });
            }
            _ => {}
        }
        if kind.has_name() && self.source.cell(row, Column::Name).trim().is_empty() {
            self.report(row, Column::Name, StructureRule::MissingName { kind });
        }
        if kind.has_number() && self.source.cell(row, Column::Number).trim().is_empty() {
            self.report(row, Column::Number, StructureRule::MissingNumber { kind });
        }
    }

    // ── Where the row belongs ─────────────────────────────────────────────────

    /// The level of a row under `parent`; reports where there is nothing above.
    fn under(&mut self, parent: Level, row: Row, kind: RowKind, parent_kind: RowKind) -> Level {
        if parent == Level::Missing {
            let kind = StructureRule::NoParent { kind, parent: parent_kind };
            self.report(row, Column::Kind, kind);
        }
        if parent == Level::Open { Level::Open } else { Level::Lost }
    }

    fn out_of_order(&mut self, row: Row, kind: RowKind, earlier: RowKind) {
        let kind = StructureRule::OutOfOrder { kind, earlier };
        self.report(row, Column::Kind, kind);
    }

    fn goal(&mut self, row: Row) {
        (self.goal, self.field, self.measure, self.project) =
            (Level::Open, Level::Missing, Level::Missing, Level::Missing);
        let goal = Goal {
            row,
            id: self.key(row, Column::Id),
            number: self.text(row, Column::Number),
            name: self.text(row, Column::Name),
            declared: self.declared(row, RowKind::Goal),
            indicators: Vec::new(),
            fields: Vec::new(),
        };
        self.goals.push(goal);
    }

    fn field(&mut self, row: Row) {
        self.field = self.under(self.goal, row, RowKind::Field, RowKind::Goal);
        (self.measure, self.project) = (Level::Missing, Level::Missing);
        let field = Field {
            row,
            id: self.key(row, Column::Id),
            number: self.text(row, Column::Number),
            name: self.text(row, Column::Name),
            declared: self.declared(row, RowKind::Field),
            measures: Vec::new(),
        };
        if let (Level::Open, Some(goal)) = (self.field, self.goals.last_mut()) {
            goal.fields.push(field);
        }
    }

    fn measure(&mut self, row: Row) {
        self.measure = self.under(self.field, row, RowKind::Measure, RowKind::Field);
        self.project = Level::Missing;
        self.entries.clear();
        let measure = Measure {
            row,
            id: self.key(row, Column::Id),
            number: self.text(row, Column::Number),
            name: self.text(row, Column::Name),
            declared: self.declared(row, RowKind::Measure),
            indicators: Vec::new(),
            entries: Vec::new(),
        };
        let field = self.goals.last_mut().and_then(|goal| goal.fields.last_mut());
        if let (Level::Open, Some(field)) = (self.measure, field) {
            field.measures.push(measure);
        }
    }

    /// The measure to which rows are being added.
    fn open_measure(&mut self) -> Option<&mut Measure> {
        self.goals.last_mut()?.fields.last_mut()?.measures.last_mut()
    }

    fn project(&mut self, row: Row) {
        self.project = self.under(self.measure, row, RowKind::Project, RowKind::Measure);
        self.costs.clear();
        let division = self.text(row, Column::Division);
        if !matches!(division.as_str(), "" | "新規") && !is_dash(&division) {
            self.report(row, Column::Division, StructureRule::UnknownDivision { text: division.clone() });
        }
        let department = self.department(row);
        if department.is_empty() {
            self.report(row, Column::Department, StructureRule::MissingDepartment);
        }
        let project = Project {
            row,
            id: self.key(row, Column::Id),
            number: self.text(row, Column::Number),
            name: self.text(row, Column::Name),
            department,
            is_new: division == "新規",
            purpose: self.text(row, Column::Purpose),
            content: self.text(row, Column::Content),
            declared: self.declared(row, RowKind::Project),
            indicators: Vec::new(),
            costs: Vec::new(),
            remark: self.text(row, Column::Remark),
        };
        self.listed_once(row, &project.id, Column::Id);
        self.projects.push(project.id.clone());
        if self.project == Level::Open {
            self.placed.insert(project.id.clone());
        }
        if self.project == Level::Open
            && let Some(measure) = self.open_measure()
        {
            measure.entries.push(Entry::Project(project));
        }
    }

    fn listed_once(&mut self, row: Row, id: &str, column: Column) {
        if id.is_empty() {
            return;
        }
        match self.entries.get(id) {
            // An ID given to two projects is reported as that.
            Some(_) if column == Column::Id => {}
            Some(first) => {
                let line = self.source.line(*first);
                self.report(row, column, StructureRule::ReprintInSameMeasure { id: id.to_owned(), line });
            }
            None => {
                self.entries.insert(id.to_owned(), row);
            }
        }
    }

    fn reprint(&mut self, row: Row) {
        let level = self.under(self.measure, row, RowKind::Reprint, RowKind::Measure);
        // 「事業量」 belongs to no reprint.
        self.project = if level == Level::Open { Level::Missing } else { Level::Lost };
        let of = self.key(row, Column::ReprintOf);
        let wording = |text: String| (!text.is_empty()).then_some(text);
        let reprint = Reprint {
            row,
            purpose: wording(self.text(row, Column::Purpose)),
            content: wording(self.text(row, Column::Content)),
            of,
        };
        if let Some(kind) = self.bad_reference(row, &reprint.of) {
            self.report(row, Column::ReprintOf, kind);
            return;
        }
        self.listed_once(row, &reprint.of, Column::ReprintOf);
        if level == Level::Open
            && self.placed.contains(&reprint.of)
            && let Some(measure) = self.open_measure()
        {
            measure.entries.push(Entry::Reprint(reprint));
        }
    }

    fn bad_reference(&mut self, row: Row, id: &str) -> Option<StructureRule> {
        if id.is_empty() {
            return Some(StructureRule::ReprintOfNothing);
        }
        match self.ids.get(id).copied() {
            None => {
                let earlier = std::mem::take(&mut self.projects);
                let nearest = self.suggest(id, earlier.iter().map(String::as_str)).map(str::to_owned);
                self.projects = earlier;
                Some(StructureRule::ReprintOfUnknownProject { id: shortened(id), nearest })
            }
            Some((at, kind)) if kind != RowKind::Project => {
                let line = self.source.line(at);
                Some(StructureRule::ReprintOfOther { id: id.to_owned(), kind, line })
            }
            Some((at, _)) if at > row => {
                Some(StructureRule::ReprintBeforeProject { id: id.to_owned(), line: self.source.line(at) })
            }
            Some(_) => None,
        }
    }

    /// The department as `plan.toml` writes it, in whatever width the master does.
    fn department(&mut self, row: Row) -> String {
        let name = self.text(row, Column::Department);
        if !self.named.contains(&name) {
            self.named.insert(name.clone());
        }
        if name.is_empty() || self.departments.is_empty() {
            return name;
        }
        if let Some(known) = self.departments.get(&reading::key(&name)) {
            return known.clone();
        }
        let departments = std::mem::take(&mut self.departments);
        let mut names: Vec<&str> = departments.values().map(String::as_str).collect();
        names.sort_unstable();
        let nearest = self.suggest(&name, names).map(str::to_owned);
        self.departments = departments;
        let kind = StructureRule::UnknownDepartment { name: name.clone(), nearest };
        self.report(row, Column::Department, kind);
        name
    }
}

/// A dash says that there is nothing: it is welcome in any cell that is not used.
fn is_dash(text: &str) -> bool {
    matches!(Value::parse(text, &Vocabulary::empty()), Ok(Value::NotApplicable(_)))
}
