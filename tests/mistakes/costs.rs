//! Mistakes in what a plan may hold beside the eight kinds of rows: 事業費, 予算, 目標値 and
//! declared columns.

use super::{At, Mistake, Sheet, Site, row};

/// The settings of a plan with all of them.
pub const SETTINGS: &str = r#"
[plan]
id = "見本"
city = "見本町"
office = "企画課"
name = "総合戦略"
title = "実績一覧"
[departments]
order = ["産業課", "町民課"]
[[fields]]
name = "評価"
rows = ["KPI", "事業"]
type = "選択"
choices = ["順調", "概ね順調", "遅れている"]
[[fields]]
name = "会計"
rows = ["事業"]
ask = false
[[fields]]
name = "人工"
rows = ["事業"]
type = "数"
"#;

/// Its master.
pub const MASTER: &str = "\
種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R5,R6,評価,会計,人工,備考
基本目標,G1,1,産業を育てる,,,,,,,,,,,,,
数値目標,G1-T1,①,新規就業者数,産業課,,,,,5年で延べ50人増加,11人,12人,14人,,,,
目標値,G1-T1-T,,,,,,,,,,12人,13人,,,,
分野,G1-A,ア,産業,,,,,,,,,,,,,
施策,G1-A-1,①,担い手,,,,,,,,,,,,,
KPI,G1-A-1-K1,①,相談件数,産業課,,,,,年間20件,15件,18件,21件,順調,,,
目標値,G1-A-1-K1-T,,,,,,,,,,17件,20件,,,,
KPI,G1-A-1-K2,②,研修の受講者数,町民課,,,,,年間30人,25人,28人,31人,概ね順調,,,
事業,P001,1,漁業の担い手,産業課,,,担い手を増やす,助成する,,,,,順調,一般,0.5人,
事業費,P001-C1,,国庫支出金,,,,,,,,\"1,200千円\",\"1,300千円\",,,,
予算,P001-C1-B,,,,,,,,,,\"1,250千円\",\"1,300千円\",,,,
事業費,P001-C2,,一般財源,,,,,,,,850千円,900千円,,,,
予算,P001-C2-B,,,,,,,,,,850千円,950千円,,,,
事業費,P001-C3,,計,,,,,,,,\"2,050千円\",\"2,200千円\",,,,
予算,P001-C3-B,,,,,,,,,,\"2,100千円\",\"2,250千円\",,,,
事業量,P001-1,,助成した人数,,,,,,,,12人,14人,,,,
目標値,P001-1-T,,,,,,,,,,10人,12人,,,,
事業,P002,2,農業の担い手,町民課,,,担い手を増やす,相談に応じる,,,,,遅れている,特別,1.5人,
事業量,P002-1,,相談件数,,,,,,,,31件,35件,,,,
事業量,P002-2,,見学会の参加者数,,,,,,,,\"1,031人\",\"1,135人\",,,,
目標値,P002-2-T,,,,,,,,,,\"1,000人\",\"1,100人\",,,,
事業費,P002-C1,,総事業費,,,,,,,,700千円,710千円,,,,
事業費,P002-C2,,道支出金,,,,,,,,300千円,310千円,,,,
事業費,P002-C3,,一般財源,,,,,,,,400千円,400千円,,,,
";

fn rows_of(sheet: &Sheet, kinds: &[&str]) -> Vec<Site> {
    sheet.kinds(kinds).into_iter().map(|row| (row, 0)).collect()
}

fn put(sheet: &mut Sheet, at: usize, heading: &str, text: &str) -> At {
    let column = sheet.column(heading);
    sheet.set((at, column), text);
    row(at)
}

/// Figures of rows of a name.
fn money(sheet: &Sheet, names: &[&str]) -> Vec<Site> {
    let years = sheet.years();
    let rows = sheet.cells(&["事業費"], "名称", |name| names.contains(&name));
    rows.into_iter().flat_map(|(row, _)| years.clone().map(move |column| (row, column))).collect()
}

/// Another digit: 850千円 to 950千円, 1,200千円 to 2,200千円.
fn other_digit(sheet: &mut Sheet, site: Site) -> At {
    let text = sheet.text(site).to_owned();
    let first = text[..1].parse::<u32>().unwrap() % 9 + 1;
    sheet.set(site, &format!("{first}{}", &text[1..]));
    // Where the total stands, that is where it is said.
    let total = sheet.cells(&["事業費"], "名称", |name| ["計", "総事業費"].contains(&name));
    let id = |row: usize| sheet.of(row, "ID")[..4].to_owned();
    let of_project = total.into_iter().map(|(row, _)| row).filter(|row| id(*row) == id(site.0));
    At::Rows(of_project.chain([site.0]).collect())
}

pub fn mistakes() -> Vec<Mistake> {
    let m = |name, sites, make| Mistake { name, sites, make };
    // In the plan of this file alone: others hold no totals and no such choices.
    fn own(sheet: &Sheet) -> bool {
        let has = |heading: &str| sheet.rows[0].iter().any(|cell| cell.text == heading);
        sheet.rows.len() > 1 && has("会計") && has("人工")
    }
    vec![
        m(
            "計と内訳が合わない",
            |s| if own(s) { money(s, &["計", "総事業費", "一般財源"]) } else { Vec::new() },
            other_digit,
        ),
        m(
            "予算の計と内訳が合わない",
            |s| {
                let of_total = |id: &str| id == "P001-C3-B";
                let rows = if own(s) { s.cells(&["予算"], "ID", of_total) } else { Vec::new() };
                let years = s.years();
                rows.into_iter().flat_map(|(row, _)| years.clone().map(move |column| (row, column))).collect()
            },
            other_digit,
        ),
        m(
            "事業費の行が消えた",
            |s| {
                let all = rows_of(s, &["事業費"]).into_iter();
                all.filter(|(at, _)| at + 1 < s.rows.len() && s.of(at + 1, "種別") == "予算").collect()
            },
            |s, (at, _)| {
                s.rows.remove(at);
                row(at)
            },
        ),
        m(
            "目標値の上の行が消えた",
            |s| {
                let all = rows_of(s, &["KPI", "事業量", "数値目標"]).into_iter();
                all.filter(|(at, _)| at + 1 < s.rows.len() && s.of(at + 1, "種別") == "目標値").collect()
            },
            |s, (at, _)| {
                s.rows.remove(at);
                row(at)
            },
        ),
        m(
            "予算の行が上に移った",
            |s| rows_of(s, &["予算"]),
            |s, (at, _)| {
                s.rows.swap(at - 1, at);
                At::Rows(vec![at - 1, at])
            },
        ),
        m(
            "予算が2行ある",
            |s| rows_of(s, &["予算"]),
            |s, (at, _)| {
                let mut twice = s.rows[at].clone();
                let id = s.column("ID");
                twice[id].text.push('2');
                s.rows.insert(at + 1, twice);
                row(at + 1)
            },
        ),
        m("予算に別の名称", |s| rows_of(s, &["予算"]), |s, (at, _)| put(s, at, "名称", "起債")),
        m(
            "事業費の名称が同じ",
            |s| {
                if own(s) {
                    s.cells(&["事業費"], "名称", |name| name == "国庫支出金")
                } else {
                    Vec::new()
                }
            },
            |s, (at, _)| {
                put(s, at, "名称", "一般財源");
                let other = s.kinds(&["事業費"]).into_iter().find(|other| *other > at).unwrap();
                At::Rows(vec![at, other])
            },
        ),
        m("事業費に担当課", |s| rows_of(s, &["事業費"]), |s, (at, _)| put(s, at, "担当課", "産業課")),
        m(
            "目標値の単位が違う",
            |s| if own(s) { rows_of(s, &["目標値"]) } else { Vec::new() },
            |s, (at, _)| {
                let year = s.years().start;
                s.set((at, year), "15%");
                row(at)
            },
        ),
        m(
            "選択の書き間違い",
            |s| {
                if own(s) {
                    s.cells(&["KPI", "事業"], "評価", |text| !text.is_empty())
                } else {
                    Vec::new()
                }
            },
            |s, (at, _)| put(s, at, "評価", "順帳"),
        ),
        m(
            "数の列に文",
            |s| if own(s) { rows_of(s, &["事業"]) } else { Vec::new() },
            |s, (at, _)| put(s, at, "人工", "O.5人"),
        ),
        m(
            "列が違う種別の行に",
            |s| if own(s) { rows_of(s, &["施策", "KPI", "事業費", "目標値"]) } else { Vec::new() },
            |s, (at, _)| put(s, at, "会計", "一般"),
        ),
        m(
            "列の見出しの書き間違い",
            |s| if own(s) { vec![(0, s.column("会計"))] } else { Vec::new() },
            |s, site| {
                s.set(site, "会形");
                row(0)
            },
        ),
    ]
}
