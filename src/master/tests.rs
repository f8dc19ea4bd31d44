//! What is wrong with a master, rule by rule: each test is named after its code.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod declared;
mod doubts;

use super::*;
use crate::plan::{Entry, FiscalYear, Value};

const HEADER: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考";

fn settings() -> Settings {
    toml::from_str(
        r#"
        [plan]
        id = "p"
        city = "根室市"
        office = "総合政策室"
        name = "計画"
        title = "実績一覧"
        [departments]
        order = ["水産振興課", "農林課"]
        outside = ["民間等"]
        joint = [{ name = "農業委員会・農林課", members = ["農業委員会", "農林課"] }]
        "#,
    )
    .unwrap()
}

fn read_text(text: &str) -> (Option<Master>, Findings) {
    read(text.as_bytes(), "master.csv", &settings())
}

/// Each finding as `code line column: message`.
fn shown(findings: &Findings) -> String {
    let one = |finding: &Finding| {
        let place = finding.place.clone().unwrap_or_default();
        let line = place.line.map(|line| format!(" {line}行目")).unwrap_or_default();
        let column = place
            .column
            .map(|column| format!(" {}列", crate::finding::column_letters(column)))
            .unwrap_or_default();
        format!("{}{line}{column}: {}", finding.code(), finding.message())
    };
    findings.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Joins lines written with indentation.
fn lines(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A goal, a field and a measure on lines 2 to 4, and `rows` below.
fn check_findings(rows: &str, expected: &str) {
    let rows = lines(rows);
    let text = format!("{HEADER}\n基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n{rows}\n");
    let (master, findings) = read_text(&text);
    assert_eq!(shown(&findings), lines(expected), "{rows}");
    assert_eq!(master.unwrap().source.rewrite(&[]).unwrap(), text.as_bytes());
}

/// A whole file.
fn check_file(text: &str, expected: &str) {
    assert_eq!(shown(&read_text(text).1), lines(expected), "{text}");
}

/// A header, with a row that fits it.
fn check_header(header: &str, expected: &str) {
    check_file(&format!("{header}\n基本目標,G1,1,産業\n"), expected);
}

// ── A master without faults ──────────────────────────────────────────────────

const SAMPLE: &str = "\
種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考
基本目標,G1,1,産業,,,,,,,,,,
数値目標,G1-T1,①,人口,,,,,,4年で320人とし25人減少,345人,403人,—,覚え書き
分野,G1-A,ア,雇用
施策,G1-A-1,①,担い手
ＫＰＩ,G1-A-1-K1,①,就業者数,農林課,,,,,4年で15人増加,17人,4人,
事業,P001,1,\"漁業、\"\"海\"\"\",水産振興課,新規,,\"目的
二行目\",内容
,,,,,,,,,,,,,
事業量,P001-1,,件数,,,,,,,,延べ49,,
施策,G1-A-2,②,需給
再掲,,,,,,P001,別の目的
";

#[test]
fn a_master_is_read_into_a_plan() {
    let text = SAMPLE.replace("延べ49,", "\"延べ49,381人\"");
    let (master, findings) = read_text(&text);
    assert_eq!(shown(&findings), "");
    let plan = master.unwrap().plan;
    assert_eq!(plan.years, [FiscalYear::starting(2021), FiscalYear::starting(2022)]);
    let goal = &plan.goals[0];
    assert_eq!(goal.indicators[0].actuals[1], Value::NotApplicable("—".into()));
    assert_eq!(goal.indicators[0].remark, "覚え書き");
    let [first, second] = &goal.fields[0].measures[..] else { panic!("{plan:?}") };
    assert_eq!(first.indicators[0].department.as_deref(), Some("農林課"));
    let [Entry::Project(project)] = &first.entries[..] else { panic!("{first:?}") };
    assert_eq!((project.name.as_str(), project.purpose.as_str()), ("漁業、\"海\"", "目的\n二行目"));
    assert!(project.is_new);
    assert_eq!(project.indicators[0].actuals[0].printed(), "延べ49,381人");
    let [Entry::Reprint(reprint)] = &second.entries[..] else { panic!("{second:?}") };
    assert_eq!((reprint.of.as_str(), reprint.purpose.as_deref()), ("P001", Some("別の目的")));
    assert_eq!(reprint.content, None);
}

#[test]
fn columns_may_stand_in_any_order() {
    let (master, findings) = read_text(
        "Ｒ３ ,名 称,備考,種別,ＩＤ,番号,担当課,区分,再掲元,目的,内容,目標,基準値,令和4年度\n5人,人口,,数値目標,T1,①,,,,,,,,\n",
    );
    assert_eq!(shown(&findings), "E222 2行目 D列: 「数値目標」の上に、属する先の「基本目標」がありません");
    let source = master.unwrap().source;
    assert_eq!(source.cell(Row(0), Column::Actual(FiscalYear::starting(2021))), "5人");
    assert_eq!(
        source.place(Row(0), Column::Id).to_string(),
        "master.csv 2行目 E列「ＩＤ」（セル E2・ID T1）"
    );
}

#[test]
fn lines_and_rows_differ_after_a_cell_of_two_lines() {
    let text = SAMPLE.replace('\n', "\r\n").replace("延べ49", "延べ4 9");
    let (master, findings) = read_text(&text);
    assert_eq!(
        findings.iter().next().unwrap().place.as_ref().unwrap().to_string(),
        "master.csv 10行目 L列「R3」（セル L9・ID P001-1）"
    );
    assert_eq!(master.unwrap().source.line(Row(7)), 10);
}

// ── Reading the file ─────────────────────────────────────────────────────────

#[test]
fn e106_quote_not_closed() {
    check_findings(
        "事業,P001,1,\"漁業,水産振興課
         事業,,,",
        "E106 5行目 D列: 「\"」で始まるセルが、ファイルの終わりまで閉じられていません",
    );
}

#[test]
fn e107_text_after_quote() {
    check_findings(
        "事業,P001,1,\"漁業\"振興,水産振興課",
        "E107 5行目 D列: 「\"」で閉じたセルの後に文字が続いています",
    );
}

#[test]
fn e108_cell_too_long() {
    let long = "あ".repeat(40_000);
    check_findings(
        &format!("事業,P001,1,漁業,水産振興課,,,{long}"),
        "E108 5行目 H列: 1つのセルに40000文字が入っています（Excelの上限は32,767文字）",
    );
}

#[test]
fn e109_not_comma() {
    check_file(
        "種別\tID\t番号\t名称\n基本目標\tG1\t1\t産業\n",
        "E109 1行目 A列: カンマ区切りではなく、タブで区切られています",
    );
}

#[test]
fn e112_too_large() {
    let said = |text: &str| {
        let (_, findings) = read_text(text);
        let finding = findings.iter().find(|finding| finding.code() == "E112");
        finding.map(|finding| format!("{}: {}", finding.place.as_ref().unwrap(), finding.message()))
    };
    let is = |said: Option<String>, expected: &str| {
        assert!(said.as_ref().is_some_and(|said| said.contains(expected)), "{said:?}: {expected}");
    };
    let rows = |row: &str, count: usize| format!("{HEADER}\n{}", row.repeat(count));
    check_file(&",".repeat(20_000), "E112 1行目 A列: マスタの列が多すぎます（上限は500）");
    is(said(&rows("議会\n", 3_000)), "3001行目 A列（セル A3001）: マスタの行が多すぎます（上限は3,000）");
    is(said(&rows("\n", 60_000)), "マスタの行が多すぎます（上限は50,000）");
    is(said(&rows(&format!("{}\n", ",".repeat(99)), 2_001)), "マスタのセルが多すぎます（上限は200,000）");
    // Every row has all columns, whether it says so or not.
    let years: String = (1980..2010).map(|year| format!(",{year}")).collect();
    let wide = format!("種別,ID,番号,名称{years}\n{}", "事業\n".repeat(1_500));
    is(said(&wide), "1行目: マスタのセルが多すぎます（上限は50,000）");
    let years: Vec<String> = (1980..2100).map(|year| year.to_string()).collect();
    is(said(&format!("種別,ID,{}\n", years.join(","))), "マスタの年度の列が多すぎます（上限は30）");
    let goals: String = (0..200).map(|at| format!("基本目標,G{at},{at},目標\n")).collect();
    is(said(&format!("{HEADER}\n{goals}")), "102行目（ID G100）: マスタの基本目標が多すぎます（上限は100）");
    let projects: String = (0..500).map(|at| format!("事業,P{at},{at},名,課{at}\n")).collect();
    is(said(&format!("{HEADER}\n{projects}")), "マスタの担当課が多すぎます（上限は400）");
    // What a spreadsheet leaves behind the rows is no reason to refuse them.
    assert_eq!(said(&format!("{HEADER}\n基本目標,G1,1,目標\n{}", ",,,,,,,,,,,,,\n".repeat(10_000))), None);
}

#[test]
fn e113_too_many_findings() {
    let (_, findings) = read_text(&format!("{HEADER}\n{}", "事業\n".repeat(2_000)));
    assert!((5_001..5_010).contains(&findings.len()), "{}", findings.len());
    let last = findings.iter().last().unwrap();
    assert_eq!(last.message(), "問題が5000件を超えたため、この行から先は調べていません");
}

#[test]
fn w101_stray_quote() {
    check_findings("事業,P001,1,24\"モニター,農林課", "W101 5行目 D列: セルの途中に「\"」があります");
}

// ── References ───────────────────────────────────────────────────────────────

/// E201 「再掲元」に書かれた事業が計画にない。
#[test]
fn e201_reprint_of_unknown_project() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         再掲,,,,,,P999",
        "E201 6行目 G列: 再掲元の事業「P999」が見つかりません",
    );
}

#[test]
fn e202_reprint_before_project() {
    check_findings(
        "再掲,,,,,,P001
         事業,P001,1,漁業,水産振興課",
        "E202 5行目 G列: 再掲元の事業「P001」は、この再掲より後（6行目）にあります",
    );
}

#[test]
fn e203_reprint_of_other() {
    check_findings("再掲,,,,,,G1-A", "E203 5行目 G列: 再掲元「G1-A」は事業ではなく「分野」の行（3行目）です");
}

#[test]
fn e204_reprint_of_nothing() {
    check_findings("再掲", "E204 5行目 G列: 再掲の行に、再掲元の事業のIDがありません");
}

#[test]
fn e205_reprint_with_figure() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         施策,G1-A-2,②,需給
         再掲,,,,,,P001,,,,,5人,-",
        "E205 7行目 L列: 再掲の行に数値「5人」が書かれています",
    );
}

// ── Columns ──────────────────────────────────────────────────────────────────

#[test]
fn e211_no_header() {
    check_file("りんご,みかん\n1,2\n", "E211 1行目 A列: 見出しの行がありません");
}

#[test]
fn e212_missing_column() {
    check_header(
        "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,基準値,R3",
        "E212 1行目: 「目標」の列がありません",
    );
}

#[test]
fn e213_misspelt_column() {
    check_header(
        "種別,ID,番号,名称,担当科,区分,再掲元,目的,内容,目標,基準値,R3",
        "E213 1行目 E列: 「担当科」という列はありません",
    );
}

#[test]
fn e214_duplicate_column() {
    check_header(&format!("{HEADER},目的"), "E214 1行目 O列: 「目的」の列が2つあります（H列とO列）");
}

#[test]
fn e215_duplicate_year() {
    check_header(
        &HEADER.replace("R3,R4", "R元,H31"),
        "E215 1行目 M列: 令和元年度の列が2つあります（L列とM列）",
    );
}

#[test]
fn e216_years_out_of_order() {
    check_header(
        &HEADER.replace("R3,R4", "R4,R3"),
        "E216 1行目 M列: 年度の列が古い順に並んでいません（R4の次にR3があります）",
    );
}

#[test]
fn e217_no_years() {
    check_header(&HEADER.replace("R3,R4,", ""), "E217 1行目: 年度の列がありません");
}

#[test]
fn e218_value_outside_columns() {
    check_findings(
        "事業,P001,1,漁業,水産振興課,,,,,,,,,,はみ出し,",
        "E218 5行目 O列: 見出しのない列に「はみ出し」と書かれています",
    );
    // A column nobody named is one finding.
    check_findings(
        "事業,P001,1,漁業,水産振興課,,,,,,,,,,メモ
         事業,P002,2,農業,農林課,,,,,,,,,,
         事業,P003,3,林業,農林課,,,,,,,,,,別のメモ",
        "E218 5行目 O列: 見出しのない列に「メモ」と書かれています（同じ列にほか1件）
         E230 6行目: セルの数が見出しより多くあります（15個、見出しは14個）",
    );
}

#[test]
fn e219_unreadable_year() {
    let header = HEADER.replace("R4", "R4（実績）");
    check_header(&header, "E219 1行目 M列: 見出し「R4（実績）」は年度として読めません");
    let help = read_text(&header).1.iter().next().unwrap().help();
    assert_eq!(
        help,
        "「R4」の間違いではありませんか。年度の見出しは「R3」「令和3年度」「2021」のように書きます。"
    );
}

#[test]
fn w211_unknown_column() {
    check_header(&format!("{HEADER},メモ"), "W211 1行目 O列: 「メモ」の列は使われません");
}

#[test]
fn w211_unknown_column_with_values() {
    check_file(
        &format!(
            "{HEADER},メモ\n基本目標,G1,1,産業,,,,,,,,,,,あ\n分野,G1-A,ア,雇用,,,,,,,,,,,\n施策,G1-A-1,①,担い手,,,,,,,,,,,い\n"
        ),
        "W211 1行目 O列: 「メモ」の列は使われません（値が2件あります）",
    );
}

#[test]
fn w212_year_missing() {
    check_header(&HEADER.replace("R4", "R5"), "W212 1行目 M列: 令和4年度の列がありません");
}

#[test]
fn e233_year_out_of_reach() {
    for (years, heading, column, western) in [
        ("R3,R99", "R99", "M", 2117),
        ("R99,R4", "R99", "L", 2117),
        ("R3,令和44年度", "令和44年度", "M", 2062),
        ("2021,2202", "2202", "M", 2202),
        ("S3,R4", "S3", "L", 1928),
    ] {
        check_header(
            &HEADER.replace("R3,R4", years),
            &format!("E233 1行目 {column}列: 年度の見出し「{heading}」（{western}年度）は、離れすぎています"),
        );
    }
    // The years between are not missing, and no year out of order.
    check_header(
        &HEADER.replace("R3,R4", "R3,R99,R4,R5"),
        "E233 1行目 M列: 年度の見出し「R99」（2117年度）は、離れすぎています",
    );
}

/// W213 見出しの行より上に、ほかの行がある。
#[test]
fn w213_rows_above_header() {
    let row = "基本目標,G1,1,産業\n";
    check_file(
        &format!("根室市創生総合戦略 マスタ,,,\n\n令和4年度,,,\n{HEADER}\n{row}"),
        "W213 1行目: 見出しの行より上に「根室市創生総合戦略 マスタ」などの行が2行あり、読み飛ばしました",
    );
    check_file(
        &format!("作成,総合政策室\r\n{HEADER}\r\n基本目標,G1,1,産業\r\n分野,G1,ア,雇用\r\n"),
        "W213 1行目: 見出しの行より上に「作成 総合政策室」などの行が1行あり、読み飛ばしました
         E224 4行目 B列: ID「G1」は3行目にもあります",
    );
    // Too far below to be the header of this file.
    check_file(&format!("{}{HEADER}\n{row}", "表題\n".repeat(12)), "E211 1行目 A列: 見出しの行がありません");
}

// ── The shape of the rows ────────────────────────────────────────────────────

#[test]
fn e230_row_too_long() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         事業量,P001-1,,件数,,,,,,,,5件,,,,
         事業量,P001-2,,,人数,,,,,,,,5人,6人,",
        "E230 6行目: セルの数が見出しより多くあります（16個、見出しは14個）（7行目も同じ）
         E226 7行目 D列: 「事業量」の行に名称がありません",
    );
    // Every row has them: the sheet was wider once.
    let wide = lines(SAMPLE.replace("漁業、\"\"海", "漁業").replace("\"目的\n二行目\"", "目的").as_str());
    let wide: Vec<String> = wide
        .lines()
        .filter(|line| !line.starts_with(",,,"))
        .enumerate()
        .map(|(at, line)| match (at, line.matches(',').count()) {
            (0, _) => line.to_owned(),
            (_, commas) => format!("{line}{}", ",".repeat(15 - commas)),
        })
        .collect();
    check_file(&wide.join("\n"), "");
}

/// E231 カンマのある値が、「"」がないために2つのセルに分かれている。
#[test]
fn e231_lost_quote() {
    for (row, column, before, after) in [
        ("事業量,P001-1,,件数,,,,,,,,22,364件,,", "L", "22", "364件"),
        ("事業量,P001-1,,件数,,,,,,,,5件,22,364件,", "M", "22", "364件"),
        ("事業量,P001-1,,件数,,,,,,,,延べ22,364人,,", "L", "延べ22", "364人"),
        ("事業量,P001-1,,人口1,000人当たりの数,,,,,,,,5件,6件,", "D", "人口1", "000人当たりの数"),
        ("事業量,P001-1,,件数,,,,,,,,1,234,,", "L", "1", "234"),
    ] {
        check_findings(
            &format!("事業,P001,1,漁業,水産振興課\n{row}"),
            &format!(
                "E231 6行目 {column}列: 「{before}」と「{after}」は、1つの値がカンマで2つのセルに分かれたものと思われます"
            ),
        );
    }
}

/// Figures of a row that is shifted are not read: they stand in other columns.
#[test]
fn a_shifted_row_gives_no_figures() {
    let text = format!(
        "{HEADER}\n基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n\
         事業,P001,1,漁業,水産振興課\n事業量,P001-1,,件数,,,,,,,,22,364件,7件,\n"
    );
    let plan = read_text(&text).0.unwrap().plan;
    let (_, indicator) = plan.indicators()[0];
    assert!(indicator.actuals.iter().all(|value| !value.is_reported()));
}

#[test]
fn w226_perhaps_lost_quote() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         事業量,P001-1,,件数,,,,,,,,22,364件,",
        "W226 6行目 L列: 「22」と「364件」は、1つの値がカンマで2つのセルに分かれたもののように見えます",
    );
    for row in ["22件,364件", "22.5,364件", "\"22\",364件", "22,64件", "22,3640件", "22,364", "2022,364件"]
    {
        check_findings(&format!("事業,P001,1,漁業,水産振興課\n事業量,P001-1,,件数,,,,,,,,{row},"), "");
    }
}

#[test]
fn e232_row_ends_early() {
    check_findings(
        "KPI,G1-A-1-K1,①,就業者数,農林課
         事業,P001,1,漁業
         事業量,P001-1,,件数
         施策,G1-A-2",
        "E232 5行目 F列: 行が途中で終わっています（「区分」から右のセルがありません）
         E232 6行目 E列: 行が途中で終わっています（「担当課」から右のセルがありません）
         W223 6行目 E列: 事業に担当課がありません
         E232 8行目 C列: 行が途中で終わっています（「番号」から右のセルがありません）
         W222 8行目 C列: 「施策」の行に番号がありません
         E226 8行目 D列: 「施策」の行に名称がありません",
    );
}

/// Where every other row is whole, a short one has lost something.
#[test]
fn w227_only_short_row() {
    let full = |row: &str| format!("{row}{}\n", ",".repeat(13 - row.matches(',').count()));
    let above =
        ["基本目標,G1,1,産業", "分野,G1-A,ア,雇用", "施策,G1-A-1,①,担い手", "事業,P001,1,漁業,水産振興課"];
    let above: String = above.map(full).concat();
    check_file(
        &format!("{HEADER}\n{above}事業量,P001-1,,件数,,,,,,,,5件\n{}", full("事業量,P001-2,,人数")),
        "W227 6行目: この行だけ、セルの数が見出しより少なくなっています（12個、見出しは14個）",
    );
    check_file(
        &format!("{HEADER}\n{above}事業量,P001-1,,件"),
        "W227 6行目: この行だけ、セルの数が見出しより少なくなっています（4個、見出しは14個）",
    );
}

// ── The file as a whole ──────────────────────────────────────────────────────

/// W103 ファイルの先頭の印（BOM）が2つ以上ある。
#[test]
fn w103_doubled_bom() {
    for marks in ["\u{FEFF}\u{FEFF}", "\u{FEFF}\u{FEFF}\u{FEFF}"] {
        for quote in ["", "\""] {
            let header = HEADER.replacen("種別", &format!("{quote}種別{quote}"), 1);
            let text = format!("{marks}{header}\n基本目標,G1,1,産業\n");
            let (master, findings) = read_text(&text);
            assert_eq!(shown(&findings), "W103: ファイルの先頭の印（BOM）が2つ以上あります");
            let source = master.unwrap().source;
            let changed = source.rewrite(&[(Row(0), Column::Name, "漁業".to_owned())]).unwrap();
            assert_eq!(String::from_utf8(changed).unwrap(), text.replace("産業", "漁業"));
        }
    }
}

#[test]
fn w104_only_carriage_returns() {
    let text = SAMPLE.replace('\n', "\r").replace("延べ49", "延べ49人");
    let (master, findings) = read_text(&text);
    assert_eq!(shown(&findings), "W104: 改行が、古いMacの形式（CRだけ）です");
    assert_eq!(master.unwrap().plan.projects().count(), 1);
}

/// IDs are the same in whatever width they are written.
#[test]
fn wide_ids_are_read_as_ids() {
    check_findings(
        "事業,Ｐ００１,1,漁業,水産振興課
         施策,G1-A-2,②,需給
         再掲,,,,,,P001
         施策,G1-A-3,③,需給
         再掲,,,,,,Ｐ００１
         事業,P001,2,農業,農林課",
        "E224 10行目 B列: ID「P001」は5行目にもあります",
    );
}

// ── The outline ──────────────────────────────────────────────────────────────

#[test]
fn e221_unknown_kind() {
    check_findings(
        "施作,G1-A-2,②,需給
         KPI,G1-A-2-K1,①,件数,,,,,,
         議会,X",
        "E221 5行目 A列: 種別「施作」はありません
         E221 7行目 A列: 種別「議会」はありません",
    );
}

#[test]
fn e222_no_parent() {
    check_file(
        &format!("{HEADER}\n事業,P001,1,漁業,水産振興課\n事業量,P001-1,,件数\n"),
        "E222 2行目 A列: 「事業」の上に、属する先の「施策」がありません",
    );
}

#[test]
fn e223_out_of_order() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         KPI,K1,①,件数,,,,,,
         数値目標,T1,①,人口,,,,,,
         施策,G1-A-2,②,需給
         再掲,,,,,,P001
         事業量,P001-1,,件数",
        "E223 6行目 A列: 「KPI」が「事業」より後にあります
         E223 7行目 A列: 「数値目標」が「分野」より後にあります
         E223 10行目 A列: 「事業量」が「再掲」より後にあります",
    );
}

#[test]
fn e224_duplicate_id() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         事業,P001,2,農業,農林課",
        "E224 6行目 B列: ID「P001」は5行目にもあります",
    );
}

#[test]
fn e225_missing_id() {
    check_findings("事業,,1,漁業,水産振興課", "E225 5行目 B列: 「事業」の行にIDがありません");
}

#[test]
fn e226_missing_name() {
    check_findings("事業,P001,1,,水産振興課", "E226 5行目 D列: 「事業」の行に名称がありません");
}

#[test]
fn e227_unknown_division() {
    check_findings("事業,P001,1,漁業,水産振興課,新機", "E227 5行目 F列: 区分「新機」はありません");
}

#[test]
fn e228_no_rows() {
    check_file(HEADER, "E228: 見出しの下に、計画の行が1つもありません");
}

#[test]
fn e229_missing_kind() {
    check_findings(",P001,1,漁業", "E229 5行目 A列: 種別が書かれていません");
}

#[test]
fn w221_unused_cell() {
    check_findings(
        "事業,P001,1,漁業,水産振興課,,,,,,,5人,-",
        "W221 5行目 L列: 「事業」の行では「R3」は使われません（「5人」）",
    );
}

#[test]
fn w222_missing_number() {
    check_findings("事業,P001,,漁業,水産振興課", "W222 5行目 C列: 「事業」の行に番号がありません");
}

#[test]
fn w223_missing_department() {
    check_findings("事業,P001,1,漁業,", "W223 5行目 E列: 事業に担当課がありません");
}

#[test]
fn w224_unknown_department() {
    check_findings(
        "事業,P001,1,漁業,水産振課
         事業,P002,2,農業,農業委員会・農林課
         KPI,K1,①,件数,議会,,,,,",
        "W224 5行目 E列: 担当課「水産振課」は、設定ファイルの一覧にありません
         E223 7行目 A列: 「KPI」が「事業」より後にあります
         W224 7行目 E列: 担当課「議会」は、設定ファイルの一覧にありません",
    );
}

#[test]
fn w225_reprint_in_same_measure() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         再掲,,,,,,P001",
        "W225 6行目 G列: 事業「P001」は、同じ施策の5行目にもあります",
    );
}

// ── Values ───────────────────────────────────────────────────────────────────

#[test]
fn e301_unreadable_value() {
    check_findings(
        "KPI,K1,①,件数,,,,,,,1O人,12,R5.3",
        "E301 5行目 K列: 「1O人」は数字の代わりに「O（英字の大文字オー）」が使われています
         E301 5行目 M列: 「R5.3」は数値の前に読めない文字があります",
    );
}
