//! What a plan declares for itself, what its projects cost, what its indicators are to reach.

use super::*;
use crate::layout::{Origin, PageIndex, Part};
use crate::plan::{
    Cost, Declared, DeclaredCell, Entry, Indicator, Plan, Project, Row, Value, Vocabulary, YearFigures,
};

const FIELDS: &str = r#"
[[fields]]
name = "課題"
rows = ["事業", "施策"]
[[fields]]
name = "評価"
rows = ["KPI", "事業"]
"#;

fn declared_settings() -> Settings {
    Settings::read(format!("{SETTINGS}{FIELDS}").as_bytes(), "plan.toml").unwrap()
}

fn values(texts: [&str; 2]) -> Vec<Value> {
    texts.map(|text| Value::parse(text, &Vocabulary::default()).unwrap()).into()
}

fn below(row: usize, id: &str, texts: [&str; 2]) -> YearFigures {
    YearFigures { row: Row(row), id: id.into(), figures: values(texts), remark: String::new() }
}

fn cost(row: usize, id: &str, name: &str, texts: [&str; 2], budget: Option<YearFigures>) -> Cost {
    Cost {
        row: Row(row),
        id: id.into(),
        name: name.into(),
        actuals: values(texts),
        budget,
        remark: String::new(),
    }
}

fn words(cells: &[(&str, &str)]) -> Declared {
    let cell = |(name, text): &(&str, &str)| (String::from(*name), DeclaredCell::Text(String::from(*text)));
    Declared::new(cells.iter().map(cell).collect())
}

fn project(plan: &mut Plan) -> &mut Project {
    match &mut plan.goals[0].fields[0].measures[0].entries[0] {
        Entry::Project(project) => project,
        Entry::Reprint(_) => panic!("the first is a project"),
    }
}

fn kpi(plan: &mut Plan) -> &mut Indicator {
    &mut plan.goals[0].fields[0].measures[0].indicators[0]
}

/// A project with two sources of money, a KPI with a target each year, and what both say in
/// declared columns.
fn money() -> Master {
    let mut master = read(ROWS);
    let budget = below(91, "P001-C1-B", ["1,500千円", "1,600.50千円"]);
    project(&mut master.plan).costs = vec![
        cost(90, "P001-C1", "計", ["1,234.50千円", ""], Some(budget)),
        cost(92, "P001-C2", "一般財源", ["1,000千円", ""], None),
    ];
    project(&mut master.plan).declared = words(&[("課題", "人手"), ("評価", "")]);
    kpi(&mut master.plan).targets = Some(below(93, "G1-A-1-K1-T", ["5人", "10人"]));
    kpi(&mut master.plan).declared = words(&[("評価", "A")]);
    master
}

/// All that can change of it.
fn changed() -> Plan {
    let mut plan = money().plan;
    let project = project(&mut plan);
    project.declared = words(&[("課題", "人手と資金"), ("評価", "B")]);
    let budget = below(91, "P001-C1-B", ["1,500千円", "1,600.5千円"]);
    project.costs = vec![
        cost(90, "P001-C1", "総計", ["1,234.5千円", "1,300千円"], Some(budget)),
        cost(94, "P001-C3", "国庫支出金", ["234千円", ""], Some(below(95, "P001-C3-B", ["300千円", ""]))),
    ];
    let kpi = kpi(&mut plan);
    kpi.declared = words(&[("評価", "")]);
    kpi.targets = Some(below(93, "G1-A-1-K1-T", ["5人", "12人"]));
    plan
}

fn compared(old: &Plan, new: &Plan) -> Vec<Change> {
    let settings = declared_settings();
    compare(Side { plan: old, settings: &settings }, Side { plan: new, settings: &settings })
}

#[test]
fn money_targets_and_declared_cells_are_matched_by_id() {
    let found = compared(&money().plan, &changed());
    assert_eq!(
        found.iter().map(shown).collect::<Vec<_>>(),
        [
            "G1-A-1-K1 評価 A → ",
            "G1-A-1-K1-T R4目標値 10人 → 12人",
            "P001 課題 人手 → 人手と資金",
            "P001 評価  → B",
            "P001-C1 名称 計 → 総計",
            // As it is printed: a nought behind the point is a digit.
            "P001-C1 R3決算 1,234.50千円 → 1,234.5千円",
            "P001-C1 R4決算  → 1,300千円",
            "P001-C1-B R4予算 1,600.50千円 → 1,600.5千円",
            "P001-C2 削除 一般財源/R3決算：1,000千円 → ",
            "P001-C3 追加  → 国庫支出金/R3決算：234千円",
            "P001-C3-B 追加  → R3予算：300千円",
        ]
    );
    let subjects: Vec<String> = found.iter().skip(1).step_by(6).map(Change::subject).collect();
    assert_eq!(subjects, ["目標値「就業者」", "事業1「甲事業」の予算「計」"]);
    assert_eq!(serde_json::to_value(&found[0].what).unwrap(), "declared:評価");
    assert_eq!(serde_json::to_value(&found[7].what).unwrap(), "budgeted:R4");
    assert_eq!(serde_json::to_value(found[7].kind).unwrap(), "budget");
}

/// A document with cells of these parts on its second page, beside those it has.
fn document_with(master: &Master, parts: &[(usize, Part)]) -> [errata::DocumentPages; 1] {
    let mut document = document(master, &settings(), &Template::official());
    let sheet = document.sheets.last_mut().unwrap();
    let like = sheet.cells.iter().find(|cell| cell.origin.is_some()).unwrap().clone();
    sheet.cells.extend(parts.iter().map(|(row, part)| {
        let mut cell = like.clone();
        cell.origin = Some(Origin { row: Row(*row), part: *part, reprint: None });
        cell
    }));
    [errata::DocumentPages { name: String::new(), index: PageIndex::of(&document) }]
}

/// The items of the 正誤表 where the old document has these cells.
fn corrected(parts: &[(usize, Part)]) -> Vec<String> {
    let master = money();
    let pages = document_with(&master, parts);
    let changes = compared(&master.plan, &changed());
    let corrections = errata::corrections(&changes, &master.plan, &pages, &Template::official());
    corrections.iter().map(|c| format!("{}|{}", c.place, c.item).replace('\n', "/")).collect()
}

#[test]
fn what_the_council_never_saw_is_not_corrected() {
    assert!(corrected(&[]).is_empty());
    let of_project = project(&mut money().plan).row.0;
    let year = |year: i32| Part::Actual(FiscalYear::starting(year));
    assert_eq!(
        corrected(&[(of_project, Part::Declared(1)), (91, year(2022))]),
        [
            "1ページ/基本目標1（ア）①|事業1「甲事業」　評価",
            "1ページ/基本目標1（ア）①|事業1「甲事業」の予算「計」　R4予算",
            // Where the 予算 of others is printed, a new one is missing.
            "1ページ/基本目標1（ア）①|事業1「甲事業」の予算「国庫支出金」　追加",
        ]
    );
    assert_eq!(
        corrected(&[(90, year(2021)), (93, Part::Name)]),
        [
            "1ページ/基本目標1（ア）①|事業1「甲事業」の事業費「計」　名称",
            "1ページ/基本目標1（ア）①|事業1「甲事業」の事業費「計」　R3決算",
            "1ページ/基本目標1（ア）①|事業1「甲事業」の事業費「国庫支出金」　追加",
        ]
    );
}

/// Of sources that the document leaves out everywhere, a new one is no correction.
#[test]
fn what_is_new_is_corrected_where_its_like_is_printed() {
    let mut old = read(ROWS);
    let add = |plan: &mut Plan, cost: Cost| match &mut plan.goals[0].fields[0].measures[1].entries[0] {
        Entry::Project(other) => other.costs.push(cost),
        Entry::Reprint(_) => panic!("the first is a project"),
    };
    add(&mut old.plan, cost(96, "P004-C1", "計", ["1千円", ""], None));
    let mut new = old.plan.clone();
    project(&mut new).costs = project(&mut money().plan).costs.clone();
    let changes = compared(&old.plan, &new);
    let pages = document_with(&old, &[(96, Part::Name)]);
    let items = |plan: &Plan| -> Vec<String> {
        let corrections = errata::corrections(&changes, plan, &pages, &Template::official());
        corrections.into_iter().map(|c| c.item).collect()
    };
    let total = "事業1「甲事業」の事業費「計」　追加";
    assert_eq!(items(&old.plan), [total, "事業1「甲事業」の事業費「一般財源」　追加"]);
    add(&mut old.plan, cost(97, "P004-C2", "一般財源", ["1千円", ""], None));
    assert_eq!(items(&old.plan), [total]);
}

/// Columns are matched by their names, whatever their order in each plan's settings; their
/// places are those of the old one.
#[test]
fn columns_that_only_one_plan_declares() {
    let old = declared_settings();
    let mut new = declared_settings();
    new.fields.reverse();
    new.fields[1].name = "成果".into();
    let mut plan = money().plan;
    project(&mut plan).declared = words(&[("成果", "あり"), ("評価", "C")]);
    let found = compare(Side { plan: &money().plan, settings: &old }, Side { plan: &plan, settings: &new });
    let place = |change: &Change| match &change.what {
        What::Declared(column) => column.place,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        found.iter().map(|change| (place(change), shown(change))).collect::<Vec<_>>(),
        [
            (0, "P001 課題 人手 → ".to_owned()),
            (1, "P001 評価  → C".to_owned()),
            (2, "P001 成果  → あり".to_owned()),
        ]
    );
}
