//! Each test is named after the code of its rule.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::finding::column_letters;
use crate::master;
use crate::sign::Sign;

fn settings() -> Settings {
    let text = "[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'\n\
        [departments]\norder=['水産振興課','農林課']\noutside=['民間等']";
    toml::from_str(text).unwrap()
}

/// Reads `rows` under a goal, a field and a measure (lines 2 to 4) of a master
/// without errors.
fn read(rows: &str) -> Master {
    let rows: Vec<&str> = rows.lines().map(str::trim).collect();
    let text = format!(
        "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考\n\
         基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n{}\n",
        rows.join("\n")
    );
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{findings:?}");
    master.unwrap()
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
    assert_eq!(shown(&check(&read(rows), &settings())), expected, "{rows}");
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
            "W301 5行目 M列: 令和4年度の実績が1件空のままです（農林課）",
            "W301 7行目 M列: 令和4年度の実績が1件空のままです（水産振興課）",
        ],
    );
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
         KPI,K2,②,尾数,,,,,,4年で750匹,900匹,5.1万匹,62千匹
         KPI,K3,③,人数,,,,,,4年で750人,900人,5件,62人",
        &[
            "W306 5行目 K列: 単位がありません（同じ行の他の値は「億円」）",
            "W306 7行目 L列: 単位「件」が、同じ行の他の値の「人」と違います",
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
            "W302 5行目 J列: 目標「+15人の増加」を読み取れません（知らない形の文です）",
            "W340 5行目 D列: 「=」で始まる文は、CSVをExcelで開くと数式として扱われます（「=SUM(A1:A9)」）",
            "W340 5行目 J列: 「+」で始まる文は、CSVをExcelで開くと数式として扱われます（「+15人の増加」）",
            "W340 6行目 D列: 「@」で始まる文は、CSVをExcelで開くと数式として扱われます（「@漁業」）",
            "W340 6行目 H列: 「-」で始まる文は、CSVをExcelで開くと数式として扱われます（「- 資源の増大」）",
            "W340 6行目 N列: 「=」で始まる文は、CSVをExcelで開くと数式として扱われます（「=備考」）",
        ],
    );
}

/// ⾼ is no 高, and a department written with it is another department.
#[test]
fn w502_no_ordinary_kanji() {
    check_findings(
        "事業,P001,1,⾼齢者の⽤具と⾼齢者,⽔産振興課,,,⻑期の﨑,\u{FA1B}祉と\u{2F80F}と⺅,,,,,⾼",
        &[
            "W502 5行目 D列: 「⾼」（U+2FBC）は、ふつうの漢字「高」（U+9AD8）ではありません",
            "W502 5行目 D列: 「⽤」（U+2F64）は、ふつうの漢字「用」（U+7528）ではありません",
            "W502 5行目 E列: 「⽔」（U+2F54）は、ふつうの漢字「水」（U+6C34）ではありません",
            "W502 5行目 H列: 「⻑」（U+2ED1）は、ふつうの漢字「長」（U+9577）ではありません",
            "W502 5行目 I列: 「\u{FA1B}」（U+FA1B）は、ふつうの漢字「福」（U+798F）ではありません",
            "W502 5行目 I列: 「\u{2F80F}」（U+2F80F）は、ふつうの漢字「兔」（U+5154）ではありません",
            "W502 5行目 I列: 「⺅」（U+2E85）は、ふつうの漢字ではなく、部首の記号です",
        ],
    );
    let findings = check(&read("事業,P001,1,⽤具,水産振興課"), &settings());
    let finding = findings.iter().next().unwrap();
    assert!(finding.help().ends_with("「用」に置き換えてください。"));
    let excerpt = finding.place.clone().unwrap().excerpt.unwrap();
    assert_eq!(&excerpt.text[excerpt.span], "⽤");
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
        [(None, "ふつうの形の「葛」で印刷されます"), (Some(("明朝", &has as _)), "代わりに明朝で")]
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
