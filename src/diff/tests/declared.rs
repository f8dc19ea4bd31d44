//! What a plan declares for itself, what its projects cost, what its indicators are to reach.

use super::errata::DocumentPages;
use super::{Change, SETTINGS, Side, What, compare, document, errata, render, shown};
use crate::layout::grid::Cell;
use crate::layout::template::Template;
use crate::layout::{Origin, PageIndex, Part};
use crate::master::{self, Master};
use crate::plan::{FiscalYear, Row};
use crate::settings::Settings;

const FIELDS: &str = r#"
[[fields]]
name = "課題"
rows = ["事業", "施策"]
[[fields]]
name = "評価"
rows = ["KPI", "事業"]
"#;
const HEAD: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考,課題,評価\n";
/// A KPI with a target each year, a project with two sources of money, another with none, and
/// what they say in declared columns.
const ROWS: &str = "基本目標,G1,1,稼ぐ,,,,,,,,,,,,
分野,G1-A,ア,経済,,,,,,,,,,,,
施策,G1-A-1,①,農業,,,,,,,,,,,,
KPI,G1-A-1-K1,①,就業者,,,,,,4年で15人増加,17人,4人,3人,,,A
目標値,G1-A-1-K1-T,,,,,,,,,,5人,10人,,,
事業,P001,1,甲事業,農林課,,,,,,,,,,人手,
事業費,P001-C1,,計,,,,,,,,\"1,234.50千円\",,,,
予算,P001-C1-B,,,,,,,,,,\"1,500千円\",\"1,600.50千円\",,,
事業費,P001-C2,,一般財源,,,,,,,,\"1,234.50千円\",,,,
事業,P002,2,乙事業,農林課,,,,,,,,,,,
";
const TOTAL: &str = "事業費,P001-C1,,計,,,,,,,,\"1,234.50千円\",,,,\n";
const OTHER: &str = "事業費,P001-C2,,一般財源,,,,,,,,\"1,234.50千円\",,,,\n";

fn declared_settings() -> Settings {
    Settings::read(format!("{SETTINGS}{FIELDS}").as_bytes(), "plan.toml").unwrap()
}

fn read(rows: &str) -> Master {
    let file = format!("{HEAD}{rows}");
    let (master, findings) = master::read(file.as_bytes(), "master.csv", &declared_settings());
    assert!(!findings.has_errors(), "{findings:?}");
    master.unwrap()
}

/// All that can change of it.
fn changed() -> Master {
    let source = "事業費,P001-C3,,国庫支出金,,,,,,,,234千円,,,,\n予算,P001-C3-B,,,,,,,,,,300千円,,,,\n";
    let replacements = [
        ("3人,,,A", "3人,,,"),
        ("10人", "12人"),
        (",人手,", ",人手と資金,B"),
        (TOTAL, "事業費,P001-C1,,総計,,,,,,,,\"1,234.5千円\",\"1,300千円\",,,\n"),
        ("1,600.50千円", "1,600.5千円"),
        (OTHER, source),
    ];
    read(&replacements.iter().fold(ROWS.to_owned(), |rows, (from, to)| {
        assert!(rows.contains(from), "{from}");
        rows.replace(from, to)
    }))
}

fn compared(old: &Master, new: &Master) -> Vec<Change> {
    let settings = declared_settings();
    compare(Side { plan: &old.plan, settings: &settings }, Side { plan: &new.plan, settings: &settings })
}

#[test]
fn money_targets_and_declared_cells_are_matched_by_id() {
    let found = compared(&read(ROWS), &changed());
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
            "P001-C2 削除 一般財源/R3決算：1,234.50千円 → ",
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

/// The pages of two documents, the second with cells of these parts of rows beside those that
/// both have.
fn pages_with(master: &Master, parts: &[(&str, Part)]) -> Vec<DocumentPages> {
    let mut document = document(master, &declared_settings(), &Template::official());
    let without = DocumentPages { name: "実績一覧".to_owned(), index: PageIndex::of(&document) };
    let row = |id: &str| Row(ROWS.lines().position(|line| line.split(',').nth(1) == Some(id)).unwrap());
    let sheet = document.sheets.last_mut().unwrap();
    let like = sheet.cells.iter().find(|cell| cell.origin().is_some()).unwrap().clone();
    sheet.cells.extend(parts.iter().map(|(id, part)| Cell {
        origins: vec![Origin { row: row(id), part: *part, reprint: None }],
        ..like.clone()
    }));
    vec![without, DocumentPages { name: "評価シート".to_owned(), index: PageIndex::of(&document) }]
}

/// The items of the 正誤表 where the old document has these cells.
fn corrected(old: &Master, new: &Master, parts: &[(&str, Part)]) -> Vec<String> {
    let pages = pages_with(old, parts);
    let corrections = errata::corrections(&compared(old, new), &old.plan, &pages, &Template::official());
    corrections.iter().map(|c| format!("{}|{}", c.place, c.item).replace('\n', "/")).collect()
}

fn year(start: i32) -> Part {
    Part::Actual(FiscalYear::starting(start))
}

#[test]
fn what_the_council_never_saw_is_not_corrected() {
    let (old, new) = (read(ROWS), changed());
    assert!(corrected(&old, &new, &[]).is_empty());
    assert_eq!(
        corrected(&old, &new, &[("P001", Part::Declared(1)), ("P001-C1-B", year(2022))]),
        [
            "評価シート　1ページ/基本目標1（ア）①|事業1「甲事業」/評価",
            "評価シート　1ページ/基本目標1（ア）①|事業1「甲事業」の予算「計」/令和4年度予算",
            // Where the 予算 of others is printed, a new one is missing.
            "評価シート　1ページ/基本目標1（ア）①|事業1「甲事業」の予算「国庫支出金」/追加",
        ]
    );
    assert_eq!(
        corrected(&old, &new, &[("P001-C1", year(2021)), ("G1-A-1-K1-T", Part::Name)]),
        [
            "評価シート　1ページ/基本目標1（ア）①|事業1「甲事業」の事業費「計」/名称",
            "評価シート　1ページ/基本目標1（ア）①|事業1「甲事業」の事業費「計」/令和3年度決算",
            "評価シート　1ページ/基本目標1（ア）①|事業1「甲事業」の事業費「国庫支出金」/追加",
        ]
    );
}

/// Of sources that the document leaves out everywhere, a new one is no correction.
#[test]
fn what_is_new_is_corrected_where_its_like_is_printed() {
    let (old, total) = (read(ROWS), [("P001-C1", year(2021))]);
    let new = |name: &str| read(&format!("{ROWS}事業費,P002-C1,,{name},,,,,,,,1千円,,,,\n"));
    for (name, is_listed) in [("計", true), ("一般財源", false), ("町債", true)] {
        assert_eq!(corrected(&old, &new(name), &total).len(), usize::from(is_listed), "{name}");
    }
    assert!(corrected(&old, &new("計"), &[]).is_empty());
}

/// Columns are matched by their names, whatever their order in each plan's settings; their
/// places are those of the old one.
#[test]
fn columns_that_only_one_plan_declares() {
    let (before, after) = (declared_settings(), FIELDS.replace("課題", "成果"));
    let after = Settings::read(format!("{SETTINGS}{after}").as_bytes(), "plan.toml").unwrap();
    let file = format!("{HEAD}{ROWS}").replace("課題", "成果").replace(",人手,", ",あり,C");
    let (new, _) = master::read(file.as_bytes(), "master.csv", &after);
    let (old, new) = (read(ROWS), new.unwrap());
    let found =
        compare(Side { plan: &old.plan, settings: &before }, Side { plan: &new.plan, settings: &after });
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

#[test]
fn the_terminal_names_each_by_its_word() {
    assert_eq!(
        render(&compared(&read(ROWS), &read(&ROWS.replace("10人", "12人").replace(OTHER, "")))),
        "基本目標1（ア）①　目標値「就業者」（G1-A-1-K1-T）\n    R4目標値: 「10人」 → 「12人」\n\
         基本目標1（ア）①　事業1「甲事業」の事業費「一般財源」（P001-C2）\n  - 削除: 一般財源　R3決算：1,234.50千円\n"
    );
}
