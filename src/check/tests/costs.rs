//! 事業費, 予算, 目標値 and declared columns, as the rules see them.

use super::*;

/// `check`, but for what has not been reported and what says nothing of its purpose.
fn found(rows: &str) -> Vec<String> {
    let findings = check(&read(rows), &settings());
    shown(&findings).into_iter().filter(|one| !one.starts_with("W301")).collect()
}

fn costs(rows: &str) -> Vec<String> {
    found(&format!("事業,P001,1,漁業,水産振興課,,,目的\n{rows}"))
}

#[test]
fn e302_total_differs() {
    let rows = "事業費,P001-C1,,国庫支出金,,,,,,,,\"12,000千円\",500千円
        予算,P001-C1-B,,,,,,,,,,\"12,000千円\",500千円
        事業費,P001-C2,,一般財源,,,,,,,,800.5千円,—
        予算,P001-C2-B,,,,,,,,,,800千円,
        事業費,P001-C3,,合　計,,,,,,,,\"12,800千円\",500.0千円
        予算,P001-C3-B,,,,,,,,,,\"12,900千円\",900千円";
    assert_eq!(
        costs(rows),
        [
            "E302 10行目 L列: 令和3年度の決算の「合　計」は「12,800千円」ですが、内訳を足すと「12,800.5千円」です",
            "E302 11行目 L列: 令和3年度の予算の「合　計」は「12,900千円」ですが、内訳を足すと「12,800千円」です",
        ]
    );
    assert!(check(&read(&format!("事業,P001,1,漁業,水産振興課,,,目的\n{rows}")), &settings()).has_errors());
    // The total may stand first; and nothing is added that cannot be.
    for other in ["500円", "約500千円", "調査中", "", "◎"] {
        let rows = format!(
            "事業費,P001-C1,,総事業費,,,,,,,,900千円,900千円
             事業費,P001-C2,,国庫支出金,,,,,,,,400千円,400千円
             事業費,P001-C3,,一般財源,,,,,,,,500千円,{other}"
        );
        let errors: Vec<String> = costs(&rows).into_iter().filter(|one| one.starts_with('E')).collect();
        assert_eq!(errors, [""; 0], "{other}");
    }
}

#[test]
fn w320_further_unit_differs() {
    assert_eq!(
        found(
            "KPI,K1,①,件数,,,,,,4年で15%増加,5%,6%,7%
             目標値,K1-T,,,,,,,,,,7%,7.5
             KPI,K2,②,人数,,,,,,4年で15人増加,,,
             目標値,K2-T,,,,,,,,,,7件,8件
             KPI,K3,③,量,,,,,,4年で15万人増加,1万人,2千人,
             目標値,K3-T,,,,,,,,,,2千人,1万人
             事業,P001,1,漁業,水産振興課,,,目的
             事業費,P001-C1,,国庫支出金,,,,,,,,\"12,000千円\",500千円
             予算,P001-C1-B,,,,,,,,,,\"12,000円\",500千円"
        ),
        [
            "W306 6行目 M列: 単位がありません（同じ行のほかの値は「%」）",
            "W320 6行目 M列: 「目標値」の単位のない値が、すぐ上の行の単位「%」と違います",
            "W320 8行目 L列: 「目標値」の単位「件」が、すぐ上の行の単位「人」と違います",
            "W311 13行目 L列: 「12,000円」は、同じ行の「500千円」と位（億・万・千など）が違い、大きさも合いません",
            "W320 13行目 L列: 「予算」の単位「円」が、すぐ上の行の単位「千円」と違います",
        ]
    );
}

#[test]
fn w321_cost_unit_differs() {
    assert_eq!(
        costs(
            "事業費,P001-C1,,国庫支出金,,,,,,,,\"12,000千円\",
             事業費,P001-C2,,一般財源,,,,,,,,\"12,000円\",
             事業費,P001-C3,,人工,,,,,,,,0.5人,"
        ),
        ["W321 7行目 D列: 単位「円」が、同じ事業の「国庫支出金」の単位「千円」と違います"]
    );
}

#[test]
fn w322_several_totals() {
    assert_eq!(
        costs(
            "事業費,P001-C1,,一般財源,,,,,,,,100千円,
             事業費,P001-C2,,計,,,,,,,,200千円,
             事業費,P001-C3,,総事業費,,,,,,,,300千円,"
        ),
        ["W322 8行目 D列: 計の事業費が2件あります（計、総事業費）"]
    );
}

/// What may be a sum itself is not added: it would be counted twice.
#[test]
fn w323_total_by_another_name() {
    assert_eq!(
        costs(
            "事業費,P001-C1,,一般財源,,,,,,,,100千円,
             事業費,P001-C2,,小計,,,,,,,,100千円,
             事業費,P001-C3,,計,,,,,,,,300千円,"
        ),
        ["W323 7行目 D列: 事業費「小計」は、ほかの事業費を足したもののように見えます"]
    );
    // A total of nothing has parts that say otherwise.
    assert_eq!(
        costs("事業費,P001-C1,,一般財源,,,,,,,,100千円,\n事業費,P001-C2,,計,,,,,,,,—,"),
        ["E302 7行目 L列: 令和3年度の決算の「計」は「—」ですが、内訳を足すと「100千円」です"]
    );
}

/// What is wrong with figures is so in every row of figures.
#[test]
fn further_figures_are_checked_like_others() {
    assert_eq!(
        costs(
            "事業量,P001-1,,人数,,,,,,,,\"1,622人\",\"1,959人\"
             目標値,P001-1-T,,,,,,,,,,2.070人,\"2,100人\"
             事業費,P001-C1,,一般財源,,,,,,,,007千円,◎
             予算,P001-C1-B,,,,,,,,,,延べ7千円,7千円"
        ),
        [
            "W314 7行目 L列: 桁区切りのカンマが小数点になっているように見えます（L7「2.070人」）",
            "W315 8行目 L列: 0で始まる数値があります（L8「007千円」）",
            "W308 8行目 M列: 「◎」は数値ではなく、文字として印刷します",
            "W316 9行目 M列: 同じ行の中で、M9「7千円」とL9「延べ7千円」では、数値の前の言葉が違います",
        ]
    );
}

#[test]
fn costs_that_are_open_are_asked_about() {
    let rows = "事業,P001,1,漁業,水産振興課,,,目的
        事業量,P001-1,,件数,,,,,,,,5件,6件
        目標値,P001-1-T
        事業費,P001-C1,,一般財源,,,,,,,,5千円,
        予算,P001-C1-B";
    let findings = check(&read(rows), &settings());
    assert_eq!(shown(&findings), ["W301 8行目 M列: 令和4年度の実績が1件未記入です（水産振興課）"]);
    assert!(findings.iter().next().unwrap().help().contains("P001-C1"));
}

#[test]
fn ids_say_where_costs_and_targets_belong() {
    let rows = "KPI,G1-A-1-K1,①,件数,,,,,,4年で15件増加,5件,6件,7件
        目標値,G1-A-1-K1-T
        事業,P001,1,漁業,水産振興課,,,目的
        事業費,P001-C1,,一般財源
        予算,P001-C1-B
        事業量,P001-2,,件数
        事業量,P001-1,,件数
        目標値,P001-2-T
        事業,P002,2,農業,水産振興課,,,目的
        事業費,P002-C1,,一般財源
        予算,P001-C2-B
        事業費,P001-C2,,その他";
    assert_eq!(
        found(rows),
        [
            "W229 12行目 B列: 「目標値」のID「P001-2-T」は、上にある「事業量」の「P001-1」のものではないようです",
            "W229 15行目 B列: 「予算」のID「P001-C2-B」は、上にある「事業費」の「P002-C1」のものではないようです",
            "W229 16行目 B列: 「事業費」のID「P001-C2」は、上にある「事業」の「P002」のものではないようです",
        ]
    );
}

#[test]
fn costs_that_were_once_there_are_missed() {
    let before = "事業,P001,1,漁業,水産振興課,,,目的
        事業費,P001-C1,,国庫支出金,,,,,,,,\"1,200千円\",
        予算,P001-C1-B,,,,,,,,,,\"1,300千円\",
        事業費,P001-C2,,一般財源,,,,,,,,500千円,";
    let now = "事業,P001,1,漁業,水産振興課,,,目的
        事業費,P001-C1,,国庫支出金,,,,,,,,\"2,100千円\",
        予算,P001-C1-B,,,,,,,,,,1300千円,";
    let former = Former { name: "backup/master_1.csv".to_owned(), plan: read(before).plan };
    assert_eq!(
        shown(&spreadsheet(&read(now), &[former])),
        [
            "W310 7行目 L列: 表計算ソフトが書き換えたと思われるセルが1個あります（L7「1300千円」（前は「1,300千円」））",
            "W318 6行目 L列: 控えや保存した版と違うところが2件あります（ID「P001-C2」の行がない、L6「2,100千円」（前は「1,200千円」））",
        ]
    );
}

#[test]
fn a_declared_figure_that_is_a_text_is_asked_about_once() {
    let settings = |texts: &str| {
        let text = format!(
            "[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'\n[values]\ntexts=[{texts}]\n\
             [[fields]]\nname='人工'\nrows=['事業']\ntype='数'\n[[fields]]\nname='会計'\nrows=['事業']\n"
        );
        Settings::read(text.as_bytes(), "plan.toml").unwrap()
    };
    let text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,会計,人工\n\
        基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n\
        事業,P001,1,漁業,課,,,目的,,,,,=一般,◎\n";
    for (texts, codes) in [("", vec!["W308", "W340"]), ("'P001'", vec!["W340"])] {
        let settings = settings(texts);
        let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings);
        assert!(!findings.has_errors(), "{findings:?}");
        let found = check(&master.unwrap(), &settings);
        let mut found: Vec<&str> = found.iter().map(Finding::code).collect();
        found.sort_unstable();
        assert_eq!(found, codes);
    }
}
