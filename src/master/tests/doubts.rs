//! What is asked about or refused as the file of a master is read, by code.

use super::*;
use crate::settings::Settings;

const HEADER: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,R6,備考";
const ABOVE: &str = "基本目標,G1,1,産業\n分野,G1-A,ア,雇用\n施策,G1-A-1,①,担い手\n";

fn settings() -> Settings {
    let text = "[plan]\nid='p'\ncity='c'\noffice='o'\nname='n'\ntitle='t'\n\
        [departments]\norder=['水産振興課','ＩＴ推進課']\n[[departments.joint]]\nname='農業委員会・農林課'\nmembers=['農林課']";
    toml::from_str(text).unwrap()
}

fn found(text: &str) -> Vec<String> {
    let (_, findings) = read(text.as_bytes(), "master.csv", &settings());
    let one = |finding: &Finding| {
        let place = finding.place.clone().unwrap();
        let column = place.column.map(|at| format!(" {}列", crate::finding::column_letters(at)));
        let line = place.line.map(|line| format!(" {line}行目"));
        format!(
            "{}{}{}: {}",
            finding.code(),
            line.unwrap_or_default(),
            column.unwrap_or_default(),
            finding.message()
        )
    };
    findings.iter().map(one).collect()
}

fn found_in(row: &str) -> Vec<String> {
    found(&format!("{HEADER}\n{ABOVE}{row}\n"))
}

/// E231 and W226 name every pair of a row.
#[test]
fn every_parted_value_of_a_row_is_named() {
    let pair = |column: &str, before: &str, after: &str| {
        format!(
            "W226 5行目 {column}列: 「{before}」と「{after}」は、1つの値がカンマで2つのセルに分かれたもののように見えます"
        )
    };
    let kpi = |cells: &str| format!("KPI,G1-A-1-K1,①,人数,,,,,,{cells}");
    for (cells, expected) in [
        ("4年で50人,,1,622,2,070", vec![pair("L", "1", "622"), pair("N", "2", "070")]),
        ("4年で50人,,3,101,4,202", vec![pair("L", "3", "101"), pair("N", "4", "202")]),
        ("4年で50人,,1,070,,", vec![pair("L", "1", "070")]),
        ("4年で50人,,延べ49,381人,,", vec![pair("L", "延べ49", "381人")]),
        ("4年で50人,,△3,381人,,", vec![pair("L", "△3", "381人")]),
        ("4年で5千尾,,2,031千尾,2,207千尾", vec![pair("L", "2", "031千尾"), pair("N", "2", "207千尾")]),
        ("4年で1,665人増加,1622人,2070人,1959人,", vec![pair("J", "4年で1", "665人増加")]),
        ("4年で2,800人とし87人増加,1622人,2070人,,", vec![pair("J", "4年で2", "800人とし87人増加")]),
    ] {
        let found: Vec<String> =
            found_in(&kpi(cells)).into_iter().filter(|one| !one.contains("E301")).collect();
        assert_eq!(found, expected, "{cells}");
    }
    for cells in [
        "4年で50人,,98,112,105,120",
        "4年で50人,,1,622,,",
        "4年で50人,2,1,3,4",
        "4年で50人,120人,115人,118人,",
        "4年で50,120,115,118,",
        "4年で50人,,\"1\",\"070\",,",
    ] {
        assert_eq!(found_in(&kpi(cells)), [""; 0], "{cells}");
    }
    let long = found_in("事業量,P001-1,,尾数,,,,,,,,2,031千尾,2,207千尾,,");
    assert_eq!(long.iter().filter(|one| one.starts_with("E231")).count(), 2, "{long:?}");
}

/// E234 2つの版が合わさったままになっている。
#[test]
fn e234_merge_markers() {
    let rows = |mine: &str, theirs: &str| {
        format!("{HEADER}\n{ABOVE}<<<<<<< HEAD\n{mine}\n=======\n{theirs}\n>>>>>>> branch\n")
    };
    let expected =
        "E234 5行目: 2つの版が合わさっています（「<<<<<<< HEAD」の行があります）（7行目、9行目も同じ）";
    for (mine, theirs) in [
        ("事業,P001,1,漁業,水産振興課", "事業,P001,1,農業,水産振興課"),
        ("事業,P001,1,\"漁\n業\",水産振興課", "事業,P001,1,農業,水産振興課"),
        ("", ""),
    ] {
        let found = found(&rows(mine, theirs));
        assert_eq!(found.len(), 1, "{found:?}");
        if !mine.contains('\n') {
            assert_eq!(found, [expected]);
        }
    }
    let half = found(&format!("<<<<<<< ours,,\n{HEADER}\n=======\n{HEADER}\n>>>>>>> theirs\n{ABOVE}"));
    assert!(half.len() == 1 && half[0].starts_with("E234 1行目"), "{half:?}");
    // A ruler is none.
    assert!(!found(&format!("{HEADER}\n{ABOVE}=======\n")).iter().any(|one| one.contains("E234")));
}

/// A text as it looks when its bytes are read in another encoding.
fn misread(
    text: &str,
    written: &'static encoding_rs::Encoding,
    read: &'static encoding_rs::Encoding,
) -> String {
    let (bytes, _, failed) = written.encode(text);
    assert!(!failed);
    read.decode_without_bom_handling(&bytes).0.into_owned()
}

/// E235 文字化けしている。
#[test]
fn e235_mojibake() {
    use encoding_rs::{SHIFT_JIS, UTF_8, WINDOWS_1252};
    let text = format!("{HEADER}\n{ABOVE}事業,P001,1,漁業の振興,水産振興課,,,目的\n");
    for (written, read) in
        [(UTF_8, SHIFT_JIS), (SHIFT_JIS, WINDOWS_1252), (UTF_8, WINDOWS_1252), (SHIFT_JIS, UTF_8)]
    {
        let garbled = found(&misread(&text, written, read));
        assert!(garbled.len() == 1 && garbled[0].starts_with("E235"), "{written:?} {read:?}: {garbled:?}");
    }
    // A single cell, whose bytes happen to decode.
    for name in ["事業", "漁業の振興", "ねむろ", "北方領土・歴史"] {
        let cell = misread(name, UTF_8, SHIFT_JIS);
        let row = found_in(&format!("事業,P001,1,{cell},水産振興課,,,目的"));
        assert!(
            row.len() == 1 && row[0].starts_with("E235 5行目 D列: 文字化けしています"),
            "{name}: {row:?}"
        );
    }
    let (_, findings) = read(
        format!("{HEADER}\n{ABOVE}事業,P001,1,{},水産振興課,,,目的\n", misread("漁業", UTF_8, SHIFT_JIS))
            .as_bytes(),
        "master.csv",
        &settings(),
    );
    assert!(findings.iter().next().unwrap().help().contains("「漁業」"));
    // As bytes: a cell of UTF-8 within a file of CP932.
    let mut bytes = Encoding::Cp932.encode(&format!("{HEADER}\n{ABOVE}事業,P001,1,")).unwrap();
    bytes.extend("漁業の振興".as_bytes());
    bytes.extend(Encoding::Cp932.encode(",水産振興課,,,目的\n").unwrap());
    let (_, findings) = read(&bytes, "master.csv", &settings());
    assert!(findings.iter().any(|one| matches!(one.code(), "E235" | "E103")), "{findings:?}");
    for name in ["Café", "縺れ", "ｶﾞｲﾄﾞ", "ﾃｽﾄ", "Ü・é・à", "㎡と①", "𠮷野"] {
        let row = found_in(&format!("事業,P001,1,{name},水産振興課,,,目的"));
        assert_eq!(row, [""; 0], "{name}");
    }
}

/// One misspelt heading is one finding, and the rows are read all the same.
#[test]
fn a_misspelt_heading_is_said_once() {
    let rows = "事業,P001,1,漁業,水産振興課,,,目的,内容,,,,,,,\n事業量,P001-1,,件数,,,,,,,,5件,6件,,,\n\
        KPI,G1-A-1-K1,①,件数,,,,,,4年で5件,,5件,6件,,,\n";
    for (heading, wrong, code) in [
        ("種別", "種類", "E213"),
        ("ID", "No", "E213"),
        ("ID", "No.", "E213"),
        ("名称", "項目", "E213"),
        ("担当課", "所管課", "E213"),
        ("目標", "目標値", "E213"),
        ("目的", "もくてき", "E212"),
        ("名称", "タイトル", "E212"),
        ("番号", "並び", "E212"),
        ("種別", "行の形", "E212"),
    ] {
        let header = HEADER.replacen(heading, wrong, 1);
        let found = found(&format!(
            "{header}\n{ABOVE}{}",
            rows.replace("KPI", "数値目標").replace("数値目標", "KPI")
        ));
        let found: Vec<&String> =
            found.iter().filter(|one| !one.contains("E223") && !one.starts_with("W211")).collect();
        assert!(found.len() == 1 && found[0].starts_with(code), "{wrong}: {found:?}");
    }
}

/// E219 年度のようだが年度として読めない見出しがある。
#[test]
fn headings_that_mean_a_year_are_refused() {
    for wrong in ["R四", "R.4", "Apr-22", "実績", "４年目の値", "令和四年度", "結果"] {
        let header = HEADER.replacen("R4", wrong, 1);
        let row = "事業,P001,1,漁業,水産振興課,,,目的\n事業量,P001-1,,件数,,,,,,,,5件,6件,,,";
        let found = found(&format!("{header}\n{ABOVE}{row}\n"));
        assert!(found.len() == 1 && found[0].starts_with("E219 1行目 M列"), "{wrong}: {found:?}");
    }
    // A column of notes is one, wherever it stands.
    for (heading, cell) in [("メモ", "確認済"), ("確認者", "山田"), ("根室", "")] {
        let header = HEADER.replacen("R4", heading, 1);
        let row = format!("事業,P001,1,漁業,水産振興課,,,目的\n事業量,P001-1,,件数,,,,,,,,5件,{cell},,,");
        let found = found(&format!("{header}\n{ABOVE}{row}\n"));
        assert!(!found.iter().any(|one| one.starts_with("E219")), "{heading}: {found:?}");
    }
}

/// A department is compared as IDs and words are, and is who `plan.toml` says.
#[test]
fn departments_are_known_in_whatever_width() {
    for (written, known) in [
        ("水産 振興課", "水産振興課"),
        ("水産振興課\u{200B}", "水産振興課"),
        ("IT推進課", "ＩＴ推進課"),
        ("農業委員会･農林課", "農業委員会・農林課"),
    ] {
        let text = format!("{HEADER}\n{ABOVE}事業,P001,1,漁業,{written},,,目的\n");
        let (master, findings) = read(text.as_bytes(), "master.csv", &settings());
        assert!(findings.is_empty(), "{written}: {findings:?}");
        let master = master.unwrap();
        assert_eq!(master.plan.projects().next().unwrap().department, known);
        assert_eq!(master.source.rewrite(&[]).unwrap(), text.as_bytes());
    }
    let found = found_in("事業,P001,1,漁業,水産進行課,,,目的");
    assert!(found[0].starts_with("W224"), "{found:?}");
}
