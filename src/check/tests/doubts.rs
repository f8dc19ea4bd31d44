//! Figures that read well and are wrong all the same, each by the code of its rule.

use super::*;
use crate::finding::{FindingKind, ValueRule};

/// What is found in rows of one indicator each: `target,baseline,R3,R4`.
fn found_in(rows: &[&str]) -> Vec<String> {
    let rows: Vec<String> =
        rows.iter().enumerate().map(|(at, row)| format!("KPI,G1-A-1-K{},①,数,,,,,,{row},", at + 1)).collect();
    shown(&check(&read(&rows.join("\n")), &settings()))
}

/// The code that is found in the row, at that column, and nothing else.
fn only(code: &str, column: &str, row: &str) {
    let found = found_in(&[row]);
    let begins = format!("{code} 5行目 {column}列: ");
    assert!(found.len() == 1 && found[0].starts_with(&begins), "{code} {column} {row}: {found:?}");
}

fn nothing(row: &str) {
    assert_eq!(found_in(&[row]), [""; 0], "{row}");
}

/// W311 同じ行の中で、億・万・千などの位が違い、大きさも合わない。
#[test]
fn w311_scale_differs() {
    for (column, row) in [
        ("M", "4年で50億円,,146.00億円,150.25円"),
        ("M", "4年で5千尾,,\"2,031千尾\",\"2,207尾\""),
        ("M", "4年で5千万円,,\"1億2,345万円\",\"1億3,000円\""),
        ("L", "4年で5千万円,9800万円,9900円,9700万円"),
        ("M", "4年で5億円,5億円,6億円,5千円"),
        ("L", "4年で5万人,\"49,500人\",5万人,\"51,000人\""),
        ("K", "4年で5億円,3億円,3万円,2万円"),
    ] {
        if row.contains("49,500") {
            nothing(row);
        } else {
            only("W311", column, row);
        }
    }
    assert_eq!(
        found_in(&["4年で50億円,,146.00億円,150.25円"]),
        [
            "W311 5行目 M列: 「150.25円」は、同じ行の「146.00億円」と位（億・万・千など）が違い、大きさも合いません"
        ]
    );
    for row in [
        "4年で5万人,9.8万人,102千人,9.9万人",
        "4年で5億円,9億円,9000万円,0円",
        "4年で5千万円,\"9,800万円\",\"1億2,345万円\",\"1億3,000万円\"",
        "4年で5億円,9億円,0億円,5億円",
        "4年で5万人,5万人,6万人,5千人",
        "4年で5億円,1億円,1000万円,1億円",
    ] {
        nothing(row);
    }
}

/// W306 where two units stand once each: the target's is the usual one, then that of the
/// earlier year.
#[test]
fn the_unit_that_differs_is_pointed_at() {
    for (column, row) in [
        ("K", "4年で50人,17件,4人,"),
        ("L", "4年で50人,17人,4件,"),
        ("M", "4年で50社,,4人,5件"),
        ("M", "4年で50人,5人,4人,5件"),
        ("K", "4年で50回,17件,4人,"),
        ("L", "4年で50億円,17億円,4千件,"),
    ] {
        let found = found_in(&[row]);
        assert!(found[0].starts_with(&format!("W306 5行目 {column}列")), "{row}: {found:?}");
    }
}

/// W312 後の値があるのに、前の年度（または基準値）だけが空である。
#[test]
fn w312_hole_before_figure() {
    check_findings(
        "KPI,G1-A-1-K1,①,人数,,,,,,4年で50人,,5人,6人
         KPI,G1-A-1-K2,②,人数,,,,,,4年で50人,5人,5人,6人
         事業,P001,1,漁業,水産振興課
         事業量,P001-1,,件数,,,,,,,,5件,6件
         事業量,P001-2,,件数,,,,,,,,5件,6件
         事業量,P001-3,,件数,,,,,,,,,6件
         事業,P002,2,農業,農林課
         事業量,P002-1,,件数,,,,,,,,,6件
         事業,P003,3,林業,農林課
         事業量,P003-1,,件数,,,,,,,,,6件
         事業量,P003-2,,件数,,,,,,,,,6件
         事業,P004,4,林業,農林課
         事業量,P004-1,,件数,,,,,,,,—,6件
         事業量,P004-2,,件数,,,,,,,,5件,6件",
        &[
            "W312 5行目 K列: 「基準値」が空なのに、その右に「5人」があります",
            "W312 10行目 L列: 「R3」が空なのに、その右に「6件」があります",
        ],
    );
}

/// A master of so many rows with R3 to R5, of which one has slipped.
fn with_three_years(slipped: &str) -> Vec<String> {
    let rows: Vec<String> = (1..25)
        .map(|at| {
            format!("事業,P{at:03},{at},漁業,水産振興課,,,目的\n事業量,P{at:03}-1,,人数,,,,,,,,5人,6人,,")
        })
        .collect();
    let text = format!(
        "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考\n\
         基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n{}\n\
         事業,P025,25,漁業,水産振興課,,,目的\n事業量,P025-1,,人数,,,,,,,,{slipped},\n",
        rows.join("\n")
    );
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{findings:?}");
    shown(&check(&master.unwrap(), &settings()))
}

/// W313 ほとんどの行で空の年度に、わずかな値だけがある。
#[test]
fn w313_lonely_year() {
    let lonely = "W313 54行目 N列: 令和5年度の実績は1件だけで、ほかの24件は空です";
    for (slipped, hole) in [
        (",5人,6人", Some("W312 54行目 L列: 「R3」が空なのに、その右に「5人」があります")),
        ("5人,,6人", Some("W312 54行目 M列: 「R4」が空なのに、その右に「6人」があります")),
        (",,6人", Some("W312 54行目 L列: 「R3」が空なのに、その右に「6人」があります")),
        ("5人,6人,7人", None),
        ("5人,6人,—", None),
    ] {
        let mut expected: Vec<String> = vec![lonely.to_owned()];
        expected.extend(hole.map(str::to_owned));
        let found: Vec<String> =
            with_three_years(slipped).into_iter().filter(|one| !one.contains("W301")).collect();
        assert_eq!(found, expected, "{slipped}");
    }
    assert_eq!(with_three_years("5人,6人,"), [""; 0]);
    // A project that began later is no slip where it stands alone.
    assert_eq!(with_three_years(",6人,"), [""; 0]);
    let help = |is_latest| {
        let year = crate::plan::FiscalYear::starting(2023);
        FindingKind::from(ValueRule::LonelyYear { year, count: 1, of: 25, is_latest }).help()
    };
    assert!(help(true).contains("令和5年度が選ばれます") && !help(false).contains("選ばれます"));
}

/// W314 桁区切りのカンマが小数点になっているように見える。
#[test]
fn w314_point_for_comma() {
    for (column, row) in [
        ("L", "4年で50人,\"1,622人\",2.070人,\"1,959人\""),
        ("L", "4年で50人,\"1,622人\",2.070人,1.959人"),
        ("K", "4年で50人,1.622人,2.070人,1.959人"),
        ("K", "4年で50件,1.622件,,"),
        ("L", "4年で5千尾,\"2,031千尾\",2.207千尾,\"2,100千尾\""),
        ("L", "4年で5校舎,31校舎,2.207校舎,32校舎"),
        ("L", "4年で5万人,延べ49人,延べ49.381人,延べ48人"),
    ] {
        only("W314", column, row);
    }
    assert_eq!(
        found_in(&["4年で50人,\"1,622人\",2.070人,1.959人"]),
        [
            "W314 5行目 L列: 桁区切りのカンマが小数点になっているように見えます（L5「2.070人」、M5「1.959人」）"
        ]
    );
    for row in [
        "4年で50ha,1.622ha,2.070ha,1.959ha",
        "4年で50人,0.4人,0.622人,0.5人",
        "4年で1.625%,1.622%,2.075%,1.959%",
        "4年で50人,1.62人,2.07人,1.95人",
        "4年で50t,1.625t,2.5t,1t",
    ] {
        nothing(row);
    }
}

/// W315 数値が0で始まっている。
#[test]
fn w315_leading_nought() {
    for (column, row) in [
        ("L", "4年で50万粒,31万粒,031万粒,32万粒"),
        ("M", "4年で50人,5人,6人,007人"),
        ("K", "4年で50人,延べ０５人,延べ6人,延べ7人"),
        ("L", "4年で50回,1回,00回,2回"),
        ("K", "4年で50%,05.5%,6.5%,7.5%"),
    ] {
        only("W315", column, row);
    }
    for row in ["4年で50人,0人,0.4人,10人", "4年で50%,0.5%,0.0%,6.0%", "4年で50人,△0.5人,100人,0人"]
    {
        let found = found_in(&[row]);
        assert!(!found.iter().any(|one| one.contains("W315")), "{row}: {found:?}");
    }
}

/// W316 同じ行の中で、数値の前後の言葉や符号の付け方が違う。
#[test]
fn w316_notation_differs() {
    for (column, row) in [
        ("L", "4年で50人,\"2,070人\",\"△1,959人\",\"1,622人\""),
        ("M", "4年で5万人,,\"延べ49,381人\",\"48,005人\""),
        ("M", "4年で50校,,年111校,112校"),
        ("L", "4年で50%,,3.2%減,3.1%減"),
        ("M", "4年で50件,5件,6件,-7件"),
        ("K", "4年で50人,約5人,6人,7人"),
    ] {
        only("W316", column, row);
    }
    assert_eq!(
        found_in(&["4年で5万人,,\"延べ49,381人\",\"48,005人\""]),
        ["W316 5行目 M列: 同じ行の中で、M5「48,005人」とL5「延べ49,381人」では、数値の前の言葉が違います"]
    );
    for row in [
        "4年で50%,△3.2%,2.0%,△1.0%",
        "4年で50人,延べ5人,延べ6人,—",
        "4年で50千円,50千円,△60千円,70千円",
        "4年で50人,△5人,△6人,△7人",
    ] {
        nothing(row);
    }
    // A row about changes has both signs.
    check_findings("KPI,G1-A-1-K1,①,人口の増減,,,,,,4年で50人,5人,△6人,7人", &[]);
}

/// W317 目標に単位があるのに、その行の値に単位がない。
#[test]
fn w317_unit_of_target_missing() {
    for row in [
        "4年で54.1%とし0.3ポイント向上,0.538,0.554,0.554",
        "4年で54.1%とし0.3ポイント向上,53.8,55.4,55.4",
        "4年で1665人,\"1,622\",\"2,070\",",
        "令和7年度に54.1%を目指す,53.8,,",
    ] {
        let found = found_in(&[row]);
        assert!(found.iter().any(|one| one.starts_with("W317 5行目 K列")), "{row}: {found:?}");
    }
    for row in [
        "1.67（現状値）以上の水準維持,1.67,1.67,1.67",
        "1.67（現状値）以上の水準維持,1.67%,1.67%,1.67%",
        "4年で50人,,,",
        "4年で50人,5人,6人,",
    ] {
        nothing(row);
    }
}

/// A value that was parted is one cause, and one finding.
#[test]
fn what_follows_from_a_parted_value_is_not_said_again() {
    for row in [
        "4年で50人,,1,070",
        "4年で50人,,延べ49,381人",
        "4年で5千尾,,2,031千尾",
        "4年で1,665人増加,1622人,2070人",
    ] {
        let found = found_in(&[row]);
        assert!(found.iter().all(|one| !one.starts_with("W31")), "{row}: {found:?}");
    }
}

/// W105 濁点などが、文字から分かれた形（NFD）で書かれている。
#[test]
fn w105_decomposed_text() {
    let rows = "事業,P001,1,カ\u{3099}ント\u{3099}の事業,水産振興課,,,目的か\u{3099}ある
        事業量,P001-1,,こ\u{3099}み,,,,,,,,5ケ\u{3099}ーム,6ケ\u{3099}ーム";
    check_findings(
        rows,
        &["W105 5行目 D列: 濁点などが文字から分かれた形（NFD）で書かれています（ほか4個のセルにも）"],
    );
    let master = read(rows);
    let project = master.plan.projects().next().unwrap();
    assert_eq!((project.name.as_str(), project.purpose.as_str()), ("ガンドの事業", "目的がある"));
    assert_eq!(project.indicators[0].name, "ごみ");
    let printed: Vec<&str> = project.indicators[0].actuals.iter().map(|value| value.printed()).collect();
    assert_eq!(printed, ["5ゲーム", "6ゲーム"]);
    // What is drawn is looked for in the fonts, and the file stays as it is.
    let covers = |sign: Sign| !matches!(sign.base, '\u{3099}');
    assert!(glyphs(&master.source, &Coverage { covers: &covers, fallback: None }).is_empty());
    let bytes = master.source.rewrite(&[]).unwrap();
    assert_eq!(bytes, master.source.bytes());
    assert!(String::from_utf8(bytes).unwrap().contains("カ\u{3099}"));
}

/// W231 設定ファイルの texts に書かれたIDの項目がない。
#[test]
fn w231_texts_of_unknown_id() {
    let master = read("KPI,G1-A-1-K1,①,順位,,,,,,4年で50%,第9位,第5位,第3位");
    let with = |texts: &[&str]| {
        let mut settings = settings();
        settings.values.texts = texts.iter().map(|text| (*text).to_owned()).collect();
        let findings = check(&master, &settings);
        findings.iter().map(|one| format!("{} {}", one.code(), one.message())).collect::<Vec<_>>()
    };
    assert_eq!(with(&["Ｇ１-A-1-K1"]), [""; 0]);
    for id in ["G1-A-1-K9", "P001", "G1"] {
        let message = format!("W231 設定ファイルの [values] texts にある「{id}」は、計画の項目にありません");
        assert_eq!(with(&[id, "G1-A-1-K1"]), [message]);
    }
}

// ── What the master said before ──────────────────────────────────────────────

const BEFORE: &str = "KPI,G1-A-1-K1,①,率,,,,,,4年で50%,53.8%,55.4%,調査中,
    事業,P001,1,漁業,水産振興課,,,目的
    事業量,P001-1,,人数,,,,,,,,\"1,622人\",\"1,959人\",
    事業量,P001-2,,件数,,,,,,,,5件,,";

fn changes(now: &str) -> Vec<String> {
    let former = [Former { name: "backup/master_1.csv".to_owned(), plan: read(BEFORE).plan }];
    let findings = spreadsheet(&read(now), &former);
    findings.iter().map(|one| format!("{} {}", one.code(), one.message())).collect()
}

/// W318 控えまたは保存した版と、行や過去の値が違う。
#[test]
fn w318_changed_since_former() {
    let says = |count: usize, changes: &str| {
        vec![format!("W318 控えや保存した版と違うところが{count}件あります（{changes}）")]
    };
    for (old, new, expected) in [
        ("1,622人", "1,612人", says(1, "L7「1,612人」（前は「1,622人」）")),
        ("5件,,", ",,", says(1, "L8「（空欄）」（前は「5件」）")),
        (
            "\"1,622人\",\"1,959人\"",
            "\"1,959人\",\"1,622人\"",
            says(2, "L7「1,959人」（前は「1,622人」）、M7「1,622人」（前は「1,959人」）"),
        ),
        (
            "\"1,622人\",\"1,959人\"",
            "\"1,622件\",\"1,959件\"",
            says(2, "L7「1,622件」（前は「1,622人」）、M7「1,959件」（前は「1,959人」）"),
        ),
        ("53.8%,55.4%", "—,55.4%", says(1, "K5「—」（前は「53.8%」）")),
        ("P001-2", "P001-3", says(1, "ID「P001-2」の行がない")),
    ] {
        let now = BEFORE.replace(old, new);
        assert_ne!(now, BEFORE);
        assert_eq!(changes(&now), expected, "{new}");
    }
    // What is new, what was pending, and another width are no changes.
    for (old, new) in [("5件,,", "5件,6件,"), ("調査中", "56.0%"), ("5件,,", "５件,,"), ("漁業", "農業")]
    {
        let now = BEFORE.replace(old, new);
        assert_ne!(now, BEFORE);
        assert_eq!(changes(&now), [""; 0], "{new}");
    }
    // A change of form alone is the spreadsheet's, and one of the former masters is enough.
    assert!(changes(&BEFORE.replace("55.4%", "55.40%")).iter().all(|one| one.starts_with("W310")));
    let now = BEFORE.replace("1,622人", "1,612人");
    let former = [BEFORE, &now].map(|rows| Former { name: "a".to_owned(), plan: read(rows).plan });
    assert!(spreadsheet(&read(&now), &former).is_empty());
}

/// LibreOffice rounds every percentage; the rows without a target tell by the others.
#[test]
fn percentages_that_were_all_rounded_are_named() {
    let rows = |one: &str, other: &str| {
        format!(
            "KPI,G1-A-1-K1,①,率,,,,,,4年で54.1%とし0.3ポイント向上,{one},
             事業,P001,1,漁業,水産振興課,,,目的
             事業量,P001-1,,率,,,,,,,,{other},"
        )
    };
    let found = |rows: &str| shown(&spreadsheet(&read(rows), &[]));
    let says = found(&rows("54%,55%,55%", "92%,100%"));
    assert!(says.len() == 1 && says[0].contains("4個") && says[0].contains("L7「92%」"), "{says:?}");
    let says = found(&rows("54%,55%,55%", "92.3%,100%"));
    assert!(says.len() == 1 && says[0].contains("3個"), "{says:?}");
    assert!(found(&rows("53.8%,55.4%,55.4%", "92%,100%")).is_empty());
    assert!(found(&rows("53.8%,55.4%,55.4%", "92%,100%").replace("54.1%とし0.3", "54%とし1")).is_empty());
    // Where 70.0% is the rule, 70% is no decision of anybody.
    let kept = "KPI,G1-A-1-K1,①,率,,,,,,4年で50%,53.8%,55%,55.4%,
         事業,P001,1,漁業,水産振興課,,,目的
         事業量,P001-1,,率,,,,,,,,70.0%,90.0%,
         事業量,P001-2,,率,,,,,,,,60.0%,90.5%,";
    let says = found(kept);
    assert!(says.len() == 1 && says[0].contains("L5「55%」"), "{says:?}");
}
