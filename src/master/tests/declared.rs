//! Columns that the plan declares, and the rows 事業費, 予算 and 目標値.

use super::*;
use crate::plan::{Cost, DeclaredCell, Indicator, Project};

/// The declared columns stand among the others, in another order and width.
const HEADER: &str = "会 計,種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,人工,評価,備考";

fn settings() -> Settings {
    let text = "[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'\n\
        [[fields]]\nname='評価'\nrows=['KPI','事業']\ntype='選択'\nchoices=['Ａ 順調','Ｂ']\n\
        [[fields]]\nname='会計'\nrows=['事業','施策']\nask=false\n\
        [[fields]]\nname='人工'\nrows=['事業']\ntype='数'\n";
    Settings::read(text.as_bytes(), "plan.toml").unwrap()
}

fn read_text(text: &str) -> (Master, Findings) {
    let (master, findings) = read(text.as_bytes(), "master.csv", &settings());
    (master.unwrap(), findings)
}

/// `rows` from 種別 on, below a goal, a field and a measure on lines 2 to 4.
fn read_rows(rows: &str) -> (Master, Findings) {
    let rows = format!("基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n{}", lines(rows));
    let rows: Vec<String> = rows.lines().map(|row| format!(",{row}")).collect();
    read_text(&format!("{HEADER}\n{}\n", rows.join("\n")))
}

fn check_rows(rows: &str, expected: &str) {
    assert_eq!(shown(&read_rows(rows).1), lines(expected), "{rows}");
}

fn project(master: &Master) -> &Project {
    master.plan.projects().next().unwrap()
}

const WHOLE: &str = "\
KPI,K1,①,件数,,,,,,,,5件,6件,,,
目標値,K1-T,,,,,,,,,,5件,7件
事業,P1,1,漁業,課,,,目的,,,,,,0.5人,A順調,
事業費,P1-C1,,国庫支出金,,,,,,,,\"1,000千円\",—
予算,P1-C1-B,,国 庫支出金,,,,,,,,\"1,200千円\",800千円,,,当初
事業量,P1-1,,放流数,,,,,,,,5尾,6尾
目標値,P1-1-T,,—,,,,,,,,4尾,
事業費,P1-C2,,一般財源,,,,,,,,500千円,300千円
";

#[test]
fn costs_targets_and_declared_columns_are_read() {
    let (master, findings) = read_rows(WHOLE);
    assert_eq!(shown(&findings), "");
    let printed =
        |values: &[Value]| values.iter().map(|value| value.printed().to_owned()).collect::<Vec<_>>();
    let kpi = &master.plan.goals[0].fields[0].measures[0].indicators[0];
    assert_eq!(printed(&kpi.targets.as_ref().unwrap().figures), ["5件", "7件"]);
    // Every declared column of its kind, be it empty, and no other.
    assert_eq!(kpi.declared.iter().collect::<Vec<_>>(), [("評価", &DeclaredCell::Text(String::new()))]);
    let project = project(&master);
    let [national, own] = &project.costs[..] else { panic!("{project:?}") };
    assert_eq!(
        (national.name.as_str(), printed(&national.actuals)),
        ("国庫支出金", vec!["1,000千円".into(), "—".into()])
    );
    let budget = national.budget.as_ref().unwrap();
    assert_eq!((budget.id.as_str(), budget.remark.as_str()), ("P1-C1-B", "当初"));
    assert_eq!(printed(&budget.figures), ["1,200千円", "800千円"]);
    assert_eq!(own.budget, None);
    let volume: &Indicator = &project.indicators[0];
    assert_eq!(printed(&volume.targets.as_ref().unwrap().figures), ["4尾", ""]);
    // As plan.toml writes the choice.
    assert_eq!(project.declared.get("評価").unwrap().printed(), "Ａ 順調");
    assert!(matches!(project.declared.get("人工"), Some(DeclaredCell::Figure(Value::Quantity(_)))));
    let names: Vec<&str> = project.declared.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["評価", "会計", "人工"]);
    assert_eq!(
        (project.total(0, false).unwrap().printed.as_str(), project.total(1, true)),
        ("1,500千円", None)
    );
}

/// What a plan said at the end of a year: what it cost later is not known yet, what it
/// was to cost is.
#[test]
fn an_edition_knows_budgets_and_targets_before_their_year() {
    let plan = read_rows(WHOLE).0.plan.edition(FiscalYear::starting(2021));
    let cost: &Cost = &plan.projects().next().unwrap().costs[0];
    assert_eq!(cost.actuals[1], Value::NotReported);
    assert_eq!(cost.budget.as_ref().unwrap().figures[1].printed(), "800千円");
    let kpi = &plan.goals[0].fields[0].measures[0].indicators[0];
    assert_eq!((kpi.actuals[1].printed(), kpi.targets.as_ref().unwrap().figures[1].printed()), ("", "7件"));
}

#[test]
fn a_declared_cell_is_rewritten_alone() {
    let (master, _) = read_rows(WHOLE);
    let row = project(&master).row;
    let cost = project(&master).costs[0].row;
    let year = Column::Actual(FiscalYear::starting(2022));
    let changes = [(row, Column::Declared(1), "一般,会計".to_owned()), (cost, year, "0千円".to_owned())];
    let bytes = master.source.rewrite(&changes).unwrap();
    let before = String::from_utf8(master.source.bytes().to_vec()).unwrap();
    let expected = before
        .replace(",事業,P1,", "\"一般,会計\",事業,P1,")
        .replace("\"1,000千円\",—", "\"1,000千円\",0千円");
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    assert_eq!(master.source.heading(Column::Declared(1)), "会計");
}

#[test]
fn e236_missing_declared() {
    let header = HEADER.replace(",評価", "").replace("会 計", "会形");
    let (_, findings) = read_text(&format!("{header}\n,基本目標,G1,1,産業\n"));
    assert_eq!(
        shown(&findings),
        "E213 1行目 A列: 「会形」という列はありません\n\
         E236 1行目: plan.toml の [[fields]] にある「評価」の列が、マスタにありません"
    );
    let (_, findings) = read_text(&format!("{},評 価\n,基本目標,G1,1,産業\n", HEADER));
    assert_eq!(shown(&findings), "E214 1行目 R列: 「評価」の列が2つあります（P列とR列）");
}

#[test]
fn e237_not_below_its_row() {
    check_rows(
        "KPI,K1,①,件数,,,,,,,,5件
         予算,K1-B,,,,,,,,,,5千円
         事業,P1,1,漁業,課,,,目的
         目標値,P1-T,,,,,,,,,,5件
         事業費,P1-C1,,国庫支出金,,,,,,,,5千円
         目標値,P1-C1-T,,,,,,,,,,5千円
         謎,X1
         予算,P1-C2-B,,,,,,,,,,5千円",
        "E237 6行目 B列: 「予算」のすぐ上に、属する先の「事業費」の行がありません
         E237 8行目 B列: 「目標値」のすぐ上に、属する先の「数値目標」「KPI」「事業量」の行がありません
         E237 10行目 B列: 「目標値」のすぐ上に、属する先の「数値目標」「KPI」「事業量」の行がありません
         E221 11行目 B列: 種別「謎」はありません",
    );
}

#[test]
fn e238_second_figures() {
    check_rows(
        "KPI,K1,①,件数,,,,,,,,5件
         目標値,K1-T,,,,,,,,,,5件
         目標値,K2-T,,,,,,,,,,6件
         事業,P1,1,漁業,課,,,目的
         事業費,P1-C1,,国庫支出金
         予算,P1-C1-B
         予算,P1-C1-B2",
        "E238 7行目 B列: 同じ行の「目標値」は6行目にもあります
         E238 11行目 B列: 同じ行の「予算」は10行目にもあります",
    );
}

#[test]
fn e239_name_of_other() {
    check_rows(
        "事業,P1,1,漁業,課,,,目的
         事業費,P1-C1,,国庫支出金
         予算,P1-C1-B,,一般財源",
        "E239 7行目 E列: 「予算」の名称「一般財源」が、すぐ上の行の「国庫支出金」と違います",
    );
}

#[test]
fn e240_duplicate_cost() {
    check_rows(
        "事業,P1,1,漁業,課,,,目的
         事業費,P1-C1,,国庫支出金
         事業費,P1-C2,,国庫 支出金
         事業,P2,2,農業,課,,,目的
         事業費,P2-C1,,国庫支出金
         事業費,P2-C2,,",
        "E240 7行目 E列: 事業費「国庫 支出金」は、同じ事業の6行目にもあります
         E226 10行目 E列: 「事業費」の行に名称がありません",
    );
}

#[test]
fn e241_no_such_choice() {
    check_rows(
        "事業,P1,1,漁業,課,,,目的,,,,,,1O人,A順長
         事業,P2,2,漁業,課,,,目的,,,,,,,ｂ
         事業,P3,3,漁業,課,,,目的,,,,,,,Ｂ
         KPI,K1,①,件数,,,,,,,,5件,,3人,
         再掲,,,,,,P1,,,,,,,,B",
        "E301 5行目 O列: 「1O人」は数字の代わりに「O（英字の大文字オー）」が使われています
         E241 5行目 P列: 「A順長」は選べません
         E241 6行目 P列: 「ｂ」は選べません
         E223 8行目 B列: 「KPI」が「事業」より後にあります
         W221 8行目 O列: 「KPI」の行では「人工」は使われません（「3人」）
         W225 9行目 H列: 事業「P1」は、同じ施策の5行目にもあります
         W221 9行目 P列: 「再掲」の行では「評価」は使われません（「B」）",
    );
    let (_, findings) = read_rows("事業,P1,1,漁業,課,,,目的,,,,,,,A順長");
    let help = findings.iter().next().unwrap().help();
    assert!(
        help.starts_with("「Ａ 順調」の間違いではありませんか。選べるのは「Ａ 順調」「Ｂ」です。"),
        "{help}"
    );
}

/// A cost, a budget, a target have a project, an ID, figures and nothing else.
#[test]
fn the_rows_of_costs_are_checked_like_others() {
    check_rows(
        "事業費,C0,,計,,,,,,,,5千円
         事業,P1,1,漁業,課,,,目的
         事業費,,,国庫支出金,,,,,,,,5千円
         予算,P1,,,,,,,,,3件,5千円,1O円
         施策,G1-A-2,②,需給
         再掲,,,,,,P1
         事業費,C1,,計,,,,,,,,5千円
         予算,C1-B",
        "E222 5行目 B列: 「事業費」の上に、属する先の「事業」がありません
         E225 7行目 C列: 「事業費」の行にIDがありません
         E224 8行目 C列: ID「P1」は6行目にもあります
         W221 8行目 L列: 「予算」の行では「基準値」は使われません（「3件」）
         E301 8行目 N列: 「1O円」は数字の代わりに「O（英字の大文字オー）」が使われています
         E223 11行目 B列: 「事業費」が「再掲」より後にあります",
    );
}
