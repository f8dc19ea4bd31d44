//! A new plan's folder: a small example, or the period after a plan.
//!
//! What a new period takes over is its structure: headings, indicators, projects,
//! wording, departments, template. What it never takes over is a figure in a place
//! where it would be printed as the new period's own: actuals are empty, and so are
//! targets, whose old sentence goes to 「備考」. The last actual is offered as the new
//! 「基準値」. The columns that the plan declares are empty: what was written of the old
//! period (委員会意見, 事業期間) would be printed as the new one's. IDs are fresh, for they are
//! stable within one plan only; 「備考」 names the old one. Does no I/O.

mod settings_text;

use std::collections::HashMap;

use crate::finding::column_letters;
use crate::master::{Column, Master};
use crate::named_file::NamedFile;
use crate::plan::{Entry, FiscalYear, Indicator, Measure, Plan, Project, RowKind, Value, YearFigures};
use crate::settings::{FieldSettings, Settings};

const MASTER: &str = "master.csv";
const SETTINGS: &str = "plan.toml";

/// The example: 見本町, an invented town whose plan prints every document that comes with the
/// program.
const EXAMPLE_SETTINGS: &str = include_str!("../../data/mihon/plan.toml");
const EXAMPLE_MASTER: &str = include_str!("../../data/mihon/master.csv");

/// A small plan that can be built at once. Its figures stand in the first of `years`; its own
/// years where there are none.
pub fn example(years: &[FiscalYear]) -> Vec<NamedFile> {
    let settings = EXAMPLE_SETTINGS.as_bytes().to_vec();
    vec![NamedFile::new(SETTINGS, settings), NamedFile::new(MASTER, example_master(years))]
}

/// The master of the example, with other years where any are asked for: one for one from the
/// first, the rest cut or empty.
fn example_master(years: &[FiscalYear]) -> Vec<u8> {
    let bytes = EXAMPLE_MASTER.trim_start_matches('\u{feff}').as_bytes();
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    // A unit test reads the compiled-in file: no record of it is passed over.
    let mut records = reader.into_records().filter_map(Result::ok).peekable();
    let header: Vec<String> = records.peek().into_iter().flatten().map(str::to_owned).collect();
    let is_year = |heading: &String| FiscalYear::parse(heading).is_some();
    let first = header.iter().take_while(|heading| !is_year(heading)).count();
    let own = first..first + header.iter().filter(|heading| is_year(heading)).count();

    let headings: Vec<String> = match years {
        [] => header[own.clone()].to_vec(),
        years => years.iter().map(|year| Column::Actual(*year).heading(&[])).collect(),
    };
    let period = |years: &[String]| Some(format!("{}～{}", years.first()?, years.last()?));
    let (own_period, new_period) = (period(&header[own.clone()]), period(&headings));
    let mut table = Table::empty(headings.len());
    for record in records {
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        let mut figures = cells[own.clone()].to_vec();
        if cells == header {
            figures.clone_from(&headings);
        }
        figures.resize(headings.len(), String::new());
        cells.splice(own.clone(), figures);
        for cell in cells.iter_mut().filter(|cell| Some(&**cell) == own_period.as_ref()) {
            *cell = new_period.clone().unwrap_or_default();
        }
        table.write(cells);
    }
    table.finish()
}

/// The folder of the period after `old`. `template` is the name under which the old
/// plan's template will lie beside the new `plan.toml`.
pub fn next_period(
    old: &Master,
    settings: &Settings,
    years: &[FiscalYear],
    template: Option<&str>,
) -> Vec<NamedFile> {
    let mut table = Table::new(years, &settings.fields);
    let mut writer = PlanWriter {
        table: &mut table,
        fields: &settings.fields,
        ids: HashMap::new(),
        projects: 0,
        unnumbered: 0,
        plan: &old.plan,
    };
    writer.plan();
    let settings = settings_text::next_period(settings, template);
    vec![NamedFile::new(SETTINGS, settings.into_bytes()), NamedFile::new(MASTER, table.finish())]
}

/// A master under construction.
struct Table {
    writer: csv::Writer<Vec<u8>>,
    years: usize,
}

impl Table {
    /// UTF-8 with BOM and CRLF: what Excel opens and saves without a question.
    fn empty(years: usize) -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(vec![0xEF, 0xBB, 0xBF]);
        Self { writer, years }
    }

    /// With its header.
    fn new(years: &[FiscalYear], fields: &[FieldSettings]) -> Self {
        let mut table = Self::empty(years.len());
        let (remark, named) =
            (Column::Remark, Column::NAMED.into_iter().filter(|column| *column != Column::Remark));
        let actuals = years.iter().copied().map(Column::Actual);
        let declared = (0..fields.len()).map(Column::Declared);
        let columns = named.chain(actuals).chain(declared).chain([remark]);
        table.write(columns.map(|column| column.heading(fields)).collect());
        table
    }

    fn write(&mut self, cells: Vec<String>) {
        let written = self.writer.write_record(&cells);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
    }

    fn finish(self) -> Vec<u8> {
        // As above: nothing that could fail is behind it.
        self.writer.into_inner().unwrap_or_default()
    }
}

/// What a row of the new master says.
#[derive(Default)]
struct RowOf<'p> {
    kind: &'static str,
    id: String,
    number: &'p str,
    name: &'p str,
    department: &'p str,
    reprint_of: String,
    purpose: &'p str,
    content: &'p str,
    baseline: &'p str,
    remark: String,
}

/// Takes a plan over, row by row, under fresh IDs.
struct PlanWriter<'p, 't> {
    table: &'t mut Table,
    /// The columns that the plan declares.
    fields: &'t [FieldSettings],
    /// The new IDs of projects by the old.
    ids: HashMap<&'p str, String>,
    projects: usize,
    unnumbered: usize,
    plan: &'p Plan,
}

impl<'p> PlanWriter<'p, '_> {
    fn row(&mut self, row: RowOf<'_>) {
        let mut cells = vec![
            row.kind.to_owned(),
            row.id,
            row.number.to_owned(),
            row.name.to_owned(),
            row.department.to_owned(),
            // 区分: nothing that is taken over is new.
            String::new(),
            row.reprint_of,
            row.purpose.to_owned(),
            row.content.to_owned(),
            // 目標
            String::new(),
            row.baseline.to_owned(),
        ];
        cells.extend((0..self.table.years).map(|_| String::new()));
        // What was written of the old period is none of the new one's.
        cells.extend(self.fields.iter().map(|_| String::new()));
        cells.push(row.remark);
        self.table.write(cells);
    }

    fn plan(&mut self) {
        let plan = self.plan;
        for (goal, at) in plan.goals.iter().zip(1..) {
            let id = format!("G{at}");
            self.heading(RowKind::Goal, &id, [&goal.number, &goal.name, &goal.id].map(String::as_str));
            for (indicator, at) in goal.indicators.iter().zip(1..) {
                self.indicator(RowKind::GoalIndicator, format!("{id}-T{at}"), indicator);
            }
            for (at, field) in goal.fields.iter().enumerate() {
                let id = format!("{id}-{}", column_letters(at));
                self.heading(RowKind::Field, &id, [&field.number, &field.name, &field.id]);
                for (measure, at) in field.measures.iter().zip(1..) {
                    self.measure(format!("{id}-{at}"), measure);
                }
            }
        }
    }

    /// A row with a number and a name, which bore the ID `was`.
    fn heading(&mut self, kind: RowKind, id: &str, [number, name, was]: [&str; 3]) {
        let (id, remark) = (id.to_owned(), former(was));
        self.row(RowOf { kind: kind.word(), id, number, name, remark, ..RowOf::default() });
    }

    fn measure(&mut self, id: String, measure: &'p Measure) {
        let texts = [&measure.number, &measure.name, &measure.id];
        self.heading(RowKind::Measure, &id, texts.map(String::as_str));
        for (indicator, at) in measure.indicators.iter().zip(1..) {
            self.indicator(RowKind::Kpi, format!("{id}-K{at}"), indicator);
        }
        for entry in &measure.entries {
            match entry {
                Entry::Project(project) => self.project(project),
                // A reprint names a project that stands earlier: it has its new ID.
                Entry::Reprint(reprint) => self.row(RowOf {
                    kind: RowKind::Reprint.word(),
                    reprint_of: self.ids.get(reprint.of.as_str()).cloned().unwrap_or_default(),
                    purpose: reprint.purpose.as_deref().unwrap_or_default(),
                    content: reprint.content.as_deref().unwrap_or_default(),
                    ..RowOf::default()
                }),
            }
        }
    }

    fn project(&mut self, project: &'p Project) {
        let id = self.fresh(&project.number);
        self.ids.insert(&project.id, id.clone());
        self.row(RowOf {
            kind: RowKind::Project.word(),
            id: id.clone(),
            number: &project.number,
            name: &project.name,
            department: &project.department,
            purpose: &project.purpose,
            content: &project.content,
            remark: former(&project.id),
            ..RowOf::default()
        });
        for (indicator, at) in project.indicators.iter().zip(1..) {
            let (id, remark) = (format!("{id}-{at}"), former(&indicator.id));
            self.row(RowOf {
                kind: RowKind::ProjectIndicator.word(),
                id: id.clone(),
                name: &indicator.name,
                remark,
                ..RowOf::default()
            });
            self.further(RowKind::YearTarget, format!("{id}-T"), indicator.targets.as_ref());
        }
        for (cost, at) in project.costs.iter().zip(1..) {
            let (id, remark) = (format!("{id}-C{at}"), former(&cost.id));
            let (kind, name) = (RowKind::Cost.word(), &cost.name);
            self.row(RowOf { kind, id: id.clone(), name, remark, ..RowOf::default() });
            self.further(RowKind::Budget, format!("{id}-B"), cost.budget.as_ref());
        }
    }

    /// 予算 or 目標値: a row that was there is there again, without its figures.
    fn further(&mut self, kind: RowKind, id: String, was: Option<&YearFigures>) {
        if let Some(was) = was {
            self.row(RowOf { kind: kind.word(), id, remark: former(&was.id), ..RowOf::default() });
        }
    }

    /// `P001`, or `X01` for a project without a number.
    fn fresh(&mut self, number: &str) -> String {
        if number.chars().any(|c| c.is_ascii_digit()) {
            self.projects += 1;
            format!("P{:03}", self.projects)
        } else {
            self.unnumbered += 1;
            format!("X{:02}", self.unnumbered)
        }
    }

    /// 数値目標 or KPI: its last figure becomes the baseline, its target a remark.
    fn indicator(&mut self, kind: RowKind, id: String, indicator: &Indicator) {
        let last =
            self.plan.years.iter().zip(&indicator.actuals).rev().find_map(|(year, actual)| match actual {
                // A text (◎, 第3位) is as much an answer as a figure.
                Value::Quantity(_) | Value::Text(_) => Some((*year, actual.printed())),
                _ => None,
            });
        let mut remarks = Vec::new();
        if let Some((year, _)) = last {
            remarks.push(format!("基準値は{}の実績（要確認）", year.long()));
        }
        if !indicator.target.is_empty() {
            remarks.push(format!("前期の目標：{}", indicator.target));
        }
        remarks.push(former(&indicator.id));
        self.row(RowOf {
            kind: kind.word(),
            id: id.clone(),
            number: &indicator.number,
            name: &indicator.name,
            department: indicator.department.as_deref().unwrap_or_default(),
            baseline: last.map_or("", |(_, printed)| printed),
            remark: remarks.join("。"),
            ..RowOf::default()
        });
        self.further(RowKind::YearTarget, format!("{id}-T"), indicator.targets.as_ref());
    }
}

fn former(id: &str) -> String {
    format!("前期のID：{id}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::plan::Declared;
    use crate::{check, master};

    fn read(kept: &[NamedFile]) -> (Settings, Master) {
        let bytes = |name: &str| kept.iter().find(|file| file.name == name).unwrap().bytes.clone();
        let settings = Settings::read(&bytes(SETTINGS), SETTINGS).unwrap();
        let (read, findings) = master::read(&bytes(MASTER), MASTER, &settings);
        assert!(!findings.has_errors(), "{findings:?}");
        (settings, read.unwrap())
    }

    #[test]
    fn the_example_has_nothing_to_be_found() {
        for count in [0, 1, 2, 4, 7] {
            let years: Vec<FiscalYear> = (2030..2030 + count).map(FiscalYear::starting).collect();
            let (settings, master) = read(&example(&years));
            let findings = check::check(&master, &settings);
            assert!(findings.is_empty(), "{findings:?}");
            let own = &master.plan.years;
            assert!(years.is_empty() || *own == years);
            assert_eq!(master.plan.latest_reported(), own.iter().take(3).next_back().copied());
        }
    }

    #[test]
    fn the_next_period_begins_without_figures_of_its_own() {
        let (settings, old) = read(&example(&[]));
        let years: Vec<FiscalYear> = (2029..=2032).map(FiscalYear::starting).collect();
        let (new_settings, new) = read(&next_period(&old, &settings, &years, Some("city.toml")));
        assert_eq!(new.plan.years, years);
        assert_eq!(new.plan.latest_reported(), None);
        assert_eq!(new.plan.projects().count(), old.plan.projects().count());
        assert_eq!(new_settings.departments.order, settings.departments.order);
        assert_eq!(new_settings.document.template.unwrap().to_str(), Some("city.toml"));
        for ((_, now), (_, was)) in new.plan.indicators().into_iter().zip(old.plan.indicators()) {
            assert_eq!(now.name, was.name);
            assert_eq!(now.target, "");
            assert!(now.remark.contains(&was.id) && now.remark.contains(&was.target), "{}", now.remark);
        }
        let kpi = new.plan.goals[0].fields[0].measures[0].indicators[1].clone();
        assert_eq!(kpi.baseline.printed(), "12.10億円");
    }

    /// Costs, budgets and targets come with their names and without their figures; of the
    /// declared columns, the headings.
    #[test]
    fn costs_and_declared_columns_are_taken_over() {
        let fields = "[[fields]]\nname = '評価'\nrows = ['KPI']\ntype = '選択'\nchoices = ['Ａ', 'Ｂ']\n\
            [[fields]]\nname = '会計'\nrows = ['事業', '施策']\nask = false\n";
        let (text, _) = EXAMPLE_SETTINGS.split_once("[[fields]]").unwrap();
        let text = text.to_owned() + fields;
        let settings = Settings::read(text.as_bytes(), SETTINGS).unwrap();
        let master = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R7,評価,会計,備考\n\
            基本目標,M1,1,産業\n分野,M2,ア,雇用\n施策,M3,①,担い手,,,,,,,,,,特別\n\
            KPI,M4,①,件数,,,,,,4年で15件増加,5件,6件,Ｂ\n目標値,M5,,,,,,,,,,6件\n\
            事業,M6,1,漁業,産業課,,,目的,,,,,,一般\n\
            事業費,M7,,国庫支出金,,,,,,,,5千円\n予算,M8,,,,,,,,,,6千円\n事業費,M9,,計,,,,,,,,5千円\n\
            事業量,M10,,尾数,,,,,,,,5尾\n目標値,M11,,,,,,,,,,6尾\n";
        let (old, findings) = master::read(master.as_bytes(), MASTER, &settings);
        assert!(findings.is_empty(), "{findings:?}");
        let files = next_period(&old.unwrap(), &settings, &[FiscalYear::starting(2029)], None);
        let (new_settings, new) = read(&files);
        assert_eq!(new_settings.fields, settings.fields);
        let measure = &new.plan.goals[0].fields[0].measures[0];
        let said = |declared: &Declared, name: &str| declared.get(name).map(|cell| cell.printed().to_owned());
        assert_eq!(said(&measure.declared, "会計"), Some(String::new()));
        assert_eq!(said(&measure.indicators[0].declared, "評価"), Some(String::new()));
        let targets = measure.indicators[0].targets.as_ref().unwrap();
        assert_eq!((targets.id.as_str(), &targets.figures[..]), ("G1-A-1-K1-T", &[Value::NotReported][..]));
        let project = measure.projects().next().unwrap();
        assert_eq!(said(&project.declared, "会計"), Some(String::new()));
        let costs: Vec<(&str, &str)> =
            project.costs.iter().map(|cost| (cost.id.as_str(), cost.name.as_str())).collect();
        assert_eq!(costs, [("P001-C1", "国庫支出金"), ("P001-C2", "計")]);
        let budget = project.costs[0].budget.as_ref().unwrap();
        assert_eq!((budget.id.as_str(), budget.remark.as_str()), ("P001-C1-B", "前期のID：M8"));
        assert_eq!(project.indicators[0].targets.as_ref().unwrap().id, "P001-1-T");
        let written = |file: &NamedFile| String::from_utf8_lossy(&file.bytes).contains("千円");
        assert!(!files.iter().any(written));
    }

    #[test]
    fn reprints_follow_their_project_under_its_new_id() {
        let (settings, mut old) = read(&example(&[]));
        // An old plan whose IDs are not in a row.
        let bytes = String::from_utf8(old.source.bytes().to_vec()).unwrap().replace("P001", "P777");
        old = master::read(bytes.as_bytes(), MASTER, &settings).0.unwrap();
        let (_, new) = read(&next_period(&old, &settings, &old.plan.years, None));
        let entries = &new.plan.goals[0].fields[1].measures[0].entries;
        assert!(matches!(entries.last(), Some(Entry::Reprint(reprint)) if reprint.of == "P001"));
    }

    #[test]
    fn a_whole_plan_is_taken_over_without_an_error() {
        let bytes = |name: &str| std::fs::read(format!("data/nemuro/{name}")).unwrap();
        let settings = Settings::read(&bytes(SETTINGS), SETTINGS).unwrap();
        let old = master::read(&bytes(MASTER), MASTER, &settings).0.unwrap();
        let (settings, new) = read(&next_period(&old, &settings, &[FiscalYear::starting(2025)], None));
        let findings = check::check(&new, &settings);
        assert_eq!(findings.count(Severity::Error), 0);
        assert_eq!(new.plan.indicators().len(), old.plan.indicators().len());
    }
}
