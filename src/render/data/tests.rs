use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::plan::{
    Cost, Declared, DeclaredCell, Entry, Field, FiscalYear, Goal, Indicator, Measure, Project, Reprint, Row,
    Vocabulary, YearFigures,
};
use crate::settings::FieldSettings;

fn settings() -> Settings {
    toml::from_str(
        r#"[plan]
        id = "p"
        city = "根室市"
        city_code = "012238"
        office = "総合政策室"
        name = "第２期　根室市創生総合戦略"
        title = "実績一覧""#,
    )
    .unwrap()
}

fn read(text: &str) -> Value {
    Value::parse(text, &Vocabulary::default()).unwrap()
}

fn read_all(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| read(text)).collect()
}

fn indicator(id: &str, number: &str, name: &str, target: &str, values: &[&str]) -> Indicator {
    Indicator {
        row: Row(0),
        id: id.into(),
        number: number.into(),
        name: name.into(),
        department: None,
        target: target.into(),
        baseline: read(values[0]),
        actuals: read_all(&values[1..]),
        targets: None,
        declared: Declared::default(),
        remark: "公表しない備考".into(),
    }
}

fn project(id: &str, number: &str, indicators: Vec<Indicator>) -> Entry {
    Entry::Project(Project {
        row: Row(0),
        id: id.into(),
        number: number.into(),
        name: "沿岸漁業振興対策事業".into(),
        department: "水産指導課".into(),
        is_new: false,
        purpose: String::new(),
        content: String::new(),
        declared: Declared::default(),
        indicators,
        costs: Vec::new(),
        remark: String::new(),
    })
}

/// One goal with each kind of indicator, and a reprint.
fn plan(goal: Vec<Indicator>, measure: Vec<Indicator>, entries: Vec<Entry>) -> Plan {
    let measure = Measure {
        row: Row(0),
        id: "G1-A-1".into(),
        number: "①".into(),
        name: "農林漁業の持続的な発展".into(),
        declared: Declared::default(),
        indicators: measure,
        entries,
    };
    let field = Field {
        row: Row(0),
        id: "G1-A".into(),
        number: "ア".into(),
        name: "経済・雇用対策".into(),
        declared: Declared::default(),
        measures: vec![measure],
    };
    let goal = Goal {
        row: Row(0),
        id: "G1".into(),
        number: "１".into(),
        name: "稼げる仕組みづくり".into(),
        declared: Declared::default(),
        indicators: goal,
        fields: vec![field],
    };
    Plan { years: vec![FiscalYear::starting(2021), FiscalYear::starting(2022)], goals: vec![goal] }
}

fn sample() -> DataTable {
    let plan = plan(
        vec![indicator(
            "G1-T1",
            "①",
            "20～39歳の女性の人口",
            "4年で①を\n1,665人確保",
            &["1,622人", "2,070人", ""],
        )],
        vec![indicator("G1-A-1-K1", "⑳", "出荷額", "4年で総額500億円増加", &["326.6", "146.00億円", "—"])],
        vec![
            project(
                "P001",
                "2",
                vec![indicator("P001-1", "", "利用者数", "", &["", "延べ49,381人", "調査中"])],
            ),
            project("X01", "-", vec![indicator("X01-1", "", "生残率", "", &["", "△3.2%", "−0.0%"])]),
            Entry::Reprint(Reprint { row: Row(0), of: "P001".into(), purpose: None, content: None }),
        ],
    );
    DataTable::of(&plan, &settings())
}

/// The whole table, as its reader gets it.
#[test]
fn one_row_is_one_indicator() {
    let csv = String::from_utf8(sample().to_csv()).unwrap();
    let expected = [
        concat!(
            "\u{FEFF}\"団体コード\",\"団体名\",\"計画名\",\"ID\",\"種別\",\"基本目標番号\",\"基本目標\",\"分野番号\",\"分野\",",
            "\"施策番号\",\"施策\",\"事業番号\",\"事業名\",\"担当課\",\"項目番号\",\"項目名\",\"目標\",\"単位\",\"接頭語\",",
            "\"基準値\",\"基準値の状態\",\"2021年度（令和3年度）実績\",\"2021年度（令和3年度）の状態\",",
            "\"2022年度（令和4年度）実績\",\"2022年度（令和4年度）の状態\",\"基準値の単位\",\"基準値の接頭語\",",
            "\"2021年度（令和3年度）の単位\",\"2021年度（令和3年度）の接頭語\",",
            "\"2022年度（令和4年度）の単位\",\"2022年度（令和4年度）の接頭語\""
        ),
        concat!(
            "\"012238\",\"根室市\",\"第２期 根室市創生総合戦略\",\"G1-T1\",\"数値目標\",\"1\",\"稼げる仕組みづくり\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",",
            "\"1\",\"20～39歳の女性の人口\",\"4年で(1)を 1,665人確保\",\"人\",\"\",",
            "\"1622\",\"数値あり\",\"2070\",\"数値あり\",\"\",\"未報告\",\"人\",\"\",\"人\",\"\",\"\",\"\""
        ),
        concat!(
            "\"012238\",\"根室市\",\"第２期 根室市創生総合戦略\",\"G1-A-1-K1\",\"KPI\",\"1\",\"稼げる仕組みづくり\",\"ア\",\"経済・雇用対策\",",
            "\"1\",\"農林漁業の持続的な発展\",\"\",\"\",\"\",\"20\",\"出荷額\",\"4年で総額500億円増加\",\"値により異なる\",\"\",",
            "\"326.6\",\"数値あり\",\"146.00\",\"数値あり\",\"\",\"該当なし\",\"\",\"\",\"億円\",\"\",\"\",\"\""
        ),
        concat!(
            "\"012238\",\"根室市\",\"第２期 根室市創生総合戦略\",\"P001-1\",\"事業量\",\"1\",\"稼げる仕組みづくり\",\"ア\",\"経済・雇用対策\",",
            "\"1\",\"農林漁業の持続的な発展\",\"2\",\"沿岸漁業振興対策事業\",\"水産指導課\",\"\",\"利用者数\",\"\",\"人\",\"延べ\",",
            "\"\",\"該当なし\",\"49381\",\"数値あり\",\"\",\"調査中\",\"\",\"\",\"人\",\"延べ\",\"\",\"\""
        ),
        concat!(
            "\"012238\",\"根室市\",\"第２期 根室市創生総合戦略\",\"X01-1\",\"事業量\",\"1\",\"稼げる仕組みづくり\",\"ア\",\"経済・雇用対策\",",
            "\"1\",\"農林漁業の持続的な発展\",\"\",\"沿岸漁業振興対策事業\",\"水産指導課\",\"\",\"生残率\",\"\",\"%\",\"\",",
            "\"\",\"該当なし\",\"-3.2\",\"数値あり\",\"0.0\",\"数値あり\",\"\",\"\",\"%\",\"\",\"%\",\"\""
        ),
        "",
    ];
    assert_eq!(csv.split("\r\n").collect::<Vec<_>>(), expected);
}

#[test]
fn a_plan_without_goals_is_a_header() {
    let empty = Plan { years: vec![], goals: vec![] };
    let table = DataTable::of(&empty, &settings());
    assert_eq!(table.columns.len(), 19 + 4);
    assert!(table.rows.is_empty());
}

proptest! {
    /// The rule holds whatever the master says: rectangular, on one line, every
    /// field quoted, no machine-dependent character, a state beside every figure.
    #[test]
    fn the_rule_holds_for_any_text(
        name in "[①-⑳㎡㈱ⅠⅡ\n\r\"',=+@　a-zあ-ん0-9]*",
        values in prop::collection::vec(prop::sample::select(vec!["", "—", "調査中", "2,070人", "△3.2%", "約5㌧"]), 1..4),
    ) {
        let one = indicator("P001-1", "③", &name, &name, &values);
        let table = DataTable::of(&plan(vec![one.clone()], vec![one.clone()], vec![project("P001", "①", vec![one])]), &settings());
        prop_assert_eq!(table.rows.len(), 3);
        for row in &table.rows {
            prop_assert_eq!(row.len(), table.columns.len());
            for (datum, column) in row.iter().zip(&table.columns) {
                prop_assert!(!column.name.ends_with("状態") || *datum != Datum::Empty);
                let text = datum.to_text();
                prop_assert!(!text.contains(['\n', '\r', '㎡', '㈱', '①', '⑳', 'Ⅱ', '㌧']), "{}", text);
                prop_assert_eq!(text.trim(), &text);
            }
        }
        let csv = table.to_csv();
        prop_assert!(csv.starts_with(&[0xEF, 0xBB, 0xBF, b'"']));
        prop_assert!(csv.ends_with(b"\"\r\n"));
        let mut reader = csv::ReaderBuilder::new().from_reader(&csv[3..]);
        let read: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        let written: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(Datum::to_text).collect()).collect();
        prop_assert_eq!(read, written);
    }
}

/// A text is no number and explains itself; a number of several scales is one number.
#[test]
fn texts_and_numbers_of_several_scales_are_data() {
    let plan = plan(
        vec![indicator("G1-T1", "①", "額", "", &["9,800万円", "1億2,345万円", "第3位"])],
        vec![],
        vec![],
    );
    let table = DataTable::of(&plan, &settings());
    let cell = |name: &str| {
        let at = table.columns.iter().position(|column| column.name == name).unwrap();
        table.rows[0][at].to_text()
    };
    assert_eq!((cell("基準値"), cell("2021年度（令和3年度）実績")), ("9800".into(), "12345".into()));
    assert_eq!(cell("単位"), "万円");
    assert_eq!(
        (cell("2022年度（令和4年度）実績"), cell("2022年度（令和4年度）の状態")),
        ("".into(), "第3位".into())
    );
}

const FIELDS: &str = r#"
[[fields]]
name = "評価"
rows = ["KPI", "事業"]
type = "選択"
choices = ["Ａ", "①順調"]
[[fields]]
name = "単位"
rows = ["KPI"]
[[fields]]
name = "評価点"
rows = ["事業"]
type = "数"
"#;

/// A KPI with its targets, a project with what it costs, and columns of the plan's own.
fn with_money() -> (Plan, Settings) {
    let mut settings = settings();
    settings.fields =
        toml::from_str::<HashMap<String, Vec<FieldSettings>>>(FIELDS).unwrap().remove("fields").unwrap();
    let text = |name: &str, text: &str| (name.to_owned(), DeclaredCell::Text(text.to_owned()));
    let below = |id: &str, texts: [&str; 2]| YearFigures {
        row: Row(0),
        id: id.into(),
        figures: read_all(&texts),
        remark: "公表しない備考".into(),
    };
    let mut kpi = indicator("K1", "①", "出荷額", "", &["", "5人", ""]);
    kpi.targets = Some(below("K1-T", ["6人", "7人"]));
    kpi.declared = Declared::new(vec![text("評価", "①順調"), text("単位", "人\n（延べ）")]);
    let mut entry = project("P001", "2", vec![]);
    if let Entry::Project(project) = &mut entry {
        let point = DeclaredCell::Figure(read("約4.50点"));
        project.declared = Declared::new(vec![text("評価", ""), ("評価点".into(), point)]);
        project.costs = vec![Cost {
            row: Row(0),
            id: "P001-C1".into(),
            name: "一般財源".into(),
            actuals: read_all(&["12,345.60千円", ""]),
            budget: Some(below("P001-C1-B", ["99,999,999,999.999千円", "—"])),
            remark: "公表しない備考".into(),
        }];
    }
    (plan(vec![], vec![kpi], vec![entry]), settings)
}

/// Of each row its 種別 and ID, what it is of, its figures, and what is declared.
#[test]
fn money_targets_and_declared_columns_are_rows_and_columns_of_the_same_table() {
    let (plan, settings) = with_money();
    let table = DataTable::of(&plan, &settings);
    let shown = |names: &[&str]| -> Vec<String> {
        let place = |name: &&str| table.columns.iter().position(|column| column.name == *name).unwrap();
        let places: Vec<usize> = names.iter().map(place).collect();
        let cells =
            |row: &Vec<Datum>| places.iter().map(|at| row[*at].to_text()).collect::<Vec<_>>().join("|");
        table.rows.iter().map(cells).collect()
    };
    assert_eq!(
        shown(&["種別", "ID", "対象ID", "事業名", "担当課", "項目番号", "項目名", "単位"]),
        [
            "KPI|K1||||1|出荷額|人",
            "目標値|K1-T|K1|||1|出荷額|人",
            "事業|P001||沿岸漁業振興対策事業|水産指導課|||",
            "事業費|P001-C1|P001|沿岸漁業振興対策事業|水産指導課||一般財源|千円",
            "予算|P001-C1-B|P001-C1|沿岸漁業振興対策事業|水産指導課||一般財源|千円",
        ]
    );
    assert_eq!(
        shown(&[
            "基準値の状態",
            "2021年度（令和3年度）実績",
            "2022年度（令和4年度）実績",
            "2022年度（令和4年度）の状態"
        ]),
        [
            "未報告|5||未報告",
            "該当なし|6|7|数値あり",
            "該当なし|||該当なし",
            "該当なし|12345.60||未報告",
            "該当なし|99999999999.999||該当なし",
        ]
    );
    assert_eq!(
        shown(&["評価", "単位（独自）", "評価点", "評価点の状態", "評価点の単位", "評価点の接頭語"]),
        [
            "(1)順調|人 （延べ）||該当なし||",
            "|||該当なし||",
            "||4.50|数値あり|点|約",
            "|||該当なし||",
            "|||該当なし||",
        ]
    );
    assert!(!String::from_utf8(table.to_csv()).unwrap().contains("公表しない備考"));
}

/// What is declared is said at the right of what every table has, with what it means.
#[test]
fn the_meanings_say_what_is_declared() {
    let (plan, settings) = with_money();
    let meanings = |settings: &Settings| -> Vec<(String, String)> {
        let columns = DataTable::of(&plan, settings).columns;
        columns.into_iter().map(|column| (column.name, column.meaning)).collect()
    };
    let (with, without) = (meanings(&settings), meanings(&Settings { fields: vec![], ..settings.clone() }));
    assert_eq!(with[..without.len()], without);
    assert_eq!(
        with[without.len()],
        (
            "評価".to_owned(),
            "計画が独自に定めた項目（Ａ、(1)順調のいずれか）。KPI、事業の行に書く。その他の行では空"
                .to_owned()
        )
    );
}
