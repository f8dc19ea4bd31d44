//! Each test is named after the code of its rule.

#![allow(clippy::unwrap_used)]

mod costs;
mod doubts;

use super::*;
use crate::finding::Finding;
use crate::finding::column_letters;
use crate::master;
use crate::plan::FiscalYear;
use crate::sign::Sign;

fn settings() -> Settings {
    let text = "[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'\n\
        [departments]\norder=['水産振興課','農林課']\noutside=['民間等']";
    toml::from_str(text).unwrap()
}

/// Reads `rows` under a goal, a field and a measure (lines 2 to 4) of a master
/// without errors.
fn read(rows: &str) -> Master {
    let (master, findings) = reading(rows);
    assert!(!findings.has_errors(), "{findings:?}");
    master
}

/// The same, with what the reading finds.
fn reading(rows: &str) -> (Master, Findings) {
    let rows: Vec<&str> = rows.lines().map(str::trim).collect();
    let text = format!(
        "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考\n\
         基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n{}\n",
        rows.join("\n")
    );
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    (master.unwrap(), findings)
}

fn shown(findings: &Findings) -> Vec<String> {
    let one = |finding: &Finding| {
        let place = finding.place.clone().unwrap();
        let column = column_letters(place.column.unwrap());
        format!("{} {}行目 {column}列: {}", finding.code(), place.line.unwrap(), finding.message())
    };
    findings.iter().map(one).collect()
}

fn check_findings(rows: &str, expected: &[&str]) {
    // Most rules are not about wording: projects that say nothing have some here.
    let rows: Vec<String> = rows.lines().map(|row| worded(row.trim())).collect();
    let rows = rows.join("\n");
    assert_eq!(shown(&check(&read(&rows), &settings())), expected, "{rows}");
}

/// A project's row with a purpose, where it ends before one.
fn worded(row: &str) -> String {
    let is_short = row.starts_with("事業,") && row.matches(',').count() < 7;
    if is_short { format!("{row},,,目的") } else { row.to_owned() }
}

#[test]
fn w319_nothing_reported() {
    let master = read("事業,P001,1,漁業,水産振興課\n事業量,P001-1,,件数,,,,,,,,5件,\n");
    let said = |year: i32| -> Vec<String> {
        edition(&master, FiscalYear::starting(year)).iter().map(|finding| finding.message()).collect()
    };
    assert_eq!(said(2021), Vec::<String>::new());
    assert_eq!(said(2022), ["令和4年度の実績が1件もありません"]);
}

#[test]
fn w301_actual_not_reported() {
    check_findings(
        "KPI,K1,①,件数,農林課,,,,,4年で50%,50%,50%,
         事業,P001,1,漁業,水産振興課
         事業量,P001-1,,件数,,,,,,,,5件,
         事業量,P001-2,,人数,,,,,,,,5人,6人
         事業量,P001-3,,人数,,,,,,,,,6人
         事業,P002,2,民間の事業,民間等
         事業量,P002-1,,件数,,,,,,,,,
         事業量,P002-2,,件数,,,,,,,,,1件
         事業量,P002-3,,件数,,,,,,,,,1件
         事業量,P002-4,,件数,,,,,,,,,調査中",
        &[
            "W301 5行目 M列: 令和4年度の実績が1件未記入です（農林課）",
            "W301 7行目 M列: 令和4年度の実績が1件未記入です（水産振興課）",
            "W312 9行目 L列: 「R3」が空なのに、その右に「6人」があります",
        ],
    );
}

#[test]
fn a_cell_that_cannot_be_read_is_not_called_empty() {
    let (master, findings) = reading(
        "KPI,K1,①,件数,農林課,,,,,4年で5件,5件,5件,5件
         KPI,K2,②,人数,農林課,,,,,4年で5人,5人,5人,\"2,98人\"",
    );
    assert_eq!(findings.iter().map(Finding::code).collect::<Vec<_>>(), ["E301"]);
    let codes: Vec<&str> = reporting::check(&master, &settings()).iter().map(Finding::code).collect();
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn a_year_that_few_have_reported_is_not_asked_about() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         事業量,P001-1,,件数,,,,,,,,5件,6件
         事業量,P001-2,,人数,,,,,,,,5人,",
        &[],
    );
}

#[test]
fn w302_target_not_understood() {
    check_findings(
        "KPI,K1,①,件数,,,,,,なるべく増やす,1件",
        &["W302 5行目 J列: 目標「なるべく増やす」を読み取れません（数値の部分が数値として読めません）"],
    );
}

#[test]
fn w303_same_wording() {
    check_findings(
        "事業,P001,1,漁業,水産振興課,,,目的の文,内容の文
         施策,G1-A-2,②,需給
         再掲,,,,,,P001,目的の文,別の内容",
        &["W303 7行目 H列: 再掲の「目的」が、元の事業「P001」と同じ文です"],
    );
}

#[test]
fn w304_duplicate_number() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         事業,P002,1/2,農業,農林課",
        &["W304 6行目 C列: 事業の番号「1」は5行目にもあります"],
    );
}

#[test]
fn w305_number_gap() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         事業,X01,-,林業,民間等
         事業,P002,2～3,農業,農林課
         事業,P004,6,観光,農林課",
        &["W305 8行目 C列: 事業の番号が抜けています（4～5）"],
    );
}

#[test]
fn numbers_may_begin_anew_with_each_goal() {
    check_findings(
        "事業,P001,1,漁業,水産振興課
         基本目標,G2,2,暮らし
         分野,G2-A,ア,子育て
         施策,G2-A-1,①,結婚
         事業,P002,1,農業,農林課",
        &[],
    );
}

#[test]
fn w306_unit_differs() {
    check_findings(
        "KPI,K1,①,額,,,,,,4年で総額500億円増加,326.6,146.00億円,176.10億円
         KPI,K2,②,尾数,,,,,,4年で750匹,9900匹,5.1万匹,62千匹
         KPI,K3,③,人数,,,,,,4年で750人,900人,5件,62人",
        &[
            "W306 5行目 K列: 単位がありません（同じ行のほかの値は「億円」）",
            "W306 7行目 L列: 単位「件」が、同じ行のほかの値の「人」と違います",
        ],
    );
}

#[test]
fn w307_missing_target() {
    check_findings("KPI,K1,①,件数,,,,,,,1件", &["W307 5行目 J列: 「KPI」の行に目標がありません"]);
}

/// A text in place of a figure is asked about once for each indicator.
#[test]
fn w308_text_for_figure() {
    let rows = "KPI,K1,①,順位,,,,,,4年で50%,第9位,第5位,第３位
         KPI,K2,②,評価,,,,,,4年で50%,5%,6%,◎
         KPI,K3,③,人数,,,,,,4年で50%,5%,調査中,—
         KPI,K4,④,人数,,,,,,4年で50%,5%,10人（うち女性3人）,6%";
    check_findings(
        rows,
        &[
            "W308 5行目 K列: 「第9位」は数値ではなく、文字として印刷します（同じ行にほか2件）",
            "W308 6行目 M列: 「◎」は数値ではなく、文字として印刷します",
            "W308 8行目 L列: 「10人（うち女性3人）」は数値ではなく、文字として印刷します",
        ],
    );
    let mut settings = settings();
    settings.values.texts = vec!["Ｋ１".into(), "K4".into()];
    settings.values.words = vec!["◎".into()];
    let master = read(rows);
    let findings = check(&master, &settings);
    assert_eq!(shown(&findings).len(), 1, "the words were not known when the master was read");
}

#[test]
fn w340_looks_like_formula() {
    check_findings(
        "KPI,K1,①,=SUM(A1:A9),,,,,,+15人の増加,1件
         事業,P001,1,@漁業,水産振興課,,,- 資源の増大,-5ポイントの抑制,,,,,=備考
         事業量,P001-1,,-,,,,,,,,5件,6件",
        &[
            "W302 5行目 J列: 目標「+15人の増加」を読み取れません（対応していない書き方です）",
            "W340 5行目 D列: 「=」で始まる文は、CSVをExcelで開くと数式として扱われます（「=SUM(A1:A9)」）",
            "W340 5行目 J列: 「+」で始まる文は、CSVをExcelで開くと数式として扱われます（「+15人の増加」）",
            "W340 6行目 D列: 「@」で始まる文は、CSVをExcelで開くと数式として扱われます（「@漁業」）",
            "W340 6行目 H列: 「-」で始まる文は、CSVをExcelで開くと数式として扱われます（「- 資源の増大」）",
            "W340 6行目 N列: 「=」で始まる文は、CSVをExcelで開くと数式として扱われます（「=備考」）",
        ],
    );
}

#[test]
fn w228_missing_wording() {
    check_findings(
        "事業,P001,1,漁業,水産振興課,,,,,,,,,
         事業,P002,2,農業,農林課,,,,内容,,,,,
         事業,P003,3,林業,農林課,,, 　,\u{20}",
        &[
            "W228 5行目 H列: 事業に目的も内容も書かれていません",
            "W228 7行目 H列: 事業に目的も内容も書かれていません",
        ],
    );
}

/// ⾼ is no 高, and a department written with it is another department.
#[test]
fn w502_no_ordinary_kanji() {
    check_findings(
        "事業,P001,1,⾼齢者の⽤具と⾼齢者,⽔産振興課,,,⻑期の﨑,\u{FA1B}祉と\u{2F80F}と⺅,,,,,⾼",
        &[
            "W502 5行目 D列: 「⾼」（U+2FBC、通常は「高」）「⽤」（U+2F64、通常は「用」）は、通常の漢字ではありません",
            "W502 5行目 E列: 「⽔」（U+2F54）は、通常の漢字「水」（U+6C34）ではありません",
            "W502 5行目 H列: 「⻑」（U+2ED1）は、通常の漢字「長」（U+9577）ではありません",
            "W502 5行目 I列: 「\u{FA1B}」（U+FA1B、通常は「福」）「\u{2F80F}」（U+2F80F、通常は「兔」）「⺅」（U+2E85、部首の記号）は、通常の漢字ではありません",
        ],
    );
    let findings = check(&read("事業,P001,1,⽤具,水産振興課,,,目的"), &settings());
    let finding = findings.iter().next().unwrap();
    assert!(finding.help().ends_with("「用」に置き換えてください。"));
    let excerpt = finding.place.clone().unwrap().excerpt.unwrap();
    assert_eq!(&excerpt.text[excerpt.span], "⽤");
    check_findings(
        "事業,P001,1,⼀⼁⼂⼃⼄⼅⼆⼇⼈⼀,水産振興課,,,⺅の印",
        &[
            "W502 5行目 D列: 「⼀」（U+2F00、通常は「一」）「⼁」（U+2F01、通常は「丨」）「⼂」（U+2F02、通常は「丶」）「⼃」（U+2F03、通常は「丿」）「⼄」（U+2F04、通常は「乙」）「⼅」（U+2F05、通常は「亅」）「⼆」（U+2F06、通常は「二」）「⼇」（U+2F07、通常は「亠」）など9字は、通常の漢字ではありません",
            "W502 5行目 H列: 「⺅」（U+2E85）は、通常の漢字ではなく、部首の記号です",
        ],
    );
}

/// One cell, one warning: of a character that only looks like a kanji nobody is told twice,
/// and no other that the fonts lack is passed over for it.
#[test]
fn a_lookalike_is_not_also_called_missing() {
    let none = |_: Sign| false;
    for (name, expected) in [
        ("⾼⽤⼀⾼", vec![]),
        ("\u{FA1B}祉", vec!["「祉」（U+7949）"]),
        ("⺅と﨑", vec!["「と」（U+3068）", "「﨑」（U+FA11）"]),
        ("⻑\u{E0100}", vec![]),
    ] {
        let master = read(&format!("事業,P001,1,{name},,,,,"));
        let cell = |finding: &&Finding| {
            let place = finding.place.as_ref().unwrap();
            place.line == Some(5) && place.column.map(column_letters).as_deref() == Some("D")
        };
        let found = glyphs(&master.source, &Coverage { covers: &none, fallback: None });
        let found: Vec<String> = found.iter().filter(cell).map(Finding::message).collect();
        let expected: Vec<String> =
            expected.iter().map(|what| format!("{what}は、使う書体にありません")).collect();
        assert_eq!(found, expected, "{name}");
        let named = check(&master, &settings());
        assert_eq!(named.iter().filter(|finding| finding.code() == "W502").count(), 1, "{name}");
    }
}

/// W229 IDが示す属する先と、行の位置が合わない。
#[test]
fn w229_belongs_elsewhere() {
    // The row of P002 was deleted; P003-1 was moved.
    check_findings(
        "KPI,G1-A-1-K1,①,件数,,,,,,4年で50%
         KPI,G1-B-1-K1,②,件数,,,,,,4年で50%
         事業,P001,1,漁業,水産振興課
         事業量,P001-1,,件数
         事業量,P001-2,,件数
         事業量,P002-1,,件数
         事業量,P002-2,,件数
         事業,P003,2,林業,農林課
         事業,P004,3,農業,農林課
         事業量,P003-1,,件数
         事業量,P004-1,,件数",
        &[
            "W229 6行目 B列: 「KPI」のID「G1-B-1-K1」は、上にある「施策」の「G1-A-1」のものではないようです",
            "W229 10行目 B列: 「事業量」のID「P002-1」は、上にある「事業」の「P001」のものではないようです（続く1行も同じ）",
            "W229 14行目 B列: 「事業量」のID「P003-1」は、上にある「事業」の「P004」のものではないようです",
        ],
    );
    let rows = "事業,P001,1,漁業,水産振興課,,,目的\n事業量,P001-1,,件数\n事業,P010,2,林業,農林課,,,目的\n事業量,P001-2,,件数";
    let findings = check(&read(rows), &settings());
    let help = findings.iter().next().unwrap().help();
    assert!(help.starts_with("IDからは「P001」（5行目）のもののようです。"), "{help}");
}

#[test]
fn fields_and_measures_say_where_they_belong() {
    let text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考\n\
        基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n施策,G1-B-1,①,観光\n\
        基本目標,G3,3,暮らし\n数値目標,G2-T1,①,人口,,,,,,4年で50%\n数値目標,G3-T1,①,人口,,,,,,4年で50%\n\
        分野,G2-A,ア,医療\n分野,G3-A,ア,自治";
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{findings:?}");
    let found: Vec<String> = shown(&check(&master.unwrap(), &settings()))
        .iter()
        .map(|one| one.chars().take(8).collect())
        .collect();
    assert_eq!(found, ["W229 5行目", "W229 7行目", "W229 9行目"]);
}

/// A plan whose IDs say nothing is not asked about any.
#[test]
fn free_ids_are_free() {
    check_findings(
        "KPI,K1,①,件数,,,,,,4年で50%
         KPI,K2,②,件数,,,,,,4年で50%
         事業,P1,1,漁業,水産振興課
         事業量,Q1,,件数
         事業量,Q2,,件数
         事業,P10,2,農業,農林課
         事業量,P10-1,,件数",
        &[],
    );
}

#[test]
fn w102_invisible_character() {
    check_findings(
        "事業,P001,1,漁\u{B}業,水産振興課,,,目的\u{200B}
         事業量,P001-1,,件\u{200B}数,,,,,,,,\u{FEFF}5件,6件
         事業量,P001-2,,\"件数
          の二行目\",,,,,,,,5件,6件",
        &[
            "W102 5行目 D列: 見えない文字（U+000B）が入っています",
            "W102 5行目 H列: 見えない文字（U+200B）が入っています（ほか1個のセルにも）",
            "W102 6行目 L列: 見えない文字（U+FEFF）が入っています",
        ],
    );
}

#[test]
fn w230_written_wide() {
    check_findings(
        "ＫＰＩ,Ｇ１-A-1-K1,①,件数,,,,,,4年で50%
         事業,Ｐ００１,1,漁業,水産振興課
         施策,G1-A-2,②,需給
         再　掲,,,,,,Ｐ００１",
        &[
            "W230 5行目 B列: ID「Ｇ１-A-1-K1」は、「G1-A-1-K1」と読みます（ほか1個のセルにも）",
            "W230 5行目 A列: 種別「ＫＰＩ」は、「KPI」と読みます（ほか1個のセルにも）",
            "W230 8行目 G列: 再掲元「Ｐ００１」は、「P001」と読みます",
        ],
    );
}

#[test]
fn w309_look_alike_dash() {
    check_findings(
        "事業,P001,1,20ー39歳の事業,水産振興課,,,サーモン5ーズ
         事業量,P001-1,,件数,,,,,,,,ー,—
         事業量,P001-2,,件数,,,,,,,,─,－
         事業量,P001-3,,件数,,,,,,,,‐,-
         事業量,P001-4,,件数,,,,,,,,5件,一",
        &[
            "W309 5行目 D列: 「ー」（長音記号）は「—」や「-」ではありません（ほか1個のセルにも）",
            "W309 7行目 L列: 「─」（罫線）は「—」や「-」ではありません",
            "W309 8行目 L列: 「‐」（ハイフン）は「—」や「-」ではありません",
            "W308 9行目 M列: 「一」は数値ではなく、文字として印刷します",
            "W309 9行目 M列: 「一」（漢数字の一）は「—」や「-」ではありません",
        ],
    );
}

/// W324 数値の範囲に、半角の「~」が使われている。
#[test]
fn w324_half_width_tilde() {
    check_findings(
        "事業,P001,1,20~39歳の事業,水産振興課,,,20歳~39歳,令和3年度~R7,4月～6月
         事業,P002,2,事業,水産振興課,,,約~程度,https://example.jp/20/~a1,20〜39",
        &["W324 5行目 D列: 数値の範囲に、半角の「~」が使われています（ほか2個のセルにも）"],
    );
}

/// W325 かっこの始まりと終わりで、全角と半角が違う。
#[test]
fn w325_brackets_unpaired() {
    check_findings(
        "事業,P001,1,事業（仮称),水産振興課,,,(新規）を含む,内容（全角）と(半角)
         事業,P002,2,1）2（仮称）,水産振興課,,,（新規（一部）を含む）",
        &["W325 5行目 D列: かっこの始まりと終わりで、全角と半角が違います（「（仮称)」）"],
    );
}

/// W326 1つの行に、全角のかっこと半角のかっこがある。備考は印刷されない。
#[test]
fn w326_brackets_mixed() {
    check_findings(
        "事業,P001,1,事業(仮称),水産振興課,,,目的（新規）
         事業,P002,2,事業(一),水産振興課,,,目的(二)
         事業,P003,3,事業（三）,水産振興課,,,目的,,,,,,(四)",
        &["W326 5行目 D列: この行に、全角のかっこ「（新規）」と半角のかっこ「(仮称)」があります"],
    );
}

// ── A spreadsheet has been here ──────────────────────────────────────────────

/// What the rule says of `rows`, and of `rows` after another master.
fn spreadsheet_says(rows: &str, former: &[(&str, &str)]) -> Vec<String> {
    let former: Vec<Former> = former
        .iter()
        .map(|(name, rows)| Former { name: (*name).to_owned(), plan: read(rows).plan })
        .collect();
    let mut found = spreadsheet(&read(rows), &former);
    found.retain(|one| one.code() == "W310");
    shown(&found)
}

const ONE: &str = "事業,P001,1,漁業,水産振興課,,,目的\n事業量,P001-1,,率,,,,,,,,55.4%,\"1,622人\",\n";

/// W310 表計算ソフトが書き換えたと思われるセルがある。
#[test]
fn w310_changed_by_spreadsheet() {
    let says = |cells: &str| {
        let count = cells.matches('「').count() - cells.matches("（前は").count();
        vec![format!("W310 6行目 L列: 表計算ソフトが書き換えたと思われるセルが{count}個あります（{cells}）")]
    };
    for (now, cells) in [
        ("55.40%,1622", "L6「55.40%」（前は「55.4%」）、M6「1622」（前は「1,622人」）"),
        ("55%,\"1,622人\"", "L6「55%」（前は「55.4%」）"),
        ("0.554,\"1,622人\"", "L6「0.554」（前は「55.4%」）"),
    ] {
        let rows = format!("事業,P001,1,漁業,水産振興課,,,目的\n事業量,P001-1,,率,,,,,,,,{now},\n");
        assert_eq!(spreadsheet_says(&rows, &[("backup/master_1.csv", ONE)]), says(cells));
        // What one of the former masters says as well is as it was.
        let both = [("backup/master_1.csv", ONE), ("archive/R4/master.csv", rows.as_str())];
        assert!(spreadsheet_says(&rows, &both).is_empty());
        let findings = spreadsheet(
            &read(&rows),
            &[Former { name: "backup/master_1.csv".to_owned(), plan: read(ONE).plan }],
        );
        assert!(findings.iter().next().unwrap().help().contains("「backup/master_1.csv」と見比べて"));
    }
    for now in ["55.4%,\"1,622人\"", "56.1%,\"1,623人\"", "55.4%,", "—,調査中"] {
        let rows = format!("事業,P001,1,漁業,水産振興課,,,目的\n事業量,P001-1,,率,,,,,,,,{now},\n");
        assert!(spreadsheet_says(&rows, &[("backup/master_1.csv", ONE)]).is_empty(), "{now}");
    }
}

#[test]
fn a_row_tells_of_a_spreadsheet_by_itself() {
    for (row, cells) in [
        ("4年で54.1%とし0.3ポイント向上,53.80%,55.40%,55.40%", "K5「53.80%」、L5「55.40%」、M5「55.40%」"),
        ("4年で50人,53.8%,55.40%,55.4%", "L5「55.40%」"),
        ("4年で54.1%とし0.3ポイント向上,54%,55%,55%", "K5「54%」、L5「55%」、M5「55%」"),
        ("4年で54.1%,53.8%,55%,100%", "L5「55%」"),
        ("4年で2.00%とし0.44ポイント向上,2.4%,2.2%,2.8%", "K5「2.4%」、L5「2.2%」、M5「2.8%」"),
        ("4年で50%とし10.7ポイント向上,39%,16%,28%", "K5「39%」、L5「16%」、M5「28%」"),
        ("4年で50%,53.82%,55.4%,55.41%", "L5「55.4%」"),
        ("4年で50人,\"1,665人\",1622,\"1,959人\"", "L5「1622」"),
        ("4年で50人,\"1,665人\",1622人,\"1,959人\"", "L5「1622人」"),
        ("4年で50%,53.8%,0.554,55.4%", "L5「0.554」"),
        ("4年で50億円,146.10億円,146.1億円,150.25億円", "L5「146.1億円」"),
    ] {
        let found = spreadsheet_says(&format!("KPI,G1-A-1-K1,①,率,,,,,,{row},"), &[]);
        assert!(found.len() == 1 && found[0].ends_with(&format!("（{cells}）")), "{row}: {found:?}");
    }
    for row in [
        "4年で54.1%とし0.3ポイント向上,53.8%,55.4%,55.4%",
        "4年で54.15%,53.80%,55.40%,55.40%",
        "4年で50%とし10.7ポイント向上,39.3%,16.0%,28.3%",
        "4年で50%,53.8%,55.43%,55.4%",
        "4年で50億円,326.6,146.00億円,176.10億円",
        "4年で50ha,,320ha,326.6ha",
        "4年で50人,1959人,1962人,1970人",
        "4年で50人,999人,\"1,962人\",\"1,970人\"",
        // Round figures are written round.
        "4年で50人,98.5%,99.2%,100%",
        "4年で50人,12.5%,10.0%,0%",
        "4年で50億円,8.5億円,9.5億円,10億円",
        "4年で3倍,1.5倍,2.5倍,2倍",
        "4年で80%,75%,76.5%,78.2%",
        "4年で10%,8.50%,9.50%,9.20%",
        "5年で30.0%,25.10%,26.20%,27.30%",
        "4年で50%,53.8%,55%,55.4%",
        "4年で99.5%,98.5%,99.2%,100%",
        // A comma that became a point is asked about by another rule, and the right cell is
        // not accused.
        "4年で50人,\"1,622人\",2.070人,1.959人",
    ] {
        assert!(spreadsheet_says(&format!("KPI,G1-A-1-K1,①,率,,,,,,{row},"), &[]).is_empty(), "{row}");
    }
}

#[test]
fn ids_that_became_dates_or_numbers_are_named() {
    for (id, number) in [
        ("1月1日", "1"),
        ("2024/1/1", "1"),
        ("Jan-01", "1"),
        ("1-May", "1"),
        ("1.2E+05", "1"),
        ("P001", "1月2日"),
        ("P001", "2024年1月2日"),
    ] {
        let found = spreadsheet_says(&format!("事業,{id},{number},漁業,水産振興課,,,目的"), &[]);
        assert_eq!(found.len(), 1, "{id} {number}");
    }
    for (id, number) in [("P001", "37/38"), ("1-1", "40～41"), ("E1", "1/2"), ("G1-A-1-X", "-")] {
        let found = spreadsheet_says(&format!("事業,{id},{number},漁業,水産振興課,,,目的"), &[]);
        assert!(found.is_empty(), "{id} {number}: {found:?}");
    }
    let former = "事業,001,1,漁業,水産振興課,,,目的\n事業,010,2,漁業,水産振興課,,,目的";
    let found = spreadsheet_says(&former.replace("001", "1").replace("010", "10"), &[("R4", former)]);
    assert!(found[0].contains("B5「1」（前は「001」）、B6「10」（前は「010」）"), "{found:?}");
}

#[test]
fn w501_missing_glyph() {
    let master = read("事業,P001,1,𠮷野の漁業と𠮷田,水産振興課,,,\"目的\n髙\",,,,,,𠮷は印刷されない");
    let findings =
        glyphs(&master.source, &Coverage { covers: &|sign| !"𠮷髙".contains(sign.base), fallback: None });
    assert_eq!(
        shown(&findings),
        [
            "W501 5行目 D列: 「𠮷」（U+20BB7）は、使う書体にありません",
            "W501 5行目 H列: 「髙」（U+9AD9）は、使う書体にありません",
        ]
    );
    // A form that a selector asks for, of a character that the fonts have; of one that
    // they lack, the character itself is named.
    let master =
        read("事業,P001,1,葛\u{E0100}城と辻\u{E0101}と葛\u{E0100}と𠮷\u{E0100},水産振興課,,,葛,神\u{FE00}");
    let covers = |sign: Sign| sign.base != '𠮷' && sign.selector != Some('\u{E0100}');
    let has = |sign: Sign| sign.base == '葛';
    for (fallback, first) in
        [(None, "通常の形の「葛」で印刷されます"), (Some(("明朝", &has as _)), "代わりに明朝で")]
    {
        let found = glyphs(&master.source, &Coverage { covers: &covers, fallback });
        assert_eq!(
            shown(&found),
            [
                "W501 5行目 D列: 「葛\u{E0100}」（U+845B U+E0100）の字形は、使う書体にありません",
                "W501 5行目 D列: 「𠮷」（U+20BB7）は、使う書体にありません",
            ]
        );
        assert!(found.iter().next().unwrap().help().contains(first));
    }
    let excerpt = findings.iter().next().unwrap().place.clone().unwrap().excerpt.unwrap();
    assert_eq!(&excerpt.text[excerpt.span], "𠮷");
}
